import { describe, expect, it } from 'vitest';
import { SecretMasker } from '../../runner/secret-masker.ts';

describe('the masker', () => {
  const secret = 'p@ss: wörd"\\';
  const masker = new SecretMasker([secret]);

  it.each([
    ['plain', secret],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['URI', encodeURIComponent(secret)],
  ])('hides the value: %s', (_, form) => {
    expect(masker.mask(`<${form}>`)).toBe('<***>');
  });

  it.each([0, 1, 2])('hides it in Base64, behind %i other bytes', (before) => {
    const plain = 'a-long-enough-password';
    const encoded = Buffer.from(`${'x'.repeat(before)}${plain}`).toString('base64');
    const masked = new SecretMasker([plain]).mask(encoded);
    expect(masked).toContain('***');
    expect(masked.length).toBeLessThan(12);
  });

  it('hides each line of a value with several', () => {
    expect(new SecretMasker(['first\nsecond']).mask('the second')).toBe('the ***');
  });

  it('hides the longest first', () => {
    expect(new SecretMasker(['abc', 'abcdef']).mask('abcdef')).toBe('***');
  });

  it('ignores an empty value', () => {
    expect(new SecretMasker(['', ' ']).mask('a b')).toBe('a b');
  });
});
