import { formatDuration } from '../text/duration.ts';
import { code, prose } from '../text/markdown.ts';

export interface FailureSummary {
  /** A few words. */
  readonly title: string;
  /** What happened on the first line; what else is known, and what to do, on those that follow. It may begin with the title. */
  readonly text: string;
  /** The address of TROUBLESHOOTING.md, which has a section for each title; undefined where it is not known. */
  readonly troubleshooting?: string | undefined;
}

/** Why the step failed. */
export function failureSummary({ title, text, troubleshooting }: FailureSummary): string {
  const [what = '', ...more] = withoutTitle(text, title)
    .split(/[\r\n\u2028\u2029]+/)
    .filter((line) => line.trim() !== '');
  // A line may be an item of a list already.
  const items = more.map((line) => `- ${prose(line.replace(/^\s*[-*•]\s+/, ''))}`);
  return document(
    `### Failed: ${prose(title)}`,
    prose(what),
    items.join('\n'),
    whatToDo(title, troubleshooting),
  );
}

function whatToDo(title: string, troubleshooting: string | undefined): string {
  return troubleshooting === undefined
    ? `What to do: see '${prose(title)}' in TROUBLESHOOTING.md.`
    : `[What to do](${troubleshooting}#${anchorOf(title)})`;
}

/** In the log the text begins with the title, since the runner does not show that of an annotation; here it is the heading. */
function withoutTitle(text: string, title: string): string {
  const rest = text.slice(title.length);
  return text.startsWith(title) && /^(?:[:.](?:\s|$)|[\r\n]|$)/.test(rest)
    ? rest.replace(/^[:.]?\s*/, '')
    : text;
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** What the teardown action has deleted, and how long that took, in milliseconds; or why there was nothing to delete. */
export type TeardownSummary =
  | { readonly deleted: { readonly id: string; readonly name: string }; readonly milliseconds: number }
  | { readonly deleted: undefined; readonly outcome: string };

/** What became of the VM that the teardown action was asked to delete. */
export function teardownSummary(summary: TeardownSummary): string {
  if (summary.deleted === undefined) {
    return document('### Nothing to delete', prose(summary.outcome));
  }
  const { id, name } = summary.deleted;
  return document(
    `### Deleted ${code(name)}`,
    `The VM ${code(id)} and its files are gone. That took ${formatDuration(summary.milliseconds)}.`,
  );
}

export interface PostSummary {
  readonly name: string;
  /** The id of the VM that was deleted, where there was one. */
  readonly deleted: string | undefined;
  /** What could not be cleaned up, as a sentence. */
  readonly leftover: string | undefined;
  /** As in {@link FailureSummary}. */
  readonly troubleshooting: string | undefined;
}

/** The title of what is left, in the log, the summary and TROUBLESHOOTING.md. */
export const LEFT_BEHIND = 'Left behind in vCenter';

/** What the post step of the clone action has done. */
export function postSummary({ name, deleted, leftover, troubleshooting }: PostSummary): string {
  return document(
    leftover === undefined ? `### Cleaned up ${code(name)}` : `### ${LEFT_BEHIND}: ${code(name)}`,
    deleted === undefined ? '' : `The VM ${code(deleted)} and its files are deleted.`,
    ...(leftover === undefined ? [] : [prose(leftover), whatToDo(LEFT_BEHIND, troubleshooting)]),
  );
}

/** Blocks with an empty line between them; one at the end keeps apart what is added after. */
export function document(...blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
