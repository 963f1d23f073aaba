import { cloneSummary, type SummaryObject, validationSummary } from '../../github/clone-summary.ts';
import type { CloneInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import { formatDuration } from '../../text/duration.ts';
import type { CloneSpec } from '../../vcenter/clone-method.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import { describeVm } from '../delete-vm.ts';
import type { Timings } from '../timings.ts';
import type { CloneRequest } from './clone-request.ts';
import type { Settings } from './configure.ts';
import { customizationOf } from './ready.ts';
import { requestedObjects } from './requested-objects.ts';
import type { Validation } from './validate.ts';

export interface CloneReportOptions {
  readonly report: Report;
  readonly inputs: CloneInputs;
  readonly spec: CloneSpec;
  /** How it was cloned, for people. */
  readonly how: string;
  readonly settings: Settings;
  readonly vm: VmSummary;
  /** False for a VM that was there before. */
  readonly created: boolean;
  /** The VM that was deleted to make room for it. */
  readonly replaced?: { readonly id: string; readonly name: string } | undefined;
  /** The best one first. */
  readonly addresses: readonly string[];
  readonly timings: Timings;
}

/** Tells, in the log, which VM the steps that follow get. */
export function announceClone({
  report,
  vm,
  addresses,
  timings,
}: Pick<CloneReportOptions, 'report' | 'vm' | 'addresses' | 'timings'>): void {
  const [address] = addresses;
  const at = address === undefined ? '' : ` at ${address}`;
  const took = formatDuration(timings.total ?? 0);
  report.info(`Ready: ${describeVm(vm)}${at}, ${vm.powerState}, after ${took}.`);
}

/** Tells, in the summary, which VM the steps that follow get, and what will become of it. */
export async function summarizeClone(options: CloneReportOptions): Promise<void> {
  const { report, inputs, spec, how, settings, vm, created, replaced, addresses, timings } = options;
  const kind = customizationOf(inputs);
  await report.summary(
    cloneSummary({
      name: vm.name,
      id: vm.vm,
      ...objectsOf({ inputs, spec }),
      created,
      replaced,
      how,
      hardware: {
        cpuCount: settings.cpuCount,
        memory: settings.memory,
        networks: settings.networks.map(({ nic, network }) => ({ adapter: nic.name, network })),
        tags: settings.tags.map(({ name }) => name),
      },
      guest: {
        customization: kind === 'stored' ? inputs.guestCustomizationSpec : kind,
        guestinfo: Object.keys(inputs.guestinfo),
      },
      powerState: vm.powerState,
      addresses,
      timings,
      teardown: inputs.teardown,
    }),
  );
}

function objectsOf(request: { readonly inputs: CloneInputs; readonly spec: CloneSpec }) {
  const objects = requestedObjects(request);
  const find = (input: string): SummaryObject | undefined => objects.find((each) => each.input === input);
  return {
    source: find('source') ?? { id: request.spec.source },
    placement: {
      folder: find('folder'),
      resource_pool: find('resource-pool'),
      cluster: find('cluster'),
      host: find('host'),
      datastore: find('datastore'),
    },
  };
}

export interface ValidationReportOptions {
  readonly report: Report;
  readonly inputs: CloneInputs;
  /** The planned name of the VM. */
  readonly name: string;
  readonly request: Pick<CloneRequest, 'describe'>;
  readonly existing: VmSummary | undefined;
  readonly validation: Validation;
}

/** Tells what would be sent to vCenter, where `validate-only` keeps it from being sent. */
export async function reportValidation({
  report,
  inputs,
  name,
  request,
  existing,
  validation,
}: ValidationReportOptions): Promise<void> {
  const { ifExists } = inputs;
  const cloneSpec = JSON.stringify(request.describe(), undefined, 2);
  const { checked, unchecked } = validation;
  report.info("'validate-only' is on: what could be checked is in order, and nothing is cloned.");
  report.info(`Checked: ${checked.join(', ')}.`);
  report.info(`Not checked: ${unchecked.join(', ')}.`);
  await report.summary(
    validationSummary({
      name,
      cloneSpec,
      checked,
      unchecked,
      existing: existing === undefined || ifExists === 'fail' ? undefined : { id: existing.vm, ifExists },
    }),
  );
}
