import { outliving, withDeadline } from '../time/deadline.ts';
import { createLogin, type Login, type LoginOptions } from './login.ts';
import { isSessionEnded, isTransient, LOGIN, SDK, VcenterError, VI_LOGIN } from './transport/error.ts';
import { type Endpoint, type OperationRequest, type OperationResponse, sendOnce } from './transport/http.ts';
import { type Limits, type RetryOptions, retry } from './transport/retry.ts';
import { isTransientForService, readServiceContent, type ServiceContent } from './vi-json/service.ts';

export type { Limits } from './transport/retry.ts';

export interface SessionOptions {
  readonly endpoint: Endpoint;
  readonly username: string;
  readonly password: string;
  /** Gets every value that must never be printed, before it is used for the first time. */
  readonly mask: (secret: string) => void;
  readonly random: () => number;
  /** Gets a line for people about a request that has been without success for a while. */
  readonly tell: (line: string) => void;
}

export type SessionRequest = OperationRequest & {
  /**
   * Whether a failure that leaves open what the server did may be followed by sending the request again. `unless-sent` is for
   * the one request that must never be sent twice blindly: it is retried only where the server certainly did not see it.
   */
  readonly retry: 'always' | 'unless-sent';
  /** Tells failures that say something about the object (Tools do not run yet) from failures of the way to it. */
  readonly isExpected?: (error: VcenterError) => boolean;
  /** Milliseconds that a response under way may come after the signal's end; nothing new is sent in them. */
  readonly grace?: number;
};

/** A login at vCenter. Everything that is asked of vCenter goes through one; whoever opened it closes it. */
export interface Session {
  /**
   * Sends a request with the session's id, retries it within the limits, and logs in again where the session has ended
   * meanwhile: what vCenter was doing for the old session goes on. A login that was refused for good ends every request.
   *
   * @throws VcenterError; the signal's reason.
   */
  request(request: SessionRequest, limits: Limits): Promise<OperationResponse>;
  /**
   * What VI/JSON needs to be spoken to; undefined where the server has none (vCenter before 8.0 U1). The first use of it sends
   * GET /sdk/vim25/8.0.1.0/ServiceInstance/ServiceInstance/content; whoever does not need VI/JSON sends nothing.
   *
   * @throws VcenterError; the signal's reason.
   */
  viJson(limits: Limits): Promise<ServiceContent | undefined>;
  readonly server: string;
  /**
   * DELETE /api/session, and Logout where VI/JSON needed a session of its own, for every session that was opened, within `limit`
   * milliseconds. Never throws: what is not closed ends by idleness.
   */
  close(options: { readonly limit: number }): Promise<void>;
}

const LOGOUT = 'DELETE /api/session';
const VI_LOGOUT = `POST ${SDK}/SessionManager/{moId}/Logout`;
const SESSION_ID = 'vmware-api-session-id';

/** Milliseconds to close a session that opened when the run was over already. */
const HURRIED_LOGOUT = 1_500;

/**
 * Logs in: POST /api/session.
 *
 * @throws VcenterError; a 401 is final at once, since more tries lock accounts.
 */
export async function openSession(options: SessionOptions, limits: Limits): Promise<Session> {
  const { endpoint, username, password, mask, random, tell } = options;
  const { clock, trace } = endpoint;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  mask(password);
  mask(authorization.slice('Basic '.length));

  const base: Pick<RetryOptions, 'clock' | 'random' | 'trace'> = { clock, random, trace };
  let isClosed = false;
  const closing = new AbortController();

  const slow =
    (operation: string, isBlocking = false) =>
    (lastError: VcenterError | undefined) => {
      if (lastError !== undefined) {
        tell(
          `${operation} has not succeeded yet and is being retried. Last error: ${lastError.messages.join(' ')}`,
        );
      } else if (!isBlocking) {
        tell(`No response from ${endpoint.server} to ${operation} yet; waiting for it.`);
      }
    };

  const loginOf = (
    given: Pick<LoginOptions, 'operation' | 'send'> & { readonly logout: () => OperationRequest },
  ): Login =>
    createLogin({
      ...{ ...base, mask, tell, server: endpoint.server, closed: closing.signal },
      ...{ operation: given.operation, send: given.send, onSlow: slow(given.operation) },
      logOut: (id, signal) => sendOnce(endpoint, given.logout(), { headers: { [SESSION_ID]: id }, signal }),
    });

  const login = loginOf({
    operation: LOGIN,
    send: async (signal) => {
      const request = { operation: LOGIN, expects: 'json' } as const;
      const { body, status } = await sendOnce(endpoint, request, { headers: { authorization }, signal });
      return { id: body, status };
    },
    logout: () => ({ operation: LOGOUT, expects: 'nothing' }),
  });

  let logoutOfVi: OperationRequest = { operation: VI_LOGOUT, expects: 'nothing' };
  /** VI/JSON's own, where the server does not take the REST API's. */
  const viLogin = loginOf({
    operation: VI_LOGIN,
    send: async (signal) => {
      const { sessionManager = '' } = (await viJson({ signal: closing.signal, retryTimeout: 0 })) ?? {};
      const path = { moId: sessionManager };
      logoutOfVi = { operation: VI_LOGOUT, path, expects: 'nothing' };
      const { header, status } = await sendOnce(
        endpoint,
        { operation: VI_LOGIN, path, expects: 'headers', body: { userName: username, password } },
        // A refusal that quotes the request has the password as JSON writes it.
        { headers: {}, signal, secrets: [password, JSON.stringify(password).slice(1, -1)] },
      );
      return { id: header(SESSION_ID), status };
    },
    logout: () => logoutOfVi,
  });

  /** Whether the server takes the REST API's session for VI/JSON (vCenter 8.0 U3); undefined until it has been tried. */
  let isShared: boolean | undefined;

  let content: Promise<ServiceContent | undefined> | undefined;
  const viJson = ({ signal, retryTimeout }: Limits): Promise<ServiceContent | undefined> => {
    if (content === undefined) {
      const own = { signal: closing.signal, retryTimeout };
      const isRetryable = (error: VcenterError) => isTransientForService(error) && isTransient(error);
      content = readServiceContent((request) =>
        retry({ ...base, ...own, isRetryable, onSlow: slow(request.operation) }, () =>
          sendOnce(endpoint, request, { headers: {}, signal: closing.signal }),
        ),
      );
      content.catch(() => {
        content = undefined;
      });
    }
    return unlessAborted(content, signal);
  };

  const session: Session = {
    server: endpoint.server,
    viJson,

    async request(request, limits) {
      const { signal, retryTimeout } = limits;
      const isVi = request.operation.includes(` ${SDK}/`);
      const loginInUse = () => (isVi && isShared !== true ? viLogin : login);
      const send = async (id: string) => {
        if (isClosed) {
          throw new Error('the session is closed');
        }
        const until = (end: AbortSignal) =>
          sendOnce(endpoint, request, { headers: { [SESSION_ID]: id }, signal: end });
        const { status, body } = await (request.grace === undefined
          ? until(signal)
          : outliving({ clock, by: request.grace, signal }, until));
        (id === viLogin.id ? viLogin : login).wasTaken(true);
        isShared ??= isVi && id === login.id ? true : undefined;
        return { status, body };
      };
      return retry(
        {
          ...{ ...base, signal, retryTimeout },
          isRetryable: (error) =>
            isTransient(error) &&
            error !== login.finalError &&
            error !== viLogin.finalError &&
            !(request.isExpected?.(error) ?? false) &&
            (request.retry === 'always' || !error.sent),
          // A request that blocks until the work is done is known to take longer than others.
          onSlow: slow(request.operation, (request.timeout ?? 0) > endpoint.requestTimeout),
        },
        async () => {
          const current = (isVi ? viLogin.id : undefined) ?? login.id ?? '';
          try {
            return await send(current);
          } catch (error) {
            signal.throwIfAborted();
            if (!(error instanceof VcenterError) || !isSessionEnded(error)) {
              throw error;
            }
            // Something between here and vCenter may have sent the 401 after vCenter had begun.
            if (request.retry === 'unless-sent') {
              throw error;
            }
            const renewed = loginInUse();
            const fresh = await unlessAborted(renewed.renew(current, limits), signal);
            return await send(fresh).catch((again: unknown) => {
              if (again instanceof VcenterError && isSessionEnded(again)) {
                renewed.wasTaken(false);
                isShared = isVi && renewed === login ? false : isShared;
              }
              throw again;
            });
          }
        },
      );
    },

    async close({ limit }) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      closing.abort(new Error('the session is closed'));
      const logins = [login, viLogin];
      await Promise.all(logins.map((each) => each.idle()));
      const close = (signal: AbortSignal) =>
        Promise.all(logins.map((each) => each.close({ signal, retryTimeout: limit })));
      await withDeadline({ clock, what: 'the logout', limit }, close).catch(() => undefined);
    },
  };

  await login.open(limits);
  if (limits.signal.aborted) {
    await session.close({ limit: HURRIED_LOGOUT });
    throw limits.signal.reason;
  }
  return session;
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) {
      abort();
    }
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
