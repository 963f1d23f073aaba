import { describe, expect, it } from 'vitest';
import type { RunnerContext } from '../runner/step.ts';
import { CLONE, FOLDER, LIST_VMS, LOGIN, LOGOUT, setVirtualStage } from '../support/stage.ts';
import { cloned, cloneStep, failed } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { asItIs, callsOf, stateOf } from '../support/what-happened.ts';

const pullRequest = { name: 'pull_request', number: 12, headRef: 'feature/basket' } as const;

interface Case {
  readonly on: string;
  readonly context: Partial<RunnerContext>;
  /** All but the token. */
  readonly name: string;
}

const CASES: readonly Case[] = [
  { on: 'pull_request', context: { event: pullRequest }, name: 'shop-pr12-e2e-9912345678-1' },
  {
    on: 'pull_request_target',
    context: { event: { ...pullRequest, name: 'pull_request_target' } },
    name: 'shop-pr12-e2e-9912345678-1',
  },
  {
    on: 'push to a branch',
    context: { event: { name: 'push', ref: 'refs/heads/feature/Größere_Körbe' } },
    name: 'shop-feature-gro-ere-korbe-e2e-9912345678-1',
  },
  {
    on: 'push of a tag',
    context: { event: { name: 'push', ref: 'refs/tags/v1.20.0-rc.1' } },
    name: 'shop-v1-20-0-rc-1-e2e-9912345678-1',
  },
  { on: 'schedule', context: { event: { name: 'schedule' } }, name: 'shop-main-e2e-9912345678-1' },
  {
    on: 'workflow_dispatch',
    context: { event: { name: 'workflow_dispatch', ref: 'refs/heads/release/2' } },
    name: 'shop-release-2-e2e-9912345678-1',
  },
  {
    on: 'merge_group',
    context: {
      event: {
        name: 'merge_group',
        ref: 'refs/heads/gh-readonly-queue/main/pr-12-6dcb09b5b57875f334f61aebed695e2e4193db5e',
      },
    },
    name: 'shop-gh-readonly-queue-main-pr-12-6dcb09b5b57875f334f61a-e2e-9912345678-1',
  },
  {
    on: 'release',
    context: { event: { name: 'release', ref: 'refs/tags/v2' } },
    name: 'shop-v2-e2e-9912345678-1',
  },
  {
    on: 'a job and a repository with very long names',
    context: { repository: `octo/${'monorepo-'.repeat(9)}x`, job: 'end-to-end-tests-of-everything-there-is' },
    name: 'monorepo-monorepo-monorepo-pr12-end-to-end-tests-of-everythi-9912345678-1',
  },
];

/** Steps that GitHub's own variables do, and do not, tell apart. */
const STEPS: readonly {
  readonly what: string;
  readonly context?: Partial<RunnerContext>;
  readonly env?: Readonly<Record<string, string>>;
}[] = [
  { what: 'one step' },
  { what: 'the same in a second call of the reusable workflow' },
  { what: 'another leg of the matrix', context: { jobIndex: 1 } },
  { what: 'another step', context: { action: '__octo_vcenter-clone-vm_2' } },
  { what: 'another job', context: { job: 'e2e-2' } },
  { what: 'another attempt', context: { runAttempt: 2 } },
  { what: 'another owner', context: { repository: 'hexa/shop' } },
  {
    what: 'a step of a composite action',
    env: { GITHUB_ACTION_PATH: '/home/runner/work/_actions/octo/composite/v1' },
  },
  {
    what: 'the next step of it',
    env: { GITHUB_ACTION_PATH: '/home/runner/work/_actions/octo/composite/v1' },
  },
];

const TOKEN = '-[0-9a-z]{6}';

describe('a generated name', () => {
  it.for(CASES)('on $on', async ({ context, name }) => {
    const stage = setVirtualStage();
    const { main, exchanges } = await cloned(stage, {}, { context });
    const made = main.outputs['vm-name'] ?? '';
    expect(made).toMatch(new RegExp(`^${name}${TOKEN}$`));
    expect(made.length).toBeLessThanOrEqual(80);
    expect(stage.vcenter.vm('vm-1001')?.name).toBe(made);
    expect(stateOf(main)).toMatchObject({ plan: { name: made, isNameGenerated: true } });
    // No other step has it: nobody needs to look whether it is free.
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
  });

  it('A2: is another one for each step, whatever the runner tells of it', async () => {
    const stage = setVirtualStage();
    const names: string[] = [];
    for (const { what: _, ...rest } of STEPS) {
      const main = await stage.runner.runStep({ ...cloneStep(stage), ...rest });
      expect(main.errors).toEqual([]);
      names.push(main.outputs['vm-name'] ?? '');
    }
    expect(new Set(names.map((name) => name.slice(-6))).size).toBe(STEPS.length);
    expect(stage.vcenter.calls().filter((call) => call === CLONE)).toHaveLength(STEPS.length);
  });

  it('A2: of two calls of a reusable workflow side by side: each has its own VM, and deletes only that', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 60_000 } });
    const { runner, vcenter } = stage;
    const step = cloneStep(stage, { inputs: { teardown: 'always' } });
    const [first, second] = await Promise.all([runner.runStep(step), runner.runStep(step)]);
    expect(first.outputs['vm-id']).not.toBe(second.outputs['vm-id']);
    const post = await runner.runPost(second);
    expect(post.warnings).toEqual([]);
    expect(vcenter.vm(first.outputs['vm-id'] ?? '')?.powerState).toBe('POWERED_ON');
    expect(vcenter.vm(second.outputs['vm-id'] ?? '')).toBeUndefined();
  });

  it('that is taken all the same is told as such, and what has it stays', async () => {
    const stage = setVirtualStage();
    const { vcenter } = stage;
    let taken = '';
    vcenter.watch(({ operation, requestBody }, moment) => {
      if (operation === CLONE && moment === 'received' && taken === '') {
        taken = (requestBody as { name: string }).name;
        vcenter.addVm({ name: taken, folder: FOLDER });
      }
    });
    const main = await stage.runner.runStep(cloneStep(stage, { inputs: { teardown: 'always' } }));
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(main.errors).toHaveLength(1);
    expect(main.errors[0]).toContain(`A virtual machine named '${taken}' already exists`);
    expect(post.log).toContain('Nothing to clean up');
    expect(verdict({ stage, steps: [main, post], kept: [taken] })).toEqual([]);
  });

  it("is looked for with 'if-exists: replace', since that asks for it, and nothing is replaced", async () => {
    const stage = setVirtualStage();
    const { exchanges } = await cloned(stage, { 'if-exists': 'replace' });
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
  });
});

describe('a given name', () => {
  it.for([{}, { GITHUB_ACTION_PATH: '/home/runner/work/_actions/octo/composite/v1' }])(
    'that a step before has used is taken, and its VM stays (%o)',
    async (env) => {
      const stage = setVirtualStage();
      const first = await cloned(stage, { name: 'shop-test' }, { env });
      const { error } = await failed(asItIs(stage), { name: 'shop-test', teardown: 'always' }, { env });
      expect(error).toMatch(
        /^\[Name taken\] Name taken: A VM named 'shop-test' \(vm-1001\) is in the folder already\./,
      );
      expect(stage.vcenter.vm(first.main.outputs['vm-id'] ?? '')?.powerState).toBe('POWERED_ON');
    },
  );
});
