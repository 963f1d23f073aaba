import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { columns, markdownText } from '../../../scripts/markdown-text.ts';

const plain = (markdown: string) => markdownText(markdown).map(stripVTControlCharacters);

describe('a job summary as text', () => {
  it('has no markup', () => {
    expect(plain('### Cloned `vm-7`\n\nIt **stays**\\! \\*no\\* NOT\\_FOUND `a*b`\n')).toEqual([
      'Cloned vm-7',
      '',
      'It stays! *no* NOT_FOUND a*b',
    ]);
  });

  it('has tables with columns', () => {
    const table = '| Phase | Time |\n| --- | --- |\n| Log in | 3 ms |\n| `a\\|b` | **4 s** |\n\nend';
    expect(plain(table)).toEqual(['Phase   Time', 'Log in  3 ms', 'a|b     4 s', '', 'end']);
  });

  it('pads by what is seen, not by colour codes', () => {
    expect(
      columns([
        ['\u001b[1ma\u001b[22m', 'x'],
        ['bbb', 'y'],
      ]),
    ).toEqual(['\u001b[1ma\u001b[22m    x', 'bbb  y']);
  });
});
