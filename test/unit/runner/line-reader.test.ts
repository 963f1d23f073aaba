import { describe, expect, it } from 'vitest';
import { LineReader } from '../../runner/line-reader.ts';

function linesOf(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line));
  for (const chunk of chunks) reader.write(Buffer.from(chunk));
  reader.end();
  return lines;
}

describe('the lines of a stream', () => {
  it('end at LF, CR LF and a lone CR', () => {
    expect(linesOf('a\nb\r\nc\rd\n\ne')).toEqual(['a', 'b', 'c', 'd', '', 'e']);
  });

  it('may come in pieces, cut between CR and LF or within a character', () => {
    const [first, second] = [Buffer.from('ö').subarray(0, 1), Buffer.from('ö').subarray(1)];
    expect(linesOf('a\r', '\nb', first, second, '\r', 'c\r')).toEqual(['a', 'bö', 'c']);
  });
});
