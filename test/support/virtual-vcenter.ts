import type { Clock } from '../../src/time/clock.ts';
import type { SessionRequest } from '../../src/vcenter/session.ts';
import { VcenterError } from '../../src/vcenter/transport/error.ts';
import { readErrorBody } from '../../src/vcenter/transport/error-body.ts';
import { createClock } from '../simulator/clock.ts';
import type { OperationDefinition } from '../simulator/operation.ts';
import { operations } from '../simulator/operations.ts';
import { validateBody, validateQuery } from '../simulator/shape.ts';
import { VapiError } from '../simulator/vapi-error.ts';
import { createWorld } from '../simulator/world.ts';
import { createScriptedSession, type Handler, type ScriptedSession } from './scripted-session.ts';
import { SERVER } from './vcenter-answers.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** The simulator's own vCenter behind a session whose every request can be looked at, in virtual time. */
export interface VirtualVcenter {
  readonly clock: Clock;
  readonly session: ScriptedSession;
  /** The next request of an operation fails so. */
  failNext(operation: keyof typeof operations, error: VcenterError): void;
}

export function createVirtualVcenter(): VirtualVcenter {
  const clock = createVirtualClock();
  const world = createWorld({
    username: 'svc-ci@vsphere.local',
    password: 'secret',
    seed: 'default',
    behaviour: {},
    clock: createClock(clock),
  });
  const failures = new Map<string, VcenterError>();

  const act = async (definition: OperationDefinition, call: SessionRequest): Promise<unknown> => {
    world.settle();
    const query = new Map(
      Object.entries(call.query ?? {}).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, [value].flat()] as const],
      ),
    );
    try {
      const { body } = await definition.handle(world, {
        path: call.path ?? {},
        query: validateQuery(query, definition.query ?? {}),
        body:
          call.body === undefined || definition.body === undefined
            ? undefined
            : validateBody(call.body, definition.body, { acceptNull: false }),
        authorization: undefined,
        session: undefined,
      });
      return body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    } catch (error) {
      if (!(error instanceof VapiError)) {
        throw error;
      }
      const { status, body } = error;
      const fields = readErrorBody({ status, text: JSON.stringify(body) });
      throw new VcenterError({
        ...{ operation: call.operation, server: SERVER, failure: 'response', status, sent: true },
        ...fields,
      });
    }
  };

  const handlers: Record<string, Handler> = {};
  for (const [operation, definition] of Object.entries<OperationDefinition>(operations)) {
    handlers[operation] = (call) => {
      const failure = failures.get(operation);
      if (failure !== undefined) {
        failures.delete(operation);
        throw failure;
      }
      return act(definition, call);
    };
  }

  // A vCenter before 8.0 U1.
  handlers['GET /sdk/vim25/8.0.1.0/ServiceInstance/ServiceInstance/content'] = (call) => {
    throw new VcenterError({
      ...{ operation: call.operation, server: SERVER, failure: 'response', status: 404, sent: true },
      messages: ['Not found.'],
    });
  };

  return {
    clock,
    session: createScriptedSession({ clock, handlers }),
    failNext: (operation, error) => {
      failures.set(operation, error);
    },
  };
}
