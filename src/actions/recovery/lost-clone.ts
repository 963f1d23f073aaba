import type { Report } from '../../github/report.ts';
import type { Clock } from '../../time/clock.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { hasEnded, listCloneTasks, type Task } from '../../vcenter/tasks.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import { CLOCK_SLACK, judgeOwnership, type LostRequest, madeBy, mayBeOurs } from './ownership.ts';
import { findNamesakes } from './vms-of-name.ts';

/** What became of a clone request whose answer was lost. */
export type LostClone =
  /** Nothing was started: no VM bears the name, and no clone runs that could be ours. */
  | { readonly outcome: 'nothing' }
  /** The request's own task, known by the VM that it makes. */
  | { readonly outcome: 'task'; readonly task: string }
  /** The VM is there and is ours; which task makes it, or has made it, is not told. */
  | ({ readonly outcome: 'vm' } & FoundVm)
  /** It cannot be told; nothing may be touched. */
  | { readonly outcome: 'unclear'; readonly why: string };

/** A VM that is certainly ours, found by its name. */
export interface FoundVm {
  readonly vm: VmSummary;
  /** The clones that may be the one that makes it; undefined where vCenter does not list its tasks. */
  readonly suspects: readonly Task[] | undefined;
}

export interface FindOptions {
  readonly session: Session;
  readonly request: LostRequest;
  readonly clock: Clock;
  readonly report: Report;
  /** Its signal ends the looking: as long as a clone runs that may be ours, that is the only end. */
  readonly limits: Limits;
}

/** A request that was cut off may still be on its way: nothing counts as started only after this time, in milliseconds. */
const SETTLING = 6_000;
/** Where vCenter does not list its tasks, only a VM with the name can show that a clone was started. */
const SETTLING_WITHOUT_TASKS = 30_000;
const PAUSES: readonly number[] = [500, 1_500, 2_000, 2_500];
const LONG_PAUSE = 5_000;

/**
 * Finds out what became of a clone request whose answer was lost: GET /api/vcenter/vm by name (and folder), and
 * POST /api/cis/tasks?action=list side by side, until it is clear.
 *
 * @throws VcenterError where the looking itself fails for good; the signal's reason.
 */
export async function findLostClone({
  session,
  request,
  clock,
  report,
  limits,
}: FindOptions): Promise<LostClone> {
  const startedAt = clock.now();
  // A task that waits in vCenter's queue may begin long after the request, and then looks like anybody's.
  const suspected = new Set<string>();
  for (let look = 0; ; look += 1) {
    const seen = await lookAround(session, request, { limits, suspected });
    const outcome = interpret(seen, { request, waited: clock.now() - startedAt });
    if (outcome !== undefined) {
      return outcome;
    }
    if (look === 0 && seen.suspects?.some((task) => !hasEnded(task))) {
      const ids = seen.suspects.map(({ id }) => id).join(', ');
      report.info(`Clones that may be this run's are under way (${ids}); watching them.`);
    }
    await clock.sleep(PAUSES[look] ?? LONG_PAUSE, limits.signal);
  }
}

/** What one look shows. */
interface Seen {
  /** VMs of the planned name that were not there before. */
  readonly vms: readonly VmSummary[];
  /** All clone tasks; undefined where vCenter does not list them. */
  readonly tasks: readonly Task[] | undefined;
  /** Those of `tasks` that may be the one that the request started. */
  readonly suspects: readonly Task[] | undefined;
}

/** What a look tells for certain; undefined where the next one may tell more. */
function interpret(
  { vms, tasks, suspects }: Seen,
  { request, waited }: { readonly request: LostRequest; readonly waited: number },
): LostClone | undefined {
  const { plan } = request;
  const isRunning = suspects?.some((task) => !hasEnded(task)) ?? false;
  const [vm, ...more] = vms;
  if (vm === undefined) {
    if (isRunning) {
      return undefined;
    }
    if (tasks !== undefined) {
      return waited >= SETTLING ? { outcome: 'nothing' } : undefined;
    }
    return waited >= SETTLING_WITHOUT_TASKS
      ? {
          outcome: 'unclear',
          why: `no VM is called '${plan.name}' so far, and this vCenter does not list its clone tasks`,
        }
      : undefined;
  }
  if (more.length > 0) {
    const ids = vms.map((each) => each.vm).join(', ');
    return { outcome: 'unclear', why: `several VMs are called '${plan.name}': ${ids}` };
  }

  const maker = suspects?.find((task) => madeBy(task, vm.vm));
  const verdict = judgeOwnership({
    plan,
    vm: vm.vm,
    // Of a name that others may use as well, only a task of this user, from this moment, is proof.
    ownTask: maker !== undefined && (plan.nameIsOwn || isProof(maker, request)) ? maker : undefined,
    watchedToEnd: false,
    // Of a name of our own, only a clone that began before the request can be another's.
    tasks: plan.nameIsOwn ? tasks?.filter((task) => beganBefore(task, request)) : tasks,
  });
  if (verdict.ours) {
    return maker === undefined ? { outcome: 'vm', vm, suspects } : { outcome: 'task', task: maker.id };
  }
  // A clone that runs may turn out to be the one that makes this VM.
  return isRunning
    ? undefined
    : { outcome: 'unclear', why: `'${plan.name}' (${vm.vm}) is there, but ${verdict.why}` };
}

function beganBefore({ startTime }: Task, { sentAt }: LostRequest): boolean {
  return startTime !== undefined && Date.parse(startTime) < sentAt - CLOCK_SLACK;
}

function isProof(task: Task, { proofWindow, ...request }: LostRequest): boolean {
  return (
    request.plan.folder !== undefined && // elsewhere others may clone to the same name in the same moment
    task.user !== undefined &&
    task.startTime !== undefined &&
    mayBeOurs(task, { ...request, window: proofWindow ?? request.window })
  );
}

async function lookAround(
  session: Session,
  request: LostRequest,
  { limits, suspected }: { readonly limits: Limits; readonly suspected: Set<string> },
): Promise<Seen> {
  const { plan } = request;
  const [vms, tasks] = await Promise.all([
    findNamesakes(session, plan, limits),
    listCloneTasks(session, limits), // where it is refused, the name is all there is to go by
  ]);
  const suspects = tasks?.filter(
    (task) => (suspected.has(task.id) || mayBeOurs(task, request)) && worksForUs(task, plan.source, vms),
  );
  for (const { id } of suspects ?? []) {
    suspected.add(id);
  }
  return { vms, tasks, suspects };
}

/** A task whose target or result is some other VM makes that one, not ours. */
function worksForUs({ targetVm, resultVm }: Task, source: string, vms: readonly VmSummary[]): boolean {
  const isOurs = (vm: string | undefined) =>
    vm === undefined || vm === source || vms.some((each) => each.vm === vm);
  return isOurs(targetVm) && isOurs(resultVm);
}
