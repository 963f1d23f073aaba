import { isRecord, textOf } from '../../text/json.ts';
import { sanitize } from '../../text/sanitize.ts';
import { shorten } from '../../text/shorten.ts';

export interface ErrorBody {
  readonly errorType: string | undefined;
  readonly messages: readonly string[];
  readonly messageIds: readonly string[];
  readonly isTransient: boolean;
  /** The body has vCenter's own form, so that it is vCenter that refuses, and nothing in front of it. */
  readonly isVapiError: boolean;
}

/** Characters of a text of no documented form. */
const LONGEST_UNTRUSTED_TEXT = 300;
/** Characters of one message: more than any line of the log has. */
const LONGEST_MESSAGE = 4_000;
/** Characters of a page in which words are looked for. */
const LONGEST_PAGE = 100_000;

/**
 * Reads the body of a refusal: vCenter's own (see {@link readErrorFields}), or whatever a proxy in front of it sends: text,
 * HTML, nothing. `messages` is never empty.
 */
export function readErrorBody({
  status,
  text,
}: {
  readonly status: number;
  readonly text: string;
}): ErrorBody {
  const value = parse(text);
  const fields = readErrorFields(value);
  if (fields === undefined) {
    return {
      errorType: undefined,
      messages: [untrustedText(status, describeUnknownError(value) ?? pageText(text))],
      messageIds: [],
      isTransient: false,
      isVapiError: false,
    };
  }
  if (fields.messages.length > 0) {
    return fields;
  }
  const { error_type: _, ...rest } = isRecord(value) ? value : {};
  const shown = describeUnknownError(rest);
  return {
    ...fields,
    messages: [`HTTP ${status} without a message${shown === undefined ? '.' : `: ${shown}`}`],
  };
}

/**
 * Reads an error object of /api (`Vapi.Std.Errors.Error`), or of the older /rest (`{type, value}`, `{name,
 * localizableMessages}`). Undefined where the value is neither.
 */
export function readErrorFields(value: unknown): ErrorBody | undefined {
  const body = isRecord(value) && isRecord(value['value']) ? { ...value, ...value['value'] } : value;
  if (!isRecord(body)) {
    return undefined;
  }
  const listed = [body['messages'], body['localizableMessages']].find(Array.isArray);
  const type = textOf(body['error_type']);
  const errorType = type === undefined ? legacyType(body['type']) : onOneLine(type);
  if (listed === undefined && errorType === undefined) {
    return undefined;
  }
  const entries = (listed ?? []).filter(isRecord);
  return {
    errorType,
    messages: entries.map(localizableText).filter((message) => message !== ''),
    messageIds: [...entries.map(({ id }) => id), body['name']].filter((id) => typeof id === 'string'),
    isTransient: isRecord(body['data']) && body['data']['is_transient'] === true,
    isVapiError: errorType !== undefined || entries.some(({ id }) => textOf(id) !== undefined),
  };
}

/** Fields in which errors of other services, and of vCenter's older ones, have words for people. */
const WORDS = ['faultstring', 'localizedMessage', 'message'] as const;

/**
 * An error of no documented shape on one line, as it came: its words where it has some, then all that it holds, as JSON.
 * Undefined where it says nothing.
 */
export function describeUnknownError(value: unknown): string | undefined {
  if (!isRecord(value)) {
    const text = typeof value === 'string' ? value.trim() : stringify(value);
    return text === undefined || !saysSomething(value) || text === '' ? undefined : untrustedLine(text);
  }
  const key = WORDS.find((each) => textOf(value[each]) !== undefined);
  const words = key === undefined ? undefined : String(value[key]);
  const rest = Object.entries(value).filter(([name, each]) => name !== key && saysSomething(each));
  const json = rest.length === 0 ? undefined : stringify(Object.fromEntries(rest));
  const parts = [words, json].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : untrustedLine(parts.join(' '));
}

function saysSomething(value: unknown): boolean {
  return !(
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

function untrustedLine(text: string): string {
  return shorten(sanitize(onOneLine(text)), LONGEST_UNTRUSTED_TEXT);
}

/**
 * The text of a LocalizableMessage for people: `localized`, else `default_message`. One line: in a text of ours, a line break
 * of vCenter's would begin a line that reads like one of ours.
 */
export function localizableText({ localized, default_message }: Readonly<Record<string, unknown>>): string {
  const text = [localized, default_message].find((each) => typeof each === 'string' && each !== '');
  return typeof text === 'string' ? onOneLine(text) : '';
}

/** Without what is beyond the length of a line in the log. */
export function onOneLine(text: string): string {
  return shorten(text.trim(), LONGEST_MESSAGE).replace(/[\s\u0085]+/g, (whitespace) =>
    /[\r\n\v\f\u0085\u2028\u2029]/.test(whitespace) ? ' ' : whitespace,
  );
}

/** Undefined for everything but a JSON object. */
function parse(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for a value that JSON cannot hold, or that is nested too deeply to be written. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** `com.vmware.vapi.std.errors.not_found` of /rest is NOT_FOUND of /api. */
function legacyType(type: unknown): string | undefined {
  return typeof type === 'string' ? /std\.errors\.(\w+)$/.exec(type)?.[1]?.toUpperCase() : undefined;
}

/** The words of a page. What is written here must take linear time, since nobody knows what a server sends. */
function pageText(text: string): string {
  return untrustedLine(
    text
      .slice(0, LONGEST_PAGE)
      .replace(/<(script|style)\b.*?(?:<\/\1>|$)/gis, ' ')
      .replace(/<[^<>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  );
}

function untrustedText(status: number, words: string): string {
  return words === ''
    ? `HTTP ${status} without a message; it may come from a proxy in front of vCenter.`
    : `HTTP ${status}, not in vCenter's own form; it may come from a proxy in front of it: ${words}`;
}
