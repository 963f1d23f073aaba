import { DescribedError, joinLines } from '../../text/described-error.ts';
import { getCoresPerSocket } from '../../vcenter/hardware.ts';
import type { Session } from '../../vcenter/session.ts';
import type { TagsNotAttached } from '../../vcenter/tags.ts';
import { isRefusal, isUnknownUrl, VcenterError } from '../../vcenter/transport/error.ts';
import { findVm, type VmSummary } from '../../vcenter/vm.ts';
import { adviceFor, RECONFIGURE_PRIVILEGES, TOOLS_UNKNOWN } from '../advice.ts';
import { describeVm } from '../delete-vm.ts';
import { ReconfigurationFailed } from './reconfigure.ts';

/** A setting was refused, or could not be made; the VM of the clone goes. */
export class SettingFailed extends DescribedError {
  override readonly name = 'SettingFailed';
  readonly title: string;
  readonly text: string;

  constructor({
    input,
    vm,
    hint,
    cause,
  }: {
    readonly input: string;
    readonly vm: VmSummary;
    readonly hint: string | undefined;
    readonly cause: VcenterError | TagsNotAttached | ReconfigurationFailed;
  }) {
    super(`'${input}' failed for ${vm.vm}`, { cause });
    const words = cause instanceof VcenterError ? cause.text : cause.message;
    const isRefused = !(cause instanceof VcenterError) || cause.failure === 'response';
    this.title = isRefused ? 'Setting refused' : cause.title;
    const what = isRefused ? 'was refused' : 'could not be set';
    this.text = joinLines(`'${input}' ${what} for ${describeVm(vm)}. ${words}`, hint);
  }
}

/** What to do about a setting that failed; vCenter is asked once more where its own words do not say. */
export async function hintFor(
  error: VcenterError | TagsNotAttached | ReconfigurationFailed,
  {
    session,
    vm,
    settings,
    signal,
  }: {
    readonly session: Session;
    readonly vm: VmSummary;
    readonly settings: { readonly cpuCount: number | undefined };
    readonly signal: AbortSignal;
  },
): Promise<string | undefined> {
  if (error instanceof ReconfigurationFailed) {
    return error.failure?.errorType === 'UNAUTHORIZED'
      ? `The account needs ${RECONFIGURE_PRIVILEGES}.`
      : undefined;
  }
  if (!(error instanceof VcenterError)) {
    return undefined;
  }
  const once = { signal, retryTimeout: 0 };
  const { operation } = error;
  const isCustomization = operation.endsWith('/guest/customization');
  if (isCustomization && (isUnknownUrl(error) || isRefusal(error, 'UNEXPECTED_INPUT'))) {
    return "'user-data' and 'meta-data' need vCenter 7.0 Update 3 or later.";
  }
  // vCenter may refuse an object that is gone as one that the account has no right to.
  if (isRefusal(error, 'UNAUTHORIZED', 'NOT_FOUND')) {
    const found = await findVm(session, vm.vm, once).catch(() => vm);
    signal.throwIfAborted();
    return found === undefined ? 'The VM is gone: somebody has deleted it.' : adviceFor(error);
  }
  if (operation.endsWith('/hardware/cpu') && isRefusal(error, 'INVALID_ARGUMENT')) {
    const cores = await getCoresPerSocket(session, vm.vm, once).catch(() => undefined);
    signal.throwIfAborted();
    const inVm = cores === undefined ? '' : `; this VM has ${cores}`;
    return `'cpu-count' (${settings.cpuCount}) is the number of all CPUs, and a multiple of the cores per socket${inVm}.`;
  }
  if (isCustomization) {
    return joinLines(adviceFor(error), TOOLS_UNKNOWN);
  }
  return adviceFor(error);
}
