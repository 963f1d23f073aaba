import { type Behaviour, startVcenter } from '../../test/simulator/vcenter.ts';
import { inParallel } from '../../test/support/in-parallel.ts';
import { startClone } from './clone-step.ts';
import { CLONE, GET_TASK } from './exchanges.ts';
import { type Figure, valueText } from './figure.ts';
import type { Section } from './section.ts';
import { median, spread } from './statistics.ts';
import { noticeBound } from './waits.ts';

/** Milliseconds. */
const LENGTHS = [3_000, 8_000];

/** Milliseconds over which the ends are spread: as long as the pause between two polls in the first ten seconds. */
const SPREAD = 400;

/** Steps that may start side by side: a machine that is busy starting others would delay the polls. */
const STARTS_AT_ONCE = 2;

interface Profile {
  readonly name: string;
  readonly progress: Behaviour['progress'];
  /** Where nothing tells when the end comes it is chance how soon it is seen, and it takes more clones for a median. */
  readonly clones: number;
}

const PROFILES: readonly Profile[] = [
  {
    name: 'steady',
    progress: (fraction) => ({ completed: Math.floor(fraction * 100), total: 100 }),
    clones: 6,
  },
  { name: 'none', progress: () => undefined, clones: 18 },
];

/** Several clones run at once, each a process of its own, on the real clock: how late does each see its task's end? */
export async function measureNotices({ effort }: { readonly effort: number }): Promise<Section> {
  const figures: Figure[] = [];
  const rows: string[][] = [];
  const counts = PROFILES.map(({ clones }) => clones * effort);
  for (const length of LENGTHS) {
    const notices = await Promise.all(
      PROFILES.map(({ clones, progress }) => {
        const count = clones * effort;
        return noticesOf({
          durations: spread({ from: length - SPREAD / 2, to: length + SPREAD / 2, count }),
          progress,
        });
      }),
    );
    figures.push({
      name: `notice of a task's end, ${length / 1_000} s, for real`,
      value: Math.max(...notices.map(median)),
      unit: 'milliseconds',
      bound: { kind: 'at most', value: noticeBound(length) },
      detail: `median of ${counts.join(' and ')} clones at once, the worse of 2 kinds of progress`,
    });
    rows.push([
      `${length / 1_000} s`,
      ...notices.map((each) => `${asTime(median(each))}, ${asTime(Math.max(...each))}`),
    ]);
  }
  return {
    title: 'Waiting for a task, for real',
    known: 'measured',
    figures,
    tables: [
      {
        title: "Notice of a task's end by the kind of progress: median, longest",
        rows: [['clone', ...PROFILES.map(({ name }) => name)], ...rows],
        notes: [
          `${counts.join(' and ')} clones at once, each its own process; from the task's end to the response that tells of it.`,
        ],
      },
    ],
  };
}

async function noticesOf({
  durations,
  progress,
}: {
  readonly durations: readonly number[];
  readonly progress: Behaviour['progress'];
}): Promise<readonly number[]> {
  const left = [...durations];
  const vcenter = await startVcenter({ behaviour: { progress, cloneDuration: () => left.shift() ?? 0 } });
  try {
    const ends: Promise<unknown>[] = [];
    const items = durations.map((_, number) => number);
    await inParallel({ items, atOnce: STARTS_AT_ONCE }, async (number) => {
      const accepted = vcenter.on({ operation: CLONE, when: 'answered' });
      const { done } = await startClone({ vcenter, number });
      ends.push(done);
      await Promise.race([accepted, done]);
    });
    await Promise.all(ends);
    return vcenter.tasks().map(({ id, status, endedAt = Number.NaN }) => {
      const last = vcenter.exchanges.findLast(
        ({ operation, path }) => operation === GET_TASK && decodeURIComponent(path).endsWith(id),
      );
      return status === 'SUCCEEDED' ? (last?.answeredAt ?? Number.NaN) - endedAt : Number.NaN;
    });
  } finally {
    await vcenter.close();
  }
}

function asTime(value: number): string {
  return valueText({ value, unit: 'milliseconds' });
}
