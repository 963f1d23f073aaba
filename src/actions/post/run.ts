import { type CleanUpInputs, readCleanUpInputs } from '../../github/inputs.ts';
import { createReport, type Report } from '../../github/report.ts';
import { type CloneState, loadCloneState } from '../../github/state.ts';
import { cleanUpSummary } from '../../github/summary.ts';
import { Interrupted, withDeadline } from '../../time/deadline.ts';
import { connected } from '../connect.ts';
import { describeFailure } from '../failure.ts';
import { type Settlement, settleClone } from '../recovery/abort.ts';
import type { Runtime } from '../runtime.ts';

/** Milliseconds for everything: a cancelled job gives its post steps five minutes in all. */
const LIMIT = 225_000;

/**
 * The post step of the clone action: brings to rest what the main step has left behind, from the written state alone. What
 * it cannot do is a warning with the VM's name and id: a post step turns no green job red. Returns the exit code, 0.
 */
export async function cleanUp(runtime: Runtime): Promise<0> {
  const { core, onInterrupt } = runtime;
  const report = createReport(core);
  const interrupted = new AbortController();
  const ignore = onInterrupt((signal) => interrupted.abort(new Interrupted(signal)));
  let state: CloneState | undefined;
  try {
    state = loadCloneState(core);
    await cleanUpAfter(runtime, { state, report, signal: interrupted.signal });
  } catch (error) {
    const { title, text } = describeFailure(error);
    report.warning({
      title: `Clean-up: ${title}`,
      text: [text, whatMayBeLeft(state)].filter(Boolean).join('\n'),
    });
    if (error instanceof Error && error.stack !== undefined) {
      report.debug(error.stack);
    }
  } finally {
    await core.load();
    ignore();
  }
  return 0;
}

interface CleanUpOptions {
  readonly state: CloneState | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function cleanUpAfter(runtime: Runtime, { state, report, signal }: CleanUpOptions): Promise<void> {
  if (state === undefined || state.phase === 'planned' || state.phase === 'settled') {
    report.info('Nothing to clean up.');
    return;
  }
  const { core, clock, random, readFile } = runtime;
  const { plan } = state;
  const inputs = readCleanUpInputs({ core, readFile: (path) => plan.caCertificate ?? readFile(path) });
  if (state.phase === 'finished' && !isTornDown(inputs, report)) {
    report.info(`'${plan.name}' (${state.vm}) is left alone, as 'teardown: ${inputs.teardown}' asks.`);
    return;
  }
  const settlement = await withDeadline({ clock, what: 'The clean-up', limit: LIMIT, signal }, (deadline) =>
    connected(
      {
        runtime,
        connection: { ...inputs.connection, server: plan.server },
        report,
        limits: { signal: deadline, patience: Number.POSITIVE_INFINITY },
      },
      (session) => settleClone({ session, state, clock, random, report, signal: deadline }),
    ),
  );
  await tell(settlement, { report, name: plan.name });
}

/** Whether a VM that was handed over goes now. */
function isTornDown({ teardown, jobStatus }: CleanUpInputs, report: Report): boolean {
  if (teardown === 'on-failure' && jobStatus === '') {
    report.warning({
      title: 'Job status unknown',
      text: "'job-status' is empty, so the VM is kept; leave the input out to have the job's own status.",
    });
    return false;
  }
  return teardown === 'always' || (teardown === 'on-failure' && jobStatus !== 'success');
}

async function tell(
  { deleted, left }: Settlement,
  { report, name }: { readonly report: Report; readonly name: string },
): Promise<void> {
  if (left !== undefined) {
    report.warning({ title: 'Left behind in vCenter', text: left });
  }
  if (deleted !== undefined || left !== undefined) {
    await report.summary(cleanUpSummary({ name, deleted: deleted?.vm, left }));
  }
}

function whatMayBeLeft(state: CloneState | undefined): string | undefined {
  switch (state?.phase) {
    case 'requested':
      return `A clone named '${state.plan.name}' may have been started on ${state.plan.server}: please look for it.`;
    case 'started':
      return `The clone of '${state.plan.name}' (task ${state.task}) on ${state.plan.server}, or what came of it, may be left: please look for it.`;
    case 'created':
    case 'finished':
      return `'${state.plan.name}' (${state.vm}) on ${state.plan.server} may be left: please look for it.`;
    default:
      return undefined;
  }
}
