import type { TeardownInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import { readGeneratedName } from '../../github/vm-name.ts';
import { bareId } from '../../text/reference.ts';
import { isClone } from '../../vcenter/cis-tasks.ts';
import { TASK_KINDS, taskKindOf } from '../../vcenter/clone-method.ts';
import { escapeName } from '../../vcenter/inventory/escaped-name.ts';
import { resolveLocation } from '../../vcenter/inventory/placement.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { hasEnded, isCancelled, isNameTaken, type Task } from '../../vcenter/task.ts';
import { isLoginRefused, isNotFound, VcenterError } from '../../vcenter/transport/error.ts';
import { findVm, findVmsByName, type VmSummary } from '../../vcenter/vm.ts';
import { type DoomedVm, describeVm } from '../delete-vm.ts';
import { pollTask } from '../poll-task.ts';
import { LISTING_LAG } from '../recovery/ownership.ts';
import { requestCancel } from '../recovery/task.ts';
import type { Runtime } from '../runtime.ts';
import { NothingDeleted } from './nothing-deleted.ts';

export interface FindVmOptions {
  readonly runtime: Runtime;
  readonly session: Session;
  readonly inputs: TeardownInputs;
  readonly report: Report;
  readonly limits: Limits;
}

/** Name and power state are good to know: what cannot be described in this time, in milliseconds, is deleted by its id. */
const DESCRIBE_RETRY = 20_000;
const POLL = 1_000;

/**
 * The one VM that is meant; undefined where there is none (any more). A clone that may still be running is brought to its
 * end first.
 *
 * @throws NothingDeleted; ResolveError; VcenterError; the signal's reason.
 */
export async function findVmToDelete(options: FindVmOptions): Promise<DoomedVm | undefined> {
  const { inputs } = options;
  const { taskId, vmId } = inputs;
  const task = taskId === undefined ? undefined : await endClone(options, taskId);
  // The target may be the source, which only the clone step knows: the result alone is safe to go by.
  const made =
    task?.status === 'SUCCEEDED' && task.resultVm !== undefined ? bareId(task.resultVm) : undefined;
  if (made !== undefined && vmId !== undefined && made !== bareId(vmId)) {
    throw new NothingDeleted(`'vm-id' is ${vmId}, but the task ${taskId} made ${made}.`);
  }
  const id = vmId ?? made;
  if (id !== undefined) {
    return findById(options, id);
  }
  return taskId === undefined ? findByName(options) : findMadeByTask(options, { taskId, task });
}

async function findById(
  { session, inputs, limits }: FindVmOptions,
  id: string,
): Promise<DoomedVm | undefined> {
  let vm: VmSummary | undefined;
  try {
    vm = await findVm(session, id, { ...limits, retryTimeout: DESCRIBE_RETRY });
  } catch (error) {
    if (!(error instanceof VcenterError) || isLoginRefused(error) || inputs.vmName !== undefined) {
      throw error; // a name that is given and cannot be compared is a doubt
    }
    return { vm: id };
  }
  if (vm !== undefined && inputs.vmName !== undefined && escapeName(inputs.vmName) !== escapeName(vm.name)) {
    throw new NothingDeleted(`${id} is called '${vm.name}', but 'vm-name' is '${inputs.vmName}'.`);
  }
  return vm;
}

/** A task that tells no VM: the name may, where something proves that this task made it. */
async function findMadeByTask(
  options: FindVmOptions,
  { taskId, task }: { readonly taskId: string; readonly task: Task | undefined },
): Promise<VmSummary | undefined> {
  const { runtime, inputs, report, limits } = options;
  const { vmName } = inputs;
  if (vmName === undefined) {
    if (task?.status === 'SUCCEEDED') {
      throw new NothingDeleted(
        `The task ${taskId} has made a VM and does not tell which. Give 'vm-id' or 'vm-name'.`,
      );
    }
    if (task === undefined) {
      report.warning({
        title: 'Task unknown',
        text: `vCenter does not know the task ${taskId} (any more), so nobody can tell whether it has made a VM. Give 'vm-id' or 'vm-name'.`,
      });
    }
    return undefined;
  }
  const generated = readGeneratedName(vmName);
  const isOwnName = generated !== undefined && String(generated.runId) === runtime.env['GITHUB_RUN_ID'];
  if (isNameTaken(task?.failure) && !isOwnName) {
    report.info('The clone failed because its name was taken: the VM of that name is not its VM.');
    return undefined;
  }
  // In its folder a name is one VM's, and the task could not have succeeded beside another.
  const isProven = isOwnName || (task?.status === 'SUCCEEDED' && inputs.folder !== undefined);
  const vm = task?.status === 'SUCCEEDED' ? await waitForName(options) : await findByName(options);
  if (vm === undefined || isProven) {
    return vm;
  }
  const how =
    task === undefined
      ? 'vCenter does not know the task any more'
      : isCancelled(task.failure)
        ? 'the clone was cancelled, which takes its copy away'
        : task.status === 'SUCCEEDED'
          ? "another VM may have this name in another folder, and 'folder' is not given"
          : 'the clone has failed';
  limits.signal.throwIfAborted();
  throw new NothingDeleted(
    `${describeVm(vm)} is there, but nothing proves that the task ${taskId} made it: ${how}. If it is to go, give its id in 'vm-id', or 'vm-name' without 'task-id'.`,
  );
}

/** A VM may be listed only a moment after its task's end. */
async function waitForName(options: FindVmOptions): Promise<VmSummary | undefined> {
  const { clock } = options.runtime;
  const startedAt = clock.now();
  for (;;) {
    const vm = await findByName(options);
    if (vm !== undefined || clock.now() - startedAt >= LISTING_LAG) {
      return vm;
    }
    await clock.sleep(POLL, options.limits.signal);
  }
}

async function findByName({ session, inputs, limits }: FindVmOptions): Promise<VmSummary | undefined> {
  const { vmName: name } = inputs;
  // Without a name the list would be of every VM that there is.
  if (name === undefined) {
    return undefined;
  }
  const { folder, datacenter } = await resolveLocation(
    session,
    {
      ...(inputs.folder === undefined ? {} : { folder: inputs.folder }),
      ...(inputs.datacenter === undefined ? {} : { datacenter: inputs.datacenter }),
    },
    limits,
  );
  const found = await findVmsByName(session, { name, folder, datacenter }, limits);
  if (found.length > 1) {
    const ids = found.map(({ vm }) => vm).join(', ');
    throw new NothingDeleted(`'${name}' fits several VMs: ${ids}. Give 'vm-id', or narrow it with 'folder'.`);
  }
  return found[0];
}

/** Brings a clone that may still be running to its end; undefined where vCenter does not know it (any more). */
async function endClone(
  { runtime, session, report, limits }: FindVmOptions,
  task: string,
): Promise<Task | undefined> {
  const { clock, random } = runtime;
  const { signal } = limits;
  const tasks = taskKindOf(task);
  const first = await tasks.get(session, task, limits).catch((error: unknown) => {
    if (isNotFound(error)) {
      report.info(`vCenter does not know the task ${task} (any more).`);
      return undefined;
    }
    throw error;
  });
  if (first?.operation !== undefined && !isClone(first.operation)) {
    throw new NothingDeleted(`'task-id' is no clone but '${first.operation}'.`);
  }
  if (first === undefined || hasEnded(first)) {
    return first;
  }
  await requestCancel({ session, taskKinds: TASK_KINDS, report, signal }, { kind: tasks.kind, id: task });
  return pollTask({ session, tasks, task, clock, random, report, signal });
}
