import { describe, expect, it } from 'vitest';
import { message } from '../../simulator/vapi-error.ts';
import type { Behaviour } from '../../simulator/vcenter.ts';
import { refusal, useVcenter } from '../../support/vcenter-fixture.ts';

const start = useVcenter();
const spec = { source: 'vm-42', name: 'new', placement: { folder: 'group-v23' } };
const cancelPath = (task: unknown) => `/api/cis/tasks/${encodeURIComponent(String(task))}?action=cancel`;
const listPath = '/api/cis/tasks?action=list';
const running = { filter_spec: { services: ['com.vmware.vcenter.VM'], status: ['PENDING', 'RUNNING'] } };

describe('a clone', () => {
  it('answers 202 with a task, which runs, progresses and yields the id', async () => {
    const { vcenter, client } = await start({ behaviour: { pendingFor: 100, cloneDuration: 300 } });
    const { status, body: task } = await client.clone({ ...spec, power_on: true });
    expect(status).toBe(202);
    expect(task).toMatch(/^[0-9a-f-]{36}:com\.vmware\.vcenter\.VM$/);

    const pending = await client.task(task);
    expect(pending).toMatchObject({ status: 'PENDING', cancelable: true, parent: '' });
    expect(pending).not.toHaveProperty('start_time');
    expect(pending).not.toHaveProperty('progress');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const copying = await client.task(task);
    expect(copying).toMatchObject({
      status: 'RUNNING',
      operation: 'clone$task',
      target: { type: 'VirtualMachine', id: 'vm-42' },
      user: 'VSPHERE.LOCAL\\svc-ci',
    });
    const { completed } = copying['progress'] as { completed: number };
    expect(completed).toBeGreaterThan(0);
    expect(completed).toBeLessThan(100);

    const end = await client.taskEnd(task);
    expect(end).toMatchObject({ status: 'SUCCEEDED', result: 'vm-1001', progress: { completed: 100 } });
    const took = Date.parse(String(end['end_time'])) - Date.parse(String(end['start_time']));
    expect(Math.abs(took - 300)).toBeLessThanOrEqual(1);
    expect(vcenter.vm('vm-1001')).toMatchObject({
      name: 'new',
      folder: 'group-v23',
      powerState: 'POWERED_ON',
    });
    expect(vcenter.runningTasks()).toEqual([]);
  });

  it('takes placement and disks from the spec, and the rest from the source', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 0 } });
    await client.clone({
      source: 'vm-42',
      name: 'placed',
      placement: { host: 'host-13', datastore: 'datastore-16' },
      disks_to_remove: ['2001'],
      disks_to_update: { 2000: { datastore: 'datastore-15' } },
    });
    const vm = vcenter.vm('placed');
    expect(vm).toMatchObject({
      folder: 'group-v22',
      host: 'host-13',
      resourcePool: 'resgroup-14',
      datastore: 'datastore-16',
      powerState: 'POWERED_OFF',
      cpuCount: 2,
    });
    expect(vm?.disks).toMatchObject([{ id: '2000', datastore: 'datastore-15' }]);
    expect(vm?.nics[0]?.macAddress).not.toBe(vcenter.vm('vm-42')?.nics[0]?.macAddress);
  });

  it('is in the inventory and busy while it is copied, or only from the end', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 300 } });
    const first = await client.clone(spec);
    expect((await client.call('GET', '/api/vcenter/vm?names=new')).body).toEqual([
      { vm: 'vm-1001', name: 'new', power_state: 'POWERED_OFF' },
    ]);
    for (const [method, path] of [
      ['DELETE', '/api/vcenter/vm/vm-1001'],
      ['POST', '/api/vcenter/vm/vm-1001/power?action=start'],
    ] as const) {
      const reply = await client.call(method, path);
      expect(reply.status).toBe(500);
      expect(refusal(reply.body).errorType).toBe('RESOURCE_BUSY');
    }
    expect(refusal((await client.clone(spec)).body).errorType).toBe('ALREADY_EXISTS');
    await client.taskEnd(first.body);

    vcenter.behaviour.nameTakenAt = 'end';
    const second = await client.clone({ ...spec, name: 'late' });
    const third = await client.clone({ ...spec, name: 'late' });
    expect((await client.call('GET', '/api/vcenter/vm?names=late')).body).toEqual([]);
    expect(await client.taskEnd(second.body)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await client.taskEnd(third.body)).toMatchObject({
      status: 'FAILED',
      error: { error_type: 'ALREADY_EXISTS' },
    });
    expect(vcenter.vms().filter((vm) => vm.name === 'late')).toHaveLength(1);
  });

  it('without a task answers 200 with the id when the copy is done', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 40 } });
    const reply = await client.call('POST', '/api/vcenter/vm?action=clone', { body: spec });
    expect(reply).toMatchObject({ status: 200, body: 'vm-1001' });
    expect(vcenter.tasks()[0]?.listed).toBe(false);
    const taken = await client.call('POST', '/api/vcenter/vm?action=clone', { body: spec });
    expect(refusal(taken.body).errorType).toBe('ALREADY_EXISTS');
  });

  it.each<[Partial<Behaviour>, object]>([
    [{ result: 'vm-object' }, { result: { vm: 'vm-1001' } }],
    [{ result: 'id-object' }, { result: { id: 'vm-1001' } }],
    [{ result: 'value-object' }, { result: { value: 'vm-1001' } }],
    [{ taskTarget: 'new' }, { target: { id: 'vm-1001' } }],
    [{ extraTaskFields: true }, { notifications: {} }],
    [{ taskUser: 'svc-ci@VSPHERE.LOCAL' }, { user: 'svc-ci@VSPHERE.LOCAL' }],
    [{ progress: () => ({ completed: 0, total: 0 }) }, { progress: { completed: 0, total: 0 } }],
  ])('with %o shows %o', async (behaviour, shown) => {
    const { client } = await start({ behaviour: { cloneDuration: 0, ...behaviour } });
    const { body: task } = await client.clone(spec);
    expect(await client.task(task)).toMatchObject({ status: 'SUCCEEDED', ...shown });
  });

  it('may leave out everything that is optional', async () => {
    const { client } = await start({
      behaviour: { cloneDuration: 0, optionalTaskFields: false, result: 'none' },
    });
    const { body: task } = await client.clone(spec);
    const { httpStatus, ...info } = await client.task(task);
    expect(httpStatus).toBe(200);
    expect(Object.keys(info).sort()).toEqual(['cancelable', 'description', 'operation', 'service', 'status']);
  });

  it('may be BLOCKED or in a state that nobody knows, and may show a result early', async () => {
    let status: string | undefined = 'BLOCKED';
    const { vcenter, client } = await start({
      behaviour: { cloneDuration: 300, earlyResult: {}, status: () => status },
    });
    const { body: task } = await client.clone(spec);
    expect(await client.task(task)).toMatchObject({ status: 'BLOCKED', result: {} });
    expect(vcenter.exchanges.at(-1)?.quirk).toBeUndefined();
    status = 'THINKING';
    expect(await client.task(task)).toMatchObject({ status: 'THINKING' });
    expect(vcenter.exchanges.at(-1)?.quirk).toBeDefined();
    expect(await client.taskEnd(task)).toMatchObject({ status: 'SUCCEEDED', result: 'vm-1001' });
  });

  it('leaves its result out when asked to, and is forgotten after a time', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 0, cloneAnswers: 200 } });
    const { status, body: task } = await client.clone(spec);
    expect(status).toBe(200);
    const path = `/api/cis/tasks/${encodeURIComponent(String(task))}`;
    expect((await client.call('GET', `${path}?exclude_result=true`)).body).not.toHaveProperty('result');
    expect((await client.call('GET', `/api/cis/tasks/${task}`)).status).toBe(200);
    vcenter.behaviour.taskRetention = 0;
    expect((await client.call('GET', path)).status).toBe(404);
  });

  it.each([
    ['error', false, []],
    ['result', true, ['POWERED_OFF']],
    ['error-text', 'powered-on', ['POWERED_ON']],
  ] as const)('fails with the reason in %s and leaves a VM: %s', async (reasonIn, leavesVm, left) => {
    const error = { error_type: 'ERROR', messages: [message('vmsg.Customization', 'Customization failed.')] };
    const { vcenter, client } = await start({
      behaviour: { cloneDuration: 20, failClone: { at: 0.5, error, leavesVm, reasonIn } },
    });
    const { body: task } = await client.clone(spec);
    const end = await client.taskEnd(task);
    expect(end['status']).toBe('FAILED');
    const shown = { error: end['error'], result: end['result'] };
    expect(shown).toEqual({
      error: { error, result: undefined, 'error-text': 'Customization failed.' }[reasonIn],
      result: reasonIn === 'result' ? error : undefined,
    });
    const states = vcenter
      .vms()
      .filter((vm) => vm.name === 'new')
      .map((vm) => vm.powerState);
    expect(states).toEqual(left);
  });
});

describe('cancel', () => {
  it('answers 204; the task then fails with CANCELED and the half copy goes', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 5000, cancelTakes: 250 } });
    const { body: task } = await client.clone(spec);
    expect(await client.call('POST', cancelPath(task))).toMatchObject({ status: 204, text: '' });
    expect(await client.task(task)).toMatchObject({ status: 'RUNNING' });
    expect(vcenter.vm('new')).toBeDefined();
    const again = await client.call('POST', cancelPath(task));
    expect(refusal(again.body).errorType).toBe('NOT_ALLOWED_IN_CURRENT_STATE');
    expect(await client.taskEnd(task)).toMatchObject({ status: 'FAILED', error: { error_type: 'CANCELED' } });
    expect(vcenter.vm('new')).toBeUndefined();
  });

  it('may come too late', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 250, cancelTooLate: true } });
    const { body: task } = await client.clone(spec);
    expect((await client.call('POST', cancelPath(task))).status).toBe(204);
    expect(await client.taskEnd(task)).toMatchObject({ status: 'SUCCEEDED' });
    expect(vcenter.vm('new')).toBeDefined();
  });

  it('is refused where a task cannot be cancelled, has ended, is unknown or belongs to somebody else', async () => {
    const { vcenter, client } = await start({ behaviour: { cancelable: false, cloneDuration: 250 } });
    const { body: task } = await client.clone(spec);
    const cancel = async (id: unknown) => {
      const reply = await client.call('POST', cancelPath(id));
      return `${reply.status} ${refusal(reply.body).errorType}`;
    };
    expect(await client.task(task)).toMatchObject({ cancelable: false });
    expect(await cancel(task)).toBe('400 UNSUPPORTED');
    await client.taskEnd(task);
    expect(await cancel(task)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    expect(await cancel('nothing')).toBe('404 NOT_FOUND');
    const foreign = vcenter.startForeignClone({
      source: 'vm-43',
      name: 'theirs',
      user: 'VSPHERE.LOCAL\\eve',
    });
    expect(await cancel(foreign.id)).toBe('403 UNAUTHORIZED');
  });
});

describe('the task list', () => {
  it('shows running clones, those of others included, by id', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 500 } });
    const ours = await client.clone(spec);
    const theirs = vcenter.startForeignClone({ source: 'vm-43', name: 'new', folder: 'group-v24' });
    const list = async (filter: object) => {
      const reply = await client.call('POST', listPath, {
        body: { filter_spec: { ...running.filter_spec, ...filter } },
      });
      return Object.keys(reply.body as object);
    };
    expect(await list({})).toEqual([ours.body, theirs.id]);
    expect(await list({ targets: [{ type: 'VirtualMachine', id: 'vm-43' }] })).toEqual([theirs.id]);
    expect(await list({ users: ['nobody'] })).toEqual([]);
    expect(await list({ status: ['SUCCEEDED'] })).toEqual([]);
    await client.taskEnd(ours.body);
    expect(await list({ status: ['SUCCEEDED'] })).toContain(ours.body);
  });

  it.each([
    [false, 500, 'ERROR'],
    ['not-found', 404, 'NOT_FOUND'],
  ] as const)('may be unsupported: %s', async (taskListSupported, status, errorType) => {
    const { client } = await start({ behaviour: { taskListSupported } });
    const reply = await client.call('POST', listPath, { body: running });
    expect({ status: reply.status, errorType: refusal(reply.body).errorType }).toEqual({ status, errorType });
    expect(reply.text).toContain('Cannot find provider');
  });

  it('knows one service only', async () => {
    const { client } = await start();
    const reply = await client.call('POST', listPath, { body: { filter_spec: { services: ['com.other'] } } });
    expect(reply.text).toContain("Cannot find provider for service 'com.other'");
  });
});
