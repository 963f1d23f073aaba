/** A data object as it goes over the wire: the name of its type comes first. */
export interface DataObject {
  readonly _typeName: string;
  readonly [field: string]: unknown;
}

/** A managed object, by the type that it really has. */
export interface ManagedObject {
  readonly type: string;
  readonly id: string;
}

/** Without the fields that are undefined: what is not set is absent, and never null. */
export function data(typeName: string, fields: Readonly<Record<string, unknown>> = {}): DataObject {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { _typeName: typeName, ...Object.fromEntries(set) };
}

export function reference({ type, id }: ManagedObject): DataObject {
  return data('ManagedObjectReference', { type, value: id });
}

/** The same for an id whose type is known; undefined for no id. */
export function referenceTo(type: string, id: string | undefined): DataObject | undefined {
  return id === undefined ? undefined : reference({ type, id });
}

/** A value where any type may stand: primitives, enumerations and lists are told by a box. */
export function box(typeName: string, value: unknown): DataObject {
  return data(typeName, { _value: value });
}

/** A reference of a request that has passed the checks of its form. */
export interface Reference {
  readonly type: string;
  readonly value: string;
}

/** A boxed value of a request, or a data object. */
export function unbox(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '_value' in value ? value._value : value;
}
