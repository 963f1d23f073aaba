import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetworks } from '../../../src/github/network-input.ts';
import { networkMatcher } from '../../../src/text/network.ts';
import { problemOf, valueOrRefused } from '../../support/fake-core.ts';

describe('parseNetworks', () => {
  it('reads networks and single addresses of both families', () => {
    const networks = parseNetworks('10.20.0.0/16, 192.0.2.7\n2001:db8::/32,fd00::1\n0.0.0.0/0');
    expect(networks.map(({ cidr }) => cidr)).toEqual([
      '10.20.0.0/16',
      '192.0.2.7/32',
      '2001:db8::/32',
      'fd00::1/128',
      '0.0.0.0/0',
    ]);
    expect(parseNetworks('')).toEqual([]);
  });

  it.each([
    '10.20.0',
    '10.20.0.0.0/8',
    'example.com/8',
    '/8',
    'fe80::1%eth0/64',
    '10.0.0.256/8',
    '10 .0.0.0/8',
  ])('refuses %s as no network', (item) => {
    expect(problemOf(() => parseNetworks(`10.0.0.0/8, ${item}`))).toBe(
      `has "${item}", which is not a network; use 10.20.0.0/16 or 2001:db8::/32`,
    );
  });

  it.each([
    ['10.0.0.0/33', 32],
    ['10.0.0.0/', 32],
    ['10.0.0.0/8/8', 32],
    ['10.0.0.0/08', 32],
    ['10.0.0.0/255.0.0.0', 32],
    ['10.0.0.0/-1', 32],
    ['10.0.0.0/8abc', 32],
    ['2001:db8::/129', 128],
  ])('refuses the prefix of %s', (item, longest) => {
    expect(problemOf(() => parseNetworks(item))).toBe(
      `has "${item}", whose prefix is not a number from 0 to ${longest}`,
    );
  });

  it('takes or refuses any text, and finds the address of each network in it', () => {
    const item = fc.oneof(
      fc.string(),
      fc.ipV4Extended(),
      fc.ipV6(),
      fc.stringMatching(/^[0-9a-f.:/%]{1,24}$/),
    );
    const text = fc.array(fc.tuple(item, fc.option(fc.nat(200))), { maxLength: 4 });
    fc.assert(
      fc.property(text, (items) => {
        const any = items
          .map(([address, prefix]) => (prefix === null ? address : `${address}/${prefix}`))
          .join('\n');
        for (const network of valueOrRefused(() => parseNetworks(any)) ?? []) {
          expect(networkMatcher([network])(network)).toBe(true);
        }
      }),
    );
  });
});
