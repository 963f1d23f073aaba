import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleStats, packageSizes } from './bundle-stats.ts';
import { runTool } from './ncc.ts';
import type { Section } from './section.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ENTRIES = ['clone', 'cleanup', 'teardown'] as const;
/** The file that Node loads first; the others come when they are asked for. */
const FIRST = 'index.js';
const BIGGEST = 5;

/** What the committed bundles weigh, and which packages make them so. */
export async function measureBundles(): Promise<Section> {
  const bundles = ENTRIES.map((entry) => ({ entry, files: filesOf(join(root, 'dist', entry)) }));
  const others = (entry: string) =>
    new Set(
      bundles.filter((each) => each.entry !== entry).flatMap(({ files }) => files.map(({ hash }) => hash)),
    );
  const total = (files: readonly BundleFile[]) => files.reduce((sum, { size }) => sum + size, 0);
  const stats = cloneStats();
  const cloneFiles = bundles.find(({ entry }) => entry === 'clone')?.files ?? [];
  return {
    title: 'Bundles',
    figures: [],
    tables: [
      {
        title: 'Size by entry',
        rows: [
          [
            'entry',
            'all',
            'loaded at the start',
            'loaded after the login',
            'of that the same as in another entry',
          ],
          ...bundles.map(({ entry, files }) => {
            const later = files.filter(({ name }) => name !== FIRST);
            return [
              entry,
              sizeText(total(files)),
              sizeText(total(files.filter(({ name }) => name === FIRST))),
              sizeText(total(later)),
              sizeText(total(later.filter(({ hash }) => others(entry).has(hash)))),
            ];
          }),
        ],
        notes: ['A runner unpacks all of them with the action; each entry is loaded by itself.'],
      },
      {
        title: 'The biggest packages of the clone entry, by file',
        rows: [
          ['file', 'size', 'packages'],
          ...cloneFiles.map(({ name, size }) => [
            name,
            sizeText(size),
            packageSizes(stats, name)
              .slice(0, BIGGEST)
              .map((each) => `${each.name} ${sizeText(each.size)}`)
              .join(', '),
          ]),
        ],
      },
    ],
  };
}

interface BundleFile {
  readonly name: string;
  readonly size: number;
  readonly hash: string;
}

function filesOf(folder: string): readonly BundleFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => {
      const content = readFileSync(join(folder, name));
      return { name, size: content.length, hash: createHash('sha256').update(content).digest('hex') };
    })
    .sort((one, other) => other.size - one.size);
}

/** Bundles the clone entry once more, aside, since a bundle does not tell which package its modules are from. */
function cloneStats(): BundleStats {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-'));
  try {
    runTool('typescript', ['-p', 'tsconfig.build.json', '--outDir', folder], root);
    const stats = join(folder, 'stats.json');
    const bundle = ['build', join(folder, 'clone.js'), '-o', join(folder, 'bundle'), '--no-cache', '--quiet'];
    runTool('@vercel/ncc', [...bundle, '--stats-out', stats], root);
    return JSON.parse(readFileSync(stats, 'utf8')) as BundleStats;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sizeText(bytes: number): string {
  return `${Math.round(bytes / 1_000)} kB`;
}
