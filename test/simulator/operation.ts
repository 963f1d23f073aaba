import type { VmRecord } from './inventory.ts';
import type { SessionRecord } from './sessions.ts';
import type { Query, Shape } from './shape.ts';
import type { World } from './world.ts';

/** A request that has passed the checks of its form. */
export interface Call {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: unknown;
  readonly authorization: string | undefined;
  /** Undefined only where the operation needs none. */
  readonly session: SessionRecord | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Named where the behaviour makes the answer leave VMware's description on purpose. */
  readonly quirk?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of a body that is JSON. */
  readonly text?: string;
  /** The session that a login opened. */
  readonly opened?: SessionRecord;
}

export interface OperationDefinition {
  readonly query?: Readonly<Record<string, Shape>>;
  readonly body?: Shape;
  /** The body may be left out. */
  readonly bodyOptional?: boolean;
  readonly withoutSession?: boolean;
  readonly handle: (world: World, call: Call) => Answer | Promise<Answer>;
}

export const boolean: Shape = { kind: 'boolean' };
export const integer: Shape = { kind: 'integer' };
export const string: Shape = { kind: 'string' };
export const strings: Shape = { kind: 'list', of: { kind: 'string' } };
export const stringSet: Shape = { kind: 'list', of: { kind: 'string' }, unique: true };
export const enums = (...values: readonly string[]): Shape => ({
  kind: 'list',
  of: { kind: 'enum', values },
});
export const ok = (body: unknown): Answer => ({ status: 200, body });
export const done: Answer = { status: 204 };

/** The VM of the path; throws NOT_FOUND. */
export function vmOf(world: World, call: Call): VmRecord {
  return world.inventory.visibleVm(call.path['vm'] ?? '');
}

/** The same, for those who may read it. */
export function readableVm(world: World, call: Call): VmRecord {
  const vm = vmOf(world, call);
  world.permissions.demand('System.Read', vm.id);
  return vm;
}
