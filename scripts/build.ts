/**
 * Builds dist/ from src/: `tsc` first (ncc's own TypeScript loader does not work with TypeScript 7), then one ncc bundle of
 * all that the actions share, an entry for each of them that only calls into it, and the licences of all that is bundled. ncc
 * never deletes what an earlier build left, so dist/ is emptied.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BundleStats } from './bench/bundle-stats.ts';
import { licenceList } from './licences.ts';
import { runTool } from './run-tool.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const entries = ['clone', 'post', 'teardown', 'cleanup'] as const;
/** fetch-blob falls back on it where Node.js has no streams of its own, which was before 18. It would be a third of the start's file. */
const NEVER_LOADED = 'web-streams-polyfill/dist/ponyfill.es2018.js';

/** @returns what webpack says about the bundle. */
export function build(out: string): BundleStats {
  const compiled = join(root, 'build');
  rmSync(compiled, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
  runTool('typescript', ['-p', 'tsconfig.build.json'], root);
  mkdirSync(out, { recursive: true });
  const stats = join(compiled, 'stats.json');
  const bundle = join(compiled, 'bundle.js');
  const options = [
    '-o',
    join(out, 'bundle'),
    '--external',
    NEVER_LOADED,
    '--no-cache',
    '--quiet',
    '--stats-out',
    stats,
  ];
  runTool('@vercel/ncc', ['build', bundle, ...options], root);
  for (const entry of entries) {
    const text = readFileSync(join(compiled, `${entry}.js`), 'utf8');
    mkdirSync(join(out, entry));
    writeFileSync(join(out, entry, 'index.js'), text.replace("'./bundle.js'", "'../bundle/index.js'"));
  }
  const text = readFileSync(stats, 'utf8');
  writeFileSync(join(out, 'licences.txt'), licenceList({ root, packages: bundledPackages(text) }));
  return JSON.parse(text) as BundleStats;
}

/** The folders of the packages whose modules webpack has put into a bundle, relative to the root. */
function bundledPackages(stats: string): readonly string[] {
  const found = [
    ...stats.matchAll(/node_modules\/(?:[^"\s|!?]*?node_modules\/)*(?:@[^/"\s|!?]+\/)?[^/"\s|!?]+/g),
  ]
    .map(([path]) => path)
    .filter((path) => !path.includes('@vercel/ncc'));
  return [...new Set(found)].sort();
}

if (import.meta.main) {
  build(join(root, 'dist'));
}
