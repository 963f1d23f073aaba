import { describe, expect, it } from 'vitest';
import { NoOpenPortError } from '../../../../src/actions/clone/no-open-port.ts';
import { VmPoweredOffError } from '../../../../src/actions/clone/vm-powered-off.ts';
import { waitForPort } from '../../../../src/actions/clone/wait-for-port.ts';
import type { PortState } from '../../../../src/actions/runtime.ts';
import { DescribedError } from '../../../../src/text/described-error.ts';
import { Interrupted } from '../../../../src/time/deadline.ts';
import {
  type Guest,
  INTERFACES,
  nic,
  type Outcome,
  pageOfProxy,
  refusal,
  TOOLS_DOWN,
  type WaitSettings,
  waitFor,
} from '../../../support/scripted-guest.ts';

const SYN_IS_LOST = Symbol('no answer');

interface PortSettings extends WaitSettings {
  readonly ports?: readonly number[];
  readonly addresses?: readonly string[];
}

interface PortOutcome extends Outcome {
  readonly probes: readonly { readonly at: number; readonly target: string }[];
  readonly mostAtOnce: number;
  /** Connections that nobody has ended. */
  readonly open: () => number;
}

type Answer = PortState | typeof SYN_IS_LOST;

/** `answer`: what a connection meets, by its target (`10.0.0.5 22`) and the milliseconds since the start. */
async function wait(
  answer: (target: string, elapsed: number) => Answer,
  guest: Guest = {},
  { ports = [22], addresses = ['10.0.0.5'], ...settings }: PortSettings = {},
): Promise<PortOutcome> {
  const probes: { at: number; target: string }[] = [];
  let open = 0;
  let mostAtOnce = 0;
  const outcome = await waitFor({ interfaces: () => [nic(...addresses)], ...guest }, settings, (options) =>
    waitForPort({
      ...options,
      ...{ family: 'any', networks: [], ports, addresses },
      probePort: async ({ address, port, signal }) => {
        const target = `${address} ${port}`;
        probes.push({ at: options.clock.now(), target });
        open += 1;
        mostAtOnce = Math.max(mostAtOnce, open);
        try {
          await options.clock.sleep(10, signal);
          const state = answer(target, options.clock.now());
          return state === SYN_IS_LOST
            ? await options.clock.sleep(Number.POSITIVE_INFINITY, signal).then(() => 'silent' as const)
            : state;
        } finally {
          open -= 1;
        }
      },
    }),
  );
  return { ...outcome, probes, mostAtOnce, open: () => open };
}

function textOf(error: unknown): string {
  expect(error).toBeInstanceOf(DescribedError);
  return error instanceof DescribedError ? error.text : '';
}

describe('waitForPort', () => {
  it('returns the address at once on which the port is open', async () => {
    const outcome = await wait(() => 'open');
    expect(outcome.result).toEqual({ address: '10.0.0.5', addresses: ['10.0.0.5'] });
    expect(outcome.at).toBe(10);
    expect(outcome.lines).toEqual(['10.0.0.5 accepts connections on port 22, after 10 ms.']);
  });

  it('waits until all ports are open, at the same time', async () => {
    const outcome = await wait(
      (target, elapsed) => {
        if (target.endsWith(' 22')) {
          return elapsed > 5_000 && elapsed < 20_000 ? 'refused' : 'open';
        }
        return elapsed < 10_000 ? 'refused' : 'open';
      },
      {},
      { ports: [22, 8080] },
    );
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
    expect(outcome.at).toBeGreaterThan(20_000);
    expect(outcome.at).toBeLessThan(26_000);
    expect(outcome.lines[0]).toBe(
      'Not all ports accept connections yet: 10.0.0.5 (open: 22; refused: 8080).',
    );
  });

  it('counts no port as open that was open in an earlier round alone', async () => {
    const outcome = await wait(
      (target, elapsed) => {
        if (elapsed < 500) return target.endsWith(' 22') ? 'open' : 'refused';
        if (elapsed < 30_000) return target.endsWith(' 22') ? SYN_IS_LOST : 'open';
        return 'open';
      },
      {},
      { ports: [22, 8080] },
    );
    expect(outcome.at).toBeGreaterThan(30_000);
  });

  it('tries every usable address, and makes the first one that is open the best', async () => {
    const outcome = await wait(
      (target) => (target.startsWith('10.0.0.6') || target.startsWith('2001:') ? 'open' : 'refused'),
      { identity: () => ({ ip_address: '10.0.0.5' }) },
      { addresses: ['10.0.0.5', '10.0.0.6', '2001:db8::5'] },
    );
    expect(outcome.result).toEqual({
      address: '10.0.0.6',
      addresses: ['10.0.0.6', '10.0.0.5', '2001:db8::5'],
    });
  });

  it('prefers an address that comes first, however late it accepts within a round', async () => {
    const outcome = await wait(() => 'open', {}, { addresses: ['10.0.0.5', '2001:db8::5'] });
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
  });

  it('does not take ports of different addresses together', async () => {
    const outcome = await wait(
      (target) => (['10.0.0.5 22', '2001:db8::5 8080'].includes(target) ? 'open' : 'refused'),
      {},
      { ports: [22, 8080], addresses: ['10.0.0.5', '2001:db8::5'] },
    );
    expect(outcome.result).toBeInstanceOf(NoOpenPortError);
  });

  it('gives an address that is silent three seconds, and does not wait for one that comes later', async () => {
    const addresses = ['10.0.0.5', '2001:db8::5'];
    const first = await wait(
      (target) => (target.startsWith('10.') ? SYN_IS_LOST : 'open'),
      {},
      { addresses },
    );
    expect(first.result).toMatchObject({ address: '2001:db8::5' });
    expect(first.at).toBe(3_000);
    const second = await wait(
      (target) => (target.startsWith('10.') ? 'open' : SYN_IS_LOST),
      {},
      { addresses },
    );
    expect(second.result).toMatchObject({ address: '10.0.0.5' });
    expect(second.at).toBe(10);
    expect([first.open(), second.open()]).toEqual([0, 0]);
  });

  it('has four connections at once, and none afterwards', async () => {
    const addresses = ['10.0.0.5', '10.0.0.6', '10.0.0.7', '10.0.0.8'];
    const outcome = await wait(() => SYN_IS_LOST, {}, { addresses, ports: [22, 80, 443], limit: 20_000 });
    expect(outcome.mostAtOnce).toBe(4);
    expect(outcome.open()).toBe(0);
    expect(outcome.at).toBe(20_000);
    const targets = new Set(outcome.probes.map(({ target }) => target));
    expect(targets.size).toBe(12);
  });

  it('pauses between two rounds, with jitter, never more than five and a half seconds', async () => {
    for (const random of [() => 0, () => 0.5, () => 0.999]) {
      const { probes } = await wait(() => 'refused', {}, { random });
      const gaps = probes.slice(1).map(({ at }, index) => at - (probes[index]?.at ?? 0));
      expect(gaps[0]).toBeLessThan(1_200);
      expect(Math.min(...gaps)).toBeGreaterThan(900);
      expect(Math.max(...gaps)).toBeLessThan(5_520);
      expect(probes.length).toBeLessThan(80);
    }
  });
});

describe('waitForPort and the guest', () => {
  it('tries the addresses that the guest has now', async () => {
    const outcome = await wait((target) => (target.startsWith('10.0.0.6') ? 'open' : SYN_IS_LOST), {
      interfaces: (elapsed) => [nic(elapsed < 20_000 ? '10.0.0.5' : '10.0.0.6')],
    });
    expect(outcome.result).toEqual({ address: '10.0.0.6', addresses: ['10.0.0.6'] });
    expect(outcome.probes.filter(({ at, target }) => at > 26_000 && target.startsWith('10.0.0.5'))).toEqual(
      [],
    );
  });

  it('tries nothing while Tools are away: what still listens is about to go', async () => {
    const outcome = await wait(() => 'open', {
      interfaces: (elapsed) => (elapsed < 30_000 ? TOOLS_DOWN : [nic('10.0.0.5')]),
    });
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
    expect(outcome.probes).toHaveLength(1);
    expect(outcome.lines[0]).toBe('VMware Tools do not run in the guest any more; it may restart.');
  });

  it('goes on with the addresses that it knows while vCenter cannot be asked', async () => {
    const outcome = await wait((_, elapsed) => (elapsed < 20_000 ? 'refused' : 'open'), {
      interfaces: () => pageOfProxy(503),
    });
    expect(outcome.result).toMatchObject({ address: '10.0.0.5' });
  });

  it('fails where the VM goes off meanwhile, in place of waiting on', async () => {
    for (const isMeantToBeOn of [true, false]) {
      const { result, at } = await wait(
        () => SYN_IS_LOST,
        {
          power: (elapsed) => (elapsed < 10_000 ? 'POWERED_ON' : 'POWERED_OFF'),
          interfaces: (elapsed) => (elapsed < 10_000 ? [nic('10.0.0.5')] : TOOLS_DOWN),
        },
        { isMeantToBeOn, limit: 3_600_000 },
      );
      expect(result).toBeInstanceOf(VmPoweredOffError);
      expect(result).toMatchObject({ title: 'No open port' });
      expect(textOf(result)).toMatch(
        /^vm-1067 is POWERED_OFF, so no port of its guest accepts a connection\.\n/,
      );
      expect(at).toBeLessThan(isMeantToBeOn ? 90_000 : 60_000);
    }
  });

  it('passes on that the VM is gone, and an interrupt', async () => {
    const gone = refusal(INTERFACES, { status: 404, errorType: 'NOT_FOUND' });
    expect((await wait(() => 'refused', { interfaces: () => gone })).result).toBe(gone);
    const interrupt = new Interrupted('SIGTERM');
    const controller = new AbortController();
    const outcome = await wait(
      () => {
        controller.abort(interrupt);
        return SYN_IS_LOST;
      },
      {},
      { signal: controller.signal },
    );
    expect(outcome.result).toBe(interrupt);
    expect(outcome.open()).toBe(0);
  });
});

describe('waitForPort at the end of its time', () => {
  it('tells for each address what was met, and what that means', async () => {
    const { result, at } = await wait(
      (target) => {
        if (target === '10.0.0.5 22') {
          return 'open';
        }
        return target.startsWith('10.') ? 'refused' : SYN_IS_LOST;
      },
      {},
      { ports: [22, 8080], addresses: ['10.0.0.5', '2001:db8::5'], isMeantToBeOn: true },
    );
    expect(at).toBe(300_000);
    expect(result).toBeInstanceOf(NoOpenPortError);
    expect(result).toMatchObject({ title: 'No open port' });
    expect(textOf(result)).toMatchInlineSnapshot(`
      "No address of vm-1067 accepts connections on all of the ports 22 and 8080 after 5 min ('port-timeout').
      Found: 10.0.0.5 (open: 22; refused: 8080), 2001:db8::5 (silent: 22, 8080).
      Refused: nothing listens on that port of that address yet, or a firewall rejects connections.
      Silent: a firewall drops what comes from this runner, or there is no way between their networks.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down."
    `);
  });

  it('says that the runner has no route', async () => {
    const { result } = await wait(() => 'unreachable', {}, { limit: 60_000 });
    expect(textOf(result)).toMatchInlineSnapshot(`
      "No address of vm-1067 accepts connections on port 22 after 1 min ('port-timeout').
      Found: 10.0.0.5 (unreachable: 22).
      This runner has no route to the VM: use a runner in a network that reaches it."
    `);
  });

  it('says that the guest has no address any more, and what failed last', async () => {
    const { result } = await wait(
      () => 'refused',
      {
        interfaces: (elapsed) => (elapsed < 10_000 ? [nic('10.0.0.5')] : [nic()]),
        power: () => pageOfProxy(502),
      },
      { limit: 60_000 },
    );
    expect(textOf(result)).toMatchInlineSnapshot(`
      "No address of vm-1067 accepts connections on port 22 after 1 min ('port-timeout').
      The guest reports no usable address any more: does it restart again and again?
      The last request that failed, after 38.2 s: GET /api/vcenter/vm/{vm}/guest/networking/interfaces: HTTP 502, a page"
    `);
  });

  it('stays within bounds, in the log as in the error', async () => {
    const addresses = Array.from({ length: 200 }, (_, index) => `10.0.${index}.5`);
    const ports = Array.from({ length: 100 }, (_, index) => 1_000 + index);
    const { result, lines } = await wait(
      (_, elapsed) => (elapsed % 3 === 0 ? 'open' : 'refused'),
      {},
      {
        ...{ addresses, ports, limit: 60_000 },
      },
    );
    expect(textOf(result).length).toBeLessThan(2_000);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(1_500);
  });
});
