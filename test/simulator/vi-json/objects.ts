import type { FolderRecord, HostRecord, Inventory, NetworkRecord } from '../inventory.ts';
import type { World } from '../world.ts';
import type { ManagedObject } from './data.ts';
import { findTask } from './vm-tasks.ts';

/** What is there once in a vCenter, by its type: its id. */
export const managers = {
  ServiceInstance: 'ServiceInstance',
  SessionManager: 'SessionManager',
  PropertyCollector: 'propertyCollector',
  SearchIndex: 'SearchIndex',
  ViewManager: 'ViewManager',
  CustomizationSpecManager: 'CustomizationSpecManager',
} as const;

/** Types that have others below them. */
const ancestors: Readonly<Record<string, readonly string[]>> = {
  ClusterComputeResource: ['ComputeResource', 'ManagedEntity'],
  ComputeResource: ['ManagedEntity'],
  Datacenter: ['ManagedEntity'],
  Datastore: ['ManagedEntity'],
  DistributedVirtualPortgroup: ['Network', 'ManagedEntity'],
  Folder: ['ManagedEntity'],
  HostSystem: ['ManagedEntity'],
  Network: ['ManagedEntity'],
  OpaqueNetwork: ['Network', 'ManagedEntity'],
  ResourcePool: ['ManagedEntity'],
  VirtualMachine: ['ManagedEntity'],
  ContainerView: ['ManagedObjectView', 'View'],
};

export function isOfType({ type }: ManagedObject, wanted: string): boolean {
  return type === wanted || (ancestors[type] ?? []).includes(wanted);
}

/** What a standalone host is a part of: in REST there is no such thing. */
export function computeResourceOf(host: HostRecord): ManagedObject {
  return host.cluster === undefined
    ? { type: 'ComputeResource', id: host.id.replace('host-', 'domain-s') }
    : { type: 'ClusterComputeResource', id: host.cluster };
}

export function standaloneHost(inventory: Inventory, compute: string): HostRecord | undefined {
  return [...inventory.hosts.values()].find(
    (host) => host.cluster === undefined && computeResourceOf(host).id === compute,
  );
}

export function networkObject({ id, type }: NetworkRecord): ManagedObject {
  const types = { DISTRIBUTED_PORTGROUP: 'DistributedVirtualPortgroup', OPAQUE_NETWORK: 'OpaqueNetwork' };
  return { type: type === 'STANDARD_PORTGROUP' ? 'Network' : types[type], id };
}

/** The object of that id, where there is one that the account may see; its type is the most special one. */
export function findObject(world: World, wanted: ManagedObject, session?: number): ManagedObject | undefined {
  const object = existing(world, wanted.id, session);
  if (!object || !isOfType(object, wanted.type)) return undefined;
  return world.permissions.allows('System.View', object.id) ? object : undefined;
}

function existing(world: World, id: string, session: number | undefined): ManagedObject | undefined {
  const { inventory, clock } = world;
  const manager = Object.entries(managers).find(([, value]) => value === id);
  if (manager) return { type: manager[0], id };
  const vm = inventory.vms.get(id);
  if (vm) return vm.listedAt <= clock.now() ? { type: 'VirtualMachine', id } : undefined;
  const network = inventory.networks.get(id);
  if (network) return networkObject(network);
  const byType = {
    Folder: inventory.folders,
    Datacenter: inventory.datacenters,
    ClusterComputeResource: inventory.clusters,
    HostSystem: inventory.hosts,
    ResourcePool: inventory.resourcePools,
    Datastore: inventory.datastores,
  };
  const found = Object.entries(byType).find(([, objects]) => objects.has(id));
  if (found) return { type: found[0], id };
  if (standaloneHost(inventory, id)) return { type: 'ComputeResource', id };
  if (world.viJson.views.get(id)?.session === session && session !== undefined) {
    return { type: 'ContainerView', id };
  }
  if ([...inventory.vms.values()].some(({ snapshots }) => snapshots.some((each) => each.id === id))) {
    return { type: 'VirtualMachineSnapshot', id };
  }
  return findTask(world, id) ? { type: 'Task', id } : undefined;
}

/** A datacenter's own folders have no parent in REST; here it is the datacenter. */
export function parentOf(inventory: Inventory, object: ManagedObject): ManagedObject | undefined {
  const { id } = object;
  const folder = (parent: string | undefined): ManagedObject | undefined =>
    parent === undefined ? undefined : { type: 'Folder', id: parent };
  switch (object.type) {
    case 'VirtualMachine':
      return folder(inventory.vms.get(id)?.folder);
    case 'Folder':
      return parentOfFolder(inventory.folders.get(id));
    case 'Datacenter':
      return folder(inventory.datacenters.get(id)?.folder);
    case 'ClusterComputeResource':
      return folder(inventory.clusters.get(id)?.folder);
    case 'ComputeResource':
      return folder(standaloneHost(inventory, id)?.folder);
    case 'HostSystem': {
      const host = inventory.hosts.get(id);
      return host && computeResourceOf(host);
    }
    case 'ResourcePool': {
      const pool = inventory.resourcePools.get(id);
      return pool?.parent === undefined
        ? pool && ownerOfPool(inventory, pool.owner)
        : { type: 'ResourcePool', id: pool.parent };
    }
    case 'Datastore':
      return folder(inventory.datastores.get(id)?.folder);
    default:
      return folder(inventory.networks.get(id)?.folder);
  }
}

function parentOfFolder(record: FolderRecord | undefined): ManagedObject | undefined {
  if (record?.parent !== undefined) return { type: 'Folder', id: record.parent };
  return record?.datacenter === undefined ? undefined : { type: 'Datacenter', id: record.datacenter };
}

/** The cluster, or the ComputeResource of a standalone host. */
export function ownerOfPool(inventory: Inventory, owner: string): ManagedObject | undefined {
  const host = inventory.hosts.get(owner);
  return host ? computeResourceOf(host) : { type: 'ClusterComputeResource', id: owner };
}

export function nameOf(inventory: Inventory, { id }: ManagedObject): string | undefined {
  const named =
    inventory.vms.get(id) ??
    inventory.folders.get(id) ??
    inventory.datacenters.get(id) ??
    inventory.clusters.get(id) ??
    inventory.hosts.get(id) ??
    standaloneHost(inventory, id) ??
    inventory.resourcePools.get(id) ??
    inventory.datastores.get(id) ??
    inventory.networks.get(id);
  return named?.name;
}

/** What an object directly holds, as far as the account may see it: for paths, and for views. */
export function childrenOf(world: World, { type, id }: ManagedObject): readonly ManagedObject[] {
  const { inventory, clock, permissions } = world;
  const all = <Item extends { readonly id: string }>(
    itemType: string,
    items: ReadonlyMap<string, Item>,
    test: (item: Item) => boolean,
  ): ManagedObject[] => [...items.values()].filter(test).map((item) => ({ type: itemType, id: item.id }));
  const hosts = [...inventory.hosts.values()];
  const children = (): readonly ManagedObject[] => {
    switch (type) {
      case 'Folder':
        return [
          ...all('Folder', inventory.folders, (item) => item.parent === id),
          ...all('Datacenter', inventory.datacenters, (item) => item.folder === id),
          ...all('VirtualMachine', inventory.vms, (vm) => vm.folder === id && vm.listedAt <= clock.now()),
          ...all('ClusterComputeResource', inventory.clusters, (item) => item.folder === id),
          ...hosts.filter((host) => host.cluster === undefined && host.folder === id).map(computeResourceOf),
          ...all('Datastore', inventory.datastores, (item) => item.folder === id),
          ...[...inventory.networks.values()].filter((item) => item.folder === id).map(networkObject),
        ];
      case 'Datacenter':
        return all(
          'Folder',
          inventory.folders,
          (item) => item.parent === undefined && item.datacenter === id,
        );
      case 'ClusterComputeResource':
      case 'ComputeResource': {
        const owner = standaloneHost(inventory, id)?.id ?? id;
        return [
          ...hosts
            .filter((host) => computeResourceOf(host).id === id)
            .map((host) => ({ type: 'HostSystem', id: host.id })),
          ...all(
            'ResourcePool',
            inventory.resourcePools,
            (pool) => pool.owner === owner && pool.parent === undefined,
          ),
        ];
      }
      case 'ResourcePool':
        return all('ResourcePool', inventory.resourcePools, (pool) => pool.parent === id);
      default:
        return [];
    }
  };
  return children().filter((child) => permissions.allows('System.View', child.id));
}
