import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetworks } from '../../../src/github/network-input.ts';
import { checkAddresses, type IpFamily } from '../../../src/vcenter/address.ts';
import type { GuestInterface } from '../../../src/vcenter/guest.ts';

const nic = (
  key: string | undefined,
  ...addresses: readonly (string | readonly [string, string])[]
): GuestInterface => ({
  nic: key,
  addresses: addresses.map((each) =>
    typeof each === 'string' ? { address: each, state: 'PREFERRED' } : { address: each[0], state: each[1] },
  ),
});

const check = (
  interfaces: readonly GuestInterface[],
  { cidr = [], ...options }: { identityAddress?: string; family?: IpFamily; cidr?: readonly string[] } = {},
) => checkAddresses({ interfaces, family: 'any', networks: parseNetworks(cidr.join()), ...options });

const reasons = (interfaces: readonly GuestInterface[], options?: Parameters<typeof check>[1]) =>
  Object.fromEntries(check(interfaces, options).refused.map(({ address, why }) => [address, why]));

describe('checkAddresses', () => {
  it('takes the address that the documentation records, and says what the other one is', () => {
    expect(check([nic('4000', '192.168.122.242', 'fe80::250:56ff:feb1:3376')])).toEqual({
      usable: ['192.168.122.242'],
      refused: [{ address: 'fe80::250:56ff:feb1:3376', why: 'link-local' }],
    });
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['::1', 'loopback'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['169.254.17.3', 'link-local'],
    ['fe80::1', 'link-local'],
    ['FE80::1%eth0', 'link-local'],
    ['febf::1', 'link-local'],
    ['224.0.0.251', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['ff02::1', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['255.255.255.255', 'broadcast'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:1', 'link-local'],
    ['0:0:0:0:0:FFFF:0:0', 'unspecified'],
    ['', 'not an IP address'],
    ['10.0.0', 'not an IP address'],
    ['10.0.0.256', 'not an IP address'],
    ['010.0.0.1', 'not an IP address'],
    ['10.0.0.5/24', 'not an IP address'],
    [' 10.0.0.5', 'not an IP address'],
    ['10.0.0.5\n', 'not an IP address'],
    ['10.0.0.5%eth0', 'not an IP address'],
    ['unknown', 'not an IP address'],
  ])('refuses %j as %s', (address, why) => {
    expect(check([nic('4000', address)])).toEqual({ usable: [], refused: [{ address, why }] });
  });

  it.each(['172.32.0.1', '169.253.0.1', '100.64.0.1', '10.255.255.255', 'fec0::1', 'fd00::1', '2001:db8::1'])(
    'takes %s',
    (address) => {
      expect(check([nic('4000', address)]).usable).toEqual([address]);
    },
  );

  it('writes addresses in one way: canonical, without zone, IPv4 as IPv4', () => {
    const { usable } = check([
      nic('4000', '2001:0DB8:0:0::0001%ens192', '::ffff:10.0.0.7', '0:0:0:0:0:ffff:0a00:0008'),
    ]);
    expect(usable).toEqual(['10.0.0.7', '10.0.0.8', '2001:db8::1']);
  });

  it.each(['TENTATIVE', 'DUPLICATE', 'DEPRECATED', 'INVALID', 'INACCESSIBLE', 'preferred', 'unknown'])(
    'waits for an address in state %s',
    (state) => {
      expect(reasons([nic('4000', ['10.0.0.5', state])])).toEqual({ '10.0.0.5': `state ${state}` });
    },
  );

  it('takes an address without a state', () => {
    expect(check([{ nic: '4000', addresses: [{ address: '10.0.0.5', state: undefined }] }]).usable).toEqual([
      '10.0.0.5',
    ]);
  });

  it('B6: takes an address in state UNKNOWN where no other would do', () => {
    expect(check([nic('4000', ['10.1.2.3', 'UNKNOWN'])])).toEqual({ usable: ['10.1.2.3'], refused: [] });
    expect(
      check([
        nic('4000', 'fe80::1', ['10.1.2.2', 'DUPLICATE'], ['10.1.2.3', 'UNKNOWN']),
        nic(undefined, '172.17.0.1'),
      ]).usable,
    ).toEqual(['10.1.2.3']);
  });

  it('B6: keeps an address in state UNKNOWN to all other rules', () => {
    const interfaces = [
      nic('4000', ['169.254.7.7', 'UNKNOWN'], ['10.1.2.3', 'UNKNOWN']),
      nic(undefined, ['172.17.0.1', 'UNKNOWN']),
    ];
    expect(reasons(interfaces, { family: 'ipv6' })).toEqual({
      '169.254.7.7': 'link-local',
      '10.1.2.3': 'not IPv6',
      '172.17.0.1': 'not on a NIC of the VM',
    });
    expect(check(interfaces, { cidr: ['10.2.0.0/16'] }).usable).toEqual([]);
  });

  it.each([
    ['PREFERRED', 'PREFERRED'],
    ['no', undefined],
  ])('B6: does without UNKNOWN ones where an address has %s state', (_, state) => {
    const unknown = { address: '10.1.2.3', state: 'UNKNOWN' };
    const other = { address: '10.1.2.4', state };
    for (const addresses of [
      [unknown, other],
      [other, unknown],
    ]) {
      expect(check([{ nic: '4000', addresses }], { identityAddress: '10.1.2.3' })).toEqual({
        usable: ['10.1.2.4'],
        refused: [{ address: '10.1.2.3', why: 'state UNKNOWN' }],
      });
    }
  });

  it('leaves out bridges inside the guest, unless ip-cidr names their network', () => {
    const interfaces = [nic(undefined, '172.17.0.1'), nic('4000', '10.0.0.5')];
    expect(check(interfaces)).toEqual({
      usable: ['10.0.0.5'],
      refused: [{ address: '172.17.0.1', why: 'not on a NIC of the VM' }],
    });
    expect(check(interfaces, { cidr: ['172.17.0.0/16'] })).toEqual({
      usable: ['172.17.0.1'],
      refused: [{ address: '10.0.0.5', why: 'outside the given networks' }],
    });
  });

  it('does not let ip-cidr make a loopback address usable', () => {
    expect(reasons([nic('4000', '127.0.0.1', 'fe80::1')], { cidr: ['0.0.0.0/0', '::/0'] })).toEqual({
      '127.0.0.1': 'loopback',
      'fe80::1': 'link-local',
    });
  });

  it('keeps the families apart in ip-cidr', () => {
    const interfaces = [nic('4000', '10.0.0.5', '2001:db8::1')];
    expect(check(interfaces, { cidr: ['::/0'] }).usable).toEqual(['2001:db8::1']);
    expect(check(interfaces, { cidr: ['0.0.0.0/0'] }).usable).toEqual(['10.0.0.5']);
    expect(check(interfaces, { cidr: ['10.0.0.5/32', '2001:db8::1/128'] }).usable).toEqual([
      '10.0.0.5',
      '2001:db8::1',
    ]);
    expect(check(interfaces, { cidr: ['10.0.0.4/32', '2001:db8:1::/48'] }).usable).toEqual([]);
  });

  it('keeps to the family asked for', () => {
    const interfaces = [nic('4000', '10.0.0.5', '2001:db8::1')];
    expect(check(interfaces, { family: 'ipv4' })).toEqual({
      usable: ['10.0.0.5'],
      refused: [{ address: '2001:db8::1', why: 'not IPv4' }],
    });
    expect(check(interfaces, { family: 'ipv6' })).toEqual({
      usable: ['2001:db8::1'],
      refused: [{ address: '10.0.0.5', why: 'not IPv6' }],
    });
  });

  it('orders by family, then by the key of the NIC, then as the guest does', () => {
    const interfaces = [
      nic('4010', '10.0.10.1'),
      nic(undefined, '10.0.99.1'),
      nic('4002', '2001:db8::2', '10.0.2.1'),
      nic('4001', '10.0.1.9', '10.0.1.1', '2001:db8::1'),
    ];
    expect(check(interfaces, { cidr: ['10.0.0.0/16', '2001:db8::/32'] }).usable).toEqual([
      ...['10.0.1.9', '10.0.1.1', '10.0.2.1', '10.0.10.1', '10.0.99.1'],
      ...['2001:db8::1', '2001:db8::2'],
    ]);
  });

  it("puts the identity's address first within its family, in whatever spelling", () => {
    const interfaces = [nic('4000', '10.0.0.5', '10.0.0.6', '2001:db8::1', '2001:db8::2')];
    expect(check(interfaces, { identityAddress: '10.0.0.6' }).usable).toEqual([
      ...['10.0.0.6', '10.0.0.5'],
      ...['2001:db8::1', '2001:db8::2'],
    ]);
    expect(check(interfaces, { identityAddress: '2001:DB8:0::2' }).usable).toEqual([
      ...['10.0.0.5', '10.0.0.6'],
      ...['2001:db8::2', '2001:db8::1'],
    ]);
  });

  it("does not take the identity's address where no NIC has it", () => {
    expect(
      check([nic('4000'), nic(undefined, '172.17.0.1')], { identityAddress: '172.17.0.1' }).usable,
    ).toEqual([]);
  });

  it("B5: takes the identity's address for itself where no interface is listed", () => {
    expect(check([], { identityAddress: '10.0.0.5' }).usable).toEqual(['10.0.0.5']);
    expect(check([], { identityAddress: '169.254.0.5' }).refused).toEqual([
      { address: '169.254.0.5', why: 'link-local' },
    ]);
    expect(check([])).toEqual({ usable: [], refused: [] });
  });

  it('names an address once, and not as refused where another interface makes it usable', () => {
    const interfaces = [
      nic(undefined, '10.0.0.5'),
      nic('4000', '10.0.0.5'),
      nic('4001', ['10.0.0.5', 'DUPLICATE']),
    ];
    expect(check(interfaces)).toEqual({ usable: ['10.0.0.5'], refused: [] });
  });
});

describe('checkAddresses with whatever a guest may report', () => {
  const octet = fc.constantFrom(0, 10, 127, 169, 172, 192, 224, 254, 255);
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.')),
    fc.tuple(octet, octet).map(([a, b]) => `::ffff:${a}.0.0.${b}`),
    fc.tuple(fc.ipV6(), fc.string()).map(([ip, zone]) => `${ip}%${zone}`),
    fc
      .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.constantFrom('\0', '\n', ' ', '/24', '%'))
      .map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  const state = fc.oneof(fc.constantFrom(undefined, 'PREFERRED', 'UNKNOWN', 'TENTATIVE'), fc.string());
  const guestInterface = fc.record({
    nic: fc.oneof(fc.constantFrom(undefined, '4000', '4001'), fc.string()),
    addresses: fc.array(fc.record({ address, state }), { maxLength: 5 }),
  });
  const options = fc.record({
    interfaces: fc.array(guestInterface, { maxLength: 5 }),
    identityAddress: fc.option(address, { nil: undefined }),
    family: fc.constantFrom<IpFamily[]>('ipv4', 'ipv6', 'any'),
    cidr: fc.constantFrom<(readonly string[])[]>([], ['0.0.0.0/0', '::/0'], ['10.0.0.0/8'], ['fe80::/10']),
  });

  const unreachable = new BlockList();
  unreachable.addSubnet('0.0.0.0', 8, 'ipv4');
  unreachable.addSubnet('127.0.0.0', 8, 'ipv4');
  unreachable.addSubnet('169.254.0.0', 16, 'ipv4');
  unreachable.addSubnet('224.0.0.0', 4, 'ipv4');
  unreachable.addAddress('255.255.255.255', 'ipv4');
  unreachable.addSubnet('::', 127, 'ipv6');
  unreachable.addSubnet('fe80::', 10, 'ipv6');
  unreachable.addSubnet('ff00::', 8, 'ipv6');

  it('never throws, and lets through only clean addresses that can be reached', () => {
    fc.assert(
      fc.property(options, (given) => {
        const { usable, refused } = checkAddresses({ ...given, networks: parseNetworks(given.cidr.join()) });
        expect(new Set(usable).size).toBe(usable.length);
        for (const each of usable) {
          const version = isIP(each);
          expect(version).not.toBe(0);
          expect(each).toMatch(/^[0-9a-f.:]+$/);
          expect(unreachable.check(each, version === 6 ? 'ipv6' : 'ipv4')).toBe(false);
          expect(given.family).not.toBe(version === 6 ? 'ipv4' : 'ipv6');
        }
        const versions = usable.map((each) => isIP(each));
        expect(versions).toEqual(versions.toSorted());
        const reported =
          given.interfaces.length > 0
            ? given.interfaces.flatMap(({ addresses }) => addresses.map((each) => each.address))
            : [given.identityAddress];
        for (const each of refused) {
          expect(each.why).not.toBe('');
          expect(reported).toContain(each.address);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same answer whatever the order in which the guest lists interfaces of different NICs', () => {
    const listed = fc
      .uniqueArray(guestInterface, { maxLength: 5, selector: (each) => each.nic ?? '' })
      .map((each) => each.map((row, index) => ({ ...row, nic: String(4000 + index) })));
    fc.assert(
      fc.property(listed, fc.infiniteStream(fc.nat()), (interfaces, keys) => {
        const shuffled = interfaces
          .map((each) => ({ each, key: keys.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
        expect(check(shuffled).usable).toEqual(check(interfaces).usable);
      }),
    );
  });
});
