import { expect } from 'vitest';
import type { StepOptions, StepResult } from '../runner/step.ts';
import type { Exchange } from '../simulator/vcenter.ts';
import { CLONE, FOLDER, SOURCE, type Stage } from './stage.ts';
import { verdict } from './verdict.ts';
import { errorOf } from './what-happened.ts';

type Inputs = Readonly<Record<string, string>>;

export interface CloneRun {
  readonly main: StepResult;
  readonly post: StepResult;
  /** What vCenter had been asked when main was over. */
  readonly exchanges: readonly Exchange[];
  /** The body of the one clone request; undefined where there was none. */
  readonly cloneSpec: unknown;
}

/** What a test gives besides inputs. Time runs five times faster where it says nothing else. */
export type CloneRunOptions = Partial<Omit<StepOptions, 'action' | 'inputs'>>;

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

/** Clones with the stage's connection and these inputs (source and folder by id, unless they say otherwise), and posts. */
export async function cloneOn(
  stage: Stage,
  inputs: Inputs,
  options: CloneRunOptions = {},
): Promise<CloneRun> {
  const main = await stage.runner.runStep({
    timeScale: 5,
    ...options,
    action: 'clone',
    inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, ...inputs },
  });
  const exchanges = [...stage.vcenter.exchanges];
  const post = await stage.runner.runPost(main, { jobStatus: main.conclusion });
  const isKept = main.outputs['created'] === 'true' && main.exitCode === 0 && inputs['teardown'] !== 'always';
  const kept = isKept ? [storedName(main.outputs['vm-name'] ?? '')] : [];
  expect(verdict({ stage, steps: [main, post], kept })).toEqual([]);
  const requests = exchanges.filter(({ operation }) => operation === CLONE);
  expect(requests.length).toBeLessThan(2);
  return { main, post, exchanges, cloneSpec: requests[0]?.requestBody };
}

/** Clones, which must succeed. */
export async function cloned(stage: Stage, inputs: Inputs, options: CloneRunOptions = {}): Promise<CloneRun> {
  const run = await cloneOn(stage, inputs, options);
  expect(run.main.errors).toEqual([]);
  expect(run.main.exitCode).toBe(0);
  return run;
}

/** Clones, which must fail; returns title and text of its one error, the stage's port and fingerprint made equal. */
export async function failed(
  stage: Stage,
  inputs: Inputs,
  options: CloneRunOptions = {},
): Promise<CloneRun & { readonly error: string }> {
  const run = await cloneOn(stage, inputs, options);
  expect(run.main.exitCode).toBe(1);
  return { ...run, error: errorOf(run.main, stage) };
}

/** As vCenter keeps a name (vSphere Web Services API, ManagedEntity.name). */
function storedName(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('/', '%2f').replaceAll('\\', '%5c');
}
