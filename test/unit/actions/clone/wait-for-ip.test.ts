import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AddressRule,
  addressRule,
  type CustomizationKind,
  TWO_POLLS,
} from '../../../../src/actions/clone/address-rule.ts';
import { startHistory } from '../../../../src/actions/clone/guest-history.ts';
import { NoAddressError } from '../../../../src/actions/clone/no-address.ts';
import { VmPoweredOffError } from '../../../../src/actions/clone/vm-powered-off.ts';
import { waitForIp } from '../../../../src/actions/clone/wait-for-ip.ts';
import { startPolls } from '../../../../src/actions/clone/watch-vm.ts';
import { parseNetworks } from '../../../../src/github/network-input.ts';
import { DeadlineExceeded, Interrupted } from '../../../../src/time/deadline.ts';
import type { IpFamily } from '../../../../src/vcenter/address.ts';
import {
  type Guest,
  IDENTITY,
  INTERFACES,
  NEVER,
  nic,
  type Outcome,
  operations,
  POWER,
  pageOfProxy,
  refusal,
  TOOLS_DOWN,
  type WaitSettings,
  waitFor,
} from '../../../support/scripted-guest.ts';
import { brokenOff } from '../../../support/vcenter-answers.ts';

interface IpSettings extends WaitSettings {
  readonly family?: IpFamily;
  readonly cidr?: string;
  readonly rule?: AddressRule;
  readonly hints?: readonly string[];
}

function wait(
  guest: Guest,
  { family = 'any', cidr = '', rule = TWO_POLLS, hints = [], ...settings }: IpSettings = {},
): Promise<Outcome> {
  return waitFor(guest, settings, (options) =>
    waitForIp({ ...options, family, networks: parseNetworks(cidr), rule, hints: async () => hints }),
  );
}

describe('waitForIp', () => {
  it('takes an address that is the same on two polls, a second apart, with three calls', async () => {
    const outcome = await wait({ interfaces: () => [nic('10.20.4.43', 'fe80::1')] });
    expect(outcome.result).toEqual({ address: '10.20.4.43', addresses: ['10.20.4.43'] });
    expect(outcome.calls).toEqual([
      { operation: POWER, at: 0 },
      { operation: INTERFACES, at: 0 },
      { operation: INTERFACES, at: 1_000 },
    ]);
    expect(outcome.lines).toEqual([
      'The guest reports 10.20.4.43; it counts if it is the same on the next poll.',
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
      'The guest reports 10.0.0.5; it counts if it is the same on the next poll.',
      expect.stringMatching(/^The guest's address is 10\.0\.0\.5, after /),
    ]);
  });

  it('does not take an address that changes, as customization makes it do', async () => {
    const outcome = await wait({ interfaces: (elapsed) => [nic(elapsed < 1_000 ? '10.0.0.5' : '10.0.0.6')] });
    expect(outcome.result).toEqual({ address: '10.0.0.6', addresses: ['10.0.0.6'] });
  });

  it('does not take an address that was seen before a reboot and after it as seen in a row', async () => {
    const shown = ['10.0.0.5', '', '10.0.0.5', '10.0.0.5'];
    const outcome = await wait({ interfaces: () => [nic(shown.shift() ?? '')] });
    expect(operations(outcome).filter((operation) => operation === INTERFACES)).toHaveLength(4);
  });

  it('tells all usable addresses of the second poll', async () => {
    const outcome = await wait({
      interfaces: (elapsed) => [nic('10.0.0.5', ...(elapsed < 1_000 ? [] : ['2001:db8::5']))],
    });
    expect(outcome.result).toEqual({ address: '10.0.0.5', addresses: ['10.0.0.5', '2001:db8::5'] });
  });

  it('keeps to family and networks', async () => {
    const interfaces = () => [nic('10.0.0.5', '10.1.0.5', '2001:db8::5')];
    expect((await wait({ interfaces }, { family: 'ipv6' })).result).toMatchObject({ address: '2001:db8::5' });
    expect((await wait({ interfaces }, { cidr: '10.1.0.0/16' })).result).toMatchObject({
      address: '10.1.0.5',
    });
  });

  it('polls every second at first and never more than five and a half apart', async () => {
    for (const random of [() => 0, () => 0.5, () => 0.999]) {
      const { calls } = await wait({ interfaces: () => [nic()] }, { random });
      const polls = calls.filter(({ operation }) => operation === INTERFACES).map(({ at }) => at);
      const gaps = polls.slice(1).map((at, index) => at - (polls[index] ?? 0));
      expect(gaps[0]).toBeGreaterThanOrEqual(900);
      expect(gaps[0]).toBeLessThanOrEqual(1_100);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(5_500);
      expect(gaps.at(-1)).toBeGreaterThanOrEqual(4_500);
      expect(polls.length).toBeLessThan(80);
    }
  });

  it('does not poll more often because bridges inside the guest come and go', async () => {
    let polls = 0;
    const { calls } = await wait({
      interfaces: () => {
        polls += 1;
        return [nic(`fe80::${polls}`)];
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

describe('waitForIp where the guest lists no interfaces', () => {
  const identity = () => ({ ip_address: '10.1.2.3' });

  it("B5: takes the identity's address, the same on two polls", async () => {
    const outcome = await wait({ interfaces: () => [], identity });
    expect(outcome.result).toEqual({ address: '10.1.2.3', addresses: ['10.1.2.3'] });
    expect(operations(outcome)).toEqual([POWER, INTERFACES, IDENTITY, INTERFACES, IDENTITY]);
  });

  it('B5: keeps to family, networks and what is reachable', async () => {
    for (const [options, why] of [
      [{ family: 'ipv6' }, 'not IPv6'],
      [{ cidr: '10.2.0.0/16' }, 'outside the given networks'],
    ] as const) {
      const { result } = await wait({ interfaces: () => [], identity }, options);
      expect(textOf(result)).toContain(`10.1.2.3 (${why})`);
    }
    const loopback = await wait({ interfaces: () => [], identity: () => ({ ip_address: '127.0.0.1' }) });
    expect(textOf(loopback.result)).toContain('127.0.0.1 (loopback)');
  });

  it.each([
    ['an interface without addresses', [nic()]],
    ['an interface without an ip', [{ nic: '4000', mac_address: '00:50:56:b1:33:76' }]],
    ['a bridge alone', [{ ...nic('172.17.0.1'), nic: undefined }]],
  ])('B5: does not ask for it beside %s', async (_, interfaces) => {
    const outcome = await wait({ interfaces: () => interfaces, identity });
    expect(outcome.result).toBeInstanceOf(NoAddressError);
    expect(operations(outcome)).not.toContain(IDENTITY);
  });

  it('B5: waits on for interfaces where the identity is refused, and names that at the end', async () => {
    const refused = refusal(IDENTITY, { status: 403, errorType: 'UNAUTHORIZED' });
    const { result } = await wait({
      interfaces: (elapsed) => (elapsed < 60_000 ? [] : [nic('10.0.0.5')]),
      identity: () => refused,
    });
    expect(result).toMatchObject({ address: '10.0.0.5' });
    const inVain = await wait({ interfaces: () => [], identity: () => refused });
    expect(textOf(inVain.result)).toMatch(
      /The last request that failed, after .*: GET .*guest\/identity: No\./,
    );
  });
});

describe('waitForIp with a customization that is not waited for', () => {
  const customized = { rule: addressRule({ kind: 'stored', outcome: 'not waited for', now: 0 }) };

  it('B7: takes the address that the guest has after its restart', async () => {
    for (const random of [() => 0, () => 0.5, () => 0.999]) {
      const outcome = await wait(
        {
          interfaces: (elapsed) => {
            if (elapsed < 4_000) {
              return [nic('10.9.9.9')];
            }
            return elapsed < 5_500 ? TOOLS_DOWN : [nic('10.1.2.3')];
          },
        },
        { ...customized, random },
      );
      expect(outcome.result).toEqual({ address: '10.1.2.3', addresses: ['10.1.2.3'] });
      expect(outcome.at).toBeLessThan(9_000);
    }
  });

  it('B7: counts a guest that was switched off and on again as restarted', async () => {
    const outcome = await wait(
      {
        power: (elapsed) => (elapsed >= 3_000 && elapsed < 6_000 ? 'POWERED_OFF' : 'POWERED_ON'),
        interfaces: (elapsed) => {
          if (elapsed < 2_500) {
            return [nic()];
          }
          return elapsed < 7_000 ? TOOLS_DOWN : [nic('10.1.2.3')];
        },
      },
      { ...customized, isMeantToBeOn: true },
    );
    expect(outcome.result).toMatchObject({ address: '10.1.2.3' });
    expect(outcome.at).toBeLessThan(20_000);
  });

  it('B7: takes an address that holds for 40 s where the guest is not seen to restart', async () => {
    const outcome = await wait(
      {
        interfaces: (elapsed) =>
          elapsed < 15_000 ? TOOLS_DOWN : [nic(elapsed < 30_000 ? '10.9.9.9' : '10.1.2.3')],
      },
      customized,
    );
    expect(outcome.result).toMatchObject({ address: '10.1.2.3' });
    expect(outcome.at).toBeGreaterThanOrEqual(70_000);
    expect(outcome.at).toBeLessThan(73_000);
    expect(outcome.lines).toContainEqual(
      expect.stringMatching(
        /^The guest reports 10\.9\.9\.9; with a customization it counts only after the restart of the customization, or once it has held for 40 s\. /,
      ),
    );
  });

  it('B7: does not take the absence of Tools before they first ran for a restart', async () => {
    const outcome = await wait(
      { interfaces: (elapsed) => (elapsed < 5_000 ? TOOLS_DOWN : [nic('10.1.2.3')]) },
      customized,
    );
    expect(outcome.at).toBeGreaterThanOrEqual(45_000);
  });

  it('B7: says what an address was waited for', async () => {
    const { result } = await wait({ interfaces: () => [nic('10.9.9.9')] }, { ...customized, limit: 30_000 });
    expect(textOf(result)).toContain(
      '10.9.9.9 was seen, but with a customization it counts only after the restart of the customization, or once it has held for 40 s',
    );
  });
});

describe('waitForIp after the end of a customization', () => {
  const ended = (kind: CustomizationKind) => ({ rule: addressRule({ kind, outcome: 'ended', now: 0 }) });

  it('does not take what a stored specification leaves for a moment before it restarts the guest', async () => {
    for (const random of [() => 0, () => 0.5, () => 0.999]) {
      const outcome = await wait(
        {
          interfaces: (elapsed) => {
            if (elapsed < 12_000) {
              return [nic('10.9.9.9')];
            }
            return elapsed < 25_000 ? TOOLS_DOWN : [nic('10.1.2.3')];
          },
        },
        { ...ended('stored'), random },
      );
      expect(outcome.result).toEqual({ address: '10.1.2.3', addresses: ['10.1.2.3'] });
      expect(outcome.at).toBeGreaterThan(25_000);
      expect(outcome.at).toBeLessThan(33_000);
      expect(outcome.lines).toContain(
        '10.9.9.9 no longer counts: the guest has dropped it, or has a better one.',
      );
    }
  });

  it('counts Tools that are away from the first poll on as a restart: they have run before', async () => {
    const outcome = await wait(
      { interfaces: (elapsed) => (elapsed < 10_000 ? TOOLS_DOWN : [nic('10.1.2.3')]) },
      ended('stored'),
    );
    expect(outcome.result).toMatchObject({ address: '10.1.2.3' });
    expect(outcome.at).toBeLessThan(17_000);
  });

  it('takes an address 40 s after the end, where the guest is not seen to restart, however young it is', async () => {
    const steady = await wait({ interfaces: () => [nic('10.1.2.3')] }, ended('stored'));
    expect(steady.result).toMatchObject({ address: '10.1.2.3' });
    expect(steady.at).toBe(40_000);
    const late = await wait(
      { interfaces: (elapsed) => [elapsed < 60_000 ? nic() : nic('10.1.2.3')] },
      ended('stored'),
    );
    expect(late.result).toMatchObject({ address: '10.1.2.3' });
    expect(late.at).toBeLessThan(67_000);
  });

  it('takes the same on two polls in a row after cloud-init', async () => {
    const outcome = await wait({ interfaces: () => [nic('10.1.2.3')] }, ended('cloud-init'));
    expect(outcome.at).toBe(1_000);
  });

  it('says what an address was waited for', async () => {
    const outcome = await wait(
      { interfaces: () => [nic('10.9.9.9')] },
      { ...ended('stored'), limit: 30_000 },
    );
    expect(textOf(outcome.result)).toContain(
      '10.9.9.9 was seen, but with a customization it counts only after the restart that ends the customization, or 40 s after its end without one: ',
    );
  });

  it('says that the guest does not come back from its restart', async () => {
    const outcome = await wait({ interfaces: () => TOOLS_DOWN }, ended('stored'));
    expect(textOf(outcome.result)).toContain('VMware Tools ran, but did not come back after a restart');
    expect(outcome.lines[0]).toBe('VMware Tools do not run in the guest any more; it may restart.');
  });
});

describe('waitForIp with a customization of which vCenter tells nothing', () => {
  const unknown = (kind: CustomizationKind) => ({ rule: addressRule({ kind, outcome: 'unknown', now: 0 }) });

  it('takes an address that holds for 10 s, with cloud-init', async () => {
    const outcome = await wait(
      { interfaces: (elapsed) => [nic(elapsed < 8_000 ? '10.9.9.9' : '10.1.2.3')] },
      unknown('cloud-init'),
    );
    expect(outcome.result).toMatchObject({ address: '10.1.2.3' });
    expect(outcome.at).toBe(18_000);
    expect(outcome.lines[0]).toBe(
      'The guest reports 10.9.9.9; with a customization it counts only once it has held for 10 s.',
    );
  });

  it('takes an address that holds for 40 s with a stored specification, for 10 s after a restart', async () => {
    const steady = await wait({ interfaces: () => [nic('10.1.2.3')] }, unknown('stored'));
    expect(steady.at).toBe(40_000);
    const restarted = await wait(
      {
        interfaces: (elapsed) => {
          if (elapsed < 5_000) {
            return [nic('10.9.9.9')];
          }
          return elapsed < 9_000 ? TOOLS_DOWN : [nic('10.1.2.3')];
        },
      },
      unknown('stored'),
    );
    expect(restarted.result).toMatchObject({ address: '10.1.2.3' });
    expect(restarted.at).toBeGreaterThanOrEqual(19_000);
    expect(restarted.at).toBeLessThan(25_000);
  });
});

describe('waitForIp and the power', () => {
  it.each(['POWERED_OFF', 'SUSPENDED'])('fails at once where the VM stays %s', async (powerState) => {
    const outcome = await wait({ power: () => powerState, interfaces: () => TOOLS_DOWN });
    expect(outcome.result).toBeInstanceOf(VmPoweredOffError);
    expect(outcome.result).toMatchObject({
      ...{ vm: 'vm-1067', powerState, title: 'No address' },
      text:
        `vm-1067 is ${powerState}, so its guest never reports an address.\n` +
        "Power it on first, or set 'wait-for-ip' to false.",
    });
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

  it('B1: gives a VM that is meant to be on time to be powered on', async () => {
    for (const seconds of [2, 10, 29]) {
      const outcome = await wait(
        {
          power: (elapsed) => (elapsed < seconds * 1_000 ? 'POWERED_OFF' : 'POWERED_ON'),
          interfaces: (elapsed) => (elapsed < seconds * 1_000 ? TOOLS_DOWN : [nic('10.1.2.3')]),
        },
        { isMeantToBeOn: true },
      );
      expect(outcome.result).toMatchObject({ address: '10.1.2.3' });
      expect(outcome.at).toBeLessThan((seconds + 3) * 1_000);
      expect(outcome.lines[0]).toBe('The VM is POWERED_OFF.');
    }
  });

  it('B1: fails where a VM that is meant to be on is off for half a minute without a break', async () => {
    const outcome = await wait(
      {
        power: (elapsed) => (elapsed === 20_000 ? 'POWERED_ON' : 'POWERED_OFF'),
        interfaces: () => TOOLS_DOWN,
      },
      { isMeantToBeOn: true },
    );
    expect(outcome.result).toBeInstanceOf(VmPoweredOffError);
    expect(outcome.result).toMatchObject({
      text:
        'vm-1067 is POWERED_OFF, so its guest never reports an address.\n' +
        'It was to be on: its events in vCenter say what switched it off or keeps it off.\n' +
        "To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.",
    });
    expect(outcome.at).toBeGreaterThan(50_000);
    expect(outcome.at).toBeLessThan(75_000);
  });

  it('B1: says that the VM was off when the time was over first', async () => {
    const { result } = await wait({ power: () => 'POWERED_OFF' }, { isMeantToBeOn: true, limit: 20_000 });
    expect(textOf(result)).toContain('It was last seen POWERED_OFF: ');
  });

  it('does not take a state that is not known for off', async () => {
    const outcome = await wait({ power: () => 'HIBERNATED', interfaces: () => [nic('10.0.0.5')] });
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
  });
});

describe('waitForIp at the end of its time', () => {
  it('A15: says that Tools never ran, and how to keep the VM', async () => {
    const { result, at } = await wait(
      { interfaces: () => TOOLS_DOWN },
      { limit: 60_000, isMeantToBeOn: true },
    );
    expect(at).toBe(60_000);
    expect(result).toMatchObject({
      ...{ name: 'NoAddressError', title: 'No address', limit: 60_000, vm: 'vm-1067' },
      seen: { tools: 'never ran', powerState: 'POWERED_ON', refused: [], best: undefined },
    });
    expect(textOf(result)).toBe(
      "vm-1067 has reported no usable address within 1 min ('ip-timeout').\n" +
        'VMware Tools never responded: are they (open-vm-tools) installed in the source, and does it boot in this time?\n' +
        "To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.",
    );
  });

  it('says that there was no address', async () => {
    const { result } = await wait({ interfaces: () => [nic()] });
    expect(result).toMatchObject({ seen: { tools: 'run', refused: [] } });
    expect(textOf(result)).toContain('does DHCP respond there?');
  });

  it('says what was seen and why it does not count', async () => {
    const { result } = await wait(
      { interfaces: () => [nic('fe80::1', '10.0.0.5')] },
      { cidr: '10.1.0.0/16' },
    );
    expect(textOf(result)).toContain(
      'What it reported is not usable: fe80::1 (link-local), 10.0.0.5 (outside the given networks).',
    );
  });

  it('gives the hints that it was given, where the guest has been seen', async () => {
    const hints = ['The VM has two adapters.', 'Its network may be another one.'];
    const seen = await wait({ interfaces: () => [nic()] }, { hints });
    expect(textOf(seen.result)).toContain(`does DHCP respond there?\n${hints.join('\n')}`);
    const unseen = await wait({ interfaces: () => TOOLS_DOWN }, { hints });
    expect(textOf(unseen.result)).not.toContain(hints[0]);
  });

  it('says that an address was not steady', async () => {
    let polls = 0;
    const { result } = await wait({
      interfaces: () => {
        polls += 1;
        return [nic(polls % 2 === 0 ? '10.0.0.5' : '10.0.0.6')];
      },
    });
    expect(textOf(result)).toMatch(/10\.0\.0\.[56] was seen, but not on two polls in a row/);
  });

  it('C: polls on through any failure that passes, and names the last one', async () => {
    const failures = [
      refusal(INTERFACES, { status: 500, errorType: 'ERROR' }),
      refusal(INTERFACES, { status: 500, errorType: 'UNABLE_TO_ALLOCATE_RESOURCE' }),
      refusal(INTERFACES, { status: 401, errorType: 'UNAUTHENTICATED' }),
      pageOfProxy(404),
      pageOfProxy(403),
      pageOfProxy(302),
      brokenOff({ operation: INTERFACES }),
      'no list',
    ];
    const { result, at, lines } = await wait({ interfaces: () => failures.shift() ?? pageOfProxy(502) });
    expect(at).toBe(300_000);
    expect(lines[0]).toBe(`The guest could not be polled: ${INTERFACES}: No.`);
    expect(textOf(result)).toMatch(
      /^vCenter responded .*\nThe last request that failed, after 4 min \d+ s: GET .*: HTTP 502, a page/m,
    );
  });

  it('C: takes an address that comes after failures', async () => {
    const { result, at } = await wait({
      power: (elapsed) => (elapsed < 20_000 ? pageOfProxy(502) : 'POWERED_ON'),
      interfaces: (elapsed) => (elapsed < 10_000 ? pageOfProxy(404) : [nic('10.0.0.5')]),
    });
    expect(result).toMatchObject({ address: '10.0.0.5' });
    expect(at).toBeLessThan(16_000);
  });

  it('C: names what went wrong on the way to an address that is not usable', async () => {
    const { result } = await wait({
      interfaces: (elapsed) => (elapsed < 2_000 ? pageOfProxy(502) : [nic('fe80::1')]),
    });
    expect(textOf(result)).toContain('What it reported is not usable: fe80::1 (link-local).');
    expect(textOf(result)).toContain('The last request that failed, after 1 s: ');
  });

  it('passes on that the login is refused', async () => {
    const refused = refusal('POST /api/session', { status: 401, errorType: 'UNAUTHENTICATED' });
    expect((await wait({ interfaces: () => refused })).result).toBe(refused);
  });

  it('takes along the error of the request that the deadline cut off', () => {
    const cause = new DeadlineExceeded({ what: 'The wait', limit: 5_000 });
    cause.lastError = refusal(INTERFACES, { status: 500, errorType: 'ERROR' });
    const error = new NoAddressError({
      ...{ vm: 'vm-1', seen: { ...startHistory('never ran'), ...startPolls(0) }, rule: TWO_POLLS, hints: [] },
      ...{ isMeantToBeOn: true, waitForLess: 'wait for nothing', cause },
    });
    expect(error.text).toContain(`The last request that failed: ${INTERFACES}: No.`);
  });

  it('does not blame the guest where vCenter never answered', async () => {
    const { result } = await wait({ interfaces: () => NEVER }, { isMeantToBeOn: true });
    expect(result).toMatchObject({ seen: { responses: 0, tools: 'never ran' } });
    expect(textOf(result)).toBe(
      "vm-1067 has reported no usable address within 5 min ('ip-timeout').\n" +
        'vCenter responded to no request about the guest in this time.\n' +
        "To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.",
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
          expect(result.text.length).toBeLessThan(2_000);
          expect(result.text).not.toMatch(/[^\P{Cc}\n]/u);
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

function textOf(error: unknown): string {
  expect(error).toBeInstanceOf(NoAddressError);
  return error instanceof NoAddressError ? error.text : '';
}
