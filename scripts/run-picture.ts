/**
 * Draws the picture of a run in README.md, docs/images/run.svg: log and job summary of the quick start's clone step and of its
 * post step. The actions' own code runs on the simulator and on a virtual clock, so the picture is the same each time. With
 * `--check` it changes nothing and fails where the picture is another one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogLine } from '../test/runner/step.ts';
import { defaultAddresses } from '../test/simulator/guest.ts';
import { openVirtualStage } from '../test/support/stage.ts';

const file = join(resolve(dirname(fileURLToPath(import.meta.url)), '..'), 'docs/images/run.svg');

/** What the simulated vCenter takes, in milliseconds. */
const cloneDuration = 92_000;
const toolsAfter = 12_000;
const addressAfter = 21_000;

export interface Run {
  /** As the runner shows them: groups are closed. */
  readonly log: readonly string[];
  readonly postLog: readonly string[];
  /** Markdown. */
  readonly summary: string;
}

/** Runs the quick start's clone step, and its post step as at the end of the job. */
export async function makeRun(): Promise<Run> {
  const stage = openVirtualStage({
    behaviour: {
      latency: 40,
      cloneDuration,
      progress: (fraction) => ({ completed: 25 * Math.floor(4 * fraction), total: 100 }),
      powerOnTakes: 2_500,
      powerOffTakes: 1_000,
      deleteTakes: 2_000,
      toolsAfter,
      addresses: (vm) => defaultAddresses(vm).map((step) => ({ ...step, after: addressAfter })),
    },
  });
  try {
    const main = createLog();
    const clone = await stage.runner.runStep({
      action: 'clone',
      context: { job: 'test' },
      inputs: {
        ...stage.connection,
        source: 'ci/base/ubuntu-24.04',
        folder: 'ci/pull-requests',
        'wait-for-ip': 'true',
        teardown: 'always',
      },
      onLog: main.add,
    });
    const end = createLog();
    const post = await stage.runner.runPost(clone, { onLog: end.add });
    for (const { conclusion, log } of [clone, post]) {
      if (conclusion !== 'success') {
        throw new Error(`The run that was to be drawn has failed:\n${log}`);
      }
    }
    return { log: main.lines, postLog: end.lines, summary: clone.summary };
  } finally {
    await stage.close();
  }
}

function createLog() {
  const lines: string[] = [];
  let isInGroup = false;
  const add = ({ kind, text }: LogLine) => {
    if (kind === 'group') {
      lines.push(`▸ ${text}`);
    } else if (!isInGroup && kind === 'text') {
      // The simulator draws the ids of its tasks as vCenter does.
      lines.push(text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '…'));
    }
    isInGroup = kind === 'group' || (isInGroup && kind !== 'endgroup');
  };
  return { lines, add };
}

/** Pixels. A monospaced character is about 0.6 times as wide as its font is high. */
const WIDTH = 880;
const LINE = 15;
const LOG = { left: 12, width: 76 };
const SUMMARY = { left: 520, values: 636, width: 37, bars: 712, share: 7.5 };
const TOP = 46;

const STYLE = `
.p{fill:#fff;stroke:#d1d9e0}.t{fill:#1f2328}.m{fill:#59636e}.b{fill:#1a7f37}.e{fill:#e6eaef}
text{font:10.5px ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;white-space:pre}
.h{font:600 12px system-ui,-apple-system,'Segoe UI',sans-serif}.m.l{font:10.5px system-ui,-apple-system,'Segoe UI',sans-serif}
@media(prefers-color-scheme:dark){.p{fill:#0d1117;stroke:#3d444d}.t{fill:#f0f6fc}.m{fill:#9198a1}.b{fill:#3fb950}.e{fill:#262c36}}
`.trim();

/** The SVG of a run: the log on the left, the summary on the right. */
export function drawRun({ log, postLog, summary }: Run): string {
  const drawings: string[] = [];
  const draw = (x: number, y: number, text: string, className = 't') =>
    drawings.push(`<text x="${x}" y="${y}" class="${className}">${escaped(text)}</text>`);

  let left = TOP;
  for (const [heading, lines] of [
    ['', log],
    ['Post, at the end of the job', postLog],
  ] as const) {
    if (heading !== '') {
      left += 6;
      draw(LOG.left, left, heading, 'h t');
      left += LINE;
    }
    for (const line of lines.flatMap((text) => wrapped(text, LOG.width))) {
      draw(LOG.left, left, line);
      left += LINE;
    }
  }

  let right = TOP;
  for (const [label = '', value = '', share] of rowsOf(summary)) {
    draw(SUMMARY.left, right, plain(label), 'm l');
    if (share !== undefined && /[█░]/.test(share)) {
      const part = share.split('█').length - 1;
      for (const [parts, className] of [
        [share.length - 2, 'e'],
        [part, 'b'],
      ] as const) {
        drawings.push(
          `<rect x="${SUMMARY.bars}" y="${right - 8}" width="${SUMMARY.share * parts}" height="8" class="${className}"/>`,
        );
      }
    }
    for (const line of wrapped(plain(value), SUMMARY.width)) {
      draw(SUMMARY.values, right, line);
      right += LINE;
    }
  }

  const height = Math.max(left, right) + 2;
  const title = plain(/^### (.*)$/m.exec(summary)?.[1] ?? '');
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6" class="p"/>`,
    `<path d="M${SUMMARY.left - 16} 0V${height}" class="p"/>`,
    `<text x="${LOG.left}" y="22" class="h t">The step's log</text>`,
    `<text x="${SUMMARY.left}" y="22" class="h t">The job's summary</text>`,
    ...drawings,
    '</svg>',
  ].join('\n')}\n`;
}

/** The cells of the summary's tables, row by row, without the second table's heading and the lines that only make tables. */
function rowsOf(summary: string): readonly (readonly string[])[] {
  return summary
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s-]+$|^\| Phase /.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Markdown's marks taken away. */
function plain(markdown: string): string {
  return markdown.replaceAll(/`|\*\*/g, '').replaceAll(/\\([!-/:-@[-`{-~])/g, '$1');
}

/** At most so many characters a line, cut at spaces; what follows the first line is indented. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

if (import.meta.main) {
  const picture = drawRun(await makeRun());
  if (!process.argv.includes('--check')) {
    writeFileSync(file, picture);
  } else if (picture !== readFileSync(file, 'utf8')) {
    console.error(
      'docs/images/run.svg does not show what the action does. Run `node scripts/run-picture.ts`.',
    );
    process.exitCode = 1;
  }
}
