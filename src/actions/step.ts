import { createReport, type Report } from '../github/report.ts';
import { failureSummary } from '../github/summary.ts';
import { Interrupted } from '../time/deadline.ts';
import { describeFailure } from './failure.ts';
import type { Runtime } from './runtime.ts';

/**
 * Runs one step to its exit code. The body's signal is aborted when the process is to end: by a signal, by a log that nobody
 * reads any more, or by a mistake that nobody has caught. Whatever the body throws becomes exactly one error annotation; a
 * stack is seen in debug logs only.
 */
export async function runStep(
  runtime: Runtime,
  body: (step: { readonly report: Report; readonly signal: AbortSignal }) => Promise<void>,
): Promise<0 | 1> {
  const { core, env, onInterrupt } = runtime;
  const report = createReport(core);
  const interrupted = new AbortController();
  const ignore = onInterrupt((reason) => interrupted.abort(reason));
  try {
    await body({ report, signal: interrupted.signal });
    await core.load();
    const { aborted, reason } = interrupted.signal;
    // What has come to its end is not undone by a signal; a runner that has gone, or a mistake, is no success all the same.
    if (aborted && !(reason instanceof Interrupted && reason.by !== 'EPIPE')) {
      throw reason;
    }
    return 0;
  } catch (error) {
    const failure = describeFailure(error);
    report.failure(failure);
    await report.summary(failureSummary({ ...failure, troubleshooting: troubleshootingUrl(env) }));
    if (error instanceof Error && error.stack !== undefined) {
      report.debug(error.stack);
    }
    return 1;
  } finally {
    ignore();
  }
}

/** The page that explains each title, in the version of the action that runs; undefined for an action out of the workspace. */
export function troubleshootingUrl(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF } = env;
  return GITHUB_SERVER_URL && GITHUB_ACTION_REPOSITORY && GITHUB_ACTION_REF
    ? `${GITHUB_SERVER_URL}/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF}/TROUBLESHOOTING.md`
    : undefined;
}
