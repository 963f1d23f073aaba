import type { Clock } from '../time/clock.ts';
import { outliving } from '../time/deadline.ts';
import { isLoginRefused, isSessionEnded, isTransient, VcenterError } from './transport/error.ts';
import { type Limits, retry } from './transport/retry.ts';

export interface LoginOptions {
  /** The operation that logs in, as errors have it. */
  readonly operation: string;
  readonly server: string;
  /** Sends the login request, once. Its `id` is checked here. */
  readonly send: (signal: AbortSignal) => Promise<{ readonly id: unknown; readonly status: number }>;
  /** Ends the session of this id. */
  readonly logOut: (id: string, signal: AbortSignal) => Promise<unknown>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly mask: (secret: string) => void;
  readonly trace: (line: string) => void;
  readonly tell: (line: string) => void;
  readonly onSlow: (lastError: VcenterError | undefined) => void;
  /** Aborted when the sessions are closed: no login is sent any more. */
  readonly closed: AbortSignal;
}

/** The sessions of one API, one after the other: each is opened when the one before has ended, and all are closed in the end. */
export interface Login {
  /** The id of the current session; undefined before the first. */
  readonly id: string | undefined;
  /** @throws VcenterError; the signal's reason. */
  open(limits: Limits): Promise<string>;
  /**
   * Logs in, once for all requests that found the session of the id `ended` to have ended, whichever of them ends first.
   *
   * @throws VcenterError
   */
  renew(ended: string | undefined, limits: Limits): Promise<string>;
  /** The error of a login that ends every request. */
  readonly finalError: VcenterError | undefined;
  /** Takes down whether vCenter took the current session at its use. */
  wasTaken(isTaken: boolean): void;
  /** Ends with the login that is under way, if any. Never throws. */
  idle(): Promise<void>;
  /** Ends all sessions that were opened. Never throws. */
  close(limits: Limits): Promise<void>;
}

/** Milliseconds that the response to a login may come after the end of the run. */
const LOGIN_GRACE = 1_500;
/** Each login whose response is lost or cannot be read may leave a session that nobody can close. */
const MOST_OPEN_LOGINS = 3;
/** Milliseconds until a refused login is tried once more while a clone runs: single sign-on may lag after a restart. */
const LATE_LOGIN = 60_000;
/** Milliseconds before another login where fresh sessions are refused, too: grows up to the second. */
const FIRST_RENEWAL_PAUSE = 1_000;
const LONGEST_RENEWAL_PAUSE = 60_000;

export function createLogin(options: LoginOptions): Login {
  const { operation, server, send, logOut, clock, random, mask, trace, tell, onSlow, closed } = options;
  /** Every session that was ever opened, also one that was given up: all are closed in the end. */
  const opened: string[] = [];
  let id: string | undefined;
  let renewal: Promise<string> | undefined;
  let finalError: VcenterError | undefined;
  /** How many sessions in a row were refused at their first use. */
  let refusedSessions = 0;

  /** What is read on the way to the login opens no session. */
  const isOpenLogin = (error: VcenterError) => error.operation === operation && isOpen(error);

  const open = ({ signal, retryTimeout }: Limits): Promise<string> => {
    let openLogins = 0;
    return retry(
      {
        ...{ clock, random, trace, signal, retryTimeout, onSlow },
        isRetryable: (error) => {
          openLogins += isOpenLogin(error) ? 1 : 0;
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
        const received = await outliving({ clock, by: LOGIN_GRACE, signal }, send);
        const { id: fresh, status } = received;
        // What is no single line of ASCII cannot be sent back as a header.
        if (typeof fresh !== 'string' || !/^[\x21-\x7e]+$/.test(fresh)) {
          throw new VcenterError({
            ...{ operation, server, failure: 'unreadable', status, sent: true },
            messages: ['The response to the login is no session id.'],
          });
        }
        mask(fresh);
        opened.push(fresh);
        id = fresh;
        return fresh;
      },
    );
  };

  const openAgain = async (limits: Limits): Promise<string> => {
    const isFirst = opened.length === 0;
    trace(isFirst ? 'Logging in.' : 'The session has ended; logging in again.');
    try {
      if (refusedSessions > 0) {
        const pause = Math.min(LONGEST_RENEWAL_PAUSE, FIRST_RENEWAL_PAUSE * 2 ** (refusedSessions - 1));
        await clock.sleep(pause, limits.signal);
      }
      return await open(limits).catch(async (error: unknown) => {
        if (!isLoginRefused(error) || isFirst || limits.isCloneRunning !== true) {
          throw error;
        }
        tell('vCenter refuses a new login while the clone runs; it is tried once more in a minute.');
        await clock.sleep(LATE_LOGIN, limits.signal);
        return open(limits);
      });
    } catch (error) {
      if (error instanceof VcenterError && (isLoginRefused(error) || isOpenLogin(error))) {
        finalError = error;
      }
      throw error;
    }
  };

  return {
    open,
    get id() {
      return id;
    },
    get finalError() {
      return finalError;
    },
    renew: (ended, { retryTimeout, isCloneRunning = false }) => {
      if (id !== undefined && id !== ended) {
        return Promise.resolve(id);
      }
      if (finalError !== undefined) {
        return Promise.reject(finalError);
      }
      if (renewal === undefined) {
        renewal = openAgain({ signal: closed, retryTimeout, isCloneRunning }).finally(() => {
          renewal = undefined;
        });
        renewal.catch(() => undefined); // the request that it is for may have ended meanwhile
      }
      return renewal;
    },
    wasTaken: (isTaken) => {
      refusedSessions = isTaken ? 0 : refusedSessions + 1;
    },
    idle: async () => {
      await renewal?.catch(() => undefined);
    },
    close: async ({ signal, retryTimeout }) => {
      await Promise.all(
        opened.map((each) =>
          retry({ clock, random, trace, signal, retryTimeout, isRetryable: isWorthClosing }, () =>
            logOut(each, signal),
          ).catch((error: unknown) => {
            trace(`A session was not closed: ${error instanceof Error ? error.message : String(error)}`);
          }),
        ),
      );
    },
  };
}

/** A login that may have opened a session all the same. */
function isOpen({ failure, status = 0, sent, isVapiError }: VcenterError): boolean {
  return failure === 'response' ? status === 500 && !isVapiError : failure !== 'certificate' && sent;
}

/** A session that vCenter does not know any more needs no closing. */
function isWorthClosing(error: VcenterError): boolean {
  return !isSessionEnded(error) && isTransient(error);
}
