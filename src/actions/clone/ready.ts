import { formatDuration } from '../../text/duration.ts';
import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded } from '../../time/deadline.ts';
import type { AddressFilter } from '../../vcenter/address.ts';
import { createAddressReader } from '../../vcenter/guest-addresses.ts';
import type { Session } from '../../vcenter/session.ts';
import { continueHistory, startHistory } from './guest-history.ts';
import { type GuestPoll, pollGuest } from './guest-poll.ts';
import { describeRefused, NoAddressError, VmPoweredOffError } from './no-address.ts';

export interface WaitForIpOptions extends AddressFilter {
  readonly session: Session;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** The VM's id. */
  readonly vm: string;
  /** Whether somebody asked for the VM to be on: vCenter may take its time to power it on. */
  readonly isMeantToBeOn: boolean;
  /** Whether a customization was asked for, which changes addresses and restarts the guest. */
  readonly hasCustomization: boolean;
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

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5_000;
const GROWTH = 1.5;
const JITTER = 0.1;
/** As long as there is no usable address, power is polled with the first and with each so many-th poll of the guest. */
const POWER_EVERY = 5;
/** vCenter powers a clone on in a task of its own, behind DRS or a queue. */
const LONGEST_OFF = 30_000;
/** A guest may show its source's address until it is customized; one that restarts for it is away sooner than this. */
const HOLD_TIME = 40_000;
const REPORT_EVERY = 30_000;
/** Characters of a failed request's reason in a line of progress. */
const LONGEST_REASON = 300;

/**
 * Waits until the guest reports a usable address, the same on two polls in a row. With a customization that is enough only
 * once VMware Tools were away after they had run, and are back; else the address has to hold for 40 s. Failed polls are
 * retried until the signal's end.
 *
 * @throws NoAddressError when the signal's deadline comes first; VmPoweredOffError; VcenterError where vCenter refuses to
 * respond, or the VM is gone; the signal's reason otherwise.
 */
export async function waitForIp(options: WaitForIpOptions): Promise<FoundAddress> {
  const { session, clock, random, vm, isMeantToBeOn, hasCustomization, signal, report } = options;
  const reader = createAddressReader(options);
  const longestOff = isMeantToBeOn ? LONGEST_OFF : 0;
  const startedAt = clock.now();
  let history = startHistory(startedAt);
  let reported = { line: '', at: startedAt };
  let pause = FIRST_PAUSE / GROWTH;
  const holdTime = () => (hasCustomization && history.tools !== 'are back' ? HOLD_TIME : 0);
  try {
    for (let polls = 0; ; polls += 1) {
      const { best, offSince, tools } = history;
      const withPower = offSince !== undefined || (best === undefined && polls % POWER_EVERY === 0);
      const poll = await pollGuest({ session, reader, vm, signal, withPower });
      const now = clock.now();
      history = continueHistory(history, poll, now);

      if (poll.kind === 'off' && offSince !== undefined && now - offSince >= longestOff) {
        throw new VmPoweredOffError({ vm, powerState: poll.powerState, isMeantToBeOn });
      }
      if (poll.kind === 'addresses' && history.best !== undefined) {
        const { address, since } = history.best;
        if (address === best?.address && now - since >= holdTime()) {
          report(`The guest's address is ${address}, after ${formatDuration(now - startedAt)}.`);
          return { address, addresses: poll.usable };
        }
      }

      const line = describePoll(poll, holdTime());
      if (line !== reported.line || now - reported.at >= REPORT_EVERY) {
        reported = { line, at: now };
        report(`${line} (${formatDuration(now - startedAt)})`);
      }
      const haveToolsComeUp = poll.kind === 'addresses' && (tools === 'never ran' || tools === 'are away');
      const isChangeNear = poll.kind === 'off' || history.best !== undefined || haveToolsComeUp;
      pause = isChangeNear ? FIRST_PAUSE : Math.min(LONGEST_PAUSE, pause * GROWTH);
      await clock.sleep(pause * (1 + (2 * random() - 1) * JITTER), signal);
    }
  } catch (error) {
    if (error instanceof DeadlineExceeded && error === signal.reason) {
      throw new NoAddressError({ vm, seen: history, holdTime: holdTime(), cause: error });
    }
    throw error;
  }
}

function describePoll(poll: GuestPoll, holdTime: number): string {
  switch (poll.kind) {
    case 'off':
      return `The VM is ${poll.powerState}.`;
    case 'tools not running':
      return 'VMware Tools do not run in the guest yet.';
    case 'failed':
      return `The guest could not be polled: ${poll.error.message.slice(0, LONGEST_REASON)}`;
    case 'addresses': {
      const { usable, refused } = poll;
      if (usable[0] !== undefined) {
        return holdTime === 0
          ? `The guest reports ${usable[0]}; it counts if it is the same on the next poll.`
          : `The guest reports ${usable[0]}; until it is customized, that counts after its restart, or once it has held for ${formatDuration(holdTime)}.`;
      }
      return refused.length === 0
        ? 'The guest reports no address yet.'
        : `The guest reports no usable address yet, only ${describeRefused(refused)}.`;
    }
  }
}
