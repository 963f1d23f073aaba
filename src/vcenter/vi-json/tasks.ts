import { isRecord, textOf } from '../../text/json.ts';
import { isClone } from '../cis-tasks.ts';
import type { Limits, Session } from '../session.ts';
import type { Task, TaskFailure, TaskKind } from '../task.ts';
import { isLoginRefused, VcenterError } from '../transport/error.ts';
import { describeUnknownError } from '../transport/error-body.ts';
import { readFault } from '../transport/fault.ts';
import { unreadable } from '../transport/unreadable.ts';
import { readReference, unbox } from './data.ts';
import { invoke, viOperation } from './invoke.ts';
import { reachedFrom, retrieveProperties } from './properties.ts';

const INFO = viOperation('GET', 'Task', 'info');
const CANCEL = viOperation('POST', 'Task', 'CancelTask');

/** As the REST API has them. What is not known yet ends no task. */
const STATUSES: Readonly<Record<string, string>> = {
  queued: 'PENDING',
  running: 'RUNNING',
  success: 'SUCCEEDED',
  error: 'FAILED',
};

async function getTask(session: Session, id: string, limits: Limits): Promise<Task> {
  const info = await invoke(session, { operation: INFO, moId: id, expects: 'json' }, limits);
  const task = readTaskInfo(id, info);
  if (task === undefined) {
    throw unreadable(session, INFO, 'a task');
  }
  return task;
}

async function cancelTask(session: Session, id: string, limits: Limits): Promise<void> {
  await invoke(session, { operation: CANCEL, moId: id, expects: 'nothing' }, limits);
}

/**
 * The clone tasks among the source's recent ones, those that run and those that ended within about ten minutes; also the clones
 * that others made of it, since a task does not tell the name of its VM.
 */
async function listClones(
  session: Session,
  source: string | undefined,
  limits: Limits,
): Promise<readonly Task[] | undefined> {
  if (source === undefined) {
    return undefined;
  }
  try {
    const found = await retrieveProperties(
      session,
      {
        paths: [{ type: 'Task', paths: ['info'] }],
        objects: reachedFrom({ type: 'VirtualMachine', id: source }, 'recentTask'),
      },
      { ...limits, retryTimeout: 0 },
    );
    // One that is forgotten meanwhile has ended; one that cannot be read may be the clone that is looked for.
    if (
      found.some(({ missing }) => [...missing.values()].some(({ name }) => name !== 'ManagedObjectNotFound'))
    ) {
      return undefined;
    }
    return found
      .map(({ object, values }) => readTaskInfo(object.id, values.get('info')))
      .filter((task) => task !== undefined)
      .filter(({ operation }) => operation === undefined || isClone(operation));
  } catch (error) {
    if (error instanceof VcenterError && !isLoginRefused(error)) {
      return undefined;
    }
    throw error;
  }
}

function readTaskInfo(id: string, info: unknown): Task | undefined {
  const state = isRecord(info) ? textOf(unbox(info['state'])) : undefined;
  if (!isRecord(info) || state === undefined) {
    return undefined;
  }
  const { cancelable, progress, description, reason, error } = info;
  const status = STATUSES[state] ?? state;
  const source = vmIdOf(info['entity']);
  const result = vmIdOf(info['result']);
  return {
    id,
    status,
    operation: textOf(info['name']) ?? textOf(info['descriptionId']),
    cancelable: typeof cancelable === 'boolean' ? cancelable : undefined,
    progress: typeof progress === 'number' ? Math.min(1, Math.max(0, progress / 100)) : undefined,
    doing: isRecord(description) ? textOf(description['message']) : undefined,
    targetVm: source,
    // Only what has succeeded has made a VM, and the source is none that was made.
    resultVm: status === 'SUCCEEDED' && result !== source ? result : undefined,
    failure: status === 'FAILED' ? readFailure(error) : undefined,
    startTime: textOf(info['startTime']),
    endTime: textOf(info['completeTime']),
    user: isRecord(reason) ? textOf(reason['userName']) : undefined,
  };
}

function vmIdOf(value: unknown): string | undefined {
  const object = readReference(value);
  return object?.type === 'VirtualMachine' ? object.id : undefined;
}

function readFailure(error: unknown): TaskFailure {
  const read = readFault(error);
  if (read === undefined) {
    const words = describeUnknownError(error) ?? 'No reason was given.';
    return { errorType: undefined, messages: [words], messageIds: [] };
  }
  const { errorType, messages, messageIds, fault } = read;
  return { errorType, messages, messageIds, fault };
}

/** The tasks of VI/JSON: GET Task/{id}/info, Task.CancelTask. The REST API does not know them. */
export const vimTasks: TaskKind = { kind: 'vim', get: getTask, cancel: cancelTask, listClones };
