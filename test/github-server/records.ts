/** A workflow run, as a test writes it down. Everything may be changed at any time. */
export interface RunRecord {
  readonly id: number;
  /** `owner/name`. */
  repository: string;
  status: string;
  conclusion: string | null;
  attempt: number;
  event: string;
  createdAt: string | undefined;
  startedAt: string | undefined;
  updatedAt: string | undefined;
  /** Fields that replace or, with undefined, take away those that follow from the others. */
  overrides: Readonly<Record<string, unknown>>;
}

export interface PullRequestRecord {
  readonly number: number;
  repository: string;
  state: string;
  overrides: Readonly<Record<string, unknown>>;
}

/** The ids of repositories, by their full names: always the same for the same name. */
export function repositoryId(fullName: string): number {
  return [...fullName].reduce((sum, character) => sum * 31 + (character.codePointAt(0) ?? 0), 7) % 1_000_003;
}

/** The body of GET /repos/{owner}/{repo}/actions/runs/{run_id}, with the fields of GitHub's description that programs read. */
export function runBody(run: RunRecord): Readonly<Record<string, unknown>> {
  const [owner = '', name = ''] = run.repository.split('/');
  return {
    id: run.id,
    name: 'CI',
    node_id: `WFR_${run.id}`,
    head_branch: 'feature/basket',
    path: '.github/workflows/ci.yml',
    run_number: 42,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 159_038,
    pull_requests: [],
    created_at: run.createdAt,
    run_started_at: run.startedAt,
    updated_at: run.updatedAt,
    repository: {
      id: repositoryId(run.repository),
      name,
      full_name: run.repository,
      owner: { login: owner },
    },
    ...run.overrides,
  };
}

/** The body of GET /repos/{owner}/{repo}/pulls/{pull_number}, likewise. */
export function pullRequestBody(pull: PullRequestRecord): Readonly<Record<string, unknown>> {
  return {
    id: 1_000_000 + pull.number,
    number: pull.number,
    state: pull.state,
    title: 'Let the basket hold more than one thing',
    closed_at: pull.state === 'closed' ? '2025-05-04T07:00:00Z' : null,
    merged: pull.state === 'closed',
    ...pull.overrides,
  };
}
