import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../src/actions/failure.ts';
import { failureSummary } from '../../src/github/summary.ts';
import { ValueProblem } from '../../src/text/invalid-value.ts';
import { failures } from './failures.ts';
import { anchorsOf, fencesOf, headingsOf, quotesOf, sectionsOf } from './markdown.ts';
import { sourceTexts } from './source-texts.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const page = readFileSync(join(root, 'TROUBLESHOOTING.md'), 'utf8');
const permissions = readFileSync(join(root, 'docs/permissions.md'), 'utf8');
const texts = ['src/actions', 'src/github', 'src/https', 'src/vcenter'].flatMap((folder) =>
  sourceTexts({ root, folder }),
);

/** The lines of the page that quote the action. */
const quoted = quotesOf(page);

const described = failures.map((failure) => describeFailure(failure));

/** Titles of warnings and notices, which no error class has. */
const annotations = texts
  .filter(
    ({ file, as, text }) => file !== 'src/github/clone-summary.ts' && as === 'title' && /^[A-Z]/.test(text),
  )
  .map(({ text }) => text);

function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length;
}

/** `…` stands for anything, in a source's text as on the page. Each piece between is a group. */
function pattern(text: string): RegExp {
  const pieces = text.trim().split('…');
  return new RegExp(pieces.map((piece) => `(${escaped(piece)})`).join('.*'), 'ds');
}

/** What a quoted line stands for: `…` is anything. */
function stands(line: string): RegExp {
  return new RegExp(`^${line.split('…').map(escaped).join('.*')}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\n', '.*');
}

/** How much of a line is the sources' own words, 0 to 1; the rest is values, and words that nobody prints. */
function shareOfSource(line: string): number {
  const covered = new Set<number>();
  for (const { text } of texts.filter((each) => wordsOf(each.text) >= 3)) {
    const pieces = pattern(text).exec(line)?.indices?.slice(1) ?? [];
    for (const [start, end] of pieces.filter((piece) => piece !== undefined)) {
      for (let index = start; index < end; index += 1) {
        covered.add(index);
      }
    }
  }
  return covered.size / line.replaceAll('…', '').length;
}

/** Every class of errors that the sources export. */
async function errorClasses(): Promise<readonly (typeof Error)[]> {
  const entries = ['clone.ts', 'post.ts', 'teardown.ts', 'cleanup.ts'];
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !entries.includes(file),
  );
  const modules: unknown[] = await Promise.all(
    files.map((file) => import(pathToFileURL(join(root, 'src', file)).href)),
  );
  return modules
    .flatMap((module) => Object.values(module as object))
    .filter((value) => typeof value === 'function' && value.prototype instanceof Error);
}

function withCauses(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...withCauses(error.cause)] : [];
}

describe('TROUBLESHOOTING.md', () => {
  it('knows a failure of every class that the sources export', async () => {
    const known = failures.flatMap(withCauses);
    const unknown = (await errorClasses())
      .filter(({ prototype }) => prototype !== ValueProblem.prototype) // becomes a line of InputsError
      .filter((each) => !known.some((error) => error instanceof each));
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  it.each([...new Set([...described.map(({ title }) => title), ...annotations])])(
    'has a heading for "%s"',
    (title) => {
      expect(headingsOf(page)).toContain(title);
    },
  );

  it.each([...new Set(described.map(({ title }) => title))])(
    'has the place that a summary links for "%s"',
    (title) => {
      const troubleshooting = 'https://github.com/octo/vcenter-clone-vm/blob/v1/TROUBLESHOOTING.md';
      const summary = failureSummary({ title, text: 'What failed.', troubleshooting });
      const anchor = /TROUBLESHOOTING\.md#([^)\s]+)\)/.exec(summary)?.[1];
      expect(anchorsOf(page)).toContain(anchor);
    },
  );

  it.each([...sectionsOf(page)])('says under "$heading" what to do before it quotes', ({ text }) => {
    expect(text).toMatch(/^[^>#|`]/);
  });

  it('quotes in a form that wraps', () => {
    expect(fencesOf(page)).toEqual([]);
    expect(quoted.length).toBeGreaterThan(190);
  });

  it.each([...new Set(described.flatMap(({ text }) => text.split('\n').filter((line) => line !== '')))])(
    'quotes "%s"',
    (line) => {
      expect(quoted.filter((each) => stands(each).test(line))).not.toEqual([]);
    },
  );

  it.each(quoted)('quotes what the action can print: "%s"', (line) => {
    const isPrinted = described.some(({ text }) => text.split('\n').some((each) => stands(line).test(each)));
    expect(isPrinted || shareOfSource(line) > 0.3, 'no source prints this any more: correct the quote').toBe(
      true,
    );
  });

  it('would notice a quotation that nobody prints any more', () => {
    expect(
      shareOfSource('vCenter did not like the user name, and neither did we: try a better one.'),
    ).toBeLessThan(0.2);
  });
});

describe('the vCenter role in docs/permissions.md', () => {
  const named = texts
    .filter(({ file }) => file === 'src/actions/advice.ts')
    .flatMap(({ text }) => text.match(/\b(?:VirtualMachine|Resource|Datastore)\.[A-Za-z.]+[a-z]/g) ?? []);

  it.each([...new Set(named)])('has %s, which an error may ask for', (privilege) => {
    expect(permissions).toContain(`| \`${privilege}\` |`);
  });

  const commands = fencesOf(permissions).flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'));
  const listed = [...permissions.matchAll(/^\|[^|]+\| `([\w.]+)` \|/gm)].map(
    ([, privilege = '']) => privilege,
  );

  it('has a command for each privilege, and no privilege in a command that is not in the table', () => {
    const given = commands
      .filter((line) => /^govc role\.(?:create|update -a) /.test(line))
      .flatMap((line) => line.match(/\b[A-Z]\w+\.[A-Za-z.]+/g) ?? []);
    expect([...new Set(given)].sort()).toEqual([...new Set(listed)].sort());
  });

  it('gives each role to the account, but for that on tags, which are no objects of the inventory', () => {
    const roles = commands.flatMap((line) => /^govc role\.create (\S+)/.exec(line)?.[1] ?? []);
    const used = commands.flatMap((line) => /^govc permissions\.set .*-role (\S+)/.exec(line)?.[1] ?? []);
    expect(new Set(used)).toEqual(new Set(['ReadOnly', ...roles.filter((role) => role !== 'ci-tags')]));
  });
});
