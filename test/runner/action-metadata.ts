import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type ExpressionContexts, evaluateExpressions } from './expressions.ts';

/** An action.yml, as far as a runner looks at it. */
export interface ActionMetadata {
  /** The action.yml itself. */
  readonly file: string;
  readonly name: string;
  /** The inputs' defaults, expressions not yet evaluated; empty where there is none. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
  readonly main: string;
  readonly post: string | undefined;
}

/** Which of an action's two forms is run: what users run, or its source (for quick work and for coverage). */
export type Entry = 'dist' | 'src';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const projectActions: Readonly<Record<string, string>> = {
  clone: join(projectRoot, 'action.yml'),
  teardown: join(projectRoot, 'teardown', 'action.yml'),
  cleanup: join(projectRoot, 'cleanup', 'action.yml'),
};

/**
 * Reads `clone`, `teardown`, `cleanup`, or the action.yml at a path.
 *
 * @throws Error where the file is not that of a JavaScript action.
 */
export function loadAction(action: string): ActionMetadata {
  const file = projectActions[action] ?? resolve(action);
  const metadata = parseOnce(readFileSync(file, 'utf8'));
  const runs = fieldsOf(fieldsOf(metadata)['runs']);
  const main = runs['main'];
  if (!String(runs['using']).startsWith('node') || typeof main !== 'string') {
    throw new Error(`${file}: only JavaScript actions can be run (runs.using: node24, runs.main).`);
  }
  const postIf = runs['post-if'];
  if (postIf !== undefined && postIf !== 'always()') {
    throw new Error(`${file}: the fake runner knows no post-if but always().`);
  }
  const inputs = Object.entries(fieldsOf(fieldsOf(metadata)['inputs']));
  return {
    file,
    name: String(fieldsOf(metadata)['name'] ?? action),
    defaults: Object.fromEntries(inputs.map(([name, input]) => [name, textOf(fieldsOf(input)['default'])])),
    outputs: Object.keys(fieldsOf(fieldsOf(metadata)['outputs'])),
    main: resolve(dirname(file), main),
    post: typeof runs['post'] === 'string' ? resolve(dirname(file), runs['post']) : undefined,
  };
}

const parsed = new Map<string, unknown>();

/** Hundreds of steps in one process would spend more time here than on everything else. */
function parseOnce(text: string): unknown {
  if (!parsed.has(text)) {
    parsed.set(text, parse(text));
  }
  return parsed.get(text);
}

/**
 * The script that a stage runs. With `src`, the project's `dist/NAME/index.js` becomes `src/NAME.ts`.
 *
 * @throws Error where the script does not exist.
 */
export function resolveEntry(script: string, entry: Entry): string {
  const [folder, name, file, ...deeper] = relative(projectRoot, script).split(sep);
  const isBundle = folder === 'dist' && file === 'index.js' && deeper.length === 0;
  const path = entry === 'src' && isBundle ? join(projectRoot, 'src', `${name}.ts`) : script;
  if (!existsSync(path)) {
    const hint = isBundle && entry === 'dist' ? ` Run 'npm run build', or set ACTION_ENTRY=src.` : '';
    throw new Error(`${path} does not exist.${hint}`);
  }
  return path;
}

export interface EvaluatedInputs {
  /** `INPUT_...` variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the runner warns about. */
  readonly warnings: readonly string[];
}

/**
 * What a step gets as its inputs: what the workflow gives, and the defaults for the rest. As in the real runner, `required`
 * is not enforced, and an input that the action does not declare is passed on, with a warning.
 */
export function evaluateInputs(options: {
  readonly metadata: ActionMetadata;
  readonly given: Readonly<Record<string, string>>;
  readonly contexts: ExpressionContexts;
}): EvaluatedInputs {
  const { metadata, given, contexts } = options;
  const known = Object.keys(metadata.defaults);
  const isKnown = (name: string) => known.some((each) => each.toLowerCase() === name.toLowerCase());
  const unexpected = Object.keys(given).filter((name) => !isKnown(name));
  const evaluated = [
    ...Object.entries(metadata.defaults).map(
      ([name, text]) => [name, evaluateExpressions(text, contexts)] as const,
    ),
    // Given ones come last, so that they replace the defaults. Expressions in them are the workflow's, not the runner's.
    ...Object.entries(given),
  ];
  return {
    environment: Object.fromEntries(evaluated.map(([name, value]) => [inputVariable(name), value])),
    warnings:
      unexpected.length === 0
        ? []
        : [`Unexpected input(s) ${quoted(unexpected)}, valid inputs are [${quoted(known)}]`],
  };
}

function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
