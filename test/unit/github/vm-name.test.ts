import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GitHubContext } from '../../../src/github/context.ts';
import { InputsError } from '../../../src/github/inputs.ts';
import {
  generateVmName,
  parseVmName,
  readGeneratedName,
  readRepositoryName,
} from '../../../src/github/vm-name.ts';
import { problemOf } from '../../support/fake-core.ts';

const push: GitHubContext = {
  payload: {},
  eventName: 'push',
  ref: 'refs/heads/main',
  job: 'e2e',
  runId: 9_912_345_678,
  runAttempt: 1,
  repo: { owner: 'octo', repo: 'shop' },
};

const generate = (changes: Partial<GitHubContext> = {}, random = () => 0) =>
  generateVmName({ context: { ...push, ...changes }, random });

/** The name without its token, which is checked for its form. */
function nameOf(changes: Partial<GitHubContext>): string {
  const name = generate(changes, Math.random);
  expect(name).toMatch(/-[0-9a-z]{6}$/);
  return name.slice(0, -7);
}

describe('generateVmName', () => {
  it.each(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])(
    'has the number of the pull request on %s',
    (eventName) => {
      const ref = eventName === 'pull_request_target' ? 'refs/heads/main' : 'refs/pull/12/merge';
      expect(nameOf({ eventName, ref, payload: { pull_request: { number: 12 } } })).toBe(
        'shop-pr12-e2e-9912345678-1',
      );
    },
  );

  it('has it from the ref where the payload does not tell', () => {
    expect(nameOf({ eventName: 'pull_request', ref: 'refs/pull/12/merge' })).toBe(
      'shop-pr12-e2e-9912345678-1',
    );
    expect(nameOf({ ref: 'refs/pull/12/head', payload: { pull_request: { number: '7' } } })).toBe(
      'shop-pr12-e2e-9912345678-1',
    );
  });

  it.each([
    ['push', 'refs/heads/main', 'main'],
    ['push', 'refs/heads/Feature/ABC_12--x.y', 'feature-abc-12-x-y'],
    ['push', 'refs/tags/v1.2.0', 'v1-2-0'],
    ['schedule', 'refs/heads/main', 'main'],
    ['workflow_dispatch', 'refs/heads/release/1', 'release-1'],
    ['release', 'refs/tags/v2', 'v2'],
    ['workflow_run', 'refs/heads/main', 'main'],
    ['merge_group', 'refs/heads/gh-readonly-queue/main/pr-12-abc', 'gh-readonly-queue-main-pr-12-abc'],
    ['push', 'refs/heads/prüfung', 'prufung'],
    ['push', 'refs/heads/-x-', 'x'],
  ])('has the ref on %s of %s', (eventName, ref, part) => {
    expect(nameOf({ eventName, ref })).toBe(`shop-${part}-e2e-9912345678-1`);
  });

  it('leaves out a part of which nothing is left', () => {
    expect(nameOf({ ref: 'refs/heads/日本語' })).toBe('shop-e2e-9912345678-1');
    expect(nameOf({ ref: undefined, job: undefined })).toBe('shop-9912345678-1');
    expect(nameOf({ ref: '', job: '', repo: { owner: 'octo', repo: '.' } })).toBe('9912345678-1');
  });

  it('shortens repository, ref and job, the longest first, and nothing else', () => {
    const ref = `refs/heads/${'r'.repeat(244)}`;
    const repo = { owner: 'octo', repo: 'a'.repeat(100) };
    const name = generate({ ref, repo, runId: 99_999_999_999, runAttempt: 42 });
    expect(name).toBe(`${'a'.repeat(26)}-${'r'.repeat(27)}-e2e-99999999999-42-000000`);
    expect(name).toHaveLength(80);
    const onPullRequest = generate({
      repo,
      job: 'j'.repeat(100),
      payload: { pull_request: { number: 1_234_567_890 } },
    });
    expect(onPullRequest).toMatch(/^a+-pr1234567890-j+-9912345678-1-000000$/);
    expect(onPullRequest).toHaveLength(80);
  });

  it('ends in a token that is drawn from 36 characters', () => {
    const draws = [0, 0.5, 0.999_999, 9 / 36, 10 / 36, 35 / 36];
    expect(generate({}, () => draws.shift() ?? 0).slice(-6)).toBe('0iz9az');
  });

  it('A2: is another one for two steps of which the runner tells the same', () => {
    const names = Array.from({ length: 1_000 }, () => generate({}, Math.random));
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([{ runId: Number.NaN }, { runAttempt: Number.NaN }, { runId: 0 }])(
    'is not made outside a workflow run: %o',
    (changes) => {
      expect(() => generate(changes)).toThrow(InputsError);
      expect(() => generate(changes)).toThrow(/^name is required: GITHUB_RUN_ID/);
    },
  );

  const contexts = fc.record({
    payload: fc.oneof(
      fc.constant({}),
      fc.record({ pull_request: fc.record({ number: fc.anything() }) }),
      fc.nat().map((number) => ({ pull_request: { number: number + 1 } })),
    ),
    eventName: fc.constantFrom('push', 'pull_request'),
    ref: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 300 }).map((name) => `refs/heads/${name}`),
      fc.nat().map((number) => `refs/pull/${number}/merge`),
    ),
    job: fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,120}$/)),
    runId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    runAttempt: fc.integer({ min: 1, max: 1_000 }),
    repo: fc.record({
      owner: fc.string(),
      repo: fc.oneof(fc.string(), fc.stringMatching(/^[\w.-]{1,100}$/)),
    }),
  });

  it('has at most 80 lower-case letters, digits and single hyphens, with run, attempt and token whole', () => {
    fc.assert(
      fc.property(
        contexts,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (context, drawn) => {
          const name = generateVmName({ context, random: () => drawn });
          expect(name.length).toBeLessThanOrEqual(80);
          expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
          expect(name).toMatch(new RegExp(`(?:^|-)${context.runId}-${context.runAttempt}-[0-9a-z]{6}$`));
          expect(parseVmName(name)).toBe(name);
          const { runId, runAttempt } = context;
          fc.pre(name.split('-').length > 3); // where nothing is left of repository, ref and job, only run and token are
          expect(readGeneratedName(name)).toEqual({ runId, runAttempt });
        },
      ),
    );
  });
});

describe('readGeneratedName', () => {
  it.each([
    ['shop-pr12-e2e-9912345678-1-4f09ac', 9_912_345_678, 1],
    ['shop-9912345678-12-000000', 9_912_345_678, 12],
    ['1-2-3-4-999999', 3, 4],
  ])('reads run and attempt of %s', (name, runId, runAttempt) => {
    expect(readGeneratedName(name)).toEqual({ runId, runAttempt });
  });

  it.each([
    '',
    'shop',
    '9912345678-1-4f09ac', // nothing in front
    'shop-9912345678-1-4f09a',
    'shop-9912345678-1-4f09acd',
    'shop-9912345678-1-4F09ac',
    'Shop-9912345678-1-4f09ac',
    'shop--9912345678-1-4f09ac',
    '-shop-9912345678-1-4f09ac',
    'shop-9912345678-1-4f09ac-',
    'shop-9912345678-1-4f09ac\n',
    'shop-0-1-4f09ac',
    'shop-01-1-4f09ac',
    'shop-1-0-4f09ac',
    'shop-1-x-4f09ac',
    'shop-99999999999999999999-1-4f09ac',
    'shop_pr12-9912345678-1-4f09ac',
    'shop%2f1-9912345678-1-4f09ac',
    `${'x'.repeat(80)}-1-1-4f09ac`,
  ])('takes %j for no generated name', (name) => {
    expect(readGeneratedName(name)).toBeUndefined();
  });
});

describe('parseVmName', () => {
  it('takes up to 80 characters of one line', () => {
    expect(parseVmName('Prüfstand / 1')).toBe('Prüfstand / 1');
    expect(parseVmName('🚀'.repeat(80))).toHaveLength(160);
    expect(problemOf(() => parseVmName('x'.repeat(81)))).toBe('has 81 characters; vCenter takes at most 80');
    expect(problemOf(() => parseVmName('a\nb'))).toContain('line break');
    expect(problemOf(() => parseVmName('a\u2028b'))).toContain('line break');
  });
});

describe('readRepositoryName', () => {
  const text = fc.oneof(
    { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/) },
    fc.constantFrom(
      'pr12',
      'shop-pr12',
      'e2e',
      '--',
      '.',
      'x'.repeat(100),
      'a-'.repeat(40),
      'pr9-'.repeat(20),
    ),
    fc.string({ maxLength: 60 }),
  );
  const count = fc
    .oneof(
      fc.integer({ min: 1, max: 99 }),
      fc.maxSafeInteger().map((n) => Math.abs(n) + 1),
    )
    .filter(Number.isSafeInteger);
  const contexts = fc
    .record({ repo: text, ref: text, job: text, runId: count, runAttempt: count, number: fc.option(count) })
    .map(({ repo, ref, job, runId, runAttempt, number }) => ({
      number,
      context: {
        ...push,
        ...{ runId, runAttempt, job, ref: `refs/heads/${ref}` },
        repo: { owner: 'octo', repo },
        ...(number === null ? {} : { payload: { pull_request: { number } } }),
      },
    }));
  const tokens = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true }));

  it('reads whatever the generator makes', () => {
    fc.assert(
      fc.property(contexts, tokens, ({ context, number }, random) => {
        const { repo } = context.repo;
        const name = generateVmName({ context, random: () => random.next().value ?? 0 });
        fc.pre(/[a-z0-9]/i.test(repo.normalize('NFKD'))); // of any other name nothing is left in a VM's
        const read = readRepositoryName({ name, repo });
        expect(name.length).toBeLessThanOrEqual(80);
        expect(read).toMatchObject({ runId: context.runId, runAttempt: context.runAttempt });
        if (number !== null) {
          // Where a repository was cut there may be two readings, and then there is none.
          expect([number, ...(name.length >= 79 ? [undefined] : [])]).toContain(read?.pullRequest);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads no name of another repository, unless that begins with the name of this one and a hyphen', () => {
    const repo = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,8}$/);
    fc.assert(
      fc.property(contexts, repo, ({ context }, other) => {
        const name = generateVmName({ context, random: () => 0 });
        fc.pre(!name.startsWith(`${other}-`) && !(name.length >= 79 && name.startsWith(other.slice(0, 17))));
        expect(readRepositoryName({ name, repo: other })).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  const long = 'a-repository-with-a-rather-long-name-of-sixty-characters-in-all';
  const generateFor = (repo: string, changes: Partial<GitHubContext> = {}) =>
    generate({ repo: { owner: 'octo', repo }, job: 'j'.repeat(60), ...changes });

  it('knows a repository that was cut by what is left of it, and by no less than 17 characters', () => {
    const name = generateFor(long, { payload: { pull_request: { number: 12 } } });
    expect(name.length).toBeGreaterThanOrEqual(79);
    expect(name).toMatch(/^a-repository-with-.+-pr12-j+-9912345678-1-000000$/);
    expect(readRepositoryName({ name, repo: long })?.pullRequest).toBe(12);
    const front = name.slice(0, name.indexOf('-pr12'));
    expect(readRepositoryName({ name, repo: `${front.slice(0, 16)}x${front.slice(17)}` })).toBeUndefined();
    const sixteen = `${long.slice(0, 16)}-pr12-${'j'.repeat(38)}-9912345678-1-000000`;
    expect(sixteen).toHaveLength(80);
    expect(readRepositoryName({ name: sixteen, repo: long })).toBeUndefined();
  });

  it('takes a part of the repository for it only where the name is as long as it can be', () => {
    const short = `${long.slice(0, 25)}-pr12-e2e-9912345678-1-abc123`;
    expect(readGeneratedName(short)).toBeDefined();
    expect(readRepositoryName({ name: short, repo: long })).toBeUndefined();
  });

  it('leaves the number open where a cut repository can be read in two ways', () => {
    const repo = 'abcdefghijklmnopq-pr9-and-some-more-that-was-cut';
    const head = 'abcdefghijklmnopq-pr9-pr12';
    const name = `${head}-${'j'.repeat(80 - head.length - 1 - 20)}-9912345678-1-abc12`.padEnd(80, '3');
    expect(name).toHaveLength(80);
    expect(readRepositoryName({ name, repo })).toEqual({
      runId: 9_912_345_678,
      runAttempt: 1,
      pullRequest: undefined,
    });
  });

  it.each([
    ['shop-pr12-e2e-9912345678-1-abc123', 12],
    ['shop-pr12-9912345678-1-abc123', 12],
    ['shop-main-pr12-9912345678-1-abc123', undefined],
    ['shop-pr012-e2e-9912345678-1-abc123', undefined],
    ['shop-pr0-e2e-9912345678-1-abc123', undefined],
    ['shop-pr12a-e2e-9912345678-1-abc123', undefined],
    ['shop-pr-12-e2e-9912345678-1-abc123', undefined],
    ['shop-pr99999999999999999999-e2e-9912345678-1-abc123', undefined],
    ['shop-9912345678-1-abc123', undefined],
  ])('reads %s, a name of shop', (name, pullRequest) => {
    expect(readRepositoryName({ name, repo: 'shop' })).toEqual({
      runId: 9_912_345_678,
      runAttempt: 1,
      pullRequest,
    });
  });

  it.each([
    ...['shop', 'shop-', 'shop-pr12', 'shop-demo', '9912345678-1-abc123', '-9912345678-1-abc123'],
    ...['shopping-main-e2e-9912345678-1-abc123', 'sho-main-e2e-9912345678-1-abc123'],
    ...['xshop-main-e2e-9912345678-1-abc123', 'x-shop-main-e2e-9912345678-1-abc123'],
    ...['shop-main-e2e-9912345678-1-abc12', 'shop-main-e2e-9912345678-1-abc1234'],
    ...['shop-main-e2e-9912345678-1-ABC123', 'Shop-main-e2e-9912345678-1-abc123'],
    ...['shop-main-e2e-9912345678-0-abc123', 'shop-main-e2e-09912345678-1-abc123'],
    ...['shop-main-e2e-9912345678-01-abc123', 'shop-main-e2e-+9912345678-1-abc123'],
    ...['shop-main-e2e-9912345678-1-abc123 ', ' shop-main-e2e-9912345678-1-abc123'],
    ...['shop-main-e2e-9912345678-1-abc123\n', 'shop-main--e2e-9912345678-1-abc123'],
    ...['shop_main-e2e-9912345678-1-abc123', 'shop-main/e2e-9912345678-1-abc123'],
    ...['shop-main%2fe2e-9912345678-1-abc123', 'shop-main-e2e-9912345678-1-abc123-'],
    ...['shop-main-e2e-9912345678-1-abc123-copy', 'shop-main-e2e-99999999999999999-1-abc123'],
    ...['shop-main-e2e-9912345678-1-abc12\u0661', 'sh\u043ep-main-e2e-9912345678-1-abc123'],
    `shop-${'x'.repeat(60)}-9912345678-1-abc123`,
  ])('reads nothing from %j', (name) => {
    expect(readRepositoryName({ name, repo: 'shop' })).toBeUndefined();
  });

  it.each(['', '-', '...', '\u65e5\u672c'])(
    'reads nothing for a repository of which no letter is left: %j',
    (repo) => {
      expect(readRepositoryName({ name: 'main-e2e-9912345678-1-abc123', repo })).toBeUndefined();
    },
  );
});
