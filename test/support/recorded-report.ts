import type { Report } from '../../src/github/report.ts';

export interface RecordedReport extends Report {
  /** Everything that was said, in order; annotations as `warning: title: text`. */
  readonly lines: readonly string[];
}

export function createRecordedReport(): RecordedReport {
  const lines: string[] = [];
  return {
    lines,
    info: (line) => lines.push(line),
    debug: (line) => lines.push(`debug: ${line}`),
    warning: ({ title, text }) => lines.push(`warning: ${title}: ${text}`),
    notice: ({ title, text }) => lines.push(`notice: ${title}: ${text}`),
    failure: ({ title, text }) => lines.push(`failure: ${title}: ${text}`),
    group: (title, grouped) => lines.push(`group: ${title}`, ...grouped),
    summary: async (markdown) => {
      lines.push(`summary: ${markdown}`);
    },
  };
}
