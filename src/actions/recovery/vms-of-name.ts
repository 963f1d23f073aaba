import type { Limits, Session } from '../../vcenter/session.ts';
import { findVmsByName, type VmSummary } from '../../vcenter/vm.ts';
import type { ClonePlan } from './journal.ts';
import { isSource } from './ownership.ts';

/**
 * The VMs of the planned name, in the planned folder, that may have come of the clone: neither the source nor one that had
 * the name before the request. Whose they are is another question.
 *
 * @throws VcenterError; the signal's reason.
 */
export async function listNewVmsOfName(
  session: Session,
  plan: ClonePlan,
  limits: Limits,
): Promise<readonly VmSummary[]> {
  const found = await findVmsByName(session, plan, limits);
  return found.filter(({ vm }) => !isSource(plan, vm) && !plan.vmsBefore.includes(vm));
}
