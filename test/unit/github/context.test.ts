import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GitHubContext, isForkPullRequest, pullRequestNumber } from '../../../src/github/context.ts';

function contextOf(eventName: string, payload: Readonly<Record<string, unknown>>): GitHubContext {
  return {
    ...{ eventName, payload, ref: 'refs/pull/12/merge', job: 'e2e', action: 'vm', runId: 1, runAttempt: 1 },
    repo: { owner: 'octo', repo: 'shop' },
  };
}

function pullRequest(head: { readonly full_name: string } | null): Readonly<Record<string, unknown>> {
  return { pull_request: { number: 12, head: { repo: head }, base: { repo: { full_name: 'octo/shop' } } } };
}

describe('isForkPullRequest', () => {
  it('tells a pull request from a fork', () => {
    expect(isForkPullRequest(contextOf('pull_request', pullRequest({ full_name: 'mona/shop' })))).toBe(true);
    expect(isForkPullRequest(contextOf('pull_request_review', pullRequest({ full_name: 'mona/shop' })))).toBe(
      true,
    );
    expect(isForkPullRequest(contextOf('pull_request', pullRequest({ full_name: 'octo/shop' })))).toBe(false);
  });

  it('takes a pull request whose repository is gone for one from a fork', () => {
    expect(isForkPullRequest(contextOf('pull_request', pullRequest(null)))).toBe(true);
  });

  it('is about runs without secrets only', () => {
    expect(isForkPullRequest(contextOf('pull_request_target', pullRequest({ full_name: 'mona/shop' })))).toBe(
      false,
    );
    expect(isForkPullRequest(contextOf('push', {}))).toBe(false);
  });

  it('takes any payload', () => {
    const payload = fc.record({ pull_request: fc.oneof(fc.anything(), fc.record({ base: fc.anything() })) });
    fc.assert(
      fc.property(payload, (any) => {
        const context = contextOf('pull_request', any);
        expect(typeof isForkPullRequest(context)).toBe('boolean');
        expect(pullRequestNumber(context)).toBeGreaterThan(0);
      }),
    );
  });
});
