import { describe, expect, it } from 'vitest';
import {
  cloneParameters,
  idOf,
  inPool,
  propertiesVia,
  readResult,
  ref,
  startViVcenter,
} from '../../support/vi-client.ts';

const cloneTemplate = 'VirtualMachine/vm-44/CloneVM_Task';
const parameters = cloneParameters({ location: inPool });

async function startClone(options: Parameters<typeof startViVcenter>[0] = {}) {
  const client = await startViVcenter(options);
  const id = idOf(await client.post(cloneTemplate, parameters));
  return { ...client, id, info: () => client.taskInfo(id) };
}

describe('a task of VI/JSON', () => {
  it('V44, V45, V46: is queued, runs with progress, and ends with the new VM', async () => {
    const { id, info, sleep, vcenter } = await startClone({ behaviour: { pendingFor: 1000 } });
    expect(await info()).toEqual({
      _typeName: 'TaskInfo',
      key: id,
      task: ref('Task', id),
      name: 'CloneVM_Task',
      entity: ref('VirtualMachine', 'vm-44'),
      entityName: 'golden-template',
      descriptionId: 'VirtualMachine.clone',
      state: 'queued',
      cancelled: false,
      cancelable: true,
      reason: { _typeName: 'TaskReasonUser', userName: 'VSPHERE.LOCAL\\svc-ci' },
      queueTime: '2025-05-04T10:00:00.000Z',
      eventChainId: expect.any(Number) as unknown,
    });
    await sleep(1000 + 15_000);
    expect(await info()).toMatchObject({
      state: 'running',
      progress: 25,
      startTime: '2025-05-04T10:00:01.000Z',
    });
    await sleep(45_000);
    expect(await info()).toMatchObject({
      state: 'success',
      result: ref('VirtualMachine', vcenter.vm('new')?.id ?? ''),
      completeTime: '2025-05-04T10:01:01.000Z',
      cancelable: false,
    });
  });

  it('V44, V45: may be in a state that nobody knows, and tell neither progress nor a result', async () => {
    const { info, sleep } = await startClone({
      behaviour: {
        status: ({ fraction }) => (fraction < 0.5 ? 'paused' : 'PENDING'),
        progress: () => undefined,
        result: 'none',
        optionalTaskFields: false,
      },
    });
    expect(await info()).toMatchObject({ state: 'paused' });
    await sleep(40_000);
    expect(await info()).toMatchObject({ state: 'queued' });
    await sleep(40_000);
    expect(Object.keys(await info())).toEqual([
      ...['_typeName', 'key', 'task', 'descriptionId', 'state', 'cancelled', 'cancelable', 'reason'],
      ...['queueTime', 'eventChainId'],
    ]);
  });

  it('V46: a result may be in a box, or be there before the end and mean nothing', async () => {
    const { info, sleep } = await startClone({
      behaviour: { viTaskResult: 'boxed', earlyResult: ref('VirtualMachine', 'vm-44') },
    });
    expect(await info()).toMatchObject({ state: 'running', result: ref('VirtualMachine', 'vm-44') });
    await sleep(60_000);
    expect(await info()).toMatchObject({
      result: { _typeName: 'ManagedObjectReference', _value: { type: 'VirtualMachine' } },
    });
  });

  it('V47: an error is the fault itself, or wrapped; its words are in one of two places', async () => {
    const noSpace = {
      name: 'NoDiskSpace',
      text: 'The datastore is full.',
      fields: { file: 'a.vmdk', datastore: 'fast' },
    };
    const error = { error_type: 'ERROR', messages: [] };
    const { info, sleep, vcenter } = await startClone({
      behaviour: { failClone: { at: 0.5, error, fault: noSpace, leavesVm: false, reasonIn: 'error' } },
    });
    await sleep(30_000);
    const { text, fields } = noSpace;
    expect(await info()).toMatchObject({
      state: 'error',
      error: { _typeName: 'NoDiskSpace', ...fields, faultstring: text },
    });
    vcenter.behaviour.viFaultText = 'faultMessage';
    expect(await info()).toMatchObject({ error: { faultMessage: [{ message: text }] } });
    vcenter.behaviour.viTaskError = 'localized';
    expect(await info()).toMatchObject({
      error: {
        _typeName: 'LocalizedMethodFault',
        fault: { _typeName: 'NoDiskSpace' },
        localizedMessage: text,
      },
    });
    expect(vcenter.vm('new')).toBeUndefined();
  });

  it("V47: an error of the REST API's words has those of VI/JSON; the VM may be left", async () => {
    const error = {
      error_type: 'INVALID_ARGUMENT',
      messages: [{ id: 'vmsg.customization', default_message: 'It failed.', args: [] }],
    };
    const { info, sleep, vcenter } = await startClone({
      behaviour: { failClone: { at: 1, error, leavesVm: true, reasonIn: 'error' } },
    });
    await sleep(60_000);
    expect(await info()).toMatchObject({
      error: { _typeName: 'InvalidArgument', faultstring: 'It failed.' },
    });
    expect(vcenter.vm('new')).toMatchObject({ copying: false });
  });

  it('V29: a name that another VM took meanwhile is the end of the task', async () => {
    const { info, sleep, vcenter } = await startClone({ behaviour: { nameTakenAt: 'end' } });
    const other = vcenter.addVm({ name: 'new', folder: 'group-v23' });
    await sleep(60_000);
    expect(await info()).toMatchObject({
      state: 'error',
      error: { _typeName: 'DuplicateName', name: 'new', object: { value: other.id } },
    });
  });

  it('V50: cancel asks for it; the task ends as cancelled a while later', async () => {
    const { id, post, info, sleep, vcenter } = await startClone({ behaviour: { cancelTakes: 5000 } });
    await sleep(1000);
    expect(await post(`Task/${id}/CancelTask`)).toMatchObject({ status: 204, text: '' });
    expect(await info()).toMatchObject({ state: 'running', cancelled: true, cancelable: false });
    await sleep(5000);
    expect(await info()).toMatchObject({ state: 'error', error: { _typeName: 'RequestCanceled' } });
    expect(vcenter.vm('new')).toBeUndefined();
    expect(await post(`Task/${id}/CancelTask`)).toMatchObject({
      status: 500,
      body: { _typeName: 'InvalidState' },
    });
  });

  it('V50: a cancel may be too late, or not possible, or for nobody but its user', async () => {
    const { id, post, info, sleep, vcenter } = await startClone({ behaviour: { cancelable: false } });
    expect(await info()).toMatchObject({ cancelable: false });
    expect(await post(`Task/${id}/CancelTask`)).toMatchObject({
      status: 500,
      body: { _typeName: 'NotSupported' },
    });
    Object.assign(vcenter.behaviour, { cancelable: true, cancelTooLate: true });
    expect(await post(`Task/${id}/CancelTask`)).toMatchObject({ status: 204 });
    await sleep(60_000);
    expect(await info()).toMatchObject({ state: 'success', cancelled: true });
    const foreign = vcenter.startForeignClone({ source: 'vm-44', name: 'x', user: 'OTHER', kind: 'vim' });
    expect(await post(`Task/${foreign.id}/CancelTask`)).toMatchObject({
      status: 500,
      body: { _typeName: 'NoPermission', privilegeId: 'Global.CancelTask' },
    });
  });

  it('V48: is forgotten ten minutes after its end, or before', async () => {
    const { get, id, post, sleep, vcenter } = await startClone();
    const gone = { status: 500, body: { _typeName: 'ManagedObjectNotFound', obj: { type: 'Task' } } };
    await sleep(12 * 60_000);
    expect(await get(`Task/${id}/info`)).toMatchObject(gone);
    const other = idOf(await post(cloneTemplate, cloneParameters({ name: 'b', location: inPool })));
    vcenter.forgetTask(other);
    expect(await get(`Task/${other}/info`)).toMatchObject(gone);
    await sleep(60_000);
    expect(vcenter.vm('b')?.copying).toBe(false);
  });

  it('V49: neither API knows the tasks of the other', async () => {
    const { id, rest, get, vcenter } = await startClone();
    expect(id).toMatch(/^task-\d+$/);
    expect(await rest('GET', `/api/cis/tasks/${id}`)).toMatchObject({ status: 404 });
    const cis = await rest('POST', '/api/vcenter/vm?action=clone&vmw-task=true', {
      source: 'vm-42',
      name: 'b',
    });
    expect(await get(`Task/${encodeURIComponent(String(cis.body))}/info`)).toMatchObject({ status: 500 });
    const list = await rest('POST', '/api/cis/tasks?action=list', {
      filter_spec: { services: ['com.vmware.vcenter.VM'] },
    });
    expect(Object.keys(list.body as object)).toEqual([cis.body]);
    expect(vcenter.tasks().map(({ kind, operation }) => [kind, operation])).toEqual([
      ['vim', 'CloneVM_Task'],
      ['cis', 'clone$task'],
    ]);
  });

  it('V27: stands in recentTask of its source, with those of others, as long as it is told of', async () => {
    const { id, retrieve, sleep, vcenter } = await startClone();
    const foreign = vcenter.startForeignClone({
      source: 'vm-44',
      name: 'theirs',
      user: 'OTHER',
      kind: 'vim',
    });
    vcenter.startForeignClone({ source: 'vm-42', name: 'elsewhere', kind: 'vim' });
    const query = propertiesVia(
      { type: 'VirtualMachine', id: 'vm-44', path: 'recentTask' },
      { type: 'Task', pathSet: ['info'] },
    );
    const found = readResult(await retrieve(query));
    expect(Object.keys(found)).toEqual([id, foreign.id]);
    expect(found[foreign.id]).toMatchObject({
      info: { name: 'CloneVM_Task', state: 'running', reason: { userName: 'OTHER' } },
    });
    await sleep(12 * 60_000);
    expect((await retrieve(query)).body).toBeNull();
  });
});
