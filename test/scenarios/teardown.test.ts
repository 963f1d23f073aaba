import { describe, it } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { Behaviour, FaultSpec, Operation } from '../simulator/vcenter.ts';
import {
  DELETE,
  FOLDER,
  GET_POWER,
  GET_VM,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  SHUTDOWN,
  STOP,
  setVirtualStage,
  type VirtualStage,
} from '../support/stage.ts';
import { teardownStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, neutral, told } from '../support/what-happened.ts';

type Inputs = Readonly<Record<string, string>>;

const FOREVER = Number.POSITIVE_INFINITY;

interface Scene {
  readonly behaviour?: Partial<Behaviour>;
  readonly powerState?: 'POWERED_ON' | 'POWERED_OFF' | 'SUSPENDED';
  readonly name?: string;
}

/** A vCenter with a VM to tear down: vm-1001, called e2e. */
async function scene(
  { behaviour, powerState = 'POWERED_OFF', name = 'e2e' }: Scene,
  play: (stage: VirtualStage) => Promise<void>,
) {
  const stage = setVirtualStage({ ...(behaviour && { behaviour }) });
  stage.vcenter.addVm({ name, folder: FOLDER, powerState });
  await play(stage);
}

const tearDown = (stage: VirtualStage, inputs: Inputs) => stage.runner.runStep(teardownStep(stage, inputs));

/** What a teardown that has deleted vm-1001 publishes. */
const deletedOutputs = { deleted: 'true', 'vm-id': 'vm-1001', 'vm-name': 'e2e' };
const nothingOutputs = { deleted: 'false' };

/** Nothing of the summary but what it says. */
const summaryOf = ({ summary }: StepResult) => summary.trim().replace(/took \d.*\./, 'took TIME.');

describe('teardown by vm-id', () => {
  it.for([
    ['POWERED_OFF', [LOGIN, LIST_VMS, DELETE, LOGOUT]],
    ['POWERED_ON', [LOGIN, LIST_VMS, STOP, DELETE, LOGOUT]],
    ['SUSPENDED', [LOGIN, LIST_VMS, STOP, DELETE, LOGOUT]],
  ] as const)('of a VM that is %s', ([powerState, calls], { expect }) =>
    scene({ powerState }, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(stage.vcenter.calls()).toEqual(calls);
      expect(step.outputs).toEqual(deletedOutputs);
      expect(summaryOf(step)).toBe(
        '### Deleted `e2e`\n\nThe VM `vm-1001` and its files are gone. That took TIME.',
      );
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it('and vm-name of the same VM, then once more: the second one finds nothing', ({ expect }) =>
    scene({}, async (stage) => {
      const first = await tearDown(stage, { 'vm-id': 'vm-1001', 'vm-name': 'e2e' });
      const second = await tearDown(stage, { 'vm-id': 'vm-1001', 'vm-name': 'e2e' });
      expect(first.outputs).toEqual(deletedOutputs);
      expect(second.outputs).toEqual(nothingOutputs);
      expect(second.log).toContain(
        "There is nothing to delete. No VM 'e2e' (vm-1001) is in vCenter (any more).",
      );
      expect(changes(stage)).toEqual(['delete vm-1001']);
      expect(verdict({ stage, steps: [first, second] })).toEqual([]);
    }));

  it('twice at once', ({ expect }) =>
    scene(
      { powerState: 'POWERED_ON', behaviour: { deleteTakes: 300, powerOffTakes: 300 } },
      async (stage) => {
        const both = await Promise.all([
          tearDown(stage, { 'vm-id': 'vm-1001' }),
          tearDown(stage, { 'vm-id': 'vm-1001' }),
        ]);
        expect(both.map(({ exitCode, errors }) => ({ exitCode, errors }))).toEqual([
          { exitCode: 0, errors: [] },
          { exitCode: 0, errors: [] },
        ]);
        expect(verdict({ stage, steps: both })).toEqual([]);
      },
    ));

  it('and vm-name that disagree: nothing is deleted', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': 'vm-45', 'vm-name': 'e2e' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Nothing deleted] Nothing deleted: vm-45 is called 'build-agent', but 'vm-name' is 'e2e'."`,
      );
      expect(step.outputs).toEqual(nothingOutputs);
      expect(stage.vcenter.calls()).toEqual([LOGIN, LIST_VMS, LOGOUT]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('that is gone, with a vm-name that another VM bears by now: that one stays', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': 'vm-999', 'vm-name': 'e2e' });
      expect(step.outputs).toEqual(nothingOutputs);
      expect(stage.vcenter.calls()).toEqual([LOGIN, LIST_VMS, LOGOUT]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('of a template, which the API does not show: it stays', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': 'vm-44' });
      expect(step.outputs).toEqual(nothingOutputs);
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));
});

describe('teardown by vm-name', () => {
  it.for<[string, Inputs]>([
    ['alone', {}],
    ['in a folder by id', { folder: FOLDER }],
    ['in a folder by name', { folder: 'pull-requests' }],
    ['in a folder by path', { folder: '/DC1/vm/ci/pull-requests' }],
    ['in a datacenter by name', { datacenter: 'DC1' }],
    ['in folder and datacenter', { datacenter: 'datacenter-2', folder: 'ci/pull-requests' }],
  ])('%s', ([, inputs], { expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-name': 'e2e', ...inputs });
      expect(step.errors).toEqual([]);
      expect(step.outputs).toEqual(deletedOutputs);
      expect(changes(stage)).toEqual(['delete vm-1001']);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it('that fits several: nothing is deleted; with the folder, that one', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.addVm({ name: 'e2e', folder: 'group-v24' });
      const several = await tearDown(stage, { 'vm-name': 'e2e' });
      expect(told(several, 'error')).toMatchInlineSnapshot(
        `"[Nothing deleted] Nothing deleted: 'e2e' fits several VMs: vm-1001, vm-1002. Give 'vm-id', or narrow it with 'folder'."`,
      );
      expect(several.outputs).toEqual(nothingOutputs);
      expect(changes(stage)).toEqual([]);
      const one = await tearDown(stage, { 'vm-name': 'e2e', folder: FOLDER });
      expect(changes(stage)).toEqual(['delete vm-1001']);
      expect(verdict({ stage, steps: [several, one], kept: ['e2e'] })).toEqual([]);
    }));

  it('that fits none in the folder, but one elsewhere: that one stays', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-name': 'e2e', folder: 'legacy' });
      expect(step.outputs).toEqual(nothingOutputs);
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('in a folder that does not exist: an error, not another folder', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-name': 'e2e', folder: 'pull-request' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Names not resolved] Names not resolved: folder: there is no VM folder 'pull-request'. Did you mean 'pull-requests' (group-v23)? vCenter lists only what the account may see."`,
      );
      expect(stage.vcenter.calls()).not.toContain(DELETE);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('with `/`, `\\` and `%` in it', ({ expect }) =>
    scene({ name: 'pr/12\\a 50%' }, async (stage) => {
      const step = await tearDown(stage, { 'vm-name': 'pr/12\\a 50%' });
      expect(step.errors).toEqual([]);
      expect(step.outputs).toEqual({ ...deletedOutputs, 'vm-name': 'pr/12\\a 50%' });
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it('at a server that ignores the filter: strangers stay', ({ expect }) =>
    scene({}, async (stage) => {
      const all = stage.vcenter.vms().map(({ id, name }) => ({ vm: id, name, power_state: 'POWERED_OFF' }));
      stage.vcenter.fault({
        operation: LIST_VMS,
        kind: 'custom',
        answer: { status: 200, body: all },
        times: FOREVER,
      });
      const step = await tearDown(stage, { 'vm-name': 'gone' });
      expect(step.outputs).toEqual(nothingOutputs);
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it.for<[string, Inputs]>([
    ['nothing', {}],
    ['whitespace', { 'vm-name': '  ', 'vm-id': ' ', 'task-id': '\n' }],
    ['only places', { folder: FOLDER, datacenter: 'DC1' }],
  ])('A17: where %s is given: a notice, success, and no list of every VM', ([, inputs], { expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, inputs);
      expect(step.exitCode).toBe(0);
      expect(told(step, 'notice')).toBe(
        "[Nothing to tear down] Nothing to tear down: 'vm-id', 'vm-name' and 'task-id' are all empty: either the clone was never asked for, or its outputs did not get here (a job passes on only what its 'outputs' list).",
      );
      expect(step.outputs).toEqual(nothingOutputs);
      expect(stage.vcenter.calls()).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }),
  );
});

describe('teardown with shutdown-timeout', () => {
  const inputs = { 'vm-id': 'vm-1001', 'shutdown-timeout': '20s' };

  it('of a guest that obeys: the power is never cut', ({ expect }) =>
    scene({ powerState: 'POWERED_ON', behaviour: { toolsAfter: 0 } }, async (stage) => {
      const step = await tearDown(stage, inputs);
      expect(stage.vcenter.calls()).toEqual([
        LOGIN,
        LIST_VMS,
        SHUTDOWN,
        GET_POWER,
        GET_POWER,
        DELETE,
        LOGOUT,
      ]);
      expect(step.log).toContain('The guest has shut down after');
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it('of a guest that stays up: the power is cut when the time is over', ({ expect }) =>
    scene(
      { powerState: 'POWERED_ON', behaviour: { toolsAfter: 0, shutdownTakes: 'ignored' } },
      async (stage) => {
        const step = await tearDown(stage, inputs);
        expect(changes(stage)).toEqual(['shut down vm-1001', 'stop vm-1001', 'delete vm-1001']);
        expect(step.log).toContain('The guest has not shut down within 20 s; the power goes off.');
        expect(verdict({ stage, steps: [step] })).toEqual([]);
      },
    ));

  it.for<[string, Partial<Behaviour>, RegExp]>([
    ['without Tools', { toolsAfter: FOREVER }, /cannot be shut down; the power goes off\. vCenter: .*Tools/i],
    ['that cannot', { toolsAfter: 0, guestCannotShutdown: true }, /cannot be shut down; the power goes off/],
  ])('of a guest %s: the power is cut at once', ([, behaviour, words], { expect }) =>
    scene({ powerState: 'POWERED_ON', behaviour }, async (stage) => {
      const step = await tearDown(stage, inputs);
      expect(stage.vcenter.calls()).toEqual([LOGIN, LIST_VMS, SHUTDOWN, STOP, DELETE, LOGOUT]);
      expect(step.log).toMatch(words);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it('whose response is lost: the VM is deleted all the same', ({ expect }) =>
    scene({ powerState: 'POWERED_ON', behaviour: { toolsAfter: 0 } }, async (stage) => {
      stage.vcenter.fault({ operation: SHUTDOWN, kind: 'reset-after' });
      const step = await tearDown(stage, inputs);
      expect(changes(stage)[0]).toBe('shut down vm-1001');
      expect(changes(stage).at(-1)).toBe('delete vm-1001');
      expect(step.outputs).toEqual(deletedOutputs);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it('of a VM that is off: nothing is shut down', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, inputs);
      expect(stage.vcenter.calls()).toEqual([LOGIN, LIST_VMS, DELETE, LOGOUT]);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));
});

describe('teardown of a VM that resists', () => {
  it('busy for a while: waits', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.fault({ operation: DELETE, kind: 'busy', times: 4 });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(changes(stage)).toEqual(Array.from({ length: 5 }, () => 'delete vm-1001'));
      expect(step.outputs).toEqual(deletedOutputs);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it('switched on by somebody between look-up and delete: off, and deleted', ({ expect }) =>
    scene({}, async (stage) => {
      let times = 1;
      stage.vcenter.behaviour.beforeDelete = ({ id }) => {
        if (times > 0) {
          times -= 1;
          stage.vcenter.powerOn(id);
        }
      };
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(stage.vcenter.calls()).toEqual([LOGIN, LIST_VMS, DELETE, STOP, DELETE, LOGOUT]);
      expect(step.outputs).toEqual(deletedOutputs);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it('switched on again and again: an error that names it, after five rounds', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.behaviour.beforeDelete = ({ id }) => stage.vcenter.powerOn(id);
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `
        "[Refused by vCenter] Refused by vCenter: DELETE /api/vcenter/vm/{vm} on VCENTER failed (HTTP 400 NOT_ALLOWED_IN_CURRENT_STATE). vCenter: Virtual machine with identifier 'vm-1001:b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77' is powered on. The attempted operation cannot be performed in the current state (Powered on).
        'e2e' (vm-1001) may still be there."
      `,
      );
      expect(changes(stage).filter((each) => each.startsWith('delete'))).toHaveLength(5);
      expect(step.outputs['deleted']).toBe('false');
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it.for([
    ['VirtualMachine.Inventory.Delete', 'POWERED_OFF'],
    ['VirtualMachine.Interact.PowerOff', 'POWERED_ON'],
  ] as const)(
    'since %s is missing: an error that names VM and privilege',
    ([privilege, powerState], { expect }) =>
      scene({ powerState, behaviour: { deny: [{ privilege }] } }, async (stage) => {
        const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
        expect(told(step, 'error')).toContain(
          `You do not hold privilege '${privilege}' on 'vm-1001'.\nThe account needs ${privilege} on the VM.\n'e2e' (vm-1001) may still be there.`,
        );
        expect(told(step, 'error')).toMatch(
          /^\[Refused by vCenter\] .* failed \(HTTP 403 UNAUTHORIZED\)\. vCenter: Unable/,
        );
        expect(step.outputs['deleted']).toBe('false');
        expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
      }),
  );

  it.for(['reset-after', 'cut', '502-html-after'] as const)(
    'and the response to the delete is lost (%s): it is gone, so it is deleted',
    (kind, { expect }) =>
      scene({}, async (stage) => {
        stage.vcenter.fault({ operation: DELETE, kind });
        const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
        expect(step.outputs).toEqual(deletedOutputs);
        expect(summaryOf(step)).toContain('### Deleted `e2e`');
        expect(verdict({ stage, steps: [step] })).toEqual([]);
      }),
  );

  it('until the time is over: one error that names it', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.fault({ operation: DELETE, kind: 'late-act', times: FOREVER });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001', timeout: '30s' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `
        "[Timed out] Timed out: The teardown of vm-1001 did not end within 30 s.
        'e2e' (vm-1001) may still be there."
      `,
      );
      expect(step.outputs['deleted']).toBe('false');
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('busy until the time is over: one error that names it and tells why', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.fault({ operation: DELETE, kind: 'busy', times: FOREVER });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001', timeout: '30s' });
      expect(told(step, 'error')).toMatchInlineSnapshot(`
        "[Timed out] Timed out: The teardown of vm-1001 did not end within 30 s.
        The last error was: DELETE /api/vcenter/vm/{vm} on VCENTER failed (HTTP 500 RESOURCE_BUSY). vCenter: The resource is busy with another operation.
        'e2e' (vm-1001) may still be there."
      `);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));
});

describe('a vm-id that is none', () => {
  it.for([
    ['a name', 'shop-pr12-e2e-9912345678-1-4f09ac'],
    ['an address', '10.20.3.4'],
    ['another type of id', 'task-51'],
    ['a path', '/DC1/vm/e2e'],
    ['the id of a host', 'host-9'],
    ['a dot segment', '..'],
  ] as const)("A7: %s is an invalid input that points to 'vm-name'", ([, id], { expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': id });
      expect(step.exitCode).toBe(1);
      expect(told(step, 'error')).toBe(
        `[Invalid inputs] Invalid inputs: vm-id: "${id}" is not the id of a VM, which looks like vm-12; give a name as 'vm-name', or write "id:" in front of an id of another form.`,
      );
      expect(stage.vcenter.exchanges).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }),
  );

  it('A7: of another form is taken behind id:', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': 'id:vm-1001' });
      expect(step.outputs).toEqual(deletedOutputs);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it.for(['id:..', 'id:.'])("C4: '%s' makes no other request of it", (id, { expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': id });
      expect(told(step, 'error')).not.toContain('Unexpected failure');
      expect(step.outputs['deleted'] ?? 'false').toBe('false');
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }),
  );
});

describe('teardown while requests fail', () => {
  it('A9: an error begins with its title, and the summary links its section', ({ expect }) =>
    scene({}, async (stage) => {
      const step = await tearDown(stage, { 'vm-id': 'vm-45', 'vm-name': 'e2e' });
      expect(step.log).toContain("Error: Nothing deleted: vm-45 is called 'build-agent'");
      expect(step.summary).toContain('### Failed: Nothing deleted');
      expect(step.summary).toContain('/TROUBLESHOOTING.md#nothing-deleted)');
    }));

  it.for<[string, Partial<FaultSpec>, Inputs]>([
    ['with its id', {}, { 'vm-id': 'vm-1001' }],
    ['with id and name', {}, { 'vm-id': 'vm-1001', 'vm-name': 'e2e' }],
    ['with its id, nor list', { operation: [GET_VM, LIST_VMS] }, { 'vm-id': 'vm-1001' }],
    [
      'with its id, nor list (HTML)',
      { operation: [GET_VM, LIST_VMS], kind: '502-html' },
      { 'vm-id': 'vm-1001' },
    ],
    ['with its name', {}, { 'vm-name': 'e2e' }],
  ])('B2: a VM that vCenter cannot describe is deleted, %s', ([, fault, inputs], { expect }) =>
    scene({ powerState: 'POWERED_ON' }, async (stage) => {
      stage.vcenter.fault({ operation: GET_VM, kind: '500-error', times: FOREVER, ...fault });
      const step = await tearDown(stage, inputs);
      expect(step.errors).toEqual([]);
      expect(step.outputs).toMatchObject({ deleted: 'true', 'vm-id': 'vm-1001' });
      expect(changes(stage)).toEqual(['stop vm-1001', 'delete vm-1001']);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it('B2: a name that is given and cannot be compared in any way is a doubt', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.fault({ operation: [GET_VM, LIST_VMS], kind: '500-error', times: FOREVER });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001', 'vm-name': 'e2e' });
      expect(step.exitCode).toBe(1);
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it.for<[string, Operation, FaultSpec['kind'], 'POWERED_ON' | 'POWERED_OFF', string[]]>([
    ['B4, C2c', DELETE, '500-error', 'POWERED_OFF', ['delete vm-1001', 'delete vm-1001']],
    ['B4', DELETE, '503-unavailable', 'POWERED_OFF', ['delete vm-1001', 'delete vm-1001']],
    ['C2c', STOP, '500-error', 'POWERED_ON', ['stop vm-1001', 'stop vm-1001', 'delete vm-1001']],
  ])('%s: %s is sent again after one %s', ([, operation, kind, powerState, expected], { expect }) =>
    scene({ powerState }, async (stage) => {
      stage.vcenter.fault({ operation, kind });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(step.outputs).toEqual(deletedOutputs);
      expect(changes(stage)).toEqual(expected);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it("B4: a delete that only fails ends at the deadline, with vCenter's words, and is not told as done", ({
    expect,
  }) =>
    scene({}, async (stage) => {
      stage.vcenter.fault({ operation: DELETE, kind: '500-error', times: FOREVER });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(told(step, 'error')).toMatchInlineSnapshot(`
        "[Timed out] Timed out: The teardown of vm-1001 did not end within 10 min.
        The last error was: DELETE /api/vcenter/vm/{vm} on VCENTER failed (HTTP 500 ERROR). vCenter: An internal error occurred.
        'e2e' (vm-1001) may still be there."
      `);
      expect(step.outputs['deleted']).toBe('false');
      expect(step.duration).toBeGreaterThan(9 * 60_000);
      expect(step.log).not.toContain('Deleted');
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('C2c: a logout that gets one 500 is sent again', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.fault({ operation: LOGOUT, kind: '500-error' });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(stage.vcenter.calls()).toEqual([LOGIN, LIST_VMS, DELETE, LOGOUT, LOGOUT]);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it.for<[string, Pick<FaultSpec, 'kind' | 'times'>]>([
    ['RESOURCE_BUSY', { kind: 'busy' }],
    ['RESOURCE_BUSY for some seconds', { kind: 'busy', times: 4 }],
    ['an error of any kind', { kind: '500-error' }],
    ['a page of a proxy', { kind: '502-html' }],
  ])('B12: a shutdown that is answered by %s is asked for again', ([, fault], { expect }) =>
    scene({ powerState: 'POWERED_ON', behaviour: { toolsAfter: 0, shutdownTakes: 400 } }, async (stage) => {
      stage.vcenter.fault({ operation: SHUTDOWN, ...fault });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001', 'shutdown-timeout': '12s' });
      expect(changes(stage).at(-1)).toBe('delete vm-1001');
      expect(new Set(changes(stage))).toEqual(new Set(['shut down vm-1001', 'delete vm-1001']));
      expect(step.log).toContain('The guest has shut down after');
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it('B12: a shutdown that is only refused as busy costs no more than shutdown-timeout', ({ expect }) =>
    scene({ powerState: 'POWERED_ON', behaviour: { toolsAfter: 0 } }, async (stage) => {
      stage.vcenter.fault({ operation: SHUTDOWN, kind: 'busy', times: FOREVER });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001', 'shutdown-timeout': '12s' });
      expect(changes(stage).slice(-2)).toEqual(['stop vm-1001', 'delete vm-1001']);
      expect(step.duration).toBeLessThan(15_000);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it('A12: a server that is silent is told of after 5 s', ({ expect }) =>
    scene({}, async (stage) => {
      stage.vcenter.fault({ operation: LIST_VMS, kind: 'late', delay: 8_000 });
      const step = await tearDown(stage, { 'vm-id': 'vm-1001' });
      expect(neutral(step.log)).toContain(
        'No response from VCENTER to GET /api/vcenter/vm yet; waiting for it.',
      );
      expect(step.outputs).toEqual(deletedOutputs);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));
});
