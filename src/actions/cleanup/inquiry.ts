import type { GitHubApi, GitHubResponse } from '../../github/api.ts';
import { GitHubError } from '../../github/github-error.ts';
import { readPullRequestState, readWorkflowRun, type WorkflowRun } from '../../github/workflow-run.ts';
import type { Finding } from './decide.ts';

/** Requests to GitHub, one after the other or side by side, until GitHub gives no clear response any more. */
export interface Inquiry {
  /** @throws the signal's reason. */
  run(id: number, signal: AbortSignal): Promise<Finding<WorkflowRun>>;
  /** @throws the signal's reason. */
  pullRequest(number: number, signal: AbortSignal): Promise<Finding<string>>;
  /** What has ended it: a rate limit, or the last of three failures in a row. Nothing is sent any more from then on. */
  endedBy(): GitHubError | undefined;
}

/** After so many failures in a row GitHub is not asked any more. */
const MOST_FAILURES = 3;

const NOT_ASKED = { kind: 'unclear', why: 'GitHub was not asked any more' } as const;

export function startInquiry(api: GitHubApi): Inquiry {
  let failuresInARow = 0;
  let endedBy: GitHubError | undefined;

  const ask = async <T>(
    send: () => Promise<GitHubResponse>,
    readBody: (body: unknown) => T | undefined,
  ): Promise<Finding<T>> => {
    if (endedBy !== undefined) {
      return NOT_ASKED;
    }
    try {
      const value = readBody((await send()).body);
      failuresInARow = 0;
      return value === undefined
        ? { kind: 'unclear', why: "GitHub's response is of another form" }
        : { kind: 'found', value };
    } catch (error) {
      if (!(error instanceof GitHubError)) {
        throw error;
      }
      if (error.isNotFound) {
        failuresInARow = 0;
        return { kind: 'unknown' };
      }
      failuresInARow += 1;
      if (error.isRateLimit || failuresInARow >= MOST_FAILURES) {
        endedBy ??= error;
      }
      return { kind: 'unclear', why: reasonOf(error) };
    }
  };

  return {
    run: (id, signal) => ask(() => api.getRun(id, signal), readWorkflowRun),
    pullRequest: (number, signal) =>
      ask(
        () => api.getPullRequest(number, signal),
        (body) => readPullRequestState(body, number),
      ),
    endedBy: () => endedBy,
  };
}

/** A clause: what GitHub says, and which right may be missing. */
function reasonOf({ status, message, permission, isRateLimit }: GitHubError): string {
  const needs = status === 403 && !isRateLimit ? ` The token needs '${permission}'.` : '';
  return `${status === undefined ? '' : `HTTP ${status}. `}${message}${needs}`.replace(/\.$/, '');
}
