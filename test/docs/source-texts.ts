import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import { parseAst } from 'vitest/node';

/** A string of the sources, with `…` for each value that is only known when the program runs. */
export interface SourceText {
  /** Relative to the root, with slashes. */
  readonly file: string;
  readonly text: string;
  /** The function it stands in, by its declared name; empty at the top level. */
  readonly within: string;
  /** What it is the value of: the property, or the class that it is handed to when one is made. */
  readonly as: string;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Every string of the TypeScript files in a folder; a template or a sum of strings counts as one. */
export function sourceTexts({
  root,
  folder,
}: {
  readonly root: string;
  readonly folder: string;
}): readonly SourceText[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const found: SourceText[] = [];
      const program = parseAst(stripTypeScriptTypes(readFileSync(path, 'utf8'))) as unknown as Node;
      visit(program, { file: relative(root, path).replaceAll('\\', '/'), within: '', as: '' }, found);
      return found;
    });
}

function visit(node: Node, place: Omit<SourceText, 'text'>, found: SourceText[]): void {
  const text = textOf(node);
  if (text !== undefined) {
    found.push({ ...place, text });
  }
  const inner = { ...place, ...scopeOf(node) };
  for (const child of childrenOf(node)) {
    // The parts of a sum are no texts of their own, but what is inserted into a template may hold some.
    if (text === undefined || textOf(child) === undefined) {
      visit(child, inner, found);
    }
  }
}

function scopeOf(node: Node): Partial<SourceText> {
  const nameOf = (value: unknown) =>
    isNode(value) && typeof value['name'] === 'string' ? value['name'] : '';
  switch (node.type) {
    case 'FunctionDeclaration':
      return { within: nameOf(node['id']), as: '' };
    case 'Property':
      return { as: nameOf(node['key']) };
    case 'NewExpression':
      return { as: nameOf(node['callee']) };
    default:
      return {};
  }
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node['value'] === 'string') {
    return node['value'];
  }
  if (node.type === 'TemplateLiteral') {
    const parts = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
    return parts.map(({ value }) => value.cooked).join('…');
  }
  if (node.type === 'BinaryExpression' && node['operator'] === '+') {
    const [left, right] = [node['left'], node['right']].map((side) =>
      isNode(side) ? textOf(side) : undefined,
    );
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
