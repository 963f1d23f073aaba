import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { DeadlineExceeded, Interrupted, outliving, withDeadline } from '../../../src/time/deadline.ts';
import { rejection } from '../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const forever = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('withDeadline', () => {
  it('hands through what the body returns', async () => {
    const clock = createVirtualClock();
    const result = withDeadline({ clock, what: 'the clone', limit: 1_000 }, async (signal) => {
      await clock.sleep(999, signal);
      return 'vm-1001';
    });
    expect(await result).toBe('vm-1001');
    expect(clock.now()).toBe(999);
  });

  it('aborts the body with a typed reason when the time is over', async () => {
    const clock = createVirtualClock();
    const error = await rejection(withDeadline({ clock, what: 'the clone', limit: 1_000 }, forever));
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({
      name: 'DeadlineExceeded',
      what: 'the clone',
      limit: 1_000,
      lastError: undefined,
      message: 'the clone took longer than 1000 ms',
    });
    expect(clock.now()).toBe(1_000);
  });

  it('passes the reason of the outer signal on unchanged', async () => {
    const clock = createVirtualClock();
    const outer = new AbortController();
    const reason = new Interrupted('SIGINT');
    const result = rejection(
      withDeadline({ clock, what: 'the clone', limit: 60_000, signal: outer.signal }, forever),
    );
    outer.abort(reason);
    expect(await result).toBe(reason);
    expect(reason).toMatchObject({ name: 'Interrupted', by: 'SIGINT', message: 'interrupted by SIGINT' });
  });

  it('does not begin where the outer signal is aborted already', async () => {
    const clock = createVirtualClock();
    const reason = new Interrupted('SIGTERM');
    let began = false;
    const result = withDeadline(
      { clock, what: 'the clone', limit: 1_000, signal: AbortSignal.abort(reason) },
      async () => {
        began = true;
      },
    );
    expect(await rejection(result)).toBe(reason);
    expect(began).toBe(false);
  });

  it('lets the inner of two deadlines speak for itself', async () => {
    const clock = createVirtualClock();
    const error = await rejection(
      withDeadline({ clock, what: 'the clone', limit: 60_000 }, (signal) =>
        withDeadline({ clock, what: 'the request', limit: 10, signal }, forever),
      ),
    );
    expect(error).toMatchObject({ what: 'the request' });
  });

  it.each([
    ['returns', async () => 'done'],
    [
      'throws',
      async () => {
        throw new Error('broken');
      },
    ],
  ])('leaves no timer and no listener behind where the body %s', async (_, body) => {
    const clock = createVirtualClock();
    const { signal } = new AbortController();
    let inner: AbortSignal | undefined;
    await withDeadline({ clock, what: 'the clone', limit: 1_000, signal }, (given) => {
      inner = given;
      return body();
    }).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await clock.sleep(5_000);
    expect(inner?.aborted).toBe(false);
  });
});

describe('outliving', () => {
  it('gives the body more time than the run has', async () => {
    const clock = createVirtualClock();
    const outer = new AbortController();
    const result = outliving({ clock, by: 3_000, signal: outer.signal }, async (signal) => {
      outer.abort(new Interrupted('SIGINT'));
      await clock.sleep(2_999, signal);
      return 'task-1';
    });
    expect(await result).toBe('task-1');
  });

  it('ends it then, with the reason of the run', async () => {
    const clock = createVirtualClock();
    const outer = new AbortController();
    const reason = new Interrupted('SIGINT');
    const result = rejection(
      outliving({ clock, by: 3_000, signal: outer.signal }, (signal) => {
        const end = forever(signal);
        outer.abort(reason);
        return end;
      }),
    );
    expect(await result).toBe(reason);
    expect(clock.now()).toBe(3_000);
  });

  it('does not begin where the run is over', async () => {
    const clock = createVirtualClock();
    const reason = new Interrupted('SIGINT');
    const signal = AbortSignal.abort(reason);
    expect(await rejection(outliving({ clock, by: 3_000, signal }, forever))).toBe(reason);
  });

  it('leaves no timer and no listener behind', async () => {
    const clock = createVirtualClock();
    const outer = new AbortController();
    let inner: AbortSignal | undefined;
    await outliving({ clock, by: 3_000, signal: outer.signal }, async (signal) => {
      inner = signal;
      outer.abort();
    });
    const { signal } = new AbortController();
    await outliving({ clock, by: 3_000, signal }, async () => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await clock.sleep(10_000);
    expect(inner?.aborted).toBe(false);
  });
});
