import type { Limits, Session } from './session.ts';
import type { Fault } from './transport/fault.ts';

/** A task as the state and the output `task-id` hold it. */
export interface TaskReference {
  /** The {@link TaskKind} that it is of. */
  readonly kind: string;
  readonly id: string;
}

/** A kind of task that vCenter has. Whatever waits for a task, cancels it or looks for it knows no more than this. */
export interface TaskKind {
  readonly kind: string;
  /** @throws VcenterError; NOT_FOUND also for a task whose record vCenter has dropped. */
  get(session: Session, id: string, limits: Limits): Promise<Task>;
  /**
   * Asks for the end and does not wait for it.
   *
   * @throws VcenterError: UNSUPPORTED (it cannot be cancelled), NOT_ALLOWED_IN_CURRENT_STATE (it is over), NOT_FOUND.
   */
  cancel(session: Session, id: string, limits: Limits): Promise<void>;
  /**
   * The clone tasks that vCenter still knows and this user may see; undefined where it gives no list now. VI/JSON lists those of
   * the `source` alone, and none without it.
   *
   * @throws VcenterError where the login ends all requests; the signal's reason.
   */
  listClones(
    session: Session,
    source: string | undefined,
    limits: Limits,
  ): Promise<readonly Task[] | undefined>;
}

/** What ended a task, in vCenter's words. */
export interface TaskFailure {
  readonly errorType: string | undefined;
  readonly messages: readonly string[];
  /** The ids of the messages, the same in every language. */
  readonly messageIds: readonly string[];
  /** The fault that a task of VI/JSON ended with. */
  readonly fault?: Fault | undefined;
}

/** How a task stands, as far as a clone needs it. All but the status is optional in practice. */
export interface Task {
  readonly id: string;
  /**
   * PENDING, RUNNING, BLOCKED, SUCCEEDED, FAILED, or a state that a later vCenter adds: only SUCCEEDED and FAILED end a
   * task. There is no CANCELED; a cancelled task is FAILED.
   */
  readonly status: string;
  readonly operation: string | undefined;
  readonly cancelable: boolean | undefined;
  /** 0 to 1; absent where vCenter tells none or a total of 0. */
  readonly progress: number | undefined;
  /** What it is doing: `Copying Virtual Machine files`. */
  readonly doing: string | undefined;
  /** The VM of `target`: made by the task, or only worked on by it, so it may be the source. */
  readonly targetVm: string | undefined;
  /** The VM's id in `result`, in whichever form it came, once the task has SUCCEEDED. */
  readonly resultVm: string | undefined;
  readonly failure: TaskFailure | undefined;
  /** ISO 8601, by vCenter's clock. */
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  readonly user: string | undefined;
}

/** SUCCEEDED and FAILED end a task; PENDING, RUNNING, BLOCKED and what is not known yet do not. */
export function hasEnded(task: Task): boolean {
  return task.status === 'SUCCEEDED' || task.status === 'FAILED';
}

/**
 * The VMs that a clone task names: its `result`, once it has SUCCEEDED, and its `target`. Either may be the source that it worked
 * on, or anything: whether the clone is among them is for its name to say.
 */
export function vmsNamedBy({ resultVm, targetVm }: Task): readonly string[] {
  return [...new Set([resultVm, targetVm])].filter((vm) => vm !== undefined);
}

/** The clone was refused because another VM, or a template, has the name. */
export function isNameTaken(failure: TaskFailure | undefined): boolean {
  return isFailure(failure, { type: 'ALREADY_EXISTS', id: /DuplicateName/, words: /already exists/i });
}

/** The clone was cancelled; vCenter takes its copy away. */
export function isCancelled(failure: TaskFailure | undefined): boolean {
  return isFailure(failure, { type: 'CANCELED', id: /RequestCancell?ed/, words: /\bcancell?ed\b/i });
}

/** By type or message id; words, which are English only in an English vCenter, where it tells neither. */
function isFailure(
  failure: TaskFailure | undefined,
  { type, id, words }: { readonly type: string; readonly id: RegExp; readonly words: RegExp },
): boolean {
  if (failure === undefined) {
    return false;
  }
  const { errorType, messageIds, messages } = failure;
  const saysOnlyWords = errorType === undefined && messageIds.length === 0;
  return (
    errorType === type ||
    (saysOnlyWords ? messages : messageIds).some((each) => id.test(each)) ||
    (saysOnlyWords && words.test(messages.join(' ')))
  );
}
