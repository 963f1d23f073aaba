/** The text, or its beginning with `…` where it has more than `limit` UTF-16 units; never half a character. */
export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
