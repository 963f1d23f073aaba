import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../../src/text/duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [-3, '0 ms'],
    [849.6, '850 ms'],
    [999.6, '1 s'],
    [1_000, '1 s'],
    [4_230, '4.2 s'],
    [30_000, '30 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min'],
    [65_000, '1 min 05 s'],
    [300_000, '5 min'],
    [3_599_400, '59 min 59 s'],
    [3_599_600, '1 h'],
    [3_720_000, '1 h 02 min'],
    [86_400_000, '24 h'],
  ])('%d ms is "%s"', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
