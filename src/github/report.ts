import { sanitize } from '../text/sanitize.ts';
import type { DeferredCore } from './core.ts';

/** What a run tells the person who reads its log. Every line is made harmless here, wherever its words came from. */
export interface Report {
  info(line: string): void;
  /** Shown only when step debugging is on. */
  debug(line: string): void;
  /** An annotation that does not fail the step. */
  warning(annotation: Annotation): void;
  notice(annotation: Annotation): void;
  /** The one error annotation of a failing step. */
  failure(annotation: Annotation): void;
  /** Lines that are folded away until somebody opens them. */
  group(title: string, lines: readonly string[]): void;
  /** Adds to the job summary. One that cannot be written is a warning and fails no step. */
  summary(markdown: string): Promise<void>;
}

export interface Annotation {
  readonly title: string;
  /** Each line is made harmless by itself. */
  readonly text: string;
}

export function createReport(core: DeferredCore): Report {
  const lines = (text: string) =>
    text
      .split(/\r\n|\r|\n/)
      .map(sanitize)
      .join('\n');
  // The runner's log shows the text of an annotation and not its title.
  const withTitle = ({ title, text }: Annotation) => lines(`${title}: ${text}`);
  const report: Report = {
    info: (line) => core.info(sanitize(line)),
    debug: (line) => core.debug(sanitize(line)),
    warning: (annotation) => core.warning(withTitle(annotation), { title: sanitize(annotation.title) }),
    notice: (annotation) => core.notice(withTitle(annotation), { title: sanitize(annotation.title) }),
    failure: (annotation) => core.error(withTitle(annotation), { title: sanitize(annotation.title) }),
    group(title, groupLines) {
      core.startGroup(sanitize(title));
      for (const line of groupLines) {
        core.info(sanitize(line));
      }
      core.endGroup();
    },
    async summary(markdown) {
      try {
        const { summary } = await core.load();
        await summary.addRaw(markdown, true).write();
      } catch (error) {
        const text = `The job summary cannot be written: ${error instanceof Error ? error.message : String(error)}`;
        report.warning({ title: 'Summary not written', text });
      }
    },
  };
  return report;
}
