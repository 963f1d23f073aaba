import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Runtime } from './actions/runtime.ts';
import type { GitHubContext } from './github/context.ts';
import { deferCore } from './github/core.ts';
import { openConnection } from './https/connection.ts';
import { probePort } from './probe-port.ts';
import { systemClock } from './time/clock.ts';
import { Interrupted } from './time/deadline.ts';

/**
 * What ends a process by default. The runner cancels a job with SIGINT, and with SIGTERM 7.5 seconds later; a terminal or a
 * service manager that goes away sends SIGHUP, Windows also SIGBREAK.
 */
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

const RANDOM_BITS = 2 ** 32;

/** The real ones: this process, its runner, its clock. */
export function processRuntime(): Runtime {
  return {
    core: deferCore({
      env: process.env,
      write: (text) => process.stdout.write(text),
      load: () => import('@actions/core'),
    }),
    context: readContext,
    env: process.env,
    openConnection,
    probePort,
    clock: systemClock,
    random: () => randomInt(RANDOM_BITS) / RANDOM_BITS,
    readFile: (path) => readFileSync(path, 'utf8'),
    onInterrupt: (listener) => {
      const onSignal = (signal: NodeJS.Signals) => listener(new Interrupted(signal));
      for (const signal of SIGNALS) {
        process.on(signal, onSignal);
      }
      // These stay: from here to the end of the process, nothing that is printed may end it, and no mistake without a word.
      const onClosedLog = () => {
        process.exitCode = 1;
        listener(new Interrupted('EPIPE'));
      };
      process.stdout.on('error', onClosedLog);
      process.stderr.on('error', onClosedLog);
      process.on('uncaughtException', (error) => {
        process.exitCode = 1;
        listener(error);
      });
      return () => {
        for (const signal of SIGNALS) {
          process.off(signal, onSignal);
        }
      };
    },
  };
}

/**
 * Importing `@actions/github` reads the event's payload; a step that was given all names needs none of that. An event that
 * cannot be read ends no step: what is needed of it is in the run's ref, too.
 */
async function readContext(): Promise<GitHubContext> {
  const path = process.env['GITHUB_EVENT_PATH'];
  try {
    JSON.parse(readFileSync(path ?? '', 'utf8'));
  } catch {
    delete process.env['GITHUB_EVENT_PATH'];
  }
  return (await import('@actions/github')).context;
}
