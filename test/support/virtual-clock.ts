import type { Clock } from '../../src/time/clock.ts';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** Wall-clock time at which every virtual clock starts. */
export const EPOCH = Date.parse('2025-05-04T10:00:00.000Z');

/**
 * Time that passes only where somebody sleeps, and then at once, in order of due time. Between two moments everybody who was
 * woken gets to the next sleep. For code that waits for nothing else: real input and output would take no time at all.
 */
export function createVirtualClock(): Clock {
  const sleepers = new Set<Sleeper>();
  let now = 0;
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = [...sleepers]
        .filter(({ due }) => due < Number.POSITIVE_INFINITY)
        .sort((one, other) => one.due - other.due);
      if (next === undefined) {
        isRunning = false;
        return;
      }
      sleepers.delete(next);
      now = Math.max(now, next.due);
      next.wake();
    }
  };
  return {
    now: () => now,
    date: () => new Date(EPOCH + now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const sleeper: Sleeper = {
          due: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.add(sleeper);
        if (!isRunning) {
          void run();
        }
      }),
  };
}
