import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextLook } from '../../../src/actions/poll-schedule.ts';
import { watchTask } from '../../../src/actions/poll-task.ts';
import { createRecordedReport } from '../recorded-report.ts';
import { createScriptedSession } from '../scripted-session.ts';
import { createVirtualClock } from '../virtual-clock.ts';

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

interface Watched {
  /** Milliseconds since the start. */
  readonly looks: readonly number[];
  /** Milliseconds from the task's end to the look that saw it. */
  readonly notice: number;
}

/** Watches a task of a length, as the clone step does. */
async function watch(options: {
  duration: number;
  random: () => number;
  progress: Progress;
}): Promise<Watched> {
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
  await watchTask({
    ...{ session, clock, random, task: 'task-1', report: createRecordedReport() },
    ...{ signal: new AbortController().signal, retryTimeout: 0 },
  });
  const looks = session.calls.map(({ at }) => at);
  return { looks, notice: (looks.at(-1) ?? 0) - duration };
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

describe('nextLook', () => {
  const steady = () => 0;

  it('comes soon after the start', () => {
    expect(nextLook({ elapsed: 0, progress: undefined, moved: false }, steady)).toBe(200);
  });

  it.each([
    [1, 400],
    [9_000, 400],
    [20_000, 780],
    [125_000, 4_850],
    [3_600_000, 4_850],
  ])('after %d ms comes in %d ms', (elapsed, pause) => {
    expect(nextLook({ elapsed, progress: undefined, moved: false }, steady)).toBe(pause);
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
    ['goes by no progress of nothing', { elapsed: 100_000, progress: 0, moved: true }, 3_900],
  ])('%s', (_, looks, pause) => {
    expect(nextLook(looks, steady)).toBeCloseTo(pause, 0);
  });

  it('is only ever shortened by the jitter, by at most 5 %', () => {
    const looks = { elapsed: 60_000, progress: undefined, moved: false };
    expect(nextLook(looks, () => 1)).toBeCloseTo(2_340 * 0.95);
    expect(nextLook(looks, () => 0.5)).toBeCloseTo(2_340 * 0.975);
  });
});

describe('the looks at a task', () => {
  it('are never more than 5 s apart, nor, beyond 10 s, than 4 % of the time gone', async () => {
    await fc.assert(
      fc.asyncProperty(aTask, async ({ duration, seed, profile }) => {
        const { looks, notice } = await watch({ duration, random: createRandom(seed), progress: profile });
        expect(notice).toBeGreaterThanOrEqual(0);
        for (const [index, look] of looks.entries()) {
          const before = looks[index - 1] ?? 0;
          expect(look - before).toBeLessThanOrEqual(5_000);
          expect(look - before).toBeLessThanOrEqual(Math.max(400, 0.04 * before) + 1e-6);
          expect(look - before).toBeGreaterThanOrEqual(190 - 1e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.entries(PROFILES))('are at most 200 in ten minutes with %s', async (_, progress) => {
    for (const seed of [1, 2, 3]) {
      const { looks } = await watch({ duration: 600_000, random: createRandom(seed), progress });
      expect(looks.length).toBeLessThanOrEqual(200);
    }
    const { looks } = await watch({ duration: 600_000, random: () => 0.999, progress });
    expect(looks.length).toBeLessThanOrEqual(200);
  });

  it.each(['no progress', 'steady progress', 'progress in percents'])(
    'notice the end soon with %s',
    async (profile) => {
      const progress = PROFILES[profile] ?? (() => undefined);
      const random = createRandom(42);
      const short: number[] = [];
      const share: number[] = [];
      const long: number[] = [];
      for (let run = 0; run < 300; run += 1) {
        short.push((await watch({ duration: 500 + 9_500 * random(), random, progress })).notice);
        const duration = 10_000 + 110_000 * random();
        share.push((await watch({ duration, random, progress })).notice / duration);
        long.push((await watch({ duration: 150_000 + 450_000 * random(), random, progress })).notice);
      }
      expect(median(short)).toBeLessThanOrEqual(250);
      expect(median(share)).toBeLessThanOrEqual(0.02);
      expect(median(long)).toBeLessThanOrEqual(2_500);
    },
  );
});
