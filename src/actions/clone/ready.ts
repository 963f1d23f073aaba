import type { CloneInputs } from '../../github/inputs.ts';
import { setOutputs } from '../../github/outputs.ts';
import { formatDuration } from '../../text/duration.ts';
import { withDeadline } from '../../time/deadline.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import { describeVm } from '../delete-vm.ts';
import { addressHints } from './address-hints.ts';
import {
  type AddressRule,
  addressRule,
  type CustomizationKind,
  MAY_BE_OF_SOURCE,
  TWO_POLLS,
} from './address-rule.ts';
import type { CloneRun } from './clone-run.ts';
import type { Settings } from './configure.ts';
import { namePorts } from './no-open-port.ts';
import { waitForCustomization } from './wait-for-customization.ts';
import { type FoundAddress, waitForIp } from './wait-for-ip.ts';
import { waitForPort } from './wait-for-port.ts';
import type { WaitOptions } from './watch-vm.ts';

export interface ReadyOptions {
  readonly vm: VmSummary;
  readonly settings: Settings;
  /** Addresses that the guest may show and that are its source's; undefined where nobody can tell them. */
  readonly sourceAddresses: readonly string[] | undefined;
  /** False for a VM that was there before: no customization of it is waited for. */
  readonly created: boolean;
}

/**
 * Waits for whatever makes the VM ready, and publishes the outputs `vm-id`, `created`, `power-state`, `ip-address` and
 * `ip-addresses`. Returns its usable addresses, the best first; none where none is waited for.
 *
 * @throws CustomizationFailed, CustomizationTimedOut, NoAddressError, NoOpenPortError, VmPoweredOffError; VcenterError; the
 * signal's reason.
 */
export async function waitUntilReady(run: CloneRun, options: ReadyOptions): Promise<readonly string[]> {
  const { runtime, inputs } = run;
  const { vm, created, sourceAddresses } = options;
  const { core } = runtime;
  setOutputs(core, { 'vm-id': vm.vm, created: String(created), 'power-state': vm.powerState });
  const customization = created && inputs.powerOn ? customizationOf(inputs) : undefined;
  const uncustomized = sourceAddresses === undefined ? MAY_BE_OF_SOURCE : TWO_POLLS;
  const rule =
    customization === undefined ? uncustomized : await waitForRule(run, { ...options, customization });
  if (!needsAddress(inputs)) {
    return [];
  }
  const { address, addresses } = await waitForAddress(run, { ...options, rule });
  setOutputs(core, { 'ip-address': address, 'ip-addresses': JSON.stringify(addresses) });
  return addresses;
}

/** How the inputs have the guest customized; undefined where they do not. */
export function customizationOf(inputs: CloneInputs): CustomizationKind | undefined {
  const { guestCustomizationSpec, userData, metaData } = inputs;
  if (guestCustomizationSpec !== undefined) {
    return 'stored';
  }
  return userData === undefined && metaData === undefined ? undefined : 'cloud-init';
}

function needsAddress({ waitForIp, waitForPort }: CloneInputs): boolean {
  return waitForIp || waitForPort.length > 0;
}

/** Waits for the end of the customization, where that is wanted. Returns when an address counts from now on. */
async function waitForRule(
  run: CloneRun,
  { customization: kind, ...options }: ReadyOptions & { readonly customization: CustomizationKind },
): Promise<AddressRule> {
  const { runtime, inputs, report, stopwatch, signal } = run;
  const { clock } = runtime;
  if (!inputs.waitForCustomization) {
    return addressRule({ kind, outcome: 'not waited for', now: clock.now() });
  }
  const vm = describeVm(options.vm);
  const limit = inputs.customizationTimeout;
  const common = waitOptions(run, { ...options, waits: ["'wait-for-customization'"] });
  stopwatch.begin('customization');
  report.info(`Waiting up to ${formatDuration(limit)} for the customization of ${vm}.`);
  const outcome = await withDeadline(
    { clock, what: 'The wait for the customization', limit, signal },
    (deadline) => waitForCustomization({ ...common, signal: deadline, kind }),
  );
  if (outcome === 'unknown' && !needsAddress(inputs)) {
    const text = `vCenter tells of no customization of ${vm}: whether the guest was customized is not known.`;
    report.warning({ title: 'Customization unknown', text });
  }
  return addressRule({ kind, outcome, now: clock.now() });
}

async function waitForAddress(
  run: CloneRun,
  { rule, ...options }: ReadyOptions & { readonly rule: AddressRule },
): Promise<FoundAddress> {
  const { runtime, inputs, report, stopwatch, signal } = run;
  const { clock, probePort } = runtime;
  const { ipTimeout, portTimeout, waitForPort: ports, ipFamily: family, ipCidr: networks } = inputs;
  const { sourceAddresses: excluded = [] } = options;
  const common = { ...waitOptions(run, options), family, networks, excluded };
  const vm = describeVm(options.vm);
  stopwatch.begin('ip');
  report.info(`Waiting up to ${formatDuration(ipTimeout)} for an address of ${vm}.`);
  const found = await withDeadline(
    { clock, what: 'The wait for an address', limit: ipTimeout, signal },
    (deadline) => waitForIp({ ...common, signal: deadline, rule, hints: () => addressHints(run, options) }),
  );
  if (ports.length === 0) {
    return found;
  }
  stopwatch.begin('port');
  report.info(`Waiting up to ${formatDuration(portTimeout)} for ${namePorts(ports)} of ${vm}.`);
  return withDeadline({ clock, what: 'The wait for a port', limit: portTimeout, signal }, (deadline) =>
    waitForPort({ ...common, signal: deadline, probePort, ports, addresses: found.addresses }),
  );
}

function waitOptions(
  { runtime, inputs, session, report }: CloneRun,
  { vm, created, waits = [] }: ReadyOptions & { readonly waits?: readonly string[] },
): Omit<WaitOptions, 'signal'> {
  const { clock, random } = runtime;
  const flags = [...waits, ...(inputs.waitForIp ? ["'wait-for-ip'"] : [])];
  const waitForLess = [
    ...(flags.length === 0 ? [] : [`set ${flags.join(' and ')} to false`]),
    ...(inputs.waitForPort.length === 0 ? [] : ["leave 'wait-for-port' out"]),
  ];
  return {
    ...{ session, clock, random, vm: vm.vm, report: report.info },
    isMeantToBeOn: created && inputs.powerOn,
    waitForLess: waitForLess.join(' and '),
  };
}
