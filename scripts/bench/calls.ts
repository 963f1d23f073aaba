import { type Exchange, startVcenter } from '../../test/simulator/vcenter.ts';
import { runClone } from './clone-step.ts';
import { CLONE, inRounds, withoutLooks } from './exchanges.ts';
import type { Section } from './section.ts';

/** Milliseconds that every answer takes, so that what goes out side by side is seen to. */
const LATENCY = 100;

/** Five more objects by their names. */
export const NAMES: Readonly<Record<string, string>> = {
  source: 'ubuntu-24.04',
  folder: 'pull-requests',
  'resource-pool': 'ci-pool',
  host: 'esxi-01.example.test',
  datastore: 'fast',
};

/** Counts what one run asks of vCenter, with ids and with names. */
export async function measureCalls(): Promise<Section> {
  const vcenter = await startVcenter({ behaviour: { latency: LATENCY } });
  try {
    const ids = withoutLooks(await runClone({ vcenter, number: 1 }));
    const name = withoutLooks(await runClone({ vcenter, number: 2, inputs: { name: 'bench-1' } }));
    const names = withoutLooks(await runClone({ vcenter, number: 3, inputs: { ...NAMES, name: 'bench-2' } }));
    const rounds = inRounds(names);
    const cloneRound = 1 + rounds.findIndex((round) => round.some(({ operation }) => operation === CLONE));
    const lookUps = rounds[1] ?? [];
    const inFlight = lookUps.map(({ inFlightAtArrival }) => inFlightAtArrival);
    const bound = (value: number) => ({ bound: { kind: 'exactly', value }, unit: 'count' }) as const;
    return {
      title: 'Calls of one clone',
      figures: [
        {
          name: 'calls besides looks at the task: ids, name generated',
          value: ids.length,
          ...bound(3),
          detail: ids.map(callText).join(', '),
        },
        { name: 'the same with a name for the new VM', value: name.length, ...bound(4) },
        { name: 'the same with five more names', value: names.length, ...bound(9) },
        {
          name: 'with all those names, the clone is the nth request in a row',
          value: cloneRound,
          ...bound(3),
          detail: `look-ups that were under way when each arrived: ${inFlight.join(', ')}`,
        },
      ],
      tables: [
        {
          title: 'One clone with six names, request by request',
          rows: [
            ['in a row', 'calls'],
            ...rounds.map((round, index) => [String(index + 1), round.map(callText).sort().join(', ')]),
          ],
          notes: [`Every answer took ${LATENCY} ms. The looks at the task are left out.`],
        },
      ],
    };
  } finally {
    await vcenter.close();
  }
}

function callText({ method, path, query }: Exchange): string {
  const [name] = query['names'] ?? [];
  const action = query['action']?.map((each) => `?action=${each}`) ?? [];
  const filter = name === undefined ? action : [`?names=${name}`];
  return `${method} ${path.replace(/^\/api\/(?:vcenter\/)?/, '')}${filter.join('')}`;
}
