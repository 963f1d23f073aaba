import type { ClonePlan } from '../../github/state.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { findVmsByName, type VmSummary } from '../../vcenter/vm.ts';

/**
 * The VMs of the planned name, in the planned folder, that may have come of the clone: neither the source nor one that bore
 * the name before the request. Whose they are is another question.
 *
 * @throws VcenterError; the signal's reason.
 */
export async function findNamesakes(
  session: Session,
  plan: ClonePlan,
  limits: Limits,
): Promise<readonly VmSummary[]> {
  const found = await findVmsByName(session, plan, limits);
  return found.filter(({ vm }) => vm !== plan.source && !plan.vmsBefore.includes(vm));
}
