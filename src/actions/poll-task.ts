import type { Report } from '../github/report.ts';
import { formatDuration } from '../text/duration.ts';
import type { Clock } from '../time/clock.ts';
import type { Session } from '../vcenter/session.ts';
import { hasEnded, type Task, type TaskKind } from '../vcenter/task.ts';
import { isNotFound } from '../vcenter/transport/error.ts';
import { forecast, nextPoll } from './poll-schedule.ts';

export interface PollOptions {
  readonly session: Session;
  readonly tasks: TaskKind;
  /** Its id. */
  readonly task: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  /** Ends the polling; the task goes on. */
  readonly signal: AbortSignal;
  /** Milliseconds for which a failing poll is retried; without it, until the signal ends it. */
  readonly retryTimeout?: number;
  /** Milliseconds between polls, where the user fixed them. */
  readonly pollInterval?: number | undefined;
  /** Gets each response, before it is looked at. */
  readonly onPoll?: (task: Task) => void;
}

/** A task's record may be a moment late: this many polls find none before the task counts as unknown. */
const LATE_POLLS = 4;
const LATE_PAUSE = 1_000;

const REPORT_EVERY = 30_000;
const REPORT_STEP = 0.1;

/**
 * Polls a task until it has SUCCEEDED or FAILED. Undefined where vCenter does not know the task (any more), so that nobody can say how it ended.
 *
 * @throws VcenterError where polling fails for good; the signal's reason.
 */
export async function pollTask(options: PollOptions): Promise<Task | undefined> {
  const { session, tasks, task: id, clock, random, report, signal, pollInterval, onPoll } = options;
  const { retryTimeout = Number.POSITIVE_INFINITY } = options;
  const limits = { signal, retryTimeout, isCloneRunning: true };
  const startedAt = clock.now();
  let last: Task | undefined;
  let reported = { at: startedAt, progress: 0 };
  let latePolls = 0;
  let moved = false;
  let misses = 0;

  for (;;) {
    const polls = { elapsed: clock.now() - startedAt, progress: last?.progress, moved, misses };
    const pause = pollInterval ?? nextPoll(polls, random);
    await clock.sleep(latePolls > 0 ? LATE_PAUSE : pause, signal);

    let task: Task;
    try {
      task = await tasks.get(session, id, limits);
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      latePolls += 1;
      if (last !== undefined || latePolls === LATE_POLLS) {
        report.info(`vCenter does not know the task ${id} (any more).`);
        return undefined;
      }
      continue;
    }

    latePolls = 0;
    onPoll?.(task);
    if (hasEnded(task)) {
      return task;
    }
    misses += forecast(polls) === undefined ? 0 : 1;
    moved = task.progress !== undefined && task.progress !== last?.progress;
    last = task;
    const progress = task.progress ?? 0;
    const now = clock.now();
    if (progress - reported.progress >= REPORT_STEP || now - reported.at >= REPORT_EVERY) {
      reported = { at: now, progress };
      report.info(progressLine(task, now - startedAt));
    }
  }
}

function progressLine({ status, progress, doing }: Task, elapsed: number): string {
  const share = progress === undefined ? status : `${Math.floor(progress * 100)} %`;
  return [share, formatDuration(elapsed), doing === undefined ? undefined : `vCenter: ${doing}`]
    .filter((part) => part !== undefined)
    .join(' · ');
}
