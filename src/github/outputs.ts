import type { DeferredCore } from './core.ts';

/** The outputs of the clone action, as action.yml lists them. */
export const cloneOutputs = [
  'vm-id',
  'vm-name',
  'task-id',
  'created',
  'power-state',
  'ip-address',
  'ip-addresses',
  'clone-spec',
  'timings',
] as const;

/** The outputs of the teardown action, as teardown/action.yml lists them. */
export const teardownOutputs = ['deleted', 'vm-id', 'vm-name'] as const;

/** The outputs of the cleanup action, as cleanup/action.yml lists them. */
export const cleanupOutputs = ['found', 'deleted', 'kept', 'failed', 'vms'] as const;

/** @throws RunnerFileError */
export function setOutputs(
  core: Pick<DeferredCore, 'setOutput'>,
  outputs: Readonly<Partial<Record<OutputName, string>>>,
): void {
  for (const [name, value] of Object.entries(outputs)) {
    core.setOutput(name, value);
  }
}

/** Sets an output of a step that fails anyway: that it cannot be written hides no error. */
export function tryOutput(core: Pick<DeferredCore, 'setOutput'>, name: OutputName, value: string): void {
  try {
    core.setOutput(name, value);
  } catch {
    // The error that ends the step says more.
  }
}

type OutputName =
  | (typeof cloneOutputs)[number]
  | (typeof teardownOutputs)[number]
  | (typeof cleanupOutputs)[number];
