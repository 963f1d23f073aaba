import { isRecord, textOf } from '../../text/json.ts';
import type { InventoryType } from '../../text/reference.ts';
import type { Limits, Session } from '../session.ts';
import { VcenterError } from '../transport/error.ts';
import type { OperationRequest } from '../transport/http.ts';
import { unreadable } from '../transport/unreadable.ts';
import { escapeName, filterSpellings } from './escaped-name.ts';

/** One row of an inventory list. */
export interface InventoryObject {
  readonly id: string;
  /** As vCenter sent it: in the escaped form. */
  readonly name: string;
  /** As the list tells it; of a network the kind of backing that leads to it, such as DISTRIBUTED_PORTGROUP. */
  readonly type?: string;
}

export type FolderType = 'DATACENTER' | 'DATASTORE' | 'HOST' | 'NETWORK' | 'VIRTUAL_MACHINE';

/** The filters of the lists, in the API's spelling; not every list has every one. */
export interface InventoryFilter {
  /** Compared whole; given in the readable or the escaped form. Of several any. */
  readonly name?: string | readonly string[];
  readonly type?: FolderType;
  readonly datacenters?: readonly string[];
  readonly folders?: readonly string[];
  readonly parent_folders?: readonly string[];
  readonly clusters?: readonly string[];
  readonly hosts?: readonly string[];
  readonly networks?: readonly string[];
  readonly parent_resource_pools?: readonly string[];
  readonly standalone?: 'true';
}

/** The folders at the top of a datacenter, which are `vm`, `host`, `datastore` and `network` in an inventory path. */
export interface DatacenterFolders {
  readonly vm: string;
  readonly host: string;
  readonly datastore: string;
  readonly network: string;
}

/** A virtual device of a VM. */
export interface Device {
  /** Its key: `2001`. */
  readonly id: string;
  /** Its label: `Hard disk 2`, `Network adapter 1`. */
  readonly name: string;
}

export interface Devices {
  readonly disks: readonly Device[];
  readonly nics: readonly Device[];
}

/** What one run asks of the inventory. The same request is sent once, however often it is asked for. */
export interface InventoryLookup {
  /** @throws VcenterError */
  list(type: InventoryType, filter: InventoryFilter): Promise<readonly InventoryObject[]>;
  /** A list for an error's sake: undefined where vCenter does not send it (too long, not allowed, too busy). */
  tryList(type: InventoryType, filter: InventoryFilter): Promise<readonly InventoryObject[] | undefined>;
  /** GET /api/vcenter/datacenter/{datacenter}. @throws VcenterError */
  datacenterFolders(datacenter: string): Promise<DatacenterFolders>;
  /** The root pool of a cluster: GET /api/vcenter/cluster/{cluster}. @throws VcenterError */
  rootPool(cluster: string): Promise<string>;
  /** Any request that reads and responds with JSON. @throws VcenterError */
  read(request: LookupRequest): Promise<unknown>;
  /** GET /api/vcenter/vm/{vm}. @throws VcenterError */
  devices(vm: string): Promise<Devices>;
}

const LISTS: Readonly<Record<InventoryType, { readonly operation: string; readonly idField: string }>> = {
  VirtualMachine: { operation: 'GET /api/vcenter/vm', idField: 'vm' },
  Folder: { operation: 'GET /api/vcenter/folder', idField: 'folder' },
  ResourcePool: { operation: 'GET /api/vcenter/resource-pool', idField: 'resource_pool' },
  ClusterComputeResource: { operation: 'GET /api/vcenter/cluster', idField: 'cluster' },
  HostSystem: { operation: 'GET /api/vcenter/host', idField: 'host' },
  Datastore: { operation: 'GET /api/vcenter/datastore', idField: 'datastore' },
  Network: { operation: 'GET /api/vcenter/network', idField: 'network' },
  Datacenter: { operation: 'GET /api/vcenter/datacenter', idField: 'datacenter' },
};

type LookupRequest = Pick<OperationRequest, 'operation' | 'path' | 'query' | 'body'>;

/**
 * Runs `body` with a lookup of its own. When this throws, no request is left in flight and none is sent any more, whatever
 * parts of the body still run: the first failure ends all that is under way, and what is asked for after it is refused.
 */
export async function withInventoryLookup<T>(
  session: Session,
  limits: Limits,
  body: (lookup: InventoryLookup) => Promise<T>,
): Promise<T> {
  const failed = new AbortController();
  const signal = AbortSignal.any([limits.signal, failed.signal]);
  const responses = new Map<string, Promise<unknown>>();
  try {
    return await body(createLookup(session, { ...limits, signal }, responses));
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(responses.values());
    throw error;
  }
}

function createLookup(
  session: Session,
  limits: Limits,
  responses: Map<string, Promise<unknown>>,
): InventoryLookup {
  const ask = async (request: LookupRequest, retryTimeout = limits.retryTimeout): Promise<unknown> => {
    limits.signal.throwIfAborted();
    const key = JSON.stringify(request);
    const response =
      responses.get(key) ??
      session
        .request({ ...request, expects: 'json', retry: 'always' }, { ...limits, retryTimeout })
        .then(({ body }) => body);
    responses.set(key, response);
    return response;
  };

  const list = async (type: InventoryType, { name, ...filter }: InventoryFilter, retryTimeout?: number) => {
    const { operation, idField } = LISTS[type];
    const names = name === undefined ? undefined : [name].flat();
    const query = { ...(names === undefined ? {} : { names: names.flatMap(filterSpellings) }), ...filter };
    const body = await ask({ operation, query }, retryTimeout);
    const rows = Array.isArray(body) ? body.map((row) => readRow(row, idField)) : [undefined];
    const objects = rows.filter((row) => row !== undefined);
    if (objects.length < rows.length) {
      throw unreadable(session, operation, 'a list of inventory objects');
    }
    // A server that ignores a filter must not be able to pass for something else.
    const stored = names?.map(escapeName);
    return stored === undefined
      ? objects
      : objects.filter((object) => stored.includes(escapeName(object.name)));
  };

  return {
    list: (type, filter) => list(type, filter),
    read: (request) => ask(request),

    async tryList(type, filter) {
      try {
        return await list(type, filter, 0);
      } catch (error) {
        if (error instanceof VcenterError) {
          return undefined;
        }
        throw error;
      }
    },

    async datacenterFolders(datacenter) {
      const operation = 'GET /api/vcenter/datacenter/{datacenter}';
      const body = await ask({ operation, path: { datacenter } });
      const [vm, host, datastore, network] = isRecord(body)
        ? ['vm_folder', 'host_folder', 'datastore_folder', 'network_folder'].map((key) => textOf(body[key]))
        : [];
      if (vm === undefined || host === undefined || datastore === undefined || network === undefined) {
        throw unreadable(session, operation, 'a datacenter');
      }
      return { vm, host, datastore, network };
    },

    async rootPool(cluster) {
      const operation = 'GET /api/vcenter/cluster/{cluster}';
      const body = await ask({ operation, path: { cluster } });
      const pool = isRecord(body) ? textOf(body['resource_pool']) : undefined;
      if (pool === undefined) {
        throw unreadable(session, operation, 'a cluster');
      }
      return pool;
    },

    async devices(vm) {
      const operation = 'GET /api/vcenter/vm/{vm}';
      const body = await ask({ operation, path: { vm } });
      const [disks, nics] = isRecord(body) ? [body['disks'], body['nics']].map(readDevices) : [];
      if (disks === undefined || nics === undefined) {
        throw unreadable(session, operation, 'a VM with its disks and network adapters');
      }
      return { disks, nics };
    },
  };
}

function readRow(row: unknown, idField: string): InventoryObject | undefined {
  if (!isRecord(row)) {
    return undefined;
  }
  const id = textOf(row[idField]);
  const name = textOf(row['name']);
  const type = textOf(row['type']);
  return id === undefined || name === undefined
    ? undefined
    : { id, name, ...(type === undefined ? {} : { type }) };
}

function readDevices(devices: unknown): readonly Device[] | undefined {
  return isRecord(devices)
    ? Object.entries(devices).map(([id, info]) => ({
        id,
        name: (isRecord(info) ? textOf(info['label']) : undefined) ?? id,
      }))
    : undefined;
}
