import { describe, expect, it } from 'vitest';
import { TaskFailed, UnknownOutcome } from '../../../src/actions/clone/failure.ts';
import type { StartedClone } from '../../../src/actions/clone/request.ts';
import { waitForClone } from '../../../src/actions/clone/wait.ts';
import type { ClonePlan } from '../../../src/github/state.ts';
import { listCloneTasks, type Task } from '../../../src/vcenter/tasks.ts';
import { createRecordedReport } from '../recorded-report.ts';
import { refused, rejection, unavailable } from '../vcenter-answers.ts';
import { createVirtualVcenter, type VirtualVcenter } from '../virtual-vcenter.ts';
import { FOLDER, GIVEN_NAME, OWN_NAME } from './clone-plan.ts';

const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
const VMS = 'GET /api/vcenter/vm';
const TASK = 'GET /api/cis/tasks/{task}';
const TASKS = 'POST /api/cis/tasks?action=list';
const POWER = 'GET /api/vcenter/vm/{vm}/power';

const limits = { signal: new AbortController().signal, retryTimeout: 0 };

/** Starts the clone of a plan; what is called from here on is what the waiting calls. */
async function start(
  vcenter: VirtualVcenter,
  { plan = OWN_NAME, powerOn = false }: { plan?: ClonePlan; powerOn?: boolean } = {},
): Promise<StartedClone & { kind: 'task' }> {
  const body = { source: plan.source, name: plan.name, placement: { folder: FOLDER }, power_on: powerOn };
  const answer = await vcenter.session.request(
    { operation: CLONE, answer: 'json', retry: 'unless-sent', body },
    limits,
  );
  return { kind: 'task', task: String(answer.body) };
}

function wait(
  vcenter: VirtualVcenter,
  started: StartedClone,
  {
    plan = OWN_NAME,
    powerOn = false,
    pollInterval,
  }: { plan?: ClonePlan; powerOn?: boolean; pollInterval?: number } = {},
) {
  const { session, clock } = vcenter;
  const looks: Task[] = [];
  const done = waitForClone({
    ...{ session, clock, plan, started, powerOn, pollInterval, signal: limits.signal },
    ...{ random: () => 0.5, report: createRecordedReport(), onLook: (look) => looks.push(look) },
  });
  return { done, looks };
}

/** The id of the VM that this run's clone has made. */
const madeVm = (vcenter: VirtualVcenter) => vcenter.tasks().find(({ foreign }) => !foreign)?.vm;

const operationsAfterStart = ({ session }: VirtualVcenter) => session.operations().slice(1);

describe('waitForClone, with a task', () => {
  it('returns the VM that the task has made, without another call', async () => {
    const vcenter = createVirtualVcenter();
    const { done, looks } = wait(vcenter, await start(vcenter));
    expect(await done).toBe(madeVm(vcenter));
    expect(vcenter.clock.now()).toBeGreaterThanOrEqual(60_000);
    expect(new Set(operationsAfterStart(vcenter))).toEqual(new Set([TASK]));
    expect(looks.at(-1)?.status).toBe('SUCCEEDED');
  });

  it('looks as often as the user said', async () => {
    const vcenter = createVirtualVcenter();
    await wait(vcenter, await start(vcenter), { pollInterval: 20_000 }).done;
    expect(operationsAfterStart(vcenter)).toHaveLength(3);
  });

  it.each(['vm-object', 'id-object', 'value-object'] as const)(
    'reads a result that is a %s',
    async (result) => {
      const vcenter = createVirtualVcenter({ behaviour: { result } });
      expect(await wait(vcenter, await start(vcenter)).done).toBe(madeVm(vcenter));
    },
  );

  it('takes the target where there is no result, unless that is the source', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { result: 'none', taskTarget: 'new' } });
    expect(await wait(vcenter, await start(vcenter)).done).toBe(madeVm(vcenter));
    expect(operationsAfterStart(vcenter)).not.toContain(VMS);
  });

  it.each([
    ['of its own', OWN_NAME],
    ['that was given', GIVEN_NAME],
  ])('finds the VM by a name %s where the task does not tell it', async (_, plan) => {
    const vcenter = createVirtualVcenter({ behaviour: { result: 'none', taskTarget: 'source' } });
    expect(await wait(vcenter, await start(vcenter, { plan }), { plan }).done).toBe(madeVm(vcenter));
  });

  it('finds it by a given name, too, where vCenter does not list its tasks', async () => {
    const vcenter = createVirtualVcenter({
      behaviour: { result: 'none', taskTarget: 'none', taskListSupported: false },
    });
    const plan = GIVEN_NAME;
    expect(await wait(vcenter, await start(vcenter, { plan }), { plan }).done).toBe(madeVm(vcenter));
  });

  it('does not take for its own what was there before', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { result: 'none', taskTarget: 'none' } });
    const elsewhere = vcenter.addVm({ name: GIVEN_NAME.name, folder: 'group-v24' });
    const { folder: _, ...anywhere } = GIVEN_NAME;
    const plan = { ...anywhere, vmsBefore: [elsewhere.id] };
    expect(await wait(vcenter, await start(vcenter, { plan }), { plan }).done).toBe(madeVm(vcenter));
  });

  it('does not choose between two of the name', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { result: 'none', taskTarget: 'none' } });
    const { folder: _, ...plan } = GIVEN_NAME;
    const started = await start(vcenter, { plan });
    const elsewhere = vcenter.addVm({ name: plan.name, folder: 'group-v24' });
    const error = await rejection(wait(vcenter, started, { plan }).done);
    expect(error).toBeInstanceOf(UnknownOutcome);
    expect(error).toMatchObject({ why: expect.stringContaining(elsewhere.id) });
  });

  it('throws what the task failed with', async () => {
    const vcenter = createVirtualVcenter({
      behaviour: {
        failClone: {
          ...{ at: 0.5, leavesVm: false, reasonIn: 'error' },
          error: {
            error_type: 'UNABLE_TO_ALLOCATE_RESOURCE',
            messages: [{ id: 'x', default_message: 'The disk is full.', args: [] }],
          },
        },
      },
    });
    const error = await rejection(wait(vcenter, await start(vcenter)).done);
    expect(error).toBeInstanceOf(TaskFailed);
    expect(error).toMatchObject({
      task: {
        status: 'FAILED',
        failure: { errorType: 'UNABLE_TO_ALLOCATE_RESOURCE', messages: ['The disk is full.'] },
      },
      watchedToEnd: true,
    });
  });

  it('goes on through an outage of minutes', async () => {
    const vcenter = createVirtualVcenter();
    const started = await start(vcenter);
    vcenter.befalls(TASK, ...Array(100).fill(unavailable(TASK)));
    expect(await wait(vcenter, started).done).toBe(madeVm(vcenter));
    expect(vcenter.clock.now()).toBeGreaterThan(180_000);
  });

  it('ends where vCenter does not let it look', async () => {
    const vcenter = createVirtualVcenter();
    const started = await start(vcenter);
    vcenter.befalls(TASK, refused({ operation: TASK, status: 403, errorType: 'UNAUTHORIZED' }));
    expect(await rejection(wait(vcenter, started).done)).toMatchObject({ status: 403 });
  });

  describe('that vCenter has forgotten', () => {
    const forgetful = { taskRetention: -1 };

    it('finds the VM by a name of its own', async () => {
      const vcenter = createVirtualVcenter({ behaviour: forgetful });
      expect(await wait(vcenter, await start(vcenter)).done).toBe(madeVm(vcenter));
    });

    it('does not know how it ended where no VM bears the name', async () => {
      const vcenter = createVirtualVcenter({ behaviour: forgetful });
      const started = await start(vcenter);
      vcenter.befalls(VMS);
      const gone = { ...OWN_NAME, vmsBefore: [String(madeVm(vcenter))] };
      const error = await rejection(wait(vcenter, started, { plan: gone }).done);
      expect(error).toBeInstanceOf(UnknownOutcome);
      expect(error).toMatchObject({
        why: expect.stringMatching(/^vCenter does not tell how the clone ended/),
      });
    });

    it('does not take a VM of a given name for its own after an outage in which anybody could take the name', async () => {
      const vcenter = createVirtualVcenter({ behaviour: { ...forgetful, nameTakenAt: 'end' } });
      const plan = GIVEN_NAME;
      const started = await start(vcenter, { plan });
      vcenter.befalls(TASK, ...Array(60).fill(unavailable(TASK)));
      const error = await rejection(wait(vcenter, started, { plan }).done);
      expect(error).toBeInstanceOf(UnknownOutcome);
      expect(error).toMatchObject({ why: expect.stringMatching(/nothing shows that this run made it/) });
    });
  });
});

describe('waitForClone, with a VM whose task is not told', () => {
  const found = async (
    vcenter: VirtualVcenter,
    suspects: readonly Task[] | undefined,
  ): Promise<StartedClone> => ({
    kind: 'vm',
    vm: { vm: String(madeVm(vcenter)), name: OWN_NAME.name, powerState: 'POWERED_OFF' },
    suspects,
  });
  const listed = ({ session }: VirtualVcenter) => listCloneTasks(session, limits);
  const copying = (vcenter: VirtualVcenter) => vcenter.vm(String(madeVm(vcenter)))?.copying;

  it('waits until the clone that may make it is over', async () => {
    const vcenter = createVirtualVcenter();
    await start(vcenter);
    expect(await wait(vcenter, await found(vcenter, await listed(vcenter))).done).toBe(madeVm(vcenter));
    expect(copying(vcenter)).toBe(false);
  });

  it('waits for all of several', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.startForeignClone({ name: 'other', folder: FOLDER, duration: 90_000 });
    await start(vcenter);
    await wait(vcenter, await found(vcenter, await listed(vcenter))).done;
    expect(vcenter.clock.now()).toBeGreaterThanOrEqual(90_000);
  });

  it.each([
    ['no suspect is left', [] as const],
    ['vCenter does not list its tasks', undefined],
  ])('waits until it is switched on where %s', async (_, suspects) => {
    const vcenter = createVirtualVcenter();
    await start(vcenter, { powerOn: true });
    const started = await found(vcenter, suspects);
    expect(await wait(vcenter, started, { powerOn: true }).done).toBe(madeVm(vcenter));
    expect(copying(vcenter)).toBe(false);
    expect(operationsAfterStart(vcenter)).toContain(POWER);
  });

  it('takes it as it is where it is to stay off and vCenter does not list its tasks', async () => {
    const vcenter = createVirtualVcenter();
    await start(vcenter);
    expect(await wait(vcenter, await found(vcenter, undefined)).done).toBe(madeVm(vcenter));
    expect(operationsAfterStart(vcenter)).toEqual([]);
  });

  describe('fails', () => {
    const failing = (leavesVm: boolean) => ({
      failClone: {
        ...{ at: 0.5, leavesVm, reasonIn: 'error' as const },
        error: { error_type: 'ERROR', messages: [{ id: 'x', default_message: 'No.', args: [] }] },
      },
    });

    it('where the only clone that may have made it has failed', async () => {
      const vcenter = createVirtualVcenter({ behaviour: failing(true) });
      await start(vcenter);
      const error = await rejection(wait(vcenter, await found(vcenter, await listed(vcenter))).done);
      expect(error).toBeInstanceOf(TaskFailed);
      expect(error).toMatchObject({ watchedToEnd: false, task: { failure: { messages: ['No.'] } } });
    });

    it('where all that may have made it have failed', async () => {
      const vcenter = createVirtualVcenter({ behaviour: failing(true) });
      vcenter.startForeignClone({ name: 'other', folder: FOLDER });
      await start(vcenter);
      const error = await rejection(wait(vcenter, await found(vcenter, await listed(vcenter))).done);
      expect(error).toBeInstanceOf(UnknownOutcome);
    });

    it('not, where another clone has failed and its own has not', async () => {
      const vcenter = createVirtualVcenter({ behaviour: failing(true) });
      vcenter.startForeignClone({ name: 'other', folder: FOLDER });
      vcenter.behaviour.failClone = undefined;
      await start(vcenter);
      const started = await found(vcenter, await listed(vcenter));
      expect(await wait(vcenter, started).done).toBe(madeVm(vcenter));
    });
  });

  it('is content with a suspect that vCenter forgets', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { taskRetention: -1 } });
    await start(vcenter);
    expect(await wait(vcenter, await found(vcenter, await listed(vcenter))).done).toBe(madeVm(vcenter));
    expect(operationsAfterStart(vcenter)).toContain(TASKS);
  });
});
