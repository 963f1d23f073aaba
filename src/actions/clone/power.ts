import type { Report } from '../../github/report.ts';
import type { Clock } from '../../time/clock.ts';
import type { Session } from '../../vcenter/session.ts';
import { isRefusal } from '../../vcenter/transport/error.ts';
import { getPowerState, startVm, type VmSummary } from '../../vcenter/vm.ts';

export interface PowerOptions {
  readonly session: Session;
  readonly clock: Clock;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Whether the clone request has asked for the power-on. */
  readonly isRequested: boolean;
}

/** vCenter attempts the power-on in a task of its own, after the clone's: behind DRS or a queue that takes a while. */
const ATTEMPT_WINDOW = 15_000;
const POLL = 1_000;
/** How long a VM may be busy with something else before its power-on is given up, in milliseconds. */
const RETRY_TIMEOUT = 60_000;

/**
 * Returns the VM when it is on: waits for the power-on that the clone request asked for, and starts the VM where it has not
 * asked, or that did not happen: GET /api/vcenter/vm/{vm}/power, POST /api/vcenter/vm/{vm}/power?action=start.
 *
 * @throws VcenterError with vCenter's reason why it cannot be started; the signal's reason.
 */
export async function waitForPower(options: PowerOptions, vm: VmSummary): Promise<VmSummary> {
  const { session, clock, report, signal, isRequested } = options;
  const limits = { signal, retryTimeout: RETRY_TIMEOUT };
  const startedAt = clock.now();
  let { powerState } = vm;
  while (isRequested && powerState !== 'POWERED_ON' && clock.now() - startedAt < ATTEMPT_WINDOW) {
    await clock.sleep(POLL, signal);
    powerState = await getPowerState(session, vm.vm, limits);
  }
  if (powerState !== 'POWERED_ON') {
    report.info(
      `${isRequested ? `'${vm.name}' (${vm.vm}) is not on yet; starting it` : `Starting '${vm.name}' (${vm.vm})`}.`,
    );
    await startVm(session, vm.vm, limits).catch((error: unknown) => {
      if (!isRefusal(error, 'ALREADY_IN_DESIRED_STATE')) {
        throw error;
      }
    });
    powerState = 'POWERED_ON'; // that request returns when it is done
  }
  return { ...vm, powerState };
}
