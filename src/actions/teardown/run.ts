import { readTeardownInputs, type TeardownInputs } from '../../github/inputs.ts';
import { tryOutput } from '../../github/outputs.ts';
import type { Report } from '../../github/report.ts';
import { teardownSummary } from '../../github/summary.ts';
import { withDeadline } from '../../time/deadline.ts';
import { unescapeName } from '../../vcenter/inventory/escaped-name.ts';
import { connected, lacksSecrets } from '../connect.ts';
import { type DoomedVm, powerOffAndDelete } from '../delete-vm.ts';
import type { Runtime } from '../runtime.ts';
import { runStep } from '../step.ts';
import { DeletionFailed } from './deletion-failed.ts';

/** Loads what is done with a session. */
type LoadWork = () => Promise<Pick<typeof import('./find-vm.ts'), 'findVmToDelete'>>;

/** The main step of the teardown action. Returns the exit code. */
export function tearDown(runtime: Runtime, loadWork: LoadWork): Promise<0 | 1> {
  return runStep(runtime, async ({ report, signal }) => {
    const { core, clock, readFile } = runtime;
    const inputs = readTeardownInputs({
      core,
      readFile,
      isForkPullRequest: await lacksSecrets(runtime),
    });
    if (inputs.vmId === undefined && inputs.vmName === undefined && inputs.taskId === undefined) {
      core.setOutput('deleted', 'false');
      report.notice({
        title: 'Nothing to tear down',
        text: "'vm-id', 'vm-name' and 'task-id' are all empty: either the clone was never asked for, or its outputs did not get here (a job passes on only what its 'outputs' list).",
      });
      return;
    }
    const asked = [inputs.vmName, inputs.vmId, inputs.taskId].filter((each) => each !== undefined).join(', ');
    const startedAt = clock.now();
    const gone = await withDeadline(
      { clock, what: `The teardown of ${asked}`, limit: inputs.timeout, signal },
      (deadline) => deleteIn(runtime, { loadWork, inputs, report, signal: deadline }),
    ).catch((error: unknown) => {
      tryOutput(core, 'deleted', 'false');
      throw error;
    });
    if (gone === undefined) {
      const outcome = nothingToDelete(inputs);
      report.info(`There is nothing to delete. ${outcome}`);
      await report.summary(teardownSummary({ deleted: undefined, outcome }));
    } else {
      const deleted = { id: gone.vm, name: gone.name ?? gone.vm };
      await report.summary(teardownSummary({ deleted, milliseconds: clock.now() - startedAt }));
    }
    // Not before: what the runner cannot take down keeps no VM from being deleted.
    core.setOutput('deleted', String(gone !== undefined));
  });
}

interface DeleteInOptions {
  readonly loadWork: LoadWork;
  readonly inputs: TeardownInputs;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Returns the VM that is deleted; undefined where there was none. */
function deleteIn(
  runtime: Runtime,
  { loadWork, inputs, report, signal }: DeleteInOptions,
): Promise<DoomedVm | undefined> {
  const { core, clock } = runtime;
  const { connection, shutdownTimeout } = inputs;
  const limits = { signal, retryTimeout: Number.POSITIVE_INFINITY };
  return connected({ runtime, connection, report, limits }, async ({ session }) => {
    const { findVmToDelete } = await loadWork();
    const vm = await findVmToDelete({ runtime, session, inputs, report, limits });
    if (vm === undefined) {
      return undefined;
    }
    tryOutput(core, 'vm-id', vm.vm);
    tryOutput(core, 'vm-name', vm.name === undefined ? '' : unescapeName(vm.name));
    await powerOffAndDelete({ session, vm, clock, report, limits, shutdownTimeout }).catch(
      (cause: unknown) => {
        throw new DeletionFailed({ vm, cause });
      },
    );
    return vm;
  });
}

/** How things stand, in terms of the VM. */
function nothingToDelete({ vmId, vmName, taskId }: TeardownInputs): string {
  if (vmId !== undefined || vmName !== undefined) {
    const vm = vmId === undefined ? `'${vmName}'` : vmName === undefined ? vmId : `'${vmName}' (${vmId})`;
    return `No VM ${vm} is in vCenter (any more).`;
  }
  return `No VM has come of the task ${taskId}, as far as vCenter tells.`;
}
