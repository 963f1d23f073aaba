import { ValueProblem } from './invalid-value.ts';

/** Control characters, line separators and halves of surrogate pairs: no name or id in vCenter has them. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Returns a text that is one printable line as it is. @throws ValueProblem for any other. */
export function printable(text: string): string {
  if (UNPRINTABLE.test(text)) {
    throw new ValueProblem('holds a line break or another control character');
  }
  return text;
}
