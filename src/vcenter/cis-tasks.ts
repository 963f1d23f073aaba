import { idOf, isRecord, textOf } from '../text/json.ts';
import type { Limits, Session } from './session.ts';
import type { Task, TaskFailure, TaskKind } from './task.ts';
import { isLoginRefused, isRefusal, VcenterError } from './transport/error.ts';
import { describeUnknownError, localizableText, onOneLine, readErrorFields } from './transport/error-body.ts';
import { unreadable } from './transport/unreadable.ts';

/** GET /api/cis/tasks/{task}. @throws VcenterError; NOT_FOUND also for a task whose record vCenter has dropped. */
export async function getTask(session: Session, id: string, limits: Limits): Promise<Task> {
  const operation = 'GET /api/cis/tasks/{task}';
  const { body } = await session.request(
    { operation, path: { task: id }, expects: 'json', retry: 'always' },
    limits,
  );
  const task = readTask(id, body);
  if (task === undefined) {
    throw unreadable(session, operation, 'a task');
  }
  return task;
}

/**
 * POST /api/cis/tasks/{task}?action=cancel: asks for the end and does not wait for it.
 *
 * @throws VcenterError: UNSUPPORTED (it cannot be cancelled), NOT_ALLOWED_IN_CURRENT_STATE (it is over), NOT_FOUND.
 */
export async function cancelTask(session: Session, id: string, limits: Limits): Promise<void> {
  await session.request(
    {
      operation: 'POST /api/cis/tasks/{task}?action=cancel',
      path: { task: id },
      expects: 'nothing',
      retry: 'always',
    },
    limits,
  );
}

/**
 * The clone tasks that vCenter still knows and this user may see: POST /api/cis/tasks?action=list. Over 1,000 of them vCenter
 * refuses the list, and is asked for those that have not ended. Undefined where it gives no list now: a provider for it may
 * be missing, or the next request may get one.
 *
 * @throws VcenterError where the login ends all requests; the signal's reason.
 */
export async function listCloneTasks(session: Session, limits: Limits): Promise<readonly Task[] | undefined> {
  const list = async (filter: Readonly<Record<string, readonly string[]>>) => {
    const operation = 'POST /api/cis/tasks?action=list';
    const { body } = await session.request(
      { operation, body: { filter_spec: filter }, expects: 'json', retry: 'always' },
      { ...limits, retryTimeout: 0 },
    );
    if (!isRecord(body)) {
      throw unreadable(session, operation, 'a map of tasks');
    }
    return Object.entries(body)
      .map(([id, info]) => readTask(id, info))
      .filter((task) => task !== undefined)
      .filter(({ operation: kind }) => kind === undefined || isClone(kind));
  };
  const services = ['com.vmware.vcenter.VM'];
  try {
    return await list({ services }).catch((error: unknown) => {
      if (!isRefusal(error, 'RESOURCE_INACCESSIBLE', 'UNABLE_TO_ALLOCATE_RESOURCE')) {
        throw error;
      }
      return list({ services, status: ['PENDING', 'RUNNING', 'BLOCKED'] });
    });
  } catch (error) {
    if (error instanceof VcenterError && !isLoginRefused(error)) {
      return undefined;
    }
    throw error;
  }
}

/** `clone$task`; instant clones have none. */
export function isClone(operation: string): boolean {
  return /clone/i.test(operation);
}

function readTask(id: string, info: unknown): Task | undefined {
  if (!isRecord(info) || typeof info['status'] !== 'string') {
    return undefined;
  }
  const { status, progress, target, result, error } = info;
  return {
    id,
    status,
    operation: textOf(info['operation']),
    cancelable: typeof info['cancelable'] === 'boolean' ? info['cancelable'] : undefined,
    progress: readProgress(progress),
    doing:
      isRecord(progress) && isRecord(progress['message'])
        ? textOf(localizableText(progress['message']))
        : undefined,
    targetVm: isRecord(target) && target['type'] === 'VirtualMachine' ? idOf(target['id']) : undefined,
    // Until then it may be partial, or be the reason of the failure.
    resultVm: status === 'SUCCEEDED' ? readVmId(result) : undefined,
    // Where `error` is unset the reason of the failure is in `result`; 7.0 and 8.0 describe `error` as a string.
    failure: status === 'FAILED' ? (readFailure(error) ?? readFailure(result) ?? NO_REASON) : undefined,
    startTime: textOf(info['start_time']),
    endTime: textOf(info['end_time']),
    user: textOf(info['user']),
  };
}

function readProgress(progress: unknown): number | undefined {
  if (!isRecord(progress)) {
    return undefined;
  }
  const { total, completed } = progress;
  if (typeof total !== 'number' || typeof completed !== 'number' || total <= 0) {
    return undefined;
  }
  return Math.min(1, Math.max(0, completed / total));
}

/** No recording of a finished clone task is public: the plain id is what is expected, the wrapped forms are tolerated. */
function readVmId(result: unknown): string | undefined {
  const ids = isRecord(result) ? [result['vm'], result['id'], result['value']] : [result];
  return ids.map(idOf).find((id) => id !== undefined);
}

const NO_REASON: TaskFailure = {
  errorType: undefined,
  messages: ['No reason was given.'],
  messageIds: [],
};

function readFailure(reason: unknown): TaskFailure | undefined {
  const text = textOf(reason);
  if (text !== undefined) {
    return { errorType: undefined, messages: [onOneLine(text)], messageIds: [] };
  }
  const { errorType, messages = [], messageIds = [] } = readErrorFields(reason) ?? {};
  if (messages.length > 0) {
    return { errorType, messages, messageIds };
  }
  const words = errorType ?? describeUnknownError(reason);
  return words === undefined ? undefined : { errorType, messages: [words], messageIds };
}

/** The tasks of the REST API. */
export const cisTasks: TaskKind = {
  kind: 'cis',
  get: getTask,
  cancel: cancelTask,
  listClones: (session, _source, limits) => listCloneTasks(session, limits),
};
