import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitize } from '../../../src/text/sanitize.ts';
import { hostileText } from '../../support/hostile-text.ts';

/**
 * What actions/runner takes for a command (ActionCommand.cs: TryParseV2, then TryParse), for any name at all: it compares
 * by .NET's culture, which does not see ignorable characters, and reads lines that end with \n, \r or both.
 */
function isObeyed(output: string): boolean {
  return output.split(/\r\n|\r|\n/).some((line) => {
    const seen = line.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
    const text = seen.replace(/^[\s\u0085]+/, '');
    const colons = text.startsWith('::') && text.indexOf('::', 2) >= 0;
    const bracket = seen.indexOf('##[');
    return colons || (bracket >= 0 && seen.indexOf(']', bracket) >= 0);
  });
}

const commandPieces = fc
  .array(
    fc.constantFrom(
      ...['::', ':', '##[', '##', '#', '[', ']', 'error', 'add-mask', 'set-output name=a', 'fe80::1'],
      ...[' ', '\t', '\n', '\r\n', '\r', '\v', '\f', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff'],
      ...[
        '\u200b',
        '\u00ad',
        '\u034f',
        '\ufe0f',
        '\u2060',
        '\u202e',
        '\u{e0020}',
        '\ud83d',
        '\ude00',
        '\0',
        '\x1b',
      ],
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const anyText = fc.oneof(commandPieces, hostileText, fc.string({ unit: 'binary', maxLength: 60 }));

describe('the model of the runner', () => {
  it.each([
    '::error::x',
    '  ::add-mask::x',
    '\u00a0\u3000::error file=a::',
    'x\n::error::x',
    'x\r::error::x',
    'x ##[error]y',
    '\u200b::error::x',
    'x #\u200b#\ufe0f[error]y',
  ])('obeys %j', (text) => {
    expect(isObeyed(text)).toBe(true);
  });

  it.each(['x ::error::y', '::1', '## [error]', ': :error::x', '##[open'])('does not obey %j', (text) => {
    expect(isObeyed(text)).toBe(false);
  });
});

describe('sanitize', () => {
  it('leaves the runner nothing to obey', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isObeyed(sanitize(text))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves nothing to obey where one result is put behind another', () => {
    fc.assert(
      fc.property(anyText, anyText, (first, second) => {
        expect(isObeyed(`${sanitize(first)} ${sanitize(second)}`)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('breaks what would be a command without the words before it', () => {
    const command = fc.constantFrom('error', 'add-mask', 'set-output', 'stop-commands', 'x');
    fc.assert(
      fc.property(anyText, command, anyText, (before, name, after) => {
        expect(sanitize(`${before} ::${name} ${after}::`)).not.toContain(` ::${name}`);
        expect(sanitize(`${before}##[${name}]${after}`)).not.toContain(`##[${name}`);
      }),
      { numRuns: 1000 },
    );
  });

  it('makes one line of well-formed, visible characters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = sanitize(text);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      }),
      { numRuns: 1000 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(sanitize(sanitize(text))).toBe(sanitize(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps what is harmless', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~äöü€漢😀]{0,80}$/u), (text) => {
        fc.pre(!text.includes('::') && !text.includes('##['));
        expect(sanitize(text)).toBe(text);
      }),
    );
  });

  it('keeps every IPv6 address that is not at the start of a line', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (first, second) => {
        const text = `addresses: ${first}, ${second} and [${first}]:443`;
        expect(sanitize(text)).toBe(text);
      }),
    );
  });

  it.each([
    ['::error::gotcha', ': :error::gotcha'],
    [' \t ::error::gotcha', '   : :error::gotcha'],
    [':::error::gotcha', ': : :error::gotcha'],
    ['::1 is up', ': :1 is up'],
    ['vCenter: ::set-output name=ip::10.0.0.1', 'vCenter: : :set-output name=ip::10.0.0.1'],
    ['(::add-mask::x)', '(: :add-mask::x)'],
    ['std::vector::at', 'std::vector::at'],
    ['fe80::1%eth0 and ::1', 'fe80::1%eth0 and ::1'],
    ['from ::ffff:192.0.2.1 to fe80::1', 'from ::ffff:192.0.2.1 to fe80::1'],
    ['see ##[error]gotcha', 'see ## [error]gotcha'],
    ['###[group]x', '### [group]x'],
    ['#\u200b#[error]x', '#<U+200B>#[error]x'],
    ['##\ufe0f[error]x', '## [error]x'],
    ['one\ntwo\r\n  three\rfour', 'one ⏎ two ⏎   three ⏎ four'],
    ['one\n\r\n\u2028two', 'one ⏎ two'],
    ['\n::error::x', ' ⏎ : :error::x'],
    ['\x1b[31mred\x07', '<U+001B>[31mred<U+0007>'],
    ['\x9b31m', '<U+009B>31m'],
    ['exe.\u202egpj', 'exe.<U+202E>gpj'],
    ['\u2066x\u2069', '<U+2066>x<U+2069>'],
    ['v\u200bm', 'v<U+200B>m'],
    ['\u{e0041}', '<U+E0041>'],
    ['a\ud800b\udc00', 'a\ufffdb\ufffd'],
    ['⚠️ 😀 ü 漢', '⚠ 😀 ü 漢'],
    ['100 % of %0A', '100 % of %0A'],
    ['', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it('cuts what is too long, and not through a character', () => {
    const line = sanitize(`x${'😀'.repeat(5_000)}`);
    expect(line).toHaveLength(4_000);
    expect(line.endsWith('😀…')).toBe(true);
    expect(sanitize('y'.repeat(4_000))).toBe('y'.repeat(4_000));
  });

  it('takes linear time', () => {
    const startedAt = performance.now();
    for (const piece of [' ', '::a', ' ::a', '##', ':', '\n ', '::a:: ', '::ffff:']) {
      sanitize(piece.repeat(200_000));
    }
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
