import { describe, expect, it } from 'vitest';
import type { PlainClient } from '../../support/client.ts';
import { refusal, useVcenter } from '../../support/vcenter-fixture.ts';

const start = useVcenter();
const onVm = '/api/vcenter/vm/vm-45';
const offVm = '/api/vcenter/vm/vm-42';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function outcome(client: PlainClient, method: string, path: string): Promise<string> {
  const reply = await client.call(method, path);
  return `${reply.status} ${reply.text === '' ? '' : String(refusal(reply.body).errorType)}`.trim();
}

describe('power', () => {
  it.each([
    ['POWERED_OFF', 'start', '204', 'POWERED_ON'],
    ['POWERED_ON', 'start', '400 ALREADY_IN_DESIRED_STATE', 'POWERED_ON'],
    ['SUSPENDED', 'start', '204', 'POWERED_ON'],
    ['POWERED_OFF', 'stop', '400 ALREADY_IN_DESIRED_STATE', 'POWERED_OFF'],
    ['POWERED_ON', 'stop', '204', 'POWERED_OFF'],
    ['SUSPENDED', 'stop', '204', 'POWERED_OFF'],
    ['POWERED_OFF', 'reset', '400 NOT_ALLOWED_IN_CURRENT_STATE', 'POWERED_OFF'],
    ['POWERED_ON', 'reset', '204', 'POWERED_ON'],
    ['POWERED_OFF', 'suspend', '400 NOT_ALLOWED_IN_CURRENT_STATE', 'POWERED_OFF'],
    ['POWERED_ON', 'suspend', '204', 'SUSPENDED'],
    ['SUSPENDED', 'suspend', '400 ALREADY_IN_DESIRED_STATE', 'SUSPENDED'],
  ] as const)('of a VM that is %s: %s answers %s', async (before, action, answer, after) => {
    const { vcenter, client } = await start();
    const { id } = vcenter.addVm({ name: 'subject', folder: 'group-v24', powerState: before });
    expect(await outcome(client, 'POST', `/api/vcenter/vm/${id}/power?action=${action}`)).toBe(answer);
    expect((await client.call('GET', `/api/vcenter/vm/${id}/power`)).body).toMatchObject({ state: after });
  });

  it('on keeps a VM busy for a while, and one operation excludes another', async () => {
    const { client } = await start({ behaviour: { powerOnTakes: 200, busyAfterPowerOn: 200 } });
    const starting = client.call('POST', `${offVm}/power?action=start`);
    await pause(50);
    expect(await outcome(client, 'POST', `${offVm}/power?action=start`)).toBe('500 RESOURCE_BUSY');
    expect((await starting).status).toBe(204);
    expect(await outcome(client, 'POST', `${offVm}/power?action=stop`)).toBe('500 RESOURCE_BUSY');
    await pause(220);
    expect(await outcome(client, 'POST', `${offVm}/power?action=stop`)).toBe('204');
  });
});

describe('delete', () => {
  it('wants a VM that is off, and then answers 404', async () => {
    const { vcenter, client } = await start();
    expect(await outcome(client, 'DELETE', onVm)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    vcenter.suspend('vm-45');
    expect(await outcome(client, 'DELETE', onVm)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    vcenter.powerOff('vm-45');
    expect(await outcome(client, 'DELETE', onVm)).toBe('204');
    expect(await outcome(client, 'DELETE', onVm)).toBe('404 NOT_FOUND');
    expect(vcenter.vm('vm-45')).toBeUndefined();
  });

  it('meets what somebody else does just before', async () => {
    const { vcenter, client } = await start();
    vcenter.behaviour.beforeDelete = (vm) => vcenter.powerOn(vm);
    expect(await outcome(client, 'DELETE', offVm)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    vcenter.powerOff('vm-42');
    vcenter.behaviour.beforeDelete = undefined;
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Inventory.Delete', object: 'group-v21' }];
    expect(await outcome(client, 'DELETE', offVm)).toBe('403 UNAUTHORIZED');
  });
});

describe('the guest', () => {
  it('reports nothing, then its NICs, then their addresses', async () => {
    const { vcenter, client } = await start({ behaviour: { toolsAfter: Number.POSITIVE_INFINITY } });
    const { behaviour } = vcenter;
    const timeline = behaviour.addresses;
    const look = async (what: string) => (await client.call('GET', `${offVm}/${what}`)).body;
    const interfaces = 'guest/networking/interfaces';
    await client.call('POST', `${offVm}/power?action=start`);
    for (const what of [interfaces, 'guest/identity']) {
      expect(refusal(await look(what)).id).toBe('com.vmware.api.vcenter.vm.guest.tools_not_running');
    }
    expect(await look('tools')).toMatchObject({ run_state: 'NOT_RUNNING' });

    behaviour.toolsAfter = 0;
    behaviour.addresses = [];
    expect(await look(interfaces)).toMatchObject([{ nic: '4000', ip: { ip_addresses: [] } }]);
    expect(await look('guest/identity')).not.toHaveProperty('ip_address');
    expect(await look('tools')).toMatchObject({ run_state: 'RUNNING' });

    behaviour.addresses = timeline;
    await pause(160);
    expect(await look(interfaces)).toMatchObject([
      {
        nic: '4000',
        ip: { ip_addresses: [{ ip_address: '10.20.0.42', origin: 'DHCP' }, { prefix_length: 64 }] },
      },
    ]);
    expect(await look('guest/identity')).toMatchObject({ ip_address: '10.20.0.42' });
  });

  it('counts its times from power-on', async () => {
    const { client } = await start({ behaviour: { toolsAfter: 250 } });
    await client.call('POST', `${offVm}/power?action=start`);
    expect(await outcome(client, 'GET', `${offVm}/guest/identity`)).toBe('503 SERVICE_UNAVAILABLE');
    await pause(260);
    expect((await client.call('GET', `${offVm}/guest/identity`)).status).toBe(200);
    await client.call('POST', `${offVm}/power?action=reset`);
    expect(await outcome(client, 'GET', `${offVm}/guest/identity`)).toBe('503 SERVICE_UNAVAILABLE');
  });

  it('reports what its timeline says', async () => {
    const bridge = { mac_address: '02:42:ac:11:00:01', ip: { ip_addresses: [] } };
    const { client } = await start({
      behaviour: { toolsAfter: 0, addresses: [{ after: 0, interfaces: [bridge] }] },
    });
    expect((await client.call('GET', `${onVm}/guest/networking/interfaces`)).body).toEqual([bridge]);
  });

  it('shuts down after its time, or not at all', async () => {
    const { vcenter, client } = await start({ behaviour: { toolsAfter: 0, shutdownTakes: 250 } });
    expect(await outcome(client, 'POST', `${onVm}/guest/power?action=shutdown`)).toBe('204');
    expect((await client.call('GET', `${onVm}/guest/power`)).body).toEqual({
      state: 'SHUTTING_DOWN',
      operations_ready: false,
    });
    expect(vcenter.vm('vm-45')?.powerState).toBe('POWERED_ON');
    await pause(260);
    expect((await client.call('GET', `${onVm}/power`)).body).toEqual({
      state: 'POWERED_OFF',
      clean_power_off: true,
    });
    vcenter.powerOn('vm-45');
    vcenter.behaviour.shutdownTakes = 'ignored';
    expect(await outcome(client, 'POST', `${onVm}/guest/power?action=shutdown`)).toBe('204');
    expect((await client.call('GET', `${onVm}/guest/power`)).body).toMatchObject({ state: 'RUNNING' });
  });

  it('refuses a shutdown that makes no sense', async () => {
    const { vcenter, client } = await start({ behaviour: { toolsAfter: Number.POSITIVE_INFINITY } });
    const shutdown = (vm: string) => outcome(client, 'POST', `${vm}/guest/power?action=shutdown`);
    expect(await shutdown(onVm)).toBe('503 SERVICE_UNAVAILABLE');
    expect(await shutdown(offVm)).toBe('400 ALREADY_IN_DESIRED_STATE');
    vcenter.behaviour.guestCannotShutdown = true;
    expect(await shutdown(onVm)).toBe('400 UNSUPPORTED');
    vcenter.suspend('build-agent');
    expect(await shutdown(onVm)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
  });
});
