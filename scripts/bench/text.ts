import { styleText } from 'node:util';
import { columns } from '../markdown-text.ts';
import { boundText, type Figure, judge, valueText } from './figure.ts';
import type { Section } from './section.ts';
import { markdownTable, type Rows } from './table.ts';

/** Every figure with its bound, then what lies behind, for a terminal. */
export function benchText(sections: readonly Section[]): string {
  const lines = ['', ...shown(figureRows(sections))];
  for (const { title, tables } of sections) {
    for (const table of tables) {
      lines.push('', styleText('bold', `${title}: ${table.title}`), '');
      lines.push(...shown(table.rows), ...(table.notes ?? []).map((note) => styleText('dim', note)));
    }
  }
  return lines.join('\n');
}

/** The figures, and the tables whose sections are named, as README.md shows them. */
export function benchMarkdown(
  sections: readonly Section[],
  { machine, withTables }: { readonly machine: string; readonly withTables: readonly string[] },
): string {
  const tables = sections
    .flatMap((section) => section.tables)
    .filter(({ title }) => withTables.includes(title))
    .map(({ title, rows, notes = [] }) => [`${title}:`, markdownTable(rows), notes.join(' ')].join('\n\n'));
  return [`Measured with ${machine}.`, markdownTable(figureRows(sections)), ...tables].join('\n\n').trim();
}

function figureRows(sections: readonly Section[]): Rows {
  const row = (figure: Figure) => [
    figure.name,
    valueText(figure),
    boundText(figure),
    judge(figure) ?? '',
    figure.detail ?? '',
  ];
  return [
    ['figure', 'measured', 'must be', '', 'how'],
    ...sections.flatMap(({ figures }) => figures.map(row)),
  ];
}

function shown([head = [], ...rows]: Rows): readonly string[] {
  return columns([
    head.map((cell) => styleText('dim', cell)),
    ...rows.map((row) => row.map((cell) => (cell === 'missed' ? styleText('red', cell) : cell))),
  ]).map((line) => `  ${line}`);
}
