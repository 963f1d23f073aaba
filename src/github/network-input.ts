import { ValueProblem } from '../text/invalid-value.ts';
import { type Network, parseAddress, parseNetwork } from '../text/network.ts';
import { splitList } from './input-values.ts';

/**
 * Reads networks in CIDR notation, one a line or separated by commas; a bare address is a network of its own.
 *
 * @throws ValueProblem
 */
export function parseNetworks(text: string): readonly Network[] {
  return splitList(text).map((item) => {
    const network = parseNetwork(item);
    if (network === undefined) {
      throw new ValueProblem(`has ${JSON.stringify(item)}, ${problemOf(item)}`);
    }
    return network;
  });
}

function problemOf(item: string): string {
  const [base = ''] = item.split('/', 1);
  if (base.includes('%') || parseAddress(base) === undefined) {
    return 'which is not a network; use 10.20.0.0/16 or 2001:db8::/32';
  }
  return `whose prefix is not a number from 0 to ${base.includes(':') ? 128 : 32}`;
}
