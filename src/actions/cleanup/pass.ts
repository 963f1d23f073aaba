import type { WorkflowRun } from '../../github/workflow-run.ts';
import type { Candidate } from './candidates.ts';
import { type Decision, isPullRequestEvent } from './decide.ts';

/** A VM of this repository, and what becomes of it. */
export interface Entry {
  readonly candidate: Candidate;
  decision: Decision;
  /** As GitHub told it when the decision was made; undefined where it did not. */
  run: WorkflowRun | undefined;
  /** `pull-request` asks for another one's: the VM counts nowhere. */
  isAside: boolean;
  /** Undefined where nobody has tried. `gone`: somebody else has deleted or moved it. */
  outcome: 'deleted' | 'gone' | 'failed' | undefined;
  /** Why the deletion failed. */
  error: unknown;
}

export function startEntry(candidate: Candidate): Entry {
  return {
    candidate,
    decision: candidate.isListed
      ? { decision: 'keep', rule: 'listed', reason: "'keep' names it" }
      : { decision: 'keep', rule: 'unclear', reason: `GitHub was not asked for run ${candidate.name.runId}` },
    run: undefined,
    isAside: false,
    outcome: undefined,
    error: undefined,
  };
}

/** The number of the pull request that a VM was made for: by its name, unless its run was started by something else. */
export function pullRequestOf({ candidate, run }: Entry): number | undefined {
  return run === undefined || isPullRequestEvent(run.event) ? candidate.name.pullRequest : undefined;
}

/** What a pass has come to so far. It is written down as it happens, so that there is something to tell however it ends. */
export interface Pass {
  /** Oldest run first. */
  readonly entries: readonly Entry[];
  /** How many VMs bear no generated name of this repository. */
  readonly others: number;
  /** How many VMs of this repository are not of the pull request that was asked for, by their names. */
  readonly notOfPullRequest: number;
  /** What came between before everything was done: errors of GitHub, a deadline, a signal. */
  readonly interruptions: Error[];
}

/** The entries that count. */
export function countedOf({ entries }: Pass): readonly Entry[] {
  return entries.filter(({ isAside }) => !isAside);
}

/** The entries to be deleted, whether or not that was done; oldest run first. */
export function foundOf(pass: Pass): readonly Entry[] {
  return countedOf(pass).filter(({ decision }) => decision.decision === 'delete');
}

export function withOutcome(pass: Pass, outcome: Entry['outcome']): readonly Entry[] {
  return foundOf(pass).filter((entry) => entry.outcome === outcome);
}
