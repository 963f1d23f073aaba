import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, openConnection } from '../../../src/https/connection.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { getGuestIdentity, listGuestInterfaces } from '../../../src/vcenter/guest.ts';
import { openSession, type Session } from '../../../src/vcenter/session.ts';
import { startVcenter, type Vcenter } from '../../simulator/vcenter.ts';

const INTERFACES = 'GET /api/vcenter/vm/{vm}/guest/networking/interfaces';
const IDENTITY = 'GET /api/vcenter/vm/{vm}/guest/identity';

const limits = { signal: new AbortController().signal, retryTimeout: Number.POSITIVE_INFINITY };

let vcenter: Vcenter;
let connection: Connection;
let session: Session;
let vm: string;

beforeEach(async () => {
  vcenter = await startVcenter({ behaviour: { toolsAfter: 0 } });
  connection = openConnection({ ca: vcenter.caPem, insecure: false, env: {} });
  session = await openSession(
    {
      endpoint: {
        server: vcenter.server,
        connection,
        clock: systemClock,
        requestTimeout: 5_000,
        trace: () => undefined,
      },
      username: vcenter.username,
      password: vcenter.password,
      mask: () => undefined,
      random: () => 0,
      tell: () => undefined,
    },
    limits,
  );
  const target = vcenter.vms().find(({ nics, template }) => nics.length > 0 && !template);
  vm = target?.id ?? '';
  vcenter.powerOff(vm);
  vcenter.powerOn(vm);
});

afterEach(async () => {
  connection.close();
  await vcenter.close();
});

/** Answers the operation once in a way of its own. */
const answer = (
  operation: typeof INTERFACES | typeof IDENTITY,
  { status, body }: { status: number; body: unknown },
) => vcenter.fault({ operation, kind: 'custom', answer: { status, body } });

describe('listGuestInterfaces', () => {
  it('reads NICs, addresses and states', async () => {
    vcenter.behaviour.addresses = [
      {
        after: 0,
        interfaces: [
          {
            nic: '4000',
            mac_address: '00:50:56:b1:33:76',
            ip: { ip_addresses: [{ ip_address: '192.168.122.242', prefix_length: 24, state: 'PREFERRED' }] },
          },
          { ip: { ip_addresses: [{ ip_address: '172.17.0.1', prefix_length: 16, state: 'UNKNOWN' }] } },
          { nic: '4001' },
        ],
      },
    ];
    await expect(listGuestInterfaces(session, vm, limits)).resolves.toEqual([
      { nic: '4000', addresses: [{ address: '192.168.122.242', state: 'PREFERRED' }] },
      { nic: undefined, addresses: [{ address: '172.17.0.1', state: 'UNKNOWN' }] },
      { nic: '4001', addresses: [] },
    ]);
  });

  it('leaves out what is of no documented shape', async () => {
    const rows = [
      null,
      7,
      'eth0',
      { nic: 4000, ip: 'none' },
      { nic: '', ip: { ip_addresses: null } },
      {
        nic: '4001',
        ip: { ip_addresses: [null, 'x', {}, { ip_address: 5 }, { ip_address: '10.0.0.5', state: '' }] },
      },
    ];
    answer(INTERFACES, { status: 200, body: rows });
    await expect(listGuestInterfaces(session, vm, limits)).resolves.toEqual([
      { nic: undefined, addresses: [] },
      { nic: undefined, addresses: [] },
      { nic: '4001', addresses: [{ address: '10.0.0.5', state: undefined }] },
    ]);
  });

  it('tells that Tools do not run, without a second call', async () => {
    vcenter.behaviour.toolsAfter = Number.POSITIVE_INFINITY;
    await expect(listGuestInterfaces(session, vm, limits)).resolves.toBe('tools-not-running');
    expect(vcenter.calls().filter((call) => call === INTERFACES)).toHaveLength(1);
  });

  it('knows the answer by its message alone, and by its type alone', async () => {
    const id = 'com.vmware.api.vcenter.vm.guest.tools_not_running';
    answer(INTERFACES, {
      status: 503,
      body: { messages: [{ id, default_message: 'Not running', args: [] }] },
    });
    await expect(listGuestInterfaces(session, vm, limits)).resolves.toBe('tools-not-running');
    answer(INTERFACES, { status: 503, body: { error_type: 'SERVICE_UNAVAILABLE', messages: [] } });
    await expect(listGuestInterfaces(session, vm, limits)).resolves.toBe('tools-not-running');
  });

  it('takes a 503 that is not in vCenter\u2019s own form for trouble on the way', async () => {
    vcenter.fault({ operation: INTERFACES, kind: '503-text' });
    await expect(listGuestInterfaces(session, vm, limits)).resolves.toHaveLength(1);
    expect(vcenter.calls().filter((call) => call === INTERFACES)).toHaveLength(2);
  });

  it('does not take a refused login for an answer about the guest', async () => {
    vcenter.expireSessions();
    vcenter.behaviour.sessionLimit = 0;
    await expect(listGuestInterfaces(session, vm, limits)).rejects.toMatchObject({
      operation: 'POST /api/session',
    });
  });

  it('throws where the VM is gone', async () => {
    await expect(listGuestInterfaces(session, 'vm-999999', limits)).rejects.toMatchObject({
      errorType: 'NOT_FOUND',
    });
  });

  it('throws on an answer that is no list', async () => {
    answer(INTERFACES, { status: 200, body: { value: [] } });
    await expect(listGuestInterfaces(session, vm, limits)).rejects.toMatchObject({ failure: 'unreadable' });
  });
});

describe('getGuestIdentity', () => {
  it.each([
    ['an address', { name: 'UBUNTU_64', ip_address: '192.168.122.242' }, '192.168.122.242'],
    ['no address yet', { name: 'UBUNTU_64' }, undefined],
    ['an empty address', { ip_address: '' }, undefined],
    ['an address of the wrong type', { ip_address: ['10.0.0.5'] }, undefined],
  ])('reads %s', async (_, body, ipAddress) => {
    answer(IDENTITY, { status: 200, body });
    await expect(getGuestIdentity(session, vm, limits)).resolves.toEqual({ ipAddress });
  });

  it('tells that Tools do not run', async () => {
    vcenter.behaviour.toolsAfter = Number.POSITIVE_INFINITY;
    await expect(getGuestIdentity(session, vm, limits)).resolves.toBe('tools-not-running');
  });

  it('throws on an answer that is no object', async () => {
    answer(IDENTITY, { status: 200, body: [] });
    await expect(getGuestIdentity(session, vm, limits)).rejects.toMatchObject({ failure: 'unreadable' });
  });
});
