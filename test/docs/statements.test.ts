import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ACCEPTANCE_WINDOW } from '../../src/actions/recovery/ownership.ts';
import { readCloneInputs } from '../../src/github/inputs.ts';
import { InputsError } from '../../src/github/inputs-error.ts';
import { fakeCore } from '../support/fake-core.ts';
import { fencesOf, sectionsOf } from './markdown.ts';

// Statements of the documentation that no other test holds to what the action does.

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');
const section = (heading: string) => sectionsOf(readme).find((each) => each.heading === heading)?.text ?? '';

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly uses?: string }[] }>>;
}

const workflows = ['README.md', 'docs/recipes.md'].flatMap((page) =>
  fencesOf(read(page))
    .filter(({ language }) => language === 'yaml')
    .map(({ text, line }) => ({ where: `${page}:${line}`, text, workflow: parse(text) as Workflow })),
);

describe('the permissions of the token', () => {
  it.each(workflows)('are in the workflow at $where what its actions need, and no more', ({ workflow }) => {
    const uses = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap((step) => step.uses ?? []),
    );
    expect(workflow.permissions).toEqual({
      ...(uses.some((each) => each.startsWith('actions/checkout@')) ? { contents: 'read' } : {}),
      ...(uses.some((each) => each.includes('/cleanup@'))
        ? { actions: 'read', 'pull-requests': 'read' }
        : {}),
    });
  });

  it.each(['action.yml', 'teardown/action.yml'])('are none for %s, which gets no token', (file) => {
    expect(read(file)).not.toContain('github.token');
    expect(section('Permissions of the token')).toContain('The clone and the teardown action need none');
  });

  it('are those of cleanup, of which the README and its input speak alike', () => {
    for (const text of [section('Permissions of the token'), read('cleanup/action.yml')]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain('`actions: read` and `pull-requests: read`');
    }
  });
});

describe('README.md', () => {
  it('says which four values its workflows take', () => {
    const used = fencesOf(readme)
      .filter(({ language }) => language === 'yaml')
      .flatMap(({ text }) => text.match(/(?<=\b(?:vars|secrets)\.)\w+/g) ?? []);
    const named = section('What you need').match(/(?<=`)VCENTER_\w+(?=`)/g) ?? [];
    expect([...new Set(named)].sort()).toEqual([...new Set(used)].sort());
    expect(new Set(used).size).toBe(4);
  });

  it('says after which time a clone request may be sent again', () => {
    expect(section('What you can rely on')).toContain(`only after ${ACCEPTANCE_WINDOW / 1_000} seconds`);
  });

  it('asks for the same runner as the metadata', () => {
    expect(section('What you need')).toContain('version 2.327.1 or later'); // the first one with Node.js 24
    expect(['', 'teardown/', 'cleanup/'].map((path) => parse(read(`${path}action.yml`)).runs.using)).toEqual([
      'node24',
      'node24',
      'node24',
    ]);
  });
});

type Inputs = Readonly<Record<string, string>>;

/** The inputs that are at fault. */
function problemsOf(given: Inputs, isWindows = false): readonly string[] {
  const required = { 'vcenter-server': 'vcenter', username: 'svc', password: 'secret', source: 'ubuntu' };
  const readFile = () => 'x'.repeat(512 * 1024);
  try {
    readCloneInputs({
      core: fakeCore({ ...required, ...given }),
      readFile,
      isForkPullRequest: false,
      isWindows,
    });
  } catch (error) {
    return error instanceof InputsError ? error.problems.map(({ input }) => input) : [String(error)];
  }
  return [];
}

const text = (bytes: number) => `#cloud-config\n${'x'.repeat(bytes - '#cloud-config\n'.length)}`;
const ports = (count: number) => Array.from({ length: count }, (_, index) => index + 1).join(',');

describe('docs/inputs.md', () => {
  const page = read('docs/inputs.md');
  const [, limits = ''] = /\*\*Limits\.\*\* (.*?)\n\n/s.exec(page) ?? [];

  it.each<[words: string, input: string, most: string, tooMuch: string, isWindows?: boolean]>([
    ['duration has at most 24 hours', 'ip-timeout', '24h', '24h1s'],
    ['`name` 80 characters', 'name', 'x'.repeat(80), 'x'.repeat(81)],
    ['`notes` 16,384 characters', 'notes', 'x'.repeat(16_384), 'x'.repeat(16_385)],
    ['512 KiB each as a file', 'user-data', 'a-file', text(64 * 1024 + 1)],
    ['at most 64 KiB each', 'user-data', text(64 * 1024), text(64 * 1024 + 1)],
    ['8 KiB together on Windows', 'user-data', text(8 * 1024), text(8 * 1024 + 1), true],
    ['`cpu-count` goes up to 768', 'cpu-count', '768', '769'],
    ['`memory` up to 24 TiB', 'memory', '24576GiB', '24577GiB'],
    ['steps of 4 MiB', 'memory', '4MiB', '6MiB'],
    ['up to 16 ports', 'wait-for-port', ports(16), ports(17)],
  ])('says of a limit: %s', (words, input, most, tooMuch, isWindows) => {
    expect(limits.replaceAll(/\s+/g, ' ')).toContain(words);
    expect(problemsOf({ [input]: most }, isWindows)).toEqual([]);
    expect(problemsOf({ [input]: tooMuch }, isWindows)).toEqual([input]);
  });

  it('says how much guestinfo can hold', () => {
    expect(limits.replaceAll(/\s+/g, ' ')).toContain('`guestinfo` 64 KiB in all');
    const key = 'guestinfo.a';
    const value = 'x'.repeat(64 * 1024 - key.length);
    expect(problemsOf({ guestinfo: `a: ${value.slice(3)}` })).toEqual([]);
    expect(problemsOf({ guestinfo: JSON.stringify({ a: `${value}x` }) })).toEqual(['guestinfo']);
  });

  const instant = { 'clone-type': 'instant' };
  const cloudInit = [{ 'user-data': '#cloud-config\n' }, { 'meta-data': 'instance-id: a\n' }];
  const excluded: readonly (readonly [row: string, given: Inputs, other: Inputs])[] = [
    ['clone-type: linked', { 'clone-type': 'linked' }, { 'disks-to-update': '2000: fast' }],
    ['clone-type: instant', instant, { 'cpu-count': '2' }],
    ['clone-type: instant', instant, { memory: '4GiB' }],
    ['clone-type: instant', instant, { networks: 'lan' }],
    ['clone-type: instant', instant, { host: 'esx' }],
    ['clone-type: instant', instant, { cluster: 'c' }],
    ['clone-type: instant', instant, { 'disks-to-remove': '2001' }],
    ['clone-type: instant', instant, { 'disks-to-update': '2000: fast' }],
    ['clone-type: instant', instant, { 'guest-customization-spec': 'linux' }],
    ['clone-type: instant', instant, { 'power-on': 'false' }],
    ...cloudInit.flatMap(
      (data) =>
        [
          ['clone-type: instant', instant, data],
          ['guest-customization-spec', { 'guest-customization-spec': 'linux' }, data],
          ['guestinfo', { guestinfo: 'userdata: x' }, data],
        ] as const,
    ),
    ['certificate-fingerprint', { 'certificate-fingerprint': 'ab'.repeat(32) }, { insecure: 'true' }],
  ];

  it.each(excluded)('says of %s what it excludes: %o and %o', (row, given, other) => {
    const [line = ''] = page
      .split('\n')
      .filter((each) => each.startsWith(`| \`${row}\``))
      .slice(-1);
    const [name = ''] = Object.keys(other);
    expect(line).toMatch(new RegExp(`\`${name}(?:: \\w+)?\``));
    expect([given, other].map((alone) => problemsOf(alone))).toEqual([[], []]);
    expect(problemsOf({ ...given, ...other }).length).toBe(1);
  });

  it.each<[row: string, given: Inputs, needed: Inputs]>([
    ['snapshot', { snapshot: 'ready' }, { 'clone-type': 'linked' }],
    ['if-exists: reuse', { 'if-exists': 'reuse' }, { folder: 'ci' }],
    ['if-exists: reuse', { 'if-exists': 'replace' }, { folder: 'ci' }],
    ['wait-for-ip', { 'wait-for-ip': 'true', 'power-on': 'false' }, { 'power-on': 'true' }],
    ['wait-for-ip', { 'wait-for-port': '22', 'power-on': 'false' }, { 'power-on': 'true' }],
  ])('says of %s what it needs: %o', (row, given, needed) => {
    const [name = ''] = Object.keys(needed);
    const lines = page.split('\n').filter((each) => each.startsWith(`| \`${row}\``));
    expect(lines.some((line) => line.includes(`\`${name}`))).toBe(true);
    expect(problemsOf(given).length).toBe(1);
    expect(problemsOf({ ...given, ...needed })).toEqual([]);
  });
});
