import type { Clock } from '../../src/time/clock.ts';
import type { SessionCall } from '../../src/vcenter/session.ts';
import { VcenterError } from '../../src/vcenter/transport/error.ts';
import { readErrorBody } from '../../src/vcenter/transport/error-body.ts';
import type { Behaviour } from '../simulator/behaviour.ts';
import { createClock } from '../simulator/clock.ts';
import type { TaskRecord } from '../simulator/clone-tasks.ts';
import type { VmRecord } from '../simulator/inventory.ts';
import type { OperationDefinition } from '../simulator/operation.ts';
import { operations } from '../simulator/operations.ts';
import { validateBody, validateQuery } from '../simulator/shape.ts';
import { VapiError } from '../simulator/vapi-error.ts';
import { createWorld } from '../simulator/world.ts';
import { createScriptedSession, type Handler, type ScriptedSession } from './scripted-session.ts';
import { brokenOff, SERVER } from './vcenter-answers.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const USERNAME = 'svc-ci@vsphere.local';

/** What befalls the next call of an operation: its way there or back is cut, or it fails as given. */
type Mishap = 'lost-before' | 'lost-after' | VcenterError;

/** The simulator's own vCenter, without a network, in virtual time: a clone of half an hour takes a few milliseconds. */
export interface VirtualVcenter {
  readonly clock: Clock;
  readonly session: ScriptedSession;
  readonly behaviour: Behaviour;
  vms(): VmRecord[];
  vm(id: string): VmRecord | undefined;
  tasks(): TaskRecord[];
  /** What is done to the next calls of an operation, one after the other. */
  befalls(operation: keyof typeof operations, ...mishaps: readonly Mishap[]): void;
  /** From now on an operation acts at once and answers after this time, in milliseconds. */
  answersAfter(operation: keyof typeof operations, ms: number): void;
  /** Another client's clone. */
  startForeignClone(options: {
    readonly name: string;
    readonly folder?: string;
    readonly source?: string;
    readonly user?: string;
    readonly duration?: number;
  }): TaskRecord;
  /** A VM that somebody makes by other means than a clone task. */
  addVm(options: { readonly name: string; readonly folder: string }): VmRecord;
}

export function createVirtualVcenter({
  behaviour = {},
  username = USERNAME,
}: {
  readonly behaviour?: Partial<Behaviour>;
  /** As the session tells it; the tasks have `behaviour.taskUser`. */
  readonly username?: string;
} = {}): VirtualVcenter {
  const clock = createVirtualClock();
  const world = createWorld({
    username,
    password: 'secret',
    seed: 'default',
    behaviour: { cloneDuration: 60_000, ...behaviour },
    clock: createClock(clock),
  });
  const mishaps = new Map<string, Mishap[]>();
  const delays = new Map<string, number>();

  const act = async (definition: OperationDefinition, call: SessionCall): Promise<unknown> => {
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
        ...{ operation: call.operation, server: SERVER, failure: 'answer', status, sent: true },
        ...fields,
      });
    }
  };

  const handlers: Record<string, Handler> = {};
  for (const [operation, definition] of Object.entries<OperationDefinition>(operations)) {
    handlers[operation] = async (call, { signal }) => {
      const mishap = mishaps.get(operation)?.shift();
      if (mishap instanceof VcenterError) {
        throw mishap;
      }
      if (mishap === 'lost-before') {
        throw brokenOff({ operation });
      }
      const body = await act(definition, call);
      const delay = delays.get(operation);
      if (delay !== undefined) {
        await clock.sleep(delay, signal);
      }
      if (mishap === 'lost-after') {
        throw brokenOff({ operation });
      }
      return body;
    };
  }

  return {
    clock,
    session: createScriptedSession({ clock, handlers, username }),
    behaviour: world.behaviour,
    vms: () => {
      world.settle();
      return [...world.inventory.vms.values()];
    },
    vm: (id) => {
      world.settle();
      return world.inventory.vms.get(id);
    },
    tasks: () => {
      world.settle();
      return [...world.tasks.all];
    },
    befalls: (operation, ...next) => {
      mishaps.set(operation, [...(mishaps.get(operation) ?? []), ...next]);
    },
    answersAfter: (operation, ms) => {
      delays.set(operation, ms);
    },
    startForeignClone: ({ name, folder, source = 'vm-42', user, duration }) =>
      world.tasks.start({
        spec: { source, name, ...(folder !== undefined && { placement: { folder } }) },
        now: world.settle(),
        foreign: true,
        ...(user !== undefined && { user }),
        ...(duration !== undefined && { duration }),
      }),
    addVm: (vm) => world.inventory.addVm(vm),
  };
}
