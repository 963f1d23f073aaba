import { isRecord } from '../../text/json.ts';

export interface ErrorBody {
  readonly errorType: string | undefined;
  readonly messages: readonly string[];
  readonly messageIds: readonly string[];
  readonly isTransient: boolean;
}

const MAX_FOREIGN_TEXT = 300;

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
  const fields = readErrorFields(parse(text));
  if (fields === undefined) {
    return {
      errorType: undefined,
      messages: [foreignText(status, text)],
      messageIds: [],
      isTransient: false,
    };
  }
  return fields.messages.length > 0 ? fields : { ...fields, messages: [`HTTP ${status} without a message.`] };
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
  const errorType =
    typeof body['error_type'] === 'string' ? onOneLine(body['error_type']) : legacyType(body['type']);
  if (listed === undefined && errorType === undefined) {
    return undefined;
  }
  const entries = (listed ?? []).filter(isRecord);
  return {
    errorType,
    messages: entries.map(localizableText).filter((message) => message !== ''),
    messageIds: [...entries.map(({ id }) => id), body['name']].filter((id) => typeof id === 'string'),
    isTransient: isRecord(body['data']) && body['data']['is_transient'] === true,
  };
}

/**
 * The text of a LocalizableMessage for people: `localized`, else `default_message`. One line: in a text of ours, a line break
 * of vCenter's would begin a line that reads like one of ours.
 */
export function localizableText({ localized, default_message }: Readonly<Record<string, unknown>>): string {
  const text = [localized, default_message].find((each) => typeof each === 'string' && each !== '');
  return typeof text === 'string' ? onOneLine(text) : '';
}

export function onOneLine(text: string): string {
  return text.trim().replace(/\s*[\r\n\v\f\u0085\u2028\u2029]\s*/g, ' ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `com.vmware.vapi.std.errors.not_found` of /rest is NOT_FOUND of /api. */
function legacyType(type: unknown): string | undefined {
  return typeof type === 'string' ? /std\.errors\.(\w+)$/.exec(type)?.[1]?.toUpperCase() : undefined;
}

function foreignText(status: number, text: string): string {
  const words = text
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (words === '') {
    return `HTTP ${status} without a message; it may come from a proxy in front of vCenter.`;
  }
  const short = words.length > MAX_FOREIGN_TEXT ? `${words.slice(0, MAX_FOREIGN_TEXT)}…` : words;
  return `HTTP ${status}, not in vCenter's own form; it may come from a proxy in front of it: ${short}`;
}
