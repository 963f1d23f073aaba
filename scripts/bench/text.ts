import { styleText } from 'node:util';
import { columns } from '../markdown-text.ts';
import { boundText, type Figure, judge, valueText } from './figure.ts';
import type { Known, Section } from './section.ts';
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

/** The figures, and the tables whose sections are named, as docs/benchmarks.md shows them. */
export function benchMarkdown(
  sections: readonly Section[],
  { machine, withTables }: { readonly machine: string; readonly withTables: readonly string[] },
): string {
  const tables = sections
    .flatMap((section) => section.tables)
    .filter(({ title }) => withTables.includes(title))
    .map(({ title, rows, notes = [] }) => [`${title}:`, markdownTable(rows), notes.join(' ')].join('\n\n'));
  return [`With ${machine}.`, markdownTable(figureRows(sections)), ...tables].join('\n\n').trim();
}

function figureRows(sections: readonly Section[]): Rows {
  const row = (figure: Figure, known: Known) => [
    figure.name,
    known,
    valueText(figure),
    boundText(figure),
    judge(figure) ?? '',
    figure.detail ?? '',
  ];
  return [
    ['figure', 'known', 'value', 'must be', '', 'details'],
    ...sections.flatMap(({ known, figures }) => figures.map((figure) => row(figure, known))),
  ];
}

function shown([head = [], ...rows]: Rows): readonly string[] {
  return columns([
    head.map((cell) => styleText('dim', cell)),
    ...rows.map((row) => row.map((cell) => (cell === 'missed' ? styleText('red', cell) : cell))),
  ]).map((line) => `  ${line}`);
}
