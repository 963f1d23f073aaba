import { DescribedError, joinLines } from '../../text/described-error.ts';
import { formatDuration } from '../../text/duration.ts';
import { DeadlineExceeded, Interrupted } from '../../time/deadline.ts';
import type { Task } from '../../vcenter/task.ts';
import { type CloneFacts, cloneAdvice } from '../advice.ts';
import { describeVm } from '../delete-vm.ts';
import { describeFailure, type FailureText } from '../failure.ts';
import type { CleanupResult } from '../recovery/abort.ts';
import type { CloneState } from '../recovery/journal.ts';

/** A clone task ended as FAILED. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  readonly task: Task;

  constructor(task: Task) {
    super(`task ${task.id} failed`);
    this.task = task;
  }
}

/** It cannot be told whether a clone was made, or which VM it made. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
  /** Why it cannot be told, as a clause without a full stop. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`unknown outcome: ${reason}`, options);
    this.reason = reason;
  }
}

/** What was done about a clone that failed: cleaned up here, or left to the post step, and what kept it from being done here. */
export type Cleanup =
  | { readonly result: CleanupResult }
  | { readonly leftToPost: true; readonly error: Error | undefined };

export interface CloneFailedFields {
  /** What failed. */
  readonly cause: unknown;
  /** The planned name of the VM. */
  readonly vmName: string;
  /** How far the run had got when it failed. */
  readonly state: CloneState;
  /** The task's id, where vCenter had responded with one. */
  readonly taskId: string | undefined;
  /** 0 to 1, as it was last seen. */
  readonly progress: number | undefined;
  readonly cleanup: Cleanup;
  /** What the request was about, for advice. */
  readonly facts: CloneFacts;
}

/** A run failed after the clone was planned. The text says what failed, how far it had got, and what became of the VM. */
export class CloneFailed extends DescribedError {
  override readonly name = 'CloneFailed';
  readonly title: string;
  readonly text: string;

  constructor(fields: CloneFailedFields) {
    super(`cloning '${fields.vmName}' failed`, { cause: fields.cause });
    const { title, text } = whatFailed(fields);
    this.title = title;
    this.text = joinLines(text, cleanupText(fields));
  }
}

function whatFailed({ cause, vmName, taskId, progress, state, facts }: CloneFailedFields): FailureText {
  const task = taskId === undefined ? '' : ` (task ${taskId})`;
  const far = progress === undefined || progress === 1 ? '' : `, at ${Math.floor(progress * 100)} %`;
  const vm = 'vm' in state ? describeVm({ vm: state.vm, name: vmName }) : undefined;
  if (cause instanceof TaskFailed) {
    const { failure } = cause.task;
    const words = failure?.messages.join(' ') ?? 'No reason was given.';
    const named = failure?.fault?.name ?? failure?.errorType;
    const type = named === undefined ? '' : ` [${named}]`;
    const what = `Cloning '${vmName}' failed${task}${far}. vCenter: ${words}${type}`;
    const advice = cloneAdvice(failure?.errorType, { messages: failure?.messages ?? [], ...facts });
    return { title: 'The clone failed', text: joinLines(what, advice) };
  }
  if (cause instanceof UnknownOutcome) {
    const what = `It is not known what became of the clone request for '${vmName}'${task}: ${cause.reason}.`;
    const lastError = cause.cause instanceof DescribedError ? cause.cause.text : undefined;
    return { title: 'Outcome unknown', text: joinLines(what, lastError) };
  }
  if (cause instanceof Interrupted) {
    const where = vm === undefined ? `while '${vmName}' was cloned${task}${far}` : `when ${vm} was there`;
    return { title: cause.title, text: `The step was cancelled (${cause.reason}) ${where}.` };
  }
  if (cause instanceof DeadlineExceeded && vm === undefined) {
    const limit = formatDuration(cause.limit);
    const what = `Cloning '${vmName}' did not end within ${limit}${far}${task}. 'timeout' sets how long it may take.`;
    return { title: 'The clone took too long', text: joinLines(what, cause.lastErrorText) };
  }
  const { title, text } = describeFailure(cause, facts);
  return {
    title,
    text: vm === undefined ? joinLines(`Cloning '${vmName}' failed${task}${far}.`, text) : text,
  };
}

/** What became of the VM, or of the clone: always said, with name and id. */
function cleanupText({ cleanup, cause, vmName, state }: CloneFailedFields): string | undefined {
  if ('leftToPost' in cleanup) {
    const why =
      cleanup.error === undefined ? undefined : `Not cleaned up here: ${describeFailure(cleanup.error).text}`;
    return joinLines(why, whatPostDoes(state, vmName));
  }
  const { deleted, leftover } = cleanup.result;
  if (leftover !== undefined) {
    return leftover;
  }
  if (deleted !== undefined) {
    return `${describeVm(deleted)} is deleted, since the step did not succeed.`;
  }
  // A refusal, and a task that has failed by itself, have made nothing; saying so would only be noise.
  return state.phase === 'planned' || cause instanceof TaskFailed ? undefined : cleanup.result.outcome;
}

function whatPostDoes(state: CloneState, vmName: string): string {
  switch (state.phase) {
    case 'planned':
    case 'closed':
      return `No clone of '${vmName}' was started.`;
    case 'created':
    case 'returned':
      return `This action's post step deletes ${describeVm({ vm: state.vm, name: vmName })}.`;
    case 'requested':
    case 'started':
      return `This action's post step cancels the clone, or deletes '${vmName}' if it has been made.`;
  }
}
