import { inParallel } from '../../test/scenarios/in-parallel.ts';
import { type Behaviour, startVcenter } from '../../test/simulator/vcenter.ts';
import { startClone } from './clone-step.ts';
import { CLONE, LOOK } from './exchanges.ts';
import { type Figure, valueText } from './figure.ts';
import type { Section } from './section.ts';
import { median, spread } from './statistics.ts';
import { noticeBound } from './waits.ts';

/** Milliseconds. */
const LENGTHS = [3_000, 8_000];
const CLONES = 8;

/** Milliseconds over which the ends are spread: as long as the pause between two looks in the first ten seconds. */
const SPREAD = 400;

/** Steps that may start side by side: a machine that is busy starting others would delay the looks. */
const STARTS_AT_ONCE = 2;

const PROFILES: Readonly<Record<string, Pick<Behaviour, 'progress'>>> = {
  steady: { progress: (fraction) => ({ completed: Math.floor(fraction * 100), total: 100 }) },
  none: { progress: () => undefined },
};

/** Several clones run at once, each a process of its own, on the real clock: how late does each see its task's end? */
export async function measureNotices({ effort }: { readonly effort: number }): Promise<Section> {
  const count = CLONES * effort;
  const figures: Figure[] = [];
  const rows: string[][] = [];
  for (const length of LENGTHS) {
    const durations = spread({ from: length - SPREAD / 2, to: length + SPREAD / 2, count });
    const notices = await Promise.all(
      Object.values(PROFILES).map((profile) => noticesOf({ durations, profile })),
    );
    const medians = notices.map(median);
    figures.push({
      name: `notice of a task's end, ${length / 1_000} s, for real`,
      value: Math.max(...medians),
      unit: 'milliseconds',
      bound: { kind: 'at most', value: noticeBound(length) },
      detail: `median of ${count} clones at once, worse of ${medians.length} kinds of progress`,
    });
    rows.push([
      `${length / 1_000} s`,
      ...notices.map((each) => `${asTime(median(each))}, ${asTime(Math.max(...each))}`),
    ]);
  }
  return {
    title: 'Waiting for a task, for real',
    figures,
    tables: [
      {
        title: "Notice of a task's end by the kind of progress: median, longest",
        rows: [['clone', ...Object.keys(PROFILES)], ...rows],
        notes: [
          `${count} clones of each kind at once, each its own process; from the task's end to the answer that tells of it.`,
        ],
      },
    ],
  };
}

async function noticesOf({
  durations,
  profile,
}: {
  readonly durations: readonly number[];
  readonly profile: Pick<Behaviour, 'progress'>;
}): Promise<readonly number[]> {
  const left = [...durations];
  const vcenter = await startVcenter({ behaviour: { ...profile, cloneDuration: () => left.shift() ?? 0 } });
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
        ({ operation, path }) => operation === LOOK && decodeURIComponent(path).endsWith(id),
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
