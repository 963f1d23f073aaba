import { defuse } from '../text/sanitize.ts';
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
  /** Adds to the job summary. A summary that cannot be written does not fail a step. */
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
      .map(defuse)
      .join('\n');
  return {
    info: (line) => core.info(defuse(line)),
    debug: (line) => core.debug(defuse(line)),
    warning: ({ title, text }) => core.warning(lines(text), { title: defuse(title) }),
    notice: ({ title, text }) => core.notice(lines(text), { title: defuse(title) }),
    failure: ({ title, text }) => core.error(lines(text), { title: defuse(title) }),
    group(title, groupLines) {
      core.startGroup(defuse(title));
      for (const line of groupLines) {
        core.info(defuse(line));
      }
      core.endGroup();
    },
    async summary(markdown) {
      try {
        const { summary } = await core.load();
        await summary.addRaw(markdown, true).write();
      } catch (error) {
        core.debug(defuse(`The job summary was not written: ${String(error)}`));
      }
    },
  };
}
