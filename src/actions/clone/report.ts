import type { CloneInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import { cloneSummary, validationSummary } from '../../github/summary.ts';
import { formatDuration } from '../../text/duration.ts';
import type { CloneSpec, VmSummary } from '../../vcenter/vm.ts';
import type { Timings } from '../timings.ts';

export interface CloneReportOptions {
  readonly report: Report;
  readonly inputs: CloneInputs;
  readonly spec: CloneSpec;
  readonly vm: VmSummary;
  /** False for a VM that was there before. */
  readonly created: boolean;
  /** The best one first. */
  readonly addresses: readonly string[];
  readonly timings: Timings;
}

/** Tells, in log and summary, which VM the steps that follow get, and what will become of it. */
export async function reportClone(options: CloneReportOptions): Promise<void> {
  const { report, inputs, spec, vm, created, addresses, timings } = options;
  const [address] = addresses;
  const at = address === undefined ? '' : ` at ${address}`;
  const took = formatDuration(timings.total ?? 0);
  report.info(`'${vm.name}' is ${vm.vm}${at}, ${vm.powerState}, after ${took}.`);
  await report.summary(
    cloneSummary({
      name: vm.name,
      id: vm.vm,
      source: spec.source,
      created,
      placement: spec.placement ?? {},
      powerState: vm.powerState,
      addresses,
      timings,
      teardown: inputs.teardown,
    }),
  );
}

export interface ValidationReportOptions {
  readonly report: Report;
  readonly inputs: CloneInputs;
  readonly spec: CloneSpec;
  readonly existing: VmSummary | undefined;
}

/** Tells what would be sent to vCenter, where `validate-only` keeps it from being sent. */
export async function reportValidation({
  report,
  inputs,
  spec,
  existing,
}: ValidationReportOptions): Promise<void> {
  const { ifExists } = inputs;
  const cloneSpec = JSON.stringify(spec, undefined, 2);
  report.info("'validate-only' is on: everything is in order, and nothing is cloned.");
  await report.summary(
    validationSummary({
      name: spec.name,
      cloneSpec,
      existing: existing === undefined || ifExists === 'fail' ? undefined : { id: existing.vm, ifExists },
    }),
  );
}
