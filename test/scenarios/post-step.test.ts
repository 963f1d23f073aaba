import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { type JobStatus, runPost, runStep, type StepResult, startPost, startStep } from '../runner/step.ts';
import { changes, cloneStep, timeToLogout, told } from './aftermath.ts';
import {
  CLONE,
  DELETE,
  FOLDER,
  GET_TASK,
  GET_VM,
  INTERFACES,
  LOGIN,
  openStage,
  SOURCE,
  STOP,
  type Stage,
} from './stage.ts';
import { verdict } from './verdict.ts';

/** A clone that has succeeded. */
async function cloned(stage: Stage, inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
  const main = await runStep(cloneStep(stage, { inputs: { name: 'e2e', ...inputs } }));
  if (main.exitCode !== 0) {
    throw new Error(main.log);
  }
  return main;
}

/** A main step that has come as far as reading its inputs, and has asked nothing of any vCenter. */
const blank = runStep({ action: 'clone', inputs: { 'vcenter-server': 'localhost' } });

/** A main step as if it had been killed right after it wrote this state. */
async function killedAfter(
  stage: Stage,
  state: unknown,
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const text = typeof state === 'string' ? state : JSON.stringify(state);
  return { ...(await blank), options: cloneStep(stage, { inputs }), state: { clone: text } };
}

function planOf(stage: Stage, fields: Readonly<Record<string, unknown>> = {}) {
  return {
    server: stage.vcenter.server,
    caCertificate: stage.vcenter.caPem,
    name: 'e2e',
    nameIsOwn: false,
    source: SOURCE,
    folder: FOLDER,
    vmsBefore: [],
    ...fields,
  };
}

describe.concurrent('post after a step that succeeded', () => {
  it.for<[string, JobStatus, boolean]>([
    ['never', 'success', false],
    ['never', 'failure', false],
    ['on-failure', 'success', false],
    ['on-failure', 'failure', true],
    ['on-failure', 'cancelled', true],
    ['always', 'success', true],
    ['always', 'cancelled', true],
  ])('teardown: %s, job: %s, deleted: %s', async ([teardown, jobStatus, isDeleted], { expect }) => {
    const stage = await openStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
    const state = { version: 1, phase: 'finished', plan: planOf(stage), vm: 'vm-1001' };
    const post = await runPost(await killedAfter(stage, state, { teardown }), { jobStatus });
    expect(changes(stage)).toEqual(isDeleted ? ['stop vm-1001', 'delete vm-1001'] : []);
    expect(post.annotations).toEqual([]);
    if (isDeleted) {
      expect(post.summary.trim()).toBe('### Cleaned up `e2e`\n\nThe VM `vm-1001` and its files are deleted.');
    } else {
      expect(post.log).toBe(`'e2e' (vm-1001) is left alone, as 'teardown: ${teardown}' asks.`);
      expect(stage.vcenter.calls()).toEqual([]);
    }
    expect(verdict({ stage, steps: [post], kept: isDeleted ? [] : ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('keeps the VM, and warns, where nobody knows how the job went', async ({ expect }) => {
    const stage = await openStage();
    const main = await cloned(stage, { teardown: 'on-failure' });
    const post = await runPost(main, { inputs: { 'job-status': '' } });
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Job status unknown] 'job-status' is empty, so the VM is kept; leave the input out to have the job's own status."`,
    );
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('never deletes a VM that was reused', async ({ expect }) => {
    const stage = await openStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
    const main = await cloned(stage, { 'if-exists': 'reuse', teardown: 'always' });
    expect(main.outputs['created']).toBe('false');
    const post = await runPost(main, { jobStatus: 'failure' });
    expect(post.log).toBe('Nothing to clean up.');
    expect(changes(stage)).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('deletes by the id: a VM that has taken the name since then stays, and a renamed one goes', async ({
    expect,
  }) => {
    const stage = await openStage();
    const main = await cloned(stage, { teardown: 'always' });
    stage.vcenter.rename('vm-1001', 'old');
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const post = await runPost(main);
    expect(changes(stage)).toEqual(['clone e2e', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('is content with a VM that is gone already, and touches none that bears its name', async ({
    expect,
  }) => {
    const stage = await openStage();
    const main = await cloned(stage, { teardown: 'always' });
    stage.vcenter.remove('vm-1001');
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const post = await runPost(main);
    expect(post.log).toContain("'e2e' (vm-1001) is gone already.");
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('finds the CA in the state where its file is gone', async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'ca-'));
    const stage = await openStage();
    const file = join(folder, 'ca.pem');
    copyFileSync(stage.vcenter.caFile, file);
    const main = await cloned(stage, { 'ca-certificate': file, teardown: 'always' });
    rmSync(folder, { recursive: true });
    const post = await runPost(main);
    expect(changes(stage)).toEqual(['clone e2e', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });
});

describe.concurrent('post after a step that failed', () => {
  it('without an address: deletes the VM although teardown is never', async ({ expect }) => {
    const stage = await openStage({ behaviour: { toolsAfter: Number.POSITIVE_INFINITY } });
    const inputs = { name: 'e2e', 'wait-for-ip': 'true', 'ip-timeout': '6s', teardown: 'never' };
    const main = await runStep(cloneStep(stage, { inputs }));
    expect(main.exitCode).toBe(1);
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
    const post = await runPost(main, { jobStatus: 'failure' });
    expect(changes(stage)).toEqual(['clone e2e', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });
});

describe.concurrent('each state as the last one that main wrote', () => {
  it.for<[string, (stage: Stage) => unknown]>([
    ['nothing', () => ''],
    ['planned', (stage) => ({ version: 1, phase: 'planned', plan: planOf(stage) })],
    ['settled', () => ({ version: 1, phase: 'settled' })],
  ])('%s: no login, and a VM of the name stays', async ([, state], { expect }) => {
    const stage = await openStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const post = await runPost(await killedAfter(stage, state(stage)), { jobStatus: 'cancelled' });
    expect(post.log).toBe('Nothing to clean up.');
    expect(stage.vcenter.calls()).toEqual([]);
    expect(verdict({ stage, steps: [post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it.for<[string, string, Readonly<Record<string, unknown>>]>([
    ['requested', 'given', {}],
    ['requested', 'generated', { nameIsOwn: true }],
    ['started', 'given', {}],
    ['created', 'given', {}],
  ])('%s, name %s: the VM that has come of it is deleted', async ([phase, , fields], { expect }) => {
    const stage = await openStage();
    const sentAt = new Date().toISOString();
    const { id: task } = stage.vcenter.startForeignClone({
      source: SOURCE,
      name: 'e2e',
      folder: FOLDER,
      duration: 1,
    });
    const state = { version: 1, phase, plan: planOf(stage, fields), sentAt, task, vm: 'vm-1001' };
    const post = await runPost(await killedAfter(stage, state), { jobStatus: 'cancelled' });
    expect(post.warnings).toEqual([]);
    expect(changes(stage).filter((each) => !each.startsWith('cancel'))).toEqual(['delete vm-1001']);
    expect(verdict({ stage, steps: [post] })).toEqual([]);
    await stage.close();
  });

  it('requested, name generated, and its VM comes of a clone that began long before: a twin of this job made it', async ({
    expect,
  }) => {
    const stage = await openStage();
    stage.vcenter.startForeignClone({ source: SOURCE, name: 'e2e', folder: FOLDER, duration: 1 });
    const sentAt = new Date(Date.now() + 30_000).toISOString();
    const state = { version: 1, phase: 'requested', plan: planOf(stage, { nameIsOwn: true }), sentAt };
    const post = await runPost(await killedAfter(stage, state), { jobStatus: 'cancelled' });
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] It is not clear whether a clone was started: 'e2e' (vm-1001) is there, but another task made it (TASK)."`,
    );
    expect(changes(stage)).toEqual([]);
    expect(verdict({ stage, steps: [post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it("requested, name given, and its VM comes of a clone that began well after: it is rather another's", async ({
    expect,
  }) => {
    const stage = await openStage();
    stage.vcenter.startForeignClone({ source: SOURCE, name: 'e2e', folder: FOLDER, duration: 1 });
    const sentAt = new Date(Date.now() - 30_000).toISOString();
    const state = { version: 1, phase: 'requested', plan: planOf(stage), sentAt };
    const post = await runPost(await killedAfter(stage, state), { jobStatus: 'cancelled' });
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] It is not clear whether a clone was started: 'e2e' (vm-1001) is there, but another task made it (TASK)."`,
    );
    expect(changes(stage)).toEqual([]);
    expect(verdict({ stage, steps: [post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it.for(['requested', 'started', 'created', 'finished'])(
    '%s, and the VM is the source: it stays',
    async (phase, { expect }) => {
      const stage = await openStage();
      const task = stage.vcenter.startForeignClone({
        source: SOURCE,
        name: 'other',
        folder: FOLDER,
        duration: 1,
      });
      stage.vcenter.rename(SOURCE, 'e2e');
      const plan = planOf(stage, { folder: 'group-v22', nameIsOwn: true });
      stage.vcenter.fault({
        operation: GET_TASK,
        kind: 'custom',
        answer: { status: 200, body: { ...taskOf(SOURCE) } },
        times: Number.POSITIVE_INFINITY,
      });
      const sentAt = new Date(Date.now() - 600_000).toISOString();
      const state = { version: 1, phase, plan, sentAt, task: task.id, vm: SOURCE };
      const post = await runPost(await killedAfter(stage, state, { teardown: 'always' }));
      expect(changes(stage).filter((each) => !each.startsWith('cancel'))).toEqual([]);
      expect(verdict({ stage, steps: [post], kept: ['other'] })).toEqual([]);
      await stage.close();
    },
  );

  it.for<[string, unknown]>([
    ['of another version', { version: 2, phase: 'settled' }],
    ['without a version', { phase: 'settled' }],
    ['that is no JSON', '{"version":1,'],
    ['of an unknown phase', { version: 1, phase: 'dreaming' }],
    ['whose plan is incomplete', { version: 1, phase: 'created', plan: { name: 'e2e' }, vm: 'vm-45' }],
    ['without the VM', { version: 1, phase: 'finished', plan: {} }],
  ])('a state %s: one warning, green, nothing asked', async ([, state], { expect }) => {
    const stage = await openStage();
    const post = await runPost(await killedAfter(stage, state), { jobStatus: 'failure' });
    expect(post.exitCode).toBe(0);
    expect(told(post, 'warning')).toMatch(
      /^\[Clean-up: State not readable\] The state that the main step left behind (cannot be read|is not of this version of the action)\.$/,
    );
    expect(stage.vcenter.calls()).toEqual([]);
    expect(verdict({ stage, steps: [post] })).toEqual([]);
    await stage.close();
  });
});

describe.concurrent('post that cannot do its work', () => {
  it('with vCenter down: one warning with name and id, green, inside four minutes', async ({ expect }) => {
    const stage = await openStage();
    const main = await cloned(stage, { teardown: 'always' });
    await stage.vcenter.refuseConnections();
    const post = await runPost(main, { timeScale: 100 });
    expect(post.exitCode).toBe(0);
    expect(post.warnings).toHaveLength(1);
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Out of time] The clean-up did not end within 3 min 45 s.
      The last trouble was: POST /api/session on VCENTER failed (ECONNREFUSED). No connection to VCENTER: connect ECONNREFUSED VCENTER
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    // A process needs a second or two of real time to start here.
    expect(post.duration).toBeGreaterThan(2_000);
    expect(post.duration).toBeLessThan(2_250 + 6_000);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('with a vCenter that answers nothing: the same, told from its logout', async ({ expect }) => {
    const stage = await openStage();
    const main = await cloned(stage, { teardown: 'always' });
    stage.vcenter.fault({ operation: GET_VM, kind: 'late', times: Number.POSITIVE_INFINITY });
    const post = await runPost(main, { timeScale: 50 });
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Out of time] The clean-up did not end within 3 min 45 s.
      The last trouble was: GET /api/vcenter/vm/{vm} on VCENTER failed. No answer within 30 s.
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(timeToLogout(stage, { from: LOGIN, nth: 2, scale: 50 })).toBeLessThan(240_000);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('without a password: one warning with name and id', async ({ expect }) => {
    const stage = await openStage();
    const main = await cloned(stage, { teardown: 'always' });
    const post = await runPost(main, { inputs: { password: '' } });
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Bad inputs] password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own).
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('since the password was changed meanwhile: one login, one warning', async ({ expect }) => {
    const stage = await openStage();
    const main = await cloned(stage, { teardown: 'always' });
    const post = await runPost(main, { inputs: { password: 'wrong' } });
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Login refused] POST /api/session on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
      vCenter does not accept 'username' with 'password'. It is not tried again, since repeated tries lock accounts. The user name usually needs its domain: name@vsphere.local.
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(stage.vcenter.calls().filter((operation) => operation === LOGIN)).toHaveLength(2);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('since it may not delete: the warning names the VM and the privilege', async ({ expect }) => {
    const stage = await openStage({
      behaviour: { deny: [{ privilege: 'VirtualMachine.Inventory.Delete' }] },
    });
    const main = await cloned(stage, { teardown: 'always' });
    const post = await runPost(main);
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] 'e2e' (vm-1001) could not be deleted: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Inventory.Delete' on 'vm-1001'."`,
    );
    expect(post.summary).toContain('### Left behind in vCenter: `e2e`');
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });
});

describe.concurrent('signals', () => {
  it('SIGINT in post: one warning with name and id, green, logged out', async ({ expect }) => {
    const stage = await openStage({ behaviour: { deleteTakes: 1_500 } });
    const main = await cloned(stage, { teardown: 'always' });
    const deleting = stage.vcenter.on({ operation: DELETE, when: 'received' });
    const post = await startPost(main, { timeScale: 1 });
    await deleting;
    const ended = await post.kill('SIGINT');
    expect(ended.exitCode).toBe(0);
    expect(told(ended, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Cancelled] The step was told to end (SIGINT).
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(stage.vcenter.sessions().open).toBe(0);
    // vCenter goes on with what it was asked to do.
    await expect.poll(() => stage.vcenter.vm('e2e'), { timeout: 6_000 }).toBeUndefined();
    expect(verdict({ stage, steps: [main, ended] })).toEqual([]);
    await stage.close();
  });

  it('SIGINT twice: the cancel goes out once and the step ends as after one', async ({ expect }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 20_000, cancelTakes: 800 } });
    const looked = stage.vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await startStep({ ...cloneStep(stage, { inputs: { name: 'e2e' } }), timeScale: 1 });
    await looked;
    process.kill(step.pid, 'SIGINT');
    const main = await step.kill('SIGINT');
    expect(main.exitCode).toBe(1);
    const post = await runPost(main, { jobStatus: 'cancelled' });
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[Cancelled] The step was told to end (SIGINT) while 'e2e' was cloned (task TASK), at N %.
      What came of it is cleaned up by this action's post step."
    `);
    expect(changes(stage).slice(0, 2)).toEqual(['clone e2e', 'cancel e2e']);
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it('SIGINT with a vCenter that answers nothing any more: the cancel goes out, and the step is gone in time', async ({
    expect,
  }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 30_000 } });
    const { vcenter } = stage;
    const looked = vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await startStep({ ...cloneStep(stage, { inputs: { name: 'e2e' } }), timeScale: 1 });
    await looked;
    const stalled = vcenter.fault({ operation: '*', kind: 'late-act', times: Number.POSITIVE_INFINITY });
    const main = await step.cancel();
    expect(main.signals.map(({ signal }) => signal)).toEqual(['SIGINT']);
    expect(main.signals[0]?.untilExit).toBeLessThan(7_000);
    expect(main.exitCode).toBe(1);
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
    stalled.remove();
    const post = await runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
    await stage.close();
  });

  it("the runner's cancel: SIGINT is enough, long before SIGTERM", async ({ expect }) => {
    const stage = await openStage({ behaviour: { toolsAfter: Number.POSITIVE_INFINITY } });
    const waiting = stage.vcenter.on({ operation: INTERFACES, when: 'answered' });
    const step = await startStep({
      ...cloneStep(stage, { inputs: { name: 'e2e', 'wait-for-ip': 'true' } }),
      timeScale: 1,
    });
    await waiting;
    const main = await step.cancel();
    expect(main.signals.map(({ signal }) => signal)).toEqual(['SIGINT']);
    expect(main).toMatchObject({ exitCode: 1, conclusion: 'cancelled' });
    const post = await runPost(main, { jobStatus: 'cancelled' });
    expect(changes(stage)).toEqual(['clone e2e', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it("the runner's cancel of a step that vCenter keeps waiting: gone before SIGTERM, the rest by post", async ({
    expect,
  }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 30_000 } });
    const { vcenter } = stage;
    vcenter.fault({ operation: CLONE, kind: 'late' });
    const begun = vcenter.on({ operation: CLONE, when: 'acted' });
    const step = await startStep({ ...cloneStep(stage, { inputs: {} }), timeScale: 1 });
    await begun;
    const main = await step.cancel();
    expect(main.signals.map(({ signal }) => signal)).toEqual(['SIGINT']);
    expect(main.exitCode).toBe(1);
    const post = await runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
    expect(post.warnings).toEqual([]);
    expect(vcenter.calls()).not.toContain(STOP);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });
});

function taskOf(vm: string) {
  return {
    description: { id: 'com.vmware.vcenter.VM.clone', default_message: 'Clone virtual machine', args: [] },
    service: 'com.vmware.vcenter.VM',
    operation: 'clone$task',
    status: 'SUCCEEDED',
    cancelable: false,
    target: { type: 'VirtualMachine', id: vm },
    result: vm,
  };
}
