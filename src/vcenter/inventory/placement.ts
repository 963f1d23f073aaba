import type { DeviceReference, Reference } from '../../text/reference.ts';
import type { Limits, Session } from '../session.ts';
import { exactlyOne, type NamedInput } from './exactly-one.ts';
import { type InventoryLookup, withInventoryLookup } from './lookup.ts';
import { datacenterQuery, findDatacenters, walkPath } from './path.ts';
import type { PlacedType } from './path-position.ts';
import { describeResolveProblem, ResolveError, type ResolveProblem } from './resolve-error.ts';
import { findResourcePool } from './resource-pool.ts';
import { resolveDisks } from './source-devices.ts';
import { type NetworkUpdate, type ResolvedNetwork, resolveNetworks } from './source-networks.ts';
import { resolveTags, type Tag, type TagReference } from './tags.ts';
import { orTemplates } from './templates.ts';

/** The inventory objects that the inputs of a clone name. */
export interface PlacementReferences extends LocationReferences {
  readonly source: Reference;
  readonly resourcePool?: Reference;
  readonly cluster?: Reference;
  readonly host?: Reference;
  readonly datastore?: Reference;
  readonly disksToRemove: readonly DeviceReference[];
  readonly disksToUpdate: readonly { readonly disk: DeviceReference; readonly datastore: Reference }[];
  readonly networks: readonly NetworkUpdate[];
  readonly tags: readonly TagReference[];
  /** The user's names of those whose names are not vSphere's own words, for errors. */
  readonly inputNames: InputNames;
}

export type InputNames = Readonly<Record<'resourcePool' | 'disksToRemove' | 'disksToUpdate', string>>;

/** The same as managed object ids and disk ids. */
export interface ResolvedPlacement extends ResolvedLocation {
  readonly source: string;
  /** Whether the source has turned out to be a template; one that was given by its id may be one all the same. */
  readonly isTemplate: boolean;
  readonly resourcePool?: string;
  readonly cluster?: string;
  readonly host?: string;
  readonly datastore?: string;
  /** Each disk once. */
  readonly disksToRemove: readonly string[];
  readonly disksToUpdate: readonly { readonly disk: string; readonly datastore: string }[];
  readonly networks: readonly ResolvedNetwork[];
  /** Each tag once. */
  readonly tags: readonly Tag[];
}

/** Where a VM lies. */
export interface LocationReferences {
  /** Narrows every look-up of a name. */
  readonly datacenter?: Reference;
  readonly folder?: Reference;
}

export interface ResolvedLocation {
  readonly datacenter?: string;
  readonly folder?: string;
}

/**
 * Turns the names in a clone's inputs into ids, side by side, with the lists of the inventory: GET /api/vcenter/vm, folder,
 * resource-pool, cluster, host, datastore, network, datacenter, and those of GET /api/cis/tagging. An id costs no request and is
 * not checked, but for networks and tags. A datacenter's name, a path and a device's label cost steps of their own.
 *
 * @throws ResolveError with every name that is at fault; VcenterError; the signal's reason.
 */
export function resolvePlacement(
  session: Session,
  references: PlacementReferences,
  limits: Limits,
): Promise<ResolvedPlacement> {
  return withInventoryLookup(session, limits, async (lookup) => {
    const datacenter = findDatacenter(lookup, references.datacenter);
    const scope = asScope(datacenter);
    const find = (input: string, type: PlacedType, reference: Reference) =>
      findObject(lookup, { input, type, reference }, scope);
    const findIfGiven = async (input: string, type: PlacedType, reference: Reference | undefined) =>
      reference === undefined ? undefined : find(input, type, reference);

    const { inputNames } = references;
    const source = find('source', 'VirtualMachine', references.source);
    const cluster = findIfGiven('cluster', 'ClusterComputeResource', references.cluster);
    const host = findIfGiven('host', 'HostSystem', references.host);
    const resourcePool =
      references.resourcePool?.kind === 'name'
        ? findResourcePool(lookup, {
            input: inputNames.resourcePool,
            reference: references.resourcePool,
            datacenter: scope,
            cluster: { reference: references.cluster, id: cluster },
            host: { reference: references.host, id: host },
          })
        : findIfGiven(inputNames.resourcePool, 'ResourcePool', references.resourcePool);

    const found = await allOrProblems([
      datacenter,
      source,
      findIfGiven('folder', 'Folder', references.folder),
      resourcePool,
      cluster,
      host,
      findIfGiven('datastore', 'Datastore', references.datastore),
      resolveDisks(lookup, { ...references, sourceId: source }),
      allOrProblems(
        references.disksToUpdate.map(({ datastore }) =>
          find(inputNames.disksToUpdate, 'Datastore', datastore),
        ),
      ),
      resolveNetworks(lookup, { ...references, input: 'networks', sourceId: source, datacenter: scope }),
      resolveTags(lookup, { ...references, input: 'tags' }),
    ]);
    const [datacenterId, sourceId, folder, pool, clusterId, hostId, datastore, ...devices] = found;
    const [disks, diskDatastores, networks, tags] = devices;
    return {
      source: sourceId,
      isTemplate: lookup.isTemplate(sourceId),
      ...(datacenterId === undefined ? {} : { datacenter: datacenterId }),
      ...(folder === undefined ? {} : { folder }),
      ...(pool === undefined ? {} : { resourcePool: pool }),
      ...(clusterId === undefined ? {} : { cluster: clusterId }),
      ...(hostId === undefined ? {} : { host: hostId }),
      ...(datastore === undefined ? {} : { datastore }),
      disksToRemove: disks.toRemove,
      disksToUpdate: diskDatastores.map((datastore, index) => ({
        disk: disks.toUpdate[index] ?? '',
        datastore,
      })),
      networks,
      tags,
    };
  });
}

/**
 * The same for a datacenter and a VM folder alone: GET /api/vcenter/datacenter and folder.
 *
 * @throws ResolveError with every name that is at fault; VcenterError; the signal's reason.
 */
export function resolveLocation(
  session: Session,
  references: LocationReferences,
  limits: Limits,
): Promise<ResolvedLocation> {
  return withInventoryLookup(session, limits, async (lookup) => {
    const { folder: reference } = references;
    const datacenter = findDatacenter(lookup, references.datacenter);
    const [datacenterId, folder] = await allOrProblems([
      datacenter,
      reference === undefined
        ? undefined
        : findObject(lookup, { input: 'folder', type: 'Folder', reference }, asScope(datacenter)),
    ]);
    return {
      ...(datacenterId === undefined ? {} : { datacenter: datacenterId }),
      ...(folder === undefined ? {} : { folder }),
    };
  });
}

/** The id of a datacenter, by its id, name or path. @throws ResolveError, VcenterError */
export async function findDatacenter(
  lookup: InventoryLookup,
  reference: Reference | undefined,
): Promise<string | undefined> {
  if (reference === undefined || reference.kind === 'id') {
    return reference?.id;
  }
  const [path, absolute] =
    reference.kind === 'name' ? [[reference.name], false] : [reference.segments, reference.absolute];
  const query = datacenterQuery({ input: 'datacenter', type: 'Datacenter', reference }, path);
  return (await exactlyOne(lookup, query, await findDatacenters(lookup, { path, absolute }))).id;
}

/** The id of an object, by its id (which is not checked), name or path. @throws ResolveError, VcenterError */
export async function findObject(
  lookup: InventoryLookup,
  { input, type, reference }: NamedInput & { readonly type: PlacedType },
  scope: Promise<string | undefined>,
): Promise<string> {
  switch (reference.kind) {
    case 'id':
      return reference.id;
    case 'path':
      return walkPath(lookup, { input, type, reference }, scope);
    case 'name': {
      const datacenter = await scope;
      const filter = {
        ...(type === 'Folder' ? { type: 'VIRTUAL_MACHINE' as const } : {}),
        ...(datacenter === undefined ? {} : { datacenters: [datacenter] }),
      };
      const { name } = reference;
      const named = { input, type, reference };
      const listed = await lookup.list(type, { name, ...filter });
      const found = await orTemplates(lookup, {
        type: named.type,
        found: listed,
        place: { name, datacenter },
      });
      return (await exactlyOne(lookup, { named, type, name, filter }, found)).id;
    }
  }
}

/** With a datacenter that cannot be resolved the other names are still looked for, to report those that are nowhere. */
export function asScope(datacenter: Promise<string | undefined>): Promise<string | undefined> {
  const scope = datacenter.catch((error: unknown) => {
    if (error instanceof ResolveError) {
      return undefined;
    }
    throw error;
  });
  scope.catch(() => undefined); // where all else is an id nobody waits for it, and its failure is the datacenter's own
  return scope;
}

/** Waits for all results and throws one ResolveError with the problems of all of them; any other error at once. */
export async function allOrProblems<T extends readonly unknown[] | []>(
  results: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const problems = (await Promise.all(results.map(problemsOf))).flat();
  if (problems.length > 0) {
    throw new ResolveError(withoutConsequences(problems));
  }
  return Promise.all(results);
}

async function problemsOf(result: unknown): Promise<readonly ResolveProblem[]> {
  try {
    await result;
    return [];
  } catch (error) {
    if (error instanceof ResolveError) {
      return error.problems;
    }
    throw error;
  }
}

/** Each problem once. Where the datacenter is at fault, a name that is not clear may be clear in the right one. */
function withoutConsequences(problems: readonly ResolveProblem[]): readonly ResolveProblem[] {
  const isDatacenterBad = problems.some(({ input }) => input === 'datacenter');
  const own = problems.filter(
    ({ input, reason }) => !isDatacenterBad || input === 'datacenter' || reason === 'none',
  );
  return [...new Map(own.map((problem) => [describeResolveProblem(problem), problem])).values()];
}
