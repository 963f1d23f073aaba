import { describe, it } from 'vitest';
import { cloned, failed } from './clone-run.ts';
import { CLONE, DELETE, FOLDER, LIST_VMS, LOGIN, LOGOUT, STOP, setVirtualStage } from './stage.ts';
import { callsOf, settled, stateOf, vmOf } from './what-was-seen.ts';

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
      'shop-pr12-e2e-9912345678-1-wp5k02' is vm-1001, POWERED_ON, after TIME."
    `);
    expect(settled(main.summary, stage)).toMatchInlineSnapshot(`
      "### Cloned \`shop-pr12-e2e-9912345678-1-wp5k02\`

      | VM | \`shop-pr12-e2e-9912345678-1-wp5k02\`, \`vm-1001\` |
      | --- | --- |
      | Source | \`vm-42\` |
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
      `"'shop-pr12-e2e-9912345678-1-wp5k02' (vm-1001) is not for this step to delete: 'teardown' is 'never'."`,
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
