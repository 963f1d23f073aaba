import type { Limits, Session } from '../../vcenter/session.ts';
import { VcenterError } from '../../vcenter/transport/error.ts';
import { readGuestinfo } from '../../vcenter/vi-json/config-spec.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import type { ClonePlan } from './journal.ts';

/**
 * Whether a VM bears the mark that this run's clone request has written into it, beside `guestinfo`: config.extraConfig. A mark
 * that cannot be read proves nothing. Without a mark in the plan nothing is asked.
 *
 * @throws the signal's reason.
 */
export async function bearsMark(
  session: Session,
  { plan, vm }: { readonly plan: ClonePlan; readonly vm: VmSummary },
  limits: Limits,
): Promise<boolean> {
  if (plan.mark === undefined) {
    return false;
  }
  try {
    const written = await readGuestinfo(session, vm.vm, { ...limits, retryTimeout: 0 });
    return written?.mark === plan.mark;
  } catch (error) {
    if (error instanceof VcenterError) {
      return false;
    }
    throw error;
  }
}
