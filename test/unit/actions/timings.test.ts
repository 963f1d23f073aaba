import { describe, expect, it } from 'vitest';
import { startStopwatch } from '../../../src/actions/timings.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

describe('startStopwatch', () => {
  it('counts each phase until the next begins, and the total from the start', async () => {
    const clock = createVirtualClock();
    const stopwatch = startStopwatch(clock);
    await clock.sleep(5.4);
    stopwatch.begin('connect');
    await clock.sleep(100.4);
    stopwatch.begin('resolve');
    await clock.sleep(50);
    stopwatch.begin('clone');
    await clock.sleep(60_000);
    expect(stopwatch.read()).toEqual({ connect: 100, resolve: 50, clone: 60_000, total: 60_156 });
  });

  it('counts the phase that runs up to now, and leaves out those that were not reached', async () => {
    const clock = createVirtualClock();
    const stopwatch = startStopwatch(clock);
    expect(stopwatch.read()).toEqual({ total: 0 });
    stopwatch.begin('connect');
    await clock.sleep(10);
    expect(stopwatch.read()).toEqual({ connect: 10, total: 10 });
    await clock.sleep(5);
    expect(stopwatch.read()).toEqual({ connect: 15, total: 15 });
  });

  it('A13: adds up a phase that is begun again', async () => {
    const clock = createVirtualClock();
    const stopwatch = startStopwatch(clock);
    for (const phase of ['resolve', 'replace', 'resolve'] as const) {
      stopwatch.begin(phase);
      await clock.sleep(10.3);
    }
    expect(stopwatch.read()).toEqual({ resolve: 21, replace: 10, total: 31 });
  });
});
