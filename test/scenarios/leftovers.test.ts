import { describe, it } from 'vitest';
import type { CloneFailure } from '../simulator/vcenter.ts';
import { changes, cloneAndPost, told } from './aftermath.ts';
import { CLONE, FOLDER, openStage } from './stage.ts';
import { verdict } from './verdict.ts';

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
const TAKEN = "The name 'e2e' already exists.";

const NAMINGS = [
  { naming: 'given', inputs: { name: 'e2e' } },
  { naming: 'generated', inputs: {} },
] as const;

describe.concurrent('a clone task that fails', () => {
  it.for(
    NAMINGS.flatMap((each) => [
      { ...each, leavesVm: true, reasonIn: 'error', nameTakenAt: 'start' } as const,
      { ...each, leavesVm: 'powered-on', reasonIn: 'result', nameTakenAt: 'end' } as const,
    ]),
  )(
    'and leaves its VM ($leavesVm, name $naming): the VM is deleted',
    async ({ inputs, leavesVm, reasonIn, nameTakenAt }, { expect }) => {
      const failClone = failure('ERROR', CUSTOMIZATION, { leavesVm, reasonIn });
      const stage = await openStage({ behaviour: { failClone, nameTakenAt, taskTarget: 'none' } });
      const { main, post } = await cloneAndPost(stage, { inputs });
      const name = main.outputs['vm-name'] ?? '';
      expect(told(main, 'error').replaceAll(name, 'NAME')).toMatchInlineSnapshot(`
      "[The clone failed] Cloning 'NAME' failed (task TASK), at 90 %. vCenter: Customization of the guest operating system failed. [ERROR]
      What came of it, 'NAME' (vm-1001), is deleted."
    `);
      const stop = leavesVm === 'powered-on' ? ['stop vm-1001'] : [];
      expect(changes(stage)).toEqual([`clone ${name}`, ...stop, 'delete vm-1001']);
      expect(main.outputs['vm-id']).toBeUndefined();
      expect(post.log).toContain('Nothing to clean up.');
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
      await stage.close();
    },
  );

  it('and leaves nothing: nothing is deleted', async ({ expect }) => {
    const failClone = failure('UNABLE_TO_ALLOCATE_RESOURCE', 'Insufficient disk space on datastore.');
    const stage = await openStage({ behaviour: { failClone } });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone failed] Cloning 'e2e' failed (task TASK), at 90 %. vCenter: Insufficient disk space on datastore. [UNABLE_TO_ALLOCATE_RESOURCE]
      The datastore or the resource pool has no room left: choose another 'datastore' or 'resource-pool'."
    `);
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it('and leaves a VM that may not be deleted: the error names it, and post tries again', async ({
    expect,
  }) => {
    const failClone = failure('ERROR', CUSTOMIZATION, { leavesVm: true });
    const stage = await openStage({
      behaviour: { failClone, deny: [{ privilege: 'VirtualMachine.Inventory.Delete' }] },
    });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone failed] Cloning 'e2e' failed (task TASK), at 90 %. vCenter: Customization of the guest operating system failed. [ERROR]
      'e2e' (vm-1001) could not be deleted: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Inventory.Delete' on 'vm-1001'."
    `);
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] 'e2e' (vm-1001) could not be deleted: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Inventory.Delete' on 'vm-1001'."`,
    );
    expect(post.exitCode).toBe(0);
    expect(changes(stage)).toEqual(['clone e2e', 'delete vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });
});

describe.concurrent('a name that another VM bears', () => {
  it('since before the run, in the folder: nothing is asked, and no output leads a teardown to it', async ({
    expect,
  }) => {
    const stage = await openStage();
    stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(
      `"[Name taken] A VM named 'e2e' (vm-1001) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'."`,
    );
    expect(main.outputs['vm-name'] ?? '').toBe('');
    expect(changes(stage)).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('since a moment before the request', async ({ expect }) => {
    const stage = await openStage();
    const { vcenter } = stage;
    vcenter.watch(({ operation }, moment) => {
      if (operation === CLONE && moment === 'received') {
        vcenter.addVm({ name: 'e2e', folder: FOLDER });
      }
    });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[Refused by vCenter] Cloning 'e2e' failed.
      POST /api/vcenter/vm?action=clone&vmw-task=true on VCENTER failed (HTTP 400 ALREADY_EXISTS). vCenter: A virtual machine named 'e2e' already exists in the folder 'group-v23'. The name 'e2e' already exists.
      Another VM in that folder bears the name. Choose another 'name' (or leave it out), or set 'if-exists' to 'reuse' or 'replace' together with 'folder'."
    `);
    expect(main.outputs['vm-name']).toBe('');
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it.for(NAMINGS)('since before the request, by the task: $naming', async ({ inputs }, { expect }) => {
    const stage = await openStage({ behaviour: { postChecks: 'task' } });
    const { vcenter } = stage;
    vcenter.watch(({ operation, requestBody }, moment) => {
      if (operation === CLONE && moment === 'received') {
        vcenter.addVm({ name: (requestBody as { name: string }).name, folder: FOLDER });
      }
    });
    const { main, post } = await cloneAndPost(stage, { inputs });
    const [{ spec: { name } = { name: '' } } = {}] = vcenter.tasks();
    expect(told(main, 'error').replaceAll(name, 'NAME')).toMatchInlineSnapshot(`
      "[The clone failed] Cloning 'NAME' failed (task TASK), at 10 %. vCenter: A virtual machine named 'NAME' already exists in the folder 'group-v23'. The name 'NAME' already exists. [ALREADY_EXISTS]
      Another VM in that folder bears the name. Choose another 'name' (or leave it out), or set 'if-exists' to 'reuse' or 'replace' together with 'folder'."
    `);
    expect(main.outputs['vm-name']).toBe('');
    expect(changes(stage)).toEqual([`clone ${name}`]);
    expect(verdict({ stage, steps: [main, post], kept: [name] })).toEqual([]);
    await stage.close();
  });

  it.for([
    { how: 'with its error_type', reasonIn: 'error' },
    { how: 'in the result', reasonIn: 'result' },
    { how: 'as a mere text, as in the description of 7.0.3', reasonIn: 'error-text' },
  ] as const)('taken while ours was copied, which the task tells $how', async ({ reasonIn }, { expect }) => {
    const failClone = failure('ALREADY_EXISTS', TAKEN, { reasonIn });
    const stage = await openStage({ behaviour: { failClone, nameTakenAt: 'end', taskTarget: 'none' } });
    const { vcenter } = stage;
    vcenter.watch(({ operation }, moment) => {
      if (operation === CLONE && moment === 'answered') {
        vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
      }
    });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toContain(TAKEN);
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(main.outputs['vm-name']).toBe('');
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });

  it('taken while ours was copied, which was then cancelled, as a mere text tells', async ({ expect }) => {
    const failClone = failure('CANCELED', 'The task was canceled by a user.', { reasonIn: 'error-text' });
    const stage = await openStage({
      behaviour: {
        failClone,
        nameTakenAt: 'end',
        taskTarget: 'none',
        cancelTooLate: true,
        cloneDuration: 1_500,
      },
    });
    const { vcenter } = stage;
    vcenter.watch(({ operation }, moment) => {
      if (operation === CLONE && moment === 'answered') {
        vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
      }
    });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '10s' } });
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e', 'cancel e2e']);
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] Cloning 'e2e' did not end within 10 s, at N % (task TASK). 'timeout' sets how long it may take.
      Not deleted, since it may be somebody else's: 'e2e' (vm-1001): a cancelled clone takes its copy away."
    `);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    await stage.close();
  });
});
