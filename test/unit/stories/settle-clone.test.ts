import { describe, expect, it } from 'vitest';
import {
  requestCancel,
  type Settlement,
  settleClone,
  settleEndedTask,
} from '../../../src/actions/recovery/abort.ts';
import type { ClonePlan, CloneState } from '../../../src/github/state.ts';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../../src/time/deadline.ts';
import { getTask } from '../../../src/vcenter/tasks.ts';
import type { Behaviour } from '../../simulator/behaviour.ts';
import { createRecordedReport } from '../recorded-report.ts';
import { brokenOff, refused, rejection, unavailable } from '../vcenter-answers.ts';
import { EPOCH } from '../virtual-clock.ts';
import { createVirtualVcenter, type VirtualVcenter } from '../virtual-vcenter.ts';
import { FOLDER, GIVEN_NAME, OWN_NAME } from './clone-plan.ts';

const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
const CANCEL = 'POST /api/cis/tasks/{task}?action=cancel';
const TASK = 'GET /api/cis/tasks/{task}';
const TASKS = 'POST /api/cis/tasks?action=list';
const VM = 'GET /api/vcenter/vm/{vm}';
const DELETE = 'DELETE /api/vcenter/vm/{vm}';

const limits = { signal: new AbortController().signal, retryTimeout: 0 };
const ELSEWHERE = 'group-v24';
const OTHERS = ['vm-42', 'vm-43', 'vm-44', 'vm-45'];

const anywhere = ({ folder: _, ...plan }: ClonePlan): ClonePlan => plan;

/** Sends the clone request of a plan; with a mishap its answer, or the request, is lost. */
async function send(
  vcenter: VirtualVcenter,
  plan: ClonePlan,
  { mishap, powerOn = false }: { mishap?: 'lost-before' | 'lost-after'; powerOn?: boolean } = {},
): Promise<string> {
  if (mishap !== undefined) {
    vcenter.befalls(CLONE, mishap);
  }
  const body = { source: plan.source, name: plan.name, placement: { folder: FOLDER }, power_on: powerOn };
  const sent = vcenter.session.request(
    { operation: CLONE, answer: 'json', retry: 'unless-sent', body },
    limits,
  );
  return mishap === undefined ? String((await sent).body) : String(await rejection(sent));
}

/** A clone that has been started, with the state that tells so. */
async function started(
  vcenter: VirtualVcenter,
  plan: ClonePlan = OWN_NAME,
  powerOn = false,
): Promise<CloneState & { phase: 'started' }> {
  const task = await send(vcenter, plan, { powerOn });
  return { phase: 'started', plan, sentAt: new Date(EPOCH + vcenter.clock.now()).toISOString(), task };
}

/** A clone request that went out and got no answer, with the state that tells so. */
async function requested(
  vcenter: VirtualVcenter,
  plan: ClonePlan = OWN_NAME,
  {
    mishap = 'lost-after',
    powerOn = false,
  }: { mishap?: 'lost-before' | 'lost-after'; powerOn?: boolean } = {},
): Promise<CloneState> {
  const sentAt = new Date(EPOCH + vcenter.clock.now()).toISOString();
  await send(vcenter, plan, { mishap, powerOn });
  return { phase: 'requested', plan, sentAt };
}

/** Settles it as the post step does, with its time. */
async function settle(
  vcenter: VirtualVcenter,
  state: CloneState,
): Promise<Settlement & { readonly lines: readonly string[] }> {
  const { session, clock } = vcenter;
  const report = createRecordedReport();
  const settlement = await withDeadline({ clock, what: 'The clean-up', limit: 225_000 }, (signal) =>
    settleClone({ session, state, clock, report, signal, random: () => 0.5 }),
  );
  return { ...settlement, lines: report.lines };
}

/** The VMs that are there beyond the inventory's own. */
const left = (vcenter: VirtualVcenter) =>
  vcenter
    .vms()
    .map(({ id }) => id)
    .filter((id) => !OTHERS.includes(id));
const ownTask = (vcenter: VirtualVcenter) => vcenter.tasks().find(({ foreign }) => !foreign);
const operations = ({ session }: VirtualVcenter) =>
  session.operations().filter((operation) => operation !== CLONE);
const pass = ({ clock }: VirtualVcenter, ms: number) => clock.sleep(ms);

const failing = (leavesVm: boolean | 'powered-on', errorType = 'ERROR'): Partial<Behaviour> => ({
  failClone: {
    ...{ at: 0.5, leavesVm, reasonIn: 'error' },
    error: { error_type: errorType, messages: [{ id: 'x', default_message: 'No.', args: [] }] },
  },
});

describe('settleClone', () => {
  it.each<CloneState>([{ phase: 'settled' }, { phase: 'planned', plan: OWN_NAME }])(
    'has nothing to do after $phase',
    async (state) => {
      const vcenter = createVirtualVcenter();
      vcenter.addVm({ name: OWN_NAME.name, folder: FOLDER });
      expect(await settle(vcenter, state)).toMatchObject({ deleted: undefined, left: undefined });
      expect(operations(vcenter)).toEqual([]);
    },
  );
});

describe('a VM that is there', () => {
  const created = async (
    vcenter: VirtualVcenter,
    phase: 'created' | 'finished' = 'created',
    powerOn = false,
  ) => {
    await started(vcenter, OWN_NAME, powerOn);
    await pass(vcenter, 61_000);
    return { phase, plan: OWN_NAME, vm: String(ownTask(vcenter)?.vm) };
  };

  it.each(['created', 'finished'] as const)('(%s) is deleted by its id', async (phase) => {
    const vcenter = createVirtualVcenter();
    const state = await created(vcenter, phase);
    expect(await settle(vcenter, state)).toMatchObject({
      deleted: { vm: state.vm, name: OWN_NAME.name },
      left: undefined,
    });
    expect(left(vcenter)).toEqual([]);
    expect(operations(vcenter)).toEqual([VM, DELETE]);
  });

  it('is powered off first', async () => {
    const vcenter = createVirtualVcenter();
    await settle(vcenter, await created(vcenter, 'finished', true));
    expect(left(vcenter)).toEqual([]);
  });

  it('may be gone', async () => {
    const vcenter = createVirtualVcenter();
    const {
      deleted,
      left: remains,
      lines,
    } = await settle(vcenter, {
      phase: 'finished',
      plan: OWN_NAME,
      vm: 'vm-999',
    });
    expect({ deleted, remains }).toEqual({ deleted: undefined, remains: undefined });
    expect(lines).toEqual([`'${OWN_NAME.name}' (vm-999) is gone already.`]);
  });

  it.each([
    ['the source', { ...OWN_NAME, source: 'vm-45' }],
    ['one that was there before', { ...OWN_NAME, vmsBefore: ['vm-45'] }],
  ])('is not deleted where it turns out to be %s', async (_, plan) => {
    const vcenter = createVirtualVcenter();
    await settle(vcenter, { phase: 'created', plan, vm: 'vm-45' }).catch(() => undefined);
    expect(vcenter.vm('vm-45')).toBeDefined();
  });

  it('that may not be deleted is told, with name and id', async () => {
    const vcenter = createVirtualVcenter();
    const state = await created(vcenter);
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Inventory.Delete' }];
    const { deleted, left: remains } = await settle(vcenter, state);
    expect(deleted).toBeUndefined();
    expect(remains).toMatch(new RegExp(`^'${OWN_NAME.name}' \\(${state.vm}\\) could not be deleted: .`));
  });

  it('is deleted once vCenter can be reached again', async () => {
    const vcenter = createVirtualVcenter();
    const state = await created(vcenter);
    vcenter.befalls(DELETE, ...Array(20).fill(unavailable(DELETE)));
    expect(await settle(vcenter, state)).toMatchObject({ deleted: { vm: state.vm } });
  });

  it('is left where the time is over, with the trouble', async () => {
    const vcenter = createVirtualVcenter();
    const state = await created(vcenter);
    vcenter.befalls(DELETE, ...Array(500).fill(unavailable(DELETE)));
    const error = await rejection(settle(vcenter, state));
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({ trouble: { status: 503 } });
  });

  it('is not looked for where vCenter does not let it be seen', async () => {
    const vcenter = createVirtualVcenter();
    const state = await created(vcenter);
    vcenter.befalls(VM, refused({ operation: VM, status: 403, errorType: 'UNAUTHORIZED' }));
    expect(await rejection(settle(vcenter, state))).toMatchObject({ status: 403 });
  });
});

describe('a clone that runs', () => {
  it('is cancelled, and takes its copy along', async () => {
    const vcenter = createVirtualVcenter();
    const state = await started(vcenter);
    expect(await settle(vcenter, state)).toMatchObject({ deleted: undefined, left: undefined });
    expect(ownTask(vcenter)).toMatchObject({ status: 'FAILED', error: { error_type: 'CANCELED' } });
    expect(left(vcenter)).toEqual([]);
    expect(operations(vcenter).slice(0, 2)).toEqual([CANCEL, TASK]);
  });

  it.each<[string, Partial<Behaviour>]>([
    ['the cancel comes too late', { cancelTooLate: true }],
    ['it cannot be cancelled', { cancelable: false }],
    ['the task does not tell its VM', { cancelable: false, result: 'none', taskTarget: 'none' }],
    ['vCenter forgets it at its end', { cancelable: false, taskRetention: -1 }],
    ['it fails and leaves its VM', { cancelable: false, ...failing(true) }],
    ['it fails and leaves its VM running', { cancelable: false, ...failing('powered-on') }],
    ['its name is taken only at its end', { cancelable: false, nameTakenAt: 'end', result: 'none' }],
  ])('is watched to its end, and what came of it deleted, where %s', async (_, behaviour) => {
    const vcenter = createVirtualVcenter({ behaviour });
    const state = await started(vcenter, OWN_NAME, true);
    const { deleted, left: remains } = await settle(vcenter, state);
    expect(deleted).toMatchObject({ name: OWN_NAME.name });
    expect(remains).toBeUndefined();
    expect(left(vcenter)).toEqual([]);
  });

  it.each<[string, Partial<Behaviour>]>([
    ['tells its VM by the result', {}],
    ['tells its VM by the target', { result: 'none', taskTarget: 'new' }],
    ['does not tell its VM', { result: 'none', taskTarget: 'source' }],
  ])('of a given name that ends all the same, and %s, is deleted', async (_, behaviour) => {
    const vcenter = createVirtualVcenter({ behaviour: { cancelable: false, ...behaviour } });
    const state = await started(vcenter, GIVEN_NAME);
    expect(await settle(vcenter, state)).toMatchObject({
      deleted: { name: GIVEN_NAME.name },
      left: undefined,
    });
    expect(left(vcenter)).toEqual([]);
  });

  it('is watched, too, where the answer to the cancel is lost', async () => {
    const vcenter = createVirtualVcenter();
    const state = await started(vcenter);
    vcenter.befalls(CANCEL, 'lost-after');
    await settle(vcenter, state);
    expect(left(vcenter)).toEqual([]);
  });

  it('is told to be left where it does not end in time', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cancelable: false, cloneDuration: 1_000_000 } });
    expect(await rejection(settle(vcenter, await started(vcenter)))).toBeInstanceOf(DeadlineExceeded);
  });

  it('is watched in the list of tasks where it cannot be looked at by itself', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cancelTakes: 30_000, nameTakenAt: 'end' } });
    const state = await started(vcenter);
    vcenter.befalls(TASK, refused({ operation: TASK, status: 403, errorType: 'UNAUTHORIZED' }));
    expect(await settle(vcenter, state)).toMatchObject({ deleted: undefined, left: undefined });
    expect(operations(vcenter)).toContain(TASKS);
    expect(ownTask(vcenter)).toMatchObject({ error: { error_type: 'CANCELED' } });
  });

  it('is settled by that list where it is over', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cancelable: false } });
    const state = await started(vcenter);
    await pass(vcenter, 61_000);
    vcenter.befalls(TASK, refused({ operation: TASK, status: 403, errorType: 'UNAUTHORIZED' }));
    expect(await settle(vcenter, state)).toMatchObject({ deleted: { name: OWN_NAME.name } });
  });

  it('is not called settled where vCenter answers neither about it nor about the tasks', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', taskListSupported: false } });
    const state = await started(vcenter);
    vcenter.befalls(CANCEL, refused({ operation: CANCEL, status: 403, errorType: 'UNAUTHORIZED' }));
    vcenter.befalls(TASK, refused({ operation: TASK, status: 403, errorType: 'UNAUTHORIZED' }));
    const { left: remains } = await settle(vcenter, state);
    expect(remains).toContain(state.task);
  });
});

describe('a VM of somebody else', () => {
  /** The clone is seen running before it is seen to be cancelled. */
  const watched: Partial<Behaviour> = { cancelTakes: 3_000 };

  const kept = async (vcenter: VirtualVcenter, state: CloneState, theirs: string) => {
    const settlement = await settle(vcenter, state).catch((error: unknown) => error);
    expect(vcenter.vm(theirs)).toBeDefined();
    return settlement;
  };

  it('that was there before is kept', async () => {
    const vcenter = createVirtualVcenter({ behaviour: failing(false) });
    const theirs = vcenter.addVm({ name: GIVEN_NAME.name, folder: ELSEWHERE }).id;
    const state = await started(vcenter, anywhere({ ...GIVEN_NAME, vmsBefore: [theirs] }));
    await kept(vcenter, state, theirs);
  });

  it('that a clone task made elsewhere meanwhile is kept', async () => {
    const vcenter = createVirtualVcenter({ behaviour: watched });
    const state = await started(vcenter, anywhere(GIVEN_NAME));
    const task = vcenter.startForeignClone({ name: GIVEN_NAME.name, folder: ELSEWHERE, duration: 0 });
    await kept(vcenter, state, String(task.vm));
  });

  it('that is still being made elsewhere is kept', async () => {
    const vcenter = createVirtualVcenter({ behaviour: watched });
    const state = await started(vcenter, anywhere(GIVEN_NAME));
    const { vm } = vcenter.startForeignClone({ name: GIVEN_NAME.name, folder: ELSEWHERE });
    await kept(vcenter, state, String(vm));
  });

  it('that was made elsewhere by other means is kept', async () => {
    const vcenter = createVirtualVcenter({ behaviour: watched });
    const state = await started(vcenter, anywhere(GIVEN_NAME));
    const theirs = vcenter.addVm({ name: GIVEN_NAME.name, folder: ELSEWHERE }).id;
    await kept(vcenter, state, theirs);
  });

  it('that took the name in the same folder before our clone came to its end is kept', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { ...watched, nameTakenAt: 'end' } });
    const state = await started(vcenter, GIVEN_NAME);
    const theirs = vcenter.addVm({ name: GIVEN_NAME.name, folder: FOLDER }).id;
    expect(await kept(vcenter, state, theirs)).toMatchObject({
      deleted: undefined,
      left: expect.stringMatching(
        `Not deleted, since it may be somebody else's: '${GIVEN_NAME.name}' \\(${theirs}\\)`,
      ),
    });
  });

  it('that took the name from our clone is kept', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', cancelable: false } });
    const state = await started(vcenter, GIVEN_NAME);
    const theirs = vcenter.addVm({ name: GIVEN_NAME.name, folder: FOLDER }).id;
    expect(await kept(vcenter, state, theirs)).toMatchObject({ deleted: undefined });
    expect(ownTask(vcenter)).toMatchObject({ error: { error_type: 'ALREADY_EXISTS' } });
  });

  it('is kept where the task has been forgotten long ago', async () => {
    const vcenter = createVirtualVcenter({ behaviour: failing(false) });
    const state = await started(vcenter, GIVEN_NAME);
    await pass(vcenter, 60 * 60_000);
    const theirs = vcenter.addVm({ name: GIVEN_NAME.name, folder: FOLDER }).id;
    expect(await kept(vcenter, state, theirs)).toMatchObject({
      deleted: undefined,
      left: expect.any(String),
    });
  });

  it('is kept where it is not clear which of two is ours', async () => {
    const vcenter = createVirtualVcenter({
      behaviour: { cancelable: false, result: 'none', taskTarget: 'none' },
    });
    const state = await started(vcenter, anywhere(GIVEN_NAME));
    const theirs = vcenter.addVm({ name: GIVEN_NAME.name, folder: ELSEWHERE }).id;
    expect(await kept(vcenter, state, theirs)).toMatchObject({
      deleted: undefined,
      left: expect.stringContaining(theirs),
    });
  });
});

describe('a clone request whose answer is not known', () => {
  it('that never arrived leaves nothing to do', async () => {
    const vcenter = createVirtualVcenter();
    const state = await requested(vcenter, OWN_NAME, { mishap: 'lost-before' });
    expect(await settle(vcenter, state)).toMatchObject({ deleted: undefined, left: undefined });
    expect(operations(vcenter)).not.toContain(CANCEL);
  });

  it.each<[string, Partial<Behaviour>]>([
    ['its task tells its VM', { taskTarget: 'new' }],
    ['its task does not tell its VM', {}],
    ['vCenter does not list its tasks', { taskListSupported: false }],
    ['its name is taken only at its end', { nameTakenAt: 'end' }],
  ])('whose clone runs is brought to rest where %s', async (_, behaviour) => {
    const vcenter = createVirtualVcenter({ behaviour });
    await settle(vcenter, await requested(vcenter, OWN_NAME, { powerOn: true }));
    expect(left(vcenter)).toEqual([]);
    expect(vcenter.tasks().every(({ endedAt }) => endedAt !== undefined)).toBe(true);
  });

  it('whose clone is known by its VM is cancelled at once', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { taskTarget: 'new', cloneDuration: 1_000_000 } });
    await settle(vcenter, await requested(vcenter));
    expect(vcenter.clock.now()).toBeLessThan(5_000);
  });

  it('whose clone is the only one that may be copying the VM is cancelled while the VM is busy', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cloneDuration: 1_000_000 } });
    await settle(vcenter, await requested(vcenter));
    expect(ownTask(vcenter)).toMatchObject({ error: { error_type: 'CANCELED' } });
    expect(left(vcenter)).toEqual([]);
  });

  it('is settled by the clone that has come to its end', async () => {
    const vcenter = createVirtualVcenter();
    const state = await requested(vcenter);
    await pass(vcenter, 120_000);
    expect(await settle(vcenter, state)).toMatchObject({ deleted: { name: OWN_NAME.name } });
  });

  it('is not clear where a VM of a given name is there that nothing shows to be ours', async () => {
    const vcenter = createVirtualVcenter();
    const state = await requested(vcenter, GIVEN_NAME, { mishap: 'lost-before' });
    const theirs = vcenter.addVm({ name: GIVEN_NAME.name, folder: FOLDER }).id;
    expect(await settle(vcenter, state)).toMatchObject({
      deleted: undefined,
      left: expect.stringMatching(/^It is not clear whether a clone was started: .*others may use the name/),
    });
    expect(vcenter.vm(theirs)).toBeDefined();
  });

  it('whose clone of a given name had to wait in the queue is at least told', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', pendingFor: 20_000 } });
    const state = await requested(vcenter, GIVEN_NAME);
    await pass(vcenter, 30_000);
    const { deleted, left: remains } = await settle(vcenter, state);
    expect(deleted ?? remains).toBeDefined();
  });

  describe('cancels and deletes nothing of somebody else:', () => {
    it('a clone of the same account from the same source, next to a VM of ours that is busy for another reason', async () => {
      // Our clone is over and its record does not tell the VM; the VM is being switched on. The other clone is a sibling's.
      const vcenter = createVirtualVcenter({
        behaviour: { cloneDuration: 1_000, result: 'none', taskTarget: 'none', busyAfterPowerOn: 30_000 },
      });
      const state = await requested(vcenter, OWN_NAME, { powerOn: true });
      const sibling = vcenter.startForeignClone({ name: 'sibling', folder: FOLDER, duration: 100_000 });
      await pass(vcenter, 2_000);
      await settle(vcenter, state);
      expect(sibling.cancelRequestedAt).toBeUndefined();
      expect(left(vcenter)).toEqual([sibling.vm]);
    });

    it('the same where vCenter has forgotten our own clone', async () => {
      const vcenter = createVirtualVcenter({
        behaviour: { cloneDuration: 1_000, taskRetention: 100, busyAfterPowerOn: 30_000 },
      });
      const state = await requested(vcenter, OWN_NAME, { powerOn: true });
      const sibling = vcenter.startForeignClone({ name: 'sibling', folder: FOLDER, duration: 100_000 });
      await pass(vcenter, 2_000);
      await settle(vcenter, state);
      expect(sibling.cancelRequestedAt).toBeUndefined();
      expect(left(vcenter)).toEqual([sibling.vm]);
    });

    it('a clone of the same account from the same source, next to a VM of ours that is not busy', async () => {
      const vcenter = createVirtualVcenter({
        behaviour: { cloneDuration: 1_000, result: 'none', taskTarget: 'none' },
      });
      const state = await requested(vcenter);
      const sibling = vcenter.startForeignClone({ name: 'sibling', folder: FOLDER, duration: 100_000 });
      await pass(vcenter, 2_000);
      await settle(vcenter, state);
      expect(sibling.cancelRequestedAt).toBeUndefined();
      expect(left(vcenter)).toEqual([sibling.vm]);
    });

    it('one of two clones that may both be the one that copies our VM', async () => {
      const vcenter = createVirtualVcenter();
      const state = await requested(vcenter);
      const sibling = vcenter.startForeignClone({ name: 'sibling', folder: FOLDER });
      await settle(vcenter, state);
      expect(sibling.cancelRequestedAt).toBeUndefined();
      expect(left(vcenter)).toEqual([sibling.vm]);
    });

    it.each<[string, Partial<Behaviour>]>([
      ['that runs, linked to its VM', { taskTarget: 'new' }],
      ['that runs', {}],
      ['that is over', { cloneDuration: 500 }],
    ])(
      'a clone of the same given name by the same account %s, while our request never arrived',
      async (_, behaviour) => {
        const vcenter = createVirtualVcenter({ behaviour });
        const state = await requested(vcenter, GIVEN_NAME, { mishap: 'lost-before' });
        await pass(vcenter, 20_000);
        const theirs = vcenter.startForeignClone({ name: GIVEN_NAME.name, folder: FOLDER });
        const vm = String(theirs.vm);
        await settle(vcenter, state).catch(() => undefined);
        expect(theirs.cancelRequestedAt).toBeUndefined();
        expect(vcenter.vm(vm)).toBeDefined();
      },
    );
  });

  it('is not given up where the looks at the suspect are slow', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cloneDuration: 1_000_000 } });
    const state = await requested(vcenter);
    const { session, clock } = vcenter;
    // Every answer takes 2 s, so the five seconds in which the VM is found to be busy end within a request.
    const slow: VirtualVcenter = {
      ...vcenter,
      session: {
        ...session,
        request: async (call, given) => {
          await clock.sleep(2_000, given.signal);
          return session.request(call, given);
        },
      },
    };
    await settle(slow, state);
    expect(left(vcenter)).toEqual([]);
  });

  it('is not given up, nor cancelled for that, where vCenter cannot be reached for a while', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cloneDuration: 10_000 } });
    const state = await requested(vcenter);
    vcenter.befalls(DELETE, ...Array(12).fill(unavailable(DELETE)));
    expect(await settle(vcenter, state)).toMatchObject({ deleted: { name: OWN_NAME.name } });
    expect(ownTask(vcenter)?.cancelRequestedAt).toBeUndefined();
  });

  it('fails where the looking fails for good', async () => {
    const vcenter = createVirtualVcenter();
    const state = await requested(vcenter);
    const operation = 'GET /api/vcenter/vm';
    vcenter.befalls(operation, refused({ operation, status: 403, errorType: 'UNAUTHORIZED' }));
    expect(await rejection(settle(vcenter, state))).toMatchObject({ status: 403 });
  });

  it('fails where the VM cannot be deleted, and does not cancel for that', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cloneDuration: 1_000_000 } });
    const state = await requested(vcenter);
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Inventory.Delete' }];
    expect(await settle(vcenter, state)).toMatchObject({
      left: expect.stringContaining('could not be deleted'),
    });
    expect(ownTask(vcenter)?.cancelRequestedAt).toBeUndefined();
  });
});

describe('settleEndedTask', () => {
  const end = async (vcenter: VirtualVcenter, plan: ClonePlan, watchedToEnd: boolean) => {
    const state = await started(vcenter, plan);
    await pass(vcenter, 61_000);
    const { session, clock } = vcenter;
    const task = await getTask(session, state.task, limits);
    const report = createRecordedReport();
    return settleEndedTask(
      { session, clock, report, state, random: () => 0.5, signal: limits.signal },
      { plan, task, watchedToEnd },
    );
  };

  it('deletes what a failed clone has left of a name of its own', async () => {
    const vcenter = createVirtualVcenter({ behaviour: failing(true) });
    expect(await end(vcenter, OWN_NAME, false)).toMatchObject({ deleted: { name: OWN_NAME.name } });
    expect(left(vcenter)).toEqual([]);
  });

  it('deletes what a failed clone has left of a given name in its folder, where it was watched to its end', async () => {
    const vcenter = createVirtualVcenter({ behaviour: failing(true) });
    expect(await end(vcenter, GIVEN_NAME, true)).toMatchObject({ deleted: { name: GIVEN_NAME.name } });
    expect(left(vcenter)).toEqual([]);
  });

  it('tells of it, and leaves it, where nobody watched', async () => {
    const vcenter = createVirtualVcenter({ behaviour: failing(true) });
    expect(await end(vcenter, GIVEN_NAME, false)).toMatchObject({
      deleted: undefined,
      left: expect.stringMatching(
        /^Not deleted, since it may be somebody else's: 'test-vm' \(vm-\d+\): others may use/,
      ),
    });
  });

  it('has nothing to do where nothing is left', async () => {
    const vcenter = createVirtualVcenter({ behaviour: failing(false) });
    expect(await end(vcenter, GIVEN_NAME, true)).toEqual({ deleted: undefined, left: undefined });
  });

  it('does not judge by a list of tasks that it could not get', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { ...failing(true), taskListSupported: false } });
    await end(vcenter, GIVEN_NAME, false);
    expect(left(vcenter)).toHaveLength(1);
  });
});

describe('requestCancel', () => {
  const cancel = async (vcenter: VirtualVcenter, task: string, signal = limits.signal) => {
    const report = createRecordedReport();
    await requestCancel({ session: vcenter.session, report, signal }, task);
    return report.lines;
  };

  it('asks for the end', async () => {
    const vcenter = createVirtualVcenter();
    const { task } = await started(vcenter);
    expect(await cancel(vcenter, task)).toEqual(['Asked vCenter to cancel the clone.']);
    expect(ownTask(vcenter)?.cancelRequestedAt).toBeDefined();
  });

  it('is content with every refusal, and says so', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { cancelable: false } });
    const { task } = await started(vcenter);
    const lines = [...(await cancel(vcenter, task)), ...(await cancel(vcenter, 'unknown'))];
    await pass(vcenter, 61_000);
    lines.push(...(await cancel(vcenter, task)));
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toMatch(/^The clone cannot be cancelled; waiting for its end\. vCenter: Task .*'/);
    }
  });

  it('is given up after 30 s without an answer', async () => {
    const vcenter = createVirtualVcenter();
    const { task } = await started(vcenter);
    vcenter.befalls(CANCEL, ...Array(100).fill(brokenOff({ operation: CANCEL })));
    expect(await cancel(vcenter, task)).toEqual([expect.stringMatching(/cannot be cancelled/)]);
    expect(vcenter.clock.now()).toBeLessThanOrEqual(30_000);
  });

  it('ends with the reason of the signal', async () => {
    const vcenter = createVirtualVcenter();
    const reason = new Interrupted('SIGTERM');
    expect(await rejection(cancel(vcenter, 'task-1', AbortSignal.abort(reason)))).toBe(reason);
  });
});
