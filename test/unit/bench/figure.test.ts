import { describe, expect, it } from 'vitest';
import { boundText, type Figure, judge, valueText } from '../../../scripts/bench/figure.ts';

const figure = (value: number, bound?: Figure['bound']): Figure => ({
  name: 'calls',
  value,
  unit: 'count',
  ...(bound === undefined ? {} : { bound }),
});

describe('a figure', () => {
  it.each([
    [3, { kind: 'exactly', value: 3 }, 'ok'],
    [2, { kind: 'exactly', value: 3 }, 'missed'],
    [200, { kind: 'at most', value: 200 }, 'ok'],
    [201, { kind: 'at most', value: 200 }, 'missed'],
    [Number.NaN, { kind: 'at most', value: 200 }, 'missed'],
    [Number.NaN, { kind: 'exactly', value: Number.NaN }, 'missed'],
  ] as const)('of %d against %o is %s', (value, bound, verdict) => {
    expect(judge(figure(value, bound))).toBe(verdict);
  });

  it('without a bound is not judged', () => {
    expect(judge(figure(1))).toBeUndefined();
    expect(boundText(figure(1))).toBe('');
  });

  it.each([
    [3, 'count', '3'],
    [2.714, 'times', '2.71 ×'],
    [249.6, 'milliseconds', '250 ms'],
    [2_500, 'milliseconds', '2.50 s'],
  ] as const)('of %d in %s reads %s', (value, unit, text) => {
    expect(valueText({ value, unit })).toBe(text);
  });

  it('shows what it must be', () => {
    expect(boundText({ bound: { kind: 'exactly', value: 3 }, unit: 'count' })).toBe('3');
    expect(boundText({ bound: { kind: 'at most', value: 250 }, unit: 'milliseconds' })).toBe('≤ 250 ms');
  });
});
