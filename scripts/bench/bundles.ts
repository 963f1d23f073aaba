import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../build.ts';
import { type BundleStats, packageSizes } from './bundle-stats.ts';
import type { Section } from './section.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ENTRIES = ['clone', 'post', 'teardown', 'cleanup'] as const;
const BUNDLE = 'bundle';
/** The file that every entry loads at its start; the others come when they are asked for. */
const FIRST = 'index.js';
const BIGGEST = 5;

/** What the committed bundle weighs, and which packages make it so. */
export async function measureBundles(): Promise<Section> {
  const files = filesOf(join(root, 'dist', BUNDLE));
  const stats = bundleStats();
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const packages = (name: string) =>
    packageSizes(stats, name)
      .slice(0, BIGGEST)
      .map((each) => `${each.name} ${sizeText(each.size)}`)
      .join(', ');
  return {
    title: 'Bundle',
    known: 'measured',
    figures: [],
    tables: [
      {
        title: 'One bundle for all actions, by file',
        rows: [
          ['file', 'size', 'loaded', 'packages'],
          ...files.map(({ name, size }) => [
            name,
            sizeText(size),
            name === FIRST ? 'at the start' : 'when it is needed',
            packages(name),
          ]),
          ['all', sizeText(total), '', ''],
        ],
        notes: [
          `The entries (${ENTRIES.join(', ')}) only call into it: ${ENTRIES.map((entry) => `${bytesOf(entry)} B`).join(', ')}.`,
        ],
      },
    ],
  };
}

interface BundleFile {
  readonly name: string;
  readonly size: number;
}

function filesOf(folder: string): readonly BundleFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, size: statSync(join(folder, name)).size }))
    .sort((one, other) => other.size - one.size);
}

function bytesOf(entry: string): number {
  return statSync(join(root, 'dist', entry, FIRST)).size;
}

/** Bundles once more, aside, since a bundle does not tell which package its modules are from. */
function bundleStats(): BundleStats {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return build(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sizeText(bytes: number): string {
  return `${Math.round(bytes / 1_000)} kB`;
}
