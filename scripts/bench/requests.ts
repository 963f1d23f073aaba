import { type Exchange, startVcenter } from '../../test/simulator/vcenter.ts';
import { runClone } from './clone-step.ts';
import { CLONE, inRounds, withoutPolls } from './exchanges.ts';
import type { Section } from './section.ts';

/** Milliseconds that every response takes, so that what goes out side by side is seen to. */
const LATENCY = 100;

/** Five more objects by their names. */
export const NAMES: Readonly<Record<string, string>> = {
  source: 'ubuntu-24.04',
  folder: 'pull-requests',
  'resource-pool': 'ci-pool',
  host: 'esxi-01.example.test',
  datastore: 'fast',
};

/** Each setting of a VM, and how many requests it adds: its own, and the start where the VM has to be cloned powered off. */
const SETTINGS: readonly (readonly [name: string, inputs: Readonly<Record<string, string>>, adds: number])[] =
  [
    ['cpu-count', { 'cpu-count': '4' }, 1 + 1],
    ['memory', { memory: '8GiB' }, 1 + 1],
    ['networks, for one adapter', { networks: 'PR Network' }, 2 + 1 + 1],
    ['user-data', { 'user-data': '#cloud-config\n' }, 2 + 1],
    [
      'all of these',
      { 'cpu-count': '4', memory: '8GiB', networks: 'PR Network', 'user-data': '#cloud-config\n' },
      1 + 1 + 3 + 2 + 1,
    ],
  ];

/** Counts what one run asks of vCenter, with ids and with names. */
export async function measureRequests(): Promise<Section> {
  const vcenter = await startVcenter({ behaviour: { latency: LATENCY } });
  try {
    const ids = withoutPolls(await runClone({ vcenter, number: 1 }));
    const name = withoutPolls(await runClone({ vcenter, number: 2, inputs: { name: 'bench-1' } }));
    const names = withoutPolls(await runClone({ vcenter, number: 3, inputs: { ...NAMES, name: 'bench-2' } }));
    const settings: number[] = [];
    for (const [index, [, inputs]] of SETTINGS.entries()) {
      const given = { ...inputs, 'wait-for-customization': 'false' };
      settings.push(withoutPolls(await runClone({ vcenter, number: 4 + index, inputs: given })).length);
    }
    const urn = vcenter.inventory.tagging.tag('environment', 'ci').id;
    const tag = withoutPolls(await runClone({ vcenter, number: 4 + SETTINGS.length, inputs: { tags: urn } }));
    const rounds = inRounds(names);
    const cloneRound = 1 + rounds.findIndex((round) => round.some(({ operation }) => operation === CLONE));
    const lookUps = rounds[1] ?? [];
    const inFlight = lookUps.map(({ inFlightAtArrival }) => inFlightAtArrival);
    const bound = (value: number) => ({ bound: { kind: 'exactly', value }, unit: 'count' }) as const;
    return {
      title: 'Requests of one clone',
      known: 'counted',
      figures: [
        {
          name: 'requests besides polls of the task: ids, name generated',
          value: ids.length,
          ...bound(4),
          detail: ids.map(requestText).join(', '),
        },
        { name: 'the same with a name for the new VM', value: name.length, ...bound(5) },
        { name: 'the same with five more names', value: names.length, ...bound(10) },
        {
          name: 'with all those names, the clone is the nth request in a row',
          value: cloneRound,
          ...bound(3),
          detail: `look-ups that were under way when each arrived: ${inFlight.join(', ')}`,
        },
        ...SETTINGS.map(([name, , adds], index) => ({
          name: `what is added by ${name}, the start included`,
          value: (settings[index] ?? Number.NaN) - ids.length,
          ...bound(adds),
        })),
        { name: 'what is added by a tag, given by its URN', value: tag.length - ids.length, ...bound(3) },
      ],
      tables: [
        {
          title: 'One clone with six names, request by request',
          rows: [
            ['in a row', 'requests'],
            ...rounds.map((round, index) => [String(index + 1), round.map(requestText).sort().join(', ')]),
          ],
          notes: [`Every response took ${LATENCY} ms. The polls of the task are left out.`],
        },
      ],
    };
  } finally {
    await vcenter.close();
  }
}

function requestText({ method, path, query }: Exchange): string {
  const [name] = query['names'] ?? [];
  const action = query['action']?.map((each) => `?action=${each}`) ?? [];
  const filter = name === undefined ? action : [`?names=${name}`];
  return `${method} ${path.replace(/^\/api\/(?:vcenter\/)?/, '')}${filter.join('')}`;
}
