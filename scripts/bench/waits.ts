import { pollTask } from '../../src/actions/poll-task.ts';
import type { Clock } from '../../src/time/clock.ts';
import { cisTasks } from '../../src/vcenter/cis-tasks.ts';
import { createRecordedReport } from '../../test/support/recorded-report.ts';
import { createScriptedSession } from '../../test/support/scripted-session.ts';
import { GET_TASK } from './exchanges.ts';
import { type Figure, valueText } from './figure.ts';
import type { Section } from './section.ts';
import { median, seededRandom, spread } from './statistics.ts';

/** What a task tells of its progress, in percent, at a part (0 to 1) of its time; undefined: nothing. */
type Progress = (part: number) => number | undefined;

/** No two clones of a kind are the same: where one jumps, and when it stalls, differs from clone to clone. */
const PROFILES: Readonly<Record<string, (random: () => number) => Progress>> = {
  steady: () => (part) => part * 100,
  jumps: (random) => {
    const jumps = Array.from({ length: 4 }, random).sort((one, other) => one - other);
    return (part) => jumps.filter((jump) => jump <= part).length * 24;
  },
  'stalls at 99 %': (random) => {
    const stallsAt = 0.3 + 0.6 * random();
    return (part) => Math.min(99, (part / stallsAt) * 99);
  },
  none: () => () => undefined,
};

const MINUTE = 60_000;
const TEN_MINUTES = 10 * MINUTE;
const LENGTHS = [3_000, 8_000, MINUTE, 5 * MINUTE, TEN_MINUTES, 30 * MINUTE];
const RUNS = 1_000;

/** Milliseconds from a poll to its response. */
const ROUND_TRIP = 5;

/**
 * What is asked of a wait: 250 ms for clones under 10 s, beyond it 2 % of the clone's time, or 1 % where the task reports
 * steady progress, and never over 2.5 s.
 */
export function noticeBound(duration: number, { isSteady = false } = {}): number {
  return duration < 10_000 ? 250 : Math.min((isSteady ? 0.01 : 0.02) * duration, 2_500);
}

interface Wait {
  readonly polls: number;
  /** Milliseconds between two polls, or between the start and the first poll. */
  readonly longestGap: number;
  /** Milliseconds from the task's end to the response that told of it. */
  readonly notice: number;
}

/** Watches tasks of all lengths with the action's own code, on a clock on which minutes pass in milliseconds. */
export async function measureWaits(): Promise<Section> {
  const rows: string[][] = [];
  const figures: Figure[] = [];
  const tenMinutes: Wait[] = [];
  for (const length of LENGTHS) {
    const durations = spread({ ...upTo(length), count: RUNS });
    const medians: Record<string, number> = {};
    const cells: string[] = [];
    for (const [name, profile] of Object.entries(PROFILES)) {
      const waits: Wait[] = [];
      for (const [seed, duration] of durations.entries()) {
        const random = seededRandom(seed);
        waits.push(await wait({ duration, progress: profile(random), random }));
      }
      if (length === TEN_MINUTES) {
        tenMinutes.push(...waits);
      }
      const notice = median(waits.map((each) => each.notice));
      medians[name] = notice;
      cells.push(`${asTime(notice)} (${Math.round(median(waits.map(({ polls }) => polls)))})`);
    }
    figures.push(
      {
        name: `notice of a task's end, ${lengthText(length)}`,
        value: Math.max(...Object.values(medians)),
        unit: 'milliseconds',
        bound: { kind: 'at most', value: noticeBound(length) },
        detail: `median of ${RUNS}, worst of ${Object.keys(PROFILES).length} kinds of progress`,
      },
      {
        name: `the same with steady progress, ${lengthText(length)}`,
        value: medians['steady'] ?? Number.NaN,
        unit: 'milliseconds',
        bound: { kind: 'at most', value: noticeBound(length, { isSteady: true }) },
      },
    );
    rows.push([lengthText(length), ...cells, asTime(noticeBound(length))]);
  }
  return {
    title: 'Waiting for a task, on an injected clock',
    known: 'computed',
    figures: [
      {
        name: 'polls of the task, 10-minute clone',
        value: Math.max(...tenMinutes.map(({ polls }) => polls)),
        unit: 'count',
        bound: { kind: 'at most', value: 200 },
        detail: `most of ${tenMinutes.length} waits`,
      },
      {
        name: 'longest time between two polls, 10-minute clone',
        value: Math.max(...tenMinutes.map(({ longestGap }) => longestGap)),
        unit: 'milliseconds',
        bound: { kind: 'at most', value: 5_000 },
        detail: `longest of ${tenMinutes.length} waits`,
      },
      ...figures,
    ],
    tables: [
      {
        title: "Median notice of a task's end, and polls, by the clone's length and the kind of progress",
        rows: [['clone', ...Object.keys(PROFILES), 'must be'], ...rows],
        notes: [
          `The step's own wait on an injected clock, ${RUNS} clones each, of up to that length; a poll takes ${ROUND_TRIP} ms.`,
        ],
      },
    ],
  };
}

/** Up to that length, and wide enough that the end falls into every part of the time between two polls. */
function upTo(length: number): { readonly from: number; readonly to: number } {
  return { from: length - Math.max(0.1 * length, 400), to: length };
}

async function wait(options: {
  readonly duration: number;
  readonly progress: Progress;
  readonly random: () => number;
}): Promise<Wait> {
  const { duration, progress, random } = options;
  const clock = createLonelyClock();
  const session = createScriptedSession({
    clock,
    handlers: {
      [GET_TASK]: async () => {
        const part = progress(Math.min(1, clock.now() / duration));
        const response = {
          status: clock.now() >= duration ? 'SUCCEEDED' : 'RUNNING',
          ...(part !== undefined && { progress: { total: 100, completed: Math.floor(part) } }),
        };
        await clock.sleep(ROUND_TRIP);
        return response;
      },
    },
  });
  await pollTask({
    session,
    tasks: cisTasks,
    task: 'task-1',
    clock,
    random,
    report: createRecordedReport(),
    signal: new AbortController().signal,
  });
  const polls = session.calls.map(({ at }) => at);
  return {
    polls: polls.length,
    longestGap: Math.max(...polls.map((at, index) => at - (polls[index - 1] ?? 0))),
    notice: clock.now() - duration,
  };
}

/** Time for one sleeper alone, that passes as soon as it sleeps: millions of polls take seconds. */
function createLonelyClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    date: () => new Date(now),
    sleep: async (ms) => {
      now += ms;
    },
  };
}

function lengthText(length: number): string {
  return length < MINUTE ? `${length / 1_000} s` : `${length / MINUTE} min`;
}

function asTime(value: number): string {
  return valueText({ value, unit: 'milliseconds' });
}
