import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Runs a development tool by its own script, which works on every system without a shell. What it prints goes to standard
 * error, so that it is seen and mixes with no result.
 */
export function runTool(tool: 'typescript' | '@vercel/ncc', args: readonly string[], folder: string): void {
  const file = require.resolve(`${tool}/package.json`);
  const { bin } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  const script = bin[tool === 'typescript' ? 'tsc' : 'ncc'] ?? '';
  execFileSync(process.execPath, [join(dirname(file), script), ...args], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
}
