import { ConnectError } from '../../src/https/connect-error.ts';
import type { Connection, HttpRequest, HttpResponse } from '../../src/https/connection.ts';
import type { Channel } from './channel.ts';
import type { SimulatorClock } from './clock.ts';
import type { WireAnswer } from './faults.ts';
import type { RequestHandler } from './request-handler.ts';

export interface InProcessServer {
  /** A client's way to the simulator, with the errors of a real one. */
  readonly connect: () => Connection;
  /** Resets what is under way and lets nobody in. */
  readonly refuseConnections: () => void;
  readonly acceptConnections: () => void;
}

/**
 * Serves clients in this process. A request and its answer take a turn of the clock each and no time at all, so that
 * whoever waits for a moment of an exchange acts before its client does.
 */
export function createInProcessServer({
  handler,
  clock,
  server,
}: {
  readonly handler: RequestHandler;
  readonly clock: SimulatorClock;
  /** `host:port` that clients must ask for. */
  readonly server: string;
}): InProcessServer {
  const open = new Set<InProcessExchange>();
  let isRefusing = false;
  let connections = 0;

  const checkReachable = (url: string) => {
    const { host, hostname } = new URL(url);
    if (host !== server) {
      throw noConnection(host, { code: 'ENOTFOUND', reason: `getaddrinfo ENOTFOUND ${hostname}` });
    }
    if (isRefusing) {
      throw noConnection(host, { code: 'ECONNREFUSED', reason: `connect ECONNREFUSED ${host}` });
    }
  };

  return {
    connect: () => {
      connections += 1;
      const connection = connections;
      const own = new Set<InProcessExchange>();
      let isClosed = false;
      return {
        send: async (request) => {
          await aTurn(clock);
          if (request.signal.aborted) throw aborted();
          if (isClosed) throw reset();
          checkReachable(request.url);
          const exchange = startExchange({ request, connection, clock });
          for (const set of [own, open]) {
            set.add(exchange);
            exchange.channel.onClose(() => set.delete(exchange));
          }
          handler(exchange.channel);
          return exchange.response;
        },
        close: () => {
          isClosed = true;
          for (const exchange of own) exchange.channel.reset();
        },
        trustAnchor: () => undefined,
      };
    },
    refuseConnections: () => {
      isRefusing = true;
      for (const exchange of open) exchange.channel.reset();
    },
    acceptConnections: () => {
      isRefusing = false;
    },
  };
}

interface InProcessExchange {
  readonly channel: Channel;
  readonly response: Promise<HttpResponse>;
}

function startExchange({
  request,
  connection,
  clock,
}: {
  readonly request: HttpRequest;
  readonly connection: number;
  readonly clock: SimulatorClock;
}): InProcessExchange {
  const { method, url, headers, body = '', signal } = request;
  const { pathname, search } = new URL(url);
  const response = Promise.withResolvers<HttpResponse>();
  const text = Promise.withResolvers<string>();
  // Whoever has been told of the failure by the one does not ask the other.
  text.promise.catch(() => undefined);

  const closeListeners: (() => void)[] = [];
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    signal.removeEventListener('abort', abort);
    for (const listener of closeListeners) listener();
  };
  const fail = (error: Error) => {
    response.reject(error);
    text.reject(error);
    close();
  };
  const abort = () => fail(aborted());
  signal.addEventListener('abort', abort, { once: true });

  /** Over sockets bytes that have left arrive, whatever the server does then. */
  const deliver = async (answer: WireAnswer, end: (() => void) | undefined) => {
    await aTurn(clock);
    const named = new Map(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]));
    response.resolve({
      status: answer.status,
      header: (name) => named.get(name),
      text: () => text.promise,
    });
    end?.();
  };

  const channel: Channel = {
    connection,
    method,
    url: pathname + search,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    readBody: async () => body,
    isClosed: () => isClosed,
    onClose: (listener) => closeListeners.push(listener),
    reset: () => fail(reset()),
    send: async (answer) => {
      if (isClosed) return false;
      void deliver(answer, () => {
        text.resolve(answer.status === 204 ? '' : answer.text);
        close();
      });
      return true;
    },
    sendCut: async (answer) => {
      if (answer.text === '') fail(reset());
      else await deliver(answer, () => fail(cutOff()));
    },
    sendSlowly: (answer) => deliver(answer, undefined),
    breakDown: (answer) => {
      if (!isClosed) void channel.send(answer);
    },
  };
  return { channel, response: response.promise };
}

/** Lets everybody else go first. A simulator that was closed has no turns left; then its connections are refused. */
function aTurn(clock: SimulatorClock): Promise<void> {
  return clock.sleep(0).catch(() => undefined);
}

function noConnection(
  host: string,
  { code, reason }: { readonly code: string; readonly reason: string },
): ConnectError {
  return new ConnectError({ message: `No connection to ${host}: ${reason}`, code, isPermanent: false });
}

function reset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

function cutOff(): Error {
  return Object.assign(new Error('Premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
}

function aborted(): Error {
  return Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' });
}
