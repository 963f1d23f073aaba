import { describe, expect, it } from 'vitest';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../../src/time/deadline.ts';
import { type RepeatOptions, repeat } from '../../../src/vcenter/transport/retry.ts';
import { brokenOff, busy, refused, rejection } from '../vcenter-answers.ts';
import { createVirtualClock } from '../virtual-clock.ts';

const GET = 'GET /api/vcenter/vm';

function setUp(given: Partial<RepeatOptions> = {}) {
  const clock = createVirtualClock();
  const traced: string[] = [];
  const triedAt: number[] = [];
  const options: RepeatOptions = {
    clock,
    random: () => 1,
    signal: new AbortController().signal,
    retryTimeout: Number.POSITIVE_INFINITY,
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

describe('repeat', () => {
  it('tries once where that is enough', async () => {
    const { options, attempts, triedAt, traced } = setUp();
    expect(await repeat(options, attempts('done'))).toBe('done');
    expect(triedAt).toEqual([0]);
    expect(traced).toEqual([]);
  });

  it('waits twice as long after each failure, up to 5 s', async () => {
    const { options, attempts, triedAt, traced } = setUp();
    const failure = brokenOff({ operation: GET });
    const outcomes = [...Array<Error>(7).fill(failure), 'done'];
    expect(await repeat(options, attempts(...outcomes))).toBe('done');
    expect(triedAt).toEqual([0, 500, 1_500, 3_500, 7_500, 12_500, 17_500, 22_500]);
    expect(traced[0]).toBe(`${GET}: socket hang up Next try in 500 ms.`);
  });

  it('spreads the pauses over their whole length', async () => {
    const { options, attempts, triedAt } = setUp({ random: () => 0.25 });
    const failure = brokenOff({ operation: GET });
    await repeat(options, attempts(failure, failure, 'done'));
    expect(triedAt).toEqual([0, 125, 375]);
  });

  it('throws the last failure once the patience is over, counted from the first failure', async () => {
    const { options, attempts, triedAt } = setUp({ retryTimeout: 4_000 });
    const [first, last] = [busy(GET), brokenOff({ operation: GET })];
    expect(await rejection(repeat(options, attempts(first, first, first, last)))).toBe(last);
    expect(triedAt).toEqual([0, 500, 1_500, 3_500]);
  });

  it('does not count the time of the first attempt as patience', async () => {
    const { clock, options } = setUp({ retryTimeout: 1_000 });
    let tries = 0;
    const result = await repeat(options, async () => {
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
  ])('does not repeat what %s', async (_, failure) => {
    const { options, attempts, triedAt } = setUp();
    expect(await rejection(repeat(options, attempts(failure, 'done')))).toBe(failure);
    expect(triedAt).toHaveLength(1);
  });

  it('lets the caller say what is worth repeating', async () => {
    const { options, attempts, triedAt } = setUp({ isWorthRepeating: ({ sent }) => !sent });
    const unsent = brokenOff({ operation: GET, sent: false });
    const sent = brokenOff({ operation: GET });
    expect(await rejection(repeat(options, attempts(unsent, sent, 'done')))).toBe(sent);
    expect(triedAt).toHaveLength(2);
  });

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController();
    const { options, attempts } = setUp({ signal: controller.signal });
    const reason = new Interrupted('SIGTERM');
    const result = rejection(repeat(options, attempts(busy(GET))));
    controller.abort(reason);
    expect(await result).toBe(reason);
  });

  it('takes the last failure along where a deadline ends a pause', async () => {
    const { clock, options, attempts } = setUp();
    const failure = busy(GET);
    const error = await rejection(
      withDeadline({ clock, what: 'the clone', limit: 20_000 }, (signal) =>
        repeat({ ...options, signal }, attempts(failure)),
      ),
    );
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({ trouble: failure });
  });

  it('takes it along, too, where the deadline ends an attempt that is under way', async () => {
    const { clock, options } = setUp();
    const failure = busy(GET);
    let tries = 0;
    const error = await rejection(
      withDeadline({ clock, what: 'the deletion', limit: 5_000 }, (signal) =>
        repeat({ ...options, signal }, async () => {
          tries += 1;
          if (tries === 1) {
            throw failure;
          }
          return clock.sleep(60_000, signal);
        }),
      ),
    );
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({ trouble: failure });
  });
});
