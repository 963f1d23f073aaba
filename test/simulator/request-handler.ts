import type { IncomingMessage, ServerResponse } from 'node:http';
import { act } from './act.ts';
import { type FaultSpec, type Faults, faultAnswer, html, json, type WireAnswer } from './faults.ts';
import type { HttpLog, MutableExchange } from './http-log.ts';
import { type RouteResult, route } from './routing.ts';
import type { Query } from './shape.ts';
import type { World } from './world.ts';

/** What a request has to do with its TCP connection. */
export interface ConnectionControl {
  readonly number: number;
  /** Ends the connection with RST: the client sees ECONNRESET. */
  readonly reset: () => void;
}

export interface RequestHandlerOptions {
  readonly world: World;
  readonly log: HttpLog;
  readonly faults: Faults;
  /** Everything secret that ever arrived or was given out. */
  readonly secrets: Set<string>;
  readonly connectionOf: (request: IncomingMessage) => ConnectionControl;
}

/** A request, as the parts of the simulator hand it to each other. */
export interface Incoming {
  readonly method: string;
  readonly pathname: string;
  readonly query: Query;
  readonly routed: RouteResult;
  readonly contentType: string | undefined;
  readonly token: string | undefined;
  readonly authorization: string | undefined;
}

const slowBodyInterval = 25;
const hidden = '(hidden)';

export function createRequestHandler(
  options: RequestHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      if (response.destroyed || response.writableEnded || response.headersSent) return;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      // A mistake in the simulator or in a test's hook must be seen, and must not look like vCenter's.
      response.writeHead(599, { 'content-type': 'text/plain' }).end(`Simulator error: ${text}`);
    });
  };
}

async function handle(
  options: RequestHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { world, log, faults } = options;
  const connection = options.connectionOf(request);
  const incoming = readHeader(request);
  const exchange = logArrival({ ...options, request, incoming, connection });
  response.once('close', () => log.finished(exchange));

  const refusal = faults.next(exchange, 'header');
  if (refusal) {
    exchange.fault = refusal.name ?? refusal.kind;
    connection.reset();
    return;
  }
  exchange.rawBody = await readBody(request);
  exchange.requestBody = parseJson(exchange.rawBody);
  log.reached(exchange, 'received');

  const fault = faults.next(exchange, 'whole request');
  if (fault) exchange.fault = fault.name ?? fault.kind;
  if (fault?.kind === 'reset-before') return connection.reset();
  if (fault?.kind === 'late-act') await world.clock.sleep(fault.delay ?? Number.POSITIVE_INFINITY);
  if (fault?.kind === '401' && exchange.operation !== 'POST /api/session') {
    const session = world.sessions.find(incoming.token);
    if (session) session.ended ??= 'expired';
  }

  const replacement = fault && faultAnswer(fault);
  const own = !replacement || replacement.act ? await act(world, { incoming, body: exchange }) : undefined;
  if (own) {
    exchange.actedAt = world.clock.now();
    exchange.quirk = own.quirk;
    if (own.opened) {
      options.secrets.add(own.opened.token);
      exchange.session = own.opened.number;
    }
    log.reached(exchange, 'acted');
  }
  if (world.behaviour.latency > 0) await world.clock.sleep(world.behaviour.latency);
  if (fault?.kind === 'late') await world.clock.sleep(fault.delay ?? Number.POSITIVE_INFINITY);
  if (fault?.kind === 'reset-after') return connection.reset();

  const answer = replacement?.answer ?? (own && json(own.status, own.body));
  if (!answer) throw new Error(`The fault ${fault?.kind} leaves no answer.`);
  response.setHeader('date', new Date(world.serverTime(world.clock.now())).toUTCString());
  const whole = await sendAnswer({ world, log, fault, answer, exchange, response, connection }, () => {
    if (own?.opened && !replacement) own.opened.delivered = true;
  });
  if (!whole && own?.opened) own.opened.delivered = false;
}

function readHeader(request: IncomingMessage): Incoming {
  const { method = 'GET', headers } = request;
  const url = new URL(`https://vcenter${request.url}`);
  const query = new Map<string, readonly string[]>();
  for (const name of new Set(url.searchParams.keys())) query.set(name, url.searchParams.getAll(name));
  const token = headers['vmware-api-session-id'];
  return {
    method,
    pathname: url.pathname,
    query,
    routed: route({ method, pathname: url.pathname, query }),
    contentType: headers['content-type'],
    token: typeof token === 'string' ? token : undefined,
    authorization: headers.authorization,
  };
}

function logArrival(
  options: RequestHandlerOptions & {
    readonly request: IncomingMessage;
    readonly incoming: Incoming;
    readonly connection: ConnectionControl;
  },
): MutableExchange {
  const { request, incoming, world, secrets } = options;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  for (const name of ['authorization', 'vmware-api-session-id']) {
    const value = headers[name];
    if (value === undefined) continue;
    // With and without the scheme in front, so that a leak of the credentials alone is found as well.
    for (const secret of [value, value.replace(/^\S+ /, '')]) if (secret) secrets.add(secret);
    headers[name] = hidden;
  }
  return options.log.add({
    operation: 'operation' in incoming.routed ? incoming.routed.operation : 'unknown',
    method: incoming.method,
    path: incoming.pathname,
    query: Object.fromEntries(incoming.query),
    headers,
    session: world.sessions.find(incoming.token)?.number,
    connection: options.connection.number,
    rawBody: '',
    requestBody: undefined,
    receivedAt: world.clock.now(),
    actedAt: undefined,
    answeredAt: undefined,
    status: undefined,
    answerBody: undefined,
    fault: undefined,
    quirk: undefined,
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface SendOptions {
  readonly world: World;
  readonly log: HttpLog;
  readonly fault: FaultSpec | undefined;
  readonly answer: WireAnswer;
  readonly exchange: MutableExchange;
  readonly response: ServerResponse;
  readonly connection: ConnectionControl;
}

/** Sends the answer, or what a fault leaves of it. Resolves with whether the client got it whole. */
async function sendAnswer(options: SendOptions, handedOver: () => void): Promise<boolean> {
  const { answer, exchange, response, fault } = options;
  if (response.destroyed) return false;
  exchange.status = answer.status;
  switch (fault?.kind) {
    case 'cut':
      await sendCut(options);
      return false;
    case 'slow-body':
      await sendSlowly(options);
      return false;
    case 'not-json': {
      const status = answer.status === 204 ? 200 : answer.status;
      exchange.status = status;
      await sendWhole(options, html(status, '<html><body><h1>Please log in</h1></body></html>'));
      return false;
    }
    default:
      exchange.answerBody = parseJson(answer.text);
      // Set before the bytes leave: the client may look at the simulator as soon as it has them.
      handedOver();
      return sendWhole(options, answer);
  }
}

async function sendWhole(options: SendOptions, answer: WireAnswer): Promise<boolean> {
  const { exchange, response, log, world } = options;
  const length = Buffer.byteLength(answer.text);
  const hasBody = answer.status !== 204;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(hasBody && { 'content-length': String(length) }),
  });
  exchange.answeredAt = world.clock.now();
  log.finished(exchange);
  const sent = await new Promise<boolean>((resolve) => {
    response.once('finish', () => resolve(true));
    response.once('close', () => resolve(response.writableFinished));
    response.end(answer.text);
  });
  if (sent) log.reached(exchange, 'answered');
  else exchange.answeredAt = undefined;
  return sent;
}

async function sendCut({ answer, response, connection }: SendOptions): Promise<void> {
  const bytes = Buffer.from(answer.text);
  const { socket } = response;
  if (bytes.length === 0) {
    // An answer without a body can only be cut in its header.
    await new Promise((resolve) => socket?.write(`HTTP/1.1 ${answer.status} No`, resolve));
  } else {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': String(bytes.length) });
    await new Promise((resolve) => response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), resolve));
  }
  if (socket) socket.end();
  else connection.reset();
}

/** Blanks before JSON mean nothing, so the body stays valid for as long as it lasts. */
async function sendSlowly({ answer, response, world }: SendOptions): Promise<void> {
  response.writeHead(answer.status === 204 ? 200 : answer.status, answer.headers);
  while (!response.destroyed) {
    response.write(' ');
    await world.clock.sleep(slowBodyInterval);
  }
}
