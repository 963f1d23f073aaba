import { onTestFinished } from 'vitest';
import { createGitHub, type GitHub, type InProcessGitHub, type RunRecord } from '../github-server/github.ts';
import { defaultContext, type RunnerContext } from '../runner/context.ts';
import type { StepOptions, StepResult } from '../runner/step.ts';
import type { InProcessOptions, VmRecord } from '../simulator/vcenter.ts';
import { FOLDER, openVirtualStage, type Stage, type VirtualStage } from './stage.ts';
import { changes } from './what-happened.ts';

type Inputs = Readonly<Record<string, string>>;

/** A vCenter and a GitHub in virtual time. */
export interface CleanupStage extends VirtualStage {
  readonly github: InProcessGitHub;
}

/** The run that the pass is in. */
export const OWN_RUN = defaultContext.runId;
export const HOUR = 60 * 60 * 1_000;

const SCHEDULED: Partial<RunnerContext> = { event: { name: 'schedule' }, job: 'cleanup' };

/** A stage that closes with the test, in whose GitHub the pass's own run goes on. */
export function setCleanupStage(options: Omit<InProcessOptions, 'clock'> = {}): CleanupStage {
  const made: InProcessGitHub[] = [];
  const stage = openVirtualStage(options, (vcenter, clock) => {
    const github = createGitHub({ clock, token: defaultContext.token });
    made.push(github);
    const { host } = new URL(github.apiUrl);
    return () => {
      const ways = { vcenter: vcenter.connection(), github: github.connection() };
      return {
        send: (request) =>
          new URL(request.url).host === host ? ways.github.send(request) : ways.vcenter.send(request),
        trustAnchor: () => undefined,
        close: () => {
          ways.vcenter.close();
          ways.github.close();
        },
      };
    };
  });
  onTestFinished(() => stage.close());
  const [github] = made;
  if (github === undefined) {
    throw new Error('the network was not made');
  }
  github.addRun({ id: OWN_RUN, status: 'in_progress', conclusion: null, event: 'schedule' });
  return { ...stage, github };
}

/** The options of a cleanup that deletes, with the stage's connection and folder. */
export function cleanupStep(
  { connection }: Pick<CleanupStage, 'connection'>,
  inputs: Inputs = {},
  options: Partial<StepOptions> = {},
): StepOptions {
  return {
    action: 'cleanup',
    context: SCHEDULED,
    ...options,
    inputs: { ...connection, folder: FOLDER, 'dry-run': 'false', ...inputs },
  };
}

export const cleanUp = (
  stage: CleanupStage,
  inputs: Inputs = {},
  options: Partial<StepOptions> = {},
): Promise<StepResult> => stage.runner.runStep(cleanupStep(stage, inputs, options));

export interface LeftVm {
  readonly run: number;
  /** Default: 12; null: the run is a push to main. */
  readonly pullRequest?: number | null;
  readonly attempt?: number;
  readonly powerState?: VmRecord['powerState'];
  readonly folder?: string;
  /** Of the run; null: GitHub does not know it. */
  readonly runFields?: Partial<Omit<RunRecord, 'id'>> | null;
  /** Default: closed. Null: GitHub does not know it. */
  readonly pullRequestState?: string | null;
  /** Where it is not the generated one. */
  readonly name?: string;
}

let tokens = 0;

/** A VM that a run of octo/shop has left: by default the run has ended three hours ago, and its pull request is closed. */
export function leave(
  { vcenter, github }: Pick<Stage, 'vcenter'> & { readonly github: GitHub },
  left: LeftVm,
): VmRecord {
  const { run, pullRequest = 12, attempt = 1, powerState = 'POWERED_ON', folder = FOLDER } = left;
  const { runFields = {}, pullRequestState = 'closed' } = left;
  tokens += 1;
  const token = tokens.toString(36).padStart(6, '0');
  const what = pullRequest === null ? 'main' : `pr${pullRequest}`;
  const name = left.name ?? `shop-${what}-e2e-${run}-${attempt}-${token}`;
  const record = vcenter.addVm({ name, folder, powerState });
  if (runFields !== null) {
    github.addRun({
      id: run,
      attempt,
      event: pullRequest === null ? 'push' : 'pull_request',
      ...runFields,
    });
  }
  if (pullRequest !== null && pullRequestState !== null) {
    github.addPullRequest({ number: pullRequest, state: pullRequestState });
  }
  return record;
}

/** VMs of others in the folder: none of them may ever be touched. */
export function addStrangers({ vcenter }: Pick<Stage, 'vcenter'>): readonly VmRecord[] {
  return [
    'shop-pr12',
    'shop-demo',
    'build-agent-2',
    'shopping-pr12-e2e-9900000001-1-abc123',
    'shop-pr12-e2e-9900000001-1-abc12',
    'shop-pr12-e2e-9900000001-1-abc1234',
    'shop-pr12-e2e-09900000001-1-abc123',
    'Shop-pr12-e2e-9900000001-1-abc123',
    'other-pr12-e2e-9900000001-1-abc123',
  ].map((name) => vcenter.addVm({ name, folder: FOLDER, powerState: 'POWERED_ON' }));
}

/** What was changed at vCenter, VM by VM: `stop vm-1001`. Whatever is not in it was not touched. */
export const touched = (stage: CleanupStage): readonly string[] => changes(stage);

/** The decisions that a step publishes: `vm-1001: keep: pull request 12 is open`. */
export function decisionsOf({ outputs }: StepResult): readonly string[] {
  const vms = JSON.parse(outputs['vms'] ?? '[]') as readonly {
    readonly id: string;
    readonly decision: string;
    readonly reason: string;
  }[];
  return vms.map(({ id, decision, reason }) => `${id}: ${decision}: ${reason}`);
}

export function countsOf({ outputs }: StepResult): Readonly<Record<string, string | undefined>> {
  const { found, deleted, kept, failed } = outputs;
  return { found, deleted, kept, failed };
}

/** Every request that vCenter got, in order: `POST vm/vm-1001/power?action=stop`, `GET vm?vms=vm-1001&folders=group-v23`. */
export function transcript({ vcenter }: Pick<Stage, 'vcenter'>): readonly string[] {
  return vcenter.exchanges.map(({ method, path, query }) => {
    const search = Object.entries(query).map(([name, values]) => `${name}=${values.join('|')}`);
    const target = path.replace(/^\/api\/(?:vcenter\/)?/, '');
    return `${method} ${target}${search.length === 0 ? '' : `?${search.join('&')}`}`;
  });
}

/** The whole transcript of a pass over one folder that deletes these VMs and nothing else; `off`: one that is off already. */
export function transcriptOf(...deleted: readonly (string | { readonly off: string })[]): readonly string[] {
  return [
    'POST session',
    'GET datacenter',
    `GET folder?type=VIRTUAL_MACHINE&folders=${FOLDER}`,
    'GET datacenter/datacenter-2',
    `GET vm?folders=${FOLDER}`,
    ...deleted.flatMap((each) => {
      const id = typeof each === 'string' ? each : each.off;
      return [
        `GET vm?vms=${id}&folders=${FOLDER}`,
        ...(typeof each === 'string' ? [`POST vm/${id}/power?action=stop`] : []),
        `DELETE vm/${id}`,
      ];
    }),
    'DELETE session',
  ];
}
