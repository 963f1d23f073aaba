/**
 * Fails when dist/ is not what the sources build: users run dist/, so it must never be behind; or when its licences are not
 * those of the packages that are bundled, by webpack's own account of them.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleStats, packageOf } from './bench/bundle-stats.ts';
import { build } from './build.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function filesBelow(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [
        relative(folder, path).replaceAll('\\', '/'),
        readFileSync(path, 'utf8').replaceAll('\r\n', '\n'),
      ];
    }),
  );
}

/** Packages that are bundled and have no section in licences.txt, or the other way round. */
function wrongLicences({ modules }: BundleStats, text: string): readonly string[] {
  const names = modules
    .filter(({ chunks = [] }) => chunks.length > 0)
    .flatMap((module) => module.modules ?? [module])
    .flatMap(({ name }) => packageOf(name) ?? [])
    .filter((name) => name !== 'src' && name !== '@vercel/ncc');
  const bundled = new Set(names);
  const licensed = new Set(
    [...text.matchAll(/(?<=^={80}\n)\S+(?= \S+ \(.+\)\n={80}$)/gm)].map(([name]) => name),
  );
  return [...new Set([...bundled, ...licensed])].filter((name) => bundled.has(name) !== licensed.has(name));
}

const fresh = mkdtempSync(join(tmpdir(), 'dist-'));
try {
  const stats = build(fresh);
  const expected = filesBelow(fresh);
  const committed = filesBelow(join(root, 'dist'));
  const stale = [...new Set([...expected.keys(), ...committed.keys()])].filter(
    (file) => expected.get(file) !== committed.get(file),
  );
  const wrong = wrongLicences(stats, expected.get('licences.txt') ?? '');
  if (wrong.length > 0) {
    console.error(`licences.txt names another set of packages than the bundle: ${wrong.join(', ')}.`);
    process.exitCode = 1;
  } else if (stale.length > 0) {
    const keep = process.env['KEEP_DIST'];
    if (keep !== undefined && keep !== '') {
      cpSync(fresh, keep, { recursive: true });
    }
    console.error(
      `dist/ is not what src/ builds: ${stale.join(', ')}. Run 'npm run build' and commit dist/.`,
    );
    process.exitCode = 1;
  } else {
    console.log(`dist/ is fresh (${committed.size} files).`);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
