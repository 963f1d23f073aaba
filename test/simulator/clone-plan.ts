import type { CloneSpec } from './clone-spec.ts';
import { type Customization, storedCustomization } from './customization.ts';
import type { DiskRecord, Inventory, NicRecord, VmRecord } from './inventory.ts';
import type { Permissions } from './permissions.ts';
import { invalidArgument, message, notFound, vapiError } from './vapi-error.ts';

/** A clone spec with everything resolved that it leaves to the source or to vCenter. */
export interface ClonePlan {
  readonly source: VmRecord;
  readonly name: string;
  readonly folder: string;
  readonly host: string;
  readonly resourcePool: string;
  readonly datastore: string;
  readonly disks: readonly DiskRecord[];
  readonly powerOn: boolean;
  readonly customization: Customization | undefined;
  /** What VI/JSON makes different from the source. */
  readonly changes?: CloneChanges;
}

export interface CloneChanges {
  readonly vm: Partial<Pick<VmRecord, 'cpuCount' | 'coresPerSocket' | 'memoryMiB' | 'annotation'>>;
  /** All of them, in place of the source's. */
  readonly extraConfig: ReadonlyMap<string, string>;
  readonly nics: readonly NicRecord[];
  readonly asTemplate: boolean;
  /** The snapshot of a linked clone. */
  readonly linkedTo: string | undefined;
  /** An instant clone runs from its first moment, where its source is. */
  readonly isFork: boolean;
}

export const maxNameLength = 80;

/** Throws the VapiError with which vCenter refuses the spec. */
export function planClone(options: {
  readonly spec: CloneSpec;
  readonly inventory: Inventory;
  readonly permissions: Permissions;
}): ClonePlan {
  const { spec, inventory, permissions } = options;
  const source = inventory.visibleVm(spec.source);
  if (spec.name === '' || spec.name.length > maxNameLength) {
    throw invalidArgument('name', 'A name has 1 to {0} characters.', [String(maxNameLength)]);
  }
  const { host, resourcePool } = placeCompute({ spec, source, inventory });
  const folder = inventory.get('folder', inventory.folders, spec.placement?.folder ?? source.folder);
  if (folder.type !== 'VIRTUAL_MACHINE') {
    throw invalidArgument('placement.folder', "Folder '{0}' does not hold virtual machines.", [folder.id]);
  }
  const datastore = inventory.get(
    'datastore',
    inventory.datastores,
    spec.placement?.datastore ?? source.datastore,
  );
  const disks = planDisks({ spec, source, inventory });
  checkOneDatacenter({ inventory, folder: folder.id, resourcePool, datastore: datastore.id, disks });
  const specName = spec.guest_customization_spec?.name;
  const customization = specName === undefined ? undefined : storedCustomization(inventory, specName);

  permissions.demand('VirtualMachine.Provisioning.Clone', source.id);
  permissions.demand('VirtualMachine.Inventory.CreateFromExisting', folder.id);
  permissions.demand('Resource.AssignVMToPool', resourcePool);
  for (const id of new Set([datastore.id, ...disks.map((disk) => disk.datastore)])) {
    permissions.demand('Datastore.AllocateSpace', id);
  }
  if (customization) {
    permissions.demand('VirtualMachine.Provisioning.Customize', source.id);
  }
  return {
    source,
    name: spec.name,
    folder: folder.id,
    host,
    resourcePool,
    datastore: datastore.id,
    disks,
    powerOn: spec.power_on ?? false,
    customization,
  };
}

/** Throws ALREADY_EXISTS where the folder holds a VM or a template of that name. */
export function checkNameFree(options: {
  readonly inventory: Inventory;
  readonly folder: string;
  readonly name: string;
}): void {
  if (!options.inventory.vmInFolder(options)) return;
  throw vapiError(
    'ALREADY_EXISTS',
    message(
      'com.vmware.api.vcenter.vm.already_exists',
      "A virtual machine named '{0}' already exists in the folder '{1}'.",
      [options.name, options.folder],
    ),
    message('vmsg.DuplicateName.summary', "The name '{0}' already exists.", [options.name]),
  );
}

/** The rules of `VM.ClonePlacementSpec`: pool, host and cluster must fit, and only DRS chooses a host. */
function placeCompute(options: {
  readonly spec: CloneSpec;
  readonly source: VmRecord;
  readonly inventory: Inventory;
}): { readonly host: string; readonly resourcePool: string } {
  const { source, inventory } = options;
  const placement = options.spec.placement ?? {};
  const cluster =
    placement.cluster === undefined
      ? undefined
      : inventory.get('cluster', inventory.clusters, placement.cluster);
  const host =
    placement.host === undefined ? undefined : inventory.get('host', inventory.hosts, placement.host);
  const pool =
    placement.resource_pool === undefined
      ? undefined
      : inventory.get('resource_pool', inventory.resourcePools, placement.resource_pool);

  if (host && cluster && host.cluster !== cluster.id) {
    throw invalidArgument('placement.host', "Host '{0}' is not a member of cluster '{1}'.", [
      host.id,
      cluster.id,
    ]);
  }
  if (pool && host && pool.owner !== (host.cluster ?? host.id)) {
    throw invalidArgument('placement.resource_pool', "Resource pool '{0}' does not belong to host '{1}'.", [
      pool.id,
      host.id,
    ]);
  }
  if (pool && cluster && pool.owner !== cluster.id) {
    throw invalidArgument(
      'placement.resource_pool',
      "Resource pool '{0}' does not belong to cluster '{1}'.",
      [pool.id, cluster.id],
    );
  }
  const resourcePool = pool?.id ?? host?.resourcePool ?? cluster?.resourcePool ?? source.resourcePool;
  if (host) return { host: host.id, resourcePool };
  if (!pool && !cluster) return { host: source.host, resourcePool };

  const owner = cluster?.id ?? pool?.owner ?? '';
  const chosenBy = inventory.clusters.get(owner);
  if (!chosenBy) return { host: owner, resourcePool };
  const members = [...inventory.hosts.values()].filter((item) => item.cluster === chosenBy.id);
  const first = members[0];
  if (!chosenBy.drsEnabled || !first) {
    throw invalidArgument(
      'placement.host',
      "A host must be given: DRS is not enabled on cluster '{0}', so none is chosen.",
      [chosenBy.id],
    );
  }
  return { host: first.id, resourcePool };
}

function planDisks(options: {
  readonly spec: CloneSpec;
  readonly source: VmRecord;
  readonly inventory: Inventory;
}): readonly DiskRecord[] {
  const { spec, source, inventory } = options;
  const remove = spec.disks_to_remove ?? [];
  const update = spec.disks_to_update ?? {};
  for (const id of [...remove, ...Object.keys(update)]) {
    if (!source.disks.some((disk) => disk.id === id)) throw notFound('disk', id);
    if (remove.includes(id) && Object.hasOwn(update, id)) {
      throw invalidArgument(
        'disks_to_remove',
        "Disk '{0}' is in the list of disks to remove and in that of disks to update.",
        [id],
      );
    }
  }
  for (const [id, disk] of Object.entries(update)) {
    if (disk.datastore === undefined) {
      throw invalidArgument('disks_to_update', "Disk '{0}' has no datastore.", [id]);
    }
    inventory.get('datastore', inventory.datastores, disk.datastore);
  }
  const given = spec.placement?.datastore;
  return source.disks
    .filter((disk) => !remove.includes(disk.id))
    .map((disk) => ({ ...disk, datastore: update[disk.id]?.datastore ?? given ?? disk.datastore }));
}

export function checkOneDatacenter(options: {
  readonly inventory: Inventory;
  readonly folder: string;
  readonly resourcePool: string;
  readonly datastore: string;
  readonly disks: readonly DiskRecord[];
}): void {
  const { inventory } = options;
  const datacenters = new Set([
    inventory.folders.get(options.folder)?.datacenter,
    inventory.resourcePools.get(options.resourcePool)?.datacenter,
    ...[options.datastore, ...options.disks.map((disk) => disk.datastore)].map(
      (id) => inventory.datastores.get(id)?.datacenter,
    ),
  ]);
  if (datacenters.size > 1) {
    throw invalidArgument(
      'placement',
      'Folder, resource pool and datastores are not of one datacenter: {0}.',
      [[options.folder, options.resourcePool, options.datastore].join(', ')],
    );
  }
}
