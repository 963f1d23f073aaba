import { idOf } from '../../text/json.ts';
import type { Limits, Session, SessionRequest } from '../session.ts';
import { SDK, VcenterError } from '../transport/error.ts';
import { unreadable } from '../transport/unreadable.ts';
import { type Fields, readReference, withoutUnset } from './data.ts';
import { SERVICE_CONTENT, type ServiceContent } from './service.ts';

export interface Invocation {
  /** As {@link viOperation} makes it. */
  readonly operation: string;
  /** The managed object whose method or property it is. */
  readonly moId: string;
  readonly parameters?: Fields;
  /** `optional` where the result may be unset. */
  readonly expects: 'json' | 'optional' | 'nothing';
  /** `always` unless it is told otherwise. */
  readonly retry?: SessionRequest['retry'];
  /** Milliseconds, as for every request of a session. */
  readonly timeout?: number;
  readonly grace?: number;
}

/** `POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/CloneVM_Task`: a method (POST) or a property (GET). */
export function viOperation(method: 'GET' | 'POST', type: string, name: string): string {
  return `${method} ${SDK}/${type}/{moId}/${name}`;
}

/**
 * Sends a request of VI/JSON. Undefined for a result that is not set, which may come as `null`, as an empty body or as a 204.
 *
 * @throws VcenterError; with the fault where vCenter refuses it.
 */
export async function invoke(
  session: Session,
  { moId, parameters, expects, retry = 'always', ...request }: Invocation,
  limits: Limits,
): Promise<unknown> {
  const body = parameters === undefined ? {} : { body: withoutUnset(parameters) };
  const response = await session.request({ ...request, ...body, path: { moId }, expects, retry }, limits);
  if (expects === 'json' && response.body === null) {
    throw unreadable(session, request.operation, 'a result');
  }
  return response.body ?? undefined;
}

/** The same for a method that starts a task: its id. */
export async function invokeTask(
  session: Session,
  invocation: Omit<Invocation, 'expects'>,
  limits: Limits,
): Promise<string> {
  const result = await invoke(session, { ...invocation, expects: 'json' }, limits);
  const task = readReference(result);
  const id = idOf(task?.id);
  if (id === undefined || task?.type !== 'Task') {
    throw unreadable(session, invocation.operation, 'a task');
  }
  return id;
}

/**
 * The id of one of vCenter's managers.
 *
 * @throws VcenterError, also where the server has no VI/JSON: whoever needs that asks `Session.viJson` first.
 */
export async function managerId(
  session: Session,
  name: 'propertyCollector' | 'rootFolder' | 'searchIndex' | 'viewManager',
  limits: Limits,
): Promise<string> {
  const content: ServiceContent | undefined = await session.viJson(limits);
  const id = content?.[name];
  if (id === undefined) {
    throw new VcenterError({
      ...{ operation: SERVICE_CONTENT.operation, server: session.server, failure: 'response', sent: false },
      messages: [
        content === undefined
          ? 'The server has no VI/JSON, which comes with vCenter 8.0 U1.'
          : `The server has no ${name}.`,
      ],
    });
  }
  return id;
}
