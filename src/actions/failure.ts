import { InputsError } from '../github/inputs.ts';
import { StateError } from '../github/state.ts';
import { formatDuration } from '../text/duration.ts';
import { DeadlineExceeded, Interrupted } from '../time/deadline.ts';
import { cloneHint, hintFor } from '../vcenter/hint.ts';
import { describeResolveProblem, ResolveError } from '../vcenter/inventory/resolve-error.ts';
import { VcenterError } from '../vcenter/transport/error.ts';
import { type Aftermath, CloneFailure, NameTaken, TaskFailed, UnknownOutcome } from './clone/failure.ts';
import { NoAddressError, VmPoweredOffError } from './clone/no-address.ts';
import { ValidationError } from './clone/validate.ts';
import { RemovalFailure } from './deletion-failure.ts';
import { AmbiguousVm } from './teardown/ambiguous-vm.ts';

export interface FailureText {
  /** A few words. */
  readonly title: string;
  /** What failed, with which object, in vCenter's own words, and what to do; one sentence or list item a line. */
  readonly text: string;
}

/** The text for people, made once, from the fields of whatever ended a run. */
export function describeFailure(error: unknown): FailureText {
  if (error instanceof InputsError) {
    return { title: 'Bad inputs', text: error.message };
  }
  if (error instanceof ResolveError) {
    return { title: 'Names not resolved', text: error.problems.map(describeResolveProblem).join('\n') };
  }
  if (error instanceof CloneFailure) {
    return describeCloneFailure(error);
  }
  if (error instanceof VcenterError) {
    return { title: titleOf(error), text: lines(vcenterText(error), hintFor(error)) };
  }
  if (error instanceof NameTaken) {
    return {
      title: 'Name taken',
      text: error.isSource
        ? `'${error.vmName}' (${error.vm}) is the source itself, which is never handed out or replaced. Choose another 'name'.`
        : `A VM named '${error.vmName}' (${error.vm}) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'.`,
    };
  }
  if (error instanceof RemovalFailure) {
    const { title, text } = describeFailure(error.cause);
    return { title, text: lines(text, `'${error.vm.name}' (${error.vm.vm}) may still be there.`) };
  }
  if (error instanceof AmbiguousVm) {
    return { title: 'Nothing deleted', text: error.message };
  }
  if (error instanceof ValidationError) {
    return { title: 'The clone would fail', text: error.message };
  }
  if (error instanceof NoAddressError || error instanceof VmPoweredOffError) {
    return error;
  }
  if (error instanceof DeadlineExceeded) {
    return { title: 'Out of time', text: deadlineText(error) };
  }
  if (error instanceof Interrupted) {
    return { title: 'Cancelled', text: `The step was told to end (${error.signal}).` };
  }
  if (error instanceof StateError) {
    return { title: 'State not readable', text: error.message };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { title: 'Unexpected failure', text: `${text}\nThis is a bug of the action: please report it.` };
}

function describeCloneFailure({ cause, plan, taskId, progress, aftermath }: CloneFailure): FailureText {
  const task = taskId === undefined ? '' : ` (task ${taskId})`;
  const what = whatFailed(cause, { name: plan.name, task, progress });
  return { title: what.title, text: lines(what.text, aftermathText(aftermath, { cause, name: plan.name })) };
}

interface CloneWords {
  readonly name: string;
  readonly task: string;
  readonly progress: number | undefined;
}

function whatFailed(cause: unknown, { name, task, progress }: CloneWords): FailureText {
  const far = progress === undefined ? '' : `, at ${Math.floor(progress * 100)} %`;
  if (cause instanceof TaskFailed) {
    const { failure } = cause.task;
    const words = failure?.messages.join(' ') ?? 'No reason was given.';
    const type = failure?.errorType === undefined ? '' : ` [${failure.errorType}]`;
    return {
      title: 'The clone failed',
      text: lines(
        `Cloning '${name}' failed${task}${far}. vCenter: ${words}${type}`,
        cloneHint(failure?.errorType),
      ),
    };
  }
  if (cause instanceof DeadlineExceeded) {
    return {
      title: 'The clone took too long',
      text: lines(
        `Cloning '${name}' did not end within ${formatDuration(cause.limit)}${far}${task}. 'timeout' sets how long it may take.`,
        troubleText(cause),
      ),
    };
  }
  if (cause instanceof Interrupted) {
    return {
      title: 'Cancelled',
      text: `The step was told to end (${cause.signal}) while '${name}' was cloned${task}${far}.`,
    };
  }
  if (cause instanceof UnknownOutcome) {
    return {
      title: 'Outcome unknown',
      text: lines(
        `It is not known what became of the clone request for '${name}'${task}: ${cause.why}.`,
        cause.cause instanceof VcenterError ? vcenterText(cause.cause) : undefined,
      ),
    };
  }
  const { title, text } = describeFailure(cause);
  return { title, text: lines(`Cloning '${name}' failed${task}${far}.`, text) };
}

function aftermathText(
  aftermath: Aftermath,
  { cause, name }: { readonly cause: unknown; readonly name: string },
): string | undefined {
  if ('leftToPost' in aftermath) {
    const trouble =
      aftermath.trouble === undefined
        ? undefined
        : `Cleaning up failed: ${describeFailure(aftermath.trouble).text}`;
    return lines(trouble, "What came of it is cleaned up by this action's post step.");
  }
  const { deleted, left } = aftermath.settlement;
  if (left !== undefined) {
    return left;
  }
  if (deleted !== undefined) {
    return `What came of it, '${deleted.name}' (${deleted.vm}), is deleted.`;
  }
  // A refusal at once has made nothing; saying so would only be noise.
  return cause instanceof DeadlineExceeded
    ? `The clone is cancelled, and nothing of '${name}' is left.`
    : undefined;
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
      return error.operation === 'POST /api/session' ? 'Login refused' : 'Refused by vCenter';
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
  return lines(`${error.what} did not end within ${formatDuration(error.limit)}.`, troubleText(error));
}

function troubleText({ trouble }: DeadlineExceeded): string | undefined {
  return trouble instanceof VcenterError ? `The last trouble was: ${vcenterText(trouble)}` : undefined;
}

function lines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n');
}
