import { formatDuration } from '../../text/duration.ts';
import { type Customization, getCustomization } from '../../vcenter/customization.ts';
import type { CustomizationKind } from './address-rule.ts';
import { CustomizationFailed, CustomizationTimedOut } from './customization-failure.ts';
import { describeEmptyPoll, type WaitOptions, watchVm } from './watch-vm.ts';

export interface WaitForCustomizationOptions extends WaitOptions {
  readonly kind: CustomizationKind;
}

/** How long vCenter may know of no customization after the power-on, in milliseconds; some servers never tell of one. */
const LONGEST_IDLE = 20_000;

/**
 * Waits until the guest of a VM that is on has been customized: GET /api/vcenter/vm/{vm}/guest/customization. `unknown`: vCenter
 * has told of no customization for 20 s, or until the signal's deadline.
 *
 * @throws CustomizationFailed; CustomizationTimedOut when the signal's deadline comes first; VmPoweredOffError; VcenterError
 * where vCenter refuses to respond, or the VM is gone; the signal's reason otherwise.
 */
export async function waitForCustomization(
  options: WaitForCustomizationOptions,
): Promise<'ended' | 'unknown'> {
  const { session, clock, vm, report } = options;
  const startedAt = clock.now();
  let last: Customization | undefined;
  let idleSince: number | undefined;
  const unknown = () => {
    report('vCenter tells of no customization of this VM, so nobody can tell when it ends.');
    return 'unknown' as const;
  };
  return watchVm<Customization, 'ended' | 'unknown'>({
    ...options,
    waitedFor: 'customization',
    read: async (limits) => ({ value: await getCustomization(session, vm, limits) }),
    next(poll) {
      if (poll.kind !== 'read') {
        idleSince = poll.kind === 'off' ? undefined : idleSince;
        return { line: describeEmptyPoll(poll) };
      }
      last = poll.value;
      const now = clock.now();
      idleSince = last.status === 'IDLE' ? (idleSince ?? now) : undefined;
      switch (last.status) {
        case 'FAILED':
          throw new CustomizationFailed({ ...options, error: last.error });
        case 'SUCCEEDED':
          report(`The guest is customized, after ${formatDuration(now - startedAt)}.`);
          return { result: 'ended' };
        case 'IDLE':
          return now - (idleSince ?? now) >= LONGEST_IDLE
            ? { result: unknown() }
            : { line: 'vCenter tells of no customization yet.' };
        case 'PENDING':
          return { line: 'The guest has not begun its customization yet.' };
        case 'RUNNING': {
          const reported = last.error === undefined ? '' : ` It reports an error: ${last.error}`;
          return { line: `The guest is being customized.${reported}` };
        }
      }
    },
    timedOut(polls, cause) {
      if (last?.status === 'IDLE' && polls.offSince === undefined) {
        return unknown();
      }
      throw new CustomizationTimedOut({ ...options, last, polls, cause });
    },
  });
}
