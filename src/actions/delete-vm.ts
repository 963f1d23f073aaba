import type { Report } from '../github/report.ts';
import { formatDuration } from '../text/duration.ts';
import type { Clock } from '../time/clock.ts';
import type { Limits, Session } from '../vcenter/session.ts';
import { isNotFound, isRefusal, VcenterError } from '../vcenter/transport/error.ts';
import { deleteVm, getPowerState, shutDownGuest, stopVm, type VmSummary } from '../vcenter/vm.ts';

export interface RemoveOptions {
  readonly session: Session;
  readonly vm: VmSummary;
  readonly clock: Clock;
  readonly report: Report;
  readonly limits: Limits;
  /** Milliseconds that the guest gets to shut down; 0: the power goes off at once. */
  readonly shutdownTimeout?: number;
}

/** Something may switch a VM on again between power-off and delete; not for ever. */
const ROUNDS = 5;

const SHUTDOWN_LOOK = 2_000;

/**
 * Powers a VM off, where it is on or suspended, and deletes it with its files. A VM that is gone meanwhile is as good.
 *
 * @throws VcenterError; the signal's reason.
 */
export async function removeVm(options: RemoveOptions): Promise<void> {
  const { session, vm, report, limits, shutdownTimeout = 0 } = options;
  let { powerState } = vm;
  if (powerState === 'POWERED_ON' && shutdownTimeout > 0) {
    powerState = await shutDown({ ...options, shutdownTimeout });
  }
  for (let round = 1; ; round += 1) {
    try {
      if (powerState !== 'POWERED_OFF') {
        await powerOff(session, vm.vm, limits);
      }
      await deleteVm(session, vm.vm, limits);
      report.info(`Deleted '${vm.name}' (${vm.vm}).`);
      return;
    } catch (error) {
      if (isNotFound(error)) {
        report.info(`'${vm.name}' (${vm.vm}) is gone.`);
        return;
      }
      // A running VM is not deleted; that it was off a moment ago does not count.
      if (!isRefusal(error, 'NOT_ALLOWED_IN_CURRENT_STATE') || round === ROUNDS) {
        throw error;
      }
      report.info(`'${vm.name}' (${vm.vm}) cannot be deleted in its state; powering it off first.`);
      powerState = await stateOf(session, vm.vm, limits);
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

/** The power state; 'GONE' is none of vCenter's, and makes the next call find out that the VM is not there. */
async function stateOf(session: Session, vm: string, limits: Limits): Promise<string> {
  try {
    return await getPowerState(session, vm, limits);
  } catch (error) {
    if (isNotFound(error)) {
      return 'GONE';
    }
    throw error;
  }
}

/** Asks the guest to shut down and waits for it; every reason why it does not end so means pulling the plug instead. */
async function shutDown({
  session,
  vm,
  clock,
  report,
  limits,
  shutdownTimeout,
}: RemoveOptions & { readonly shutdownTimeout: number }): Promise<string> {
  try {
    await shutDownGuest(session, vm.vm, limits);
  } catch (error) {
    if (!(error instanceof VcenterError)) {
      throw error;
    }
    report.info(
      `The guest of '${vm.name}' cannot be shut down; the power goes off. vCenter: ${error.messages.join(' ')}`,
    );
    return 'POWERED_ON';
  }
  const startedAt = clock.now();
  for (;;) {
    const left = shutdownTimeout - (clock.now() - startedAt);
    if (left <= 0) {
      report.info(
        `The guest has not shut down within ${formatDuration(shutdownTimeout)}; the power goes off.`,
      );
      return 'POWERED_ON';
    }
    await clock.sleep(Math.min(left, SHUTDOWN_LOOK), limits.signal);
    const state = await stateOf(session, vm.vm, limits);
    if (state !== 'POWERED_ON') {
      report.info(`The guest has shut down after ${formatDuration(clock.now() - startedAt)}.`);
      return state;
    }
  }
}
