import { isRecord, textOf } from '../../text/json.ts';
import type { Limits, Session } from '../session.ts';
import { type Fault, type ManagedObject, readFault } from '../transport/fault.ts';
import { unreadable } from '../transport/unreadable.ts';
import { type DataObject, dataObject, readReference, reference, unbox } from './data.ts';
import { invoke, managerId, viOperation } from './invoke.ts';

/** What vCenter tells of one object. */
export interface ObjectProperties {
  readonly object: ManagedObject;
  /** By path, unboxed. What is not set is in neither of the two. */
  readonly values: ReadonlyMap<string, unknown>;
  /** By path: what may not, or cannot, be read, and why. */
  readonly missing: ReadonlyMap<string, Fault>;
}

export interface PropertyQuery {
  /** Which properties of the objects of a type are read, by path: `config.template`. */
  readonly paths: readonly { readonly type: string; readonly paths: readonly string[] }[];
  /** Made by {@link these} and {@link reachedFrom}. */
  readonly objects: readonly DataObject[];
}

export function these(...objects: readonly ManagedObject[]): readonly DataObject[] {
  return objects.map((object) => dataObject('ObjectSpec', { obj: reference(object) }));
}

/** The objects that a property of the object refers to, and not the object itself. */
export function reachedFrom(object: ManagedObject, path: string): readonly DataObject[] {
  const traversal = dataObject('TraversalSpec', { type: object.type, path, skip: false });
  return [dataObject('ObjectSpec', { obj: reference(object), skip: true, selectSet: [traversal] })];
}

const RETRIEVE = viOperation('POST', 'PropertyCollector', 'RetrievePropertiesEx');
const CONTINUE = viOperation('POST', 'PropertyCollector', 'ContinueRetrievePropertiesEx');

/**
 * PropertyCollector.RetrievePropertiesEx, and ContinueRetrievePropertiesEx as long as there is more.
 *
 * @throws VcenterError: ManagedObjectNotFound for an object that is not there, or may not be seen.
 */
export async function retrieveProperties(
  session: Session,
  { paths, objects }: PropertyQuery,
  limits: Limits,
): Promise<readonly ObjectProperties[]> {
  const moId = await managerId(session, 'propertyCollector', limits);
  const propSet = paths.map(({ type, paths: pathSet }) => dataObject('PropertySpec', { type, pathSet }));
  const specSet = [dataObject('PropertyFilterSpec', { propSet, objectSet: objects })];
  const found: ObjectProperties[] = [];
  let operation = RETRIEVE;
  let parameters: Parameters<typeof invoke>[1]['parameters'] = {
    specSet,
    options: dataObject('RetrieveOptions'),
  };
  for (;;) {
    const page = await invoke(session, { operation, moId, parameters, expects: 'optional' }, limits);
    if (page === undefined) {
      return found;
    }
    if (!isRecord(page) || !Array.isArray(page['objects'])) {
      throw unreadable(session, operation, 'a list of objects');
    }
    found.push(...page['objects'].map(readObject).filter((each) => each !== undefined));
    const token = textOf(page['token']);
    if (token === undefined) {
      return found;
    }
    operation = CONTINUE;
    parameters = { token };
  }
}

function readObject(content: unknown): ObjectProperties | undefined {
  if (!isRecord(content)) {
    return undefined;
  }
  const object = readReference(content['obj']);
  const entries = (list: unknown) => (Array.isArray(list) ? list.filter(isRecord) : []);
  return object === undefined
    ? undefined
    : {
        object,
        values: new Map(entries(content['propSet']).map(({ name, val }) => [String(name), unbox(val)])),
        missing: new Map(
          entries(content['missingSet']).map(({ path, fault }) => [
            String(path),
            readFault(fault)?.fault ?? UNNAMED,
          ]),
        ),
      };
}

const UNNAMED: Fault = { name: 'MethodFault', object: undefined, property: undefined, privileges: [] };
