import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../../src/time/clock.ts';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../../../src/time/deadline.ts';
import { isTransient, type VcenterError } from '../../../../src/vcenter/transport/error.ts';
import { type RetryOptions, retry } from '../../../../src/vcenter/transport/retry.ts';
import { brokenOff, busy, refused, rejection } from '../../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const GET = 'GET /api/vcenter/vm';

function setUp(given: Partial<RetryOptions> = {}) {
  const clock = createVirtualClock();
  const traced: string[] = [];
  const triedAt: number[] = [];
  const options: RetryOptions = {
    clock,
    random: () => 1,
    signal: new AbortController().signal,
    retryTimeout: Number.POSITIVE_INFINITY,
    isRetryable: isTransient,
    trace: (line) => traced.push(line),
    ...given,
  };
  const attempts = (...outcomes: readonly (Error | string)[]) => {
    return async () => {
      triedAt.push(clock.now());
      const outcome = outcomes[Math.min(triedAt.length, outcomes.length) - 1];
      if (outcome instanceof Error) {
        throw outcome;
      }
      return outcome;
    };
  };
  return { clock, traced, triedAt, options, attempts };
}

describe('retry', () => {
  it('tries once where that is enough', async () => {
    const { options, attempts, triedAt, traced } = setUp();
    expect(await retry(options, attempts('done'))).toBe('done');
    expect(triedAt).toEqual([0]);
    expect(traced).toEqual([]);
  });

  it('waits twice as long after each failure, up to 5 s', async () => {
    const { options, attempts, triedAt, traced } = setUp();
    const failure = brokenOff({ operation: GET });
    const outcomes = [...Array<Error>(7).fill(failure), 'done'];
    expect(await retry(options, attempts(...outcomes))).toBe('done');
    expect(triedAt).toEqual([0, 500, 1_500, 3_500, 7_500, 12_500, 17_500, 22_500]);
    expect(traced[0]).toBe(`${GET}: socket hang up Next try in 500 ms.`);
  });

  it('spreads the pauses over their whole length', async () => {
    const { options, attempts, triedAt } = setUp({ random: () => 0.25 });
    const failure = brokenOff({ operation: GET });
    await retry(options, attempts(failure, failure, 'done'));
    expect(triedAt).toEqual([0, 125, 375]);
  });

  it('throws the last failure once the retry timeout is over, counted from the first failure', async () => {
    const { options, attempts, triedAt } = setUp({ retryTimeout: 4_000 });
    const [first, last] = [busy(GET), brokenOff({ operation: GET })];
    expect(await rejection(retry(options, attempts(first, first, first, last)))).toBe(last);
    expect(triedAt).toEqual([0, 500, 1_500, 3_500]);
  });

  it('does not count the time of the first attempt', async () => {
    const { clock, options } = setUp({ retryTimeout: 1_000 });
    let tries = 0;
    const result = await retry(options, async () => {
      tries += 1;
      await clock.sleep(10_000);
      if (tries === 1) {
        throw busy(GET);
      }
      return 'done';
    });
    expect(result).toBe('done');
    expect(tries).toBe(2);
  });

  it.each([
    ['is not transient', refused({ operation: GET, status: 400, errorType: 'INVALID_ARGUMENT' })],
    ['is no failure of vCenter', new TypeError('a bug')],
    ['is the reason of a signal', new Interrupted('SIGINT')],
  ])('does not retry what %s', async (_, failure) => {
    const { options, attempts, triedAt } = setUp();
    expect(await rejection(retry(options, attempts(failure, 'done')))).toBe(failure);
    expect(triedAt).toHaveLength(1);
  });

  it('lets the caller say what is worth another try', async () => {
    const { options, attempts, triedAt } = setUp({ isRetryable: ({ sent }) => !sent });
    const unsent = brokenOff({ operation: GET, sent: false });
    const sent = brokenOff({ operation: GET });
    expect(await rejection(retry(options, attempts(unsent, sent, 'done')))).toBe(sent);
    expect(triedAt).toHaveLength(2);
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    const { options, attempts } = setUp({ signal: controller.signal });
    const reason = new Interrupted('SIGTERM');
    const result = rejection(retry(options, attempts(busy(GET))));
    controller.abort(reason);
    expect(await result).toBe(reason);
  });

  it('A21: takes the last error along where a deadline ends a pause', async () => {
    const { clock, options, attempts } = setUp();
    const failure = busy(GET);
    const error = await rejection(
      withDeadline({ clock, what: 'the clone', limit: 20_000 }, (signal) =>
        retry({ ...options, signal }, attempts(failure)),
      ),
    );
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({ lastError: failure });
  });

  it('A21: takes it along, too, where the deadline ends an attempt that is under way', async () => {
    const { clock, options } = setUp();
    const failure = busy(GET);
    let tries = 0;
    const error = await rejection(
      withDeadline({ clock, what: 'the deletion', limit: 5_000 }, (signal) =>
        retry({ ...options, signal }, async () => {
          tries += 1;
          if (tries === 1) {
            throw failure;
          }
          return clock.sleep(60_000, signal);
        }),
      ),
    );
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({ lastError: failure });
  });

  describe('A12: a try without success', () => {
    const MINUTE = 60_000;

    const slowly = async (options: Partial<RetryOptions>, attempt: (clock: Clock) => Promise<unknown>) => {
      const told: (readonly [number, VcenterError | undefined])[] = [];
      const onSlow = (lastError: VcenterError | undefined) => told.push([clock.now(), lastError]);
      const { clock, options: given } = setUp({ ...options, onSlow });
      await retry(given, () => attempt(clock)).catch(() => undefined);
      const toldMeanwhile = told.length;
      await clock.sleep(10 * MINUTE);
      expect(told).toHaveLength(toldMeanwhile);
      return told;
    };

    it('is told of after 5 s and then every minute, and never after its end', async () => {
      const told = await slowly({}, (clock) => clock.sleep(2.5 * MINUTE));
      expect(told).toEqual([
        [5_000, undefined],
        [65_000, undefined],
        [125_000, undefined],
      ]);
    });

    it('is told of with the last error', async () => {
      const failure = busy(GET);
      const told = await slowly({ retryTimeout: 8_000 }, async () => {
        throw failure;
      });
      expect(told).toEqual([[5_000, failure]]);
    });

    it('is not told of where it ends before', async () => {
      expect(await slowly({}, (clock) => clock.sleep(4_900))).toEqual([]);
      expect(await slowly({}, () => Promise.reject(new TypeError('a bug')))).toEqual([]);
    });
  });
});
