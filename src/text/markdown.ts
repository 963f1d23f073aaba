/** Characters of a value that are shown at most; the log and the outputs have the whole. */
const LONGEST_VALUE = 200;
const LONGEST_LINE = 1_000;
const LONGEST_BLOCK = 20_000;

const ZERO_WIDTH_SPACE = '\u200b';

/**
 * Foreign text as prose in a Markdown document: one line, in which nothing is markup, a link, a mention, an emoji or a
 * workflow command. Inside a table, {@link table} does the rest.
 */
export function prose(text: string): string {
  return (
    oneLine(text, LONGEST_LINE)
      .replace(/[\\`*_[\]<~$&]/g, '\\$&')
      // These mean something only where a line, and with it a block, begins.
      .replace(/^[-+=>#:]/, '\\$&')
      .replace(/^(\d+)([.)])/, '$1\\$2')
      // GitHub finds these in the rendered text, where no escape is left; only there is a character put between.
      .replace(/@(?=\S)/g, `@${ZERO_WIDTH_SPACE}`)
      .replace(/#(?=\w)/g, `#${ZERO_WIDTH_SPACE}`)
      .replace(/:(?=:|\/\/|[\w+-]+:)/g, `:${ZERO_WIDTH_SPACE}`)
      .replace(/www(?=\.)/gi, `$&${ZERO_WIDTH_SPACE}`)
  );
}

/** Foreign text as a code span, fit for names and ids: one line, in which nothing means anything. */
export function code(text: string): string {
  const content = oneLine(text, LONGEST_VALUE);
  if (content === '') {
    return '(empty)';
  }
  const fence = '`'.repeat(longestBackticks(content) + 1);
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}

/** Foreign text of several lines as a fenced block. */
export function codeBlock(text: string, language: string): string {
  const content = shorten(text.replace(/\r\n?/g, '\n'), LONGEST_BLOCK)
    .split('\n')
    .map((line) => printable(line).replace(/^\s*:(?=:)/, `$&${ZERO_WIDTH_SPACE}`))
    .join('\n');
  const fence = '`'.repeat(Math.max(3, longestBackticks(content) + 1));
  return `${fence}${language}\n${content}\n${fence}`;
}

/** A table from cells that are Markdown already, made by {@link prose} or {@link code} where they hold foreign text. */
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
  return shorten(printable(text).replace(/\s+/g, ' ').trim(), limit);
}

/**
 * Control characters, and those that turn the direction of the text that follows, become blanks; halves of surrogate pairs
 * become U+FFFD. The old form of a workflow command, `##[error]`, counts anywhere in a line.
 */
function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ')
    .replaceAll('##[', `##${ZERO_WIDTH_SPACE}[`);
}

function shorten(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function longestBackticks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
