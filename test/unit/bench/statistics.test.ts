import { describe, expect, it } from 'vitest';
import { median, seededRandom, spread } from '../../../scripts/bench/statistics.ts';

describe('median', () => {
  it.each([
    [[5], 5],
    [[9, 1, 5], 5],
    [[10, 1, 2, 9], 5.5],
  ])('of %o is %d', (numbers, middle) => {
    expect(median(numbers)).toBe(middle);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });

  it('leaves its numbers in their order', () => {
    const numbers = [3, 1, 2];
    median(numbers);
    expect(numbers).toEqual([3, 1, 2]);
  });
});

describe('spread', () => {
  it('reaches every tenth, with as many numbers as were asked for', () => {
    const numbers = spread({ from: 100, to: 200, count: 21 });
    expect(numbers).toHaveLength(21);
    expect(new Set(numbers.map((number) => Math.floor((number - 100) / 10)))).toEqual(
      new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    );
  });
});

describe('seededRandom', () => {
  const numbers = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 1_000 }, random);
  };

  it('gives the same numbers for the same seed, and others for the next', () => {
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(8)).not.toEqual(numbers(7));
  });

  it('fills the range from 0 to 1 evenly, from its first number on', () => {
    const firsts = Array.from({ length: 1_000 }, (_, seed) => seededRandom(seed)());
    for (const sample of [numbers(1), firsts]) {
      expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...sample)).toBeLessThan(1);
      expect(median(sample)).toBeCloseTo(0.5, 1);
    }
  });
});
