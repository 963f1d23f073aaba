import { formatDuration } from '../../text/duration.ts';
import type { AddressFilter } from '../../vcenter/address.ts';
import type { ToolsNotRunning } from '../../vcenter/guest.ts';
import { createAddressReader, type GuestAddresses } from '../../vcenter/guest-addresses.ts';
import type { Limits } from '../../vcenter/session.ts';
import { type AddressRule, holdTime, whenItCounts } from './address-rule.ts';
import { continueHistory, type GuestHistory, startHistory } from './guest-history.ts';
import { describeRefused, NoAddressError } from './no-address.ts';
import { describeEmptyPoll, type Reading, type WaitOptions, watchVm } from './watch-vm.ts';

export interface WaitForIpOptions extends WaitOptions, AddressFilter {
  /** When an address counts. */
  readonly rule: AddressRule;
  /** Finds out what else may keep this guest from having an address, one sentence each; asked only when there is none. */
  readonly hints: () => Promise<readonly string[]>;
}

export interface FoundAddress {
  /** The best one. */
  readonly address: string;
  /** All usable ones, the best first. */
  readonly addresses: readonly string[];
}

/**
 * Waits until the guest reports a usable address that counts by the rule, the same on two polls in a row. Failed polls are
 * retried until the signal's end.
 *
 * @throws NoAddressError when the signal's deadline comes first; VmPoweredOffError; VcenterError where vCenter refuses to
 * respond, or the VM is gone; the signal's reason otherwise.
 */
export async function waitForIp(options: WaitForIpOptions): Promise<FoundAddress> {
  const { clock, rule, hints, report } = options;
  const startedAt = clock.now();
  // A customization that has ended was reported by Tools that ran: their absence from here on is a restart.
  let history = startHistory(rule.customizedAt === undefined ? 'never ran' : 'run');
  return watchVm<GuestAddresses | ToolsNotRunning, FoundAddress>({
    ...options,
    waitedFor: 'address',
    read: createGuestReader(options),
    next(poll) {
      const now = clock.now();
      const { best, tools } = history;
      history = continueHistory(history, poll, now);
      if (best !== undefined && history.best?.address !== best.address) {
        report(`${best.address} no longer counts: the guest has dropped it, or has a better one.`);
      }
      if (poll.kind !== 'read') {
        return { line: describeEmptyPoll(poll), isChangeNear: history.best !== undefined };
      }
      if (poll.value !== 'tools-not-running' && history.best !== undefined) {
        const { address, since } = history.best;
        const isSame = address === best?.address;
        if (isSame && now - (rule.customizedAt ?? since) >= holdTime(rule, history)) {
          report(`The guest's address is ${address}, after ${formatDuration(now - startedAt)}.`);
          return { result: { address, addresses: poll.value.usable } };
        }
      }
      const haveToolsComeUp = tools !== history.tools && history.tools !== 'are away';
      return {
        line: describeReading(poll.value, { rule, history }),
        isChangeNear: history.best !== undefined || haveToolsComeUp,
      };
    },
    async timedOut(polls, cause) {
      const known = history.tools === 'never ran' || polls.offSince !== undefined ? [] : await hints();
      throw new NoAddressError({ ...options, seen: { ...polls, ...history }, hints: known, cause });
    },
  });
}

/** Reads the guest's addresses, for {@link watchVm}. */
export function createGuestReader(
  options: WaitOptions & AddressFilter,
): (limits: Limits) => Promise<Reading<GuestAddresses | ToolsNotRunning>> {
  const reader = createAddressReader(options);
  return async (limits) => {
    const value = await reader.read(limits);
    return { value, error: value === 'tools-not-running' ? undefined : value.identityError };
  };
}

function describeReading(
  value: GuestAddresses | ToolsNotRunning,
  { rule, history }: { readonly rule: AddressRule; readonly history: GuestHistory },
): string {
  if (value === 'tools-not-running') {
    return history.tools === 'are away'
      ? 'VMware Tools do not run in the guest any more; it may restart.'
      : 'VMware Tools do not run in the guest yet.';
  }
  const { usable, refused } = value;
  if (usable[0] !== undefined) {
    return holdTime(rule, history) === 0
      ? `The guest reports ${usable[0]}; it counts if it is the same on the next poll.`
      : `The guest reports ${usable[0]}; ${whenItCounts(rule, history)}.`;
  }
  return refused.length === 0
    ? 'The guest reports no address yet.'
    : `The guest reports no usable address yet, only ${describeRefused(refused)}.`;
}
