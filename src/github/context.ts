/**
 * What a run knows of itself; the context of `@actions/github` is one. That one says that its texts are always there, but
 * outside a runner they are not.
 */
export interface GitHubContext {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly eventName: string;
  /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/12/merge`. */
  readonly ref: string | undefined;
  /** The job's id (`GITHUB_JOB`). */
  readonly job: string | undefined;
  readonly runId: number;
  readonly runAttempt: number;
  readonly repo: { readonly owner: string; readonly repo: string };
}

/** The events of a fork's pull request that run without secrets; `pull_request_target` has them. */
const EVENTS_WITHOUT_SECRETS: readonly string[] = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
];

/** Whether the run is one of a fork's pull request, which GitHub gives no secrets. */
export function isForkPullRequest({ eventName, payload }: GitHubContext): boolean {
  if (!EVENTS_WITHOUT_SECRETS.includes(eventName)) {
    return false;
  }
  const pullRequest = property(payload, 'pull_request');
  const base = property(property(property(pullRequest, 'base'), 'repo'), 'full_name');
  // The head's repository is null once the fork is deleted.
  const head = property(property(property(pullRequest, 'head'), 'repo'), 'full_name');
  return typeof base === 'string' && base !== head;
}

/** The number of the pull request that the run is about; undefined for a run about anything else. */
export function pullRequestNumber({ payload, ref }: GitHubContext): number | undefined {
  const number = property(property(payload, 'pull_request'), 'number');
  if (typeof number === 'number' && Number.isSafeInteger(number) && number > 0) {
    return number;
  }
  const [, digits] = /^refs\/pull\/(\d{1,15})\//.exec(ref ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
