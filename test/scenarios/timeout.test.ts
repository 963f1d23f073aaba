import { describe, expect, it } from 'vitest';
import { CANCEL, CLONE, GET_TASK, LIST_TASKS, LOGIN, setVirtualStage } from '../support/stage.ts';
import { cloneAndPost, cloneStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, looksOf, timeToLogout, told } from '../support/what-happened.ts';

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const TIMEOUT = { name: 'slow', timeout: '5m' };

describe('timeout', () => {
  it('cancels the clone, polls it to its end, and says how far it had got', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 10 * MINUTES, cancelTakes: 8 * SECONDS } });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone took too long] The clone took too long: Cloning 'slow' did not end within 5 min, at 49 % (task TASK). 'timeout' sets how long it may take.
      The clone of 'slow' was cancelled; nothing is left."
    `);
    expect(main.exitCode).toBe(1);
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow']);
    expect(main.outputs).toMatchObject({ 'vm-name': 'slow', 'task-id': stage.vcenter.tasks()[0]?.id });
    expect(main.outputs['vm-id']).toBeUndefined();
    expect(post.log).toContain('Nothing to clean up');
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('deletes the VM that comes out of a clone cancelled too late', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 6 * MINUTES, cancelTooLate: true } });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT });
    expect(told(main, 'error').split('\n').at(-1)).toBe(
      "'slow' (vm-1001) is deleted, since the step did not succeed.",
    );
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('waits for a clone that cannot be cancelled (UNSUPPORTED), and deletes what it made', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 6 * MINUTES, cancelable: false } });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT });
    expect(told(main, 'error').split('\n').at(-1)).toBe(
      "'slow' (vm-1001) is deleted, since the step did not succeed.",
    );
    expect(main.log).toContain('The clone cannot be cancelled; waiting for its end.');
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('takes NOT_ALLOWED_IN_CURRENT_STATE for the end of the clone, and deletes what it made', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 4 * MINUTES } });
    const { vcenter } = stage;
    // No poll sees the end before the time is over.
    const blind = vcenter.fault({ operation: GET_TASK, kind: '503-text', times: Number.POSITIVE_INFINITY });
    vcenter.watch(({ operation }, moment) => {
      if (operation === CANCEL && moment === 'received') {
        blind.remove();
      }
    });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone took too long] The clone took too long: Cloning 'slow' did not end within 5 min (task TASK). 'timeout' sets how long it may take.
      The last error was: GET /api/cis/tasks/{task} on VCENTER failed (HTTP 503). HTTP 503, not in vCenter's own form; it may come from a proxy in front of it: no healthy upstream
      'slow' (vm-1001) is deleted, since the step did not succeed."
    `);
    expect(main.log).not.toContain('cannot be cancelled');
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('ends within two minutes more where the clone goes on for ever, and leaves the rest to post', async () => {
    const stage = setVirtualStage({
      behaviour: { cloneDuration: Number.POSITIVE_INFINITY, cancelable: false },
    });
    const { vcenter } = stage;
    const main = await stage.runner.runStep(cloneStep(stage, { inputs: TIMEOUT }));
    expect(told(main, 'error').split('\n').slice(1)).toEqual([
      'Not cleaned up here: cleaning up did not end within 2 min.',
      "This action's post step cancels the clone, or deletes 'slow' if it has been made.",
    ]);
    expect(timeToLogout(stage, { from: CLONE, scale: 1 })).toBeLessThan(7 * MINUTES + 6 * SECONDS);
    // Now somebody can.
    vcenter.behaviour.cancelable = true;
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(post.warnings).toEqual([]);
    expect(post.log.split('\n').at(-1)).toBe("The clone of 'slow' was cancelled; nothing is left.");
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'cancel slow']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('ends and warns where not even post lives to see the end', async () => {
    const stage = setVirtualStage({
      behaviour: { cloneDuration: Number.POSITIVE_INFINITY, cancelable: false },
    });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT });
    expect(main.exitCode).toBe(1);
    expect(post.exitCode).toBe(0);
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Timed out] Clean-up: Timed out: The clean-up did not end within 3 min 45 s.
      The clone of 'slow' (task TASK) on VCENTER, or the VM 'slow', may be left: please look for it."
    `);
    expect(timeToLogout(stage, { from: LOGIN, nth: 2, scale: 1 })).toBeLessThan(4 * MINUTES);
    expect(verdict({ stage, steps: [main, post], kept: ['slow'] })).toEqual([
      `still running: ${stage.vcenter.tasks()[0]?.id}`,
    ]);
  });

  it('stands a vCenter that stalls in the middle of the clone, as long as it comes back in time', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 5 * MINUTES } });
    stage.vcenter.fault({ operation: GET_TASK, kind: 'late', nth: 5, times: 6 });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'slow', timeout: '10m' } });
    expect(main.errors).toEqual([]);
    expect(main.outputs).toMatchObject({ created: 'true', 'vm-id': 'vm-1001' });
    expect(changes(stage)).toEqual(['clone slow']);
    expect(verdict({ stage, steps: [main, post], kept: ['slow'] })).toEqual([]);
  });

  it('tells the last error where vCenter has stalled until the time was over', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 10 * MINUTES } });
    stage.vcenter.fault({ operation: GET_TASK, kind: '502-html', nth: 4, times: Number.POSITIVE_INFINITY });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT });
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] The clone took too long: Cloning 'slow' did not end within 5 min, at N % (task TASK). 'timeout' sets how long it may take.
      The last error was: GET /api/cis/tasks/{task} on VCENTER failed (HTTP 502). HTTP 502, not in vCenter's own form; it may come from a proxy in front of it: 502 Bad Gateway
      The clone of 'slow' was cancelled; nothing is left."
    `);
    expect(post.errors).toEqual([]);
    expect(stage.vcenter.calls()).toContain(LIST_TASKS);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

describe('at the deadline', () => {
  it.for([
    { timeout: '30s', 'poll-interval': '29s', duration: 29_500 },
    { timeout: '5m', 'poll-interval': '4m', duration: 250 * SECONDS },
    { timeout: '60', 'poll-interval': '45', duration: 46 * SECONDS },
  ])(
    'A5: the task is polled once more before it is cancelled (timeout $timeout, poll-interval $poll-interval)',
    async ({ duration, ...inputs }) => {
      const stage = setVirtualStage({ behaviour: { cloneDuration: duration } });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', ...inputs } });
      expect(main.errors).toEqual([]);
      expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
      expect(changes(stage)).toEqual(['clone e2e']);
      expect(looksOf(stage.vcenter.exchanges)).toHaveLength(2);
      expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
    },
  );

  it('A5: a poll interval that is no shorter than the timeout is refused, before any login', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 20 * SECONDS } });
    const { main, post } = await cloneAndPost(stage, {
      inputs: { name: 'e2e', timeout: '30s', 'poll-interval': '40s' },
    });
    expect(told(main, 'error')).toMatch(/^\[Invalid inputs\] Invalid inputs: .*poll-interval/);
    expect(stage.vcenter.exchanges).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('a task that has failed by then is told in its own words', async () => {
    const messages = [{ id: 'vmsg.summary', default_message: 'Lost access to volume fast.', args: [] }];
    const stage = setVirtualStage({
      behaviour: {
        cloneDuration: 40 * SECONDS,
        failClone: { at: 0.9, error: { error_type: 'ERROR', messages }, leavesVm: false, reasonIn: 'error' },
      },
    });
    const { main, post } = await cloneAndPost(stage, {
      inputs: { name: 'e2e', timeout: '38s', 'poll-interval': '35s' },
    });
    expect(told(main, 'error')).toMatch(/^\[The clone failed\] .*Lost access to volume fast\. \[ERROR\]/);
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

describe('a clone request that nothing answers properly', () => {
  it.for([
    { kind: '502-html', words: '502 Bad Gateway' },
    { kind: '503-text', words: 'no healthy upstream' },
  ] as const)("A21: $kind for ever: the error at 'timeout' names it", async ({ kind, words }) => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: CLONE, kind, times: Number.POSITIVE_INFINITY });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '5m' } });
    const error = told(main, 'error');
    expect(main.exitCode).toBe(1);
    expect(error).toContain(words);
    expect(error).toContain(`HTTP ${kind.slice(0, 3)}`);
    expect(changes(stage).filter((each) => !each.startsWith('clone '))).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it("A21: a 502 and a 'timeout' too short to be certain: both are said", async () => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: CLONE, kind: '502-html', times: Number.POSITIVE_INFINITY });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '30s' } });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[Outcome unknown] Outcome unknown: It is not known what became of the clone request for 'e2e': 'timeout' has ended before that was certain.
      POST /api/vcenter/vm?action=clone&vmw-task=true on VCENTER failed (HTTP 502). HTTP 502, not in vCenter's own form; it may come from a proxy in front of it: 502 Bad Gateway
      Not cleaned up here: cleaning up did not end within 25 s.
      This action's post step cancels the clone, or deletes 'e2e' if it has been made."
    `);
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(post.exitCode).toBe(0);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});
