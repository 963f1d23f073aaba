import { expect } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { Exchange, Operation, VmRecord } from '../simulator/vcenter.ts';
import { CANCEL, CLONE, DELETE, GET_TASK, LOGOUT, SHUTDOWN, STOP, type Stage } from './stage.ts';

/** Title and text of the one error annotation, without what differs from run to run. */
export function errorOf(step: StepResult, { vcenter }: Stage): string {
  const errors = step.annotations.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  const [error] = errors;
  return `[${error?.title}] ${error?.message}`
    .replaceAll(vcenter.fingerprint, 'FINGERPRINT')
    .replaceAll(`:${vcenter.port}`, ':PORT');
}

/**
 * The requests up to the clone's, one line for each (`folder names=ci`), in steps: one that arrives before the first of a
 * step is answered belongs to that step. With some latency at vCenter, a step is what went out side by side.
 */
export function stepsOf(exchanges: readonly Exchange[]): readonly (readonly string[])[] {
  const end = exchanges.findIndex(({ operation }) => operation === CLONE);
  const steps: { readonly lines: string[]; readonly endsAt: number }[] = [];
  for (const exchange of end < 0 ? exchanges : exchanges.slice(0, end + 1)) {
    const step = steps.at(-1);
    if (step !== undefined && exchange.receivedAt < step.endsAt) {
      step.lines.push(asLine(exchange));
    } else {
      steps.push({ lines: [asLine(exchange)], endsAt: exchange.answeredAt ?? Number.POSITIVE_INFINITY });
    }
  }
  // Each request of a step has a connection of its own: which one is first there is chance.
  return steps.map(({ lines }) => lines.sort());
}

function asLine({ method, path, query }: Exchange): string {
  const filters = Object.entries(query).map(([name, values]) => `${name}=${values.join('|')}`);
  return [method, path.replace(/^\/api\/(?:vcenter\/)?/, ''), ...filters].join(' ');
}

const VERBS: Readonly<Record<string, string>> = {
  [CLONE]: 'clone',
  [CANCEL]: 'cancel',
  [SHUTDOWN]: 'shut down',
  [STOP]: 'stop',
  [DELETE]: 'delete',
};

/**
 * What was asked of vCenter that changes anything there, in order: `delete vm-1001`. Clones are told by the name of the VM
 * that they make; `!` stands behind what somebody else has started.
 */
export function changes({ vcenter }: Stage): string[] {
  const tasks = vcenter.tasks();
  return vcenter.exchanges.flatMap(({ operation, path, requestBody }) => {
    const verb = VERBS[operation];
    if (verb === undefined) {
      return [];
    }
    if (operation === CLONE) {
      return [`${verb} ${(requestBody as { name: string }).name}`];
    }
    const [, id = ''] = /\/(?:tasks|vm)\/([^/]+)/.exec(path) ?? [];
    const task = tasks.find((each) => each.id === decodeURIComponent(id));
    return [`${verb} ${task === undefined ? id : `${task.spec.name}${task.foreign ? '!' : ''}`}`];
  });
}

/** Title and text of every annotation of a level, with one word in place of what differs from run to run. */
export function told(step: StepResult, level: 'error' | 'warning' | 'notice'): string {
  return step.annotations
    .filter((each) => each.level === level)
    .map(({ title, message }) => neutral(`[${title}] ${message}`))
    .join('\n');
}

/** Without task ids, ports and the run's own times. */
export function neutral(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}:com\.vmware\.vcenter\.VM/g, 'TASK')
    .replaceAll(/(?:localhost|127\.0\.0\.1):\d+/g, 'VCENTER')
    .replaceAll(' at 89 %', ' at 90 %'); // of a clone that fails after nine tenths, by a clock of fractions
}

/** Milliseconds of a step's own time, sped up `scale` times, from the `nth` arrival of an operation to the next logout. */
export function timeToLogout(
  { vcenter }: Stage,
  { from, nth = 1, scale }: { readonly from: Operation; readonly nth?: number; readonly scale: number },
): number {
  const begin = vcenter.exchanges.filter(({ operation }) => operation === from)[nth - 1];
  const end = vcenter.exchanges.find(
    ({ operation, index }) => operation === LOGOUT && index > (begin?.index ?? Number.POSITIVE_INFINITY),
  );
  return ((end?.receivedAt ?? Number.NaN) - (begin?.receivedAt ?? Number.NaN)) * scale;
}

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
