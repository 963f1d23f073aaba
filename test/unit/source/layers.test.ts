import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const src = join(root, 'src');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: read(`src/${file}`) }));

/** Every file with the files that it imports, both relative to src/. */
const imports = new Map(
  files.map(({ file, text }) => [
    file,
    [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, path = '']) =>
      relative(src, resolve(src, dirname(file), path)).replaceAll('\\', '/'),
    ),
  ]),
);

/** The floors from the ground up. What stands on one floor does not know each other, apart from the files of one room. */
const FLOORS = [['text'], ['time'], ['https'], ['github', 'vcenter'], ['actions'], ['']] as const;

const roomOf = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
const withoutComments = (text: string) => text.replaceAll(/\/\*\*[\s\S]*?\*\/|^import .*$|\/\/.*$/gm, '');
const floorOf = (file: string) => FLOORS.findIndex((rooms) => rooms.some((room) => room === roomOf(file)));

describe('src/', () => {
  it('has rooms that are known', () => {
    expect(files.filter(({ file }) => floorOf(file) < 0)).toEqual([]);
  });

  it('imports nothing upwards, and nothing from the room next door', () => {
    const wrong = [...imports].flatMap(([file, targets]) =>
      targets
        .filter(
          (target) =>
            floorOf(target) > floorOf(file) ||
            (floorOf(target) === floorOf(file) && roomOf(target) !== roomOf(file)),
        )
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no circle of imports', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): string | undefined => {
      if (path.includes(file)) {
        return [...path.slice(path.indexOf(file)), file].join(' > ');
      }
      if (done.has(file)) {
        return undefined;
      }
      const circle = (imports.get(file) ?? [])
        .map((target) => visit(target, [...path, file]))
        .find((each) => each !== undefined);
      done.add(file);
      return circle;
    };
    expect(
      [...imports.keys()].map((file) => visit(file, [])).filter((circle) => circle !== undefined),
    ).toEqual([]);
  });

  it("names no input in vcenter/, apart from vSphere's own words", () => {
    const inputs = ['action.yml', 'teardown/action.yml', 'cleanup/action.yml'].flatMap((file) =>
      Object.keys((parse(read(file)) as { readonly inputs: object }).inputs),
    );
    const named = files
      .filter(({ file }) => roomOf(file) === 'vcenter')
      .flatMap(({ file, text }) =>
        inputs
          .filter((input) => input.includes('-'))
          .filter((input) => new RegExp(`(?<![/\\w.-])${input}(?![\\w.-])`).test(withoutComments(text)))
          .map((input) => `${file} names '${input}'`),
      );
    expect(named).toEqual([]);
  });

  it('has no file that is too long to be read in one go, and none of a few lines without a reason', () => {
    const lines = ({ text }: { readonly text: string }) => text.split('\n').length - 1;
    expect(files.filter((each) => lines(each) > 300).map(({ file }) => file)).toEqual([]);
    const short = files.filter((each) => lines(each) < 15).map(({ file }) => file);
    expect(short.filter((file) => !(file in REASONS))).toEqual([]);
    expect(Object.keys(REASONS).filter((file) => !short.includes(file))).toEqual([]);
  });
});

const entry = 'an entry of the bundle, which only calls into it';
const base = 'stands below everything that needs it';

const REASONS: Readonly<Record<string, string>> = {
  'clone.ts': entry,
  'post.ts': entry,
  'teardown.ts': entry,
  'cleanup.ts': entry,
  'bundle.ts': 'the programs, a line each',
  'after-login.ts': 'what is loaded as one after the login',
  'text/described-error.ts': base,
  'text/invalid-value.ts': base,
  'text/printable.ts': base,
  'text/shorten.ts': base,
  'vcenter/transport/unreadable.ts': 'one error for every response of another shape',
  'actions/teardown/nothing-deleted.ts': 'one error in a file of its own, as all of them',
};
