import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startVcenter, type Vcenter } from '../../test/simulator/vcenter.ts';
import { runTool } from '../run-tool.ts';
import { startClone } from './clone-step.ts';
import { LOGIN } from './exchanges.ts';
import { valueText } from './figure.ts';
import { NOTHING, timeNode } from './node-process.ts';
import type { Section } from './section.ts';
import { median } from './statistics.ts';

const ROUNDS = 7;
/** Rounds that count for nothing: they fill the caches of the disk and, where it is on, of the compiler. */
const WARM_UP = 1;

interface Times {
  readonly nothing: number[];
  readonly shipped: number[];
  readonly cached: number[];
  readonly eager: number[];
}

/** From the start of the step's process to the arrival of its login at vCenter, in turn with a program that does nothing. */
export async function measureStart({ effort }: { readonly effort: number }): Promise<Section> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const vcenter = await startVcenter();
  try {
    const core = bundleCore(folder);
    const compileCache = join(folder, 'compile-cache');
    const times: Times = { nothing: [], shipped: [], cached: [], eager: [] };
    for (let round = 0; round < ROUNDS * effort + WARM_UP; round += 1) {
      const taken = {
        nothing: await timeNode(NOTHING),
        shipped: await timeToLogin({ vcenter, env: {} }),
        cached: await timeToLogin({ vcenter, env: { NODE_COMPILE_CACHE: compileCache } }),
        eager: await timeToLogin({ vcenter, env: { NODE_OPTIONS: `--import=${core}` } }),
      };
      if (round >= WARM_UP) {
        for (const kind of Object.keys(times) as (keyof Times)[]) {
          times[kind].push(taken[kind]);
        }
      }
    }
    const nothing = median(times.nothing);
    const row = (name: string, values: readonly number[]) => [
      name,
      valueText({ value: median(values), unit: 'milliseconds' }),
      valueText({ value: median(values) / nothing, unit: 'times' }),
    ];
    return {
      title: 'Start',
      known: 'measured',
      figures: [
        {
          name: "start: process to the login's arrival over TLS, against `node -e 0`",
          value: median(times.shipped) / nothing,
          unit: 'times',
          bound: { kind: 'at most', value: 3 },
          detail: `medians of ${ROUNDS * effort} in turn: ${Math.round(median(times.shipped))} ms and ${Math.round(nothing)} ms`,
        },
      ],
      tables: [
        {
          title: "From the start of the process to the login's arrival",
          rows: [
            ['', 'median', 'against `node -e 0`'],
            row('`node -e 0`, to its end', times.nothing),
            row('the clone action', times.shipped),
            row('the same with a compile cache (NODE_COMPILE_CACHE)', times.cached),
            row('the same, had it loaded @actions/core first', times.eager),
          ],
          notes: [
            `${ROUNDS * effort} rounds in turn, after ${WARM_UP} that does not count. The simulator runs in the bench's process; what the fake runner prepares is counted in.`,
          ],
        },
      ],
    };
  } finally {
    await vcenter.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

let steps = 0;

async function timeToLogin({
  vcenter,
  env,
}: {
  readonly vcenter: Vcenter;
  readonly env: Readonly<Record<string, string>>;
}): Promise<number> {
  const login = vcenter.on({ operation: LOGIN, when: 'received' });
  steps += 1;
  const startedAt = performance.now();
  const { done } = await startClone({ vcenter, number: steps, env });
  const { receivedAt } = await Promise.race([login, done.then(failedEarly)]);
  const { conclusion, log } = await done;
  if (conclusion !== 'success') {
    throw new Error(`A clone whose start was to be measured has failed:\n${log}`);
  }
  return receivedAt - startedAt;
}

function failedEarly({ log }: { readonly log: string }): never {
  throw new Error(`The step ended before it logged in:\n${log}`);
}

/** What a bundle that imports @actions/core at its top has to load: nothing but that. Returns its URL. */
function bundleCore(folder: string): string {
  const core = fileURLToPath(import.meta.resolve('@actions/core'));
  const source = join(folder, 'core');
  mkdirSync(source);
  writeFileSync(join(source, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(source, 'entry.js'),
    `import { getInput } from ${JSON.stringify(core)};\ngetInput('name');\n`,
  );
  const out = join(folder, 'core-bundle');
  runTool('@vercel/ncc', ['build', join(source, 'entry.js'), '-o', out, '--no-cache', '--quiet'], folder);
  return pathToFileURL(join(out, 'index.js')).href;
}
