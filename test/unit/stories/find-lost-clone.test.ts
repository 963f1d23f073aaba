import { describe, expect, it } from 'vitest';
import { findLostClone, type LostClone } from '../../../src/actions/recovery/lost-clone.ts';
import type { ClonePlan } from '../../../src/github/state.ts';
import { DeadlineExceeded, withDeadline } from '../../../src/time/deadline.ts';
import { createRecordedReport } from '../recorded-report.ts';
import { createScriptedSession, type Handler, inTurn, throws } from '../scripted-session.ts';
import { brokenOff, refused, rejection, unavailable } from '../vcenter-answers.ts';
import { createVirtualClock, EPOCH } from '../virtual-clock.ts';
import { createVirtualVcenter, type VirtualVcenter } from '../virtual-vcenter.ts';
import { FOLDER, GIVEN_NAME, OWN_NAME, SOURCE } from './clone-plan.ts';

const VMS = 'GET /api/vcenter/vm';
const TASKS = 'POST /api/cis/tasks?action=list';
const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';

const MINUTE = 60_000;

/** The looking, as it is done for a request that went out at the start of time and was lost at once. */
async function find(
  vcenter: Pick<VirtualVcenter, 'session' | 'clock'>,
  plan: ClonePlan,
  { sentAt = EPOCH, window = 500, limit = 10 * MINUTE } = {},
): Promise<{
  readonly lost: LostClone | 'still watching';
  readonly at: number;
  readonly lines: readonly string[];
}> {
  const { session, clock } = vcenter;
  const report = createRecordedReport();
  const lost = await withDeadline({ clock, what: 'the looking', limit }, (signal) =>
    findLostClone({
      ...{ session, clock, report },
      limits: { signal, retryTimeout: Number.POSITIVE_INFINITY },
      request: { plan, username: session.username, sentAt, window },
    }),
  ).catch((error: unknown) => {
    if (error instanceof DeadlineExceeded) {
      return 'still watching' as const;
    }
    throw error;
  });
  return { lost, at: clock.now(), lines: report.lines };
}

/** One answer of each kind, which stays the same. */
function frozen(plan: ClonePlan, { vms, tasks }: { vms: readonly string[]; tasks: object | 'not listed' }) {
  const clock = createVirtualClock();
  const rows = vms.map((vm) => ({ vm, name: plan.name, power_state: 'POWERED_OFF' }));
  const session = createScriptedSession({
    clock,
    handlers: {
      [VMS]: () => rows,
      [TASKS]:
        tasks === 'not listed'
          ? throws(refused({ operation: TASKS, status: 500, errorType: 'ERROR' }))
          : () => tasks,
    },
  });
  return { clock, session };
}

describe('what a look tells for certain', () => {
  const VM = 'vm-1001';
  const BEFORE = 'vm-900';

  const info = (fields: object = {}) => ({
    ...{ operation: 'clone$task', status: 'RUNNING', start_time: new Date(EPOCH).toISOString() },
    ...{ user: 'VSPHERE.LOCAL\\svc-ci', target: { type: 'VirtualMachine', id: SOURCE } },
    ...fields,
  });
  const target = { target: { type: 'VirtualMachine', id: VM } };
  const ended = { status: 'SUCCEEDED', result: VM };
  const bob = { user: 'VSPHERE.LOCAL\\bob' };

  const TASK_TABLE: Readonly<Record<string, object | 'not listed'>> = {
    'not listed': 'not listed',
    none: {},
    'ours, runs, linked by target': { ours: info(target) },
    'ours, over, linked by result': { ours: info(ended) },
    'ours, runs, not linked': { ours: info() },
    'ours, over, not linked': { ours: info({ status: 'SUCCEEDED' }) },
    'ours, waits': { ours: info({ status: 'PENDING', start_time: undefined }) },
    'of nobody knows whom, runs': { ours: info({ user: undefined }) },
    'of nobody knows whom, linked': { ours: info({ user: undefined, ...target }) },
    "another user's, runs": { theirs: info(bob) },
    "another user's, linked": { theirs: info({ ...bob, ...ended }) },
    'of this user, from another time': {
      theirs: info({ start_time: new Date(EPOCH - MINUTE).toISOString() }),
    },
    'of this user, makes another VM': { theirs: info({ target: { type: 'VirtualMachine', id: 'vm-1002' } }) },
    'several of this user, not linked': { one: info(), two: info() },
    'several of this user, one linked': { one: info(), ours: info(ended) },
  };

  /** The outcome, with the task or the suspects in brackets. */
  const told = (lost: LostClone | 'still watching'): string => {
    if (lost === 'still watching') {
      return lost;
    }
    switch (lost.outcome) {
      case 'task':
        return `task (${lost.task})`;
      case 'vm':
        return `vm ${lost.vm.vm} (${lost.suspects?.map(({ id }) => id).join(', ') ?? 'nobody lists'})`;
      default:
        return lost.outcome;
    }
  };

  it.each<[string, string, string, string]>([
    // tasks, expected without a VM, with a VM of our own name, with a VM of a given name
    ['not listed', 'unclear', 'vm vm-1001 (nobody lists)', 'unclear'],
    ['none', 'nothing', 'vm vm-1001 ()', 'unclear'],
    ['ours, runs, linked by target', 'nothing', 'task (ours)', 'task (ours)'],
    ['ours, over, linked by result', 'nothing', 'task (ours)', 'task (ours)'],
    ['ours, runs, not linked', 'still watching', 'vm vm-1001 (ours)', 'still watching'],
    ['ours, over, not linked', 'nothing', 'vm vm-1001 (ours)', 'unclear'],
    ['ours, waits', 'still watching', 'vm vm-1001 (ours)', 'still watching'],
    ['of nobody knows whom, runs', 'still watching', 'vm vm-1001 (ours)', 'still watching'],
    ['of nobody knows whom, linked', 'nothing', 'task (ours)', 'still watching'],
    ["another user's, runs", 'nothing', 'vm vm-1001 ()', 'unclear'],
    ["another user's, linked", 'nothing', 'vm vm-1001 ()', 'unclear'],
    ['of this user, from another time', 'nothing', 'vm vm-1001 ()', 'unclear'],
    ['of this user, makes another VM', 'nothing', 'vm vm-1001 ()', 'unclear'],
    ['several of this user, not linked', 'still watching', 'vm vm-1001 (one, two)', 'still watching'],
    ['several of this user, one linked', 'still watching', 'task (ours)', 'task (ours)'],
  ])('tasks: %s', async (row, withoutVm, ownName, givenName) => {
    const tasks = TASK_TABLE[row] ?? {};
    const look = async (plan: ClonePlan, vms: readonly string[]) =>
      told((await find(frozen(plan, { vms, tasks }), plan)).lost);

    expect(await look(OWN_NAME, [])).toBe(withoutVm);
    expect(await look(GIVEN_NAME, [])).toBe(withoutVm);
    expect(await look(OWN_NAME, [VM])).toBe(ownName);
    expect(await look(GIVEN_NAME, [VM])).toBe(givenName);
    // What was there before is as good as not there, and so is the source.
    const before = { ...GIVEN_NAME, vmsBefore: [BEFORE] };
    expect(await look(before, [BEFORE])).toBe(withoutVm);
    expect(await look(before, [SOURCE])).toBe(withoutVm);
    expect(await look(before, [BEFORE, VM])).toBe(givenName);
    expect(await look(OWN_NAME, [VM, 'vm-1002'])).toBe('unclear');
    expect(await look(GIVEN_NAME, [VM, 'vm-1002'])).toBe('unclear');
  });

  it('says why it is not clear', async () => {
    const why = async (plan: ClonePlan, vms: readonly string[], tasks: object | 'not listed') => {
      const { lost } = await find(frozen(plan, { vms, tasks }), plan);
      return lost !== 'still watching' && lost.outcome === 'unclear' ? lost.why : undefined;
    };
    expect(await why(GIVEN_NAME, [VM, 'vm-1002'], {})).toBe(
      "several VMs are called 'test-vm': vm-1001, vm-1002",
    );
    expect(await why(GIVEN_NAME, [], 'not listed')).toBe(
      "no VM is called 'test-vm' so far, and this vCenter does not list its clone tasks",
    );
    expect(await why(GIVEN_NAME, [VM], {})).toMatch(
      /^'test-vm' \(vm-1001\) is there, but others may use the name/,
    );
    expect(await why(GIVEN_NAME, [VM], { theirs: info({ ...bob, ...ended }) })).toMatch(
      /but another task made it \(theirs\)$/,
    );
  });

  it('takes nothing for certain within 6 s, or 30 s without a list of tasks', async () => {
    expect((await find(frozen(OWN_NAME, { vms: [], tasks: {} }), OWN_NAME)).at).toBeGreaterThanOrEqual(6_000);
    const blind = await find(frozen(OWN_NAME, { vms: [], tasks: 'not listed' }), OWN_NAME);
    expect(blind.at).toBeGreaterThanOrEqual(30_000);
    expect(blind.at).toBeLessThan(40_000);
  });

  it('says which clones it watches', async () => {
    const tasks = { one: info(), over: info({ status: 'SUCCEEDED' }) };
    const { lines } = await find(frozen(OWN_NAME, { vms: [], tasks }), OWN_NAME);
    expect(lines).toEqual([expect.stringMatching(/may be this run's are under way \(one\b/)]);
  });
});

describe('the looking', () => {
  const session = (vms: Handler, tasks: Handler) => {
    const clock = createVirtualClock();
    return { clock, session: createScriptedSession({ clock, handlers: { [VMS]: vms, [TASKS]: tasks } }) };
  };

  it('asks for the VM in its folder and for the tasks, side by side', async () => {
    const vcenter = session(
      () => [],
      () => ({}),
    );
    await find(vcenter, OWN_NAME);
    expect(vcenter.session.calls.slice(0, 2).map(({ call, at }) => [call.operation, at])).toEqual([
      [VMS, 0],
      [TASKS, 0],
    ]);
    expect(vcenter.session.calls[0]?.call.query).toMatchObject({ names: [OWN_NAME.name], folders: FOLDER });
  });

  it('is not ended by failures of the way', async () => {
    const vcenter = session(
      inTurn(throws(brokenOff({ operation: VMS })), () => []),
      inTurn(throws(unavailable(TASKS)), () => ({})),
    );
    expect((await find(vcenter, OWN_NAME)).lost).toEqual({ outcome: 'nothing' });
  });

  it('does not go on without knowing the VMs', async () => {
    const forbidden = refused({ operation: VMS, status: 403, errorType: 'UNAUTHORIZED' });
    const vcenter = session(throws(forbidden), () => ({}));
    expect(await rejection(find(vcenter, OWN_NAME))).toBe(forbidden);
  });

  it('does not take a list that it cannot read for none', async () => {
    const vcenter = session(
      () => [],
      () => [],
    );
    expect(await rejection(find(vcenter, OWN_NAME))).toMatchObject({ failure: 'unreadable' });
  });
});

describe('a clone that was started, and whose answer was lost', () => {
  /** Sends the request of the plan and loses it, or its answer. */
  async function lose(
    vcenter: VirtualVcenter,
    plan: ClonePlan,
    mishap: 'lost-before' | 'lost-after' = 'lost-after',
  ) {
    vcenter.befalls(CLONE, mishap);
    await rejection(
      vcenter.session.request(
        {
          ...{ operation: CLONE, answer: 'json', retry: 'unless-sent' },
          body: { source: plan.source, name: plan.name, placement: { folder: plan.folder } },
        },
        { signal: new AbortController().signal, retryTimeout: 0 },
      ),
    );
  }
  const ownTask = (vcenter: VirtualVcenter) => vcenter.tasks().find(({ foreign }) => !foreign);

  it.each(['start', 'end'] as const)(
    'is found by a name of its own that is taken at the %s',
    async (nameTakenAt) => {
      const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt } });
      await lose(vcenter, OWN_NAME);
      const { lost } = await find(vcenter, OWN_NAME);
      const made = ownTask(vcenter);
      expect(lost).toMatchObject(
        nameTakenAt === 'start'
          ? { outcome: 'vm', vm: { vm: made?.vm }, suspects: [{ id: made?.id }] }
          : { outcome: 'task', task: made?.id },
      );
    },
  );

  it.each(['start', 'end'] as const)(
    'is found by a given name that is taken at the %s',
    async (nameTakenAt) => {
      const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt } });
      await lose(vcenter, GIVEN_NAME);
      expect((await find(vcenter, GIVEN_NAME)).lost).toMatchObject({
        outcome: 'task',
        task: ownTask(vcenter)?.id,
      });
    },
  );

  it('is found where it waits before it begins, for longer than any request takes', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', pendingFor: 45_000 } });
    await lose(vcenter, OWN_NAME);
    expect((await find(vcenter, OWN_NAME)).lost).toMatchObject({
      outcome: 'task',
      task: ownTask(vcenter)?.id,
    });
  });

  it('is found where its result means nothing before the end', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', earlyResult: 'vm-0' } });
    await lose(vcenter, OWN_NAME);
    expect((await find(vcenter, OWN_NAME)).lost).toMatchObject({
      outcome: 'task',
      task: ownTask(vcenter)?.id,
    });
  });

  it.each([
    ['svc-ci', 'VSPHERE.LOCAL\\svc-ci'],
    ['svc-ci@corp.example.com', 'CORP\\svc-ci'],
  ])('is found where %s logged in and vCenter says %s', async (username, taskUser) => {
    const vcenter = createVirtualVcenter({ username, behaviour: { nameTakenAt: 'end', taskUser } });
    await lose(vcenter, OWN_NAME);
    expect((await find(vcenter, OWN_NAME)).lost).toMatchObject({
      outcome: 'task',
      task: ownTask(vcenter)?.id,
    });
  });

  it('is found by the clock of a server that is an hour ahead', async () => {
    const hour = 60 * MINUTE;
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', serverClockOffset: hour } });
    await lose(vcenter, OWN_NAME);
    const { lost } = await find(vcenter, OWN_NAME, { sentAt: EPOCH + hour });
    expect(lost).toMatchObject({ outcome: 'task', task: ownTask(vcenter)?.id });
  });

  it('is found by its name alone where vCenter does not list its tasks', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { taskListSupported: false } });
    await lose(vcenter, OWN_NAME);
    expect((await find(vcenter, OWN_NAME)).lost).toMatchObject({
      outcome: 'vm',
      vm: { vm: ownTask(vcenter)?.vm },
      suspects: undefined,
    });
  });

  it('is told from the clones of others who use the same account and the same source', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', cloneDuration: 30_000 } });
    const foreign = vcenter.startForeignClone({ name: 'other', folder: FOLDER, duration: 20_000 });
    await lose(vcenter, OWN_NAME);
    const { lost } = await find(vcenter, OWN_NAME);
    expect(lost).toMatchObject({ outcome: 'task', task: ownTask(vcenter)?.id });
    expect(lost).not.toMatchObject({ task: foreign.id });
  });

  it('that never reached vCenter came to nothing, also while others clone as another user', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.startForeignClone({ name: 'other', folder: FOLDER, user: 'VSPHERE.LOCAL\\bob' });
    await lose(vcenter, OWN_NAME, 'lost-before');
    expect((await find(vcenter, OWN_NAME)).lost).toEqual({ outcome: 'nothing' });
    expect(vcenter.tasks()).toHaveLength(1);
  });

  it("that never reached vCenter is not taken for another user's of the same given name", async () => {
    const vcenter = createVirtualVcenter();
    vcenter.startForeignClone({ name: GIVEN_NAME.name, folder: FOLDER, user: 'VSPHERE.LOCAL\\bob' });
    await lose(vcenter, GIVEN_NAME, 'lost-before');
    expect((await find(vcenter, GIVEN_NAME)).lost).toMatchObject({ outcome: 'unclear' });
  });
});
