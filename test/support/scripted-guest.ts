import { expect } from 'vitest';
import type { WaitOptions } from '../../src/actions/clone/watch-vm.ts';
import type { Clock } from '../../src/time/clock.ts';
import { DeadlineExceeded, withDeadline } from '../../src/time/deadline.ts';
import type { Session } from '../../src/vcenter/session.ts';
import { VcenterError } from '../../src/vcenter/transport/error.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const POWER = 'GET /api/vcenter/vm/{vm}/power';
export const INTERFACES = 'GET /api/vcenter/vm/{vm}/guest/networking/interfaces';
export const IDENTITY = 'GET /api/vcenter/vm/{vm}/guest/identity';
export const CUSTOMIZATION = 'GET /api/vcenter/vm/{vm}/guest/customization';

/** What vCenter answers, by the milliseconds since the start of the wait: a body, or an error. */
export type At = (elapsed: number) => unknown;

/** What vCenter tells of a VM; by default it is on, and nothing is known of its guest. */
export interface Guest {
  readonly power?: At;
  readonly interfaces?: At;
  readonly identity?: At;
  readonly customization?: At;
}

/** For {@link Guest}: VMware Tools do not run. */
export const TOOLS_DOWN = Symbol('Tools do not run');
/** For {@link Guest}: no response, until the request is given up. */
export const NEVER = Symbol('no response');

export const refusal = (
  operation: string,
  fields: { status: number; errorType: string; messageIds?: readonly string[] },
) =>
  new VcenterError({
    ...{ operation, server: 'vcenter.example', failure: 'response', sent: true, messages: ['No.'] },
    isVapiError: true,
    ...fields,
  });

/** What a proxy in front of vCenter says is not in vCenter's own form. */
export const pageOfProxy = (status: number, operation = INTERFACES) =>
  new VcenterError({
    ...{ operation, server: 'vcenter.example', failure: 'response', sent: true, status },
    messages: [`HTTP ${status}, a page`],
  });

/** The interface of a virtual NIC with these addresses. */
export const nic = (...addresses: readonly (string | { address: string; state: string })[]) => ({
  nic: '4000',
  ip: {
    ip_addresses: addresses.map((each) => {
      const { address, state } = typeof each === 'string' ? { address: each, state: 'PREFERRED' } : each;
      return { ip_address: address, prefix_length: 24, state };
    }),
  },
});

export interface Outcome {
  readonly calls: readonly { readonly operation: string; readonly at: number }[];
  readonly lines: readonly string[];
  /** What the wait returned, or was rejected with. */
  readonly result: unknown;
  /** When the wait was over. */
  readonly at: number;
}

export const operations = ({ calls }: Outcome) => calls.map(({ operation }) => operation);

export interface WaitSettings {
  readonly random?: (() => number) | undefined;
  readonly isMeantToBeOn?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Waits for a guest, in virtual time. */
export async function waitFor(
  guest: Guest,
  { random = () => 0.5, isMeantToBeOn = false, limit = 300_000, signal }: WaitSettings,
  wait: (options: WaitOptions) => Promise<unknown>,
): Promise<Outcome> {
  const clock = createVirtualClock();
  const calls: { operation: string; at: number }[] = [];
  const lines: string[] = [];
  const session = sessionOf(guest, { clock, log: (operation) => calls.push({ operation, at: clock.now() }) });
  const result = await withDeadline(
    { clock, what: 'The wait', limit, ...(signal === undefined ? {} : { signal }) },
    (deadline) =>
      wait({
        ...{ session, clock, random, vm: 'vm-1067', isMeantToBeOn },
        waitForLess: "set 'wait-for-ip' to false",
        signal: deadline,
        report: (line) => lines.push(line),
      }),
  ).catch((error: unknown) => error);
  expect(result).not.toBeInstanceOf(DeadlineExceeded);
  return { calls, lines, result, at: clock.now() };
}

function sessionOf(
  guest: Guest,
  { clock, log }: { readonly clock: Clock; readonly log: (operation: string) => void },
): Session {
  const answers: Readonly<Record<string, At>> = {
    [POWER]: guest.power ?? (() => 'POWERED_ON'),
    [INTERFACES]: guest.interfaces ?? (() => []),
    [IDENTITY]: guest.identity ?? (() => ({})),
    [CUSTOMIZATION]: guest.customization ?? (() => ({ status: 'IDLE' })),
  };
  return {
    server: 'vcenter.example',
    close: () => Promise.resolve(),
    request({ operation, isExpected }, limits) {
      limits.signal.throwIfAborted();
      log(operation);
      const answer = answers[operation]?.(clock.now());
      if (answer === TOOLS_DOWN) {
        const error = refusal(operation, { status: 503, errorType: 'SERVICE_UNAVAILABLE' });
        expect(isExpected?.(error)).toBe(true);
        return Promise.reject(error);
      }
      if (answer instanceof Error) {
        return Promise.reject(answer);
      }
      if (answer === NEVER) {
        return new Promise((_, reject) => {
          limits.signal.addEventListener('abort', () => reject(limits.signal.reason));
        });
      }
      const body = operation === POWER ? { state: answer } : answer;
      return Promise.resolve({ status: 200, body });
    },
  };
}
