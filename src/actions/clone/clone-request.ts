import type { CloneMethod } from '../../vcenter/clone-method.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import type { TaskKind } from '../../vcenter/task.ts';

/** A clone request that is ready to be sent, whichever way it goes. */
export interface CloneRequest {
  /** As {@link CloneMethod.operation}. */
  readonly operation: string;
  readonly tasks: TaskKind;
  /** Whether vCenter is to power the VM on as soon as it is cloned; an instant clone always runs. */
  readonly powersOn: boolean;
  /** How the VM is cloned, for people: `linked, from the snapshot 'base'`. */
  readonly how: string;
  /** As {@link CloneMethod.start}. */
  start(session: Session, limits: Limits): Promise<string>;
  /** The request's body, as the log and the output `clone-spec` show it: without secrets. */
  describe(): unknown;
}

export function toRequest<Spec>({
  method,
  spec,
  ...facts
}: {
  readonly method: CloneMethod<Spec>;
  readonly spec: Spec;
  readonly powersOn: boolean;
  readonly how: string;
}): CloneRequest {
  return {
    ...facts,
    operation: method.operation,
    tasks: method.tasks,
    start: (session, limits) => method.start(session, spec, limits),
    describe: () => method.describe(spec),
  };
}
