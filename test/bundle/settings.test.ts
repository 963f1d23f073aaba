import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EVERY_SETTING, setStage } from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { vmOf } from '../support/what-happened.ts';

const SECRET = 'hunter2-in-user-data';
const USER_DATA = `#cloud-config\nchpasswd:\n  users:\n    - {name: ci, password: ${SECRET}}\n`;

/** An address of this machine that a guest could have: connections to it need no route. */
const [own] = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === 'IPv4');
if (own === undefined) {
  console.log('This machine has no address but loopback: wait-for-port is not run on the bundle.');
}

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.end());
  server.listen(0);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('settings, on the shipped bundle', () => {
  it('sets everything before the first power-on, and shows nothing of the user data, with debug logging', async () => {
    const stage = await setStage();
    const folder = mkdtempSync(join(tmpdir(), 'user-data-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'user-data.yaml');
    writeFileSync(file, USER_DATA);
    const { main, post } = await cloned(
      stage,
      { ...EVERY_SETTING, name: 'pr-12', 'user-data': file, 'wait-for-ip': 'true', teardown: 'always' },
      { debug: true, env: { RUNNER_DEBUG: '1' } },
    );
    const request = stage.vcenter.exchanges.find(({ method }) => method === 'PUT');
    expect(request?.requestBody).toMatchObject({
      spec: { configuration_spec: { cloud_config: { cloudinit: { userdata: USER_DATA } } } },
    });
    expect(main.outputs).toMatchObject({ 'power-state': 'POWERED_ON', 'ip-address': expect.any(String) });
    expect(JSON.parse(main.outputs['timings'] ?? '')).toMatchObject({
      ...{ configure: expect.any(Number), power: expect.any(Number), customization: expect.any(Number) },
    });
    const seen = [main, post].flatMap(({ log, summary, outputs, state, annotations, debug, masks }) => [
      ...[log, summary],
      JSON.stringify([outputs, state, annotations, debug, masks]),
    ]);
    expect(seen.join('\n')).not.toContain(SECRET);
  });

  it('fails with the words of a customization that fails in the guest, and leaves nothing', async () => {
    const stage = await setStage({
      behaviour: {
        customization: [
          { after: 100, status: 'RUNNING' },
          { after: 300, status: 'FAILED', error: 'Deployment failed: no perl.' },
        ],
      },
    });
    const { error } = await failed(stage, { name: 'pr-12', 'guest-customization-spec': 'linux-dhcp' });
    expect(error).toContain('[The customization failed]');
    expect(error).toContain('Deployment failed: no perl.');
    expect(stage.vcenter.vms().map(({ name }) => name)).not.toContain('pr-12');
  });
});

describe.runIf(own !== undefined)('wait-for-port, on the shipped bundle', () => {
  const addresses = [
    {
      after: 100,
      interfaces: [
        {
          nic: '4000',
          ip: { ip_addresses: [{ ip_address: own?.address ?? '', prefix_length: 24, state: 'PREFERRED' }] },
        },
      ],
    },
  ];

  it('waits until every port accepts a connection', async () => {
    const stage = await setStage({ behaviour: { addresses } });
    const ports = [await listen(), await listen()];
    const { main } = await cloned(stage, { 'wait-for-port': ports.join(', ') });
    expect(main.outputs['ip-address']).toBe(own?.address);
    expect(vmOf(stage, main.outputs['vm-id']).powerState).toBe('POWERED_ON');
  });

  it('tells which port refused, and leaves nothing', async () => {
    const stage = await setStage({ behaviour: { addresses } });
    const port = await listen();
    const { error } = await failed(stage, {
      ...{ name: 'pr-12', 'wait-for-port': `${port}, 9`, 'port-timeout': '5s' },
    });
    expect(error).toContain(`${own?.address} (refused: 9; open: ${port})`);
  });
});
