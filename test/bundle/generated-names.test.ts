import { expect, it } from 'vitest';
import { runStep } from '../runner/step.ts';
import { setStage } from '../support/stage.ts';
import { cloneStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';

it('A2: the token of a generated name is drawn anew by each process', async () => {
  const stage = await setStage({ behaviour: { cloneDuration: 20 } });
  const inputs = { ...cloneStep(stage).inputs, 'validate-only': 'true' };
  const steps = await Promise.all([1, 2].map(() => runStep({ action: 'clone', inputs })));
  const names = steps.map(({ outputs }) => JSON.parse(outputs['clone-spec'] ?? '').name);
  for (const name of names) {
    expect(name).toMatch(/^shop-pr12-e2e-9912345678-1-[0-9a-z]{6}$/);
  }
  expect(names[0]).not.toBe(names[1]);
  expect(verdict({ stage, steps })).toEqual([]);
});
