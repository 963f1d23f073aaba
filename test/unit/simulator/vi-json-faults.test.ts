import { describe, expect, it } from 'vitest';
import { cloneParameters, inPool, startViVcenter } from '../../support/vi-client.ts';

const CLONE = 'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/CloneVM_Task';
const INFO = 'GET /sdk/vim25/8.0.1.0/Task/{moId}/info';
const clonePath = 'VirtualMachine/vm-44/CloneVM_Task';
const parameters = cloneParameters({ location: inPool });

describe('a scripted fault', () => {
  it('befalls an operation of VI/JSON, call by call', async () => {
    const { post, vcenter } = await startViVcenter();
    const viFault = {
      name: 'TaskInProgress',
      text: 'Busy.',
      fields: { task: { type: 'Task', value: 'task-1' } },
    };
    vcenter.fault({ operation: CLONE, kind: 'vi-fault', viFault });
    expect(await post(clonePath, parameters)).toMatchObject({
      status: 500,
      body: { _typeName: 'TaskInProgress', task: { value: 'task-1' }, faultstring: 'Busy.' },
    });
    expect(await post(clonePath, parameters)).toMatchObject({ status: 200 });
    expect(vcenter.exchanges.slice(-2)).toMatchObject([
      { operation: CLONE, fault: 'vi-fault', actedAt: undefined },
      { operation: CLONE, fault: undefined },
    ]);
  });

  it('that has no operation is a mistake', async () => {
    const { vcenter } = await startViVcenter();
    const operation = 'POST /VirtualMachine/{moId}/CloneVM_Task' as typeof CLONE;
    expect(() => vcenter.fault({ operation, kind: 'late' })).toThrow('No such operation');
  });

  it('V6: 401 ends the session; VI/JSON says it by a fault', async () => {
    const { get, vcenter } = await startViVcenter();
    vcenter.fault({ operation: INFO, kind: '401' });
    expect(await get('Task/task-1/info')).toMatchObject({
      status: 500,
      body: { _typeName: 'NotAuthenticated', object: { type: 'Task' } },
    });
    expect(vcenter.sessions()).toMatchObject({ expired: 1, open: 0 });
    vcenter.fault({ operation: 'POST /sdk/vim25/8.0.1.0/SessionManager/{moId}/Login', kind: '401' });
  });

  it('V12: each refusal is a 500; what the proxy says is its own', async () => {
    const { post, vcenter } = await startViVcenter();
    const answers: unknown[] = [];
    for (const kind of ['busy', '500-error', '503-unavailable', '502-html', '429'] as const) {
      vcenter.fault({ operation: CLONE, kind });
      const { status, body } = await post(clonePath, parameters);
      answers.push([status, (body as { readonly _typeName?: string } | undefined)?._typeName]);
    }
    expect(answers).toEqual([
      [500, 'ConcurrentAccess'],
      [500, 'SystemError'],
      [503, undefined],
      [502, undefined],
      [429, undefined],
    ]);
    expect(vcenter.tasks()).toEqual([]);
  });

  it('V27: an answer may be lost although the clone was begun', async () => {
    const { post, vcenter } = await startViVcenter();
    vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    await expect(post(clonePath, parameters)).rejects.toThrow('ECONNRESET');
    expect(vcenter.runningTasks()).toHaveLength(1);
  });

  it('a lost answer to a login leaves a session that nobody knows', async () => {
    const { post, vcenter } = await startViVcenter({ behaviour: { viJson: 'separate' } });
    const { username: userName, password } = vcenter;
    vcenter.fault({ operation: 'POST /sdk/vim25/8.0.1.0/SessionManager/{moId}/Login', kind: 'cut' });
    await expect(post('SessionManager/SessionManager/Login', { userName, password })).rejects.toThrow();
    expect(vcenter.sessions()).toMatchObject({ opened: 2, open: 1, unknown: 1 });
  });
});

describe('the log', () => {
  it('has requests of both APIs, and tells when one has come', async () => {
    const { post, rest, vcenter } = await startViVcenter();
    const acted = vcenter.on({ operation: CLONE, when: 'acted' });
    await post(clonePath, parameters);
    await rest('GET', '/api/vcenter/vm');
    expect((await acted).requestBody).toEqual(parameters);
    expect(vcenter.calls()).toEqual(['POST /api/session', CLONE, 'GET /api/vcenter/vm']);
  });

  it('V9: references inside of a fault may lack their type, as recorded', async () => {
    const { get, vcenter } = await startViVcenter({ behaviour: { viBareFaultReferences: true } });
    vcenter.expireSessions();
    expect((await get('VirtualMachine/vm-42/name')).body).toEqual({
      _typeName: 'NotAuthenticated',
      object: { type: 'VirtualMachine', value: 'vm-42' },
      privilegeId: '',
      faultstring: 'The session is not authenticated.',
    });
  });

  it('V47: a fault may have no words at all', async () => {
    const { get } = await startViVcenter({ behaviour: { viFaultText: 'none' } });
    expect(Object.keys((await get('VirtualMachine/vm-9/name')).body as object)).toEqual(['_typeName', 'obj']);
  });
});
