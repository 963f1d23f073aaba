/** Writes src/github/defaults.ts from the metadata of the actions. Part of `npm run build`; a test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

interface Metadata {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const actions = {
  clone: 'action.yml',
  teardown: 'teardown/action.yml',
  cleanup: 'cleanup/action.yml',
} as const;

const HEAD = `// Written by scripts/defaults.ts from the metadata of the actions.

/**
 * What an input counts as when it is given as an empty string, as \`\${{ inputs.timeout }}\` of a reusable workflow often is:
 * the runner fills in the defaults only for inputs that are not there at all.
 */
`;

/** The defaults that are no expressions, as TypeScript. */
export function defaultsModule(): string {
  const parts = Object.entries(actions).map(([action, file]) => {
    const { inputs } = parse(readFileSync(join(root, file), 'utf8')) as Metadata;
    const lines = Object.entries(inputs)
      .map(([name, input]) => [name, input.default] as const)
      .filter(([, text]) => text !== undefined && !text.startsWith('${{'))
      .map(([name, text]) => `  ${/^\w+$/.test(name) ? name : `'${name}'`}: '${text}',`);
    return `export const ${action}Defaults = {\n${lines.join('\n')}\n} as const;\n`;
  });
  return HEAD + parts.join('\n');
}

if (import.meta.main) {
  writeFileSync(join(root, 'src/github/defaults.ts'), defaultsModule());
}
