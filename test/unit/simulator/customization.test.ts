import { describe, expect, it } from 'vitest';
import { refusal } from '../../support/vcenter-fixture.ts';
import { startVirtualVcenter, type VirtualReply } from '../../support/virtual-client.ts';

const vm = '/api/vcenter/vm/vm-42';
const metadata = 'instance-id: a\n';

const withInterfaces = (configuration_spec: object, count = 1) => ({
  spec: {
    configuration_spec,
    global_DNS_settings: {},
    interfaces: Array.from({ length: count }, () => ({ adapter: {} })),
  },
});
const cloudConfig = (cloudinit: object) => ({ cloud_config: { type: 'CLOUDINIT', cloudinit } });
const cloudInit = (cloudinit: object = { metadata }) => withInterfaces(cloudConfig(cloudinit));
const linux = { linux_config: { hostname: { type: 'VIRTUAL_MACHINE' }, domain: 'example.test' } };

const outcome = ({ status, body }: VirtualReply) =>
  body === undefined ? String(status) : `${status} ${refusal(body).errorType}`;

async function start() {
  const stage = await startVirtualVcenter();
  const { call, clock, vcenter } = stage;
  const powerOn = () => call('POST', `${vm}/power?action=start`);
  const poweredOnAt = () => vcenter.vm('vm-42')?.poweredOnAt ?? 0;
  /** The status, and what the guest's Tools report, at a time after power-on. */
  const seenAt = async (after: number) => {
    await clock.sleep(Math.max(0, poweredOnAt() + after - clock.now()));
    const info = (await call('GET', `${vm}/guest/customization`)).body as { status: string };
    const interfaces = await call('GET', `${vm}/guest/networking/interfaces`);
    if (interfaces.status === 503) return `${info.status}, no Tools`;
    const [first] = interfaces.body as { ip: { ip_addresses: { ip_address: string }[] } }[];
    return `${info.status}, ${first?.ip.ip_addresses[0]?.ip_address ?? 'no address'}`;
  };
  return {
    ...stage,
    powerOn,
    seenAt,
    set: async (body: object) => outcome(await call('PUT', `${vm}/guest/customization`, body)),
    status: async () => (await call('GET', `${vm}/guest/customization`)).body,
  };
}

describe('a customization', () => {
  it.each([
    { what: 'a stored one', body: { name: 'linux-dhcp' }, answer: '204' },
    { what: 'an unknown one', body: { name: 'nothing' }, answer: '404 NOT_FOUND' },
    { what: 'data for cloud-init', body: cloudInit({ metadata, userdata: 'a' }), answer: '204' },
    { what: 'one of Linux', body: withInterfaces(linux), answer: '204' },
    { what: 'name and specification', body: { name: 'linux-dhcp', ...cloudInit() } },
    { what: 'no configuration', body: withInterfaces({}) },
    { what: 'two configurations', body: withInterfaces({ ...linux, ...cloudConfig({ metadata }) }) },
    { what: 'cloud_config without cloudinit', body: withInterfaces({ cloud_config: { type: 'CLOUDINIT' } }) },
    { what: 'too few interfaces', body: withInterfaces(linux, 0) },
    { what: 'too many interfaces', body: withInterfaces(linux, 2) },
    { what: 'the longest metadata', body: cloudInit({ metadata: 'ä'.repeat(262_144) }), answer: '204' },
    { what: 'metadata of a byte too many', body: cloudInit({ metadata: `${'ä'.repeat(262_144)}a` }) },
    { what: 'userdata of a byte too many', body: cloudInit({ metadata, userdata: 'x'.repeat(524_289) }) },
  ])('$what: $answer', async ({ body, answer = '400 INVALID_ARGUMENT' }) => {
    const { set, status } = await start();
    expect(await set(body)).toBe(answer);
    expect(await status()).toEqual({ status: answer === '204' ? 'PENDING' : 'IDLE' });
  });

  it('is for a VM that is off', async () => {
    const { vcenter, set } = await start();
    for (const change of [vcenter.powerOn, vcenter.suspend]) {
      change('vm-42');
      expect(await set({ name: 'linux-dhcp' })).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    }
    expect(vcenter.vm('vm-42')?.customization).toBeUndefined();
  });

  it('takes the place of a pending one, and nothing clears it', async () => {
    const { vcenter, set, status } = await start();
    await set({ name: 'linux-dhcp' });
    await set(cloudInit({ metadata, userdata: '#cloud-config\n' }));
    expect(vcenter.vm('vm-42')?.customization).toMatchObject({
      ...{ kind: 'cloud-init', metadata, userdata: '#cloud-config\n' },
    });
    expect(await set({})).toBe('204');
    expect(await status()).toEqual({ status: 'IDLE' });
  });

  it('needs a vCenter that knows it', async () => {
    const { vcenter, set, call } = await start();
    vcenter.behaviour.serverVersion = '7.0.2';
    expect(await set(cloudInit())).toBe('400 UNEXPECTED_INPUT');
    expect(await set({ name: 'linux-dhcp' })).toBe('204');
    vcenter.behaviour.serverVersion = '6.7';
    const path = `${vm}/guest/customization`;
    for (const reply of [await call('PUT', path, {}), await call('GET', path)]) {
      expect(refusal(reply.body)).toEqual({
        errorType: 'NOT_FOUND',
        id: 'com.vmware.vapi.rest.httpNotFound',
      });
    }
  });
});

describe('a guest that is customized', () => {
  it('restarts after its success by a stored specification of Linux, with the old address until then', async () => {
    const { powerOn, seenAt, set } = await start();
    await set({ name: 'linux-dhcp' });
    await powerOn();
    expect([
      await seenAt(100),
      await seenAt(500),
      await seenAt(1000),
      await seenAt(1499),
      await seenAt(1500),
      await seenAt(3000),
      await seenAt(3150),
    ]).toEqual([
      'PENDING, no address',
      'RUNNING, no address',
      'SUCCEEDED, 10.21.0.42',
      'SUCCEEDED, 10.21.0.42',
      'SUCCEEDED, no Tools',
      'SUCCEEDED, no address',
      'SUCCEEDED, 10.20.0.42',
    ]);
  });

  it('does not restart with cloud-init', async () => {
    const { powerOn, seenAt, set } = await start();
    await set(cloudInit());
    await powerOn();
    expect([await seenAt(100), await seenAt(500), await seenAt(1000), await seenAt(1150)]).toEqual([
      'PENDING, no address',
      'RUNNING, no address',
      'SUCCEEDED, no address',
      'SUCCEEDED, 10.20.0.42',
    ]);
    expect(await seenAt(60_000)).toBe('SUCCEEDED, 10.20.0.42');
  });

  it('restarts before its success with Windows', async () => {
    const { powerOn, seenAt, set } = await start();
    await set({ name: 'windows-domain' });
    await powerOn();
    expect([await seenAt(1000), await seenAt(1500), await seenAt(3000), await seenAt(3150)]).toEqual([
      'RUNNING, no address',
      'RUNNING, no Tools',
      'RUNNING, no address',
      'SUCCEEDED, 10.20.0.42',
    ]);
  });

  it('is customized once', async () => {
    const { vcenter, powerOn, seenAt, set } = await start();
    await set({ name: 'linux-dhcp' });
    await powerOn();
    expect(await seenAt(5000)).toBe('SUCCEEDED, 10.20.0.42');
    vcenter.powerOff('vm-42');
    await powerOn();
    expect(await seenAt(150)).toBe('SUCCEEDED, 10.20.0.42');
  });

  it('is the clone whose specification the request named', async () => {
    const { vcenter, clock, clone, call } = await start();
    await clone({ guest_customization_spec: { name: 'linux-dhcp' } });
    await clock.sleep(60_000);
    const id = vcenter.vm('new')?.id;
    expect((await call('GET', `/api/vcenter/vm/${id}/guest/customization`)).body).toEqual({
      status: 'PENDING',
    });
    expect(vcenter.vm('new')?.customization).toMatchObject({ kind: 'stored', name: 'linux-dhcp' });
    expect(vcenter.vm('vm-42')?.customization).toBeUndefined();
  });

  it('may be one of which the server does not tell', async () => {
    const { vcenter, powerOn, seenAt, set } = await start();
    vcenter.behaviour.customization = [];
    await set({ name: 'linux-dhcp' });
    await powerOn();
    expect(await seenAt(5000)).toBe('IDLE, 10.20.0.42');
  });
});

describe('a port of a guest', () => {
  const stateAt = async (stage: Awaited<ReturnType<typeof start>>, after: number, port = 22) => {
    await stage.clock.sleep(after);
    return stage.vcenter.probePort({ address: '10.20.0.42', port });
  };

  it('22 is open once the guest has the address and its Tools run', async () => {
    const stage = await start();
    stage.vcenter.behaviour.toolsAfter = 1000;
    expect(await stateAt(stage, 0)).toBe('silent');
    await stage.powerOn();
    expect(await stateAt(stage, 0)).toBe('silent');
    expect(await stateAt(stage, 150)).toBe('refused');
    expect(await stateAt(stage, 850)).toBe('open');
    expect(await stateAt(stage, 0, 8080)).toBe('refused');
    stage.vcenter.powerOff('vm-42');
    expect(await stateAt(stage, 0)).toBe('silent');
  });

  it('of the old address is silent once the guest restarts', async () => {
    const stage = await start();
    await stage.set({ name: 'linux-dhcp' });
    await stage.powerOn();
    const old = () => stage.vcenter.probePort({ address: '10.21.0.42', port: 22 });
    await stage.clock.sleep(1000);
    expect(old()).toBe('open');
    await stage.clock.sleep(500);
    expect(old()).toBe('silent');
    expect(await stateAt(stage, 2000)).toBe('open');
  });

  it('is what the behaviour says, of the guest that was switched on last', async () => {
    const stage = await start();
    const { vcenter } = stage;
    const address = '10.1.2.3';
    const ip_addresses = [{ ip_address: address, prefix_length: 24, state: 'PREFERRED' }];
    vcenter.behaviour.addresses = [{ after: 0, interfaces: [{ nic: '4000', ip: { ip_addresses } }] }];
    await stage.clock.sleep(1000);
    await stage.powerOn();
    const asked: unknown[] = [];
    vcenter.behaviour.ports = ({ vm: { id }, ...at }) => {
      asked.push({ id, ...at });
      return 'silent';
    };
    await stage.clock.sleep(2000);
    expect(vcenter.probePort({ address, port: 443 })).toBe('silent');
    expect(asked).toEqual([{ id: 'vm-42', address, port: 443, uptime: 2000, toolsRunning: true }]);
  });
});
