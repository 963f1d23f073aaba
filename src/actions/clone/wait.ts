import type { Report } from '../../github/report.ts';
import { bareId } from '../../text/reference.ts';
import type { Clock } from '../../time/clock.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { hasEnded, type Task, type TaskKind, vmsNamedBy } from '../../vcenter/task.ts';
import { findVm, type VmSummary } from '../../vcenter/vm.ts';
import { pollTask } from '../poll-task.ts';
import type { ClonePlan } from '../recovery/journal.ts';
import { checkOwnership, isSource, LISTING_LAG } from '../recovery/ownership.ts';
import { listNewVmsOfName } from '../recovery/vms-of-name.ts';
import { TaskFailed, UnknownOutcome } from './failure.ts';
import type { StartedClone } from './request.ts';

export interface WaitOptions {
  readonly session: Session;
  readonly tasks: TaskKind;
  readonly plan: ClonePlan;
  /** As in the CloneSpec. */
  readonly powerOn: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly pollInterval: number | undefined;
  readonly onPoll: (task: Task) => void;
}

/** What is known of a clone once nothing of it runs any more. */
export interface EndedClone {
  /** The task that has SUCCEEDED; undefined where vCenter does not tell. */
  readonly task: Task | undefined;
  /** The VM, where it is known already. */
  readonly vm: VmSummary | undefined;
}

/** Milliseconds for which the list of VMs is retried before the VM itself is asked. */
const DESCRIBE_RETRY = 20_000;
/** Milliseconds for which a list of tasks that cannot be had is retried, where nothing else tells when the copy is complete. */
const LIST_RETRY = 30_000;
const POLL = 1_000;
const LONG_POLL = 3_000;

/**
 * Waits until the clone has ended. The polls go on until the signal ends them, whatever comes between: what vCenter does for
 * us does not stop because nobody can see it for a while.
 *
 * @throws TaskFailed; UnknownOutcome where the task is forgotten and no VM shows how it ended; VcenterError; the signal's
 * reason.
 */
export async function waitForClone(options: WaitOptions, started: StartedClone): Promise<EndedClone> {
  if (started.task !== undefined) {
    const task = await pollTask({ ...options, task: started.task });
    if (task !== undefined) {
      return { task: expectSuccess(task), vm: undefined };
    }
  }
  const vm = started.kind === 'vm' ? started.vm : await findForgotten(options);
  return {
    task: undefined,
    vm: await waitForCopy(options, { vm, isTaskForgotten: started.kind === 'task' }),
  };
}

/** @throws TaskFailed */
export function expectSuccess(task: Task): Task {
  if (task.status === 'FAILED') {
    throw new TaskFailed(task);
  }
  return task;
}

/**
 * The VM that a clone has made, with its name and power state as vCenter lists them: GET /api/vcenter/vm, by the id that the
 * task names, or by name. A VM of another name is not the clone, whatever the task says.
 *
 * @throws UnknownOutcome; VcenterError; the signal's reason.
 */
export async function confirmVm(options: WaitOptions, { task, vm }: EndedClone): Promise<VmSummary> {
  const { session, plan, clock } = options;
  if (vm !== undefined) {
    return vm;
  }
  const named = task === undefined ? [] : vmsNamedBy(task).map(bareId);
  const ids = named.filter((id) => !isSource(plan, id) && !plan.vmsBefore.includes(id));
  const startedAt = clock.now();
  for (;;) {
    for (const id of ids) {
      const found = await findVm(session, id, { ...limitsOf(options), retryTimeout: DESCRIBE_RETRY });
      if (found !== undefined && isOwned({ plan, vm: found, task, isOnlyNew: false })) {
        return found;
      }
    }
    const vms = await listNewVmsOfName(session, plan, limitsOf(options));
    const [only, ...more] = vms;
    if (only !== undefined && more.length === 0 && isOwned({ plan, vm: only, task, isOnlyNew: true })) {
      return only;
    }
    if (more.length > 0) {
      const ids = vms.map((each) => each.vm).join(', ');
      throw new UnknownOutcome(`several VMs are called '${plan.name}': ${ids}`);
    }
    if (clock.now() - startedAt >= LISTING_LAG) {
      throw new UnknownOutcome(
        `vCenter says that it has succeeded, but lists no VM of it called '${plan.name}'`,
      );
    }
    await clock.sleep(POLL, options.signal);
  }
}

function isOwned({
  plan,
  vm,
  task,
  isOnlyNew,
}: {
  readonly plan: ClonePlan;
  readonly vm: VmSummary;
  readonly task: Task | undefined;
  readonly isOnlyNew: boolean;
}): boolean {
  return checkOwnership({ plan, vm, ownTask: task, isOnlyNew }).owner === 'this run';
}

/** vCenter has forgotten the task: the VM shows by its name, perhaps only when the copy is complete. */
async function findForgotten(options: WaitOptions): Promise<VmSummary> {
  const { session, plan, clock, signal } = options;
  for (;;) {
    const vms = await listNewVmsOfName(session, plan, limitsOf(options));
    for (const vm of vms) {
      const ownership = checkOwnership({ plan, vm, ownTask: undefined, isOnlyNew: vms.length === 1 });
      if (ownership.owner === 'this run') {
        return vm;
      }
      throw new UnknownOutcome(`'${vm.name}' (${vm.vm}) is there, but ${ownership.reason}`);
    }
    await clock.sleep(LONG_POLL, signal);
  }
}

/**
 * Without its task, a copy is complete when the VM is on, or when the list of tasks shows none that may be making it. A task
 * whose record was dropped while it ran says nothing by not being listed.
 */
async function waitForCopy(
  options: WaitOptions,
  { vm, isTaskForgotten }: { readonly vm: VmSummary; readonly isTaskForgotten: boolean },
): Promise<VmSummary> {
  const { session, plan, powerOn, clock, signal } = options;
  let now: VmSummary | undefined = vm;
  let toldAt = clock.now();
  for (;;) {
    if (now?.powerState === 'POWERED_ON') {
      return now;
    }
    const tasks = isTaskForgotten
      ? undefined
      : await options.tasks.listClones(session, plan.source, limitsOf(options));
    if (tasks !== undefined) {
      toldAt = clock.now();
      if (now !== undefined && !tasks.some((task) => !hasEnded(task) && mayMake(task, { plan, vm }))) {
        return now;
      }
    } else if (!powerOn && (isTaskForgotten || clock.now() - toldAt >= LIST_RETRY)) {
      throw new UnknownOutcome(
        `'${vm.name}' (${vm.vm}) is there, but vCenter does not tell whether the copy is complete`,
      );
    }
    await clock.sleep(LONG_POLL, signal);
    now = await findVm(session, vm.vm, limitsOf(options));
  }
}

function mayMake(
  { targetVm }: Task,
  { plan, vm }: { readonly plan: ClonePlan; readonly vm: VmSummary },
): boolean {
  return targetVm === undefined || isSource(plan, targetVm) || bareId(targetVm) === bareId(vm.vm);
}

function limitsOf({ signal }: WaitOptions): Limits {
  return { signal, retryTimeout: Number.POSITIVE_INFINITY, isCloneRunning: true };
}
