import { DescribedError, joinLines } from '../text/described-error.ts';
import { formatDuration } from '../text/duration.ts';
import type { Clock } from './clock.ts';

/** The reason of an aborted signal: the time given to a piece of work is over. */
export class DeadlineExceeded extends DescribedError {
  override readonly name = 'DeadlineExceeded';
  readonly title = 'Timed out';
  /** What timed out, as a noun: "the clone". */
  readonly what: string;
  /** Milliseconds that it was given. */
  readonly limit: number;
  /** The failure that kept the last request from succeeding when the time was over, where there was one. */
  lastError: Error | undefined;

  constructor({ what, limit }: { readonly what: string; readonly limit: number }) {
    super(`${what} took longer than ${limit} ms`);
    this.what = what;
    this.limit = limit;
  }

  get text(): string {
    return joinLines(`${this.what} did not end within ${formatDuration(this.limit)}.`, this.lastErrorText);
  }

  get lastErrorText(): string | undefined {
    const { lastError } = this;
    return lastError instanceof DescribedError ? `The last error was: ${lastError.text}` : undefined;
  }
}

/** The reason of an aborted signal: the step is to end (the runner cancels a job with SIGINT, then SIGTERM). */
export class Interrupted extends DescribedError {
  override readonly name = 'Interrupted';
  readonly title = 'Cancelled';
  /** The signal, or EPIPE where nobody reads the log any more: the runner has gone. */
  readonly by: NodeJS.Signals | 'EPIPE';

  constructor(by: NodeJS.Signals | 'EPIPE') {
    super(`interrupted by ${by}`);
    this.by = by;
  }

  get text(): string {
    return `The step was cancelled (${this.reason}).`;
  }

  get reason(): string {
    return this.by === 'EPIPE' ? 'EPIPE: nobody reads its log any more' : this.by;
  }
}

/** Why a timer is stopped. Without a reason of their own, aborts make one, with a stack. */
const OVER = 'the body ended first';

export interface DeadlineOptions {
  readonly clock: Clock;
  /** What is limited, as a noun for the error: "the clone". */
  readonly what: string;
  /** Milliseconds. */
  readonly limit: number;
  /** The signal of the surrounding work; its reason passes through unchanged. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `body` with a signal that is aborted with {@link DeadlineExceeded} after `limit`, or with the outer signal's own
 * reason. The timer ends with the body.
 */
export async function withDeadline<T>(
  { clock, what, limit, signal }: DeadlineOptions,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const timer = new AbortController();
  const passOn = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', passOn, { once: true });
  clock.sleep(limit, timer.signal).then(
    () => controller.abort(new DeadlineExceeded({ what, limit })),
    () => undefined,
  );
  try {
    return await body(controller.signal);
  } finally {
    timer.abort(OVER);
    signal?.removeEventListener('abort', passOn);
  }
}

/**
 * Runs `body` with a signal that follows the outer one only after `by` milliseconds: for work whose result is worth waiting
 * a moment for even when the run is over.
 */
export async function outliving<T>(
  { clock, by, signal }: { readonly clock: Clock; readonly by: number; readonly signal: AbortSignal },
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const timer = new AbortController();
  const follow = () =>
    clock.sleep(by, timer.signal).then(
      () => controller.abort(signal.reason),
      () => undefined,
    );
  signal.addEventListener('abort', follow, { once: true });
  try {
    return await body(controller.signal);
  } finally {
    timer.abort(OVER);
    signal.removeEventListener('abort', follow);
  }
}
