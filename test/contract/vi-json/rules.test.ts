import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from './rules.ts';

const root = resolve(import.meta.dirname, '../..');

/** The rules that the titles of a file's tests name: `V8: begins with its type`. */
function rulesNamedIn(file: string): ReadonlySet<number> {
  const titles = readFileSync(join(root, file), 'utf8').matchAll(
    /^ *(?:it(?:\.each)?\(|\]?\)?\]\)\(|\[?'V).*$/gm,
  );
  const lines = [...titles].map(([line]) => line).join('\n');
  return new Set([...lines.matchAll(/\bV(\d+)(?=[:,])/g)].map(([, number]) => Number(number)));
}

/** The simulator has a list of its own. */
const files = ['unit/vcenter/vi-json', 'unit/vcenter/transport', 'scenarios', 'docs'].flatMap((room) =>
  readdirSync(join(root, room))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${room}/${file}`),
);
const named = new Map(files.map((file) => [file, rulesNamedIn(file)]));

describe('the rules of VI/JSON', () => {
  it('are 57', () => {
    expect(rules).toHaveLength(57);
  });

  it.each(rules)('V$number is tested where the table says: $rule', ({ number, tests, unused }) => {
    const where = files.filter((file) => named.get(file)?.has(number));
    expect(where).toEqual([...tests].sort((a, b) => files.indexOf(a) - files.indexOf(b)));
    expect(tests.length > 0).toBe(unused === undefined);
  });
});
