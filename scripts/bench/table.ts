/** The first row is the heading. */
export type Rows = readonly (readonly string[])[];

/** The table in GitHub's Markdown. */
export function markdownTable([head = [], ...rows]: Rows): string {
  const line = (cells: readonly string[]) => {
    const texts = head.map((_, column) => (cells[column] ?? '').replaceAll('|', '\\|'));
    return `|${texts.map((text) => (text === '' ? ' ' : ` ${text} `)).join('|')}|`;
  };
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
