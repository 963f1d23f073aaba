import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type BundleStats, packageOf } from '../../scripts/bench/bundle-stats.ts';
import { runTool } from '../../scripts/run-tool.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The packages of which something is in the bundle, by webpack's own account of it. */
function bundledPackages(): ReadonlySet<string> {
  const folder = mkdtempSync(join(tmpdir(), 'licences-'));
  try {
    const compiled = join(root, 'node_modules', '.cache', 'licences');
    runTool('typescript', ['-p', 'tsconfig.build.json', '--outDir', compiled], root);
    const stats = join(folder, 'stats.json');
    const bundle = ['build', join(compiled, 'bundle.js'), '-o', folder, '--no-cache', '--quiet'];
    runTool('@vercel/ncc', [...bundle, '--stats-out', stats], root);
    const { modules } = JSON.parse(readFileSync(stats, 'utf8')) as BundleStats;
    const names = modules
      .filter(({ chunks = [] }) => chunks.length > 0)
      .flatMap((module) => module.modules ?? [module])
      .map(({ name }) => packageOf(name));
    return new Set(
      names.filter((name) => name !== undefined && name !== 'src' && name !== '@vercel/ncc'),
    ) as Set<string>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('dist/licences.txt', () => {
  const text = readFileSync(join(root, 'dist', 'licences.txt'), 'utf8');
  const sections = [
    ...text.matchAll(/^={80}\n(\S+) (\S+) \((.+)\)\n={80}\n\n([\s\S]*?)(?=^={80}\n|$(?![\s\S]))/gm),
  ].map(([, name = '', version = '', licence = '', words = '']) => ({ name, version, licence, words }));

  it('names what is bundled, all of it and nothing else', () => {
    const bundled = bundledPackages();
    expect(bundled.size).toBeGreaterThan(10);
    expect([...new Set(sections.map(({ name }) => name))].sort()).toEqual([...bundled].sort());
  });

  it.each(sections)('has the words of the licence of $name', ({ licence, words }) => {
    expect(licence).not.toBe('undefined');
    expect(words.trim().length).toBeGreaterThan(100);
  });
});
