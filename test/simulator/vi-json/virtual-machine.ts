import type { NicRecord, PowerState, SnapshotRecord, VmRecord } from '../inventory.ts';
import type { World } from '../world.ts';
import { box, type DataObject, data, referenceTo } from './data.ts';

export const powerStates: Readonly<Record<PowerState, string>> = {
  POWERED_ON: 'poweredOn',
  POWERED_OFF: 'poweredOff',
  SUSPENDED: 'suspended',
};

/** VirtualMachine.config; undefined where vCenter cannot read it. */
export function vmConfig(world: World, vm: VmRecord): DataObject | undefined {
  if (vm.inaccessible) return undefined;
  const isWindows = vm.guestOs.startsWith('WINDOWS');
  return data('VirtualMachineConfigInfo', {
    changeVersion: String(vm.changeVersion),
    modified: world.serverTime(vm.createdAt),
    name: vm.name,
    guestFullName: isWindows ? 'Microsoft Windows Server 2022 (64-bit)' : 'Ubuntu Linux (64-bit)',
    version: 'vmx-19',
    uuid: vm.biosUuid,
    createDate: world.serverTime(vm.createdAt),
    instanceUuid: vm.instanceUuid,
    template: vm.template,
    guestId: isWindows ? 'windows2019srvNext_64Guest' : 'ubuntu64Guest',
    alternateGuestName: '',
    annotation: vm.annotation,
    files: data('VirtualMachineFileInfo', { vmPathName: `${folderOf(world, vm)}/${vm.name}.vmx` }),
    flags: data('VirtualMachineFlagInfo'),
    defaultPowerOps: data('VirtualMachineDefaultPowerOpInfo'),
    hardware: data('VirtualHardware', {
      numCPU: vm.cpuCount,
      numCoresPerSocket: vm.coresPerSocket,
      memoryMB: vm.memoryMiB,
      device: devices(world, vm),
    }),
    memoryHotAddEnabled: vm.memoryHotAdd,
    cpuHotAddEnabled: vm.cpuHotAdd,
    cpuHotRemoveEnabled: vm.cpuHotRemove,
    extraConfig: [...vm.extraConfig].map(([key, value]) =>
      data('OptionValue', { key, value: box('string', value) }),
    ),
  });
}

function folderOf({ inventory }: World, vm: VmRecord, datastore = vm.datastore): string {
  return `[${inventory.datastores.get(datastore)?.name ?? datastore}] ${vm.name}`;
}

function devices(world: World, vm: VmRecord): readonly DataObject[] {
  const controller = data('ParaVirtualSCSIController', {
    key: 1000,
    deviceInfo: description('SCSI controller 0', 'VMware paravirtual SCSI'),
    busNumber: 0,
    device: vm.disks.map(({ id }) => Number(id)),
    sharedBus: 'noSharing',
  });
  return [controller, ...disks(world, vm), ...vm.nics.map((nic) => ethernetCard(world, vm, nic))];
}

function disks(world: World, vm: VmRecord): readonly DataObject[] {
  return vm.disks.map((disk) => {
    const number = disk.unit === 0 ? '' : `_${disk.unit}`;
    const backing = data('VirtualDiskFlatVer2BackingInfo', {
      fileName: `${folderOf(world, vm, disk.datastore)}/${vm.name}${number}.vmdk`,
      datastore: referenceTo('Datastore', disk.datastore),
      diskMode: 'persistent',
      thinProvisioned: true,
    });
    return data('VirtualDisk', {
      key: Number(disk.id),
      deviceInfo: description(disk.label, `${(disk.capacity / 1024).toLocaleString('en')} KB`),
      backing,
      controllerKey: 1000,
      unitNumber: disk.unit,
      capacityInKB: disk.capacity / 1024,
      capacityInBytes: disk.capacity,
    });
  });
}

function ethernetCard({ inventory }: World, vm: VmRecord, nic: NicRecord): DataObject {
  const network = inventory.networks.get(nic.network);
  const backings = {
    STANDARD_PORTGROUP: () =>
      data('VirtualEthernetCardNetworkBackingInfo', {
        deviceName: network?.name ?? '',
        network: referenceTo('Network', nic.network),
      }),
    DISTRIBUTED_PORTGROUP: () =>
      data('VirtualEthernetCardDistributedVirtualPortBackingInfo', {
        port: data('DistributedVirtualSwitchPortConnection', { switchUuid, portgroupKey: nic.network }),
      }),
    OPAQUE_NETWORK: () =>
      data('VirtualEthernetCardOpaqueNetworkBackingInfo', {
        opaqueNetworkId: nic.network,
        opaqueNetworkType: 'nsx.LogicalSwitch',
      }),
  };
  const { startConnected = true } = nic;
  return data('VirtualVmxnet3', {
    key: Number(nic.id),
    deviceInfo: description(nic.label, network?.name ?? ''),
    backing: backings[network?.type ?? 'STANDARD_PORTGROUP'](),
    connectable: data('VirtualDeviceConnectInfo', {
      startConnected,
      allowGuestControl: true,
      connected: startConnected && vm.powerState === 'POWERED_ON',
    }),
    addressType: 'assigned',
    macAddress: nic.macAddress,
  });
}

/** One switch has all distributed port groups. */
export const switchUuid = '50 1e aa 5d 8e 21 42 6b-9a 0f 3c 77 10 5e c4 d2';

function description(label: string, summary: string): DataObject {
  return data('Description', { label, summary });
}

/** VirtualMachine.runtime. */
export function vmRuntime(world: World, vm: VmRecord): DataObject {
  return data('VirtualMachineRuntimeInfo', {
    host: referenceTo('HostSystem', vm.host),
    connectionState: vm.inaccessible ? 'inaccessible' : 'connected',
    powerState: powerStates[vm.powerState],
    faultToleranceState: 'notConfigured',
    toolsInstallerMounted: false,
    ...(vm.poweredOnAt !== undefined && { bootTime: world.serverTime(vm.poweredOnAt) }),
    numMksConnections: 0,
    recordReplayState: 'inactive',
    cleanPowerOff: vm.powerState === 'POWERED_OFF' ? vm.cleanPowerOff : undefined,
    onlineStandby: false,
    consolidationNeeded: false,
    instantCloneFrozen: vm.frozen,
  });
}

/** VirtualMachine.snapshot; undefined where there is none. */
export function vmSnapshots(world: World, vm: VmRecord): DataObject | undefined {
  if (vm.snapshots.length === 0) return undefined;
  return data('VirtualMachineSnapshotInfo', {
    currentSnapshot: referenceTo('VirtualMachineSnapshot', vm.currentSnapshot),
    rootSnapshotList: snapshotTrees(world, { vm, parent: undefined }),
  });
}

function snapshotTrees(
  world: World,
  { vm, parent }: { readonly vm: VmRecord; readonly parent: string | undefined },
): readonly DataObject[] {
  const tree = (snapshot: SnapshotRecord): DataObject => {
    const children = snapshotTrees(world, { vm, parent: snapshot.id });
    return data('VirtualMachineSnapshotTree', {
      snapshot: referenceTo('VirtualMachineSnapshot', snapshot.id),
      vm: referenceTo('VirtualMachine', vm.id),
      name: snapshot.name,
      description: snapshot.description,
      id: snapshot.number,
      createTime: snapshot.createTime ?? world.serverTime(snapshot.createdAt),
      state: powerStates[snapshot.vm.powerState],
      quiesced: false,
      childSnapshotList: children.length > 0 ? children : undefined,
      replaySupported: false,
    });
  };
  return vm.snapshots.filter((snapshot) => snapshot.parent === parent).map(tree);
}
