import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { parseFileCommands } from '../runner/file-commands.ts';
import { runPost, runStep, type StepResult } from '../runner/step.ts';

/** A step of a workflow, as far as this runner knows its keys. */
export interface WorkflowStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: boolean;
}

export interface FinishedStep {
  readonly step: WorkflowStep;
  readonly outcome: 'success' | 'failure' | 'skipped';
  readonly outputs: Readonly<Record<string, string>>;
  /** As a user sees it. */
  readonly log: string;
  /** Of a step that used an action of this repository. */
  readonly result: StepResult | undefined;
}

export interface LocalJob {
  readonly conclusion: 'success' | 'failure';
  readonly steps: readonly FinishedStep[];
  /** The post steps of the actions, last step first. */
  readonly posts: readonly StepResult[];
}

/**
 * Runs a job of a workflow on this machine: actions of this repository on the fake runner, `node` commands as processes.
 * What sets a machine up (actions of others, `npm ci`) is taken to be done.
 *
 * @throws Error for a step with anything else in it.
 */
export async function runLocalJob({
  root,
  workflow,
  job,
}: {
  root: string;
  workflow: string;
  job: string;
}): Promise<LocalJob> {
  const { jobs } = parse(readFileSync(join(root, workflow), 'utf8')) as {
    jobs: Record<string, { steps: WorkflowStep[] }>;
  };
  const temp = mkdtempSync(join(tmpdir(), 'job-'));
  const finished: FinishedStep[] = [];
  let conclusion: LocalJob['conclusion'] = 'success';
  try {
    for (const [index, step] of (jobs[job]?.steps ?? []).entries()) {
      if (isSetUp(step)) {
        continue;
      }
      const end =
        conclusion === 'failure' && step.if !== 'always()'
          ? { outcome: 'skipped' as const, outputs: {}, log: '', result: undefined }
          : await runOne({ root, temp, step, index, finished });
      finished.push({ step, ...end });
      if (end.outcome === 'failure' && step['continue-on-error'] !== true) {
        conclusion = 'failure';
      }
    }
    const posts: StepResult[] = [];
    for (const { step, result } of finished.toReversed()) {
      if (result !== undefined && step.uses === './') {
        posts.push(await runPost(result, { jobStatus: conclusion }));
      }
    }
    return { conclusion, steps: finished, posts };
  } finally {
    rmSync(temp, { recursive: true, force: true, maxRetries: 3 });
  }
}

function isSetUp({ uses, run }: WorkflowStep): boolean {
  return run === 'npm ci' || (uses !== undefined && !uses.startsWith('./'));
}

interface OneStep {
  readonly root: string;
  readonly temp: string;
  readonly step: WorkflowStep;
  readonly index: number;
  readonly finished: readonly FinishedStep[];
}

async function runOne(options: OneStep): Promise<Omit<FinishedStep, 'step'>> {
  const { root, temp, step, index, finished } = options;
  if (step.if !== undefined && step.if !== 'always()') {
    throw new Error(`'if: ${step.if}' is unknown to this runner.`);
  }
  const evaluated = (values: WorkflowStep['with'] = {}) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, evaluate(String(value), finished)]),
    );

  if (step.uses !== undefined) {
    const result = await runStep({
      action: resolve(root, step.uses, 'action.yml'),
      inputs: evaluated(step.with),
      env: evaluated(step.env),
      context: { job: 'self-test', action: step.id ?? `__self_${index}` },
    });
    const outcome = result.conclusion === 'success' ? 'success' : 'failure';
    return { outcome, outputs: result.outputs, log: result.log, result };
  }

  const [command, ...args] = step.run?.split(' ') ?? [];
  if (command !== 'node') {
    throw new Error(`'run: ${step.run}' is unknown to this runner.`);
  }
  const outputFile = join(temp, `output-${index}`);
  writeFileSync(outputFile, '');
  const env = { ...process.env, ...evaluated(step.env), RUNNER_TEMP: temp, GITHUB_OUTPUT: outputFile };
  const { failed, log } = await runNode({ root, args, env });
  const { pairs } = parseFileCommands(existsSync(outputFile) ? readFileSync(outputFile, 'utf8') : '');
  return { outcome: failed ? 'failure' : 'success', outputs: pairs, log, result: undefined };
}

function runNode({
  root,
  args,
  env,
}: {
  readonly root: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}): Promise<{ readonly failed: boolean; readonly log: string }> {
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: root, env }, (error, stdout, stderr) => {
      done({ failed: error !== null, log: stdout + stderr });
    });
  });
}

function evaluate(text: string, finished: readonly FinishedStep[]): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, body: string) => {
    const known = finished.flatMap(({ step: { id }, outcome, outputs }) =>
      id === undefined ? [] : [[id, { outcome, outputs }] as const],
    );
    if (body === 'toJSON(steps)') {
      return JSON.stringify(Object.fromEntries(known));
    }
    const [, id, output] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(body) ?? [];
    const step = known.find(([each]) => each === id)?.[1];
    if (step === undefined || output === undefined) {
      throw new Error(`The expression '${body}' is unknown to this runner.`);
    }
    return step.outputs[output] ?? '';
  });
}
