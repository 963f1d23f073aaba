import { describe, expect, it } from 'vitest';
import type { Core, DeferredCore } from '../../../src/github/core.ts';
import { createReport } from '../../../src/github/report.ts';

/** A loaded core that records, with a summary that ends as given. */
function setUp({
  write = async () => undefined,
  load,
}: {
  readonly write?: () => Promise<unknown>;
  readonly load?: () => Promise<Core>;
} = {}) {
  const lines: (readonly [string, string, string?])[] = [];
  const summaries: string[] = [];
  const annotate = (kind: string) => (message: string | Error, properties?: { title?: string }) => {
    lines.push([kind, String(message), properties?.title ?? '']);
  };
  const log = (kind: string) => (message: string) => {
    lines.push([kind, message]);
  };
  const summary = {
    addRaw: (text: string) => {
      summaries.push(text);
      return { write };
    },
  };
  const core = {
    ...{ error: annotate('error'), warning: annotate('warning'), notice: annotate('notice') },
    ...{
      info: log('info'),
      debug: log('debug'),
      startGroup: log('group'),
      endGroup: () => lines.push(['end', '']),
    },
    load: load ?? (async () => ({ summary }) as unknown as Core),
  } as unknown as DeferredCore;
  return { report: createReport(core), lines, summaries };
}

describe('createReport', () => {
  it.each([
    ['failure', 'error'],
    ['warning', 'warning'],
    ['notice', 'notice'],
  ] as const)('A9: begins the text of a %s with its title, which the log does not show', (method, kind) => {
    const { report, lines } = setUp();
    report[method]({ title: 'Login refused', text: 'First line.\nSecond line.' });
    expect(lines).toEqual([[kind, 'Login refused: First line.\nSecond line.', 'Login refused']]);
  });

  it('leaves the runner no command in titles, texts, lines and groups', () => {
    const { report, lines } = setUp();
    report.failure({ title: '##[error]x', text: 'a\r\n::add-mask::b\n  ##[warning]c' });
    report.warning({ title: '##[error]x', text: 'a' });
    report.notice({ title: '##[error]x', text: 'a' });
    report.info('::error::x');
    report.debug('::error::x');
    report.group('##[group]x', ['::error::x', 'y']);
    expect(lines).toEqual([
      ['error', '## [error]x: a\n: :add-mask::b\n  ## [warning]c', '## [error]x'],
      ['warning', '## [error]x: a', '## [error]x'],
      ['notice', '## [error]x: a', '## [error]x'],
      ['info', ': :error::x'],
      ['debug', ': :error::x'],
      ['group', '## [group]x'],
      ['info', ': :error::x'],
      ['info', 'y'],
      ['end', ''],
    ]);
  });

  it('adds to the summary', async () => {
    const { report, lines, summaries } = setUp();
    await report.summary('### Cloned');
    expect(summaries).toEqual(['### Cloned']);
    expect(lines).toEqual([]);
  });

  it.each([
    ['written', { write: () => Promise.reject(new Error('ENOSPC: no space left on device')) }],
    ['begun', { load: () => Promise.reject(new Error('ENOSPC: no space left on device')) }],
  ])('B3, B13: warns once, and goes on, where the summary cannot be %s', async (_, given) => {
    const { report, lines } = setUp(given);
    await report.summary('### Cloned');
    expect(lines).toEqual([
      [
        'warning',
        'Summary not written: The job summary cannot be written: ENOSPC: no space left on device',
        'Summary not written',
      ],
    ]);
  });
});
