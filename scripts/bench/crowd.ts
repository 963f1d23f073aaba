import { startVcenter } from '../../test/simulator/vcenter.ts';
import { startClone } from './clone-step.ts';
import type { Section } from './section.ts';

const CLONES = 50;
/** Milliseconds. */
const CLONE_TAKES = 3_000;
const SECOND = 1_000;

/** Fifty clones at once against one vCenter, each a process of its own, as the jobs of a large matrix. */
export async function measureCrowd(): Promise<Section> {
  const vcenter = await startVcenter({ behaviour: { cloneDuration: CLONE_TAKES } });
  try {
    const before = vcenter.vms().length;
    const steps = await Promise.all(
      Array.from({ length: CLONES }, (_, number) => startClone({ vcenter, number })),
    );
    const results = await Promise.all(steps.map(({ done }) => done));
    const succeeded = results.filter(({ conclusion }) => conclusion === 'success').length;
    const { open, unknown } = vcenter.sessions();
    const times = vcenter.exchanges.map(({ receivedAt }) => receivedAt);
    const elapsed = Math.max(...times) - Math.min(...times);
    const longest = Math.max(...results.map(({ duration }) => duration));
    return {
      title: `${CLONES} clones at once`,
      known: 'measured',
      figures: [
        {
          name: `${CLONES} clones at once, each its own process: succeeded`,
          value: succeeded,
          unit: 'count',
          bound: { kind: 'exactly', value: CLONES },
          detail: `${vcenter.vms().length - before} new VMs; the slowest took ${(longest / SECOND).toFixed(1)} s, of which vCenter's clone ${CLONE_TAKES / SECOND} s`,
        },
        {
          name: 'sessions left open by them',
          value: open + unknown,
          unit: 'count',
          bound: { kind: 'exactly', value: 0 },
        },
        {
          name: 'requests a second at the simulator meanwhile',
          value: Math.round((times.length * SECOND) / elapsed),
          unit: 'count',
          detail: `${times.length} in ${(elapsed / SECOND).toFixed(1)} s; ${busiestSecond(times)} in the busiest second`,
        },
      ],
      tables: [],
    };
  } finally {
    await vcenter.close();
  }
}

/** How many of these times, in milliseconds and in order, lie within one second at the most. */
export function busiestSecond(times: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while (time - (times[first] ?? time) >= SECOND) {
      first += 1;
    }
    most = Math.max(most, index - first + 1);
  }
  return most;
}
