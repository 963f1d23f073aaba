import { BlockList, isIP, SocketAddress } from 'node:net';

export type IpVersion = 'ipv4' | 'ipv6';

export interface IpAddress {
  /** In canonical form, without zone. */
  readonly text: string;
  readonly version: IpVersion;
}

export interface Network extends IpAddress {
  /** In CIDR notation: `10.20.0.0/16`. */
  readonly cidr: string;
  /** 0 to 32, or to 128. */
  readonly prefix: number;
}

/** Bits before the IPv4 address in an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2). */
const MAPPED_BITS = 96;

/** Reads an address in any of its spellings; an IPv4-mapped IPv6 address is the IPv4 address. Undefined for all else. */
export function parseAddress(text: string): IpAddress | undefined {
  const version = isIP(text);
  if (version === 0) {
    return undefined;
  }
  if (version === 4) {
    return { text, version: 'ipv4' };
  }
  const [bare = ''] = text.split('%', 1); // the zone names an interface of one machine and means nothing elsewhere
  const canonical = new SocketAddress({ address: bare, family: 'ipv6' }).address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(canonical)?.[1];
  return mapped === undefined ? { text: canonical, version: 'ipv6' } : { text: mapped, version: 'ipv4' };
}

/** Reads a network in CIDR notation; a bare address is a network of its own. Undefined for all else, a zone included. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const base = slash < 0 ? text : text.slice(0, slash);
  const longest = isIP(base) === 4 ? 32 : 128;
  const prefix = slash < 0 ? String(longest) : text.slice(slash + 1);
  const address = base.includes('%') ? undefined : parseAddress(base);
  if (address === undefined || !/^(?:0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > longest) {
    return undefined;
  }
  const isMapped = address.version === 'ipv4' && longest === 128;
  if (!isMapped) {
    return toNetwork(address, Number(prefix));
  }
  return Number(prefix) < MAPPED_BITS
    ? toNetwork({ text: base, version: 'ipv6' }, Number(prefix)) // it reaches beyond the IPv4 addresses
    : toNetwork(address, Number(prefix) - MAPPED_BITS);
}

function toNetwork({ text, version }: IpAddress, prefix: number): Network {
  return { text, version, prefix, cidr: `${text}/${prefix}` };
}

/** Whether an address is in one of the networks. */
export function networkMatcher(networks: readonly Network[]): (address: IpAddress) => boolean {
  // One list for each version: a BlockList finds every IPv4 address in `::/0`.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { text, version, prefix } of networks) {
    lists[version].addSubnet(text, prefix, version);
  }
  return ({ text, version }) => lists[version].check(text, version);
}
