import type { Connection, HttpRequest } from '../../src/https/connection.ts';
import { ref, serviceContent } from './vi-json.ts';

const SDK = '/sdk/vim25/8.0.1.0';

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  /** In place of a body that is JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body breaks off. */
  readonly isCut?: boolean;
}

export interface ViServer {
  readonly connection: Connection;
  /** `POST /api/session`; the release is left out: `GET /sdk/Task/task-1/info`. */
  readonly requests: readonly string[];
  /** The whole of each request, in the same order. */
  readonly received: readonly HttpRequest[];
  /** Sessions that are open, of both kinds. */
  readonly open: ReadonlySet<string>;
  /** The next request of this kind is answered so, or fails so. */
  next(request: string, ...answers: readonly (FakeAnswer | Error)[]): void;
  /** Ends every session, as vCenter does with idle ones. */
  expire(): void;
}

/** The credentials that it takes. */
export const credentials = { username: 'svc-ci@vsphere.local', password: 'p"ä$$word-1' };

/** The 500 of a session that has ended. */
export function notAuthenticated(type = 'PropertyCollector', value = 'collector-1'): FakeAnswer {
  return {
    status: 500,
    body: {
      _typeName: 'NotAuthenticated',
      object: { type, value },
      privilegeId: '',
      faultstring: 'The session is not authenticated.',
    },
  };
}

/** The sessions of a vCenter over a connection without a network: 8.0 U3, or, without unified sessions, 8.0 U1. */
export function createViServer({ isUnified }: { readonly isUnified: boolean }): ViServer {
  const received: HttpRequest[] = [];
  const requests: string[] = [];
  const open = new Set<string>();
  const scripted = new Map<string, (FakeAnswer | Error)[]>();
  let count = 0;
  const openSession = (kind: string) => {
    count += 1;
    open.add(`${kind}-session-${count}`);
    return `${kind}-session-${count}`;
  };

  const answer = (request: string, { headers, body }: HttpRequest): FakeAnswer => {
    const id = headers['vmware-api-session-id'] ?? '';
    const isKnown = open.has(id);
    switch (request) {
      case 'POST /api/session':
        return { status: 201, body: openSession('rest') };
      case 'DELETE /api/session':
        return { status: open.delete(id) ? 204 : 401 };
      case 'GET /sdk/ServiceInstance/ServiceInstance/content':
        return { status: 200, body: serviceContent };
      case 'POST /sdk/SessionManager/sessions-1/Login': {
        const { userName, password } = JSON.parse(body ?? '') as Record<string, string>;
        if (userName !== credentials.username || password !== credentials.password) {
          return { status: 500, body: { _typeName: 'InvalidLogin', faultstring: 'Cannot complete login.' } };
        }
        return {
          status: 200,
          headers: { 'vmware-api-session-id': openSession('vi') },
          body: { _typeName: 'UserSession' },
        };
      }
      case 'POST /sdk/SessionManager/sessions-1/Logout':
        return open.delete(id) ? { status: 204 } : notAuthenticated('SessionManager', 'sessions-1');
      default:
        if (request.includes(' /sdk/')) {
          return isKnown && (isUnified || id.startsWith('vi'))
            ? { status: 200, body: ref('Task', 'task-1') }
            : notAuthenticated();
        }
        return isKnown ? { status: 200, body: [] } : { status: 401, body: { error_type: 'UNAUTHENTICATED' } };
    }
  };

  return {
    received,
    requests,
    open,
    next: (request, ...answers) => {
      scripted.set(request, [...(scripted.get(request) ?? []), ...answers]);
    },
    expire: () => open.clear(),
    connection: {
      send: async (request) => {
        request.signal.throwIfAborted();
        const { pathname } = new URL(request.url);
        const short = `${request.method} ${pathname.replace(SDK, '/sdk')}`;
        received.push(request);
        requests.push(short);
        const next = scripted.get(short)?.shift() ?? answer(short, request);
        if (next instanceof Error) {
          throw next;
        }
        const { status, body, headers = {}, isCut = false } = next;
        const text = next.text ?? (body === undefined ? '' : JSON.stringify(body));
        return {
          status,
          header: (name) => headers[name],
          text: () => (isCut ? Promise.reject(new Error('cut off')) : Promise.resolve(text)),
        };
      },
      trustAnchor: () => undefined,
      close: () => undefined,
    },
  };
}
