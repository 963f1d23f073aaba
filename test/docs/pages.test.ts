import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { replaceSection } from '../../scripts/marked-section.ts';
import { pages as pagesWithTables, withTables } from '../../scripts/readme-tables.ts';
import { releaseNotes } from '../../scripts/release-notes.ts';
import { anchorsOf, fencesOf, linksOf } from './markdown.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe.each(pagesWithTables)('the tables of %s', (page) => {
  const text = read(page);
  const sections = [...text.matchAll(/<!-- ((?:inputs|outputs)[\w:]*):begin -->/g)].map(
    ([, name = '']) => name,
  );

  it('are those of the metadata', () => {
    expect(withTables({ page, text }), 'npm run docs writes them anew').toBe(text);
  });

  it.each(sections)('would get another table for another text between the marks of %s', (name) => {
    const spoilt = replaceSection({ text, name, content: 'nothing' });
    expect(withTables({ page, text: spoilt })).toBe(withTables({ page, text }));
    expect(spoilt).not.toBe(text);
  });
});

describe('README.md', () => {
  const readme = read('README.md');

  it('is short enough to be read', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(350);
  });

  it('shows pictures that are there', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(((?!https:)[^)]+)\)/g)].map(([, path = '']) => path);
    expect(pictures).toContain('docs/images/run.svg');
    expect(pictures.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('has badges of workflows that there are', () => {
    const workflows = [...readme.matchAll(/\/actions\/workflows\/([\w.-]+)/g)].map(([, name = '']) => name);
    expect(workflows).not.toEqual([]);
    expect(workflows.filter((name) => !existsSync(join(root, '.github/workflows', name)))).toEqual([]);
  });

  it('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name),
    );
    const examples = ['test:api', 'test:browser']; // of a user's own project
    expect(named.filter((name) => scripts[name] === undefined && !examples.includes(name))).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  const links = linksOf(read(page)).filter((target) => !/^[a-z]+:/.test(target));

  it('has links that lead somewhere', () => {
    const broken = links.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(root, resolve(root, dirname(page), path));
      if (!existsSync(join(root, file))) {
        return true;
      }
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('closes every code block', () => {
    expect(read(page).match(/^```/gm)?.length ?? 0).toBe(2 * fencesOf(read(page)).length);
  });

  it('names every file that it shows as code', () => {
    const paths = read(page).match(/(?<=`)(?:src|test|scripts|docs|dist|\.github)\/[\w./-]*(?=`)/g) ?? [];
    const examples = ['.github/workflows/vm-tests.yml']; // where a user saves the quick start
    expect(paths.filter((path) => !existsSync(join(root, path)) && !examples.includes(path))).toEqual([]);
  });
});

describe('the recipe of linked clones', () => {
  it('V39: says how long the snapshot has to live', () => {
    const [, section = ''] = read('docs/recipes.md').split('## Linked clones');
    expect(section.replaceAll(/\s+/g, ' ')).toContain('keep it as long as there are clones of it');
  });
});

describe('CHANGELOG.md', () => {
  const changelog = read('CHANGELOG.md');
  const headings = [...changelog.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  const versions = headings.slice(1).map((heading) => /^\[(.+?)\]/.exec(heading)?.[1]);

  it('begins with what is not released yet, and dates every version', () => {
    expect(headings[0]).toBe('[Unreleased]');
    for (const heading of headings.slice(1)) {
      expect(heading).toMatch(/^\[\d+\.\d+\.\d+(-rc\.\d+)?\] - \d{4}-\d\d-\d\d$/);
    }
  });

  it('has the version of the package as the newest, and a link for each', () => {
    expect(JSON.parse(read('package.json'))).toMatchObject({ version: versions[0] });
    const links = [...changelog.matchAll(/^\[(.+?)\]: https:/gm)].map(([, name]) => name);
    expect(links).toEqual(['Unreleased', ...versions]);
  });
});

describe('the release notes', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };

  it('are in CHANGELOG.md for the version of package.json', () => {
    expect(releaseNotes({ changelog: read('CHANGELOG.md'), version })).toContain('### Added');
  });

  it('end where the next version begins', () => {
    const changelog =
      '# C\n\n## [1.1.0] - 2026-02-01\n\nnew\n\n## [1.0.0] - 2026-01-01\n\nold\n\n[1.0.0]: https://example.test\n';
    expect(releaseNotes({ changelog, version: '1.1.0' })).toBe('new');
    expect(releaseNotes({ changelog, version: '1.0.0' })).toBe('old');
    expect(() => releaseNotes({ changelog, version: '2.0.0' })).toThrow('says nothing about 2.0.0');
  });
});
