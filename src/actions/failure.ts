import { DescribedError, joinLines } from '../text/described-error.ts';
import { formatDuration } from '../text/duration.ts';
import { DeadlineExceeded, Interrupted } from '../time/deadline.ts';
import { type CloneFacts, cloneHint, hintFor } from '../vcenter/hint.ts';
import { LOGIN, VcenterError } from '../vcenter/transport/error.ts';
import { CloneFailed, TaskFailed, UnknownOutcome } from './clone/failure.ts';
import { describeVm } from './delete-vm.ts';
import type { CloneState } from './recovery/journal.ts';

export interface FailureText {
  /** A few words. */
  readonly title: string;
  /** What failed, with which object, in vCenter's own words, and what to do; one sentence or list item a line. */
  readonly text: string;
}

/** The text for people, made once, from the fields of whatever ended a run. */
export function describeFailure(error: unknown): FailureText {
  if (error instanceof DescribedError) {
    return { title: error.title, text: error.text };
  }
  if (error instanceof CloneFailed) {
    return describeCloneFailure(error);
  }
  if (error instanceof VcenterError) {
    return describeVcenterError(error);
  }
  if (error instanceof DeadlineExceeded) {
    return { title: 'Timed out', text: deadlineText(error) };
  }
  if (error instanceof Interrupted) {
    return { title: 'Cancelled', text: `The step was cancelled (${describeInterrupt(error)}).` };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { title: 'Unexpected failure', text: `${text}\nThis is a bug of the action: please report it.` };
}

function describeVcenterError(error: VcenterError, facts?: CloneFacts): FailureText {
  return { title: titleOf(error), text: joinLines(vcenterText(error), hintFor(error, facts)) };
}

function describeInterrupt({ by }: Interrupted): string {
  return by === 'EPIPE' ? 'EPIPE: nobody reads its log any more' : by;
}

function describeCloneFailure(failed: CloneFailed): FailureText {
  const { title, text } = whatFailed(failed);
  return { title, text: joinLines(text, cleanupText(failed)) };
}

function whatFailed({ cause, vmName, taskId, progress, state, facts }: CloneFailed): FailureText {
  const task = taskId === undefined ? '' : ` (task ${taskId})`;
  const far = progress === undefined || progress === 1 ? '' : `, at ${Math.floor(progress * 100)} %`;
  const vm = 'vm' in state ? describeVm({ vm: state.vm, name: vmName }) : undefined;
  if (cause instanceof TaskFailed) {
    const { failure } = cause.task;
    const words = failure?.messages.join(' ') ?? 'No reason was given.';
    const type = failure?.errorType === undefined ? '' : ` [${failure.errorType}]`;
    return {
      title: 'The clone failed',
      text: joinLines(
        `Cloning '${vmName}' failed${task}${far}. vCenter: ${words}${type}`,
        cloneHint(failure?.errorType, { messages: failure?.messages ?? [], ...facts }),
      ),
    };
  }
  if (cause instanceof UnknownOutcome) {
    return {
      title: 'Outcome unknown',
      text: joinLines(
        `It is not known what became of the clone request for '${vmName}'${task}: ${cause.reason}.`,
        cause.cause instanceof VcenterError ? vcenterText(cause.cause) : undefined,
      ),
    };
  }
  if (cause instanceof Interrupted) {
    const what = vm === undefined ? `while '${vmName}' was cloned${task}${far}` : `when ${vm} was there`;
    return { title: 'Cancelled', text: `The step was cancelled (${describeInterrupt(cause)}) ${what}.` };
  }
  if (cause instanceof DeadlineExceeded && vm === undefined) {
    return {
      title: 'The clone took too long',
      text: joinLines(
        `Cloning '${vmName}' did not end within ${formatDuration(cause.limit)}${far}${task}. 'timeout' sets how long it may take.`,
        lastErrorText(cause),
      ),
    };
  }
  const { title, text } =
    cause instanceof VcenterError ? describeVcenterError(cause, facts) : describeFailure(cause);
  return {
    title,
    text: vm === undefined ? joinLines(`Cloning '${vmName}' failed${task}${far}.`, text) : text,
  };
}

/** What became of the VM, or of the clone: always said, with name and id. */
function cleanupText({ cleanup, cause, vmName, state }: CloneFailed): string | undefined {
  if ('leftToPost' in cleanup) {
    const trouble =
      cleanup.error === undefined ? undefined : `Cleaning up failed: ${describeFailure(cleanup.error).text}`;
    return joinLines(trouble, whatPostDoes(state, vmName));
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

function titleOf(error: VcenterError): string {
  switch (error.failure) {
    case 'certificate':
      return 'Certificate not trusted';
    case 'network':
      return 'No connection to vCenter';
    case 'timeout':
      return 'No answer from vCenter';
    case 'unreadable':
      return 'Unreadable answer from vCenter';
    case 'answer':
      return error.operation === LOGIN ? 'Login refused' : 'Refused by vCenter';
  }
}

/** What failed in one sentence, with operation, vCenter's words in their order, status and type. */
function vcenterText(error: VcenterError): string {
  const status = error.status === undefined ? undefined : `HTTP ${error.status}`;
  const facts = [status, error.errorType, error.code].filter((fact) => fact !== undefined).join(' ');
  const speaker = error.failure === 'answer' && error.errorType !== undefined ? ' vCenter:' : '';
  return `${error.operation} on ${error.server} failed${facts === '' ? '' : ` (${facts})`}.${speaker} ${error.messages.join(' ')}`;
}

function deadlineText(error: DeadlineExceeded): string {
  return joinLines(`${error.what} did not end within ${formatDuration(error.limit)}.`, lastErrorText(error));
}

function lastErrorText({ lastError }: DeadlineExceeded): string | undefined {
  return lastError instanceof VcenterError ? `The last error was: ${vcenterText(lastError)}` : undefined;
}
