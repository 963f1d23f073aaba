import type { RepositoryName } from '../../github/vm-name.ts';
import type { WorkflowRun } from '../../github/workflow-run.ts';
import { formatDuration } from '../../text/duration.ts';

// All rules about which VM may go. docs/how-it-works.md explains them.

/** What GitHub has responded about a run or a pull request. */
export type Finding<T> =
  | { readonly kind: 'found'; readonly value: T }
  /** A 404: there is none, or it is another repository's, or the token may not see it. */
  | { readonly kind: 'unknown' }
  /** No clear response. A clause. */
  | { readonly kind: 'unclear'; readonly why: string };

/** What is known of a VM that bears a generated name of this repository. */
export interface Facts {
  readonly name: RepositoryName;
  readonly run: Finding<WorkflowRun>;
  /** The state of the pull request that the name tells; undefined as long as GitHub has not been asked. */
  readonly pullRequest?: Finding<string> | undefined;
}

/** What holds for all VMs of a pass. Times are milliseconds. */
export interface Rules {
  /** Of the repository that the pass runs in. */
  readonly repositoryId: number;
  /** GitHub's clock, since 1970. */
  readonly now: number;
  readonly grace: number;
  readonly keepWhileOpen: boolean;
  readonly maxAge: number | undefined;
}

/** Why a VM stays, in one word for each row of the table. */
export type KeepRule =
  | 'listed'
  | 'unknown run'
  | 'unclear'
  | 'disagreement'
  | 'not over'
  | 'grace'
  | 'pull request';

export interface Keep {
  readonly decision: 'keep';
  readonly rule: KeepRule;
  /** A clause for people. */
  readonly reason: string;
  /** The run has been going on for longer than a run can. */
  readonly isStuck?: boolean;
}

export interface Delete {
  readonly decision: 'delete';
  readonly reason: string;
}

export type Decision = Keep | Delete;

const DAY = 24 * 60 * 60 * 1_000;
/** A run lives at most 35 days (GitHub's documentation, "Usage limits"). */
const LONGEST_RUN = 36 * DAY;

/**
 * The events that start a run, by GitHub's documentation, apart from those of a pull request. What is not among them says
 * nothing of what the run was about.
 */
const OTHER_EVENTS: ReadonlySet<string> = new Set(
  `branch_protection_rule check_run check_suite create delete deployment deployment_status discussion discussion_comment
  dynamic fork gollum image_version issue_comment issues label merge_group milestone page_build project project_card
  project_column public push registry_package release repository_dispatch schedule status watch workflow_call
  workflow_dispatch workflow_run`.split(/\s+/),
);

/** Whether a run was started by an event of a pull request, whose number its VMs bear. */
export function isPullRequestEvent(event: string): boolean {
  return /^pull_request(?:_target|_review|_review_comment|_comment)?$/.test(event);
}

/**
 * Decides about one VM. Whatever is in doubt keeps it. `ask pull request`: everything else says delete, and it depends on the
 * pull request, which {@link Facts} does not tell yet.
 */
export function decide(facts: Facts, rules: Rules): Decision | 'ask pull request' {
  const { name, run: finding } = facts;
  if (finding.kind === 'unknown') {
    return keep('unknown run', `GitHub does not know run ${name.runId} in this repository`);
  }
  if (finding.kind === 'unclear') {
    return keep('unclear', `run ${name.runId} is not clear: ${finding.why}`);
  }
  const run = finding.value;
  const isPullRequest = isPullRequestEvent(run.event);
  return (
    disagreement(facts, run, rules) ??
    notOver(run, rules) ??
    inGrace(run, rules) ??
    (isPullRequest && rules.keepWhileOpen
      ? byPullRequest(facts, run, rules)
      : { decision: 'delete', reason: ended(run, rules) })
  );
}

function disagreement({ name }: Facts, run: WorkflowRun, { repositoryId }: Rules): Keep | undefined {
  const differ = (how: string) => keep('disagreement', `name and run disagree: ${how}`);
  if (run.id !== name.runId) {
    return differ(`GitHub speaks of run ${run.id}`);
  }
  if (run.repositoryId !== repositoryId) {
    return differ(`run ${run.id} is another repository's`);
  }
  if (name.runAttempt > run.attempt) {
    return differ(`run ${run.id} has had ${run.attempt} attempts, not ${name.runAttempt}`);
  }
  if (isPullRequestEvent(run.event)) {
    return name.pullRequest === undefined
      ? differ(`run ${run.id} is a pull request's, whose number the name does not tell`)
      : undefined;
  }
  return OTHER_EVENTS.has(run.event)
    ? undefined
    : keep('unclear', `run ${run.id} is not clear: its event '${run.event}' is not known`);
}

function notOver(run: WorkflowRun, { now }: Rules): Keep | undefined {
  const isWaiting = run.conclusion === 'action_required'; // of a fork, until somebody approves it
  if (run.status === 'completed' && !isWaiting) {
    return undefined;
  }
  const age = ageOf(run, now);
  const isStuck = age !== undefined && age > LONGEST_RUN;
  return {
    ...keep('not over', `run ${run.id} is not over: ${isWaiting ? run.conclusion : run.status}`),
    ...(isStuck ? { isStuck } : {}),
  };
}

function inGrace(run: WorkflowRun, { now, grace }: Rules): Keep | undefined {
  const { id, updatedAt } = run;
  if (updatedAt === undefined) {
    return keep('unclear', `run ${id} is not clear: GitHub does not tell when it ended`);
  }
  if (updatedAt > now) {
    return keep('unclear', `run ${id} is not clear: by GitHub's own clock it ends in the future`);
  }
  return now - updatedAt < grace
    ? keep(
        'grace',
        `run ${id} ended ${formatDuration(now - updatedAt)} ago, less than ${formatDuration(grace)}`,
      )
    : undefined;
}

function byPullRequest(
  { name, pullRequest }: Facts,
  run: WorkflowRun,
  rules: Rules,
): Decision | 'ask pull request' {
  const age = ageOf(run, rules.now);
  if (rules.maxAge !== undefined && age !== undefined && age > rules.maxAge) {
    return {
      decision: 'delete',
      reason: `${ended(run, rules)} and began ${formatDuration(age)} ago, more than ${formatDuration(rules.maxAge)}`,
    };
  }
  if (pullRequest === undefined) {
    return 'ask pull request';
  }
  const which = `pull request ${name.pullRequest}`;
  switch (pullRequest.kind) {
    case 'unknown':
      return keep('pull request', `GitHub does not know ${which}`);
    case 'unclear':
      return keep('unclear', `${which} is not clear: ${pullRequest.why}`);
    case 'found':
      return pullRequest.value === 'closed'
        ? { decision: 'delete', reason: `${ended(run, rules)}, ${which} is closed` }
        : keep('pull request', `${which} is ${pullRequest.value}`);
  }
}

/** Milliseconds since the latest attempt began; undefined where that is not certain. */
function ageOf({ createdAt, startedAt }: WorkflowRun, now: number): number | undefined {
  return createdAt === undefined || startedAt === undefined
    ? undefined
    : now - Math.max(createdAt, startedAt);
}

function ended({ id, updatedAt = 0 }: WorkflowRun, { now }: Rules): string {
  return `run ${id} ended ${formatDuration(now - updatedAt)} ago`;
}

function keep(rule: KeepRule, reason: string): Keep {
  return { decision: 'keep', rule, reason };
}
