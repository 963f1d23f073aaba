/** The looks at a running task so far. Times are milliseconds since the task was started. */
export interface Looks {
  readonly elapsed: number;
  /** 0 to 1, of the last look; undefined where vCenter tells none. */
  readonly progress: number | undefined;
  /** Whether the progress has moved since the look before. */
  readonly moved: boolean;
}

const FIRST = 200;
const SHORTEST = 400;
const LONGEST = 5_000;
const SHARE_OF_ELAPSED = 0.04;
const JITTER = 0.05;

/**
 * How long to wait until the next look at a task, in milliseconds: soon at first, then 4 % of the time gone, never more
 * than 5 s. A task that tells its progress and is about to end by its own speed is looked at when it should have ended.
 * Jitter only shortens, so that the jobs of a matrix do not beat in step.
 */
export function nextLook({ elapsed, progress, moved }: Looks, random: () => number): number {
  const jitter = 1 - random() * JITTER;
  if (elapsed <= 0) {
    return FIRST * jitter;
  }
  const pace = Math.min(LONGEST, Math.max(SHORTEST, SHARE_OF_ELAPSED * elapsed));
  if (progress === undefined || progress <= 0 || !moved) {
    return pace * jitter;
  }
  const remaining = (elapsed * (1 - progress)) / progress;
  return Math.min(pace, Math.max(FIRST, remaining)) * jitter;
}
