import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts a stream into lines as the runner does: .NET's ReadLine ends a line at `\n`, `\r\n` and also at a lone `\r`, which
 * is a way to smuggle a command into the middle of what looks like one line.
 */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.write(chunk);
    // A `\r` at the very end may be the first half of `\r\n`.
    const complete = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = complete.split(/\r\n|\r|\n/);
    this.#rest = (lines.pop() ?? '') + text.slice(complete.length);
    for (const line of lines) {
      this.#onLine(line);
    }
  }

  end(): void {
    const text = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (text !== '') {
      for (const line of text.replace(/\r$/, '').split('\r')) {
        this.#onLine(line);
      }
    }
  }
}
