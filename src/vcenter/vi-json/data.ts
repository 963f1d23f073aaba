import { isRecord } from '../../text/json.ts';
import { type ManagedObject, readManagedObject } from '../transport/fault.ts';

declare const typed: unique symbol;

/**
 * A data object within a request. Without its type's name, and that first, vCenter takes it for something else ("Invalid MoRef
 * field: pathSet", evoila/meho #3103); so it can be made by {@link dataObject} and in no other way.
 */
export interface DataObject {
  readonly _typeName: string;
  readonly [typed]: true;
}

/** What a request may hold: no bare object, and no `null`, since what is not set is left out. */
export type Value = string | number | boolean | DataObject | readonly Value[];

export type Fields = Readonly<Record<string, Value | undefined>>;

export function dataObject(typeName: string, fields: Fields = {}): DataObject {
  return { _typeName: typeName, ...withoutUnset(fields) } as unknown as DataObject;
}

/** The parameters of an operation: the one object that bears no type. */
export function withoutUnset(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export function reference({ type, id }: ManagedObject): DataObject {
  return dataObject('ManagedObjectReference', { type, value: id });
}

/** A text where any type may stand: a bare one is refused there. */
export function boxedString(value: string): DataObject {
  return dataObject('string', { _value: value });
}

/** The value of a box, `{_typeName, _value}`; whatever else as it is. */
export function unbox(value: unknown): unknown {
  return isRecord(value) && '_value' in value ? value['_value'] : value;
}

/** A reference in a response, boxed or not, with or without the names of types. */
export function readReference(value: unknown): ManagedObject | undefined {
  return readManagedObject(unbox(value));
}
