import { describe, expect, it } from 'vitest';
import { startVirtualVcenter as start } from '../../support/virtual-client.ts';

const seconds = 1000;

describe('what happens after a clone', () => {
  it('its VM is switched on a while after the end of its task', async () => {
    const { clock, vcenter, call, clone, task } = await start({ powerOnAfter: 2 * seconds });
    const id = await clone({ power_on: true });
    await clock.sleep(61 * seconds);
    expect((await task(id)).body).toMatchObject({ status: 'SUCCEEDED' });
    const path = `/api/vcenter/vm/${vcenter.vm('new')?.id}/power`;
    expect((await call('GET', path)).body).toMatchObject({ state: 'POWERED_OFF' });
    await clock.sleep(seconds);
    expect((await call('GET', path)).body).toMatchObject({ state: 'POWERED_ON' });
    expect(vcenter.vm('new')?.poweredOnAt).toBe(62 * seconds);
  });

  it('or never, where nobody asked for it or vCenter does not', async () => {
    for (const [powerOnAfter, powerOn] of [
      [Number.POSITIVE_INFINITY, true],
      [0, false],
    ] as const) {
      const { clock, vcenter, clone } = await start({ powerOnAfter });
      await clone({ power_on: powerOn });
      await clock.sleep(10_000 * seconds);
      expect(vcenter.vm('new')?.powerState).toBe('POWERED_OFF');
    }
  });

  it('its VM is shown a while after the end of its task', async () => {
    const { clock, vcenter, call, clone } = await start({ listedAfter: 3 * seconds });
    await clone();
    const path = `/api/vcenter/vm/${vcenter.vm('new')?.id}`;
    const seen = async () => ({
      listed: (await call('GET', '/api/vcenter/vm?names=new')).body,
      status: (await call('GET', path)).status,
    });
    expect(await seen()).toEqual({ listed: [], status: 404 });
    await clock.sleep(62 * seconds);
    expect(await seen()).toEqual({ listed: [], status: 404 });
    await clock.sleep(seconds);
    expect(await seen()).toMatchObject({ listed: [{ name: 'new' }], status: 200 });
  });

  it('its task may be forgotten before that, and goes on', async () => {
    const { clock, vcenter, call, clone, task } = await start();
    const id = await clone();
    vcenter.forgetTask(id);
    expect((await task(id)).status).toBe(404);
    const filter = { filter_spec: { services: ['com.vmware.vcenter.VM'] } };
    expect((await call('POST', '/api/cis/tasks?action=list', filter)).body).toEqual({});
    await clock.sleep(60 * seconds);
    expect(vcenter.vm('new')?.copying).toBe(false);
  });

  it('a task that was cancelled fails with what the behaviour says', async () => {
    const canceledError = {
      error_type: 'ERROR',
      messages: [{ id: 'vmsg.RequestCanceled.summary', default_message: 'Abgebrochen.', args: [] }],
    };
    const { clock, call, clone, task } = await start({ canceledError });
    const id = await clone();
    await call('POST', `/api/cis/tasks/${encodeURIComponent(id)}?action=cancel`);
    await clock.sleep(seconds);
    expect((await task(id)).body).toMatchObject({ status: 'FAILED', error: canceledError });
  });
});

describe('a guest', () => {
  it('loses its Tools and comes back with another address', async () => {
    const address = (ip: string) => [
      { nic: '4000', ip: { ip_addresses: [{ ip_address: ip, prefix_length: 24, state: 'PREFERRED' }] } },
    ];
    const { clock, vcenter, call } = await start({
      toolsAfter: 0,
      addresses: [
        { after: 0, interfaces: address('10.9.9.9') },
        { after: 4 * seconds, toolsDown: true },
        { after: 6 * seconds, interfaces: address('10.1.2.3') },
      ],
    });
    vcenter.powerOn('vm-42');
    const seen = async () => {
      const interfaces = await call('GET', '/api/vcenter/vm/vm-42/guest/networking/interfaces');
      const tools = await call('GET', '/api/vcenter/vm/vm-42/tools');
      return [interfaces.status, (tools.body as { run_state: string }).run_state, interfaces.body];
    };
    expect(await seen()).toEqual([200, 'RUNNING', address('10.9.9.9')]);
    await clock.sleep(4 * seconds);
    expect(await seen()).toMatchObject([503, 'NOT_RUNNING', { error_type: 'SERVICE_UNAVAILABLE' }]);
    await clock.sleep(2 * seconds);
    expect(await seen()).toEqual([200, 'RUNNING', address('10.1.2.3')]);
  });

  it('tells how its customization stands', async () => {
    const { clock, vcenter, call } = await start();
    const path = '/api/vcenter/vm/vm-42/guest/customization';
    expect((await call('GET', path)).body).toEqual({ status: 'IDLE' });
    vcenter.behaviour.customization = [
      { after: seconds, status: 'RUNNING' },
      { after: 3 * seconds, status: 'FAILED', error: 'No perl.' },
    ];
    expect((await call('GET', path)).body).toEqual({ status: 'PENDING' });
    vcenter.powerOn('vm-42');
    expect((await call('GET', path)).body).toEqual({ status: 'PENDING' });
    await clock.sleep(seconds);
    const start_time = clock.date().toISOString();
    expect((await call('GET', path)).body).toEqual({ status: 'RUNNING', start_time });
    await clock.sleep(2 * seconds);
    expect((await call('GET', path)).body).toEqual({
      ...{ status: 'FAILED', error: 'No perl.', start_time },
      end_time: clock.date().toISOString(),
    });
    expect((await call('GET', path.replace('vm-42', 'vm-1'))).status).toBe(404);
  });
});

describe('answers', () => {
  it('can be a refusal in vCenter’s own words', async () => {
    const { vcenter, call } = await start();
    for (const errorType of [
      'UNABLE_TO_ALLOCATE_RESOURCE',
      'RESOURCE_INACCESSIBLE',
      'INTERNAL_SERVER_ERROR',
    ]) {
      const messageId = 'vmsg.InsufficientStorageSpace.summary';
      const text = 'Insufficient disk space on datastore fast.';
      vcenter.fault({ operation: 'GET /api/vcenter/vm', kind: 'vapi-error', errorType, messageId, text });
      expect(await call('GET', '/api/vcenter/vm')).toMatchObject({
        status: 500,
        body: { error_type: errorType, messages: [{ id: messageId, default_message: text }] },
      });
    }
  });

  it('can come without a Date', async () => {
    const { vcenter, clock, call } = await start();
    expect((await call('GET', '/api/vcenter/vm')).date).toBe(clock.date().toUTCString());
    vcenter.behaviour.sendsDate = false;
    expect((await call('GET', '/api/vcenter/vm')).date).toBeUndefined();
  });

  it('list only the VMs that are asked for by id', async () => {
    const { call } = await start();
    const { body } = await call('GET', '/api/vcenter/vm?vms=vm-42&vms=vm-45');
    expect(body).toMatchObject([{ vm: 'vm-42' }, { vm: 'vm-45' }]);
  });

  it('refuse a list of more than 1,000 tasks', async () => {
    const { vcenter, call } = await start({ taskRetention: Number.POSITIVE_INFINITY });
    for (let count = 0; count <= 1000; count += 1) {
      vcenter.startForeignClone({ source: 'vm-43', name: `other-${count}` });
    }
    const list = (filter: object) =>
      call('POST', '/api/cis/tasks?action=list', {
        filter_spec: { services: ['com.vmware.vcenter.VM'], ...filter },
      });
    expect(await list({})).toMatchObject({ status: 500, body: { error_type: 'RESOURCE_INACCESSIBLE' } });
    expect(await list({ status: ['FAILED'] })).toMatchObject({ status: 200, body: {} });
  });
});
