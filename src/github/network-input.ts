import { ValueProblem } from '../text/invalid-value.ts';
import { readNetwork } from '../text/ip-network.ts';
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
  const network = readNetwork(item);
  if (network !== undefined) {
    return `${network.address}/${network.prefix}`;
  }
  const base = readNetwork(item.split('/', 1)[0] ?? '');
  throw new ValueProblem(
    base === undefined
      ? `has ${JSON.stringify(item)}, which is not a network; use 10.20.0.0/16 or 2001:db8::/32`
      : `has ${JSON.stringify(item)}, whose prefix is not a number from 0 to ${base.prefix}`,
  );
}
