import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Entry, evaluateInputs, loadAction, resolveEntry } from './action-metadata.ts';
import {
  defaultContext,
  eventPayload,
  expressionContexts,
  githubVariables,
  type JobStatus,
  type RunnerContext,
} from './context.ts';
import { type FileCommandPairs, parseFileCommands } from './file-commands.ts';
import { LineReader } from './line-reader.ts';
import { SecretMasker } from './secret-masker.ts';
import { type Annotation, type LogLine, StepLog } from './step-log.ts';

export type { Annotation, LogLine } from './step-log.ts';

/** The files through which a step talks to the runner, by the variable that names them. */
export type CommandFile =
  | 'GITHUB_ENV'
  | 'GITHUB_OUTPUT'
  | 'GITHUB_PATH'
  | 'GITHUB_STATE'
  | 'GITHUB_STEP_SUMMARY';

const commandFiles: readonly CommandFile[] = [
  'GITHUB_ENV',
  'GITHUB_OUTPUT',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GITHUB_STEP_SUMMARY',
];

export interface StepOptions {
  /** `clone`, `teardown`, or the path of an action.yml. */
  readonly action: string;
  /** The step's `with:`, expressions already evaluated. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Default: job e2e, run 9912345678, attempt 1, for pull request 12 of octo/shop. */
  readonly context?: Partial<RunnerContext>;
  /** Variables of the step, such as HTTPS_PROXY. Nothing else comes from the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values that the runner masks from the start, as it does with every secret that a workflow names. */
  readonly secrets?: readonly string[];
  /** Time in the step runs this many times faster, and so does what `cancel` waits. Default 1. */
  readonly timeScale?: number;
  /** Step debug logging. */
  readonly debug?: boolean;
  /** Default: the environment variable ACTION_ENTRY, else `dist`. */
  readonly entry?: Entry;
  /** Files that this runner does not offer: their variable is not set. */
  readonly omitFiles?: readonly CommandFile[];
  /** After this many real milliseconds a step that still runs is killed, and `done` fails. Default 60 s. */
  readonly hardLimit?: number;
  /** Called with each line as it appears. */
  readonly onLog?: (line: LogLine) => void;
}

export interface SentSignal {
  readonly signal: NodeJS.Signals;
  /** Real milliseconds from the step's start. */
  readonly sentAt: number;
  /** Real milliseconds from the signal to the exit of the process. */
  readonly untilExit: number;
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
  readonly files: Readonly<Partial<Record<CommandFile, string>>>;
  /** As a user sees it, secrets masked. */
  readonly summary: string;
  /** What the step left in the folders of the runner: `RUNNER_TEMP/x.pem`. */
  readonly leftFiles: readonly string[];
  /** Real milliseconds. */
  readonly duration: number;
  readonly signals: readonly SentSignal[];
}

export interface RunningStep {
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
  readonly omitFiles?: readonly CommandFile[];
  readonly timeScale?: number;
  readonly debug?: boolean;
  readonly hardLimit?: number;
  readonly onLog?: (line: LogLine) => void;
}

/** Runs the main stage of an action to its end. */
export async function runStep(options: StepOptions): Promise<StepResult> {
  return (await startStep(options)).done;
}

/** Starts the main stage of an action. */
export async function startStep(options: StepOptions): Promise<RunningStep> {
  return startStage({ options, stage: 'main', state: {}, masker: new SecretMasker(options.secrets) });
}

/** Runs the post stage of a step to its end: with the state that main wrote, whichever way main ended. */
export async function runPost(step: StepResult, changes: PostChanges = {}): Promise<StepResult> {
  return (await startPost(step, changes)).done;
}

/** Starts the post stage of a step. */
export async function startPost(step: StepResult, changes: PostChanges = {}): Promise<RunningStep> {
  const { jobStatus, inputs, env, ...rest } = changes;
  const options: StepOptions = {
    ...step.options,
    ...rest,
    inputs: { ...step.options.inputs, ...inputs },
    env: { ...step.options.env, ...env },
    context: { ...step.options.context, ...(jobStatus !== undefined && { jobStatus }) },
  };
  return startStage({ options, stage: 'post', state: step.state, masker: new SecretMasker(step.masks) });
}

interface Stage {
  readonly options: StepOptions;
  readonly stage: 'main' | 'post';
  readonly state: Readonly<Record<string, string>>;
  readonly masker: SecretMasker;
}

const defaultHardLimit = 60_000;
const sigtermAfter = 7500;
const sigkillAfter = 2500;

const running = new Set<ChildProcess>();

async function startStage(stage: Stage): Promise<RunningStep> {
  const { options, masker } = stage;
  requireNode24();
  const metadata = loadAction(options.action);
  const script = stage.stage === 'main' ? metadata.main : metadata.post;
  if (script === undefined) {
    throw new Error(`${metadata.file} has no runs.post.`);
  }
  const context: RunnerContext = { ...defaultContext, ...options.context };
  const entry = resolveEntry(
    script,
    options.entry ?? (process.env['ACTION_ENTRY'] === 'src' ? 'src' : 'dist'),
  );
  const inputs = evaluateInputs({
    metadata,
    given: options.inputs ?? {},
    contexts: expressionContexts(context),
  });

  const folders = createFolders(context, options.omitFiles ?? []);
  const log = new StepLog({
    masker,
    showDebug: options.debug ?? false,
    onLine: (line) => options.onLog?.(line),
  });
  for (const message of inputs.warnings) {
    log.annotate({ level: 'warning', title: undefined, message });
  }

  const startedAt = performance.now();
  const child = spawn(process.execPath, [...timeScaleArguments(options.timeScale), entry], {
    cwd: folders.workspace,
    env: {
      ...systemVariables(),
      ...githubVariables(context),
      ...folders.variables,
      ...(options.debug === true && { RUNNER_DEBUG: '1' }),
      ...options.env,
      ...inputs.environment,
      ...Object.fromEntries(Object.entries(stage.state).map(([name, value]) => [`STATE_${name}`, value])),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  keepForExit(child);

  const chunks: Buffer[] = [];
  const waiters = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    const lines = new LineReader((line) => log.read(line));
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      lines.write(chunk);
      for (const look of waiters) look();
    });
    stream.on('end', () => {
      lines.end();
      for (const look of waiters) look();
    });
  }

  const sent: { signal: NodeJS.Signals; sentAt: number }[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const send = (signal: NodeJS.Signals) => {
    if (child.kill(signal)) {
      sent.push({ signal, sentAt: performance.now() - startedAt });
    }
  };
  const later = (milliseconds: number, action: () => void) => {
    timers.add(setTimeout(action, milliseconds));
  };
  let cancelled = false;
  let hung = false;
  const hardLimit = options.hardLimit ?? defaultHardLimit;
  later(hardLimit, () => {
    hung = true;
    send('SIGKILL');
  });

  const done = new Promise<StepResult>((resolve, reject) => {
    let exitedAt = 0;
    child.once('error', (error) => {
      folders.remove();
      reject(error);
    });
    child.once('exit', () => {
      exitedAt = performance.now() - startedAt;
      running.delete(child);
      for (const timer of timers) clearTimeout(timer);
    });
    // Not before both streams have ended: the last lines often come after the exit.
    child.once('close', (exitCode, signal) => {
      try {
        const files = folders.read();
        const { state, outputs, exportedEnv, errors } = readFileCommands(files);
        for (const message of errors) {
          log.annotate({ level: 'error', title: undefined, message });
        }
        const failed = exitCode !== 0 || errors.length > 0;
        if (hung) {
          throw new Error(
            `The step was still running after ${hardLimit} ms and was killed.\n${log.lines.join('\n')}`,
          );
        }
        const dropped = Object.keys(outputs).filter(
          (name) => masker.mask(outputs[name] ?? '') !== outputs[name],
        );
        const messages = (level: Annotation['level']) =>
          log.annotations.filter((each) => each.level === level).map((each) => each.message);
        resolve({
          stage: stage.stage,
          options,
          exitCode,
          signal,
          conclusion: cancelled ? 'cancelled' : failed ? 'failure' : 'success',
          // What a post step writes comes too late for everybody.
          outputs: stage.stage === 'main' ? outputs : {},
          jobOutputs:
            stage.stage === 'main'
              ? Object.fromEntries(Object.entries(outputs).filter(([name]) => !dropped.includes(name)))
              : {},
          droppedOutputs: stage.stage === 'main' ? dropped : [],
          state: { ...stage.state, ...state },
          exportedEnv,
          exportedPath: (files.GITHUB_PATH ?? '').split('\n').filter((folder) => folder !== ''),
          annotations: log.annotations,
          errors: messages('error'),
          warnings: messages('warning'),
          notices: messages('notice'),
          groups: log.groups,
          debug: log.debug,
          masks: masker.values,
          illegal: log.illegal,
          log: log.lines.join('\n'),
          unmaskedLog: log.unmasked.join('\n'),
          raw: Buffer.concat(chunks).toString(),
          files,
          summary: masker.mask(files.GITHUB_STEP_SUMMARY ?? ''),
          leftFiles: folders.leftFiles(),
          duration: exitedAt,
          signals: sent.map(({ signal: name, sentAt }) => ({
            signal: name,
            sentAt,
            untilExit: exitedAt - sentAt,
          })),
        });
      } catch (error) {
        reject(error);
      } finally {
        folders.remove();
      }
    });
  });
  // A test that fails before it awaits the step must not end in an unhandled rejection.
  done.catch(() => undefined);

  return {
    pid: child.pid ?? 0,
    done,
    log: () => log.lines.join('\n'),
    cancel: ({ scale = options.timeScale ?? 1 } = {}) => {
      cancelled = true;
      send('SIGINT');
      later(sigtermAfter / scale, () => send('SIGTERM'));
      later((sigtermAfter + sigkillAfter) / scale, () => send('SIGKILL'));
      return done;
    },
    kill: (signal) => {
      send(signal);
      return done;
    },
    waitForLog: (pattern) =>
      new Promise((resolve, reject) => {
        let seen = 0;
        const look = () => {
          const found = log.unmasked.slice(seen).find((line) => line.search(pattern) >= 0);
          seen = log.unmasked.length;
          if (found !== undefined) {
            waiters.delete(look);
            resolve(found);
          }
        };
        waiters.add(look);
        look();
        done.then(
          () =>
            reject(
              new Error(`The step ended without a line like ${pattern} in its log:\n${log.lines.join('\n')}`),
            ),
          reject,
        );
      }),
  };
}

function requireNode24(): void {
  if (Number.parseInt(process.versions.node, 10) < 24) {
    throw new Error(
      `The action runs on Node.js 24, and this is ${process.version}. Run it with 'npm run', or with node_modules/.bin/node.`,
    );
  }
}

/** A step must never outlive the process that watches it. */
function keepForExit(child: ChildProcess): void {
  if (running.size === 0 && process.listeners('exit').every((listener) => listener !== killRunning)) {
    process.on('exit', killRunning);
  }
  running.add(child);
}

function killRunning(): void {
  for (const child of running) child.kill('SIGKILL');
}

function timeScaleArguments(scale: number | undefined): readonly string[] {
  if (scale === undefined || scale === 1) {
    return [];
  }
  const module = new URL('time-scale.mjs', import.meta.url);
  module.searchParams.set('scale', String(scale));
  return ['--import', module.href];
}

/** Nothing of the tests' own environment but what a process cannot start without, and where coverage is to be written. */
function systemVariables(): Readonly<Record<string, string>> {
  const passedOn = ['SystemRoot', 'NODE_V8_COVERAGE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passedOn),
    PATH: dirname(process.execPath),
    LANG: 'C.UTF-8',
    CI: 'true',
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'fake-runner',
    RUNNER_OS: 'Linux',
  };
}

interface Folders {
  readonly variables: Readonly<Record<string, string>>;
  readonly workspace: string;
  read(): Readonly<Partial<Record<CommandFile, string>>>;
  leftFiles(): readonly string[];
  remove(): void;
}

/** The runner's folders and files for one stage; each stage gets fresh ones, so that nothing but the state connects two. */
function createFolders(context: RunnerContext, omitFiles: readonly CommandFile[]): Folders {
  const root = mkdtempSync(join(tmpdir(), 'runner-'));
  const workspace = join(root, 'work', context.repository.split('/')[1] ?? 'repository');
  const own = {
    HOME: join(root, 'HOME'),
    RUNNER_TEMP: join(root, 'RUNNER_TEMP'),
    RUNNER_TOOL_CACHE: join(root, 'RUNNER_TOOL_CACHE'),
    GITHUB_WORKSPACE: workspace,
  };
  const commands = join(root, 'commands');
  for (const folder of [...Object.values(own), commands]) {
    mkdirSync(folder, { recursive: true });
  }
  const files = commandFiles
    .filter((name) => !omitFiles.includes(name))
    .map((name) => [name, join(commands, name)] as const);
  for (const [, path] of files) {
    writeFileSync(path, '');
  }
  const eventPath = join(root, 'event.json');
  writeFileSync(eventPath, JSON.stringify(eventPayload(context), null, 2));
  return {
    workspace,
    variables: {
      ...own,
      TMPDIR: own.RUNNER_TEMP,
      RUNNER_WORKSPACE: dirname(workspace),
      GITHUB_EVENT_PATH: eventPath,
      ...Object.fromEntries(files),
    },
    read: () =>
      Object.fromEntries(
        files
          .filter(([, path]) => existsSync(path))
          .map(([name, path]) => [name, readFileSync(path, 'utf8')]),
      ),
    leftFiles: () =>
      Object.entries(own).flatMap(([name, folder]) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((file) => file.isFile())
          .map((file) => `${name}/${relative(folder, join(file.parentPath, file.name))}`),
      ),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function readFileCommands(files: Readonly<Partial<Record<CommandFile, string>>>) {
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
