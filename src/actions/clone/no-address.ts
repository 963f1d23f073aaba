import { DescribedError, joinLines } from '../../text/described-error.ts';
import { formatDuration } from '../../text/duration.ts';
import type { DeadlineExceeded } from '../../time/deadline.ts';
import { BY_FILTER, OF_SOURCE, type RefusedAddress } from '../../vcenter/address.ts';
import { type AddressRule, holdTime, whenItCounts } from './address-rule.ts';
import type { GuestHistory } from './guest-history.ts';
import { howToKeep, type WaitAdvice } from './vm-powered-off.ts';
import { describeLastError, type PollHistory } from './watch-vm.ts';

export interface NoAddressFields extends WaitAdvice {
  readonly vm: string;
  readonly seen: GuestHistory & PollHistory;
  /** When an address would have counted. */
  readonly rule: AddressRule;
  /** What else may keep this guest from having an address, one sentence each. */
  readonly hints: readonly string[];
  readonly cause: DeadlineExceeded;
}

/** The guest reported no usable address in the time given. */
export class NoAddressError extends DescribedError {
  override readonly name = 'NoAddressError';
  readonly title = 'No address';
  /** What happened and what to do about it, one sentence or more a line. */
  readonly text: string;
  readonly vm: string;
  /** What was known of the guest when the time was over. */
  readonly seen: NoAddressFields['seen'];
  /** Milliseconds that were given. */
  readonly limit: number;

  constructor({ vm, seen, rule, hints, cause, ...advice }: NoAddressFields) {
    super(`no usable address of ${vm} within ${cause.limit} ms`, { cause });
    this.vm = vm;
    this.seen = seen;
    this.limit = cause.limit;
    this.text = joinLines(
      `${vm} has reported no usable address within ${formatDuration(cause.limit)} ('ip-timeout').`,
      ...whatToDo(seen, rule),
      ...hints,
      describeLastError(seen, cause),
      howToKeep(advice),
    );
  }
}

function whatToDo(seen: NoAddressFields['seen'], rule: AddressRule): readonly string[] {
  const { responses, powerState, offSince, tools, best, refused } = seen;
  if (offSince !== undefined) {
    return [`It was last seen ${powerState}: its events in vCenter say what keeps it off.`];
  }
  if (responses === 0) {
    return ['vCenter responded to no request about the guest in this time.'];
  }
  if (tools === 'never ran') {
    return [
      'VMware Tools never responded: are they (open-vm-tools) installed in the source, and does it boot in this time?',
    ];
  }
  if (best !== undefined) {
    return [
      holdTime(rule, seen) === 0
        ? `${best.address} was seen, but not on two polls in a row: give it more time with 'ip-timeout'.`
        : `${best.address} was seen, but ${whenItCounts(rule, seen)}: give it more time with 'ip-timeout'.`,
    ];
  }
  if (tools === 'are away') {
    return [
      'VMware Tools ran, but did not come back after a restart of the guest: does it boot in this time?',
    ];
  }
  if (refused.length === 0) {
    return [`VMware Tools run, but the guest has no address: ${NO_DHCP}`];
  }
  const isAny = (reasons: readonly string[]) => refused.some(({ why }) => reasons.includes(why));
  return [
    `What it reported is not usable: ${describeRefused(refused)}.`,
    ...(isAny(BY_FILTER)
      ? ["If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'."]
      : []),
    ...(isAny([OF_SOURCE])
      ? ["An instant clone begins with its source's addresses: something in its guest has to give it others."]
      : []),
    ...(isAny([...BY_FILTER, OF_SOURCE]) ? [] : [`The guest has no other address: ${NO_DHCP}`]),
  ];
}

const NO_DHCP = 'is its NIC connected, to the right network, and does DHCP respond there?';

const MOST_REFUSED = 6;
const LONGEST_ADDRESS = 60; // the longest IPv6 address has 45 characters; a zone comes on top

/** Refused addresses as a list of a bearable length: the guest may report anything, and any number of them. */
export function describeRefused(refused: readonly RefusedAddress[]): string {
  const shown = refused.slice(0, MOST_REFUSED).map(({ address, why }) => `${short(address)} (${short(why)})`);
  const more = refused.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function short(text: string): string {
  return text.slice(0, LONGEST_ADDRESS).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
