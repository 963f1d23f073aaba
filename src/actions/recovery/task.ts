import type { Report } from '../../github/report.ts';
import type { Clock } from '../../time/clock.ts';
import type { Session } from '../../vcenter/session.ts';
import { hasEnded, type Task, type TaskKind, type TaskReference } from '../../vcenter/task.ts';
import { isLoginRefused, isRefusal, VcenterError } from '../../vcenter/transport/error.ts';
import { pollTask } from '../poll-task.ts';

export interface TaskOptions {
  readonly session: Session;
  /** The kinds of task that a reference may be of. */
  readonly taskKinds: readonly TaskKind[];
  readonly report: Report;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/** A cancel that fails for this long, in milliseconds, does not keep the rest from being done. */
const CANCEL_RETRY = 30_000;
/** A task that cannot be polled for this long, in milliseconds, is looked for in the list of all. */
const POLL_RETRY = 30_000;
const LIST_POLL = 5_000;

/**
 * Asks vCenter to cancel the task. That it cannot be cancelled, has ended or is forgotten is no failure here: polling it
 * tells the rest.
 *
 * @throws the signal's reason.
 */
export async function requestCancel(options: TaskOptions, { kind, id }: TaskReference): Promise<void> {
  const { session, report, signal } = options;
  try {
    await kindOf(options, kind).cancel(session, id, { signal, retryTimeout: CANCEL_RETRY });
    report.info('Asked vCenter to cancel the clone.');
  } catch (error) {
    if (!(error instanceof VcenterError) || isLoginRefused(error)) {
      throw error;
    }
    // That it has ended meanwhile is told when its end is known.
    if (!isRefusal(error, 'NOT_ALLOWED_IN_CURRENT_STATE')) {
      report.info(`The clone cannot be cancelled; waiting for its end. vCenter: ${error.messages.join(' ')}`);
    }
  }
}

/** Polls a task to its end. Where polls fail for good, the list of tasks may still tell how far it is. */
export async function pollOrList(
  options: TaskOptions & { readonly clock: Clock; readonly random: () => number },
  { kind, id, source }: TaskReference & { readonly source: string },
): Promise<Task | undefined> {
  const { session, clock, report, signal } = options;
  const tasks = kindOf(options, kind);
  try {
    return await pollTask({ ...options, tasks, task: id, retryTimeout: POLL_RETRY });
  } catch (error) {
    if (!(error instanceof VcenterError) || isLoginRefused(error)) {
      throw error;
    }
    report.info(`The task cannot be polled. vCenter: ${error.messages.join(' ')}`);
  }
  for (;;) {
    const limits = { signal, retryTimeout: Number.POSITIVE_INFINITY };
    const clones = await tasks.listClones(session, source, limits);
    const listed = clones?.find((task) => task.id === id);
    if (listed === undefined || hasEnded(listed)) {
      return listed;
    }
    await clock.sleep(LIST_POLL, signal);
  }
}

/** @throws Error for a kind that only another version of the action knows. */
export function kindOf({ taskKinds }: Pick<TaskOptions, 'taskKinds'>, kind: string): TaskKind {
  const found = taskKinds.find((each) => each.kind === kind);
  if (found === undefined) {
    throw new Error(`there is no task of the kind '${kind}'`);
  }
  return found;
}
