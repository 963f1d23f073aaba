import { type ClonePlan, checkOneDatacenter, maxNameLength } from '../clone-plan.ts';
import type { Customization } from '../customization.ts';
import type { DiskRecord, SnapshotRecord, VmRecord } from '../inventory.ts';
import type { World } from '../world.ts';
import {
  type ConfigSpec,
  changedExtraConfig,
  changedSizes,
  type DeviceChange,
  demandForConfig,
  editedNics,
  type OptionValue,
  removedDisks,
} from './config-spec.ts';
import type { Reference } from './data.ts';
import { invalidArgument, invalidPowerState, objectNotFound, ViFault } from './fault.ts';
import { powerStates } from './virtual-machine.ts';

export interface RelocateSpec {
  readonly folder?: Reference;
  readonly datastore?: Reference;
  readonly diskMoveType?: string;
  readonly pool?: Reference;
  readonly host?: Reference;
  readonly disk?: readonly {
    readonly diskId: number;
    readonly datastore: Reference;
    readonly diskMoveType?: string;
  }[];
  readonly deviceChange?: readonly DeviceChange[];
}

interface CustomizationSpec {
  readonly identity: {
    readonly _typeName: string;
    readonly metadata?: string;
    readonly userdata?: string;
  };
  readonly nicSettingMap?: readonly object[];
}

export interface ViCloneParameters {
  readonly folder: Reference;
  readonly name: string;
  readonly spec: {
    readonly location: RelocateSpec;
    readonly template: boolean;
    readonly powerOn: boolean;
    readonly config?: ConfigSpec;
    readonly customization?: CustomizationSpec;
    readonly snapshot?: Reference;
  };
}

export interface InstantCloneSpec {
  readonly name: string;
  readonly location: RelocateSpec;
  readonly config?: readonly OptionValue[];
}

/** A disk that shares the snapshot's files; everything else is a copy in full. */
const linking = 'createNewChildDiskBacking';
const moveTypes = [
  linking,
  'moveAllDiskBackingsAndDisallowSharing',
  'moveAllDiskBackingsAndAllowSharing',
  'moveAllDiskBackingsAndConsolidate',
  'moveChildMostDiskBacking',
];

/** CloneVM_Task: what it would make. Throws the refusal. */
export function planClone(
  world: World,
  source: VmRecord,
  { folder, name, spec }: ViCloneParameters,
): ClonePlan {
  const { location, config = {} } = spec;
  checkName(name);
  const target = folderOf(world, location.folder ?? folder);
  const isOn = spec.powerOn && !spec.template;
  const { host, resourcePool } = placeCompute(world, { source, location, isOn, asTemplate: spec.template });
  const snapshot = snapshotOf(source, spec.snapshot);
  const moveType = moveTypeOf(location);
  if (moveType === linking && !snapshot) {
    throw invalidArgument('spec.snapshot', 'A disk can only be shared from a snapshot.');
  }
  const disks = plannedDisks(world, { source, location, removed: removedDisks(source, config.deviceChange) });
  const datastore = datastoreOf(world, location.datastore) ?? source.datastore;
  checkOneDatacenter({ inventory: world.inventory, folder: target, resourcePool, datastore, disks });
  const customization = spec.template ? undefined : customizationOf(source, spec.customization);
  const before = snapshot ? { ...source, ...snapshot.vm } : source;
  const sizes = changedSizes(before, config);
  const extraConfig = changedExtraConfig(world, before.extraConfig, config.extraConfig);
  const nics = editedNics(world, source, location.deviceChange);

  const [ofTemplate, ofVm] = spec.template
    ? ['CloneTemplate', 'CreateTemplateFromVM']
    : ['DeployTemplate', 'Clone'];
  const { permissions } = world;
  permissions.demand(`VirtualMachine.Provisioning.${source.template ? ofTemplate : ofVm}`, source.id);
  demandPlacement(world, { folder: target, resourcePool, datastore, disks });
  if (customization) permissions.demand('VirtualMachine.Provisioning.Customize', source.id);
  if (isOn) permissions.demand('VirtualMachine.Interact.PowerOn', target);
  demandForConfig(world, source.id, config);
  // A locator that says something else wins over the type for all disks: a copy in full, without a word (CAPV #1611).
  const isLinked =
    snapshot && (location.disk ?? []).every((disk) => (disk.diskMoveType ?? moveType) === linking);
  return {
    ...{ source, name, folder: target, host, resourcePool, datastore, disks, powerOn: isOn, customization },
    changes: {
      ...{ vm: sizes, extraConfig, nics, asTemplate: spec.template, isFork: false },
      linkedTo: isLinked && moveType === linking ? snapshot.id : undefined,
    },
  };
}

/** InstantClone_Task: the same. */
export function planInstantClone(world: World, source: VmRecord, spec: InstantCloneSpec): ClonePlan {
  const { name, location } = spec;
  if (source.template) {
    throw new ViFault({ name: 'NotSupported', text: 'The operation is not supported on a template.' });
  }
  if (source.powerState !== 'POWERED_ON') {
    throw invalidPowerState(powerStates.POWERED_ON, powerStates[source.powerState]);
  }
  checkName(name);
  for (const field of ['host', 'disk', 'diskMoveType'] as const) {
    if (location[field] !== undefined) {
      throw invalidArgument(`spec.location.${field}`, 'An instant clone cannot be given one.');
    }
  }
  // The default is the datacenter's own folder, not that of the source.
  const { vmFolder } = world.inventory.get('datacenter', world.inventory.datacenters, source.datacenter);
  const folder = location.folder ? folderOf(world, location.folder) : vmFolder;
  const resourcePool = poolOf(world, location.pool)?.id ?? source.resourcePool;
  const datastore = datastoreOf(world, location.datastore) ?? source.datastore;
  const { disks } = source;
  checkOneDatacenter({ inventory: world.inventory, folder, resourcePool, datastore, disks });
  const nics = editedNics(world, source, location.deviceChange);
  world.permissions.demand('VirtualMachine.Provisioning.Clone', source.id);
  world.permissions.demand('VirtualMachine.Interact.PowerOn', source.id);
  demandPlacement(world, { folder, resourcePool, datastore, disks: [] });
  return {
    ...{ source, name, folder, host: source.host, resourcePool, datastore, disks, powerOn: true },
    customization: undefined,
    changes: {
      vm: {},
      extraConfig: changedExtraConfig(world, source.extraConfig, spec.config),
      nics,
      asTemplate: false,
      linkedTo: undefined,
      isFork: true,
    },
  };
}

function checkName(name: string): void {
  if (name !== '' && name.length <= maxNameLength) return;
  throw new ViFault({ name: 'InvalidName', text: `The name '${name}' is not valid.`, fields: { name } });
}

function demandPlacement(
  { permissions }: World,
  plan: Pick<ClonePlan, 'folder' | 'resourcePool' | 'datastore' | 'disks'>,
): void {
  permissions.demand('VirtualMachine.Inventory.CreateFromExisting', plan.folder);
  permissions.demand('Resource.AssignVMToPool', plan.resourcePool);
  for (const id of new Set([plan.datastore, ...plan.disks.map((disk) => disk.datastore)])) {
    permissions.demand('Datastore.AllocateSpace', id);
  }
}

function folderOf({ inventory }: World, { type, value: id }: Reference): string {
  const folder = inventory.folders.get(id);
  if (!folder) throw objectNotFound({ type, id });
  if (folder.type === 'VIRTUAL_MACHINE') return id;
  throw invalidArgument('folder', 'It does not hold virtual machines.');
}

function datastoreOf({ inventory }: World, datastore: Reference | undefined): string | undefined {
  if (!datastore) return undefined;
  const { type, value: id } = datastore;
  if (!inventory.datastores.has(id)) throw objectNotFound({ type, id });
  return id;
}

function poolOf({ inventory }: World, pool: Reference | undefined) {
  if (!pool) return undefined;
  const { type, value: id } = pool;
  const found = inventory.resourcePools.get(id);
  if (!found) throw objectNotFound({ type, id });
  return found;
}

/** The rules of VirtualMachineRelocateSpec: a template is in no pool, and only DRS chooses a host for what is to run. */
function placeCompute(
  world: World,
  options: {
    readonly source: VmRecord;
    readonly location: RelocateSpec;
    readonly isOn: boolean;
    readonly asTemplate: boolean;
  },
): { readonly host: string; readonly resourcePool: string } {
  const { source, location, isOn, asTemplate } = options;
  const { inventory } = world;
  const pool = poolOf(world, location.pool);
  if (!pool && source.template && !asTemplate) {
    throw invalidArgument('spec.location.pool', 'A virtual machine that is made of a template needs one.');
  }
  const host = location.host && inventory.hosts.get(location.host.value);
  if (location.host && !host) {
    throw objectNotFound({ type: location.host.type, id: location.host.value });
  }
  if (host && pool && pool.owner !== (host.cluster ?? host.id)) {
    throw invalidArgument('spec.location.host', 'It does not belong to the resource pool.');
  }
  const resourcePool = pool?.id ?? source.resourcePool;
  if (host) return { host: host.id, resourcePool };
  if (!pool) return { host: source.host, resourcePool };
  const cluster = inventory.clusters.get(pool.owner);
  if (!cluster) return { host: pool.owner, resourcePool };
  const first = [...inventory.hosts.values()].find((each) => each.cluster === cluster.id);
  if (!first || (isOn && !cluster.drsEnabled)) {
    throw invalidArgument('spec.location.host', 'Without DRS a host must be given.');
  }
  return { host: first.id, resourcePool };
}

function snapshotOf(source: VmRecord, snapshot: Reference | undefined): SnapshotRecord | undefined {
  if (!snapshot) return undefined;
  const { type, value: id } = snapshot;
  const found = source.snapshots.find((each) => each.id === id);
  if (!found) throw objectNotFound({ type, id });
  return found;
}

function moveTypeOf({ diskMoveType }: RelocateSpec): string | undefined {
  if (diskMoveType === undefined || moveTypes.includes(diskMoveType)) return diskMoveType;
  throw invalidArgument('spec.location.diskMoveType', `'${diskMoveType}' is none.`);
}

function plannedDisks(
  world: World,
  options: {
    readonly source: VmRecord;
    readonly location: RelocateSpec;
    readonly removed: readonly string[];
  },
): readonly DiskRecord[] {
  const { source, location, removed } = options;
  const locators = new Map((location.disk ?? []).map((disk) => [String(disk.diskId), disk]));
  for (const id of locators.keys()) {
    if (!source.disks.some((disk) => disk.id === id)) {
      throw invalidArgument('spec.location.disk.diskId', `There is no disk ${id}.`);
    }
  }
  const given = datastoreOf(world, location.datastore);
  return source.disks
    .filter(({ id }) => !removed.includes(id))
    .map((disk) => ({
      ...disk,
      datastore: datastoreOf(world, locators.get(disk.id)?.datastore) ?? given ?? disk.datastore,
    }));
}

function customizationOf(source: VmRecord, spec: CustomizationSpec | undefined): Customization | undefined {
  if (!spec) return undefined;
  const { identity, nicSettingMap = [] } = spec;
  if (nicSettingMap.length !== source.nics.length) {
    throw new ViFault({
      name: 'NicSettingMismatch',
      text: 'The number of network settings is not that of the network adapters.',
      fields: { numberOfNicsInSpec: nicSettingMap.length, numberOfNicsInVM: source.nics.length },
    });
  }
  const { metadata, userdata } = identity;
  return identity._typeName === 'CustomizationCloudinitPrep'
    ? { kind: 'cloud-init', osType: 'LINUX', metadata, userdata, startedAt: undefined }
    : {
        kind: 'spec',
        osType: identity._typeName === 'CustomizationSysprepText' ? 'WINDOWS' : 'LINUX',
        startedAt: undefined,
      };
}
