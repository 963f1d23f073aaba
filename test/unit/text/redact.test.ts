import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/text/redact.ts';

const SECRET = 'a/b+c=%d é';

describe('redact', () => {
  it.each([
    ['itself', SECRET],
    ['in upper case', SECRET.toUpperCase()],
    ['percent-encoded', encodeURIComponent(SECRET)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(SECRET))],
    ['percent-encoded in lower case', encodeURIComponent(SECRET).toLowerCase()],
    ['as HTML', 'a&#x2F;b&#43;c&#61;%d&#32;&#xe9;'],
    ['as JSON', 'a\\/b\\u002bc\\u003d%d \\u00E9'],
  ])('hides a secret %s', (_, shown) => {
    expect(redact(`<${shown}> and ${shown}`, ['another one', SECRET])).toBe('<***> and ***');
  });

  it('leaves alone what is no secret, and what is too short to be one', () => {
    const text = 'The session abc of a/b+c=%d e is over.';
    expect(redact(text, [SECRET, 'abc', '', 'session '.repeat(2)])).toBe(text);
  });

  it('leaves nothing of any secret', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{8,40}$/), fc.string(), fc.string(), (secret, before, after) => {
        const shown = redact(`${before}${secret}${after} ${encodeURIComponent(secret)}`, [secret]);
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain(encodeURIComponent(secret));
      }),
    );
  });
});
