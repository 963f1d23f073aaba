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
    ['notes and guestinfo', { notes: 'bench', guestinfo: 'role: web' }, 2 + 1],
  ];

const BASE = '/DC1/vm/ci/base';
const TEMPLATE = { source: `${BASE}/golden-template`, cluster: 'domain-c7' } as const;
/** What a clone through VI/JSON may ask for besides what a full clone of a VM with that kind of name does. */
const VI_CLONES: readonly {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The source of the full clone. */
  readonly against: string;
  readonly atMost: number;
  readonly viJson?: 'separate';
}[] = [
  { name: 'a template by its path', inputs: TEMPLATE, against: `${BASE}/ubuntu-24.04`, atMost: 5 },
  {
    name: 'a linked clone by its path',
    inputs: { source: `${BASE}/ubuntu-24.04`, 'clone-type': 'linked', cluster: 'domain-c7' },
    ...{ against: `${BASE}/ubuntu-24.04`, atMost: 5 },
  },
  {
    name: 'a template by its path below 8.0 U3',
    ...{ inputs: TEMPLATE, against: `${BASE}/ubuntu-24.04`, atMost: 5 + 3, viJson: 'separate' },
  },
  {
    name: 'a template by a bare name',
    inputs: { ...TEMPLATE, source: 'golden-template' },
    ...{ against: 'ubuntu-24.04', atMost: 5 + 3 },
  },
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
    let number = 5 + SETTINGS.length;
    const count = async (inputs: Readonly<Record<string, string>>) => {
      number += 1;
      return withoutPolls(await runClone({ vcenter, number, inputs })).length;
    };
    const viClones: number[] = [];
    for (const { inputs, against, viJson = 'unified' } of VI_CLONES) {
      vcenter.behaviour.viJson = viJson;
      viClones.push((await count(inputs)) - (await count({ source: against })));
    }
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
        ...VI_CLONES.map(({ name, atMost }, index) => ({
          name: `what is added by ${name}, against a full clone of a VM`,
          value: viClones[index] ?? Number.NaN,
          unit: 'count' as const,
          bound: { kind: 'at most', value: atMost } as const,
        })),
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
