import { readFileSync } from 'node:fs';
import type { Runtime } from './actions/runtime.ts';
import { deferCore } from './github/core.ts';
import { systemClock } from './time/clock.ts';
import { openConnection } from './vcenter/transport/connection.ts';

/** The runner cancels a job with SIGINT, and with SIGTERM 7.5 seconds later. */
const INTERRUPTS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/** The real ones: this process, its runner, its clock. */
export function processRuntime(): Runtime {
  return {
    core: deferCore({
      env: process.env,
      write: (text) => process.stdout.write(text),
      load: () => import('@actions/core'),
    }),
    // Importing it reads the event's payload; a step that was given all names needs none of that.
    context: async () => (await import('@actions/github')).context,
    env: process.env,
    openConnection,
    clock: systemClock,
    random: Math.random,
    readFile: (path) => readFileSync(path, 'utf8'),
    onInterrupt: (listener) => {
      for (const signal of INTERRUPTS) {
        process.on(signal, listener);
      }
      return () => {
        for (const signal of INTERRUPTS) {
          process.off(signal, listener);
        }
      };
    },
  };
}
