import { describe, expect, it } from 'vitest';
import { decide, type Facts, type Finding, type Rules } from '../../../../src/actions/cleanup/decide.ts';
import type { WorkflowRun } from '../../../../src/github/workflow-run.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-05-04T10:00:00Z');

/** A run of a pull request that ended three hours ago. */
const ended: WorkflowRun = {
  id: 99,
  repositoryId: 7,
  status: 'completed',
  conclusion: 'success',
  attempt: 2,
  event: 'pull_request',
  createdAt: NOW - 5 * HOUR,
  startedAt: NOW - 4 * HOUR,
  updatedAt: NOW - 3 * HOUR,
};

const rules: Rules = { repositoryId: 7, now: NOW, grace: HOUR, keepWhileOpen: true, maxAge: undefined };

const closed: Finding<string> = { kind: 'found', value: 'closed' };
const open: Finding<string> = { kind: 'found', value: 'open' };

interface Case {
  readonly run?: Partial<WorkflowRun>;
  readonly name?: Partial<Facts['name']>;
  readonly pullRequest?: Finding<string> | undefined;
  readonly rules?: Partial<Rules>;
}

/** `delete: …`, `keep (rule): …`, or `ask pull request`. */
function decisionOn({ run = {}, name = {}, rules: changed = {}, ...rest }: Case): string {
  const decision = decide(
    {
      name: { runId: 99, runAttempt: 1, pullRequest: 12, ...name },
      run: { kind: 'found', value: { ...ended, ...run } },
      pullRequest: 'pullRequest' in rest ? rest.pullRequest : closed,
    },
    { ...rules, ...changed },
  );
  if (decision === 'ask pull request') {
    return decision;
  }
  return decision.decision === 'delete'
    ? `delete: ${decision.reason}`
    : `keep (${decision.rule}${decision.isStuck === true ? ', stuck' : ''}): ${decision.reason}`;
}

describe('the run', () => {
  it('that GitHub does not know keeps the VM', () => {
    const facts = { name: { runId: 99, runAttempt: 1, pullRequest: 12 }, run: { kind: 'unknown' } } as const;
    expect(decide({ ...facts, pullRequest: closed }, rules)).toMatchObject({
      decision: 'keep',
      rule: 'unknown run',
    });
  });

  it('that GitHub does not tell of clearly keeps the VM', () => {
    const run = { kind: 'unclear', why: 'HTTP 500' } as const;
    const facts = { name: { runId: 99, runAttempt: 1, pullRequest: 12 }, run };
    expect(decide({ ...facts, pullRequest: closed }, rules)).toMatchObject({
      decision: 'keep',
      rule: 'unclear',
    });
  });

  it.each<[string, Case, string]>([
    [
      'is another one',
      { run: { id: 98 } },
      'keep (disagreement): name and run disagree: GitHub speaks of run 98',
    ],
    [
      "is another repository's",
      { run: { repositoryId: 8 } },
      "keep (disagreement): name and run disagree: run 99 is another repository's",
    ],
    [
      'has had fewer attempts than the name says',
      { name: { runAttempt: 3 } },
      'keep (disagreement): name and run disagree: run 99 has had 2 attempts, not 3',
    ],
    [
      "is a pull request's, and the name tells none",
      { name: { pullRequest: undefined } },
      "keep (disagreement): name and run disagree: run 99 is a pull request's, whose number the name does not tell",
    ],
    [
      'was started by what nobody knows',
      { run: { event: 'moon_phase' } },
      "keep (unclear): run 99 is not clear: its event 'moon_phase' is not known",
    ],
    [
      'was started by what only begins like a pull request',
      { run: { event: 'pull_requests' } },
      "keep (unclear): run 99 is not clear: its event 'pull_requests' is not known",
    ],
    [
      'was approved by nobody yet',
      { run: { conclusion: 'action_required' } },
      'keep (not over): run 99 is not over: action_required',
    ],
  ])('that %s keeps the VM', (_, facts, decision) => {
    expect(decisionOn(facts)).toBe(decision);
  });

  it.each(['queued', 'in_progress', 'waiting', 'pending', 'requested', 'Completed', 'completed ', 'done'])(
    'that is %j keeps the VM, whatever else holds',
    (status) => {
      const everything = { grace: 0, keepWhileOpen: false, maxAge: DAY };
      const run = { status, createdAt: NOW - 30 * DAY, startedAt: NOW - 30 * DAY };
      expect(decisionOn({ run, rules: everything })).toBe(`keep (not over): run 99 is not over: ${status}`);
    },
  );

  it.each<[string, Partial<WorkflowRun>, boolean]>([
    ['36 days', { createdAt: NOW - 36 * DAY, startedAt: NOW - 36 * DAY }, false],
    ['more', { createdAt: NOW - 36 * DAY - 1, startedAt: NOW - 36 * DAY - 1 }, true],
    ['more, but was started again', { createdAt: NOW - 50 * DAY, startedAt: NOW - DAY }, false],
    ['nobody knows how long', { createdAt: NOW - 50 * DAY, startedAt: undefined }, false],
  ])('that has gone on for %s is stuck or not', (_, times, isStuck) => {
    expect(decisionOn({ run: { status: 'in_progress', ...times } }).includes('stuck')).toBe(isStuck);
    expect(decisionOn({ run: { conclusion: 'action_required', ...times } }).includes('stuck')).toBe(isStuck);
  });

  it.each([
    'success',
    'failure',
    'cancelled',
    'skipped',
    'stale',
    'startup_failure',
    'timed_out',
    'no_word',
    undefined,
  ])('that is over by its status is over, with the conclusion %j', (conclusion) => {
    expect(decisionOn({ run: { conclusion } })).toMatch(/^delete/);
  });
});

describe('grace', () => {
  it.each<[string, Case, string]>([
    [
      'is not over yet',
      { run: { updatedAt: NOW - HOUR + 1_000 } },
      'keep (grace): run 99 ended 59 min 59 s ago, less than 1 h',
    ],
    [
      'is just over',
      { run: { updatedAt: NOW - HOUR } },
      'delete: run 99 ended 1 h ago, pull request 12 is closed',
    ],
    [
      'is 0, and so is the time',
      { run: { updatedAt: NOW }, rules: { grace: 0 } },
      'delete: run 99 ended 0 ms ago, pull request 12 is closed',
    ],
    [
      'is 0, but the end lies ahead',
      { run: { updatedAt: NOW + 1_000 }, rules: { grace: 0 } },
      "keep (unclear): run 99 is not clear: by GitHub's own clock it ends in the future",
    ],
    [
      'has no beginning',
      { run: { updatedAt: undefined }, rules: { grace: 0 } },
      'keep (unclear): run 99 is not clear: GitHub does not tell when it ended',
    ],
  ])('%s', (_, facts, decision) => {
    expect(decisionOn(facts)).toBe(decision);
  });
});

describe('the pull request', () => {
  it.each<[string, Finding<string>, string]>([
    ['open', open, 'keep (pull request): pull request 12 is open'],
    ['unknown to GitHub', { kind: 'unknown' }, 'keep (pull request): GitHub does not know pull request 12'],
    [
      'not clear',
      { kind: 'unclear', why: 'HTTP 403' },
      'keep (unclear): pull request 12 is not clear: HTTP 403',
    ],
    [
      'merged, a word that nobody knows here',
      { kind: 'found', value: 'merged' },
      'keep (pull request): pull request 12 is merged',
    ],
    ['closed', closed, 'delete: run 99 ended 3 h ago, pull request 12 is closed'],
  ])('that is %s', (_, pullRequest, decision) => {
    expect(decisionOn({ pullRequest })).toBe(decision);
  });

  it('is asked for only where everything else says delete', () => {
    const unasked = { pullRequest: undefined };
    expect(decisionOn(unasked)).toBe('ask pull request');
    expect(decisionOn({ ...unasked, run: { status: 'queued' } })).toMatch(/^keep/);
    expect(decisionOn({ ...unasked, rules: { keepWhileOpen: false } })).toBe('delete: run 99 ended 3 h ago');
    expect(decisionOn({ ...unasked, run: { event: 'push' } })).toBe('delete: run 99 ended 3 h ago');
  });

  it.each(['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])(
    'matters to a run by %s',
    (event) => {
      expect(decisionOn({ run: { event }, pullRequest: open })).toMatch(/^keep/);
    },
  );

  it.each([
    'push',
    'schedule',
    'workflow_dispatch',
    'workflow_run',
    'issue_comment',
    'merge_group',
    'dynamic',
  ])('means nothing to a run by %s, whose branch may be called pr12', (event) => {
    expect(decisionOn({ run: { event }, pullRequest: open })).toBe('delete: run 99 ended 3 h ago');
  });
});

describe('max-age', () => {
  const old = { createdAt: NOW - 8 * DAY, startedAt: NOW - 8 * DAY };
  const maxAge = 7 * DAY;

  it.each<[string, Case, string]>([
    [
      'takes a VM of an open pull request, which is not even asked for',
      { run: old, pullRequest: undefined },
      'delete: run 99 ended 3 h ago and began 8 d ago, more than 7 d',
    ],
    [
      'takes none whose run is not over',
      { run: { ...old, status: 'in_progress' } },
      'keep (not over): run 99 is not over: in_progress',
    ],
    [
      'takes none in its grace',
      { run: { ...old, updatedAt: NOW } },
      'keep (grace): run 99 ended 0 ms ago, less than 1 h',
    ],
    ['counts from the last start', { run: { ...old, startedAt: NOW - 6 * DAY } }, 'ask pull request'],
    [
      'counts from the creation, were that later',
      { run: { ...old, createdAt: NOW - 6 * DAY } },
      'ask pull request',
    ],
    [
      'takes none that is exactly as old',
      { run: { createdAt: NOW - maxAge, startedAt: NOW - maxAge } },
      'ask pull request',
    ],
    [
      'takes a beginning that is missing for a young one',
      { run: { ...old, startedAt: undefined } },
      'ask pull request',
    ],
    [
      'takes a beginning in the future for a young one',
      { run: { ...old, startedAt: NOW + DAY } },
      'ask pull request',
    ],
  ])('%s', (_, facts, decision) => {
    expect(decisionOn({ pullRequest: undefined, ...facts, rules: { maxAge } })).toBe(decision);
  });
});
