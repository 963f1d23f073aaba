import { describe, expect, it } from 'vitest';
import { isListed, readCleanupInputs } from '../../../src/github/cleanup-inputs.ts';
import { InputsError } from '../../../src/github/inputs.ts';
import { fakeCore } from '../../support/fake-core.ts';

const given = {
  'vcenter-server': 'vcenter',
  username: 'svc',
  password: 'hunter2',
  folder: 'ci/pull-requests',
  'github-token': 'ghs_token',
};

const read = (inputs: Readonly<Record<string, string>> = {}) =>
  readCleanupInputs({
    core: fakeCore({ ...given, ...inputs }),
    readFile: () => '',
    isForkPullRequest: false,
  });

function problemsOf(inputs: Readonly<Record<string, string>>): string {
  try {
    read(inputs);
  } catch (error) {
    if (error instanceof InputsError) {
      return error.text;
    }
    throw error;
  }
  throw new Error('nothing was wrong');
}

const DAY = 24 * 60 * 60 * 1_000;

describe('readCleanupInputs', () => {
  it('has the defaults that delete nothing', () => {
    const { connection: _, ...inputs } = read();
    expect(inputs).toEqual({
      folder: [{ kind: 'path', absolute: false, segments: ['ci', 'pull-requests'] }],
      githubToken: 'ghs_token',
      keepWhileOpen: true,
      grace: 60 * 60 * 1_000,
      keep: [],
      limit: 10,
      dryRun: true,
      timeout: 30 * 60 * 1_000,
    });
  });

  it('masks password and token before anything is said', () => {
    const core = fakeCore({ ...given, limit: 'x' });
    expect(() => readCleanupInputs({ core, readFile: () => '', isForkPullRequest: false })).toThrow();
    expect(core.secrets).toEqual(['hunter2', 'ghs_token']);
  });

  it('reads several folders, one a line, whose names may hold commas', () => {
    expect(read({ folder: ' ci, old \n\ngroup-v23\r\n/DC1/vm/ci\n' }).folder).toEqual([
      { kind: 'name', name: 'ci, old' },
      { kind: 'id', id: 'group-v23' },
      { kind: 'path', absolute: true, segments: ['DC1', 'vm', 'ci'] },
    ]);
  });

  it.each([
    ['24h', DAY],
    ['7d', 7 * DAY],
    ['1d12h', 1.5 * DAY],
    ['86400', DAY],
    ['1440m', DAY],
    ['400d', 400 * DAY],
  ])('reads max-age %s', (text, maxAge) => {
    expect(read({ 'max-age': text }).maxAge).toBe(maxAge);
  });

  it('takes 0 where it means something', () => {
    expect(read({ grace: '0', limit: '0' })).toMatchObject({ grace: 0, limit: 0 });
  });

  it('takes an empty pull-request for none, as a misspelt expression gives it', () => {
    expect(read({ 'pull-request': '' })).not.toHaveProperty('pullRequest');
    expect(read({ 'pull-request': '12' }).pullRequest).toBe(12);
  });

  it('takes an empty dry-run for the default', () => {
    expect(read({ 'dry-run': '' }).dryRun).toBe(true);
  });

  it.each([
    ['folder', ''],
    ['folder', 'ci/'],
    ['folder', 'id:a b'],
    ['github-token', ''],
    ['github-token', 'a b'],
    ['github-token', 'a\u00e4'],
    ['pull-request', '0'],
    ['pull-request', '#12'],
    ['pull-request', '012'],
    ['pull-request', '-1'],
    ['pull-request', '1.5'],
    ['pull-request', '9007199254740993'],
    ['keep-while-open', 'yes'],
    ['grace', '7d'],
    ['grace', '-1'],
    ['grace', '25h'],
    ['max-age', '23h59m59s'],
    ['max-age', '0'],
    ['max-age', '86399'],
    ['max-age', '7 d'],
    ['max-age', 'd'],
    ['max-age', '10abc'],
    ['keep', 'shop-*-main'],
    ['keep', '**'],
    ['keep', 'id:'],
    ['limit', '-1'],
    ['limit', 'all'],
    ['limit', '10.0'],
    ['limit', '1e1'],
    ['dry-run', 'no'],
    ['timeout', '0'],
  ])('refuses %s %j, and names it', (name, text) => {
    const problem = problemsOf({ [name]: text });
    expect(problem).toMatch(new RegExp(`^${name}`));
    expect(problem.split('\n')).toHaveLength(1);
  });

  it('never shows the token', () => {
    expect(problemsOf({ 'github-token': 'ghs\ttoken' })).toBe(
      'github-token is not a token: it holds characters that no header can have.',
    );
  });
});

describe('keep', () => {
  const vm = { id: 'vm-12', name: 'shop-pr12-e2e-9912345678-1-abc123' };

  it.each([
    ['vm-12', true],
    ['id:vm-12', true],
    ['vm-12:5031e081-01a7', true],
    ['vm-1', false],
    ['vm-123', false],
    ['shop-pr12-e2e-9912345678-1-abc123', true],
    ['Shop-PR12-e2e-9912345678-1-ABC123', true],
    ['name:shop-pr12-e2e-9912345678-1-abc123', true],
    ['shop-pr12-*', true],
    ['shop-pr1*', true],
    ['shop-pr12', false],
    ['pr12*', false],
    ['*', true],
    ['other-*, vm-12', true],
    ['other-*\nshop-*', true],
    ['', false],
  ])('%j: %s', (text, isKept) => {
    expect(isListed(read({ keep: text }).keep, vm)).toBe(isKept);
  });
});
