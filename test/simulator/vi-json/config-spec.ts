import type { NicRecord, VmRecord } from '../inventory.ts';
import type { World } from '../world.ts';
import { type Reference, unbox } from './data.ts';
import { invalidArgument, invalidPowerState, ViFault } from './fault.ts';
import { powerStates } from './virtual-machine.ts';

/** VirtualMachineConfigSpec, as far as it is honoured. */
export interface ConfigSpec {
  readonly changeVersion?: string;
  readonly annotation?: string;
  readonly numCPUs?: number;
  readonly numCoresPerSocket?: number;
  readonly memoryMB?: number;
  readonly extraConfig?: readonly OptionValue[];
  readonly deviceChange?: readonly DeviceChange[];
}

export interface OptionValue {
  readonly key: string;
  readonly value?: unknown;
}

export interface DeviceChange {
  readonly operation?: 'add' | 'remove' | 'edit';
  readonly device: {
    readonly _typeName: string;
    readonly key: number;
    readonly backing?: {
      readonly deviceName?: string;
      readonly network?: Reference;
      readonly port?: { readonly portgroupKey?: string };
      readonly opaqueNetworkId?: string;
    };
    readonly connectable?: { readonly startConnected: boolean };
  };
}

type Sizes = Pick<VmRecord, 'cpuCount' | 'coresPerSocket' | 'memoryMiB' | 'annotation'>;

/** What the spec makes of a VM's settings; throws the refusal of what they cannot be. */
export function changedSizes(vm: Sizes, spec: ConfigSpec): Sizes {
  const cpuCount = spec.numCPUs ?? vm.cpuCount;
  const coresPerSocket = spec.numCoresPerSocket ?? vm.coresPerSocket;
  const memoryMiB = spec.memoryMB ?? vm.memoryMiB;
  if (cpuCount < 1 || cpuCount > maxCpuCount) {
    throw invalidArgument('configSpec.numCPUs', `It can be 1 to ${maxCpuCount}.`);
  }
  if (coresPerSocket > 0 && cpuCount % coresPerSocket !== 0) {
    throw invalidArgument(
      'configSpec.numCPUs',
      `It is not a multiple of ${coresPerSocket} cores per socket.`,
    );
  }
  if (memoryMiB < memoryStep || memoryMiB % memoryStep !== 0) {
    throw invalidArgument('configSpec.memoryMB', `It must be a multiple of ${memoryStep}.`);
  }
  return { cpuCount, coresPerSocket, memoryMiB, annotation: spec.annotation ?? vm.annotation };
}

const maxCpuCount = 768;
const memoryStep = 4;

/** An empty value takes the key away; keys that clash with known settings are ignored without a word. */
export function changedExtraConfig(
  { behaviour }: World,
  before: ReadonlyMap<string, string>,
  options: readonly OptionValue[] = [],
): ReadonlyMap<string, string> {
  const after = new Map(before);
  for (const { key, value } of options) {
    const text = String(unbox(value) ?? '');
    if (behaviour.ignoresExtraConfig(key)) continue;
    if (text === '') after.delete(key);
    else after.set(key, text);
  }
  return after;
}

/** The privileges that a spec's fields need, on a VM or on what it is cloned from. */
export function demandForConfig({ permissions }: World, id: string, spec: ConfigSpec): void {
  if (spec.numCPUs !== undefined) permissions.demand('VirtualMachine.Config.CPUCount', id);
  if (spec.memoryMB !== undefined) permissions.demand('VirtualMachine.Config.Memory', id);
  if (spec.extraConfig !== undefined) permissions.demand('VirtualMachine.Config.AdvancedConfig', id);
  if (spec.annotation !== undefined) permissions.demand('VirtualMachine.Config.Annotation', id);
  if (spec.deviceChange !== undefined) permissions.demand('VirtualMachine.Config.AddRemoveDevice', id);
}

/** Disks that `remove` names; throws the refusal of every other change. */
export function removedDisks(vm: VmRecord, changes: readonly DeviceChange[] = []): readonly string[] {
  return changes.map(({ operation, device }) => {
    const id = String(device.key);
    if (operation !== 'remove' || device._typeName !== 'VirtualDisk') {
      throw new ViFault({ name: 'NotSupported', text: 'Here only disks can be removed.' });
    }
    if (!vm.disks.some((disk) => disk.id === id)) {
      throw invalidArgument('configSpec.deviceChange.device.key', `There is no disk ${id}.`);
    }
    return id;
  });
}

/** `edit` of network cards: what is not sent stays as it is. */
export function editedNics(
  world: World,
  vm: VmRecord,
  changes: readonly DeviceChange[] = [],
): readonly NicRecord[] {
  const edits = new Map(changes.map((change) => [String(change.device.key), change]));
  for (const [id, { operation }] of edits) {
    if (operation !== 'edit' || !vm.nics.some((nic) => nic.id === id)) {
      throw invalidArgument('spec.location.deviceChange', `There is no network card ${id} to edit.`);
    }
  }
  return vm.nics.map((nic) => {
    const { backing, connectable } = edits.get(nic.id)?.device ?? {};
    return {
      ...nic,
      ...(backing && { network: networkOf(world, vm, backing), nextNetwork: undefined }),
      ...(connectable && { startConnected: connectable.startConnected }),
    };
  });
}

function networkOf(
  { inventory, permissions }: World,
  vm: VmRecord,
  backing: NonNullable<DeviceChange['device']['backing']>,
): string {
  const id = backing.network?.value ?? backing.port?.portgroupKey ?? backing.opaqueNetworkId;
  const network = [...inventory.networks.values()]
    .filter(({ datacenter }) => datacenter === vm.datacenter)
    .find((each) => (id === undefined ? each.name === backing.deviceName : each.id === id));
  if (!network)
    throw invalidArgument('spec.location.deviceChange.device.backing', 'There is no such network.');
  permissions.demand('Network.Assign', network.id);
  return network.id;
}

/** ReconfigVM_Task at its end. Throws the refusal. */
export function applyConfig(world: World, vm: VmRecord, spec: ConfigSpec): void {
  if (spec.changeVersion !== undefined && spec.changeVersion !== String(vm.changeVersion)) {
    throw new ViFault({
      name: 'ConcurrentAccess',
      text: 'The virtual machine was reconfigured by somebody else meanwhile.',
    });
  }
  if (vm.template) throw invalidTemplate();
  const sizes = changedSizes(vm, spec);
  const isHot =
    (sizes.cpuCount !== vm.cpuCount && !vm.cpuHotAdd) ||
    (sizes.memoryMiB !== vm.memoryMiB && !vm.memoryHotAdd) ||
    spec.deviceChange !== undefined;
  if (vm.powerState !== 'POWERED_OFF' && isHot) {
    throw invalidPowerState(powerStates.POWERED_OFF, powerStates[vm.powerState]);
  }
  const removed = removedDisks(vm, spec.deviceChange);
  const extraConfig = changedExtraConfig(world, vm.extraConfig, spec.extraConfig);
  Object.assign(vm, sizes);
  vm.disks = vm.disks.filter(({ id }) => !removed.includes(id));
  vm.extraConfig.clear();
  for (const [key, value] of extraConfig) vm.extraConfig.set(key, value);
  vm.changeVersion += 1;
}

function invalidTemplate(): ViFault {
  return new ViFault({ name: 'NotSupported', text: 'The operation is not supported on a template.' });
}
