import { shorten } from './shorten.ts';

/** Characters of a value that are shown at most; the log and the outputs have the whole. */
const LONGEST_VALUE = 200;
const LONGEST_LINE = 1_000;
const LONGEST_BLOCK = 20_000;

/**
 * What GitHub looks for in text that is rendered already, where no escape is left: mentions, references to issues, links,
 * e-mail addresses, emoji. Fingerprints, IPv6 addresses and ids have colons like those of emoji.
 */
const FOUND_BY_GITHUB = /@\S|#\w|:(?::|\/\/|[\w+-]+:)|www\./i;

/**
 * Untrusted text as prose in a Markdown document: one line, in which nothing is markup, a link, a mention, an emoji or a
 * workflow command. Words in which GitHub would find something become code spans, so that they mean nothing and are still
 * what they look like to whoever copies them. Inside a table, {@link table} does the rest.
 */
export function prose(text: string): string {
  return (
    oneLine(text, LONGEST_LINE)
      .split(' ')
      .map((word) => (FOUND_BY_GITHUB.test(word) ? wordAsCode(word) : escaped(word)))
      .join(' ')
      // These mean something only where a line, and with it a block, begins.
      .replace(/^[-+=>#:]/, '\\$&')
      .replace(/^(\d+)([.)])/, '$1\\$2')
  );
}

/** The quotes, brackets and full stops around a word are no part of what is copied. */
function wordAsCode(word: string): string {
  const [, before = '', , after = ''] = /^(["'([{<]*)(.*?)([.,;!?"')\]}>]*)$/.exec(word) ?? [];
  const content = word.slice(before.length, word.length - after.length);
  return `${escaped(before)}${span(content)}${escaped(after)}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<~$&]/g, '\\$&');
}

/** Untrusted text as a code span, fit for names and ids: one line, in which nothing means anything. */
export function code(text: string): string {
  const content = oneLine(text, LONGEST_VALUE);
  return content === '' ? '(empty)' : span(content);
}

function span(content: string): string {
  const fence = '`'.repeat(longestBackticks(content) + 1);
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** Untrusted text of several lines as a fenced block. */
export function codeBlock(text: string, language: string): string {
  const content = shorten(text.replace(/\r\n?/g, '\n'), LONGEST_BLOCK)
    .split('\n')
    .map((line) => printable(line).replace(/^\s*:(?=:)/, '$& '))
    .join('\n');
  const fence = '`'.repeat(Math.max(3, longestBackticks(content) + 1));
  return `${fence}${language}\n${content}\n${fence}`;
}

/** A table from cells that are Markdown already, made by {@link prose} or {@link code} where they hold untrusted text. */
export function table({
  head,
  rows,
}: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/**
 * A `|` ends a cell, even inside a code span, unless a backslash stands before it (GitHub Flavored Markdown, 4.10). One
 * that came with the text would take that backslash for itself, so that the two are kept apart.
 */
function cell(markdown: string): string {
  return markdown.replace(/\\(?=\|)/g, '\\ ').replaceAll('|', '\\|');
}

function oneLine(text: string, limit: number): string {
  // What is far beyond the limit needs no reading; white space may leave less of the text than there was.
  return shorten(
    printable(shorten(text, 10 * limit))
      .replace(/\s+/g, ' ')
      .trim(),
    limit,
  );
}

/**
 * Control characters, and those that turn the direction of the text that follows, become spaces; halves of surrogate pairs
 * become U+FFFD. The old form of a workflow command, `##[error]`, counts anywhere in a line: a space breaks it.
 */
function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ')
    .replaceAll('##[', '## [');
}

function longestBackticks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
