/**
 * `npm run bench`: measures what the project promises about speed and size, and prints each figure beside its bound. Ends with
 * exit code 1 where a bound is missed. `--json` prints JSON and nothing else; `--write` also writes the figures into
 * docs/benchmarks.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureBundles } from './bench/bundles.ts';
import { measureCleanup } from './bench/cleanup.ts';
import { measureCrowd } from './bench/crowd.ts';
import { measureTwiceIfMissed } from './bench/effort.ts';
import { judge } from './bench/figure.ts';
import { measureMemory } from './bench/memory.ts';
import { measureNotices } from './bench/notices.ts';
import { measureRequests } from './bench/requests.ts';
import { measureRoundTrips } from './bench/round-trips.ts';
import type { Section } from './bench/section.ts';
import { measureStart } from './bench/start.ts';
import { benchMarkdown, benchText } from './bench/text.ts';
import { measureWaits } from './bench/waits.ts';
import { replaceSection } from './marked-section.ts';

/** In this order: what others on the machine disturb the most comes when all files are read and cached. */
const MEASUREMENTS: readonly { readonly what: string; readonly measure: () => Promise<Section> }[] = [
  { what: 'requests', measure: measureRequests },
  { what: 'waiting, on an injected clock', measure: measureWaits },
  { what: 'waiting, for real', measure: () => measureTwiceIfMissed(measureNotices) },
  { what: 'start', measure: () => measureTwiceIfMissed(measureStart) },
  { what: 'memory', measure: () => measureTwiceIfMissed(measureMemory) },
  { what: 'fifty clones at once', measure: measureCrowd },
  { what: 'cleanup', measure: measureCleanup },
  { what: 'round trips', measure: measureRoundTrips },
  { what: 'bundles', measure: measureBundles },
];

/** The titles of the tables that docs/benchmarks.md shows besides the figures. */
const WRITTEN_TABLES = [
  "Median notice of a task's end, and polls, by the clone's length and the kind of progress",
  'Time that the requests of one clone wait for responses, by the time of a round trip',
];

async function run(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  if (Number.parseInt(process.versions.node, 10) < 24) {
    throw new Error(`The action runs on Node.js 24, and this is ${process.version}. Use 'npm run bench'.`);
  }
  const startedAt = performance.now();
  const sections: Section[] = [];
  for (const { what, measure } of MEASUREMENTS) {
    process.stderr.write(`Measuring: ${what} ...\n`);
    sections.push(await measure());
  }
  const machine = `Node.js ${process.versions.node} on ${process.platform} ${process.arch}, ${availableParallelism()} CPUs`;
  const missed = sections
    .flatMap(({ figures }) => figures)
    .filter((figure) => judge(figure) === 'missed')
    .map(({ name }) => name);

  if (values.json) {
    console.log(JSON.stringify({ machine, missed, sections: sections.map(withVerdicts) }, undefined, 2));
  } else {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const verdict = missed.length === 0 ? 'Every bound is kept.' : `Missed: ${missed.join('; ')}.`;
    console.log(`${benchText(sections)}\n\n${verdict} ${machine}, ${seconds} s.`);
  }
  if (values.write) {
    const file = join(resolve(dirname(fileURLToPath(import.meta.url)), '..'), 'docs/benchmarks.md');
    const content = benchMarkdown(sections, { machine, withTables: WRITTEN_TABLES });
    writeFileSync(file, replaceSection({ text: readFileSync(file, 'utf8'), name: 'bench', content }));
  }
  return missed.length === 0 ? 0 : 1;
}

function withVerdicts(section: Section) {
  return {
    ...section,
    figures: section.figures.map((figure) => ({ ...figure, verdict: judge(figure) })),
  };
}

process.exitCode = await run();
