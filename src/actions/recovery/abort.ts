import type { Report } from '../../github/report.ts';
import type { ClonePlan, CloneState } from '../../github/state.ts';
import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded, withDeadline } from '../../time/deadline.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { cancelTask, hasEnded, listCloneTasks, type Task, vmMadeBy } from '../../vcenter/tasks.ts';
import { isNotFound, isRefusal, isTransient, VcenterError } from '../../vcenter/transport/error.ts';
import { getVm, type VmSummary } from '../../vcenter/vm.ts';
import { removeVm } from '../delete-vm.ts';
import { type WatchedTask, watchTask } from '../poll-task.ts';
import { findLostClone } from './lost-clone.ts';
import { judgeOwnership } from './ownership.ts';
import { findNamesakes } from './vms-of-name.ts';

export interface SettleOptions {
  readonly session: Session;
  /** How far the run had got. */
  readonly state: CloneState;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  /** Ends the work; what is not done by then is left for others. */
  readonly signal: AbortSignal;
  /** Is told a VM that is certainly the run's own, before it is deleted: later that may not be certain any more. */
  readonly onOwn?: (vm: string) => void;
}

/** What bringing a clone to rest came to. */
export interface Settlement {
  /** The VM that had come of it, and is deleted. */
  readonly deleted: VmSummary | undefined;
  /** What could not be done and a person should look at, with name and id; undefined where nothing is left. */
  readonly left: string | undefined;
}

const NOTHING: Settlement = { deleted: undefined, left: undefined };

/** A request that fails for this long, in milliseconds, does not keep the rest from being done. */
const PATIENCE = 30_000;
/** Milliseconds between two looks at the list of all tasks. */
const LIST_PAUSE = 3_000;
/** How long vCenter may take to begin with a clone request that it has got, in milliseconds. */
const REQUEST_WINDOW = 90_000;
/** Where others may use the name too, a clone that has begun later is rather theirs. */
const PROOF_WINDOW = 10_000;

/**
 * Brings to rest what a clone run has left behind: cancels its task, watches it to its end, and deletes the VM that came of
 * it. Touches nothing that this run did not certainly make.
 *
 * @throws VcenterError where vCenter refuses a step; the signal's reason when the time is over.
 */
export async function settleClone(options: SettleOptions): Promise<Settlement> {
  const { state } = options;
  switch (state.phase) {
    case 'planned':
    case 'settled':
      return NOTHING;
    case 'requested':
      return settleLost(options, state);
    case 'started':
      return settleTask(options, state);
    case 'created':
    case 'finished':
      return settleVm(options, state);
  }
}

async function settleVm(
  options: SettleOptions,
  { plan, vm }: { readonly plan: ClonePlan; readonly vm: string },
): Promise<Settlement> {
  const { session, report } = options;
  if (vm === plan.source || plan.vmsBefore.includes(vm)) {
    const what = vm === plan.source ? 'is the source' : 'was there before';
    return { deleted: undefined, left: `'${plan.name}' is said to be ${vm}, which ${what}: not deleted.` };
  }
  let found: VmSummary;
  try {
    found = await getVm(session, vm, limitsOf(options));
  } catch (error) {
    if (isNotFound(error)) {
      report.info(`'${plan.name}' (${vm}) is gone already.`);
      return NOTHING;
    }
    throw error;
  }
  return remove(options, found);
}

async function settleTask(
  options: SettleOptions,
  { plan, task: id }: { readonly plan: ClonePlan; readonly task: string },
): Promise<Settlement> {
  await requestCancel(options, id);

  const { end, watchedToEnd, isOver } = await watchOrList(options, id);
  const settled = await settleEndedTask(options, { plan, task: end, watchedToEnd });
  return isOver || settled.deleted !== undefined || settled.left !== undefined
    ? settled
    : { deleted: undefined, left: `The clone of '${plan.name}' may still be running (task ${id}).` };
}

/** Watches a task to its end. Where looks at it fail for good, the list of tasks may still tell how far it is. */
async function watchOrList(
  options: SettleOptions,
  id: string,
): Promise<WatchedTask & { readonly isOver: boolean }> {
  const { session, clock, report, signal } = options;
  let last: Task | undefined;
  try {
    const watched = await watchTask({
      ...options,
      task: id,
      patience: PATIENCE,
      onLook: (look) => {
        last = look;
      },
    });
    return { ...watched, isOver: true }; // a record that vCenter has dropped is of a task that is over
  } catch (error) {
    if (!(error instanceof VcenterError)) {
      throw error;
    }
    report.info(`The task cannot be watched. vCenter: ${error.messages.join(' ')}`);
  }
  for (;;) {
    const tasks = await listCloneTasks(session, limitsOf(options)).catch(() => undefined);
    const listed = tasks?.find((task) => task.id === id);
    if (listed === undefined || hasEnded(listed)) {
      return { end: listed ?? last, watchedToEnd: false, isOver: listed !== undefined };
    }
    await clock.sleep(LIST_PAUSE, signal);
  }
}

/** Deletes what has come of a task that is over, or whose record vCenter has dropped: its result, or what bears the name. */
export async function settleEndedTask(
  options: SettleOptions,
  {
    plan,
    task,
    watchedToEnd,
  }: {
    readonly plan: ClonePlan;
    /** As it was last seen; undefined where nobody can tell. */
    readonly task: Task | undefined;
    readonly watchedToEnd: boolean;
  },
): Promise<Settlement> {
  if (task?.failure?.errorType === 'ALREADY_EXISTS') {
    options.report.info(
      `The name '${plan.name}' was taken: nothing was made, and what bears it is another's.`,
    );
    return NOTHING;
  }
  const made = task?.status === 'SUCCEEDED' ? vmMadeBy(task, plan.source) : undefined;
  if (made === undefined) {
    return settleByName(options, { plan, ownTask: task, watchedToEnd });
  }
  options.report.info('The clone came to its end all the same.');
  return settleVm(options, { plan, vm: made });
}

async function settleLost(
  options: SettleOptions,
  { plan, sentAt }: { readonly plan: ClonePlan; readonly sentAt: string },
): Promise<Settlement> {
  const { session, clock, report } = options;
  report.info(
    `The clone request for '${plan.name}' went out and its answer is not known; looking for what came of it.`,
  );
  const lost = await findLostClone({
    session,
    clock,
    report,
    limits: limitsOf(options),
    request: {
      plan,
      username: session.username,
      sentAt: Date.parse(sentAt),
      window: REQUEST_WINDOW,
      proofWindow: PROOF_WINDOW,
    },
  });
  switch (lost.outcome) {
    case 'nothing':
      report.info('Nothing came of it.');
      return NOTHING;
    case 'unclear':
      return { deleted: undefined, left: `It is not clear whether a clone was started: ${lost.why}.` };
    case 'task':
      return settleTask(options, { plan, task: lost.task });
    case 'vm': {
      // One that has ended may have made the VM as well, and one without a user may be anybody's.
      const [suspect, ...more] = lost.suspects ?? [];
      // What is switched on has been copied: if it is busy, then with something else.
      const isCopied = lost.vm.powerState === 'POWERED_ON';
      return isCopied ||
        suspect === undefined ||
        more.length > 0 ||
        hasEnded(suspect) ||
        suspect.user === undefined
        ? remove(options, lost.vm)
        : removeWhileSuspected(options, { vm: lost.vm, suspect });
    }
  }
}

/**
 * The VM is ours, and exactly one clone runs that may be the one that still copies it. While vCenter calls the VM busy, its
 * clone is under way, so that one must be it: it is cancelled. A VM that is not busy is deleted, and the clone was another's.
 */
async function removeWhileSuspected(
  options: SettleOptions,
  { vm, suspect }: { readonly vm: VmSummary; readonly suspect: Task },
): Promise<Settlement> {
  const { clock, signal } = options;
  for (let isBusy = false; !isBusy; ) {
    try {
      return await withDeadline({ clock, what: 'the deletion', limit: 5_000, signal }, (shortly) =>
        remove({ ...options, signal: shortly }, vm),
      );
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DeadlineExceeded)) {
        throw error;
      }
      isBusy = isRefusal(error.trouble, 'RESOURCE_BUSY');
    }
  }
  const { powerState } = await getVm(options.session, vm.vm, limitsOf(options));
  if (powerState === 'POWERED_OFF') {
    await requestCancel(options, suspect.id);
    await watchTask({ ...options, task: suspect.id, patience: PATIENCE });
  }
  return remove(options, vm); // a VM that is on is not being copied, but busy for another reason
}

async function settleByName(
  options: SettleOptions,
  {
    plan,
    ownTask,
    watchedToEnd,
  }: { readonly plan: ClonePlan; readonly ownTask: Task | undefined; readonly watchedToEnd: boolean },
): Promise<Settlement> {
  const { session } = options;
  const limits = limitsOf(options);
  const candidates = await findNamesakes(session, plan, limits);
  if (candidates.length === 0) {
    return NOTHING;
  }
  const tasks = plan.nameIsOwn ? undefined : await listCloneTasks(session, limits);
  const verdicts = candidates.map((vm) => ({
    vm,
    verdict: judgeOwnership({
      plan,
      vm: vm.vm,
      ownTask,
      watchedToEnd: watchedToEnd && candidates.length === 1,
      tasks,
    }),
  }));
  const [ours, ...more] = verdicts.filter(({ verdict }) => verdict.ours);
  if (ours !== undefined && more.length === 0) {
    return remove(options, ours.vm);
  }
  const doubts = verdicts.map(
    ({ vm, verdict }) => `'${vm.name}' (${vm.vm})${verdict.ours ? '' : `: ${verdict.why}`}`,
  );
  return { deleted: undefined, left: `Not deleted, since it may be somebody else's: ${doubts.join('; ')}.` };
}

async function remove(options: SettleOptions, vm: VmSummary): Promise<Settlement> {
  const { session, clock, report, onOwn } = options;
  onOwn?.(vm.vm);
  try {
    await removeVm({ session, vm, clock, report, limits: limitsOf(options) });
    return { deleted: vm, left: undefined };
  } catch (error) {
    if (error instanceof VcenterError && !isTransient(error)) {
      return {
        deleted: undefined,
        left: `'${vm.name}' (${vm.vm}) could not be deleted: ${error.messages.join(' ')}`,
      };
    }
    throw error;
  }
}

/**
 * Asks vCenter to end the task. That it cannot be cancelled, has ended or is forgotten is no failure here: watching it
 * tells the rest.
 */
export async function requestCancel(
  { session, report, signal }: Pick<SettleOptions, 'session' | 'report' | 'signal'>,
  task: string,
): Promise<void> {
  try {
    await cancelTask(session, task, { signal, patience: PATIENCE });
    report.info('Asked vCenter to cancel the clone.');
  } catch (error) {
    if (!(error instanceof VcenterError)) {
      throw error;
    }
    report.info(`The clone cannot be cancelled; waiting for its end. vCenter: ${error.messages.join(' ')}`);
  }
}

/** Deleting is worth every repetition until the time is over; what is busy now is free in a minute. */
function limitsOf({ signal }: SettleOptions): Limits {
  return { signal, patience: Number.POSITIVE_INFINITY };
}
