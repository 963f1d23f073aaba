import type { ClonePlan } from '../../../src/github/state.ts';
import type { Task } from '../../../src/vcenter/tasks.ts';
import { SERVER } from '../vcenter-answers.ts';
import { EPOCH } from '../virtual-clock.ts';

export const SOURCE = 'vm-42';
export const FOLDER = 'group-v23';

/** A clone of a name that is this step's own. */
export const OWN_NAME: ClonePlan = {
  server: SERVER,
  name: 'shop-pr12-e2e-9912345678-1-4f09ac',
  nameIsOwn: true,
  source: SOURCE,
  folder: FOLDER,
  vmsBefore: [],
};

/** A clone of a name that others may use as well. */
export const GIVEN_NAME: ClonePlan = { ...OWN_NAME, name: 'test-vm', nameIsOwn: false };

/** A clone task of this user, as a list shows it while it runs. */
export function task(fields: Partial<Task> = {}): Task {
  return {
    ...{ id: 'task-1', status: 'RUNNING', operation: 'clone$task', cancelable: true },
    ...{ progress: undefined, doing: undefined, targetVm: SOURCE, resultVm: undefined, failure: undefined },
    startTime: new Date(EPOCH).toISOString(),
    endTime: undefined,
    user: 'VSPHERE.LOCAL\\svc-ci',
    ...fields,
  };
}
