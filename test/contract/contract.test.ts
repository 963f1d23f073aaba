import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../simulator/operations.ts';
import { type Exchange, startVcenter, type Vcenter } from '../simulator/vcenter.ts';
import { type CallOptions, clonePath, createPlainClient, type PlainClient } from '../support/client.ts';
import { checkExchanges, loadVsphereSpec, type VsphereSpec } from './vsphere-spec.ts';

const file = process.env['VSPHERE_API_SPEC'];
if (!file) {
  console.log("VSPHERE_API_SPEC is not set: exchanges are not checked against VMware's description.");
}

const offVm = 'vm-42';
const onVm = 'vm-45';

/** Every list with each of its filters, and every read, as [path, status]. */
const reads: readonly (readonly [path: string, status: number])[] = [
  ['/api/session', 200],
  ['/api/vcenter/vm', 200],
  [
    `/api/vcenter/vm?vms=${offVm}&vms=${onVm}&names=ubuntu-24.04&folders=group-v22&datacenters=datacenter-2`,
    200,
  ],
  ['/api/vcenter/vm?hosts=host-9&clusters=domain-c7&resource_pools=resgroup-8&power_states=POWERED_ON', 200],
  ['/api/vcenter/vm?names=nobody', 200],
  [`/api/vcenter/vm/${offVm}`, 200],
  [`/api/vcenter/vm/${onVm}`, 200],
  ['/api/vcenter/vm/vm-44', 404],
  [`/api/vcenter/vm/${offVm}/power`, 200],
  [`/api/vcenter/vm/${onVm}/power`, 200],
  ['/api/vcenter/vm/vm-999/power', 404],
  [`/api/vcenter/vm/${offVm}/guest/power`, 200],
  [`/api/vcenter/vm/${onVm}/guest/power`, 200],
  [`/api/vcenter/vm/${onVm}/guest/identity`, 200],
  [`/api/vcenter/vm/${offVm}/guest/identity`, 503],
  ['/api/vcenter/vm/vm-999/guest/identity', 404],
  [`/api/vcenter/vm/${onVm}/guest/customization`, 200],
  ['/api/vcenter/vm/vm-999/guest/customization', 404],
  [`/api/vcenter/vm/${onVm}/guest/networking/interfaces`, 200],
  [`/api/vcenter/vm/${offVm}/guest/networking/interfaces`, 503],
  [`/api/vcenter/vm/${offVm}/tools`, 200],
  [`/api/vcenter/vm/${onVm}/tools`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/disk`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/disk/2001`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/disk/2009`, 404],
  [`/api/vcenter/vm/${offVm}/hardware/ethernet`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/ethernet/4000`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/ethernet/4009`, 404],
  ['/api/vcenter/datacenter?names=DC1&datacenters=datacenter-2&folders=group-d1', 200],
  ['/api/vcenter/datacenter/datacenter-2', 200],
  ['/api/vcenter/datacenter/datacenter-9', 404],
  ['/api/vcenter/folder?type=VIRTUAL_MACHINE&names=ci&parent_folders=group-v3&datacenters=datacenter-2', 200],
  ['/api/vcenter/folder?folders=group-v21', 200],
  ['/api/vcenter/cluster?names=cluster-a&clusters=domain-c7&folders=group-h4&datacenters=datacenter-2', 200],
  ['/api/vcenter/cluster/domain-c7', 200],
  ['/api/vcenter/cluster/domain-c9', 404],
  ['/api/vcenter/host?standalone=false&clusters=domain-c7&connection_states=CONNECTED', 200],
  [
    '/api/vcenter/host?hosts=host-9&names=esxi-01.example.test&folders=group-h4&datacenters=datacenter-2',
    200,
  ],
  ['/api/vcenter/resource-pool?names=ci-pool&parent_resource_pools=resgroup-8&datacenters=datacenter-2', 200],
  ['/api/vcenter/resource-pool?resource_pools=resgroup-31&hosts=host-9&clusters=domain-c7', 200],
  ['/api/vcenter/resource-pool/resgroup-8', 200],
  ['/api/vcenter/resource-pool/resgroup-9', 404],
  ['/api/vcenter/datastore?types=VMFS&names=fast&datastores=datastore-15', 200],
  ['/api/vcenter/datastore?folders=group-s5&datacenters=datacenter-2', 200],
  ['/api/vcenter/network?types=STANDARD_PORTGROUP&names=VM%20Network&networks=network-17', 200],
  ['/api/vcenter/network?folders=group-n6&datacenters=datacenter-2', 200],
  ['/api/vcenter/guest/customization-specs?names=linux-dhcp&OS_type=LINUX', 200],
  ['/api/cis/tasks/nothing', 404],
];

/** Clone specs that are refused, as [what, fields that are not as in the good one, status]. */
const refusedClones: readonly (readonly [what: string, change: object, status: number])[] = [
  ['a template', { source: 'vm-44' }, 404],
  ['an empty id', { source: '' }, 404],
  ['a taken name', { name: 'ubuntu-24.04', placement: { folder: 'group-v22' } }, 400],
  ['a long name', { name: 'x'.repeat(81) }, 400],
  ['a cluster without DRS', { placement: { cluster: 'domain-c12' } }, 400],
  ['a pool without DRS', { placement: { resource_pool: 'resgroup-14' } }, 400],
  ['a host of another cluster', { placement: { cluster: 'domain-c7', host: 'host-13' } }, 400],
  ['a folder for hosts', { placement: { folder: 'group-h4' } }, 400],
  ['two datacenters', { placement: { folder: 'group-v123' } }, 400],
  [
    'a disk in both lists',
    { disks_to_remove: ['2001'], disks_to_update: { 2001: { datastore: 'datastore-15' } } },
    400,
  ],
  ['an unknown disk', { disks_to_remove: ['2009'] }, 404],
  ['an unknown datastore', { placement: { datastore: 'datastore-9' } }, 404],
  ['an unknown customization', { guest_customization_spec: { name: 'nothing' } }, 404],
];

/** Requests that no client may send, as [what, method, path, options, status]. */
const badRequests: readonly (readonly [string, string, string, CallOptions, number])[] = [
  ['an unknown filter', 'GET', '/api/vcenter/cluster?filter.names=a', {}, 400],
  ['an unknown enumeration value', 'GET', '/api/vcenter/vm?power_states=ON', {}, 400],
  ['a word for a boolean', 'GET', '/api/vcenter/host?standalone=yes', {}, 400],
  ['two values for one', 'GET', '/api/vcenter/folder?type=HOST&type=NETWORK', {}, 400],
  ['an empty filter', 'GET', '/api/vcenter/vm?names=', {}, 200],
  ['a wrapped spec', 'POST', clonePath, { body: { spec: { source: offVm, name: 'a' } } }, 400],
  ['a missing name', 'POST', clonePath, { body: { source: offVm } }, 400],
  ['a text for a boolean', 'POST', clonePath, { body: { source: offVm, name: 'a', power_on: 'true' } }, 400],
  ['null', 'POST', clonePath, { body: { source: offVm, name: 'a', placement: null } }, 400],
  ['broken JSON', 'POST', clonePath, { rawBody: '{"source":' }, 400],
  ['a form', 'POST', clonePath, { rawBody: 'a=b', headers: { 'content-type': 'text/plain' } }, 400],
  [
    'a body for an action',
    'POST',
    `/api/vcenter/vm/${onVm}/power?action=reset`,
    { body: { force: true } },
    400,
  ],
];

describe.runIf(file)("the simulator against VMware's description", () => {
  let vcenter: Vcenter;
  let client: PlainClient;
  let spec: VsphereSpec;

  beforeAll(async () => {
    spec = loadVsphereSpec(String(file));
    vcenter = await startVcenter({
      seed: 'two-datacenters',
      behaviour: { cloneDuration: 20, toolsAfter: 0 },
    });
    client = createPlainClient(vcenter);
    await client.login();
  });

  afterAll(async () => {
    client.close();
    await vcenter.close();
  });

  /** Sends a request and returns its exchange. */
  async function exchanged(method: string, path: string, options?: CallOptions): Promise<Exchange> {
    const count = vcenter.exchanges.length;
    await client.call(method, path, options);
    const exchange = vcenter.exchanges[count];
    if (!exchange) throw new Error('The simulator saw nothing.');
    return exchange;
  }

  const judged = (exchange: Exchange) => ({ status: exchange.status, violations: spec.check(exchange) });

  it.each(reads)('GET %s answers %i as described', async (path, status) => {
    expect(judged(await exchanged('GET', path))).toEqual({ status, violations: [] });
  });

  it.each(refusedClones)('a clone with %s is refused as described', async (_, change, status) => {
    const body = { source: offVm, name: 'refused', ...change };
    expect(judged(await exchanged('POST', clonePath, { body }))).toEqual({ status, violations: [] });
  });

  it.each(badRequests)(
    '%s is a violation of the request, not of the answer',
    async (...[, method, path, options, status]) => {
      const { status: actual, violations } = judged(await exchanged(method, path, options));
      expect(actual).toBe(status);
      expect(violations).not.toEqual([]);
      expect(violations.filter((violation) => !violation.startsWith('request:'))).toEqual([]);
    },
  );

  it('a clone, its task, its list and its cancel are as described', async () => {
    const body = {
      source: offVm,
      name: 'described',
      placement: { folder: 'group-v23', resource_pool: 'resgroup-31', datastore: 'datastore-15' },
      disks_to_remove: ['2001'],
      disks_to_update: { 2000: { datastore: 'datastore-16' } },
      power_on: true,
      guest_customization_spec: { name: 'linux-dhcp' },
    };
    const first = vcenter.exchanges.length;
    const { body: task } = await client.clone(body);
    const info = await client.taskEnd(task);
    await client.call('POST', '/api/cis/tasks?action=list', {
      body: {
        filter_spec: {
          services: ['com.vmware.vcenter.VM'],
          status: ['SUCCEEDED'],
          operations: ['clone$task'],
        },
        result_spec: { exclude_result: true },
      },
    });
    await client.call('POST', '/api/cis/tasks?action=list', { body: { filter_spec: {} } });
    await client.call('POST', '/api/cis/tasks?action=list', {
      body: { filter_spec: { services: ['other'] } },
    });
    await client.call('POST', `/api/cis/tasks/${encodeURIComponent(String(task))}?action=cancel`);
    vcenter.behaviour.cancelTakes = 0;
    const { body: second } = await client.clone({ ...body, name: 'cancelled' });
    await client.call('POST', `/api/cis/tasks/${encodeURIComponent(String(second))}?action=cancel`);
    expect(await client.taskEnd(second)).toMatchObject({
      status: 'FAILED',
      error: { error_type: 'CANCELED' },
    });
    await client.call('POST', '/api/vcenter/vm?action=clone', {
      body: { source: offVm, name: 'synchronous' },
    });

    const seen = vcenter.exchanges.slice(first);
    expect(info).toMatchObject({ status: 'SUCCEEDED' });
    expect(seen.map(({ status }) => status)).toContain(204);
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('power, shutdown and delete are as described', async () => {
    const first = vcenter.exchanges.length;
    const power = `/api/vcenter/vm/${onVm}/power`;
    for (const action of [
      'start',
      'suspend',
      'suspend',
      'reset',
      'start',
      'reset',
      'stop',
      'stop',
      'start',
    ]) {
      await client.call('POST', `${power}?action=${action}`);
    }
    await client.call('DELETE', `/api/vcenter/vm/${onVm}`);
    vcenter.behaviour.shutdownTakes = 0;
    const shutdown = `/api/vcenter/vm/${onVm}/guest/power?action=shutdown`;
    vcenter.behaviour.toolsAfter = 10_000;
    await client.call('POST', shutdown);
    vcenter.behaviour.toolsAfter = 0;
    await client.call('POST', shutdown);
    await client.call('GET', power);
    await client.call('POST', shutdown);
    await client.call('DELETE', `/api/vcenter/vm/${onVm}`);
    await client.call('DELETE', `/api/vcenter/vm/${onVm}`);

    const seen = vcenter.exchanges.slice(first);
    const statuses = seen.map(({ status }) => status);
    expect(statuses).toEqual([
      400, 204, 400, 400, 204, 204, 204, 400, 204, 400, 503, 204, 200, 400, 204, 404,
    ]);
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('too long lists, missing privileges and missing sessions are as described', async () => {
    const first = vcenter.exchanges.length;
    const many = vcenter.addFolder({ name: 'many', parent: 'group-v103' });
    for (let count = 0; count <= 4000; count += 1) vcenter.addVm({ name: `many-${count}`, folder: many.id });
    await client.call('GET', `/api/vcenter/vm?folders=${many.id}`);
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Provisioning.Clone', object: offVm }];
    await client.clone({ source: offVm, name: 'denied' });
    vcenter.behaviour.sessionLimit = 1;
    await client.login();
    vcenter.behaviour.sessionLimit = 550;
    await client.login();
    await client.call('DELETE', '/api/session');
    for (const operation of ['GET /api/vcenter/vm', 'DELETE /api/session']) {
      const [method = '', path = ''] = operation.split(' ');
      await client.call(method, path);
    }
    await client.call('POST', `/api/vcenter/vm/${offVm}/guest/power?action=shutdown`);
    await client.call('POST', '/api/session', { headers: { authorization: 'Basic bm9ib2R5OngK' } });

    const seen = vcenter.exchanges.slice(first);
    expect(seen.map(({ status }) => status)).toEqual([500, 403, 503, 201, 204, 401, 401, 401, 401]);
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('every operation of the simulator is described, and was seen to succeed', () => {
    const succeeded = vcenter.exchanges.filter(({ status = 0 }) => status >= 200 && status < 300);
    const seen = new Set<string>(succeeded.map(({ operation }) => operation));
    for (const operation of Object.keys(operations)) {
      expect(spec.operations).toContain(operation);
      expect(seen).toContain(operation);
    }
  });

  it('the check fails where an exchange departs from the description', async () => {
    await client.login();
    const list = await exchanged('GET', '/api/vcenter/folder');
    const clone = await exchanged('POST', clonePath, { body: { source: 'vm-43', name: 'checked' } });
    const noSession = { ...list, headers: {} };
    const cases: readonly (readonly [Partial<Exchange>, Exchange, string])[] = [
      [{ status: 202 }, list, 'answer: status 202 is not described'],
      [
        { answerBody: [{ folder: 'a', name: 'b' }] },
        list,
        "answer: 200 body/0 must have required property 'type'",
      ],
      [
        { answerBody: [{ folder: 'a', name: 'b', type: 'VM' }] },
        list,
        'must be equal to one of the allowed values',
      ],
      [{ answerBody: [{ folder: 'a', name: 'b', type: 'HOST', parent: 'c' }] }, list, '(parent)'],
      [{ query: { name: ['a'] } }, list, 'request: query parameter name is not described'],
      [{ query: { type: ['VM'] } }, list, 'request: query parameter type cannot be VM'],
      [{ query: { type: ['HOST', 'HOST'] } }, list, 'is given more than once'],
      [{ query: { names: [''] } }, list, 'request: query parameter names is empty'],
      [{ path: '/api/vcenter/folders' }, list, 'request: no such operation'],
      [{}, noSession, 'request: no vmware-api-session-id'],
      [{ answerBody: { id: 'vm-1' } }, clone, 'answer: 202 body must be string'],
      [{ status: 200 }, clone, 'answer: status 200 is not described'],
      [{ requestBody: { source: 'vm-1', name: 'a', cpu: 4 } }, clone, '(cpu)'],
      [{ requestBody: { source: 'vm-1' } }, clone, "request: body must have required property 'name'"],
      [
        { headers: { ...clone.headers, 'content-type': 'text/plain' } },
        clone,
        'request: content-type is text/plain',
      ],
    ];
    for (const [change, exchange, violation] of cases) {
      expect(spec.check({ ...exchange, ...change }).join('\n')).toContain(violation);
    }
    expect(spec.check(list)).toEqual([]);
    expect(spec.check(clone)).toEqual([]);
  });
});

describe.runIf(!file)("without VMware's description", () => {
  it('nothing is checked', async () => {
    const vcenter = await startVcenter();
    const client = createPlainClient(vcenter);
    await client.call('GET', '/api/nothing');
    expect(vcenter.exchanges).toHaveLength(1);
    expect(checkExchanges(vcenter.exchanges)).toEqual([]);
    client.close();
    await vcenter.close();
  });
});
