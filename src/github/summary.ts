import { formatDuration } from '../text/duration.ts';
import { code, codeBlock, prose, table } from '../text/markdown.ts';

/** The phases of a clone run in their order, and what people call them. */
const PHASES = [
  { phase: 'connect', title: 'Log in' },
  { phase: 'resolve', title: 'Look up and check' },
  { phase: 'request', title: 'Ask for the clone' },
  { phase: 'clone', title: 'Clone' },
  { phase: 'ip', title: 'Wait for the address' },
] as const;

/** The fields of a ClonePlacementSpec, and what people call them. */
const PLACEMENT = [
  { field: 'folder', title: 'folder' },
  { field: 'resource_pool', title: 'resource pool' },
  { field: 'cluster', title: 'cluster' },
  { field: 'host', title: 'host' },
  { field: 'datastore', title: 'datastore' },
] as const;

export interface CloneSummary {
  readonly name: string;
  readonly id: string;
  /** The id of the VM that was cloned. */
  readonly source: string;
  /** False for a VM that was there before and is handed out as it is. */
  readonly created: boolean;
  /** Ids, as in the CloneSpec; what is missing is the source's. */
  readonly placement: { readonly [field in (typeof PLACEMENT)[number]['field']]?: string | undefined };
  readonly powerState: string;
  /** The best one first; empty where none was waited for. */
  readonly addresses: readonly string[];
  /** Milliseconds; phases that were not reached are missing. */
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
              ['Source', code(clone.source)],
              ['Placement', placementText(clone.placement)],
            ]
          : []),
        ['Power', code(clone.powerState)],
        ...(clone.addresses.length === 0 ? [] : [['Address', addressText(clone.addresses)]]),
        ['What becomes of it', fate(clone)],
      ],
    }),
    timeTable(clone.timings),
  );
}

function placementText(placement: CloneSummary['placement']): string {
  const parts = PLACEMENT.flatMap(({ field, title }) => {
    const id = placement[field];
    return id === undefined ? [] : [`${title} ${code(id)}`];
  });
  return parts.length === 0 ? "the source's" : `${parts.join(', ')}; otherwise the source's`;
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
  const sum = phases.reduce((before, { ms }) => before + ms, 0);
  const total = timings.total ?? sum;
  return table({
    head: ['Phase', 'Time', 'Share'],
    rows: [
      ...phases.map(({ title, ms }) => [title, formatDuration(ms), bar(ms / Math.max(1, sum, total))]),
      ['**Total**', `**${formatDuration(total)}**`, ''],
    ],
  });
}

/** A part that is there at all is seen. */
function bar(share: number): string {
  const full = Math.min(BAR, Math.max(share > 0 ? 1 : 0, Math.round(share * BAR)));
  return `\`${'█'.repeat(full)}${'░'.repeat(BAR - full)}\``;
}

export interface ValidationSummary {
  readonly name: string;
  /** JSON, as people read it: on several lines. */
  readonly cloneSpec: string;
  /** The VM that bears the name already, where `if-exists` lets the run go on. */
  readonly existing?: { readonly id: string; readonly ifExists: 'reuse' | 'replace' } | undefined;
}

/** What would have been cloned. */
export function validationSummary({ name, cloneSpec, existing }: ValidationSummary): string {
  return document(
    `### Checked ${code(name)}, cloned nothing`,
    'With `validate-only: true` everything is looked up and checked. This is what would be sent:',
    codeBlock(cloneSpec, 'json'),
    existing === undefined ? '' : existingText(existing),
  );
}

function existingText({ id, ifExists }: NonNullable<ValidationSummary['existing']>): string {
  return ifExists === 'reuse'
    ? `A VM of that name exists: ${code(id)} would be handed out as it is (\`if-exists: reuse\`), and nothing be sent.`
    : `A VM of that name exists: ${code(id)} would be deleted first (\`if-exists: replace\`).`;
}

export interface FailureSummary {
  /** A few words. */
  readonly title: string;
  /** What happened on the first line; what else is known, and what to do, on those that follow. */
  readonly text: string;
}

/** Why the step failed. */
export function failureSummary({ title, text }: FailureSummary): string {
  const [what = '', ...more] = text.split(/[\r\n\u2028\u2029]+/).filter((line) => line.trim() !== '');
  // A line may be an item of a list already.
  const items = more.map((line) => `- ${prose(line.replace(/^\s*[-*•]\s+/, ''))}`);
  return document(`### Failed: ${prose(title)}`, prose(what), items.join('\n'));
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

export interface CleanUpSummary {
  readonly name: string;
  /** The id of the VM that was deleted, where there was one. */
  readonly deleted: string | undefined;
  /** What could not be cleaned up, as a sentence. */
  readonly left: string | undefined;
}

/** What the post step of the clone action has done. */
export function cleanUpSummary({ name, deleted, left }: CleanUpSummary): string {
  return document(
    left === undefined ? `### Cleaned up ${code(name)}` : `### Left behind in vCenter: ${code(name)}`,
    deleted === undefined ? '' : `The VM ${code(deleted)} and its files are deleted.`,
    left === undefined ? '' : prose(left),
  );
}

/** Blocks with an empty line between them; one at the end keeps apart what is added after. */
function document(...blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
