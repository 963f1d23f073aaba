import type { Exchange } from './http-log.ts';
import { type Operation, operations } from './operations.ts';
import {
  type ErrorBody,
  internalError,
  message,
  serviceUnavailable,
  unauthenticated,
  vapiError,
} from './vapi-error.ts';
import type { Fault } from './vi-json/fault.ts';
import { viFaultAnswer } from './vi-json/fault-answer.ts';
import { viOperations } from './vi-json/operations.ts';
import { isViJson } from './vi-json/routing.ts';

/**
 * What can go wrong on the wire. "acted" means that the operation was carried out all the same.
 *
 * - `refused`: the connection is reset as soon as the header was read; not acted
 * - `reset-before`, `reset-after`: the connection is reset before or after the operation acted
 * - `late`: acted at once, answered after `delay` (default: never)
 * - `late-act`: acted and answered after `delay`
 * - `401`: the session has ended (at login: refused); not acted
 * - `429`, `busy`, `502-html`, `503-text`, `503-unavailable`, `500-error`: that answer; not acted
 * - `vi-fault`: the refusal of VI/JSON by the `viFault`; not acted
 * - `vapi-error`: vCenter's refusal with the `errorType`, and `text` for its message; not acted
 * - `502-html-after`, `503-unavailable-after`: that answer; acted
 * - `cut`: acted; the connection ends in the middle of the answer
 * - `not-json`: acted; the right status with an HTML body
 * - `redirect`: 302 to `location`; not acted
 * - `slow-body`: acted; the body trickles and never ends
 * - `custom`: the `answer` of the spec; acted where that says so
 */
export type FaultKind =
  | 'refused'
  | 'reset-before'
  | 'reset-after'
  | 'late'
  | 'late-act'
  | '401'
  | '429'
  | 'busy'
  | '502-html'
  | '502-html-after'
  | '503-text'
  | '503-unavailable'
  | '503-unavailable-after'
  | '500-error'
  | 'vi-fault'
  | 'vapi-error'
  | 'cut'
  | 'not-json'
  | 'redirect'
  | 'slow-body'
  | 'custom';

export interface CustomAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is; anything else as JSON. */
  readonly body?: unknown;
  readonly act?: boolean;
}

export interface FaultSpec {
  /** One or several operations; `*` is every one, requests that fit none included. */
  readonly operation: Operation | '*' | readonly Operation[];
  readonly kind: FaultKind;
  /** First affected call, counted from now; default 1. */
  readonly nth?: number;
  /** How many calls in a row; default 1, Infinity: all that follow. */
  readonly times?: number;
  /** Only calls for which this is true are counted. For `refused` the request has no body yet. */
  readonly when?: (exchange: Exchange) => boolean;
  /** Milliseconds, for `late` and `late-act`. */
  readonly delay?: number;
  /** For `redirect`. */
  readonly location?: string;
  /** For `429` and `vapi-error`. */
  readonly text?: string;
  /** For `vapi-error`: `UNABLE_TO_ALLOCATE_RESOURCE`; the status follows from it. */
  readonly errorType?: string;
  /** For `vapi-error`. */
  readonly messageId?: string;
  /** For `vi-fault`. */
  readonly viFault?: Fault;
  /** For `429`, `503-...` and so on: headers to add, such as retry-after. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `custom`. */
  readonly answer?: CustomAnswer;
  /** What the exchange's `fault` says; default: the kind. */
  readonly name?: string;
}

export interface FaultHandle {
  /** The calls that it has befallen. */
  readonly exchanges: readonly Exchange[];
  /** From now on it befalls nobody. */
  readonly remove: () => void;
}

interface ScriptedFault {
  readonly spec: FaultSpec;
  readonly exchanges: Exchange[];
  seen: number;
  removed: boolean;
}

export class Faults {
  readonly #scripted: ScriptedFault[] = [];

  add(spec: FaultSpec): FaultHandle {
    for (const operation of [spec.operation].flat()) {
      const known = { ...operations, ...viOperations };
      if (operation !== '*' && operation !== 'unknown' && !Object.hasOwn(known, operation)) {
        throw new Error(`No such operation: ${operation}`);
      }
    }
    const fault: ScriptedFault = { spec, exchanges: [], seen: 0, removed: false };
    this.#scripted.push(fault);
    return {
      exchanges: fault.exchanges,
      remove: () => {
        fault.removed = true;
      },
    };
  }

  /** The fault that befalls this call, at the first of the two stages for those that do not wait for the body. */
  next(exchange: Exchange, stage: 'header' | 'whole request'): FaultSpec | undefined {
    for (const fault of this.#scripted) {
      const { spec } = fault;
      const fits = spec.operation === '*' || [spec.operation].flat().includes(exchange.operation);
      const now = (spec.kind === 'refused') === (stage === 'header');
      if (fault.removed || !fits || !now || spec.when?.(exchange) === false) continue;
      fault.seen += 1;
      const first = spec.nth ?? 1;
      if (fault.seen < first || fault.seen >= first + (spec.times ?? 1)) continue;
      fault.exchanges.push(exchange);
      return spec;
    }
    return undefined;
  }
}

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The answer that a fault puts in place of the simulator's own; undefined for faults of other kinds. */
export function faultAnswer(
  spec: FaultSpec,
  exchange: Exchange,
): { readonly answer: WireAnswer; readonly act: boolean } | undefined {
  const { headers } = spec;
  const viJson = isViJson(exchange.path) ? viFaultAnswer(spec, exchange.operation) : undefined;
  if (viJson) return { answer: viJson, act: spec.kind === '503-unavailable-after' };
  switch (spec.kind) {
    case '401':
      return { answer: json(401, unauthenticated().body, headers), act: false };
    case '429':
      return { answer: plain(429, spec.text ?? 'Too Many Requests', headers), act: false };
    case 'busy':
      return { answer: json(500, busyBody(), headers), act: false };
    case '500-error':
      return { answer: json(500, internalError().body, headers), act: false };
    case 'vapi-error': {
      const { errorType = 'ERROR', messageId = 'vmsg.fault.summary', text = 'It failed.' } = spec;
      const { status, body } = vapiError(errorType, message(messageId, text));
      return { answer: json(status, body, headers), act: false };
    }
    case '502-html':
    case '502-html-after':
      return {
        answer: html(502, '<html><body><h1>502 Bad Gateway</h1></body></html>', headers),
        act: spec.kind === '502-html-after',
      };
    case '503-text':
      return { answer: plain(503, 'no healthy upstream', headers), act: false };
    case '503-unavailable':
    case '503-unavailable-after':
      return {
        answer: json(503, serviceUnavailable().body, headers),
        act: spec.kind === '503-unavailable-after',
      };
    case 'redirect': {
      const location = spec.location ?? 'https://elsewhere.invalid/';
      return { answer: { status: 302, headers: { location, ...headers }, text: '' }, act: false };
    }
    case 'custom': {
      const { status = 500, headers: own, body, act = false } = spec.answer ?? {};
      if (typeof body === 'string') {
        return { answer: { status, headers: { ...headers, ...own }, text: body }, act };
      }
      return { answer: json(status, body, { ...headers, ...own }), act };
    }
    default:
      return undefined;
  }
}

function busyBody(): ErrorBody {
  return vapiError(
    'RESOURCE_BUSY',
    message('vmsg.ConcurrentAccess.summary', 'The resource is busy with another operation.'),
  ).body;
}

type Headers = Readonly<Record<string, string>> | undefined;

/** `body` undefined: no body at all. */
export function json(status: number, body: unknown, headers?: Headers): WireAnswer {
  if (body === undefined) return { status, headers: { ...headers }, text: '' };
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    text: JSON.stringify(body),
  };
}

export function html(status: number, text: string, headers?: Headers): WireAnswer {
  return { status, headers: { 'content-type': 'text/html', ...headers }, text };
}

function plain(status: number, text: string, headers?: Headers): WireAnswer {
  return { status, headers: { 'content-type': 'text/plain', ...headers }, text };
}
