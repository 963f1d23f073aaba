import type { Report } from '../../github/report.ts';
import type { ClonePlan } from '../../github/state.ts';
import type { Clock } from '../../time/clock.ts';
import type { Session } from '../../vcenter/session.ts';
import { isRefusal, VcenterError } from '../../vcenter/transport/error.ts';
import { type CloneSpec, startClone } from '../../vcenter/vm.ts';
import { type FoundVm, findLostClone, type LostClone } from '../recovery/lost-clone.ts';
import { UnknownOutcome } from './failure.ts';

export interface RequestOptions {
  readonly session: Session;
  readonly plan: ClonePlan;
  readonly spec: CloneSpec;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Is told, before each request, that it goes out now; the time is vCenter's. */
  readonly onSend: (sentAt: Date) => void;
  /** Is told when it is certain that the request has started nothing. */
  readonly onNothing: () => void;
}

/** What a clone request came to: normally a task; after a lost answer perhaps the VM itself. */
export type StartedClone =
  | { readonly kind: 'task'; readonly task: string }
  | ({ readonly kind: 'vm' } & FoundVm);

/** How long a request that vCenter certainly has not seen is repeated, in milliseconds. */
const PATIENCE = 20_000;
const MOST_REQUESTS = 4;
const PAUSE = 1_000;

/**
 * Sends the clone request. One whose answer is lost is never sent again blindly: what came of it is found out first.
 *
 * @throws VcenterError where vCenter refuses it; UnknownOutcome where nobody can say what came of it; the signal's reason.
 */
export async function requestClone(options: RequestOptions): Promise<StartedClone> {
  const { session, plan, spec, clock, random, report, signal, onSend, onNothing } = options;
  for (let request = 1; ; request += 1) {
    const sentAt = session.serverTime();
    const startedAt = clock.now();
    onSend(sentAt);
    let failure: VcenterError;
    try {
      const task = await startClone(session, spec, { signal, patience: PATIENCE });
      return { kind: 'task', task };
    } catch (error) {
      if (!(error instanceof VcenterError)) {
        throw error;
      }
      if (!mayHaveStarted(error, request)) {
        onNothing();
        throw error;
      }
      failure = error;
    }

    report.info(
      `The answer to the clone request is lost; finding out what came of it. ${failure.messages.join(' ')}`,
    );
    const lost: LostClone = await findLostClone({
      session,
      clock,
      report,
      limits: { signal, patience: Number.POSITIVE_INFINITY },
      request: {
        plan,
        username: session.username,
        sentAt: sentAt.getTime(),
        window: clock.now() - startedAt,
      },
    });
    switch (lost.outcome) {
      case 'task':
        report.info(`The clone is under way: task ${lost.task}.`);
        return { kind: 'task', task: lost.task };
      case 'vm':
        report.info(`The clone was made: ${lost.vm.vm}.`);
        return { kind: 'vm', vm: lost.vm, suspects: lost.suspects };
      case 'unclear':
        throw new UnknownOutcome(lost.why, { cause: failure });
      case 'nothing':
        onNothing();
        // Neither a name that is taken nor a datastore that is full changes by asking once more.
        if (
          request === MOST_REQUESTS ||
          isRefusal(failure, 'ALREADY_EXISTS', 'UNABLE_TO_ALLOCATE_RESOURCE')
        ) {
          throw failure;
        }
        report.info('Nothing was started; sending the request again.');
        await clock.sleep(random() * PAUSE * 2 ** request, signal);
    }
  }
}

/**
 * Whether a clone may run although the request failed. A refusal (4xx) starts nothing; 408 and 429 do not come from vCenter,
 * and what a proxy had done before is not known. A name that is taken after an earlier request may be taken by its clone.
 */
function mayHaveStarted(error: VcenterError, request: number): boolean {
  if (!error.sent) {
    return false;
  }
  if (error.failure !== 'answer' || error.status === undefined) {
    return true;
  }
  return (
    error.status >= 500 ||
    [408, 429].includes(error.status) ||
    (request > 1 && isRefusal(error, 'ALREADY_EXISTS'))
  );
}
