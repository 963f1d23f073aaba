import { withDeadline } from '../../time/deadline.ts';
import type { TaskFailure } from '../../vcenter/task.ts';
import { type Guestinfo, reconfigure } from '../../vcenter/vi-json/config-spec.ts';
import { vimTasks } from '../../vcenter/vi-json/tasks.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import { describeVm } from '../delete-vm.ts';
import { pollTask } from '../poll-task.ts';
import type { CloneRun } from './clone-run.ts';

/** The task that was to change the VM has failed, or vCenter does not know how it ended. */
export class ReconfigurationFailed extends Error {
  override readonly name = 'ReconfigurationFailed';
  readonly failure: TaskFailure | undefined;

  constructor({ task, failure }: { readonly task: string; readonly failure: TaskFailure | undefined }) {
    const type = failure?.fault?.name ?? failure?.errorType;
    super(
      failure === undefined
        ? `How the task ${task} ended is not known: vCenter has forgotten it.`
        : `Reconfiguring it failed (task ${task}). vCenter: ${failure.messages.join(' ')}${type === undefined ? '' : ` [${type}]`}`,
    );
    this.failure = failure;
  }
}

/** How long the start of the task, and each poll of it, is retried, in milliseconds. */
const RETRY_TIMEOUT = 60_000;
/** How long all of it may take, in milliseconds: it takes some seconds, behind other tasks of the VM's host some more. */
const LONGEST = 300_000;

/**
 * Sets notes and guestinfo of a VM: VirtualMachine.ReconfigVM_Task, polled to its end. Setting them twice does no harm, so a
 * request whose response was lost is sent again.
 *
 * @throws ReconfigurationFailed; DeadlineExceeded; VcenterError; the signal's reason.
 */
export async function reconfigureVm(
  { runtime, session, report, signal }: CloneRun,
  {
    vm,
    notes,
    guestinfo,
  }: {
    readonly vm: Pick<VmSummary, 'vm' | 'name'>;
    readonly notes: string | undefined;
    readonly guestinfo: Guestinfo | undefined;
  },
): Promise<void> {
  const { clock, random } = runtime;
  const settings = {
    ...(notes === undefined ? {} : { notes }),
    ...(guestinfo === undefined ? {} : { guestinfo }),
  };
  const inputs = Object.keys(settings).map((input) => `'${input}'`);
  const what = `The task that sets ${inputs.join(' and ')} of ${describeVm(vm)}`;
  await withDeadline({ clock, what, limit: LONGEST, signal }, async (deadline) => {
    const limits = { signal: deadline, retryTimeout: RETRY_TIMEOUT };
    const id = await reconfigure(session, { vm: vm.vm, ...settings }, limits);
    const task = await pollTask({ session, tasks: vimTasks, task: id, clock, random, report, ...limits });
    if (task?.status !== 'SUCCEEDED') {
      throw new ReconfigurationFailed({ task: id, failure: task?.failure });
    }
  });
}
