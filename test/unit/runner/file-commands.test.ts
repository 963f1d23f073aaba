import { describe, expect, it } from 'vitest';
import { parseFileCommands } from '../../runner/file-commands.ts';

describe('file commands', () => {
  it('reads single lines and blocks, and lets the last value win', () => {
    const text = 'a=1\nb<<END\nline 1\n\nline=3\nEND\n\na=2=two\nempty<<END\nEND\nc=x<<y\n';
    expect(parseFileCommands(text)).toEqual({
      pairs: { a: '2=two', b: 'line 1\n\nline=3', empty: '', c: 'x<<y' },
      error: undefined,
    });
  });

  it('keeps the carriage returns of a block', () => {
    expect(parseFileCommands('a<<END\r\n1\r\nEND\r\n').pairs).toEqual({ a: '1\r' });
  });

  it('needs the closing delimiter, and keeps what stands before', () => {
    expect(parseFileCommands('a=1\nb<<END\nhalf a val')).toEqual({
      pairs: { a: '1' },
      error: "Invalid value. Matching delimiter not found 'END'",
    });
  });

  it.each(['<<END\nx\nEND', 'a<<', 'just text'])('refuses %j', (text) => {
    expect(parseFileCommands(text).error).toMatch(/^Invalid format/);
  });

  it('accepts an end without a line feed', () => {
    expect(parseFileCommands('a<<END\n1\nEND')).toEqual({ pairs: { a: '1' }, error: undefined });
  });
});
