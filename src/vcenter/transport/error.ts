import { DescribedError } from '../../text/described-error.ts';

/** How a request failed, seen from the wire. */
export type Failure =
  /** vCenter, or something in front of it, responded with an error status. */
  | 'response'
  /** A success status came with a body that cannot be read: cut off, not JSON, or not of the documented shape. */
  | 'unreadable'
  /** No response: the connection could not be made, or broke. */
  | 'network'
  /** No response within the time of one request. */
  | 'timeout'
  /** The server's certificate was not accepted; nothing was sent. */
  | 'certificate';

export interface VcenterErrorFields {
  /** The operation as VMware's description of the API spells it: `GET /api/cis/tasks/{task}`. */
  readonly operation: string;
  readonly failure: Failure;
  /** `host` or `host:port` that was spoken to. */
  readonly server: string;
  /** HTTP status, where there was a response. */
  readonly status?: number | undefined;
  /** `error_type` of the body (API 6.7.2 and later; the list is open). */
  readonly errorType?: string | undefined;
  /** vCenter's messages in their order: first what failed, then its causes. For other failures one line of ours. */
  readonly messages: readonly string[];
  /** The ids of `messages`, where vCenter sent them. */
  readonly messageIds?: readonly string[] | undefined;
  /** Node's error code: `ECONNRESET`, `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  readonly code?: string | undefined;
  /** True where `data` of the body says that the failure is transient. */
  readonly isTransient?: boolean;
  /** True where the refusal came in vCenter's own form, so that it is vCenter's and not a proxy's. */
  readonly isVapiError?: boolean;
  /** True where the way to the server is wrong in itself, so that going it again does not help. */
  readonly isPermanent?: boolean;
  /** False only where it is certain that the server never saw the request. */
  readonly sent: boolean;
  readonly cause?: unknown;
}

const TITLES: Readonly<Record<Failure, string>> = {
  response: 'Refused by vCenter',
  unreadable: 'Unreadable response from vCenter',
  network: 'No connection to vCenter',
  timeout: 'No response from vCenter',
  certificate: 'Certificate not trusted',
};

/** Every way in which a request to vCenter can fail. What to do about it is added where the inputs are known. */
export class VcenterError extends DescribedError {
  override readonly name = 'VcenterError';
  readonly operation: string;
  readonly failure: Failure;
  readonly server: string;
  readonly status: number | undefined;
  readonly errorType: string | undefined;
  readonly messages: readonly string[];
  readonly messageIds: readonly string[];
  readonly code: string | undefined;
  readonly isTransient: boolean;
  readonly isVapiError: boolean;
  readonly isPermanent: boolean;
  readonly sent: boolean;

  constructor(fields: VcenterErrorFields) {
    super(`${fields.operation}: ${fields.messages.join(' ')}`, { cause: fields.cause });
    this.operation = fields.operation;
    this.failure = fields.failure;
    this.server = fields.server;
    this.status = fields.status;
    this.errorType = fields.errorType;
    this.messages = fields.messages;
    this.messageIds = fields.messageIds ?? [];
    this.code = fields.code;
    this.isTransient = fields.isTransient ?? false;
    this.isVapiError = fields.isVapiError ?? false;
    this.isPermanent = fields.isPermanent ?? false;
    this.sent = fields.sent;
  }

  get title(): string {
    return this.failure === 'response' && this.operation === LOGIN ? 'Login refused' : TITLES[this.failure];
  }

  /** What failed in one sentence, with operation, vCenter's words in their order, status and type. */
  get text(): string {
    const status = this.status === undefined ? undefined : `HTTP ${this.status}`;
    const facts = [status, this.errorType, this.code].filter((fact) => fact !== undefined).join(' ');
    const speaker = this.failure === 'response' && this.errorType !== undefined ? ' vCenter:' : '';
    return `${this.operation} on ${this.server} failed${facts === '' ? '' : ` (${facts})`}.${speaker} ${this.messages.join(' ')}`;
  }
}

/** `error` is vCenter's refusal of one of these types. */
export function isRefusal(error: unknown, ...errorTypes: readonly string[]): boolean {
  return (
    error instanceof VcenterError && error.errorType !== undefined && errorTypes.includes(error.errorType)
  );
}

/**
 * The object that was named is not there. A 404 for an unknown URL (`httpNotFound`, `operationsForUrlNotFound`) speaks of
 * the API's version, not of the object.
 */
export function isNotFound(error: unknown): boolean {
  return (
    error instanceof VcenterError &&
    error.failure === 'response' &&
    (error.errorType === 'NOT_FOUND' ||
      // A 404 that is not in vCenter's own form is a proxy's, and says nothing about the object.
      (error.errorType === undefined && error.status === 404 && error.messageIds.length > 0)) &&
    !isUnknownUrl(error)
  );
}

/** The server does not know the URL: it is older than vCenter 7.0 U2, or no vCenter. */
export function isUnknownUrl({ status, messageIds }: VcenterError): boolean {
  return status === 404 && messageIds.some((id) => /httpNotFound|operationsForUrlNotFound/i.test(id));
}

/** The server does not offer the operation, or not for this object; asking again is of no use. */
export function isUnserved(error: unknown): boolean {
  return (
    error instanceof VcenterError &&
    (isUnknownUrl(error) || isRefusal(error, 'OPERATION_NOT_FOUND', 'UNSUPPORTED'))
  );
}

/** POST /api/session was refused since the user has too many sessions; waiting a moment does not clear it. */
export function isSessionLimit({ messageIds, messages }: VcenterError): boolean {
  return [...messageIds, ...messages].some((text) =>
    text.includes('failedToLoginMaxUserSessionCountReached'),
  );
}

/** Types of error that leave open whether the operation was, or will be, carried out: they may come of a component between. */
const OPEN_OUTCOMES: readonly string[] = ['SERVICE_UNAVAILABLE', 'TIMED_OUT', 'UNAUTHENTICATED'];

/**
 * vCenter itself has refused the operation, in its own form, so nothing was started. A page of a proxy, a redirect or a
 * status without a body of vCenter's is none: what came before it is not known.
 */
export function isOwnRefusal(error: VcenterError): boolean {
  return (
    error.failure === 'response' && error.isVapiError && !OPEN_OUTCOMES.includes(error.errorType ?? 'UNKNOWN')
  );
}

/** vCenter is busy with something else: the same request may succeed a moment later. */
export function isBusy(error: VcenterError): boolean {
  return error.isTransient || error.errorType === 'RESOURCE_BUSY';
}

/** Name and password were refused at POST /api/session: trying again may lock the account. */
export function isLoginRefused(error: unknown): boolean {
  return error instanceof VcenterError && error.operation === LOGIN && error.status === 401;
}

/** The operation that opens a session. */
export const LOGIN = 'POST /api/session';

/**
 * A request that is safe to send again may succeed a moment later: after an error on the way, a page of a proxy, or any 5xx.
 * RESOURCE_BUSY comes with a 500; 429 is no part of vSphere's API but of proxies in front of it. Only a list over its limit
 * and a resource pool without room (UNABLE_TO_ALLOCATE_RESOURCE) stay as they are. A 401 means that the session has ended,
 * and the next try logs in again.
 */
export function isTransient(error: VcenterError): boolean {
  switch (error.failure) {
    case 'network':
      return !error.isPermanent;
    case 'timeout':
    case 'unreadable':
      return true;
    case 'certificate':
      return false;
    case 'response':
      return isTransientResponse(error);
  }
}

function isTransientResponse(error: VcenterError): boolean {
  const { status = 0, errorType, isVapiError } = error;
  if (isSessionLimit(error) || isLoginRefused(error)) {
    return false;
  }
  if (isBusy(error) || status === 429 || (status >= 500 && errorType !== 'UNABLE_TO_ALLOCATE_RESOURCE')) {
    return true;
  }
  // At the login, anything that is not vCenter's own form most likely means that the address is not vCenter's.
  return error.operation !== LOGIN && (status === 401 || (!isVapiError && status >= 300));
}
