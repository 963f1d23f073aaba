import type { CloneInputs } from '../github/inputs.ts';
import type { Report } from '../github/report.ts';
import type { CloneSpec, VmSummary } from '../vcenter/vm.ts';
import type { PreparedClone } from './prepare-clone.ts';
import type { Timings } from './timings.ts';

export async function reportClone(_: {
  readonly report: Report;
  readonly inputs: CloneInputs;
  readonly prepared: PreparedClone;
  readonly vm: VmSummary;
  readonly created: boolean;
  readonly addresses: readonly string[];
  readonly timings: Timings;
}): Promise<void> {
  _.report.info(`'${_.vm.name}' is ${_.vm.vm}.`);
}

export async function reportValidation(_: {
  readonly report: Report;
  readonly spec: CloneSpec;
  readonly existing: VmSummary | undefined;
  readonly ifExists: CloneInputs['ifExists'];
}): Promise<void> {
  _.report.info('valid');
}
