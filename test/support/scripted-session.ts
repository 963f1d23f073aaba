import type { Clock } from '../../src/time/clock.ts';
import { outliving } from '../../src/time/deadline.ts';
import type { Limits, Session, SessionRequest } from '../../src/vcenter/session.ts';
import { isTransient } from '../../src/vcenter/transport/error.ts';
import { retry } from '../../src/vcenter/transport/retry.ts';
import { readServiceContent, type ServiceContent } from '../../src/vcenter/vi-json/service.ts';
import { SERVER } from './vcenter-answers.ts';

/** Returns the answer's body, or throws what the call fails with. */
export type Handler = (call: SessionRequest, limits: Limits) => unknown;

export interface ScriptedSession extends Session {
  /** Every request that went out, retries included, with the time. */
  readonly calls: readonly { readonly call: SessionRequest; readonly at: number }[];
  /** `calls` by their operations. */
  operations(): string[];
}

/** A session whose vCenter is a table of operations. It retries as the real one does; a request that is not in it is a mistake. */
export function createScriptedSession({
  clock,
  handlers,
}: {
  readonly clock: Clock;
  readonly handlers: Readonly<Record<string, Handler>>;
}): ScriptedSession {
  const calls: { readonly call: SessionRequest; readonly at: number }[] = [];
  let content: Promise<ServiceContent | undefined> | undefined;
  const session: ScriptedSession = {
    server: SERVER,
    calls,
    operations: () => calls.map(({ call }) => call.operation),
    close: () => Promise.resolve(),
    viJson: (limits) => {
      content ??= readServiceContent((request) => session.request({ ...request, retry: 'always' }, limits));
      return content;
    },
    request: (call, limits) =>
      retry(
        {
          clock,
          random: () => 0.5,
          signal: limits.signal,
          retryTimeout: limits.retryTimeout,
          trace: () => undefined,
          isRetryable: (error) =>
            isTransient(error) &&
            !(call.isExpected?.(error) ?? false) &&
            (call.retry === 'always' || !error.sent),
        },
        async () => {
          limits.signal.throwIfAborted();
          calls.push({ call, at: clock.now() });
          const handler = handlers[call.operation];
          if (handler === undefined) {
            throw new Error(`The script has no ${call.operation}.`);
          }
          const answer = async (signal: AbortSignal) => {
            const body: unknown = await handler(call, { ...limits, signal });
            signal.throwIfAborted();
            return { status: 200, body };
          };
          return call.grace === undefined
            ? answer(limits.signal)
            : outliving({ clock, by: call.grace, signal: limits.signal }, answer);
        },
      ),
  };
  return session;
}

/** Answers one after the other; the last one stays. */
export function inTurn(...answers: readonly (() => unknown)[]): Handler {
  let next = 0;
  return () => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    return answer?.();
  };
}

/** A handler's answer that is a failure. */
export function throws(error: unknown): () => never {
  return () => {
    throw error;
  };
}
