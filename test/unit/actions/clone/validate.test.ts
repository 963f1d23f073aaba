import { describe, expect, it } from 'vitest';
import { ValidationError, validateClone } from '../../../../src/actions/clone/validate.ts';
import type { CloneInputs } from '../../../../src/github/inputs.ts';
import type { CloneSpec } from '../../../../src/vcenter/clone-method.ts';
import { noSettings } from '../../../support/no-settings.ts';
import { brokenOff, refused, rejection } from '../../../support/vcenter-answers.ts';
import { createVirtualVcenter } from '../../../support/virtual-vcenter.ts';

const id = (value: string) => ({ kind: 'id', id: value }) as const;
const name = (value: string) => ({ kind: 'name', name: value }) as const;

const inputs: CloneInputs = {
  connection: { server: 'vcenter.example', username: 'u', password: 'p', insecure: false },
  source: name('ubuntu-24.04'),
  ...{ disksToRemove: [], disksToUpdate: [], powerOn: true, ifExists: 'fail', timeout: 1, waitForIp: false },
  ...{ networks: [], tags: [], waitForCustomization: true, customizationTimeout: 1 },
  ...{ waitForPort: [], portTimeout: 1 },
  ...{ ipTimeout: 1, ipFamily: 'any', ipCidr: [], teardown: 'never', jobStatus: '', validateOnly: true },
};
const spec: CloneSpec = { source: 'vm-42', name: 'pr-12' };
const limits = { signal: new AbortController().signal, retryTimeout: 0 };

const validate = (given: Partial<CloneInputs>, givenSpec: Partial<CloneSpec> = {}) => {
  const vcenter = createVirtualVcenter();
  const { session } = vcenter;
  const done = validateClone({
    settings: noSettings,
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
        datacenter: id('datacenter-2'),
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
      { guest_customization_spec: { name: 'linux-dhcp' }, placement: { host: 'host-9' } },
    );
    await done;
    expect(session.calls.map(({ call }) => [call.operation, call.query])).toEqual([
      ['GET /api/vcenter/vm/{vm}', undefined],
      ['GET /api/vcenter/vm', { vms: ['vm-42'] }],
      ['GET /api/vcenter/datacenter', { datacenters: ['datacenter-2'] }],
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
        datacenter: id('datacenter-999'),
        folder: id('group-v23'),
        host: id('host-99'),
        disksToUpdate: [{ disk: { kind: 'id', id: '2000' }, datastore: id('datastore-99') }],
      },
      { source: 'vm-44', guest_customization_spec: { name: 'linux' } },
    );
    const error = await rejection(done);
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({
      message: [
        'These inputs keep the clone from working:',
        "source: vCenter lists no VirtualMachine 'vm-44', or the account may not see it, or it is a template, which this API does not show.",
        "datacenter: vCenter lists no Datacenter 'datacenter-999', or the account may not see it.",
        "host: vCenter lists no HostSystem 'host-99', or the account may not see it.",
        "disks-to-update: vCenter lists no Datastore 'datastore-99', or the account may not see it.",
        "guest-customization-spec: vCenter lists no CustomizationSpec 'linux', or the account may not see it.",
      ].join('\n'),
    });
  });

  it('A6: finds disks that the source has not, whatever else was given', async () => {
    const disk = (key: string) => ({ kind: 'id', id: key }) as const;
    const { done } = validate({
      disksToRemove: [disk('2009'), disk('2001')],
      disksToUpdate: [{ disk: disk('2010'), datastore: name('fast') }],
    });
    expect(await rejection(done)).toMatchObject({
      message: [
        'These inputs keep the clone from working:',
        "disks-to-remove: the source has no disk '2009'. There are: 'Hard disk 1' (2000), 'Hard disk 2' (2001).",
        "disks-to-update: the source has no disk '2010'. There are: 'Hard disk 1' (2000), 'Hard disk 2' (2001).",
      ].join('\n'),
    });
  });

  it.each([
    ['a cluster', { cluster: 'domain-c12' }],
    ['a pool of a cluster', { resource_pool: 'resgroup-14' }],
    ['a cluster and a pool', { cluster: 'domain-c12', resource_pool: 'resgroup-14' }],
  ])('A6: finds that %s without DRS needs a host', async (_, placement) => {
    expect(await rejection(validate({}, { placement }).done)).toMatchObject({
      message:
        "cluster: 'cluster-b' (domain-c12), where the clone would go, has no DRS to choose a host: set 'host'.",
    });
    const { checked } = await validate({}, { placement: { ...placement, host: 'host-13' } }).done;
    expect(checked).not.toContain('DRS of the cluster');
  });

  it('A6: does not ask for a host in a cluster with DRS, and says so', async () => {
    for (const placement of [{ cluster: 'domain-c7' }, { resource_pool: 'resgroup-31' }]) {
      const { checked } = await validate({}, { placement }).done;
      expect(checked).toContain('DRS of the cluster');
    }
  });

  it('A6: says nothing against a pool whose cluster vCenter does not tell, but that it is not known', async () => {
    const vcenter = createVirtualVcenter();
    const operation = 'GET /api/vcenter/cluster';
    vcenter.failNext(operation, refused({ operation, status: 403, errorType: 'UNAUTHORIZED' }));
    const placed = { ...spec, placement: { resource_pool: 'resgroup-14' } };
    const { unchecked } = await validateClone({
      settings: noSettings,
      session: vcenter.session,
      inputs,
      spec: placed,
      limits,
    });
    expect(unchecked).toContain('DRS of the cluster');
  });

  it('A6: says what it has checked, and what nobody can check beforehand', async () => {
    const placement = { folder: 'group-v23', host: 'host-9' };
    const given = {
      folder: name('ci'),
      host: name('esxi-01'),
      disksToRemove: [{ kind: 'label', label: 'x' }],
    } as const;
    expect(await validate(given, { placement }).done).toEqual({
      checked: [
        'the login',
        "'source'",
        "'folder'",
        "'host'",
        "'disks-to-remove'",
        'whether the name is free in the folder, templates apart',
      ],
      unchecked: [
        'the privileges of the account',
        'free space and other resources',
        'whether folder, pool, host and datastore belong together',
      ],
    });
    expect((await validate({}).done).unchecked).toContain("whether the name is free in the source's folder");
  });

  it('fails where it cannot look', async () => {
    const vcenter = createVirtualVcenter();
    const operation = 'GET /api/vcenter/folder';
    vcenter.failNext(operation, brokenOff({ operation }));
    const done = validateClone({
      settings: noSettings,
      ...{ session: vcenter.session, spec, limits: { ...limits, retryTimeout: -1 } },
      inputs: { ...inputs, folder: id('group-v23') },
    });
    expect(await rejection(done)).toMatchObject({ failure: 'network' });
  });
});
