/**
 * An error that describes itself to the person who reads the log. `title` is a few words; `text` has one sentence or more a
 * line: first what to do or what is wrong, then why.
 */
export abstract class DescribedError extends Error {
  abstract readonly title: string;
  abstract readonly text: string;
}

/** Joins what there is, one line each. */
export function joinLines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n');
}
