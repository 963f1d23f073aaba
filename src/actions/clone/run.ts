import { readCloneInputs } from '../../github/inputs.ts';
import { tryOutput } from '../../github/outputs.ts';
import { connected, lacksSecrets } from '../connect.ts';
import type { Runtime } from '../runtime.ts';
import { runStep } from '../step.ts';
import { startStopwatch } from '../timings.ts';

/** How long requests are retried before the clone is asked for, in milliseconds. */
const RETRY_TIMEOUT = 20_000;

/**
 * The main step of the clone action: from the inputs to the id of the new VM. `loadWork` loads what is done with a session.
 * Returns the exit code.
 */
export function cloneVm(
  runtime: Runtime,
  loadWork: () => Promise<Pick<typeof import('./in-session.ts'), 'cloneInSession'>>,
): Promise<0 | 1> {
  return runStep(runtime, async ({ report, signal }) => {
    const { core, clock, readFile, env } = runtime;
    const isForkPullRequest = await lacksSecrets(runtime);
    const isWindows = env['RUNNER_OS'] === 'Windows';
    const inputs = readCloneInputs({ core, readFile, isForkPullRequest, isWindows });

    const stopwatch = startStopwatch(clock);
    stopwatch.begin('connect');
    const limits = { signal, retryTimeout: RETRY_TIMEOUT };
    try {
      await connected({ runtime, connection: inputs.connection, report, limits }, async (login) => {
        const { cloneInSession } = await loadWork();
        const { session, trust } = login;
        await cloneInSession({ runtime, inputs, session, report, stopwatch, signal }, { trust, limits });
      });
    } catch (error) {
      tryOutput(core, 'timings', JSON.stringify(stopwatch.read()));
      throw error;
    }
  });
}
