import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Section } from '../../../scripts/bench/section.ts';
import { benchMarkdown, benchText } from '../../../scripts/bench/text.ts';

const sections: readonly Section[] = [
  {
    title: 'Calls',
    figures: [
      { name: 'calls', value: 3, unit: 'count', bound: { kind: 'exactly', value: 3 }, detail: 'a | b' },
      { name: 'start', value: 4, unit: 'times', bound: { kind: 'at most', value: 3.5 } },
      { name: 'requests', value: 90, unit: 'count' },
    ],
    tables: [
      {
        title: 'Shown',
        rows: [
          ['', 'calls'],
          ['this action', '3'],
        ],
        notes: ['One.', 'Two.'],
      },
      { title: 'Left out', rows: [['x'], ['y']] },
    ],
  },
];

describe('the bench', () => {
  it('prints each figure with its bound and whether that is kept, then all tables', () => {
    expect(stripVTControlCharacters(benchText(sections)).split('\n')).toEqual([
      '',
      '  figure    measured  must be           how',
      '  calls     3         3         ok      a | b',
      '  start     4.00 ×    ≤ 3.50 ×  missed',
      '  requests  90',
      '',
      'Calls: Shown',
      '',
      '               calls',
      '  this action  3',
      'One.',
      'Two.',
      '',
      'Calls: Left out',
      '',
      '  x',
      '  y',
    ]);
  });

  it('writes the figures and the chosen tables as Markdown', () => {
    const markdown = benchMarkdown(sections, { machine: 'Node.js 24', withTables: ['Shown'] });
    expect(markdown.split('\n')).toEqual([
      'Measured with Node.js 24.',
      '',
      '| figure | measured | must be | | how |',
      '|---|---|---|---|---|',
      '| calls | 3 | 3 | ok | a \\| b |',
      '| start | 4.00 × | ≤ 3.50 × | missed | |',
      '| requests | 90 | | | |',
      '',
      'Shown:',
      '',
      '| | calls |',
      '|---|---|',
      '| this action | 3 |',
      '',
      'One. Two.',
    ]);
  });
});
