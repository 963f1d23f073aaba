import { Interrupted, withDeadline } from '../../time/deadline.ts';
import { TASK_KINDS } from '../../vcenter/clone-method.ts';
import { isNameTaken } from '../../vcenter/task.ts';
import { isRefusal } from '../../vcenter/transport/error.ts';
import { findVmsByName } from '../../vcenter/vm.ts';
import { abortClone } from '../recovery/abort.ts';
import type { ClonePlan, Journal } from '../recovery/journal.ts';
import { requestCancel } from '../recovery/task.ts';
import type { CloneRun } from './clone-run.ts';
import { type Cleanup, TaskFailed } from './failure.ts';

/** How long cleaning up after a failed clone may take here, in milliseconds; the post step goes on from there. */
const CLEANUP = 120_000;
/** The same where it is not even known whether a clone was started. */
const SEARCH = 25_000;
/** A cancelled step has seven seconds in all, of which the cancel gets this much, in milliseconds. */
const HURRIED_CANCEL = 2_000;

/** Leaves nothing of a failed clone, as far as the time allows; the post step does the rest. */
export async function cleanUp(
  { runtime, session, report, signal }: CloneRun,
  { journal, cause }: { readonly journal: Journal; readonly cause: unknown },
): Promise<Cleanup> {
  const { clock, random } = runtime;
  const { state } = journal;
  try {
    if (cause instanceof Interrupted || signal.aborted) {
      if (state.phase === 'started') {
        await withDeadline({ clock, what: 'the cancel', limit: HURRIED_CANCEL }, (shortly) =>
          requestCancel({ session, report, taskKinds: TASK_KINDS, signal: shortly }, state.task),
        );
      }
      return { leftToPost: true, error: undefined };
    }
    const limit = state.phase === 'requested' ? SEARCH : CLEANUP;
    const endedTask = cause instanceof TaskFailed ? cause.task : undefined;
    const result = await withDeadline({ clock, what: 'cleaning up', limit, signal }, (deadline) =>
      abortClone({
        session,
        taskKinds: TASK_KINDS,
        journal,
        clock,
        random,
        report,
        signal: deadline,
        endedTask,
      }),
    );
    if (result.leftover === undefined) {
      journal.tryEnter({ phase: 'closed' });
    }
    return { result };
  } catch (error) {
    return { leftToPost: true, error: error instanceof Error ? error : undefined };
  }
}

export function isNameTakenBy(cause: unknown): boolean {
  return (
    isRefusal(cause, 'ALREADY_EXISTS') || (cause instanceof TaskFailed && isNameTaken(cause.task.failure))
  );
}

/** Whether a name that is taken is that of a VM, which `if-exists` could reuse or replace; undefined where nobody can tell. */
export async function isNameVisible(
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
