import { message, type VapiError, vapiError } from './vapi-error.ts';

/** What a value of a request must look like. */
export type Shape =
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape; readonly unique?: boolean }
  | { readonly kind: 'map'; readonly of: Shape }
  | {
      readonly kind: 'structure';
      readonly name: string;
      readonly fields: Readonly<Record<string, Shape>>;
      readonly required?: readonly string[];
    };

export type Query = ReadonlyMap<string, readonly string[]>;

/** `acceptNull`: null for an optional field means that it is unset (as newer servers take it). */
export interface BodyRules {
  readonly acceptNull: boolean;
}

/** The record, or undefined for anything that is not a JSON object. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

export function unexpectedFields(names: readonly string[], structure: string): VapiError {
  return vapiError(
    'UNEXPECTED_INPUT',
    message(
      'vapi.data.structure.field.unexpected',
      "Found unexpected fields [{0}] in structure '{1}'. Could be because they are not supported by this server.",
      [names.join(', '), structure],
    ),
  );
}

function mismatch(expected: string, actual: unknown, where: string): VapiError {
  const type = actual === null ? 'null' : Array.isArray(actual) ? 'list' : typeof actual;
  return vapiError(
    'INVALID_ARGUMENT',
    message('vapi.data.validate.mismatch', "Field '{2}': expected type: {0}, actual type: {1}.", [
      expected,
      type,
      where,
    ]),
  );
}

/** Checks a request body and returns it without the optional fields that were null. Throws a VapiError. */
export function validateBody(value: unknown, shape: Shape, rules: BodyRules, where = 'body'): unknown {
  switch (shape.kind) {
    case 'string':
    case 'boolean':
      if (typeof value !== shape.kind) throw mismatch(shape.kind, value, where);
      return value;
    case 'integer':
      if (!Number.isSafeInteger(value)) throw mismatch('integer', value, where);
      return value;
    case 'enum':
      if (typeof value !== 'string') throw mismatch('enumeration', value, where);
      if (!shape.values.includes(value)) throw unknownEnumValue({ value, values: shape.values, where });
      return value;
    case 'list': {
      if (!Array.isArray(value)) throw mismatch('list', value, where);
      const items = value.map((item, index) => validateBody(item, shape.of, rules, `${where}[${index}]`));
      if (shape.unique && new Set(items).size !== items.length) {
        throw vapiError(
          'INVALID_ARGUMENT',
          message('vapi.data.set.duplicate', "Field '{0}' holds a value twice.", [where]),
        );
      }
      return items;
    }
    case 'map': {
      const record = asRecord(value);
      if (!record) throw mismatch('map', value, where);
      return Object.fromEntries(
        Object.entries(record).map(([key, item]) => [
          key,
          validateBody(item, shape.of, rules, `${where}.${key}`),
        ]),
      );
    }
    case 'structure': {
      const record = asRecord(value);
      if (!record) throw mismatch('structure', value, where);
      const unexpected = Object.keys(record).filter((name) => !Object.hasOwn(shape.fields, name));
      if (unexpected.length > 0) throw unexpectedFields(unexpected, shape.name);
      const required = shape.required ?? [];
      const missing = required.filter((name) => record[name] === undefined || record[name] === null);
      if (missing.length > 0) {
        throw vapiError(
          'INVALID_ARGUMENT',
          message('vapi.data.structure.field.missing', "Structure '{0}' is missing a field: {1}", [
            shape.name,
            missing.join(', '),
          ]),
        );
      }
      const result: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(shape.fields)) {
        const item = record[name];
        if (item === undefined || (item === null && rules.acceptNull)) continue;
        result[name] = validateBody(item, field, rules, `${where}.${name}`);
      }
      return result;
    }
  }
}

function unknownEnumValue(options: {
  readonly value: string;
  readonly values: readonly string[];
  readonly where: string;
}): VapiError {
  return vapiError(
    'INVALID_ARGUMENT',
    message('vapi.data.validate.enum', "Field '{0}': '{1}' is none of {2}.", [
      options.where,
      options.value,
      options.values.join(', '),
    ]),
  );
}

/**
 * Checks the query against the parameters of an operation. Arrays are repeated keys. A parameter with
 * an empty value counts as not given, so `names=` filters nothing: a client must guard against that.
 */
export function validateQuery(query: Query, parameters: Readonly<Record<string, Shape>>): Query {
  const unexpected = [...query.keys()].filter((name) => !Object.hasOwn(parameters, name));
  if (unexpected.length > 0) throw unexpectedFields(unexpected, 'operation-input');
  const result = new Map<string, readonly string[]>();
  for (const [name, values] of query) {
    const parameter = parameters[name];
    const given = values.filter((value) => value !== '');
    if (!parameter || given.length === 0) continue;
    const item = parameter.kind === 'list' ? parameter.of : parameter;
    if (parameter.kind !== 'list' && values.length > 1) throw mismatch('one value', values, name);
    for (const value of given) {
      if (item.kind === 'enum' && !item.values.includes(value)) {
        throw unknownEnumValue({ value, values: item.values, where: name });
      }
      if (item.kind === 'boolean' && value !== 'true' && value !== 'false') {
        throw mismatch('boolean', value, name);
      }
    }
    result.set(name, given);
  }
  return result;
}
