import { formatDuration } from '../../text/duration.ts';
import type { Clock } from '../../time/clock.ts';
import { DeadlineExceeded, withDeadline } from '../../time/deadline.ts';
import { sideBySide } from '../../time/side-by-side.ts';
import type { AddressFilter } from '../../vcenter/address.ts';
import type { ToolsNotRunning } from '../../vcenter/guest.ts';
import type { GuestAddresses } from '../../vcenter/guest-addresses.ts';
import type { PortState, PortTarget, Runtime } from '../runtime.ts';
import { describeProbed, NoOpenPortError, namePorts, type ProbedAddress } from './no-open-port.ts';
import { createGuestReader, type FoundAddress } from './wait-for-ip.ts';
import { describeEmptyPoll, type VmPoll, type WaitOptions, watchVm } from './watch-vm.ts';

export interface WaitForPortOptions extends WaitOptions, AddressFilter {
  readonly probePort: Runtime['probePort'];
  /** TCP ports, at least one, each once. */
  readonly ports: readonly number[];
  /** Usable addresses of the guest, the best first. */
  readonly addresses: readonly string[];
}

/** How long one connection may take, in milliseconds: a SYN that is lost is sent again after one second. */
const LONGEST_PROBE = 3_000;
const MOST_CONNECTIONS = 4;

/**
 * Waits until all ports accept a TCP connection on one of the guest's addresses, and returns that one as the best. Before each
 * round of connections the addresses are read anew. While VMware Tools are away nothing is tried: the guest may restart, and
 * what still listens is about to go.
 *
 * @throws NoOpenPortError when the signal's deadline comes first; VmPoweredOffError; VcenterError where vCenter refuses to
 * respond, or the VM is gone; the signal's reason otherwise.
 */
export async function waitForPort(options: WaitForPortOptions): Promise<FoundAddress> {
  const { clock, ports, report } = options;
  const startedAt = clock.now();
  let { addresses } = options;
  let probed: readonly ProbedAddress[] = [];
  return watchVm<GuestAddresses | ToolsNotRunning, FoundAddress>({
    ...options,
    waitedFor: 'port',
    read: createGuestReader(options),
    async next(poll) {
      addresses = addressesOf(poll) ?? addresses;
      const round = startRound(addresses, probed);
      probed = round;
      const address = await probeAll(options, round);
      if (address !== undefined) {
        const took = formatDuration(clock.now() - startedAt);
        report(`${address} accepts connections on ${namePorts(ports)}, after ${took}.`);
        return { result: { address, addresses: [address, ...addresses.filter((each) => each !== address)] } };
      }
      return { line: describeRound(poll, { ports, probed }) };
    },
    timedOut(polls, cause) {
      throw new NoOpenPortError({ ...options, probed, polls, cause });
    },
  });
}

/** Undefined where the poll says nothing of the guest. */
function addressesOf(poll: VmPoll<GuestAddresses | ToolsNotRunning>): readonly string[] | undefined {
  switch (poll.kind) {
    case 'failed':
      return undefined;
    case 'off':
      return [];
    case 'read':
      return poll.value === 'tools-not-running' ? [] : poll.value.usable;
  }
}

function describeRound(
  poll: VmPoll<GuestAddresses | ToolsNotRunning>,
  { ports, probed }: { readonly ports: readonly number[]; readonly probed: readonly ProbedAddress[] },
): string {
  if (poll.kind === 'read' && poll.value === 'tools-not-running') {
    return 'VMware Tools do not run in the guest any more; it may restart.';
  }
  if (probed.length === 0) {
    return poll.kind === 'read' ? 'The guest reports no usable address any more.' : describeEmptyPoll(poll);
  }
  const what =
    ports.length === 1 ? `Port ${ports[0]} accepts no connection` : 'Not all ports accept connections';
  return `${what} yet: ${describeProbed(probed)}.`;
}

interface Target extends ProbedAddress {
  readonly states: Map<number, PortState>;
  /** Ports that have been tried in this round. */
  readonly tried: Set<number>;
}

/** What earlier rounds met stays to be told until it is tried again. */
function startRound(addresses: readonly string[], before: readonly ProbedAddress[]): readonly Target[] {
  return addresses.map((address) => {
    const known = before.find((each) => each.address === address)?.states;
    return { address, states: new Map(known), tried: new Set() };
  });
}

/** Tries all ports of all addresses; returns the first address, in their order, on which all are open. */
async function probeAll(
  { clock, probePort, ports, signal }: Pick<WaitForPortOptions, 'clock' | 'probePort' | 'ports' | 'signal'>,
  round: readonly Target[],
): Promise<string | undefined> {
  const isOpen = ({ states, tried }: Target) =>
    ports.every((port) => tried.has(port) && states.get(port) === 'open');
  const mayBeOpen = ({ states, tried }: Target) =>
    ports.every((port) => !tried.has(port) || states.get(port) === 'open');
  const decided = new AbortController();
  const queue = round.flatMap((target) => ports.map((port) => ({ target, port })));
  const connect = async (connectSignal: AbortSignal) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { target, port } = next;
      const state = await probe({
        ...{ clock, probePort, address: target.address, port },
        signal: connectSignal,
      });
      target.states.set(port, state);
      target.tried.add(port);
      const best = round.find(mayBeOpen);
      if (best !== undefined && isOpen(best)) {
        decided.abort(); // those that are still silent, on addresses that come later, are not waited for
      }
    }
  };
  const work = sideBySide({
    signal: AbortSignal.any([signal, decided.signal]),
    start: (connectSignal) => Array.from({ length: MOST_CONNECTIONS }, () => connect(connectSignal)),
  });
  await work.catch((error: unknown) => {
    if (!decided.signal.aborted) {
      throw error;
    }
  });
  return round.find(isOpen)?.address;
}

/** One connection; no response in time is as good as none. */
async function probe({
  clock,
  probePort,
  signal,
  ...target
}: PortTarget & { readonly clock: Clock; readonly probePort: Runtime['probePort'] }): Promise<PortState> {
  try {
    return await withDeadline(
      { clock, what: 'The connection', limit: LONGEST_PROBE, signal },
      (probeSignal) => probePort({ ...target, signal: probeSignal }),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DeadlineExceeded) {
      return 'silent';
    }
    throw error;
  }
}
