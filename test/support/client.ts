import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { Vcenter } from '../simulator/vcenter.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed, or undefined where the text is not JSON. */
  readonly body: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly rawBody?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the request after so many milliseconds. */
  readonly giveUpAfter?: number;
}

/** A client with no opinions, for tests of the simulator itself. */
export interface PlainClient {
  /** Sends one request, with the session once {@link login} has opened one. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  login(): Promise<string>;
  /** Sends a clone request with `vmw-task`. */
  clone(spec: unknown): Promise<Reply>;
  task(id: unknown): Promise<Readonly<Record<string, unknown>>>;
  /** Looks at a task until it has ended. */
  taskEnd(id: unknown): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

export const clonePath = '/api/vcenter/vm?action=clone&vmw-task=true';

export function createPlainClient(vcenter: Vcenter): PlainClient {
  const agent = new Agent({ keepAlive: true, ca: vcenter.caPem });
  let session: string | undefined;
  const call: PlainClient['call'] = (method, path, options = {}) => {
    const { body, giveUpAfter } = options;
    const text = options.rawBody ?? (body === undefined ? '' : JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `https://${vcenter.server}${path}`,
        {
          method,
          agent,
          headers: {
            ...(session !== undefined && { 'vmware-api-session-id': session }),
            ...(text !== '' && {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(text)),
            }),
            ...options.headers,
          },
          ...(giveUpAfter !== undefined && { signal: AbortSignal.timeout(giveUpAfter) }),
        },
        (answer) => {
          let received = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            received += chunk;
          });
          answer.on('error', reject);
          answer.on('end', () => {
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: received,
              body: parse(received),
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  };
  const task: PlainClient['task'] = async (id) => {
    const reply = await call('GET', `/api/cis/tasks/${encodeURIComponent(String(id))}`);
    return { httpStatus: reply.status, ...(reply.body as Record<string, unknown>) };
  };
  return {
    call,
    task,
    login: async () => {
      const authorization = basic(vcenter.username, vcenter.password);
      const reply = await call('POST', '/api/session', { headers: { authorization } });
      session = String(reply.body);
      return session;
    },
    clone: (spec) => call('POST', clonePath, { body: spec }),
    taskEnd: async (id) => {
      for (;;) {
        const info = await task(id);
        if (info['status'] === 'SUCCEEDED' || info['status'] === 'FAILED') return info;
        if (info['httpStatus'] !== 200) throw new Error(`The task answers ${JSON.stringify(info)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    close: () => agent.destroy(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
