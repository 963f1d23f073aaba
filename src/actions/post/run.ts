import { type PostInputs, readPostInputs } from '../../github/inputs.ts';
import { createReport, type Report } from '../../github/report.ts';
import { LEFT_BEHIND, postSummary } from '../../github/summary.ts';
import { withDeadline } from '../../time/deadline.ts';
import { TASK_KINDS } from '../../vcenter/clone-method.ts';
import { connected } from '../connect.ts';
import { describeVm } from '../delete-vm.ts';
import { describeFailure } from '../failure.ts';
import type { CleanupResult } from '../recovery/abort.ts';
import { type CloneState, createJournal, readState } from '../recovery/journal.ts';
import type { Runtime } from '../runtime.ts';
import { troubleshootingUrl } from '../step.ts';

/** Loads what is done with a session. */
type LoadWork = () => Promise<Pick<typeof import('../recovery/abort.ts'), 'abortClone'>>;

/** Milliseconds for everything: a cancelled job gives its post steps about 4 minutes 45 in all. */
const LIMIT = 225_000;

/**
 * The post step of the clone action: leaves nothing of what the main step has begun, from the written state alone. What it
 * cannot do is a warning with the VM's name and id: a post step turns no green job red. Returns the exit code, 0.
 */
export async function runPost(runtime: Runtime, loadWork: LoadWork): Promise<0> {
  const { core, onInterrupt } = runtime;
  const report = createReport(core);
  const interrupted = new AbortController();
  const ignore = onInterrupt((reason) => interrupted.abort(reason));
  let state: CloneState | undefined;
  try {
    const saved = readState(core);
    state = saved?.state;
    if (saved?.isOlder) {
      report.info(
        'The main step ran with an older version of this action, whose names two steps could share: a VM that is known by its name alone is not deleted.',
      );
    }
    report.info(await runPostFrom(runtime, { loadWork, state, report, signal: interrupted.signal }));
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
    await core.load().catch(() => undefined); // a post step writes no file that anybody waits for
    ignore();
  }
  return 0;
}

interface PostOptions {
  readonly loadWork: LoadWork;
  readonly state: CloneState | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Returns the closing line: how things stand. */
async function runPostFrom(
  runtime: Runtime,
  { loadWork, state, report, signal }: PostOptions,
): Promise<string> {
  if (state === undefined || state.phase === 'planned') {
    return 'Nothing to clean up: no clone was started.';
  }
  if (state.phase === 'closed') {
    return 'Nothing to clean up: the main step has done so itself.';
  }
  const { core, clock, random, readFile } = runtime;
  const { plan } = state;
  const { connection, ...inputs } = readPostInputs({
    // The state says what made the server trusted; the file that the input names may be gone by now.
    core: {
      setSecret: core.setSecret,
      getInput: (name, options) => (name === 'ca-certificate' ? '' : core.getInput(name, options)),
    },
    readFile,
  });
  if (state.phase === 'returned' && !isTornDown(inputs, report)) {
    return `This step does not delete ${describeVm({ vm: state.vm, name: plan.name })}: 'teardown' is '${inputs.teardown}'.`;
  }
  const trust = {
    ...(plan.caCertificate === undefined ? {} : { caCertificate: plan.caCertificate }),
    ...(plan.certificateFingerprint === undefined
      ? {}
      : { certificateFingerprint: plan.certificateFingerprint }),
  };
  const result = await withDeadline({ clock, what: 'The clean-up', limit: LIMIT, signal }, (deadline) =>
    connected(
      {
        runtime,
        connection: { ...connection, ...trust, server: plan.server },
        report,
        limits: { signal: deadline, retryTimeout: Number.POSITIVE_INFINITY },
      },
      async ({ session }) => {
        const { abortClone } = await loadWork();
        const journal = createJournal({ saveState: () => undefined }, state);
        return abortClone({
          session,
          taskKinds: TASK_KINDS,
          journal,
          clock,
          random,
          report,
          signal: deadline,
        });
      },
    ),
  );
  await tell(result, { runtime, report, name: plan.name });
  return result.outcome;
}

/** Whether a VM that a successful step has returned goes now. */
function isTornDown({ teardown, jobStatus }: Omit<PostInputs, 'connection'>, report: Report): boolean {
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
  { deleted, leftover }: CleanupResult,
  { runtime, report, name }: { readonly runtime: Runtime; readonly report: Report; readonly name: string },
): Promise<void> {
  if (leftover !== undefined) {
    report.warning({ title: LEFT_BEHIND, text: leftover });
  }
  if (deleted !== undefined || leftover !== undefined) {
    await report.summary(
      postSummary({ name, deleted: deleted?.vm, leftover, troubleshooting: troubleshootingUrl(runtime.env) }),
    );
  }
}

function whatMayBeLeft(state: CloneState | undefined): string | undefined {
  switch (state?.phase) {
    case 'requested':
      return `A clone named '${state.plan.name}' may have been started on ${state.plan.server}: please look for it.`;
    case 'started':
      return `The clone of '${state.plan.name}' (task ${state.task.id}) on ${state.plan.server}, or the VM '${state.plan.name}', may be left: please look for it.`;
    case 'created':
    case 'returned':
      return `'${state.plan.name}' (${state.vm}) on ${state.plan.server} may be left: please look for it.`;
    default:
      return undefined;
  }
}
