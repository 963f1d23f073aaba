import { outliving, withDeadline } from '../time/deadline.ts';
import { VcenterError } from './transport/error.ts';
import { type Answer, type Call, type Endpoint, exchange } from './transport/http.ts';
import { repeat } from './transport/retry.ts';

/** How long a call may go on: until the signal is aborted, and no longer than `patience` after its first failure. */
export interface Limits {
  readonly signal: AbortSignal;
  /** Milliseconds; `Infinity` where only the signal ends the repeating. */
  readonly patience: number;
}

export interface SessionOptions {
  readonly endpoint: Endpoint;
  readonly username: string;
  readonly password: string;
  /** Gets every value that must never be printed, before it is used for the first time. */
  readonly mask: (secret: string) => void;
  readonly random: () => number;
}

export type SessionCall = Call & {
  /**
   * Whether a failure that leaves open what the server did may be answered by sending the call again. `unless-sent` is for
   * the one request that must never be sent twice blindly: it is repeated only where the server certainly did not see it.
   */
  readonly repeat: 'always' | 'unless-sent';
  /** Tells failures that say something about the object (Tools do not run yet) from failures of the way to it. */
  readonly isAnswer?: (error: VcenterError) => boolean;
  /** Milliseconds that an answer under way may come after the signal's end; nothing new is sent in them. */
  readonly grace?: number;
};

/** A login at vCenter. Everything that is asked of vCenter goes through one; whoever opened it closes it. */
export interface Session {
  /**
   * Sends a call with the session's id, repeats it within the limits, and logs in again, once per expiry, where the session
   * has ended meanwhile: what vCenter was doing for the old session goes on.
   */
  request(call: SessionCall, limits: Limits): Promise<Answer>;
  /** What time it is at vCenter: from the `Date` of its last answer, or this machine's clock where there was none. */
  serverTime(): Date;
  readonly username: string;
  readonly server: string;
  /** DELETE /api/session, within `limit` milliseconds. Never throws: what is not closed ends by idleness. */
  close(options: { readonly limit: number }): Promise<void>;
}

const LOGIN = 'POST /api/session';
const LOGOUT = 'DELETE /api/session';

/** Milliseconds that the answer to a login may come after the end of the run. */
const ANSWER_GRACE = 1_500;
/** Milliseconds to close a session that opened when the run was over already. */
const HURRIED_LOGOUT = 1_500;

/**
 * Logs in: POST /api/session.
 *
 * @throws VcenterError; a 401 is final at once, since repeated tries lock accounts.
 */
export async function openSession(options: SessionOptions, limits: Limits): Promise<Session> {
  const { endpoint, username, password, mask, random } = options;
  const { clock, trace } = endpoint;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  mask(password);
  mask(authorization.slice('Basic '.length));

  const login = ({ signal, patience }: Limits, isFirst: boolean) =>
    repeat(
      {
        clock,
        random,
        signal,
        patience,
        trace,
        // A name that no DNS server knows is a mistake in the input, as long as it has never worked.
        isWorthRepeating: (error) => !(isFirst && error.code === 'ENOTFOUND'),
      },
      async () => {
        // A session whose id never arrives cannot be closed, so the answer gets a moment longer than the run.
        const answer = await outliving({ clock, by: ANSWER_GRACE, signal }, (graceful) =>
          exchange(
            endpoint,
            { operation: LOGIN, answer: 'json' },
            { headers: { authorization }, signal: graceful },
          ),
        );
        if (typeof answer.body !== 'string' || answer.body === '') {
          throw new VcenterError({
            operation: LOGIN,
            server: endpoint.server,
            failure: 'unreadable',
            status: answer.status,
            messages: ['The answer to the login is no session id.'],
            sent: true,
          });
        }
        mask(answer.body);
        return { id: answer.body, date: answer.date };
      },
    );

  const first = await login(limits, true);
  let lastDate = { date: first.date, at: clock.now() };
  let id: string | undefined = first.id;
  let renewal: Promise<string> | undefined;
  const closing = new AbortController();

  /** Several calls may find the session expired at the same moment: they share one login, whichever of them ends first. */
  const renew = async (expired: string, { signal, patience }: Limits): Promise<string> => {
    if (id !== undefined && id !== expired) {
      return id;
    }
    trace('The session has expired; logging in again.');
    renewal ??= login({ signal: closing.signal, patience }, false)
      .then((fresh) => {
        id = fresh.id;
        return fresh.id;
      })
      .finally(() => {
        renewal = undefined;
      });
    return unlessAborted(renewal, signal);
  };

  const session: Session = {
    username,
    server: endpoint.server,
    serverTime() {
      const then = lastDate.date === undefined ? Number.NaN : Date.parse(lastDate.date);
      return Number.isNaN(then) ? clock.date() : new Date(then + clock.now() - lastDate.at);
    },

    async request(call, requestLimits) {
      const { signal, patience } = requestLimits;
      const send = async (current: string) => {
        const headers = { 'vmware-api-session-id': current };
        const exchangeUntil = (end: AbortSignal) => exchange(endpoint, call, { headers, signal: end });
        const answer =
          call.grace === undefined
            ? await exchangeUntil(signal)
            : await outliving({ clock, by: call.grace, signal }, exchangeUntil);
        if (answer.date !== undefined) {
          lastDate = { date: answer.date, at: clock.now() };
        }
        return answer;
      };
      return repeat(
        {
          clock,
          random,
          signal,
          patience,
          trace,
          isWorthRepeating: (error) =>
            !(call.isAnswer?.(error) ?? false) && (call.repeat === 'always' || !error.sent),
        },
        async () => {
          const current = id;
          if (current === undefined) {
            throw new Error('the session is closed');
          }
          try {
            return await send(current);
          } catch (error) {
            if (!(error instanceof VcenterError) || error.status !== 401) {
              throw error;
            }
          }
          // Authentication is refused before the operation starts, so even a clone request may be sent again. A session that
          // is refused at its first use is not renewed once more.
          return send(await renew(current, requestLimits).catch(unsent));
        },
      );
    },

    async close({ limit }) {
      const current = id;
      if (current === undefined) {
        return;
      }
      id = undefined;
      const close = async (signal: AbortSignal) => {
        const fresh = await renewal?.catch(() => undefined);
        id = undefined;
        const closed = fresh ?? current;
        await repeat({ clock, random, signal, patience: limit, trace }, () =>
          exchange(
            endpoint,
            { operation: LOGOUT, answer: 'nothing' },
            { headers: { 'vmware-api-session-id': closed }, signal },
          ),
        );
      };
      try {
        closing.abort(new Error('the session is closed'));
        await withDeadline({ clock, what: 'the logout', limit }, close);
      } catch (error) {
        trace(`The session was not closed: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
  if (limits.signal.aborted) {
    await session.close({ limit: HURRIED_LOGOUT });
    throw limits.signal.reason;
  }
  return session;
}

/** The login failed, so the call that it was for has not been sent. */
function unsent(error: unknown): never {
  throw error instanceof VcenterError ? new VcenterError({ ...error, cause: error, sent: false }) : error;
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
