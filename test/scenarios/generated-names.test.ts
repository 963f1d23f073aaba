import { describe, it } from 'vitest';
import { type RunnerContext, runPost, runStep, type StepResult } from '../runner/step.ts';
import { cloned, failed } from './clone-run.ts';
import { CLONE, FOLDER, LIST_VMS, LOGIN, LOGOUT, SOURCE } from './stage.ts';
import { verdict } from './verdict.ts';
import { asItIs, callsOf, stageOf, stateOf } from './what-was-seen.ts';

const pullRequest = { name: 'pull_request', number: 12, headRef: 'feature/basket' } as const;

interface Case {
  readonly on: string;
  readonly context: Partial<RunnerContext>;
  readonly name: string;
}

const CASES: readonly Case[] = [
  { on: 'pull_request', context: { event: pullRequest }, name: 'shop-pr12-e2e-9912345678-1-x4pr4c' },
  {
    on: 'pull_request_target',
    context: { event: { ...pullRequest, name: 'pull_request_target' } },
    name: 'shop-pr12-e2e-9912345678-1-x4pr4c',
  },
  {
    on: 'push to a branch',
    context: { event: { name: 'push', ref: 'refs/heads/feature/Größere_Körbe' } },
    name: 'shop-feature-gro-ere-korbe-e2e-9912345678-1-x4pr4c',
  },
  {
    on: 'push of a tag',
    context: { event: { name: 'push', ref: 'refs/tags/v1.20.0-rc.1' } },
    name: 'shop-v1-20-0-rc-1-e2e-9912345678-1-x4pr4c',
  },
  { on: 'schedule', context: { event: { name: 'schedule' } }, name: 'shop-main-e2e-9912345678-1-x4pr4c' },
  {
    on: 'workflow_dispatch',
    context: { event: { name: 'workflow_dispatch', ref: 'refs/heads/release/2' } },
    name: 'shop-release-2-e2e-9912345678-1-x4pr4c',
  },
  {
    on: 'merge_group',
    context: {
      event: {
        name: 'merge_group',
        ref: 'refs/heads/gh-readonly-queue/main/pr-12-6dcb09b5b57875f334f61aebed695e2e4193db5e',
      },
    },
    name: 'shop-gh-readonly-queue-main-pr-12-6dcb09b5b57875f334f61a-e2e-9912345678-1-x4pr4c',
  },
  {
    on: 'release',
    context: { event: { name: 'release', ref: 'refs/tags/v2' } },
    name: 'shop-v2-e2e-9912345678-1-x4pr4c',
  },
  {
    on: 'a job and a repository with very long names',
    context: { repository: `octo/${'monorepo-'.repeat(9)}x`, job: 'end-to-end-tests-of-everything-there-is' },
    name: 'monorepo-monorepo-monorepo-pr12-end-to-end-tests-of-everythi-9912345678-1-pikg2q',
  },
];

/** What keeps the names of two steps apart, and the hash that it makes. */
const APART: readonly (Partial<RunnerContext> & { readonly what: string })[] = [
  { what: 'nothing' },
  { what: 'another leg of the matrix', jobIndex: 1 },
  { what: 'another step', action: '__octo_vcenter-clone-vm_2' },
  { what: 'another job', job: 'e2e-2' },
  { what: 'another attempt', runAttempt: 2 },
  { what: 'another run', runId: 9_912_345_679 },
  { what: 'another owner', repository: 'hexa/shop' },
];

describe.concurrent('a generated name', () => {
  it.for(CASES)('on $on', async ({ context, name }, { expect, ...test }) => {
    const stage = await stageOf(test);
    const { main, exchanges } = await cloned(stage, {}, { context });
    expect(main.outputs['vm-name']).toBe(name);
    expect(name.length).toBeLessThanOrEqual(80);
    expect(stage.vcenter.vm('vm-1001')?.name).toBe(name);
    expect(stateOf(main)).toMatchObject({ plan: { name, nameIsOwn: true } });
    // It is the run's own: nobody needs to look whether it is free.
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LOGOUT]);
  });

  it('is another one for each step that there can be, and the same for the same one', async ({
    expect,
    ...test
  }) => {
    const stage = await stageOf(test);
    const steps: StepResult[] = [];
    const names = await Promise.all(
      APART.map(async ({ what: _, ...context }) => {
        const inputs = { ...stage.connection, source: SOURCE, 'validate-only': 'true' };
        const main = await runStep({ action: 'clone', inputs, context });
        steps.push(main);
        return JSON.parse(main.outputs['clone-spec'] ?? '').name;
      }),
    );
    expect(verdict({ stage, steps })).toEqual([]);
    expect(names[0]).toBe('shop-pr12-e2e-9912345678-1-x4pr4c');
    expect(new Set(names.map((name) => name.slice(-6)))).toHaveProperty('size', APART.length);
  });

  it('that is taken is told as such, and what bears it is this very step’s, from before', async ({
    expect,
    ...test
  }) => {
    const stage = await stageOf(test);
    const name = 'shop-pr12-e2e-9912345678-1-x4pr4c';
    stage.vcenter.addVm({ name, folder: FOLDER });
    const { error, exchanges } = await failed(asItIs(stage), {});
    expect(callsOf(exchanges)).toEqual([LOGIN, CLONE, LOGOUT]);
    expect(error).toMatchInlineSnapshot(`
      "[Refused by vCenter] Cloning 'shop-pr12-e2e-9912345678-1-x4pr4c' failed.
      POST /api/vcenter/vm?action=clone&vmw-task=true on localhost:PORT failed (HTTP 400 ALREADY_EXISTS). vCenter: A virtual machine named 'shop-pr12-e2e-9912345678-1-x4pr4c' already exists in the folder 'group-v23'. The name 'shop-pr12-e2e-9912345678-1-x4pr4c' already exists.
      Another VM in that folder bears the name. Choose another 'name' (or leave it out), or set 'if-exists' to 'reuse' or 'replace' together with 'folder'."
    `);
  });
});

describe.concurrent('inside a composite action, where several steps have one identity', () => {
  const env = { GITHUB_ACTION_PATH: '/home/runner/work/_actions/octo/composite/v1' };
  const name = 'shop-pr12-e2e-9912345678-1-x4pr4c';

  it('the name is looked for, and is not taken for the run’s own', async ({ expect, ...test }) => {
    const stage = await stageOf(test);
    const { main, exchanges } = await cloned(stage, {}, { env });
    expect(callsOf(exchanges)).toEqual([LOGIN, LIST_VMS, CLONE, LOGOUT]);
    expect(exchanges[1]?.query).toEqual({ names: [name] });
    expect(stateOf(main)).toMatchObject({ plan: { name, nameIsOwn: false } });
  });

  it('a second step finds it taken, and leaves the first one’s VM alone', async ({ expect, ...test }) => {
    const stage = await stageOf(test);
    const first = await cloned(stage, {}, { env });
    const second = await runStep({
      action: 'clone',
      inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, teardown: 'always' },
      env,
    });
    const post = await runPost(second, { jobStatus: 'failure' });
    expect(verdict({ stage, steps: [first.main, second, post], kept: [name] })).toEqual([]);
    expect(second.exitCode).toBe(1);
    expect(second.errors[0]).toMatchInlineSnapshot(
      `"A VM named 'shop-pr12-e2e-9912345678-1-x4pr4c' (vm-1001) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'."`,
    );
    expect(stage.vcenter.vm(first.main.outputs['vm-id'] ?? '')?.powerState).toBe('POWERED_ON');
  });
});
