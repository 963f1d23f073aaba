import type { GitHubApi } from '../../github/api.ts';
import { GitHubError } from '../../github/github-error.ts';
import type { Repository } from '../../github/repository.ts';
import { readWorkflowRun } from '../../github/workflow-run.ts';

export interface OwnRun {
  readonly repositoryId: number;
  /** GitHub's clock, in milliseconds since 1970: all ages count from here. */
  readonly now: number;
}

/**
 * Asks GitHub for the run that the pass is in. A clear response proves token, rights, server and repository at once; without
 * one nothing that GitHub says of other runs could be relied on.
 *
 * @throws GitHubError; the signal's reason.
 */
export async function confirmOwnRun(
  api: GitHubApi,
  { owner, repo, runId }: Repository,
  signal: AbortSignal,
): Promise<OwnRun> {
  const { body, date } = await api.getRun(runId, signal);
  const run = readWorkflowRun(body);
  const problem =
    run === undefined
      ? 'it is no run that can be read'
      : run.id !== runId
        ? `it is run ${run.id}`
        : run.status === 'completed'
          ? 'it is over, by its word'
          : date === undefined
            ? 'its Date header is missing or cannot be read'
            : undefined;
  if (run === undefined || date === undefined || problem !== undefined) {
    throw new GitHubError({
      request: `GET /repos/${owner}/${repo}/actions/runs/${runId}`,
      message: `What GitHub says of run ${runId}, in which this step is, cannot be relied on: ${problem}.`,
    });
  }
  return { repositoryId: run.repositoryId, now: date };
}
