import { describe, expect, it } from 'vitest';
import type { CloneFailure } from '../simulator/vcenter.ts';
import { CLONE, FOLDER, LIST_TASKS, setVirtualStage, type VirtualStage } from '../support/stage.ts';
import { cloneAndPost } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, told } from '../support/what-happened.ts';

function failure(errorType: string, words: string, fields: Partial<CloneFailure> = {}): CloneFailure {
  const messages = [{ id: 'vmsg.summary', default_message: words, args: [] }];
  return {
    at: 0.9,
    error: { error_type: errorType, messages },
    leavesVm: false,
    reasonIn: 'error',
    ...fields,
  };
}

const CUSTOMIZATION = 'Customization of the guest operating system failed.';
const NIC_MISMATCH = 'The number of network adapters in the customization specification does not match.';
const TAKEN = "The name 'e2e' already exists.";
const MINUTES = 60_000;

/** Somebody makes a VM of the name when our clone request has got this far. */
function rivalAt({ vcenter }: VirtualStage, when: 'received' | 'answered'): void {
  vcenter.watch(({ operation, requestBody }, moment) => {
    if (operation === CLONE && moment === when) {
      const { name } = requestBody as { name: string };
      vcenter.addVm({ name, folder: FOLDER, powerState: 'POWERED_ON' });
    }
  });
}

describe('a clone task that fails', () => {
  it.for([
    { leavesVm: true, reasonIn: 'error', nameTakenAt: 'start' },
    { leavesVm: 'powered-on', reasonIn: 'result', nameTakenAt: 'end' },
  ] as const)(
    'and leaves its VM ($leavesVm) of a generated name: the VM is deleted',
    async ({ leavesVm, reasonIn, nameTakenAt }) => {
      const failClone = failure('ERROR', CUSTOMIZATION, { leavesVm, reasonIn });
      const stage = setVirtualStage({
        behaviour: { cloneDuration: 3 * MINUTES, failClone, nameTakenAt, taskTarget: 'none' },
      });
      const { main, post } = await cloneAndPost(stage);
      const name = main.outputs['vm-name'] ?? '';
      expect(told(main, 'error')).toMatch(/^\[The clone failed\] /);
      expect(told(main, 'error')).toContain(`vCenter: ${CUSTOMIZATION} [ERROR]`);
      expect(told(main, 'error').split('\n').at(-1)).toBe(
        `'${name}' (vm-1001) is deleted, since the step did not succeed.`,
      );
      const stop = leavesVm === 'powered-on' ? ['stop vm-1001'] : [];
      expect(changes(stage)).toEqual([`clone ${name}`, ...stop, 'delete vm-1001']);
      expect(main.outputs['vm-id']).toBeUndefined();
      expect(post.log).toContain('Nothing to clean up');
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    },
  );

  it.for([{ names: true }, { names: false }])(
    'A23: and leaves a VM of a given name, which the task names: $names',
    async ({ names }) => {
      const failClone = failure('ERROR', NIC_MISMATCH, { leavesVm: true });
      const stage = setVirtualStage({
        behaviour: {
          cloneDuration: 2 * MINUTES,
          failClone,
          taskTarget: names ? 'new' : 'source',
          taskListSupported: false,
        },
      });
      const { main, post } = await cloneAndPost(stage, {
        inputs: { name: 'n65', 'guest-customization-spec': 'linux-dhcp' },
      });
      expect(told(main, 'error')).toContain(`vCenter: ${NIC_MISMATCH} [ERROR]`);
      if (names) {
        expect(told(main, 'error')).toContain("'n65' (vm-1001) is deleted, since the step did not succeed.");
        expect(changes(stage)).toEqual(['clone n65', 'delete vm-1001']);
        expect(post.warnings).toEqual([]);
        expect(verdict({ stage, steps: [main, post] })).toEqual([]);
        return;
      }
      // The task names only the source, and others may use the name: left, and named in main and in post.
      const left =
        "Not deleted, since it may be somebody else's: 'n65' (vm-1001): others may use the name 'n65', too, and nothing proves that this run made it.";
      expect(told(main, 'error').split('\n').at(-1)).toBe(left);
      expect(told(post, 'warning')).toBe(`[Left behind in vCenter] Left behind in vCenter: ${left}`);
      expect(post.summary).toContain('/TROUBLESHOOTING.md#left-behind-in-vcenter)');
      expect(changes(stage)).toEqual(['clone n65', 'cancel n65']);
      expect(verdict({ stage, steps: [main, post], kept: ['n65'] })).toEqual([]);
    },
  );

  it('and leaves nothing: nothing is deleted', async () => {
    const failClone = failure('UNABLE_TO_ALLOCATE_RESOURCE', 'Insufficient disk space on datastore.');
    const stage = setVirtualStage({ behaviour: { cloneDuration: 2 * MINUTES, failClone } });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone failed] The clone failed: Cloning 'e2e' failed (task TASK), at 90 %. vCenter: Insufficient disk space on datastore. [UNABLE_TO_ALLOCATE_RESOURCE]
      The datastore or the resource pool has no room left: choose another 'datastore' or 'resource-pool'."
    `);
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('and leaves a VM that may not be deleted: the error names it, and post tries again', async () => {
    const failClone = failure('ERROR', CUSTOMIZATION, { leavesVm: true });
    const stage = setVirtualStage({
      behaviour: { failClone, deny: [{ privilege: 'VirtualMachine.Inventory.Delete' }] },
    });
    const { main, post } = await cloneAndPost(stage);
    const name = main.outputs['vm-name'] ?? '';
    const left = `'${name}' (vm-1001) could not be deleted: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Inventory.Delete' on 'vm-1001'.`;
    expect(told(main, 'error').split('\n').at(-1)).toBe(left);
    expect(told(post, 'warning')).toBe(`[Left behind in vCenter] Left behind in vCenter: ${left}`);
    expect(post.exitCode).toBe(0);
    expect(changes(stage)).toEqual([`clone ${name}`, 'delete vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post], kept: [name] })).toEqual([]);
  });
});

describe('a name that another VM bears', () => {
  it('since before the run, in the folder: nothing is asked, and no output leads a teardown to it', async () => {
    const stage = setVirtualStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(
      `"[Name taken] Name taken: A VM named 'e2e' (vm-1001) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'."`,
    );
    expect(main.outputs['vm-name'] ?? '').toBe('');
    expect(changes(stage)).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('since a moment before the request', async () => {
    const stage = setVirtualStage();
    rivalAt(stage, 'received');
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[Refused by vCenter] Refused by vCenter: Cloning 'e2e' failed.
      POST /api/vcenter/vm?action=clone&vmw-task=true on VCENTER failed (HTTP 400 ALREADY_EXISTS). vCenter: A virtual machine named 'e2e' already exists in the folder 'group-v23'. The name 'e2e' already exists.
      A VM in that folder bears the name. Choose another 'name', or leave it out: a generated one is never shared. Or set 'if-exists' to 'reuse' or 'replace', together with 'folder'."
    `);
    expect(main.outputs['vm-name']).toBe('');
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('since before the request, by the task', async () => {
    const stage = setVirtualStage({ behaviour: { postChecks: 'task' } });
    rivalAt(stage, 'received');
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone failed] The clone failed: Cloning 'e2e' failed (task TASK), at 10 %. vCenter: A virtual machine named 'e2e' already exists in the folder 'group-v23'. The name 'e2e' already exists. [ALREADY_EXISTS]
      A VM in that folder bears the name. Choose another 'name', or leave it out: a generated one is never shared. Or set 'if-exists' to 'reuse' or 'replace', together with 'folder'."
    `);
    expect(main.outputs['vm-name']).toBe('');
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it.for([
    { how: 'with its error_type', reasonIn: 'error' },
    { how: 'in the result', reasonIn: 'result' },
    { how: 'as a mere text, as in the description of 7.0.3', reasonIn: 'error-text' },
  ] as const)('taken while ours was copied, which the task tells $how', async ({ reasonIn }) => {
    const failClone = failure('ALREADY_EXISTS', TAKEN, { reasonIn });
    const stage = setVirtualStage({ behaviour: { failClone, nameTakenAt: 'end', taskTarget: 'none' } });
    rivalAt(stage, 'answered');
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toContain(TAKEN);
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(main.outputs['vm-name']).toBe('');
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  const ids = [
    { kind: 'the name was taken', id: 'vmsg.vim.fault.DuplicateName.summary', words: TAKEN },
    {
      kind: 'the name was taken, in German',
      id: 'vmsg.vim.fault.DuplicateName.summary',
      words: "Der Name 'e2e' ist bereits vorhanden.",
    },
    {
      kind: 'it was cancelled',
      id: 'vmsg.RequestCanceled.summary',
      words: 'The task was canceled by a user.',
    },
    {
      kind: 'it was cancelled, in German',
      id: 'vmsg.RequestCanceled.summary',
      words: 'Die Aufgabe wurde durch einen Benutzer abgebrochen.',
    },
  ];

  it.for(ids)(
    'C1b: and the task fails with error_type ERROR and the id that $kind',
    async ({ id, words }) => {
      const messages = [{ id, default_message: words, args: [] }];
      const stage = setVirtualStage({
        behaviour: {
          cloneDuration: 2 * MINUTES,
          nameTakenAt: 'end',
          taskTarget: 'none',
          failClone: {
            at: 0.5,
            error: { error_type: 'ERROR', messages },
            leavesVm: false,
            reasonIn: 'error',
          },
        },
      });
      rivalAt(stage, 'answered');
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', teardown: 'always' } });
      expect(main.exitCode).toBe(1);
      expect(told(main, 'error')).toContain(words);
      expect(changes(stage).filter((each) => /stop|delete/.test(each))).toEqual([]);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    },
  );

  it.for([2_000, 4_000])(
    'C1b: and shows %i ms after our clone has failed, polled every 10 s: it stays',
    async (delay) => {
      const failClone = failure('ERROR', 'Lost access to volume fast.', { at: 0.5 });
      const stage = setVirtualStage({
        behaviour: { cloneDuration: 50_000, failClone, nameTakenAt: 'end', taskTarget: 'none' },
      });
      const { vcenter, clock } = stage;
      vcenter.watch(({ operation }, moment) => {
        if (operation === CLONE && moment === 'answered') {
          clock
            .sleep(25_000 + delay)
            .then(() => vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' }));
        }
      });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', 'poll-interval': '10s' } });
      expect(main.exitCode).toBe(1);
      expect(told(main, 'error')).toContain("'e2e' (vm-1001): others may use the name 'e2e', too");
      expect(told(post, 'warning')).toContain("'e2e' (vm-1001)");
      expect(changes(stage).filter((each) => /stop|delete/.test(each))).toEqual([]);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    },
  );

  it('taken while ours was copied, which was then cancelled, as a mere text tells', async () => {
    const failClone = failure('CANCELED', 'The task was canceled by a user.', { reasonIn: 'error-text' });
    const stage = setVirtualStage({
      behaviour: {
        failClone,
        nameTakenAt: 'end',
        taskTarget: 'none',
        cancelTooLate: true,
        cloneDuration: 2 * MINUTES,
      },
    });
    rivalAt(stage, 'answered');
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '1m' } });
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e', 'cancel e2e']);
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone took too long] The clone took too long: Cloning 'e2e' did not end within 1 min, at 48 % (task TASK). 'timeout' sets how long it may take.
      Not deleted, since it may be somebody else's: 'e2e' (vm-1001): a cancelled clone takes its copy away."
    `);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });
});

describe('a name that something invisible has', () => {
  it.for(['fail', 'reuse', 'replace'])(
    "A24: a template: no advice to set 'if-exists' (%s), which would not see it",
    async (ifExists) => {
      const stage = setVirtualStage();
      stage.vcenter.addVm({ name: 'e2e', folder: FOLDER, template: true });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', 'if-exists': ifExists } });
      expect(told(main, 'error').split('\n').at(-1)).toBe(
        "No VM that this API shows has the name in that folder: a template has it, or a clone that still runs. Choose another 'name', or leave it out: a generated one is never shared.",
      );
      expect(stage.vcenter.calls()).not.toContain(LIST_TASKS);
      expect(changes(stage)).toEqual(['clone e2e']);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    },
  );
});
