import { DescribedError, joinLines } from '../../text/described-error.ts';
import { formatDuration } from '../../text/duration.ts';
import type { DeadlineExceeded } from '../../time/deadline.ts';
import type { PortState } from '../runtime.ts';
import { howToKeep, type WaitAdvice } from './vm-powered-off.ts';
import { describeLastError, type PollHistory } from './watch-vm.ts';

/** An address of a guest, and what was met at its ports; a port that was not tried is missing. */
export interface ProbedAddress {
  readonly address: string;
  readonly states: ReadonlyMap<number, PortState>;
}

/** On no address of the guest did all ports accept a connection in the time given. */
export class NoOpenPortError extends DescribedError {
  override readonly name = 'NoOpenPortError';
  readonly title = 'No open port';
  readonly text: string;

  constructor({
    vm,
    ports,
    probed,
    polls,
    cause,
    ...advice
  }: WaitAdvice & {
    readonly vm: string;
    readonly ports: readonly number[];
    /** The guest's addresses, as they were last tried. */
    readonly probed: readonly ProbedAddress[];
    readonly polls: PollHistory;
    readonly cause: DeadlineExceeded;
  }) {
    super(`no open port of ${vm} within ${cause.limit} ms`, { cause });
    const limit = `${formatDuration(cause.limit)} ('port-timeout')`;
    this.text = joinLines(
      `No address of ${vm} accepts connections on ${ports.length === 1 ? '' : 'all of the '}${namePorts(ports)} after ${limit}.`,
      ...whatToDo(probed),
      describeLastError(polls, cause),
      howToKeep(advice),
    );
  }
}

const MOST_ADDRESSES = 6;
const MOST_PORTS = 8;

/** The addresses with what was met at each, as a list of a bearable length. */
export function describeProbed(probed: readonly ProbedAddress[]): string {
  const shown = probed.slice(0, MOST_ADDRESSES).map(describeAddress);
  const more = probed.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function describeAddress({ address, states }: ProbedAddress): string {
  const inOrder = [...states].sort(([one], [other]) => one - other);
  const byState = [...Map.groupBy(inOrder, ([, state]) => state)].map(
    ([state, pairs]) => `${state}: ${listPorts(pairs.map(([port]) => port)).join(', ')}`,
  );
  return `${address} (${byState.length === 0 ? 'not tried' : byState.join('; ')})`;
}

/** `port 22`, `ports 22, 80 and 8080` */
export function namePorts(ports: readonly number[]): string {
  const listed = listPorts(ports);
  const last = listed.slice(-1);
  const before = listed.slice(0, -1).join(', ');
  return before === '' ? `port ${last}` : `ports ${before} and ${last}`;
}

/** Ports as a list of a bearable length. */
function listPorts(ports: readonly number[]): readonly string[] {
  const more = ports.length - MOST_PORTS;
  return [...ports.slice(0, MOST_PORTS).map(String), ...(more > 0 ? [`${more} more`] : [])];
}

function whatToDo(probed: readonly ProbedAddress[]): readonly string[] {
  if (probed.length === 0) {
    return ['The guest reports no usable address any more: does it restart again and again?'];
  }
  const found = `Found: ${describeProbed(probed)}.`;
  const met = new Set(probed.flatMap(({ states }) => [...states.values()]));
  if (met.size === 1 && met.has('unreachable')) {
    return [found, 'This runner has no route to the VM: use a runner in a network that reaches it.'];
  }
  const meanings: readonly (readonly [PortState, string])[] = [
    [
      'refused',
      'Refused: nothing listens on that port of that address yet, or a firewall rejects connections.',
    ],
    [
      'silent',
      'Silent: a firewall drops what comes from this runner, or there is no way between their networks.',
    ],
    ['unreachable', 'Unreachable: this runner has no route to that address.'],
  ];
  return [found, ...meanings.filter(([state]) => met.has(state)).map(([, meaning]) => meaning)];
}
