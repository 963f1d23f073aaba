import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { cloneVm } from '../../src/actions/clone/run.ts';
import { runPost } from '../../src/actions/post/run.ts';
import type { Runtime } from '../../src/actions/runtime.ts';
import { tearDown } from '../../src/actions/teardown/run.ts';
import * as work from '../../src/after-login.ts';
import type { GitHubContext } from '../../src/github/context.ts';
import { deferCore } from '../../src/github/core.ts';
import type { Connection } from '../../src/https/connection.ts';
import type { Clock } from '../../src/time/clock.ts';
import { Interrupted } from '../../src/time/deadline.ts';
import { LineReader } from './line-reader.ts';
import { createProtocolCore } from './protocol-core.ts';
import { createRunner, type Runner, type StageStart } from './step.ts';
import type { ProcessEnd, SentSignal, StepProcess } from './step-process.ts';

/** A virtual clock does not wait for what is loaded. */
const loadWork = () => Promise.resolve(work);

/** By the name of the script's folder in dist/. */
const actions: Readonly<Record<string, (runtime: Runtime) => Promise<number>>> = {
  clone: (runtime) => cloneVm(runtime, loadWork),
  post: (runtime) => runPost(runtime, loadWork),
  teardown: (runtime) => tearDown(runtime, loadWork),
  cleanup: work.cleanUp,
};

export interface InProcessRunnerOptions {
  /** The time in which steps live; a virtual one makes their waits take none. */
  readonly clock: Clock;
  /** The network of the steps. */
  readonly openConnection: Runtime['openConnection'];
  /** The network of the VMs. */
  readonly probePort: Runtime['probePort'];
  /** Texts of files that steps can read besides the real ones, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Default: the same numbers at every run of the tests. */
  readonly random?: () => number;
}

const aDay = 24 * 60 * 60 * 1000;

/**
 * Runs the actions' source in this process, with the network and the clock that it is given: all that a step is told and
 * all that it leaves is as with a process of its own. `timeScale` and `entry` mean nothing here; all times are the clock's.
 * SIGKILL leaves the run where it is, for ever; any other signal goes to its listeners, or kills where there are none.
 */
export function createInProcessRunner({
  random = pseudoRandom(),
  files = {},
  ...rest
}: InProcessRunnerOptions): Runner {
  return createRunner({
    start: (stage) => startInThisProcess(stage, { random, files, ...rest }),
    hardLimit: aDay,
  });
}

function startInThisProcess(
  { script, folder, environment: env, hardLimit, onLine }: StageStart,
  { clock, openConnection, probePort, files, random }: Required<InProcessRunnerOptions>,
): StepProcess {
  const name = basename(dirname(script));
  const action = actions[name];
  if (action === undefined) {
    throw new Error(`There is no action '${name}' to run in this process.`);
  }
  const startedAt = clock.now();
  const life = createLife(clock);
  const connections = new Set<Connection>();
  const interrupts = new Set<(reason: Error) => void>();
  const sent: Omit<SentSignal, 'untilExit'>[] = [];
  const raw: string[] = [];
  const lines = new LineReader(onLine);
  let arePipesClosed = false;
  const write = (text: string) => {
    if (life.isOver()) {
      return;
    }
    if (arePipesClosed) {
      for (const listener of interrupts) listener(new Interrupted('EPIPE'));
      return;
    }
    raw.push(text);
    lines.write(Buffer.from(text));
  };

  const ended = Promise.withResolvers<ProcessEnd>();
  let hung = false;
  const end = ({ exitCode, signal }: Pick<ProcessEnd, 'exitCode' | 'signal'>) => {
    if (life.isOver()) {
      return;
    }
    lines.end();
    life.end();
    for (const connection of connections) connection.close();
    const duration = clock.now() - startedAt;
    const signals = sent.map((each) => ({ ...each, untilExit: duration - each.sentAt }));
    ended.resolve({ exitCode, signal, raw: raw.join(''), duration, signals, hung });
  };

  const send: StepProcess['send'] = (signal) => {
    if (life.isOver()) {
      return;
    }
    sent.push({ signal, sentAt: clock.now() - startedAt });
    if (signal === 'SIGKILL' || interrupts.size === 0) {
      end({ exitCode: null, signal });
      return;
    }
    for (const listener of interrupts) listener(new Interrupted(signal));
  };
  const after = (ms: number, wake: () => void) =>
    void clock.sleep(ms, life.signal).then(wake, () => undefined);
  const sendInTurn: StepProcess['sendInTurn'] = ([next, ...others], options) => {
    if (next !== undefined) {
      after(next.after, () => {
        send(next.signal);
        sendInTurn(others, options);
      });
    }
  };
  after(hardLimit, () => {
    hung = true;
    send('SIGKILL');
  });

  const core = createProtocolCore({ env, write, isOver: life.isOver });
  const runtime: Runtime = {
    core: deferCore({ env, write, load: async () => core }),
    context: async () => readContext(env),
    env,
    openConnection: (options) => {
      const connection = openConnection(options);
      connections.add(connection);
      return {
        send: async (request) => {
          const response = await life.of(() => connection.send(request));
          return { ...response, text: () => life.of(() => response.text()) };
        },
        close: () => connection.close(),
        trustAnchor: () => connection.trustAnchor(),
      };
    },
    probePort: (target) => life.of(() => probePort(target)),
    clock: life.clock,
    random,
    readFile: (path) =>
      (Object.hasOwn(files, path) ? files[path] : undefined) ?? readFileSync(resolve(folder, path), 'utf8'),
    onInterrupt: (listener) => {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
  };
  action(runtime)
    .catch((error: unknown) => {
      // As Node does with what nobody has caught.
      write(`${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    })
    .then(async (exitCode) => {
      await life.idle();
      end({ exitCode, signal: null });
    });
  const closePipes = () => {
    arePipesClosed = true;
  };
  return { pid: Number.NaN, ended: ended.promise, send, sendInTurn, closePipes };
}

/** What keeps a process alive, and what its death cuts off. */
interface Life {
  /** The run's own clock. */
  readonly clock: Clock;
  /** Work that keeps the run alive; once it is over, nobody hears of the work any more. */
  readonly of: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves when no timer and no request is left: a process would end now. */
  readonly idle: () => Promise<void>;
  readonly isOver: () => boolean;
  readonly end: () => void;
  /** Aborted at the end. */
  readonly signal: AbortSignal;
}

function createLife(clock: Clock): Life {
  const over = new AbortController();
  const { signal } = over;
  let pending = 0;
  let whenIdle: (() => void) | undefined;
  const of: Life['of'] = (work) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        return;
      }
      pending += 1;
      const settle = (tell: () => void) => {
        pending -= 1;
        if (!signal.aborted) {
          tell();
        }
        if (pending === 0) {
          whenIdle?.();
        }
      };
      work().then(
        (value) => settle(() => resolve(value)),
        (reason: unknown) => settle(() => reject(reason)),
      );
    });
  return {
    of,
    signal,
    isOver: () => signal.aborted,
    end: () => over.abort(),
    idle: async () => {
      while (pending > 0) {
        await new Promise<void>((resolve) => {
          whenIdle = resolve;
        });
        await clock.sleep(0); // whoever was woken may have more to do
      }
    },
    clock: {
      now: clock.now,
      date: clock.date,
      sleep: (ms, own) =>
        of(() => clock.sleep(ms, own === undefined ? signal : AbortSignal.any([own, signal]))),
    },
  };
}

/** What the context of `@actions/github` reads, which knows no environment but the process's. */
function readContext(env: Readonly<Record<string, string | undefined>>): GitHubContext {
  const path = env['GITHUB_EVENT_PATH'];
  const [owner = '', repo = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  return {
    payload: path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8')),
    eventName: env['GITHUB_EVENT_NAME'] ?? '',
    ref: env['GITHUB_REF'],
    job: env['GITHUB_JOB'],
    runId: Number(env['GITHUB_RUN_ID']),
    runAttempt: Number(env['GITHUB_RUN_ATTEMPT']),
    repo: { owner, repo },
  };
}

/** Numbers from 0 to 1 (mulberry32), which go on from step to step. */
function pseudoRandom(): () => number {
  let state = 0x2545f491;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
