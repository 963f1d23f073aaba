/** The part of a Markdown text between `<!-- NAME:begin -->` and `<!-- NAME:end -->`, which a script writes. */
export interface MarkedSection {
  readonly text: string;
  readonly name: string;
}

/** @throws Error where the markers are not there exactly once. */
export function readSection({ text, name }: MarkedSection): string {
  const { start, end } = locate({ text, name });
  return text.slice(start, end).trim();
}

/** Returns the text with another content between the markers. @throws Error as {@link readSection}. */
export function replaceSection({
  text,
  name,
  content,
}: MarkedSection & { readonly content: string }): string {
  const { start, end } = locate({ text, name });
  return `${text.slice(0, start)}\n${content.trim()}\n${text.slice(end)}`;
}

function locate({ text, name }: MarkedSection): { readonly start: number; readonly end: number } {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const parts = [text.split(begin).length, text.split(end).length];
  const start = text.indexOf(begin) + begin.length;
  const stop = text.indexOf(end);
  if (parts.some((count) => count !== 2) || stop < start) {
    throw new Error(`The markers '${begin}' and '${end}' must stand in the text once each, in this order.`);
  }
  return { start, end: stop };
}
