import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { inParallel } from '../support/in-parallel.ts';
import { behaviour, cases, expectNothingLeft, runCase, SEED } from '../support/invalid-inputs.ts';
import { startProxy } from '../support/proxy.ts';
import { setStage } from '../support/stage.ts';

const AS_PROCESSES = 12;
/** Real milliseconds after which a process counts as hanging. */
const LONGEST = 15_000;
/** Time in the processes is this many times faster. */
const SPEED = 10;

it(`ends every one of ${AS_PROCESSES} processes with invalid inputs in one error, or well`, {
  timeout: 120_000,
}, async () => {
  const stage = await setStage({ behaviour });
  // Nobody looks for servers that fuzzing has made up.
  const proxy = await startProxy({ refuse: 403 });
  onTestFinished(() => proxy.close());
  const env = { HTTPS_PROXY: proxy.url, NO_PROXY: `localhost:${stage.vcenter.port}` };
  const items = fc
    .sample(cases, { seed: SEED + 1, numRuns: 2 * AS_PROCESSES })
    // No process can be started with these: a variable of the environment ends at a NUL, and holds 128 KiB.
    .filter(({ bad }) => Object.values(bad).every((text) => !text.includes('\0')))
    .slice(0, AS_PROCESSES);
  const wrong: string[] = [];
  await inParallel({ items, atOnce: 4 }, async (item) => {
    const run = await runCase(item, stage, { env, timeScale: SPEED, hardLimit: LONGEST });
    wrong.push(...run.wrong);
  });
  expect(items).toHaveLength(AS_PROCESSES);
  expect(wrong.slice(0, 10)).toEqual([]);
  expectNothingLeft(stage);
});
