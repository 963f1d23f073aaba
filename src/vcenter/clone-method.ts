import { idOf } from '../text/json.ts';
import { cisTasks } from './cis-tasks.ts';
import type { Limits, Session } from './session.ts';
import type { TaskKind } from './task.ts';
import { unreadable } from './transport/unreadable.ts';
import { vimTasks } from './vi-json/tasks.ts';

/** The body of the clone request, in the API's own spelling; a field that is not set is left out, never null or "". */
export interface CloneSpec {
  readonly source: string;
  readonly name: string;
  readonly placement?: ClonePlacementSpec;
  readonly disks_to_remove?: readonly string[];
  readonly disks_to_update?: Readonly<Record<string, { readonly datastore: string }>>;
  readonly power_on?: boolean;
  readonly guest_customization_spec?: { readonly name: string };
}

export interface ClonePlacementSpec {
  readonly folder?: string;
  readonly resource_pool?: string;
  readonly host?: string;
  readonly cluster?: string;
  readonly datastore?: string;
}

/** One way to clone: how it is asked for, and the kind of task that does it and by which it is found again. */
export interface CloneMethod<Spec = CloneSpec> {
  /** The operation that asks for it, as an error has it. */
  readonly operation: string;
  readonly tasks: TaskKind;
  /**
   * Sends the clone request and returns its task's id. Retried only where vCenter certainly has not seen the request.
   *
   * @throws VcenterError; unless it is vCenter's own refusal, or was not sent, a clone may be running all the same.
   */
  start(session: Session, spec: Spec, limits: Limits): Promise<string>;
  /** The request's body, as the log and the output `clone-spec` show it: without secrets. */
  describe(spec: Spec): unknown;
}

/** The operation, as an error has it. */
export const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';

/** How long vCenter may take to accept a clone; the copying itself is the task's. In milliseconds. */
const CLONE_REQUEST = 60_000;

/** Without the task's id nothing can be cancelled, so the response gets this much longer than the run. In milliseconds. */
const CLONE_ANSWER_GRACE = 3_000;

/**
 * POST /api/vcenter/vm?action=clone&vmw-task=true, with the response 202. Its body is the task, never the VM.
 */
async function startClone(session: Session, spec: CloneSpec, limits: Limits): Promise<string> {
  const { body } = await session.request(
    {
      ...{ operation: CLONE, body: spec, expects: 'json', retry: 'unless-sent' },
      ...{ timeout: CLONE_REQUEST, grace: CLONE_ANSWER_GRACE },
    },
    limits,
  );
  const task = idOf(body);
  if (task === undefined) {
    throw unreadable(session, CLONE, "a task's id");
  }
  return task;
}

/** A full clone of an ordinary VM, on every vCenter since 7.0 U2. */
export const restClone: CloneMethod = {
  operation: CLONE,
  tasks: cisTasks,
  start: startClone,
  describe: (spec) => spec,
};

/** Every kind of task that a state, or an input, may refer to. */
export const TASK_KINDS: readonly TaskKind[] = [cisTasks, vimTasks];

/** The kind of the task that an id is of: `task-123` is VI/JSON's, anything else is the REST API's. */
export function taskKindOf(id: string): TaskKind {
  return /^task-\d+$/.test(id) ? vimTasks : cisTasks;
}
