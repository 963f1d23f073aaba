import { randomUUID } from 'node:crypto';
import { done } from '../operation.ts';
import type { World } from '../world.ts';
import { type DataObject, data, type ManagedObject, type Reference, reference } from './data.ts';
import { faultBody, invalidArgument, objectNotFound } from './fault.ts';
import { findObject, isOfType } from './objects.ts';
import { optional, type ViDefinition } from './operation.ts';
import { propertyNames, readProperty } from './properties.ts';
import { taskQuirk } from './task-info.ts';

interface FilterSpec {
  readonly propSet: readonly PropertySpec[];
  readonly objectSet: readonly ObjectSpec[];
  readonly reportMissingObjectsInResults?: boolean;
}

interface PropertySpec {
  readonly type: string;
  readonly all?: boolean;
  readonly pathSet?: readonly string[];
}

interface ObjectSpec {
  readonly obj: Reference;
  readonly skip?: boolean;
  readonly selectSet?: readonly Selection[];
}

/** With a `path` it is a traversal, else it names one. */
interface Selection {
  readonly name?: string;
  readonly type?: string;
  readonly path?: string;
  readonly skip?: boolean;
  readonly selectSet?: readonly Selection[];
}

interface Reader {
  readonly world: World;
  readonly session: number | undefined;
}

export const retrieveProperties: ViDefinition = {
  parameters: { specSet: '*PropertyFilterSpec[]', options: '*RetrieveOptions' },
  handle: (world, { body, session }) => {
    const { specSet, options } = body as {
      readonly specSet: readonly FilterSpec[];
      readonly options: { readonly maxObjects?: number };
    };
    const { maxObjects = world.behaviour.viPageSize } = options;
    if (maxObjects < 1) throw invalidArgument('options.maxObjects', 'It must be at least 1.');
    const reader = { world, session: session?.number };
    const objects = specSet.flatMap((spec) => contentsOf(reader, spec));
    return page(reader, { objects, maxObjects });
  },
};

export const continueRetrieving: ViDefinition = {
  parameters: { token: '*string' },
  handle: (world, { body, session }) => {
    const token = String(body['token']);
    const rest = world.viJson.pages.get(token);
    if (!rest || rest.session !== session?.number) {
      throw invalidArgument('token', 'There is no such retrieval, or it has ended.');
    }
    world.viJson.pages.delete(token);
    const { viPageSize: maxObjects } = world.behaviour;
    return page({ world, session: session.number }, { objects: rest.objects, maxObjects });
  },
};

export const cancelRetrieving: ViDefinition = {
  parameters: { token: '*string' },
  handle: (world, { body }) => {
    world.viJson.pages.delete(String(body['token']));
    return done;
  },
};

function page(
  { world, session = 0 }: Reader,
  { objects, maxObjects }: { readonly objects: readonly DataObject[]; readonly maxObjects: number },
) {
  const size = Math.min(maxObjects, world.behaviour.viPageSize);
  const token = objects.length > size ? randomUUID() : undefined;
  if (token !== undefined) world.viJson.pages.set(token, { session, objects: objects.slice(size) });
  const told = objects.slice(0, size);
  const quirk = quirkOf(world, told);
  return {
    ...optional(world, told.length === 0 ? undefined : data('RetrieveResult', { token, objects: told })),
    ...(quirk !== undefined && { quirk }),
  };
}

function quirkOf(world: World, objects: readonly DataObject[]): string | undefined {
  const values = objects.flatMap(({ propSet = [] }) => propSet as readonly DataObject[]);
  const infos = values
    .map(({ val }) => val as DataObject)
    .filter(({ _typeName }) => _typeName === 'TaskInfo');
  return infos.map((info) => taskQuirk(world, info)).find((quirk) => quirk !== undefined);
}

/** One ObjectContent for each object that is selected and of which something is asked for. */
function contentsOf(reader: Reader, spec: FilterSpec): readonly DataObject[] {
  const selected = new Map<string, ManagedObject>();
  for (const objectSpec of spec.objectSet) {
    const { type, value: id } = objectSpec.obj;
    const object = findObject(reader.world, { type, id }, reader.session);
    if (!object) {
      if (spec.reportMissingObjectsInResults === true) continue;
      throw objectNotFound({ type, id });
    }
    if (objectSpec.skip !== true) selected.set(object.id, object);
    const { selectSet = [] } = objectSpec;
    for (const found of traverse(reader, { object, selectSet, all: selectSet, seen: new Set() })) {
      selected.set(found.id, found);
    }
  }
  return [...selected.values()].flatMap((object) => {
    const wanted = spec.propSet.filter(({ type }) => isOfType(object, type));
    return wanted.length === 0 ? [] : [contentOf(reader, { object, wanted })];
  });
}

function traverse(
  reader: Reader,
  options: {
    readonly object: ManagedObject;
    readonly selectSet: readonly Selection[];
    /** Those that a name may mean. */
    readonly all: readonly Selection[];
    readonly seen: Set<string>;
  },
): readonly ManagedObject[] {
  const { object, selectSet, all, seen } = options;
  return selectSet.flatMap((given) => {
    const selection = given.path === undefined ? named(all, given.name) : given;
    if (!selection?.path || !isOfType(object, selection.type ?? '')) return [];
    const { path, skip, selectSet: below = [] } = selection;
    const key = `${path} of ${object.id}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return referredBy(reader, object, path).flatMap((next) => [
      ...(skip === true ? [] : [next]),
      ...traverse(reader, { object: next, selectSet: below, all: [...all, ...below], seen }),
    ]);
  });
}

function named(all: readonly Selection[], name: string | undefined): Selection | undefined {
  const found = all.find((each) => each.path !== undefined && each.name === name);
  if (!found) throw invalidArgument('specSet', `There is no traversal of the name ${name}.`);
  return found;
}

function referredBy(reader: Reader, object: ManagedObject, path: string): readonly ManagedObject[] {
  const read = readProperty({ ...reader, object, path, boxed: false });
  const values = read && 'value' in read ? [read.value].flat() : [];
  return (values as readonly Reference[])
    .map(({ type, value }) => findObject(reader.world, { type, id: value }, reader.session))
    .filter((found) => found !== undefined);
}

function contentOf(
  reader: Reader,
  { object, wanted }: { readonly object: ManagedObject; readonly wanted: readonly PropertySpec[] },
): DataObject {
  const paths = new Set(
    wanted.flatMap(({ all, pathSet = [] }) => (all === true ? propertyNames(object.type) : pathSet)),
  );
  const propSet: DataObject[] = [];
  const missingSet: DataObject[] = [];
  for (const path of paths) {
    const read = readProperty({ ...reader, object, path, boxed: true });
    if (!read) continue;
    if ('value' in read) propSet.push(data('DynamicProperty', { name: path, val: read.value }));
    else {
      const fault = faultBody(read.fault, reader.world.behaviour);
      missingSet.push(data('MissingProperty', { path, fault }));
    }
  }
  return data('ObjectContent', {
    obj: reference(object),
    propSet: propSet.length > 0 ? propSet : undefined,
    missingSet: missingSet.length > 0 ? missingSet : undefined,
  });
}
