import { describe, expect, it } from 'vitest';
import {
  boxedString,
  dataObject,
  type Fields,
  readReference,
  reference,
  unbox,
} from '../../../../src/vcenter/vi-json/data.ts';

const text = (value: unknown) => JSON.stringify(value);

describe('a data object', () => {
  it('V8: begins with its type, also where a field of that name is given', () => {
    expect(text(dataObject('VirtualMachineCloneSpec', { template: false, powerOn: true }))).toBe(
      '{"_typeName":"VirtualMachineCloneSpec","template":false,"powerOn":true}',
    );
    expect(text(dataObject('RetrieveOptions'))).toBe('{"_typeName":"RetrieveOptions"}');
    expect(text(reference({ type: 'Folder', id: 'group-v3' }))).toBe(
      '{"_typeName":"ManagedObjectReference","type":"Folder","value":"group-v3"}',
    );
  });

  it('V8: cannot hold an object without a type: that does not compile', () => {
    // @ts-expect-error an object that was not made by dataObject
    const bare: Fields = { location: { pool: 'resgroup-8' } };
    // @ts-expect-error nor one that only looks like one
    const forged: Fields = { location: { _typeName: 'VirtualMachineRelocateSpec' } };
    // @ts-expect-error nor one in a list
    const listed: Fields = { disk: [{ diskId: 2000 }] };
    expect([bare, forged, listed]).toHaveLength(3);
  });

  it('V11: leaves out what is not set, and is never null', () => {
    expect(text(dataObject('VirtualMachineConfigSpec', { numCPUs: undefined, annotation: '' }))).toBe(
      '{"_typeName":"VirtualMachineConfigSpec","annotation":""}',
    );
    // @ts-expect-error null is no value
    const unset: Fields = { annotation: null };
    expect(unset).toBeDefined();
  });
});

describe('a box', () => {
  it('V10: is around a text where any type may stand', () => {
    expect(text(boxedString('x'))).toBe('{"_typeName":"string","_value":"x"}');
  });

  it.each([
    [{ _typeName: 'boolean', _value: false }, false],
    [{ _typeName: 'int', _value: 0 }, 0],
    [{ _typeName: 'ArrayOfString', _value: ['a'] }, ['a']],
    ['bare', 'bare'],
    [null, null],
    [undefined, undefined],
    [
      { _typeName: 'TaskInfo', key: 'a' },
      { _typeName: 'TaskInfo', key: 'a' },
    ],
  ])('V10: is taken off %j', (value, expected) => {
    expect(unbox(value)).toEqual(expected);
  });
});

describe('readReference', () => {
  const vm = { type: 'VirtualMachine', id: 'vm-42' };

  it.each([
    ['with the type', { _typeName: 'ManagedObjectReference', type: 'VirtualMachine', value: 'vm-42' }, vm],
    ['without it', { type: 'VirtualMachine', value: 'vm-42' }, vm],
    ['boxed', { _typeName: 'x', _value: { type: 'VirtualMachine', value: 'vm-42' } }, vm],
    ['of nothing', null, undefined],
    ['of half a reference', { type: 'VirtualMachine' }, undefined],
    ['of an empty id', { type: 'VirtualMachine', value: '' }, undefined],
  ])('V9: takes one %s', (_, value, expected) => {
    expect(readReference(value)).toEqual(expected);
  });
});
