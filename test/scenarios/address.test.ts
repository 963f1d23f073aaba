import { describe, expect, it } from 'vitest';
import type { AddressStep, Behaviour, FaultSpec, GuestInterface } from '../simulator/vcenter.ts';
import { FOLDER, GET_POWER, INTERFACES, START, type Stage, setVirtualStage } from '../support/stage.ts';
import { type CloneRun, cloned, failed } from '../support/steps.ts';

const NEVER = Number.POSITIVE_INFINITY;
const IDENTITY = 'GET /api/vcenter/vm/{vm}/guest/identity';

type Inputs = Readonly<Record<string, string>>;

interface Address {
  readonly ip: string;
  readonly state?: string;
}

/** An interface of the guest with these addresses; without `nic` one that the guest has made itself. */
function on(nic: string | undefined, ...addresses: readonly (string | Address)[]): GuestInterface {
  return {
    ...(nic !== undefined && { nic }),
    mac_address: '00:50:56:b1:33:76',
    ip: {
      ip_addresses: addresses
        .map((each) => (typeof each === 'string' ? { ip: each } : each))
        .map(({ ip, state = 'PREFERRED' }) => ({
          ip_address: ip,
          prefix_length: ip.includes(':') ? 64 : 24,
          state,
        })),
    },
  };
}

const eth0 = (...addresses: readonly (string | Address)[]) => on('4000', ...addresses);
const docker0 = on(undefined, '172.17.0.1');
const virbr0 = on(undefined, '192.168.122.1');

/** What the identity of the guest tells, with this address. */
const identity = (address: string): FaultSpec => ({
  operation: IDENTITY,
  kind: 'custom',
  times: NEVER,
  answer: {
    status: 200,
    body: {
      name: 'UBUNTU_64',
      family: 'LINUX',
      full_name: { id: 'x', default_message: 'Ubuntu', args: [] },
      host_name: 'copy',
      ip_address: address,
    },
  },
});

const always = (...interfaces: readonly GuestInterface[]): readonly AddressStep[] => [
  { after: 0, interfaces },
];

function stageWith(addresses: readonly AddressStep[], behaviour: Partial<Behaviour> = {}): Stage {
  return setVirtualStage({ behaviour: { cloneDuration: 60_000, toolsAfter: 0, addresses, ...behaviour } });
}

const INPUTS: Inputs = { name: 'copy', 'wait-for-ip': 'true', 'ip-timeout': '20s' };

/** Waits for an address, which must come. */
async function waited(stage: Stage, inputs: Inputs = {}): Promise<CloneRun> {
  const run = await cloned(stage, { ...INPUTS, 'ip-timeout': '10m', ...inputs });
  const { outputs } = run.main;
  expect(JSON.parse(outputs['ip-addresses'] ?? '')[0]).toBe(outputs['ip-address']);
  return run;
}

/** Waits for an address, which must not come; returns the error. Main deletes the VM that nobody was given. */
async function waitedInVain(stage: Stage, inputs: Inputs = {}): Promise<string> {
  const { main, post } = await failed(stage, { ...INPUTS, ...inputs });
  expect(main.outputs).not.toHaveProperty('ip-address');
  expect(main.outputs).not.toHaveProperty('ip-addresses');
  expect(main.outputs['vm-id']).toMatch(/^vm-\d+$/);
  expect(post.warnings).toEqual([]);
  expect(post.log).toContain('Nothing to clean up: the main step has done so itself.');
  return main.errors[0] ?? '';
}

/** What the guest shows at each poll, the last of it from then on; undefined: Tools do not run. Returns the number of polls so far. */
function showAtEachPoll(
  { vcenter }: Stage,
  guest: readonly (readonly GuestInterface[] | undefined)[],
): () => number {
  let polls = 0;
  vcenter.watch(({ operation }, moment) => {
    if (operation === INTERFACES && moment === 'received') {
      const shown = guest[Math.min(polls, guest.length - 1)];
      polls += 1;
      vcenter.behaviour.toolsAfter = shown === undefined ? NEVER : 0;
      vcenter.behaviour.addresses = always(...(shown ?? []));
    }
  });
  return () => polls;
}

const requests = ({ vcenter }: Stage, operation: string) =>
  vcenter.calls().filter((each) => each === operation).length;

describe('a usable address', () => {
  const cases: readonly {
    readonly guest: string;
    readonly interfaces: readonly GuestInterface[];
    readonly inputs?: Inputs;
    /** The best one first. */
    readonly addresses: readonly string[];
  }[] = [
    {
      guest: 'beside link-local ones',
      interfaces: [eth0('169.254.3.4', 'fe80::250:56ff:feb1:3376', '10.20.0.7')],
      addresses: ['10.20.0.7'],
    },
    {
      guest: "beside docker's and libvirt's bridges, which are listed first",
      interfaces: [docker0, virbr0, eth0('10.20.0.7')],
      addresses: ['10.20.0.7'],
    },
    {
      guest: 'on a bridge of its own, which ip-cidr names',
      interfaces: [docker0, virbr0, eth0()],
      inputs: { 'ip-cidr': '192.168.122.0/24' },
      addresses: ['192.168.122.1'],
    },
    {
      guest: 'within ip-cidr, of several networks',
      interfaces: [eth0('10.20.0.7'), on('4001', '10.30.0.7'), on('4002', '2001:db8:30::7')],
      inputs: { 'ip-cidr': '10.30.0.0/16\n2001:db8:30::/48' },
      addresses: ['10.30.0.7', '2001:db8:30::7'],
    },
    {
      guest: 'beside DEPRECATED, DUPLICATE and TENTATIVE ones',
      interfaces: [
        eth0(
          { ip: '10.20.0.5', state: 'DEPRECATED' },
          { ip: '10.20.0.6', state: 'DUPLICATE' },
          { ip: '10.20.0.8', state: 'TENTATIVE' },
          '10.20.0.7',
        ),
      ],
      addresses: ['10.20.0.7'],
    },
    {
      guest: 'of IPv6, where there is no other',
      interfaces: [eth0('fe80::1', '2001:DB8:0:0:0:0:0:7')],
      addresses: ['2001:db8::7'],
    },
    {
      guest: 'of IPv4 before IPv6',
      interfaces: [eth0('2001:db8::7', '10.20.0.7')],
      addresses: ['10.20.0.7', '2001:db8::7'],
    },
    {
      guest: 'of IPv6, where that is asked for',
      interfaces: [eth0('10.20.0.7', '2001:db8::7')],
      inputs: { 'ip-family': 'ipv6' },
      addresses: ['2001:db8::7'],
    },
    {
      guest: 'of the first NIC, in whatever order the guest lists them',
      interfaces: [on('4001', '10.30.0.7'), eth0()],
      addresses: ['10.30.0.7'],
    },
  ];

  it.each(cases)('$guest', async ({ interfaces, inputs = {}, addresses }) => {
    const { main } = await waited(stageWith(always(...interfaces)), inputs);
    expect(JSON.parse(main.outputs['ip-addresses'] ?? '')).toEqual(addresses);
    for (const address of addresses) {
      expect(main.summary).toContain(`\`${address}\``);
    }
  });

  it('without a state, as older servers report it', async () => {
    const stage = stageWith(always());
    stage.vcenter.fault({
      operation: INTERFACES,
      kind: 'custom',
      times: NEVER,
      answer: { status: 200, body: [{ nic: '4000', ip: { ip_addresses: [{ ip_address: '10.20.0.7' }] } }] },
    });
    const { main } = await waited(stage);
    expect(main.outputs['ip-address']).toBe('10.20.0.7');
  });

  it('is the one that VMware Tools prefer, where there are several of a family', async () => {
    const stage = stageWith(always(eth0('10.20.0.7', '10.20.0.8')));
    stage.vcenter.fault(identity('10.20.0.8'));
    const { main } = await waited(stage);
    expect(JSON.parse(main.outputs['ip-addresses'] ?? '')).toEqual(['10.20.0.8', '10.20.0.7']);
  });
});

describe('the wait for an address', () => {
  it('goes on while Tools do not run, and while lists are empty', async () => {
    const stage = stageWith([]);
    const answer = [eth0('10.20.0.7')];
    const polls = showAtEachPoll(stage, [undefined, [], [eth0()], answer, answer]);
    const { main } = await waited(stage);
    expect(main.outputs['ip-address']).toBe('10.20.0.7');
    expect(main.log).toContain('VMware Tools do not run in the guest yet.');
    expect(main.log).toContain('The guest reports no address yet.');
    expect(main.log).toContain('The guest reports 10.20.0.7; it counts if it is the same on the next poll.');
    expect(main.log).toMatch(/^Ready: 'copy' \(vm-\d+\) at 10\.20\.0\.7, POWERED_ON, after /m);
    expect(polls()).toBe(5);
  });

  it('does not take an address that a reboot for customization takes away', async () => {
    const stage = stageWith([]);
    const after = [eth0('10.20.0.7')];
    // The first boot shows an address once; after the reboot Tools are away, and then there is another one.
    const polls = showAtEachPoll(stage, [[eth0('10.20.9.9')], undefined, [eth0()], after, after]);
    const { main } = await waited(stage, { 'guest-customization-spec': 'linux-dhcp' });
    expect(main.outputs['ip-address']).toBe('10.20.0.7');
    expect(main.outputs['ip-addresses']).toBe('["10.20.0.7"]');
    expect(polls()).toBe(5);
  });

  it('makes do with the identity where the server does not tell interfaces', async () => {
    const stage = stageWith(always(eth0('10.20.0.7')));
    stage.vcenter.fault({
      operation: INTERFACES,
      kind: 'custom',
      times: NEVER,
      answer: {
        status: 404,
        body: {
          error_type: 'NOT_FOUND',
          messages: [{ id: 'vapi.httpNotFound', default_message: 'Not found.', args: [] }],
        },
      },
    });
    const { main } = await waited(stage);
    expect(main.outputs['ip-address']).toBe('10.20.0.7');
    expect(requests(stage, INTERFACES)).toBe(1);
  });

  it('costs two polls of the guest and one of the power, where the address is there', async () => {
    const stage = stageWith(always(eth0('10.20.0.7')));
    await waited(stage);
    expect([requests(stage, INTERFACES), requests(stage, GET_POWER), requests(stage, IDENTITY)]).toEqual([
      2, 1, 0,
    ]);
  });

  it('is for a VM that is reused as well', async () => {
    const stage = stageWith(always(eth0('10.20.0.7')));
    const { id } = stage.vcenter.addVm({ name: 'copy', folder: FOLDER, powerState: 'POWERED_ON' });
    const before = new Set(stage.vcenter.vms().map((vm) => vm.id));
    const { main } = await waited({ ...stage, before }, { 'if-exists': 'reuse' });
    expect(main.outputs).toMatchObject({ 'vm-id': id, created: 'false', 'ip-address': '10.20.0.7' });
  });
});

describe('no address', () => {
  it('says which ones were seen, and why none of them counts', async () => {
    const stage = stageWith(
      always(
        docker0,
        eth0(
          '169.254.3.4',
          'fe80::250:56ff:feb1:3376%eth0',
          { ip: '10.20.0.5', state: 'DEPRECATED' },
          { ip: '10.20.0.6', state: 'DUPLICATE' },
          '127.0.0.1',
        ),
      ),
    );
    expect(await waitedInVain(stage)).toMatchInlineSnapshot(`
      "No address: vm-1001 has reported no usable address within 20 s ('ip-timeout').
      What it reported is not usable: 169.254.3.4 (link-local), fe80::250:56ff:feb1:3376%eth0 (link-local), 10.20.0.5 (state DEPRECATED), 10.20.0.6 (state DUPLICATE), 127.0.0.1 (loopback), 172.17.0.1 (not on a NIC of the VM).
      If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it('asks for DHCP where no input could let one in', async () => {
    const error = await waitedInVain(stageWith(always(eth0('169.254.3.4', '127.0.0.1'))));
    expect(error.split('\n')[2]).toBe(
      'The guest has no other address: is its NIC connected, to the right network, and does DHCP respond there?',
    );
  });

  it("says so where 'ip-family' is what is in the way", async () => {
    const stage = stageWith(always(eth0('10.20.0.7')));
    expect(await waitedInVain(stage, { 'ip-family': 'ipv6' })).toMatchInlineSnapshot(`
      "No address: vm-1001 has reported no usable address within 20 s ('ip-timeout').
      What it reported is not usable: 10.20.0.7 (not IPv6).
      If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it("says so where 'ip-cidr' is what is in the way", async () => {
    const stage = stageWith(always(eth0('10.20.0.7', '2001:db8::7')));
    expect(await waitedInVain(stage, { 'ip-cidr': '10.99.0.0/16' })).toMatchInlineSnapshot(`
      "No address: vm-1001 has reported no usable address within 20 s ('ip-timeout').
      What it reported is not usable: 10.20.0.7 (outside the given networks), 2001:db8::7 (outside the given networks).
      If one of them is the right one, let it in with 'ip-family' or 'ip-cidr'.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it('says so where addresses come and go', async () => {
    const stage = stageWith(always());
    let polls = 0;
    stage.vcenter.watch(({ operation }, moment) => {
      if (operation === INTERFACES && moment === 'received') {
        polls += 1;
        stage.vcenter.behaviour.addresses = always(eth0(`10.20.0.${10 + (polls % 2)}`));
      }
    });
    const error = await waitedInVain(stage);
    expect(error.replace(/10\.20\.0\.1[01]/, 'ADDRESS')).toMatchInlineSnapshot(`
      "No address: vm-1001 has reported no usable address within 20 s ('ip-timeout').
      ADDRESS was seen, but not on two polls in a row: give it more time with 'ip-timeout'.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it('says so where Tools never run', async () => {
    const stage = stageWith(always(), { toolsAfter: NEVER });
    expect(await waitedInVain(stage)).toMatchInlineSnapshot(`
      "No address: vm-1001 has reported no usable address within 20 s ('ip-timeout').
      VMware Tools never responded: are they (open-vm-tools) installed in the source, and does it boot in this time?
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it('says so where the guest never has an address', async () => {
    const stage = stageWith(always(eth0()));
    expect(await waitedInVain(stage)).toMatchInlineSnapshot(`
      "No address: vm-1001 has reported no usable address within 20 s ('ip-timeout').
      VMware Tools run, but the guest has no address: is its NIC connected, to the right network, and does DHCP respond there?
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it('says so where vCenter gives no answer', async () => {
    const stage = stageWith(always());
    stage.vcenter.fault({ operation: INTERFACES, kind: '503-text', times: NEVER });
    expect(await waitedInVain(stage)).toMatchInlineSnapshot(`
      "No address: vm-1001 has reported no usable address within 20 s ('ip-timeout').
      vCenter responded to no request about the guest in this time.
      The last request that failed, after 18.7 s: GET /api/vcenter/vm/{vm}/guest/networking/interfaces: HTTP 503, not in vCenter's own form; it may come from a proxy in front of it: no healthy upstream
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it("is not begun with 'power-on: false'", async () => {
    const stage = stageWith(always());
    const { main } = await failed(stage, { ...INPUTS, 'power-on': 'false' });
    expect(main.errors[0]).toMatchInlineSnapshot(
      `"Invalid inputs: wait-for-ip: "true" needs 'power-on', since a VM that is off never reports an address."`,
    );
    expect(stage.vcenter.calls()).toEqual([]);
  });

  it('fails soon where the VM is powered off while it is waited for', async () => {
    const stage = stageWith(always(), { toolsAfter: NEVER });
    stage.vcenter.on({ operation: INTERFACES, when: 'answered' }).then(() => stage.vcenter.powerOff('copy'));
    const error = await waitedInVain(stage, { 'ip-timeout': '24h' });
    expect(error).toMatchInlineSnapshot(`
      "No address: vm-1001 is POWERED_OFF, so its guest never reports an address.
      It was to be on: its events in vCenter say what switched it off or keeps it off.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
  });

  it('fails where the VM is deleted while it is waited for', async () => {
    const stage = stageWith(always(), { toolsAfter: NEVER });
    stage.vcenter.on({ operation: INTERFACES, when: 'answered' }).then(() => stage.vcenter.remove('copy'));
    const { main } = await failed(stage, { ...INPUTS, 'ip-timeout': '24h' });
    expect(main.errors[0]).toMatchInlineSnapshot(
      `
      "Refused by vCenter: GET /api/vcenter/vm/{vm}/guest/networking/interfaces on localhost:8443 failed (HTTP 404 NOT_FOUND). vCenter: Virtual machine with identifier 'vm-1001:b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77' does not exist or has been deleted.
      'copy' (vm-1001) is gone already; nothing is left."
    `,
    );
  });

  it('fails at once for a VM that is reused and off, and leaves it as it is', async () => {
    const stage = stageWith(always());
    const { id } = stage.vcenter.addVm({ name: 'copy', folder: FOLDER });
    const before = new Set(stage.vcenter.vms().map((vm) => vm.id));
    const { main, post } = await failed({ ...stage, before }, { ...INPUTS, 'if-exists': 'reuse' });
    expect(main.errors[0]).toMatchInlineSnapshot(`
      "No address: vm-1001 is POWERED_OFF, so its guest never reports an address.
      Power it on first, or set 'wait-for-ip' to false."
    `);
    expect(main.outputs).toMatchObject({ 'vm-id': id, created: 'false' });
    expect(post.summary).toBe('');
  });
});

describe('B1: a power-on that comes after the clone', () => {
  it('within some seconds is waited for', async () => {
    const stage = stageWith(always(eth0('10.1.2.3')), { powerOnAfter: 2_000 });
    const { main } = await waited(stage);
    expect(main.outputs).toMatchObject({ 'ip-address': '10.1.2.3', 'power-state': 'POWERED_ON' });
    expect(requests(stage, START)).toBe(0);
  });

  it.each(['true', 'false'])(
    'that does not come is made by the action (wait-for-ip: %s)',
    async (waitForIp) => {
      const stage = stageWith(always(eth0('10.1.2.3')), { powerOnAfter: NEVER });
      const { main } = await cloned(stage, { ...INPUTS, 'wait-for-ip': waitForIp });
      expect(main.outputs['power-state']).toBe('POWERED_ON');
      expect(stage.vcenter.vm('copy')?.powerState).toBe('POWERED_ON');
      expect(requests(stage, START)).toBe(1);
    },
  );

  it("that vCenter refuses is told in vCenter's words, and the VM is deleted", async () => {
    const stage = stageWith(always(), { powerOnAfter: NEVER });
    stage.vcenter.fault({
      operation: START,
      kind: 'vapi-error',
      errorType: 'UNABLE_TO_ALLOCATE_RESOURCE',
      text: 'No host has enough memory.',
      times: NEVER,
    });
    const error = await waitedInVain(stage);
    expect(error).toContain('No host has enough memory.');
    expect(error).toContain("'copy' (vm-1001) is deleted, since the step did not succeed.");
  });

  it('is not waited for where nobody asked for it', async () => {
    const stage = stageWith(always());
    const { main } = await cloned(stage, { name: 'copy', 'power-on': 'false' });
    expect(main.outputs['power-state']).toBe('POWERED_OFF');
    expect([requests(stage, GET_POWER), requests(stage, START)]).toEqual([0, 0]);
  });
});

describe('B5: a guest that lists no interfaces', () => {
  it('is taken at the word of its identity', async () => {
    const stage = stageWith(always());
    stage.vcenter.fault(identity('10.1.2.3'));
    const { main } = await waited(stage);
    expect(main.outputs['ip-addresses']).toBe('["10.1.2.3"]');
  });

  it.each([
    { what: 'another family is asked for', address: '10.1.2.3', inputs: { 'ip-family': 'ipv6' } },
    { what: 'it is outside ip-cidr', address: '10.1.2.3', inputs: { 'ip-cidr': '10.99.0.0/16' } },
    { what: 'it is link-local', address: '169.254.3.4', inputs: {} },
  ])('is not, where $what', async ({ address, inputs }) => {
    const stage = stageWith(always());
    stage.vcenter.fault(identity(address));
    expect(await waitedInVain(stage, inputs)).toContain(`What it reported is not usable: ${address} (`);
  });

  it('is asked for nothing else where it lists interfaces: the identity changes nothing', async () => {
    const stage = stageWith(always(eth0('169.254.3.4'), docker0));
    stage.vcenter.fault(identity('10.1.2.3'));
    expect(await waitedInVain(stage)).not.toContain('10.1.2.3');
  });
});

describe('B6: an address of a state that nobody can tell', () => {
  it('is taken where there is no other', async () => {
    const { main } = await waited(stageWith(always(eth0({ ip: '10.1.2.3', state: 'UNKNOWN' }))));
    expect(main.outputs['ip-addresses']).toBe('["10.1.2.3"]');
  });

  it('comes after a PREFERRED one', async () => {
    const stage = stageWith(always(eth0({ ip: '10.1.2.3', state: 'UNKNOWN' }, '10.1.2.4')));
    expect((await waited(stage)).main.outputs['ip-address']).toBe('10.1.2.4');
  });

  it.each(['DEPRECATED', 'DUPLICATE', 'TENTATIVE', 'INVALID', 'INACCESSIBLE'])('is not %s', async (state) => {
    const stage = stageWith(always(eth0({ ip: '10.1.2.3', state })));
    expect(await waitedInVain(stage)).toContain(`10.1.2.3 (state ${state})`);
  });
});

describe('B7: the address of the source, before the customization', () => {
  const customized: Inputs = { 'guest-customization-spec': 'linux-dhcp' };
  const before = eth0('10.9.9.9');
  const after = eth0('10.1.2.3');

  it.each([
    { away: 1_500, shownFor: 4_000 },
    { away: 4_000, shownFor: 12_000 },
    { away: 20_000, shownFor: 30_000 },
  ])('is not handed out: $shownFor ms, then Tools are away for $away ms', async ({ away, shownFor }) => {
    const stage = stageWith([
      { after: 0, interfaces: [before] },
      { after: shownFor, toolsDown: true },
      { after: shownFor + away, interfaces: [after] },
    ]);
    const { main } = await waited(stage, customized);
    expect(main.outputs['ip-addresses']).toBe('["10.1.2.3"]');
  });

  it('does not count as held where another one takes its place without a restart', async () => {
    const stage = stageWith([
      { after: 0, interfaces: [before] },
      { after: 20_000, interfaces: [after] },
    ]);
    const { main } = await waited(stage, customized);
    expect(main.outputs['ip-address']).toBe('10.1.2.3');
  });

  it('counts once it has held for 40 s, in a guest that does not restart', async () => {
    const { main } = await waited(stageWith(always(after)), customized);
    const { ip } = JSON.parse(main.outputs['timings'] ?? '') as { readonly ip: number };
    expect(ip).toBeGreaterThanOrEqual(40_000);
    expect(ip).toBeLessThan(60_000);
  });
});

it('A15: "No address" says that the VM is deleted, and how to keep such a VM for a look', async () => {
  const error = await waitedInVain(stageWith(always(), { toolsAfter: NEVER }));
  expect(error).toContain("'copy' (vm-1001) is deleted, since the step did not succeed.");
  expect(error).toContain("To examine such a VM, set 'wait-for-ip' to false");
});
