/**
 * Writes the tables of inputs and outputs from the metadata of the actions: what there is into README.md, what it means into
 * docs/inputs.md. With `--check` it changes nothing and fails where they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { inputTypes, outputTypes, type ValueTypes } from './input-types.ts';
import { replaceSection } from './marked-section.ts';

interface Value {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

type Values = Readonly<Record<string, Value>>;

interface Action {
  readonly name: keyof typeof inputTypes;
  readonly inputs: Values;
  readonly outputs: Values;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const files = {
  clone: 'action.yml',
  teardown: 'teardown/action.yml',
  cleanup: 'cleanup/action.yml',
} as const satisfies Readonly<Record<keyof typeof inputTypes, string>>;

/** The pages with tables, and what is between their marks, by the marks' name. */
export const pages = ['README.md', 'docs/inputs.md'] as const;

/** The text of a page with all tables as the metadata has them now. */
export function withTables({ page, text }: { readonly page: string; readonly text: string }): string {
  const actions = Object.entries(files).map(
    ([name, file]) => ({ ...parse(readFileSync(join(root, file), 'utf8')), name }) as Action,
  );
  const sections = page === 'README.md' ? overviews(actions) : actions.flatMap(details);
  return sections.reduce((written, section) => replaceSection({ text: written, ...section }), text);
}

interface Section {
  readonly name: string;
  readonly content: string;
}

/** One table of inputs and one of outputs, a column for each action. Each cell links what it means. */
function overviews(actions: readonly Action[]): readonly Section[] {
  return (['inputs', 'outputs'] as const).map((kind) => {
    const names = [...new Set(actions.flatMap((action) => Object.keys(action[kind])))];
    const rows = names.map((name) => {
      const types = actions.flatMap((action) =>
        name in action[kind] ? [typeOf({ kind, action, name })] : [],
      );
      const cells = actions.map((action) => {
        const value = action[kind][name];
        const text = kind === 'inputs' ? defaultOf(value) || 'optional' : 'set';
        return value === undefined ? '' : `[${text}](docs/inputs.md#${anchor({ kind, action, name })})`;
      });
      return [`\`${name}\``, [...new Set(types)].join(' or '), ...cells];
    });
    const head = [kind.slice(0, -1), 'type', ...actions.map(({ name }) => name)];
    return { name: kind, content: table(head, rows) };
  });
}

/** What each input and output of an action means. */
function details(action: Action): readonly Section[] {
  return (['inputs', 'outputs'] as const).map((kind) => {
    const rows = Object.entries(action[kind]).map(([name, value]) => [
      `<a id="${anchor({ kind, action, name })}"></a>\`${name}\``,
      typeOf({ kind, action, name }),
      ...(kind === 'inputs' ? [defaultOf(value)] : []),
      value.description,
    ]);
    const head = kind === 'inputs' ? ['input', 'type', 'default', 'meaning'] : ['output', 'type', 'meaning'];
    return { name: `${kind}:${action.name}`, content: table(head, rows) };
  });
}

interface Named {
  readonly kind: 'inputs' | 'outputs';
  readonly action: Action;
  readonly name: string;
}

function anchor({ kind, action, name }: Named): string {
  return kind === 'inputs' ? `${action.name}-${name}` : `${action.name}-output-${name}`;
}

function typeOf({ kind, action, name }: Named): string {
  const types: ValueTypes = { inputs: inputTypes, outputs: outputTypes }[kind][action.name];
  const type = types[name];
  if (type === undefined) {
    throw new Error(`scripts/input-types.ts has no type for '${name}' of the ${kind} of ${action.name}.`);
  }
  return type;
}

function defaultOf(value: Value | undefined): string {
  if (value?.required === true) {
    return 'required';
  }
  return value?.default === undefined || value.default === '' ? '' : `\`${value.default}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cellText).join(' | ')} |`.replaceAll(/ {2,}(?=\|)/g, ' ');
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cellText(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

if (import.meta.main) {
  for (const page of pages) {
    const file = join(root, page);
    const text = readFileSync(file, 'utf8');
    const fresh = withTables({ page, text });
    if (!process.argv.includes('--check')) {
      writeFileSync(file, fresh);
    } else if (fresh !== text) {
      console.error(
        `The tables in ${page} are not those of the metadata. Run 'node scripts/readme-tables.ts'.`,
      );
      process.exitCode = 1;
    }
  }
}
