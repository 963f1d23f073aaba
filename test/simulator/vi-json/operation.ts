import { type Answer, ok } from '../operation.ts';
import type { SessionRecord } from '../sessions.ts';
import type { World } from '../world.ts';
import { type DataObject, type ManagedObject, reference } from './data.ts';
import type { Fields } from './types.ts';

/** A request that has passed the checks of its form. */
export interface ViCall {
  /** The object whose method or property it is; it is there. */
  readonly object: ManagedObject;
  /** The method, or the property. */
  readonly path: string;
  /** The parameters by their names. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Undefined only where the operation needs none. */
  readonly session: SessionRecord | undefined;
  readonly token: string | undefined;
}

export interface ViDefinition {
  /** Undefined for properties, and for methods that take none: those have no body. */
  readonly parameters?: Fields;
  readonly withoutSession?: boolean;
  readonly handle: (world: World, call: ViCall) => Answer | Promise<Answer>;
}

/** The answer for a result that may not be set. */
export function optional({ behaviour }: World, result: unknown): Answer {
  if (result !== undefined) return ok(result);
  switch (behaviour.viUnset) {
    case 'null':
      return ok(null);
    case 'empty':
      return { status: 200 };
    case '204':
      return { status: 204, quirk: 'a 204 where a result is described' };
  }
}

export function taskAnswer(id: string): Answer {
  return ok(taskReference(id));
}

export function taskReference(id: string): DataObject {
  return reference({ type: 'Task', id });
}
