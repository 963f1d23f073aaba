import { BlockList, isIP } from 'node:net';

/** A network in CIDR notation, taken apart. */
export interface IpNetwork {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/**
 * Reads `10.20.0.0/16` or `2001:db8::/32`; a bare address is a network of its own. Undefined for all else, such as an
 * address with a zone (`fe80::1%eth0`), which is an interface of one machine and no part of a network.
 */
export function readNetwork(text: string): IpNetwork | undefined {
  const [, address = '', digits] = /^([^/%]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const prefix = digits === undefined ? longest : Number(digits);
  return version === 0 || prefix > longest
    ? undefined
    : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Networks in which addresses are looked up. One list for each family: a BlockList finds every IPv4 address in `::/0`. */
export type NetworkList = Readonly<Record<IpNetwork['family'], BlockList>>;

export function networkList(networks: readonly IpNetwork[]): NetworkList {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { address, prefix, family } of networks) {
    lists[family].addSubnet(address, prefix, family);
  }
  return lists;
}

/** @param address Without zone; a text that is no address is in no network. */
export function isInNetworks(address: string, networks: NetworkList): boolean {
  const version = isIP(address);
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return version !== 0 && networks[family].check(address, family);
}
