import { setOutputs } from '../../github/outputs.ts';
import { formatDuration } from '../../text/duration.ts';
import { DeadlineExceeded, withDeadline } from '../../time/deadline.ts';
import { hasEnded, type TaskKind } from '../../vcenter/task.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import type { Journal } from '../recovery/journal.ts';
import type { CloneRun, Progress } from './clone-run.ts';
import { UnknownOutcome } from './failure.ts';
import type { PreparedClone } from './prepare.ts';
import { requestClone } from './request.ts';
import { objectText, requestedObjects } from './requested-objects.ts';
import { confirmVm, type EndedClone, expectSuccess, type WaitOptions, waitForClone } from './wait.ts';

/** How long the task's last poll after `timeout`, and the look-up of the new VM, may take, in milliseconds. */
const LAST_POLL = 5_000;
const CONFIRMATION = 120_000;

export interface MadeVm {
  readonly vm: VmSummary;
  /** What was asked for in the end: a source that was given by its id may have turned out to be a template. */
  readonly prepared: PreparedClone;
}

/**
 * From the request to the VM that came out of it, confirmed by its name.
 *
 * @throws TaskFailed; UnknownOutcome; VcenterError; RunnerFileError; the signal's reason; DeadlineExceeded.
 */
export async function makeVm(
  run: CloneRun,
  {
    prepared,
    journal,
    progress,
  }: { readonly prepared: PreparedClone; readonly journal: Journal; readonly progress: Progress },
): Promise<MadeVm> {
  const { runtime, inputs, session, report, stopwatch, signal } = run;
  const { core, clock, random } = runtime;
  const { existing, spec } = prepared;
  const source = requestedObjects({ inputs, spec }).find(({ input }) => input === 'source');
  let final = prepared;
  const waiting = (): Omit<WaitOptions, 'signal'> => ({
    ...{ session, tasks: final.request.tasks, plan: final.plan, clock, random, report },
    ...{ powerOn: final.request.powersOn, pollInterval: inputs.pollInterval },
    onPoll: (task) => {
      progress.last = task.progress;
    },
  });

  stopwatch.begin('request');
  let ended: EndedClone;
  try {
    ended = await withDeadline(
      { clock, what: 'The clone', limit: inputs.timeout, signal },
      async (deadline) => {
        const started = await requestClone({
          ...{ session, journal, prepared, clock, random, report, signal: deadline },
          isNameJustFreed: existing !== undefined,
        });
        stopwatch.begin('clone');
        final = started.prepared;
        const { plan, request } = final;
        progress.operation = request.operation;
        if (started.kind === 'task') {
          progress.task = started.task;
          journal.enter({ phase: 'started', plan, task: { kind: request.tasks.kind, id: started.task } });
          setOutputs(core, { 'task-id': started.task });
          report.info(
            `vCenter clones ${objectText(source ?? { id: spec.source })} to '${plan.name}': task ${started.task}.`,
          );
        }
        return waitForClone({ ...waiting(), signal: deadline }, started);
      },
    );
  } catch (cause) {
    ended = await askOnceMore(run, { tasks: final.request.tasks, task: progress.task, cause });
  }
  const vm = await withDeadline(
    { clock, what: 'The look-up of the new VM', limit: CONFIRMATION, signal },
    (deadline) => confirmVm({ ...waiting(), signal: deadline }, ended),
  ).catch((cause: unknown) => {
    throw cause instanceof DeadlineExceeded
      ? new UnknownOutcome(`vCenter did not list its VM within ${formatDuration(cause.limit)}`, {
          cause: cause.lastError,
        })
      : cause;
  });
  journal.enter({ phase: 'created', plan: final.plan, vm: vm.vm });
  setOutputs(core, { 'vm-id': vm.vm, created: 'true' });
  return { vm, prepared: final };
}

/** At `timeout` the clone may just have ended: a VM that is complete is not thrown away. */
async function askOnceMore(
  { runtime, session, signal }: CloneRun,
  {
    tasks,
    task,
    cause,
  }: { readonly tasks: TaskKind; readonly task: string | undefined; readonly cause: unknown },
): Promise<EndedClone> {
  if (!(cause instanceof DeadlineExceeded) || task === undefined) {
    throw cause;
  }
  const last = await withDeadline(
    { clock: runtime.clock, what: 'the last poll', limit: LAST_POLL, signal },
    (deadline) => tasks.get(session, task, { signal: deadline, retryTimeout: LAST_POLL }),
  ).catch(() => undefined);
  signal.throwIfAborted();
  if (last === undefined || !hasEnded(last)) {
    throw cause;
  }
  return { task: expectSuccess(last), vm: undefined };
}
