import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fencesOf, headingsOf } from './markdown.ts';
import { type SourceText, sourceTexts } from './source-texts.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const page = readFileSync(join(root, 'TROUBLESHOOTING.md'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const texts = ['src/actions', 'src/github', 'src/vcenter'].flatMap((folder) => sourceTexts({ root, folder }));

/** The lines of the page that quote the action. */
const quoted = fencesOf(page)
  .filter(({ language }) => language === 'text')
  .flatMap(({ text }) => text.trim().split('\n'));

const titles = texts.filter(
  ({ file, as, within, text }) =>
    file.startsWith('src/actions/') && (as === 'title' || (within === 'titleOf' && /^[A-Z][a-z]/.test(text))),
);

/** Where the words of errors, warnings and notices are. */
const wordings: readonly ((text: SourceText) => boolean)[] = [
  ({ file, as }) => file.startsWith('src/actions/') && ['text', 'left', 'why'].includes(as),
  ({ as }) => ['AmbiguousVm', 'UnknownOutcome', 'StateError'].includes(as),
  ({ within }) => ['hintFor', 'cloneHint', 'connectionHint', 'aftermathText', 'troubleText'].includes(within),
  ({ within }) =>
    ['describeNoAddress', 'whatToDo', 'whatMayBeLeft', 'problemText', 'judgeOwnership'].includes(within),
  ({ file, as }) => file.startsWith('src/vcenter/') && ['message', 'messages', 'hint'].includes(as),
  ({ within }) => ['statement', 'pathHint', 'choiceHint', 'foreignText'].includes(within),
  ({ file, within, as }) =>
    file === 'src/vcenter/transport/certificate-error.ts' &&
    (within === 'untrusted' || ['why', 'advice'].includes(as)),
  ({ file, text }) =>
    file === 'src/github/inputs.ts' && /^(?:is empty|is required|contradicts|needs|names|has no) /.test(text),
];

/** These are printed only as a part of another text that is on the page. */
const parts = [
  'its id or its inventory path here',
  'its id here',
  "the public CAs and 'ca-certificate'",
  'it is the source',
];

function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length;
}

const errors = texts.filter(
  (text) => wordings.some((holds) => holds(text)) && wordsOf(text.text) >= 3 && !parts.includes(text.text),
);

/** `…` stands for anything, in the source's text as on the page. Each piece between is a group. */
function pattern(text: string): RegExp {
  const pieces = text.trim().split('…');
  return new RegExp(pieces.map((piece) => `(${escaped(piece)})`).join('.*'), 'ds');
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

describe('TROUBLESHOOTING.md', () => {
  it('finds titles and errors in the sources', () => {
    expect(titles.length).toBeGreaterThan(20);
    expect(errors.length).toBeGreaterThan(70);
  });

  it.each([...new Set(titles.map(({ text }) => text))])('has a heading for "%s"', (title) => {
    expect(headingsOf(page)).toContain(title);
  });

  it.each([...new Map(errors.map((each) => [each.text, each])).values()])(
    'quotes "$text" of $file',
    ({ text }) => {
      const says = pattern(text);
      expect(quoted.filter((line) => says.test(line))).not.toEqual([]);
    },
  );

  it.each(quoted)('quotes what the action can print: "%s"', (line) => {
    expect(shareOfSource(line)).toBeGreaterThan(0.3);
  });

  it('would notice a quotation that nobody prints any more', () => {
    expect(
      shareOfSource('vCenter did not like the user name, and neither did we: try a better one.'),
    ).toBeLessThan(0.2);
  });
});

describe('the vCenter role in README.md', () => {
  const named = texts
    .filter(({ file }) => file === 'src/vcenter/hint.ts')
    .flatMap(({ text }) => text.match(/\b(?:VirtualMachine|Resource|Datastore)\.[A-Za-z.]+[a-z]/g) ?? []);

  it.each([...new Set(named)])('has %s, which an error may ask for', (privilege) => {
    expect(readme).toContain(`| \`${privilege}\` |`);
  });
});
