import { describe, expect, it } from 'vitest';
import { readPullRequestState, readWorkflowRun } from '../../../src/github/workflow-run.ts';

const body = {
  id: 99,
  repository: { id: 7 },
  status: 'completed',
  conclusion: 'success',
  run_attempt: 1,
  event: 'push',
  created_at: '2026-01-22T19:33:08Z',
  run_started_at: '2026-01-22T19:33:08Z',
  updated_at: '2026-01-22T19:34:08Z',
};

describe('readWorkflowRun', () => {
  it('reads what decisions rest on', () => {
    expect(readWorkflowRun(body)).toEqual({
      id: 99,
      repositoryId: 7,
      status: 'completed',
      conclusion: 'success',
      attempt: 1,
      event: 'push',
      createdAt: Date.UTC(2026, 0, 22, 19, 33, 8),
      startedAt: Date.UTC(2026, 0, 22, 19, 33, 8),
      updatedAt: Date.UTC(2026, 0, 22, 19, 34, 8),
    });
  });

  it.each([
    ...[null, 'completed', [], {}, [body]],
    ...[
      { ...body, id: '99' },
      { ...body, id: 0 },
      { ...body, id: 2 ** 60 },
      { ...body, id: 99.5 },
    ],
    ...[
      { ...body, repository: null },
      { ...body, repository: { id: '7' } },
      { ...body, repository: 7 },
    ],
    ...[
      { ...body, status: null },
      { ...body, status: '' },
      { ...body, status: ['completed'] },
    ],
    ...[
      { ...body, run_attempt: undefined },
      { ...body, run_attempt: 0 },
      { ...body, run_attempt: '1' },
    ],
    ...[
      { ...body, event: null },
      { ...body, event: {} },
    ],
  ])('reads no run from %j', (other) => {
    expect(readWorkflowRun(other)).toBeUndefined();
  });

  it.each([
    ...[
      undefined,
      null,
      '',
      'yesterday',
      1_769_110_388,
      '1769110388',
      '2026-01-22',
      '22 Jan 2026 19:33:08 GMT',
    ],
    ...['2026-01-22T19:33:08', '2026-01-22T19:33:08+00:00', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z'],
    ...['2026-01-22T24:00:00Z', '2026-01-22T19:33:61Z', '+002026-01-22T19:33:08Z', '2026-01-22T19:33:08z '],
  ])('takes %j for no time', (updated_at) => {
    expect(readWorkflowRun({ ...body, updated_at })).toMatchObject({ updatedAt: undefined });
  });
});

describe('readPullRequestState', () => {
  it('is the state of the very pull request', () => {
    expect(readPullRequestState({ number: 12, state: 'closed' }, 12)).toBe('closed');
    expect(readPullRequestState({ number: 13, state: 'closed' }, 12)).toBeUndefined();
    expect(readPullRequestState({ number: 12 }, 12)).toBeUndefined();
    expect(readPullRequestState('closed', 12)).toBeUndefined();
  });
});
