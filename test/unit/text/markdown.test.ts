import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, codeBlock, prose, table } from '../../../src/text/markdown.ts';
import { hostileText } from '../../support/hostile-text.ts';

const ZERO_WIDTH = /[\u200b-\u200d\u2060\ufeff]/;
const NOTHING_CONTROL = /^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u;

/** What a reader sees of a text: on one line, without what cannot be printed. */
const asRead = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replaceAll('##[', '## [');

/** The text of a paragraph, and what of it is in code spans and what is not, as a renderer takes it (CommonMark, 6.1). */
function rendered(markdown: string) {
  let text = '';
  let outside = '';
  const spans: string[] = [];
  for (const [, escaped, fence, content, character = ''] of markdown.matchAll(
    /\\([!-/:-@[-`{-~])|(?<!`)(`+)(?!`)(.*?[^`])\2(?!`)|(.)/gsu,
  )) {
    if (fence === undefined) {
      text += escaped ?? character;
      outside += escaped === undefined ? character : '\\';
    } else {
      const code = /^ .*[^ ].* $/.test(content ?? '') ? (content ?? '').slice(1, -1) : (content ?? '');
      text += code;
      outside += '\n';
      spans.push(code);
    }
  }
  return { text, outside, spans };
}

describe('prose', () => {
  it.each([
    ['The clone failed.', 'The clone failed.'],
    ["No room on 'ds-1' (HTTP 500).", "No room on 'ds-1' (HTTP 500)."],
    ['*a* _b_ `c` ~~d~~ $e$', '\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\$e\\$'],
    ['[a](b) <b>', '\\[a\\](b) \\<b>'],
    ['a &amp; b', 'a \\&amp; b'],
    ['C:\\x', 'C:\\\\x'],
    ['# a', '\\# a'],
    ['- a', '\\- a'],
    ['+ a', '\\+ a'],
    ['> a', '\\> a'],
    ['=== a', '\\=== a'],
    ['12. a', '12\\. a'],
    ['12) a', '12\\) a'],
    ['12.5 GB', '12\\.5 GB'],
    ['a\n\n# b\r\nc\u2028d', 'a # b c d'],
    [' a \t b ', 'a b'],
    ['a\u202eb\u0000c', 'a b c'],
    ['a\ud800b', 'a\ufffdb'],
  ])('writes %j as %j', (text, markdown) => {
    expect(prose(text)).toBe(markdown);
  });

  it.each([
    ['@octocat', '`@octocat`'],
    ['https://evil.example', '`https://evil.example`'],
    ['see www.evil.example.', 'see `www.evil.example`.'],
    ['fixes #12, shop/web#3', 'fixes `#12`, `shop/web#3`'],
    ['a :smile:', 'a `:smile:`'],
    ['::error file=a::b', '`::error` `file=a::b`'],
    ['x ##[error]y', 'x ## \\[error\\]y'],
    ['`@a`', '`` `@a` ``'],
  ])('keeps GitHub from finding something in %j', (text, markdown) => {
    expect(prose(text)).toBe(markdown);
  });

  const fingerprint = Array.from({ length: 32 }, (_, byte) => byte.toString(16).padStart(2, '0'))
    .join(':')
    .toUpperCase();

  it.each([
    fingerprint,
    '10.20.3.4',
    'fe80::1',
    '::1',
    '2001:db8:0:1:2:3:4:5',
    '00:50:56:ab:cd:ef',
    'ci@vsphere.local',
    'https://vcenter.example.com:8443/ui/',
    'urn:vmomi:InventoryServiceTag:0a1b-2c:GLOBAL',
    'vm-12:01234567-89ab-cdef-0123-456789abcdef',
    '52bcdbd0-0e2c-5d4f-8d3d-0d8f0b1a2c3d:com.vmware.vcenter.VM',
  ])('A8: leaves %s what it looks like, with nothing unseen between', (value) => {
    for (const [before, after] of [
      ['', ''],
      ['is ', '; next'],
      ["'", "',"],
      ['It is (', ').'],
    ]) {
      const markdown = prose(`${before}${value}${after}`);
      expect(rendered(markdown).text).toBe(`${before}${value}${after}`);
      expect(markdown).not.toMatch(ZERO_WIDTH);
    }
    expect(prose(`It is '${value}'.`)).toMatch(/^It is '(`?)[^`' ]+\1'\.$/);
  });

  it("keeps a task's id as it is, so that it can be copied", () => {
    const id = '52bcdbd0-0e2c-5d4f-8d3d-0d8f0b1a2c3d:com.vmware.vcenter.VM';
    expect(prose(`task ${id} failed`)).toBe(`task ${id} failed`);
  });

  it('cuts a text that is too long, between characters', () => {
    const text = prose('😀'.repeat(5_000));
    expect(text.length).toBeLessThanOrEqual(1_000);
    expect(text).toMatch(/^(?:😀)+…$/u);
  });

  it('has no markup left whatever it is given, and loses and adds nothing', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const markdown = prose(text);
        expect(markdown).toMatch(NOTHING_CONTROL);
        const { text: read, outside, spans } = rendered(markdown);
        // With every escape taken out, no character that could be markup remains.
        expect(outside.replaceAll('\\', '')).not.toMatch(/[\\`*_[\]<~$&]/);
        expect(markdown).not.toMatch(/^(?:[-+=>#:]|\d+[.)]|`{3,}[^`]*$)/);
        expect(outside).not.toMatch(/@\S|#\w|:\/\/|www\.|::|:[\w+-]+:/i);
        expect(markdown).not.toContain('##[');
        for (const each of spans) {
          expect(each).toMatch(/@|#|:|www/i);
        }
        expect(read).toBe(asRead(text).length > 1_000 ? expect.any(String) : asRead(text));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('code', () => {
  it.each([
    ['vm-1067', '`vm-1067`'],
    ['a_b*c <d> &amp; \\', '`a_b*c <d> &amp; \\`'],
    ['a`b', '``a`b``'],
    ['`a', '`` `a ``'],
    ['a``b`', '``` a``b` ```'],
    ['a\nb', '`a b`'],
    ['', '(empty)'],
    ['\n', '(empty)'],
  ])('writes %j as %j', (text, markdown) => {
    expect(code(text)).toBe(markdown);
  });

  it('is one code span whatever it is given, with all of the text in it', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const markdown = code(text);
        expect(markdown).toMatch(NOTHING_CONTROL);
        expect(markdown).not.toContain('##[');
        const read = asRead(text);
        if (read === '') {
          return;
        }
        const [fence = ''] = /^`+/.exec(markdown) ?? [];
        const content = markdown.slice(fence.length, -fence.length);
        expect(markdown).toBe(`${fence}${content}${fence}`);
        expect(content).toMatch(/^[^`].*[^`]$|^[^`]$/s);
        expect((content.match(/`+/g) ?? []).map(({ length }) => length)).not.toContain(fence.length);
        expect(content.trim()).toBe(read.length > 200 ? expect.any(String) : read);
        expect(content.length).toBeLessThanOrEqual(202);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('codeBlock', () => {
  it('keeps the lines as they are', () => {
    expect(codeBlock('{\n  "a": 1\n}', 'json')).toBe('```json\n{\n  "a": 1\n}\n```');
  });

  it('is one block whatever it is given', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const [open = '', ...rest] = codeBlock(text, 'json').split('\n');
        const close = rest.pop() ?? '';
        expect(close).toMatch(/^`{3,}$/);
        expect(open).toBe(`${close}json`);
        for (const line of rest) {
          expect(line).toMatch(NOTHING_CONTROL);
          expect(line).not.toContain(close);
          expect(line).not.toMatch(/^\s*::|##\[/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('table', () => {
  it('writes head, rule and rows', () => {
    expect(table({ head: ['A', 'B'], rows: [['1', '2']] })).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |');
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['a\\|b', 'a\\ \\|b'],
    ['a\\\\|b', 'a\\\\ \\|b'],
    ['||', '\\|\\|'],
  ])('writes a cell %j as %j', (cell, markdown) => {
    expect(table({ head: [cell], rows: [] })).toBe(`| ${markdown} |\n| --- |`);
  });

  it('has as many cells in each row as were given, however a reader takes backslashes', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        const lines = table({ head: [prose(a), code(b)], rows: [[code(a), prose(b)]] }).split('\n');
        expect(lines).toHaveLength(3);
        for (const line of lines) {
          expect(line.match(/(?<!\\)\|/g)).toHaveLength(3);
          expect(line.replace(/\\[\\|]/g, '').match(/\|/g)).toHaveLength(3);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
