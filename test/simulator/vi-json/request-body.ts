import { asRecord } from '../shape.ts';
import { invalidArgument, invalidRequest, type ViFault } from './fault.ts';
import { boxes, enumerations, type Fields, subtypes, types } from './types.ts';

/**
 * Checks the parameters of a method. The outermost object needs no type; each one inside begins with its own (live 8.0.3:
 * evoila/meho #3103). Throws InvalidArgument, or InvalidRequest for what is no JSON object.
 */
export function checkParameters(body: unknown, parameters: Fields): Readonly<Record<string, unknown>> {
  const record = asRecord(body);
  if (!record) throw invalidRequest('The body is not a JSON object.');
  checkFields(record, { fields: parameters, where: '' });
  return record;
}

function checkFields(
  record: Readonly<Record<string, unknown>>,
  { fields, where }: { readonly fields: Fields; readonly where: string },
): void {
  const path = (name: string) => (where === '' ? name : `${where}.${name}`);
  for (const name of Object.keys(record)) {
    if (name === '_typeName' && where !== '') continue;
    if (!Object.hasOwn(fields, name)) throw invalidArgument(path(name), 'There is no such property.');
  }
  for (const [name, declared] of Object.entries(fields)) {
    const value = record[name];
    if (value !== undefined) checkValue(value, declared.replace('*', ''), path(name));
    else if (declared.startsWith('*')) throw invalidArgument(path(name), 'It is missing.');
  }
}

function checkValue(value: unknown, type: string, where: string): void {
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) throw wrongType(where, 'a list', value);
    value.forEach((item, index) => {
      checkValue(item, type.slice(0, -2), `${where}[${index}]`);
    });
    return;
  }
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
      if (typeof value !== type) throw wrongType(where, `a ${type}`, value);
      return;
    case 'int':
      if (!Number.isInteger(value)) throw wrongType(where, 'an integer', value);
      return;
    case 'ref':
      checkDataObject(value, ['ManagedObjectReference'], where);
      return;
    case 'any':
      checkAny(value, where);
      return;
    default:
      if (enumerations[type]) {
        if (!enumerations[type].some((each) => each === value)) throw wrongType(where, `a ${type}`, value);
      } else {
        checkDataObject(value, subtypes[type] ?? [type], where);
      }
  }
}

function checkAny(value: unknown, where: string): void {
  const typeName = typeOf(value, where);
  const primitive = boxes[typeName];
  if (primitive === undefined) checkDataObject(value, [typeName], where);
  else checkFields(asRecord(value) ?? {}, { fields: { _value: `*${primitive}` }, where });
}

function checkDataObject(value: unknown, allowed: readonly string[], where: string): void {
  const typeName = typeOf(value, where);
  if (!allowed.includes(typeName)) throw wrongType(where, allowed.join(' or '), value);
  const fields =
    typeName === 'ManagedObjectReference' ? { type: '*string', value: '*string' } : types[typeName];
  if (!fields) throw invalidArgument(where, `The type ${typeName} is not known.`);
  checkFields(asRecord(value) ?? {}, { fields, where });
}

/** The type that a data object begins with. One that begins with `type` is taken for a reference, as by 8.0.3. */
function typeOf(value: unknown, where: string): string {
  const record = asRecord(value);
  if (!record) throw wrongType(where, 'a data object', value);
  const [first, second] = Object.keys(record);
  const typeName = record['_typeName'];
  if (first === '_typeName' && typeof typeName === 'string') return typeName;
  throw invalidArgument(
    where,
    first === 'type' ? `Invalid MoRef field: ${second}` : 'It does not begin with its _typeName.',
  );
}

function wrongType(where: string, expected: string, actual: unknown): ViFault {
  const named = asRecord(actual)?.['_typeName'];
  const type = actual === null ? 'null' : Array.isArray(actual) ? 'a list' : (named ?? typeof actual);
  return invalidArgument(where, `${expected} is expected, not ${String(type)}.`);
}
