import { formatDuration } from '../../text/duration.ts';
import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded } from '../../time/deadline.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { isLoginRefused, isTransient, VcenterError } from '../../vcenter/transport/error.ts';
import { getPowerState, type PowerState } from '../../vcenter/vm.ts';
import { VmPoweredOffError, type WaitAdvice, type WaitedFor } from './vm-powered-off.ts';

/** What every wait for a VM works with. */
export interface WaitOptions extends WaitAdvice {
  readonly session: Session;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** The VM's id. */
  readonly vm: string;
  /** Ends the wait, by its deadline or by an interrupt. */
  readonly signal: AbortSignal;
  /** Takes one line of progress, now and then. */
  readonly report: (line: string) => void;
}

/** One poll. Of a VM that is off, nothing but its power is asked. */
export type VmPoll<T> =
  | { readonly kind: 'off'; readonly powerState: PowerState }
  | { readonly kind: 'failed'; readonly error: VcenterError }
  | { readonly kind: 'read'; readonly value: T };

/** What was read, and what failed on the way all the same. */
export interface Reading<T> {
  readonly value: T;
  readonly error?: VcenterError | undefined;
}

/** What the polls of a VM have shown until now. Times are the clock's milliseconds. */
export interface PollHistory {
  readonly startedAt: number;
  /** Polls that vCenter responded to with what was to be read. */
  readonly responses: number;
  /** As it was last seen. */
  readonly powerState: PowerState | undefined;
  /** Since when the VM has been seen off, without a break. */
  readonly offSince: number | undefined;
  /** The last request that failed. */
  readonly lastError: { readonly error: Error; readonly at: number } | undefined;
}

/** What a poll means: the end of the wait, or how to go on. */
export type Step<R> =
  | { readonly result: R }
  | {
      /** For the log. */
      readonly line: string;
      /** Whether it is worth polling again soon. */
      readonly isChangeNear?: boolean;
    };

interface WatchOptions<T, R> extends WaitOptions {
  readonly waitedFor: WaitedFor;
  /** Reads what is waited for, once; it is not retried but polled again. */
  readonly read: (limits: Limits) => Promise<Reading<T>>;
  readonly next: (poll: VmPoll<T>) => Step<R> | Promise<Step<R>>;
  /** The time is over: throws what is to be said about that, or returns what there is all the same. */
  readonly timedOut: (history: PollHistory, cause: DeadlineExceeded) => R | Promise<R>;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5_000;
const GROWTH = 1.5;
const JITTER = 0.1;
/** Power is polled with the first and with each so many-th poll, and with all while the VM is off. */
const POWER_EVERY = 5;
/** vCenter powers a clone on in a task of its own, behind DRS or a queue. */
const LONGEST_OFF = 30_000;
const REPORT_EVERY = 30_000;
/** Characters of a failed request's reason in a line of progress. */
const LONGEST_REASON = 300;

/**
 * Polls a VM until `next` has a result. Polls that fail are followed by others; what changes is reported, or the same every
 * 30 s.
 *
 * @throws VmPoweredOffError where the VM is off and stays so: for 30 s if it is meant to be on, else for two polls;
 * VcenterError where vCenter refuses to respond, or the VM is gone; what `next` and `timedOut` throw; the signal's reason.
 */
export async function watchVm<T, R>(options: WatchOptions<T, R>): Promise<R> {
  const { clock, random, vm, isMeantToBeOn, waitForLess, waitedFor, signal, report } = options;
  const longestOff = isMeantToBeOn ? LONGEST_OFF : 0;
  const startedAt = clock.now();
  let history = startPolls(startedAt);
  let reported = { line: '', at: startedAt };
  let pause = FIRST_PAUSE / GROWTH;
  try {
    for (let polls = 0; ; polls += 1) {
      const { offSince } = history;
      const { poll, ...facts } = await pollVm(options, offSince !== undefined || polls % POWER_EVERY === 0);
      history = continuePolls(history, { poll, ...facts, now: clock.now() });
      if (poll.kind === 'off' && offSince !== undefined && clock.now() - offSince >= longestOff) {
        const { powerState } = poll;
        throw new VmPoweredOffError({ vm, powerState, isMeantToBeOn, waitForLess, waitedFor });
      }
      const step = await options.next(poll);
      if ('result' in step) {
        return step.result;
      }
      const now = clock.now();
      const { line } = step;
      if (line !== reported.line || now - reported.at >= REPORT_EVERY) {
        reported = { line, at: now };
        const elapsed = now - startedAt;
        report(elapsed < FIRST_PAUSE ? line : `${line} (${formatDuration(elapsed)})`);
      }
      const isChangeNear = poll.kind === 'off' || step.isChangeNear === true;
      pause = isChangeNear ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, pause * GROWTH);
      await clock.sleep(pause * (1 + (2 * random() - 1) * JITTER), signal);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded && error === signal.reason) {
      return options.timedOut(history, error);
    }
    throw error;
  }
}

export function startPolls(startedAt: number): PollHistory {
  return { startedAt, responses: 0, powerState: undefined, offSince: undefined, lastError: undefined };
}

/** The last request that failed, for the error of a wait that timed out. */
export function describeLastError(
  { startedAt, lastError }: PollHistory,
  cause: DeadlineExceeded,
): string | undefined {
  if (lastError !== undefined) {
    const after = formatDuration(lastError.at - startedAt);
    return `The last request that failed, after ${after}: ${lastError.error.message}`;
  }
  return cause.lastError === undefined
    ? undefined
    : `The last request that failed: ${cause.lastError.message}`;
}

interface PollResult<T> {
  readonly poll: VmPoll<T>;
  /** Undefined where it was not polled, or could not be. */
  readonly powerState?: PowerState | undefined;
  /** What failed, even where there is something to read all the same. */
  readonly error?: VcenterError | undefined;
}

async function pollVm<T>(
  { session, vm, signal, read }: Pick<WatchOptions<T, unknown>, 'session' | 'vm' | 'signal' | 'read'>,
  withPower: boolean,
): Promise<PollResult<T>> {
  const limits = { signal, retryTimeout: 0 };
  const power = withPower ? await unlessFinal(getPowerState(session, vm, limits)) : undefined;
  const powerError = power instanceof VcenterError ? power : undefined;
  const powerState = power instanceof VcenterError ? undefined : power;
  if (isOff(powerState)) {
    return { poll: { kind: 'off', powerState }, powerState };
  }
  const reading = await unlessFinal(read(limits));
  if (reading instanceof VcenterError) {
    return { poll: { kind: 'failed', error: reading }, powerState, error: reading };
  }
  const { value, error } = reading;
  return { poll: { kind: 'read', value }, powerState, error: error ?? powerError };
}

function continuePolls<T>(
  history: PollHistory,
  { poll, powerState, error, now }: PollResult<T> & { readonly now: number },
): PollHistory {
  const { responses, offSince, lastError } = history;
  return {
    ...history,
    responses: poll.kind === 'read' ? responses + 1 : responses,
    powerState: powerState ?? history.powerState,
    offSince: poll.kind === 'off' ? (offSince ?? now) : powerState === undefined ? offSince : undefined,
    lastError: error === undefined ? lastError : { error, at: now },
  };
}

/** A line of progress for a poll that has read nothing. */
export function describeEmptyPoll(poll: Exclude<VmPoll<unknown>, { readonly kind: 'read' }>): string {
  return poll.kind === 'off'
    ? `The VM is ${poll.powerState}.`
    : `The guest could not be polled: ${poll.error.message.slice(0, LONGEST_REASON)}`;
}

/** Whether a guest cannot run in this state of power; a state that nobody knows is none. */
function isOff(state: PowerState | undefined): state is PowerState {
  return state === 'POWERED_OFF' || state === 'SUSPENDED';
}

/** Failures that another poll may not meet again are returned. */
async function unlessFinal<T>(response: Promise<T>): Promise<T | VcenterError> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof VcenterError && !isFinal(error)) {
      return error;
    }
    throw error;
  }
}

/**
 * vCenter's own refusal, that of a login included. What is not in its own form comes from a proxy and passes; so does a 5xx,
 * and a session that is refused at its first use.
 */
function isFinal(error: VcenterError): boolean {
  const { failure, status = 0, errorType, messageIds } = error;
  if (failure !== 'response') {
    return failure === 'certificate';
  }
  if (status === 401) {
    return isLoginRefused(error);
  }
  const isInOwnForm = errorType !== undefined || messageIds.length > 0;
  return isInOwnForm && status < 500 && !isTransient(error);
}
