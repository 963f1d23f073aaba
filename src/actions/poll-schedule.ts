/** The polls of a running task so far. Times are milliseconds since the task was started. */
export interface Polls {
  readonly elapsed: number;
  /** 0 to 1, of the last poll; undefined where vCenter tells none. */
  readonly progress: number | undefined;
  /** Whether the progress has moved since the poll before. */
  readonly moved: boolean;
  /** How many polls came early because the task was about to end, and found it still running. */
  readonly misses?: number;
}

/** A clone that takes next to no time is seen to end soon: 50 and 150 ms after the start. */
const FIRST: readonly number[] = [50, 150];
/** Jitter and timers may make a poll come early by as much of its time, and it is not made up for. */
const EARLY = 0.1;
const SHORTEST = 400;
const SHORTEST_FORECAST = 200;
/** The time of the response comes on top: together they are to stay below 5 s, and 4 % of the time gone. */
const LONGEST = 4_850;
const SHARE_OF_ELAPSED = 0.039;
const JITTER = 0.04;

/** When the task should end by its own progress, if the next poll is to come then; undefined where it comes at its usual time. */
export function forecast({ elapsed, progress, moved, misses = 0 }: Polls): number | undefined {
  if (elapsed <= 0 || progress === undefined || progress <= 0 || !moved) {
    return undefined;
  }
  // A task that was about to end again and again is not: each time the poll comes less early.
  const end = Math.max(SHORTEST_FORECAST * 2 ** misses, (elapsed * (1 - progress)) / progress);
  return end < usualPause(elapsed) ? end : undefined;
}

function usualPause(elapsed: number): number {
  const first = FIRST.find((at) => elapsed < at * (1 - EARLY));
  return first === undefined
    ? Math.min(LONGEST, Math.max(SHORTEST, SHARE_OF_ELAPSED * elapsed))
    : first - Math.max(0, elapsed);
}

/**
 * How long to wait until the next poll of a task, in milliseconds: soon at first, then nearly 4 % of the time gone, never as
 * much as 5 s. A task that tells its progress and is about to end by it is polled when it should have ended. Jitter keeps the
 * jobs of a matrix from beating in step, and never makes it later than that.
 */
export function nextPoll(polls: Polls, random: () => number): number {
  const jitter = random() * JITTER;
  const usual = usualPause(polls.elapsed);
  const end = forecast(polls);
  // A poll just before the end would be in vain, so there the jitter only lengthens.
  return end === undefined ? usual * (1 - jitter) : Math.min(usual, end * (1 + jitter));
}
