const ESCAPES: Readonly<Record<string, string>> = { '/': '%2f', '\\': '%5c', '%': '%25' };

/**
 * The form in which vCenter keeps the name of an inventory object, and in which lists and filters carry it: `/`, `\` and `%`
 * are escaped, except a `%` that already begins such an escape (vSphere Web Services API, ManagedEntity.name). vCenter
 * writes the hex digits in either case; here they are made lower case, so that two stored forms can be compared.
 */
export function escapeName(name: string): string {
  return name
    .replace(/%(?:2f|5c|25)/gi, (sequence) => sequence.toLowerCase())
    .replace(/[/\\]|%(?!2f|5c|25)/g, (character) => ESCAPES[character] ?? character);
}

/** The name as a person writes it: `a/b` for the stored `a%2fb`. */
export function unescapeName(name: string): string {
  return name.replace(/%(2f|5c|25)/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/**
 * What a `names` filter has to carry so that it finds the name: values of one filter are alternatives. The stored form with
 * hex digits in either case, and the readable form, since nothing says that a filter wants the stored one.
 */
export function filterSpellings(name: string): readonly string[] {
  const stored = escapeName(name);
  const upper = stored.replace(/%(?:2f|5c)/g, (sequence) => sequence.toUpperCase());
  return [...new Set([stored, upper, unescapeName(stored)])];
}
