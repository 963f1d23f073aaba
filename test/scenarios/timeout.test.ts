import { describe, it } from 'vitest';
import { runPost, runStep } from '../runner/step.ts';
import { changes, cloneAndPost, cloneStep, timeToLogout, told } from './aftermath.ts';
import { CLONE, GET_TASK, LIST_TASKS, LOGIN, openStage } from './stage.ts';
import { verdict } from './verdict.ts';

/** Half a minute of the step's time, and a clone that takes much longer. */
const SCALE = 60;
const TIMEOUT = { name: 'slow', timeout: '30s' };
const LONG = 60_000;

describe.concurrent('timeout', () => {
  it('cancels the clone, watches it to its end, and says how far it had got', async ({ expect }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 1_000 } });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT, timeScale: SCALE });
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] Cloning 'slow' did not end within 30 s, at N % (task TASK). 'timeout' sets how long it may take.
      The clone is cancelled, and nothing of 'slow' is left."
    `);
    expect(told(main, 'error')).toMatch(/, at [3-5]\d % \(task/);
    expect(main.exitCode).toBe(1);
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow']);
    expect(main.outputs).toMatchObject({ 'vm-name': 'slow', 'task-id': stage.vcenter.tasks()[0]?.id });
    expect(main.outputs['vm-id']).toBeUndefined();
    expect(post.log).toContain('Nothing to clean up.');
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it('deletes the VM that comes out of a clone cancelled too late', async ({ expect }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 900, cancelTooLate: true } });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT, timeScale: SCALE });
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] Cloning 'slow' did not end within 30 s, at N % (task TASK). 'timeout' sets how long it may take.
      What came of it, 'slow' (vm-1001), is deleted."
    `);
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it('waits for a clone that cannot be cancelled (UNSUPPORTED), and deletes what it made', async ({
    expect,
  }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 900, cancelable: false } });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT, timeScale: SCALE });
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] Cloning 'slow' did not end within 30 s, at N % (task TASK). 'timeout' sets how long it may take.
      What came of it, 'slow' (vm-1001), is deleted."
    `);
    expect(main.log).toContain('The clone cannot be cancelled; waiting for its end.');
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it('takes NOT_ALLOWED_IN_CURRENT_STATE for the end of the clone, and deletes what it made', async ({
    expect,
  }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 480 } });
    const { vcenter } = stage;
    // No look sees the end before the time is over.
    const blind = vcenter.fault({ operation: GET_TASK, kind: '503-text', times: Number.POSITIVE_INFINITY });
    vcenter.watch(({ operation }, moment) => {
      if (operation.endsWith('action=cancel') && moment === 'received') {
        blind.remove();
      }
    });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT, timeScale: SCALE });
    expect(told(main, 'error')).toMatchInlineSnapshot(`
      "[The clone took too long] Cloning 'slow' did not end within 30 s (task TASK). 'timeout' sets how long it may take.
      The last trouble was: GET /api/cis/tasks/{task} on VCENTER failed (HTTP 503). HTTP 503, not in vCenter's own form; it may come from a proxy in front of it: no healthy upstream
      What came of it, 'slow' (vm-1001), is deleted."
    `);
    expect(main.log).toContain('is complete or cancelled already');
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'stop vm-1001', 'delete vm-1001']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it('ends within two minutes more where the clone goes on for ever, and leaves the rest to post', async ({
    expect,
  }) => {
    const stage = await openStage({ behaviour: { cloneDuration: LONG, cancelable: false } });
    const { vcenter } = stage;
    const main = await runStep(cloneStep(stage, { inputs: TIMEOUT, timeScale: SCALE }));
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] Cloning 'slow' did not end within 30 s, at N % (task TASK). 'timeout' sets how long it may take.
      Cleaning up failed: cleaning up did not end within 2 min.
      What came of it is cleaned up by this action's post step."
    `);
    expect(timeToLogout(stage, { from: CLONE, scale: SCALE })).toBeLessThan(30_000 + 120_000 + 6_000);
    // Now somebody can.
    vcenter.behaviour.cancelable = true;
    const post = await runPost(main, { jobStatus: 'failure' });
    expect(post.warnings).toEqual([]);
    expect(changes(stage)).toEqual(['clone slow', 'cancel slow', 'cancel slow']);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });

  it('ends and warns where not even post lives to see the end', async ({ expect }) => {
    const stage = await openStage({ behaviour: { cloneDuration: LONG, cancelable: false } });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT, timeScale: 100 });
    expect(main.exitCode).toBe(1);
    expect(post.exitCode).toBe(0);
    expect(told(post, 'warning')).toMatchInlineSnapshot(`
      "[Clean-up: Out of time] The clean-up did not end within 3 min 45 s.
      The clone of 'slow' (task TASK) on VCENTER, or what came of it, may be left: please look for it."
    `);
    expect(timeToLogout(stage, { from: LOGIN, nth: 2, scale: 100 })).toBeLessThan(240_000);
    expect(verdict({ stage, steps: [main, post], kept: ['slow'] })).toEqual([
      `still running: ${stage.vcenter.tasks()[0]?.id}`,
    ]);
    await stage.close();
  });

  it('stands a vCenter that stalls in the middle of the clone, as long as it comes back in time', async ({
    expect,
  }) => {
    const stage = await openStage({ behaviour: { cloneDuration: 600 } });
    const { vcenter } = stage;
    vcenter.fault({ operation: GET_TASK, kind: 'late', nth: 2, times: 3 });
    const { main, post } = await cloneAndPost(stage, {
      inputs: { name: 'slow', timeout: '10m' },
      timeScale: SCALE,
    });
    expect(main.errors).toEqual([]);
    expect(main.outputs).toMatchObject({ created: 'true', 'vm-id': 'vm-1001' });
    expect(changes(stage)).toEqual(['clone slow']);
    expect(verdict({ stage, steps: [main, post], kept: ['slow'] })).toEqual([]);
    await stage.close();
  });

  it('tells the last trouble where vCenter has stalled until the time was over', async ({ expect }) => {
    const stage = await openStage({ behaviour: { cloneDuration: LONG } });
    stage.vcenter.fault({ operation: GET_TASK, kind: '502-html', nth: 2, times: Number.POSITIVE_INFINITY });
    const { main, post } = await cloneAndPost(stage, { inputs: TIMEOUT, timeScale: SCALE });
    expect(told(main, 'error').replace(/at \d+ %/, 'at N %')).toMatchInlineSnapshot(`
      "[The clone took too long] Cloning 'slow' did not end within 30 s, at N % (task TASK). 'timeout' sets how long it may take.
      The last trouble was: GET /api/cis/tasks/{task} on VCENTER failed (HTTP 502). HTTP 502, not in vCenter's own form; it may come from a proxy in front of it: 502 Bad Gateway
      The clone is cancelled, and nothing of 'slow' is left."
    `);
    expect(post.errors).toEqual([]);
    expect(stage.vcenter.calls()).toContain(LIST_TASKS);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    await stage.close();
  });
});
