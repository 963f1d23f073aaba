import type { Report } from '../github/report.ts';
import { formatDuration } from '../text/duration.ts';
import type { Clock } from '../time/clock.ts';
import { DeadlineExceeded, withDeadline } from '../time/deadline.ts';
import type { Limits, Session } from '../vcenter/session.ts';
import { isNotFound, isRefusal, VcenterError } from '../vcenter/transport/error.ts';
import { deleteVm, getPowerState, shutDownGuest, stopVm } from '../vcenter/vm.ts';

/** A VM that is to be deleted. Its id suffices; the rest is as far as vCenter can describe it. */
export interface DoomedVm {
  readonly vm: string;
  readonly name?: string | undefined;
  readonly powerState?: string | undefined;
}

export interface DeleteOptions {
  readonly session: Session;
  readonly vm: DoomedVm;
  readonly clock: Clock;
  readonly report: Report;
  readonly limits: Limits;
  /** Milliseconds that the guest gets to shut down; 0: the power goes off at once. */
  readonly shutdownTimeout?: number;
}

/** Something may power a VM on again between power-off and delete; not for ever. */
const ROUNDS = 5;
const ROUND_PAUSE = 500;

const SHUTDOWN_POLL = 2_000;

/** `'shop-pr12' (vm-1067)`, or the id alone. */
export function describeVm({ vm, name }: DoomedVm): string {
  return name === undefined ? vm : `'${name}' (${vm})`;
}

/**
 * Powers a VM off, unless it is known to be off, and deletes it with its files. A VM that is gone meanwhile is as good.
 *
 * @throws VcenterError; the signal's reason.
 */
export async function powerOffAndDelete(options: DeleteOptions): Promise<void> {
  const { session, vm, clock, report, limits, shutdownTimeout = 0 } = options;
  let isOff = vm.powerState === 'POWERED_OFF';
  report.info(`Deleting ${describeVm(vm)}.`);
  if (!isOff && vm.powerState !== 'SUSPENDED' && shutdownTimeout > 0) {
    isOff = await shutDown({ ...options, shutdownTimeout });
  }
  for (let round = 1; ; round += 1) {
    try {
      if (!isOff) {
        await powerOff(session, vm.vm, limits);
      }
      await deleteVm(session, vm.vm, limits);
      report.info(`Deleted ${describeVm(vm)}.`);
      return;
    } catch (error) {
      if (isNotFound(error)) {
        report.info(`${describeVm(vm)} is gone.`);
        return;
      }
      // A running VM is not deleted; that it was off a moment ago does not count.
      if (!isRefusal(error, 'NOT_ALLOWED_IN_CURRENT_STATE') || round === ROUNDS) {
        throw error;
      }
      report.info(`${describeVm(vm)} cannot be deleted in its state; powering it off first.`);
      isOff = false;
      await clock.sleep(ROUND_PAUSE * (round - 1), limits.signal);
    }
  }
}

async function powerOff(session: Session, vm: string, limits: Limits): Promise<void> {
  try {
    await stopVm(session, vm, limits);
  } catch (error) {
    if (!isRefusal(error, 'ALREADY_IN_DESIRED_STATE')) {
      throw error;
    }
  }
}

/**
 * Asks the guest to shut down, again while vCenter is busy, and waits for it. Resolves with whether the VM is off; every
 * reason why it does not end so means pulling the plug instead.
 */
async function shutDown({
  session,
  vm,
  clock,
  report,
  limits,
  shutdownTimeout,
}: DeleteOptions & { readonly shutdownTimeout: number }): Promise<boolean> {
  const startedAt = clock.now();
  report.info(`Waiting up to ${formatDuration(shutdownTimeout)} for its guest to shut down.`);
  try {
    await withDeadline(
      { clock, what: 'the shutdown of the guest', limit: shutdownTimeout, signal: limits.signal },
      async (signal) => {
        const untilDeadline = { ...limits, signal, retryTimeout: Number.POSITIVE_INFINITY };
        await shutDownGuest(session, vm.vm, untilDeadline).catch(unlessOff);
        while ((await getPowerState(session, vm.vm, untilDeadline)) === 'POWERED_ON') {
          await clock.sleep(SHUTDOWN_POLL, signal);
        }
      },
    );
    report.info(`The guest has shut down after ${formatDuration(clock.now() - startedAt)}.`);
    return true;
  } catch (error) {
    limits.signal.throwIfAborted();
    if (error instanceof DeadlineExceeded) {
      report.info(
        `The guest has not shut down within ${formatDuration(shutdownTimeout)}; the power goes off.`,
      );
    } else if (error instanceof VcenterError) {
      report.info(
        `The guest of ${describeVm(vm)} cannot be shut down; the power goes off. vCenter: ${error.messages.join(' ')}`,
      );
    } else {
      throw error;
    }
    return false;
  }
}

function unlessOff(error: unknown): void {
  if (!isRefusal(error, 'ALREADY_IN_DESIRED_STATE')) {
    throw error;
  }
}
