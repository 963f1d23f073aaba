import { ValueProblem } from '../text/invalid-value.ts';
import { printable } from '../text/printable.ts';
import { isVmId, parseId } from '../text/reference.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST = DAY;
const SHORTEST_AGE = DAY;

/**
 * Reads `90s`, `20m`, `1h`, `1h30m` or a bare number of seconds, up to 24 hours. Returns milliseconds.
 *
 * @throws ValueProblem
 */
export function parseDuration({
  text,
  zero,
}: {
  readonly text: string;
  readonly zero: 'allowed' | 'refused';
}): number {
  const match = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? /^()()(\d+)$/.exec(text);
  if (match === null) {
    throw new ValueProblem('is not a duration; use 90s, 20m, 1h30m or a number of seconds');
  }
  const [, hours = '', minutes = '', seconds = ''] = match;
  const duration = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
  if (duration > LONGEST) {
    throw new ValueProblem('is too long; 24h is the longest');
  }
  if (duration === 0 && zero === 'refused') {
    throw new ValueProblem('is no time at all; the shortest is 1s');
  }
  return duration;
}

/**
 * Reads an age: a duration, also in days (`7d`, `1d12h`), of 24 hours at the least and without an upper bound. Returns
 * milliseconds.
 *
 * @throws ValueProblem
 */
export function parseAge(text: string): number {
  const match =
    /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? /^()()()(\d+)$/.exec(text);
  if (match === null) {
    throw new ValueProblem('is not an age; use 7d, 36h, 1d12h or a number of seconds');
  }
  const [, days = '', hours = '', minutes = '', seconds = ''] = match;
  const age = Number(days) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
  if (age < SHORTEST_AGE) {
    throw new ValueProblem('is too short; 24h is the shortest');
  }
  return age;
}

/**
 * Reads a whole number in decimal digits, without a sign.
 *
 * @throws ValueProblem
 */
export function parseWholeNumber({ text, min }: { readonly text: string; readonly min: 0 | 1 }): number {
  const number = Number(text);
  if (!/^(?:0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(number) || number < min) {
    throw new ValueProblem(`is not a whole number from ${min} on`);
  }
  return number;
}

/**
 * Reads a boolean of YAML 1.2's core schema.
 *
 * @throws ValueProblem
 */
export function parseBoolean(text: string): boolean {
  if (/^(?:true|True|TRUE)$/.test(text)) {
    return true;
  }
  if (/^(?:false|False|FALSE)$/.test(text)) {
    return false;
  }
  throw new ValueProblem('is neither true nor false');
}

/** @throws ValueProblem for a text that is none of the words. */
export function parseChoice<const Word extends string>(text: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === text);
  if (word === undefined) {
    throw new ValueProblem(`is not one of ${words.join(', ')}`);
  }
  return word;
}

/** Splits a list, one item a line; empty lines do not count. For items that may hold a comma. */
export function splitLines(text: string): readonly string[] {
  return text
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Splits a list, one item a line or separated by commas; empty items do not count. */
export function splitList(text: string): readonly string[] {
  return (text.match(/[^\r\n,]+/g) ?? []).map((item) => item.trim()).filter((item) => item !== '');
}

/** @throws ValueProblem for a name that Basic authentication cannot carry. */
export function parseUsername(text: string): string {
  if (printable(text).includes(':')) {
    throw new ValueProblem(
      'holds a colon, which would end the user name where it is sent together with the password',
    );
  }
  return text;
}

/**
 * Reads the id of a VM, where a name has no place; `id:` in front takes any id.
 *
 * @throws ValueProblem
 */
export function parseVmId(text: string): string {
  const forced = /^id:(.*)$/s.exec(text)?.[1]?.trim();
  if (forced === undefined && !isVmId(text)) {
    throw new ValueProblem(
      'is not the id of a VM, which looks like vm-12; give a name as \'vm-name\', or write "id:" in front of an id of another form',
    );
  }
  if (forced === '') {
    throw new ValueProblem('has nothing after "id:"');
  }
  return parseId(forced ?? text);
}

/**
 * Reads the id of a clone's task, of which no form is documented; that of the VM, the other output of a clone, is none.
 *
 * @throws ValueProblem
 */
export function parseTaskId(text: string): string {
  if (isVmId(text)) {
    throw new ValueProblem("is the id of a VM and not of a task; give it as 'vm-id'");
  }
  return parseId(text);
}
