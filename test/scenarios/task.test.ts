import { describe, expect, it } from 'vitest';
import type { Behaviour, CloneFailure, Exchange } from '../simulator/vcenter.ts';
import {
  CLONE,
  FOLDER,
  GET_POWER,
  GET_TASK,
  GET_VM,
  LIST_TASKS,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  SOURCE,
  setVirtualStage,
} from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { callsOf, looksOf, settled, stateOf } from '../support/what-happened.ts';

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const FOREVER = Number.POSITIVE_INFINITY;
const START = 'POST /api/vcenter/vm/{vm}/power?action=start';

const stageWith = (behaviour: Partial<Behaviour> = {}) =>
  setVirtualStage({ behaviour: { cloneDuration: 3 * MINUTES, ...behaviour } });

const statusOf = (answer: unknown) => (answer as { readonly status: string }).status;

/** Milliseconds between one arrival and the next. */
const gapsOf = (exchanges: readonly Exchange[]) =>
  exchanges.slice(1).map(({ receivedAt }, index) => receivedAt - (exchanges[index]?.receivedAt ?? 0));

/** `1 min 05 s` as seconds. */
const secondsOf = (text: string) =>
  [...text.matchAll(/([\d.]+) (min|s)\b/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (unit === 'min' ? 60 : 1),
    0,
  );

describe('the requests of a run in which nothing goes wrong', () => {
  it('ids given, name generated: session, clone, polls, name and power of the VM by its id, logout', async () => {
    const stage = stageWith();
    const { main, exchanges } = await cloned(stage, {});
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
    expect(exchanges.find(({ operation }) => operation === LIST_VMS)?.query).toEqual({ vms: ['vm-1001'] });
    // Together, the polls stand between the clone request and the look-up.
    const order = exchanges.map(({ operation }) => operation);
    expect(order.lastIndexOf(GET_TASK)).toBe(order.indexOf(LIST_VMS) - 1);
    expect(order.indexOf(GET_TASK)).toBe(order.indexOf(CLONE) + 1);
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'power-state': 'POWERED_ON' });
  });

  it('name given: one look-up more, whether it is free', async () => {
    const stage = stageWith();
    const { exchanges } = await cloned(stage, { name: 'copy' });
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
    const queries = exchanges.filter(({ operation }) => operation === LIST_VMS).map(({ query }) => query);
    expect(queries).toEqual([{ names: ['copy'] }, { vms: ['vm-1001'] }]);
  });
});

describe('the wait for a clone', () => {
  it("polls when 'poll-interval' says so", async () => {
    const stage = stageWith({ cloneDuration: 45 * SECONDS });
    const { exchanges } = await cloned(stage, { 'poll-interval': '10s' });
    const polls = looksOf(exchanges);
    expect(polls).toHaveLength(5);
    expect(gapsOf(polls)).toEqual([10_000, 10_000, 10_000, 10_000]);
  });

  it('polls a clone of 10 minutes at most 200 times, and never 5 s apart', async () => {
    const stage = stageWith({ cloneDuration: 10 * MINUTES });
    const { exchanges } = await cloned(stage, {});
    expect(looksOf(exchanges).length).toBeLessThanOrEqual(200);
    expect(Math.max(...gapsOf(looksOf(exchanges)))).toBeLessThan(5_000);
  });

  it('goes on through PENDING, BLOCKED and a status that nobody knows', async () => {
    const stage = stageWith();
    const { vcenter } = stage;
    const told = ['PENDING', 'BLOCKED', 'HIBERNATING', 'RUNNING'];
    vcenter.behaviour.status = () => told[looksOf(vcenter.exchanges).length - 1];
    const { main, exchanges } = await cloned(stage, {});
    const seen = looksOf(exchanges).map(({ answerBody }) => statusOf(answerBody));
    expect([...new Set(seen)]).toEqual(['PENDING', 'BLOCKED', 'HIBERNATING', 'RUNNING', 'SUCCEEDED']);
    expect(main.outputs['vm-id']).toBe('vm-1001');
  });

  it('is over with the first poll, where the clone is', async () => {
    const stage = stageWith({ cloneDuration: 0 });
    const { main, exchanges } = await cloned(stage, {});
    expect(looksOf(exchanges)).toHaveLength(1);
    expect(main.log).not.toMatch(/^\d+ % · /m);
  });

  it('logs its progress by 10 %, not on every poll', async () => {
    const stage = stageWith({ cloneDuration: 2 * MINUTES });
    const { main, exchanges } = await cloned(stage, { 'poll-interval': '2s' });
    const lines = main.log.split('\n').filter((line) => / % · /.test(line));
    const shares = lines.map((line) => Number.parseInt(line, 10));
    expect(looksOf(exchanges)).toHaveLength(60);
    expect(lines.length).toBeGreaterThan(7);
    expect(lines.length).toBeLessThanOrEqual(10);
    for (const [index, share] of shares.entries()) {
      expect(share - (shares[index - 1] ?? 0)).toBeGreaterThanOrEqual(9); // each is rounded down by itself
    }
    expect(lines[0]).toMatch(/^\d+ % · \d+(?:\.\d)? s · vCenter: Copying Virtual Machine files$/);
  });

  it('logs every 30 s that it goes on, where vCenter tells no progress', async () => {
    const stage = stageWith({ cloneDuration: 5 * MINUTES, progress: () => undefined });
    const { main } = await cloned(stage, { 'poll-interval': '1s' });
    const lines = main.log.split('\n').filter((line) => line.startsWith('RUNNING'));
    const times = lines.map(secondsOf);
    expect(lines).toHaveLength(9);
    for (const [index, time] of times.entries()) {
      expect(time - (times[index - 1] ?? 0)).toBe(30);
    }
  });

  it('goes on with the same task where the session ends in the middle', async () => {
    const stage = stageWith();
    const { vcenter } = stage;
    vcenter.on({ operation: GET_TASK, when: 'answered', nth: 3 }).then(() => vcenter.expireSessions());
    const { main, exchanges } = await cloned(stage, {});
    // Both sessions are closed, though vCenter does not know the first one any more.
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LOGIN, LIST_VMS, LOGOUT, LOGOUT]);
    expect(new Set(looksOf(exchanges).map(({ path }) => path)).size).toBe(1);
    expect(looksOf(exchanges).filter(({ status }) => status === 401)).toHaveLength(1);
    expect(vcenter.sessions()).toMatchObject({ open: 0, opened: 2, expired: 1 });
    // The new session's id is masked as well.
    expect(main.masks).toHaveLength(4);
    expect(main.annotations).toEqual([]);
  });

  it('logs in again each time that the session ends', async () => {
    const stage = stageWith();
    stage.vcenter.fault({ operation: GET_TASK, kind: '401', nth: 2 });
    stage.vcenter.fault({ operation: GET_TASK, kind: '401', nth: 4 });
    const { exchanges } = await cloned(stage, {});
    expect(callsOf(exchanges).filter((call) => call !== LOGOUT)).toEqual([
      LOGIN,
      CLONE,
      LOGIN,
      LOGIN,
      LIST_VMS,
    ]);
    expect(stage.vcenter.sessions().open).toBe(0);
  });

  it.for([3, 20, 60])(
    'A22: is not ended by 401 on every poll for %i s, while each login succeeds',
    async (lasts) => {
      const stage = stageWith({ cloneDuration: 5 * MINUTES });
      const { vcenter, clock } = stage;
      vcenter.on({ operation: GET_TASK, when: 'received', nth: 2 }).then(async () => {
        const fault = vcenter.fault({ operation: GET_TASK, kind: '401', times: FOREVER });
        await clock.sleep(lasts * SECONDS);
        fault.remove();
      });
      const { main, exchanges } = await cloned(stage, {});
      expect(main.outputs['vm-id']).toBe('vm-1001');
      expect(exchanges.filter(({ operation }) => operation === LOGIN).length).toBeLessThan(12);
    },
  );

  it.for([
    { page: 'a 404 page', status: 404 },
    { page: 'a 403 page', status: 403 },
    { page: 'a redirect', status: 302 },
    { page: 'a 400 page', status: 400 },
  ])('C4: is not ended by $page of a proxy on some polls', async ({ status }) => {
    const stage = stageWith();
    stage.vcenter.fault({
      operation: GET_TASK,
      kind: 'custom',
      nth: 2,
      times: 3,
      answer: {
        status,
        headers: { 'content-type': 'text/html', location: 'https://elsewhere.invalid/' },
        body: '<h1>Blocked</h1>',
      },
    });
    const { main } = await cloned(stage, { name: 'copy' });
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
  });

  it('polls again for a task whose record is late', async () => {
    const stage = stageWith();
    stage.vcenter.fault({
      operation: GET_TASK,
      kind: 'custom',
      times: 3,
      answer: {
        status: 404,
        body: { error_type: 'NOT_FOUND', messages: [{ id: 'not_found', default_message: 'No.', args: [] }] },
      },
    });
    const { main } = await cloned(stage, {});
    expect(main.outputs['created']).toBe('true');
    expect(main.log).not.toContain('does not know the task');
  });

  it('finds the VM by its name, where vCenter has forgotten the task', async () => {
    const stage = stageWith({ taskRetention: -1 });
    const { main, exchanges } = await cloned(stage, {});
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
    expect(exchanges.find(({ operation }) => operation === LIST_VMS)?.query).toMatchObject({
      names: [main.outputs['vm-name']],
      folders: [FOLDER],
    });
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
    expect(main.log).toMatch(/vCenter does not know the task \S+ \(any more\)\./);
  });

  it.for([
    { what: 'a long poll interval', interval: '20s', outage: 0 },
    { what: 'a longer one', interval: '2m', outage: 0 },
    { what: 'an outage of 15 s near the end', interval: undefined, outage: 15 },
    { what: 'an outage of 3 min', interval: '5s', outage: 180 },
  ])('A4: $what does not lose a clone that succeeded', async ({ interval, outage }) => {
    for (const folder of [FOLDER, '']) {
      // The task's result holds no id of a VM.
      const stage = stageWith({ cloneDuration: 170 * SECONDS, result: 'none' });
      const { vcenter, clock } = stage;
      const isDown = () => clock.now() > 165 * SECONDS && clock.now() < (165 + outage) * SECONDS;
      vcenter.fault({ operation: GET_TASK, kind: 'reset-before', times: FOREVER, when: isDown });
      const { main } = await cloned(stage, {
        name: 'copy',
        folder,
        ...(interval === undefined ? {} : { 'poll-interval': interval }),
      });
      expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
    }
  });
});

describe("the new VM's id", () => {
  // What vCenter works on is the source, or nothing is told of it, or it is the new VM.
  const cases = [
    { result: 'string', taskTarget: 'source', byName: false },
    { result: 'vm-object', taskTarget: 'source', byName: false },
    { result: 'id-object', taskTarget: 'source', byName: false },
    { result: 'value-object', taskTarget: 'source', byName: false },
    { result: 'string', taskTarget: 'none', byName: false },
    { result: 'string', taskTarget: 'new', byName: false },
    { result: 'none', taskTarget: 'none', byName: true },
    { result: 'none', taskTarget: 'source', byName: true },
    { result: 'none', taskTarget: 'new', byName: false },
  ] as const;

  it.for(cases)('comes from result: $result, target: $taskTarget', async ({ result, taskTarget, byName }) => {
    // Before the end `result` may be anything, even a VM that is somebody's.
    const stage = stageWith({ result, taskTarget, earlyResult: 'vm-45' });
    const { main, exchanges } = await cloned(stage, {});
    expect(main.outputs['vm-id']).toBe('vm-1001');
    expect(stateOf(main)).toMatchObject({ phase: 'returned', vm: 'vm-1001' });
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
    const [lookUp] = exchanges.filter(({ operation }) => operation === LIST_VMS);
    expect(Object.keys(lookUp?.query ?? {})).toEqual(byName ? ['names', 'folders'] : ['vms']);
  });

  it.for(['start', 'end'] as const)(
    'is found by a given name, where nothing else tells it and the name is taken at the %s',
    async (nameTakenAt) => {
      const stage = stageWith({ result: 'none', optionalTaskFields: false, nameTakenAt });
      const { main, exchanges } = await cloned(stage, { name: 'copy' });
      expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
      expect(main.outputs['vm-id']).toBe('vm-1001');
    },
  );

  it('is never the source, whatever the task says', async () => {
    const stage = stageWith();
    const { fault, tasks } = stage.vcenter;
    const body = { status: 'SUCCEEDED', operation: 'clone$task', result: SOURCE };
    fault({
      operation: GET_TASK,
      kind: 'custom',
      times: FOREVER,
      when: () => tasks().every(({ endedAt }) => endedAt !== undefined),
      answer: { status: 200, body: { ...body, target: { type: 'VirtualMachine', id: SOURCE } } },
    });
    const { main } = await cloned(stage, { teardown: 'always' });
    expect(main.outputs['vm-id']).toBe('vm-1001');
  });

  it('is confirmed where vCenter cannot describe the VM: by the list, which can', async () => {
    const stage = stageWith();
    stage.vcenter.fault({ operation: GET_VM, kind: '500-error', times: FOREVER });
    const { main } = await cloned(stage, { name: 'copy', teardown: 'always' });
    expect(main.outputs['vm-id']).toBe('vm-1001');
  });

  it.for([
    ['200 in place of 202', { cloneAnswers: 200 }],
    ['no optional field', { optionalTaskFields: false }],
    ['fields that nobody knows', { extraTaskFields: true }],
    ['a total of 0', { progress: () => ({ completed: 0, total: 0 }) }],
    ['more done than there is', { progress: () => ({ completed: 150, total: 100 }) }],
  ] as const satisfies readonly (readonly [string, Partial<Behaviour>])[])(
    'comes with %s',
    async ([, behaviour]) => {
      const stage = stageWith(behaviour);
      const { main, exchanges } = await cloned(stage, {});
      expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
      expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'task-id': stage.vcenter.tasks()[0]?.id });
      expect(main.annotations).toEqual([]);
    },
  );
});

describe("the power, which comes in a task of its own after the clone's", () => {
  it.for([2, 5, 14])('B1: %i s after the clone: waited for, and so is the address', async (seconds) => {
    const stage = stageWith({ powerOnAfter: seconds * SECONDS });
    const { main, exchanges } = await cloned(stage, { 'wait-for-ip': 'true', 'poll-interval': '1s' });
    expect(main.outputs).toMatchObject({ 'power-state': 'POWERED_ON', 'vm-id': 'vm-1001' });
    expect(main.outputs['ip-address']).toMatch(/^10\./);
    expect(exchanges.map(({ operation }) => operation)).not.toContain(START);
    const { power } = JSON.parse(main.outputs['timings'] ?? '');
    expect(power).toBeGreaterThanOrEqual(seconds * SECONDS);
    expect(power).toBeLessThan((seconds + 2) * SECONDS);
  });

  it.for([20 * SECONDS, 5 * MINUTES, FOREVER])(
    'B1: not within 15 s (after %i ms): the action starts the VM',
    async (powerOnAfter) => {
      const stage = stageWith({ powerOnAfter });
      const { main, exchanges } = await cloned(stage, { 'wait-for-ip': 'true' });
      expect(exchanges.filter(({ operation }) => operation === START)).toHaveLength(1);
      expect(main.log).toContain('is not on yet; starting it.');
      expect(main.outputs['power-state']).toBe('POWERED_ON');
      expect(main.outputs['ip-address']).toMatch(/^10\./);
    },
  );

  it('B1: on in the moment in which it is started: ALREADY_IN_DESIRED_STATE is success', async () => {
    const stage = stageWith({ powerOnAfter: FOREVER });
    const { vcenter } = stage;
    vcenter.watch(({ operation }, moment) => {
      if (operation === START && moment === 'received') {
        vcenter.powerOn('vm-1001');
      }
    });
    const { main } = await cloned(stage, { name: 'copy' });
    expect(main.outputs['power-state']).toBe('POWERED_ON');
  });

  it("B1: cannot be started: the error is vCenter's own, and the VM is deleted", async () => {
    const stage = stageWith({ powerOnAfter: FOREVER });
    const text = 'The total number of virtual CPUs on the host exceeds the license.';
    stage.vcenter.fault({
      operation: START,
      kind: 'vapi-error',
      errorType: 'UNABLE_TO_ALLOCATE_RESOURCE',
      text,
      times: FOREVER,
    });
    const { error, main } = await failed(stage, { name: 'copy' });
    expect(error).toContain(`vCenter: ${text}`);
    expect(error).toContain("'copy' (vm-1001) is deleted, since the step did not succeed.");
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
  });

  it('is not waited for with power-on: false', async () => {
    const stage = stageWith();
    const { main, exchanges } = await cloned(stage, { 'power-on': 'false' });
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
    expect(exchanges.map(({ operation }) => operation)).not.toContain(GET_POWER);
    expect(main.outputs['power-state']).toBe('POWERED_OFF');
    expect(JSON.parse(main.outputs['timings'] ?? '')).not.toHaveProperty('power');
  });
});

describe('a task that fails', () => {
  const failure = (change: Partial<CloneFailure>): CloneFailure => ({
    at: 0.5,
    leavesVm: false,
    reasonIn: 'error',
    error: {
      error_type: 'ERROR',
      messages: [
        { id: 'a', default_message: 'The operation could not be completed.', args: [] },
        { id: 'b', default_message: 'Lost access to volume fast.', args: [] },
      ],
    },
    ...change,
  });
  const withoutProgress = (text: string) => text.replace(/, at \d+ %/, '');

  it.for(['error', 'error-text', 'result'] as const)('is told in the words of its %s', async (reasonIn) => {
    const stage = stageWith({ failClone: failure({ reasonIn }) });
    const { error, exchanges } = await failed(stage, { name: 'copy' });
    const type = reasonIn === 'error-text' ? '' : ' [ERROR]';
    expect(settled(withoutProgress(error), stage)).toBe(
      `[The clone failed] The clone failed: Cloning 'copy' failed (task TASK). vCenter: The operation could not be completed. Lost access to volume fast.${type}`,
    );
    // One look-up whether the name is free, one for what the clone has left.
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
  });

  it('without any reason is told as such', async () => {
    const stage = stageWith({ failClone: failure({ reasonIn: 'error', error: { messages: [] } }) });
    const { error } = await failed(stage, { name: 'copy' });
    expect(error).toMatch(/vCenter: No reason was given\.$/);
  });

  it.for([
    ['off', true],
    ['running', 'powered-on'],
  ] as const)('and leaves its VM %s has it deleted in the same step', async ([, leavesVm]) => {
    const stage = stageWith({ failClone: failure({ leavesVm }), taskTarget: 'new' });
    const { error, main, post } = await failed(stage, { name: 'copy' });
    expect(error.split('\n').at(-1)).toBe("'copy' (vm-1001) is deleted, since the step did not succeed.");
    expect(stateOf(main)).toEqual({ version: 2, phase: 'closed' });
    expect(main.outputs).not.toHaveProperty('vm-id');
    expect(post.log).toContain('Nothing to clean up');
    expect(settled(withoutProgress(main.summary), stage)).toMatchInlineSnapshot(`
      "### Failed: The clone failed

      Cloning 'copy' failed (task TASK). vCenter: The operation could not be completed. Lost access to volume fast. \\[ERROR\\]

      - 'copy' (vm-1001) is deleted, since the step did not succeed.

      [What to do](https://github.com/octo/vcenter-clone-vm/blob/v1/TROUBLESHOOTING.md#the-clone-failed)

      "
    `);
  });
});

describe('what is wrong with a clone', () => {
  const noRoom = {
    error_type: 'UNABLE_TO_ALLOCATE_RESOURCE',
    messages: [{ id: 'no_space', default_message: 'Insufficient disk space on datastore fast.', args: [] }],
  };

  it.for(['request', 'task'] as const)('is told by the %s: NOT_FOUND', async (postChecks) => {
    const stage = stageWith({ postChecks });
    const { error } = await failed(stage, { name: 'copy', source: 'vm-99' });
    expect(hintOf(error)).toBe(
      "'source' (vm-99) is not found. A template as source needs vCenter 8.0 U1 or later; on an older one, convert it to a VM, or clone it to one. Objects that the account may not see count as not found, too.",
    );
    expect(wordsOf(error)).toBe(
      "vCenter: Virtual machine with identifier 'vm-99:b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77' does not exist or has been deleted.",
    );
  });

  it.for(['request', 'task'] as const)('is told by the %s: ALREADY_EXISTS', async (postChecks) => {
    const stage = stageWith({ postChecks });
    // Without a folder only vCenter knows what is in the source's.
    const { error, main } = await failed(stage, { name: 'windows-2025', folder: '' });
    expect(hintOf(error)).toBe(
      "A VM, a template or a running clone in that folder bears the name. Choose another 'name', or leave it out: a generated one is never shared. If it is a VM, 'if-exists' can be 'reuse' or 'replace', together with 'folder'.",
    );
    expect(wordsOf(error)).toBe(
      "vCenter: A virtual machine named 'windows-2025' already exists in the folder 'group-v22'. The name 'windows-2025' already exists.",
    );
    expect(main.outputs['vm-name']).toBe('');
  });

  it.for(['request', 'task'] as const)('is told by the %s: INVALID_ARGUMENT', async (postChecks) => {
    const stage = stageWith({ postChecks });
    const { error } = await failed(stage, { name: 'copy', cluster: 'domain-c12' });
    expect(hintOf(error)).toBe(
      "Check that 'folder', 'resource-pool', 'cluster', 'host' and 'datastore' lie in one datacenter and belong together, that a cluster without DRS gets a 'host', and that no disk stands in both 'disks-to-remove' and 'disks-to-update'.",
    );
    expect(wordsOf(error)).toBe(
      "vCenter: The argument 'placement.host' is not valid. A host must be given: DRS is not enabled on cluster 'domain-c12', so none is chosen.",
    );
  });

  it.for(['request', 'task'] as const)('is told by the %s: UNABLE_TO_ALLOCATE_RESOURCE', async (where) => {
    const stage = stageWith();
    const { vcenter } = stage;
    if (where === 'request') {
      const answer = { status: 500, body: noRoom };
      vcenter.fault({ operation: CLONE, kind: 'custom', times: FOREVER, answer });
    } else {
      vcenter.behaviour.failClone = { at: 0.3, error: noRoom, leavesVm: false, reasonIn: 'error' };
    }
    const { error, exchanges } = await failed(stage, { name: 'copy' });
    expect(hintOf(error)).toBe(
      "The datastore or the resource pool has no room left: choose another 'datastore' or 'resource-pool'.",
    );
    expect(wordsOf(error)).toBe('vCenter: Insufficient disk space on datastore fast.');
    expect(exchanges.filter(({ operation }) => operation === CLONE)).toHaveLength(1);
    expect(callsOf(exchanges)).not.toContain(LIST_TASKS);
  });

  it.for(['request', 'task'] as const)('is told by the %s: a missing privilege', async (postChecks) => {
    const stage = stageWith({
      postChecks,
      deny: [{ privilege: 'Datastore.AllocateSpace', object: 'datastore-16' }],
    });
    const { error } = await failed(stage, { name: 'copy', datastore: 'datastore-16' });
    expect(wordsOf(error)).toBe(
      "vCenter: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'Datastore.AllocateSpace' on 'datastore-16'.",
    );
    expect(hintOf(error)).toBe(
      'The account needs VirtualMachine.Provisioning.Clone on the source, VirtualMachine.Inventory.CreateFromExisting on the folder, Resource.AssignVMToPool on the resource pool, Datastore.AllocateSpace on each datastore; with a customization specification also VirtualMachine.Provisioning.Customize on the source and VirtualMachine.Provisioning.ReadCustSpecs on the vCenter; to power on VirtualMachine.Interact.PowerOn.',
    );
  });
});

/** vCenter's own words in an error. */
function wordsOf(error: string): string | undefined {
  return /(?<!by )vCenter: (?:(?! \[[A-Z_]+\]).)*/.exec(error)?.[0];
}

/** The last line of an error. */
function hintOf(error: string): string | undefined {
  return error.split('\n').at(-1);
}
