import { describe, expect, it } from 'vitest';
import {
  addStrangers,
  type CleanupStage,
  cleanUp,
  countsOf,
  decisionsOf,
  HOUR,
  type LeftVm,
  leave,
  OWN_RUN,
  setCleanupStage,
  transcript,
  transcriptOf,
} from '../support/cleanup-stage.ts';
import { DELETE, FOLDER } from '../support/stage.ts';
import { verdict } from '../support/verdict.ts';
import { told } from '../support/what-happened.ts';

const DAY = 24 * HOUR;
const RUN = 9_900_000_000;

/** Nothing that holds after every run is broken, and these VMs are there. */
function expectKept(stage: CleanupStage, step: Awaited<ReturnType<typeof cleanUp>>, ...kept: string[]) {
  expect(verdict({ stage, steps: [step], kept })).toEqual([]);
}

/** A pass over one VM that stays, with strangers and one that goes beside it. */
async function keeps(left: Partial<LeftVm>, inputs: Readonly<Record<string, string>> = {}) {
  const stage = setCleanupStage();
  const strangers = addStrangers(stage);
  const dead = leave(stage, { run: RUN, pullRequest: 7 });
  const alive = leave(stage, { run: RUN + 1, ...left });
  const step = await cleanUp(stage, inputs);
  expect(transcript(stage)).toEqual(transcriptOf(dead.id));
  expect(step.exitCode).toBe(0);
  expectKept(stage, step, ...strangers.map(({ name }) => name), alive.name);
  expect(countsOf(step)).toMatchObject({ found: '1', deleted: '1', failed: '0' });
  return { stage, step, alive, decision: decisionsOf(step).find((line) => line.startsWith(alive.id)) };
}

describe('a pass', () => {
  it('deletes what runs of this repository have left, and touches nothing else', async () => {
    const stage = setCleanupStage();
    const strangers = addStrangers(stage);
    const elsewhere = leave(stage, { run: RUN + 1, folder: 'group-v22' });
    const below = leave(stage, {
      run: RUN + 2,
      folder: stage.vcenter.addFolder({ name: 'sub', parent: FOLDER }).id,
    });
    const on = leave(stage, { run: RUN + 3 });
    const off = leave(stage, { run: RUN + 4, pullRequest: null, powerState: 'POWERED_OFF' });
    const suspended = leave(stage, { run: RUN + 5, powerState: 'SUSPENDED' });
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf(on.id, { off: off.id }, suspended.id));
    expectKept(stage, step, ...[...strangers, elsewhere, below].map(({ name }) => name));
    expect(step.outputs).toEqual({
      found: '3',
      deleted: '3',
      kept: '0',
      failed: '0',
      vms: JSON.stringify([
        {
          ...{ id: on.id, name: on.name, run: RUN + 3, 'pull-request': 12, decision: 'delete' },
          reason: `run ${RUN + 3} ended 3 h ago, pull request 12 is closed`,
        },
        {
          ...{ id: off.id, name: off.name, run: RUN + 4, 'pull-request': null, decision: 'delete' },
          reason: `run ${RUN + 4} ended 3 h ago`,
        },
        {
          ...{ id: suspended.id, name: suspended.name, run: RUN + 5, 'pull-request': 12, decision: 'delete' },
          reason: `run ${RUN + 5} ended 3 h ago, pull request 12 is closed`,
        },
      ]),
    });
    expect(told(step, 'notice')).toContain(
      '[Leftovers deleted] Leftovers deleted: VMs that earlier runs had left and that are deleted now: 3.',
    );
    expect(told(step, 'warning')).toBe('');
  });

  it('asks GitHub first for its own run, then once for each run and pull request, and once more before each deletion', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN + 2, pullRequest: 12 });
    leave(stage, { run: RUN + 1, pullRequest: 12 });
    leave(stage, { run: RUN + 1, pullRequest: 12 });
    leave(stage, { run: RUN + 3, pullRequest: null });
    await cleanUp(stage);
    const { exchanges } = stage.github;
    expect(stage.github.asked().sort()).toEqual(
      [
        ...[`runs/${OWN_RUN}`, `runs/${RUN + 1}`, `runs/${RUN + 2}`, `runs/${RUN + 3}`, 'pulls/12'],
        ...[`runs/${RUN + 1}`, 'pulls/12', `runs/${RUN + 1}`, 'pulls/12', `runs/${RUN + 2}`, 'pulls/12'],
        `runs/${RUN + 3}`,
      ].sort(),
    );
    expect(exchanges[0]?.path).toBe(`/repos/octo/shop/actions/runs/${OWN_RUN}`);
    expect(exchanges[0]?.receivedAt).toBeLessThanOrEqual(stage.vcenter.exchanges[0]?.receivedAt ?? 0);
    expect(exchanges.map(({ method }) => method)).toEqual(exchanges.map(() => 'GET'));
  });

  it('says in words what it has decided, and of others nothing but a number', async () => {
    const stage = setCleanupStage();
    const strangers = addStrangers(stage);
    const dead = leave(stage, { run: RUN });
    const alive = leave(stage, { run: RUN + 1, pullRequest: 13, pullRequestState: 'open' });
    const unknown = leave(stage, { run: RUN + 2, runFields: null });
    const step = await cleanUp(stage);
    expect(step.log).toContain(
      [
        `Delete '${dead.name}' (${dead.id}): run ${RUN} ended 3 h ago, pull request 12 is closed.`,
        `Keep '${alive.name}' (${alive.id}): pull request 13 is open.`,
        "Keep 1 more: GitHub does not know their runs in octo/shop. They are of another owner's repository of that name, or their runs were deleted.",
        `VMs without a generated name of octo/shop: ${strangers.length}.`,
        `Deleting '${dead.name}' (${dead.id}).`,
        `Deleted '${dead.name}' (${dead.id}).`,
      ].join('\n'),
    );
    const text = [step.unmaskedLog, ...Object.values(step.files)].join('\n');
    for (const { name } of strangers) {
      expect(text.split(/[\s'`"]/)).not.toContain(name);
    }
    expect(step.log).not.toContain(unknown.name);
    expect(step.warnings).toEqual([]);
    expect(step.summary.trim().replace(/took .*\./, 'took TIME.')).toBe(
      `### Deleted 1 of 1 VMs that earlier runs left

| VM | Run | Pull request | Decision | Reason |
| --- | --- | --- | --- | --- |
| \`${dead.name}\`, \`${dead.id}\` | [${RUN}](https://github.com/octo/shop/actions/runs/${RUN}) | [#12](https://github.com/octo/shop/pull/12) | **deleted** | run ${RUN} ended 3 h ago, pull request 12 is closed |
| \`${alive.name}\`, \`${alive.id}\` | [${RUN + 1}](https://github.com/octo/shop/actions/runs/${RUN + 1}) | [#13](https://github.com/octo/shop/pull/13) | kept | pull request 13 is open |

VMs that stay since GitHub does not know their runs here: 1.

That took TIME.`,
    );
  });

  it('of a folder in which nothing is to do says so, and asks GitHub for nothing but its own run', async () => {
    const stage = setCleanupStage();
    const strangers = addStrangers(stage);
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(stage.github.asked()).toEqual([`runs/${OWN_RUN}`]);
    expect(step.outputs).toEqual({ found: '0', deleted: '0', kept: '0', failed: '0', vms: '[]' });
    expectKept(stage, step, ...strangers.map(({ name }) => name));
    expect([...step.notices, ...step.warnings]).toEqual([]);
  });
});

describe('a dry run', () => {
  it('is the default, changes nothing, and is not to be overheard', async () => {
    const stage = setCleanupStage();
    const dead = leave(stage, { run: RUN });
    const alive = leave(stage, { run: RUN + 1, pullRequest: 13, pullRequestState: 'open' });
    const step = await cleanUp(stage, { 'dry-run': '' });
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(countsOf(step)).toEqual({ found: '1', deleted: '0', kept: '1', failed: '0' });
    expect(told(step, 'warning')).toBe(
      "[Dry run] Dry run: Nothing was deleted. VMs that would be: 1. With 'dry-run: false' they are.",
    );
    expect(step.log).toContain(`Would delete '${dead.name}' (${dead.id}): run ${RUN} ended 3 h ago`);
    expect(step.log).not.toMatch(/^Deleted? /m);
    expect(step.notices).toEqual([]);
    expect(step.summary).toContain('### Dry run: nothing was deleted. VMs that would be: 1\n');
    expect(step.summary).toContain('| **would be deleted** |');
    expectKept(stage, step, dead.name, alive.name);
  });

  it('says how many one pass would take', async () => {
    const stage = setCleanupStage();
    const names = [1, 2, 3].map((number) => leave(stage, { run: RUN + number }).name);
    const step = await cleanUp(stage, { 'dry-run': 'true', limit: '2' });
    expect(told(step, 'warning')).toContain("VMs that would be: 3. In one pass at most 2 ('limit').");
    expectKept(stage, step, ...names);
  });

  it('warns even where there is nothing to do', async () => {
    const step = await cleanUp(setCleanupStage(), { 'dry-run': 'true' });
    expect(told(step, 'warning')).toContain('VMs that would be: 0.');
  });
});

describe('a VM stays', () => {
  it.each<[string, Partial<LeftVm>, string]>([
    [
      'whose run GitHub does not know',
      { runFields: null },
      `GitHub does not know run ${RUN + 1} in this repository`,
    ],
    [
      'whose run is that of a repository of the same name of another owner',
      { runFields: { repository: 'hexa/shop' } },
      `GitHub does not know run ${RUN + 1} in this repository`,
    ],
    [
      'whose run is another one, by its id',
      { runFields: { overrides: { id: 7 } } },
      'name and run disagree: GitHub speaks of run 7',
    ],
    [
      "whose run is another repository's, by its id",
      { runFields: { overrides: { repository: { id: 7 } } } },
      `name and run disagree: run ${RUN + 1} is another repository's`,
    ],
    [
      'of an attempt that the run has not had',
      { attempt: 3, runFields: { attempt: 2 } },
      `name and run disagree: run ${RUN + 1} has had 2 attempts, not 3`,
    ],
    [
      "of a pull request's run, whose number its name does not tell",
      { name: `shop-main-e2e-${RUN + 1}-1-abc123` },
      `name and run disagree: run ${RUN + 1} is a pull request's, whose number the name does not tell`,
    ],
    [
      'whose run goes on',
      { runFields: { status: 'in_progress', conclusion: null } },
      `run ${RUN + 1} is not over: in_progress`,
    ],
    [
      'of an older attempt of a run that goes on: a re-run of failed jobs may use it',
      { runFields: { status: 'queued', attempt: 2 } },
      `run ${RUN + 1} is not over: queued`,
    ],
    [
      "whose run waits for a maintainer's approval",
      { runFields: { conclusion: 'action_required' } },
      `run ${RUN + 1} is not over: action_required`,
    ],
    [
      'whose run GitHub tells of in words that nobody knows',
      { runFields: { status: 'COMPLETED' } },
      `run ${RUN + 1} is not over: COMPLETED`,
    ],
    [
      'whose event nobody knows',
      { runFields: { event: 'moon_phase' } },
      `run ${RUN + 1} is not clear: its event 'moon_phase' is not known`,
    ],
    [
      'of whose run parts are missing',
      { runFields: { overrides: { run_attempt: undefined } } },
      `run ${RUN + 1} is not clear: GitHub's response is of another form`,
    ],
    [
      'whose end GitHub does not tell',
      { runFields: { updatedAt: undefined } },
      `run ${RUN + 1} is not clear: GitHub does not tell when it ended`,
    ],
    [
      'whose end is no time',
      { runFields: { updatedAt: 'three hours ago' } },
      `run ${RUN + 1} is not clear: GitHub does not tell when it ended`,
    ],
    ['whose pull request is open', { pullRequest: 13, pullRequestState: 'open' }, 'pull request 13 is open'],
    [
      'whose pull request GitHub does not know',
      { pullRequest: 13, pullRequestState: null },
      'GitHub does not know pull request 13',
    ],
    [
      'whose pull request is in a state that nobody knows',
      { pullRequest: 13, pullRequestState: 'paused' },
      'pull request 13 is paused',
    ],
  ])('%s', async (_, left, reason) => {
    const { decision, alive } = await keeps(left);
    expect(decision).toBe(`${alive.id}: keep: ${reason}`);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['by its id', { keep: 'vm-1011' }],
    ['by its name', { keep: `shop-pr12-e2e-${RUN + 1}-1-abc123` }],
    ['by the beginning of its name', { keep: 'other*\nSHOP-PR12-*' }],
  ])("that 'keep' names %s, and GitHub is not even asked", async (_, inputs) => {
    const { decision, stage } = await keeps({ name: `shop-pr12-e2e-${RUN + 1}-1-abc123` }, inputs);
    expect(decision).toBe("vm-1011: keep: 'keep' names it");
    expect(stage.github.asked()).not.toContain(`runs/${RUN + 1}`);
  });

  it('whose run is the one that the pass is in', async () => {
    const stage = setCleanupStage();
    const own = stage.vcenter.addVm({ name: `shop-main-e2e-${OWN_RUN}-1-abc123`, folder: FOLDER });
    const step = await cleanUp(stage, { grace: '0', 'keep-while-open': 'false', 'max-age': '24h' });
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(decisionsOf(step)).toEqual([`${own.id}: keep: run ${OWN_RUN} is not over: in_progress`]);
    expectKept(stage, step, own.name);
  });

  it('that was renamed by hand, and counts as somebody else’s', async () => {
    const stage = setCleanupStage();
    const vm = leave(stage, { run: RUN });
    stage.vcenter.rename(vm, `keep-${vm.name}`);
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(step.outputs['kept']).toBe('0');
  });

  it('of the repository before it was renamed', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN });
    stage.github.run(OWN_RUN).repository = 'octo/store';
    const step = await cleanUp(stage, {}, { context: { repository: 'octo/store' } });
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(step.outputs['kept']).toBe('0');
  });

  it('of a repository whose name begins like this one', async () => {
    const stage = setCleanupStage();
    const name = `shop-pr12-main-e2e-${RUN}-1-abc123`; // of octo/shop-pr12, or of octo/shop
    stage.vcenter.addVm({ name, folder: FOLDER });
    stage.github.addRun({ id: RUN, repository: 'octo/shop-pr12' });
    stage.github.addPullRequest({ number: 12 });
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf());
    expectKept(stage, step, name);
  });
});

describe('runs without an end', () => {
  it('keep their VMs, and a person is told', async () => {
    const ago = (stage: CleanupStage) => ({
      createdAt: stage.github.ago(40 * DAY),
      startedAt: stage.github.ago(37 * DAY),
    });
    const stage = setCleanupStage();
    const vm = leave(stage, { run: RUN, runFields: { status: 'in_progress', ...ago(stage) } });
    const step = await cleanUp(stage, { 'max-age': '24h', 'keep-while-open': 'false', grace: '0' });
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(told(step, 'warning')).toContain(
      `[Runs without an end] Runs without an end: These runs began more than 36 days ago, longer than any run lives, and GitHub does not say that they are over. Their VMs stay; please look at them.\n- '${vm.name}' (${vm.id}): run ${RUN} is not over: in_progress.`,
    );
    expectKept(stage, step, vm.name);
  });
});

describe('grace', () => {
  it.each([
    ['59m', '1h', false],
    ['60m', '1h', true],
    ['0', '0', true],
    ['10s', '15s', false],
  ])('%s after the run, with grace %s', async (since, grace, isDeleted) => {
    const stage = setCleanupStage();
    const ms = since.endsWith('m') ? Number.parseInt(since, 10) * 60_000 : Number.parseInt(since, 10) * 1_000;
    const vm = leave(stage, { run: RUN, runFields: { updatedAt: stage.github.ago(ms) } });
    await cleanUp(stage, { grace });
    expect(transcript(stage)).toEqual(isDeleted ? transcriptOf(vm.id) : transcriptOf());
  });

  it.each([
    ['a day ahead', DAY],
    ['a day behind', -DAY],
  ])("counts by GitHub's clock, which is %s of the runner's", async (_, clockOffset) => {
    const stage = setCleanupStage();
    stage.github.behaviour.clockOffset = clockOffset;
    const fresh = leave(stage, { run: RUN, runFields: { updatedAt: stage.github.ago(HOUR / 2) } });
    const old = leave(stage, { run: RUN + 1, runFields: { updatedAt: stage.github.ago(2 * HOUR) } });
    const ahead = leave(stage, { run: RUN + 2, runFields: { updatedAt: stage.github.ago(-HOUR) } });
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf(old.id));
    expectKept(stage, step, fresh.name, ahead.name);
  });
});

describe('pull requests', () => {
  it('do not matter with keep-while-open: false, and are not asked for', async () => {
    const stage = setCleanupStage();
    const vm = leave(stage, { run: RUN, pullRequestState: 'open' });
    await cleanUp(stage, { 'keep-while-open': 'false' });
    expect(transcript(stage)).toEqual(transcriptOf(vm.id));
    expect(stage.github.asked()).toEqual([`runs/${OWN_RUN}`, `runs/${RUN}`, `runs/${RUN}`]);
  });

  it('that are open longer than max-age lose the VMs of old runs alone', async () => {
    const stage = setCleanupStage();
    const began = (days: number) => ({
      createdAt: stage.github.ago(days * DAY),
      startedAt: stage.github.ago(days * DAY),
    });
    const old = leave(stage, { run: RUN, pullRequestState: 'open', runFields: began(8) });
    const young = leave(stage, { run: RUN + 1, pullRequestState: 'open', runFields: began(6) });
    const goesOn = leave(stage, {
      run: RUN + 2,
      pullRequestState: 'open',
      runFields: { status: 'in_progress', ...began(9) },
    });
    const step = await cleanUp(stage, { 'max-age': '7d' });
    expect(transcript(stage)).toEqual(transcriptOf(old.id));
    expectKept(stage, step, young.name, goesOn.name);
  });

  it('narrow a pass: the VMs of others, and of a branch that is called so, count nowhere', async () => {
    const stage = setCleanupStage();
    const mine = leave(stage, { run: RUN, pullRequest: 12 });
    const other = leave(stage, { run: RUN + 1, pullRequest: 13 });
    const branch = leave(stage, { run: RUN + 2, pullRequest: 12, runFields: { event: 'push' } });
    const noPull = leave(stage, { run: RUN + 3, pullRequest: null });
    const longer = leave(stage, { run: RUN + 4, pullRequest: 121 });
    const step = await cleanUp(stage, { 'pull-request': '12', grace: '0' });
    expect(transcript(stage)).toEqual(transcriptOf(mine.id));
    expect(countsOf(step)).toEqual({ found: '1', deleted: '1', kept: '0', failed: '0' });
    expect(decisionsOf(step)).toHaveLength(1);
    expect(step.log).toContain('VMs of octo/shop that are not of the pull request: 4.');
    expect(stage.github.asked()).not.toContain(`runs/${RUN + 1}`);
    expectKept(stage, step, ...[other, branch, noPull, longer].map(({ name }) => name));
  });

  it('mean nothing to a branch that is called pr12: its VM goes by its run', async () => {
    const stage = setCleanupStage();
    const branch = leave(stage, {
      run: RUN,
      pullRequest: 12,
      pullRequestState: 'open',
      runFields: { event: 'push' },
    });
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf(branch.id));
    expect(JSON.parse(step.outputs['vms'] ?? '')).toMatchObject([{ 'pull-request': null }]);
  });
});

describe('limit', () => {
  it('takes the oldest runs first, and says what is left', async () => {
    const stage = setCleanupStage();
    const third = leave(stage, { run: 10_000_000_000 });
    const second = leave(stage, { run: RUN, attempt: 2 });
    const first = leave(stage, { run: RUN, attempt: 1, runFields: { attempt: 2 } });
    const step = await cleanUp(stage, { limit: '2' });
    expect(transcript(stage)).toEqual(transcriptOf(first.id, second.id));
    expect(countsOf(step)).toEqual({ found: '3', deleted: '2', kept: '0', failed: '0' });
    expect(told(step, 'warning')).toBe(
      "[Limit reached] Limit reached: VMs that were to be deleted and are left: 1. 'limit' is 2; the next pass goes on with them.",
    );
    expect(step.exitCode).toBe(0);
    expectKept(stage, step, third.name);
    await cleanUp(stage, { limit: '2' });
    expect(stage.vcenter.vm(third.id)).toBeUndefined();
  });

  it('of 0 deletes nothing', async () => {
    const stage = setCleanupStage();
    const vm = leave(stage, { run: RUN });
    const step = await cleanUp(stage, { limit: '0' });
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(told(step, 'warning')).toContain("are left: 1. 'limit' is 0");
    expectKept(stage, step, vm.name);
  });

  it('is used up by a deletion of which nobody knows what became', async () => {
    const stage = setCleanupStage();
    const first = leave(stage, { run: RUN, powerState: 'POWERED_OFF' });
    const second = leave(stage, { run: RUN + 1, powerState: 'POWERED_OFF' });
    stage.vcenter.fault({ operation: DELETE, kind: '502-html', times: Number.POSITIVE_INFINITY });
    const step = await cleanUp(stage, { limit: '1' });
    expect(countsOf(step)).toEqual({ found: '2', deleted: '0', kept: '0', failed: '1' });
    expect(transcript(stage).join()).not.toContain(`DELETE vm/${second.id}`);
    expectKept(stage, step, first.name, second.name);
  });

  it('is not used up by VMs that vCenter refuses to delete', async () => {
    const stage = setCleanupStage();
    const refused = leave(stage, { run: RUN, powerState: 'POWERED_OFF' });
    const goes = leave(stage, { run: RUN + 1, powerState: 'POWERED_OFF' });
    stage.vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Inventory.Delete', object: refused.id }];
    const step = await cleanUp(stage, { limit: '1' });
    expect(transcript(stage)).toEqual(transcriptOf({ off: refused.id }, { off: goes.id }));
    expect(countsOf(step)).toEqual({ found: '2', deleted: '1', kept: '0', failed: '1' });
  });
});

describe('folders', () => {
  it('are refused where no datacenter can be seen, since one of them may be its own', async () => {
    const stage = setCleanupStage();
    const vm = leave(stage, { run: RUN });
    stage.vcenter.fault({
      ...{ operation: 'GET /api/vcenter/datacenter', kind: 'custom', times: Number.POSITIVE_INFINITY },
      answer: { status: 200, body: [] },
    });
    const step = await cleanUp(stage);
    expect(told(step, 'error')).toContain('Let the account see the datacenter, too.');
    expect(transcript(stage).filter((line) => line.startsWith('GET vm'))).toEqual([]);
    expectKept(stage, step, vm.name);
  });

  it('are several, each listed once', async () => {
    const stage = setCleanupStage({ seed: 'two-datacenters' });
    const one = leave(stage, { run: RUN });
    const two = leave(stage, { run: RUN + 1, folder: 'group-v123' });
    const folder = 'group-v23\n/DC2/vm/ci/pull-requests\n/DC1/vm/ci/pull-requests';
    const step = await cleanUp(stage, { folder });
    expect(transcript(stage).filter((line) => line.startsWith('GET vm?folders'))).toEqual([
      'GET vm?folders=group-v23',
      'GET vm?folders=group-v123',
    ]);
    expect(stage.vcenter.vm(one.id) ?? stage.vcenter.vm(two.id)).toBeUndefined();
    expectKept(stage, step);
  });

  it('are found by name within the datacenter', async () => {
    const stage = setCleanupStage({ seed: 'two-datacenters' });
    const one = leave(stage, { run: RUN });
    const two = leave(stage, { run: RUN + 1, folder: 'group-v123' });
    const step = await cleanUp(stage, { folder: 'pull-requests', datacenter: 'DC2' });
    expect(stage.vcenter.vm(two.id)).toBeUndefined();
    expectKept(stage, step, one.name);
  });

  it.each([
    [
      'group-v3',
      "folder: 'group-v3' is a datacenter's own VM folder, in which all others are. Name the folders below it that hold the VMs.",
    ],
    [
      '/DC1/vm',
      "folder: '/DC1/vm' is a datacenter's own VM folder, in which all others are. Name the folders below it that hold the VMs.",
    ],
    ['id:group-d1', "folder: there is no VM folder 'group-d1'. vCenter lists only what the account may see."],
    ['id:group-h4', "folder: there is no VM folder 'group-h4'. vCenter lists only what the account may see."],
    [
      'group-v999',
      "folder: there is no VM folder 'group-v999'. vCenter lists only what the account may see.",
    ],
    [
      'id:datacenter-2',
      "folder: there is no VM folder 'datacenter-2'. vCenter lists only what the account may see.",
    ],
    ['nowhere', "folder: there is no VM folder 'nowhere'."],
    ['pull-requests', "folder: 2 VM folders are called 'pull-requests'"],
  ])('that cannot be meant are refused before any VM is listed: %s', async (folder, problem) => {
    const stage = setCleanupStage({ seed: 'two-datacenters' });
    leave(stage, { run: RUN });
    const step = await cleanUp(stage, { folder: `group-v24\n${folder}` });
    expect(told(step, 'error')).toContain(`[Names not resolved] Names not resolved: ${problem}`);
    expect(stage.vcenter.calls()).not.toContain('GET /api/vcenter/vm');
    expect(step.outputs).toEqual({});
    expect(stage.vcenter.sessions()).toMatchObject({ open: 0 });
  });

  it('are all named that are wrong', async () => {
    const stage = setCleanupStage();
    const step = await cleanUp(stage, { folder: 'group-v3\ngroup-v998\ngroup-v999' });
    expect(step.errors).toHaveLength(1);
    expect(step.errors[0]?.match(/group-v(?:3|998|999)/g)).toEqual(['group-v3', 'group-v998', 'group-v999']);
  });
});
