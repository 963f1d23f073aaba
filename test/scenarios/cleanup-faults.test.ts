import { describe, expect, it } from 'vitest';
import type { GitHubFault } from '../github-server/github.ts';
import {
  addStrangers,
  type CleanupStage,
  cleanUp,
  cleanupStep,
  countsOf,
  decisionsOf,
  leave,
  OWN_RUN,
  setCleanupStage,
  touched,
  transcript,
  transcriptOf,
} from '../support/cleanup-stage.ts';
import { DELETE, FOLDER, LIST_VMS, LOGIN, STOP } from '../support/stage.ts';
import { verdict } from '../support/verdict.ts';
import { told } from '../support/what-happened.ts';

const RUN = 9_900_000_000;
const FOREVER = Number.POSITIVE_INFINITY;

const answer = (status: number, body?: unknown, headers?: Readonly<Record<string, string>>): GitHubFault => ({
  kind: 'answer',
  answer: { status, body, ...(headers === undefined ? {} : { headers }) },
});
const RATE_LIMIT = answer(403, { message: 'API rate limit exceeded' }, { 'x-ratelimit-remaining': '0' });

describe('without a clear response about its own run a pass does not even log in', () => {
  const own = (stage: CleanupStage) => stage.github.run(OWN_RUN);
  const fault = (change: GitHubFault) => (stage: CleanupStage) =>
    stage.github.fault({ times: FOREVER, ...change });

  it.each<[string, (stage: CleanupStage) => void, string]>([
    ['a reset', fault({ kind: 'reset' }), 'No response: read ECONNRESET'],
    ['half a response', fault({ kind: 'cut' }), 'No response: Premature close'],
    ['silence', fault({ kind: 'hang' }), 'No response within 15 s.'],
    ['401', fault(answer(401, { message: 'Bad credentials' })), "GitHub does not accept 'github-token'"],
    [
      'a right that is missing',
      (stage) => {
        stage.github.behaviour.permissions.actions = false;
      },
      "'github-token' must be of this repository, and have 'actions: read'",
    ],
    [
      'a run of another repository',
      (stage) => {
        own(stage).repository = 'hexa/shop';
      },
      '(HTTP 404)',
    ],
    [
      'a rate limit',
      (stage) => {
        stage.github.behaviour.requestsLeft = 0;
      },
      'GitHub takes no more requests of this token for a while',
    ],
    ['429', fault(answer(429)), 'GitHub takes no more requests'],
    ['500', fault(answer(500, { message: 'Server Error' })), '(HTTP 500). GitHub: Server Error'],
    ['a redirect', fault(answer(301, undefined, { location: 'https://elsewhere.example/' })), '(HTTP 301)'],
    ['a page', fault(answer(200, '<html>Log in</html>')), 'The response is not JSON.'],
    ['no run', fault(answer(200, {})), 'it is no run that can be read'],
    [
      'another run',
      (stage) => {
        own(stage).overrides = { id: 7 };
      },
      'it is run 7',
    ],
    [
      'no repository',
      (stage) => {
        own(stage).overrides = { repository: undefined };
      },
      'it is no run that can be read',
    ],
    [
      'a run that is over',
      (stage) => {
        own(stage).status = 'completed';
      },
      'it is over, by its word',
    ],
    [
      'no date',
      (stage) => {
        stage.github.behaviour.sendsDate = false;
      },
      'its Date header is missing or cannot be read',
    ],
    [
      'no date that can be read',
      fault(answer(200, undefined, { date: 'today' })),
      'The response is not JSON.',
    ],
  ])('%s', async (_, break_, problem) => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN });
    break_(stage);
    const step = await cleanUp(stage, { grace: '0' });
    expect(told(step, 'error')).toContain('[No clear response from GitHub] No clear response from GitHub: ');
    expect(told(step, 'error')).toContain(problem);
    expect(transcript(stage)).toEqual([]);
    expect(step.outputs).toEqual({});
    expect(step.exitCode).toBe(1);
  });

  it.each(['GITHUB_API_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'])('no %s', async (name) => {
    const stage = setCleanupStage();
    const step = await cleanUp(stage, {}, { env: { [name]: '' } });
    expect(told(step, 'error')).toContain(`${name}, which the runner sets in every workflow run`);
    expect([...transcript(stage), ...stage.github.asked()]).toEqual([]);
  });

  it('but a request that broke twice is retried', async () => {
    const stage = setCleanupStage();
    stage.github.fault({ kind: 'reset', times: 2 });
    expect((await cleanUp(stage)).exitCode).toBe(0);
  });
});

describe('while GitHub is asked', () => {
  it.each<[string, GitHubFault]>([
    ['500', answer(500)],
    ['a reset', { kind: 'reset' }],
    ['403', answer(403, { message: 'Resource not accessible by integration' })],
    ['a page', answer(200, '<html>')],
  ])('a failure or two by %s keep those VMs, with a warning, and the others go', async (_, fault) => {
    const stage = setCleanupStage();
    const doubtful = leave(stage, { run: RUN });
    const dead = leave(stage, { run: RUN + 1 });
    stage.github.fault({ ...fault, path: `runs/${RUN}`, times: FOREVER });
    // A pull request between the run and the next one: its response ends the row of failures.
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf(dead.id));
    expect(told(step, 'warning')).toContain(
      `[Kept in doubt] Kept in doubt: - '${doubtful.name}' (${doubtful.id}): `,
    );
    expect(step.exitCode).toBe(0);
    expect(verdict({ stage, steps: [step], kept: [doubtful.name] })).toEqual([]);
  });

  it('a pull request that the token may not read keeps its VMs, and the warning names the right', async () => {
    const stage = setCleanupStage();
    stage.github.behaviour.permissions.pullRequests = false;
    const doubtful = leave(stage, { run: RUN });
    const dead = leave(stage, { run: RUN + 1, pullRequest: null });
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf(dead.id));
    expect(told(step, 'warning')).toContain("'pull-requests: read'");
    expect(verdict({ stage, steps: [step], kept: [doubtful.name] })).toEqual([]);
  });

  it('three failures in a row end the asking, and the step fails', async () => {
    const stage = setCleanupStage();
    const vms = Array.from({ length: 20 }, (_, index) =>
      leave(stage, { run: RUN + index, pullRequest: null }),
    );
    stage.github.fault({ ...answer(502), path: /runs\/99000/, times: FOREVER });
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf());
    expect(told(step, 'error')).toContain('[No clear response from GitHub] ');
    // Up to six were begun before the third had failed, each with its two retries.
    expect(stage.github.exchanges.length).toBeLessThanOrEqual(1 + 6 * 3);
    expect(countsOf(step)).toEqual({ found: '0', deleted: '0', kept: '20', failed: '0' });
    expect(verdict({ stage, steps: [step], kept: vms.map(({ name }) => name) })).toEqual([]);
  });

  it('unknown runs are no failures', async () => {
    const stage = setCleanupStage();
    for (let index = 0; index < 20; index += 1) {
      leave(stage, { run: RUN + index, runFields: null });
    }
    const dead = leave(stage, { run: RUN + 20 });
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf(dead.id));
    expect(step.warnings).toEqual([]);
  });

  it('a rate limit ends it; what was decided before is deleted, the rest stays, and the step fails once', async () => {
    const stage = setCleanupStage();
    const vms = Array.from({ length: 12 }, (_, index) =>
      leave(stage, { run: RUN + index, pullRequest: null }),
    );
    stage.github.fault({ ...RATE_LIMIT, path: /runs\/99000/, nth: 9, times: 1 });
    const step = await cleanUp(stage, { limit: '100' });
    const gone = vms.filter(({ id }) => stage.vcenter.vm(id) === undefined);
    expect(gone.length).toBeGreaterThanOrEqual(8);
    expect(gone.length).toBeLessThan(12);
    expect(gone[0]?.id).toBe(vms[0]?.id);
    expect(transcript(stage)).toEqual(transcriptOf(...gone.map(({ id }) => id)));
    expect(step.errors).toHaveLength(1);
    expect(step.errors[0]).toContain('GitHub takes no more requests of this token for a while');
    expect(countsOf(step)).toMatchObject({ found: String(gone.length), deleted: String(gone.length) });
    expect(step.summary).toContain('**deleted**');
    const kept = vms.filter(({ id }) => !gone.some((each) => each.id === id)).map(({ name }) => name);
    expect(verdict({ stage, steps: [step], kept })).toEqual([]);
  });

  it('a rate limit that is still there ends the deletions, too, and the one error names both refusals', async () => {
    const stage = setCleanupStage();
    const vms = Array.from({ length: 12 }, (_, index) =>
      leave(stage, { run: RUN + index, pullRequest: null }),
    );
    stage.github.fault({ ...RATE_LIMIT, path: /runs\/99000/, nth: 9, times: FOREVER });
    const step = await cleanUp(stage, { limit: '100' });
    expect(touched(stage)).toEqual([]);
    expect(Number(countsOf(step)['found'])).toBeGreaterThanOrEqual(7);
    expect(step.errors).toHaveLength(1);
    const refusals = step.errors[0]?.match(/GitHub takes no more requests of this token for a while/g);
    expect(refusals?.length).toBeGreaterThanOrEqual(2);
    expect(verdict({ stage, steps: [step], kept: vms.map(({ name }) => name) })).toEqual([]);
  });

  it('waits out a rate limit that GitHub says is short before it deletes what was decided', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN, pullRequest: null });
    stage.github.fault({ ...answer(429, undefined, { 'retry-after': '60' }), path: `runs/${RUN + 1}` });
    leave(stage, { run: RUN + 1, pullRequest: null });
    await cleanUp(stage);
    const [limited, next] = stage.github.exchanges.slice(2).map(({ receivedAt }) => receivedAt);
    expect((next ?? 0) - (limited ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it('does not wait for a rate limit that is long', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN, pullRequest: null });
    stage.github.fault({ ...answer(429, undefined, { 'retry-after': '900' }), path: `runs/${RUN + 1}` });
    leave(stage, { run: RUN + 1, pullRequest: null });
    await cleanUp(stage);
    const [limited, next] = stage.github.exchanges.slice(2).map(({ receivedAt }) => receivedAt);
    expect((next ?? 0) - (limited ?? 0)).toBeLessThan(10_000);
  });

  it('at most four requests are under way', async () => {
    const stage = setCleanupStage();
    stage.github.behaviour.latency = 100;
    for (let index = 0; index < 40; index += 1) {
      leave(stage, { run: RUN + index, pullRequest: index + 1 });
    }
    await cleanUp(stage, { 'dry-run': 'true' });
    expect(Math.max(...stage.github.exchanges.map((each) => each.inFlightAtArrival))).toBe(3);
    expect(stage.github.exchanges).toHaveLength(1 + 40 + 40);
  });
});

it('a login that is refused meanwhile ends the deletions', async () => {
  const stage = setCleanupStage();
  const vms = [0, 1, 2].map((index) => leave(stage, { run: RUN + index, powerState: 'POWERED_OFF' }));
  stage.vcenter.watch(({ operation }, moment) => {
    if (operation === DELETE && moment === 'received') {
      stage.vcenter.expireSessions();
      stage.vcenter.fault({ operation: LOGIN, kind: '401', times: FOREVER });
    }
  });
  const step = await cleanUp(stage);
  const deletions = stage.vcenter.exchanges.filter(({ operation }) => operation === DELETE);
  expect(deletions.every(({ path }) => path.endsWith(`/${vms[0]?.id}`))).toBe(true);
  expect(stage.vcenter.exchanges.filter(({ operation }) => operation === LOGIN).length).toBeLessThanOrEqual(
    2,
  );
  expect(step.errors).toHaveLength(1);
  expect(step.errors[0]).toContain('Login refused');
});

describe('right before a deletion', () => {
  /** Something happens when GitHub is asked for a run the second time, or vCenter for a VM by its id. */
  async function changed(change: (stage: CleanupStage, vm: { readonly id: string }) => void, run = {}) {
    const stage = setCleanupStage();
    const vm = leave(stage, { run: RUN, ...run });
    const other = leave(stage, { run: RUN + 1, pullRequest: 7 });
    stage.vcenter.watch(({ query }, moment) => {
      if (moment === 'received' && query['vms']?.[0] === vm.id) change(stage, vm);
    });
    const step = await cleanUp(stage);
    expect(touched(stage)).toEqual([`stop ${other.id}`, `delete ${other.id}`]);
    expect(step.exitCode).toBe(0);
    expect(stage.vcenter.sessions()).toMatchObject({ open: 0 });
    return { stage, step, vm, decision: decisionsOf(step)[0] };
  }

  it.each<[string, (stage: CleanupStage, vm: { readonly id: string }) => void, string]>([
    [
      'the run is started again',
      ({ github }) => Object.assign(github.run(RUN), { status: 'queued', attempt: 2 }),
      `run ${RUN} was started again meanwhile`,
    ],
    [
      'the run was started again, and is over again',
      ({ github }) => Object.assign(github.run(RUN), { attempt: 2 }),
      `run ${RUN} was started again meanwhile`,
    ],
    [
      'the run is not over after all',
      ({ github }) => Object.assign(github.run(RUN), { status: 'in_progress' }),
      `run ${RUN} is not over: in_progress`,
    ],
    [
      'the run is gone',
      ({ github }) => Object.assign(github.run(RUN), { repository: 'hexa/shop' }),
      `GitHub does not know run ${RUN} in this repository`,
    ],
    [
      'the pull request is opened again',
      ({ github }) => void github.addPullRequest({ number: 12, state: 'open' }),
      'pull request 12 is open',
    ],
    [
      'GitHub fails',
      ({ github }) => github.fault({ ...answer(403), path: `runs/${RUN}`, times: FOREVER }),
      `run ${RUN} is not clear: HTTP 403. GitHub says no more. The token needs 'actions: read'`,
    ],
    ['the VM is renamed', ({ vcenter }, { id }) => vcenter.rename(id, 'mine'), "it is called 'mine' by now"],
  ])('%s: the VM stays, and the others go', async (_, change, reason) => {
    const { decision, vm, step, stage } = await changed(change);
    expect(decision).toBe(`${vm.id}: keep: ${reason}`);
    expect(countsOf(step)).toEqual({ found: '1', deleted: '1', kept: '1', failed: '0' });
    expect(stage.vcenter.vm(vm.id)).toBeDefined();
  });

  it('the VM is moved to another folder: it stays', async () => {
    const { stage, vm, step } = await changed((stage, { id }) => stage.vcenter.move(id, 'group-v22'));
    expect(stage.vcenter.vm(vm.id)).toBeDefined();
    expect(step.log).toContain('is not in its folder any more.');
  });

  it('the VM is gone already: that is fine', async () => {
    const { step } = await changed((stage, { id }) => stage.vcenter.remove(id));
    expect(countsOf(step)).toEqual({ found: '2', deleted: '1', kept: '0', failed: '0' });
  });

  it('a rate limit ends the pass: nothing more is deleted, and the step fails', async () => {
    const stage = setCleanupStage();
    const first = leave(stage, { run: RUN, pullRequest: null });
    const rest = [1, 2, 3].map((index) => leave(stage, { run: RUN + index, pullRequest: null }));
    // One for its own run, four for the runs, one for the first deletion.
    stage.github.behaviour.requestsLeft = 6;
    const step = await cleanUp(stage);
    expect(touched(stage)).toEqual([`stop ${first.id}`, `delete ${first.id}`]);
    expect(step.errors[0]).toContain('VMs that were to be deleted and were not reached: 2.');
    expect(countsOf(step)).toEqual({ found: '3', deleted: '1', kept: '1', failed: '0' });
    expect(verdict({ stage, steps: [step], kept: rest.map(({ name }) => name) })).toEqual([]);
  });
});

describe('deletions', () => {
  it('that vCenter refuses do not stop the others; one error lists them', async () => {
    const stage = setCleanupStage();
    addStrangers(stage);
    const refused = [0, 1].map((index) => leave(stage, { run: RUN + index, powerState: 'POWERED_OFF' }));
    const goes = leave(stage, { run: RUN + 2, powerState: 'POWERED_OFF' });
    stage.vcenter.behaviour.deny = refused.map(({ id }) => ({
      privilege: 'VirtualMachine.Inventory.Delete',
      object: id,
    }));
    const step = await cleanUp(stage);
    expect(transcript(stage)).toEqual(transcriptOf(...[...refused, goes].map(({ id }) => ({ off: id }))));
    expect(step.errors).toHaveLength(1);
    const error = told(step, 'error');
    expect(error).toContain('[VMs not deleted] VMs not deleted: Not deleted, or not known to be (2):');
    for (const { name, id } of refused) {
      expect(error).toContain(`- '${name}' (${id}): DELETE /api/vcenter/vm/{vm}`);
    }
    expect(error).toContain('VirtualMachine.Inventory.Delete on the VM');
    expect(countsOf(step)).toEqual({ found: '3', deleted: '1', kept: '0', failed: '2' });
    expect(step.notices).toHaveLength(1);
  });

  it('of a VM that stays busy end after a minute', async () => {
    const stage = setCleanupStage();
    const busy = leave(stage, { run: RUN });
    const goes = leave(stage, { run: RUN + 1 });
    stage.vcenter.fault({
      ...{ operation: STOP, kind: 'busy', times: FOREVER },
      when: ({ path }) => path.includes(busy.id),
    });
    const step = await cleanUp(stage);
    expect(touched(stage).slice(-2)).toEqual([`stop ${goes.id}`, `delete ${goes.id}`]);
    expect(step.duration).toBeLessThan(90_000);
    expect(countsOf(step)).toMatchObject({ deleted: '1', failed: '1' });
  });

  it('of a VM that is powered on again go on', async () => {
    const stage = setCleanupStage();
    const vm = leave(stage, { run: RUN, powerState: 'POWERED_OFF' });
    let times = 0;
    stage.vcenter.behaviour.beforeDelete = ({ id }) => {
      times += 1;
      if (times < 3) stage.vcenter.powerOn(id);
    };
    const step = await cleanUp(stage);
    expect(stage.vcenter.vm(vm.id)).toBeUndefined();
    expect(countsOf(step)).toMatchObject({ deleted: '1', failed: '0' });
  });

  it('whose response is lost are sent again, and count once', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN });
    stage.vcenter.fault({ operation: DELETE, kind: 'reset-after' });
    expect(countsOf(await cleanUp(stage))).toMatchObject({ deleted: '1', failed: '0' });
  });

  it('of two passes at once leave each VM to one of them, and fail nobody', async () => {
    const stage = setCleanupStage({ behaviour: { deleteTakes: 2_000, powerOffTakes: 1_000 } });
    const strangers = addStrangers(stage).map(({ name }) => name);
    for (let index = 0; index < 6; index += 1) {
      leave(stage, { run: RUN + index });
    }
    const steps = await Promise.all([cleanUp(stage), cleanUp(stage)]);
    expect(steps.map(({ exitCode, errors }) => ({ exitCode, errors }))).toEqual([
      { exitCode: 0, errors: [] },
      { exitCode: 0, errors: [] },
    ]);
    expect(stage.vcenter.vms().filter(({ folder }) => folder === FOLDER)).toHaveLength(strangers.length);
    expect(verdict({ stage, steps, kept: strangers })).toEqual([]);
  });
});

describe('a folder', () => {
  it('that cannot be listed is an error, and nothing is deleted', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN });
    stage.vcenter.fault({ operation: LIST_VMS, kind: '500-error', times: FOREVER });
    const step = await cleanUp(stage);
    expect(touched(stage)).toEqual([]);
    expect(step.errors).toHaveLength(1);
    expect(stage.github.asked()).toEqual([`runs/${OWN_RUN}`]);
  });

  it('with a row that cannot be read is one that cannot be listed', async () => {
    const stage = setCleanupStage();
    leave(stage, { run: RUN });
    stage.vcenter.fault({
      operation: LIST_VMS,
      kind: 'custom',
      times: FOREVER,
      answer: { status: 200, body: [{ vm: 'vm-1', name: 'a', power_state: 'POWERED_OFF' }, { vm: 'vm-2' }] },
    });
    expect((await cleanUp(stage)).exitCode).toBe(1);
    expect(touched(stage)).toEqual([]);
  });
});

describe('the end before the end', () => {
  const slow = { behaviour: { deleteTakes: 1_000 } };

  it('a signal begins no new deletion; the one under way is finished, outputs and summary are written', async () => {
    const stage = setCleanupStage(slow);
    const vms = [0, 1, 2, 3].map((index) => leave(stage, { run: RUN + index, powerState: 'POWERED_OFF' }));
    const deletion = stage.vcenter.on({ operation: DELETE, when: 'received', nth: 2 });
    const running = await stage.runner.startStep(cleanupStep(stage));
    await deletion;
    const step = await running.cancel({ scale: 1 });
    expect(touched(stage)).toEqual([`delete ${vms[0]?.id}`, `delete ${vms[1]?.id}`]);
    expect(countsOf(step)).toEqual({ found: '4', deleted: '2', kept: '0', failed: '0' });
    expect(told(step, 'error')).toContain('[Cancelled] Cancelled: The step was cancelled (SIGINT).');
    expect(told(step, 'error')).toContain('VMs that were to be deleted and were not reached: 2.');
    expect(step.summary).toContain('### Deleted 2 of 4 VMs');
    expect(step.signals[0]?.untilExit).toBeLessThan(7_000);
    expect(verdict({ stage, steps: [step], kept: vms.slice(2).map(({ name }) => name) })).toEqual([]);
  });

  it('a signal leaves a deletion that does not end within 3 s to vCenter, and says so', async () => {
    const stage = setCleanupStage({ behaviour: { deleteTakes: 60_000 } });
    const vm = leave(stage, { run: RUN, powerState: 'POWERED_OFF' });
    const deletion = stage.vcenter.on({ operation: DELETE, when: 'received' });
    const running = await stage.runner.startStep(cleanupStep(stage));
    await deletion;
    const step = await running.cancel({ scale: 1 });
    expect(step.signals[0]?.untilExit).toBeLessThan(7_000);
    expect(countsOf(step)).toEqual({ found: '1', deleted: '0', kept: '0', failed: '1' });
    expect(told(step, 'error')).toContain(`- '${vm.name}' (${vm.id}): The step was cancelled`);
    expect(stage.vcenter.sessions()).toMatchObject({ open: 0 });
  });

  it('a signal while GitHub is asked ends the pass; what is not decided stays', async () => {
    const stage = setCleanupStage();
    stage.github.behaviour.latency = 1_000;
    const vms = Array.from({ length: 9 }, (_, index) =>
      leave(stage, { run: RUN + index, pullRequest: null }),
    );
    const running = await stage.runner.startStep(cleanupStep(stage));
    await new Promise<void>((resolve) =>
      stage.github.watch(({ path }) => {
        if (path.endsWith(String(RUN + 5))) resolve();
      }),
    );
    const step = await running.cancel({ scale: 1 });
    expect(touched(stage)).toEqual([]);
    expect(told(step, 'error')).toContain('[Cancelled]');
    expect(countsOf(step)).toMatchObject({ deleted: '0', failed: '0' });
    expect(decisionsOf(step)).toHaveLength(9);
    expect(verdict({ stage, steps: [step], kept: vms.map(({ name }) => name) })).toEqual([]);
  });

  it('of the timeout is the same', async () => {
    const stage = setCleanupStage({ behaviour: { deleteTakes: 20_000 } });
    const vms = [0, 1, 2, 3].map((index) => leave(stage, { run: RUN + index, powerState: 'POWERED_OFF' }));
    const step = await cleanUp(stage, { timeout: '41s' });
    expect(told(step, 'error')).toContain('[Timed out] Timed out: The cleanup did not end within 41 s.');
    expect(countsOf(step)).toEqual({ found: '4', deleted: '2', kept: '0', failed: '1' });
    expect(touched(stage)).toEqual(vms.slice(0, 3).map(({ id }) => `delete ${id}`));
    expect(stage.vcenter.sessions()).toMatchObject({ open: 0 });
  });
});

describe('secrets and untrusted text', () => {
  it('of both servers: no token and no password in any byte, and no command obeyed', async () => {
    const stage = setCleanupStage();
    const words = '::error::gotcha ##[warning]gotcha\n::add-mask::shop | <b>x</b> @octocat [a](http://b)';
    leave(stage, { run: RUN, runFields: { status: words } });
    leave(stage, { run: RUN + 1, pullRequestState: words, pullRequest: 13 });
    leave(stage, { run: RUN + 2, runFields: { event: words } });
    leave(stage, { run: RUN + 3, pullRequest: null });
    stage.github.fault({
      ...answer(403, { message: `${words} ${stage.github.token}` }),
      path: `runs/${RUN + 3}`,
    });
    const renamed = leave(stage, { run: RUN + 4, pullRequest: 7 });
    stage.vcenter.watch(({ query }, moment) => {
      if (moment === 'received' && query['vms']?.[0] === renamed.id) stage.vcenter.rename(renamed, words);
    });
    const step = await cleanUp(stage, {}, { debug: true });
    expect(step.illegal).toEqual([]);
    expect(step.errors).toEqual([]);
    expect(step.log).not.toMatch(/^\s*::(?!debug)/m);
    expect(step.masks).not.toContain('shop');
    const written = [step.unmaskedLog, ...Object.values(step.files)].join('\n');
    for (const secret of [stage.github.token, ...stage.vcenter.secrets()]) {
      expect(written).not.toContain(secret);
    }
    expect(step.masks).toContain(stage.github.token);
    for (const row of step.summary.split('\n').filter((line) => line.startsWith('| `'))) {
      expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(6);
      expect(row.replaceAll(/`[^`]*`/g, '')).not.toMatch(/(?<!\\)<b>|@octocat|(?<!\\)\]\(http:/);
    }
  });
});
