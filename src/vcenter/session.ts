import { outliving, withDeadline } from '../time/deadline.ts';
import { isLoginRefused, isTransient, LOGIN, VcenterError } from './transport/error.ts';
import { type Endpoint, type OperationRequest, type OperationResponse, sendOnce } from './transport/http.ts';
import { type RetryOptions, retry } from './transport/retry.ts';

/** How long a request may go on: until the signal is aborted, and no longer than the retry timeout after its first failure. */
export interface Limits {
  readonly signal: AbortSignal;
  /** Milliseconds; `Infinity` where only the signal ends the retries. */
  readonly retryTimeout: number;
  /** A clone runs that is worth a late second login, should a new login be refused (vCenter may have just restarted). */
  readonly isCloneRunning?: boolean;
}

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
  readonly server: string;
  /** DELETE /api/session for every session that was opened, within `limit` milliseconds. Never throws: what is not closed ends by idleness. */
  close(options: { readonly limit: number }): Promise<void>;
}

const LOGOUT = 'DELETE /api/session';

/** Milliseconds that the response to a login may come after the end of the run. */
const LOGIN_GRACE = 1_500;
/** Milliseconds to close a session that opened when the run was over already. */
const HURRIED_LOGOUT = 1_500;
/** Each login whose response is lost or cannot be read may leave a session that nobody can close. */
const MOST_OPEN_LOGINS = 3;
/** Milliseconds until a refused login is tried once more while a clone runs: single sign-on may lag after a restart. */
const LATE_LOGIN = 60_000;
/** Milliseconds before another login where fresh sessions are refused, too: grows up to the second. */
const FIRST_RENEWAL_PAUSE = 1_000;
const LONGEST_RENEWAL_PAUSE = 60_000;

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

  /** Every session that was ever opened, also one that was given up: all are closed in the end. */
  const opened: string[] = [];
  const base: Pick<RetryOptions, 'clock' | 'random' | 'trace'> = { clock, random, trace };

  const login = ({ signal, retryTimeout }: Limits): Promise<string> => {
    let openLogins = 0;
    return retry(
      {
        ...{ ...base, signal, retryTimeout, onSlow: slow(LOGIN) },
        isRetryable: (error) => {
          openLogins += isOpen(error) ? 1 : 0;
          return (
            isTransient(error) &&
            openLogins < MOST_OPEN_LOGINS &&
            // A name that no DNS server knows is a mistake in the input, as long as it has never worked.
            !(opened.length === 0 && error.code === 'ENOTFOUND')
          );
        },
      },
      async () => {
        // A session whose id never arrives cannot be closed, so the response gets a moment longer than the run.
        const { body, status } = await outliving({ clock, by: LOGIN_GRACE, signal }, (graceful) =>
          sendOnce(
            endpoint,
            { operation: LOGIN, expects: 'json' },
            { headers: { authorization }, signal: graceful },
          ),
        );
        // What is no single line of ASCII cannot be sent back as a header.
        if (typeof body !== 'string' || !/^[\x21-\x7e]+$/.test(body)) {
          throw new VcenterError({
            operation: LOGIN,
            server: endpoint.server,
            failure: 'unreadable',
            status,
            messages: ['The response to the login is no session id.'],
            sent: true,
          });
        }
        mask(body);
        opened.push(body);
        return body;
      },
    );
  };

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

  let id = await login(limits);
  let renewal: Promise<string> | undefined;
  let finalLoginError: VcenterError | undefined;
  /** How many sessions in a row were refused at their first use. */
  let refusedSessions = 0;
  let isClosed = false;
  const closing = new AbortController();

  /** Logs in again, once for all requests that found the session ended, whichever of them ends first. */
  const renew = (ended: string, { retryTimeout, isCloneRunning = false }: Limits): Promise<string> => {
    if (id !== ended) {
      return Promise.resolve(id);
    }
    if (finalLoginError !== undefined) {
      return Promise.reject(finalLoginError);
    }
    if (renewal === undefined) {
      const limits = { signal: closing.signal, retryTimeout, isCloneRunning };
      renewal = loginAgain(limits)
        .then((fresh) => {
          id = fresh;
          return fresh;
        })
        .finally(() => {
          renewal = undefined;
        });
      renewal.catch(() => undefined); // the request that it is for may have ended meanwhile
    }
    return renewal;
  };

  const loginAgain = async (limits: Limits): Promise<string> => {
    trace('The session has ended; logging in again.');
    try {
      if (refusedSessions > 0) {
        const pause = Math.min(LONGEST_RENEWAL_PAUSE, FIRST_RENEWAL_PAUSE * 2 ** (refusedSessions - 1));
        await clock.sleep(pause, limits.signal);
      }
      return await login(limits).catch(async (error: unknown) => {
        if (!isLoginRefused(error) || limits.isCloneRunning !== true) {
          throw error;
        }
        tell('vCenter refuses a new login while the clone runs; it is tried once more in a minute.');
        await clock.sleep(LATE_LOGIN, limits.signal);
        return login(limits);
      });
    } catch (error) {
      if (error instanceof VcenterError && (isLoginRefused(error) || isOpen(error))) {
        finalLoginError = error;
      }
      throw error;
    }
  };

  const session: Session = {
    server: endpoint.server,

    async request(request, limits) {
      const { signal, retryTimeout } = limits;
      const send = async (current: string) => {
        if (isClosed) {
          throw new Error('the session is closed');
        }
        const until = (end: AbortSignal) =>
          sendOnce(endpoint, request, { headers: { 'vmware-api-session-id': current }, signal: end });
        const response = await (request.grace === undefined
          ? until(signal)
          : outliving({ clock, by: request.grace, signal }, until));
        refusedSessions = 0;
        return response;
      };
      return retry(
        {
          ...{ ...base, signal, retryTimeout },
          isRetryable: (error) =>
            isTransient(error) &&
            error !== finalLoginError &&
            !(request.isExpected?.(error) ?? false) &&
            (request.retry === 'always' || !error.sent),
          // A request that blocks until the work is done is known to take longer than others.
          onSlow: slow(request.operation, (request.timeout ?? 0) > endpoint.requestTimeout),
        },
        async () => {
          const current = id;
          try {
            return await send(current);
          } catch (error) {
            signal.throwIfAborted();
            if (!(error instanceof VcenterError) || error.status !== 401) {
              throw error;
            }
            // Something between here and vCenter may have sent the 401 after vCenter had begun.
            if (request.retry === 'unless-sent') {
              throw error;
            }
            const fresh = await unlessAborted(renew(current, limits), signal);
            return await send(fresh).catch((again: unknown) => {
              refusedSessions += again instanceof VcenterError && again.status === 401 ? 1 : 0;
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
      await renewal?.catch(() => undefined);
      const close = (signal: AbortSignal) =>
        Promise.all(
          opened.map((each) =>
            retry({ ...base, signal, retryTimeout: limit, isRetryable: isWorthClosing }, () =>
              sendOnce(
                endpoint,
                { operation: LOGOUT, expects: 'nothing' },
                { headers: { 'vmware-api-session-id': each }, signal },
              ),
            ).catch((error: unknown) => {
              trace(`A session was not closed: ${error instanceof Error ? error.message : String(error)}`);
            }),
          ),
        );
      await withDeadline({ clock, what: 'the logout', limit }, close).catch(() => undefined);
    },
  };
  if (limits.signal.aborted) {
    await session.close({ limit: HURRIED_LOGOUT });
    throw limits.signal.reason;
  }
  return session;
}

/** A login that may have opened a session all the same. */
function isOpen({ failure, status = 0, sent, isVapiError }: VcenterError): boolean {
  return failure === 'response' ? status === 500 && !isVapiError : failure !== 'certificate' && sent;
}

/** A session that vCenter does not know any more needs no closing. */
function isWorthClosing(error: VcenterError): boolean {
  return error.status !== 401 && isTransient(error);
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
