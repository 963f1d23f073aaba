import { formatDuration } from '../text/duration.ts';
import { code, codeBlock, prose, table } from '../text/markdown.ts';

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

export interface FailureSummary {
  /** A few words. */
  readonly title: string;
  /** What happened on the first line; what else is known, and what to do, on those that follow. It may begin with the title. */
  readonly text: string;
  /** The address of TROUBLESHOOTING.md, which has a section for each title; undefined where it is not known. */
  readonly troubleshooting?: string | undefined;
}

/** Why the step failed. */
export function failureSummary({ title, text, troubleshooting }: FailureSummary): string {
  const [what = '', ...more] = withoutTitle(text, title)
    .split(/[\r\n\u2028\u2029]+/)
    .filter((line) => line.trim() !== '');
  // A line may be an item of a list already.
  const items = more.map((line) => `- ${prose(line.replace(/^\s*[-*•]\s+/, ''))}`);
  return document(
    `### Failed: ${prose(title)}`,
    prose(what),
    items.join('\n'),
    troubleshooting === undefined
      ? `What to do: see '${prose(title)}' in TROUBLESHOOTING.md.`
      : `[What to do](${troubleshooting}#${anchorOf(title)})`,
  );
}

/** In the log the text begins with the title, since the runner does not show that of an annotation; here it is the heading. */
function withoutTitle(text: string, title: string): string {
  const rest = text.slice(title.length);
  return text.startsWith(title) && /^(?:[:.](?:\s|$)|[\r\n]|$)/.test(rest)
    ? rest.replace(/^[:.]?\s*/, '')
    : text;
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

export interface TeardownSummary {
  /** The ids and names that were asked for. */
  readonly asked: string;
  /** Undefined where there was nothing (any more). */
  readonly deleted: { readonly id: string; readonly name: string } | undefined;
  /** How long it took. */
  readonly milliseconds: number;
}

/** What the teardown action has deleted. */
export function teardownSummary({ asked, deleted, milliseconds }: TeardownSummary): string {
  const took = formatDuration(milliseconds);
  return deleted === undefined
    ? document(
        '### Nothing to delete',
        `${code(asked)} is not in vCenter (any more). Finding that out took ${took}.`,
      )
    : document(
        `### Deleted ${code(deleted.name)}`,
        `The VM ${code(deleted.id)} and its files are gone. That took ${took}.`,
      );
}

export interface PostSummary {
  readonly name: string;
  /** The id of the VM that was deleted, where there was one. */
  readonly deleted: string | undefined;
  /** What could not be cleaned up, as a sentence. */
  readonly leftover: string | undefined;
}

/** What the post step of the clone action has done. */
export function postSummary({ name, deleted, leftover }: PostSummary): string {
  return document(
    leftover === undefined ? `### Cleaned up ${code(name)}` : `### Left behind in vCenter: ${code(name)}`,
    deleted === undefined ? '' : `The VM ${code(deleted)} and its files are deleted.`,
    leftover === undefined ? '' : prose(leftover),
  );
}

/** Blocks with an empty line between them; one at the end keeps apart what is added after. */
export function document(...blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
