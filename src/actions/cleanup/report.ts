import type { Report } from '../../github/report.ts';
import type { Repository } from '../../github/repository.ts';
import { describeVm } from '../delete-vm.ts';
import { countedOf, type Entry, foundOf, type Pass, withOutcome } from './pass.ts';

/** VMs that one annotation names. */
const MOST_NAMED = 20;

/** Says what was decided about each VM of this repository; those of others are a number. */
export function tellDecisions(
  pass: Pass,
  { repository, isDryRun }: { readonly repository: Repository; readonly isDryRun: boolean },
  report: Report,
): void {
  const name = `${repository.owner}/${repository.repo}`;
  const counted = countedOf(pass);
  for (const { candidate, decision } of counted) {
    if (decision.decision === 'delete') {
      report.info(`${isDryRun ? 'Would delete' : 'Delete'} ${describeVm(candidate.vm)}: ${decision.reason}.`);
    } else if (decision.rule !== 'unknown run') {
      report.info(`Keep ${describeVm(candidate.vm)}: ${decision.reason}.`);
    }
  }
  const unknown = withRule(counted, 'unknown run').length;
  if (unknown > 0) {
    report.info(
      `Keep ${unknown} more: GitHub does not know their runs in ${name}. They are of another owner's repository of that name, or their runs were deleted.`,
    );
  }
  const aside = pass.notOfPullRequest + pass.entries.length - counted.length;
  if (aside > 0) {
    report.info(`VMs of ${name} that are not of the pull request: ${aside}.`);
  }
  report.info(`VMs without a generated name of ${name}: ${pass.others}.`);
}

export interface TellOptions {
  readonly isDryRun: boolean;
  readonly limit: number;
}

/** The warnings and the notice of a pass, at its end. */
export function tellPass(pass: Pass, { isDryRun, limit }: TellOptions, report: Report): void {
  const counted = countedOf(pass);
  const found = foundOf(pass);
  const deleted = withOutcome(pass, 'deleted').length;
  const untouched = withOutcome(pass, undefined).length;
  if (isDryRun) {
    report.warning({
      title: 'Dry run',
      text: `Nothing was deleted. VMs that would be: ${found.length}.${found.length > limit ? ` In one pass at most ${limit} ('limit').` : ''} With 'dry-run: false' they are.`,
    });
  } else if (untouched > 0 && pass.interruptions.length === 0) {
    report.warning({
      title: 'Limit reached',
      text: `VMs that were to be deleted and are left: ${untouched}. 'limit' is ${limit}; the next pass goes on with them.`,
    });
  }
  if (deleted > 0) {
    report.notice({
      title: 'Leftovers deleted',
      text: `VMs that earlier runs had left and that are deleted now: ${deleted}. If this goes on, look for what leaves them: a job without a teardown step, or a runner that dies.`,
    });
  }
  const unclear = withRule(counted, 'unclear');
  if (unclear.length > 0 && pass.interruptions.length === 0) {
    report.warning({ title: 'Kept in doubt', text: listOf(unclear) });
  }
  const stuck = counted.filter(({ decision }) => decision.decision === 'keep' && decision.isStuck === true);
  if (stuck.length > 0) {
    report.warning({
      title: 'Runs without an end',
      text: `These runs began more than 36 days ago, longer than any run lives, and GitHub does not say that they are over. Their VMs stay; please look at them.\n${listOf(stuck)}`,
    });
  }
}

function withRule(entries: readonly Entry[], rule: string): readonly Entry[] {
  return entries.filter(({ decision }) => decision.decision === 'keep' && decision.rule === rule);
}

function listOf(entries: readonly Entry[]): string {
  const lines = entries
    .slice(0, MOST_NAMED)
    .map(({ candidate, decision }) => `- ${describeVm(candidate.vm)}: ${decision.reason}.`);
  const more = entries.length - lines.length;
  return [...lines, ...(more > 0 ? [`- and ${more} more, in the log`] : [])].join('\n');
}
