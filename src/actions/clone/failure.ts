import type { ClonePlan } from '../../github/state.ts';
import type { Task } from '../../vcenter/tasks.ts';
import type { Settlement } from '../recovery/abort.ts';

/** A clone task ended as FAILED. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  readonly task: Task;
  /** Whether it was seen running shortly before, so that what bears its name is surely its own. */
  readonly watchedToEnd: boolean;

  constructor({ task, watchedToEnd }: { readonly task: Task; readonly watchedToEnd: boolean }) {
    super(`task ${task.id} failed`);
    this.task = task;
    this.watchedToEnd = watchedToEnd;
  }
}

/** It cannot be told whether a clone was made, or which VM it made. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome';
  /** Why it cannot be told, as a clause without a full stop. */
  readonly why: string;

  constructor(why: string, options?: ErrorOptions) {
    super(`unknown outcome: ${why}`, options);
    this.why = why;
  }
}

/** A VM of that name is there, and `if-exists` is `fail`, or the VM is the source, which is never handed out or replaced. */
export class NameTaken extends Error {
  override readonly name = 'NameTaken';
  readonly vmName: string;
  readonly vm: string;
  readonly isSource: boolean;

  constructor({
    vmName,
    vm,
    isSource,
  }: {
    readonly vmName: string;
    readonly vm: string;
    readonly isSource: boolean;
  }) {
    super(`the name '${vmName}' is taken by ${vm}`);
    this.vmName = vmName;
    this.vm = vm;
    this.isSource = isSource;
  }
}

/** What was done about a clone that failed: brought to rest here, or left to the post step, and why. */
export type Aftermath =
  | { readonly settlement: Settlement }
  | { readonly leftToPost: true; readonly trouble: Error | undefined };

/** A run failed after the clone request: `cause` is what failed, the rest is how far it had got and what became of it. */
export class CloneFailure extends Error {
  override readonly name = 'CloneFailure';
  readonly plan: ClonePlan;
  /** The task's id, where vCenter had answered with one. */
  readonly taskId: string | undefined;
  /** 0 to 1, as it was last seen. */
  readonly progress: number | undefined;
  readonly aftermath: Aftermath;

  constructor(
    fields: Pick<CloneFailure, 'plan' | 'taskId' | 'progress' | 'aftermath'> & { readonly cause: unknown },
  ) {
    super(`cloning '${fields.plan.name}' failed`, { cause: fields.cause });
    this.plan = fields.plan;
    this.taskId = fields.taskId;
    this.progress = fields.progress;
    this.aftermath = fields.aftermath;
  }
}
