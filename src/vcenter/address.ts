import { BlockList, isIP, SocketAddress } from 'node:net';
import type { GuestInterface } from './guest.ts';

export type IpFamily = 'ipv4' | 'ipv6' | 'any';

export interface JudgeOptions {
  /** Undefined where the server does not tell them: then the identity's address stands for itself. */
  readonly interfaces: readonly GuestInterface[] | undefined;
  /** The address that VMware Tools chose, where it is known. */
  readonly identityAddress?: string | undefined;
  readonly family: IpFamily;
  /** Networks as `address/prefix`; where there are any, only addresses inside count. */
  readonly cidr: readonly string[];
}

export interface RefusedAddress {
  /** As the guest reported it. */
  readonly address: string;
  /** A few words: `link-local`, `state TENTATIVE`. */
  readonly why: string;
}

export interface Judgement {
  /** In canonical form and without zone, the best first. */
  readonly usable: readonly string[];
  readonly refused: readonly RefusedAddress[];
}

interface IpAddress {
  readonly text: string;
  readonly version: 'ipv4' | 'ipv6';
}

interface Candidate {
  readonly address: string;
  readonly state: string | undefined;
  /** Whether a virtual NIC of the VM is behind its interface. */
  readonly onNic: boolean;
}

type Networks = Readonly<Record<IpAddress['version'], BlockList>>;

/** Addresses that never lead another machine to this one. */
const UNREACHABLE: readonly { readonly why: string; readonly networks: Networks }[] = [
  { why: 'unspecified', networks: toNetworks(['0.0.0.0/8', '::/128']) },
  { why: 'loopback', networks: toNetworks(['127.0.0.0/8', '::1/128']) },
  { why: 'link-local', networks: toNetworks(['169.254.0.0/16', 'fe80::/10']) },
  { why: 'multicast', networks: toNetworks(['224.0.0.0/4', 'ff00::/8']) },
  { why: 'broadcast', networks: toNetworks(['255.255.255.255/32']) },
];

/**
 * Says which of a guest's addresses another machine can use, and why not the others. Order: IPv4 before IPv6; within each,
 * first the identity's, then by the keys of the NICs, then as the guest lists them.
 *
 * @throws an error of node:net where `cidr` holds something that is no network.
 */
export function judgeAddresses({ interfaces, identityAddress, family, cidr }: JudgeOptions): Judgement {
  const networks = cidr.length === 0 ? undefined : toNetworks(cidr);
  const usable = new Map<string, IpAddress>();
  const refused = new Map<string, string>();
  for (const candidate of interfaces === undefined ? alone(identityAddress) : toCandidates(interfaces)) {
    const ip = parseAddress(candidate.address);
    if (ip === undefined) {
      refused.set(candidate.address, 'not an IP address');
      continue;
    }
    const why = whyNot({ ip, candidate, family, networks });
    if (why === undefined) {
      usable.set(ip.text, ip);
    } else {
      refused.set(candidate.address, why);
    }
  }

  const chosen = identityAddress === undefined ? undefined : parseAddress(identityAddress)?.text;
  const rank = ({ text, version }: IpAddress) => (version === 'ipv4' ? 0 : 2) + (text === chosen ? 0 : 1);
  return {
    usable: [...usable.values()].sort((a, b) => rank(a) - rank(b)).map(({ text }) => text),
    // The same address may stand on two interfaces, of which one counts.
    refused: [...refused]
      .map(([address, why]) => ({ address, why }))
      .filter(({ address }) => !usable.has(parseAddress(address)?.text ?? '')),
  };
}

function whyNot({
  ip,
  candidate,
  family,
  networks,
}: {
  readonly ip: IpAddress;
  readonly candidate: Candidate;
  readonly family: IpFamily;
  readonly networks: Networks | undefined;
}): string | undefined {
  const unreachable = UNREACHABLE.find((each) => contains(each.networks, ip));
  if (unreachable !== undefined) {
    return unreachable.why;
  }
  // Docker, Kubernetes and libvirt make bridges inside the guest that no device backs, with addresses of their own.
  if (!candidate.onNic && networks === undefined) {
    return 'not on a NIC of the VM';
  }
  if (family !== 'any' && ip.version !== family) {
    return family === 'ipv4' ? 'not IPv4' : 'not IPv6';
  }
  if (networks !== undefined && !contains(networks, ip)) {
    return "outside 'ip-cidr'";
  }
  if (candidate.state !== undefined && candidate.state !== 'PREFERRED') {
    return `state ${candidate.state}`;
  }
  return undefined;
}

function alone(identityAddress: string | undefined): readonly Candidate[] {
  return identityAddress === undefined ? [] : [{ address: identityAddress, state: undefined, onNic: true }];
}

/** The keys of NICs count up from 4000 in the order in which they were added; the guest may list them in another. */
function toCandidates(interfaces: readonly GuestInterface[]): readonly Candidate[] {
  const key = ({ nic }: GuestInterface) =>
    nic !== undefined && /^\d{1,15}$/.test(nic) ? Number(nic) : Number.MAX_VALUE;
  return interfaces
    .toSorted((a, b) => key(a) - key(b))
    .flatMap(({ nic, addresses }) =>
      addresses.map(({ address, state }) => ({ address, state, onNic: nic !== undefined })),
    );
}

/** Canonical text without zone; an IPv4-mapped IPv6 address is the IPv4 address. Undefined where it is no IP address. */
function parseAddress(text: string): IpAddress | undefined {
  const version = isIP(text);
  if (version === 0) {
    return undefined;
  }
  if (version === 4) {
    return { text, version: 'ipv4' };
  }
  const [bare = ''] = text.split('%', 1); // the zone names an interface of the guest and means nothing elsewhere
  const canonical = new SocketAddress({ address: bare, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1];
  return mapped === undefined ? { text: canonical, version: 'ipv6' } : { text: mapped, version: 'ipv4' };
}

/** One list for each family: a BlockList finds every IPv4 address in `::/0`. */
function toNetworks(cidr: readonly string[]): Networks {
  const networks = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const each of cidr) {
    const [network = '', prefix] = each.split('/', 2);
    const version = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    networks[version].addSubnet(network, Number(prefix), version);
  }
  return networks;
}

function contains(networks: Networks, { text, version }: IpAddress): boolean {
  return networks[version].check(text, version);
}
