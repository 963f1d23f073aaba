import type { Report } from '../../github/report.ts';
import { bareId } from '../../text/reference.ts';
import type { Clock } from '../../time/clock.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { isCancelled, isNameTaken, type Task, type TaskKind, vmsNamedBy } from '../../vcenter/task.ts';
import { isLoginRefused, isTransient, VcenterError } from '../../vcenter/transport/error.ts';
import { findVm, type VmSummary } from '../../vcenter/vm.ts';
import { describeVm, powerOffAndDelete } from '../delete-vm.ts';
import { pollTask } from '../poll-task.ts';
import type { ClonePlan, CloneState, Journal } from './journal.ts';
import { findLostClone } from './lost-clone.ts';
import { bearsMark } from './mark.ts';
import { checkOwnership, isSource, LISTING_LAG, REMOVAL_LAG } from './ownership.ts';
import { kindOf, pollOrList, requestCancel } from './task.ts';
import { listNewVmsOfName } from './vms-of-name.ts';

export interface AbortOptions {
  readonly session: Session;
  /** The kinds of task that the state may refer to. */
  readonly taskKinds: readonly TaskKind[];
  /** How far the run had got; takes down what is found out on the way. */
  readonly journal: Journal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  /** Ends the work; what is not done by then is left for others. */
  readonly signal: AbortSignal;
  /** The run's own task, where it has ended already. */
  readonly endedTask?: Task | undefined;
}

/** How things stand after a clean-up. */
export interface CleanupResult {
  /** The VM that had come of the clone, and is deleted. */
  readonly deleted: VmSummary | undefined;
  /** What is, or may be, left and a person should look at, with name and id, in sentences; undefined where nothing is. */
  readonly leftover: string | undefined;
  /** One sentence for the log. */
  readonly outcome: string;
}

/** Name and power state are good to know; a VM is not left behind for want of them. In milliseconds. */
const DESCRIBE_RETRY = 20_000;
const POLL = 1_000;
const LONG_POLL = 5_000;

/**
 * Leaves nothing of a clone run behind: cancels its task, polls it to its end, and deletes the VM that came out of it. Touches
 * nothing that this run did not certainly make.
 *
 * @throws VcenterError where vCenter refuses a step; the signal's reason when the time is over.
 */
export async function abortClone(options: AbortOptions): Promise<CleanupResult> {
  const { state } = options.journal;
  switch (state.phase) {
    case 'planned':
    case 'closed':
      return nothingLeft('No clone was started; nothing is left.');
    case 'requested':
      return abortLostRequest(options, state);
    case 'started':
      return abortTask(options, state);
    case 'created':
    case 'returned':
      return deleteRecorded(options, state);
  }
}

function nothingLeft(outcome: string): CleanupResult {
  return { deleted: undefined, leftover: undefined, outcome };
}

function leftBehind(leftover: string): CleanupResult {
  return { deleted: undefined, leftover, outcome: leftover };
}

async function abortLostRequest(
  options: AbortOptions,
  { plan, kind, sentAt }: Extract<CloneState, { readonly phase: 'requested' }>,
): Promise<CleanupResult> {
  const { session, clock, report } = options;
  report.info(`The response to the clone request for '${plan.name}' is not known; looking for the clone.`);
  const tasks = kindOf(options, kind);
  const lost = await findLostClone({
    session,
    tasks,
    plan,
    // A clock that was set back must not make the request older than it is.
    age: Math.max(0, clock.date().getTime() - Date.parse(sentAt)),
    clock,
    report,
    limits: untilEnd(options),
  });
  switch (lost.outcome) {
    case 'none':
      return nothingLeft(`No clone of '${plan.name}' was started; nothing is left.`);
    case 'unknown':
      return leftBehind(`Not deleted: ${lost.reason}.`);
    case 'vm':
      if (lost.task !== undefined) {
        await requestCancel(options, { kind, id: lost.task });
        await pollTask({ ...options, tasks, task: lost.task });
      }
      return deleteOwned(options, { plan, vm: lost.vm });
  }
}

async function abortTask(
  options: AbortOptions,
  { plan, task }: Extract<CloneState, { readonly phase: 'started' }>,
): Promise<CleanupResult> {
  if (options.endedTask !== undefined) {
    return cleanUpAfterTask(options, { plan, task: options.endedTask });
  }
  await requestCancel(options, task);
  return cleanUpAfterTask(options, {
    plan,
    task: await pollOrList(options, { ...task, source: plan.source }),
  });
}

/** Deletes what has come of a task that has ended, or whose record vCenter has dropped. */
async function cleanUpAfterTask(
  options: AbortOptions,
  { plan, task }: { readonly plan: ClonePlan; readonly task: Task | undefined },
): Promise<CleanupResult> {
  const { session, clock, signal } = options;
  const { failure } = task ?? {};
  const isFree = !plan.isNameGenerated;
  if (isNameTaken(failure) && isFree) {
    return nothingLeft(`The name '${plan.name}' was taken, so no VM was made; nothing is left.`);
  }
  const named = task === undefined ? [] : vmsNamedBy(task).map(bareId).filter(isCandidateOf(plan));
  const startedAt = clock.now();
  const window = lagAfter(task, { isFree, isNamed: named.length > 0 });
  for (;;) {
    const namedVm = await findNamed(options, { plan, task, ids: named });
    if (namedVm !== undefined) {
      return deleteOwned(options, { plan, vm: namedVm });
    }
    const vms = await listNewVmsOfName(session, plan, untilEnd(options));
    const checked = vms.map((vm) => ({
      vm,
      ownership: checkOwnership({ plan, vm, ownTask: task, isOnlyNew: vms.length === 1 }),
    }));
    for (const { vm, ownership } of checked) {
      const isMarked =
        ownership.owner === 'unknown' && (await bearsMark(session, { plan, vm }, untilEnd(options)));
      if (ownership.owner === 'this run' || isMarked) {
        return deleteOwned(options, { plan, vm });
      }
    }
    // Nothing ends an unknown outcome but the VM itself: a copy may show only when it is complete.
    const isTakenAway = isCancelled(failure) && checked.length === 0;
    const isOver = task !== undefined && (isTakenAway || clock.now() - startedAt >= window);
    const doubts = checked.flatMap(({ vm, ownership }) =>
      ownership.owner === 'unknown' ? [`${describeVm(vm)}: ${ownership.reason}`] : [],
    );
    if (doubts.length > 0 && (isOver || !isCancelled(failure))) {
      return leftBehind(`Not deleted, since it may be somebody else's: ${doubts.join('; ')}.`);
    }
    if (isOver) {
      return endWithoutVm(plan, task);
    }
    await clock.sleep(task === undefined ? LONG_POLL : POLL, signal);
  }
}

/** How long after the task's end a VM of it may still show, or a copy of a cancelled one still be there. */
function lagAfter(
  task: Task | undefined,
  { isFree, isNamed }: { readonly isFree: boolean; readonly isNamed: boolean },
): number {
  if (isCancelled(task?.failure)) {
    return REMOVAL_LAG;
  }
  // A VM that nothing but a free name would show is left anyway.
  return task?.status === 'SUCCEEDED' || isNamed || !isFree ? LISTING_LAG : 0;
}

function endWithoutVm(plan: ClonePlan, { id, status, failure }: Task): CleanupResult {
  if (status === 'SUCCEEDED') {
    return leftBehind(
      `The clone of '${plan.name}' has succeeded (task ${id}), but vCenter lists no VM of it: it may be left.`,
    );
  }
  return nothingLeft(
    isCancelled(failure)
      ? `The clone of '${plan.name}' was cancelled; nothing is left.`
      : `The clone of '${plan.name}' has failed and left no VM.`,
  );
}

function isCandidateOf(plan: ClonePlan): (vm: string) => boolean {
  return (vm) => !isSource(plan, vm) && !plan.vmsBefore.includes(vm);
}

/** The VM that the task names, where it is this run's; the list of VMs is not needed for that. */
async function findNamed(
  options: AbortOptions,
  {
    plan,
    task,
    ids,
  }: { readonly plan: ClonePlan; readonly task: Task | undefined; readonly ids: readonly string[] },
): Promise<VmSummary | undefined> {
  const limits = { ...untilEnd(options), retryTimeout: DESCRIBE_RETRY };
  for (const id of ids) {
    const vm = await findVm(options.session, id, limits).catch((error: unknown) => {
      if (error instanceof VcenterError && !isLoginRefused(error)) {
        return undefined;
      }
      throw error;
    });
    if (
      vm !== undefined &&
      checkOwnership({ plan, vm, ownTask: task, isOnlyNew: false }).owner === 'this run'
    ) {
      return vm;
    }
  }
  return undefined;
}

/** Deletes the VM whose id the main step has written down. */
async function deleteRecorded(
  options: AbortOptions,
  { plan, vm: id }: { readonly plan: ClonePlan; readonly vm: string },
): Promise<CleanupResult> {
  const limits = { ...untilEnd(options), retryTimeout: DESCRIBE_RETRY };
  let vm: VmSummary | undefined;
  try {
    vm = await findVm(options.session, id, limits);
  } catch (error) {
    if (!(error instanceof VcenterError) || isLoginRefused(error)) {
      throw error;
    }
    const words = error.messages.join(' ');
    return leftBehind(
      `${describeVm({ vm: id, name: plan.name })} is not deleted: its name cannot be read. ${words}`,
    );
  }
  if (vm === undefined) {
    return nothingLeft(`${describeVm({ vm: id, name: plan.name })} is gone already; nothing is left.`);
  }
  const ownership = checkOwnership({ plan, vm, ownTask: undefined, isOnlyNew: false, isRecorded: true });
  return ownership.owner === 'this run'
    ? deleteOwned(options, { plan, vm })
    : leftBehind(`${describeVm(vm)} is not deleted: ${ownership.reason}.`);
}

async function deleteOwned(
  options: AbortOptions,
  { plan, vm }: { readonly plan: ClonePlan; readonly vm: VmSummary },
): Promise<CleanupResult> {
  const { session, journal, clock, report } = options;
  if (journal.state.phase !== 'returned') {
    journal.tryEnter({ phase: 'created', plan, vm: vm.vm });
  }
  try {
    await powerOffAndDelete({ session, vm, clock, report, limits: untilEnd(options) });
    return { deleted: vm, leftover: undefined, outcome: `${describeVm(vm)} is deleted; nothing is left.` };
  } catch (error) {
    if (error instanceof VcenterError && !isTransient(error) && !isLoginRefused(error)) {
      return leftBehind(`${describeVm(vm)} could not be deleted: ${error.messages.join(' ')}`);
    }
    throw error;
  }
}

/** A clean-up is worth every retry until the time is over; what is busy now is free in a minute. */
function untilEnd({ signal }: AbortOptions): Limits {
  return { signal, retryTimeout: Number.POSITIVE_INFINITY };
}
