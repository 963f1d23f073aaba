/** A JSON object, as opposed to null, an array or a bare value. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string that says something: vCenter sends `""` for some fields that have no value. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * An id of a task, an inventory object or a session. It goes into URLs, headers and outputs: a text that could not be sent
 * back to vCenter, or that would lead elsewhere within a URL (`..`), is none.
 */
export function idOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text !== undefined && /^(?!\.{1,2}$)[\x21-\x7e]+$/.test(text) ? text : undefined;
}
