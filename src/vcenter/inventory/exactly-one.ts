import { bareId, type InventoryType, type Reference } from '../../text/reference.ts';
import { unescapeName } from './escaped-name.ts';
import type { InventoryFilter, InventoryLookup, InventoryObject } from './lookup.ts';
import { nearest } from './near-match.ts';
import { ResolveError, type ResolveProblem, toCandidate } from './resolve-error.ts';

/** An input that names an inventory object. */
export interface NamedInput {
  /** In GitHub's spelling: `resource-pool`. */
  readonly input: string;
  readonly type: InventoryType;
  readonly reference: Reference;
}

/** One query for objects of one name. */
export interface NameQuery {
  readonly named: NamedInput;
  /** The type that was looked for: on the way along a path not always the one that the input names. */
  readonly type: InventoryType;
  readonly name: string;
  /** Everything but the name that it is narrowed by. */
  readonly filter: InventoryFilter;
  /** The same for people: `'/DC1/vm/ci'`. Without it the filter's datacenter is named. */
  readonly scope?: string;
}

const MOST_AVAILABLE = 8;
/** How many datacenters, clusters or standalone hosts are asked whether a candidate lies in them. */
const MOST_PLACES = 16;

const PERMISSIONS = 'vCenter lists only what the account may see.';
/** Templates are absent from GET /api/vcenter/vm, and as a source they are NOT_FOUND. */
export const TEMPLATE =
  'If it is a template: this API does not show templates; convert it to a VM, or clone it to one.';

/** The input's value in readable form. */
export function asTyped(reference: Reference): string {
  switch (reference.kind) {
    case 'id':
      return reference.id;
    case 'name':
      return unescapeName(reference.name);
    case 'path':
      return `${reference.absolute ? '/' : ''}${reference.segments.join('/')}`;
  }
}

/** The one object that a query found; none or several make a {@link ResolveError} that helps to choose. */
export async function exactlyOne(
  lookup: InventoryLookup,
  query: NameQuery,
  found: readonly InventoryObject[],
): Promise<InventoryObject> {
  const [object] = found;
  if (object === undefined) {
    throw await notFound(lookup, [query]);
  }
  if (found.length > 1) {
    throw await ambiguous(lookup, query, found);
  }
  return object;
}

/** The error for a name that no query found; several queries where several types would have done. */
export async function notFound(
  lookup: InventoryLookup,
  queries: readonly [NameQuery, ...NameQuery[]],
): Promise<ResolveError> {
  const [query] = queries;
  const { named, name, filter } = query;
  const [lists, scope, datacenters] = await Promise.all([
    Promise.all(queries.map((each) => lookup.tryList(each.type, each.filter))),
    scopeOf(lookup, query),
    filter.datacenters === undefined ? undefined : lookup.tryList('Datacenter', {}),
  ]);
  // A datacenter's id is not looked up before something is missing in it; then it may be the id that is wrong.
  const [datacenter] = filter.datacenters ?? [];
  if (datacenter !== undefined && datacenters?.every(({ id }) => id !== datacenter)) {
    return new ResolveError([unknownDatacenter(datacenter, datacenters)]);
  }
  const objects = lists.flatMap((list) => list ?? []).map(toCandidate);
  const meant = named.reference.kind === 'name' ? objects.filter(({ id }) => id === bareId(name)) : [];
  const near = meant.length > 0 ? meant : nearest(unescapeName(name), objects);
  const hints =
    meant.length > 0
      ? [`To give an id of this form, write 'id:${name}'.`]
      : [PERMISSIONS, named.type === 'VirtualMachine' ? TEMPLATE : undefined, pathHint(named)];
  const problem: ResolveProblem = {
    ...subjectOf(query),
    reason: 'none',
    ...scope,
    candidates: [],
    near,
    available: near.length === 0 && objects.length <= MOST_AVAILABLE ? objects : [],
    hint: hints.filter((hint) => hint !== undefined).join(' '),
  };
  return new ResolveError([problem]);
}

/** `DC1/vm/ci/base`: very likely meant from the root. */
function pathHint({ reference }: NamedInput): string | undefined {
  const isMeantFromRoot =
    reference.kind === 'path' &&
    !reference.absolute &&
    ['vm', 'host', 'datastore', 'network'].includes(reference.segments[1] ?? '');
  return isMeantFromRoot ? "A path that starts with the datacenter begins with '/'." : undefined;
}

/** The error for a name that fits several objects. */
async function ambiguous(
  lookup: InventoryLookup,
  query: NameQuery,
  found: readonly InventoryObject[],
): Promise<ResolveError> {
  const [scope, places] = await Promise.all([scopeOf(lookup, query), placesOf(lookup, query)]);
  return new ResolveError([
    {
      ...subjectOf(query),
      reason: 'several',
      ...scope,
      candidates: found.map((object) => {
        const where = places.filter(({ objects }) => objects.has(object.id)).map(placeText);
        return { ...toCandidate(object), ...(where.length === 0 ? {} : { where: where.join(', ') }) };
      }),
      near: [],
      available: [],
      hint: choiceHint(query, found, places),
    },
  ]);
}

/** The ways to choose one of the candidates; an input that all of them agree on would not narrow anything. */
function choiceHint(
  { named, type, filter }: NameQuery,
  found: readonly InventoryObject[],
  places: readonly Place[],
): string {
  const isFreeName = named.reference.kind === 'name';
  const isNarrowedBy = (...kinds: readonly PlaceKind[]) => {
    const known = places.filter(({ kind }) => kinds.includes(kind));
    const owners = found.map(({ id }) =>
      known.filter(({ objects }) => objects.has(id)).map((each) => each.id),
    );
    return known.length === 0 || new Set(owners.map((each) => each.join())).size > 1;
  };
  const isPool = type === 'ResourcePool';
  const ways = [
    isFreeName ? 'its id or its inventory path here' : 'its id here',
    ...(isFreeName && type !== 'Datacenter' && filter.datacenters === undefined && isNarrowedBy('datacenter')
      ? ["'datacenter'"]
      : []),
    ...(isFreeName && isPool && filter.clusters === undefined && isNarrowedBy('cluster', 'host')
      ? ["'cluster'"]
      : []),
  ];
  return `To choose one, give ${ways.join(', or ')}.`;
}

function subjectOf({
  named,
  type,
  name,
}: NameQuery): Pick<ResolveProblem, 'input' | 'type' | 'asked' | 'element'> {
  const asked = asTyped(named.reference);
  const element = unescapeName(name);
  return {
    input: named.input,
    type: named.reference.kind === 'path' ? named.type : type,
    asked,
    ...(named.reference.kind === 'path' && asked !== element ? { element } : {}),
  };
}

async function scopeOf(
  lookup: InventoryLookup,
  { scope, filter }: NameQuery,
): Promise<{ readonly scope?: string }> {
  if (scope !== undefined) {
    return { scope };
  }
  const [datacenter] = filter.datacenters ?? [];
  const parts = [
    ...(filter.clusters ?? []).map((cluster) => `cluster ${cluster}`),
    ...(filter.hosts ?? []).map((host) => `host ${host}`),
    ...(datacenter === undefined ? [] : [await datacenterLabel(lookup, datacenter)]),
  ];
  return parts.length === 0 ? {} : { scope: parts.join(', ') };
}

/** `datacenter 'DC1'`; the id where vCenter does not tell the name. */
export async function datacenterLabel(lookup: InventoryLookup, datacenter: string): Promise<string> {
  const all = await lookup.tryList('Datacenter', {});
  const name = all?.find(({ id }) => id === datacenter)?.name;
  return `datacenter ${name === undefined ? datacenter : `'${unescapeName(name)}'`}`;
}

/** The problem of a `datacenter` given by an id that vCenter does not know. */
export function unknownDatacenter(datacenter: string, all: readonly InventoryObject[]): ResolveProblem {
  return {
    input: 'datacenter',
    type: 'Datacenter',
    asked: datacenter,
    reason: 'none',
    candidates: [],
    near: [],
    available: all.length <= MOST_AVAILABLE ? all.map(toCandidate) : [],
    hint: PERMISSIONS,
  };
}

type PlaceKind = 'cluster' | 'host' | 'datacenter';

/** A place, and which of the objects that were found lie in it. */
interface Place {
  readonly kind: PlaceKind;
  readonly id: string;
  readonly name: string;
  readonly objects: ReadonlySet<string>;
}

function placeText({ kind, name }: Place): string {
  return `${kind} '${unescapeName(name)}'`;
}

/**
 * Where the objects of a query lie. The API does not tell it of an object, so the query goes out for each place there is,
 * as far as it has not been narrowed to one already.
 */
async function placesOf(lookup: InventoryLookup, query: NameQuery): Promise<readonly Place[]> {
  const { type, name, filter } = query;
  const kinds: (readonly [
    InventoryType,
    kind: PlaceKind,
    listed: InventoryFilter,
    narrow: (id: string) => InventoryFilter,
  ])[] = [];
  if (type === 'ResourcePool' && filter.clusters === undefined && query.scope === undefined) {
    const datacenters = filter.datacenters === undefined ? {} : { datacenters: filter.datacenters };
    kinds.push(
      ['ClusterComputeResource', 'cluster', datacenters, (id) => ({ clusters: [id] })],
      ['HostSystem', 'host', { ...datacenters, standalone: 'true' }, (id) => ({ hosts: [id] })],
    );
  }
  if (type !== 'Datacenter' && filter.datacenters === undefined && query.scope === undefined) {
    kinds.push(['Datacenter', 'datacenter', {}, (id) => ({ datacenters: [id] })]);
  }

  const places = await Promise.all(
    kinds.map(async ([listed, kind, within, narrow]) => {
      const owners = (await lookup.tryList(listed, within)) ?? [];
      return owners.length > MOST_PLACES
        ? []
        : Promise.all(
            owners.map(async (owner) => {
              const objects = await lookup.tryList(type, { name, ...filter, ...narrow(owner.id) });
              return { kind, ...owner, objects: new Set(objects?.map(({ id }) => id)) };
            }),
          );
    }),
  );
  return places.flat();
}

/** A path that cannot lead to an object of the type. */
export function notAPath(named: NamedInput, hint: string): ResolveError {
  return new ResolveError([
    {
      input: named.input,
      type: named.type,
      asked: asTyped(named.reference),
      reason: 'not-a-path',
      candidates: [],
      near: [],
      available: [],
      hint,
    },
  ]);
}
