import type { Report } from '../../github/report.ts';
import { bareId } from '../../text/reference.ts';
import type { Clock } from '../../time/clock.ts';
import { escapeName } from '../../vcenter/inventory/escaped-name.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { hasEnded, type Task, type TaskKind } from '../../vcenter/task.ts';
import { findVm, type VmSummary } from '../../vcenter/vm.ts';
import type { ClonePlan } from './journal.ts';
import { bearsMark } from './mark.ts';
import { ACCEPTANCE_WINDOW, isSource, LISTING_LAG } from './ownership.ts';
import { listNewVmsOfName } from './vms-of-name.ts';

/** What became of a clone request whose response was lost. */
export type LostClone =
  /** No clone was started, and vCenter has had all the time in which it may begin with one. */
  | { readonly outcome: 'none' }
  /** The VM is there and is this run's; the task is given where one that has not ended names the VM. */
  | { readonly outcome: 'vm'; readonly vm: VmSummary; readonly task: string | undefined }
  /** It cannot be told whose the VM is, so nothing may be touched. */
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface FindOptions {
  readonly session: Session;
  /** The kind of task that the request would have started. */
  readonly tasks: TaskKind;
  readonly plan: ClonePlan;
  /** How long ago the request was sent, in milliseconds. */
  readonly age: number;
  readonly clock: Clock;
  readonly report: Report;
  /** Its signal ends the search: until it is certain what became of the request, nothing else ends it. */
  readonly limits: Limits;
}

const PAUSES: readonly number[] = [500, 1_500, 2_000, 2_500];
const LONG_PAUSE = 5_000;

/**
 * Finds out what became of a clone request whose response was lost: GET /api/vcenter/vm by name (and folder), and the
 * list of clone tasks side by side, until it is certain.
 *
 * @throws VcenterError where the search itself fails for good; the signal's reason.
 */
export async function findLostClone(options: FindOptions): Promise<LostClone> {
  const { session, tasks: kind, plan, age, clock, report, limits } = options;
  const sentAt = clock.now() - age;
  const isOthers = createOthersFilter(options);
  let candidateSeenAt = Number.NEGATIVE_INFINITY;
  for (let poll = 0; ; poll += 1) {
    const [vms, tasks] = await Promise.all([
      listNewVmsOfName(session, plan, limits),
      kind.listClones(session, plan.source, limits),
    ]);
    const active = tasks?.filter((task) => !hasEnded(task)) ?? [];
    const [vm] = vms;
    if (vm !== undefined) {
      const isMarked = !plan.isNameGenerated && (await bearsMark(session, { plan, vm }, limits));
      return ownedOrUnknown({ plan, vm, active, isMarked });
    }
    const candidates: Task[] = [];
    for (const task of active) {
      if (!(await isOthers(task))) {
        candidates.push(task);
      }
    }
    const now = clock.now();
    if (candidates.length > 0) {
      if (candidateSeenAt === Number.NEGATIVE_INFINITY) {
        const ids = candidates.map(({ id }) => id).join(', ');
        report.info(`Clones that may be this run's have not ended (${ids}); waiting for them.`);
      }
      candidateSeenAt = now;
    }
    const isCertain =
      tasks !== undefined && now - sentAt >= ACCEPTANCE_WINDOW && now - candidateSeenAt >= LISTING_LAG;
    if (isCertain) {
      return { outcome: 'none' };
    }
    await clock.sleep(PAUSES[poll] ?? LONG_PAUSE, limits.signal);
  }
}

function ownedOrUnknown({
  plan,
  vm,
  active,
  isMarked,
}: {
  readonly plan: ClonePlan;
  readonly vm: VmSummary;
  readonly active: readonly Task[];
  readonly isMarked: boolean;
}): LostClone {
  if (!plan.isNameGenerated && !isMarked) {
    // A task of this account that began in time is no proof: another job may have asked for the same name.
    const reason = `'${vm.name}' (${vm.vm}) is there, but others may use this name, too, and the response that would prove whose it is was lost`;
    return { outcome: 'unknown', reason };
  }
  const task = active.find(({ targetVm }) => targetVm !== undefined && bareId(targetVm) === bareId(vm.vm));
  return { outcome: 'vm', vm, task: task?.id };
}

/** Tells the clones of others: by their target, where that is a VM of another name. Users and times are written in too many ways. */
function createOthersFilter({
  session,
  plan,
  limits,
}: Pick<FindOptions, 'session' | 'plan' | 'limits'>): (task: Task) => Promise<boolean> {
  const others = new Set<string>();
  return async ({ targetVm }) => {
    if (targetVm === undefined || isSource(plan, targetVm)) {
      return false;
    }
    if (!others.has(targetVm)) {
      const vm = await findVm(session, targetVm, { ...limits, retryTimeout: 0 }).catch(ignoreVcenter(limits));
      if (vm === undefined || escapeName(vm.name) === escapeName(plan.name)) {
        return false;
      }
      others.add(targetVm);
    }
    return true;
  };
}

function ignoreVcenter({ signal }: Limits): (error: unknown) => undefined {
  return () => {
    signal.throwIfAborted();
    return undefined;
  };
}
