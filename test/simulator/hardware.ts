import type { VmRecord } from './inventory.ts';
import {
  boolean,
  type Call,
  done,
  integer,
  type OperationDefinition,
  ok,
  readableVm,
  vmOf,
} from './operation.ts';
import { invalidPowerState, refuseBusy } from './power.ts';
import { invalidArgument, message, notFound, serverGuid, type VapiError, vapiError } from './vapi-error.ts';
import { cpuInfo, memoryHotAdd, memoryInfo, nicInfo } from './virtual-machine.ts';
import type { World } from './world.ts';

/** What a virtual machine of hardware version 19 can have. Memory in MiB. */
const maxCpuCount = 768;
const maxMemory = 24 * 1024 * 1024;
const memoryStep = 4;

interface CpuUpdate {
  readonly count?: number;
  readonly cores_per_socket?: number;
  readonly hot_add_enabled?: boolean;
  readonly hot_remove_enabled?: boolean;
}

interface MemoryUpdate {
  readonly size_MiB?: number;
  readonly hot_add_enabled?: boolean;
}

interface EthernetUpdate {
  readonly backing?: { readonly type: string; readonly network?: string };
  readonly start_connected?: boolean;
}

export const getCpu: OperationDefinition = {
  handle: (world, call) => ok(cpuInfo(readableVm(world, call))),
};

export const getMemory: OperationDefinition = {
  handle: (world, call) => ok(memoryInfo(readableVm(world, call))),
};

export const updateCpu: OperationDefinition = {
  body: {
    kind: 'structure',
    name: 'com.vmware.vcenter.vm.hardware.cpu.update_spec',
    fields: {
      count: integer,
      cores_per_socket: integer,
      hot_add_enabled: boolean,
      hot_remove_enabled: boolean,
    },
  },
  handle: (world, call) => {
    const vm = changeableVm(world, { call, privilege: 'VirtualMachine.Config.CPUCount' });
    const update = call.body as CpuUpdate;
    const { count = vm.cpuCount, cores_per_socket: cores = vm.coresPerSocket } = update;
    if (count < 1 || count > maxCpuCount) {
      throw invalidArgument('count', 'The number of CPUs is {0}; it can be 1 to {1}.', [
        String(count),
        String(maxCpuCount),
      ]);
    }
    // With 0 vCenter chooses the cores at power-on: there is nothing to divide by.
    if (cores < 0 || (cores > 0 && count % cores !== 0)) {
      throw invalidArgument(
        'count',
        'The number of CPUs ({0}) is not a multiple of the number of cores per socket ({1}).',
        [String(count), String(cores)],
      );
    }
    if (vm.powerState !== 'POWERED_OFF') {
      const { hot_add_enabled: hotAdd, hot_remove_enabled: hotRemove } = update;
      const isRefused =
        hotAdd !== undefined ||
        hotRemove !== undefined ||
        (count > vm.cpuCount && !vm.cpuHotAdd) ||
        (count < vm.cpuCount && !vm.cpuHotRemove) ||
        cores !== vm.coresPerSocket;
      if (isRefused) throw notOff(vm);
    }
    vm.cpuCount = count;
    vm.coresPerSocket = cores;
    vm.cpuHotAdd = update.hot_add_enabled ?? vm.cpuHotAdd;
    vm.cpuHotRemove = update.hot_remove_enabled ?? vm.cpuHotRemove;
    return done;
  },
};

export const updateMemory: OperationDefinition = {
  body: {
    kind: 'structure',
    name: 'com.vmware.vcenter.vm.hardware.memory.update_spec',
    fields: { size_MiB: integer, hot_add_enabled: boolean },
  },
  handle: (world, call) => {
    const vm = changeableVm(world, { call, privilege: 'VirtualMachine.Config.Memory' });
    const { size_MiB: size, hot_add_enabled: hotAdd } = call.body as MemoryUpdate;
    if (size !== undefined) checkMemory(size);
    if (vm.powerState !== 'POWERED_OFF') {
      if (hotAdd !== undefined || (size !== undefined && !vm.memoryHotAdd)) throw notOff(vm);
      if (
        size !== undefined &&
        (size < vm.memoryMiB || size > memoryHotAdd.limit || size % memoryHotAdd.step !== 0)
      ) {
        throw invalidArgument(
          'size_MiB',
          'Memory can be added in steps of {0} MiB, up to {1} MiB, while the virtual machine runs.',
          [String(memoryHotAdd.step), String(memoryHotAdd.limit)],
        );
      }
    }
    vm.memoryMiB = size ?? vm.memoryMiB;
    vm.memoryHotAdd = hotAdd ?? vm.memoryHotAdd;
    return done;
  },
};

function checkMemory(size: number): void {
  if (size >= memoryStep && size <= maxMemory && size % memoryStep === 0) return;
  throw invalidArgument('size_MiB', 'The memory size is {0} MiB; it can be {1} to {2}, in steps of {1}.', [
    String(size),
    String(memoryStep),
    String(maxMemory),
  ]);
}

export const getNic: OperationDefinition = {
  handle: (world, call) => {
    const vm = readableVm(world, call);
    return ok(nicInfo({ nic: nicOf(vm, call), vm, inventory: world.inventory }));
  },
};

/** Of `Ethernet.UpdateSpec` it does what a client needs who moves an adapter to another network. */
export const updateNic: OperationDefinition = {
  body: {
    kind: 'structure',
    name: 'com.vmware.vcenter.vm.hardware.ethernet.update_spec',
    fields: {
      backing: {
        kind: 'structure',
        name: 'com.vmware.vcenter.vm.hardware.ethernet.backing_spec',
        required: ['type'],
        fields: {
          type: {
            kind: 'enum',
            values: ['STANDARD_PORTGROUP', 'HOST_DEVICE', 'DISTRIBUTED_PORTGROUP', 'OPAQUE_NETWORK'],
          },
          network: { kind: 'string' },
        },
      },
      start_connected: boolean,
    },
  },
  handle: (world, call) => {
    const vm = changeableVm(world, { call, privilege: 'VirtualMachine.Config.EditDevice' });
    const nic = nicOf(vm, call);
    const update = call.body as EthernetUpdate;
    if (update.backing) {
      const network = networkOf(world, update.backing);
      // Of a VM that is not off, the change waits for the next power-on.
      if (vm.powerState === 'POWERED_OFF') nic.network = network;
      else nic.nextNetwork = network;
    }
    nic.startConnected = update.start_connected ?? nic.startConnected ?? true;
    return done;
  },
};

/** The network's id; throws the refusal of a backing that names none, or one of another type. */
function networkOf(
  { inventory, permissions }: World,
  backing: NonNullable<EthernetUpdate['backing']>,
): string {
  if (backing.type === 'HOST_DEVICE') {
    throw invalidArgument('backing.type', "The backing type '{0}' is not supported.", [backing.type]);
  }
  if (backing.network === undefined) {
    throw invalidArgument('backing.network', "A backing of the type '{0}' needs a network.", [backing.type]);
  }
  const network = inventory.get('network', inventory.networks, backing.network);
  if (network.type !== backing.type) {
    throw invalidArgument('backing.type', "Network '{0}' is of the type '{1}', not '{2}'.", [
      network.id,
      network.type,
      backing.type,
    ]);
  }
  permissions.demand('Network.Assign', network.id);
  return network.id;
}

function nicOf(vm: VmRecord, call: Call) {
  const nic = vm.nics.find(({ id }) => id === call.path['nic']);
  if (!nic) throw notFound('nic', call.path['nic'] ?? '');
  return nic;
}

/** The VM of the path, for those who may change it and when nothing else does. */
export function changeableVm(
  world: World,
  options: { readonly call: Call; readonly privilege: string },
): VmRecord {
  const vm = vmOf(world, options.call);
  world.permissions.demand(options.privilege, vm.id);
  refuseBusy(vm, world.settle());
  return vm;
}

/** The refusal of a change that only a VM that is off can take. */
export function notOff(vm: VmRecord): VapiError {
  return vapiError(
    'NOT_ALLOWED_IN_CURRENT_STATE',
    message(
      'com.vmware.api.vcenter.vm.not_powered_off',
      "Virtual machine with identifier '{0}' is not powered off.",
      [`${vm.id}:${serverGuid}`],
    ),
    invalidPowerState(vm.powerState),
  );
}
