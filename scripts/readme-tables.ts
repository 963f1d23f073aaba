/**
 * Writes the tables of inputs and outputs in README.md from the metadata of the actions. With `--check` it changes
 * nothing and fails where they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { replaceSection } from './marked-section.ts';

interface Metadata {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const actions = {
  clone: 'action.yml',
  teardown: 'teardown/action.yml',
  cleanup: 'cleanup/action.yml',
} as const;

/** The text of README.md with all tables as the metadata has them now. */
export function withTables(readme: string): string {
  let text = readme;
  for (const [action, file] of Object.entries(actions)) {
    const { inputs, outputs } = parse(readFileSync(join(root, file), 'utf8')) as Metadata;
    text = replaceSection({ text, name: `inputs:${action}`, content: inputTable(inputs) });
    text = replaceSection({ text, name: `outputs:${action}`, content: outputTable(outputs) });
  }
  return text;
}

function inputTable(inputs: Metadata['inputs']): string {
  const rows = Object.entries(inputs).map(([name, { description, required, default: value }]) => [
    `\`${name}\``,
    required === true ? 'required' : value === undefined || value === '' ? '' : `\`${value}\``,
    description,
  ]);
  return table(['input', 'default', 'meaning'], rows);
}

function outputTable(outputs: Metadata['outputs']): string {
  return table(
    ['output', 'meaning'],
    Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cellText).join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cellText(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

if (import.meta.main) {
  const file = join(root, 'README.md');
  const readme = readFileSync(file, 'utf8');
  const fresh = withTables(readme);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, fresh);
  } else if (fresh !== readme) {
    console.error(
      "The tables in README.md are not those of action.yml. Run 'node scripts/readme-tables.ts'.",
    );
    process.exitCode = 1;
  }
}
