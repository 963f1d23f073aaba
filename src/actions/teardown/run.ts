import { readTeardownInputs, type TeardownInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import { teardownSummary } from '../../github/summary.ts';
import { withDeadline } from '../../time/deadline.ts';
import { fromStoredName, toStoredName } from '../../vcenter/inventory/escaped-name.ts';
import { resolveLocation } from '../../vcenter/inventory/placement.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { getTask, hasEnded, isClone, type Task } from '../../vcenter/tasks.ts';
import { isNotFound } from '../../vcenter/transport/error.ts';
import { findVmsByName, getVm, type VmSummary } from '../../vcenter/vm.ts';
import { connected, lacksSecrets } from '../connect.ts';
import { removeVm } from '../delete-vm.ts';
import { RemovalFailure } from '../deletion-failure.ts';
import { watchTask } from '../poll-task.ts';
import { requestCancel } from '../recovery/abort.ts';
import type { Runtime } from '../runtime.ts';
import { runStep } from '../step.ts';
import { AmbiguousVm } from './ambiguous-vm.ts';

/** The main step of the teardown action. Returns the exit code. */
export function tearDown(runtime: Runtime): Promise<0 | 1> {
  return runStep(runtime, async ({ report, signal }) => {
    const { core, clock, readFile } = runtime;
    const inputs = readTeardownInputs({
      core,
      readFile,
      isForkPullRequest: await lacksSecrets(runtime),
    });
    core.setOutput('deleted', 'false');
    if (inputs.vmId === undefined && inputs.vmName === undefined && inputs.taskId === undefined) {
      report.notice({
        title: 'Nothing to tear down',
        text: "'vm-id', 'vm-name' and 'task-id' are all empty: the clone has not come as far as making a VM.",
      });
      return;
    }
    const asked = [inputs.vmName, inputs.vmId, inputs.taskId].filter((each) => each !== undefined).join(', ');
    const startedAt = clock.now();
    const gone = await withDeadline(
      { clock, what: `The teardown of ${asked}`, limit: inputs.timeout, signal },
      (deadline) => {
        const limits = { signal: deadline, patience: Number.POSITIVE_INFINITY };
        return connected({ runtime, connection: inputs.connection, report, limits }, async (session) => {
          const vm = await findVm({ runtime, session, inputs, report, limits });
          if (vm !== undefined) {
            core.setOutput('vm-id', vm.vm);
            core.setOutput('vm-name', fromStoredName(vm.name));
            const { shutdownTimeout } = inputs;
            await removeVm({ session, vm, clock, report, limits, shutdownTimeout }).catch(
              (cause: unknown) => {
                throw new RemovalFailure({ vm, cause });
              },
            );
            core.setOutput('deleted', 'true');
          }
          return vm;
        });
      },
    );
    if (gone === undefined) {
      report.info(`There is nothing to delete: ${asked} is not in vCenter (any more).`);
    }
    await report.summary(
      teardownSummary({
        asked,
        deleted: gone && { id: gone.vm, name: gone.name },
        milliseconds: clock.now() - startedAt,
      }),
    );
  });
}

interface FindOptions {
  readonly runtime: Runtime;
  readonly session: Session;
  readonly inputs: TeardownInputs;
  readonly report: Report;
  readonly limits: Limits;
}

/** The one VM that is meant; undefined where there is none (any more). */
async function findVm(options: FindOptions): Promise<VmSummary | undefined> {
  const { inputs } = options;
  const ended = inputs.taskId === undefined ? undefined : await endClone(options, inputs.taskId);
  // `target` may be the source, which only the clone step knows: the result alone is safe to delete.
  const made = ended?.status === 'SUCCEEDED' ? ended.resultVm : undefined;
  if (ended?.failure?.errorType === 'ALREADY_EXISTS' && inputs.vmId === undefined) {
    options.report.info('The clone failed because its name was taken: what bears the name is not its VM.');
    return undefined;
  }
  if (made !== undefined && inputs.vmId !== undefined && made !== inputs.vmId) {
    throw new AmbiguousVm(`'vm-id' is ${inputs.vmId}, but the task ${inputs.taskId} made ${made}.`);
  }
  const id = inputs.vmId ?? made;
  if (id !== undefined) {
    return findById(options, id);
  }
  if (ended === undefined && inputs.vmName === undefined) {
    options.report.warning({
      title: 'Task unknown',
      text: `vCenter does not know the task ${inputs.taskId} (any more), so nobody can tell whether it has made a VM. Give 'vm-id' or 'vm-name'.`,
    });
    return undefined;
  }
  if (ended?.status === 'SUCCEEDED' && inputs.vmName === undefined) {
    throw new AmbiguousVm(
      `The task ${ended.id} has made a VM and does not tell which. Give 'vm-id' or 'vm-name'.`,
    );
  }
  const named = await findByName(options);
  if (named !== undefined && ended?.failure?.errorType === 'CANCELED') {
    // A cancelled clone takes its copy away.
    throw new AmbiguousVm(
      `The clone was cancelled, and '${named.name}' (${named.vm}) is there all the same: it may be another's. Give 'vm-id' to delete it.`,
    );
  }
  return named;
}

async function findById(
  { session, inputs, limits }: FindOptions,
  id: string,
): Promise<VmSummary | undefined> {
  try {
    const vm = await getVm(session, id, limits);
    if (inputs.vmName !== undefined && toStoredName(inputs.vmName) !== toStoredName(vm.name)) {
      throw new AmbiguousVm(`${id} is called '${vm.name}', but 'vm-name' is '${inputs.vmName}'.`);
    }
    return vm;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

async function findByName({ session, inputs, limits }: FindOptions): Promise<VmSummary | undefined> {
  // Without a name the list would be of every VM that there is.
  if (inputs.vmName === undefined) {
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
  const found = await findVmsByName(session, { name: inputs.vmName, folder, datacenter }, limits);
  if (found.length > 1) {
    const ids = found.map(({ vm }) => vm).join(', ');
    throw new AmbiguousVm(
      `'${inputs.vmName}' fits several VMs: ${ids}. Give 'vm-id', or narrow it with 'folder'.`,
    );
  }
  return found[0];
}

/** Brings a clone that may still be running to its end; undefined where vCenter does not know it (any more). */
async function endClone(
  { runtime, session, report, limits }: FindOptions,
  task: string,
): Promise<Task | undefined> {
  const { clock, random } = runtime;
  const { signal, patience } = limits;
  const first = await getTask(session, task, limits).catch((error: unknown) => {
    if (isNotFound(error)) {
      report.info(`vCenter does not know the task ${task} (any more).`);
      return undefined;
    }
    throw error;
  });
  if (first?.operation !== undefined && !isClone(first.operation)) {
    throw new AmbiguousVm(`'task-id' is no clone but '${first.operation}'.`);
  }
  if (first === undefined || hasEnded(first)) {
    return first;
  }
  await requestCancel({ session, report, signal }, task);
  const { end } = await watchTask({ session, task, clock, random, report, signal, patience });
  return end;
}
