import { describe, it, type TestContext } from 'vitest';
import { cloned, failed } from './clone-run.ts';
import { CLONE, DELETE, FOLDER, LIST_VMS, LOGIN, LOGOUT, STOP, type Stage } from './stage.ts';
import { asItIs, callsOf, settled, stageOf, stateOf } from './what-was-seen.ts';

const LIST_FOLDERS = 'GET /api/vcenter/folder';

/** A stage on which `copy` is in the folder already. */
async function stageWithCopy(
  context: Pick<TestContext, 'onTestFinished'>,
  folder = FOLDER,
): Promise<{ readonly stage: Stage; readonly id: string }> {
  const stage = await stageOf(context);
  const { id } = stage.vcenter.addVm({ name: 'copy', folder, powerState: 'POWERED_ON' });
  return { stage, id };
}

const changes = ({ vcenter }: Stage) =>
  vcenter.calls().filter((call) => [CLONE, STOP, DELETE].includes(call));

describe.concurrent('a VM that bears the name in that folder', () => {
  it("is a reason to fail before the clone, with 'if-exists: fail'", async ({ expect, ...context }) => {
    const { stage, id } = await stageWithCopy(context);
    const { error, main, exchanges, post } = await failed(asItIs(stage), { name: 'copy' });
    expect(error).toMatchInlineSnapshot(
      `"[Name taken] A VM named 'copy' (vm-1001) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'."`,
    );
    // One look for the name, another whether it is this folder's.
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, LIST_VMS, LOGOUT]);
    // A teardown by the output must not find the other VM.
    expect(main.outputs).not.toHaveProperty('vm-name');
    expect(main.state).toEqual({});
    expect(post.log).toContain('Nothing to clean up.');
    expect(stage.vcenter.vm(id)?.powerState).toBe('POWERED_ON');
  });

  it("is handed out with 'if-exists: reuse', and is not this run's to delete", async ({
    expect,
    ...context
  }) => {
    const { stage, id } = await stageWithCopy(context);
    const { main, post, exchanges } = await cloned(asItIs(stage), {
      name: 'copy',
      'if-exists': 'reuse',
      teardown: 'always',
    });
    const { timings, ...outputs } = main.outputs;
    expect(outputs).toEqual({
      'clone-spec': '{"source":"vm-42","name":"copy","placement":{"folder":"group-v23"},"power_on":true}',
      'vm-name': 'copy',
      'vm-id': id,
      created: 'false',
      'power-state': 'POWERED_ON',
    });
    expect(Object.keys(JSON.parse(timings ?? ''))).toEqual(['connect', 'resolve', 'total']);
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, LIST_VMS, LOGOUT]);
    expect(main.state).toEqual({});
    expect(settled(main.summary, stage)).toMatchInlineSnapshot(`
      "### Reused \`copy\`

      | VM | \`copy\`, \`vm-1001\` |
      | --- | --- |
      | Power | \`POWERED_ON\` |
      | What becomes of it | It was there before this run, which does not delete it. |

      | Phase | Time | Share |
      | --- | --- | --- |
      | Log in | TIME | BAR |
      | Look up and check | TIME | BAR |
      | **Total** | **TIME** |  |

      "
    `);
    expect(post.log).toContain('Nothing to clean up.');
    expect(stage.vcenter.calls()).toHaveLength(exchanges.length);
  });

  it("is deleted first with 'if-exists: replace'", async ({ expect, ...context }) => {
    const { stage, id } = await stageWithCopy(context);
    const { main, exchanges } = await cloned(stage, { name: 'copy', 'if-exists': 'replace' });
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, LIST_VMS, STOP, DELETE, CLONE, LOGOUT]);
    expect(exchanges.find(({ operation }) => operation === DELETE)?.path).toBe(`/api/vcenter/vm/${id}`);
    expect(main.outputs['created']).toBe('true');
    expect(main.outputs['vm-id']).not.toBe(id);
    expect(main.log).toContain(`'copy' (${id}) exists and is replaced.`);
    // The new one may be cleaned up; the old id never again.
    expect(stateOf(main)).toMatchObject({ plan: { nameIsOwn: false, vmsBefore: [id] } });
  });

  it('is left as it is where it cannot be deleted, and nothing is cloned', async ({ expect, ...context }) => {
    const { stage } = await stageWithCopy(context);
    stage.vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Inventory.Delete' }];
    const { error } = await failed(asItIs(stage), { name: 'copy', 'if-exists': 'replace' });
    expect(error).toMatchInlineSnapshot(`
      "[Refused by vCenter] DELETE /api/vcenter/vm/{vm} on localhost:PORT failed (HTTP 403 UNAUTHORIZED). vCenter: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Inventory.Delete' on 'vm-1001'.
      The account needs VirtualMachine.Inventory.Delete on the VM."
    `);
    expect(changes(stage)).toEqual([STOP, DELETE]);
  });

  it.for(['fail', 'reuse', 'replace'])(
    "is neither handed out nor replaced with 'if-exists: %s', where it is the source",
    async (ifExists, { expect, ...context }) => {
      const stage = await stageOf(context);
      const { error, main } = await failed(stage, {
        name: 'ubuntu-24.04',
        folder: 'group-v22',
        'if-exists': ifExists,
        teardown: 'always',
      });
      expect(error).toBe(
        "[Name taken] 'ubuntu-24.04' (vm-42) is the source itself, which is never handed out or replaced. Choose another 'name'.",
      );
      expect(changes(stage)).toEqual([]);
      // A teardown by the outputs must not find the source.
      expect(Object.keys(main.outputs)).toEqual(['clone-spec', 'timings']);
    },
  );
});

describe.concurrent('a VM that bears the name elsewhere', () => {
  it.for(['fail', 'reuse', 'replace'])(
    "is no concern of 'if-exists: %s', nor of the teardown",
    async (ifExists, { expect, ...context }) => {
      const { stage, id } = await stageWithCopy(context, 'group-v24');
      const { main, exchanges } = await cloned(asItIs(stage), {
        name: 'copy',
        'if-exists': ifExists,
        teardown: 'always',
      });
      expect(main.outputs).toMatchObject({ created: 'true', 'vm-name': 'copy' });
      expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, LIST_VMS, CLONE, LOGOUT]);
      expect(stage.vcenter.vm(id)).toMatchObject({ folder: 'group-v24', powerState: 'POWERED_ON' });
    },
  );

  it("is named where no folder says which is meant, and the source's folder is free", async ({
    expect,
    ...context
  }) => {
    const { stage, id } = await stageWithCopy(context, 'group-v24');
    const { main } = await cloned(asItIs(stage), { name: 'copy', folder: '', teardown: 'always' });
    expect(main.log).toContain(
      `'copy' exists elsewhere (${id}); vCenter decides whether it is free in the source's folder.`,
    );
    expect(main.outputs['created']).toBe('true');
  });

  it("is the source's neighbour: vCenter refuses the clone, and the other VM stays", async ({
    expect,
    ...context
  }) => {
    const { stage } = await stageWithCopy(context, 'group-v22');
    const { error, main } = await failed(asItIs(stage), { name: 'copy', folder: '' });
    expect(error).toMatchInlineSnapshot(`
      "[Refused by vCenter] Cloning 'copy' failed.
      POST /api/vcenter/vm?action=clone&vmw-task=true on localhost:PORT failed (HTTP 400 ALREADY_EXISTS). vCenter: A virtual machine named 'copy' already exists in the folder 'group-v22'. The name 'copy' already exists.
      Another VM in that folder bears the name. Choose another 'name' (or leave it out), or set 'if-exists' to 'reuse' or 'replace' together with 'folder'."
    `);
    expect(changes(stage)).toEqual([CLONE]);
    expect(main.outputs['vm-name']).toBe('');
    expect(stateOf(main)).toEqual({ version: 1, phase: 'settled' });
  });
});

describe.concurrent("'reuse' and 'replace'", () => {
  it.for(['reuse', 'replace'])("'%s' needs a folder", async (ifExists, { expect, ...context }) => {
    const stage = await stageOf(context);
    const { error } = await failed(stage, { name: 'copy', folder: '', 'if-exists': ifExists });
    expect(error).toBe(
      `[Bad inputs] if-exists: "${ifExists}" needs 'folder', since a name tells VMs apart only within a folder.`,
    );
    expect(stage.vcenter.exchanges).toEqual([]);
  });

  it.for(['reuse', 'replace'])(
    "'%s' clones where there is nothing",
    async (ifExists, { expect, ...context }) => {
      const stage = await stageOf(context);
      const { main, exchanges } = await cloned(stage, { name: 'copy', 'if-exists': ifExists });
      expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LOGOUT]);
      expect(main.outputs['created']).toBe('true');
    },
  );
});

describe.concurrent("'validate-only' beside a VM of that name", () => {
  it.for([
    [
      'reuse',
      'A VM of that name exists: `vm-1001` would be handed out as it is (`if-exists: reuse`), and nothing be sent.',
    ],
    ['replace', 'A VM of that name exists: `vm-1001` would be deleted first (`if-exists: replace`).'],
  ] as const)("tells what 'if-exists: %s' would do, and does nothing", async ([ifExists, told], test) => {
    const { expect } = test;
    const { stage } = await stageWithCopy(test);
    const { main, exchanges } = await cloned(asItIs(stage), {
      name: 'copy',
      'if-exists': ifExists,
      'validate-only': 'true',
    });
    expect(main.summary).toContain(told);
    expect(new Set(callsOf(exchanges))).toEqual(new Set([LOGIN, LIST_VMS, LIST_FOLDERS, LOGOUT]));
    expect(Object.keys(main.outputs)).toEqual(['clone-spec', 'timings']);
    expect(main.state).toEqual({});
  });
});
