import { isRecord, textOf } from '../../text/json.ts';
import { bareId } from '../../text/reference.ts';
import { sideBySide } from '../../time/side-by-side.ts';
import type { Limits, Session } from '../session.ts';
import { VcenterError } from '../transport/error.ts';
import { unreadable } from '../transport/unreadable.ts';
import { unescapeName } from './escaped-name.ts';

/** The lists of the API that can be asked for ids (or, for specifications, names), with the name of their filter. */
const LISTS = {
  VirtualMachine: { operation: 'GET /api/vcenter/vm', filter: 'vms', key: 'vm' },
  Folder: { operation: 'GET /api/vcenter/folder', filter: 'folders', key: 'folder' },
  ResourcePool: {
    operation: 'GET /api/vcenter/resource-pool',
    filter: 'resource_pools',
    key: 'resource_pool',
  },
  ClusterComputeResource: { operation: 'GET /api/vcenter/cluster', filter: 'clusters', key: 'cluster' },
  HostSystem: { operation: 'GET /api/vcenter/host', filter: 'hosts', key: 'host' },
  Datastore: { operation: 'GET /api/vcenter/datastore', filter: 'datastores', key: 'datastore' },
  Datacenter: { operation: 'GET /api/vcenter/datacenter', filter: 'datacenters', key: 'datacenter' },
  CustomizationSpec: {
    operation: 'GET /api/vcenter/guest/customization-specs',
    filter: 'names',
    key: 'name',
  },
} as const;

export type ListedType = keyof typeof LISTS;

/** Which of `ids` vCenter does not list, or the account may not see. One request. @throws VcenterError */
export async function findMissing(
  session: Session,
  { type, ids }: { readonly type: ListedType; readonly ids: readonly string[] },
  limits: Limits,
): Promise<readonly string[]> {
  const { key, filter } = LISTS[type];
  const rows = await listRows(session, type, { [filter]: ids }, limits);
  const present = new Set(rows.map((row) => bareId(textOf(row[key]) ?? '')));
  return ids.filter((id) => !present.has(bareId(id)));
}

/** How many clusters without DRS are asked whether a resource pool is theirs. */
const MOST_CLUSTERS = 16;

/**
 * Which cluster without DRS a clone would go to that names no host: the one given, or that of the resource pool. Undefined
 * where its cluster has DRS, and `'unknown'` where vCenter does not tell.
 *
 * @throws VcenterError for a cluster that was given.
 */
export async function findClusterWithoutDrs(
  session: Session,
  { cluster, resourcePool }: { readonly cluster?: string; readonly resourcePool?: string },
  limits: Limits,
): Promise<{ readonly id: string; readonly name: string } | 'unknown' | undefined> {
  if (cluster !== undefined) {
    const rows = await listRows(session, 'ClusterComputeResource', { clusters: [cluster] }, limits);
    return rows.filter(hasNoDrs).map(readCluster).at(0);
  }
  if (resourcePool === undefined) {
    return 'unknown';
  }
  try {
    const all = await listRows(session, 'ClusterComputeResource', {}, limits);
    const candidates = all.filter(hasNoDrs).map(readCluster);
    if (candidates.length > MOST_CLUSTERS) {
      return 'unknown';
    }
    const owned = await sideBySide({
      signal: limits.signal,
      start: (signal) =>
        candidates.map(({ id: cluster }) =>
          isPoolOfCluster(session, { resourcePool, cluster }, { ...limits, signal }),
        ),
    });
    return candidates.find((_, index) => owned[index]);
  } catch (error) {
    if (error instanceof VcenterError) {
      return 'unknown';
    }
    throw error;
  }
}

/** Whether a resource pool lies in a cluster. One request. @throws VcenterError */
export async function isPoolOfCluster(
  session: Session,
  { resourcePool, cluster }: { readonly resourcePool: string; readonly cluster: string },
  limits: Limits,
): Promise<boolean> {
  const filter = { resource_pools: [resourcePool], clusters: [cluster] };
  return (await listRows(session, 'ResourcePool', filter, limits)).length === 1;
}

type Row = Readonly<Record<string, unknown>>;

async function listRows(
  session: Session,
  type: ListedType,
  query: Readonly<Record<string, readonly string[]>>,
  limits: Limits,
): Promise<readonly Row[]> {
  const { operation } = LISTS[type];
  const { body } = await session.request({ operation, query, expects: 'json', retry: 'always' }, limits);
  if (!Array.isArray(body)) {
    throw unreadable(session, operation, 'a list');
  }
  return body.filter(isRecord);
}

function hasNoDrs(row: Row): boolean {
  return row['drs_enabled'] === false;
}

function readCluster(row: Row): { readonly id: string; readonly name: string } {
  return { id: textOf(row['cluster']) ?? '', name: unescapeName(textOf(row['name']) ?? '') };
}
