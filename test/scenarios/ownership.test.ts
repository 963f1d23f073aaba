import { describe, expect, it } from 'vitest';
import type { Behaviour, FaultSpec, Vcenter } from '../simulator/vcenter.ts';
import {
  CANCEL,
  CLONE,
  DELETE,
  FOLDER,
  GET_TASK,
  LIST_TASKS,
  LOGIN,
  SOURCE,
  setVirtualStage,
  type VirtualStage,
} from '../support/stage.ts';
import { cloneAndPost, cloneStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, told } from '../support/what-happened.ts';

const ELSEWHERE = 'group-v24';
const FOREVER = Number.POSITIVE_INFINITY;
const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

const stageWith = (behaviour: Partial<Behaviour>) => setVirtualStage({ behaviour });

/** Does something in the moment in which the clone request is received or answered. */
function once(
  { vcenter }: VirtualStage,
  { when, act }: { readonly when: 'received' | 'answered'; readonly act: (vcenter: Vcenter) => void },
): void {
  let isDone = false;
  vcenter.watch(({ operation }, moment) => {
    if (operation === CLONE && moment === when && !isDone) {
      isDone = true;
      act(vcenter);
    }
  });
}

const removals = (stage: VirtualStage) => changes(stage).filter((each) => /stop|delete/.test(each));

describe("somebody else's VM of the same name", () => {
  it('in another folder is nothing to a clone that fails', async () => {
    const stage = stageWith({ cloneDuration: 10 * MINUTES, taskTarget: 'none' });
    stage.vcenter.addVm({ name: 'e2e', folder: ELSEWHERE });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '5m' } });
    expect(told(main, 'error')).toContain("The clone of 'e2e' was cancelled; nothing is left.");
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it.for([
    { what: 'the task names none', behaviour: { result: 'none', taskTarget: 'source' }, loss: undefined },
    { what: 'the response is lost', behaviour: {}, loss: 'reset-before' },
  ] as const)(
    'in another folder since before the request, folder not given: $what, and ours is told apart',
    async ({ behaviour, loss }) => {
      const stage = stageWith({ cloneDuration: MINUTES, ...behaviour });
      stage.vcenter.addVm({ name: 'e2e', folder: ELSEWHERE });
      if (loss !== undefined) {
        stage.vcenter.fault({ operation: CLONE, kind: loss });
      }
      const { main, post } = await cloneAndPost(stage, {
        inputs: { name: 'e2e', folder: '', teardown: 'always' },
      });
      expect(main.outputs).toMatchObject({ created: 'true', 'vm-id': 'vm-1002' });
      expect(removals(stage)).toEqual(['stop vm-1002', 'delete vm-1002']);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    },
  );

  it('in another folder, made while ours is copied, is neither published nor deleted (folder not given, the task names ours)', async () => {
    const stage = stageWith({ cloneDuration: 3 * MINUTES });
    once(stage, { when: 'answered', act: ({ addVm }) => addVm({ name: 'e2e', folder: ELSEWHERE }) });
    const { main, post } = await cloneAndPost(stage, {
      inputs: { name: 'e2e', folder: '', teardown: 'always' },
    });
    expect(main.outputs['vm-id']).toBe('vm-1001');
    expect(removals(stage)).toEqual(['stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('in another folder, made while ours is copied, and no word which one is ours: both are named and stay', async () => {
    const stage = stageWith({ cloneDuration: 3 * MINUTES, result: 'none' });
    once(stage, { when: 'answered', act: ({ addVm }) => addVm({ name: 'e2e', folder: ELSEWHERE }) });
    const { main, post } = await cloneAndPost(stage, {
      inputs: { name: 'e2e', folder: '', teardown: 'always' },
    });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[Outcome unknown] Outcome unknown: It is not known what became of the clone request for 'e2e' (task TASK): several VMs are called 'e2e': vm-1001, vm-1002.
      Not deleted, since it may be somebody else's: 'e2e' (vm-1001): others may use the name 'e2e', too, and nothing proves that this run made it; 'e2e' (vm-1002): others may use the name 'e2e', too, and nothing proves that this run made it."
    `);
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] Left behind in vCenter: Not deleted, since it may be somebody else's: 'e2e' (vm-1001): others may use the name 'e2e', too, and nothing proves that this run made it; 'e2e' (vm-1002): others may use the name 'e2e', too, and nothing proves that this run made it."`,
    );
    expect(removals(stage)).toEqual([]);
  });

  it('made by another clone of the same account, whose request came first', async () => {
    const stage = stageWith({ cloneDuration: 3 * MINUTES, nameTakenAt: 'end', taskTarget: 'none' });
    once(stage, {
      when: 'received',
      act: ({ startForeignClone }) =>
        startForeignClone({ source: SOURCE, name: 'e2e', folder: FOLDER, duration: MINUTES }),
    });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', teardown: 'always' } });
    expect(told(main, 'error')).toMatch(/^\[The clone failed\] .* \[ALREADY_EXISTS\]/);
    expect(main.outputs['vm-name']).toBe('');
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('made by another clone of the same account while ours was killed: neither is confused', async () => {
    const stage = stageWith({ cloneDuration: 20 * MINUTES });
    const { vcenter, runner } = stage;
    const polled = vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await runner.startStep(cloneStep(stage, { inputs: { name: 'e2e', folder: '' } }));
    await polled;
    vcenter.startForeignClone({ source: SOURCE, name: 'e2e', folder: ELSEWHERE, duration: 20 * MINUTES });
    const main = await step.kill('SIGKILL');
    const post = await runner.runPost(main, { jobStatus: 'cancelled' });
    expect(told(post, 'warning')).toContain(
      "Not deleted, since it may be somebody else's: 'e2e' (vm-1002): a cancelled clone takes its copy away.",
    );
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
    expect(vcenter.runningTasks().map(({ foreign }) => foreign)).toEqual([true]);
    expect(vcenter.vms().filter(({ name }) => name === 'e2e')).toHaveLength(1);
  });
});

describe('two steps that could be taken for one', () => {
  const JOBS = [
    { what: 'a reusable workflow called twice', env: {} },
    {
      what: 'two steps of a composite action',
      env: { GITHUB_ACTION_PATH: '/home/runner/work/_actions/octo/composite/v1' },
    },
  ];

  it.for(JOBS)("A2: $what: the second's lost request leads to no VM of the first", async ({ env }) => {
    const stage = stageWith({ cloneDuration: 2 * MINUTES });
    const { vcenter, runner } = stage;
    const first = await runner.runStep({ ...cloneStep(stage), env });
    vcenter.fault({ operation: CLONE, kind: '502-html' });
    const second = await runner.runStep({ ...cloneStep(stage, { inputs: { teardown: 'always' } }), env });
    const names = [first, second].map(({ outputs }) => outputs['vm-name']);
    expect(new Set(names).size).toBe(2);
    // A VM of its own, by a request that was sent again when it was certain that the first one had started nothing.
    expect(second.outputs).toMatchObject({ created: 'true', 'vm-id': 'vm-1002' });
    const post = await runner.runPost(second, { jobStatus: 'success' });
    expect(removals(stage)).toEqual(['stop vm-1002', 'delete vm-1002']);
    expect(vcenter.vm('vm-1001')?.powerState).toBe('POWERED_ON');
    expect(post.warnings).toEqual([]);
  });

  it.for([
    { loss: '502-html', sibling: 'before' },
    { loss: 'reset-before', sibling: 'after' },
  ] as const)(
    "C1d: the same given name and folder within 5 s: a sibling's VM ($sibling ours) is neither published nor deleted",
    async ({ loss, sibling }) => {
      const stage = stageWith({ cloneDuration: 30 * SECONDS, taskTarget: 'new' });
      const { vcenter, clock } = stage;
      const siblingClone = () =>
        void vcenter.startForeignClone({ source: SOURCE, name: 'e2e', folder: FOLDER });
      once(stage, {
        when: 'received',
        act: () => (sibling === 'before' ? siblingClone() : void clock.sleep(4_000).then(siblingClone)),
      });
      vcenter.fault({ operation: CLONE, kind: loss });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', teardown: 'always' } });
      expect(main.exitCode).toBe(1);
      expect(main.outputs['vm-id']).toBeUndefined();
      const found = "'e2e' (vm-1001) is there, but others may use this name, too";
      expect(told(main, 'error')).toMatch(/^\[Outcome unknown\] /);
      expect(told(main, 'error')).toContain(found);
      expect(told(post, 'warning')).toContain(found);
      expect(changes(stage)).toEqual(['clone e2e']);
      expect(vcenter.vm('vm-1001')?.name).toBe('e2e');
    },
  );
});

describe('a slow or busy delete beside the clone of another job', () => {
  it.for([
    { name: 'takes 15 s', behaviour: { deleteTakes: 15 * SECONDS } },
    { name: 'takes 90 s', behaviour: { deleteTakes: 90 * SECONDS } },
  ])('A3: our DELETE $name: no task is cancelled, and it is waited for', async ({ behaviour }) => {
    const stage = stageWith({ ...behaviour, cloneDuration: SECONDS, powerOnAfter: FOREVER });
    const { vcenter, runner } = stage;
    vcenter.fault({ operation: CLONE, kind: 'late' });
    const acted = vcenter.on({ operation: CLONE, when: 'acted' });
    const step = await runner.startStep(cloneStep(stage));
    await acted;
    const main = await step.kill('SIGKILL');
    await stage.clock.sleep(10 * SECONDS);
    const [own] = vcenter.tasks();
    vcenter.forgetTask(own?.id ?? '');
    vcenter.startForeignClone({
      source: SOURCE,
      name: 'sibling',
      folder: FOLDER,
      duration: 10 * MINUTES,
    });
    const post = await runner.runPost(main, { jobStatus: 'cancelled' });
    expect(post.warnings).toEqual([]);
    expect(vcenter.calls()).not.toContain(CANCEL);
    expect(vcenter.vm('vm-1001')).toBeUndefined();
    expect(vcenter.vm('sibling')).toBeDefined();
    await stage.clock.sleep(10 * MINUTES);
    expect(verdict({ stage, steps: [main, post], kept: ['sibling'], openSessions: 1 })).toEqual([]);
  });

  it.for([1, 4])('A3: our DELETE is refused as busy %i times: asked again', async (times) => {
    const stage = stageWith({ cloneDuration: 2 * MINUTES });
    const { vcenter } = stage;
    vcenter.startForeignClone({ source: SOURCE, name: 'sibling', folder: FOLDER, duration: 10 * MINUTES });
    vcenter.fault({ operation: DELETE, kind: 'busy', times });
    const { main, post } = await cloneAndPost(stage, { inputs: { teardown: 'always' } });
    expect(post.warnings).toEqual([]);
    expect(vcenter.calls()).not.toContain(CANCEL);
    expect(vcenter.vm('vm-1002')).toBeUndefined();
    await stage.clock.sleep(10 * MINUTES);
    expect(verdict({ stage, steps: [main, post], kept: ['sibling'] })).toEqual([]);
  });
});

describe('a task whose words cannot be true', () => {
  const liar = (vm: string, fields: Readonly<Record<string, unknown>>): FaultSpec => ({
    operation: GET_TASK,
    kind: 'custom',
    times: FOREVER,
    answer: {
      status: 200,
      body: {
        description: { id: 'clone', default_message: 'Clone virtual machine', args: [] },
        service: 'com.vmware.vcenter.VM',
        operation: 'clone$task',
        status: 'SUCCEEDED',
        cancelable: false,
        target: { type: 'VirtualMachine', id: vm },
        ...fields,
      },
    },
  });

  it.for([
    { what: 'its result', inputs: {}, fields: { result: 'vm-45' } },
    { what: 'its result, as an object', inputs: { name: 'e2e' }, fields: { result: { vm: 'vm-45' } } },
    { what: 'its target', inputs: { name: 'e2e' }, fields: {} },
  ])('C1c: $what names a VM of another name: ours is found by name', async ({ inputs, fields }) => {
    const stage = stageWith({ cloneDuration: 0 });
    stage.vcenter.fault(liar('vm-45', fields));
    const { main, post } = await cloneAndPost(stage, { inputs: { ...inputs, teardown: 'always' } });
    expect(main.outputs['vm-id']).toBe('vm-1001');
    expect(removals(stage)).toEqual(['stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('C1c: the task names a VM of another name, and there is none of ours: nothing is published or deleted', async () => {
    const stage = stageWith({ cloneDuration: 30 * MINUTES, nameTakenAt: 'end' });
    stage.vcenter.fault(liar('vm-45', { result: 'vm-45' }));
    const main = await stage.runner.runStep(cloneStep(stage, { inputs: { name: 'e2e' } }));
    expect(told(main, 'error')).toMatch(/^\[Outcome unknown\] /);
    expect(main.outputs).not.toHaveProperty('vm-id');
    expect(removals(stage)).toEqual([]);
  });

  it('C1c: the source is given with its instance UUID, and the task names it: it is not the clone', async () => {
    const stage = stageWith({ cloneDuration: 0 });
    stage.vcenter.rename(SOURCE, 'e2e');
    stage.vcenter.fault(liar(SOURCE, { result: SOURCE }));
    const { main, post } = await cloneAndPost(stage, {
      inputs: {
        source: `id:${SOURCE}:b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77`,
        name: 'e2e',
        teardown: 'always',
      },
    });
    expect(main.outputs['vm-id']).not.toBe(SOURCE);
    expect(removals(stage).filter((each) => each.endsWith(SOURCE))).toEqual([]);
    expect(stage.vcenter.vm(SOURCE)).toBeDefined();
    expect(post.exitCode).toBe(0);
  });
});

describe('a lost response, and hints that say something else', () => {
  const HINTS: readonly (readonly [string, Partial<Behaviour>])[] = [
    ['user written as ci@example.com', { taskUser: 'svc-ci@example.com' }],
    ['user written as name@AD.CORP.LOCAL', { taskUser: 'svc-ci@AD.CORP.LOCAL' }],
    ['user written as ACME\\svc-ci', { taskUser: 'ACME\\svc-ci' }],
    ["server's clock 20 s behind", { serverClockOffset: -20 * SECONDS }],
    ["server's clock an hour ahead", { serverClockOffset: 60 * MINUTES }],
    ["server's clock an hour behind", { serverClockOffset: -60 * MINUTES }],
    ['no Date header', { sendsDate: false }],
    ['tasks that tell neither user nor time', { optionalTaskFields: false }],
  ];

  it.for(HINTS)('C2b: %s: one clone is started, and it is ours', async ([, behaviour]) => {
    const stage = stageWith({ cloneDuration: 3 * MINUTES, nameTakenAt: 'end', ...behaviour });
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    const { main, post } = await cloneAndPost(stage);
    expect(main.errors).toEqual([]);
    expect(main.outputs).toMatchObject({ created: 'true', 'vm-id': 'vm-1001' });
    expect(stage.vcenter.tasks()).toHaveLength(1);
    expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
  });
});

describe('a task that vCenter forgets', () => {
  it('for a moment after the request: the record is late', async () => {
    const stage = stageWith({ cloneDuration: 2 * MINUTES });
    stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forgotten, times: 3 });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(main.errors).toEqual([]);
    expect(main.outputs['vm-id']).toBe('vm-1001');
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('at its end, name generated: its own name is proof', async () => {
    const stage = stageWith({ cloneDuration: 2 * MINUTES, taskRetention: 0, taskTarget: 'none' });
    const { main, post } = await cloneAndPost(stage);
    expect(main.errors).toEqual([]);
    expect(main.outputs['vm-id']).toBe('vm-1001');
    expect(post.warnings).toEqual([]);
    expect(removals(stage)).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
  });

  it('at its end, name given: a name is no proof', async () => {
    const stage = stageWith({ cloneDuration: 2 * MINUTES, taskRetention: 0, taskTarget: 'none' });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    const reason = "others may use the name 'e2e', too, and nothing proves that this run made it";
    expect(told(main, 'error')).toMatch(/^\[Outcome unknown\] /);
    expect(told(main, 'error')).toContain(`'e2e' (vm-1001) is there, but ${reason}.`);
    expect(told(post, 'warning')).toContain(`'e2e' (vm-1001): ${reason}.`);
    expect(removals(stage)).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it.for([
    { naming: 'generated', inputs: {} },
    { naming: 'given', inputs: { name: 'e2e' } },
  ])(
    'C2a: in mid-clone, the VM shows only at the end, name $naming: its end is waited for',
    async ({ naming, inputs }) => {
      const stage = stageWith({ cloneDuration: 3 * MINUTES, nameTakenAt: 'end' });
      stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forgotten, nth: 4, times: FOREVER });
      const { main, post } = await cloneAndPost(stage, { inputs });
      const kept = stage.vcenter.vms().find(({ id }) => id === 'vm-1001')?.name ?? '';
      if (naming === 'generated') {
        expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
        expect(post.warnings).toEqual([]);
      } else {
        expect(told(main, 'error')).toContain("'e2e' (vm-1001)");
        expect(told(post, 'warning')).toContain("'e2e' (vm-1001)");
      }
      expect(removals(stage)).toEqual([]);
      expect(verdict({ stage, steps: [main, post], kept: [kept] })).toEqual([]);
    },
  );

  it("C2a: in mid-clone, and 'timeout' is over before the VM shows: post goes on looking, and deletes it", async () => {
    const stage = stageWith({ cloneDuration: 8 * MINUTES, nameTakenAt: 'end', cancelable: false });
    stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forgotten, nth: 4, times: FOREVER });
    const { main, post } = await cloneAndPost(stage, { inputs: { timeout: '3m' } });
    expect(main.exitCode).toBe(1);
    expect(post.warnings).toEqual([]);
    expect(removals(stage)).toEqual(['stop vm-1001', 'delete vm-1001']);
    expect(post.log.split('\n').at(-1)).toMatch(/^'.*' \(vm-1001\) is deleted; nothing is left\.$/);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('while it is copied under a generated name: a half copy is not published', async () => {
    const stage = stageWith({ cloneDuration: 3 * MINUTES, nameTakenAt: 'start' });
    const { vcenter, runner } = stage;
    vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forgotten, nth: 4, times: FOREVER });
    const main = await runner.runStep(cloneStep(stage));
    const copying = vcenter.vm('vm-1001')?.copying;
    const post = await runner.runPost(main, { jobStatus: main.conclusion });
    expect({ exitCode: main.exitCode, copying }).toEqual({ exitCode: 0, copying: false });
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'power-state': 'POWERED_ON' });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
  });
});

const forgotten = {
  status: 404,
  body: {
    error_type: 'NOT_FOUND',
    messages: [{ id: 'com.vmware.api.cis.tasks.not_found', default_message: 'No such task.', args: [] }],
  },
};

const forbidden = {
  status: 403,
  body: {
    error_type: 'UNAUTHORIZED',
    messages: [
      { id: 'vapi.unauthorized', default_message: 'Unable to authorize user.', args: [] },
      { id: 'vmsg.NoPermission', default_message: "You do not hold privilege 'System.View'.", args: [] },
    ],
  },
};

describe('a task that may not be seen', () => {
  it("since every session is refused from some moment on: retried until 'timeout', and cancelled by post", async () => {
    const stage = stageWith({ cloneDuration: 30 * MINUTES });
    const { vcenter, runner } = stage;
    const blind = vcenter.fault({
      operation: [GET_TASK, CANCEL, LIST_TASKS],
      kind: '401',
      times: FOREVER,
      nth: 3,
    });
    const main = await runner.runStep(cloneStep(stage, { inputs: { name: 'e2e', timeout: '5m' } }));
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] The clone took too long: Cloning 'e2e' did not end within 5 min, at N % (task TASK). 'timeout' sets how long it may take.
      The last error was: GET /api/cis/tasks/{task} on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
      Not cleaned up here: cleaning up did not end within 2 min.
      This action's post step cancels the clone, or deletes 'e2e' if it has been made."
    `);
    // Fresh sessions that are refused, too, are asked for at growing distances.
    expect(vcenter.calls().filter((call) => call === LOGIN).length).toBeLessThan(20);
    blind.remove();
    const post = await runner.runPost(main, { jobStatus: 'failure' });
    expect(post.warnings).toEqual([]);
    expect(changes(stage).at(-1)).toBe('cancel e2e');
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('since the account may not read it: 403 in the wait fails with the privilege, and the clone is cancelled', async () => {
    const stage = stageWith({ cloneDuration: 10 * MINUTES });
    stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forbidden, nth: 2, times: FOREVER });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[Refused by vCenter] Refused by vCenter: Cloning 'e2e' failed (task TASK), at N %.
      GET /api/cis/tasks/{task} on VCENTER failed (HTTP 403 UNAUTHORIZED). vCenter: Unable to authorize user. You do not hold privilege 'System.View'.
      The account lacks a privilege for this; the message tells which one, and on which object.
      The clone of 'e2e' was cancelled; nothing is left."
    `);
    expect(post.log).toContain('Nothing to clean up');
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('nor cancelled in time (403, cancel too late): what comes out is deleted', async () => {
    const stage = stageWith({ cloneDuration: MINUTES, cancelTooLate: true });
    stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forbidden, nth: 2, times: FOREVER });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(main.exitCode).toBe(1);
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('since the second login is refused: tried once more a minute later, then said, and left to post', async () => {
    const stage = stageWith({ cloneDuration: 10 * MINUTES });
    const { vcenter, runner } = stage;
    const refused = vcenter.fault({ operation: LOGIN, kind: '401', nth: 2, times: FOREVER });
    vcenter.watch(({ operation }, moment) => {
      if (operation === GET_TASK && moment === 'received') {
        vcenter.expireSessions();
      }
    });
    const main = await runner.runStep(cloneStep(stage, { inputs: { name: 'e2e' } }));
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[Login refused] Login refused: Cloning 'e2e' failed (task TASK).
      POST /api/session on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
      vCenter does not accept 'username' with 'password'. More tries could lock the account. The user name usually needs its domain: name@vsphere.local.
      Not cleaned up here: POST /api/session on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
      vCenter does not accept 'username' with 'password'. More tries could lock the account. The user name usually needs its domain: name@vsphere.local.
      This action's post step cancels the clone, or deletes 'e2e' if it has been made."
    `);
    const logins = vcenter.exchanges.filter(({ operation }) => operation === LOGIN);
    expect(logins).toHaveLength(3);
    expect((logins[2]?.receivedAt ?? 0) - (logins[1]?.receivedAt ?? 0)).toBeGreaterThanOrEqual(60_000);
    refused.remove();
    const post = await runner.runPost(main, { jobStatus: 'failure' });
    expect(post.exitCode).toBe(0);
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});
