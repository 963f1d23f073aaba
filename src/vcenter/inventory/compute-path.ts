import { escapeName } from './escaped-name.ts';
import { exactlyOne, type NamedInput, notAPath, notFound } from './exactly-one.ts';
import type { InventoryFilter, InventoryLookup } from './lookup.ts';
import { EXAMPLES, forward, type PathInput, type Position, scopeAt } from './path-position.ts';

/** The name of every cluster's and every standalone host's root pool. */
export const ROOT_POOL = 'Resources';

type ComputeResource = Position & { readonly kind: 'cluster' | 'host' };

/** Walks folders until a cluster or a standalone host stands in the way. */
async function computeResourceAt(
  lookup: InventoryLookup,
  named: PathInput,
  start: Position,
): Promise<ComputeResource> {
  let here = start;
  for (let [name] = here.ahead; name !== undefined; [name] = here.ahead) {
    const inFolder: InventoryFilter = { folders: [here.id] };
    const below: InventoryFilter = { type: 'HOST', parent_folders: [here.id] };
    const standalone: InventoryFilter = { ...inFolder, standalone: 'true' };
    const [clusters, hosts, folders] = await Promise.all([
      lookup.list('ClusterComputeResource', { name, ...inFolder }),
      lookup.list('HostSystem', { name, ...standalone }),
      lookup.list('Folder', { name, ...below }),
    ]);
    const query = { named, name, ...scopeAt(here) };
    if (clusters.length > 0) {
      const cluster = await exactlyOne(
        lookup,
        { ...query, type: 'ClusterComputeResource', filter: inFolder },
        clusters,
      );
      return { ...forward(here, cluster.id), kind: 'cluster' };
    }
    if (hosts.length > 0) {
      const host = await exactlyOne(lookup, { ...query, type: 'HostSystem', filter: standalone }, hosts);
      return { ...forward(here, host.id), kind: 'host' };
    }
    if (folders.length === 0) {
      throw await notFound(lookup, [
        { ...query, type: 'ClusterComputeResource', filter: inFolder },
        { ...query, type: 'HostSystem', filter: standalone },
        { ...query, type: 'Folder', filter: below },
      ]);
    }
    here = forward(here, (await exactlyOne(lookup, { ...query, type: 'Folder', filter: below }, folders)).id);
  }
  throw notAPath(named, `From the root it is ${EXAMPLES[named.type]}.`);
}

/** `cluster-a/esx1`, or a standalone host; the latter is also written twice, as the compute resource and the host in it. */
export async function hostAt(lookup: InventoryLookup, named: PathInput, start: Position): Promise<string> {
  const owner = await computeResourceAt(lookup, named, start);
  const [name, ...beyond] = owner.ahead;
  if (owner.kind === 'host') {
    const own = start.ahead[start.ahead.length - owner.ahead.length - 1];
    if (name === undefined || (name === own && beyond.length === 0)) {
      return owner.id;
    }
  }
  if (owner.kind === 'host' || name === undefined || beyond.length > 0) {
    throw notAPath(named, `From the root it is ${EXAMPLES.HostSystem}.`);
  }
  const filter = { clusters: [owner.id] };
  const found = await lookup.list('HostSystem', { name, ...filter });
  return (await exactlyOne(lookup, { named, type: 'HostSystem', name, filter, ...scopeAt(owner) }, found)).id;
}

/** `cluster-a/Resources/ci`: the root pool's name may be left out; nothing behind it means the root pool itself. */
export async function poolAt(lookup: InventoryLookup, named: PathInput, start: Position): Promise<string> {
  const owner = await computeResourceAt(lookup, named, start);
  const [next] = owner.ahead;
  const pools = next !== undefined && escapeName(next) === ROOT_POOL ? owner.ahead.slice(1) : owner.ahead;
  let here: Position = { ...owner, id: await rootPoolOf(lookup, named, owner), ahead: pools };
  for (let [name] = here.ahead; name !== undefined; [name] = here.ahead) {
    const filter = { parent_resource_pools: [here.id] };
    const found = await lookup.list('ResourcePool', { name, ...filter });
    const pool = await exactlyOne(
      lookup,
      { named, type: 'ResourcePool', name, filter, ...scopeAt(here) },
      found,
    );
    here = forward(here, pool.id);
  }
  return here.id;
}

async function rootPoolOf(
  lookup: InventoryLookup,
  named: NamedInput,
  owner: ComputeResource,
): Promise<string> {
  if (owner.kind === 'cluster') {
    return lookup.rootPool(owner.id);
  }
  const filter = { hosts: [owner.id] };
  const found = await lookup.list('ResourcePool', { name: ROOT_POOL, ...filter });
  return (
    await exactlyOne(
      lookup,
      { named, type: 'ResourcePool', name: ROOT_POOL, filter, ...scopeAt(owner) },
      found,
    )
  ).id;
}
