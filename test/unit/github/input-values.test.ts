import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseBoolean,
  parseChoice,
  parseDuration,
  parseUsername,
  splitList,
} from '../../../src/github/input-values.ts';
import { problemOf, valueOrRefused } from '../../support/fake-core.ts';

/** Texts that look like values but may not be. */
const nearlyValues = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[0-9hmstrue:.,/ -]{0,20}$/),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '\0',
    '__proto__',
    '١٠',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '-0',
    '9'.repeat(400),
  ),
);

describe('parseDuration', () => {
  const milliseconds = (text: string) => parseDuration({ text, zero: 'refused' });

  it.each([
    ['90s', 90_000],
    ['20m', 1_200_000],
    ['1h', 3_600_000],
    ['1h30m', 5_400_000],
    ['1h0m5s', 3_605_000],
    ['90m', 5_400_000],
    ['45', 45_000],
    ['24h', 86_400_000],
    ['86400', 86_400_000],
  ])('reads %s', (text, expected) => {
    expect(milliseconds(text)).toBe(expected);
  });

  it.each([
    '10abc',
    '',
    ' ',
    'h',
    '1h30',
    '30m1h',
    '1.5h',
    '-5s',
    '+5',
    '5 m',
    '5M',
    '1d',
    '1e3',
    '0x10',
    '٣s',
  ])('refuses %j', (text) => {
    expect(problemOf(() => milliseconds(text))).toBe(
      'is not a duration; use 90s, 20m, 1h30m or a number of seconds',
    );
  });

  it.each(['24h1s', '86401', `${'9'.repeat(400)}h`])('refuses %j as too long', (text) => {
    expect(problemOf(() => milliseconds(text))).toBe('is too long; 24h is the longest');
  });

  it.each(['0', '0s', '0h0m'])('takes %j only where no time at all makes sense', (text) => {
    expect(problemOf(() => milliseconds(text))).toBe('is no time at all; the shortest is 1s');
    expect(parseDuration({ text, zero: 'allowed' })).toBe(0);
  });

  it('reads back what it is told in hours, minutes and seconds', () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), fc.nat(59), (hours, minutes, seconds) => {
        const expected = ((hours * 60 + minutes) * 60 + seconds) * 1000;
        expect(parseDuration({ text: `${hours}h${minutes}m${seconds}s`, zero: 'allowed' })).toBe(expected);
        expect(parseDuration({ text: String(expected / 1000), zero: 'allowed' })).toBe(expected);
      }),
    );
  });

  it('gives whole seconds within a day, or a problem, for any text', () => {
    fc.assert(
      fc.property(nearlyValues, (text) => {
        const duration = valueOrRefused(() => parseDuration({ text, zero: 'allowed' })) ?? 0;
        expect(duration % 1000).toBe(0);
        expect(duration).toBeGreaterThanOrEqual(0);
        expect(duration).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });
});

describe('parseBoolean', () => {
  it.each(['true', 'True', 'TRUE'])('reads %s', (text) => expect(parseBoolean(text)).toBe(true));
  it.each(['false', 'False', 'FALSE'])('reads %s', (text) => expect(parseBoolean(text)).toBe(false));
  it.each(['', 'yes', 'on', '1', 'tRUE', 'true\n', 'trueish'])('refuses %j', (text) => {
    expect(problemOf(() => parseBoolean(text))).toBe('is neither true nor false');
  });
});

describe('parseChoice', () => {
  it('takes the words as they are, and no others', () => {
    expect(parseChoice('reuse', ['fail', 'reuse', 'replace'])).toBe('reuse');
    for (const text of ['Reuse', 'reus', 'reuse,', '', 'constructor']) {
      expect(problemOf(() => parseChoice(text, ['fail', 'reuse', 'replace']))).toBe(
        'is not one of fail, reuse, replace',
      );
    }
  });
});

describe('splitList', () => {
  it('splits at line breaks and commas, and drops what is empty', () => {
    expect(splitList(' 2001,Hard disk 2 \r\n\n , 2003\n')).toEqual(['2001', 'Hard disk 2', '2003']);
    expect(splitList(' ,\n, ')).toEqual([]);
  });
});

describe('parseUsername', () => {
  it('takes what a server may know', () => {
    expect(parseUsername('CORP\\svc-ci')).toBe('CORP\\svc-ci');
  });
  it('refuses what cannot be one', () => {
    expect(problemOf(() => parseUsername('svc:ci'))).toContain('colon');
    expect(problemOf(() => parseUsername('svc\nci'))).toContain('line break');
  });
  it('throws nothing but its own problem', () => {
    fc.assert(
      fc.property(nearlyValues, (text) => {
        for (const parse of [parseUsername, parseBoolean, splitList]) {
          valueOrRefused(() => parse(text));
        }
      }),
    );
  });
});
