import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from './rules.ts';

const folder = resolve(import.meta.dirname, '../../unit/vcenter');

/** The rules that the titles of a file's tests name: `V8: begins with its type`. */
function rulesNamedIn(file: string): ReadonlySet<number> {
  const titles = readFileSync(join(folder, file), 'utf8').matchAll(
    /^ *(?:it(?:\.each)?\(|\]?\)?\]\)\().*$/gm,
  );
  const lines = [...titles].map(([line]) => line).join('\n');
  return new Set([...lines.matchAll(/\bV(\d+): /g)].map(([, number]) => Number(number)));
}

const files = ['vi-json', 'transport'].flatMap((room) =>
  readdirSync(join(folder, room))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${room}/${file}`),
);
const named = new Map(files.map((file) => [file, rulesNamedIn(file)]));

describe('the rules of VI/JSON', () => {
  it('are 57', () => {
    expect(rules).toHaveLength(57);
  });

  it.each(rules)('V$number is tested where the table says: $rule', ({ number, tests, elsewhere }) => {
    const where = files.filter((file) => named.get(file)?.has(number));
    expect(where).toEqual([...tests].sort((a, b) => files.indexOf(a) - files.indexOf(b)));
    expect(tests.length > 0 || elsewhere !== undefined).toBe(true);
  });
});
