import type { DiskRecord, Inventory, NicRecord, VmRecord } from './inventory.ts';

/** `VM.Summary`. While it is copied, the VM does not say yet how large it is. */
export function vmSummary(vm: VmRecord): unknown {
  return {
    vm: vm.id,
    name: vm.name,
    power_state: vm.powerState,
    ...(!vm.copying && { cpu_count: vm.cpuCount, memory_size_MiB: vm.memoryMiB }),
  };
}

/** `VM.Info`. It tells neither folder nor host nor pool: the real one does not, either. */
export function vmInfo(vm: VmRecord, inventory: Inventory): unknown {
  return {
    name: vm.name,
    guest_OS: vm.guestOs,
    power_state: vm.powerState,
    instant_clone_frozen: vm.frozen,
    identity: { name: vm.name, bios_uuid: vm.biosUuid, instance_uuid: vm.instanceUuid },
    hardware: { version: 'VMX_19', upgrade_policy: 'NEVER', upgrade_status: 'NONE' },
    boot: {
      type: 'EFI',
      efi_legacy_boot: false,
      network_protocol: 'IPV4',
      delay: 0,
      retry: false,
      retry_delay: 10_000,
      enter_setup_mode: false,
    },
    boot_devices: [],
    cpu: cpuInfo(vm),
    memory: memoryInfo(vm),
    disks: Object.fromEntries(vm.disks.map((disk) => [disk.id, diskInfo({ disk, vm, inventory })])),
    nics: Object.fromEntries(vm.nics.map((nic) => [nic.id, nicInfo({ nic, vm, inventory })])),
    cdroms: {},
    floppies: {},
    parallel_ports: {},
    serial_ports: {},
    sata_adapters: {},
    scsi_adapters: {
      1000: { label: 'SCSI controller 0', type: 'PVSCSI', scsi: { bus: 0, unit: 7 }, sharing: 'NONE' },
    },
    nvme_adapters: {},
  };
}

/** How memory is added to a VM that runs, in MiB. */
export const memoryHotAdd = { step: 128, limit: 64 * 1024 } as const;

/** `Cpu.Info`. */
export function cpuInfo(vm: VmRecord): unknown {
  return {
    count: vm.cpuCount,
    cores_per_socket: vm.coresPerSocket,
    hot_add_enabled: vm.cpuHotAdd,
    hot_remove_enabled: vm.cpuHotRemove,
  };
}

/** `Memory.Info`. */
export function memoryInfo(vm: VmRecord): unknown {
  return {
    size_MiB: vm.memoryMiB,
    hot_add_enabled: vm.memoryHotAdd,
    ...(vm.memoryHotAdd &&
      vm.powerState === 'POWERED_ON' && {
        hot_add_increment_size_MiB: memoryHotAdd.step,
        hot_add_limit_MiB: memoryHotAdd.limit,
      }),
  };
}

export function diskInfo(options: {
  readonly disk: DiskRecord;
  readonly vm: VmRecord;
  readonly inventory: Inventory;
}): unknown {
  const { disk, vm, inventory } = options;
  const datastore = inventory.datastores.get(disk.datastore)?.name ?? disk.datastore;
  const number = disk.unit === 0 ? '' : `_${disk.unit}`;
  return {
    label: disk.label,
    type: 'SCSI',
    scsi: { bus: 0, unit: disk.unit },
    backing: { type: 'VMDK_FILE', vmdk_file: `[${datastore}] ${vm.name}/${vm.name}${number}.vmdk` },
    capacity: disk.capacity,
  };
}

export function nicInfo(options: {
  readonly nic: NicRecord;
  readonly vm: VmRecord;
  readonly inventory: Inventory;
}): unknown {
  const { nic, vm, inventory } = options;
  const network = inventory.networks.get(nic.network);
  return {
    label: nic.label,
    type: 'VMXNET3',
    upt_compatibility_enabled: true,
    mac_type: 'ASSIGNED',
    mac_address: nic.macAddress,
    pci_slot_number: 192,
    wake_on_lan_enabled: true,
    backing: {
      type: network?.type ?? 'STANDARD_PORTGROUP',
      network: nic.network,
      ...(network?.type === 'STANDARD_PORTGROUP' && { network_name: network.name }),
    },
    state: vm.powerState === 'POWERED_ON' ? 'CONNECTED' : 'NOT_CONNECTED',
    start_connected: nic.startConnected ?? true,
    allow_guest_control: true,
  };
}
