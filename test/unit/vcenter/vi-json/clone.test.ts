import { describe, expect, it } from 'vitest';
import type { CloneMethod } from '../../../../src/vcenter/clone-method.ts';
import {
  type ViFullClone,
  type ViLinkedClone,
  viFullClone,
  viInstantClone,
  viLinkedClone,
} from '../../../../src/vcenter/vi-json/clone.ts';
import { readGuestinfo, reconfigure } from '../../../../src/vcenter/vi-json/config-spec.ts';
import { inTurn, throws } from '../../../support/scripted-session.ts';
import { brokenOff, rejection } from '../../../support/vcenter-answers.ts';
import {
  any,
  createViSession,
  fails,
  limits,
  operationOf,
  ref,
  retrieved,
} from '../../../support/vi-json.ts';

const CLONE = 'POST VirtualMachine/CloneVM_Task';
const INSTANT = 'POST VirtualMachine/InstantClone_Task';
const RECONFIGURE = 'POST VirtualMachine/ReconfigVM_Task';

const plain = { source: 'vm-42', name: 'shop-pr12', folder: 'group-v3', powerOn: false } as const;

const option = (key: string, value: string) => ({
  _typeName: 'OptionValue',
  key,
  value: { _typeName: 'string', _value: value },
});

async function sentFor<Spec>(method: CloneMethod<Spec>, spec: Spec) {
  const task = () => ref('Task', 'task-186');
  const { session, sent } = createViSession({ [CLONE]: task, [INSTANT]: task });
  expect(await method.start(session, spec, limits)).toBe('task-186');
  const [first, ...more] = sent();
  expect(more).toEqual([]);
  return { target: first?.[0], body: first?.[1] };
}

describe('viFullClone', () => {
  it('V25: names the folder as a parameter and nowhere else, and sends nothing that is not asked for', async () => {
    const { target, body } = await sentFor(viFullClone, plain);
    expect(target).toBe('VirtualMachine/vm-42/CloneVM_Task');
    expect(body).toEqual({
      folder: ref('Folder', 'group-v3'),
      name: 'shop-pr12',
      spec: {
        _typeName: 'VirtualMachineCloneSpec',
        location: { _typeName: 'VirtualMachineRelocateSpec' },
        template: false,
        powerOn: false,
      },
    });
  });

  const full: ViFullClone = {
    ...plain,
    name: 'a/b 50%',
    resourcePool: 'resgroup-8',
    host: 'host-9',
    datastore: 'datastore-15',
    disksToUpdate: [{ key: 2001, datastore: 'datastore-16' }],
    disksToRemove: [{ key: 2002, label: 'Hard disk 3', capacityInKB: 1024 }],
    cpuCount: 4,
    memoryMiB: 8192,
    notes: 'made by a workflow',
    guestinfo: { values: { userdata: 'I2Nsb3Vk', 'guestinfo.userdata.encoding': 'base64' }, mark: 'run-1' },
    powerOn: true,
  };

  it('V30: puts placement, configuration and power into one request', async () => {
    expect((await sentFor(viFullClone, full)).body).toEqual({
      folder: ref('Folder', 'group-v3'),
      name: 'a%2fb 50%25',
      spec: {
        _typeName: 'VirtualMachineCloneSpec',
        location: {
          _typeName: 'VirtualMachineRelocateSpec',
          datastore: ref('Datastore', 'datastore-15'),
          pool: ref('ResourcePool', 'resgroup-8'),
          host: ref('HostSystem', 'host-9'),
          disk: [
            {
              _typeName: 'VirtualMachineRelocateSpecDiskLocator',
              diskId: 2001,
              datastore: ref('Datastore', 'datastore-16'),
            },
          ],
        },
        template: false,
        powerOn: true,
        config: {
          _typeName: 'VirtualMachineConfigSpec',
          numCPUs: 4,
          memoryMB: 8192,
          annotation: 'made by a workflow',
          extraConfig: [
            option('guestinfo.vcenter-clone-vm.run', 'run-1'),
            option('guestinfo.userdata', 'I2Nsb3Vk'),
            option('guestinfo.userdata.encoding', 'base64'),
          ],
          deviceChange: [
            {
              _typeName: 'VirtualDeviceConfigSpec',
              operation: 'remove',
              device: { _typeName: 'VirtualDisk', key: 2002, capacityInKB: 1024 },
            },
          ],
        },
      },
    });
  });

  it('V8: begins every object in a request with its type', async () => {
    const { body } = await sentFor(viFullClone, full);
    const firstKeys: unknown[] = [];
    const collect = (value: unknown, isOutermost = false): void => {
      if (typeof value === 'object' && value !== null) {
        if (!Array.isArray(value) && !isOutermost) {
          firstKeys.push(Object.keys(JSON.parse(JSON.stringify(value)))[0]);
        }
        for (const each of Object.values(value)) {
          collect(each);
        }
      }
    };
    collect(body, true);
    expect(firstKeys.length).toBeGreaterThan(15);
    expect(new Set(firstKeys)).toEqual(new Set(['_typeName']));
  });

  it('V28: writes no mark, which needs a privilege, where no guestinfo is given', async () => {
    for (const guestinfo of [undefined, { values: {}, mark: 'run-1' }]) {
      const spec = { ...plain, notes: 'x', ...(guestinfo === undefined ? {} : { guestinfo }) };
      expect((await sentFor(viFullClone, spec)).body).toMatchObject({
        spec: { config: { annotation: 'x' } },
      });
      expect(JSON.stringify((await sentFor(viFullClone, spec)).body)).not.toContain('extraConfig');
    }
  });

  it('V53: describes the request without the values of guestinfo', () => {
    const described = viFullClone.describe(full);
    const text = JSON.stringify(described);
    expect(text).toContain('"key":"guestinfo.userdata"');
    expect(text).toContain('made by a workflow');
    for (const secret of ['I2Nsb3Vk', 'base64', 'run-1', '_value']) {
      expect(text).not.toContain(secret);
    }
    expect(described).toMatchObject({ name: 'a%2fb 50%25', spec: { config: { numCPUs: 4 } } });
  });

  it('V27: is not sent again where the response was lost', async () => {
    const lost = brokenOff({ operation: operationOf(CLONE) });
    const { session, sent } = createViSession({ [CLONE]: throws(lost) });
    expect(await rejection(viFullClone.start(session, plain, limits))).toBe(lost);
    expect(sent()).toHaveLength(1);
  });

  it('V27: gets minutes for its response, and a moment more when the run is over', async () => {
    const { session } = createViSession({ [CLONE]: () => ref('Task', 'task-1') });
    await viFullClone.start(session, plain, limits);
    expect(session.calls[0]?.call).toMatchObject({ timeout: 180_000, grace: 3_000 });
  });

  it('V27: is sent again where vCenter certainly has not seen it', async () => {
    const unsent = brokenOff({ operation: operationOf(CLONE), sent: false });
    const { session, sent } = createViSession({
      [CLONE]: inTurn(throws(unsent), () => ref('Task', 'task-1')),
    });
    expect(await viFullClone.start(session, plain, limits)).toBe('task-1');
    expect(sent()).toHaveLength(2);
  });

  it('V27: is not sent again here while the source is busy, or after any other fault', async () => {
    for (const fault of [
      { _typeName: 'TaskInProgress', task: ref('Task', 'task-7') },
      { _typeName: 'HostNotReachable' },
      { _typeName: 'NotAuthenticated', object: ref('Folder', 'group-v3'), privilegeId: '' },
    ]) {
      const { session, sent } = createViSession({ [CLONE]: () => fails(fault) });
      expect(await rejection(viFullClone.start(session, plain, limits))).toMatchObject({
        fault: { name: fault._typeName },
      });
      expect(sent()).toHaveLength(1);
    }
  });

  it('V29: fails with DuplicateName, and with who has the name', async () => {
    const { session } = createViSession({
      [CLONE]: () =>
        fails({ _typeName: 'DuplicateName', name: 'shop-pr12', object: ref('VirtualMachine', 'vm-7') }),
    });
    expect(await rejection(viFullClone.start(session, plain, limits))).toMatchObject({
      errorType: 'ALREADY_EXISTS',
      fault: { name: 'DuplicateName', object: { type: 'VirtualMachine', id: 'vm-7' } },
    });
  });

  it('V24: fails with the privilege that a template needs, and on what', async () => {
    const privilege = 'VirtualMachine.Provisioning.DeployTemplate';
    const { session } = createViSession({
      [CLONE]: () =>
        fails({ _typeName: 'NoPermission', object: ref('VirtualMachine', 'vm-42'), privilegeId: privilege }),
    });
    const error = await rejection(viFullClone.start(session, plain, limits));
    expect(error).toMatchObject({ errorType: 'UNAUTHORIZED', fault: { privileges: [{ privilege }] } });
    expect(String((error as Error).message)).toContain(`missing: ${privilege} on vm-42`);
  });

  it.each([
    ['null', null],
    ['another object', ref('VirtualMachine', 'vm-7')],
  ])('does not take %s for a task', async (_, result) => {
    const { session } = createViSession({});
    const request = () => Promise.resolve({ status: 200, body: result });
    expect(await rejection(viFullClone.start({ ...session, request }, plain, limits))).toMatchObject({
      failure: 'unreadable',
    });
  });
});

describe('viLinkedClone', () => {
  const linked: ViLinkedClone = { ...plain, resourcePool: 'resgroup-8', snapshot: 'snapshot-77' };

  it('V33: has the snapshot and the type of move that shares its disks, and V34: no disk of its own', async () => {
    expect((await sentFor(viLinkedClone, { ...linked, datastore: 'datastore-15' })).body).toEqual({
      folder: ref('Folder', 'group-v3'),
      name: 'shop-pr12',
      spec: {
        _typeName: 'VirtualMachineCloneSpec',
        location: {
          _typeName: 'VirtualMachineRelocateSpec',
          datastore: ref('Datastore', 'datastore-15'),
          pool: ref('ResourcePool', 'resgroup-8'),
          diskMoveType: 'createNewChildDiskBacking',
        },
        template: false,
        powerOn: false,
        snapshot: ref('VirtualMachineSnapshot', 'snapshot-77'),
      },
    });
  });

  it('V33: a full clone has neither of the two', async () => {
    const text = JSON.stringify((await sentFor(viFullClone, plain)).body);
    expect(text).not.toContain('diskMoveType');
    expect(text).not.toContain('snapshot');
  });
});

describe('viInstantClone', () => {
  it('V41: has nothing but name, placement and V43: guestinfo; V25: its folder is in the location', async () => {
    const { target, body } = await sentFor(viInstantClone, {
      ...{ source: 'vm-45', name: 'shop-pr12', folder: 'group-v3' },
      ...{ resourcePool: 'resgroup-8', datastore: 'datastore-15' },
      guestinfo: { values: { 'ci.hostname': 'pr12' }, mark: 'run-1' },
    });
    expect(target).toBe('VirtualMachine/vm-45/InstantClone_Task');
    expect(body).toEqual({
      spec: {
        _typeName: 'VirtualMachineInstantCloneSpec',
        name: 'shop-pr12',
        location: {
          _typeName: 'VirtualMachineRelocateSpec',
          datastore: ref('Datastore', 'datastore-15'),
          pool: ref('ResourcePool', 'resgroup-8'),
          folder: ref('Folder', 'group-v3'),
        },
        config: [option('guestinfo.vcenter-clone-vm.run', 'run-1'), option('guestinfo.ci.hostname', 'pr12')],
      },
    });
  });

  it('V53: is described without the values of guestinfo', () => {
    const described = viInstantClone.describe({
      ...{ source: 'vm-45', name: 'a', folder: 'group-v3' },
      guestinfo: { values: { key: 'the secret' }, mark: 'run-1' },
    });
    expect(JSON.stringify(described)).toContain('guestinfo.key');
    expect(JSON.stringify(described)).not.toContain('the secret');
  });
});

describe('reconfigure', () => {
  it('V55: replaces the notes, writes guestinfo with its mark, and changes nothing else', async () => {
    const { session, sent } = createViSession({ [RECONFIGURE]: () => ref('Task', 'task-9') });
    const guestinfo = { values: { key: 'x' }, mark: 'run-1' };
    expect(await reconfigure(session, { vm: 'vm-7', notes: '', guestinfo }, limits)).toBe('task-9');
    expect(sent()).toEqual([
      [
        'VirtualMachine/vm-7/ReconfigVM_Task',
        {
          spec: {
            _typeName: 'VirtualMachineConfigSpec',
            annotation: '',
            extraConfig: [option('guestinfo.vcenter-clone-vm.run', 'run-1'), option('guestinfo.key', 'x')],
          },
        },
      ],
    ]);
  });

  it('V12: is sent again after a lost response, and while the VM is busy', async () => {
    const { session, sent } = createViSession({
      [RECONFIGURE]: inTurn(
        throws(brokenOff({ operation: operationOf(RECONFIGURE) })),
        () => fails({ _typeName: 'TaskInProgress', task: ref('Task', 'task-7') }),
        () => ref('Task', 'task-9'),
      ),
    });
    expect(await reconfigure(session, { vm: 'vm-7', notes: 'x' }, limits)).toBe('task-9');
    expect(sent()).toHaveLength(3);
  });
});

describe('readGuestinfo', () => {
  const RETRIEVE = 'POST PropertyCollector/RetrievePropertiesEx';
  const read = (properties: Readonly<Record<string, unknown>>) => {
    const { session } = createViSession({
      [RETRIEVE]: () => retrieved([{ obj: ref('VirtualMachine', 'vm-7'), properties }]),
    });
    return readGuestinfo(session, 'vm-7', limits);
  };

  it('V32: tells which keys are there, and the mark, but no value', async () => {
    const written = {
      _typeName: 'ArrayOfOptionValue',
      _value: [
        option('guestinfo.vcenter-clone-vm.run', 'run-1'),
        option('guestinfo.key', 'the secret'),
        { _typeName: 'OptionValue', key: 'numa.autosize', value: any(true) },
      ],
    };
    const read1 = await read({ 'config.extraConfig': written });
    expect(read1).toEqual({
      mark: 'run-1',
      keys: new Set(['guestinfo.vcenter-clone-vm.run', 'guestinfo.key']),
    });
  });

  it('V32: is undefined where it may not be read', async () => {
    expect(await read({})).toBeUndefined();
  });
});
