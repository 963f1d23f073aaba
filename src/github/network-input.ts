import { isIP } from 'node:net';
import { ValueProblem } from '../text/invalid-value.ts';
import { splitList } from './input-values.ts';

/**
 * Reads networks in CIDR notation, one a line or separated by commas; a bare address is a network of its own. Returns
 * each as `address/prefix`.
 *
 * @throws ValueProblem
 */
export function parseNetworks(text: string): readonly string[] {
  return splitList(text).map(parseNetwork);
}

function parseNetwork(item: string): string {
  const slash = item.indexOf('/');
  const address = slash < 0 ? item : item.slice(0, slash);
  const family = isIP(address);
  // A zone (fe80::1%eth0) is an interface of the guest and no part of a network.
  if (family === 0 || address.includes('%')) {
    throw new ValueProblem(
      `has ${JSON.stringify(item)}, which is not a network; use 10.20.0.0/16 or 2001:db8::/32`,
    );
  }
  const longest = family === 4 ? 32 : 128;
  const prefix = slash < 0 ? String(longest) : item.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > longest) {
    throw new ValueProblem(`has ${JSON.stringify(item)}, whose prefix is not a number from 0 to ${longest}`);
  }
  return `${address}/${prefix}`;
}
