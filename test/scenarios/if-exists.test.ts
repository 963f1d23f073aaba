import { describe, expect, it } from 'vitest';
import {
  CLONE,
  DELETE,
  FOLDER,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  STOP,
  setVirtualStage,
  type VirtualStage,
} from '../support/stage.ts';
import { cloned, cloneStep, failed } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { asItIs, callsOf, changes, settled, stateOf, told } from '../support/what-happened.ts';

const LIST_FOLDERS = 'GET /api/vcenter/folder';
const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const FOREVER = Number.POSITIVE_INFINITY;

/** A stage on which `copy` is in the folder already. */
function stageWithCopy(folder = FOLDER): { readonly stage: VirtualStage; readonly id: string } {
  const stage = setVirtualStage({ behaviour: { cloneDuration: 2 * MINUTES } });
  const { id } = stage.vcenter.addVm({ name: 'copy', folder, powerState: 'POWERED_ON' });
  return { stage, id };
}

describe('a VM that bears the name in that folder', () => {
  it("is a reason to fail before the clone, with 'if-exists: fail'", async () => {
    const { stage, id } = stageWithCopy();
    const { error, main, exchanges, post } = await failed(asItIs(stage), { name: 'copy' });
    expect(error).toBe(
      "[Name taken] Name taken: A VM named 'copy' (vm-1001) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'.",
    );
    // One look-up for the name, another whether it is this folder's.
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, LIST_VMS, LOGOUT]);
    // A teardown by the output must not find the other VM.
    expect(main.outputs).not.toHaveProperty('vm-name');
    expect(main.state).toEqual({});
    expect(post.log).toContain('Nothing to clean up');
    expect(stage.vcenter.vm(id)?.powerState).toBe('POWERED_ON');
  });

  it("is reused with 'if-exists: reuse', and is not this run's to delete", async () => {
    const { stage, id } = stageWithCopy();
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
    expect(post.log).toContain('Nothing to clean up');
    expect(stage.vcenter.calls()).toHaveLength(exchanges.length);
  });

  it("is deleted first with 'if-exists: replace'", async () => {
    const { stage, id } = stageWithCopy();
    const { main, exchanges } = await cloned(stage, { name: 'copy', 'if-exists': 'replace' });
    // After the delete one look-up whether the name is free; at the end, that of the new VM.
    expect(callsOf(exchanges)).toEqual([
      ...[LOGIN, LIST_VMS, LIST_VMS, STOP, DELETE, LIST_VMS],
      ...[CLONE, LIST_VMS, LOGOUT],
    ]);
    expect(exchanges.find(({ operation }) => operation === DELETE)?.path).toBe(`/api/vcenter/vm/${id}`);
    expect(main.outputs['created']).toBe('true');
    expect(main.outputs['vm-id']).not.toBe(id);
    expect(main.log).toContain(`'copy' (${id}) exists and is replaced.`);
    // The new one may be cleaned up; the old id never again.
    expect(stateOf(main)).toMatchObject({ plan: { isNameGenerated: false, vmsBefore: [id] } });
  });

  it('is left as it is where it cannot be deleted, and nothing is cloned', async () => {
    const { stage } = stageWithCopy();
    stage.vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Inventory.Delete' }];
    const { error } = await failed(asItIs(stage), { name: 'copy', 'if-exists': 'replace' });
    expect(error).toMatch(/^\[Refused by vCenter\] .*'VirtualMachine\.Inventory\.Delete' on 'vm-1001'\./);
    expect(error.split('\n').at(-1)).toBe('The account needs VirtualMachine.Inventory.Delete on the VM.');
    expect(changes(stage)).toEqual(['stop vm-1001', 'delete vm-1001']);
  });

  it.for([
    ['fail', 'vm-42'],
    ['reuse', 'vm-42'],
    ['replace', 'vm-42'],
    ['replace', 'id:vm-42:b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77'],
  ])(
    "is neither reused nor replaced with 'if-exists: %s', where it is the source, %s (C1c)",
    async ([ifExists = '', source = '']) => {
      const stage = setVirtualStage();
      const { error, main } = await failed(stage, {
        source,
        name: 'ubuntu-24.04',
        folder: 'group-v22',
        'if-exists': ifExists,
        teardown: 'always',
      });
      expect(error).toBe(
        "[Name taken] Name taken: 'ubuntu-24.04' (vm-42) is the source itself, which is never reused or replaced. Choose another 'name'.",
      );
      expect(changes(stage)).toEqual([]);
      // A teardown by the outputs must not find the source.
      expect(Object.keys(main.outputs)).toEqual(['clone-spec', 'timings']);
    },
  );
});

describe("'replace'", () => {
  it('A13: is a phase of its own in timings and summary, which names what was replaced', async () => {
    const { stage, id } = stageWithCopy();
    stage.vcenter.behaviour.deleteTakes = 40 * SECONDS;
    const { main } = await cloned(stage, { name: 'copy', 'if-exists': 'replace' });
    const timings = JSON.parse(main.outputs['timings'] ?? '');
    expect(timings.replace).toBeGreaterThanOrEqual(40 * SECONDS);
    expect(timings.resolve ?? 0).toBeLessThan(SECONDS);
    expect(main.summary).toContain(id);
    expect(main.summary).toMatch(/replace/i);
  });

  it.for([
    { what: 'is refused as busy', fault: { kind: 'busy' } },
    { what: 'gets no response', fault: { kind: 'late-act', delay: 24 * 60 * MINUTES } },
    { what: 'gets a 500', fault: { kind: '500-error' } },
  ] as const)(
    "A13: a delete that $what for ever ends with 'timeout', and nothing is cloned",
    async ({ fault }) => {
      const { stage, id } = stageWithCopy();
      stage.vcenter.fault({ operation: DELETE, times: FOREVER, ...fault });
      const { error, main } = await failed(asItIs(stage), {
        name: 'copy',
        'if-exists': 'replace',
        timeout: '4m',
      });
      expect(error).toMatch(
        /^\[Timed out\] Timed out: The deletion of 'copy' \(vm-1001\) did not end within 4 min\./,
      );
      expect(main.duration).toBeLessThan(4 * MINUTES + 15 * SECONDS);
      expect(stage.vcenter.calls()).not.toContain(CLONE);
      expect(stage.vcenter.vm(id)).toBeDefined();
    },
  );

  it.for([30, 150])('C4: goes on through %i s of RESOURCE_BUSY', async (seconds) => {
    const { stage, id } = stageWithCopy();
    const { vcenter, clock } = stage;
    const until = clock.now() + seconds * SECONDS;
    vcenter.fault({
      operation: [STOP, DELETE],
      kind: 'busy',
      times: FOREVER,
      when: () => clock.now() < until,
    });
    const { main } = await cloned(stage, { name: 'copy', 'if-exists': 'replace' });
    expect(main.outputs).toMatchObject({ created: 'true' });
    expect(vcenter.vm(id)).toBeUndefined();
  });

  it.for([2, 8])(
    'C4: the name stays taken for a moment after the delete (%i refusals): asked again',
    async (times) => {
      const { stage } = stageWithCopy();
      const { vcenter } = stage;
      const text = "The name 'copy' already exists.";
      vcenter.fault({ operation: CLONE, kind: 'vapi-error', errorType: 'ALREADY_EXISTS', text, times });
      const step = cloneStep(stage, { inputs: { name: 'copy', 'if-exists': 'replace' } });
      const main = await stage.runner.runStep(step);
      const post = await stage.runner.runPost(main);
      expect(main.errors).toEqual([]);
      expect(main.outputs).toMatchObject({ created: 'true', 'vm-name': 'copy' });
      expect(vcenter.calls().filter((call) => call === CLONE)).toHaveLength(times + 1);
      expect(vcenter.tasks()).toHaveLength(1);
      expect(post.warnings).toEqual([]);
    },
  );

  it('C4: the VM stays listed for a moment after its delete: the clone is not asked for before it is gone', async () => {
    const { stage, id } = stageWithCopy();
    const { vcenter, clock } = stage;
    const row = { vm: id, name: 'copy', power_state: 'POWERED_OFF', cpu_count: 2, memory_size_MiB: 4096 };
    let until = 0;
    vcenter.on({ operation: DELETE, when: 'answered' }).then(() => {
      until = clock.now() + 7 * SECONDS;
    });
    vcenter.fault({
      operation: LIST_VMS,
      kind: 'custom',
      times: FOREVER,
      when: () => clock.now() < until,
      answer: { status: 200, body: [row] },
    });
    const { main, exchanges } = await cloned(stage, { name: 'copy', 'if-exists': 'replace' });
    const at = (operation: string) =>
      exchanges.find((exchange) => exchange.operation === operation)?.receivedAt ?? Number.NaN;
    expect(at(CLONE) - at(DELETE)).toBeGreaterThanOrEqual(7 * SECONDS);
    expect(main.outputs['created']).toBe('true');
  });

  it("C4: the name is another's after the delete: no advice to set 'if-exists', which is set already", async () => {
    const { stage, id } = stageWithCopy();
    const { vcenter } = stage;
    vcenter.on({ operation: DELETE, when: 'answered' }).then(() => {
      vcenter.addVm({ name: 'copy', folder: FOLDER, template: true });
    });
    const step = cloneStep(stage, { inputs: { name: 'copy', 'if-exists': 'replace' } });
    const main = await stage.runner.runStep(step);
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(told(main, 'error')).not.toContain("'if-exists'");
    expect(told(main, 'error').split('\n').at(-1)).toContain("Choose another 'name'");
    expect(main.duration).toBeLessThan(45 * SECONDS);
    expect(vcenter.vm(id)).toBeUndefined();
    expect(verdict({ stage: asItIs(stage), steps: [main, post] })).toEqual([]);
  });
});

describe('a VM that bears the name elsewhere', () => {
  it.for(['fail', 'reuse', 'replace'])(
    "is no concern of 'if-exists: %s', nor of the teardown",
    async (ifExists) => {
      const { stage, id } = stageWithCopy('group-v24');
      const { main, exchanges } = await cloned(asItIs(stage), {
        name: 'copy',
        'if-exists': ifExists,
        teardown: 'always',
      });
      expect(main.outputs).toMatchObject({ created: 'true', 'vm-name': 'copy' });
      expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
      expect(stage.vcenter.vm(id)).toMatchObject({ folder: 'group-v24', powerState: 'POWERED_ON' });
    },
  );

  it("is named where no folder says which is meant, and the source's folder is free", async () => {
    const { stage, id } = stageWithCopy('group-v24');
    const { main } = await cloned(asItIs(stage), { name: 'copy', folder: '', teardown: 'always' });
    expect(main.log).toContain(
      `'copy' exists elsewhere (${id}); vCenter decides whether it is free in the source's folder.`,
    );
    expect(main.outputs['created']).toBe('true');
  });

  it("is the source's neighbour: vCenter refuses the clone, and the other VM stays", async () => {
    const { stage } = stageWithCopy('group-v22');
    const { error, main } = await failed(asItIs(stage), { name: 'copy', folder: '' });
    expect(error).toMatchInlineSnapshot(`
      "[Refused by vCenter] Refused by vCenter: Cloning 'copy' failed.
      POST /api/vcenter/vm?action=clone&vmw-task=true on localhost:PORT failed (HTTP 400 ALREADY_EXISTS). vCenter: A virtual machine named 'copy' already exists in the folder 'group-v22'. The name 'copy' already exists.
      A VM, a template or a running clone in that folder bears the name. Choose another 'name', or leave it out: a generated one is never shared. If it is a VM, 'if-exists' can be 'reuse' or 'replace', together with 'folder'."
    `);
    expect(changes(stage)).toEqual(['clone copy']);
    expect(main.outputs['vm-name']).toBe('');
    expect(stateOf(main)).toEqual({ version: 2, phase: 'closed' });
  });
});

describe("'reuse' and 'replace'", () => {
  it.for(['reuse', 'replace'])("'%s' needs a folder", async (ifExists) => {
    const stage = setVirtualStage();
    const { error } = await failed(stage, { name: 'copy', folder: '', 'if-exists': ifExists });
    expect(error).toBe(
      `[Invalid inputs] Invalid inputs: if-exists: "${ifExists}" needs 'folder', since a name tells VMs apart only within a folder.`,
    );
    expect(stage.vcenter.exchanges).toEqual([]);
  });

  it.for(['reuse', 'replace'])("'%s' clones where there is nothing", async (ifExists) => {
    const stage = setVirtualStage();
    const { main, exchanges } = await cloned(stage, { name: 'copy', 'if-exists': ifExists });
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
    expect(main.outputs['created']).toBe('true');
  });
});

it("'reuse' clones no VM that would be off, where an address is waited for", async () => {
  const stage = setVirtualStage();
  const waits = { 'power-on': 'false', 'wait-for-port': '22' };
  const { error, exchanges } = await failed(stage, { name: 'copy', 'if-exists': 'reuse', ...waits });
  expect(error).toBe(
    `[Invalid inputs] Invalid inputs: wait-for-port: "22" needs 'power-on', since a VM that is off never reports an address.`,
  );
  expect(callsOf(exchanges)).not.toContain(CLONE);
});

describe("'validate-only' beside a VM of that name", () => {
  it.for([
    ['reuse', 'A VM of that name exists: `vm-1001` would be reused as it is (`if-exists: reuse`)'],
    ['replace', 'A VM of that name exists: `vm-1001` would be deleted first (`if-exists: replace`).'],
  ] as const)("tells what 'if-exists: %s' would do, and does nothing", async ([ifExists, text]) => {
    const { stage } = stageWithCopy();
    const { main, exchanges } = await cloned(asItIs(stage), {
      name: 'copy',
      'if-exists': ifExists,
      'validate-only': 'true',
    });
    expect(main.summary).toContain(text);
    expect(exchanges.filter(({ method }) => method !== 'GET').map(({ operation }) => operation)).toEqual([
      LOGIN,
      LOGOUT,
    ]);
    expect(callsOf(exchanges)).toContain(LIST_FOLDERS);
    expect(Object.keys(main.outputs)).toEqual(['clone-spec', 'timings']);
    expect(main.state).toEqual({});
  });
});
