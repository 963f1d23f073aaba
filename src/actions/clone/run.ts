import { type CloneInputs, readCloneInputs } from '../../github/inputs.ts';
import { setOutputs, tryOutput } from '../../github/outputs.ts';
import type { Report } from '../../github/report.ts';
import { generateVmName } from '../../github/vm-name.ts';
import { formatDuration } from '../../text/duration.ts';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../time/deadline.ts';
import type { Session } from '../../vcenter/session.ts';
import { getTask, hasEnded, isNameTaken } from '../../vcenter/tasks.ts';
import { isRefusal } from '../../vcenter/transport/error.ts';
import { findVmsByName, type VmSummary } from '../../vcenter/vm.ts';
import { type Connected, connected, lacksSecrets } from '../connect.ts';
import { powerOffAndDelete } from '../delete-vm.ts';
import { abortClone, requestCancel } from '../recovery/abort.ts';
import { type ClonePlan, createJournal, type Journal } from '../recovery/journal.ts';
import { listNewVmsOfName } from '../recovery/vms-of-name.ts';
import type { Runtime } from '../runtime.ts';
import { runStep } from '../step.ts';
import { type Stopwatch, startStopwatch } from '../timings.ts';
import { type Cleanup, CloneFailed, TaskFailed } from './failure.ts';
import { NameTaken } from './name-taken.ts';
import { waitForPower } from './power.ts';
import { type PreparedClone, prepareClone } from './prepare.ts';
import { waitForIp } from './ready.ts';
import { reportClone, reportValidation } from './report.ts';
import { requestClone } from './request.ts';
import { objectText, requestedObjects } from './requested-objects.ts';
import { validateClone } from './validate.ts';
import { confirmVm, type EndedClone, expectSuccess, type WaitOptions, waitForClone } from './wait.ts';

/** How long requests are retried before the clone is asked for, in milliseconds. */
const RETRY_TIMEOUT = 20_000;
/** How long the task's last poll after `timeout`, and the look-up of the new VM, may take, in milliseconds. */
const LAST_POLL = 5_000;
const CONFIRMATION = 120_000;
/** How long cleaning up after a failed clone may take here, in milliseconds; the post step goes on from there. */
const CLEANUP = 120_000;
/** The same where it is not even known whether a clone was started. */
const SEARCH = 25_000;
/** A cancelled step has seven seconds in all, of which the cancel gets this much, in milliseconds. */
const HURRIED_CANCEL = 2_000;
/** How long vCenter may list a VM that it has deleted, in milliseconds. */
const NAME_LAG = 30_000;

interface CloneRun {
  readonly runtime: Runtime;
  readonly inputs: CloneInputs;
  readonly session: Session;
  readonly report: Report;
  readonly stopwatch: Stopwatch;
  /** Aborted when the runner cancels the step. */
  readonly signal: AbortSignal;
}

/** The main step of the clone action: from the inputs to the id of the new VM. Returns the exit code. */
export function cloneVm(runtime: Runtime): Promise<0 | 1> {
  return runStep(runtime, async ({ report, signal }) => {
    const { core, clock, readFile } = runtime;
    const inputs = readCloneInputs({ core, readFile, isForkPullRequest: await lacksSecrets(runtime) });

    const stopwatch = startStopwatch(clock);
    stopwatch.begin('connect');
    const limits = { signal, retryTimeout: RETRY_TIMEOUT };
    try {
      await connected({ runtime, connection: inputs.connection, report, limits }, (login) =>
        cloneInSession({ runtime, inputs, session: login.session, report, stopwatch, signal }, login),
      );
    } catch (error) {
      tryOutput(core, 'timings', JSON.stringify(stopwatch.read()));
      throw error;
    }
  });
}

async function cloneInSession(run: CloneRun, { trust }: Connected): Promise<void> {
  const { runtime, inputs, session, report, stopwatch, signal } = run;
  const { core, context, random } = runtime;
  const limits = { signal, retryTimeout: RETRY_TIMEOUT };

  stopwatch.begin('resolve');
  const name = inputs.name ?? generateVmName({ context: await context(), random });
  const prepared = await prepareClone({ session, inputs, name, trust, report, limits });
  const { plan, spec, existing } = prepared;
  setOutputs(core, { 'clone-spec': JSON.stringify(spec) });
  report.group(`CloneSpec of '${name}'`, JSON.stringify(spec, undefined, 2).split('\n'));

  const isSource = existing?.vm === plan.source;
  if (existing !== undefined && (inputs.ifExists === 'fail' || isSource)) {
    throw new NameTaken({ vmName: name, vm: existing.vm, isSource });
  }
  if (inputs.validateOnly) {
    const validation = await validateClone({ session, inputs, spec, limits });
    setOutputs(core, { timings: JSON.stringify(stopwatch.read()) });
    await reportValidation({ report, inputs, spec, existing, validation });
    return;
  }
  // Not before it is known that the name is not another's: a teardown may go by it.
  setOutputs(core, { 'vm-name': name });
  if (existing !== undefined && inputs.ifExists === 'reuse') {
    report.info(`'${name}' (${existing.vm}) exists and is reused as it is.`);
    const addresses = await waitUntilReady(run, { vm: existing, created: false });
    setOutputs(core, { timings: JSON.stringify(stopwatch.read()) });
    await reportClone({
      report,
      inputs,
      spec,
      vm: existing,
      created: false,
      addresses,
      timings: stopwatch.read(),
    });
    return;
  }
  if (existing !== undefined) {
    await replace(run, { prepared, existing });
  }

  const journal = createJournal(core, { phase: 'planned', plan });
  const progress: Progress = { task: undefined, last: undefined };
  try {
    journal.enter({ phase: 'planned', plan });
    const vm = await makeVm(run, { prepared, journal, progress });
    const on = inputs.powerOn ? await powerOn(run, vm) : vm;
    const addresses = await waitUntilReady(run, { vm: on, created: true });
    setOutputs(core, { timings: JSON.stringify(stopwatch.read()) });
    journal.enter({ phase: 'returned', plan, vm: vm.vm });
    const replaced = existing && { id: existing.vm, name: existing.name };
    await reportClone({
      report,
      inputs,
      spec,
      vm: on,
      created: true,
      replaced,
      addresses,
      timings: stopwatch.read(),
    });
  } catch (cause) {
    if (!plan.isNameGenerated && isNameTakenBy(cause)) {
      tryOutput(core, 'vm-name', '');
    }
    const { state } = journal;
    const isVisible = await isNameVisible(run, { plan, cause });
    const cleanup = await cleanUp(run, { journal, cause });
    throw new CloneFailed({
      vmName: plan.name,
      state,
      taskId: progress.task,
      progress: progress.last,
      cleanup,
      facts: { objects: requestedObjects({ inputs, spec }), ifExists: inputs.ifExists, isVisible },
      cause,
    });
  }
}

/** What an error tells of a clone that did not come to its end. */
interface Progress {
  task: string | undefined;
  /** 0 to 1. */
  last: number | undefined;
}

async function replace(
  { runtime, inputs, session, report, stopwatch, signal }: CloneRun,
  { prepared, existing }: { readonly prepared: PreparedClone; readonly existing: VmSummary },
): Promise<void> {
  const { clock } = runtime;
  const { plan } = prepared;
  stopwatch.begin('replace');
  report.info(`'${existing.name}' (${existing.vm}) exists and is replaced.`);
  await withDeadline(
    { clock, what: `The deletion of '${existing.name}' (${existing.vm})`, limit: inputs.timeout, signal },
    async (deadline) => {
      const limits = { signal: deadline, retryTimeout: Number.POSITIVE_INFINITY };
      await powerOffAndDelete({ session, vm: existing, clock, report, limits });
      const isListed = async () =>
        (await listNewVmsOfName(session, { ...plan, vmsBefore: [] }, limits)).some(
          ({ vm }) => vm === existing.vm,
        );
      const deletedAt = clock.now();
      while ((await isListed()) && clock.now() - deletedAt < NAME_LAG) {
        await clock.sleep(1_000, deadline);
      }
    },
  );
}

/** From the request to the VM that came out of it. */
async function makeVm(
  run: CloneRun,
  {
    prepared,
    journal,
    progress,
  }: { readonly prepared: PreparedClone; readonly journal: Journal; readonly progress: Progress },
): Promise<VmSummary> {
  const { runtime, inputs, session, report, stopwatch, signal } = run;
  const { core, clock, random } = runtime;
  const { plan, spec, existing } = prepared;
  const source = requestedObjects({ inputs, spec }).find(({ input }) => input === 'source');
  const waiting: Omit<WaitOptions, 'signal'> = {
    ...{ session, plan, clock, random, report },
    ...{ powerOn: inputs.powerOn, pollInterval: inputs.pollInterval },
    onPoll: (task) => {
      progress.last = task.progress;
    },
  };

  stopwatch.begin('request');
  let ended: EndedClone;
  try {
    ended = await withDeadline(
      { clock, what: 'The clone', limit: inputs.timeout, signal },
      async (deadline) => {
        const started = await requestClone({
          ...{ session, journal, plan, spec, clock, random, report, signal: deadline },
          isNameJustFreed: existing !== undefined,
        });
        stopwatch.begin('clone');
        if (started.kind === 'task') {
          progress.task = started.task;
          journal.enter({ phase: 'started', plan, task: started.task });
          setOutputs(core, { 'task-id': started.task });
          report.info(
            `vCenter clones ${objectText(source ?? { id: spec.source })} to '${plan.name}': task ${started.task}.`,
          );
        }
        return waitForClone({ ...waiting, signal: deadline }, started);
      },
    );
  } catch (cause) {
    ended = await askOnceMore(run, { task: progress.task, cause });
  }
  const vm = await withDeadline(
    { clock, what: 'The look-up of the new VM', limit: CONFIRMATION, signal },
    (deadline) => confirmVm({ ...waiting, signal: deadline }, ended),
  );
  journal.enter({ phase: 'created', plan, vm: vm.vm });
  setOutputs(core, { 'vm-id': vm.vm, created: 'true' });
  return vm;
}

/** At `timeout` the clone may just have ended: a VM that is complete is not thrown away. */
async function askOnceMore(
  { runtime, session, signal }: CloneRun,
  { task, cause }: { readonly task: string | undefined; readonly cause: unknown },
): Promise<EndedClone> {
  if (!(cause instanceof DeadlineExceeded) || task === undefined) {
    throw cause;
  }
  const last = await withDeadline(
    { clock: runtime.clock, what: 'the last poll', limit: LAST_POLL, signal },
    (deadline) => getTask(session, task, { signal: deadline, retryTimeout: LAST_POLL }),
  ).catch(() => undefined);
  signal.throwIfAborted();
  if (last === undefined || !hasEnded(last)) {
    throw cause;
  }
  return { task: expectSuccess(last), vm: undefined };
}

async function powerOn({ runtime, session, report, stopwatch, signal }: CloneRun, vm: VmSummary) {
  if (vm.powerState !== 'POWERED_ON') {
    stopwatch.begin('power');
  }
  return waitForPower({ session, clock: runtime.clock, report, signal }, vm);
}

/** Waits for whatever makes the VM ready, and publishes the outputs. Returns its usable addresses, the best first. */
async function waitUntilReady(
  { runtime, inputs, session, report, stopwatch, signal }: CloneRun,
  { vm, created }: { readonly vm: VmSummary; readonly created: boolean },
): Promise<readonly string[]> {
  const { core, clock, random } = runtime;
  setOutputs(core, { 'vm-id': vm.vm, created: String(created), 'power-state': vm.powerState });
  if (!inputs.waitForIp) {
    return [];
  }
  stopwatch.begin('ip');
  report.info(`Waiting up to ${formatDuration(inputs.ipTimeout)} for an address of '${vm.name}' (${vm.vm}).`);
  const { address, addresses } = await withDeadline(
    { clock, what: 'The wait for an address', limit: inputs.ipTimeout, signal },
    (deadline) =>
      waitForIp({
        ...{ session, clock, random, vm: vm.vm, signal: deadline, report: report.info },
        family: inputs.ipFamily,
        networks: inputs.ipCidr,
        isMeantToBeOn: created && inputs.powerOn,
        hasCustomization: created && inputs.guestCustomizationSpec !== undefined,
      }),
  );
  setOutputs(core, { 'ip-address': address, 'ip-addresses': JSON.stringify(addresses) });
  return addresses;
}

function isNameTakenBy(cause: unknown): boolean {
  return (
    isRefusal(cause, 'ALREADY_EXISTS') || (cause instanceof TaskFailed && isNameTaken(cause.task.failure))
  );
}

/** Whether a name that is taken is that of a VM, which `if-exists` could reuse or replace; undefined where nobody can tell. */
async function isNameVisible(
  { session, signal }: CloneRun,
  { plan, cause }: { readonly plan: ClonePlan; readonly cause: unknown },
): Promise<boolean | undefined> {
  if (!isNameTakenBy(cause) || plan.folder === undefined || signal.aborted) {
    return undefined;
  }
  return findVmsByName(session, plan, { signal, retryTimeout: 0 }).then(
    (vms) => vms.length > 0,
    () => undefined,
  );
}

/** Leaves nothing of a failed clone, as far as the time allows; the post step does the rest. */
async function cleanUp(
  { runtime, session, report, signal }: CloneRun,
  { journal, cause }: { readonly journal: Journal; readonly cause: unknown },
): Promise<Cleanup> {
  const { clock, random } = runtime;
  const { state } = journal;
  try {
    if (cause instanceof Interrupted || signal.aborted) {
      if (state.phase === 'started') {
        await withDeadline({ clock, what: 'the cancel', limit: HURRIED_CANCEL }, (shortly) =>
          requestCancel({ session, report, signal: shortly }, state.task),
        );
      }
      return { leftToPost: true, error: undefined };
    }
    const limit = state.phase === 'requested' ? SEARCH : CLEANUP;
    const endedTask = cause instanceof TaskFailed ? cause.task : undefined;
    const result = await withDeadline({ clock, what: 'cleaning up', limit, signal }, (deadline) =>
      abortClone({ session, journal, clock, random, report, signal: deadline, endedTask }),
    );
    if (result.leftover === undefined) {
      journal.tryEnter({ phase: 'closed' });
    }
    return { result };
  } catch (error) {
    return { leftToPost: true, error: error instanceof Error ? error : undefined };
  }
}
