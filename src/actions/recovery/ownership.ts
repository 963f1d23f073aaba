import { bareId } from '../../text/reference.ts';
import { escapeName } from '../../vcenter/inventory/escaped-name.ts';
import { isCancelled, isNameTaken, type Task, vmsNamedBy } from '../../vcenter/task.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import type { ClonePlan } from './journal.ts';

// All rules and time windows about whose VM it is. docs/how-it-works.md explains them.

/**
 * How long vCenter, or a proxy before it, may take to begin with a clone request that was sent, in milliseconds. Before that
 * nobody can say that no clone was started.
 */
export const ACCEPTANCE_WINDOW = 90_000;

/** How long after its task's end a VM may take to be listed, in milliseconds. */
export const LISTING_LAG = 6_000;

/** How long the copy of a cancelled clone may still be listed while vCenter takes it away, in milliseconds. */
export const REMOVAL_LAG = 10_000;

/** Whether this run made a VM. What is not certain is `unknown`, and left alone. */
export type Ownership =
  | { readonly owner: 'this run' }
  | { readonly owner: 'another' | 'unknown'; readonly reason: string };

/** What is known when the question is whose a VM is. */
export interface Evidence {
  readonly plan: ClonePlan;
  readonly vm: VmSummary;
  /** This run's own task, as it was last seen; undefined where it is not known, or vCenter has forgotten it. */
  readonly ownTask: Task | undefined;
  /** Whether it is exactly one: no other VM of the name is new, in the planned folder or, without one, anywhere. */
  readonly isOnlyNew: boolean;
  /** Whether the main step has confirmed the VM as its own and written down its id. */
  readonly isRecorded?: boolean;
}

const OURS: Ownership = { owner: 'this run' };

/**
 * Whether a VM was certainly made by this run. A task is taken at its word only about a VM of the planned name; a name is
 * proof only where it was generated; and a given name only together with a task of this run that SUCCEEDED.
 */
export function checkOwnership({ plan, vm, ownTask, isOnlyNew, isRecorded = false }: Evidence): Ownership {
  if (isSource(plan, vm.vm)) {
    return { owner: 'another', reason: 'it is the source' };
  }
  if (plan.vmsBefore.includes(vm.vm)) {
    return { owner: 'another', reason: 'it was there before' };
  }
  if (escapeName(vm.name) !== escapeName(plan.name)) {
    return { owner: 'another', reason: `it is called '${vm.name}', not '${plan.name}'` };
  }
  if (plan.isNameGenerated || isRecorded) {
    return OURS;
  }
  if (isNameTaken(ownTask?.failure)) {
    return { owner: 'another', reason: 'this clone was refused because the name was taken' };
  }
  if (ownTask !== undefined && vmsNamedBy(ownTask).some((id) => bareId(id) === bareId(vm.vm))) {
    return OURS;
  }
  if (ownTask?.status === 'SUCCEEDED' && isOnlyNew) {
    return OURS;
  }
  return {
    owner: 'unknown',
    reason: isCancelled(ownTask?.failure)
      ? 'a cancelled clone takes its copy away'
      : `others may use the name '${plan.name}', too, and nothing proves that this run made it`,
  };
}

export function isSource(plan: ClonePlan, vm: string): boolean {
  return bareId(vm) === bareId(plan.source);
}
