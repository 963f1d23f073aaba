import type { Report } from '../../github/report.ts';
import { formatDuration } from '../../text/duration.ts';
import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded } from '../../time/deadline.ts';
import type { Session } from '../../vcenter/session.ts';
import { isBusy, isNotFound, isOwnRefusal, isRefusal, VcenterError } from '../../vcenter/transport/error.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import type { Journal } from '../recovery/journal.ts';
import { findLostClone, type LostClone } from '../recovery/lost-clone.ts';
import { ACCEPTANCE_WINDOW } from '../recovery/ownership.ts';
import { UnknownOutcome } from './failure.ts';
import type { PreparedClone } from './prepare.ts';
import { NAME_LAG } from './replace.ts';

export interface RequestOptions {
  readonly session: Session;
  readonly journal: Journal;
  readonly prepared: PreparedClone;
  /** Whether a VM of this name was deleted just before, so that vCenter may take the name for taken for a moment. */
  readonly isNameJustFreed: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** What a clone request came to: normally a task; after a lost response perhaps the VM itself. */
export type StartedClone = {
  /** What was asked for in the end: a source that was given by its id may have turned out to be a template. */
  readonly prepared: PreparedClone;
} & (
  | { readonly kind: 'task'; readonly task: string }
  | { readonly kind: 'vm'; readonly vm: VmSummary; readonly task: string | undefined }
);

/** How long a request that has certainly started nothing is retried, in milliseconds. */
const RETRY_TIMEOUT = 20_000;
const MOST_REQUESTS = 4;
const PAUSE = 1_000;
const LONGEST_PAUSE = 5_000;

/**
 * Sends the clone request. One whose response is lost is never sent again blindly: what became of it is found out first. A
 * refusal in vCenter's own words has started nothing and is final, unless vCenter is only busy.
 *
 * @throws VcenterError where vCenter refuses it; UnknownOutcome where nobody can say what became of it; the signal's reason.
 */
export async function requestClone(options: RequestOptions): Promise<StartedClone> {
  const { session, journal, clock, random, report, signal } = options;
  let { prepared } = options;
  const startedAt = clock.now();
  let lostRequests = 0;
  for (let request = 1; ; request += 1) {
    const sentAt = clock.now();
    const { plan } = prepared;
    const { kind } = prepared.request.tasks;
    journal.enter({ phase: 'requested', plan, kind, sentAt: clock.date().toISOString() });
    const error = await prepared.request
      .start(session, { signal, retryTimeout: RETRY_TIMEOUT })
      .catch((cause: unknown) => {
        if (cause instanceof VcenterError) {
          return cause;
        }
        throw cause instanceof DeadlineExceeded
          ? new UnknownOutcome("no response to it came within 'timeout'", { cause })
          : cause;
      });
    if (!(error instanceof VcenterError)) {
      return { kind: 'task', task: error, prepared };
    }

    const elapsed = clock.now() - startedAt;
    if (!error.sent || isOwnRefusal(error)) {
      const isTaken = isRefusal(error, 'ALREADY_EXISTS');
      if (!isTaken || lostRequests === 0) {
        journal.enter({ phase: 'planned', plan }); // neither has started anything
        const isRetried =
          error.sent &&
          ((isBusy(error) && elapsed < RETRY_TIMEOUT) ||
            (isTaken && options.isNameJustFreed && elapsed < NAME_LAG));
        if (!isRetried) {
          const instead = isNotFound(error) ? await orForTemplate(options, { prepared, error }) : undefined;
          if (instead === undefined) {
            throw error;
          }
          prepared = instead;
          continue;
        }
        report.info(`${error.messages.join(' ')} Asking again.`);
        await clock.sleep(pauseBefore(request, random), signal).catch((reason: unknown) => {
          if (reason instanceof DeadlineExceeded) {
            reason.lastError ??= error;
          }
          throw reason;
        });
        continue;
      }
      // The name was free before: an earlier request whose response was lost has worked after all.
    }

    lostRequests += 1;
    report.info(
      `The response to the clone request is lost. Looking for the clone; that none was started is certain only after ${formatDuration(ACCEPTANCE_WINDOW)}. ${error.messages.join(' ')}`,
    );
    const lost = await findLost(options, { prepared, error, age: clock.now() - sentAt });
    switch (lost.outcome) {
      case 'vm':
        report.info(`The clone was started: '${lost.vm.name}' (${lost.vm.vm}) is there.`);
        return { kind: 'vm', vm: lost.vm, task: lost.task, prepared };
      case 'unknown':
        throw new UnknownOutcome(lost.reason, { cause: error });
      case 'none':
        journal.enter({ phase: 'planned', plan });
        if (request >= MOST_REQUESTS) {
          throw error;
        }
        report.info('No clone was started; sending the request again.');
    }
  }
}

/** What vCenter does not find may be a template; where that cannot be told, its refusal is the error. */
async function orForTemplate(
  { report, signal }: RequestOptions,
  { prepared, error }: { readonly prepared: PreparedClone; readonly error: VcenterError },
): Promise<PreparedClone | undefined> {
  try {
    const instead = await prepared.forTemplate({ signal, retryTimeout: RETRY_TIMEOUT });
    if (instead !== undefined) {
      report.info(`${prepared.plan.source} is a template; cloning it through VI/JSON.`);
    }
    return instead;
  } catch (cause) {
    if (cause instanceof VcenterError) {
      report.info(`Whether ${prepared.plan.source} is a template cannot be told. ${cause.text}`);
      throw error;
    }
    throw cause;
  }
}

async function findLost(
  { session, clock, report, signal }: RequestOptions,
  {
    prepared: { plan, request },
    error,
    age,
  }: { readonly prepared: PreparedClone; readonly error: VcenterError; readonly age: number },
): Promise<LostClone> {
  try {
    return await findLostClone({
      ...{ session, tasks: request.tasks, plan, age, clock, report },
      limits: { signal, retryTimeout: Number.POSITIVE_INFINITY, isCloneRunning: true },
    });
  } catch (cause) {
    if (cause instanceof DeadlineExceeded) {
      throw new UnknownOutcome("'timeout' has ended before that was certain", { cause: error });
    }
    throw cause;
  }
}

function pauseBefore(request: number, random: () => number): number {
  return (0.5 + random() / 2) * Math.min(LONGEST_PAUSE, PAUSE * 2 ** (request - 1));
}
