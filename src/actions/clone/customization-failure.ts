import { DescribedError, joinLines } from '../../text/described-error.ts';
import { formatDuration } from '../../text/duration.ts';
import type { DeadlineExceeded } from '../../time/deadline.ts';
import type { Customization } from '../../vcenter/customization.ts';
import type { CustomizationKind } from './address-rule.ts';
import { howToKeep, type WaitAdvice } from './vm-powered-off.ts';
import { describeLastError, type PollHistory } from './watch-vm.ts';

interface CustomizationFields extends WaitAdvice {
  readonly vm: string;
  readonly kind: CustomizationKind;
}

/** The customization of a guest ended as FAILED. */
export class CustomizationFailed extends DescribedError {
  override readonly name = 'CustomizationFailed';
  readonly title = 'The customization failed';
  readonly text: string;

  constructor({ vm, kind, error, ...advice }: CustomizationFields & { readonly error: string | undefined }) {
    super(`the customization of ${vm} failed`);
    this.text = joinLines(
      `The customization of ${vm} failed. vCenter: ${error ?? 'No reason was given.'}`,
      LOGS[kind],
      howToKeep(advice),
    );
  }
}

/** The customization of a guest did not end in the time given. */
export class CustomizationTimedOut extends DescribedError {
  override readonly name = 'CustomizationTimedOut';
  readonly title = 'The customization took too long';
  readonly text: string;

  constructor({
    vm,
    kind,
    last,
    polls,
    cause,
    ...advice
  }: CustomizationFields & {
    /** As it was last seen. */
    readonly last: Customization | undefined;
    readonly polls: PollHistory;
    readonly cause: DeadlineExceeded;
  }) {
    super(`the customization of ${vm} did not end within ${cause.limit} ms`, { cause });
    const limit = `${formatDuration(cause.limit)} ('customization-timeout')`;
    this.text = joinLines(
      `The customization of ${vm} did not end within ${limit}; ${describe(last)}.`,
      last?.error === undefined ? undefined : `The guest has reported an error meanwhile: ${last.error}`,
      ...(last === undefined ? [] : whatItNeeds(kind, last)),
      describeLastError(polls, cause),
      howToKeep(advice),
    );
  }
}

function describe(last: Customization | undefined): string {
  return last === undefined
    ? 'vCenter responded to no request about it'
    : `it is ${last.status === 'PENDING' ? 'PENDING: the guest has not begun it' : last.status}`;
}

/** Where the guest writes down what it does. */
const LOGS: Readonly<Record<CustomizationKind, string>> = {
  stored:
    'The guest has its log: /var/log/vmware-imc/toolsDeployPkg.log, or C:\\Windows\\Temp\\vmware-imc\\guestcust.log.',
  'cloud-init': 'The guest has its logs: /var/log/cloud-init.log and /var/log/vmware-imc/toolsDeployPkg.log.',
};

function whatItNeeds(kind: CustomizationKind, { status }: Customization): readonly string[] {
  if (kind === 'stored') {
    return [
      'The source needs VMware Tools (open-vm-tools), and perl where it runs Linux.',
      "Windows takes 20 to 30 minutes: set 'customization-timeout' for it.",
    ];
  }
  return [
    "The source needs VMware Tools (open-vm-tools), cloud-init 21.1 or later with 'VMware' in its datasource_list, and 'disable_vmware_customization: false' in /etc/cloud/cloud.cfg itself.",
    'A source that has guestinfo.metadata, guestinfo.userdata or guestinfo.vendordata of its own passes them on to its clones, and cloud-init takes them instead: remove them.',
    ...(status === 'RUNNING' ? [LOGS[kind]] : []),
  ];
}
