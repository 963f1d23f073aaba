import type { CloneFacts } from '../../vcenter/hint.ts';
import type { Task } from '../../vcenter/task.ts';
import type { CleanupResult } from '../recovery/abort.ts';
import type { CloneState } from '../recovery/journal.ts';

/** A clone task ended as FAILED. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  readonly task: Task;

  constructor(task: Task) {
    super(`task ${task.id} failed`);
    this.task = task;
  }
}

/** It cannot be told whether a clone was made, or which VM it made. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
  /** Why it cannot be told, as a clause without a full stop. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`unknown outcome: ${reason}`, options);
    this.reason = reason;
  }
}

/** What was done about a clone that failed: cleaned up here, or left to the post step, and what kept it from being done here. */
export type Cleanup =
  | { readonly result: CleanupResult }
  | { readonly leftToPost: true; readonly error: Error | undefined };

/** A run failed after the clone was planned: `cause` is what failed, the rest is how far it had got and what became of it. */
export class CloneFailed extends Error {
  override readonly name = 'CloneFailed';
  /** The planned name of the VM. */
  readonly vmName: string;
  /** How far the run had got when it failed. */
  readonly state: CloneState;
  /** The task's id, where vCenter had answered with one. */
  readonly taskId: string | undefined;
  /** 0 to 1, as it was last seen. */
  readonly progress: number | undefined;
  readonly cleanup: Cleanup;
  /** What the request was about, for advice. */
  readonly facts: CloneFacts;

  constructor(
    fields: Pick<CloneFailed, 'vmName' | 'state' | 'taskId' | 'progress' | 'cleanup' | 'facts'> & {
      readonly cause: unknown;
    },
  ) {
    super(`cloning '${fields.vmName}' failed`, { cause: fields.cause });
    this.vmName = fields.vmName;
    this.state = fields.state;
    this.taskId = fields.taskId;
    this.progress = fields.progress;
    this.cleanup = fields.cleanup;
    this.facts = fields.facts;
  }
}
