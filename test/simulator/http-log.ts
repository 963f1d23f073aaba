import type { Operation } from './operations.ts';

/** One request and what became of it. All times by the simulator's clock, which is `performance.now()` where it is not virtual. */
export interface Exchange {
  /** 0 for the first request of the simulator, in order of arrival. */
  readonly index: number;
  readonly operation: Operation;
  readonly method: string;
  /** As it was sent: percent-encoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** The Authorization header and the session id are replaced by `(hidden)`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Number of the session that was used, or that a login opened. */
  readonly session: number | undefined;
  /** Number of the TCP connection. */
  readonly connection: number;
  readonly rawBody: string;
  /** Undefined where the body is empty or not JSON. */
  readonly requestBody: unknown;
  readonly receivedAt: number;
  /** When the operation had been carried out; undefined where it was not. */
  readonly actedAt: number | undefined;
  /** When the whole answer had been handed to the connection; undefined where it never was. */
  readonly answeredAt: number | undefined;
  /** Of the answer that was sent, or begun. */
  readonly status: number | undefined;
  readonly answerBody: unknown;
  /** Name of the scripted fault that befell it. */
  readonly fault: string | undefined;
  /** Named where the simulator's behaviour made the answer leave VMware's description on purpose. */
  readonly quirk: string | undefined;
  /** How many other requests had no answer yet when this one arrived. */
  readonly inFlightAtArrival: number;
}

export type MutableExchange = { -readonly [Key in keyof Exchange]: Exchange[Key] };

export type Moment = 'received' | 'acted' | 'answered';

interface Waiter {
  readonly operation: Operation | '*';
  readonly when: Moment;
  left: number;
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (reason: Error) => void;
}

/** What the simulator saw, and the tests that wait for it to see something. */
export class HttpLog {
  readonly exchanges: MutableExchange[] = [];
  readonly listeners: ((exchange: Exchange, moment: Moment) => void)[] = [];
  readonly #inFlight = new Set<MutableExchange>();
  #waiters: Waiter[] = [];

  add(arrived: Omit<Exchange, 'index' | 'inFlightAtArrival'>): MutableExchange {
    const exchange = { ...arrived, index: this.exchanges.length, inFlightAtArrival: this.#inFlight.size };
    this.exchanges.push(exchange);
    this.#inFlight.add(exchange);
    return exchange;
  }

  /** Every exchange is finished once: with its answer, or when its connection ends. */
  finished(exchange: MutableExchange): void {
    this.#inFlight.delete(exchange);
  }

  reached(exchange: Exchange, moment: Moment): void {
    for (const listener of this.listeners) listener(exchange, moment);
    for (const waiter of this.#waiters) {
      const fits = waiter.operation === '*' || waiter.operation === exchange.operation;
      if (waiter.when !== moment || !fits) continue;
      waiter.left -= 1;
      if (waiter.left === 0) waiter.resolve(exchange);
    }
    this.#waiters = this.#waiters.filter((waiter) => waiter.left > 0);
  }

  /** Resolves with the `nth` exchange, counted from now, of which the moment comes. */
  on(options: {
    readonly operation: Operation | '*';
    readonly when: Moment;
    readonly nth?: number;
  }): Promise<Exchange> {
    const waiting = new Promise<Exchange>((resolve, reject) => {
      const { operation, when, nth } = options;
      this.#waiters.push({ operation, when, left: nth ?? 1, resolve, reject });
    });
    // A test that ends without awaiting it must not end in an unhandled rejection.
    waiting.catch(() => undefined);
    return waiting;
  }

  close(): void {
    for (const waiter of this.#waiters) {
      waiter.reject(new Error(`The simulator was closed before ${waiter.operation} was ${waiter.when}.`));
    }
    this.#waiters = [];
  }
}
