import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVcenter } from '../../test/simulator/vcenter.ts';
import { runClone } from './clone-step.ts';
import { NOTHING, timeNode } from './node-process.ts';
import type { Section } from './section.ts';
import { median } from './statistics.ts';

const ROUNDS = 5;
const MEBIBYTE = 1024 ** 2;

/** The peak of a whole run's memory, in turn with that of a program that does nothing. */
export async function measureMemory({ effort }: { readonly effort: number }): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const vcenter = await startVcenter();
  try {
    const file = join(folder, 'peaks');
    const env = {
      BENCH_PEAK_FILE: file,
      NODE_OPTIONS: `--import=${new URL('peak-memory.mjs', import.meta.url).href}`,
    };
    for (let number = 0; number < ROUNDS * effort; number += 1) {
      await timeNode(NOTHING, env);
      await runClone({ vcenter, number, env });
    }
    const peaks = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    const nothing = median(peaks.filter((_, index) => index % 2 === 0));
    const clone = median(peaks.filter((_, index) => index % 2 === 1));
    return {
      title: 'Memory',
      known: 'measured',
      figures: [
        {
          name: 'peak memory of a whole run, against `node -e 0`',
          value: clone / nothing,
          unit: 'times',
          bound: { kind: 'at most', value: 2 },
          detail: `medians of ${ROUNDS * effort} in turn: ${Math.round(clone / MEBIBYTE)} MiB and ${Math.round(nothing / MEBIBYTE)} MiB`,
        },
      ],
      tables: [],
    };
  } finally {
    await vcenter.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
