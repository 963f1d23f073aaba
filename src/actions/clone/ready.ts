import { isIP } from 'node:net';
import { formatDuration } from '../../text/duration.ts';
import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded } from '../../time/deadline.ts';
import { type IpFamily, type Judgement, judgeAddresses, type RefusedAddress } from '../../vcenter/address.ts';
import { getGuestIdentity, listGuestInterfaces } from '../../vcenter/guest.ts';
import type { Session } from '../../vcenter/session.ts';
import { isRefusal, isUnknownUrl, VcenterError } from '../../vcenter/transport/error.ts';
import { getPowerState, type PowerState } from '../../vcenter/vm.ts';

export interface WaitForIpOptions {
  readonly session: Session;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** The VM's id. */
  readonly vm: string;
  readonly family: IpFamily;
  /** Accept only addresses in these networks; empty: in any. */
  readonly cidr: readonly string[];
  /** Ends the waiting, by its deadline or by an interrupt. */
  readonly signal: AbortSignal;
  /** Takes one line of progress, now and then. */
  readonly report: (line: string) => void;
}

export interface FoundAddress {
  /** The best one. */
  readonly address: string;
  /** All usable ones, the best first. */
  readonly addresses: readonly string[];
}

/** What was known of the guest when the time was over. */
export interface GuestSeen {
  readonly vm: string;
  /** Looks at the guest that vCenter answered. */
  readonly looks: number;
  /** Usable, but not the same on two looks in a row. */
  readonly unsteady: readonly string[];
  readonly refused: readonly RefusedAddress[];
  /** Whether VMware Tools answered at least once. */
  readonly toolsRan: boolean;
  /** As it was last seen. */
  readonly powerState: PowerState | undefined;
}

/** The guest reported no usable address in the time given. */
export class NoAddressError extends Error implements GuestSeen {
  override readonly name = 'NoAddressError';
  readonly vm: string;
  readonly looks: number;
  readonly unsteady: readonly string[];
  readonly refused: readonly RefusedAddress[];
  readonly toolsRan: boolean;
  readonly powerState: PowerState | undefined;
  /** Milliseconds that were given. */
  readonly limit: number;
  /** The failure that kept the last look from succeeding, where there was one. */
  readonly trouble: Error | undefined;

  constructor(seen: GuestSeen, cause: DeadlineExceeded) {
    super(`no usable address of ${seen.vm} within ${cause.limit} ms`, { cause });
    this.vm = seen.vm;
    this.looks = seen.looks;
    this.unsteady = seen.unsteady;
    this.refused = seen.refused;
    this.toolsRan = seen.toolsRan;
    this.powerState = seen.powerState;
    this.limit = cause.limit;
    this.trouble = cause.trouble;
  }
}

/** The VM is off, or suspended, and stays so: it will never report an address. */
export class VmPoweredOffError extends Error {
  override readonly name = 'VmPoweredOffError';
  readonly vm: string;
  readonly powerState: PowerState;

  constructor({ vm, powerState }: { readonly vm: string; readonly powerState: PowerState }) {
    super(`${vm} is ${powerState}`);
    this.vm = vm;
    this.powerState = powerState;
  }
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5_000;
const GROWTH = 1.5;
const JITTER = 0.1;
/** As long as there is nothing to see, the power is looked at on the first and on each so many-th look. */
const POWER_EVERY = 5;
const REPORT_EVERY = 30_000;

/**
 * Waits until the guest reports a usable address, the same on two looks in a row: customization may give it another one
 * after the first.
 *
 * @throws NoAddressError when the signal's deadline comes first; VmPoweredOffError; VcenterError where looking fails for
 * good; the signal's reason otherwise.
 */
export async function waitForIp(options: WaitForIpOptions): Promise<FoundAddress> {
  const { clock, random, vm, signal, report } = options;
  const startedAt = clock.now();
  const guest = watchGuest(options);
  let seen: GuestSeen = { vm, looks: 0, unsteady: [], refused: [], toolsRan: false, powerState: undefined };
  let said = { line: '', at: startedAt };
  let pause = FIRST_PAUSE / GROWTH;
  try {
    for (let look = 0; ; look += 1) {
      if (seen.unsteady.length === 0 && look % POWER_EVERY === 0) {
        seen = { ...seen, powerState: await ensurePoweredOn(options) };
      }
      const judgement = await guest.look();
      const { usable: addresses, refused } = judgement ?? { usable: [], refused: seen.refused };
      const [address] = addresses;
      if (address !== undefined && address === seen.unsteady[0]) {
        report(`The guest's address is ${address}, after ${formatDuration(clock.now() - startedAt)}.`);
        return { address, addresses };
      }
      // What comes next is near once Tools have come up, and once there is an address to look at again.
      const isNear = address !== undefined || (judgement !== undefined && !seen.toolsRan);
      pause = isNear ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, pause * GROWTH);
      seen = {
        ...seen,
        looks: look + 1,
        unsteady: addresses,
        refused,
        toolsRan: seen.toolsRan || judgement !== undefined,
      };

      const now = clock.now();
      const line = describeLook(judgement);
      if (line !== said.line || now - said.at >= REPORT_EVERY) {
        said = { line, at: now };
        report(`${line} (${formatDuration(now - startedAt)})`);
      }
      await clock.sleep(pause * (1 + (2 * random() - 1) * JITTER), signal);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded && error === signal.reason) {
      throw new NoAddressError(seen, error);
    }
    throw error;
  }
}

/** Off is believed on the second look only: a VM may be powered on a moment after its clone's end. */
async function ensurePoweredOn({ session, clock, vm, signal }: WaitForIpOptions): Promise<PowerState> {
  const limits = { signal, patience: Number.POSITIVE_INFINITY };
  const first = await getPowerState(session, vm, limits);
  if (!isOff(first)) {
    return first;
  }
  await clock.sleep(FIRST_PAUSE, signal);
  const powerState = await getPowerState(session, vm, limits);
  if (isOff(powerState)) {
    throw new VmPoweredOffError({ vm, powerState });
  }
  return powerState;
}

function isOff(state: PowerState): boolean {
  return state === 'POWERED_OFF' || state === 'SUSPENDED';
}

interface GuestWatch {
  /** Undefined as long as VMware Tools do not run. */
  look(): Promise<Judgement | undefined>;
}

/** Looks at a guest with as few calls as do: mostly one. */
function watchGuest({ session, vm, family, cidr, signal }: WaitForIpOptions): GuestWatch {
  let tellsInterfaces = true;

  const lookAtInterfaces = async (): Promise<Judgement | undefined> => {
    const interfaces = await listGuestInterfaces(session, vm, { signal, patience: Number.POSITIVE_INFINITY });
    if (interfaces === 'tools-not-running') {
      return undefined;
    }
    const judgement = judgeAddresses({ interfaces, family, cidr });
    const [first, second] = judgement.usable;
    if (first === undefined || second === undefined || isIP(first) !== isIP(second)) {
      return judgement;
    }
    return judgeAddresses({ interfaces, identityAddress: await preference(), family, cidr });
  };

  /** Which of several addresses VMware Tools prefer: good to know, but nothing to wait or to fail for. */
  const preference = async (): Promise<string | undefined> => {
    try {
      const identity = await getGuestIdentity(session, vm, { signal, patience: 0 });
      return identity === 'tools-not-running' ? undefined : identity.ipAddress;
    } catch (error) {
      if (error instanceof VcenterError) {
        return undefined;
      }
      throw error;
    }
  };

  const lookAtIdentity = async (): Promise<Judgement | undefined> => {
    const identity = await getGuestIdentity(session, vm, { signal, patience: Number.POSITIVE_INFINITY });
    return identity === 'tools-not-running'
      ? undefined
      : judgeAddresses({ interfaces: undefined, identityAddress: identity.ipAddress, family, cidr });
  };

  return {
    async look() {
      if (tellsInterfaces) {
        try {
          return await lookAtInterfaces();
        } catch (error) {
          if (!isUnserved(error)) {
            throw error;
          }
          tellsInterfaces = false;
        }
      }
      return lookAtIdentity();
    },
  };
}

function isUnserved(error: unknown): boolean {
  return (
    error instanceof VcenterError &&
    (isUnknownUrl(error) || isRefusal(error, 'OPERATION_NOT_FOUND', 'UNSUPPORTED'))
  );
}

function describeLook(judgement: Judgement | undefined): string {
  if (judgement === undefined) {
    return 'VMware Tools do not run in the guest yet.';
  }
  const { usable, refused } = judgement;
  if (usable[0] !== undefined) {
    return `The guest reports ${usable[0]}; it counts if it is the same on the next look.`;
  }
  return refused.length === 0
    ? 'The guest reports no address yet.'
    : `The guest reports no usable address yet, only ${describeRefused(refused)}.`;
}

const MOST_REFUSED = 6;
const LONGEST_ADDRESS = 60; // the longest IPv6 address has 45 characters; a zone comes on top

function describeRefused(refused: readonly RefusedAddress[]): string {
  const shown = refused.slice(0, MOST_REFUSED).map(({ address, why }) => `${short(address)} (${short(why)})`);
  const more = refused.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** The guest may report anything for an address; more of it than fits on a line helps nobody. */
function short(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, LONGEST_ADDRESS);
}

/** What happened and what to do about it, one sentence or more a line. */
export function describeNoAddress(error: NoAddressError | VmPoweredOffError): string {
  if (error instanceof VmPoweredOffError) {
    return [
      `${error.vm} is ${error.powerState}, so its guest never reports an address.`,
      "Leave 'power-on' at true, or 'wait-for-ip' at false. If the VM was on: look at its events in vCenter for what switched it off.",
    ].join('\n');
  }
  const lines = [
    `${error.vm} has reported no usable address within ${formatDuration(error.limit)} ('ip-timeout').`,
  ];
  if (error.trouble instanceof Error) {
    lines.push(`The last look failed: ${error.trouble.message}`);
  }
  lines.push(...whatToDo(error));
  return lines.join('\n');
}

function whatToDo({ looks, toolsRan, unsteady, refused }: NoAddressError): readonly string[] {
  if (looks === 0) {
    return ['vCenter answered no question about the guest in this time.'];
  }
  if (!toolsRan) {
    return [
      'VMware Tools never answered: are they (open-vm-tools) installed in the source, and does it boot in this time?',
    ];
  }
  if (unsteady.length > 0) {
    return [`${unsteady[0]} was seen, but not on two looks in a row: give it more time with 'ip-timeout'.`];
  }
  if (refused.length === 0) {
    return [
      'VMware Tools run, but the guest has no address: is its NIC connected, to the right network, and does DHCP answer there?',
    ];
  }
  return [
    `What it reported does not count: ${describeRefused(refused)}.`,
    "If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'.",
  ];
}
