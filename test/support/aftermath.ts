import type { StepOptions, StepResult } from '../runner/step.ts';
import type { Operation } from '../simulator/vcenter.ts';
import { CANCEL, CLONE, DELETE, FOLDER, LOGOUT, SHUTDOWN, SOURCE, STOP, type Stage } from './stage.ts';

type Inputs = Readonly<Record<string, string>>;

export interface CloneAndPostOptions {
  readonly inputs?: Inputs;
  /** Time in main and post runs this many times faster. */
  readonly timeScale?: number;
  readonly context?: NonNullable<StepOptions['context']>;
  readonly env?: NonNullable<StepOptions['env']>;
}

/** Starts nothing by itself: the options of a clone step with the stage's connection, source and folder by their ids. */
export function cloneStep(stage: Stage, options: CloneAndPostOptions = {}): StepOptions {
  const { inputs, ...rest } = options;
  return {
    action: 'clone',
    inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, ...inputs },
    timeScale: 20,
    ...rest,
  };
}

/** Main to its end and then post, as the runner does it. */
export async function cloneAndPost(
  stage: Stage,
  options: CloneAndPostOptions = {},
): Promise<{ readonly main: StepResult; readonly post: StepResult }> {
  const main = await stage.runner.runStep(cloneStep(stage, options));
  const post = await stage.runner.runPost(main, { jobStatus: main.conclusion });
  return { main, post };
}

/** The options of a teardown step with the stage's connection. */
export function teardownStep(stage: Stage, inputs: Inputs, timeScale = 20): StepOptions {
  return { action: 'teardown', inputs: { ...stage.connection, ...inputs }, timeScale };
}

const VERBS: Readonly<Record<string, string>> = {
  [CLONE]: 'clone',
  [CANCEL]: 'cancel',
  [SHUTDOWN]: 'shut down',
  [STOP]: 'stop',
  [DELETE]: 'delete',
};

/**
 * What was asked of vCenter that changes anything there, in order: `delete vm-1001`. Clones are told by the name of the VM
 * that they make; `!` stands behind what somebody else has started.
 */
export function changes({ vcenter }: Stage): string[] {
  const tasks = vcenter.tasks();
  return vcenter.exchanges.flatMap(({ operation, path, requestBody }) => {
    const verb = VERBS[operation];
    if (verb === undefined) {
      return [];
    }
    if (operation === CLONE) {
      return [`${verb} ${(requestBody as { name: string }).name}`];
    }
    const [, id = ''] = /\/(?:tasks|vm)\/([^/]+)/.exec(path) ?? [];
    const task = tasks.find((each) => each.id === decodeURIComponent(id));
    return [`${verb} ${task === undefined ? id : `${task.spec.name}${task.foreign ? '!' : ''}`}`];
  });
}

/** Title and text of every annotation of a level, with one word in place of what differs from run to run. */
export function told(step: StepResult, level: 'error' | 'warning' | 'notice'): string {
  return step.annotations
    .filter((each) => each.level === level)
    .map(({ title, message }) => neutral(`[${title}] ${message}`))
    .join('\n');
}

/** Without task ids, ports and the run's own times. */
export function neutral(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}:com\.vmware\.vcenter\.VM/g, 'TASK')
    .replaceAll(/(?:localhost|127\.0\.0\.1):\d+/g, 'VCENTER')
    .replaceAll(' at 89 %', ' at 90 %'); // of a clone that fails after nine tenths, by a clock of fractions
}

/** Milliseconds of a step's own time, sped up `scale` times, from the `nth` arrival of an operation to the next logout. */
export function timeToLogout(
  { vcenter }: Stage,
  { from, nth = 1, scale }: { readonly from: Operation; readonly nth?: number; readonly scale: number },
): number {
  const begin = vcenter.exchanges.filter(({ operation }) => operation === from)[nth - 1];
  const end = vcenter.exchanges.find(
    ({ operation, index }) => operation === LOGOUT && index > (begin?.index ?? Number.POSITIVE_INFINITY),
  );
  return ((end?.receivedAt ?? Number.NaN) - (begin?.receivedAt ?? Number.NaN)) * scale;
}
