import { describe, expect, it } from 'vitest';
import { TASK_KINDS, taskKindOf } from '../../../../src/vcenter/clone-method.ts';
import { hasEnded, isCancelled, isNameTaken, vmsNamedBy } from '../../../../src/vcenter/task.ts';
import { isNotFound, isRefusal } from '../../../../src/vcenter/transport/error.ts';
import { vimTasks } from '../../../../src/vcenter/vi-json/tasks.ts';
import { inTurn, throws } from '../../../support/scripted-session.ts';
import { brokenOff, refused, rejection } from '../../../support/vcenter-answers.ts';
import {
  createViSession,
  fails,
  faultError,
  limits,
  operationOf,
  PROBE,
  ref,
  retrieved,
} from '../../../support/vi-json.ts';

const INFO = 'GET Task/info';
const CANCEL = 'POST Task/CancelTask';
const RETRIEVE = 'POST PropertyCollector/RetrievePropertiesEx';

const info = (given: Readonly<Record<string, unknown>>) => ({
  _typeName: 'TaskInfo',
  key: 'task-186',
  task: ref('Task', 'task-186'),
  name: 'CloneVM_Task',
  descriptionId: 'VirtualMachine.clone',
  entity: ref('VirtualMachine', 'vm-42'),
  entityName: 'ubuntu',
  state: 'running',
  cancelled: false,
  cancelable: true,
  reason: { _typeName: 'TaskReasonUser', userName: 'VSPHERE.LOCAL\\svc-ci' },
  queueTime: '2025-05-04T10:11:12.345Z',
  eventChainId: 3,
  ...given,
});

const read = (given: Readonly<Record<string, unknown>>) =>
  vimTasks.get(createViSession({ [INFO]: () => info(given) }).session, 'task-186', limits);

/** What only a server that departs from the description sends. */
const readAsIs = (given: Readonly<Record<string, unknown>>) => {
  const { session } = createViSession({});
  const request = () => Promise.resolve({ status: 200, body: info(given) });
  return vimTasks.get({ ...session, request }, 'task-186', limits);
};

describe('vimTasks.get', () => {
  it('V45: reads a running clone, whose progress is a percentage', async () => {
    const { session, sent } = createViSession({
      [INFO]: () =>
        info({
          progress: 42,
          startTime: '2025-05-04T10:11:13Z',
          description: {
            _typeName: 'LocalizableMessage',
            key: 'x',
            message: 'Copying Virtual Machine files',
          },
        }),
    });
    expect(await vimTasks.get(session, 'task-186', limits)).toEqual({
      id: 'task-186',
      status: 'RUNNING',
      operation: 'CloneVM_Task',
      cancelable: true,
      progress: 0.42,
      doing: 'Copying Virtual Machine files',
      targetVm: 'vm-42',
      resultVm: undefined,
      failure: undefined,
      startTime: '2025-05-04T10:11:13Z',
      endTime: undefined,
      user: 'VSPHERE.LOCAL\\svc-ci',
    });
    expect(sent()).toEqual([['Task/task-186/info', undefined]]);
  });

  it.each([
    [undefined, undefined],
    [0, 0],
    [100, 1],
    [250, 1],
    [-1, 0],
  ])('V45: takes a progress of %j for %j', async (progress, expected) => {
    expect(await read(progress === undefined ? {} : { progress })).toMatchObject({ progress: expected });
  });

  it.each([
    ['queued', 'PENDING', false],
    ['running', 'RUNNING', false],
    ['success', 'SUCCEEDED', true],
    ['error', 'FAILED', true],
  ])('V44: takes %s for %s', async (state, status, isOver) => {
    const task = await read({ state });
    expect(task.status).toBe(status);
    expect(hasEnded(task)).toBe(isOver);
  });

  it('V44: does not take a state that is not known for an end', async () => {
    const task = await readAsIs({ state: 'suspended' });
    expect(task.status).toBe('suspended');
    expect(hasEnded(task)).toBe(false);
  });

  it.each([
    ['bare', ref('VirtualMachine', 'vm-1067')],
    ['boxed', { _typeName: 'ManagedObjectReference', _value: ref('VirtualMachine', 'vm-1067') }],
    ['untyped', { type: 'VirtualMachine', value: 'vm-1067' }],
  ])('V46: reads the new VM from a %s reference', async (_, result) => {
    const task = await readAsIs({ state: 'success', result });
    expect(task.resultVm).toBe('vm-1067');
    expect(vmsNamedBy(task)).toEqual(['vm-1067', 'vm-42']);
  });

  it.each([
    ['the source', 'success', ref('VirtualMachine', 'vm-42')],
    ['a snapshot', 'success', ref('VirtualMachineSnapshot', 'snapshot-1')],
    ['what has not succeeded', 'running', ref('VirtualMachine', 'vm-1067')],
    ['what has failed', 'error', ref('VirtualMachine', 'vm-1067')],
  ])('V46: does not take %s for the new VM', async (_, state, result) => {
    expect((await read({ state, result })).resultVm).toBeUndefined();
  });

  const duplicate = {
    _typeName: 'DuplicateName',
    name: 'shop-pr12',
    object: ref('VirtualMachine', 'vm-7'),
  };

  it.each([
    ['the fault itself', { ...duplicate, faultstring: "The name 'shop-pr12' already exists." }],
    [
      'one that is wrapped',
      {
        _typeName: 'LocalizedMethodFault',
        fault: duplicate,
        localizedMessage: "The name 'shop-pr12' already exists.",
      },
    ],
    [
      'one that is wrapped without a type',
      { fault: duplicate, localizedMessage: "The name 'shop-pr12' already exists." },
    ],
  ])('V47: reads the failure from %s, and V29: whose the name is', async (_, error) => {
    const { failure } = await readAsIs({ state: 'error', error });
    expect(failure).toMatchObject({
      errorType: 'ALREADY_EXISTS',
      messages: ["The name 'shop-pr12' already exists. (name: shop-pr12, object: vm-7)"],
      fault: { name: 'DuplicateName', object: { type: 'VirtualMachine', id: 'vm-7' } },
    });
    expect(isNameTaken(failure)).toBe(true);
    expect(isCancelled(failure)).toBe(false);
  });

  it('V50: reads the end of a cancelled clone', async () => {
    const { failure } = await read({
      state: 'error',
      cancelled: true,
      error: { _typeName: 'RequestCanceled', faultstring: 'The task was canceled by a user.' },
    });
    expect(isCancelled(failure)).toBe(true);
  });

  it.each([
    [undefined, 'No reason was given.'],
    [{ message: 'out of luck' }, 'out of luck'],
  ])('V47: makes do with %j for a reason', async (error, words) => {
    const { failure } = await readAsIs({ state: 'error', error });
    expect(failure).toEqual({ errorType: undefined, messages: [words], messageIds: [] });
  });

  it('V14: ignores fields that it does not know', async () => {
    expect(await readAsIs({ state: 'success', newField: { deep: [1] } })).toMatchObject({
      status: 'SUCCEEDED',
    });
  });

  it('V48: fails as not found where vCenter has forgotten the task', async () => {
    const { session } = createViSession({
      [INFO]: () => fails({ _typeName: 'ManagedObjectNotFound', obj: ref('Task', 'task-186') }),
    });
    const error = await rejection(vimTasks.get(session, 'task-186', limits));
    expect(isNotFound(error)).toBe(true);
    expect(error).toMatchObject({ fault: { object: { type: 'Task', id: 'task-186' } } });
  });

  it.each([
    ['an empty body', undefined],
    ['null', null],
    ['no task', { _typeName: 'string', _value: 'x' }],
  ])('V11: is unreadable where %s comes in its place', async (_, body) => {
    const { session } = createViSession({});
    const request = () => Promise.resolve({ status: 200, body });
    expect(await rejection(vimTasks.get({ ...session, request }, 'task-1', limits))).toMatchObject({
      failure: 'unreadable',
    });
  });

  it('V12: is retried after a fault of the way to a host, and after a broken connection', async () => {
    const { session, sent } = createViSession({
      [INFO]: inTurn(
        () => fails({ _typeName: 'HostCommunication' }),
        throws(brokenOff({ operation: operationOf(INFO) })),
        () => info({}),
      ),
    });
    expect(await vimTasks.get(session, 'task-186', limits)).toMatchObject({ status: 'RUNNING' });
    expect(sent()).toHaveLength(3);
  });
});

describe('vimTasks.cancel', () => {
  it('V50: asks for the end, and does not wait for it', async () => {
    const { session, sent } = createViSession({ [CANCEL]: () => undefined });
    await vimTasks.cancel(session, 'task-186', limits);
    expect(sent()).toEqual([['Task/task-186/CancelTask', undefined]]);
  });

  it.each([
    ['NotSupported', 'UNSUPPORTED'],
    ['InvalidState', 'NOT_ALLOWED_IN_CURRENT_STATE'],
  ])('V50: fails with %s as the REST API does with %s', async (name, errorType) => {
    const { session, sent } = createViSession({ [CANCEL]: () => fails({ _typeName: name }) });
    const error = await rejection(vimTasks.cancel(session, 'task-186', limits));
    expect(isRefusal(error, errorType)).toBe(true);
    expect(isRefusal(error, name)).toBe(true);
    expect(sent()).toHaveLength(1);
  });
});

describe('vimTasks.listClones', () => {
  const row = (id: string, given: Readonly<Record<string, unknown>> = {}) => ({
    obj: ref('Task', id),
    properties: { info: info({ key: id, task: ref('Task', id), ...given }) },
  });

  it("V27: lists the clones among the source's recent tasks, in one request", async () => {
    const { session, sent } = createViSession({
      [RETRIEVE]: () =>
        retrieved([
          row('task-1'),
          row('task-2', { name: 'ReconfigVM_Task', descriptionId: 'VirtualMachine.reconfigure' }),
          row('task-3', { name: 'InstantClone_Task', state: 'success' }),
        ]),
    });
    expect(await vimTasks.listClones(session, 'vm-42', limits)).toMatchObject([
      { id: 'task-1', status: 'RUNNING', targetVm: 'vm-42' },
      { id: 'task-3', status: 'SUCCEEDED' },
    ]);
    expect(sent()).toMatchObject([
      [
        'PropertyCollector/collector-1/RetrievePropertiesEx',
        {
          specSet: [
            {
              propSet: [{ type: 'Task', pathSet: ['info'] }],
              objectSet: [
                {
                  obj: ref('VirtualMachine', 'vm-42'),
                  skip: true,
                  selectSet: [{ type: 'VirtualMachine', path: 'recentTask', skip: false }],
                },
              ],
            },
          ],
        },
      ],
    ]);
  });

  it('V27: is empty where the source has no recent task', async () => {
    const { session } = createViSession({ [RETRIEVE]: () => null });
    expect(await vimTasks.listClones(session, 'vm-42', limits)).toEqual([]);
  });

  it('V27: gives no list where a task cannot be read: it may be the clone', async () => {
    const noHost = {
      _typeName: 'NotAuthenticated',
      object: ref('HostSystem', 'host-1'),
      privilegeId: '',
    };
    const { session } = createViSession({
      [RETRIEVE]: () => retrieved([row('task-1'), { obj: ref('Task', 'task-2'), missing: { info: noHost } }]),
    });
    expect(await vimTasks.listClones(session, 'vm-42', limits)).toBeUndefined();
  });

  it('V48: leaves out a task that was forgotten meanwhile', async () => {
    const gone = { _typeName: 'ManagedObjectNotFound', obj: ref('Task', 'task-2') };
    const { session } = createViSession({
      [RETRIEVE]: () => retrieved([row('task-1'), { obj: ref('Task', 'task-2'), missing: { info: gone } }]),
    });
    expect(await vimTasks.listClones(session, 'vm-42', limits)).toMatchObject([{ id: 'task-1' }]);
  });

  it('V27: gives no list without a source, where the source is not there, and without VI/JSON', async () => {
    const gone = createViSession({
      [RETRIEVE]: () => fails({ _typeName: 'ManagedObjectNotFound', obj: ref('VirtualMachine', 'vm-42') }),
    });
    expect(await vimTasks.listClones(gone.session, 'vm-42', limits)).toBeUndefined();
    const unasked = createViSession({});
    expect(await vimTasks.listClones(unasked.session, undefined, limits)).toBeUndefined();
    expect(unasked.session.operations()).toEqual([]);
    const old = createViSession({
      [PROBE]: throws(refused({ operation: PROBE, status: 404, errorType: 'NOT_FOUND' })),
    });
    expect(await vimTasks.listClones(old.session, 'vm-42', limits)).toBeUndefined();
  });
});

describe('vimTasks.listClones that fails', () => {
  const failing = (error: () => unknown) => createViSession({ [RETRIEVE]: throws(error()) });

  it('V27: gives no list now, and asks no second time by itself', async () => {
    const { session, sent } = failing(() => brokenOff({ operation: operationOf(RETRIEVE) }));
    expect(await vimTasks.listClones(session, 'vm-42', limits)).toBeUndefined();
    expect(sent()).toHaveLength(1);
  });

  it('V6: ends where the login ends all requests', async () => {
    const error = faultError('POST /sdk/vim25/8.0.1.0/SessionManager/{moId}/Login', {
      _typeName: 'InvalidLogin',
    });
    const { session } = failing(() => error);
    expect(await rejection(vimTasks.listClones(session, 'vm-42', limits))).toBe(error);
  });
});

describe('taskKindOf', () => {
  it.each([
    ['task-186', 'vim'],
    ['52f9f1b0-160a-25fe-fd1e-e7526df80e0d:com.vmware.vcenter.VM', 'cis'],
    ['task-186:com.vmware.vcenter.VM', 'cis'],
    ['task-', 'cis'],
    ['Task-186', 'cis'],
    [' task-186', 'cis'],
    ['task-186\n', 'cis'],
  ])('V49: tells that %j is of the kind %s', (id, kind) => {
    expect(taskKindOf(id).kind).toBe(kind);
  });

  it('V49: knows both kinds that a state may refer to', () => {
    expect(TASK_KINDS.map(({ kind }) => kind)).toEqual(['cis', 'vim']);
  });
});
