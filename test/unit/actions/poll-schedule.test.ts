import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPoll } from '../../../src/actions/poll-schedule.ts';
import { pollTask } from '../../../src/actions/poll-task.ts';
import { cisTasks } from '../../../src/vcenter/cis-tasks.ts';
import { createRecordedReport } from '../../support/recorded-report.ts';
import { createScriptedSession } from '../../support/scripted-session.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** What a task tells of its progress, 0 to 1, at a part of its time; undefined: nothing. */
type Progress = (part: number) => number | undefined;

/** A stream of numbers that is the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Followed {
  /** Milliseconds since the start. */
  readonly polls: readonly number[];
  /** Milliseconds from the task's end to the poll that saw it. */
  readonly notice: number;
}

/** Polls a task of a length, as the clone step does. */
async function follow(options: {
  duration: number;
  random: () => number;
  progress: Progress;
}): Promise<Followed> {
  const { duration, random, progress } = options;
  const clock = createVirtualClock();
  const session = createScriptedSession({
    clock,
    handlers: {
      'GET /api/cis/tasks/{task}': () => {
        const isOver = clock.now() >= duration;
        const part = progress(Math.min(1, clock.now() / duration));
        return {
          status: isOver ? 'SUCCEEDED' : 'RUNNING',
          ...(part === undefined ? {} : { progress: { total: 1_000_000, completed: part * 1_000_000 } }),
        };
      },
    },
  });
  await pollTask({
    ...{ session, tasks: cisTasks, clock, random, task: 'task-1', report: createRecordedReport() },
    signal: new AbortController().signal,
  });
  const polls = session.calls.map(({ at }) => at);
  return { polls, notice: (polls.at(-1) ?? 0) - duration };
}

const inSteps =
  (steps: number): Progress =>
  (part) =>
    Math.floor(part * steps) / steps;

const PROFILES: Readonly<Record<string, Progress>> = {
  'no progress': () => undefined,
  'steady progress': (part) => part,
  'progress in percents': inSteps(100),
  'progress in tenths': inSteps(10),
  'a quick start and a slow end': (part) => 1 - Math.exp(-20 * part),
  'a slow start and a quick end': (part) => part ** 4,
  'nothing and then all': (part) => (part < 0.9 ? 0 : 0.99),
  'nearly all from the start': (part) => 0.999 + 0.0009 * part,
};

const aTask = fc.record({
  duration: fc.integer({ min: 100, max: 1_800_000 }),
  seed: fc.nat(),
  profile: fc.constantFrom(...Object.values(PROFILES)),
});

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

describe('nextPoll', () => {
  const steady = () => 0;

  it('A26: comes 50 and 150 ms after the start', () => {
    expect(nextPoll({ elapsed: 0, progress: undefined, moved: false }, steady)).toBe(50);
    expect(nextPoll({ elapsed: 50, progress: 0.2, moved: false }, steady)).toBe(100);
    expect(nextPoll({ elapsed: 47, progress: undefined, moved: false }, steady)).toBe(103);
    expect(nextPoll({ elapsed: 53, progress: undefined, moved: false }, steady)).toBe(97);
  });

  it.each([
    [1, 49],
    [143, 400],
    [150, 400],
    [9_000, 400],
    [20_000, 780],
    [125_000, 4_850],
    [3_600_000, 4_850],
  ])('after %d ms comes in %d ms', (elapsed, pause) => {
    expect(nextPoll({ elapsed, progress: undefined, moved: false }, steady)).toBe(pause);
  });

  it.each([
    [
      'comes when the task should end by its own speed',
      { elapsed: 100_000, progress: 0.99, moved: true },
      1_010,
    ],
    ['does not come at once where that is now', { elapsed: 100_000, progress: 1, moved: true }, 200],
    ['does not wait for an end that is far', { elapsed: 100_000, progress: 0.5, moved: true }, 3_900],
    ['goes by no progress that stands still', { elapsed: 100_000, progress: 0.99, moved: false }, 3_900],
    [
      'comes less early each time that the end was expected in vain',
      { elapsed: 100_000, progress: 0.999, moved: true, misses: 3 },
      1_600,
    ],
    ['goes by no progress of nothing', { elapsed: 100_000, progress: 0, moved: true }, 3_900],
  ])('%s', (_, polls, pause) => {
    expect(nextPoll(polls, steady)).toBeCloseTo(pause, 0);
  });

  it('is only ever shortened by the jitter, by at most 4 %', () => {
    const polls = { elapsed: 60_000, progress: undefined, moved: false };
    expect(nextPoll(polls, () => 1)).toBeCloseTo(2_340 * 0.96);
    expect(nextPoll(polls, () => 0.5)).toBeCloseTo(2_340 * 0.98);
  });
});

describe('the polls of a task', () => {
  it.each([1, 45, 120])('A26: see soon that a task of %d ms has ended', async (duration) => {
    for (const random of [() => 0, () => 0.999]) {
      const { polls, notice } = await follow({ duration, random, progress: () => undefined });
      expect(notice).toBeLessThanOrEqual(50);
      expect(polls.length).toBeLessThanOrEqual(2);
    }
  });

  it('are never more than 5 s apart, nor, beyond 10 s, than 4 % of the time gone', async () => {
    await fc.assert(
      fc.asyncProperty(aTask, async ({ duration, seed, profile }) => {
        const { polls, notice } = await follow({ duration, random: createRandom(seed), progress: profile });
        expect(notice).toBeGreaterThanOrEqual(0);
        for (const [index, poll] of polls.entries()) {
          const before = polls[index - 1] ?? 0;
          expect(poll - before).toBeLessThanOrEqual(5_000);
          expect(poll - before).toBeLessThanOrEqual(Math.max(400, 0.04 * before) + 1e-6);
          // By the first two, a clone that takes no time is seen to end soon.
          expect(poll - before).toBeGreaterThanOrEqual([45, 90][index] ?? 190 - 1e-6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each(Object.entries(PROFILES))('are at most 200 in ten minutes with %s', async (_, progress) => {
    for (const seed of [1, 2, 3]) {
      const { polls } = await follow({ duration: 600_000, random: createRandom(seed), progress });
      expect(polls.length).toBeLessThanOrEqual(200);
    }
    const { polls } = await follow({ duration: 600_000, random: () => 0.999, progress });
    expect(polls.length).toBeLessThanOrEqual(200);
  });

  it.each(['no progress', 'steady progress', 'progress in percents'])(
    'notice the end soon with %s',
    async (profile) => {
      const progress = PROFILES[profile] ?? (() => undefined);
      const random = createRandom(42);
      const short: number[] = [];
      const share: number[] = [];
      const long: number[] = [];
      for (let run = 0; run < 100; run += 1) {
        short.push((await follow({ duration: 500 + 9_500 * random(), random, progress })).notice);
        const duration = 10_000 + 110_000 * random();
        share.push((await follow({ duration, random, progress })).notice / duration);
        long.push((await follow({ duration: 150_000 + 450_000 * random(), random, progress })).notice);
      }
      expect(median(short)).toBeLessThanOrEqual(250);
      expect(median(share)).toBeLessThanOrEqual(0.02);
      expect(median(long)).toBeLessThanOrEqual(2_500);
    },
  );
});
