import type { Behaviour } from './behaviour.ts';
import { cloneService, type TaskRecord } from './clone-tasks.ts';
import { message } from './vapi-error.ts';

export interface TaskInfoOptions {
  readonly task: TaskRecord;
  readonly behaviour: Behaviour;
  readonly now: number;
  readonly excludeResult: boolean;
  /** ISO time that the server's clock showed at a moment of the simulator's. */
  readonly serverTime: (at: number) => string;
}

/** How much of the copy is done, 0 to 1. */
export function fractionOf(task: TaskRecord, now: number): number {
  const until = Math.min(task.endedAt ?? now, now);
  const whole = (task.endsAt - task.startsAt) / (task.failure?.at || 1);
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (until - task.startsAt) / whole));
}

/** The status that clients are told. */
export function reportedStatus(options: Omit<TaskInfoOptions, 'excludeResult' | 'serverTime'>): string {
  const { task, behaviour, now } = options;
  if (task.endedAt !== undefined) return task.status;
  const at = { fraction: fractionOf(task, now), elapsed: now - task.createdAt };
  return behaviour.status(at) ?? task.status;
}

/** `Cis.Task.Info` of a clone. */
export function taskInfo(options: TaskInfoOptions): unknown {
  const { task, behaviour, now, serverTime } = options;
  const started = now >= task.startsAt;
  const progress = started ? behaviour.progress(fractionOf(task, now)) : undefined;
  const target = targetOf(options);
  return {
    description: message('com.vmware.vcenter.VM.clone', 'Clone virtual machine'),
    service: cloneService,
    operation: 'clone$task',
    status: reportedStatus(options),
    cancelable: behaviour.cancelable && task.endedAt === undefined && task.cancelRequestedAt === undefined,
    ...(behaviour.optionalTaskFields && {
      // A real server was seen to send an empty string where there is no parent.
      parent: '',
      user: task.user,
      ...(target && { target }),
      ...(progress && {
        progress: {
          ...progress,
          message: message('com.vmware.vcenter.VM.clone.copying', 'Copying Virtual Machine files'),
        },
      }),
      ...(started && { start_time: serverTime(task.startsAt) }),
      ...(task.endedAt !== undefined && { end_time: serverTime(task.endedAt) }),
    }),
    ...(behaviour.extraTaskFields && { last_update_time: serverTime(now), notifications: {} }),
    ...(!options.excludeResult && resultOf(task, behaviour)),
    ...errorOf(task),
  };
}

function targetOf({ task, behaviour }: TaskInfoOptions): { type: string; id: string } | undefined {
  const id = { none: undefined, source: task.spec.source, new: task.vm }[behaviour.taskTarget];
  return id === undefined ? undefined : { type: 'VirtualMachine', id };
}

function resultOf(task: TaskRecord, behaviour: Behaviour): { readonly result?: unknown } {
  if (task.status === 'FAILED') {
    return task.failure?.reasonIn === 'result' ? { result: task.error } : {};
  }
  if (task.status !== 'SUCCEEDED') {
    return behaviour.earlyResult === undefined ? {} : { result: behaviour.earlyResult };
  }
  switch (behaviour.result) {
    case 'string':
      return { result: task.vm };
    case 'vm-object':
      return { result: { vm: task.vm } };
    case 'id-object':
      return { result: { id: task.vm } };
    case 'value-object':
      return { result: { value: task.vm } };
    case 'none':
      return {};
  }
}

function errorOf(task: TaskRecord): { readonly error?: unknown } {
  if (!task.error) return {};
  switch (task.failure?.reasonIn ?? 'error') {
    case 'error':
      return { error: task.error };
    case 'error-text':
      return { error: task.error.messages.map((item) => item.default_message).join(' ') };
    case 'result':
      return {};
  }
}
