import { act } from './act.ts';
import type { Channel } from './channel.ts';
import { type FaultSpec, type Faults, faultAnswer, html, json, type WireAnswer } from './faults.ts';
import type { HttpLog, MutableExchange } from './http-log.ts';
import type { Answer } from './operation.ts';
import { type RouteResult, route } from './routing.ts';
import { asRecord, type Query } from './shape.ts';
import { actViJson } from './vi-json/act.ts';
import { isViJson, routeViJson } from './vi-json/routing.ts';
import type { World } from './world.ts';

export interface RequestHandlerOptions {
  readonly world: World;
  readonly log: HttpLog;
  readonly faults: Faults;
  /** Everything secret that ever arrived or was given out. */
  readonly secrets: Set<string>;
}

/** Takes a request from whatever channel it came in on, and answers there. */
export type RequestHandler = (channel: Channel) => void;

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

const hidden = '(hidden)';

export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  return (channel) => {
    handle(options, channel).catch((error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      // A mistake in the simulator or in a test's hook must be seen, and must not look like vCenter's.
      channel.breakDown({
        status: 599,
        headers: { 'content-type': 'text/plain' },
        text: `Simulator error: ${text}`,
      });
    });
  };
}

async function handle(options: RequestHandlerOptions, channel: Channel): Promise<void> {
  const { world, log, faults } = options;
  const incoming = readHeader(channel);
  const exchange = logArrival({ ...options, incoming, channel });
  channel.onClose(() => log.finished(exchange));

  const refusal = faults.next(exchange, 'header');
  if (refusal) {
    exchange.fault = refusal.name ?? refusal.kind;
    channel.reset();
    return;
  }
  const rawBody = await channel.readBody();
  const body = { rawBody, requestBody: parseJson(rawBody) };
  Object.assign(exchange, body, isLogin(exchange) && withoutPassword(body.requestBody, options.secrets));
  log.reached(exchange, 'received');

  const fault = faults.next(exchange, 'whole request');
  if (fault) exchange.fault = fault.name ?? fault.kind;
  if (fault?.kind === 'reset-before') return channel.reset();
  if (fault?.kind === 'late-act') await world.clock.sleep(fault.delay ?? Number.POSITIVE_INFINITY);
  if (fault?.kind === '401' && !isLogin(exchange)) {
    const session = world.sessions.find(incoming.token);
    if (session) session.ended ??= 'expired';
  }

  const replacement = fault && faultAnswer(fault, exchange);
  const own = !replacement || replacement.act ? await actOn(world, { incoming, body }) : undefined;
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
  if (fault?.kind === 'reset-after') return channel.reset();

  const answer = replacement?.answer ?? (own && wireAnswer(own));
  if (!answer) throw new Error(`The fault ${fault?.kind} leaves no answer.`);
  const dated = { ...answer, headers: { ...dateHeader(world), ...answer.headers } };
  const whole = await sendAnswer({ world, log, fault, answer: dated, exchange, channel }, () => {
    if (own?.opened && !replacement) own.opened.delivered = true;
  });
  if (!whole && own?.opened) own.opened.delivered = false;
}

/** Each of the two APIs in its own way. */
function actOn(world: World, options: Parameters<typeof act>[1]): Promise<Answer> {
  const { method, pathname } = options.incoming;
  return isViJson(pathname)
    ? actViJson(world, { ...options, routed: routeViJson({ method, pathname }) })
    : act(world, options);
}

function wireAnswer({ status, body, headers, text }: Answer): WireAnswer {
  return text === undefined ? json(status, body, headers) : { status, headers: { ...headers }, text };
}

function isLogin({ operation }: MutableExchange): boolean {
  return operation === 'POST /api/session' || operation.endsWith('/SessionManager/{moId}/Login');
}

/** VI/JSON has the password in the body, where a log must not show it. */
function withoutPassword(
  requestBody: unknown,
  secrets: Set<string>,
): Partial<Pick<MutableExchange, 'rawBody' | 'requestBody'>> {
  const login = asRecord(requestBody);
  if (!login || typeof login['password'] !== 'string') return {};
  if (login['password'] !== '') secrets.add(login['password']);
  const shown = { ...login, password: hidden };
  return { requestBody: shown, rawBody: JSON.stringify(shown) };
}

function dateHeader({ behaviour, clock, serverTime }: World): { readonly date?: string } {
  return behaviour.sendsDate ? { date: new Date(serverTime(clock.now())).toUTCString() } : {};
}

function readHeader({ method, url: target, headers }: Channel): Incoming {
  const url = new URL(target, 'https://vcenter');
  const query = new Map<string, readonly string[]>();
  for (const name of new Set(url.searchParams.keys())) query.set(name, url.searchParams.getAll(name));
  return {
    method,
    pathname: url.pathname,
    query,
    routed: route({ method, pathname: url.pathname, query }),
    contentType: headers['content-type'],
    token: headers['vmware-api-session-id'],
    authorization: headers['authorization'],
  };
}

function logArrival(
  options: RequestHandlerOptions & { readonly incoming: Incoming; readonly channel: Channel },
): MutableExchange {
  const { incoming, channel, world, secrets } = options;
  const headers = { ...channel.headers };
  for (const name of ['authorization', 'vmware-api-session-id']) {
    const value = headers[name];
    if (value === undefined) continue;
    // With and without the scheme in front, so that a leak of the credentials alone is found as well.
    for (const secret of [value, value.replace(/^\S+ /, '')]) if (secret) secrets.add(secret);
    headers[name] = hidden;
  }
  return options.log.add({
    operation: operationOf(incoming),
    method: incoming.method,
    path: incoming.pathname,
    query: Object.fromEntries(incoming.query),
    headers,
    session: world.sessions.find(incoming.token)?.number,
    connection: channel.connection,
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

function operationOf(incoming: Incoming): MutableExchange['operation'] {
  if (isViJson(incoming.pathname)) return routeViJson(incoming)?.operation ?? 'unknown';
  return 'operation' in incoming.routed ? incoming.routed.operation : 'unknown';
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
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
  readonly channel: Channel;
}

/** Sends the answer, or what a fault leaves of it. Resolves with whether the client got it whole. */
async function sendAnswer(options: SendOptions, handedOver: () => void): Promise<boolean> {
  const { answer, exchange, channel, fault } = options;
  if (channel.isClosed()) return false;
  exchange.status = answer.status;
  // A body where there is none otherwise.
  const withBody = answer.status === 204 ? 200 : answer.status;
  switch (fault?.kind) {
    case 'cut':
      await channel.sendCut(answer);
      return false;
    case 'slow-body':
      await channel.sendSlowly({ ...answer, status: withBody });
      return false;
    case 'not-json': {
      exchange.status = withBody;
      const page = html(withBody, '<html><body><h1>Please log in</h1></body></html>');
      await sendWhole(options, { ...page, headers: { ...answer.headers, ...page.headers } });
      return false;
    }
    default:
      exchange.answerBody = parseJson(answer.text);
      // Set before the bytes leave: the client may look at the simulator as soon as it has them.
      handedOver();
      return sendWhole(options, answer);
  }
}

async function sendWhole(
  { exchange, channel, log, world }: SendOptions,
  answer: WireAnswer,
): Promise<boolean> {
  exchange.answeredAt = world.clock.now();
  log.finished(exchange);
  const sent = await channel.send(answer);
  if (sent) log.reached(exchange, 'answered');
  else exchange.answeredAt = undefined;
  return sent;
}
