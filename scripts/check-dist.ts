/** Fails when dist/ is not what the sources build: users run dist/, so it must never be behind. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const fresh = mkdtempSync(join(tmpdir(), 'dist-'));
try {
  build(fresh);
  const expected = filesBelow(fresh);
  const committed = filesBelow(join(root, 'dist'));
  const stale = [...new Set([...expected.keys(), ...committed.keys()])].filter(
    (file) => expected.get(file) !== committed.get(file),
  );
  if (stale.length > 0) {
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
