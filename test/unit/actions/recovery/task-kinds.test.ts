import { describe, expect, it } from 'vitest';
import { pollTask } from '../../../../src/actions/poll-task.ts';
import { abortClone } from '../../../../src/actions/recovery/abort.ts';
import { type ClonePlan, createJournal } from '../../../../src/actions/recovery/journal.ts';
import { findLostClone } from '../../../../src/actions/recovery/lost-clone.ts';
import { withDeadline } from '../../../../src/time/deadline.ts';
import type { Task, TaskKind } from '../../../../src/vcenter/task.ts';
import { createRecordedReport } from '../../../support/recorded-report.ts';
import { createScriptedSession } from '../../../support/scripted-session.ts';
import { notFound, refused } from '../../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const LIST = 'GET /api/vcenter/vm';

const plan: ClonePlan = {
  server: 'vcenter.test',
  name: 'shop-pr12-e2e-1-1-abc123',
  isNameGenerated: true,
  source: 'vm-42',
  vmsBefore: [],
};

const running: Task = {
  id: 'copy-7',
  status: 'RUNNING',
  operation: undefined,
  cancelable: true,
  progress: 0.5,
  doing: undefined,
  targetVm: 'vm-42',
  resultVm: undefined,
  failure: undefined,
  startTime: undefined,
  endTime: undefined,
  user: undefined,
};

/** A kind of task that vCenter does not have: a copy of ten minutes that tells its VM only as its target, and can be cancelled. */
function setUp() {
  const clock = createVirtualClock();
  const report = createRecordedReport();
  const asked: string[] = [];
  let end: Task | undefined;
  const copies: TaskKind = {
    kind: 'copy',
    get: async (_session, id) => {
      asked.push(`get ${id}`);
      if (id !== running.id) {
        throw notFound('GET copy');
      }
      const isDone = clock.now() >= 600_000;
      return end ?? (isDone ? { ...running, status: 'SUCCEEDED', targetVm: 'vm-7' } : running);
    },
    cancel: async (_session, id) => {
      asked.push(`cancel ${id}`);
      const failure = { errorType: 'CANCELED', messages: ['Cancelled.'], messageIds: [] };
      end = { ...running, status: 'FAILED', failure };
    },
    listClones: async () => {
      asked.push('list');
      return clock.now() < 600_000 ? [running] : [];
    },
  };
  const session = createScriptedSession({ clock, handlers: { [LIST]: () => [] } });
  const { signal } = new AbortController();
  return { clock, report, asked, copies, session, signal };
}

describe('a second kind of task', () => {
  it('is polled to its end', async () => {
    const { clock, report, copies, session, signal } = setUp();
    const options = { session, tasks: copies, task: 'copy-7', clock, random: () => 0.5, report, signal };
    expect(await pollTask(options)).toMatchObject({ status: 'SUCCEEDED', targetVm: 'vm-7' });
    expect(session.operations()).toEqual([]);
  });

  it('is cancelled by what the state says of it', async () => {
    const { clock, report, asked, copies, session, signal } = setUp();
    const state = { phase: 'started', plan, task: { kind: 'copy', id: 'copy-7' } } as const;
    const journal = createJournal({ saveState: () => undefined }, state);
    const options = { session, taskKinds: [copies], journal, clock, random: () => 0.5, report, signal };
    expect(await abortClone(options)).toEqual({
      deleted: undefined,
      leftover: undefined,
      outcome: `The clone of '${plan.name}' was cancelled; nothing is left.`,
    });
    expect(asked.slice(0, 2)).toEqual(['cancel copy-7', 'get copy-7']);
  });

  it('is waited for where the response to its request was lost', async () => {
    const { clock, report, asked, copies, session, signal } = setUp();
    const limits = { signal, retryTimeout: 0 };
    const found = await findLostClone({ session, tasks: copies, plan, age: 0, clock, report, limits });
    expect(found).toEqual({ outcome: 'none' });
    expect(clock.now()).toBeGreaterThan(600_000);
    expect(asked).toContain('list');
  });

  it('is listed by the source of the clone that is looked for', async () => {
    const { clock, report, copies, session, signal } = setUp();
    const sources: unknown[] = [];
    const tasks: TaskKind = {
      ...copies,
      listClones: async (_session, source) => {
        sources.push(source);
        return [];
      },
      get: async () => {
        throw refused({ operation: 'GET copy', status: 400, errorType: 'INVALID_ARGUMENT' });
      },
    };
    const limits = { signal, retryTimeout: 0 };
    await findLostClone({ session, tasks, plan, age: 0, clock, report, limits });
    const before = sources.length;
    const state = { phase: 'started', plan, task: { kind: 'copy', id: 'copy-7' } } as const;
    const journal = createJournal({ saveState: () => undefined }, state);
    const options = { session, taskKinds: [tasks], journal, clock, random: () => 0.5, report };
    await withDeadline({ clock, what: 'the test', limit: 60_000, signal }, (deadline) =>
      abortClone({ ...options, signal: deadline }),
    ).catch(() => undefined);
    expect(sources.length).toBeGreaterThan(before);
    expect(new Set(sources)).toEqual(new Set(['vm-42']));
  });

  it('that only another version of the action knows touches nothing', async () => {
    const { clock, report, session, signal } = setUp();
    const state = { phase: 'started', plan, task: { kind: 'copy', id: 'copy-7' } } as const;
    const journal = createJournal({ saveState: () => undefined }, state);
    const options = { session, taskKinds: [], journal, clock, random: () => 0.5, report, signal };
    await expect(abortClone(options)).rejects.toThrow("there is no task of the kind 'copy'");
    expect(session.operations()).toEqual([]);
  });
});
