import type { Report } from '../../github/report.ts';
import type { Clock } from '../../time/clock.ts';
import { outliving } from '../../time/deadline.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { isLoginRefused, isOwnRefusal, VcenterError } from '../../vcenter/transport/error.ts';
import { findVmInFolder, type VmSummary } from '../../vcenter/vm.ts';
import { describeVm, powerOffAndDelete } from '../delete-vm.ts';
import type { Decision, Rules } from './decide.ts';
import type { Inquiry } from './inquiry.ts';
import { type Entry, foundOf, type Pass } from './pass.ts';
import { decideWith } from './survey.ts';

/** Milliseconds that a deletion under way may go on when the pass is to end. */
const DELETION_GRACE = 3_000;

export interface DeleteFoundOptions {
  readonly pass: Pass;
  readonly session: Session;
  readonly inquiry: Inquiry;
  readonly rules: Rules;
  /** How many are deleted at most. */
  readonly limit: number;
  readonly clock: Clock;
  readonly report: Report;
  readonly limits: Limits;
}

/**
 * Deletes what was found, one VM after the other, oldest run first, until `limit`. Each is checked once more right before; GitHub
 * has no lock, so a run that is started again within the one or two requests that follow goes unnoticed. A VM that cannot be
 * deleted does not stop the others. Ends early where GitHub gives no clear response any more.
 *
 * @throws the signal's reason; VcenterError where no login is accepted any more.
 */
export async function deleteFound(options: DeleteFoundOptions): Promise<void> {
  const { pass, session, inquiry, limit, clock, report, limits } = options;
  let taken = 0;
  for (const entry of foundOf(pass)) {
    limits.signal.throwIfAborted();
    if (taken >= limit || inquiry.endedBy() !== undefined) {
      return;
    }
    let isBegun = false;
    try {
      const vm = await checkAgain(entry, options);
      if (vm !== undefined) {
        isBegun = true;
        await outliving({ clock, by: DELETION_GRACE, signal: limits.signal }, (signal) =>
          powerOffAndDelete({ session, vm, clock, report, limits: { ...limits, signal } }),
        );
        entry.outcome = 'deleted';
        taken += 1;
      }
    } catch (error) {
      if (limits.signal.aborted && !isBegun) {
        throw error;
      }
      entry.outcome = 'failed';
      entry.error = error;
      // What vCenter has refused leaves room for another; what became of the rest nobody knows.
      const isRefused = error instanceof VcenterError && isOwnRefusal(error);
      taken += isBegun && !isRefused ? 1 : 0;
      if (isLoginRefused(error)) {
        throw error;
      }
      report.info(`${describeVm(entry.candidate.vm)} was not deleted.`);
    }
  }
}

/** The VM as it is now, where everything still says that it is to go. What has changed is written down in the entry. */
async function checkAgain(
  entry: Entry,
  { session, inquiry, rules, report, limits }: DeleteFoundOptions,
): Promise<VmSummary | undefined> {
  const { vm: listed, folder } = entry.candidate;
  const vm = await findVmInFolder(session, { vm: listed.vm, folder }, limits);
  if (vm === undefined) {
    entry.outcome = 'gone';
    report.info(`${describeVm(listed)} is not in its folder any more.`);
    return undefined;
  }
  const decision =
    vm.name === listed.name ? await decideAgain(entry, { inquiry, rules, limits }) : renamed(vm);
  if (decision.decision === 'keep') {
    entry.decision = decision;
    report.info(`Keep ${describeVm(listed)} after all: ${decision.reason}.`);
    return undefined;
  }
  return vm;
}

async function decideAgain(
  { candidate, run: before }: Entry,
  { inquiry, rules, limits }: Pick<DeleteFoundOptions, 'inquiry' | 'rules' | 'limits'>,
): Promise<Decision> {
  const { name } = candidate;
  const { signal } = limits;
  const run = await inquiry.run(name.runId, signal);
  if (run.kind === 'found' && run.value.attempt !== before?.attempt) {
    const reason = `run ${name.runId} was started again meanwhile`;
    return { decision: 'keep', rule: 'disagreement', reason };
  }
  return decideWith({ name, run }, rules, (number) => inquiry.pullRequest(number, signal));
}

function renamed({ name }: VmSummary): Decision {
  return { decision: 'keep', rule: 'disagreement', reason: `it is called '${name}' by now` };
}
