import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded } from '../../time/deadline.ts';
import { VcenterError } from './error.ts';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 5_000;
/** A request that has not succeeded after this long is told to whoever reads the log, and again at longer intervals. */
const TELL_AFTER = 5_000;
const TELL_EVERY = 60_000;

/** How long a request may go on: until the signal is aborted, and no longer than the retry timeout after its first failure. */
export interface Limits {
  readonly signal: AbortSignal;
  /** Milliseconds; `Infinity` where only the signal ends the retries. */
  readonly retryTimeout: number;
  /** A clone runs that is worth a late second login, should a new login be refused (vCenter may have just restarted). */
  readonly isCloneRunning?: boolean;
}

export interface RetryOptions {
  readonly clock: Clock;
  /** 0 to 1; spreads the jobs of a matrix that failed in the same moment. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Milliseconds since the first failure after which it is final. */
  readonly retryTimeout: number;
  /** Whether a failure may be followed by another try. */
  readonly isRetryable: (error: VcenterError) => boolean;
  readonly trace: (line: string) => void;
  /** Is told, after 5 s and then every minute, that there is no success yet, and the last error where there was one. */
  readonly onSlow?: (lastError: VcenterError | undefined) => void;
}

/**
 * Tries until it succeeds, with exponential backoff and full jitter, or until the retry timeout or the signal ends it. A
 * deadline that ends the trying takes the last error along.
 */
export async function retry<T>(options: RetryOptions, attempt: () => Promise<T>): Promise<T> {
  const { clock, random, signal, retryTimeout, isRetryable, trace, onSlow } = options;
  let firstFailureAt: number | undefined;
  let lastError: VcenterError | undefined;
  const withLastError = (reason: unknown): unknown => {
    if (reason instanceof DeadlineExceeded) {
      reason.lastError ??= lastError;
    }
    return reason;
  };
  const ended = new AbortController();
  if (onSlow !== undefined) {
    tellWhileSlow({ clock, signal: ended.signal, tell: () => onSlow(lastError) });
  }
  try {
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof VcenterError) || !isRetryable(error)) {
          throw error;
        }
        lastError = error;
      }
      firstFailureAt ??= clock.now();
      const pause = random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
      if (clock.now() + pause - firstFailureAt > retryTimeout) {
        throw lastError;
      }
      trace(`${lastError.message} Next try in ${Math.round(pause)} ms.`);
      await clock.sleep(pause, signal);
    }
  } catch (error) {
    throw withLastError(error);
  } finally {
    ended.abort('the trying has ended'); // without a reason it would make one, with a stack
  }
}

function tellWhileSlow({
  clock,
  signal,
  tell,
}: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: () => void;
}): void {
  const wait = (ms: number): Promise<void> =>
    clock.sleep(ms, signal).then(() => {
      tell();
      return wait(TELL_EVERY);
    });
  wait(TELL_AFTER).catch(() => undefined); // ends with the trying
}
