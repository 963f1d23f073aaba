import type { Reference } from '../../text/reference.ts';
import { isNotFound } from '../transport/error.ts';
import { ROOT_POOL } from './compute-path.ts';
import { escapeName } from './escaped-name.ts';
import { exactlyOne, type NameQuery } from './exactly-one.ts';
import type { InventoryLookup, InventoryObject } from './lookup.ts';
import { ResolveError } from './resolve-error.ts';

/** A cluster or a host that is named beside the pool. */
export interface PoolOwner {
  readonly reference: Reference | undefined;
  /** What the reference comes to; rejects where it cannot be resolved. */
  readonly id: Promise<string | undefined>;
}

export interface PoolRequest {
  readonly input: string;
  readonly reference: Extract<Reference, { readonly kind: 'name' }>;
  readonly datacenter: Promise<string | undefined>;
  readonly cluster: PoolOwner;
  readonly host: PoolOwner;
}

interface OwnerIds {
  readonly cluster: string | undefined;
  readonly host: string | undefined;
}

/**
 * Finds a resource pool by its name: GET /api/vcenter/resource-pool, narrowed by cluster and host as far as their ids are at
 * hand. Where these are names themselves, they are waited for only if the pool's name is not clear without them.
 *
 * @throws ResolveError, VcenterError
 */
export async function findResourcePool(lookup: InventoryLookup, request: PoolRequest): Promise<string> {
  const { cluster, host } = request;
  const atHand = { cluster: idIn(cluster.reference), host: idIn(host.reference) };
  const [query, found] = await poolsOf(lookup, request, atHand);
  const isMoreToKnow = [cluster, host].some(
    ({ reference }) => reference !== undefined && reference.kind !== 'id',
  );
  if (found.length < 2 || !isMoreToKnow) {
    return (await exactlyOne(lookup, query, found)).id;
  }
  const owners = await Promise.all([cluster.id, host.id]).catch((error: unknown) => {
    // The name at fault is the owner's, and is reported as such; which pool was meant cannot be said without it.
    throw error instanceof ResolveError ? new ResolveError([]) : error;
  });
  const [narrowerQuery, fewer] = await poolsOf(lookup, request, { cluster: owners[0], host: owners[1] });
  return (await exactlyOne(lookup, narrowerQuery, fewer)).id;
}

async function poolsOf(
  lookup: InventoryLookup,
  { input, reference, datacenter: scope }: PoolRequest,
  { cluster, host }: OwnerIds,
): Promise<readonly [NameQuery, readonly InventoryObject[]]> {
  const { name } = reference;
  const named = { input, type: 'ResourcePool', reference } as const;
  const datacenter = await scope;
  const inCluster = {
    ...(datacenter === undefined ? {} : { datacenters: [datacenter] }),
    ...(cluster === undefined ? {} : { clusters: [cluster] }),
  };
  const query = { named, type: 'ResourcePool', name, filter: inCluster } as const;
  if (cluster !== undefined && escapeName(name) === ROOT_POOL) {
    return [query, await rootPoolOf(lookup, cluster)];
  }
  if (host !== undefined) {
    const onHost = { ...inCluster, hosts: [host] };
    const found = await lookup.list('ResourcePool', { name, ...onHost });
    if (found.length > 0) {
      return [{ ...query, filter: onHost }, found];
    }
    // Whether a cluster's pools count as those of its hosts is not documented: ask again without the host.
  }
  return [query, await lookup.list('ResourcePool', { name, ...inCluster })];
}

/** A pool further down may be called like the root pool; GET /api/vcenter/cluster/{cluster} tells the root pool for sure. */
async function rootPoolOf(lookup: InventoryLookup, cluster: string): Promise<readonly InventoryObject[]> {
  try {
    return [{ id: await lookup.rootPool(cluster), name: ROOT_POOL }];
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}

function idIn(reference: Reference | undefined): string | undefined {
  return reference?.kind === 'id' ? reference.id : undefined;
}
