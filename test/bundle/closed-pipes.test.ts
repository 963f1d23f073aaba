import { describe, expect, it } from 'vitest';
import type { RunningStep, StepResult } from '../runner/step.ts';
import {
  CANCEL,
  DELETE,
  FOLDER,
  GET_TASK,
  INTERFACES,
  LOGOUT,
  type Stage,
  setStage,
} from '../support/stage.ts';
import { cloneStep, teardownStep } from '../support/steps.ts';

/** Milliseconds that the step has to end. */
const LONGEST_EXIT = 7_000;
const NEVER = Number.POSITIVE_INFINITY;

/** Closes the pipes of a step that runs, and returns how it ends. */
async function closePipesOf(step: RunningStep): Promise<StepResult> {
  const closedAt = performance.now();
  step.closePipes();
  const end = await step.done;
  expect(performance.now() - closedAt).toBeLessThan(LONGEST_EXIT);
  expect([end.exitCode, end.signal]).toEqual([1, null]);
  return end;
}

function expectLoggedOut({ vcenter }: Stage): void {
  expect(vcenter.calls().at(-1)).toBe(LOGOUT);
  expect(vcenter.sessions()).toMatchObject({ open: 0 });
}

describe('B9: the log is closed', () => {
  it('while the clone runs: the clone is cancelled, and the session closed', async () => {
    const stage = await setStage({ behaviour: { cloneDuration: 5_000 } });
    const { vcenter, runner } = stage;
    const running = vcenter.on({ operation: GET_TASK, when: 'answered', nth: 2 });
    const step = await runner.startStep({ ...cloneStep(stage), timeScale: 1 });
    await running;
    const main = await closePipesOf(step);
    expect(vcenter.calls()).toContain(CANCEL);
    expectLoggedOut(stage);

    const post = await runner.runPost(main, { jobStatus: 'failure', timeScale: 20 });
    expect(post.warnings).toEqual([]);
    expect(vcenter.vms()).toHaveLength(stage.before.size);
  });

  it('while an address is waited for: the session is closed, and post deletes the VM', async () => {
    const stage = await setStage({ behaviour: { cloneDuration: 20, toolsAfter: NEVER } });
    const { vcenter, runner } = stage;
    const waiting = vcenter.on({ operation: INTERFACES, when: 'answered' });
    const step = await runner.startStep({
      ...cloneStep(stage, { inputs: { 'wait-for-ip': 'true' } }),
      timeScale: 1,
    });
    await waiting;
    const main = await closePipesOf(step);
    expectLoggedOut(stage);

    const post = await runner.runPost(main, { jobStatus: 'failure', timeScale: 20 });
    expect(post.log).toMatch(/'shop-pr12-e2e-9912345678-1-\w{6}' \(vm-1001\) is deleted; nothing is left\./);
    expect(vcenter.vms()).toHaveLength(stage.before.size);
  });

  it('while teardown works: the session is closed', async () => {
    const stage = await setStage({ behaviour: { deleteTakes: 500 } });
    const { vcenter, runner } = stage;
    vcenter.addVm({ id: 'vm-77', name: 'copy', folder: FOLDER });
    const deleting = vcenter.on({ operation: DELETE, when: 'received' });
    const step = await runner.startStep(teardownStep(stage, { 'vm-id': 'vm-77' }, 1));
    await deleting;
    await closePipesOf(step);
    expectLoggedOut(stage);
  });

  it('while post works: the session is closed, and no job turns red', async () => {
    const stage = await setStage({ behaviour: { cloneDuration: 20, deleteTakes: 500 } });
    const { vcenter, runner } = stage;
    const main = await runner.runStep(cloneStep(stage, { inputs: { teardown: 'always' } }));
    const deleting = vcenter.on({ operation: DELETE, when: 'received' });
    const post = await runner.startPost(main);
    await deleting;
    post.closePipes();
    const end = await post.done;
    expect(end.signal).toBeNull();
    expectLoggedOut(stage);
  });
});

// There is no such signal on Windows, and a process can be told nothing else from outside.
describe.skipIf(process.platform === 'win32')('an uncaught mistake (left out on Windows: no SIGUSR2)', () => {
  it.each([
    ['is thrown', 'throw new Error("planted")'],
    ['is a rejection that nobody handles', 'void Promise.reject(new Error("planted"))'],
  ])('%s: one titled error without a stack, and nothing is left', async (_, mistake) => {
    const stage = await setStage({ behaviour: { cloneDuration: 5_000 } });
    const { vcenter, runner } = stage;
    const running = vcenter.on({ operation: GET_TASK, when: 'answered', nth: 2 });
    const module = `process.on("SIGUSR2", () => { ${mistake}; })`;
    const step = await runner.startStep({
      ...cloneStep(stage),
      timeScale: 1,
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` },
    });
    await running;
    const main = await step.kill('SIGUSR2');
    expect([main.exitCode, main.signal]).toEqual([1, null]);
    expect(main.annotations.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        title: 'Unexpected failure',
        message: expect.stringMatching(
          /^Unexpected failure: Cloning 'shop-pr12-.*\nplanted\nThis is a bug of the action: please report it in the action's repository, with the log of this step\.\n/,
        ),
      },
    ]);
    expect(main.log).not.toMatch(/\n\s+at /);
    expect(vcenter.calls()).toContain(CANCEL);
    expectLoggedOut(stage);

    const post = await runner.runPost(main, {
      jobStatus: 'failure',
      env: { NODE_OPTIONS: '' },
      timeScale: 20,
    });
    expect(post.warnings).toEqual([]);
    expect(vcenter.vms()).toHaveLength(stage.before.size);
  });
});
