import { DescribedError } from '../../text/described-error.ts';
import { formatDuration } from '../../text/duration.ts';
import type { DeadlineExceeded } from '../../time/deadline.ts';
import type { RefusedAddress } from '../../vcenter/address.ts';
import type { PowerState } from '../../vcenter/vm.ts';
import type { GuestHistory } from './guest-history.ts';

const HOW_TO_KEEP =
  "To examine such a VM, set 'wait-for-ip' to false: then the step succeeds, and the VM stays until it is torn down.";

/** The guest reported no usable address in the time given. */
export class NoAddressError extends DescribedError {
  override readonly name = 'NoAddressError';
  readonly title = 'No address';
  /** What happened and what to do about it, one sentence or more a line. */
  readonly text: string;
  readonly vm: string;
  /** What was known of the guest when the time was over. */
  readonly seen: GuestHistory;
  /** Milliseconds that were given. */
  readonly limit: number;

  constructor({ vm, seen, holdTime, cause }: NoAddressFields) {
    super(`no usable address of ${vm} within ${cause.limit} ms`, { cause });
    this.vm = vm;
    this.seen = seen;
    this.limit = cause.limit;
    this.text = [
      `${vm} has reported no usable address within ${formatDuration(cause.limit)} ('ip-timeout').`,
      ...whatToDo(seen, holdTime),
      ...lastFailure(seen, cause),
      HOW_TO_KEEP,
    ].join('\n');
  }
}

export interface NoAddressFields {
  readonly vm: string;
  readonly seen: GuestHistory;
  /** How long an address had to hold, in milliseconds; 0: the same on two polls in a row was enough. */
  readonly holdTime: number;
  readonly cause: DeadlineExceeded;
}

/** The VM is off, or suspended, and stays so: it will never report an address. */
export class VmPoweredOffError extends DescribedError {
  override readonly name = 'VmPoweredOffError';
  readonly title = 'No address';
  readonly vm: string;
  readonly powerState: PowerState;
  /** What happened and what to do about it, one sentence or more a line. */
  readonly text: string;

  constructor({
    vm,
    powerState,
    isMeantToBeOn,
  }: {
    readonly vm: string;
    readonly powerState: PowerState;
    readonly isMeantToBeOn: boolean;
  }) {
    super(`${vm} is ${powerState}`);
    this.vm = vm;
    this.powerState = powerState;
    this.text = [
      `${vm} is ${powerState}, so its guest never reports an address.`,
      ...(isMeantToBeOn
        ? ['It was to be on: its events in vCenter say what switched it off or keeps it off.', HOW_TO_KEEP]
        : ["Power it on first, or leave 'wait-for-ip' at false."]),
    ].join('\n');
  }
}

function whatToDo(
  { responses, powerState, offSince, tools, best, refused }: GuestHistory,
  holdTime: number,
): readonly string[] {
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
      holdTime === 0
        ? `${best.address} was seen, but not on two polls in a row: give it more time with 'ip-timeout'.`
        : `${best.address} was seen, but with a customization an address counts only after the guest's restart, or once it has held for ${formatDuration(holdTime)}: give it more time with 'ip-timeout'.`,
    ];
  }
  if (refused.length === 0) {
    return [
      'VMware Tools run, but the guest has no address: is its NIC connected, to the right network, and does DHCP respond there?',
    ];
  }
  return [
    `What it reported is not usable: ${describeRefused(refused)}.`,
    "If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'.",
  ];
}

function lastFailure({ startedAt, lastError }: GuestHistory, deadline: DeadlineExceeded): readonly string[] {
  if (lastError !== undefined) {
    const after = formatDuration(lastError.at - startedAt);
    return [`The last request that failed, after ${after}: ${lastError.error.message}`];
  }
  return deadline.lastError === undefined
    ? []
    : [`The last request that failed: ${deadline.lastError.message}`];
}

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
