import { describe, expect, it } from 'vitest';
import { runPost, startStep } from '../runner/step.ts';
import {
  atRequest,
  behaviourOf,
  type Cell,
  expectClean,
  expectExit,
  inputsOf,
  SIGNALS,
  whenReady,
  whileRunning,
} from '../support/signal-cells.ts';
import { GET_TASK, setStage } from '../support/stage.ts';
import { cloneStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, told } from '../support/what-happened.ts';

// On Windows every signal that a process gets from another is a kill: the others would test nothing of their own.
const isWindows = process.platform === 'win32';

describe.each(isWindows ? ['SIGKILL' as const] : SIGNALS)('%s', (signal) => {
  it.each([atRequest, whileRunning, whenReady])('$name', async (phase) => {
    const cell: Cell = { phase, signal, naming: 'generated', nameTakenAt: 'start' };
    const isShort = phase.behaviour?.cloneDuration !== undefined;
    const stage = await setStage({
      behaviour: { ...behaviourOf(cell), cloneDuration: isShort ? 100 : 3_000 },
    });
    const moment = phase.moment(stage);
    const step = await stage.runner.startStep({ action: 'clone', inputs: inputsOf(cell, stage) });
    await moment;
    const sentAt = performance.now();
    const main = await step.kill(signal);
    expectExit(cell, { stage, main, sentAt });
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
    expectClean(cell, stage, [main, post]);
  });
});

describe.skipIf(isWindows)('SIGINT (left out on Windows: there it is a kill)', () => {
  it('twice: the cancel goes out once and the step ends as after one', async () => {
    const stage = await setStage({ behaviour: { cloneDuration: 20_000, cancelTakes: 800 } });
    const polled = stage.vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await startStep({ ...cloneStep(stage, { inputs: { name: 'e2e' } }), timeScale: 1 });
    await polled;
    process.kill(step.pid, 'SIGINT');
    const main = await step.kill('SIGINT');
    expect(main.exitCode).toBe(1);
    const post = await runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
    expect(told(main, 'error')).toMatch(
      /^\[Cancelled\] .*The step was cancelled \(SIGINT\) while 'e2e' was cloned/,
    );
    expect(changes(stage).slice(0, 2)).toEqual(['clone e2e', 'cancel e2e']);
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('with a vCenter that answers nothing any more: the cancel goes out, and the step is gone in time', async () => {
    const stage = await setStage({ behaviour: { cloneDuration: 30_000 } });
    const { vcenter } = stage;
    const polled = vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await startStep({ ...cloneStep(stage, { inputs: { name: 'e2e' } }), timeScale: 1 });
    await polled;
    const stalled = vcenter.fault({ operation: '*', kind: 'late-act', times: Number.POSITIVE_INFINITY });
    const main = await step.cancel();
    expect(main.signals.map(({ signal }) => signal)).toEqual(['SIGINT']);
    expect(main.signals[0]?.untilExit).toBeLessThan(7_000);
    expect(main.exitCode).toBe(1);
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
    stalled.remove();
    const post = await runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
  });
});
