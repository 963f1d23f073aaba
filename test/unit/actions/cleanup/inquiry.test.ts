import { describe, expect, it } from 'vitest';
import { startInquiry } from '../../../../src/actions/cleanup/inquiry.ts';
import { GitHubError, type GitHubErrorFields } from '../../../../src/github/github-error.ts';

const { signal } = new AbortController();
const run = { id: 7, run_attempt: 1, status: 'completed', event: 'push', repository: { id: 1 } };

/** An inquiry whose every request comes to the next of these. */
function inquiryOf(...answers: readonly object[]) {
  let sent = 0;
  const next = async () => {
    const answer = answers[sent] ?? {};
    sent += 1;
    if (answer instanceof GitHubError) {
      throw answer;
    }
    return { body: answer, date: 0 };
  };
  const inquiry = startInquiry({ getRun: next, getPullRequest: next });
  return { inquiry, ask: () => inquiry.run(7, signal), sent: () => sent };
}

const failure = (fields: Omit<GitHubErrorFields, 'request'>) =>
  new GitHubError({ request: 'GET /', ...fields });
const FAILS = failure({ message: 'Bad Gateway.', status: 502 });
const UNKNOWN = failure({ message: 'Not Found.', status: 404 });
const LIMIT = failure({ message: 'Too many.', status: 429, isRateLimit: true });

describe('an inquiry', () => {
  it('ends with the third failure in a row, and sends nothing from then on', async () => {
    const { inquiry, ask, sent } = inquiryOf(FAILS, FAILS, FAILS, run);
    for (let request = 0; request < 3; request += 1) {
      expect(await ask()).toMatchObject({ kind: 'unclear', why: 'HTTP 502. Bad Gateway' });
    }
    expect(inquiry.endedBy()).toMatchObject({ status: 502 });
    expect(await ask()).toMatchObject({ kind: 'unclear', why: 'GitHub was not asked any more' });
    expect(sent()).toBe(3);
  });

  it.each([
    ['a run', run, 'found'],
    ['a run that GitHub does not know', UNKNOWN, 'unknown'],
  ])('begins to count anew after %s', async (_, between, kind) => {
    const { inquiry, ask } = inquiryOf(FAILS, FAILS, between, FAILS, FAILS);
    const findings = [await ask(), await ask(), await ask(), await ask(), await ask()];
    expect(findings.map((finding) => finding.kind)).toEqual([
      'unclear',
      'unclear',
      kind,
      'unclear',
      'unclear',
    ]);
    expect(inquiry.endedBy()).toBeUndefined();
  });

  it('ends with a rate limit at once', async () => {
    const { inquiry, ask, sent } = inquiryOf(LIMIT, run);
    await ask();
    await ask();
    expect(inquiry.endedBy()).toMatchObject({ isRateLimit: true });
    expect(sent()).toBe(1);
  });

  it('takes what has another form for no clear response', async () => {
    const { ask } = inquiryOf({ ...run, id: '7' });
    expect(await ask()).toEqual({ kind: 'unclear', why: "GitHub's response is of another form" });
  });
});
