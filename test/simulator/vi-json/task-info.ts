import type { TaskRecord } from '../clone-tasks.ts';
import { type Answer, ok } from '../operation.ts';
import { fractionOf, reportedStatus } from '../task-info.ts';
import type { World } from '../world.ts';
import { box, type DataObject, data, referenceTo } from './data.ts';
import { faultBody } from './fault.ts';
import { taskReference } from './operation.ts';
import { findTask, type VmTask } from './vm-tasks.ts';

/** In REST's words; what a test makes up is told as it is. */
const states: Readonly<Record<string, string>> = {
  PENDING: 'queued',
  RUNNING: 'running',
  SUCCEEDED: 'success',
  FAILED: 'error',
};

const descriptionIds = {
  clone$task: 'VirtualMachine.clone',
  CloneVM_Task: 'VirtualMachine.clone',
  InstantClone_Task: 'VirtualMachine.instantClone',
};

/** The TaskInfo of a task that is told of. */
export function taskInfo(world: World, id: string): DataObject | undefined {
  const task = findTask(world, id);
  if (!task) return undefined;
  return 'spec' in task ? cloneInfo(world, task) : vmTaskInfo(world, task);
}

/** Named where the info of a task leaves the description on purpose. */
export function taskQuirk(world: World, info: DataObject): string | undefined {
  const { behaviour } = world;
  if (!Object.values(states).includes(String(info['state']))) return 'a task state that is not described';
  if (info['error'] !== undefined && behaviour.viTaskError === 'localized') return 'a fault that is wrapped';
  if (info['result'] !== undefined && behaviour.viTaskResult === 'boxed') return 'a reference in a box';
  return undefined;
}

export function taskInfoAnswer(world: World, id: string): Answer {
  const info = taskInfo(world, id);
  const quirk = info && taskQuirk(world, info);
  return { ...ok(info), ...(quirk !== undefined && { quirk }) };
}

function cloneInfo(world: World, task: TaskRecord): DataObject {
  const { behaviour, clock, inventory } = world;
  const now = clock.now();
  const status = reportedStatus({ task, behaviour, now });
  const progress = task.status === 'RUNNING' ? behaviour.progress(fractionOf(task, now)) : undefined;
  const isCancelled = task.cancelRequestedAt !== undefined;
  return wireInfo(world, {
    task,
    vm: task.spec.source,
    vmName: inventory.vms.get(task.spec.source)?.name,
    descriptionId: descriptionIds[task.operation],
    state: states[status] ?? status,
    cancelled: isCancelled,
    cancelable: behaviour.cancelable && task.endedAt === undefined && !isCancelled,
    startedAt: now >= task.startsAt ? task.startsAt : undefined,
    progress: progress && Math.floor((100 * progress.completed) / progress.total),
    result: resultOf(world, task),
  });
}

function resultOf({ behaviour }: World, task: TaskRecord): unknown {
  if (task.endedAt === undefined) return behaviour.earlyResult;
  if (task.status !== 'SUCCEEDED' || behaviour.result === 'none') return undefined;
  const result = referenceTo('VirtualMachine', task.vm);
  return behaviour.viTaskResult === 'boxed' ? box('ManagedObjectReference', result) : result;
}

function vmTaskInfo(world: World, task: VmTask): DataObject {
  const state = task.endedAt === undefined ? 'running' : task.fault ? 'error' : 'success';
  return wireInfo(world, {
    ...{ task, vm: task.vm, vmName: task.vmName, descriptionId: task.descriptionId, state },
    ...{ cancelled: false, cancelable: false, startedAt: task.createdAt },
    ...{ progress: undefined, result: undefined },
  });
}

function wireInfo(
  world: World,
  info: {
    readonly task: Pick<VmTask, 'id' | 'operation' | 'user' | 'createdAt' | 'endedAt' | 'fault'>;
    readonly vm: string;
    readonly vmName: string | undefined;
    readonly descriptionId: string;
    readonly state: string;
    readonly cancelled: boolean;
    readonly cancelable: boolean;
    readonly startedAt: number | undefined;
    readonly progress: number | undefined;
    readonly result: unknown;
  },
): DataObject {
  const { behaviour, serverTime } = world;
  const { id, operation, user, createdAt, endedAt, fault } = info.task;
  const time = (at: number | undefined) => (at === undefined ? undefined : serverTime(at));
  return data('TaskInfo', {
    key: id,
    task: taskReference(id),
    ...(behaviour.optionalTaskFields && {
      name: operation,
      entity: referenceTo('VirtualMachine', info.vm),
      entityName: info.vmName,
      progress: info.progress,
      startTime: time(info.startedAt),
      completeTime: time(endedAt),
    }),
    descriptionId: info.descriptionId,
    state: info.state,
    cancelled: info.cancelled,
    cancelable: info.cancelable,
    error: fault && errorOf(world, fault),
    result: info.result,
    reason: data('TaskReasonUser', { userName: user }),
    queueTime: serverTime(createdAt),
    eventChainId: Number(id.replace(/\D/g, '')),
  });
}

function errorOf({ behaviour }: World, fault: NonNullable<VmTask['fault']>): DataObject {
  const body = faultBody(fault, behaviour);
  return behaviour.viTaskError === 'fault'
    ? body
    : data('LocalizedMethodFault', { fault: body, localizedMessage: fault.text ?? fault.name });
}
