import { describe, expect, it } from 'vitest';
import { networkMatcher, parseAddress, parseNetwork } from '../../../src/text/network.ts';

describe('parseAddress', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7', 'ipv4'],
    ['2001:0DB8:0:0::0001%ens192', '2001:db8::1', 'ipv6'],
    ['::ffff:10.0.0.7', '10.0.0.7', 'ipv4'],
    ['0:0:0:0:0:FFFF:0a00:0007', '10.0.0.7', 'ipv4'],
  ])('reads %s as %s', (text, canonical, version) => {
    expect(parseAddress(text)).toEqual({ text: canonical, version });
  });

  it.each(['', '10.0.0', '010.0.0.1', ' 10.0.0.5', '10.0.0.5\n', '10.0.0.5%eth0', '10.0.0.5/24', '[::1]'])(
    'does not read %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe('parseNetwork', () => {
  it.each([
    ['10.20.0.0/16', '10.20.0.0/16'],
    ['10.20.0.7', '10.20.0.7/32'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['fd00::1', 'fd00::1/128'],
    ['::ffff:10.20.0.0/112', '10.20.0.0/16'],
    ['::ffff:10.20.0.0/95', '::ffff:10.20.0.0/95'],
  ])('reads %s as %s', (text, cidr) => {
    expect(parseNetwork(text)).toMatchObject({ cidr });
  });

  it.each(['', '/8', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '::/129', 'fe80::1%eth0/64', '10.0.0.0/8/8'])(
    'does not read %j',
    (text) => {
      expect(parseNetwork(text)).toBeUndefined();
    },
  );
});

describe('networkMatcher', () => {
  const isIn = (address: string, ...networks: readonly string[]) => {
    const ip = parseAddress(address);
    return (
      ip !== undefined &&
      networkMatcher(networks.map(parseNetwork).filter((network) => network !== undefined))(ip)
    );
  };

  it('keeps the versions apart', () => {
    expect(isIn('10.0.0.5', '::/0')).toBe(false);
    expect(isIn('2001:db8::1', '0.0.0.0/0')).toBe(false);
    expect(isIn('2001:db8::1', '0.0.0.0/0', '2001:db8::/32')).toBe(true);
  });

  it('finds an address in any spelling of its network', () => {
    expect(isIn('::ffff:10.20.3.4', '10.20.0.0/16')).toBe(true);
    expect(isIn('10.20.3.4', '::ffff:10.20.0.0/112')).toBe(true);
    expect(isIn('10.21.3.4', '10.20.0.0/16')).toBe(false);
  });
});
