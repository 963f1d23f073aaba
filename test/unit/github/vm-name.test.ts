import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GitHubContext } from '../../../src/github/context.ts';
import { InputsError } from '../../../src/github/inputs.ts';
import { generateVmName, parseVmName } from '../../../src/github/vm-name.ts';
import { problemOf } from './fake-core.ts';

const push: GitHubContext = {
  payload: {},
  eventName: 'push',
  ref: 'refs/heads/main',
  job: 'e2e',
  action: 'vm',
  runId: 9_912_345_678,
  runAttempt: 1,
  repo: { owner: 'octo', repo: 'shop' },
};

/** The name without its hash, which is checked for its form. */
function nameOf(changes: Partial<GitHubContext>, jobIndex: number | undefined = 0): string {
  const name = generateVmName({ ...push, ...changes }, jobIndex);
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
    expect(nameOf({ ref: undefined, job: undefined, action: undefined })).toBe('shop-9912345678-1');
    expect(nameOf({ ref: '', job: '', repo: { owner: 'octo', repo: '.' } })).toBe('9912345678-1');
  });

  it('shortens repository, ref and job, the longest first, and nothing else', () => {
    const ref = `refs/heads/${'r'.repeat(244)}`;
    const repo = { owner: 'octo', repo: 'a'.repeat(100) };
    const name = generateVmName({ ...push, ref, repo, runId: 99_999_999_999, runAttempt: 42 }, 0);
    expect(name).toHaveLength(80);
    expect(name).toMatch(/^a{26}-r{27}-e2e-99999999999-42-[0-9a-z]{6}$/);
    const onPullRequest = generateVmName(
      { ...push, repo, job: 'j'.repeat(100), payload: { pull_request: { number: 1_234_567_890 } } },
      0,
    );
    expect(onPullRequest).toMatch(/^a+-pr1234567890-j+-9912345678-1-[0-9a-z]{6}$/);
    expect(onPullRequest).toHaveLength(80);
  });

  it('is another one for another repository, run, attempt, job, job index or step', () => {
    const names = [
      generateVmName(push, 0),
      generateVmName({ ...push, repo: { owner: 'other', repo: 'shop' } }, 0),
      generateVmName({ ...push, runId: push.runId + 1 }, 0),
      generateVmName({ ...push, runAttempt: 2 }, 0),
      generateVmName({ ...push, job: 'e2e_' }, 0),
      generateVmName(push, 1),
      generateVmName(push, undefined),
      generateVmName({ ...push, action: '__octo_vcenter-clone-vm' }, 0),
      generateVmName({ ...push, action: '__octo_vcenter-clone-vm_2' }, 0),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('is the same one for the same step of the same attempt, whatever else has changed', () => {
    expect(generateVmName({ ...push, payload: { action: 'opened' } }, 3)).toBe(
      generateVmName({ ...push }, 3),
    );
  });

  it.each([{ runId: Number.NaN }, { runAttempt: Number.NaN }, { runId: 0 }])(
    'is not made outside a workflow run: %o',
    (changes) => {
      expect(() => generateVmName({ ...push, ...changes }, 0)).toThrow(InputsError);
      expect(() => generateVmName({ ...push, ...changes }, 0)).toThrow(/^name is required: GITHUB_RUN_ID/);
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
    action: fc.string(),
    runId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    runAttempt: fc.integer({ min: 1, max: 1_000 }),
    repo: fc.record({
      owner: fc.string(),
      repo: fc.oneof(fc.string(), fc.stringMatching(/^[\w.-]{1,100}$/)),
    }),
  });

  it('has at most 80 lower-case letters, digits and single hyphens, with run, attempt and hash whole', () => {
    fc.assert(
      fc.property(contexts, fc.option(fc.nat(), { nil: undefined }), (context, jobIndex) => {
        const name = generateVmName(context, jobIndex);
        expect(name.length).toBeLessThanOrEqual(80);
        expect(name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
        expect(name).toMatch(new RegExp(`(?:^|-)${context.runId}-${context.runAttempt}-[0-9a-z]{6}$`));
        expect(generateVmName(structuredClone(context), jobIndex)).toBe(name);
        expect(parseVmName(name)).toBe(name);
      }),
    );
  });

  it('is another one where repository, job and step are cut differently from the same letters', () => {
    const piece = fc.constantFrom('', 'a', 'b', ',', '"', '/', '-', '1');
    const identity = fc.record({
      owner: piece,
      repo: piece,
      job: piece,
      action: piece,
      index: fc.nat(2),
      attempt: fc.integer({ min: 1, max: 3 }),
    });
    const of = ({
      owner,
      repo,
      job,
      action,
      index,
      attempt,
    }: typeof identity extends fc.Arbitrary<infer T> ? T : never) =>
      generateVmName({ ...push, repo: { owner, repo }, job, action, runAttempt: attempt }, index);
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const slash = (each: typeof one) =>
          JSON.stringify({ ...each, owner: `${each.owner}/${each.repo}`, repo: '' });
        fc.pre(slash(one) !== slash(other));
        expect(of(one)).not.toBe(of(other));
      }),
    );
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
