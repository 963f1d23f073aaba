import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describeNoAddress,
  NoAddressError,
  VmPoweredOffError,
  type WaitForIpOptions,
  waitForIp,
} from '../../../src/actions/clone/ready.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../../src/time/deadline.ts';
import type { Session } from '../../../src/vcenter/session.ts';
import { VcenterError } from '../../../src/vcenter/transport/error.ts';

const POWER = 'GET /api/vcenter/vm/{vm}/power';
const INTERFACES = 'GET /api/vcenter/vm/{vm}/guest/networking/interfaces';
const IDENTITY = 'GET /api/vcenter/vm/{vm}/guest/identity';

/** Time that passes only where somebody sleeps. */
function createTestClock(): Clock {
  let now = 0;
  const timers: { readonly at: number; readonly fire: () => void }[] = [];
  let isRunning = false;
  const run = async () => {
    isRunning = true;
    while (timers.length > 0) {
      // Everybody who was woken gets to its next sleep before time goes on.
      await new Promise((resolve) => setImmediate(resolve));
      timers.sort((a, b) => a.at - b.at);
      const next = timers.shift();
      now = Math.max(now, next?.at ?? now);
      next?.fire();
    }
    isRunning = false;
  };
  return {
    now: () => now,
    date: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const timer = { at: now + ms, fire: resolve };
        timers.push(timer);
        signal?.addEventListener('abort', () => {
          timers.splice(timers.indexOf(timer), 1);
          reject(signal.reason);
        });
        if (!isRunning) {
          void run();
        }
      }),
  };
}

/** Milliseconds since the start of the wait. */
type At = (elapsed: number) => unknown;

interface Guest {
  readonly power?: At;
  readonly interfaces?: At;
  readonly identity?: At;
}

const refusal = (
  operation: string,
  fields: { status: number; errorType: string; messageIds?: readonly string[] },
) =>
  new VcenterError({
    ...{ operation, server: 'vcenter.example', failure: 'answer', sent: true, messages: ['No.'] },
    ...fields,
  });

const TOOLS_DOWN = Symbol('Tools do not run');
const NEVER = Symbol('no answer');

const nic = (...addresses: readonly (string | { address: string; state: string })[]) => ({
  nic: '4000',
  ip: {
    ip_addresses: addresses.map((each) => {
      const { address, state } = typeof each === 'string' ? { address: each, state: 'PREFERRED' } : each;
      return { ip_address: address, prefix_length: 24, state };
    }),
  },
});

interface Outcome {
  readonly calls: readonly { readonly operation: string; readonly at: number }[];
  readonly lines: readonly string[];
  readonly result: unknown;
  /** When the wait was over. */
  readonly at: number;
}

const operations = (outcome: Outcome) => outcome.calls.map(({ operation }) => operation);

async function wait(
  guest: Guest,
  options: Partial<Pick<WaitForIpOptions, 'family' | 'cidr' | 'random'>> & {
    limit?: number;
    signal?: AbortSignal;
  } = {},
): Promise<Outcome> {
  const { limit = 300_000, signal, ...rest } = options;
  const clock = createTestClock();
  const calls: { operation: string; at: number }[] = [];
  const lines: string[] = [];
  const answers: Record<string, At> = {
    [POWER]: guest.power ?? (() => 'POWERED_ON'),
    [INTERFACES]: guest.interfaces ?? (() => []),
    [IDENTITY]: guest.identity ?? (() => ({})),
  };
  const session: Session = {
    username: 'ci',
    server: 'vcenter.example',
    serverTime: () => new Date(0),
    close: () => Promise.resolve(),
    request({ operation, isAnswer }, limits) {
      limits.signal.throwIfAborted();
      calls.push({ operation, at: clock.now() });
      const answer = answers[operation]?.(clock.now());
      if (answer === TOOLS_DOWN) {
        const error = refusal(operation, { status: 503, errorType: 'SERVICE_UNAVAILABLE' });
        expect(isAnswer?.(error)).toBe(true);
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
      return Promise.resolve({ status: 200, body, date: undefined });
    },
  };
  const result = await withDeadline(
    { clock, what: 'The wait for an address', limit, ...(signal === undefined ? {} : { signal }) },
    (deadline) =>
      waitForIp({
        ...{ session, clock, vm: 'vm-1067', family: 'any', cidr: [], random: () => 0.5, ...rest },
        signal: deadline,
        report: (line) => lines.push(line),
      }),
  ).catch((error: unknown) => error);
  return { calls, lines, result, at: clock.now() };
}

describe('waitForIp', () => {
  it('takes an address that is the same on two looks, a second apart, with three calls', async () => {
    const outcome = await wait({ interfaces: () => [nic('10.20.4.43', 'fe80::1')] });
    expect(outcome.result).toEqual({ address: '10.20.4.43', addresses: ['10.20.4.43'] });
    expect(outcome.calls).toEqual([
      { operation: POWER, at: 0 },
      { operation: INTERFACES, at: 0 },
      { operation: INTERFACES, at: 1_000 },
    ]);
    expect(outcome.lines).toEqual([
      'The guest reports 10.20.4.43; it counts if it is the same on the next look. (0 ms)',
      "The guest's address is 10.20.4.43, after 1 s.",
    ]);
  });

  it('goes through boot: Tools down, no address, only link-local, tentative, there', async () => {
    const outcome = await wait({
      interfaces: (elapsed) => {
        if (elapsed < 20_000) {
          return TOOLS_DOWN;
        }
        if (elapsed < 25_000) {
          return [nic()];
        }
        if (elapsed < 30_000) {
          return [nic('169.254.7.7')];
        }
        return [nic({ address: '10.0.0.5', state: elapsed < 36_000 ? 'TENTATIVE' : 'PREFERRED' })];
      },
    });
    expect(outcome.result).toEqual({ address: '10.0.0.5', addresses: ['10.0.0.5'] });
    expect(outcome.lines.map((line) => line.replace(/ \(\d[^()]*\)$/, ''))).toEqual([
      'VMware Tools do not run in the guest yet.',
      'The guest reports no address yet.',
      'The guest reports no usable address yet, only 169.254.7.7 (link-local).',
      'The guest reports no usable address yet, only 10.0.0.5 (state TENTATIVE).',
      'The guest reports 10.0.0.5; it counts if it is the same on the next look.',
      expect.stringMatching(/^The guest's address is 10\.0\.0\.5, after /),
    ]);
  });

  it('does not take an address that changes, as customization makes it do', async () => {
    const outcome = await wait({ interfaces: (elapsed) => [nic(elapsed < 1_000 ? '10.0.0.5' : '10.0.0.6')] });
    expect(outcome.result).toEqual({ address: '10.0.0.6', addresses: ['10.0.0.6'] });
  });

  it('does not take an address that was seen before a reboot and after it as seen in a row', async () => {
    const looks = ['10.0.0.5', '', '10.0.0.5', '10.0.0.5'];
    const outcome = await wait({ interfaces: () => [nic(looks.shift() ?? '')] });
    expect(operations(outcome).filter((operation) => operation === INTERFACES)).toHaveLength(4);
  });

  it('tells all usable addresses of the second look', async () => {
    const outcome = await wait({
      interfaces: (elapsed) => [nic('10.0.0.5', ...(elapsed < 1_000 ? [] : ['2001:db8::5']))],
    });
    expect(outcome.result).toEqual({ address: '10.0.0.5', addresses: ['10.0.0.5', '2001:db8::5'] });
  });

  it('keeps to family and networks', async () => {
    const interfaces = () => [nic('10.0.0.5', '10.1.0.5', '2001:db8::5')];
    expect((await wait({ interfaces }, { family: 'ipv6' })).result).toMatchObject({ address: '2001:db8::5' });
    expect((await wait({ interfaces }, { cidr: ['10.1.0.0/16'] })).result).toMatchObject({
      address: '10.1.0.5',
    });
  });

  it('looks every second at first and never more than five and a half apart', async () => {
    for (const random of [() => 0, () => 0.5, () => 0.999]) {
      const { calls } = await wait({ interfaces: () => [nic()] }, { random });
      const looks = calls.filter(({ operation }) => operation === INTERFACES).map(({ at }) => at);
      const gaps = looks.slice(1).map((at, index) => at - (looks[index] ?? 0));
      expect(gaps[0]).toBeGreaterThanOrEqual(900);
      expect(gaps[0]).toBeLessThanOrEqual(1_100);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(5_500);
      expect(gaps.at(-1)).toBeGreaterThanOrEqual(4_500);
      expect(looks.length).toBeLessThan(80);
    }
  });

  it('does not look more often because bridges inside the guest come and go', async () => {
    let look = 0;
    const { calls } = await wait({
      interfaces: () => {
        look += 1;
        return [nic(`fe80::${look}`)];
      },
    });
    expect(calls.length).toBeLessThan(80);
  });

  it('reports every half minute while nothing changes', async () => {
    const { lines } = await wait({ interfaces: () => [nic()] });
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThanOrEqual(11);
  });
});

describe('waitForIp with several addresses', () => {
  const interfaces = () => [nic('10.0.0.5', '10.0.0.6', '2001:db8::5')];

  it('asks which one VMware Tools prefer', async () => {
    const outcome = await wait({ interfaces, identity: () => ({ ip_address: '10.0.0.6' }) });
    expect(outcome.result).toEqual({
      address: '10.0.0.6',
      addresses: ['10.0.0.6', '10.0.0.5', '2001:db8::5'],
    });
    expect(operations(outcome)).toEqual([POWER, INTERFACES, IDENTITY, INTERFACES, IDENTITY]);
  });

  it('does not ask where the family decides', async () => {
    const outcome = await wait({ interfaces: () => [nic('10.0.0.5', '2001:db8::5')] });
    expect(operations(outcome)).not.toContain(IDENTITY);
  });

  it.each([
    ['fails', refusal(IDENTITY, { status: 500, errorType: 'ERROR' })],
    ['has nothing yet', TOOLS_DOWN],
    ['cannot be read', 'no object'],
  ])('does without where the identity %s', async (_, answer) => {
    const outcome = await wait({ interfaces, identity: () => answer });
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
  });
});

describe('waitForIp on a server that does not tell interfaces', () => {
  it.each([
    refusal(INTERFACES, {
      status: 404,
      errorType: 'NOT_FOUND',
      messageIds: ['com.vmware.vapi.rest.httpNotFound'],
    }),
    refusal(INTERFACES, { status: 404, errorType: 'OPERATION_NOT_FOUND' }),
  ])('goes by the identity, and asks for the interfaces once', async (refused) => {
    const outcome = await wait({
      interfaces: () => refused,
      identity: (elapsed) => {
        if (elapsed < 2_000) {
          return TOOLS_DOWN;
        }
        return elapsed < 4_000 ? {} : { ip_address: '10.0.0.5' };
      },
    });
    expect(outcome.result).toEqual({ address: '10.0.0.5', addresses: ['10.0.0.5'] });
    expect(operations(outcome).filter((operation) => operation === INTERFACES)).toHaveLength(1);
  });
});

describe('waitForIp and the power', () => {
  it.each(['POWERED_OFF', 'SUSPENDED'])('fails at once where the VM stays %s', async (powerState) => {
    const outcome = await wait({ power: () => powerState, interfaces: () => TOOLS_DOWN });
    expect(outcome.result).toBeInstanceOf(VmPoweredOffError);
    expect(outcome.result).toMatchObject({ vm: 'vm-1067', powerState });
    expect(outcome.at).toBeLessThanOrEqual(1_000);
    expect(operations(outcome)).toEqual([POWER, POWER]);
  });

  it('gives a VM that is just being powered on a second', async () => {
    const outcome = await wait({
      power: (elapsed) => (elapsed < 500 ? 'POWERED_OFF' : 'POWERED_ON'),
      interfaces: () => [nic('10.0.0.5')],
    });
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
  });

  it('notices within half a minute that the VM was switched off meanwhile', async () => {
    const outcome = await wait({
      power: (elapsed) => (elapsed < 60_000 ? 'POWERED_ON' : 'POWERED_OFF'),
      interfaces: () => TOOLS_DOWN,
    });
    expect(outcome.result).toBeInstanceOf(VmPoweredOffError);
    expect(outcome.at).toBeLessThan(90_000);
  });

  it('does not take a state that is not known for off', async () => {
    const outcome = await wait({ power: () => 'HIBERNATED', interfaces: () => [nic('10.0.0.5')] });
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
  });
});

describe('waitForIp at the end of its time', () => {
  it('says that Tools never ran', async () => {
    const { result, at } = await wait({ interfaces: () => TOOLS_DOWN }, { limit: 60_000 });
    expect(at).toBe(60_000);
    expect(result).toMatchObject({
      ...{ name: 'NoAddressError', limit: 60_000, vm: 'vm-1067', powerState: 'POWERED_ON' },
      ...{ toolsRan: false, refused: [], unsteady: [] },
    });
    expect(textOf(result)).toBe(
      "vm-1067 has reported no usable address within 1 min ('ip-timeout').\n" +
        'VMware Tools never answered: are they (open-vm-tools) installed in the source, and does it boot in this time?',
    );
  });

  it('says that there was no address', async () => {
    const { result } = await wait({ interfaces: () => [nic()] });
    expect(result).toMatchObject({ toolsRan: true, refused: [] });
    expect(textOf(result)).toContain('does DHCP answer there?');
  });

  it('says what was seen and why it does not count', async () => {
    const { result } = await wait(
      { interfaces: () => [nic('fe80::1', '10.0.0.5')] },
      { cidr: ['10.1.0.0/16'] },
    );
    expect(textOf(result)).toContain(
      "What it reported does not count: fe80::1 (link-local), 10.0.0.5 (outside 'ip-cidr').",
    );
  });

  it('says that an address was not steady', async () => {
    let look = 0;
    const { result } = await wait({
      interfaces: () => {
        look += 1;
        return [nic(look % 2 === 0 ? '10.0.0.5' : '10.0.0.6')];
      },
    });
    expect(textOf(result)).toMatch(/10\.0\.0\.[56] was seen, but not on two looks in a row/);
  });

  it('takes along the failure that kept looks from succeeding', () => {
    const cause = new DeadlineExceeded({ what: 'The wait', limit: 5_000 });
    cause.trouble = refusal(INTERFACES, { status: 500, errorType: 'ERROR' });
    const seen = { vm: 'vm-1', looks: 0, unsteady: [], refused: [], toolsRan: false, powerState: undefined };
    expect(describeNoAddress(new NoAddressError(seen, cause))).toContain(
      `The last look failed: ${INTERFACES}: No.`,
    );
  });

  it('does not blame the guest where vCenter never answered', async () => {
    const { result } = await wait({ interfaces: () => NEVER });
    expect(result).toMatchObject({ looks: 0, powerState: 'POWERED_ON' });
    expect(textOf(result)).toBe(
      "vm-1067 has reported no usable address within 5 min ('ip-timeout').\n" +
        'vCenter answered no question about the guest in this time.',
    );
  });

  it('passes an interrupt through', async () => {
    const interrupt = new Interrupted('SIGTERM');
    const controller = new AbortController();
    const { result } = await wait(
      {
        interfaces: (elapsed) => {
          if (elapsed >= 10_000) {
            controller.abort(interrupt);
          }
          return TOOLS_DOWN;
        },
      },
      { signal: controller.signal },
    );
    expect(result).toBe(interrupt);
  });

  it('passes on that the VM is gone', async () => {
    const gone = refusal(INTERFACES, { status: 404, errorType: 'NOT_FOUND' });
    expect((await wait({ interfaces: () => gone })).result).toBe(gone);
  });
});

describe('waitForIp with whatever a guest may report', () => {
  it('ends with an address or with NoAddressError, and with lines of a bearable length', async () => {
    const row = fc.oneof(
      fc.anything(),
      fc.record({
        nic: fc.oneof(fc.constant('4000'), fc.anything()),
        ip: fc.oneof(
          fc.anything(),
          fc.record({
            ip_addresses: fc.oneof(
              fc.anything(),
              fc.array(
                fc.record({
                  ip_address: fc.oneof(
                    fc.ipV4(),
                    fc.ipV6(),
                    fc.string({ unit: 'binary', maxLength: 500 }),
                    fc.anything(),
                  ),
                  state: fc.oneof(fc.constant('PREFERRED'), fc.string({ maxLength: 500 }), fc.anything()),
                }),
              ),
            ),
          }),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const { result, lines } = await wait({ interfaces: () => rows }, { limit: 6_000 });
        if (result instanceof NoAddressError) {
          expect(describeNoAddress(result).length).toBeLessThan(2_000);
          expect(describeNoAddress(result)).not.toMatch(/[^\P{Cc}\n]/u);
        } else {
          expect(result).toMatchObject({ address: expect.stringMatching(/^[0-9a-f.:]+$/) });
        }
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1_500);
        expect(lines.join('')).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 100 },
    );
  });
});

describe('describeNoAddress', () => {
  it('says that a VM that is off has no address', () => {
    expect(describeNoAddress(new VmPoweredOffError({ vm: 'vm-1067', powerState: 'POWERED_OFF' }))).toBe(
      'vm-1067 is POWERED_OFF, so its guest never reports an address.\n' +
        "Leave 'power-on' at true, or 'wait-for-ip' at false. If the VM was on: look at its events in vCenter for what switched it off.",
    );
  });
});

function textOf(error: unknown): string {
  expect(error).toBeInstanceOf(NoAddressError);
  return error instanceof NoAddressError ? describeNoAddress(error) : '';
}
