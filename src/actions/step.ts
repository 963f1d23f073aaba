import { createReport, type Report } from '../github/report.ts';
import { failureSummary } from '../github/summary.ts';
import { Interrupted } from '../time/deadline.ts';
import { describeFailure } from './failure.ts';
import type { Runtime } from './runtime.ts';

/**
 * Runs one step to its exit code. The body's signal is aborted with {@link Interrupted} when the process is told to end.
 * Whatever it throws becomes exactly one error annotation; a stack is seen in debug logs only.
 */
export async function runStep(
  runtime: Runtime,
  body: (step: { readonly report: Report; readonly signal: AbortSignal }) => Promise<void>,
): Promise<0 | 1> {
  const { core, onInterrupt } = runtime;
  const report = createReport(core);
  const interrupted = new AbortController();
  const ignore = onInterrupt((signal) => interrupted.abort(new Interrupted(signal)));
  try {
    await body({ report, signal: interrupted.signal });
    await core.load();
    return 0;
  } catch (error) {
    const failure = describeFailure(error);
    report.failure(failure);
    await report.summary(failureSummary(failure));
    if (error instanceof Error && error.stack !== undefined) {
      report.debug(error.stack);
    }
    return 1;
  } finally {
    ignore();
  }
}
