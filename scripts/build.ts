/**
 * Builds dist/ from src/: `tsc` first (ncc's own TypeScript loader does not work with TypeScript 7), then one ncc bundle for
 * each entry, and the licences of all that is bundled. ncc never deletes what an earlier build left, so dist/ is emptied.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licenceList } from './licences.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const entries = ['clone', 'cleanup', 'teardown'] as const;

export function build(out: string): void {
  const compiled = join(root, 'build');
  rmSync(compiled, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
  run('tsc', ['-p', 'tsconfig.build.json']);
  mkdirSync(out, { recursive: true });
  const bundled = new Set<string>();
  for (const entry of entries) {
    const stats = join(compiled, `${entry}.stats.json`);
    run('ncc', [
      'build',
      join(compiled, `${entry}.js`),
      '-o',
      join(out, entry),
      '--no-cache',
      '--quiet',
      '--stats-out',
      stats,
    ]);
    for (const name of bundledPackages(readFileSync(stats, 'utf8'))) {
      bundled.add(name);
    }
  }
  writeFileSync(join(out, 'licences.txt'), licenceList({ root, packages: [...bundled] }));
}

/** The folders of the packages whose modules webpack has put into a bundle, relative to the root. */
export function bundledPackages(stats: string): readonly string[] {
  const found = [
    ...stats.matchAll(/node_modules\/(?:[^"\s|!?]*?node_modules\/)*(?:@[^/"\s|!?]+\/)?[^/"\s|!?]+/g),
  ]
    .map(([path]) => path)
    .filter((path) => !path.includes('@vercel/ncc'));
  return [...new Set(found)].sort();
}

function run(tool: string, args: readonly string[]): void {
  execFileSync(process.execPath, [toolPath(tool), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** The tool's own script, from its package: works on every system, without a shell. */
function toolPath(tool: string): string {
  const name = tool === 'tsc' ? 'typescript' : '@vercel/ncc';
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  return join(folder, bin[tool] ?? '');
}

if (import.meta.main) {
  build(join(root, 'dist'));
}
