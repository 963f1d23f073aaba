import { describe, it } from 'vitest';
import type { Behaviour, FaultSpec, Operation } from '../simulator/vcenter.ts';
import {
  CANCEL,
  CLONE,
  DELETE,
  FOLDER,
  GET_TASK,
  GET_VM,
  LIST_TASKS,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  SOURCE,
  STOP,
  type Stage,
  setVirtualStage,
} from '../support/stage.ts';
import { cloned, cloneStep, failed } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { callsOf, changes, settled, stateOf, vmOf } from '../support/what-happened.ts';

type Inputs = Readonly<Record<string, string>>;

const NAME = 'shop-pr12-e2e-9912345678-1-wp5k02';

describe('a clone by ids', () => {
  it('takes four requests besides the polls, and returns the VM', async ({ expect }) => {
    const stage = setVirtualStage();
    const { vcenter } = stage;
    const { main, post, exchanges } = await cloned(stage, {});

    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
    expect(vcenter.calls()).toHaveLength(exchanges.length);
    expect(vcenter.sessions()).toEqual({ open: 0, opened: 1, closed: 1, expired: 0, unknown: 0 });

    const [task] = vcenter.tasks();
    const { timings, ...outputs } = main.outputs;
    expect(outputs).toEqual({
      'clone-spec': JSON.stringify({
        source: 'vm-42',
        name: NAME,
        placement: { folder: FOLDER },
        power_on: true,
      }),
      'vm-name': NAME,
      'task-id': task?.id,
      'vm-id': 'vm-1001',
      created: 'true',
      'power-state': 'POWERED_ON',
    });
    expect(main.jobOutputs).toEqual(main.outputs);
    expect(main.droppedOutputs).toEqual([]);
    expect(Object.keys(JSON.parse(timings ?? ''))).toEqual([
      'connect',
      'resolve',
      'request',
      'clone',
      'total',
    ]);
    expect(vmOf(stage, 'vm-1001')).toMatchObject({
      name: NAME,
      folder: FOLDER,
      powerState: 'POWERED_ON',
      copying: false,
    });

    expect(stateOf(main)).toEqual({
      version: 2,
      phase: 'returned',
      plan: {
        server: vcenter.server,
        name: NAME,
        isNameGenerated: true,
        source: 'vm-42',
        folder: FOLDER,
        vmsBefore: [],
      },
      vm: 'vm-1001',
    });
    expect(Object.keys(main.state)).toEqual(['clone']);
    // Password, what stands behind `Basic`, and the session's id; names and ids would take outputs from other jobs.
    expect(new Set([...main.masks, `Basic ${main.masks[1]}`])).toEqual(new Set(vcenter.secrets()));
    expect(main.masks).toHaveLength(3);

    expect(main.annotations).toEqual([]);
    expect(main.exportedEnv).toEqual({});
    expect(main.exportedPath).toEqual([]);
    expect(main.leftFiles).toEqual([]);
    expect(settled(main.log, stage)).toMatchInlineSnapshot(`
      "Logged in to localhost:PORT as svc-ci@vsphere.local.
      ▼ CloneSpec of 'shop-pr12-e2e-9912345678-1-wp5k02'
      {
        "source": "vm-42",
        "name": "shop-pr12-e2e-9912345678-1-wp5k02",
        "placement": {
          "folder": "group-v23"
        },
        "power_on": true
      }
      vCenter clones vm-42 to 'shop-pr12-e2e-9912345678-1-wp5k02': task TASK.
      Ready: 'shop-pr12-e2e-9912345678-1-wp5k02' (vm-1001), POWERED_ON, after TIME."
    `);
    expect(settled(main.summary, stage)).toMatchInlineSnapshot(`
      "### Cloned \`shop-pr12-e2e-9912345678-1-wp5k02\`

      | VM | \`shop-pr12-e2e-9912345678-1-wp5k02\`, \`vm-1001\` |
      | --- | --- |
      | Source | \`vm-42\` |
      | Clone | full |
      | Placement | folder \`group-v23\`; otherwise the source's |
      | Power | \`POWERED_ON\` |
      | What becomes of it | It stays until it is deleted (\`teardown: never\`); the teardown action does that with the output \`vm-id\`. |

      | Phase | Time | Share |
      | --- | --- | --- |
      | Log in | TIME | BAR |
      | Look up and check | TIME | BAR |
      | Request the clone | TIME | BAR |
      | Clone | TIME | BAR |
      | **Total** | **TIME** |  |

      "
    `);

    expect(post.exitCode).toBe(0);
    expect(post.annotations).toEqual([]);
    expect(post.summary).toBe('');
    expect(post.log).toMatchInlineSnapshot(
      `"This step does not delete 'shop-pr12-e2e-9912345678-1-wp5k02' (vm-1001): 'teardown' is 'never'."`,
    );
  });

  it('waits for the address as well', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { toolsAfter: 0 } });
    const { main, exchanges } = await cloned(stage, { name: 'copy', 'wait-for-ip': 'true' });
    expect(Object.keys(main.outputs)).toEqual([
      'clone-spec',
      'vm-name',
      'task-id',
      'vm-id',
      'created',
      'power-state',
      'ip-address',
      'ip-addresses',
      'timings',
    ]);
    expect(main.jobOutputs).toEqual(main.outputs);
    expect(JSON.parse(main.outputs['ip-addresses'] ?? '')[0]).toBe(main.outputs['ip-address']);
    const timings: Record<string, number> = JSON.parse(main.outputs['timings'] ?? '');
    expect(Object.keys(timings)).toEqual(['connect', 'resolve', 'request', 'clone', 'ip', 'total']);
    const { total = 0, ...phases } = timings;
    const sum = Object.values(phases).reduce((before, each) => before + each, 0);
    // Each is rounded by itself.
    expect(Math.abs(total - sum)).toBeLessThanOrEqual(Object.keys(phases).length);
    expect(exchanges.at(-1)?.operation).toBe(LOGOUT);
    expect(settled(main.summary, stage)).toMatchInlineSnapshot(`
      "### Cloned \`copy\`

      | VM | \`copy\`, \`vm-1001\` |
      | --- | --- |
      | Source | \`vm-42\` |
      | Clone | full |
      | Placement | folder \`group-v23\`; otherwise the source's |
      | Power | \`POWERED_ON\` |
      | Address | \`10.20.3.233\` |
      | What becomes of it | It stays until it is deleted (\`teardown: never\`); the teardown action does that with the output \`vm-id\`. |

      | Phase | Time | Share |
      | --- | --- | --- |
      | Log in | TIME | BAR |
      | Look up and check | TIME | BAR |
      | Request the clone | TIME | BAR |
      | Clone | TIME | BAR |
      | Wait for the address | TIME | BAR |
      | **Total** | **TIME** |  |

      "
    `);
  });

  it('tears it down at the end of the job, where it was told to', async ({ expect }) => {
    const stage = setVirtualStage();
    const { main, post, exchanges } = await cloned(stage, { teardown: 'always' });
    expect(main.summary).toContain('It is deleted at the end of the job (`teardown: always`).');
    expect(stage.vcenter.calls().slice(exchanges.length)).toEqual([LOGIN, LIST_VMS, STOP, DELETE, LOGOUT]);
    expect(post.summary).toMatchInlineSnapshot(`
      "### Cleaned up \`shop-pr12-e2e-9912345678-1-wp5k02\`

      The VM \`vm-1001\` and its files are deleted.

      "
    `);
    expect(settled(post.log, stage)).toMatchInlineSnapshot(`
      "Logged in to localhost:PORT as svc-ci@vsphere.local.
      Deleting 'shop-pr12-e2e-9912345678-1-wp5k02' (vm-1001).
      Deleted 'shop-pr12-e2e-9912345678-1-wp5k02' (vm-1001).
      'shop-pr12-e2e-9912345678-1-wp5k02' (vm-1001) is deleted; nothing is left."
    `);
  });
});

describe('a VM that is powered off', () => {
  it("is what 'power-on: false' makes", async ({ expect }) => {
    const stage = setVirtualStage();
    const { main } = await cloned(stage, { name: 'copy', 'power-on': 'False' });
    expect(main.outputs['power-state']).toBe('POWERED_OFF');
    expect(vmOf(stage, main.outputs['vm-id']).powerState).toBe('POWERED_OFF');
    expect(main.summary).toContain('| Power | `POWERED_OFF` |');
  });
});

describe('a disk in both lists', () => {
  it('is refused before anything is asked of vCenter', async ({ expect }) => {
    const stage = setVirtualStage();
    const { error } = await failed(stage, {
      'disks-to-remove': '2000, 2001',
      'disks-to-update': '{"2001": "datastore-15", "2000": {"datastore": "datastore-16"}}',
    });
    expect(stage.vcenter.exchanges).toEqual([]);
    expect(error).toMatchInlineSnapshot(`
      "[Invalid inputs] Invalid inputs: These inputs need another value:
      disks-to-update names the disk "2000", which 'disks-to-remove' names as well; it can only stand in one.
      disks-to-update names the disk "2001", which 'disks-to-remove' names as well; it can only stand in one."
    `);
  });

  it('is refused before the clone, where it goes by its id here and by its label there', async ({
    expect,
  }) => {
    const stage = setVirtualStage();
    const { error } = await failed(stage, {
      'disks-to-remove': 'Hard disk 2',
      'disks-to-update': '2001: datastore-15',
    });
    expect(stage.vcenter.calls()).not.toContain(CLONE);
    expect(error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: disks-to-update: '2001' is 'Hard disk 2' (2001), and that disk is named before. It stands in 'disks-to-remove' already; name each disk once."`,
    );
  });
});

/** A clone of minutes that is put an end to by `timeout`. */
const outlasting = { timeout: '1m' };
const long = { cloneDuration: 10 * 60_000 };
/** A wait for an address that never comes. */
const withoutAddress = { 'wait-for-ip': 'true', 'ip-timeout': '30s' };

describe('what is refused to a clean-up of the main step is asked again', () => {
  it.for<[string, Operation, Partial<Behaviour>, Inputs, readonly string[]]>([
    ['cancel', CANCEL, long, outlasting, ['cancel', 'cancel']],
    ['logout', LOGOUT, {}, withoutAddress, ['stop', 'delete']],
    ['stop', STOP, {}, withoutAddress, ['stop', 'stop', 'delete']],
    ['delete', DELETE, {}, withoutAddress, ['stop', 'delete', 'delete']],
  ])(
    'C2c: one HTTP 500 on %s leaves nothing',
    async ([, operation, behaviour, inputs, asked], { expect }) => {
      const stage = setVirtualStage({ behaviour: { toolsAfter: Number.POSITIVE_INFINITY, ...behaviour } });
      stage.vcenter.fault({ operation, kind: '500-error' });
      const { main, post } = await failed(stage, inputs);
      expect(changes(stage).map((each) => each.split(' ')[0])).toEqual(['clone', ...asked]);
      expect(main.annotations.filter(({ level }) => level === 'warning')).toEqual([]);
      expect(post.log).toBe('Nothing to clean up: the main step has done so itself.');
    },
  );

  it('C2c: one HTTP 500 on the list of tasks leaves nothing', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 60_000 } });
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    stage.vcenter.fault({ operation: LIST_TASKS, kind: '500-error' });
    const { main } = await cloned(stage, {});
    expect(main.outputs['vm-id']).toBe('vm-1001');
  });
});

describe('what is refused to the post step is asked again', () => {
  it.for([DELETE, STOP, LOGOUT] as const)(
    'C2c: one HTTP 500 on %s leaves nothing',
    async (operation, { expect }) => {
      const stage = setVirtualStage();
      const main = await stage.runner.runStep(cloneStep(stage, { inputs: { teardown: 'always' } }));
      stage.vcenter.fault({ operation, kind: '500-error' });
      const post = await stage.runner.runPost(main, { jobStatus: 'success' });
      expect(post.annotations).toEqual([]);
      expect(stage.vcenter.calls().filter((each) => each === operation).length).toBeGreaterThanOrEqual(2);
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    },
  );

  it('C2c: one HTTP 500 on the cancel after a kill leaves nothing', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: long });
    const step = await stage.runner.startStep(cloneStep(stage));
    await stage.vcenter.on({ operation: GET_TASK, when: 'answered', nth: 2 });
    const main = await step.kill('SIGKILL');
    stage.vcenter.fault({ operation: CANCEL, kind: '500-error' });
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    expect(
      changes(stage)
        .slice(1)
        .map((each) => each.split(' ')[0]),
    ).toEqual(['cancel', 'cancel']);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
  });

  it('C2c: one HTTP 500 on the list of tasks after a kill leaves nothing', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { ...long, nameTakenAt: 'end', cloneDuration: 60_000 } });
    stage.vcenter.fault({ operation: CLONE, kind: 'late' });
    const step = await stage.runner.startStep(cloneStep(stage));
    await stage.vcenter.on({ operation: CLONE, when: 'acted' });
    const main = await step.kill('SIGKILL');
    stage.vcenter.fault({ operation: LIST_TASKS, kind: '500-error' });
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
  });
});

describe('a VM that vCenter cannot describe', () => {
  const broken = (stage: Stage) =>
    stage.vcenter.fault({ operation: GET_VM, kind: '500-error', times: Number.POSITIVE_INFINITY });

  it('B2: is deleted by the main step that made it', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { toolsAfter: Number.POSITIVE_INFINITY } });
    broken(stage);
    const { error } = await failed(stage, withoutAddress);
    expect(error).toContain('(vm-1001) is deleted, since the step did not succeed.');
  });

  it('B2: is deleted by the post step', async ({ expect }) => {
    const stage = setVirtualStage();
    broken(stage);
    const { post } = await cloned(stage, { teardown: 'always' });
    expect(post.annotations).toEqual([]);
  });

  it("B2: is replaced with 'if-exists: replace'", async ({ expect }) => {
    const stage = setVirtualStage();
    stage.vcenter.addVm({ name: 'copy', folder: FOLDER, powerState: 'POWERED_ON' });
    broken(stage);
    const { main } = await cloned(stage, { name: 'copy', 'if-exists': 'replace' });
    expect(main.outputs['vm-id']).toBe('vm-1002');
    expect(changes(stage)).toEqual(['stop vm-1001', 'delete vm-1001', 'clone copy']);
  });

  it('B4: is replaced although the first delete gets a 500', async ({ expect }) => {
    const stage = setVirtualStage();
    stage.vcenter.addVm({ name: 'copy', folder: FOLDER });
    stage.vcenter.fault({ operation: DELETE, kind: '500-error' });
    await cloned(stage, { name: 'copy', 'if-exists': 'replace' });
    expect(changes(stage)).toEqual(['delete vm-1001', 'delete vm-1001', 'clone copy']);
  });
});

describe('a VM without an address', () => {
  it('A15: is deleted, and the error says so and how to keep it for a look', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { toolsAfter: Number.POSITIVE_INFINITY } });
    const { error } = await failed(stage, { name: 'copy', ...withoutAddress });
    expect(error).toMatchInlineSnapshot(`
      "[No address] No address: vm-1001 has reported no usable address within 30 s ('ip-timeout').
      VMware Tools never responded: are they (open-vm-tools) installed in the source, and does it boot in this time?
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
    expect(stage.vcenter.vm('copy')).toBeUndefined();
  });
});

describe('polls through a proxy', () => {
  const page = (status: number) => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: '<h1>No</h1>',
  });

  it.for<[string, Pick<FaultSpec, 'kind' | 'answer'>]>([
    ['404 page', { kind: 'custom', answer: page(404) }],
    ['403 page', { kind: 'custom', answer: page(403) }],
    ['302', { kind: 'redirect' }],
  ])('C4: one %s does not end the run', async ([, fault], { expect }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 5 * 60_000 } });
    stage.vcenter.fault({ operation: GET_TASK, nth: 3, ...fault });
    const { main } = await cloned(stage, {});
    expect(main.outputs['vm-id']).toBe('vm-1001');
    expect(stage.vcenter.calls()).not.toContain(CANCEL);
  });
});

describe('a lost response', () => {
  it('A19: is cleared up although vCenter lists no more than 1,000 tasks', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 30_000, nameTakenAt: 'end' } });
    stage.vcenter.fault({ operation: CLONE, kind: '502-html-after' });
    const isUnfiltered = (body: unknown) => !JSON.stringify(body ?? {}).includes('"status"');
    const refused = stage.vcenter.fault({
      operation: LIST_TASKS,
      kind: 'vapi-error',
      errorType: 'RESOURCE_INACCESSIBLE',
      times: Number.POSITIVE_INFINITY,
      when: ({ requestBody }) => isUnfiltered(requestBody),
    });
    const { main } = await cloned(stage, {});
    expect(refused.exchanges.length).toBeGreaterThan(0);
    expect(main.outputs['vm-id']).toBe('vm-1001');
  });

  it('A19: of a VM that is on is not waited for because of the task of another', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 10_000 } });
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    const { id } = stage.vcenter.startForeignClone({
      ...{ source: SOURCE, name: 'another', folder: FOLDER, duration: 20 * 60_000 },
    });
    const main = await stage.runner.runStep(cloneStep(stage));
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1002', 'power-state': 'POWERED_ON' });
    expect(main.duration).toBeLessThan(60_000);
    expect(stage.vcenter.runningTasks().map((task) => task.id)).toEqual([id]);
  });
});

describe('more VMs of one name than the state has room for', () => {
  it('A1: stop the step before the clone', async ({ expect }) => {
    const stage = setVirtualStage();
    for (let number = 0; number <= 20; number += 1) {
      const { id } = stage.vcenter.addFolder({ name: `team-${number}`, parent: 'group-v3' });
      stage.vcenter.addVm({ name: 'copy', folder: id });
    }
    const main = await stage.runner.runStep(cloneStep(stage, { inputs: { name: 'copy' } }));
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(main.exitCode).toBe(1);
    expect(main.errors).toMatchInlineSnapshot(`
      [
        "State too large: Cloning 'copy' failed.
      21 VMs have this name already. Choose another 'name', or leave it out to get a generated one.
      The post step has to know each of them, so no clone was started.",
      ]
    `);
    expect(changes(stage)).toEqual([]);
    expect(stage.vcenter.sessions().open).toBe(0);
    expect(post.annotations).toEqual([]);
  });
});
