import { type RunningStep, runStep, type StepOptions, startStep } from '../../test/runner/step.ts';
import type { Exchange, Vcenter } from '../../test/simulator/vcenter.ts';

export interface CloneStep {
  readonly vcenter: Vcenter;
  /** Keeps the generated name apart from those of other steps on the same simulator. */
  readonly number: number;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Enough for fifty steps that start at once on a slow machine. */
const HARD_LIMIT = 120_000;

/** Starts the shipped bundle of the clone action as the runner does: source and folder by id, the name generated. */
export function startClone(step: CloneStep): Promise<RunningStep> {
  return startStep(stepOptions(step));
}

/**
 * Runs it to its end.
 *
 * @returns what it asked of vCenter, if no other step runs meanwhile.
 * @throws Error where it does not succeed: then there is nothing to measure.
 */
export async function runClone(step: CloneStep): Promise<readonly Exchange[]> {
  const { vcenter } = step;
  const before = vcenter.exchanges.length;
  const result = await runStep(stepOptions(step));
  if (result.conclusion !== 'success') {
    throw new Error(`A clone that was to be measured has failed:\n${result.log}`);
  }
  return vcenter.exchanges.slice(before);
}

function stepOptions({ vcenter, number, inputs, env }: CloneStep): StepOptions {
  return {
    action: 'clone',
    entry: 'dist',
    inputs: {
      'vcenter-server': vcenter.server,
      username: vcenter.username,
      password: vcenter.password,
      'ca-certificate': vcenter.caFile,
      source: 'vm-42',
      folder: 'group-v23',
      ...inputs,
    },
    context: { runId: 9_900_000_000 + number },
    hardLimit: HARD_LIMIT,
    ...(env !== undefined && { env }),
  };
}
