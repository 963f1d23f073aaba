import { isNotFound } from '../transport/error.ts';
import { hostAt, poolAt } from './compute-path.ts';
import {
  asTyped,
  datacenterLabel,
  exactlyOne,
  type NamedInput,
  type NameQuery,
  notAPath,
  notFound,
  unknownDatacenter,
} from './exactly-one.ts';
import type { DatacenterFolders, FolderType, InventoryLookup, InventoryObject } from './lookup.ts';
import {
  EXAMPLES,
  forward,
  type PathInput,
  type PlacedType,
  type Position,
  scopeAt,
} from './path-position.ts';
import { ResolveError, toCandidate } from './resolve-error.ts';

/** The name of the folder at the top of every vCenter. */
const ROOT_FOLDER = 'Datacenters';

/** What stands between datacenter and object in a path: the datacenter's own folder for objects of this type. */
const BRANCHES: Readonly<Record<PlacedType, keyof DatacenterFolders>> = {
  VirtualMachine: 'vm',
  Folder: 'vm',
  ResourcePool: 'host',
  ClusterComputeResource: 'host',
  HostSystem: 'host',
  Datastore: 'datastore',
  Network: 'network',
};

/**
 * Walks an inventory path to an object's id, folder by folder, with the lists of GET /api/vcenter/folder and of what can
 * stand in a folder; it starts from GET /api/vcenter/datacenter/{datacenter}. `datacenter` is the id of the one given.
 *
 * @throws ResolveError, VcenterError
 */
export async function walkPath(
  lookup: InventoryLookup,
  named: PathInput,
  datacenter: Promise<string | undefined>,
): Promise<string> {
  const start = named.reference.absolute
    ? await fromRoot(lookup, named, datacenter)
    : await fromDatacenter(lookup, named, await datacenter);
  switch (named.type) {
    case 'Folder':
      return (await walkFolders(lookup, named, start, 'VIRTUAL_MACHINE')).id;
    case 'VirtualMachine':
      return lastInFolder(lookup, named, start, 'VIRTUAL_MACHINE');
    case 'Datastore':
      return lastInFolder(lookup, named, start, 'DATASTORE');
    case 'Network':
      return lastInFolder(lookup, named, start, 'NETWORK');
    case 'ClusterComputeResource':
      return lastInFolder(lookup, named, start, 'HOST');
    case 'HostSystem':
      return hostAt(lookup, named, start);
    case 'ResourcePool':
      return poolAt(lookup, named, start);
  }
}

/**
 * The datacenters of a name, or of a path through the folders that datacenters may lie in. Where several fit a path that
 * begins at the root, it is the one that does.
 */
export async function findDatacenters(
  lookup: InventoryLookup,
  { path, absolute }: { readonly path: readonly string[]; readonly absolute: boolean },
): Promise<readonly InventoryObject[]> {
  const found = await datacentersBelow(lookup, path, undefined);
  if (found.length < 2 || !absolute) {
    return found;
  }
  const roots = await lookup.list('Folder', { name: ROOT_FOLDER, type: 'DATACENTER' });
  const fromRoot =
    roots.length === 0
      ? []
      : await datacentersBelow(
          lookup,
          path,
          roots.map(({ id }) => id),
        );
  return fromRoot.length === 1 ? fromRoot : found;
}

async function datacentersBelow(
  lookup: InventoryLookup,
  path: readonly string[],
  roots: readonly string[] | undefined,
): Promise<readonly InventoryObject[]> {
  let parents = roots;
  for (const name of path.slice(0, -1)) {
    const folders = await lookup.list('Folder', {
      name,
      type: 'DATACENTER',
      ...(parents === undefined ? {} : { parent_folders: parents }),
    });
    if (folders.length === 0) {
      return [];
    }
    parents = folders.map(({ id }) => id);
  }
  return lookup.list('Datacenter', {
    name: path.at(-1) ?? '',
    ...(parents === undefined ? {} : { folders: parents }),
  });
}

/** `/FOLDER/DATACENTER/vm/...`: to the datacenter's own folder. */
async function fromRoot(
  lookup: InventoryLookup,
  named: PathInput,
  given: Promise<string | undefined>,
): Promise<Position> {
  const { segments } = named.reference;
  const branch = BRANCHES[named.type];
  // A datacenter or a folder may itself be called `vm`: the first reading that leads to a datacenter counts.
  const splits = segments.flatMap((segment, index) => (index > 0 && segment === branch ? [index] : []));
  const [first] = splits;
  if (first === undefined) {
    throw notAPath(named, `From the root it is ${EXAMPLES[named.type]}.`);
  }
  for (const split of splits) {
    const path = segments.slice(0, split);
    const found = await findDatacenters(lookup, { path, absolute: true });
    if (found.length > 0) {
      const { id } = await exactlyOne(lookup, datacenterQuery(named, path), found);
      await expectInside(lookup, named, id, await given);
      const folders = await foldersOf(lookup, id);
      return {
        id: folders[branch],
        ahead: segments.slice(split + 1),
        walked: `/${segments.slice(0, split + 1).join('/')}`,
      };
    }
  }
  throw await notFound(lookup, [datacenterQuery(named, segments.slice(0, first))]);
}

/** The query for a datacenter by its name, or by a path through the folders that datacenters may lie in. */
export function datacenterQuery(named: NamedInput, path: readonly string[]): NameQuery {
  const folders = path.slice(0, -1);
  return {
    named,
    type: 'Datacenter',
    name: path.at(-1) ?? '',
    filter: {},
    ...(folders.length === 0 ? {} : { scope: `'/${folders.join('/')}'` }),
  };
}

async function expectInside(
  lookup: InventoryLookup,
  named: NamedInput,
  datacenter: string,
  given: string | undefined,
): Promise<void> {
  if (given !== undefined && given !== datacenter) {
    throw new ResolveError([
      {
        input: named.input,
        type: named.type,
        asked: asTyped(named.reference),
        reason: 'outside-datacenter',
        scope: await datacenterLabel(lookup, given),
        candidates: [],
        near: [],
        available: [],
      },
    ]);
  }
}

/** `ci/base`: below the folder that the datacenter has for objects of this type. */
async function fromDatacenter(
  lookup: InventoryLookup,
  named: PathInput,
  given: string | undefined,
): Promise<Position> {
  const datacenter = given ?? (await onlyDatacenter(lookup, named));
  const branch = BRANCHES[named.type];
  const folders = await foldersOf(lookup, datacenter);
  return { id: folders[branch], ahead: named.reference.segments, walked: '' };
}

async function onlyDatacenter(lookup: InventoryLookup, named: PathInput): Promise<string> {
  const all = await lookup.list('Datacenter', {});
  const [datacenter] = all;
  if (datacenter !== undefined && all.length === 1) {
    return datacenter.id;
  }
  throw new ResolveError([
    {
      input: named.input,
      type: named.type,
      asked: asTyped(named.reference),
      reason: 'datacenter-needed',
      candidates: all.map(toCandidate),
      near: [],
      available: [],
      hint: "Set 'datacenter', or begin the path with '/' and the datacenter.",
    },
  ]);
}

async function foldersOf(lookup: InventoryLookup, datacenter: string): Promise<DatacenterFolders> {
  try {
    return await lookup.datacenterFolders(datacenter);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    throw new ResolveError([unknownDatacenter(datacenter, (await lookup.tryList('Datacenter', {})) ?? [])]);
  }
}

/** Walks folders to the end of the path. */
async function walkFolders(
  lookup: InventoryLookup,
  named: NamedInput,
  start: Position,
  type: FolderType,
): Promise<Position> {
  let here = start;
  for (let [name] = here.ahead; name !== undefined; [name] = here.ahead) {
    const filter = { type, parent_folders: [here.id] };
    const found = await lookup.list('Folder', { name, ...filter });
    const folder = await exactlyOne(lookup, { named, type: 'Folder', name, filter, ...scopeAt(here) }, found);
    here = forward(here, folder.id);
  }
  return here;
}

/** An object that stands in a folder: all but the last element of the path are folders. */
async function lastInFolder(
  lookup: InventoryLookup,
  named: PathInput,
  start: Position,
  folderType: FolderType,
): Promise<string> {
  const name = start.ahead.at(-1);
  if (name === undefined) {
    throw notAPath(named, `From the root it is ${EXAMPLES[named.type]}.`);
  }
  const folder = await walkFolders(lookup, named, { ...start, ahead: start.ahead.slice(0, -1) }, folderType);
  const filter = { folders: [folder.id] };
  const found = await lookup.list(named.type, { name, ...filter });
  return (await exactlyOne(lookup, { named, type: named.type, name, filter, ...scopeAt(folder) }, found)).id;
}
