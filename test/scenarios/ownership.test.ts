import { describe, it } from 'vitest';
import { runPost, runStep, startStep } from '../runner/step.ts';
import type { Behaviour, Vcenter } from '../simulator/vcenter.ts';
import { changes, cloneAndPost, cloneStep, told } from './aftermath.ts';
import {
  CANCEL,
  CLONE,
  FOLDER,
  GET_TASK,
  LIST_TASKS,
  LOGIN,
  openStage,
  SOURCE,
  type Stage,
} from './stage.ts';
import { verdict } from './verdict.ts';

const ELSEWHERE = 'group-v24';
const FOREVER = Number.POSITIVE_INFINITY;

/** Does something in the moment in which the clone request is answered. */
function onceAsked({ vcenter }: Stage, act: (vcenter: Vcenter) => void): void {
  vcenter.watch(({ operation }, moment) => {
    if (operation === CLONE && moment === 'answered') {
      act(vcenter);
    }
  });
}

async function scene(behaviour: Partial<Behaviour>, play: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage({ behaviour });
  try {
    await play(stage);
  } finally {
    await stage.close();
  }
}

describe.concurrent("somebody else's VM of the same name", () => {
  it('in another folder is nothing to a clone that fails', ({ expect }) =>
    scene({ cloneDuration: 1_000, taskTarget: 'none' }, async (stage) => {
      stage.vcenter.addVm({ name: 'e2e', folder: ELSEWHERE });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '10s' } });
      expect(told(main, 'error')).toContain("The clone is cancelled, and nothing of 'e2e' is left.");
      expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    }));

  it.for(['none', 'string'] as const)(
    'in another folder, made while ours is copied, is not handed out nor deleted (folder not given, result %s)',
    (result, { expect }) =>
      scene({ cloneDuration: 300, result, taskTarget: 'source' }, async (stage) => {
        onceAsked(stage, (vcenter) => vcenter.addVm({ name: 'e2e', folder: ELSEWHERE }));
        const { main, post } = await cloneAndPost(stage, {
          inputs: { name: 'e2e', folder: '', teardown: 'always' },
        });
        const theirs = stage.vcenter.vms().find(({ folder }) => folder === ELSEWHERE);
        expect(theirs).toBeDefined();
        expect(main.outputs['vm-id']).not.toBe(theirs?.id);
        expect(changes(stage).filter((each) => each.endsWith(String(theirs?.id)))).toEqual([]);
        if (result === 'none') {
          // Two VMs of the name, and no word which one is ours: neither is touched, and both are named.
          expect(told(main, 'error')).toMatchInlineSnapshot(`
            "[Outcome unknown] It is not known what became of the clone request for 'e2e' (task TASK): several VMs are called 'e2e': vm-1001, vm-1002.
            Not deleted, since it may be somebody else's: 'e2e' (vm-1001): others may use the name 'e2e' too, and nothing shows that this run made it; 'e2e' (vm-1002): others may use the name 'e2e' too, and nothing shows that this run made it."
          `);
          expect(told(post, 'warning')).toMatchInlineSnapshot(
            `"[Left behind in vCenter] Not deleted, since it may be somebody else's: 'e2e' (vm-1001): others may use the name 'e2e' too, and nothing shows that this run made it; 'e2e' (vm-1002): others may use the name 'e2e' too, and nothing shows that this run made it."`,
          );
        } else {
          expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
        }
      }),
  );

  it('made by another clone of the same account, whose request came first', ({ expect }) =>
    scene({ cloneDuration: 300, nameTakenAt: 'end', taskTarget: 'none' }, async (stage) => {
      const { vcenter } = stage;
      vcenter.watch(({ operation }, moment) => {
        if (operation === CLONE && moment === 'received') {
          vcenter.startForeignClone({ source: SOURCE, name: 'e2e', folder: FOLDER, duration: 100 });
        }
      });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', teardown: 'always' } });
      expect(told(main, 'error')).toMatchInlineSnapshot(`
        "[The clone failed] Cloning 'e2e' failed (task TASK), at 100 %. vCenter: A virtual machine named 'e2e' already exists in the folder 'group-v23'. The name 'e2e' already exists. [ALREADY_EXISTS]
        Another VM in that folder bears the name. Choose another 'name' (or leave it out), or set 'if-exists' to 'reuse' or 'replace' together with 'folder'."
      `);
      expect(main.outputs['vm-name']).toBe('');
      expect(changes(stage)).toEqual(['clone e2e']);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    }));

  it('made by another clone of the same account while ours was killed: neither is confused', ({ expect }) =>
    scene({ cloneDuration: 20_000, taskTarget: 'source' }, async (stage) => {
      const { vcenter } = stage;
      const asked = vcenter.on({ operation: GET_TASK, when: 'answered' });
      const step = await startStep(cloneStep(stage, { inputs: { name: 'e2e', folder: '' } }));
      await asked;
      vcenter.startForeignClone({ source: SOURCE, name: 'e2e', folder: ELSEWHERE, duration: 20_000 });
      const main = await step.kill('SIGKILL');
      const post = await runPost(main, { jobStatus: 'cancelled' });
      expect(told(post, 'warning')).toMatch(
        /^\[Left behind in vCenter\] Not deleted, since it may be somebody else's: 'e2e' \(vm-1002\): /,
      );
      expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
      expect(vcenter.runningTasks().map(({ foreign }) => foreign)).toEqual([true]);
      expect(vcenter.vms().filter(({ name }) => name === 'e2e')).toHaveLength(1);
    }));
});

describe.concurrent('two jobs of one identity, as a reusable workflow that is called twice has them', () => {
  it("the second one's request is refused: the first one's VM stays, and no output leads to it", ({
    expect,
  }) =>
    scene({ cloneDuration: 50 }, async (stage) => {
      const first = await runStep(cloneStep(stage));
      const name = first.outputs['vm-name'] ?? '';
      const { main, post } = await cloneAndPost(stage, { inputs: { teardown: 'always' } });
      expect(main.exitCode).toBe(1);
      expect(main.outputs['vm-name']).toBe('');
      expect(changes(stage)).toEqual([`clone ${name}`, `clone ${name}`]);
      expect(verdict({ stage, steps: [first, main, post], kept: [name] })).toEqual([]);
    }));
});

describe.concurrent('a task that vCenter forgets', () => {
  it('for a moment after the request: the record is late', ({ expect }) =>
    scene({ cloneDuration: 400 }, async (stage) => {
      stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forgotten, times: 3 });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
      expect(main.errors).toEqual([]);
      expect(main.outputs['vm-id']).toBe('vm-1001');
      expect(changes(stage)).toEqual(['clone e2e']);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    }));

  it.for([
    { naming: 'generated', inputs: {} },
    { naming: 'given', inputs: { name: 'e2e' } },
  ])('at its end, name $naming: its own name is proof, another is not', ({ naming, inputs }, { expect }) =>
    scene({ cloneDuration: 200, taskRetention: 0, taskTarget: 'none' }, async (stage) => {
      const { main, post } = await cloneAndPost(stage, { inputs });
      const [{ name } = { name: '' }] = stage.vcenter.vms().filter(({ id }) => id === 'vm-1001');
      if (naming === 'generated') {
        expect(main.outputs['vm-id']).toBe('vm-1001');
        expect(main.errors).toEqual([]);
        expect(post.warnings).toEqual([]);
      } else {
        expect(told(main, 'error')).toMatchInlineSnapshot(`
          "[Outcome unknown] It is not known what became of the clone request for 'e2e' (task TASK): 'e2e' (vm-1001) is there, but others may use the name 'e2e' too, and nothing shows that this run made it.
          Not deleted, since it may be somebody else's: 'e2e' (vm-1001): others may use the name 'e2e' too, and nothing shows that this run made it."
        `);
        expect(told(post, 'warning')).toMatchInlineSnapshot(
          `"[Left behind in vCenter] Not deleted, since it may be somebody else's: 'e2e' (vm-1001): others may use the name 'e2e' too, and nothing shows that this run made it."`,
        );
      }
      expect(changes(stage).filter((each) => /stop|delete/.test(each))).toEqual([]);
      expect(verdict({ stage, steps: [main, post], kept: [name] })).toEqual([]);
    }),
  );

  it('while it is copied, and which cannot be found by name: the outcome is unknown', ({ expect }) =>
    scene({ cloneDuration: 900, nameTakenAt: 'end' }, async (stage) => {
      stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forgotten, nth: 2, times: FOREVER });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
      expect(told(main, 'error')).toMatchInlineSnapshot(
        `"[Outcome unknown] It is not known what became of the clone request for 'e2e' (task TASK): vCenter does not tell how the clone ended, and no VM is called 'e2e'."`,
      );
      expect(told(post, 'warning')).toMatchInlineSnapshot(`""`);
      expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    }));

  it('while it is copied under a generated name: a half copy is not handed out', ({ expect }) =>
    scene({ cloneDuration: 1_500, nameTakenAt: 'start' }, async (stage) => {
      const { vcenter } = stage;
      vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forgotten, nth: 2, times: FOREVER });
      const main = await runStep(cloneStep(stage));
      const copying = vcenter.vm('vm-1001')?.copying;
      const post = await runPost(main, { jobStatus: main.conclusion });
      expect({ exitCode: main.exitCode, copying }).toEqual({ exitCode: 0, copying: false });
      expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'power-state': 'POWERED_ON' });
      expect(post.warnings).toEqual([]);
      expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
    }));
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

describe.concurrent('a task that may not be seen', () => {
  it('since every session is refused from some moment on: cancelled all the same, by post', ({ expect }) =>
    scene({ cloneDuration: 20_000 }, async (stage) => {
      const { vcenter } = stage;
      const blind = vcenter.fault({
        operation: [GET_TASK, CANCEL, LIST_TASKS],
        kind: '401',
        times: FOREVER,
        nth: 2,
      });
      const main = await runStep(cloneStep(stage, { inputs: { name: 'e2e' } }));
      expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
        "[Refused by vCenter] Cloning 'e2e' failed (task TASK), at N %.
        GET /api/cis/tasks/{task} on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
        vCenter refused a session that it had opened a moment before; the account may have been disabled.
        Not deleted, since it may be somebody else's: 'e2e' (vm-1001): others may use the name 'e2e' too, and nothing shows that this run made it."
      `);
      blind.remove();
      const post = await runPost(main, { jobStatus: 'failure' });
      expect(post.warnings).toEqual([]);
      expect(changes(stage).at(-1)).toBe('cancel e2e');
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    }));

  it('since the account may not read it: 403 in the wait fails with the privilege, and the clone is cancelled', ({
    expect,
  }) =>
    scene({ cloneDuration: 20_000 }, async (stage) => {
      stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forbidden, nth: 2, times: FOREVER });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
      expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
        "[Refused by vCenter] Cloning 'e2e' failed (task TASK), at N %.
        GET /api/cis/tasks/{task} on VCENTER failed (HTTP 403 UNAUTHORIZED). vCenter: Unable to authorize user. You do not hold privilege 'System.View'.
        The account lacks a privilege for this; the message tells which one, and on which object."
      `);
      expect(post.log).toBe('Nothing to clean up.');
      expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    }));

  it('nor cancelled in time (403, cancel too late): what comes out is deleted', ({ expect }) =>
    scene({ cloneDuration: 700, cancelTooLate: true }, async (stage) => {
      stage.vcenter.fault({ operation: GET_TASK, kind: 'custom', answer: forbidden, nth: 2, times: FOREVER });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
      expect(main.exitCode).toBe(1);
      expect(told(post, 'warning')).toMatchInlineSnapshot(`""`);
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    }));

  it('since the second login is refused: said with the login, left to post', ({ expect }) =>
    scene({ cloneDuration: 900 }, async (stage) => {
      const { vcenter } = stage;
      const refused = vcenter.fault({ operation: LOGIN, kind: '401', nth: 2, times: FOREVER });
      vcenter.watch(({ operation }, moment) => {
        if (operation === GET_TASK && moment === 'received') {
          vcenter.expireSessions();
        }
      });
      const main = await runStep(cloneStep(stage, { inputs: { name: 'e2e' } }));
      expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
        "[Login refused] Cloning 'e2e' failed (task TASK).
        POST /api/session on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
        vCenter does not accept 'username' with 'password'. It is not tried again, since repeated tries lock accounts. The user name usually needs its domain: name@vsphere.local.
        Cleaning up failed: POST /api/session on VCENTER failed (HTTP 401 UNAUTHENTICATED). vCenter: Authentication required.
        vCenter does not accept 'username' with 'password'. It is not tried again, since repeated tries lock accounts. The user name usually needs its domain: name@vsphere.local.
        What came of it is cleaned up by this action's post step."
      `);
      refused.remove();
      const post = await runPost(main, { jobStatus: 'failure' });
      expect(post.exitCode).toBe(0);
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    }));
});
