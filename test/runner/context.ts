import type { ExpressionContexts } from './expressions.ts';

/** What made the workflow run. */
export type RunEvent =
  | {
      readonly name: 'pull_request' | 'pull_request_target';
      readonly number: number;
      readonly headRef: string;
      readonly baseRef?: string;
      /** `owner/name` of the fork that the pull request comes from. */
      readonly fork?: string;
    }
  | {
      readonly name: 'push' | 'schedule' | 'workflow_dispatch' | 'merge_group' | 'release';
      /** Default: `refs/heads/main`. */
      readonly ref?: string;
    };

/** The job in whose place a step is run. */
export interface RunnerContext {
  readonly repository: string;
  readonly event: RunEvent;
  readonly workflow: string;
  readonly actor: string;
  readonly runId: number;
  readonly runNumber: number;
  readonly runAttempt: number;
  /** The job's id in the workflow. */
  readonly job: string;
  /** `GITHUB_ACTION`: the step's id, or the name that GitHub makes up for it. */
  readonly action: string;
  /** Which leg of a matrix this is, counted from 0. */
  readonly jobIndex: number;
  readonly jobTotal: number;
  readonly jobStatus: JobStatus;
  readonly sha: string;
  readonly token: string;
}

export type JobStatus = 'success' | 'failure' | 'cancelled';

export const defaultContext: RunnerContext = {
  repository: 'octo/shop',
  event: { name: 'pull_request', number: 12, headRef: 'feature/basket' },
  workflow: 'CI',
  actor: 'octocat',
  runId: 9_912_345_678,
  runNumber: 42,
  runAttempt: 1,
  job: 'e2e',
  action: '__octo_vcenter-clone-vm',
  jobIndex: 0,
  jobTotal: 1,
  jobStatus: 'success',
  sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  token: 'ghs_notARealToken0000000000000000000000',
};

const serverUrl = 'https://github.com';

/** The `GITHUB_*` variables that do not name a file or a folder. */
export function githubVariables(context: RunnerContext): Readonly<Record<string, string>> {
  const { event, repository } = context;
  const ref = refOf(event);
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: context.action,
    GITHUB_ACTION_REF: 'v1',
    GITHUB_ACTION_REPOSITORY: 'octo/vcenter-clone-vm',
    GITHUB_ACTOR: context.actor,
    GITHUB_ACTOR_ID: '583231',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_BASE_REF: isPullRequest(event) ? (event.baseRef ?? 'main') : '',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_HEAD_REF: isPullRequest(event) ? event.headRef : '',
    GITHUB_JOB: context.job,
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_ID: '1296269',
    GITHUB_REPOSITORY_OWNER: ownerOf(repository),
    GITHUB_REPOSITORY_OWNER_ID: '583231',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(context.runAttempt),
    GITHUB_RUN_ID: String(context.runId),
    GITHUB_RUN_NUMBER: String(context.runNumber),
    GITHUB_SERVER_URL: serverUrl,
    GITHUB_SHA: context.sha,
    GITHUB_TRIGGERING_ACTOR: context.actor,
    GITHUB_WORKFLOW: context.workflow,
    GITHUB_WORKFLOW_REF: `${repository}/.github/workflows/ci.yml@${ref}`,
    GITHUB_WORKFLOW_SHA: context.sha,
  };
}

/** What GITHUB_EVENT_PATH holds: the webhook's payload, with the fields that actions commonly read. */
export function eventPayload(context: RunnerContext): Readonly<Record<string, unknown>> {
  const { event } = context;
  const common = { repository: repositoryPayload(context.repository), sender: userPayload(context.actor) };
  switch (event.name) {
    case 'pull_request':
    case 'pull_request_target': {
      const head = repositoryPayload(event.fork ?? context.repository, { fork: event.fork !== undefined });
      const link = `${serverUrl}/${context.repository}/pull/${event.number}`;
      return {
        ...common,
        action: 'synchronize',
        number: event.number,
        pull_request: {
          number: event.number,
          title: 'Let the basket hold more than one thing',
          state: 'open',
          draft: false,
          html_url: link,
          user: userPayload(context.actor),
          head: {
            ref: event.headRef,
            sha: context.sha,
            label: `${head.owner.login}:${event.headRef}`,
            repo: head,
          },
          base: { ref: event.baseRef ?? 'main', sha: '0'.repeat(40), repo: common.repository },
        },
      };
    }
    case 'push':
      return {
        ...common,
        ref: refOf(event),
        before: '0'.repeat(40),
        after: context.sha,
        forced: false,
        head_commit: { id: context.sha, message: 'Let the basket hold more than one thing' },
      };
    case 'schedule':
      return { ...common, schedule: '30 4 * * *' };
    case 'workflow_dispatch':
      return { ...common, inputs: {}, ref: refOf(event), workflow: '.github/workflows/ci.yml' };
    case 'merge_group':
      return {
        ...common,
        action: 'checks_requested',
        merge_group: { head_ref: refOf(event), head_sha: context.sha },
      };
    case 'release':
      return {
        ...common,
        action: 'published',
        release: { tag_name: refOf(event).replace('refs/tags/', '') },
      };
  }
}

/** What expressions in an action.yml can see. */
export function expressionContexts(context: RunnerContext): ExpressionContexts {
  const variables = githubVariables(context);
  const github = Object.entries(variables).map(([name, value]) => [
    name.replace('GITHUB_', '').toLowerCase(),
    value,
  ]);
  return {
    github: { ...Object.fromEntries(github), token: context.token },
    job: { status: context.jobStatus },
    runner: { os: 'Linux', arch: 'X64' },
    strategy: {
      'fail-fast': true,
      'job-index': context.jobIndex,
      'job-total': context.jobTotal,
      'max-parallel': context.jobTotal,
    },
  };
}

function isPullRequest(event: RunEvent): event is Extract<RunEvent, { headRef: string }> {
  return event.name === 'pull_request' || event.name === 'pull_request_target';
}

function refOf(event: RunEvent): string {
  switch (event.name) {
    case 'pull_request':
      return `refs/pull/${event.number}/merge`;
    // It runs in the place of the base branch: that is what makes it dangerous, and why it gets secrets.
    case 'pull_request_target':
      return `refs/heads/${event.baseRef ?? 'main'}`;
    default:
      return event.ref ?? 'refs/heads/main';
  }
}

function ownerOf(repository: string): string {
  return repository.split('/')[0] ?? '';
}

function repositoryPayload(fullName: string, { fork = false } = {}) {
  return {
    name: fullName.split('/')[1] ?? '',
    full_name: fullName,
    fork,
    private: true,
    default_branch: 'main',
    html_url: `${serverUrl}/${fullName}`,
    owner: userPayload(ownerOf(fullName)),
  };
}

function userPayload(login: string) {
  return { login, type: 'User', html_url: `${serverUrl}/${login}` };
}
