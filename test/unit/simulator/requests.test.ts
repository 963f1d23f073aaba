import { describe, expect, it } from 'vitest';
import { type CallOptions, clonePath } from '../../support/client.ts';
import { refusal, useVcenter } from '../../support/vcenter-fixture.ts';

const start = useVcenter();

const badRequests: readonly (readonly [string, string, string, CallOptions, number, string, string])[] = [
  [
    'an unknown URL',
    'GET',
    '/api/vcenter/nothing',
    {},
    404,
    'NOT_FOUND',
    'com.vmware.vapi.rest.httpNotFound',
  ],
  ['an old URL', 'GET', '/rest/vcenter/vm', {}, 404, 'NOT_FOUND', 'com.vmware.vapi.rest.httpNotFound'],
  [
    'a method that a URL lacks',
    'PUT',
    '/api/vcenter/vm',
    {},
    404,
    'NOT_FOUND',
    'com.vmware.vapi.rest.operationsForUrlNotFound',
  ],
  [
    'an unknown query parameter',
    'GET',
    '/api/vcenter/vm?filter.names=a',
    {},
    400,
    'UNEXPECTED_INPUT',
    'vapi.data.structure.field.unexpected',
  ],
  [
    'a spec in a wrapper',
    'POST',
    clonePath,
    { body: { spec: { source: 'vm-42', name: 'a' } } },
    400,
    'UNEXPECTED_INPUT',
    'vapi.data.structure.field.unexpected',
  ],
  [
    'an unknown field further down',
    'POST',
    clonePath,
    { body: { source: 'vm-42', name: 'a', placement: { datacenter: 'datacenter-2' } } },
    400,
    'UNEXPECTED_INPUT',
    'vapi.data.structure.field.unexpected',
  ],
  [
    'a missing field',
    'POST',
    clonePath,
    { body: { source: 'vm-42' } },
    400,
    'INVALID_ARGUMENT',
    'vapi.data.structure.field.missing',
  ],
  [
    'a wrong type',
    'POST',
    clonePath,
    { body: { source: 'vm-42', name: 'a', power_on: 'true' } },
    400,
    'INVALID_ARGUMENT',
    'vapi.data.validate.mismatch',
  ],
  [
    'a list of pairs for a map',
    'POST',
    clonePath,
    { body: { source: 'vm-42', name: 'a', disks_to_update: [{ key: '2000', value: {} }] } },
    400,
    'INVALID_ARGUMENT',
    'vapi.data.validate.mismatch',
  ],
  [
    'an unknown enumeration value',
    'GET',
    '/api/vcenter/folder?type=VM',
    {},
    400,
    'INVALID_ARGUMENT',
    'vapi.data.validate.enum',
  ],
  [
    'a word for a boolean',
    'GET',
    '/api/vcenter/host?standalone=yes',
    {},
    400,
    'INVALID_ARGUMENT',
    'vapi.data.validate.mismatch',
  ],
  ['no body', 'POST', clonePath, {}, 400, 'INVALID_ARGUMENT', 'vapi.data.body.missing'],
  [
    'broken JSON',
    'POST',
    clonePath,
    { rawBody: '{' },
    400,
    'INVALID_REQUEST',
    'com.vmware.vapi.rest.badJson',
  ],
  [
    'another content type',
    'POST',
    clonePath,
    { rawBody: '{"source":"vm-42","name":"a"}', headers: { 'content-type': 'text/plain' } },
    400,
    'INVALID_REQUEST',
    'com.vmware.vapi.rest.unsupportedMediaType',
  ],
  [
    'a task filter without tasks and services',
    'POST',
    '/api/cis/tasks?action=list',
    { body: { filter_spec: { status: ['RUNNING'] } } },
    400,
    'INVALID_ARGUMENT',
    'com.vmware.api.cis.tasks.filter',
  ],
];

describe('requests that do not fit', () => {
  it.each(badRequests)('%s', async (...[, method, path, options, status, errorType, id]) => {
    const { vcenter, client } = await start();
    const reply = await client.call(method, path, options);
    expect(reply.status).toBe(status);
    expect(refusal(reply.body)).toEqual({ errorType, id });
    expect(reply.body).toMatchObject({
      messages: [{ default_message: expect.any(String), args: expect.any(Array) }],
    });
    expect(vcenter.tasks()).toEqual([]);
  });

  it('null for an optional field is unset for a 9.1 server and refused by a 7.0.3 server', async () => {
    const { vcenter, client } = await start();
    const body = { source: 'vm-42', name: 'a', placement: null, disks_to_remove: null };
    expect((await client.clone(body)).status).toBe(400);
    vcenter.behaviour.serverVersion = '9.1';
    expect((await client.clone(body)).status).toBe(202);
  });

  it('a 6.7 server does not know vmw-task', async () => {
    const { client } = await start({ behaviour: { serverVersion: '6.7' } });
    const reply = await client.clone({ source: 'vm-42', name: 'a' });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain("Found unexpected fields [vmw-task] in structure 'operation-input'");
  });
});

const refusedSpecs: readonly (readonly [string, object, number, string])[] = [
  ['a template as source', { source: 'vm-44' }, 404, 'NOT_FOUND'],
  ['an empty source', { source: '' }, 404, 'NOT_FOUND'],
  ['an empty folder', { placement: { folder: '' } }, 404, 'NOT_FOUND'],
  ['an unknown datastore', { placement: { datastore: 'datastore-9' } }, 404, 'NOT_FOUND'],
  ['an unknown disk', { disks_to_remove: ['2009'] }, 404, 'NOT_FOUND'],
  ['an unknown customization', { guest_customization_spec: { name: 'x' } }, 404, 'NOT_FOUND'],
  ['an empty name', { name: '' }, 400, 'INVALID_ARGUMENT'],
  ['a name of 81 characters', { name: 'x'.repeat(81) }, 400, 'INVALID_ARGUMENT'],
  ['a folder of another type', { placement: { folder: 'group-s5' } }, 400, 'INVALID_ARGUMENT'],
  ['a pool alone without DRS', { placement: { resource_pool: 'resgroup-14' } }, 400, 'INVALID_ARGUMENT'],
  ['a cluster alone without DRS', { placement: { cluster: 'domain-c12' } }, 400, 'INVALID_ARGUMENT'],
  [
    'a host of another cluster',
    { placement: { cluster: 'domain-c7', host: 'host-13' } },
    400,
    'INVALID_ARGUMENT',
  ],
  [
    'a pool of another host',
    { placement: { host: 'host-13', resource_pool: 'resgroup-31' } },
    400,
    'INVALID_ARGUMENT',
  ],
  [
    'a pool of another cluster',
    { placement: { cluster: 'domain-c7', resource_pool: 'resgroup-14' } },
    400,
    'INVALID_ARGUMENT',
  ],
  ['another datacenter', { placement: { datastore: 'datastore-115' } }, 400, 'INVALID_ARGUMENT'],
  [
    'a disk in both lists',
    { disks_to_remove: ['2001'], disks_to_update: { 2001: { datastore: 'datastore-15' } } },
    400,
    'INVALID_ARGUMENT',
  ],
  ['a disk update without datastore', { disks_to_update: { 2001: {} } }, 400, 'INVALID_ARGUMENT'],
  ['a taken name', { name: 'windows-2025' }, 400, 'ALREADY_EXISTS'],
  ['the name of a template', { name: 'golden-template' }, 400, 'ALREADY_EXISTS'],
];

describe('clone specs that cannot be carried out', () => {
  it.each(refusedSpecs)('%s', async (_, change, status, errorType) => {
    const { vcenter, client } = await start({ seed: 'two-datacenters' });
    const spec = { source: 'vm-42', name: 'a', ...change };
    const atOnce = await client.clone(spec);
    expect({ status: atOnce.status, ...refusal(atOnce.body) }).toMatchObject({ status, errorType });
    expect(vcenter.tasks()).toEqual([]);

    vcenter.behaviour.postChecks = 'task';
    vcenter.behaviour.cloneDuration = 0;
    const later = await client.clone(spec);
    expect(later.status).toBe(202);
    expect(await client.taskEnd(later.body)).toMatchObject({
      status: 'FAILED',
      error: { error_type: errorType },
    });
    expect(vcenter.vms().filter((vm) => vm.name === 'a')).toEqual([]);
  });

  it.each([
    ['VirtualMachine.Provisioning.Clone', 'vm-42'],
    ['VirtualMachine.Inventory.CreateFromExisting', 'group-v22'],
    ['Resource.AssignVMToPool', 'resgroup-8'],
    ['Datastore.AllocateSpace', 'datastore-16'],
    ['Datastore.AllocateSpace', 'datacenter-2'],
  ])('without %s on %s', async (privilege, object) => {
    const { vcenter, client } = await start();
    vcenter.behaviour.deny = [{ privilege, object }];
    const reply = await client.clone({
      source: 'vm-42',
      name: 'a',
      disks_to_update: { 2001: { datastore: 'datastore-16' } },
    });
    expect(reply.status).toBe(403);
    expect(reply.text).toContain(privilege);
    vcenter.behaviour.deny = [{ privilege, object: 'group-v24' }];
    expect((await client.clone({ source: 'vm-42', name: 'a' })).status).toBe(202);
  });
});
