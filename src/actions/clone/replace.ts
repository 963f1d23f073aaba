import { withDeadline } from '../../time/deadline.ts';
import { findVmsByName, type VmSummary } from '../../vcenter/vm.ts';
import { powerOffAndDelete } from '../delete-vm.ts';
import type { CloneRun } from './clone-run.ts';

/** How long vCenter may list a VM that it has deleted, and take its name for taken, in milliseconds. */
export const NAME_LAG = 30_000;
const POLL = 1_000;

/**
 * Deletes the VM that has the name, within `timeout`, and waits until vCenter does not list it any more.
 *
 * @throws VcenterError; the signal's reason.
 */
export async function replace(
  { runtime, inputs, session, report, stopwatch, signal }: CloneRun,
  { existing, folder }: { readonly existing: VmSummary; readonly folder: string | undefined },
): Promise<void> {
  const { clock } = runtime;
  stopwatch.begin('replace');
  report.info(`'${existing.name}' (${existing.vm}) exists and is replaced.`);
  await withDeadline(
    { clock, what: `The deletion of '${existing.name}' (${existing.vm})`, limit: inputs.timeout, signal },
    async (deadline) => {
      const limits = { signal: deadline, retryTimeout: Number.POSITIVE_INFINITY };
      await powerOffAndDelete({ session, vm: existing, clock, report, limits });
      const isListed = async () =>
        (await findVmsByName(session, { name: existing.name, folder }, limits)).some(
          ({ vm }) => vm === existing.vm,
        );
      const deletedAt = clock.now();
      while ((await isListed()) && clock.now() - deletedAt < NAME_LAG) {
        await clock.sleep(POLL, deadline);
      }
    },
  );
}
