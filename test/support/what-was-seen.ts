import type { StepResult } from '../runner/step.ts';
import type { Exchange, Operation, VmRecord } from '../simulator/vcenter.ts';
import { GET_TASK, type Stage } from './stage.ts';

/** The calls in their order, without the looks at a task, whose number depends on how busy the machine is. */
export function callsOf(exchanges: readonly Exchange[]): readonly Operation[] {
  return exchanges.map(({ operation }) => operation).filter((operation) => operation !== GET_TASK);
}

/** The stage as it is now: VMs that a test has added count as having been there before the run. */
export function asItIs(stage: Stage): Stage {
  return { ...stage, before: new Set(stage.vcenter.vms().map(({ id }) => id)) };
}

/** What the step wrote down last for the post step. */
export function stateOf(step: StepResult): unknown {
  return JSON.parse(step.state['clone'] ?? 'null');
}

/** The looks at tasks, in their order. */
export function looksOf(exchanges: readonly Exchange[]): readonly Exchange[] {
  return exchanges.filter(({ operation }) => operation === GET_TASK);
}

/** The VM of this id as vCenter has it now. */
export function vmOf({ vcenter }: Stage, id: string | undefined): VmRecord {
  const vm = vcenter.vms().find((each) => each.id === id);
  if (vm === undefined) {
    throw new Error(`There is no VM ${id}.`);
  }
  return vm;
}

/** A text without what differs from run to run: the port, the task's id, progress, times and their bars. */
export function settled(text: string, { vcenter }: Stage): string {
  return text
    .replaceAll(/^\d+ % · .*\n/gm, '')
    .replaceAll(`:${vcenter.port}`, ':PORT')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:com\.vmware\.vcenter\.VM/g, 'TASK')
    .replaceAll(/\b\d+(?:\.\d)? m?s\b/g, 'TIME')
    .replaceAll(/`[█░]{20}`/g, 'BAR');
}
