import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

// That it names what is bundled, and nothing else, is up to `npm run check-dist`, which has just built it.
describe('dist/licences.txt', () => {
  const text = readFileSync(join(root, 'dist', 'licences.txt'), 'utf8');
  const sections = [
    ...text.matchAll(/^={80}\n(\S+) (\S+) \((.+)\)\n={80}\n\n([\s\S]*?)(?=^={80}\n|$(?![\s\S]))/gm),
  ].map(([, name = '', version = '', licence = '', words = '']) => ({ name, version, licence, words }));

  it('names packages', () => {
    expect(sections.length).toBeGreaterThan(10);
  });

  it.each(sections)('has the words of the licence of $name', ({ licence, words }) => {
    expect(licence).not.toBe('undefined');
    expect(words.trim().length).toBeGreaterThan(100);
  });
});
