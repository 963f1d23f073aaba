import { describe, expect, it } from 'vitest';
import { ValidationError, validateClone } from '../../../src/actions/clone/validate.ts';
import type { CloneInputs } from '../../../src/github/inputs.ts';
import type { CloneSpec } from '../../../src/vcenter/vm.ts';
import { brokenOff, rejection } from '../vcenter-answers.ts';
import { createVirtualVcenter } from '../virtual-vcenter.ts';

const id = (value: string) => ({ kind: 'id', id: value }) as const;
const name = (value: string) => ({ kind: 'name', name: value }) as const;

const inputs: CloneInputs = {
  connection: { server: 'vcenter.example', username: 'u', password: 'p', insecure: false },
  source: name('ubuntu-24.04'),
  ...{ disksToRemove: [], disksToUpdate: [], powerOn: true, ifExists: 'fail', timeout: 1, waitForIp: false },
  ...{ ipTimeout: 1, ipFamily: 'any', ipCidr: [], teardown: 'never', jobStatus: '', validateOnly: true },
};
const spec: CloneSpec = { source: 'vm-42', name: 'pr-12' };
const limits = { signal: new AbortController().signal, patience: 0 };

const validate = (given: Partial<CloneInputs>, givenSpec: Partial<CloneSpec> = {}) => {
  const vcenter = createVirtualVcenter();
  const { session } = vcenter;
  const done = validateClone({
    session,
    inputs: { ...inputs, ...given },
    spec: { ...spec, ...givenSpec },
    limits,
  });
  return { vcenter, session, done };
};

describe('validateClone', () => {
  it('asks for nothing where all was resolved by its name', async () => {
    const { session, done } = validate({ folder: name('ci') });
    await done;
    expect(session.operations()).toEqual([]);
  });

  it('looks for everything that was given by its id, with one call for each', async () => {
    const { session, done } = validate(
      {
        source: id('vm-42'),
        folder: id('group-v23'),
        resourcePool: id('resgroup-31'),
        cluster: id('domain-c7'),
        host: id('host-9'),
        datastore: id('datastore-15'),
        disksToUpdate: [
          { disk: { kind: 'id', id: '2000' }, datastore: id('datastore-16') },
          { disk: { kind: 'id', id: '2001' }, datastore: id('datastore-16') },
        ],
      },
      { guest_customization_spec: { name: 'linux-dhcp' } },
    );
    await done;
    expect(session.calls.map(({ call }) => [call.operation, call.query])).toEqual([
      ['GET /api/vcenter/vm', { vms: ['vm-42'] }],
      ['GET /api/vcenter/folder', { folders: ['group-v23'] }],
      ['GET /api/vcenter/resource-pool', { resource_pools: ['resgroup-31'] }],
      ['GET /api/vcenter/cluster', { clusters: ['domain-c7'] }],
      ['GET /api/vcenter/host', { hosts: ['host-9'] }],
      ['GET /api/vcenter/datastore', { datastores: ['datastore-15'] }],
      ['GET /api/vcenter/datastore', { datastores: ['datastore-16'] }],
      ['GET /api/vcenter/guest/customization-specs', { names: ['linux-dhcp'] }],
    ]);
  });

  it('names all that is missing, in the order of the inputs', async () => {
    const { done } = validate(
      {
        source: id('vm-44'),
        folder: id('group-v23'),
        host: id('host-99'),
        disksToUpdate: [{ disk: { kind: 'id', id: '2000' }, datastore: id('datastore-99') }],
      },
      { guest_customization_spec: { name: 'linux' } },
    );
    const error = await rejection(done);
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({
      message: [
        "source: vCenter lists no VirtualMachine 'vm-44', or the account may not see it, or it is a template, which this API does not show.",
        "host: vCenter lists no HostSystem 'host-99', or the account may not see it.",
        "disks-to-update: vCenter lists no Datastore 'datastore-99', or the account may not see it.",
        "guest-customization-spec: vCenter lists no CustomizationSpec 'linux', or the account may not see it.",
      ].join('\n'),
    });
  });

  it('fails where it cannot look', async () => {
    const vcenter = createVirtualVcenter();
    const operation = 'GET /api/vcenter/folder';
    vcenter.befalls(operation, brokenOff({ operation }));
    const done = validateClone({
      ...{ session: vcenter.session, spec, limits: { ...limits, patience: -1 } },
      inputs: { ...inputs, folder: id('group-v23') },
    });
    expect(await rejection(done)).toMatchObject({ failure: 'network' });
  });
});
