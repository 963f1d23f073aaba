import { ConnectError, failureReason } from '../https/connect-error.ts';
import type { Connection, HttpResponse } from '../https/connection.ts';
import { isRecord, textOf } from '../text/json.ts';
import { redact } from '../text/redact.ts';
import { shorten } from '../text/shorten.ts';
import type { Clock } from '../time/clock.ts';
import { withDeadline } from '../time/deadline.ts';
import { GitHubError, type GitHubErrorFields } from './github-error.ts';
import type { Repository } from './repository.ts';

export interface GitHubApiOptions {
  readonly repository: Repository;
  readonly token: string;
  readonly connection: Connection;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** Takes one line for each request that ended; for debug logs. */
  readonly trace: (line: string) => void;
}

export interface GitHubResponse {
  /** The parsed JSON. */
  readonly body: unknown;
  /** GitHub's clock when it responded, in milliseconds since 1970; undefined where it did not tell. */
  readonly date: number | undefined;
}

/**
 * The few requests of GitHub's API that the actions send. A request that broke, or that was responded to with a 5xx, is
 * retried at most twice, within 10 seconds; any other failure is final. No redirect is followed, so that the token goes to the
 * server that the runner names and to no other.
 */
export interface GitHubApi {
  /** GET /repos/{owner}/{repo}/actions/runs/{run_id}. @throws GitHubError; the signal's reason. */
  getRun(id: number, signal: AbortSignal): Promise<GitHubResponse>;
  /** GET /repos/{owner}/{repo}/pulls/{pull_number}. @throws GitHubError; the signal's reason. */
  getPullRequest(number: number, signal: AbortSignal): Promise<GitHubResponse>;
}

/** Milliseconds that one request may take. */
const REQUEST_TIMEOUT = 15_000;
const MOST_RETRIES = 2;
/** Milliseconds after its first failure in which a request is sent again. */
const RETRY_TIMEOUT = 10_000;
const FIRST_PAUSE = 1_000;
/** UTF-16 units. */
const LONGEST_MESSAGE = 300;

export function createGitHubApi(options: GitHubApiOptions): GitHubApi {
  const { owner, repo } = options.repository;
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`;
  return {
    getRun: (id, signal) =>
      sendWithRetries(options, {
        path: `${path}/actions/runs/${id}`,
        query: '?exclude_pull_requests=true', // they are those with that head by now, not the one that started the run
        permission: 'actions: read',
        signal,
      }),
    getPullRequest: (number, signal) =>
      sendWithRetries(options, {
        path: `${path}/pulls/${number}`,
        query: '',
        permission: 'pull-requests: read',
        signal,
      }),
  };
}

interface GetRequest {
  readonly path: string;
  readonly query: string;
  /** What the token needs for it. */
  readonly permission: string;
  readonly signal: AbortSignal;
}

async function sendWithRetries(options: GitHubApiOptions, request: GetRequest): Promise<GitHubResponse> {
  const { clock, random, trace } = options;
  let firstFailureAt: number | undefined;
  for (let failures = 0; ; failures += 1) {
    try {
      return await sendOnce(options, request);
    } catch (error) {
      if (!(error instanceof GitHubError) || !error.isTransient || failures === MOST_RETRIES) {
        throw error;
      }
      firstFailureAt ??= clock.now();
      const pause = Math.max(error.retryAfter ?? 0, random() * FIRST_PAUSE * 2 ** failures);
      if (clock.now() + pause - firstFailureAt > RETRY_TIMEOUT) {
        throw error;
      }
      trace(`${error.request}: ${error.message} Next try in ${Math.round(pause)} ms.`);
      await clock.sleep(pause, request.signal);
    }
  }
}

async function sendOnce(
  { repository, token, connection, clock, trace }: GitHubApiOptions,
  { path, query, permission, signal }: GetRequest,
): Promise<GitHubResponse> {
  const request = `GET ${path}`;
  const startedAt = clock.now();
  const fail = (fields: Omit<GitHubErrorFields, 'request' | 'permission'>) =>
    new GitHubError({ request, permission, ...fields, message: redact(fields.message, [token]) });
  let outcome = 'no response';
  try {
    return await withDeadline(
      { clock, what: 'the request', limit: REQUEST_TIMEOUT, signal },
      async (requestSignal) => {
        try {
          const response = await connection.send({
            method: 'GET',
            url: `${repository.apiUrl}${path}${query}`,
            headers: {
              accept: 'application/vnd.github+json',
              authorization: `Bearer ${token}`,
              'user-agent': 'vcenter-clone-vm', // GitHub refuses requests without one
              'x-github-api-version': '2022-11-28',
            },
            signal: requestSignal,
          });
          outcome = String(response.status);
          return await read(response, { fail, clock });
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof GitHubError) {
            throw error;
          }
          const message = requestSignal.aborted
            ? `No response within ${REQUEST_TIMEOUT / 1_000} s.`
            : `No response: ${failureReason(error)}`;
          const isPermanent = error instanceof ConnectError && error.isPermanent;
          throw fail({ message, isTransient: !isPermanent, cause: error });
        }
      },
    );
  } finally {
    trace(`${request}: ${outcome}, ${Math.round(clock.now() - startedAt)} ms`);
  }
}

async function read(
  response: HttpResponse,
  {
    fail,
    clock,
  }: {
    readonly fail: (fields: Omit<GitHubErrorFields, 'request' | 'permission'>) => GitHubError;
    readonly clock: Clock;
  },
): Promise<GitHubResponse> {
  const { status } = response;
  const isSuccess = status === 200;
  const text = await response.text().catch((error: unknown) => {
    if (isSuccess) {
      throw error;
    }
    return ''; // the status of a refusal says enough without its body
  });
  const body = parseJson(text);
  if (isSuccess && body !== undefined) {
    return { body, date: dateOf(response) };
  }
  if (isSuccess) {
    throw fail({ status, message: 'The response is not JSON.' }); // the text is not shown: nobody knows whose it is
  }
  const said = isRecord(body) ? textOf(body['message']) : undefined;
  throw fail({
    status,
    message: said === undefined ? 'GitHub says no more.' : `GitHub: ${shorten(said, LONGEST_MESSAGE)}`,
    isRateLimit: isRateLimit(response, said),
    isTransient: status >= 500,
    retryAfter: retryAfterOf(response, clock),
  });
}

/** Both limits come as 403 or 429 (GitHub's documentation, "Rate limits for the REST API"). */
function isRateLimit(response: HttpResponse, said: string | undefined): boolean {
  return (
    response.status === 429 ||
    (response.status === 403 &&
      (response.header('x-ratelimit-remaining')?.trim() === '0' ||
        response.header('retry-after') !== undefined ||
        /\brate limit/i.test(said ?? '')))
  );
}

/** Milliseconds; undefined where the headers tell none. The secondary limit has `retry-after`, the primary one a moment. */
function retryAfterOf(response: HttpResponse, clock: Clock): number | undefined {
  const seconds = response.header('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(seconds)) {
    return Number(seconds) * 1_000;
  }
  const reset = response.header('x-ratelimit-reset')?.trim() ?? '';
  if (response.header('x-ratelimit-remaining')?.trim() === '0' && /^\d{1,12}$/.test(reset)) {
    return Math.max(0, Number(reset) * 1_000 - (dateOf(response) ?? clock.date().getTime()));
  }
  return undefined;
}

function dateOf(response: HttpResponse): number | undefined {
  const date = Date.parse(response.header('date') ?? '');
  return Number.isNaN(date) ? undefined : date;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
