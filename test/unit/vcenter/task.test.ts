import { describe, expect, it } from 'vitest';
import { cancelTask, getTask, isClone, listCloneTasks } from '../../../src/vcenter/cis-tasks.ts';
import {
  hasEnded,
  isCancelled,
  isNameTaken,
  type Task,
  type TaskFailure,
  vmsNamedBy,
} from '../../../src/vcenter/task.ts';
import { createScriptedSession, inTurn, throws } from '../../support/scripted-session.ts';
import { brokenOff, notFound, refused, rejection, SERVER } from '../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

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
    expect(scripted.calls[0]?.call).toMatchObject({ path: { task: ID }, expects: 'json', retry: 'always' });
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
    ['nowhere that says anything', { error: [], result: '' }, undefined, ['No reason was given.']],
    ['B16: in error, in a form that nobody has described', { error: { code: 5 } }, undefined, ['{"code":5}']],
    [
      'B16: in error, as a fault of the older API',
      {
        error: {
          _typeName: 'InvalidArgument',
          faultstring: 'One parameter was wrong: location.pool',
          invalidProperty: 'location.pool',
        },
      },
      undefined,
      [
        'One parameter was wrong: location.pool {"_typeName":"InvalidArgument","invalidProperty":"location.pool"}',
      ],
    ],
    [
      'B16: in result, beside an error that says nothing',
      { error: [], result: { code: 5 } },
      undefined,
      ['{"code":5}'],
    ],
  ])('finds the reason of a failure %s', async (_, fields, errorType, messages) => {
    const task = await read({ ...required, status: 'FAILED', ...fields });
    expect(task.failure).toMatchObject({ errorType, messages });
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
        messages: ['The response is not a task.'],
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

describe('vmsNamedBy', () => {
  const named = async (fields: object) =>
    vmsNamedBy(await read({ ...required, status: 'SUCCEEDED', ...fields }));
  const target = (id: string) => ({ target: { type: 'VirtualMachine', id } });

  it.each([
    ['result and target', { result: 'vm-1067', ...target('vm-1068') }, ['vm-1067', 'vm-1068']],
    ['the same in both', { result: 'vm-1067', ...target('vm-1067') }, ['vm-1067']],
    ['the result alone', { result: 'vm-1067' }, ['vm-1067']],
    ['the target alone', target('vm-42'), ['vm-42']],
    ['neither', {}, []],
  ])('has %s', async (_, fields, expected) => {
    expect(await named(fields)).toEqual(expected);
  });
});

describe('C1b: why a task has failed', () => {
  const failure = (fields: Partial<TaskFailure>): TaskFailure => ({
    ...{ errorType: undefined, messages: [], messageIds: [] },
    ...fields,
  });

  it.each<[string, Partial<TaskFailure>, 'name taken' | 'cancelled' | undefined]>([
    ['a type', { errorType: 'ALREADY_EXISTS' }, 'name taken'],
    ['a type', { errorType: 'CANCELED' }, 'cancelled'],
    [
      'an id beside a type that says nothing',
      {
        errorType: 'ERROR',
        messageIds: ['vmsg.DuplicateName.summary'],
        messages: ['Der Name ist vergeben.'],
      },
      'name taken',
    ],
    [
      'an id beside a type that says nothing',
      { errorType: 'ERROR', messageIds: ['vmsg.RequestCanceled.summary'], messages: ['Abgebrochen.'] },
      'cancelled',
    ],
    [
      'an id among several, without a type',
      { messageIds: ['com.vmware.vcenter.vm.clone', 'com.vmware.vim.fault.DuplicateName'] },
      'name taken',
    ],
    ['words alone', { messages: ["The name 'pr-12' already exists."] }, 'name taken'],
    ['words alone', { messages: ['The task was canceled by a user.'] }, 'cancelled'],
    ['words alone, in British English', { messages: ['The operation was cancelled.'] }, 'cancelled'],
    ['words beside a type', { errorType: 'ERROR', messages: ["The disk 'x' already exists."] }, undefined],
    ['words beside an id', { messageIds: ['vmsg.X'], messages: ['It was canceled.'] }, undefined],
    ['words of something else', { messages: ['Insufficient disk space.'] }, undefined],
    ['nothing', {}, undefined],
  ])('is told by %s: case %#', (_, fields, expected) => {
    expect(isNameTaken(failure(fields))).toBe(expected === 'name taken');
    expect(isCancelled(failure(fields))).toBe(expected === 'cancelled');
  });

  it('is nothing where it has not failed', () => {
    expect(isNameTaken(undefined)).toBe(false);
    expect(isCancelled(undefined)).toBe(false);
  });

  it.each([
    [
      'an object',
      { error_type: 'ERROR', messages: [{ id: 'vmsg.DuplicateName.summary', localized: 'Vergeben.' }] },
    ],
    ['a string', "The name 'pr-12' already exists."],
    ['a string that holds an id', 'vmsg.DuplicateName.summary'],
  ])('is read from an error that is %s', async (_, error) => {
    const task = await read({ ...required, status: 'FAILED', error });
    expect(isNameTaken(task.failure)).toBe(true);
  });
});

describe('cancelTask', () => {
  it('asks and expects no body', async () => {
    const scripted = session(CANCEL, undefined);
    await cancelTask(scripted, ID, limits);
    expect(scripted.calls.map(({ call }) => call)).toEqual([
      { operation: CANCEL, path: { task: ID }, expects: 'nothing', retry: 'always' },
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

  const services = ['com.vmware.vcenter.VM'];
  const listing = (...answers: readonly (() => unknown)[]) =>
    createScriptedSession({ clock: createVirtualClock(), handlers: { [LIST]: inTurn(...answers) } });

  it.each(['RESOURCE_INACCESSIBLE', 'UNABLE_TO_ALLOCATE_RESOURCE'])(
    'A19: asks for those that have not ended where vCenter refuses the whole list: %s',
    async (errorType) => {
      const tooMany = refused({ operation: LIST, status: 500, errorType });
      const scripted = listing(throws(tooMany), () => ({ 'a:x': { ...required, status: 'RUNNING' } }));
      const tasks = await listCloneTasks(scripted, limits);
      expect(tasks?.map(({ id }) => id)).toEqual(['a:x']);
      expect(scripted.calls.map(({ call }) => call.body)).toEqual([
        { filter_spec: { services } },
        { filter_spec: { services, status: ['PENDING', 'RUNNING', 'BLOCKED'] } },
      ]);
    },
  );

  it.each([
    [
      'is refused in both forms',
      throws(refused({ operation: LIST, status: 500, errorType: 'RESOURCE_INACCESSIBLE' })),
    ],
    ['is refused', throws(refused({ operation: LIST, status: 403, errorType: 'UNAUTHORIZED' }))],
    ['is not known', throws(notFound(LIST))],
    ['gets lost', throws(brokenOff({ operation: LIST }))],
    ['is a list', () => []],
    ['is null', () => null],
    ['is a text', () => 'none'],
  ])('A19: is undefined, and not empty, where the list %s', async (_, answer) => {
    expect(await listCloneTasks(listing(answer), limits)).toBeUndefined();
  });

  it('passes on that the login is refused, and the reason of the signal', async () => {
    const login = refused({ operation: 'POST /api/session', status: 401, errorType: 'UNAUTHENTICATED' });
    expect(await rejection(listCloneTasks(listing(throws(login)), limits))).toBe(login);
    const reason = new Error('over');
    const signal = AbortSignal.abort(reason);
    expect(
      await rejection(
        listCloneTasks(
          listing(() => ({})),
          { ...limits, signal },
        ),
      ),
    ).toBe(reason);
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
