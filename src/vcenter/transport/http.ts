import { CertificateError } from '../../https/certificate-error.ts';
import { ConnectError, failureReason } from '../../https/connect-error.ts';
import type { Connection, HttpResponse } from '../../https/connection.ts';
import { redact } from '../../text/redact.ts';
import type { Clock } from '../../time/clock.ts';
import { withDeadline } from '../../time/deadline.ts';
import { VcenterError, type VcenterErrorFields } from './error.ts';
import { readErrorBody } from './error-body.ts';
import { readFaultBody } from './fault.ts';

/** One operation of the API with its arguments. */
export interface OperationRequest {
  /**
   * As VMware's description spells it: method, path with `{parameters}`, fixed query. What goes on the wire is made from
   * it: `POST /api/cis/tasks/{task}?action=cancel`.
   */
  readonly operation: string;
  /** Values of the path's parameters; each is percent-encoded (a task id holds a `:`). */
  readonly path?: Readonly<Record<string, string>>;
  /** Filters. An array is sent as one key for each value; an empty one would match everything and is refused. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: unknown;
  /**
   * What a success carries: a JSON value, nothing (204), either of them (VI/JSON sends an unset result as `null` or as an empty
   * body), or what matters in its headers, whatever becomes of the body.
   */
  readonly expects: 'json' | 'nothing' | 'optional' | 'headers';
  /** Milliseconds for this one request, where the connection's own limit does not fit. */
  readonly timeout?: number;
}

/** The way to one vCenter. */
export interface Endpoint {
  /** `host` or `host:port`, as it stands behind `https://`. */
  readonly server: string;
  readonly connection: Connection;
  readonly clock: Clock;
  /** Milliseconds that one request may take, from the first byte sent to the last one read. */
  readonly requestTimeout: number;
  /** Takes one line for each request that ended; for debug logs. */
  readonly trace: (line: string) => void;
}

export interface OperationResponse {
  readonly status: number;
  /** The parsed JSON; undefined for an operation whose response has none. */
  readonly body: unknown;
}

/** A response with its headers, which only a login needs. */
export type ReceivedResponse = OperationResponse & Pick<HttpResponse, 'header'>;

type Fail = (fields: Omit<VcenterErrorFields, 'operation' | 'server'>) => VcenterError;

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What the body holds and no message may show, besides what the headers hold. */
  readonly secrets?: readonly string[];
}

/**
 * Sends one request, once, and reads the response.
 *
 * @throws VcenterError for everything that is not a readable success; the signal's own reason when it is aborted.
 */
export async function sendOnce(
  endpoint: Endpoint,
  request: OperationRequest,
  { headers, signal, secrets = [] }: SendOptions,
): Promise<ReceivedResponse> {
  const limit = request.timeout ?? endpoint.requestTimeout;
  const startedAt = endpoint.clock.now();
  const fail: Fail = (fields) =>
    new VcenterError({ operation: request.operation, server: endpoint.server, ...fields });
  const { method, url } = locate(endpoint.server, request, fail);
  checkHeaders(headers, fail);

  let outcome = 'no response';
  try {
    return await withDeadline(
      { clock: endpoint.clock, what: 'the request', limit, signal },
      async (requestSignal) => {
        try {
          const response = await endpoint.connection.send({
            method,
            url,
            headers: {
              accept: 'application/json',
              ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
              ...headers,
            },
            ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
            signal: requestSignal,
          });
          outcome = `${response.status}`;
          return await read(response, { request, fail, secrets: [...secretsOf(headers), ...secrets] });
        } catch (error) {
          if (error instanceof VcenterError) {
            throw error;
          }
          // Of an aborted request the network's own error says less than the signal.
          signal.throwIfAborted();
          if (requestSignal.aborted) {
            outcome = 'timeout';
            throw fail({
              failure: 'timeout',
              messages: [`No response within ${Math.round(limit / 100) / 10} s.`],
              sent: true,
              cause: error,
            });
          }
          throw connectionFailure(error, fail);
        }
      },
    );
  } catch (error) {
    if (error instanceof VcenterError && error.code !== undefined) {
      outcome = error.code;
    }
    throw error;
  } finally {
    endpoint.trace(`${request.operation}: ${outcome}, ${Math.round(endpoint.clock.now() - startedAt)} ms`);
  }
}

function locate(
  server: string,
  { operation, path, query }: OperationRequest,
  fail: Fail,
): { method: string; url: string } {
  const [method = '', template = ''] = operation.split(' ', 2);
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path?.[name];
    if (value === undefined) {
      throw new TypeError(`${operation} needs a value for {${name}}`);
    }
    // `.` and `..` are not encoded, and would make another operation of it.
    if (/^\.{0,2}$/.test(value)) {
      throw notSendable(`'${value}' is no id that a request can name as {${name}}.`, fail);
    }
    return encodeURIComponent(value);
  });
  const url = new URL(`https://${server}${filled}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) {
      continue;
    }
    const values = typeof value === 'string' ? [value] : value;
    // To vCenter an empty filter is no filter: the response would be every object that there is.
    if (values.length === 0 || values.includes('')) {
      throw new TypeError(`${operation}: the filter '${name}' is empty`);
    }
    for (const each of values) {
      url.searchParams.append(name, each);
    }
  }
  // In a query URLSearchParams writes a space as `+`, which not every server reads as one.
  return { method, url: url.href.replaceAll('+', '%20') };
}

/** Node would refuse it as well, but with an error that looks like one of the network. */
function checkHeaders(headers: Readonly<Record<string, string>>, fail: Fail): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\x20-\x7e]*$/.test(value)) {
      throw notSendable(`The value of the header ${name} holds characters that no header can have.`, fail);
    }
  }
}

/** Something that came from outside makes no request, however often it is tried. */
function notSendable(message: string, fail: Fail): VcenterError {
  return fail({ failure: 'network', messages: [message], isPermanent: true, sent: false });
}

/** UTF-16 units; vCenter's own have some thousands. */
const LONGEST_ERROR_BODY = 256 * 1024;

/** What must not come back in a message: session ids, and credentials without their scheme. */
function secretsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => /^(?:authorization|cookie|vmware-api-session-id)$/i.test(name))
    .map(([, value]) => value.replace(/^\w+ /, ''));
}

async function read(
  response: HttpResponse,
  {
    request,
    fail,
    secrets,
  }: { readonly request: OperationRequest; readonly fail: Fail; readonly secrets: readonly string[] },
): Promise<ReceivedResponse> {
  const { status } = response;
  const header = (name: string) => response.header(name);
  const text = await response.text().catch((error: unknown) => {
    if (status >= 200 && status < 300 && request.expects !== 'headers') {
      throw error instanceof Error && error.name === 'AbortError' ? error : unreadable('was cut off', error);
    }
    return ''; // the status of a refusal says enough without its body
  });
  function unreadable(how: string, cause?: unknown): VcenterError {
    return fail({
      failure: 'unreadable',
      status,
      messages: [`The response (HTTP ${status}) ${how}.`],
      sent: true,
      cause,
    });
  }

  if (status >= 300 && status < 400) {
    throw fail({
      failure: 'response',
      status,
      messages: [`The server redirects (HTTP ${status}) to ${redact(redirectTarget(response), secrets)}.`],
      sent: true,
    });
  }
  if (status < 200 || status >= 400) {
    const readable = redact(text.slice(0, LONGEST_ERROR_BODY), secrets);
    const fields = readFaultBody(readable) ?? readErrorBody({ status, text: readable });
    throw fail({ failure: 'response', status, sent: true, ...fields });
  }
  if (request.expects === 'headers') {
    return { status, body: undefined, header };
  }
  if (text === '') {
    if (request.expects === 'json') {
      throw unreadable('is empty');
    }
    return { status, body: undefined, header };
  }
  try {
    return { status, body: JSON.parse(text), header };
  } catch {
    throw unreadable('is not JSON'); // the parser's own error quotes the text, which may be a session id
  }
}

/** The origin alone: path and query may hold what was sent. */
function redirectTarget(response: HttpResponse): string {
  const location = response.header('location');
  if (location === undefined) {
    return 'nowhere';
  }
  const origin = URL.parse(location)?.origin ?? 'null';
  return origin === 'null' ? 'another path' : origin;
}

function connectionFailure(error: unknown, fail: Fail): VcenterError {
  // The agent tells what went wrong before a request could be sent. A code would not: ECONNRESET comes from both sides of
  // that line.
  if (error instanceof ConnectError) {
    return fail({
      failure: error instanceof CertificateError ? 'certificate' : 'network',
      code: error.code,
      messages: [error.message],
      isPermanent: error.isPermanent,
      sent: false,
      cause: error,
    });
  }
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return fail({ failure: 'network', code, messages: [failureReason(error)], sent: true, cause: error });
}
