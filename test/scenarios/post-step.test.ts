import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobStatus, StepResult } from '../runner/step.ts';
import type { FaultSpec } from '../simulator/vcenter.ts';
import {
  CLONE,
  DELETE,
  FOLDER,
  GET_TASK,
  INTERFACES,
  LIST_VMS,
  LOGIN,
  SOURCE,
  STOP,
  type Stage,
  setVirtualStage,
  type VirtualStage,
} from '../support/stage.ts';
import { cloneStep, teardownStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, neutral, timeToLogout, told } from '../support/what-happened.ts';

type Inputs = Readonly<Record<string, string>>;

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const FOREVER = Number.POSITIVE_INFINITY;

/** A clone that has succeeded. */
async function cloned(stage: Stage, inputs: Inputs = {}): Promise<StepResult> {
  const main = await stage.runner.runStep(cloneStep(stage, { inputs: { name: 'e2e', ...inputs } }));
  if (main.exitCode !== 0) {
    throw new Error(main.log);
  }
  return main;
}

/** A main step as if it had been killed right after it wrote this state, and had asked nothing of vCenter. */
async function killedAfter(stage: VirtualStage, state: unknown, inputs: Inputs = {}): Promise<StepResult> {
  const blank = await stage.runner.runStep({ action: 'clone', inputs: { 'vcenter-server': 'localhost' } });
  const text = typeof state === 'string' ? state : JSON.stringify(state);
  return { ...blank, options: cloneStep(stage, { inputs }), state: { clone: text } };
}

function planOf(stage: Stage, fields: Readonly<Record<string, unknown>> = {}) {
  return {
    server: stage.vcenter.server,
    name: 'e2e',
    isNameGenerated: false,
    source: SOURCE,
    folder: FOLDER,
    vmsBefore: [],
    ...fields,
  };
}

/** The plan as version 1 of the action wrote it. */
function planOfVersion1(stage: Stage, fields: Readonly<Record<string, unknown>> = {}) {
  const { isNameGenerated: _, ...plan } = planOf(stage);
  return { ...plan, caCertificate: stage.vcenter.caPem, nameIsOwn: false, ...fields };
}

/** A clone of the name whose task was not started through this stage's steps. */
const cloneByHand = ({ vcenter }: Stage, name = 'e2e') =>
  vcenter.startForeignClone({ source: SOURCE, name, folder: FOLDER, duration: 0 });

const lastLine = ({ log }: StepResult) => neutral(log.split('\n').at(-1) ?? '');
const removals = (stage: Stage) => changes(stage).filter((each) => /stop|delete/.test(each));

describe('post after a step that succeeded', () => {
  it.for<[string, JobStatus, boolean]>([
    ['never', 'success', false],
    ['never', 'failure', false],
    ['on-failure', 'success', false],
    ['on-failure', 'failure', true],
    ['on-failure', 'cancelled', true],
    ['always', 'success', true],
    ['always', 'cancelled', true],
  ])('teardown: %s, job: %s, deleted: %s', async ([teardown, jobStatus, isDeleted]) => {
    const stage = setVirtualStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
    const state = { version: 2, phase: 'returned', plan: planOf(stage), vm: 'vm-1001' };
    const post = await stage.runner.runPost(await killedAfter(stage, state, { teardown }), { jobStatus });
    expect(changes(stage)).toEqual(isDeleted ? ['stop vm-1001', 'delete vm-1001'] : []);
    expect(post.annotations).toEqual([]);
    if (isDeleted) {
      expect(post.summary.trim()).toBe('### Cleaned up `e2e`\n\nThe VM `vm-1001` and its files are deleted.');
      expect(lastLine(post)).toBe("'e2e' (vm-1001) is deleted; nothing is left.");
    } else {
      expect(post.log).toBe(`This step does not delete 'e2e' (vm-1001): 'teardown' is '${teardown}'.`);
      expect(stage.vcenter.calls()).toEqual([]);
    }
    expect(verdict({ stage, steps: [post], kept: isDeleted ? [] : ['e2e'] })).toEqual([]);
  });

  it('keeps the VM, and warns, where nobody knows how the job went', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage, { teardown: 'on-failure' });
    const post = await stage.runner.runPost(main, { inputs: { 'job-status': '' } });
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Job status unknown] Job status unknown: 'job-status' is empty, so the VM is kept; leave the input out to have the job's own status."`,
    );
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('never deletes a VM that was reused', async () => {
    const stage = setVirtualStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
    const main = await cloned(stage, { 'if-exists': 'reuse', teardown: 'always' });
    expect(main.outputs['created']).toBe('false');
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(post.log).toBe('Nothing to clean up: no clone was started.');
    expect(changes(stage)).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('C1c: leaves a VM that was renamed since then, names it, and leaves the one that has taken its name', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage, { teardown: 'always' });
    stage.vcenter.rename('vm-1001', 'old');
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const post = await stage.runner.runPost(main);
    expect(removals(stage)).toEqual([]);
    expect(told(post, 'warning')).toContain("'old' (vm-1001) is not deleted: it is called 'old', not 'e2e'.");
    expect(verdict({ stage, steps: [main, post], kept: ['e2e', 'old'] })).toEqual([]);
  });

  it('is content with a VM that is gone already, and touches none that bears its name', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage, { teardown: 'always' });
    stage.vcenter.remove('vm-1001');
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const post = await stage.runner.runPost(main);
    expect(lastLine(post)).toBe("'e2e' (vm-1001) is gone already; nothing is left.");
    expect(post.warnings).toEqual([]);
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });
});

describe('post after a step that failed', () => {
  it('without an address: main deletes the VM although teardown is never, and post has nothing to do', async () => {
    const stage = setVirtualStage({ behaviour: { toolsAfter: FOREVER } });
    const inputs = { name: 'e2e', 'wait-for-ip': 'true', 'ip-timeout': '2m', teardown: 'never' };
    const main = await stage.runner.runStep(cloneStep(stage, { inputs }));
    expect(main.exitCode).toBe(1);
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
    expect(told(main, 'error').split('\n').at(-1)).toBe(
      "'e2e' (vm-1001) is deleted, since the step did not succeed.",
    );
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(post.log).toBe('Nothing to clean up: the main step has done so itself.');
    expect(changes(stage)).toEqual(['clone e2e', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('without an address, and vCenter refuses connections while main cleans up: post deletes the VM', async () => {
    const stage = setVirtualStage({ behaviour: { toolsAfter: FOREVER } });
    const { vcenter, runner } = stage;
    const inputs = { name: 'e2e', 'wait-for-ip': 'true', 'ip-timeout': '2m' };
    const down = vcenter.fault({ operation: [LIST_VMS, STOP], kind: 'refused', nth: 3, times: FOREVER });
    const main = await runner.runStep(cloneStep(stage, { inputs }));
    expect(main.exitCode).toBe(1);
    down.remove();
    expect(told(main, 'error').split('\n').at(-1)).toBe("This action's post step deletes 'e2e' (vm-1001).");
    const post = await runner.runPost(main, { jobStatus: 'failure' });
    expect(lastLine(post)).toBe("'e2e' (vm-1001) is deleted; nothing is left.");
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

describe('how things stand, in the last line', () => {
  it('A10: cancelled in the middle of the clone: post, and an always() teardown before it, speak of the VM', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 20 * MINUTES } });
    const { vcenter, runner } = stage;
    const polled = vcenter.on({ operation: GET_TASK, when: 'answered', nth: 5 });
    const step = await runner.startStep(cloneStep(stage, { inputs: { name: 'e2e' } }));
    await polled;
    const main = await step.cancel();
    expect(told(main, 'error')).toMatch(
      /^\[Cancelled\] Cancelled: The step was cancelled \(SIGINT\) while 'e2e' was cloned/,
    );
    const { 'vm-name': name = '', 'task-id': task = '' } = main.outputs;
    const teardown = await runner.runStep(
      teardownStep(stage, { 'vm-name': name, 'task-id': task, folder: FOLDER }),
    );
    expect(teardown.exitCode).toBe(0);
    expect(teardown.log).not.toMatch(/com\.vmware\.vcenter\.VM is not in vCenter/);
    expect(teardown.log).toContain("'e2e'");
    const post = await runner.runPost(main, { jobStatus: 'cancelled' });
    expect(post.log).not.toContain('cannot be cancelled');
    expect(lastLine(post)).toBe("The clone of 'e2e' was cancelled; nothing is left.");
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('A10: cancelled while it waits for the address: the error names the VM', async () => {
    const stage = setVirtualStage({ behaviour: { toolsAfter: FOREVER } });
    const { vcenter, runner } = stage;
    const waiting = vcenter.on({ operation: INTERFACES, when: 'answered' });
    const step = await runner.startStep(cloneStep(stage, { inputs: { name: 'e2e', 'wait-for-ip': 'true' } }));
    await waiting;
    const main = await step.cancel();
    expect(main).toMatchObject({ exitCode: 1, conclusion: 'cancelled' });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[Cancelled] Cancelled: The step was cancelled (SIGINT) when 'e2e' (vm-1001) was there.
      This action's post step deletes 'e2e' (vm-1001)."
    `);
    const post = await runner.runPost(main, { jobStatus: 'cancelled' });
    expect(lastLine(post)).toBe("'e2e' (vm-1001) is deleted; nothing is left.");
    expect(changes(stage)).toEqual(['clone e2e', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('A10: a teardown has deleted the VM: post does not say that it is there', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage);
    const { 'vm-id': vm = '' } = main.outputs;
    await stage.runner.runStep(teardownStep(stage, { 'vm-id': vm }));
    const post = await stage.runner.runPost(main);
    expect(post.log).toBe("This step does not delete 'e2e' (vm-1001): 'teardown' is 'never'.");
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

describe('each state as the last one that main wrote', () => {
  it.for<[string, (stage: Stage) => unknown, string]>([
    ['nothing', () => '', 'no clone was started'],
    ['planned', (stage) => ({ version: 2, phase: 'planned', plan: planOf(stage) }), 'no clone was started'],
    ['closed', () => ({ version: 2, phase: 'closed' }), 'the main step has done so itself'],
  ])('%s: no login, and a VM of the name stays', async ([, state, why]) => {
    const stage = setVirtualStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const main = await killedAfter(stage, state(stage), { teardown: 'always' });
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    expect(post.log).toBe(`Nothing to clean up: ${why}.`);
    expect(stage.vcenter.calls()).toEqual([]);
    expect(verdict({ stage, steps: [post], kept: ['e2e'] })).toEqual([]);
  });

  it.for<[string, string, Readonly<Record<string, unknown>>]>([
    ['requested', 'generated', { isNameGenerated: true }],
    ['started', 'given', {}],
    ['started', 'generated', { isNameGenerated: true }],
    ['created', 'given', {}],
  ])('%s, name %s: the VM that has come of it is deleted', async ([phase, , fields]) => {
    const stage = setVirtualStage();
    const sentAt = stage.clock.date().toISOString();
    const { id: task } = cloneByHand(stage);
    const state = {
      ...{ version: 2, phase, plan: planOf(stage, fields), kind: 'cis', sentAt },
      ...{ task: { kind: 'cis', id: task }, vm: 'vm-1001' },
    };
    const main = await killedAfter(stage, state);
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    expect(post.warnings).toEqual([]);
    expect(removals(stage)).toEqual(['delete vm-1001']);
    expect(verdict({ stage, steps: [post] })).toEqual([]);
  });

  it.for([-30, 0, 30])(
    'C1d: requested, name given, and a clone of the name began %i s after the request: nothing proves that it is ours',
    async (seconds) => {
      const stage = setVirtualStage();
      cloneByHand(stage);
      const sentAt = new Date(stage.clock.date().getTime() - seconds * SECONDS).toISOString();
      const state = { version: 2, phase: 'requested', plan: planOf(stage), kind: 'cis', sentAt };
      const main = await killedAfter(stage, state, { teardown: 'always' });
      const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
      expect(told(post, 'warning')).toContain("'e2e' (vm-1001) is there, but others may use this name, too");
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [post], kept: ['e2e'] })).toEqual([]);
    },
  );

  it('C2a: requested 10 s ago, and vCenter begins 20 s from now: post looks until it is certain', async () => {
    const stage = setVirtualStage();
    const sentAt = new Date(stage.clock.date().getTime() - 10 * SECONDS).toISOString();
    const plan = planOf(stage, { isNameGenerated: true });
    const main = await killedAfter(stage, { version: 2, phase: 'requested', plan, kind: 'cis', sentAt });
    stage.clock.sleep(20 * SECONDS).then(() => cloneByHand(stage));
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    expect(removals(stage)).toEqual(['delete vm-1001']);
    expect(verdict({ stage, steps: [post] })).toEqual([]);
  });

  it.for(['requested', 'started', 'created', 'returned'])(
    'C1c: %s, and the VM is the source: it stays',
    async (phase) => {
      const stage = setVirtualStage();
      const { id: task } = cloneByHand(stage, 'other');
      stage.vcenter.rename(SOURCE, 'e2e');
      const plan = planOf(stage, { folder: 'group-v22', isNameGenerated: true });
      stage.vcenter.fault(answeredBy(SOURCE));
      const sentAt = new Date(stage.clock.date().getTime() - 600_000).toISOString();
      const reference = { kind: 'cis', id: task };
      const state = { version: 2, phase, plan, kind: 'cis', sentAt, task: reference, vm: SOURCE };
      const post = await stage.runner.runPost(await killedAfter(stage, state, { teardown: 'always' }));
      expect(removals(stage)).toEqual([]);
      expect(verdict({ stage, steps: [post], kept: ['other'] })).toEqual([]);
    },
  );

  it.for([
    { phase: 'started', what: 'the task names a VM of another name', plan: {} },
    { phase: 'started', what: 'the task names a VM that was there before', plan: { vmsBefore: ['vm-45'] } },
    { phase: 'created', what: 'the state does', plan: {} },
    { phase: 'returned', what: 'the state does', plan: { isNameGenerated: true } },
    { phase: 'returned', what: 'the VM was there before', plan: { vmsBefore: ['vm-45'] } },
  ])('C1c: $phase, and $what: vm-45 stays', async ({ phase, what, plan: fields }) => {
    const stage = setVirtualStage();
    if (what.endsWith('before')) {
      stage.vcenter.rename('vm-45', 'e2e');
    }
    const { id: task } = cloneByHand(stage, 'other');
    stage.vcenter.fault(answeredBy('vm-45'));
    const state = { version: 2, phase, plan: planOf(stage, fields), task, vm: 'vm-45' };
    const post = await stage.runner.runPost(await killedAfter(stage, state, { teardown: 'always' }));
    expect(removals(stage)).toEqual([]);
    expect(post.warnings).toHaveLength(1);
    expect(verdict({ stage, steps: [post], kept: ['other'] })).toEqual([]);
  });

  it.for<[string, unknown]>([
    ['of another version', { version: 3, phase: 'closed' }],
    ['without a version', { phase: 'closed' }],
    ['that is no JSON', '{"version":2,'],
    ['of an unknown phase', { version: 2, phase: 'dreaming' }],
    ['whose plan is incomplete', { version: 2, phase: 'created', plan: { name: 'e2e' }, vm: 'vm-45' }],
    ['without the VM', { version: 2, phase: 'returned', plan: {} }],
  ])('a state %s: one warning, green, nothing asked', async ([, state]) => {
    const stage = setVirtualStage();
    const post = await stage.runner.runPost(await killedAfter(stage, state), { jobStatus: 'failure' });
    expect(post.exitCode).toBe(0);
    expect(told(post, 'warning')).toMatch(
      /^\[Clean-up: State not readable\] Clean-up: State not readable: The state that the main step left behind (cannot be read|is not of this version of the action)\.( Look for 'e2e' in vCenter\.)?$/,
    );
    expect(stage.vcenter.calls()).toEqual([]);
    expect(verdict({ stage, steps: [post] })).toEqual([]);
  });
});

describe('a state of version 1, which the main step of an older release wrote', () => {
  const OLDER = 'The main step ran with an older version of this action';

  it.for<[string, Readonly<Record<string, unknown>>]>([
    ['started, its task names the VM', { phase: 'started' }],
    ['created', { phase: 'created' }],
    ['finished, and teardown is always', { phase: 'finished' }],
  ])('%s: the VM is deleted', async ([, fields]) => {
    const stage = setVirtualStage();
    const { id: task } = cloneByHand(stage);
    const state = { version: 1, plan: planOfVersion1(stage), task, vm: 'vm-1001', ...fields };
    const post = await stage.runner.runPost(await killedAfter(stage, state, { teardown: 'always' }));
    expect(post.log).toContain(OLDER);
    expect(post.warnings).toEqual([]);
    expect(removals(stage)).toEqual(['delete vm-1001']);
    expect(verdict({ stage, steps: [post] })).toEqual([]);
  });

  it('A2: requested, name generated: two steps could share it, so the VM stays and is named', async () => {
    const stage = setVirtualStage();
    cloneByHand(stage);
    const sentAt = stage.clock.date().toISOString();
    const plan = planOfVersion1(stage, { nameIsOwn: true });
    const post = await stage.runner.runPost(
      await killedAfter(stage, { version: 1, phase: 'requested', plan, sentAt }, { teardown: 'always' }),
    );
    expect(post.log).toContain(OLDER);
    expect(told(post, 'warning')).toContain("'e2e' (vm-1001)");
    expect(changes(stage)).toEqual([]);
    expect(verdict({ stage, steps: [post], kept: ['e2e'] })).toEqual([]);
  });

  it.for(['planned', 'settled'])('%s: nothing is left to do', async (phase) => {
    const stage = setVirtualStage();
    const state = { version: 1, phase, plan: planOfVersion1(stage) };
    const post = await stage.runner.runPost(await killedAfter(stage, state));
    expect(post.log).toContain('Nothing to clean up');
    expect(post.annotations).toEqual([]);
    expect(stage.vcenter.calls()).toEqual([]);
  });
});

describe('post that cannot do its work', () => {
  it('with vCenter down: one warning with name and id, green, inside four minutes', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage, { teardown: 'always' });
    await stage.vcenter.refuseConnections();
    const post = await stage.runner.runPost(main);
    expect(post.exitCode).toBe(0);
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Timed out] Clean-up: Timed out: The clean-up did not end within 3 min 45 s.
      The last error was: POST /api/session on VCENTER failed (ECONNREFUSED). No connection to VCENTER: connect ECONNREFUSED VCENTER
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(post.duration).toBeGreaterThan(3 * MINUTES);
    expect(post.duration).toBeLessThan(4 * MINUTES);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('with a vCenter that answers no request: the same', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage, { teardown: 'always' });
    stage.vcenter.fault({ operation: [STOP, DELETE], kind: 'late', times: FOREVER });
    stage.vcenter.fault({ operation: LIST_VMS, kind: 'late', times: FOREVER });
    const post = await stage.runner.runPost(main);
    expect(post.exitCode).toBe(0);
    expect(post.warnings).toHaveLength(1);
    expect(told(post, 'warning')).toContain("'e2e' (vm-1001)");
    expect(timeToLogout(stage, { from: LOGIN, nth: 2, scale: 1 })).toBeLessThan(4 * MINUTES);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('without a password: one warning with name and id', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage, { teardown: 'always' });
    const post = await stage.runner.runPost(main, { inputs: { password: '' } });
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Invalid inputs] Clean-up: Invalid inputs: password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own).
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('since the password was changed meanwhile: one login, one warning', async () => {
    const stage = setVirtualStage();
    const main = await cloned(stage, { teardown: 'always' });
    const post = await stage.runner.runPost(main, { inputs: { password: 'wrong' } });
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Login refused] Clean-up: Login refused: POST /api/session on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
      vCenter does not accept 'username' with 'password'. More tries could lock the account. The user name usually needs its domain: name@vsphere.local.
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(stage.vcenter.calls().filter((operation) => operation === LOGIN)).toHaveLength(2);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('since it may not delete: the warning names the VM and the privilege', async () => {
    const stage = setVirtualStage({
      behaviour: { deny: [{ privilege: 'VirtualMachine.Inventory.Delete' }] },
    });
    const main = await cloned(stage, { teardown: 'always' });
    const post = await stage.runner.runPost(main);
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] Left behind in vCenter: 'e2e' (vm-1001) could not be deleted: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Inventory.Delete' on 'vm-1001'."`,
    );
    expect(post.summary).toContain('### Left behind in vCenter: `e2e`');
    expect(lastLine(post)).toContain("'e2e' (vm-1001) could not be deleted");
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });
});

describe("the runner's files fail while the clone runs", () => {
  const FILES = ['GITHUB_STATE', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'] as const;

  /** Files of our own, so that the test can take them away. */
  function runnerFiles(): { readonly env: Inputs; readonly remove: () => void } {
    const folder = mkdtempSync(join(tmpdir(), 'files-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const env = Object.fromEntries(FILES.map((name) => [name, join(folder, name)]));
    for (const path of Object.values(env)) {
      writeFileSync(path, '');
    }
    return { env, remove: () => rmSync(folder, { recursive: true, force: true }) };
  }

  it.for([
    { moment: 'right after the request', operation: CLONE, nth: 1 },
    { moment: 'in the middle of the clone', operation: GET_TASK, nth: 4 },
    { moment: 'while it waits for the address', operation: INTERFACES, nth: 1 },
  ] as const)(
    'B3: removed $moment: main deletes the VM or cancels the clone, and the error says why',
    async (at) => {
      for (const inputs of [{}, { name: 'e2e' }]) {
        const stage = setVirtualStage({ behaviour: { cloneDuration: 2 * MINUTES, toolsAfter: MINUTES } });
        const { env, remove } = runnerFiles();
        stage.vcenter.on({ operation: at.operation, when: 'received', nth: at.nth }).then(remove);
        const main = await stage.runner.runStep({
          ...cloneStep(stage, { inputs: { ...inputs, 'wait-for-ip': 'true' } }),
          env,
        });
        expect(main.exitCode).toBe(1);
        expect(main.errors).toHaveLength(1);
        expect(told(main, 'error')).toMatch(/GITHUB_(STATE|OUTPUT)/);
        expect(told(main, 'error')).not.toContain('bug of the action');
        expect(verdict({ stage, steps: [main] })).toEqual([]);
      }
    },
  );

  it('B3: removed, and the VM may not be deleted: the error names what stays, with its id', async () => {
    const stage = setVirtualStage({
      behaviour: { cloneDuration: MINUTES, deny: [{ privilege: 'VirtualMachine.Inventory.Delete' }] },
    });
    const { env, remove } = runnerFiles();
    stage.vcenter.on({ operation: GET_TASK, when: 'received', nth: 4 }).then(remove);
    const main = await stage.runner.runStep({ ...cloneStep(stage, { inputs: { name: 'e2e' } }), env });
    expect(told(main, 'error')).toContain('GITHUB_STATE');
    expect(told(main, 'error')).toContain("'e2e' (vm-1001) could not be deleted");
    expect(verdict({ stage, steps: [main], kept: ['e2e'] })).toEqual([]);
  });
});

describe('signals', () => {
  it('SIGINT in post: one warning with name and id, green, logged out', async () => {
    const stage = setVirtualStage({ behaviour: { deleteTakes: 30 * SECONDS } });
    const { vcenter, runner } = stage;
    const main = await cloned(stage, { teardown: 'always' });
    const deleting = vcenter.on({ operation: DELETE, when: 'received' });
    const post = await runner.startPost(main);
    await deleting;
    const ended = await post.kill('SIGINT');
    expect(ended.exitCode).toBe(0);
    expect(told(ended, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Cancelled] Clean-up: Cancelled: The step was cancelled (SIGINT).
      'e2e' (vm-1001) on VCENTER may be left: please look for it."
    `);
    expect(vcenter.sessions().open).toBe(0);
    // vCenter goes on with what it was asked to do.
    await stage.clock.sleep(MINUTES);
    expect(verdict({ stage, steps: [main, ended] })).toEqual([]);
  });

  it("the runner's cancel of a step that vCenter keeps waiting: gone before SIGTERM, the rest by post", async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 2 * MINUTES } });
    const { vcenter, runner } = stage;
    vcenter.fault({ operation: CLONE, kind: 'late' });
    const begun = vcenter.on({ operation: CLONE, when: 'acted' });
    const step = await runner.startStep(cloneStep(stage));
    await begun;
    const main = await step.cancel();
    expect(main.signals.map(({ signal }) => signal)).toEqual(['SIGINT']);
    expect(main.exitCode).toBe(1);
    const post = await runner.runPost(main, { jobStatus: 'cancelled' });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

/** Every task has made this VM. */
function answeredBy(vm: string): FaultSpec {
  const body = {
    description: { id: 'com.vmware.vcenter.VM.clone', default_message: 'Clone virtual machine', args: [] },
    service: 'com.vmware.vcenter.VM',
    operation: 'clone$task',
    status: 'SUCCEEDED',
    cancelable: false,
    target: { type: 'VirtualMachine', id: vm },
    result: vm,
  };
  return { operation: GET_TASK, kind: 'custom', answer: { status: 200, body }, times: FOREVER };
}
