import { describe, expect, it } from 'vitest';
import {
  cloneParameters,
  idOf,
  inPool,
  option,
  propertiesOf,
  readResult,
  ref,
  startViVcenter,
  typed,
} from '../../support/vi-client.ts';

const cloneTemplate = 'VirtualMachine/vm-44/CloneVM_Task';
const cloneVm = 'VirtualMachine/vm-42/CloneVM_Task';
const instantClone = 'VirtualMachine/vm-45/InstantClone_Task';
const linking = { diskMoveType: 'createNewChildDiskBacking' };
const snapshot = (id: string) => ({ snapshot: ref('VirtualMachineSnapshot', id) });
const configSpec = (fields: object) => typed('VirtualMachineConfigSpec', { ...fields });

function instant(change: { readonly location?: object; readonly spec?: object } = {}) {
  const location = typed('VirtualMachineRelocateSpec', {
    folder: ref('Folder', 'group-v23'),
    ...change.location,
  });
  return { spec: typed('VirtualMachineInstantCloneSpec', { name: 'fork', location, ...change.spec }) };
}

describe('a clone through VI/JSON', () => {
  it('V23: of a template is a VM that REST shows, in the pool and the folder', async () => {
    const { post, taskEnd, rest, vcenter } = await startViVcenter();
    const info = await taskEnd(await post(cloneTemplate, cloneParameters({ location: inPool })));
    expect(info).toMatchObject({ state: 'success', entity: ref('VirtualMachine', 'vm-44') });
    const { value: id } = info['result'] as { readonly value: string };
    expect(await rest('GET', `/api/vcenter/vm/${id}`)).toMatchObject({ status: 200, body: { name: 'new' } });
    expect(vcenter.vm(id)).toMatchObject({
      ...{ folder: 'group-v23', resourcePool: 'resgroup-31', template: false, powerState: 'POWERED_OFF' },
      annotation: 'Ubuntu 24.04 with Tools and cloud-init.',
    });
  });

  it('V28, V30, V43, V55: settings are there from the first moment; notes are replaced', async () => {
    const { post, taskEnd, vcenter, retrieve } = await startViVcenter();
    const config = configSpec({
      ...{ numCPUs: 4, memoryMB: 8192, annotation: 'of pull request 12' },
      extraConfig: [option('guestinfo.mark', 'run-1'), option('memsize', '16')],
    });
    const spec = { config, powerOn: true };
    const started = await post(cloneTemplate, cloneParameters({ location: inPool, spec }));
    const id = vcenter.vm('new')?.id ?? '';
    const read = await retrieve(propertiesOf('VirtualMachine', id, 'config.extraConfig'));
    expect(readResult(read)[id]?.['config.extraConfig']).toEqual([option('guestinfo.mark', 'run-1')]);
    await taskEnd(started);
    expect(vcenter.vm(id)).toMatchObject({
      ...{ cpuCount: 4, memoryMiB: 8192, annotation: 'of pull request 12', powerState: 'POWERED_ON' },
    });
  });

  it('V25: the folder of the location wins over the parameter', async () => {
    const { post, vcenter } = await startViVcenter();
    const folder = ref('Folder', 'group-v24');
    idOf(await post(cloneVm, cloneParameters({ location: { folder } })));
    expect(vcenter.vm('new')?.folder).toBe('group-v24');
  });

  it('may be told where its disks go, lose one, and change its network', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    const disk = typed('VirtualMachineRelocateSpecDiskLocator', {
      diskId: 2000,
      datastore: ref('Datastore', 'datastore-16'),
    });
    const port = typed('DistributedVirtualSwitchPortConnection', {
      switchUuid: '50 1e',
      portgroupKey: 'dvportgroup-18',
    });
    const card = typed('VirtualVmxnet3', {
      key: 4000,
      backing: typed('VirtualEthernetCardDistributedVirtualPortBackingInfo', { port }),
    });
    const change = (operation: string, device: object) =>
      typed('VirtualDeviceConfigSpec', { operation, device });
    const config = configSpec({
      deviceChange: [change('remove', typed('VirtualDisk', { key: 2001, capacityInKB: 209715200 }))],
    });
    const location = { disk: [disk], deviceChange: [change('edit', card)] };
    await taskEnd(await post(cloneVm, cloneParameters({ location, spec: { config } })));
    expect(vcenter.vm('new')).toMatchObject({
      disks: [{ id: '2000', datastore: 'datastore-16' }],
      nics: [{ id: '4000', network: 'dvportgroup-18' }],
    });
    expect(vcenter.vm('vm-42')?.disks).toHaveLength(2);
  });

  it('takes a customization: the stored one as it is read, or data for cloud-init', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    const stored = await post('CustomizationSpecManager/CustomizationSpecManager/GetCustomizationSpec', {
      name: 'linux-dhcp',
    });
    const { spec } = stored.body as { readonly spec: object };
    await taskEnd(await post(cloneVm, cloneParameters({ spec: { customization: spec } })));
    expect(vcenter.vm('new')?.customization).toMatchObject({ kind: 'spec', osType: 'LINUX' });
    const identity = typed('CustomizationCloudinitPrep', { metadata: '{}', userdata: '#cloud-config' });
    const cloudInit = cloneParameters({ name: 'b', spec: { customization: { ...spec, identity } } });
    await taskEnd(await post(cloneVm, cloudInit));
    expect(vcenter.vm('b')?.customization).toMatchObject({ kind: 'cloud-init', userdata: '#cloud-config' });
  });

  it('may be a template, which is not powered on', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    await taskEnd(await post(cloneVm, cloneParameters({ spec: { template: true, powerOn: true } })));
    expect(vcenter.vm('new')).toMatchObject({ template: true, powerState: 'POWERED_OFF' });
  });

  const refused: readonly (readonly [rule: string, path: string, change: object, fault: object])[] = [
    ['V23: of a template without a pool', cloneTemplate, {}, { invalidProperty: 'spec.location.pool' }],
    [
      'V33: that shares disks without a snapshot',
      cloneVm,
      { location: linking },
      { invalidProperty: 'spec.snapshot' },
    ],
    [
      'V35: of a snapshot of another VM',
      cloneVm,
      { location: linking, spec: snapshot('snapshot-73') },
      { _typeName: 'ManagedObjectNotFound', obj: { value: 'snapshot-73' } },
    ],
    [
      'V26: that is to run in a cluster without DRS',
      cloneTemplate,
      { location: { pool: ref('ResourcePool', 'resgroup-14') }, spec: { powerOn: true } },
      { invalidProperty: 'spec.location.host' },
    ],
    [
      'with an unknown pool',
      cloneVm,
      { location: { pool: ref('ResourcePool', 'resgroup-9') } },
      { obj: { value: 'resgroup-9' } },
    ],
    ['with an empty name', cloneVm, { name: '' }, { _typeName: 'InvalidName' }],
    [
      'with half a socket',
      cloneVm,
      { spec: { config: configSpec({ numCPUs: 3, numCoresPerSocket: 2 }) } },
      { invalidProperty: 'configSpec.numCPUs' },
    ],
    [
      'with odd memory',
      cloneVm,
      { spec: { config: configSpec({ memoryMB: 1022 }) } },
      { invalidProperty: 'configSpec.memoryMB' },
    ],
    [
      'with an unknown way to move disks',
      cloneVm,
      { location: { diskMoveType: 'link' } },
      { invalidProperty: 'spec.location.diskMoveType' },
    ],
  ];

  it.each(refused)('%s is refused', async (_, path, change, fault) => {
    const { post, vcenter } = await startViVcenter();
    expect(await post(path, cloneParameters(change))).toMatchObject({ status: 500, body: fault });
    expect(vcenter.tasks()).toEqual([]);
  });

  it('V29: a name that is taken is refused at once, or by the task, and the fault says by whom', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    const taken = { ...cloneParameters({ name: 'windows-2025' }), folder: ref('Folder', 'group-v22') };
    const fault = { _typeName: 'DuplicateName', name: 'windows-2025', object: { value: 'vm-43' } };
    expect(await post(cloneVm, taken)).toMatchObject({ status: 500, body: fault });
    vcenter.behaviour.postChecks = 'task';
    expect(await taskEnd(await post(cloneVm, taken))).toMatchObject({ state: 'error', error: fault });
  });

  it.each([
    [
      'V24: DeployTemplate on a template',
      cloneTemplate,
      'VirtualMachine.Provisioning.DeployTemplate',
      'vm-44',
    ],
    ['Clone on a VM', cloneVm, 'VirtualMachine.Provisioning.Clone', 'vm-42'],
    ['CreateFromExisting on the folder', cloneVm, 'VirtualMachine.Inventory.CreateFromExisting', 'group-v23'],
    ['AssignVMToPool on the pool', cloneTemplate, 'Resource.AssignVMToPool', 'resgroup-31'],
    ['AllocateSpace on the datastore', cloneTemplate, 'Datastore.AllocateSpace', 'datastore-15'],
    ['V28: AdvancedConfig for guestinfo', cloneTemplate, 'VirtualMachine.Config.AdvancedConfig', 'vm-44'],
    ['Annotation for notes', cloneVm, 'VirtualMachine.Config.Annotation', 'vm-42'],
  ])('needs the privilege %s', async (_, path, privilege, object) => {
    const { post, vcenter } = await startViVcenter({ behaviour: { deny: [{ privilege, object }] } });
    const config = configSpec({ annotation: 'a', extraConfig: [option('guestinfo.a', 'b')] });
    const parameters = cloneParameters({ location: inPool, spec: { config } });
    const entity = { value: object };
    expect(await post(path, parameters)).toMatchObject({
      status: 500,
      body: {
        ...{ _typeName: 'NoPermission', privilegeId: privilege, object: entity },
        missingPrivileges: [{ entity, privilegeIds: [privilege] }],
      },
    });
    vcenter.behaviour.deny = [];
    expect(await post(path, parameters)).toMatchObject({ status: 200 });
  });

  it('V24: a NoPermission may say what is missing in each of two forms, or not at all', async () => {
    const deny = [{ privilege: 'VirtualMachine.Provisioning.Clone' }];
    const { post, vcenter } = await startViVcenter({ behaviour: { deny } });
    const keys = async () => Object.keys((await post(cloneVm, cloneParameters())).body as object);
    vcenter.behaviour.viPermissionForm = 'privilegeId';
    expect(await keys()).toEqual(['_typeName', 'object', 'privilegeId', 'faultstring']);
    vcenter.behaviour.viPermissionForm = 'missingPrivileges';
    expect(await keys()).toEqual(['_typeName', 'missingPrivileges', 'faultstring']);
    vcenter.behaviour.viPermissionForm = 'none';
    expect(await keys()).toEqual(['_typeName', 'faultstring']);
  });
});

describe('a linked clone', () => {
  it('V33: shares the disks of the snapshot, and has its settings', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    const source = vcenter.vm('vm-42');
    if (source) source.annotation = 'changed since';
    await taskEnd(await post(cloneVm, cloneParameters({ location: linking, spec: snapshot('snapshot-71') })));
    expect(vcenter.vm('new')).toMatchObject({ linkedTo: 'snapshot-71', annotation: '' });
    const ofTemplate = { name: 'b', location: { ...linking, ...inPool }, spec: snapshot('snapshot-73') };
    await taskEnd(await post(cloneTemplate, cloneParameters(ofTemplate)));
    expect(vcenter.vm('b')?.linkedTo).toBe('snapshot-73');
  });

  it('V34: a locator of its own makes a copy in full, without a word', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    const disk = typed('VirtualMachineRelocateSpecDiskLocator', {
      ...{ diskId: 2000, datastore: ref('Datastore', 'datastore-15') },
      diskMoveType: 'moveAllDiskBackingsAndDisallowSharing',
    });
    const location = { ...linking, disk: [disk] };
    await taskEnd(await post(cloneVm, cloneParameters({ location, spec: snapshot('snapshot-72') })));
    expect(vcenter.vm('new')?.linkedTo).toBeUndefined();
  });

  it('V38: its deletion leaves source and snapshot', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    await taskEnd(await post(cloneVm, cloneParameters({ location: linking, spec: snapshot('snapshot-72') })));
    const id = vcenter.vm('new')?.id ?? '';
    expect(await taskEnd(await post(`VirtualMachine/${id}/Destroy_Task`))).toMatchObject({
      state: 'success',
    });
    expect(vcenter.vm(id)).toBeUndefined();
    expect(vcenter.vm('vm-42')?.snapshots).toHaveLength(2);
  });
});

describe('an instant clone', () => {
  it('V40, V43: runs at once on the host of its source, with guestinfo of its own', async () => {
    const { post, taskInfo, sleep, vcenter } = await startViVcenter({
      behaviour: { instantCloneDuration: 30 },
    });
    const started = await post(
      instantClone,
      instant({ spec: { config: [option('guestinfo.name', 'pr12')] } }),
    );
    await sleep(30);
    expect(await taskInfo(idOf(started))).toMatchObject({ name: 'InstantClone_Task', state: 'success' });
    const clone = vcenter.vm('fork');
    expect(clone).toMatchObject({
      ...{ powerState: 'POWERED_ON', host: vcenter.vm('vm-45')?.host, folder: 'group-v23', forkOf: 'vm-45' },
      extraConfig: new Map([['guestinfo.name', 'pr12']]),
    });
    expect(clone?.nics[0]?.macAddress).not.toBe(vcenter.vm('vm-45')?.nics[0]?.macAddress);
  });

  it('V42: reports the address of its source at first', async () => {
    const { post, rest, sleep, vcenter } = await startViVcenter();
    await sleep(1000);
    const addressOf = async (vm: string) => {
      const { body } = await rest('GET', `/api/vcenter/vm/${vm}/guest/networking/interfaces`);
      return /10\.20\.\d+\.\d+/.exec(JSON.stringify(body))?.[0];
    };
    const address = await addressOf('vm-45');
    await post(instantClone, instant());
    await sleep(30);
    const id = vcenter.vm('fork')?.id ?? '';
    expect(address).toBe('10.20.0.45');
    expect(await addressOf(id)).toBe(address);
    await sleep(150);
    expect(await addressOf(id)).not.toBe(address);
  });

  it('V25: goes to the folder of its location, and without one to that of the datacenter', async () => {
    const { post, vcenter } = await startViVcenter();
    await post(instantClone, instant({ location: { folder: undefined } }));
    expect(vcenter.vm('fork')?.folder).toBe('group-v3');
  });

  it.each([
    [
      'V40: of a VM that is off',
      'vm-42',
      {},
      { _typeName: 'InvalidPowerState', existingState: 'poweredOff' },
    ],
    ['V40: of a template', 'vm-44', {}, { _typeName: 'NotSupported' }],
    [
      'V41: on a host',
      'vm-45',
      { location: { host: ref('HostSystem', 'host-10') } },
      { _typeName: 'InvalidArgument', invalidProperty: 'spec.location.host' },
    ],
  ])('%s is refused', async (_, source, change, fault) => {
    const { post } = await startViVcenter();
    expect(await post(`VirtualMachine/${source}/InstantClone_Task`, instant(change))).toMatchObject({
      status: 500,
      body: fault,
    });
  });
});
