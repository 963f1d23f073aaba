import { boolean, enums, type OperationDefinition, ok, strings } from './operation.ts';
import type { Shape } from './shape.ts';
import { tooMany } from './vapi-error.ts';
import { vmSummary } from './virtual-machine.ts';
import type { World } from './world.ts';

/** How one list operation finds, filters, shows and limits its objects. */
interface ListDefinition<Item extends object> {
  readonly query: Readonly<Record<string, Shape>>;
  readonly limit: number;
  readonly items: (world: World) => Iterable<Item>;
  /** The values of an object that a filter is compared with; several for an object with several owners. */
  readonly filters: Readonly<
    Record<string, (item: Item, world: World) => string | readonly string[] | undefined>
  >;
  readonly show: (item: Item) => unknown;
}

/** Different filters must all match, one of the values of each; what the user may not see is not there. */
function list<Item extends object>(definition: ListDefinition<Item>): OperationDefinition {
  return {
    query: definition.query,
    handle: (world, { query }) => {
      const matches = [...definition.items(world)].filter((item) => {
        const id = 'id' in item ? String(item.id) : undefined;
        if (id !== undefined && !world.permissions.allows('System.View', id)) return false;
        return [...query].every(([name, wanted]) => {
          const actual = definition.filters[name]?.(item, world) ?? [];
          return [actual].flat().some((value) => wanted.includes(value));
        });
      });
      if (matches.length > definition.limit) throw tooMany(definition.limit);
      return ok(matches.map(definition.show));
    },
  };
}

export const datacenterList = list({
  query: { datacenters: strings, names: strings, folders: strings },
  limit: 1000,
  items: (world) => world.inventory.datacenters.values(),
  filters: { datacenters: (item) => item.id, names: (item) => item.name, folders: (item) => item.folder },
  show: (item) => ({ datacenter: item.id, name: item.name }),
});

export const folderList = list({
  query: {
    folders: strings,
    names: strings,
    type: { kind: 'enum', values: ['DATACENTER', 'DATASTORE', 'HOST', 'NETWORK', 'VIRTUAL_MACHINE'] },
    parent_folders: strings,
    datacenters: strings,
  },
  limit: 1000,
  items: (world) => world.inventory.folders.values(),
  filters: {
    folders: (item) => item.id,
    names: (item) => item.name,
    type: (item) => item.type,
    parent_folders: (item) => item.parent,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({ folder: item.id, name: item.name, type: item.type }),
});

export const clusterList = list({
  query: { clusters: strings, names: strings, folders: strings, datacenters: strings },
  limit: 1000,
  items: (world) => world.inventory.clusters.values(),
  filters: {
    clusters: (item) => item.id,
    names: (item) => item.name,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({
    cluster: item.id,
    name: item.name,
    ha_enabled: item.haEnabled,
    drs_enabled: item.drsEnabled,
  }),
});

export const hostList = list({
  query: {
    hosts: strings,
    names: strings,
    folders: strings,
    datacenters: strings,
    standalone: boolean,
    clusters: strings,
    connection_states: enums('CONNECTED', 'DISCONNECTED', 'NOT_RESPONDING'),
  },
  limit: 2500,
  items: (world) => world.inventory.hosts.values(),
  filters: {
    hosts: (item) => item.id,
    names: (item) => item.name,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
    standalone: (item) => String(item.cluster === undefined),
    clusters: (item) => item.cluster,
    connection_states: (item) => item.connectionState,
  },
  show: (item) => ({
    host: item.id,
    name: item.name,
    connection_state: item.connectionState,
    ...(item.connectionState === 'CONNECTED' && { power_state: 'POWERED_ON' }),
  }),
});

export const resourcePoolList = list({
  query: {
    resource_pools: strings,
    names: strings,
    parent_resource_pools: strings,
    datacenters: strings,
    hosts: strings,
    clusters: strings,
  },
  limit: 1000,
  items: (world) => world.inventory.resourcePools.values(),
  filters: {
    resource_pools: (item) => item.id,
    names: (item) => item.name,
    parent_resource_pools: (item) => item.parent,
    datacenters: (item) => item.datacenter,
    hosts: (item, { inventory }) =>
      [...inventory.hosts.values()]
        .filter((host) => (host.cluster ?? host.id) === item.owner)
        .map((host) => host.id),
    clusters: (item) => item.owner,
  },
  show: (item) => ({ resource_pool: item.id, name: item.name }),
});

export const datastoreList = list({
  query: {
    datastores: strings,
    names: strings,
    types: enums('VMFS', 'NFS', 'NFS41', 'CIFS', 'VSAN', 'VFFS', 'VVOL'),
    folders: strings,
    datacenters: strings,
  },
  limit: 2500,
  items: (world) => world.inventory.datastores.values(),
  filters: {
    datastores: (item) => item.id,
    names: (item) => item.name,
    types: (item) => item.type,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({
    datastore: item.id,
    name: item.name,
    type: item.type,
    free_space: item.freeSpace,
    capacity: item.capacity,
  }),
});

export const networkList = list({
  query: {
    networks: strings,
    names: strings,
    types: enums('STANDARD_PORTGROUP', 'DISTRIBUTED_PORTGROUP', 'OPAQUE_NETWORK'),
    folders: strings,
    datacenters: strings,
  },
  limit: 1000,
  items: (world) => world.inventory.networks.values(),
  filters: {
    networks: (item) => item.id,
    names: (item) => item.name,
    types: (item) => item.type,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({ network: item.id, name: item.name, type: item.type }),
});

export const customizationSpecList = list({
  query: { names: strings, OS_type: { kind: 'enum', values: ['WINDOWS', 'LINUX'] } },
  limit: 1000,
  items: (world) => world.inventory.customizationSpecs.values(),
  filters: { names: (item) => item.name, OS_type: (item) => item.osType },
  show: (item) => ({
    name: item.name,
    description: item.description,
    OS_type: item.osType,
    last_modified: '2025-01-02T03:04:05.000Z',
  }),
});

/** `folders` is compared with the direct parent: the description promises no recursion. */
export const vmList = list({
  query: {
    vms: strings,
    names: strings,
    folders: strings,
    datacenters: strings,
    hosts: strings,
    clusters: strings,
    resource_pools: strings,
    power_states: enums('POWERED_OFF', 'POWERED_ON', 'SUSPENDED'),
  },
  limit: 4000,
  items: (world) => world.inventory.visibleVms(),
  filters: {
    vms: (item) => item.id,
    names: (item) => item.name,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
    hosts: (item) => item.host,
    clusters: (item, { inventory }) => inventory.clusterOf(item.host)?.id,
    resource_pools: (item) => item.resourcePool,
    power_states: (item) => item.powerState,
  },
  show: vmSummary,
});
