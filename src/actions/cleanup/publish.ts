import type { CleanupSummary } from '../../github/cleanup-summary.ts';
import type { cleanupOutputs } from '../../github/outputs.ts';
import type { Repository } from '../../github/repository.ts';
import { countedOf, type Entry, foundOf, type Pass, pullRequestOf, withOutcome } from './pass.ts';

type Outputs = Readonly<Record<(typeof cleanupOutputs)[number], string>>;

/** The outputs of a pass, however it ended. */
export function passOutputs(pass: Pass): Outputs {
  const counted = countedOf(pass);
  const found = foundOf(pass);
  const vms = counted.map((entry) => ({
    id: entry.candidate.vm.vm,
    name: entry.candidate.vm.name,
    run: entry.candidate.name.runId,
    'pull-request': pullRequestOf(entry) ?? null,
    decision: entry.decision.decision,
    reason: entry.decision.reason,
  }));
  return {
    found: String(found.length),
    deleted: String(withOutcome(pass, 'deleted').length),
    kept: String(counted.length - found.length),
    failed: String(withOutcome(pass, 'failed').length),
    vms: JSON.stringify(vms),
  };
}

export interface PassSummaryOptions {
  readonly isDryRun: boolean;
  readonly repository: Repository;
  readonly milliseconds: number;
}

/** The same for the job summary. VMs whose runs GitHub does not know may be another owner's: they are a number there. */
export function passSummary(pass: Pass, options: PassSummaryOptions): CleanupSummary {
  const counted = countedOf(pass);
  const shown = counted.filter(
    ({ decision }) => decision.decision === 'delete' || decision.rule !== 'unknown run',
  );
  return {
    ...options,
    found: foundOf(pass).length,
    deleted: withOutcome(pass, 'deleted').length,
    failed: withOutcome(pass, 'failed').length,
    unknownRuns: counted.length - shown.length,
    vms: shown.map((entry) => ({
      id: entry.candidate.vm.vm,
      name: entry.candidate.vm.name,
      run: entry.candidate.name.runId,
      pullRequest: pullRequestOf(entry),
      outcome: outcomeOf(entry, options),
      reason: entry.decision.reason,
    })),
  };
}

function outcomeOf(
  { decision, outcome }: Entry,
  { isDryRun }: PassSummaryOptions,
): CleanupSummary['vms'][number]['outcome'] {
  if (decision.decision === 'keep') {
    return 'kept';
  }
  return isDryRun ? 'would be deleted' : (outcome ?? 'left');
}
