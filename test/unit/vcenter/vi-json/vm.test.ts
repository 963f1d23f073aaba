import { describe, expect, it } from 'vitest';
import { findRootPool } from '../../../../src/vcenter/vi-json/pool.ts';
import { chooseSnapshot } from '../../../../src/vcenter/vi-json/snapshots.ts';
import { diskKey, readSourceVm } from '../../../../src/vcenter/vi-json/vm.ts';
import { createViSession, fails, limits, type ObjectRow, ref, retrieved } from '../../../support/vi-json.ts';

const RETRIEVE = 'POST PropertyCollector/RetrievePropertiesEx';
const vm = ref('VirtualMachine', 'vm-42');

const tree = (id: string, name: string, children: readonly object[] = []) => ({
  _typeName: 'VirtualMachineSnapshotTree',
  snapshot: ref('VirtualMachineSnapshot', id),
  vm,
  name,
  description: '',
  id: 1,
  createTime: `2025-05-04T10:00:0${id.slice(-1)}Z`,
  state: 'poweredOff',
  quiesced: false,
  ...(children.length === 0 ? {} : { childSnapshotList: children }),
});

const snapshotInfo = (current: string | undefined, ...trees: readonly object[]) => ({
  _typeName: 'VirtualMachineSnapshotInfo',
  ...(current === undefined ? {} : { currentSnapshot: ref('VirtualMachineSnapshot', current) }),
  rootSnapshotList: trees,
});

const read = (row: Omit<ObjectRow, 'obj'>, withDevices = false) => {
  const { session } = createViSession({ [RETRIEVE]: () => retrieved([{ obj: vm, ...row }]) });
  return readSourceVm(session, { id: 'vm-42', withDevices }, limits);
};

describe('readSourceVm', () => {
  it('V20: reads all that a clone needs in one request, a template by config.template', async () => {
    const { session, sent } = createViSession({
      [RETRIEVE]: () =>
        retrieved([
          {
            obj: vm,
            properties: {
              name: 'ubuntu%2f24',
              parent: ref('Folder', 'group-v3'),
              'config.template': true,
              'runtime.powerState': 'poweredOff',
            },
          },
        ]),
    });
    expect(await readSourceVm(session, { id: 'vm-42' }, limits)).toEqual({
      id: 'vm-42',
      name: 'ubuntu/24',
      isFrozen: false,
      isTemplate: true,
      powerState: 'poweredOff',
      folder: 'group-v3',
      resourcePool: undefined,
      snapshots: { all: [], current: undefined },
      disks: [],
      nics: [],
      missing: new Map(),
    });
    expect(sent()).toMatchObject([
      [
        'PropertyCollector/collector-1/RetrievePropertiesEx',
        {
          specSet: [
            {
              propSet: [
                {
                  type: 'VirtualMachine',
                  pathSet: [
                    'name',
                    'parent',
                    'resourcePool',
                    'config.template',
                    'runtime.powerState',
                    'runtime.instantCloneFrozen',
                    'snapshot',
                  ],
                },
              ],
              objectSet: [{ obj: vm }],
            },
          ],
        },
      ],
    ]);
  });

  it('V40: tells a VM that is on, by a boxed enumeration', async () => {
    const powerState = { _typeName: 'VirtualMachinePowerState', _value: 'poweredOn' };
    expect(
      await read({
        properties: {
          name: 'a',
          'config.template': false,
          'runtime.powerState': powerState,
          resourcePool: ref('ResourcePool', 'resgroup-8'),
          parent: ref('VirtualApp', 'resgroup-v9'),
        },
      }),
    ).toMatchObject({
      ...{ isTemplate: false, powerState: 'poweredOn', resourcePool: 'resgroup-8', folder: undefined },
    });
  });

  it('V20: tells a VM whose configuration is unset from one whose configuration may not be read', async () => {
    const inaccessible = await read({ properties: { name: 'a' } });
    expect(inaccessible).toMatchObject({ isTemplate: undefined, missing: new Map() });
    const fault = { _typeName: 'NoPermission', object: vm, privilegeId: 'System.Read' };
    const forbidden = await read({ properties: { name: 'a' }, missing: { 'config.template': fault } });
    expect(forbidden?.isTemplate).toBeUndefined();
    expect(forbidden?.missing.get('config.template')).toMatchObject({
      name: 'NoPermission',
      privileges: [{ privilege: 'System.Read', object: { type: 'VirtualMachine', id: 'vm-42' } }],
    });
  });

  it('is undefined for an id that is not there', async () => {
    const gone = createViSession({
      [RETRIEVE]: () => fails({ _typeName: 'ManagedObjectNotFound', obj: vm }),
    });
    expect(await readSourceVm(gone.session, { id: 'vm-42' }, limits)).toBeUndefined();
    const nothing = createViSession({ [RETRIEVE]: () => null });
    expect(await readSourceVm(nothing.session, { id: 'vm-42' }, limits)).toBeUndefined();
  });

  it('V16: reads the device keys of disks as numbers, which the REST API writes as texts', async () => {
    const device = {
      _typeName: 'ArrayOfVirtualDevice',
      _value: [
        { _typeName: 'VirtualIDEController', key: 200, busNumber: 0 },
        {
          _typeName: 'VirtualDisk',
          key: 2001,
          deviceInfo: { _typeName: 'Description', label: 'Hard disk 2', summary: '8,192 KB' },
          capacityInKB: 8192,
        },
      ],
    };
    expect(await read({ properties: { name: 'a', 'config.hardware.device': device } }, true)).toMatchObject({
      nics: [],
      disks: [{ key: 2001, label: 'Hard disk 2', capacityInKB: 8192 }],
    });
    expect(['2001', 'Hard disk 2', '-1', '', '99999999999'].map(diskKey)).toEqual([
      ...[2001, undefined, undefined, undefined, undefined],
    ]);
  });
});

describe('chooseSnapshot', () => {
  const info = snapshotInfo(
    'snapshot-3',
    tree('snapshot-1', 'base', [tree('snapshot-2', 'next', [tree('snapshot-3', 'base')])]),
    tree('snapshot-4', '50%25'),
  );
  const source = async (snapshot: object | undefined) => {
    const vm = await read({ properties: { name: 'a', ...(snapshot === undefined ? {} : { snapshot }) } });
    if (vm === undefined) {
      throw new Error('no VM');
    }
    return vm;
  };

  it('V35: takes the current one where no name is given', async () => {
    expect(chooseSnapshot(await source(info), undefined)).toMatchObject({
      outcome: 'found',
      snapshot: { id: 'snapshot-3' },
    });
  });

  it('V35: has none to take, and makes none, where the source has none or none is current', async () => {
    expect(chooseSnapshot(await source(undefined), undefined)).toEqual({ outcome: 'none', candidates: [] });
    const templates = snapshotInfo(undefined, tree('snapshot-1', 'base'));
    expect(chooseSnapshot(await source(templates), undefined)).toMatchObject({
      outcome: 'none',
      candidates: [{ id: 'snapshot-1', name: 'base' }],
    });
  });

  it('V36: takes the one of a name, in readable or escaped form, wherever in the tree it is', async () => {
    const vm = await source(info);
    expect(chooseSnapshot(vm, 'next')).toMatchObject({ snapshot: { id: 'snapshot-2' } });
    for (const name of ['50%', '50%25']) {
      expect(chooseSnapshot(vm, name)).toMatchObject({ snapshot: { id: 'snapshot-4', name: '50%' } });
    }
  });

  it('V36: does not choose between several of a name, and tells when each was made', async () => {
    expect(chooseSnapshot(await source(info), 'base')).toEqual({
      outcome: 'several',
      candidates: [
        { id: 'snapshot-1', name: 'base', createTime: '2025-05-04T10:00:01Z' },
        { id: 'snapshot-3', name: 'base', createTime: '2025-05-04T10:00:03Z' },
      ],
    });
  });

  it('V36: lists all that there are where none has the name', async () => {
    const choice = chooseSnapshot(await source(info), 'gone');
    expect(choice).toMatchObject({ outcome: 'none' });
    expect('candidates' in choice && choice.candidates.map(({ id }) => id)).toEqual([
      ...['snapshot-1', 'snapshot-2', 'snapshot-3', 'snapshot-4'],
    ]);
  });

  it('V35: says where the account may not read them', async () => {
    const fault = { _typeName: 'NoPermission', object: vm, privilegeId: 'System.Read' };
    const forbidden = await read({ properties: { name: 'a' }, missing: { snapshot: fault } });
    expect(forbidden && chooseSnapshot(forbidden, undefined)).toMatchObject({
      ...{ outcome: 'unreadable', fault: { name: 'NoPermission' } },
    });
  });
});

describe('findRootPool', () => {
  const objects: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'domain-c7': { resourcePool: ref('ResourcePool', 'resgroup-8') },
    'domain-s9': { resourcePool: ref('ResourcePool', 'resgroup-10') },
    'host-1': { parent: ref('ClusterComputeResource', 'domain-c7') },
    'host-2': { parent: ref('ComputeResource', 'domain-s9') },
  };
  const pools = () =>
    createViSession({
      [RETRIEVE]: ({ body }) => {
        const { specSet } = body as {
          specSet: { objectSet: { obj: ReturnType<typeof ref>; selectSet?: unknown }[] }[];
        };
        const { obj = ref('Folder', ''), selectSet } = specSet[0]?.objectSet[0] ?? {};
        const parent = objects[obj.value]?.['parent'] as ReturnType<typeof ref> | undefined;
        const target = selectSet === undefined ? obj : (parent ?? obj);
        return retrieved([{ obj: target, properties: objects[target.value] ?? {} }]);
      },
    });

  it("V23: is a cluster's own, in one request", async () => {
    const { session, sent } = pools();
    expect(await findRootPool(session, { cluster: 'domain-c7' }, limits)).toBe('resgroup-8');
    expect(sent()).toMatchObject([
      [
        'PropertyCollector/collector-1/RetrievePropertiesEx',
        {
          specSet: [
            {
              propSet: [
                { type: 'ComputeResource', pathSet: ['resourcePool'] },
                { type: 'ClusterComputeResource', pathSet: ['resourcePool'] },
              ],
              objectSet: [{ obj: ref('ClusterComputeResource', 'domain-c7') }],
            },
          ],
        },
      ],
    ]);
  });

  it.each([
    ['of a cluster', 'host-1', 'resgroup-8'],
    ['that stands alone', 'host-2', 'resgroup-10'],
  ])('V23: is that of what a host %s belongs to', async (_, host, pool) => {
    expect(await findRootPool(pools().session, { host }, limits)).toBe(pool);
  });

  it('V23: is unknown where vCenter does not tell', async () => {
    expect(await findRootPool(pools().session, { host: 'host-3' }, limits)).toBeUndefined();
  });
});
