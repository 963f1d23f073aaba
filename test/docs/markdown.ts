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

/** Every place that a link can lead to: the headings, and what `<a id>` marks. */
export function anchorsOf(markdown: string): readonly string[] {
  const ids = [...withoutFences(markdown).matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  return [...headingsOf(markdown).map(anchorOf), ...ids];
}

/** The lines of quotes, an item of a list in a quote as a line of its own. Callouts (`> [!NOTE]`) are no quotes. */
export function quotesOf(markdown: string): readonly string[] {
  return withoutFences(markdown)
    .split(/\n(?!>)/)
    .map((block) => block.trimStart())
    .filter((block) => block.startsWith('>') && !block.startsWith('> [!'))
    .flatMap((block) => block.trimEnd().split('\n'))
    .map((line) => line.replace(/^> (?:- )?/, ''));
}

/** The parts of a page below its headings, each from its heading to the next one. */
export function sectionsOf(markdown: string): readonly { readonly heading: string; readonly text: string }[] {
  return withoutFences(markdown)
    .split(/^(?=#{1,6} )/m)
    .filter((part) => part.startsWith('#'))
    .map((part) => {
      const [first = '', ...rest] = part.split('\n');
      return { heading: first.replace(/^#+ /, '').trim(), text: rest.join('\n').trim() };
    });
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
