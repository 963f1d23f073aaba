import { isRecord, textOf } from '../text/json.ts';

/** What GitHub says of a workflow run (`GET /repos/{owner}/{repo}/actions/runs/{run_id}`). Times are milliseconds since 1970. */
export interface WorkflowRun {
  readonly id: number;
  readonly repositoryId: number;
  /** `completed`, or another word of an open list: `queued`, `in_progress`, `waiting`. */
  readonly status: string;
  readonly conclusion: string | undefined;
  /** The latest one. */
  readonly attempt: number;
  /** What started it: `push`, `pull_request`. */
  readonly event: string;
  readonly createdAt: number | undefined;
  /** Of the latest attempt. */
  readonly startedAt: number | undefined;
  /** The nearest that GitHub has to the run's end: never before it. */
  readonly updatedAt: number | undefined;
}

/** Reads a run; undefined where a part is missing that every run has. Times that cannot be read are missing. */
export function readWorkflowRun(body: unknown): WorkflowRun | undefined {
  if (!isRecord(body)) {
    return undefined;
  }
  const id = countOf(body['id']);
  const repositoryId = isRecord(body['repository']) ? countOf(body['repository']['id']) : undefined;
  const attempt = countOf(body['run_attempt']);
  const status = textOf(body['status']);
  const event = textOf(body['event']);
  return id === undefined ||
    repositoryId === undefined ||
    attempt === undefined ||
    status === undefined ||
    event === undefined
    ? undefined
    : {
        id,
        repositoryId,
        status,
        conclusion: textOf(body['conclusion']),
        attempt,
        event,
        createdAt: timeOf(body['created_at']),
        startedAt: timeOf(body['run_started_at']),
        updatedAt: timeOf(body['updated_at']),
      };
}

/** The `state` of a pull request, `open` or `closed`; undefined where there is none, or where it is not that of this number. */
export function readPullRequestState(body: unknown, number: number): string | undefined {
  return isRecord(body) && body['number'] === number ? textOf(body['state']) : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** `2026-01-22T19:33:08Z`, as GitHub writes all its times. Any other form, or a day that is not, means nothing. */
function timeOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(text);
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === text.slice(0, 19);
  return isReal ? time : undefined;
}
