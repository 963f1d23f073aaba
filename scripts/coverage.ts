/**
 * One figure for the line coverage of src/: what the unit tests run in vitest's workers, together with what the scenarios
 * run in processes of their own. The scenarios run src/ instead of dist/ for this; Node.js strips the types without
 * moving a line, so V8's own record fits the source. Lines are counted as vitest counts them: those on which a statement
 * begins; and a line is covered if any process ran it. A process that is killed takes its record with it.
 *
 * `node scripts/coverage.ts [minimum in percent] [vitest arguments]`
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { convert } from 'ast-v8-to-istanbul';
import { parseAstAsync } from 'vitest/node';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** By file, by line number: whether the line was run. */
type Coverage = Map<string, Map<number, boolean>>;

/** What Istanbul's reports hold of a file, as far as lines are concerned. */
interface FileReport {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  readonly s: Readonly<Record<string, number>>;
}

type ScriptRecord = Pick<Profiler.ScriptCoverage, 'functions' | 'url'>;

/**
 * @returns the exit code: that of the tests where they fail, 1 where less than `minimum` percent of the lines is covered.
 */
async function measure(options: {
  readonly minimum: number;
  readonly vitestArguments: readonly string[];
}): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  const reports = join(folder, 'workers');
  const records = join(folder, 'steps');
  mkdirSync(records);
  try {
    const tests = runTests({ reports, records, vitestArguments: options.vitestArguments });
    const coverage: Coverage = new Map();
    addReports(coverage, readReports(reports));
    for (const record of distinctRecords(records)) {
      const code = stripTypeScriptTypes(readFileSync(fileURLToPath(record.url), 'utf8'));
      addReports(coverage, (await convert({ code, ast: parseAstAsync(code), coverage: record })) as Reports);
    }
    const percent = printTable(coverage);
    if (percent < options.minimum) {
      console.error(`Line coverage is ${percent.toFixed(2)} %, less than ${options.minimum} %.`);
    }
    return tests !== 0 ? tests : percent < options.minimum ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runTests(options: {
  readonly reports: string;
  readonly records: string;
  readonly vitestArguments: readonly string[];
}): number {
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--coverage',
      '--coverage.reporter=json',
      '--coverage.reportOnFailure',
      `--coverage.reportsDirectory=${options.reports}`,
      ...options.vitestArguments,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ACTION_ENTRY: 'src', ACTION_COVERAGE: options.records },
    },
  );
  return status ?? 1;
}

type Reports = Readonly<Record<string, FileReport>>;

function readReports(folder: string): Reports {
  const file = join(folder, 'coverage-final.json');
  if (!existsSync(file)) {
    throw new Error('vitest has written no coverage report.');
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Reports;
}

/** Of every file below src/, each different record of the steps once: most steps take the same ways. */
function distinctRecords(folder: string): readonly ScriptRecord[] {
  const source = `${pathToFileURL(join(root, 'src')).href}/`;
  const records = new Map<string, ScriptRecord>();
  for (const file of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      result: readonly ScriptRecord[];
    };
    for (const { url, functions } of result.filter((script) => script.url.startsWith(source))) {
      const record = { url, functions: functions.map(withoutNumbers) };
      records.set(JSON.stringify(record), record);
    }
  }
  return [...records.values()];
}

/** How often something ran does not matter, only whether. */
function withoutNumbers(each: Profiler.FunctionCoverage): Profiler.FunctionCoverage {
  return { ...each, ranges: each.ranges.map((range) => ({ ...range, count: Math.min(range.count, 1) })) };
}

function addReports(coverage: Coverage, reports: Reports): void {
  for (const [file, { statementMap, s }] of Object.entries(reports)) {
    const lines = coverage.get(file) ?? new Map<number, boolean>();
    coverage.set(file, lines);
    for (const [statement, { start }] of Object.entries(statementMap)) {
      lines.set(start.line, lines.get(start.line) === true || (s[statement] ?? 0) > 0);
    }
  }
}

/** @returns the percentage of all lines together. */
function printTable(coverage: Coverage): number {
  const rows = [...coverage]
    .map(([file, lines]) => {
      const missed = [...lines].filter(([, covered]) => !covered).map(([line]) => line);
      return { file: relative(root, file), lines: lines.size, missed: missed.sort((a, b) => a - b) };
    })
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const width = Math.max(...rows.map(({ file }) => file.length), 'all files'.length);
  const print = (cells: { file: string; lines: number; missed: number; places: string }) => {
    const percent = (100 * (cells.lines - cells.missed)) / cells.lines;
    const numbers = `${String(cells.lines).padStart(6)}${String(cells.missed).padStart(8)}`;
    console.log(
      `${cells.file.padEnd(width)}${numbers}${percent.toFixed(1).padStart(8)} %  ${cells.places}`.trimEnd(),
    );
    return percent;
  };
  console.log(`\n${''.padEnd(width)} lines  missed covered    not covered`);
  for (const { file, lines, missed } of rows) {
    print({ file, lines, missed: missed.length, places: ranges(missed) });
  }
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return print({
    file: 'all files',
    lines: sum((row) => row.lines),
    missed: sum((row) => row.missed.length),
    places: '',
  });
}

/** `3-5,9` */
function ranges(lines: readonly number[]): string {
  const found: { first: number; last: number }[] = [];
  for (const line of lines) {
    const current = found.at(-1);
    if (current !== undefined && line === current.last + 1) {
      current.last = line;
    } else {
      found.push({ first: line, last: line });
    }
  }
  return found.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

if (import.meta.main) {
  const [minimum = '95', ...vitestArguments] = process.argv.slice(2);
  process.exitCode = await measure({ minimum: Number(minimum), vitestArguments });
}
