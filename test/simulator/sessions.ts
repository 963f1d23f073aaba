import { randomBytes } from 'node:crypto';
import type { Behaviour } from './behaviour.ts';
import { message, unauthenticated, vapiError } from './vapi-error.ts';

export interface SessionRecord {
  /** 1 for the first session of this simulator, and so on. */
  readonly number: number;
  readonly token: string;
  /** Which of the two opened it: the only one that takes it, where sessions are not unified. */
  readonly api: 'rest' | 'vi-json';
  readonly createdAt: number;
  lastAccessedAt: number;
  /** Whether the answer with the token left the simulator whole. */
  delivered: boolean;
  ended: 'closed' | 'expired' | undefined;
}

export interface SessionCounts {
  /** Sessions whose token reached a client and that neither were closed nor have expired. */
  readonly open: number;
  readonly opened: number;
  /** Ended by DELETE, or by Logout. */
  readonly closed: number;
  readonly expired: number;
  /** Opened, but the token never reached a client, so no client can close them. */
  readonly unknown: number;
}

export class Sessions {
  readonly #behaviour: Behaviour;
  readonly #byToken = new Map<string, SessionRecord>();
  readonly #login: { readonly username: string; readonly password: string };

  constructor(options: {
    readonly behaviour: Behaviour;
    readonly username: string;
    readonly password: string;
  }) {
    this.#behaviour = options.behaviour;
    this.#login = options;
  }

  get all(): readonly SessionRecord[] {
    return [...this.#byToken.values()];
  }

  counts(now: number): SessionCounts {
    this.#expireIdle(now);
    const count = (test: (session: SessionRecord) => boolean) => this.all.filter(test).length;
    return {
      open: count((session) => session.delivered && session.ended === undefined),
      opened: this.all.length,
      closed: count((session) => session.ended === 'closed'),
      expired: count((session) => session.delivered && session.ended === 'expired'),
      unknown: count((session) => !session.delivered),
    };
  }

  /** Throws UNAUTHENTICATED, or SERVICE_UNAVAILABLE when the user has too many sessions. */
  open(options: { readonly authorization: string | undefined; readonly now: number }): SessionRecord {
    const [scheme, credentials] = options.authorization?.split(' ') ?? [];
    const given = Buffer.from(credentials ?? '', 'base64').toString('utf8');
    const { username, password } = this.#login;
    if (scheme?.toLowerCase() !== 'basic' || given !== `${username}:${password}`) throw unauthenticated();
    return this.#open('rest', options.now);
  }

  /** SessionManager.Login of VI/JSON; undefined where user and password do not fit. */
  logIn(options: {
    readonly userName: string;
    readonly password: string;
    readonly now: number;
  }): SessionRecord | undefined {
    const { username, password } = this.#login;
    return options.userName === username && options.password === password
      ? this.#open('vi-json', options.now)
      : undefined;
  }

  #open(api: SessionRecord['api'], now: number): SessionRecord {
    this.#expireIdle(now);
    const open = this.all.filter((session) => session.ended === undefined && this.#fits(session, api)).length;
    if (open >= this.#behaviour.sessionLimit) {
      throw vapiError(
        'SERVICE_UNAVAILABLE',
        message(
          'com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached',
          'User session count is limited to {0}. Existing session count is {1} for user {2}.',
          [String(this.#behaviour.sessionLimit), String(open), this.#login.username],
        ),
      );
    }
    const session: SessionRecord = {
      number: this.all.length + 1,
      token: randomBytes(16).toString('hex'),
      api,
      createdAt: now,
      lastAccessedAt: now,
      delivered: false,
      ended: undefined,
    };
    this.#byToken.set(session.token, session);
    return session;
  }

  /** The session of a token whether it still lives or not. */
  find(token: string | undefined): SessionRecord | undefined {
    return this.#byToken.get(token ?? '');
  }

  /** The living session of a token; using it keeps it alive. Throws UNAUTHENTICATED. */
  use(options: {
    readonly token: string | undefined;
    readonly now: number;
    readonly api?: SessionRecord['api'];
  }): SessionRecord {
    this.#expireIdle(options.now);
    const session = this.find(options.token);
    const fits = session && session.ended === undefined && this.#fits(session, options.api ?? 'rest');
    if (!fits) throw unauthenticated();
    session.lastAccessedAt = options.now;
    return session;
  }

  #fits(session: SessionRecord, api: SessionRecord['api']): boolean {
    return session.api === api || this.#behaviour.viJson === 'unified';
  }

  expireAll(): void {
    for (const session of this.all) session.ended ??= 'expired';
  }

  #expireIdle(now: number): void {
    for (const session of this.all) {
      if (now - session.lastAccessedAt > this.#behaviour.sessionIdleTimeout) session.ended ??= 'expired';
    }
  }
}
