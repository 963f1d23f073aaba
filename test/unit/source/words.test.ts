import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** What is not said, and the word that stands for it. */
const LEFT_OUT: readonly (readonly [RegExp, instead: string])[] = [
  [/looks?\b(?! (?:up|for|at|in|like)\b)(?<!\blook-?(?=-?ups?))|glances?/, 'poll'],
  [/patience|troubles?|repeat(?:s|ed|ing)?/, 'retry, retry timeout, last error'],
  [/calls?|answers?|answered|exchanges?/, 'request, response'],
  [/settl(?:e|es|ed|ing|ement)|aftermath|came of it/, 'cancel, abort, clean up, leftover'],
  [/namings?|judge(?:s|d|ment)?|the only/, 'resolve, exactly one, candidates'],
  [/verdicts?|suspects?|namesakes?/, 'ownership check, candidate tasks'],
  [/surroundings|story|stories/, 'runtime, action, step'],
  [/bad inputs?|blanks?|out of time|told to end/, 'invalid input, whitespace, timed out, cancelled'],
  [/stored names?|foreign text|defuse[sd]?/, 'escaped name, untrusted text, sanitize'],
  [/hand(?:s|ed|ing)? (?:out|over)/, 'publish outputs, returned by a successful step'],
  [/came to its end all the same/, 'the clone was cancelled'],
];

/** What stays, in a file or in all of them, and why. */
const EXCEPTIONS: readonly (readonly [file: string | undefined, text: RegExp])[] = [
  [undefined, /\.repeat\(|allSettled|erroredSysCall/g], // of JavaScript, and of node-fetch
  [undefined, /look-?ups?/gi],
  ['src/actions/recovery/journal.ts', /settled: 'closed'/g], // a phase of the state's version 1
];

const files = [
  ...[
    'README.md',
    'TROUBLESHOOTING.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'action.yml',
    'teardown/action.yml',
    'cleanup/action.yml',
  ],
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
  ...readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts')),
];

/** The words of prose and of identifiers, in lower case: `lastError` is `last error`. */
function wordsOf(file: string): string {
  let text = readFileSync(join(root, file), 'utf8');
  for (const [only, exception] of EXCEPTIONS) {
    text = only === undefined || only === file ? text.replaceAll(exception, ' ') : text;
  }
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/\n[ *|>/]*/g, ' ');
}

describe('the words of the project', () => {
  it.each(files)('%s says what the field says', (file) => {
    const words = wordsOf(file);
    const found = LEFT_OUT.flatMap(([pattern, instead]) =>
      [...words.matchAll(new RegExp(`.{0,30}\\b(?:${pattern.source})\\b.{0,20}`, 'g'))].map(
        ([where]) => `${where.trim()} → ${instead}`,
      ),
    );
    expect(found).toEqual([]);
  });
});
