import { describe, expect, it } from 'vitest';
import {
  cancelTask,
  getTask,
  hasEnded,
  isClone,
  listCloneTasks,
  type Task,
  vmMadeBy,
} from '../../../src/vcenter/tasks.ts';
import { createScriptedSession } from '../scripted-session.ts';
import { rejection, SERVER } from '../vcenter-answers.ts';
import { createVirtualClock } from '../virtual-clock.ts';

const GET = 'GET /api/cis/tasks/{task}';
const LIST = 'POST /api/cis/tasks?action=list';
const CANCEL = 'POST /api/cis/tasks/{task}?action=cancel';
const ID = '52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.vcenter.VM';

const limits = { signal: new AbortController().signal, retryTimeout: 0 };

const session = (operation: string, body: unknown) =>
  createScriptedSession({ clock: createVirtualClock(), handlers: { [operation]: () => body } });

const read = (info: unknown): Promise<Task> => getTask(session(GET, info), ID, limits);

const required = {
  description: { id: 'com.vmware.vcenter.VM.clone', default_message: 'Clone virtual machine', args: [] },
  service: 'com.vmware.vcenter.VM',
  operation: 'clone$task',
  cancelable: true,
};

describe('getTask', () => {
  it('asks for the task by its id, as often as need be', async () => {
    const scripted = session(GET, { ...required, status: 'PENDING' });
    await getTask(scripted, ID, limits);
    expect(scripted.calls[0]?.call).toMatchObject({ path: { task: ID }, answer: 'json', retry: 'always' });
  });

  it('reads a running clone', async () => {
    const info = {
      ...required,
      status: 'RUNNING',
      progress: {
        total: 100,
        completed: 42,
        message: { id: 'x', default_message: 'Copying Virtual Machine files', args: [] },
      },
      target: { type: 'VirtualMachine', id: 'vm-1049' },
      start_time: '2025-05-04T10:11:12.345Z',
      user: 'svc-ci@VSPHERE.LOCAL',
    };
    expect(await read(info)).toEqual({
      id: ID,
      status: 'RUNNING',
      operation: 'clone$task',
      cancelable: true,
      progress: 0.42,
      doing: 'Copying Virtual Machine files',
      targetVm: 'vm-1049',
      resultVm: undefined,
      failure: undefined,
      startTime: '2025-05-04T10:11:12.345Z',
      endTime: undefined,
      user: 'svc-ci@VSPHERE.LOCAL',
    });
  });

  it('reads a recorded task of another service, with fields that no description has', async () => {
    const info = {
      parent: '',
      cancelable: false,
      description: { args: [], default_message: '...', localized: '...', id: '...' },
      target: { id: 'domain-c1008', type: 'ClusterComputeResource' },
      result: {},
      start_time: '2025-01-01T00:00:00Z',
      last_update_time: '2025-01-01T00:00:01Z',
      end_time: '2025-01-01T00:00:02Z',
      service: 'com.vmware.esx.settings.clusters.vms.solutions',
      operation: 'check_compliance$task',
      progress: { total: 100, completed: 100, message: {} },
      user: 'Administrator@VSPHERE.LOCAL',
      notifications: {},
      status: 'SUCCEEDED',
    };
    expect(await read(info)).toMatchObject({
      status: 'SUCCEEDED',
      cancelable: false,
      progress: 1,
      doing: undefined,
      targetVm: undefined,
      resultVm: undefined,
      endTime: '2025-01-01T00:00:02Z',
    });
  });

  it('needs nothing but a status', async () => {
    expect(await read({ status: 'SUCCEEDED' })).toEqual({
      ...{ id: ID, status: 'SUCCEEDED', operation: undefined, cancelable: undefined, progress: undefined },
      ...{ doing: undefined, targetVm: undefined, resultVm: undefined, failure: undefined },
      ...{ startTime: undefined, endTime: undefined, user: undefined },
    });
  });

  it.each([
    ['the plain id', 'vm-1067', 'vm-1067'],
    ['vm', { vm: 'vm-1067' }, 'vm-1067'],
    ['id', { id: 'vm-1067' }, 'vm-1067'],
    ['value', { value: 'vm-1067' }, 'vm-1067'],
    ['vm before id', { id: 'x', vm: 'vm-1067' }, 'vm-1067'],
    ['an empty object', {}, undefined],
    ['an empty text', '', undefined],
    ['a list', ['vm-1067'], undefined],
    ['null', null, undefined],
    ['a number', 1067, undefined],
  ])('takes the VM from a result that is %s', async (_, result, expected) => {
    expect((await read({ ...required, status: 'SUCCEEDED', result })).resultVm).toBe(expected);
  });

  it.each(['RUNNING', 'PENDING', 'BLOCKED', 'FAILED'])(
    'does not take the result of a task that is %s for a VM: it is partial, or the reason of the failure',
    async (status) => {
      expect((await read({ ...required, status, result: 'vm-1067' })).resultVm).toBeUndefined();
    },
  );

  it.each([
    [{ total: 100, completed: 0 }, 0],
    [{ total: 4, completed: 1 }, 0.25],
    [{ total: 100, completed: 250 }, 1],
    [{ total: 100, completed: -5 }, 0],
    [{ total: 0, completed: 0 }, undefined],
    [{ total: -1, completed: 1 }, undefined],
    [{ total: '100', completed: 50 }, undefined],
    [{ total: 100 }, undefined],
    ['42 %', undefined],
    [null, undefined],
  ])('progress %j is %s', async (progress, expected) => {
    expect((await read({ ...required, status: 'RUNNING', progress })).progress).toBe(expected);
  });

  it.each([
    [{ type: 'VirtualMachine', id: 'vm-1' }, 'vm-1'],
    [{ type: 'Folder', id: 'group-v3' }, undefined],
    [{ type: 'VirtualMachine', id: '' }, undefined],
    [null, undefined],
  ])('target %j names the VM %s', async (target, expected) => {
    expect((await read({ ...required, status: 'RUNNING', target })).targetVm).toBe(expected);
  });

  it.each<[string, Record<string, unknown>, string | undefined, string[]]>([
    [
      'in error',
      {
        error: {
          error_type: 'ALREADY_EXISTS',
          messages: [{ id: 'x', default_message: "The name 'pr-812-run-9' already exists.", args: [] }],
        },
      },
      'ALREADY_EXISTS',
      ["The name 'pr-812-run-9' already exists."],
    ],
    ['in error, as a text', { error: 'The disk is full.' }, undefined, ['The disk is full.']],
    [
      'in result, where there is no error',
      { result: { error_type: 'CANCELED', messages: [{ id: 'x', default_message: 'Canceled.', args: [] }] } },
      'CANCELED',
      ['Canceled.'],
    ],
    [
      'in result, where error is null',
      { error: null, result: { error_type: 'ERROR', messages: [] } },
      'ERROR',
      ['ERROR'],
    ],
    [
      'in result, where error is an empty text',
      { error: '', result: { error_type: 'ERROR', messages: [] } },
      'ERROR',
      ['ERROR'],
    ],
    [
      'in result, where error is empty',
      { error: {}, result: { error_type: 'ERROR', messages: [] } },
      'ERROR',
      ['ERROR'],
    ],
    ['nowhere', {}, undefined, ['No reason was given.']],
    ['nowhere that can be read', { error: { code: 5 } }, undefined, ['No reason was given.']],
  ])('finds the reason of a failure %s', async (_, fields, errorType, messages) => {
    const task = await read({ ...required, status: 'FAILED', ...fields });
    expect(task.failure).toEqual({ errorType, messages });
    expect(task.resultVm).toBeUndefined();
  });

  it('sees no failure in a task that goes on, whatever it has met', async () => {
    const task = await read({ ...required, status: 'RUNNING', error: { error_type: 'ERROR', messages: [] } });
    expect(task.failure).toBeUndefined();
  });

  it.each([[undefined], [null], ['RUNNING'], [[]], [{}], [{ status: 5 }]])(
    'refuses %j, which is no task',
    async (body) => {
      expect(await rejection(read(body))).toMatchObject({
        failure: 'unreadable',
        operation: GET,
        server: SERVER,
        messages: ['The answer is not a task.'],
        sent: true,
      });
    },
  );
});

describe('hasEnded', () => {
  it.each([
    ['SUCCEEDED', true],
    ['FAILED', true],
    ['PENDING', false],
    ['RUNNING', false],
    ['BLOCKED', false],
    ['CANCELING', false],
    ['', false],
  ])('%s: %s', async (status, expected) => {
    expect(hasEnded(await read({ status }))).toBe(expected);
  });
});

describe('vmMadeBy', () => {
  const made = async (fields: object) =>
    vmMadeBy(await read({ ...required, status: 'SUCCEEDED', ...fields }), 'vm-42');
  const target = (id: string) => ({ target: { type: 'VirtualMachine', id } });

  it('prefers the result to the target', async () => {
    expect(await made({ result: 'vm-1067', ...target('vm-1068') })).toBe('vm-1067');
  });

  it('takes the target where there is no result', async () => {
    expect(await made(target('vm-1068'))).toBe('vm-1068');
  });

  it('never takes the source', async () => {
    expect(await made(target('vm-42'))).toBeUndefined();
    expect(await made({ result: 'vm-42' })).toBeUndefined();
    expect(await made({ result: 'vm-42', ...target('vm-1068') })).toBe('vm-1068');
    expect(await made({})).toBeUndefined();
  });
});

describe('cancelTask', () => {
  it('asks and expects no body', async () => {
    const scripted = session(CANCEL, undefined);
    await cancelTask(scripted, ID, limits);
    expect(scripted.calls.map(({ call }) => call)).toEqual([
      { operation: CANCEL, path: { task: ID }, answer: 'nothing', retry: 'always' },
    ]);
  });
});

describe('listCloneTasks', () => {
  it('keeps the clones, and tasks that do not say what they are', async () => {
    const scripted = session(LIST, {
      'a:x': { ...required, status: 'RUNNING' },
      'b:x': { ...required, status: 'RUNNING', operation: 'relocate$task' },
      'c:x': { status: 'RUNNING' },
      'd:x': null,
      'e:x': { ...required },
    });
    const tasks = await listCloneTasks(scripted, limits);
    expect(tasks?.map(({ id }) => id)).toEqual(['a:x', 'c:x']);
    expect(scripted.calls[0]?.call.body).toEqual({ filter_spec: { services: ['com.vmware.vcenter.VM'] } });
  });

  it.each([[[]], [null], ['none']])('refuses %j, which is no map', async (body) => {
    expect(await rejection(listCloneTasks(session(LIST, body), limits))).toMatchObject({
      failure: 'unreadable',
      operation: LIST,
    });
  });
});

describe('isClone', () => {
  it.each([
    ['clone$task', true],
    ['Clone', true],
    ['relocate$task', false],
  ])('%s: %s', (operation, expected) => {
    expect(isClone(operation)).toBe(expected);
  });
});
