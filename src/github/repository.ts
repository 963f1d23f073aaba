import { GitHubError } from './github-error.ts';

/** Where on GitHub the run is that this step belongs to, as its runner says. */
export interface Repository {
  /** The base of all requests, without a slash at its end. On GitHub Enterprise Server it has a path (`/api/v3`). */
  readonly apiUrl: string;
  /** The base of links for people, without a slash at its end. */
  readonly serverUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly runId: number;
}

/** @throws GitHubError where a variable of the runner is missing or cannot be used. */
export function readRepository(env: NodeJS.ProcessEnv): Repository {
  const [, owner, repo] =
    /^(?!\.{1,2}\/)([\w.-]+)\/(?!\.{1,2}$)([\w.-]+)$/.exec(env['GITHUB_REPOSITORY'] ?? '') ?? [];
  const runId = Number(/^[1-9]\d*$/.exec(env['GITHUB_RUN_ID'] ?? ''));
  if (owner === undefined || repo === undefined) {
    throw unusable('GITHUB_REPOSITORY');
  }
  if (!Number.isSafeInteger(runId) || runId === 0) {
    throw unusable('GITHUB_RUN_ID');
  }
  return {
    apiUrl: readUrl(env, 'GITHUB_API_URL'),
    serverUrl: readUrl(env, 'GITHUB_SERVER_URL'),
    owner,
    repo,
    runId,
  };
}

/** The token, and what the decisions rest on, travel over TLS or not at all. */
function readUrl(env: NodeJS.ProcessEnv, name: 'GITHUB_API_URL' | 'GITHUB_SERVER_URL'): string {
  const url = URL.parse(env[name] ?? '');
  if (
    url === null ||
    url.protocol !== 'https:' ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw unusable(name);
  }
  return url.href.replace(/\/+$/, '');
}

function unusable(variable: string): GitHubError {
  return new GitHubError({
    request: "Reading the run's own variables",
    message: `${variable}, which the runner sets in every workflow run, is missing or cannot be used.`,
  });
}
