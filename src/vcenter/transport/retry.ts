import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded } from '../../time/deadline.ts';
import { isTransient, VcenterError } from './error.ts';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;

export interface RepeatOptions {
  readonly clock: Clock;
  /** 0 to 1; spreads the jobs of a matrix that failed in the same moment. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Milliseconds since the first failure after which it is final. */
  readonly patience: number;
  readonly isWorthRepeating?: (error: VcenterError) => boolean;
  readonly trace: (line: string) => void;
}

/**
 * Repeats `attempt` after transient failures, with exponential backoff and full jitter, until `patience` is over or the
 * signal is aborted. A signal that ends the repeating takes the last failure along, as `trouble` of its deadline.
 */
export async function repeat<T>(options: RepeatOptions, attempt: () => Promise<T>): Promise<T> {
  const { clock, random, signal, patience, isWorthRepeating = () => true, trace } = options;
  let firstFailureAt: number | undefined;
  let failure: VcenterError | undefined;
  const takeAlong = (reason: unknown): unknown => {
    if (reason instanceof DeadlineExceeded) {
      reason.trouble ??= failure;
    }
    return reason;
  };
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof VcenterError) || !isTransient(error) || !isWorthRepeating(error)) {
        throw takeAlong(error);
      }
      failure = error;
    }
    firstFailureAt ??= clock.now();
    const pause = random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
    if (clock.now() + pause - firstFailureAt > patience) {
      throw failure;
    }
    trace(`${failure.message} Next try in ${Math.round(pause)} ms.`);
    try {
      await clock.sleep(pause, signal);
    } catch (reason) {
      throw takeAlong(reason);
    }
  }
}
