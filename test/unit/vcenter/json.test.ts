import { describe, expect, it } from 'vitest';
import { isRecord, textOf } from '../../../src/text/json.ts';

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
