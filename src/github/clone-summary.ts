import { formatDuration } from '../text/duration.ts';
import { code, codeBlock, prose, table } from '../text/markdown.ts';
import { document } from './summary.ts';

/** The phases of a clone run in their order, and their titles. */
const PHASES = [
  { phase: 'connect', title: 'Log in' },
  { phase: 'resolve', title: 'Look up and check' },
  { phase: 'replace', title: 'Replace' },
  { phase: 'request', title: 'Request the clone' },
  { phase: 'clone', title: 'Clone' },
  { phase: 'configure', title: 'Configure' },
  { phase: 'power', title: 'Power on' },
  { phase: 'customization', title: 'Customize the guest' },
  { phase: 'ip', title: 'Wait for the address' },
  { phase: 'port', title: 'Wait for the ports' },
] as const;

/** The fields of a ClonePlacementSpec, and their titles. */
const PLACEMENT = [
  { field: 'folder', title: 'folder' },
  { field: 'resource_pool', title: 'resource pool' },
  { field: 'cluster', title: 'cluster' },
  { field: 'host', title: 'host' },
  { field: 'datastore', title: 'datastore' },
] as const;

/** An object of vCenter's inventory. */
export interface SummaryObject {
  readonly id: string;
  /** What the user wrote, where that was not the id. */
  readonly asked?: string | undefined;
}

export interface CloneSummary {
  readonly name: string;
  readonly id: string;
  /** The VM that was cloned. */
  readonly source: SummaryObject;
  /** False for a VM that was there before and is reused as it is. */
  readonly created: boolean;
  /** The VM that was deleted to make room for this one. */
  readonly replaced?: { readonly id: string; readonly name: string } | undefined;
  /** What is missing is the source's. */
  readonly placement: { readonly [field in (typeof PLACEMENT)[number]['field']]?: SummaryObject | undefined };
  /** `full`, `linked, from the snapshot 'base'` */
  readonly how: string;
  /** What was set; the rest is the source's. */
  readonly hardware: {
    readonly cpuCount?: number | undefined;
    /** MiB. */
    readonly memory?: number | undefined;
    readonly networks: readonly {
      readonly adapter: string;
      readonly network: { readonly id: string; readonly name: string };
    }[];
    readonly tags: readonly string[];
  };
  /** What the guest was given. */
  readonly guest: {
    /** The specification's name, or `cloud-init`. */
    readonly customization?: string | undefined;
    /** Without their values. */
    readonly guestinfo: readonly string[];
  };
  readonly powerState: string;
  /** The best one first; empty where none was waited for. */
  readonly addresses: readonly string[];
  /** Milliseconds; phases that did not occur are missing. */
  readonly timings: { readonly [phase in (typeof PHASES)[number]['phase'] | 'total']?: number | undefined };
  readonly teardown: 'never' | 'on-failure' | 'always';
}

/** The VM, and what becomes of it. */
export function cloneSummary(clone: CloneSummary): string {
  return document(
    `### ${clone.created ? 'Cloned' : 'Reused'} ${code(clone.name)}`,
    table({
      head: ['VM', `${code(clone.name)}, ${code(clone.id)}`],
      rows: [
        ...(clone.created
          ? [
              ['Source', objectText(clone.source)],
              ['Clone', prose(clone.how)],
              ['Placement', placementText(clone.placement)],
              ...hardwareRows(clone.hardware),
              ...guestRows(clone.guest),
            ]
          : []),
        ...(clone.replaced === undefined
          ? []
          : [['Replaced', `${code(clone.replaced.name)}, ${code(clone.replaced.id)}, which is deleted`]]),
        ['Power', code(clone.powerState)],
        ...(clone.addresses.length === 0 ? [] : [['Address', addressText(clone.addresses)]]),
        ['What becomes of it', fate(clone)],
      ],
    }),
    timeTable(clone.timings),
  );
}

function hardwareRows({ cpuCount, memory, networks, tags }: CloneSummary['hardware']): readonly string[][] {
  return [
    ...(cpuCount === undefined ? [] : [['CPUs', String(cpuCount)]]),
    ...(memory === undefined ? [] : [['Memory', `${memory} MiB`]]),
    ...networks.map(({ adapter, network }) => [
      'Network',
      `${code(adapter)}: ${code(network.name)} (${code(network.id)})`,
    ]),
    ...(tags.length === 0 ? [] : [['Tags', tags.map(code).join(', ')]]),
  ];
}

function guestRows({ customization, guestinfo }: CloneSummary['guest']): readonly string[][] {
  return [
    ...(customization === undefined ? [] : [['Customization', code(customization)]]),
    ...(guestinfo.length === 0 ? [] : [['guestinfo', guestinfo.map(code).join(', ')]]),
  ];
}

function placementText(placement: CloneSummary['placement']): string {
  const parts = PLACEMENT.flatMap(({ field, title }) => {
    const object = placement[field];
    return object === undefined ? [] : [`${title} ${objectText(object)}`];
  });
  return parts.length === 0 ? "the source's" : `${parts.join(', ')}; otherwise the source's`;
}

function objectText({ id, asked }: SummaryObject): string {
  return asked === undefined ? code(id) : `${code(asked)} (${code(id)})`;
}

const MOST_ADDRESSES = 8;

function addressText(addresses: readonly string[]): string {
  const shown = addresses.slice(0, MOST_ADDRESSES).map(code);
  const more = addresses.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function fate({ created, teardown }: CloneSummary): string {
  if (!created) {
    return 'It was there before this run, which does not delete it.';
  }
  switch (teardown) {
    case 'never':
      return 'It stays until it is deleted (`teardown: never`); the teardown action does that with the output `vm-id`.';
    case 'on-failure':
      return 'It is deleted at the end of the job unless the job succeeds (`teardown: on-failure`).';
    case 'always':
      return 'It is deleted at the end of the job (`teardown: always`).';
  }
}

const BAR = 20;

function timeTable(timings: CloneSummary['timings']): string {
  const phases = PHASES.flatMap(({ phase, title }) => {
    const ms = timings[phase];
    return ms === undefined ? [] : [{ title, ms }];
  });
  if (phases.length === 0) {
    return '';
  }
  const bars = barLengths(phases.map(({ ms }) => ms));
  const total = timings.total ?? phases.reduce((before, { ms }) => before + ms, 0);
  return table({
    head: ['Phase', 'Time', 'Share'],
    rows: [
      ...phases.map(({ title, ms }, index) => [title, formatDuration(ms), bar(bars[index] ?? 0)]),
      ['**Total**', `**${formatDuration(total)}**`, ''],
    ],
  });
}

/** Blocks for each time, {@link BAR} in all: what rounding down leaves over goes to the largest remainders. */
function barLengths(times: readonly number[]): readonly number[] {
  const sum = times.reduce((before, time) => before + time, 0);
  const exact = times.map((time) => (sum === 0 ? 0 : (time / sum) * BAR));
  const lengths = exact.map(Math.floor);
  const left = sum === 0 ? 0 : BAR - lengths.reduce((before, length) => before + length, 0);
  const remainders = exact
    .map((length, index) => ({ index, remainder: length - Math.floor(length) }))
    .sort((one, other) => other.remainder - one.remainder);
  for (const { index } of remainders.slice(0, left)) {
    lengths[index] = (lengths[index] ?? 0) + 1;
  }
  return lengths;
}

function bar(length: number): string {
  return `\`${'█'.repeat(length)}${'░'.repeat(BAR - length)}\``;
}

export interface ValidationSummary {
  readonly name: string;
  /** JSON, as people read it: on several lines. */
  readonly cloneSpec: string;
  /** Noun phrases. */
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
  /** The VM that bears the name already, where `if-exists` lets the run go on. */
  readonly existing?: { readonly id: string; readonly ifExists: 'reuse' | 'replace' } | undefined;
}

/** What would have been cloned. */
export function validationSummary(validation: ValidationSummary): string {
  const { name, cloneSpec, checked, unchecked, existing } = validation;
  return document(
    `### Checked ${code(name)}, cloned nothing`,
    'This is what would be sent without `validate-only: true`:',
    codeBlock(cloneSpec, 'json'),
    existing === undefined ? '' : existingText(existing),
    `Checked: ${checked.map(prose).join(', ')}.`,
    `Not checked: ${unchecked.map(prose).join(', ')}.`,
  );
}

function existingText({ id, ifExists }: NonNullable<ValidationSummary['existing']>): string {
  return ifExists === 'reuse'
    ? `A VM of that name exists: ${code(id)} would be reused as it is (\`if-exists: reuse\`), and nothing be sent.`
    : `A VM of that name exists: ${code(id)} would be deleted first (\`if-exists: replace\`).`;
}
