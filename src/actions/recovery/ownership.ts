import type { ClonePlan } from '../../github/state.ts';
import { hasEnded, type Task } from '../../vcenter/tasks.ts';

/** What is known when a VM with the planned name is found and the question is whose it is. */
export interface Evidence {
  readonly plan: ClonePlan;
  /** The VM that was found. */
  readonly vm: string;
  /** This run's own task, as it was last seen. */
  readonly ownTask: Task | undefined;
  /** Whether the run's task was watched from RUNNING to its end, so that nobody else had the time to take the name. */
  readonly watchedToEnd: boolean;
  /** Clone tasks that vCenter still knows; undefined where it does not list them. */
  readonly tasks: readonly Task[] | undefined;
}

export type Verdict = { readonly ours: true } | { readonly ours: false; readonly why: string };

const NOT_OURS = (why: string): Verdict => ({ ours: false, why });

/**
 * Whether a VM was certainly made by this run. A VM that may be somebody else's is never touched, so every doubt counts
 * against us.
 */
export function judgeOwnership({ plan, vm, ownTask, watchedToEnd, tasks }: Evidence): Verdict {
  if (vm === plan.source) {
    return NOT_OURS('it is the source');
  }
  if (plan.vmsBefore.includes(vm)) {
    return NOT_OURS('it was there before');
  }
  const failure = ownTask?.failure?.errorType;
  if (failure === 'ALREADY_EXISTS') {
    return NOT_OURS('this clone was refused because the name was taken');
  }
  if (madeBy(ownTask, vm)) {
    return { ours: true };
  }
  const maker = tasks?.find((task) => task.id !== ownTask?.id && madeBy(task, vm));
  if (maker !== undefined) {
    return NOT_OURS(`another task made it (${maker.id})`);
  }
  if (plan.nameIsOwn) {
    return { ours: true };
  }
  // From here on the name is one that others may use as well.
  if (ownTask !== undefined && watchedToEnd) {
    if (ownTask.status === 'SUCCEEDED') {
      return { ours: true };
    }
    if (failure === 'CANCELED') {
      return NOT_OURS('a cancelled clone takes its copy away');
    }
    // In another folder anybody may have used the name while our clone ran, and in this one after it failed.
    if (plan.folder !== undefined && tasks !== undefined) {
      return { ours: true };
    }
  }
  return NOT_OURS(`others may use the name '${plan.name}' too, and nothing shows that this run made it`);
}

/** `result` is what a task made; `target` may be the source, which the caller has ruled out. */
export function madeBy(task: Task | undefined, vm: string): boolean {
  return task !== undefined && (task.resultVm === vm || task.targetVm === vm);
}

/** What is known of a clone request whose answer was lost. */
export interface LostRequest {
  readonly plan: ClonePlan;
  readonly username: string;
  /** Milliseconds since the epoch, by vCenter's clock as far as that is known. */
  readonly sentAt: number;
  /** Milliseconds after `sentAt` within which vCenter must have begun with it, if it ever did. */
  readonly window: number;
  /** The same, for a clone to be proof of whose a VM is whose name others may use too. Default: `window`. */
  readonly proofWindow?: number;
}

/** Clocks that were never compared exactly may differ by this much, in milliseconds. */
export const CLOCK_SLACK = 5_000;

/** Whether a clone task may be the one that the lost request started: not contradicted by user, source, time or result. */
export function mayBeOurs(task: Task, { plan, username, sentAt, window }: LostRequest): boolean {
  if (task.user !== undefined && !isSameUser(task.user, username)) {
    return false;
  }
  if (task.resultVm !== undefined && plan.vmsBefore.includes(task.resultVm)) {
    return false;
  }
  const startedAt = task.startTime === undefined ? Number.NaN : Date.parse(task.startTime);
  if (Number.isNaN(startedAt)) {
    return !hasEnded(task); // a task that waits has not started; one that has ended without a time tells nothing
  }
  return startedAt >= sentAt - CLOCK_SLACK && startedAt <= sentAt + window + CLOCK_SLACK;
}

/**
 * vCenter writes a user as `NAME@DOMAIN` or `DOMAIN\\name`, in a case of its own. A login without a domain means the default
 * one, and an Active Directory domain has a long name (`corp.example.com`) and a short one, mostly its first part.
 */
export function isSameUser(one: string, other: string): boolean {
  const [a, b] = [accountOf(one), accountOf(other)];
  const isSameDomain = a.domain === '' || b.domain === '' || a.domain === b.domain;
  return a.name === b.name && (isSameDomain || firstPart(a.domain) === firstPart(b.domain));
}

function accountOf(user: string): { readonly name: string; readonly domain: string } {
  const [, before = '', after = ''] = /^([^\\]+)\\(.+)$/.exec(user.toLowerCase()) ?? [];
  if (before !== '') {
    return { name: after, domain: before };
  }
  const [name = '', domain = ''] = user.toLowerCase().split('@', 2);
  return { name, domain };
}

function firstPart(domain: string): string {
  return domain.split('.', 1)[0] ?? '';
}
