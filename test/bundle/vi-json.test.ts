import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../simulator/behaviour.ts';
import { setStage, VI_TASK } from '../support/stage.ts';
import { cloned, cloneStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';

const SECRET = 'hunter2-in-guestinfo';
const COMMON = {
  name: 'pr-12',
  notes: 'pull request 12',
  guestinfo: `token: ${SECRET}`,
  'wait-for-ip': 'true',
};
const TEMPLATE = { source: '/DC1/vm/ci/base/golden-template', cluster: 'domain-c7' };

describe('VI/JSON, on the shipped bundle', () => {
  it.each<[kind: string, inputs: Readonly<Record<string, string>>, behaviour?: Partial<Behaviour>]>([
    ['a template that its path names', TEMPLATE],
    ['a template, with a session of its own, as before 8.0 U3', TEMPLATE, { viJson: 'separate' }],
    ['a linked clone of a snapshot', { 'clone-type': 'linked', snapshot: 'installed' }],
    ['an instant clone', { source: 'vm-45', 'clone-type': 'instant' }],
    ['a full clone with notes and guestinfo', {}],
  ])('makes %s, and shows no guestinfo with debug logging', async (_, inputs, behaviour) => {
    const stage = await setStage({ ...(behaviour === undefined ? {} : { behaviour }) });
    const made: unknown[] = [];
    stage.vcenter.watch(({ method }) => {
      if (method === 'DELETE' && made.length === 0) {
        made.push(structuredClone(stage.vcenter.vm('pr-12')));
      }
    });
    const { main, post } = await cloned(
      stage,
      { ...COMMON, ...inputs, teardown: 'always' },
      { debug: true, env: { RUNNER_DEBUG: '1' } },
    );
    expect(made).toMatchObject([{ annotation: COMMON.notes, powerState: 'POWERED_ON' }]);
    expect((made[0] as { extraConfig: Map<string, string> }).extraConfig.get('guestinfo.token')).toBe(SECRET);
    expect(main.outputs['ip-address']).toMatch(/^10\.20\.3\./);
    const seen = [main, post].flatMap(({ log, summary, outputs, state, annotations, debug }) => [
      ...[log, summary],
      JSON.stringify([outputs, state, annotations, debug]),
    ]);
    expect(seen.join('\n')).not.toContain(SECRET);
  });

  it('leaves nothing of a clone whose step is killed while its task runs', async () => {
    const stage = await setStage({ behaviour: { viJson: 'separate', cloneDuration: 3_000 } });
    const polled = stage.vcenter.on({ operation: VI_TASK, when: 'answered' });
    const step = await stage.runner.startStep({
      ...cloneStep(stage, { inputs: { ...COMMON, ...TEMPLATE } }),
      timeScale: 1,
    });
    await polled;
    const main = await step.kill('SIGKILL');
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
    expect(post.warnings).toEqual([]);
    // A killed process cannot log out, of either.
    expect(verdict({ stage, steps: [main, post], openSessions: 2 })).toEqual([]);
  });
});
