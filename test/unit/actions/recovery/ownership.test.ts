import { describe, expect, it } from 'vitest';
import type { ClonePlan } from '../../../../src/actions/recovery/journal.ts';
import { checkOwnership, type Evidence, type Ownership } from '../../../../src/actions/recovery/ownership.ts';
import type { Task, TaskFailure } from '../../../../src/vcenter/task.ts';

const givenName: ClonePlan = {
  server: 'vcenter.example',
  name: 'shop-test',
  isNameGenerated: false,
  source: 'vm-42',
  folder: 'group-v12',
  vmsBefore: ['vm-9'],
};
const generatedName: ClonePlan = { ...givenName, name: 'shop-pr12-e2e-99-1-4f09ac', isNameGenerated: true };

const vm = (id: string, name = givenName.name) => ({ vm: id, name, powerState: 'POWERED_OFF' });

const task = (fields: Partial<Task>): Task => ({
  ...{ id: 'task-1', status: 'SUCCEEDED', operation: 'clone$task', cancelable: true, progress: 1 },
  ...{ doing: undefined, targetVm: undefined, resultVm: undefined, failure: undefined },
  ...{ startTime: undefined, endTime: undefined, user: undefined },
  ...fields,
});

const failed = (failure: Partial<TaskFailure>, fields: Partial<Task> = {}) =>
  task({
    ...{ status: 'FAILED', failure: { errorType: undefined, messages: [], messageIds: [], ...failure } },
    ...fields,
  });

type Owner = Ownership['owner'];

const base: Evidence = { plan: givenName, vm: vm('vm-7'), ownTask: undefined, isOnlyNew: true };

describe('checkOwnership', () => {
  it.each<[string, Partial<Evidence>, Owner]>([
    // What is never ours, whatever else speaks for it.
    ['the source', { vm: vm('vm-42'), isRecorded: true, ownTask: task({ resultVm: 'vm-42' }) }, 'another'],
    ['C1c: the source, by its id with a GUID', { vm: vm('vm-42:GUID-1'), isRecorded: true }, 'another'],
    [
      'C1c: the source, where the plan has its id with a GUID',
      { plan: { ...generatedName, source: 'vm-42:GUID-1' }, vm: vm('vm-42', generatedName.name) },
      'another',
    ],
    ['one that was there before', { vm: vm('vm-9'), isRecorded: true }, 'another'],
    [
      'one that was there before, with a generated name',
      { plan: generatedName, vm: vm('vm-9', generatedName.name) },
      'another',
    ],
    [
      'C1c: one of another name that the task names',
      { vm: vm('vm-13', 'db'), ownTask: task({ resultVm: 'vm-13' }) },
      'another',
    ],
    ['C1c: one of another name that the state names', { vm: vm('vm-13', 'db'), isRecorded: true }, 'another'],
    ['one of another name beside a generated one', { plan: generatedName, vm: vm('vm-13', 'db') }, 'another'],
    ['one whose name differs in case', { vm: vm('vm-7', 'Shop-Test'), isRecorded: true }, 'another'],
    ['one that has the name that was taken', { ownTask: failed({ errorType: 'ALREADY_EXISTS' }) }, 'another'],
    [
      'C1b: the same, told by a message id',
      {
        ownTask: failed(
          { errorType: 'ERROR', messageIds: ['vmsg.DuplicateName.summary'] },
          { targetVm: 'vm-7' },
        ),
      },
      'another',
    ],

    // What is certainly ours.
    [
      'one with a generated name',
      { plan: generatedName, vm: vm('vm-7', generatedName.name), isOnlyNew: false },
      'this run',
    ],
    ['one that main has written down', { isRecorded: true, isOnlyNew: false }, 'this run'],
    ['one that the result names', { ownTask: task({ resultVm: 'vm-7' }), isOnlyNew: false }, 'this run'],
    ['one that the target names', { ownTask: task({ targetVm: 'vm-7' }), isOnlyNew: false }, 'this run'],
    [
      'one that the task names with a GUID',
      { ownTask: task({ resultVm: 'vm-7:GUID-1' }), isOnlyNew: false },
      'this run',
    ],
    [
      'A23: one that a failed task names',
      { ownTask: failed({ errorType: 'ERROR' }, { targetVm: 'vm-7' }) },
      'this run',
    ],
    ['A4: the only new one after a task that succeeded', { ownTask: task({}) }, 'this run'],
    [
      'one whose name is stored escaped',
      { plan: { ...givenName, name: 'a/b' }, vm: vm('vm-7', 'a%2fb'), isRecorded: true },
      'this run',
    ],

    // What nobody can prove.
    ['C1d: one of a given name after a lost response', {}, 'unknown'],
    [
      'one of several new ones after a task that succeeded',
      { ownTask: task({}), isOnlyNew: false },
      'unknown',
    ],
    [
      'one beside a task that names another',
      { ownTask: task({ resultVm: 'vm-8' }), isOnlyNew: false },
      'unknown',
    ],
    ['one while the task runs', { ownTask: task({ status: 'RUNNING' }) }, 'unknown'],
    [
      'A23: one after a task that failed and names none',
      { ownTask: failed({ errorType: 'ERROR' }) },
      'unknown',
    ],
    ['C1b: one after a task that was cancelled', { ownTask: failed({ errorType: 'CANCELED' }) }, 'unknown'],
    [
      'C1b: one after a task that was cancelled, told by a message id',
      { ownTask: failed({ errorType: 'ERROR', messageIds: ['vmsg.RequestCanceled.summary'] }) },
      'unknown',
    ],
    [
      'A19: one beside a task whose target is the source',
      { ownTask: failed({}, { targetVm: 'vm-42' }) },
      'unknown',
    ],
  ])('%s', (_, evidence, owner) => {
    expect(checkOwnership({ ...base, ...evidence }).owner).toBe(owner);
  });

  it.each<[Partial<Evidence>, string]>([
    [{ vm: vm('vm-42') }, 'it is the source'],
    [{ vm: vm('vm-9') }, 'it was there before'],
    [{ vm: vm('vm-7', 'db') }, "it is called 'db', not 'shop-test'"],
    [
      { ownTask: failed({ errorType: 'ALREADY_EXISTS' }) },
      'this clone was refused because the name was taken',
    ],
    [{ ownTask: failed({ errorType: 'CANCELED' }) }, 'a cancelled clone takes its copy away'],
    [{}, "others may use the name 'shop-test', too, and nothing proves that this run made it"],
  ])('says why: case %#', (evidence, reason) => {
    expect(checkOwnership({ ...base, ...evidence })).toMatchObject({ reason });
  });
});
