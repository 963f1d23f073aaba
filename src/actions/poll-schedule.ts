/** The looks at a running task so far. Times are milliseconds since the task was started. */
export interface Looks {
  readonly elapsed: number;
  /** 0 to 1, of the last look; undefined where vCenter tells none. */
  readonly progress: number | undefined;
  /** Whether the progress has moved since the look before. */
  readonly moved: boolean;
  /** How many looks came early because the task was about to end, and found it still running. */
  readonly misses?: number;
}

const FIRST = 200;
const SHORTEST = 400;
/** The time until a look is answered comes on top: together they are to stay below 5 s, and 4 % of the time gone. */
const LONGEST = 4_850;
const SHARE_OF_ELAPSED = 0.039;
const JITTER = 0.05;

/** When the task should end by its own speed, if the next look is to come then; undefined where it comes at its usual pace. */
export function forecast({ elapsed, progress, moved, misses = 0 }: Looks): number | undefined {
  if (elapsed <= 0 || progress === undefined || progress <= 0 || !moved) {
    return undefined;
  }
  // A task that was about to end again and again is not: each time the look comes less early.
  const end = Math.max(FIRST * 2 ** misses, (elapsed * (1 - progress)) / progress);
  return end < usualPace(elapsed) ? end : undefined;
}

function usualPace(elapsed: number): number {
  return Math.min(LONGEST, Math.max(SHORTEST, SHARE_OF_ELAPSED * elapsed));
}

/**
 * How long to wait until the next look at a task, in milliseconds: soon at first, then nearly 4 % of the time gone, never as
 * much as 5 s. A task that tells its progress and is about to end by its own speed is looked at when it should have ended.
 * Jitter keeps the jobs of a matrix from beating in step, and never makes it later than that.
 */
export function nextLook(looks: Looks, random: () => number): number {
  const jitter = random() * JITTER;
  // The clock has moved on a little when the first pause is asked for.
  const usual = looks.elapsed < 1 ? FIRST : usualPace(looks.elapsed);
  const end = forecast(looks);
  // A look just before the end would be in vain, so there the jitter only lengthens.
  return end === undefined ? usual * (1 - jitter) : Math.min(usual, end * (1 + jitter));
}
