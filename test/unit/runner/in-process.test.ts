import { describe, expect, it } from 'vitest';
import type { StepResult } from '../../runner/step.ts';
import {
  CANCEL,
  CLONE,
  FOLDER,
  GET_TASK,
  openStage,
  SOURCE,
  type Stage,
  setVirtualStage,
} from '../../support/stage.ts';
import { verdict } from '../../support/verdict.ts';

const minutes = 60_000;

function cloneInputs(stage: Stage, more: Readonly<Record<string, string>> = {}) {
  return { ...stage.connection, source: SOURCE, folder: FOLDER, name: 'twin', ...more };
}

/** What a step told, without what differs from run to run. */
function report({ vcenter }: Stage, step: StepResult) {
  const neutral = (text: string) =>
    text
      .replaceAll(vcenter.server, 'SERVER')
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      // Without a socket there is no certificate that a CA could have made trusted.
      .replaceAll(/"caCertificate":"[^"]+",/g, '')
      .replaceAll(/\b\d+(?:\.\d)? m?s\b|\d+ %/g, 'N')
      .replaceAll(/[█░]{20}/g, 'BAR');
  const neutralAll = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, neutral(value)]));
  return {
    exitCode: step.exitCode,
    conclusion: step.conclusion,
    log: neutral(step.log),
    outputs: { ...neutralAll(step.outputs), timings: undefined },
    state: neutralAll(step.state),
    annotations: step.annotations.map((each) => ({ ...each, message: neutral(each.message) })),
    groups: step.groups,
    masks: step.masks.length,
    illegal: step.illegal,
    summary: neutral(step.summary).replaceAll(/^.*(?:BAR|N).*$/gm, ''),
    leftFiles: step.leftFiles,
  };
}

describe('a step in this process', () => {
  it.each([
    ['that succeeds', {}],
    ['that fails', { datastore: 'nowhere' }],
  ])('%s tells and leaves the same as in a process of its own', async (_, more) => {
    const virtual = setVirtualStage({ behaviour: { cloneDuration: 20 } });
    const real = await openStage({ behaviour: { cloneDuration: 20 } });
    const [here, there] = await Promise.all(
      [virtual, real].map(async (stage) => {
        const main = await stage.runner.runStep({
          action: 'clone',
          inputs: cloneInputs(stage, { teardown: 'always', ...more }),
          entry: 'src',
        });
        const post = await stage.runner.runPost(main);
        return [report(stage, main), report(stage, post)];
      }),
    );
    await real.close();
    expect(here).toEqual(there);
  });

  it('lives in virtual time', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 20 * minutes } });
    const step = await stage.runner.runStep({ action: 'clone', inputs: cloneInputs(stage) });
    expect(step.errors).toEqual([]);
    expect(step.duration).toBeGreaterThanOrEqual(20 * minutes);
    expect(stage.vcenter.tasks()[0]?.endedAt).toBe(20 * minutes);
  });

  it('is cancelled as the runner does it', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 20 * minutes } });
    const step = await stage.runner.startStep({ action: 'clone', inputs: cloneInputs(stage) });
    await stage.vcenter.on({ operation: GET_TASK, when: 'answered', nth: 3 });
    const main = await step.cancel();
    expect(main).toMatchObject({ conclusion: 'cancelled', exitCode: 1, signal: null });
    expect(main.signals.map(({ signal }) => signal)).toEqual(['SIGINT']);
    expect(main.signals[0]?.untilExit).toBeLessThan(7000);
    expect(stage.vcenter.calls()).toContain(CANCEL);
    const post = await stage.runner.runPost(main);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('ends where it is by SIGKILL, with what it has written', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 2 * minutes } });
    const step = await stage.runner.startStep({ action: 'clone', inputs: cloneInputs(stage) });
    await stage.vcenter.on({ operation: CLONE, when: 'acted' });
    const main = await step.kill('SIGKILL');
    expect(main).toMatchObject({ exitCode: null, signal: 'SIGKILL', conclusion: 'failure' });
    expect(main.state['clone']).toContain('"phase":"requested"');
    const calls = stage.vcenter.calls().length;
    await stage.clock.sleep(5 * minutes);
    expect(stage.vcenter.calls()).toHaveLength(calls);
    expect(stage.vcenter.vm('twin')?.copying).toBe(false);
  });

  it('is killed at its hard limit', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 20 * minutes } });
    const run = stage.runner.runStep({
      action: 'clone',
      inputs: cloneInputs(stage),
      hardLimit: minutes,
    });
    await expect(run).rejects.toThrow('still running after 60000 ms');
  });
});
