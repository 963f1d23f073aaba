import { describe, expect, it } from 'vitest';
import { measureTwiceIfMissed } from '../../../scripts/bench/effort.ts';
import type { Section } from '../../../scripts/bench/section.ts';

const section = (value: number): Section => ({
  title: 'Start',
  figures: [{ name: 'start', value, unit: 'times', bound: { kind: 'at most', value: 3.5 } }],
  tables: [],
});

/** Measures these values one after the other, and remembers with what effort. */
function measurement(...values: readonly number[]) {
  const efforts: number[] = [];
  const measure = async ({ effort }: { readonly effort: number }) => {
    efforts.push(effort);
    return section(values[efforts.length - 1] ?? Number.NaN);
  };
  return { efforts, measure };
}

describe('measureTwiceIfMissed', () => {
  it('measures once what keeps its bound', async () => {
    const { efforts, measure } = measurement(3);
    expect(await measureTwiceIfMissed(measure)).toEqual(section(3));
    expect(efforts).toEqual([1]);
  });

  it.each([3, 4])(
    'measures once more with more effort what misses it, and takes what comes: %d',
    async (value) => {
      const { efforts, measure } = measurement(9, value);
      const measured = await measureTwiceIfMissed(measure);
      expect(measured.figures).toEqual(section(value).figures);
      expect(measured.title).toContain('measured again');
      expect(efforts).toEqual([1, 2]);
    },
  );
});
