/** The middle one, or the mean of the two in the middle. NaN where there are none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * `count` numbers from `from` to below `to`, evenly spread and in no order: every phase of what repeats between the two gets
 * its turn, early and late.
 */
export function spread({
  from,
  to,
  count,
}: {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}): readonly number[] {
  return Array.from({ length: count }, (_, index) => from + (to - from) * ((index * GOLDEN_RATIO) % 1));
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    const once = Math.imul(state ^ (state >>> 15), state | 1);
    const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61));
    return ((twice ^ (twice >>> 14)) >>> 0) / 2 ** 32;
  };
}
