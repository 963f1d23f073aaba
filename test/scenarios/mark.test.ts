import { describe, expect, it } from 'vitest';
import type { CloneFailure } from '../simulator/behaviour.ts';
import type { FaultKind } from '../simulator/faults.ts';
import type { Behaviour } from '../simulator/vcenter.ts';
import { DELETE, FOLDER, setVirtualStage, VI_CLONE, VI_READ, type VirtualStage } from '../support/stage.ts';
import { cloneAndPost, cloneStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { told } from '../support/what-happened.ts';

const MARK = 'guestinfo.vcenter-clone-vm.run';
/** A name of its own proves nothing; what is written into the VM with guestinfo does. */
const INPUTS = { source: 'vm-44', cluster: 'domain-c7', name: 'e2e', guestinfo: 'role: web' };

const stageWith = (behaviour: Partial<Behaviour> = {}) => setVirtualStage({ behaviour });

/** Somebody else's VM of that name comes up while the response to the clone request is on its way. */
function addAnothers(stage: VirtualStage, extraConfig: Readonly<Record<string, string>>): void {
  const { vcenter } = stage;
  vcenter.watch(({ operation }, moment) => {
    if (operation === VI_CLONE && moment === 'received' && vcenter.vm('e2e') === undefined) {
      vcenter.addVm({ name: 'e2e', folder: FOLDER, extraConfig });
    }
  });
}

const deleted = ({ vcenter }: VirtualStage) =>
  vcenter.exchanges.filter(({ operation }) => operation === DELETE).length;
const cloneRequests = ({ vcenter }: VirtualStage) =>
  vcenter.exchanges.filter(({ operation }) => operation === VI_CLONE).length;

const FAILS: CloneFailure = {
  at: 0.9,
  error: { error_type: 'ERROR', messages: [] },
  leavesVm: true,
  reasonIn: 'error',
};

describe('the mark, of a clone of a given name whose response is lost', () => {
  it('V28: finds it: the step succeeds', async () => {
    const stage = stageWith();
    stage.vcenter.fault({ operation: VI_CLONE, kind: 'reset-after' });
    const { main, post } = await cloneAndPost(stage, { inputs: INPUTS });
    expect(main.outputs).toMatchObject({ created: 'true', 'vm-name': 'e2e' });
    expect(cloneRequests(stage)).toBe(1);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('finds it for the post step, which deletes it', async () => {
    const stage = stageWith({ cloneDuration: 3_000 });
    stage.vcenter.fault({ operation: VI_CLONE, kind: 'late' });
    const acted = stage.vcenter.on({ operation: VI_CLONE, when: 'acted' });
    const step = await stage.runner.startStep(cloneStep(stage, { inputs: INPUTS }));
    await acted;
    const main = await step.kill('SIGKILL');
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
  });

  it.each<[what: string, extraConfig: Readonly<Record<string, string>>]>([
    ['bears the mark of another run', { [MARK]: '0123456789abcdef' }],
    ['bears none', {}],
  ])('tells a VM that %s from it: that one is left', async (_, extraConfig) => {
    const stage = stageWith();
    addAnothers(stage, extraConfig);
    stage.vcenter.fault({ operation: VI_CLONE, kind: 'reset-before' });
    const { main, post } = await cloneAndPost(stage, { inputs: INPUTS });
    expect(told(main, 'error')).toContain('[Outcome unknown]');
    expect(deleted(stage)).toBe(0);
    expect(cloneRequests(stage)).toBe(1);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it.each<FaultKind>(['vi-fault', 'reset-before'])(
    'proves nothing where it cannot be read: %s',
    async (kind) => {
      const stage = stageWith({ cloneDuration: 0 });
      const viFault = { name: 'NoPermission', fields: {}, text: 'No.' };
      stage.vcenter.watch(({ operation }, moment) => {
        if (operation === VI_CLONE && moment === 'received') {
          stage.vcenter.fault({ operation: VI_READ, kind, viFault, times: Number.POSITIVE_INFINITY });
        }
      });
      stage.vcenter.fault({ operation: VI_CLONE, kind: 'reset-after' });
      const { main, post } = await cloneAndPost(stage, { inputs: INPUTS });
      expect(told(main, 'error')).toContain('[Outcome unknown]');
      expect(deleted(stage)).toBe(0);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    },
  );

  it('V28: is asked for only with guestinfo: without it the VM is left', async () => {
    const stage = stageWith({ cloneDuration: 0 });
    stage.vcenter.fault({ operation: VI_CLONE, kind: 'reset-after' });
    const { main, post } = await cloneAndPost(stage, { inputs: { ...INPUTS, guestinfo: '' } });
    expect(told(main, 'error')).toContain('[Outcome unknown]');
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });
});

describe('the mark, of a clone of a given name that fails and leaves a VM', () => {
  it('has the VM deleted', async () => {
    const stage = stageWith({ failClone: FAILS, taskTarget: 'none' });
    const { main, post } = await cloneAndPost(stage, { inputs: INPUTS });
    expect(told(main, 'error')).toContain('[The clone failed]');
    expect(deleted(stage)).toBe(1);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it("has another run's VM left", async () => {
    const stage = stageWith({ failClone: { ...FAILS, leavesVm: false }, nameTakenAt: 'end' });
    stage.vcenter.watch(({ operation }, moment) => {
      if (operation === VI_CLONE && moment === 'answered') {
        stage.vcenter.addVm({ name: 'e2e', folder: FOLDER, extraConfig: { [MARK]: '0123456789abcdef' } });
      }
    });
    const { main, post } = await cloneAndPost(stage, { inputs: INPUTS });
    expect(told(main, 'error')).toContain("Not deleted, since it may be somebody else's: 'e2e'");
    expect(deleted(stage)).toBe(0);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });
});
