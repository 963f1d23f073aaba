/**
 * Writes the sample of job summaries in README.md: a clone, a teardown and a failure, as the shipped bundles write them on
 * the fake runner, against a simulated vCenter. With `--check` it changes nothing and fails where the sample is another one;
 * times do not count.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep, type StepResult } from '../test/runner/step.ts';
import { defaultAddresses } from '../test/simulator/guest.ts';
import { startVcenter } from '../test/simulator/vcenter.ts';
import { readSection, replaceSection } from './marked-section.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const name = 'summary-sample';

/** The steps live this many times faster, so that a clone of a minute and a half takes few seconds. */
const timeScale = 20;
/** Milliseconds of real time. */
const cloneDuration = 4_500;
const addressAfter = 1_200;

/** Runs the three steps and returns their summaries as Markdown. */
export async function makeSample(): Promise<string> {
  const vcenter = await startVcenter({
    behaviour: {
      cloneDuration,
      toolsAfter: addressAfter / 2,
      addresses: (vm) => defaultAddresses(vm).map((step) => ({ ...step, after: addressAfter })),
    },
  });
  try {
    const connection = {
      'vcenter-server': vcenter.server,
      username: vcenter.username,
      password: vcenter.password,
      'ca-certificate': vcenter.caFile,
    };
    const placement = { folder: 'ci/pull-requests', 'resource-pool': 'ci-pool', datastore: 'fast' };
    const clone = await runStep({
      action: 'clone',
      entry: 'dist',
      timeScale,
      inputs: { ...connection, ...placement, source: 'ubuntu-24.04', 'wait-for-ip': 'true' },
    });
    const teardown = await runStep({
      action: 'teardown',
      entry: 'dist',
      timeScale,
      inputs: { ...connection, 'vm-id': clone.outputs['vm-id'] ?? '' },
    });
    const failed = await runStep({
      action: 'clone',
      entry: 'dist',
      timeScale,
      inputs: { ...connection, ...placement, source: 'ubuntu-24.4' },
    });
    return [
      ...['A clone:', quoted(clone)],
      ...['The teardown that belongs to it:', quoted(teardown)],
      ...['A mistake in an input:', quoted(failed)],
    ].join('\n\n');
  } finally {
    await vcenter.close();
  }
}

function quoted({ summary, log }: StepResult): string {
  if (summary.trim() === '') {
    throw new Error(`The step wrote no summary:\n${log}`);
  }
  return summary
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** The sample without what differs from run to run: the name's token, times, and the bars that show them. */
export function withoutTimes(sample: string): string {
  return sample
    .replaceAll(/(?<=shop-pr12-e2e-9912345678-1-)[0-9a-z]{6}/g, 'TOKEN')
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s|min|h)\b(?: \d+ (?:s|min)\b)*/g, 'TIME')
    .replaceAll(/[█░]+/g, 'BAR');
}

if (import.meta.main) {
  const file = join(root, 'README.md');
  const text = readFileSync(file, 'utf8');
  const content = await makeSample();
  if (!process.argv.includes('--check')) {
    writeFileSync(file, replaceSection({ text, name, content }));
  } else if (withoutTimes(readSection({ text, name })) !== withoutTimes(content)) {
    console.error(
      "The summaries in README.md are not what the action writes. Run 'node scripts/summary-sample.ts'.",
    );
    process.exitCode = 1;
  }
}
