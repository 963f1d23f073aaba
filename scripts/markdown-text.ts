import { stripVTControlCharacters, styleText } from 'node:util';

/** A job summary as text for a terminal: headings, tables, code and bold become what a terminal has for them. */
export function markdownText(markdown: string): readonly string[] {
  const lines: string[] = [];
  let table: string[] = [];
  for (const line of [...markdown.trimEnd().split('\n'), '']) {
    if (line.startsWith('|')) {
      table.push(line);
      continue;
    }
    lines.push(...tableText(table));
    table = [];
    const heading = /^#+ (.*)$/.exec(line);
    lines.push(heading === null ? inline(line) : styleText('bold', inline(heading[1] ?? '')));
  }
  return lines.slice(0, -1);
}

/** Rows with columns below each other; the first row is a heading where the second says so. */
export function tableText(rows: readonly string[]): readonly string[] {
  const cells = rows
    .filter((row) => !/^\|[\s|:-]+\|$/.test(row))
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => inline(cell.trim().replaceAll('\\|', '|'))),
    );
  const hasHeading = rows.length !== cells.length;
  return columns(cells).map((row, index) => (hasHeading && index === 0 ? styleText('dim', row) : row));
}

/** Pads all cells but the last of each row to the width of their column. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (text: string) => stripVTControlCharacters(text).length;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd(),
  );
}

function inline(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`') && part.length > 1
        ? styleText('cyan', part.slice(1, -1))
        : part
            .replace(/(?<!\\)\*\*(.+?)(?<!\\)\*\*/g, (_, bold: string) => styleText('bold', bold))
            .replace(/\\([!-/:-@[-`{-~])/g, '$1'),
    )
    .join('');
}
