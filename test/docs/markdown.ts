export interface Fence {
  readonly language: string;
  readonly text: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
}

/** The fenced code blocks of a Markdown text. */
export function fencesOf(markdown: string): readonly Fence[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: markdown.slice(0, match.index).split('\n').length + 1,
  }));
}

/** The headings, without their marks. */
export function headingsOf(markdown: string): readonly string[] {
  return [...withoutFences(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading.trim());
}

/** The targets of all links. */
export function linksOf(markdown: string): readonly string[] {
  return [...withoutFences(markdown).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
}

/** What GitHub makes of a heading for links to it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^```.*?^```$/gms, '');
}
