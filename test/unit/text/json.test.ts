import { describe, expect, it } from 'vitest';
import { idOf, isRecord, textOf } from '../../../src/text/json.ts';

describe('isRecord', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [null, false],
    [[], false],
    ['text', false],
    [undefined, false],
  ])('%j: %s', (value, expected) => {
    expect(isRecord(value)).toBe(expected);
  });
});

describe('textOf', () => {
  it.each([
    ['vm-1', 'vm-1'],
    ['', undefined],
    [7, undefined],
    [null, undefined],
  ])('%j: %j', (value, expected) => {
    expect(textOf(value)).toBe(expected);
  });
});

describe('idOf', () => {
  it.each([
    ['vm-1', 'vm-1'],
    ['5200:com.vmware.vcenter.VM', '5200:com.vmware.vcenter.VM'],
    ['...', '...'],
    ['.a', '.a'],
    ['', undefined],
    ['a b', undefined],
    ['vm-ü', undefined],
    ['vm\n1', undefined],
    [7, undefined],
  ])('%j: %j', (value, expected) => {
    expect(idOf(value)).toBe(expected);
  });

  it.each(['.', '..'])('C4: takes no %j, which would lead elsewhere within a URL', (value) => {
    expect(idOf(value)).toBeUndefined();
  });
});
