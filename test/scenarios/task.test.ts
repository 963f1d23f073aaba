import { describe, it } from 'vitest';
import type { Behaviour, CloneFailure } from '../simulator/vcenter.ts';
import { cloned, failed } from './clone-run.ts';
import { CLONE, FOLDER, GET_POWER, GET_TASK, LIST_TASKS, LIST_VMS, LOGIN, LOGOUT, SOURCE } from './stage.ts';
import { callsOf, looksOf, settled, stageOf, stateOf } from './what-was-seen.ts';

const statusOf = (answer: unknown) => (answer as { readonly status: string }).status;

/** `1 min 05 s` as seconds. */
const secondsOf = (text: string) =>
  [...text.matchAll(/([\d.]+) (min|s)\b/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (unit === 'min' ? 60 : 1),
    0,
  );

describe.concurrent('the wait for a clone', () => {
  it("looks when 'poll-interval' says so", async ({ expect, ...context }) => {
    const stage = await stageOf(context, { behaviour: { cloneDuration: 900 } });
    const { exchanges } = await cloned(stage, { 'poll-interval': '2s' }, { timeScale: 10 });
    const times = looksOf(exchanges).map(({ receivedAt }) => receivedAt);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // 2 s are 200 ms here; the clone ends after 900 ms, so that the fifth look sees its end.
    expect(times.length).toBeGreaterThanOrEqual(2);
    expect(times.length).toBeLessThanOrEqual(5);
    expect(Math.min(...gaps)).toBeGreaterThan(195);
  });

  it('goes on through PENDING, BLOCKED and a status that nobody knows', async ({ expect, ...context }) => {
    const told = ['PENDING', 'BLOCKED', 'HIBERNATING', 'RUNNING'];
    const stage = await stageOf(context, { behaviour: { cloneDuration: 1_500 } });
    const { vcenter } = stage;
    vcenter.behaviour.status = () => told[looksOf(vcenter.exchanges).length - 1];
    const { main, exchanges } = await cloned(stage, {}, { timeScale: 20 });
    const seen = looksOf(exchanges).map(({ answerBody }) => statusOf(answerBody));
    expect([...new Set(seen)]).toEqual(['PENDING', 'BLOCKED', 'HIBERNATING', 'RUNNING', 'SUCCEEDED']);
    expect(main.outputs['vm-id']).toBe('vm-1001');
  });

  it('is over with the first look, where the clone is', async ({ expect, ...context }) => {
    const stage = await stageOf(context, { behaviour: { cloneDuration: 0 } });
    const { main, exchanges } = await cloned(stage, {});
    expect(looksOf(exchanges)).toHaveLength(1);
    expect(main.log).not.toMatch(/^\d+ % · /m);
  });

  it('tells its progress by 10 %, not on every look', async ({ expect, ...context }) => {
    const stage = await stageOf(context, { behaviour: { cloneDuration: 3_000 } });
    const { main, exchanges } = await cloned(stage, { 'poll-interval': '1s' }, { timeScale: 40 });
    const lines = main.log.split('\n').filter((line) => / % · /.test(line));
    const shares = lines.map((line) => Number.parseInt(line, 10));
    expect(looksOf(exchanges).length).toBeGreaterThan(lines.length + 2);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(10);
    for (const [index, share] of shares.entries()) {
      expect(share - (shares[index - 1] ?? 0)).toBeGreaterThanOrEqual(9); // each is rounded down by itself
    }
    expect(lines[0]).toMatch(/^\d+ % · \d+(?:\.\d)? s · vCenter: Copying Virtual Machine files$/);
  });

  it('tells every 30 s that it goes on, where vCenter tells no progress', async ({ expect, ...context }) => {
    const stage = await stageOf(context, {
      behaviour: { cloneDuration: 1_500, progress: () => undefined },
    });
    const { main, exchanges } = await cloned(stage, { 'poll-interval': '1s' }, { timeScale: 60 });
    const lines = main.log.split('\n').filter((line) => line.startsWith('RUNNING'));
    const times = lines.map(secondsOf);
    expect(looksOf(exchanges).length).toBeGreaterThan(lines.length + 2);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines[0]).toMatch(/^RUNNING · (?:\d+(?:\.\d)? s|\d min(?: \d\d s)?)$/);
    for (const [index, time] of times.entries()) {
      expect(time - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(29); // rounded
    }
  });

  it('goes on with the same task where the session ends in the middle', async ({ expect, ...context }) => {
    const stage = await stageOf(context, { behaviour: { cloneDuration: 1_200 } });
    const { vcenter } = stage;
    let looks = 0;
    vcenter.watch(({ operation }, moment) => {
      if (operation === GET_TASK && moment === 'answered') {
        looks += 1;
        if (looks === 3) {
          vcenter.expireSessions();
        }
      }
    });
    const { main, exchanges } = await cloned(stage, {});
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LOGIN, LOGOUT]);
    expect(new Set(looksOf(exchanges).map(({ path }) => path)).size).toBe(1);
    expect(looksOf(exchanges).filter(({ status }) => status === 401)).toHaveLength(1);
    expect(vcenter.sessions()).toEqual({ open: 0, opened: 2, closed: 1, expired: 1, unknown: 0 });
    // The new session's id is masked as well.
    expect(main.masks).toHaveLength(4);
    expect(main.annotations).toEqual([]);
  });

  it('logs in again each time that the session ends', async ({ expect, ...context }) => {
    const stage = await stageOf(context, { behaviour: { cloneDuration: 1_200 } });
    stage.vcenter.fault({ operation: GET_TASK, kind: '401', nth: 2 });
    stage.vcenter.fault({ operation: GET_TASK, kind: '401', nth: 4 });
    const { exchanges } = await cloned(stage, {});
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LOGIN, LOGIN, LOGOUT]);
  });

  it('looks again for a task whose record is late', async ({ expect, ...context }) => {
    const stage = await stageOf(context);
    stage.vcenter.fault({
      operation: GET_TASK,
      kind: 'custom',
      times: 2,
      answer: {
        status: 404,
        body: { error_type: 'NOT_FOUND', messages: [{ id: 'not_found', default_message: 'No.', args: [] }] },
      },
    });
    const { main } = await cloned(stage, {});
    expect(main.outputs['created']).toBe('true');
  });

  it('finds the VM by its name, where vCenter has forgotten the task', async ({ expect, ...context }) => {
    const stage = await stageOf(context, { behaviour: { taskRetention: -1 } });
    const { main, exchanges } = await cloned(stage, {}, { timeScale: 20 });
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, GET_POWER, LOGOUT]);
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
    expect(main.log).toContain('vCenter does not know the task any more.');
  });
});

describe.concurrent("the new VM's id", () => {
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

  it.for(cases)(
    'comes from result: $result, target: $taskTarget',
    async ({ result, taskTarget, byName }, { expect, ...context }) => {
      const stage = await stageOf(context, {
        // Before the end `result` may be anything, even a VM that is somebody's.
        behaviour: { result, taskTarget, earlyResult: 'vm-45', cloneDuration: 100 },
      });
      const { main, exchanges } = await cloned(stage, {});
      expect(main.outputs['vm-id']).toBe('vm-1001');
      expect(stateOf(main)).toMatchObject({ phase: 'finished', vm: 'vm-1001' });
      expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, ...(byName ? [LIST_VMS] : []), LOGOUT]);
    },
  );

  it.for(['at the start', 'at the end'] as const)(
    'is found by a given name, where nothing else tells it and the name is taken %s',
    async (when, { expect, ...context }) => {
      const nameTakenAt = when === 'at the start' ? 'start' : 'end';
      const stage = await stageOf(context, {
        behaviour: { result: 'none', optionalTaskFields: false, nameTakenAt },
      });
      const { main, exchanges } = await cloned(stage, { name: 'copy' });
      expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LIST_TASKS, LOGOUT]);
      expect(main.outputs['vm-id']).toBe('vm-1001');
    },
  );

  it('is never the source, whatever the task says', async ({ expect, ...context }) => {
    const stage = await stageOf(context);
    const { fault, tasks } = stage.vcenter;
    const body = { status: 'SUCCEEDED', operation: 'clone$task', result: SOURCE };
    fault({
      operation: GET_TASK,
      kind: 'custom',
      times: Number.POSITIVE_INFINITY,
      when: () => tasks().every(({ endedAt }) => endedAt !== undefined),
      answer: { status: 200, body: { ...body, target: { type: 'VirtualMachine', id: SOURCE } } },
    });
    const { main } = await cloned(stage, { teardown: 'always' });
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
    async ([, behaviour], { expect, ...context }) => {
      const stage = await stageOf(context, { behaviour });
      const { main, exchanges } = await cloned(stage, {});
      expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LOGOUT]);
      expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'task-id': stage.vcenter.tasks()[0]?.id });
      expect(main.annotations).toEqual([]);
    },
  );
});

describe.concurrent('a task that fails', () => {
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

  it.for(['error', 'error-text', 'result'] as const)(
    'is told in the words of its %s',
    async (reasonIn, { expect, ...context }) => {
      const stage = await stageOf(context, { behaviour: { failClone: failure({ reasonIn }) } });
      const { error, exchanges } = await failed(stage, { name: 'copy', 'poll-interval': '1s' });
      const type = reasonIn === 'error-text' ? '' : ' [ERROR]';
      expect(settled(error.replace(/, at \d+ %/, ''), stage)).toBe(
        `[The clone failed] Cloning 'copy' failed (task TASK). vCenter: The operation could not be completed. Lost access to volume fast.${type}`,
      );
      // One look whether the name is free, one for what the clone has left.
      expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
    },
  );

  it('without any reason is told as such', async ({ expect, ...context }) => {
    const stage = await stageOf(context, {
      behaviour: { failClone: failure({ reasonIn: 'error', error: { messages: [] } }) },
    });
    const { error } = await failed(stage, { name: 'copy' });
    expect(settled(error.replace(/, at \d+ %/, ''), stage)).toMatchInlineSnapshot(
      `"[The clone failed] Cloning 'copy' failed (task TASK). vCenter: No reason was given."`,
    );
  });

  it.for([
    ['off', true],
    ['running', 'powered-on'],
  ] as const)(
    'and leaves its VM %s has it deleted in the same step',
    async ([, leavesVm], { expect, ...context }) => {
      const stage = await stageOf(context, { behaviour: { failClone: failure({ leavesVm }) } });
      const { error, main, post } = await failed(stage, { name: 'copy' });
      expect(error.split('\n').at(-1)).toBe("What came of it, 'copy' (vm-1001), is deleted.");
      expect(stateOf(main)).toEqual({ version: 1, phase: 'settled' });
      expect(main.outputs).not.toHaveProperty('vm-id');
      expect(post.log).toBe('Nothing to clean up.');
      expect(settled(main.summary, stage).replace(/, at \d+ %/, '')).toMatchInlineSnapshot(`
        "### Failed: The clone failed

        Cloning 'copy' failed (task TASK). vCenter: The operation could not be completed. Lost access to volume fast. \\[ERROR\\]

        - What came of it, 'copy' (vm-1001), is deleted.

        "
      `);
    },
  );
});

describe.concurrent('what is wrong with a clone', () => {
  const noRoom = {
    error_type: 'UNABLE_TO_ALLOCATE_RESOURCE',
    messages: [{ id: 'no_space', default_message: 'Insufficient disk space on datastore fast.', args: [] }],
  };

  it.for(['request', 'task'] as const)('is told by the %s: NOT_FOUND', async (postChecks, test) => {
    const { expect } = test;
    const stage = await stageOf(test, { behaviour: { postChecks } });
    const { error } = await failed(stage, { name: 'copy', source: 'vm-44' });
    expect(hintOf(error)).toBe(
      "If it is 'source' that is not found: a template is invisible to this API; convert it to a VM, or clone it to one. Objects that the account may not see count as not found, too.",
    );
    expect(wordsOf(error)).toBe(
      "vCenter: Virtual machine with identifier 'vm-44:b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77' does not exist or has been deleted.",
    );
  });

  it.for(['request', 'task'] as const)('is told by the %s: ALREADY_EXISTS', async (postChecks, test) => {
    const { expect } = test;
    const stage = await stageOf(test, { behaviour: { postChecks } });
    // Without a folder only vCenter knows what is in the source's.
    const { error, main } = await failed(stage, { name: 'windows-2025', folder: '' });
    expect(hintOf(error)).toBe(
      "Another VM in that folder bears the name. Choose another 'name' (or leave it out), or set 'if-exists' to 'reuse' or 'replace' together with 'folder'.",
    );
    expect(wordsOf(error)).toBe(
      "vCenter: A virtual machine named 'windows-2025' already exists in the folder 'group-v22'. The name 'windows-2025' already exists.",
    );
    expect(main.outputs['vm-name']).toBe('');
  });

  it.for(['request', 'task'] as const)('is told by the %s: INVALID_ARGUMENT', async (postChecks, test) => {
    const { expect } = test;
    const stage = await stageOf(test, { behaviour: { postChecks } });
    const { error } = await failed(stage, { name: 'copy', cluster: 'domain-c12' });
    expect(hintOf(error)).toBe(
      "Check that 'folder', 'resource-pool', 'cluster', 'host' and 'datastore' lie in one datacenter and belong together, that a cluster without DRS gets a 'host', and that no disk stands in both 'disks-to-remove' and 'disks-to-update'.",
    );
    expect(wordsOf(error)).toBe(
      "vCenter: The argument 'placement.host' is not valid. A host must be given: DRS is not enabled on cluster 'domain-c12', so none is chosen.",
    );
  });

  it.for(['request', 'task'] as const)(
    'is told by the %s: UNABLE_TO_ALLOCATE_RESOURCE',
    async (where, { expect, ...context }) => {
      const stage = await stageOf(context);
      const { vcenter } = stage;
      if (where === 'request') {
        const answer = { status: 500, body: noRoom };
        vcenter.fault({ operation: CLONE, kind: 'custom', times: Number.POSITIVE_INFINITY, answer });
      } else {
        vcenter.behaviour.failClone = { at: 0.3, error: noRoom, leavesVm: false, reasonIn: 'error' };
      }
      const { error, exchanges } = await failed(stage, { name: 'copy' }, { timeScale: 60 });
      expect(hintOf(error)).toBe(
        "The datastore or the resource pool has no room left: choose another 'datastore' or 'resource-pool'.",
      );
      expect(wordsOf(error)).toBe('vCenter: Insufficient disk space on datastore fast.');
      expect(exchanges.filter(({ operation }) => operation === CLONE)).toHaveLength(1);
    },
  );

  it.for(['request', 'task'] as const)('is told by the %s: a missing privilege', async (postChecks, test) => {
    const { expect } = test;
    const stage = await stageOf(test, {
      behaviour: { postChecks, deny: [{ privilege: 'Datastore.AllocateSpace', object: 'datastore-16' }] },
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

describe.concurrent("a server's clock that is an hour off", () => {
  it.for([3_600_000, -3_600_000])(
    'by %i ms does not keep a lost clone from being found',
    async (serverClockOffset, { expect, ...context }) => {
      const stage = await stageOf(context, { behaviour: { serverClockOffset, cloneDuration: 300 } });
      stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
      const { main, exchanges } = await cloned(stage, { name: 'copy', folder: FOLDER });
      expect(exchanges.filter(({ operation }) => operation === CLONE)).toHaveLength(1);
      expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
    },
  );
});

/** vCenter's own words in an error. */
function wordsOf(error: string): string | undefined {
  return /vCenter: (?:(?! \[[A-Z_]+\]).)*/.exec(error)?.[0];
}

/** The last line of an error. */
function hintOf(error: string): string | undefined {
  return error.split('\n').at(-1);
}
