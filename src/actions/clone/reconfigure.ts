import type { TaskFailure } from '../../vcenter/task.ts';
import { type Guestinfo, reconfigure } from '../../vcenter/vi-json/config-spec.ts';
import { vimTasks } from '../../vcenter/vi-json/tasks.ts';
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

/**
 * Sets notes and guestinfo of a VM: VirtualMachine.ReconfigVM_Task, polled to its end. Setting them twice does no harm, so a
 * request whose response was lost is sent again.
 *
 * @throws ReconfigurationFailed; VcenterError; the signal's reason.
 */
export async function reconfigureVm(
  { runtime, session, report, signal }: CloneRun,
  {
    vm,
    notes,
    guestinfo,
  }: {
    readonly vm: string;
    readonly notes: string | undefined;
    readonly guestinfo: Guestinfo | undefined;
  },
): Promise<void> {
  const { clock, random } = runtime;
  const settings = {
    ...(notes === undefined ? {} : { notes }),
    ...(guestinfo === undefined ? {} : { guestinfo }),
  };
  const id = await reconfigure(session, { vm, ...settings }, { signal, retryTimeout: RETRY_TIMEOUT });
  const task = await pollTask({
    ...{ session, tasks: vimTasks, task: id, clock, random, report, signal },
    retryTimeout: RETRY_TIMEOUT,
  });
  if (task?.status !== 'SUCCEEDED') {
    throw new ReconfigurationFailed({ task: id, failure: task?.failure });
  }
}
