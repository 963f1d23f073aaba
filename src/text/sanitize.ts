import { isIPv6 } from 'node:net';
import { shorten } from './shorten.ts';

/** UTF-16 units of one line in the log. */
const LONGEST_LINE = 4_000;
/** UTF-16 units of a text that are looked at: some characters leave nothing in the line. */
const LONGEST_TEXT = 4 * LONGEST_LINE;

/** They choose between two shapes of the character before them; its plain shape is as good. */
const VARIATION_SELECTORS = /[\ufe0e\ufe0f]/g;

/**
 * What has no shape of its own: controls, line separators, changes of direction, zero-width characters, noncharacters. The
 * runner looks for commands by the rules of .NET's culture, to which most of them do not exist: a zero-width space within
 * `##[` hides a command from a reader, but not from the runner.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
const INVISIBLE_RUNS = new RegExp(`${INVISIBLE.source}+`, 'gu');

/**
 * Makes any text one printable line that GitHub's runner cannot take for a workflow command. It obeys `::name::` at the
 * start of a line, after any white space, and the older `##[name]` anywhere in it, on stdout as on stderr
 * (ActionCommand.cs of actions/runner). Both forms are broken with a space that everybody sees. Text that is harmless
 * already stays as it is, so doing it twice changes nothing.
 */
export function sanitize(text: string): string {
  const line = shorten(text, LONGEST_TEXT)
    .toWellFormed()
    .replace(/[\r\n\u2028\u2029]+/g, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replace(VARIATION_SELECTORS, '')
    .replace(INVISIBLE, codePoint)
    .replaceAll('##[', '## [')
    .replace(/^(\s*)(:{2,})/, (_, indent: string, colons: string) => indent + spaced(colons))
    // Inside a line the runner does not care, but the line may yet lose what stands before it. `fe80::1` stays.
    .replace(/(?<![\w:])(:{2,})(?=[a-z].*?::)([\w:.%-]*)/gi, (found, colons: string, rest: string) =>
      isIPv6(found) ? found : spaced(colons) + rest,
    );
  return shorten(line, LONGEST_LINE);
}

/** For values that are copied and pasted: a page may have put such characters between theirs. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE_RUNS, '');
}

function codePoint(character: string): string {
  const number = character.codePointAt(0) ?? 0;
  return `<U+${number.toString(16).toUpperCase().padStart(4, '0')}>`;
}

function spaced(colons: string): string {
  return [...colons].join(' ');
}
