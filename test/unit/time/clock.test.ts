import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/time/clock.ts';
import { rejection } from '../../support/vcenter-answers.ts';

describe('systemClock', () => {
  it('measures what it sleeps', async () => {
    const before = systemClock.now();
    await systemClock.sleep(30);
    const slept = systemClock.now() - before;
    expect(slept).toBeGreaterThanOrEqual(29);
    expect(slept).toBeLessThan(2_000);
  });

  it('tells the wall-clock time', () => {
    expect(Math.abs(systemClock.date().getTime() - Date.now())).toBeLessThan(1_000);
  });

  it('does not begin to sleep where the signal is aborted already, and gives its reason', async () => {
    const reason = new Error('over');
    expect(await rejection(systemClock.sleep(60_000, AbortSignal.abort(reason)))).toBe(reason);
  });

  it('is woken by the signal at once, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('over');
    const before = systemClock.now();
    const sleep = rejection(systemClock.sleep(60_000, controller.signal));
    controller.abort(reason);
    expect(await sleep).toBe(reason);
    expect(systemClock.now() - before).toBeLessThan(2_000);
  });

  it('leaves no listener behind, however it ends', async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(1, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);

    const controller = new AbortController();
    const sleep = rejection(systemClock.sleep(60_000, controller.signal));
    controller.abort();
    await sleep;
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
