import { isRecord, textOf } from '../../text/json.ts';
import type { Limits, Session } from '../session.ts';
import { unreadable } from '../transport/unreadable.ts';

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
  CustomizationSpec: {
    operation: 'GET /api/vcenter/guest/customization-specs',
    filter: 'names',
    key: 'name',
  },
} as const;

export type ListedType = keyof typeof LISTS;

/** Which of `ids` vCenter does not list, or the account may not see. One call. @throws VcenterError */
export async function findMissing(
  session: Session,
  { type, ids }: { readonly type: ListedType; readonly ids: readonly string[] },
  limits: Limits,
): Promise<readonly string[]> {
  const { operation, filter, key } = LISTS[type];
  const { body } = await session.request(
    { operation, query: { [filter]: ids }, answer: 'json', retry: 'always' },
    limits,
  );
  if (!Array.isArray(body)) {
    throw unreadable(session, operation, 'a list');
  }
  const present = new Set(body.filter(isRecord).map((row) => textOf(row[key])));
  return ids.filter((id) => !present.has(id));
}
