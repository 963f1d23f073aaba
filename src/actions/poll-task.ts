import type { Report } from '../github/report.ts';
import { formatDuration } from '../text/duration.ts';
import type { Clock } from '../time/clock.ts';
import type { Session } from '../vcenter/session.ts';
import { getTask, hasEnded, type Task } from '../vcenter/tasks.ts';
import { isNotFound } from '../vcenter/transport/error.ts';
import { forecast, nextLook } from './poll-schedule.ts';

export interface WatchOptions {
  readonly session: Session;
  readonly task: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly report: Report;
  /** Ends the watching; the task goes on. */
  readonly signal: AbortSignal;
  /** Milliseconds for which failing looks are repeated, each time. */
  readonly patience: number;
  /** Milliseconds between looks, where the user fixed them. */
  readonly pollInterval?: number | undefined;
  /** True where the task has been started just now: it is as good as seen running. */
  readonly isFresh?: boolean;
  /** Gets each look, before it is judged. */
  readonly onLook?: (task: Task) => void;
}

export interface WatchedTask {
  /** At its end; undefined where vCenter does not know the task (any more), so that nobody can say how it ended. */
  readonly end: Task | undefined;
  /** Whether it was seen running shortly before, so that nobody else had the time to take a name that it set free. */
  readonly watchedToEnd: boolean;
}

/** Milliseconds between two looks that still count as watching. */
const LONGEST_GAP = 15_000;

/** A task's record may be a moment late: this many looks find nothing before the task counts as unknown. */
const LATE_LOOKS = 4;
const LATE_PAUSE = 1_000;

const REPORT_EVERY = 30_000;
const REPORT_STEP = 0.1;

/**
 * Looks at a task until it has SUCCEEDED or FAILED: GET /api/cis/tasks/{task}.
 *
 * @throws VcenterError where looking fails for good; the signal's reason.
 */
export async function watchTask(options: WatchOptions): Promise<WatchedTask> {
  const {
    session,
    task: id,
    clock,
    random,
    report,
    signal,
    patience,
    pollInterval,
    isFresh = false,
    onLook,
  } = options;
  const startedAt = clock.now();
  let last: Task | undefined;
  let reported = { at: startedAt, progress: 0 };
  let lateLooks = 0;
  let moved = false;
  let misses = 0;
  let seenRunningAt = isFresh ? startedAt : Number.NEGATIVE_INFINITY;
  const ended = (end: Task): WatchedTask => ({
    end,
    watchedToEnd: clock.now() - seenRunningAt <= LONGEST_GAP,
  });

  for (;;) {
    const elapsed = clock.now() - startedAt;
    const looks = { elapsed, progress: last?.progress, moved, misses };
    const pause = pollInterval ?? nextLook(looks, random);
    await clock.sleep(lateLooks > 0 ? LATE_PAUSE : pause, signal);

    let task: Task;
    try {
      task = await getTask(session, id, { signal, patience });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      lateLooks += 1;
      if (last !== undefined || lateLooks === LATE_LOOKS) {
        report.info('vCenter does not know the task any more.');
        return { end: undefined, watchedToEnd: false };
      }
      continue;
    }

    lateLooks = 0;
    onLook?.(task);
    if (hasEnded(task)) {
      return ended(task);
    }
    seenRunningAt = clock.now();
    misses += forecast(looks) === undefined ? 0 : 1;
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
