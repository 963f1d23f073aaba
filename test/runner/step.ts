import { dirname } from 'node:path';
import { type Entry, evaluateInputs, loadAction, resolveEntry } from './action-metadata.ts';
import {
  defaultContext,
  expressionContexts,
  githubVariables,
  type JobStatus,
  type RunnerContext,
} from './context.ts';
import { type FileCommandPairs, parseFileCommands } from './file-commands.ts';
import {
  type CommandFile,
  type CommandFileTexts,
  createRunnerFolders,
  type RunnerFile,
} from './runner-folders.ts';
import { SecretMasker } from './secret-masker.ts';
import { type Annotation, type LogLine, StepLog } from './step-log.ts';
import { type ProcessEnd, type SentSignal, type StepProcess, startStepProcess } from './step-process.ts';

export type { JobStatus, RunEvent, RunnerContext } from './context.ts';
export type { CommandFile, RunnerFile } from './runner-folders.ts';
export type { Annotation, LogLine } from './step-log.ts';
export type { SentSignal } from './step-process.ts';

export interface StepOptions {
  /** `clone`, `teardown`, `cleanup`, or the path of an action.yml. */
  readonly action: string;
  /** The step's `with:`, expressions already evaluated. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Default: job e2e, run 9912345678, attempt 1, for pull request 12 of octo/shop. */
  readonly context?: Partial<RunnerContext>;
  /** Variables of the step, such as HTTPS_PROXY. Nothing else comes from the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values that the runner masks from the start, as it does with every secret that a workflow names. */
  readonly secrets?: readonly string[];
  /** Time in the step's process runs this many times faster, and so does what `cancel` waits. Default 1. */
  readonly timeScale?: number;
  /** Step debug logging. */
  readonly debug?: boolean;
  /** Default: the environment variable ACTION_ENTRY, else `dist`. */
  readonly entry?: Entry;
  /** Files that this runner does not offer: their variable is not set. */
  readonly omitFiles?: readonly RunnerFile[];
  /** Paths that this stage gets in place of the runner's own files, which stay empty then. */
  readonly replaceFiles?: Readonly<Partial<Record<RunnerFile, string>>>;
  /** After this many milliseconds a step that still runs is killed, and `done` fails. Default 60 s; in virtual time a day. */
  readonly hardLimit?: number;
  /** Called with each line as it appears. */
  readonly onLog?: (line: LogLine) => void;
}

/** A step after its end, seen from the side of the user and of the jobs that come after it. */
export interface StepResult {
  readonly stage: 'main' | 'post';
  readonly options: StepOptions;
  /** Null where a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Failed by its exit code, or by a broken file or command; an error annotation alone fails nothing. */
  readonly conclusion: JobStatus;
  readonly outputs: Readonly<Record<string, string>>;
  /** The outputs that other jobs can get: the runner drops those in which it finds a masked word. */
  readonly jobOutputs: Readonly<Record<string, string>>;
  readonly droppedOutputs: readonly string[];
  /** After a post step: what main wrote, with what post added. */
  readonly state: Readonly<Record<string, string>>;
  /** Variables and folders of PATH for the following steps. */
  readonly exportedEnv: Readonly<Record<string, string>>;
  readonly exportedPath: readonly string[];
  readonly annotations: readonly Annotation[];
  /** Messages of the annotations of each level. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly notices: readonly string[];
  readonly groups: readonly string[];
  /** Debug messages, shown in the log only with `debug`. */
  readonly debug: readonly string[];
  /** Every masked value of the job so far. */
  readonly masks: readonly string[];
  /** Lines with commands that must not occur: legacy ones, and all in the legacy `##[...]` form. */
  readonly illegal: readonly string[];
  /** As a user sees it, secrets masked. */
  readonly log: string;
  /** The log before masking, debug lines included, without the `add-mask` commands: to be searched for leaks. */
  readonly unmaskedLog: string;
  /** Every byte of standard output and standard error, in order of arrival. */
  readonly raw: string;
  /** Every byte of the files, by variable. */
  readonly files: CommandFileTexts;
  /** As a user sees it, secrets masked. */
  readonly summary: string;
  /** What the step left in the folders of the runner: `RUNNER_TEMP/x.pem`. */
  readonly leftFiles: readonly string[];
  /** Real milliseconds, or virtual ones of a step in this process. */
  readonly duration: number;
  readonly signals: readonly SentSignal[];
}

export interface RunningStep {
  /** Not a number where the step has no process of its own. */
  readonly pid: number;
  /** @throws Error where the step outlives its hard limit. */
  readonly done: Promise<StepResult>;
  /** The log so far, as a user sees it. */
  log(): string;
  /**
   * What the runner does to a step of a cancelled job: SIGINT, SIGTERM 7.5 s later, SIGKILL another 2.5 s later; each to the
   * Node process only. `scale` divides these times; default: the step's own time scale.
   */
  cancel(options?: { readonly scale?: number }): Promise<StepResult>;
  kill(signal: NodeJS.Signals): Promise<StepResult>;
  /** Stops reading what the step prints, as a runner that has died. */
  closePipes(): void;
  /** Takes away the files through which the step talks to the runner, as somebody who cleans its work folder. */
  removeCommandFiles(): void;
  /**
   * Waits for a line of the log, debug lines included and not masked.
   *
   * @throws Error where the step ends without such a line.
   */
  waitForLog(pattern: RegExp): Promise<string>;
}

/** What may have changed by the time that a post step is run. */
export interface PostChanges {
  readonly jobStatus?: JobStatus;
  /** Added to the inputs of main. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly omitFiles?: readonly RunnerFile[];
  /** Those of main do not count here. */
  readonly replaceFiles?: Readonly<Partial<Record<RunnerFile, string>>>;
  readonly timeScale?: number;
  readonly debug?: boolean;
  readonly hardLimit?: number;
  readonly onLog?: (line: LogLine) => void;
}

/** Runs steps as GitHub's runner does: each stage in a process of its own, or in this one. */
export interface Runner {
  /** Runs the main stage of an action to its end. */
  runStep(options: StepOptions): Promise<StepResult>;
  /** Starts the main stage of an action. */
  startStep(options: StepOptions): Promise<RunningStep>;
  /** Runs the post stage of a step to its end: with the state that main wrote, whichever way main ended. */
  runPost(step: StepResult, changes?: PostChanges): Promise<StepResult>;
  /** Starts the post stage of a step. */
  startPost(step: StepResult, changes?: PostChanges): Promise<RunningStep>;
}

/** What is to be run, as a process gets it. */
export interface StageStart {
  readonly options: StepOptions;
  /** The script that the action's metadata names for this stage. */
  readonly script: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly hardLimit: number;
  readonly onLine: (line: string) => void;
}

interface RunnerOptions {
  readonly start: (stage: StageStart) => StepProcess;
  /** Of steps that name none; milliseconds. */
  readonly hardLimit: number;
}

/** What does not depend on where a stage runs: inputs, variables and files before it, the reading of them after it. */
export function createRunner(runner: RunnerOptions): Runner {
  const startStep: Runner['startStep'] = async (options) =>
    startStage(runner, { options, name: 'main', state: {}, masker: new SecretMasker(options.secrets) });
  const startPost: Runner['startPost'] = async (step, changes = {}) => {
    const { jobStatus, inputs, env, replaceFiles = {}, ...rest } = changes;
    const options: StepOptions = {
      ...step.options,
      ...rest,
      replaceFiles,
      inputs: { ...step.options.inputs, ...inputs },
      env: { ...step.options.env, ...env },
      context: { ...step.options.context, ...(jobStatus !== undefined && { jobStatus }) },
    };
    const masker = new SecretMasker(step.masks);
    return startStage(runner, { options, name: 'post', state: step.state, masker });
  };
  return {
    startStep,
    startPost,
    runStep: async (options) => (await startStep(options)).done,
    runPost: async (step, changes) => (await startPost(step, changes)).done,
  };
}

/** Runs what users run, each stage in a process of its own. */
export const processRunner = createRunner({ start: startInProcessOfItsOwn, hardLimit: 60_000 });

export const { runStep, startStep, runPost, startPost } = processRunner;

function startInProcessOfItsOwn({ options, script, ...rest }: StageStart): StepProcess {
  requireNode24();
  const entry = resolveEntry(
    script,
    options.entry ?? (process.env['ACTION_ENTRY'] === 'src' ? 'src' : 'dist'),
  );
  return startStepProcess({ ...rest, nodeArguments: [...timeScaleArguments(options.timeScale), entry] });
}

/** One of the two runs that a step consists of. */
interface Stage {
  readonly name: 'main' | 'post';
  readonly options: StepOptions;
  /** What an earlier stage wrote. */
  readonly state: Readonly<Record<string, string>>;
  readonly masker: SecretMasker;
}

const sigtermAfter = 7500;
const sigkillAfter = 2500;

function startStage(runner: RunnerOptions, stage: Stage): RunningStep {
  const { options, masker } = stage;
  const metadata = loadAction(options.action);
  const script = metadata[stage.name];
  if (script === undefined) {
    throw new Error(`${metadata.file} has no runs.${stage.name}.`);
  }
  const context: RunnerContext = { ...defaultContext, ...options.context };
  const inputs = evaluateInputs({
    metadata,
    given: options.inputs ?? {},
    contexts: expressionContexts(context),
  });

  const log = new StepLog({
    masker,
    showDebug: options.debug ?? false,
    onLine: (line) => options.onLog?.(line),
  });
  for (const message of inputs.warnings) {
    log.annotate({ level: 'warning', title: undefined, message });
  }
  const { omitFiles = [], replaceFiles = {} } = options;
  const folders = createRunnerFolders({ context, omitFiles, replaceFiles });
  const hardLimit = options.hardLimit ?? runner.hardLimit;
  const stepProcess = runner.start({
    options,
    script,
    folder: folders.workspace,
    environment: {
      ...systemVariables(),
      ...githubVariables(context),
      ...folders.variables,
      ...(options.debug === true && { RUNNER_DEBUG: '1' }),
      ...options.env,
      ...inputs.environment,
      ...Object.fromEntries(Object.entries(stage.state).map(([name, value]) => [`STATE_${name}`, value])),
    },
    hardLimit,
    onLine: (line) => log.read(line),
  });

  let cancelled = false;
  const finish = async (): Promise<StepResult> => {
    try {
      const end = await stepProcess.ended;
      if (end.hung) {
        throw new Error(
          `The step was still running after ${hardLimit} ms and was killed.\n${log.lines.join('\n')}`,
        );
      }
      const files = folders.readCommandFiles();
      return resultOf({ stage, log, end, files, leftFiles: folders.leftFiles(), cancelled });
    } finally {
      log.end();
      folders.remove();
    }
  };
  const done = finish();
  // A test that fails before it awaits the step must not end in an unhandled rejection.
  done.catch(() => undefined);

  return {
    pid: stepProcess.pid,
    done,
    log: () => log.lines.join('\n'),
    waitForLog: (pattern) => log.waitFor(pattern),
    cancel: ({ scale = options.timeScale ?? 1 } = {}) => {
      cancelled = true;
      stepProcess.send('SIGINT');
      stepProcess.sendInTurn(
        [
          { signal: 'SIGTERM', after: sigtermAfter },
          { signal: 'SIGKILL', after: sigkillAfter },
        ],
        { timeScale: scale },
      );
      return done;
    },
    kill: (signal) => {
      stepProcess.send(signal);
      return done;
    },
    closePipes: stepProcess.closePipes,
    removeCommandFiles: folders.removeCommandFiles,
  };
}

function resultOf(options: {
  readonly stage: Stage;
  readonly log: StepLog;
  readonly end: ProcessEnd;
  readonly files: CommandFileTexts;
  readonly leftFiles: readonly string[];
  readonly cancelled: boolean;
}): StepResult {
  const { stage, log, files, cancelled } = options;
  const { exitCode, signal, raw, duration, signals } = options.end;
  const written = readCommands(files);
  for (const message of written.errors) {
    log.annotate({ level: 'error', title: undefined, message });
  }
  const failed = exitCode !== 0 || written.errors.length > 0;
  // What a post step writes as outputs comes too late for everybody.
  const outputs = stage.name === 'main' ? written.outputs : {};
  const isSafe = ([, value]: readonly [string, string]) => stage.masker.mask(value) === value;
  const jobOutputs = Object.fromEntries(Object.entries(outputs).filter(isSafe));
  const messages = (level: Annotation['level']) =>
    log.annotations.filter((each) => each.level === level).map((each) => each.message);
  return {
    stage: stage.name,
    options: stage.options,
    exitCode,
    signal,
    conclusion: cancelled ? 'cancelled' : failed ? 'failure' : 'success',
    outputs,
    jobOutputs,
    droppedOutputs: Object.keys(outputs).filter((name) => !(name in jobOutputs)),
    state: { ...stage.state, ...written.state },
    exportedEnv: written.exportedEnv,
    exportedPath: (files.GITHUB_PATH ?? '').split('\n').filter((folder) => folder !== ''),
    annotations: log.annotations,
    errors: messages('error'),
    warnings: messages('warning'),
    notices: messages('notice'),
    groups: log.groups,
    debug: log.debug,
    masks: stage.masker.values,
    illegal: log.illegal,
    log: log.lines.join('\n'),
    unmaskedLog: log.unmasked.join('\n'),
    raw,
    files,
    summary: stage.masker.mask(files.GITHUB_STEP_SUMMARY ?? ''),
    leftFiles: options.leftFiles,
    duration,
    signals,
  };
}

function readCommands(files: CommandFileTexts) {
  const errors: string[] = [];
  const parse = (file: CommandFile): FileCommandPairs['pairs'] => {
    const { pairs, error } = parseFileCommands(files[file] ?? '');
    if (error !== undefined) {
      const name = file.replace('GITHUB_', '').toLowerCase();
      errors.push(`Unable to process file command '${name}' successfully.`, error);
    }
    return pairs;
  };
  return {
    outputs: parse('GITHUB_OUTPUT'),
    state: parse('GITHUB_STATE'),
    exportedEnv: parse('GITHUB_ENV'),
    errors,
  };
}

function requireNode24(): void {
  if (Number.parseInt(process.versions.node, 10) < 24) {
    throw new Error(
      `The action runs on Node.js 24, and this is ${process.version}. Use 'npm run', or node_modules/.bin/node.`,
    );
  }
}

function timeScaleArguments(scale = 1): readonly string[] {
  if (scale === 1) {
    return [];
  }
  const module = new URL('time-scale.mjs', import.meta.url);
  module.searchParams.set('scale', String(scale));
  return ['--import', module.href];
}

/** Nothing of the tests' own environment but what a process cannot start without, and where coverage is to be written. */
function systemVariables(): Readonly<Record<string, string>> {
  const { SystemRoot, ACTION_COVERAGE } = process.env;
  return {
    ...(SystemRoot !== undefined && { SystemRoot }),
    ...(ACTION_COVERAGE !== undefined && { NODE_V8_COVERAGE: ACTION_COVERAGE }),
    PATH: dirname(process.execPath),
    LANG: 'C.UTF-8',
    CI: 'true',
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'fake-runner',
    RUNNER_OS: 'Linux',
  };
}
