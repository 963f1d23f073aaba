import {
  type IpAddress,
  type IpVersion,
  type Network,
  networkMatcher,
  parseAddress,
  parseNetwork,
} from '../text/network.ts';
import type { GuestInterface } from './guest.ts';

export type IpFamily = IpVersion | 'any';

/** Which addresses are wanted. */
export interface AddressFilter {
  readonly family: IpFamily;
  /** Where there are any, only addresses inside are usable. */
  readonly networks: readonly Network[];
  /** Addresses, in canonical form, that are another VM's: an instant clone begins with those of its source. */
  readonly excluded?: readonly string[];
}

export interface CheckOptions extends AddressFilter {
  readonly interfaces: readonly GuestInterface[];
  /** The address that VMware Tools chose, where it is known. Beside interfaces it only tells which one goes first. */
  readonly identityAddress?: string | undefined;
}

export interface RefusedAddress {
  /** As the guest reported it. */
  readonly address: string;
  /** A few words: `link-local`, `state TENTATIVE`. */
  readonly why: string;
}

export interface CheckedAddresses {
  /** In canonical form and without zone, the best first. */
  readonly usable: readonly string[];
  readonly refused: readonly RefusedAddress[];
}

/** Why an address is refused that another filter would not refuse. */
export const BY_FILTER: readonly string[] = [
  'not on a NIC of the VM',
  'not IPv4',
  'not IPv6',
  'outside the given networks',
];
export const OF_SOURCE = "the source's";

interface Candidate {
  readonly address: string;
  readonly state: string | undefined;
  /** Whether a virtual NIC of the VM is behind its interface. */
  readonly isOnNic: boolean;
}

/** Addresses that never lead another machine to this one. */
const UNREACHABLE = [
  { why: 'unspecified', includes: matcherOf('0.0.0.0/8', '::/128') },
  { why: 'loopback', includes: matcherOf('127.0.0.0/8', '::1/128') },
  { why: 'link-local', includes: matcherOf('169.254.0.0/16', 'fe80::/10') },
  { why: 'multicast', includes: matcherOf('224.0.0.0/4', 'ff00::/8') },
  { why: 'broadcast', includes: matcherOf('255.255.255.255') },
];

function matcherOf(...networks: readonly string[]): (address: IpAddress) => boolean {
  return networkMatcher(networks.map(parseNetwork).filter((network) => network !== undefined));
}

/**
 * Says which of a guest's addresses another machine can use, and why not the others. Where the guest lists no interfaces at
 * all, the identity's address stands for itself. Order: IPv4 before IPv6; within each, first the identity's, then by the
 * keys of the NICs, then as the guest lists them.
 */
export function checkAddresses(options: CheckOptions): CheckedAddresses {
  const checked = checkWithStates(options, ['PREFERRED']);
  // The Tools for Linux record no state, and RFC 4293 has an IPv4 address count as preferred where nothing else is known.
  return checked.usable.length > 0 ? checked : checkWithStates(options, ['PREFERRED', 'UNKNOWN']);
}

function checkWithStates(
  { interfaces, identityAddress, family, networks, excluded = [] }: CheckOptions,
  states: readonly string[],
): CheckedAddresses {
  const isInNetworks = networks.length === 0 ? undefined : networkMatcher(networks);
  const usable = new Map<string, IpAddress>();
  const refused = new Map<string, string>();
  for (const { address, state, isOnNic } of toCandidates(interfaces, identityAddress)) {
    const ip = parseAddress(address);
    const isExcluded = ip !== undefined && excluded.includes(ip.text);
    const facts = { state, isOnNic, states, family, isInNetworks, isExcluded };
    const why = ip === undefined ? 'not an IP address' : whyNot({ ip, ...facts });
    if (ip !== undefined && why === undefined) {
      usable.set(ip.text, ip);
    } else if (why !== undefined) {
      refused.set(address, why);
    }
  }

  const chosen = identityAddress === undefined ? undefined : parseAddress(identityAddress)?.text;
  const rank = ({ text, version }: IpAddress) => (version === 'ipv4' ? 0 : 2) + (text === chosen ? 0 : 1);
  return {
    usable: [...usable.values()].sort((a, b) => rank(a) - rank(b)).map(({ text }) => text),
    refused: [...refused]
      .map(([address, why]) => ({ address, why }))
      // The same address may stand on two interfaces, of which one makes it usable.
      .filter(({ address }) => !usable.has(parseAddress(address)?.text ?? '')),
  };
}

function whyNot({
  ip,
  state,
  isOnNic,
  states,
  family,
  isInNetworks,
  isExcluded,
}: Omit<Candidate, 'address'> & {
  readonly ip: IpAddress;
  readonly states: readonly string[];
  readonly family: IpFamily;
  readonly isInNetworks: ((ip: IpAddress) => boolean) | undefined;
  readonly isExcluded: boolean;
}): string | undefined {
  const unreachable = UNREACHABLE.find(({ includes }) => includes(ip));
  if (unreachable !== undefined) {
    return unreachable.why;
  }
  if (isExcluded) {
    return OF_SOURCE;
  }
  // Docker, Kubernetes and libvirt make bridges inside the guest that no device backs, with addresses of their own.
  if (!isOnNic && isInNetworks === undefined) {
    return 'not on a NIC of the VM';
  }
  if (family !== 'any' && ip.version !== family) {
    return family === 'ipv4' ? 'not IPv4' : 'not IPv6';
  }
  if (isInNetworks?.(ip) === false) {
    return 'outside the given networks';
  }
  return state === undefined || states.includes(state) ? undefined : `state ${state}`;
}

/** The keys of NICs count up from 4000 in the order in which they were added; the guest may list them in another. */
function toCandidates(
  interfaces: readonly GuestInterface[],
  identityAddress: string | undefined,
): readonly Candidate[] {
  if (interfaces.length === 0 && identityAddress !== undefined) {
    return [{ address: identityAddress, state: undefined, isOnNic: true }];
  }
  const key = ({ nic }: GuestInterface) =>
    nic !== undefined && /^\d{1,15}$/.test(nic) ? Number(nic) : Number.MAX_VALUE;
  return interfaces
    .toSorted((a, b) => key(a) - key(b))
    .flatMap(({ nic, addresses }) =>
      addresses.map(({ address, state }) => ({ address, state, isOnNic: nic !== undefined })),
    );
}
