import { describe, expect, it } from 'vitest';
import type { FaultSpec } from '../../simulator/vcenter.ts';
import { refusal } from '../../support/vcenter-fixture.ts';
import { startVirtualVcenter, type VirtualReply } from '../../support/virtual-client.ts';

/** `400 INVALID_ARGUMENT`, or the status alone. */
const outcome = ({ status, body }: VirtualReply) =>
  body === undefined ? String(status) : `${status} ${refusal(body).errorType}`;

async function start() {
  const stage = await startVirtualVcenter();
  const { call } = stage;
  const hardware = (vm: string, what: string) => `/api/vcenter/vm/${vm}/hardware/${what}`;
  return {
    ...stage,
    get: async (vm: string, what: string) => (await call('GET', hardware(vm, what))).body,
    patch: async (vm: string, what: string, body: object) =>
      outcome(await call('PATCH', hardware(vm, what), body)),
  };
}

const NOT_ALLOWED = '400 NOT_ALLOWED_IN_CURRENT_STATE';
const INVALID = '400 INVALID_ARGUMENT';
const BUSY = '500 RESOURCE_BUSY';

describe('CPUs', () => {
  it.each([
    { before: {}, body: { count: 4 }, answer: '204', after: { count: 4, cores_per_socket: 1 } },
    { before: { coresPerSocket: 2 }, body: { count: 6 }, answer: '204', after: { count: 6 } },
    { before: { coresPerSocket: 2 }, body: { count: 3 }, answer: INVALID, after: { count: 2 } },
    { before: { coresPerSocket: 0 }, body: { count: 3 }, answer: '204', after: { count: 3 } },
    { before: {}, body: { cores_per_socket: 2 }, answer: '204', after: { cores_per_socket: 2 } },
    { before: {}, body: { cores_per_socket: 3 }, answer: INVALID, after: { cores_per_socket: 1 } },
    { before: {}, body: { count: 0 }, answer: INVALID, after: { count: 2 } },
    { before: {}, body: { count: 769 }, answer: INVALID, after: { count: 2 } },
  ])('of a VM that is off: $body with $before is answered by $answer', async (row) => {
    const { vcenter, get, patch } = await start();
    const { id } = vcenter.addVm({ name: 'subject', folder: 'group-v24', ...row.before });
    expect(await patch(id, 'cpu', row.body)).toBe(row.answer);
    expect(await get(id, 'cpu')).toMatchObject(row.after);
  });

  it.each([
    { before: {}, body: { count: 4 }, answer: NOT_ALLOWED },
    { before: {}, body: { count: 1 }, answer: NOT_ALLOWED },
    { before: {}, body: { count: 2 }, answer: '204' },
    { before: { cpuHotAdd: true }, body: { count: 4 }, answer: '204' },
    { before: { cpuHotAdd: true }, body: { count: 1 }, answer: NOT_ALLOWED },
    { before: { cpuHotRemove: true }, body: { count: 1 }, answer: '204' },
    { before: {}, body: { hot_add_enabled: false }, answer: NOT_ALLOWED },
  ])('of a VM that runs: $body with $before is answered by $answer', async (row) => {
    const { vcenter, patch } = await start();
    const { id } = vcenter.addVm({
      ...{ name: 'subject', folder: 'group-v24', powerState: 'POWERED_ON' },
      ...row.before,
    });
    expect(await patch(id, 'cpu', row.body)).toBe(row.answer);
  });
});

describe('memory', () => {
  it.each([
    { state: 'POWERED_OFF', memoryHotAdd: false, body: { size_MiB: 8192 }, answer: '204' },
    { state: 'POWERED_OFF', memoryHotAdd: false, body: { size_MiB: 4098 }, answer: INVALID },
    { state: 'POWERED_OFF', memoryHotAdd: false, body: { size_MiB: 0 }, answer: INVALID },
    { state: 'POWERED_OFF', memoryHotAdd: false, body: { size_MiB: 2 ** 25 }, answer: INVALID },
    { state: 'POWERED_OFF', memoryHotAdd: false, body: { hot_add_enabled: true }, answer: '204' },
    { state: 'POWERED_ON', memoryHotAdd: false, body: { size_MiB: 8192 }, answer: NOT_ALLOWED },
    { state: 'SUSPENDED', memoryHotAdd: false, body: { size_MiB: 8192 }, answer: NOT_ALLOWED },
    { state: 'POWERED_ON', memoryHotAdd: true, body: { size_MiB: 8192 }, answer: '204' },
    { state: 'POWERED_ON', memoryHotAdd: true, body: { size_MiB: 8196 }, answer: INVALID },
    { state: 'POWERED_ON', memoryHotAdd: true, body: { hot_add_enabled: true }, answer: NOT_ALLOWED },
  ] as const)('$body of a VM that is $state, hot add $memoryHotAdd: $answer', async (row) => {
    const { vcenter, get, patch } = await start();
    const { state: powerState, memoryHotAdd } = row;
    const { id } = vcenter.addVm({ name: 'subject', folder: 'group-v24', powerState, memoryHotAdd });
    expect(await patch(id, 'memory', row.body)).toBe(row.answer);
    const asked = 'size_MiB' in row.body && row.answer === '204' ? row.body.size_MiB : 4096;
    expect(await get(id, 'memory')).toMatchObject({ size_MiB: asked });
  });
});

describe('a network', () => {
  const standard = { backing: { type: 'STANDARD_PORTGROUP', network: 'network-20' } };
  const distributed = { backing: { type: 'DISTRIBUTED_PORTGROUP', network: 'dvportgroup-19' } };

  it.each([
    { body: standard, answer: '204' },
    { body: distributed, answer: '204' },
    { body: { backing: { type: 'OPAQUE_NETWORK', network: 'network-o21' } }, answer: '204' },
    { body: { backing: { type: 'STANDARD_PORTGROUP', network: 'dvportgroup-19' } }, answer: INVALID },
    { body: { backing: { type: 'STANDARD_PORTGROUP' } }, answer: INVALID },
    { body: { backing: { type: 'HOST_DEVICE' } }, answer: INVALID },
    { body: { backing: { type: 'STANDARD_PORTGROUP', network: 'network-9' } }, answer: '404 NOT_FOUND' },
  ])('$body is answered by $answer', async ({ body, answer }) => {
    const { get, patch } = await start();
    expect(await patch('vm-42', 'ethernet/4000', body)).toBe(answer);
    const { type, network } =
      answer === '204'
        ? { network: '', ...body.backing }
        : { type: 'STANDARD_PORTGROUP', network: 'network-17' };
    expect(await get('vm-42', 'ethernet/4000')).toMatchObject({ backing: { type, network } });
  });

  it('is set of one adapter of several', async () => {
    const { vcenter, get, patch } = await start();
    const networks = ['network-17', 'dvportgroup-18'];
    const { id } = vcenter.addVm({ name: 'two-adapters', folder: 'group-v22', networks });
    expect(await patch(id, 'ethernet/4001', standard)).toBe('204');
    expect(await get(id, 'ethernet/4000')).toMatchObject({ backing: { network: 'network-17' } });
    expect(await get(id, 'ethernet/4001')).toMatchObject({
      label: 'Network adapter 2',
      backing: { network: 'network-20' },
    });
    expect(await patch(id, 'ethernet/4002', standard)).toBe('404 NOT_FOUND');
  });

  it('of a VM that runs changes with its next power-on', async () => {
    const { vcenter, get, patch } = await start();
    const network = async () =>
      ((await get('vm-45', 'ethernet/4000')) as { backing: { network: string } }).backing.network;
    expect(await patch('vm-45', 'ethernet/4000', distributed)).toBe('204');
    expect(await network()).toBe('network-17');
    vcenter.suspend('vm-45');
    vcenter.powerOn('vm-45');
    expect(await network()).toBe('network-17');
    vcenter.powerOff('vm-45');
    vcenter.powerOn('vm-45');
    expect(await network()).toBe('dvportgroup-19');
  });
});

it('a clone has the settings of its source, and then its own', async () => {
  const { vcenter, clock, clone, get, patch } = await start();
  const { id: source } = vcenter.addVm({
    ...{ name: 'source', folder: 'group-v22', powerState: 'POWERED_ON', networks: ['dvportgroup-18'] },
    ...{ cpuCount: 4, coresPerSocket: 2, memoryMiB: 2048, cpuHotAdd: true },
  });
  await clone({ source });
  const id = vcenter.vm('new')?.id ?? '';
  await clock.sleep(60_000);
  expect(await get(id, 'cpu')).toMatchObject({ count: 4, cores_per_socket: 2, hot_add_enabled: true });
  expect(await patch(id, 'cpu', { count: 2 })).toBe('204');
  expect(await patch(id, 'memory', { size_MiB: 4096 })).toBe('204');
  const backing = { type: 'STANDARD_PORTGROUP', network: 'network-17' };
  expect(await patch(id, 'ethernet/4000', { backing })).toBe('204');
  expect(vcenter.vm(id)).toMatchObject({ cpuCount: 2, memoryMiB: 4096, nics: [{ network: 'network-17' }] });
  expect(vcenter.vm(source)).toMatchObject({
    ...{ cpuCount: 4, memoryMiB: 2048, nics: [{ network: 'dvportgroup-18' }] },
  });
});

const everySetting = [
  ['PATCH', 'hardware/cpu', { count: 4 }, 'VirtualMachine.Config.CPUCount'],
  ['PATCH', 'hardware/memory', { size_MiB: 8192 }, 'VirtualMachine.Config.Memory'],
  ['PATCH', 'hardware/ethernet/4000', { start_connected: true }, 'VirtualMachine.Config.EditDevice'],
  ['PUT', 'guest/customization', { name: 'linux-dhcp' }, 'VirtualMachine.Provisioning.Customize'],
] as const;

describe.each(everySetting)('%s %s', (method, what, body, privilege) => {
  it('is refused while the VM is copied, and while another operation holds it', async () => {
    const { vcenter, clock, clone, call } = await start();
    await clone();
    const id = vcenter.vm('new')?.id;
    expect(outcome(await call(method, `/api/vcenter/vm/${id}/${what}`, body))).toBe(BUSY);
    await clock.sleep(60_000);
    expect(outcome(await call(method, `/api/vcenter/vm/${id}/${what}`, body))).toBe('204');
    vcenter.behaviour.powerOnTakes = 1000;
    const starting = call('POST', `/api/vcenter/vm/${id}/power?action=start`);
    expect(outcome(await call(method, `/api/vcenter/vm/${id}/${what}`, body))).toBe(BUSY);
    expect((await starting).status).toBe(204);
  });

  it('takes a privilege', async () => {
    const { vcenter, call } = await start();
    const path = `/api/vcenter/vm/vm-42/${what}`;
    vcenter.behaviour.deny = [{ privilege, object: 'group-v22' }];
    expect(outcome(await call(method, path, body))).toBe('403 UNAUTHORIZED');
    vcenter.behaviour.deny = [];
    expect(outcome(await call(method, path, body))).toBe('204');
  });

  it('can be befallen by a fault', async () => {
    const { vcenter, call } = await start();
    const operation = `${method} /api/vcenter/vm/{vm}/${what.replace('4000', '{nic}')}`;
    const fault = vcenter.fault({ operation: operation as FaultSpec['operation'], kind: '503-unavailable' });
    const path = `/api/vcenter/vm/vm-42/${what}`;
    expect(outcome(await call(method, path, body))).toBe('503 SERVICE_UNAVAILABLE');
    expect(outcome(await call(method, path, body))).toBe('204');
    expect(fault.exchanges).toHaveLength(1);
  });
});

it('a network takes a privilege of its own', async () => {
  const { vcenter, patch } = await start();
  const backing = { type: 'STANDARD_PORTGROUP', network: 'network-20' };
  vcenter.behaviour.deny = [{ privilege: 'Network.Assign', object: 'network-20' }];
  expect(await patch('vm-42', 'ethernet/4000', { backing })).toBe('403 UNAUTHORIZED');
  expect(vcenter.vm('vm-42')?.nics[0]?.network).toBe('network-17');
});
