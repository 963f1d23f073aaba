import type { Report } from '../../github/report.ts';
import type { ClonePlan } from '../../github/state.ts';
import type { Clock } from '../../time/clock.ts';
import type { Session } from '../../vcenter/session.ts';
import { listCloneTasks, type Task, vmMadeBy } from '../../vcenter/tasks.ts';
import { getPowerState } from '../../vcenter/vm.ts';
import { watchTask } from '../poll-task.ts';
import type { FoundVm } from '../recovery/lost-clone.ts';
import { judgeOwnership } from '../recovery/ownership.ts';
import { findNamesakes } from '../recovery/vms-of-name.ts';
import { TaskFailed, UnknownOutcome } from './failure.ts';
import type { StartedClone } from './request.ts';

export interface WaitOptions {
  readonly session: Session;
  readonly plan: ClonePlan;
  readonly started: StartedClone;
  /** As in the CloneSpec. */
  readonly powerOn: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly pollInterval: number | undefined;
  readonly onLook: (task: Task) => void;
}

/**
 * Waits until the clone has ended and returns the new VM's id. The looks go on until the signal ends them, whatever comes
 * between: what vCenter does for us does not stop because nobody can see it for a while.
 *
 * @throws TaskFailed; UnknownOutcome where the task is forgotten and no VM shows how it ended; VcenterError; the signal's
 * reason.
 */
export async function waitForClone(options: WaitOptions): Promise<string> {
  const { plan, started } = options;
  if (started.kind === 'vm') {
    return waitForFoundVm(options, started);
  }

  const { end, watchedToEnd } = await watchTask({
    ...options,
    task: started.task,
    patience: Number.POSITIVE_INFINITY,
    isFresh: true,
  });
  if (end?.status === 'FAILED') {
    throw new TaskFailed({ task: end, watchedToEnd });
  }
  const made = end === undefined ? undefined : vmMadeBy(end, plan.source);
  if (made !== undefined) {
    return made;
  }
  const found = await findByName(options, { ownTask: end, watchedToEnd });
  if (end === undefined) {
    await waitForPower(options, found); // the record may be gone while vCenter still copies
  }
  return found;
}

/** The VM is known, and not which task makes it: it is complete when no clone that may be its own runs any more. */
async function waitForFoundVm(options: WaitOptions, { vm, suspects }: FoundVm): Promise<string> {
  if (suspects === undefined || suspects.length === 0) {
    await waitForPower(options, vm.vm);
    return vm.vm;
  }
  const ends: (Task | undefined)[] = [];
  for (const suspect of suspects) {
    const { end } = await watchTask({ ...options, task: suspect.id, patience: Number.POSITIVE_INFINITY });
    ends.push(end);
  }
  const failed = ends.filter((end) => end?.status === 'FAILED');
  const mayHaveMadeIt = ends.some((end) => end?.status === 'SUCCEEDED' && (end.resultVm ?? vm.vm) === vm.vm);
  if (failed.length > 0 && !mayHaveMadeIt) {
    const [only, ...more] = failed;
    throw only !== undefined && more.length === 0
      ? new TaskFailed({ task: only, watchedToEnd: false })
      : new UnknownOutcome(
          `'${vm.name}' (${vm.vm}) is there, but the clones that may have made it have failed`,
        );
  }
  return vm.vm;
}

/** Without any task to watch, a VM that is to be powered on shows by its power that the clone has come to its end. */
async function waitForPower({ session, powerOn, clock, signal }: WaitOptions, vm: string): Promise<void> {
  const limits = { signal, patience: Number.POSITIVE_INFINITY };
  while (powerOn && (await getPowerState(session, vm, limits)) !== 'POWERED_ON') {
    await clock.sleep(POWER_LOOK, signal);
  }
}

const POWER_LOOK = 3_000;

/** The task does not tell which VM it made, or is forgotten: the name does, where it is surely ours. */
async function findByName(
  { session, plan, signal }: WaitOptions,
  { ownTask, watchedToEnd }: { readonly ownTask: Task | undefined; readonly watchedToEnd: boolean },
): Promise<string> {
  const limits = { signal, patience: Number.POSITIVE_INFINITY };
  const found = await findNamesakes(session, plan, limits);
  const [vm, ...more] = found;
  if (vm === undefined) {
    throw new UnknownOutcome(`vCenter does not tell how the clone ended, and no VM is called '${plan.name}'`);
  }
  if (more.length > 0) {
    throw new UnknownOutcome(
      `several VMs are called '${plan.name}': ${found.map((each) => each.vm).join(', ')}`,
    );
  }
  const tasks = plan.nameIsOwn ? undefined : await listCloneTasks(session, limits);
  const verdict = judgeOwnership({ plan, vm: vm.vm, ownTask, watchedToEnd, tasks });
  if (!verdict.ours) {
    throw new UnknownOutcome(`'${plan.name}' (${vm.vm}) is there, but ${verdict.why}`);
  }
  return vm.vm;
}
