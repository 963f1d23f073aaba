import { formatDuration } from '../text/duration.ts';
import { code, prose, table } from '../text/markdown.ts';
import type { Repository } from './repository.ts';
import { document } from './summary.ts';

export interface CleanupSummary {
  readonly isDryRun: boolean;
  readonly repository: Pick<Repository, 'serverUrl' | 'owner' | 'repo'>;
  /** How many VMs are to be deleted, whether or not that was done. */
  readonly found: number;
  readonly deleted: number;
  readonly failed: number;
  /** How many VMs stay since GitHub does not know their runs. */
  readonly unknownRuns: number;
  readonly vms: readonly {
    readonly id: string;
    readonly name: string;
    readonly run: number;
    readonly pullRequest: number | undefined;
    readonly outcome: Outcome;
    /** A clause. */
    readonly reason: string;
  }[];
  /** How long it took. */
  readonly milliseconds: number;
}

type Outcome = 'deleted' | 'would be deleted' | 'failed' | 'left' | 'gone' | 'kept';

/** GitHub takes no summary of more than 1 MiB, and nobody reads one. */
const MOST_ROWS = 100;

const WORDS: Readonly<Record<Outcome, string>> = {
  deleted: '**deleted**',
  'would be deleted': '**would be deleted**',
  failed: '**not deleted**',
  left: 'left for the next pass',
  gone: 'gone already',
  kept: 'kept',
};

/** What has become of the VMs that earlier runs left: those that go first. */
export function cleanupSummary(cleanup: CleanupSummary): string {
  const { vms, unknownRuns, milliseconds } = cleanup;
  const sorted = [
    ...vms.filter(({ outcome }) => outcome !== 'kept'),
    ...vms.filter(({ outcome }) => outcome === 'kept'),
  ];
  const rows = sorted
    .slice(0, MOST_ROWS)
    .map(({ id, name, run, pullRequest, outcome, reason }) => [
      `${code(name)}, ${code(id)}`,
      link(cleanup, `actions/runs/${run}`, String(run)),
      pullRequest === undefined ? '' : link(cleanup, `pull/${pullRequest}`, `#${pullRequest}`),
      WORDS[outcome],
      prose(reason),
    ]);
  const more = sorted.length - rows.length;
  return document(
    heading(cleanup),
    rows.length === 0 ? '' : table({ head: ['VM', 'Run', 'Pull request', 'Decision', 'Reason'], rows }),
    more > 0 ? `And ${more} more, in the log and in the output \`vms\`.` : '',
    unknownRuns > 0 ? `VMs that stay since GitHub does not know their runs here: ${unknownRuns}.` : '',
    `That took ${formatDuration(milliseconds)}.`,
  );
}

function heading({ isDryRun, found, deleted, failed }: CleanupSummary): string {
  if (isDryRun) {
    return `### Dry run: nothing was deleted. VMs that would be: ${found}`;
  }
  const failures = failed === 0 ? '' : `, could not delete ${failed}`;
  return `### Deleted ${deleted} of ${found} VMs that earlier runs left${failures}`;
}

/** Made of what the runner says, and never of what a server does. */
function link({ repository }: CleanupSummary, path: string, text: string): string {
  const { serverUrl, owner, repo } = repository;
  return `[${text}](${serverUrl}/${owner}/${repo}/${path})`;
}
