import { type CloneInputs, readCloneInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import { type CloneState, saveCloneState } from '../../github/state.ts';
import { generateVmName } from '../../github/vm-name.ts';
import { formatDuration } from '../../text/duration.ts';
import { Interrupted, withDeadline } from '../../time/deadline.ts';
import type { Session } from '../../vcenter/session.ts';
import { isRefusal } from '../../vcenter/transport/error.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import { connected, lacksSecrets } from '../connect.ts';
import { removeVm } from '../delete-vm.ts';
import { requestCancel, settleClone, settleEndedTask } from '../recovery/abort.ts';
import type { Runtime } from '../runtime.ts';
import { runStep } from '../step.ts';
import { type Stopwatch, startStopwatch } from '../timings.ts';
import { type Aftermath, CloneFailure, NameTaken, TaskFailed } from './failure.ts';
import { type PreparedClone, prepareClone } from './prepare.ts';
import { waitForIp } from './ready.ts';
import { reportClone, reportValidation } from './report.ts';
import { requestClone } from './request.ts';
import { validateClone } from './validate.ts';
import { waitForClone } from './wait.ts';

/** How long requests are repeated before the clone is asked for, in milliseconds. */
const PATIENCE = 20_000;
/** How long a clone that failed may take to be brought to rest, in milliseconds; the post step goes on from there. */
const SETTLING = 120_000;
/** A cancelled step has seven seconds in all, of which the cancel gets this much, in milliseconds. */
const HURRIED_CANCEL = 2_000;

interface CloneRun {
  readonly runtime: Runtime;
  readonly inputs: CloneInputs;
  readonly session: Session;
  readonly report: Report;
  readonly stopwatch: Stopwatch;
  /** Aborted when the runner tells the step to end. */
  readonly signal: AbortSignal;
}

/** The main step of the clone action: from the inputs to the id of the new VM. Returns the exit code. */
export function cloneVm(runtime: Runtime): Promise<0 | 1> {
  return runStep(runtime, async ({ report, signal }) => {
    const { core, clock, readFile } = runtime;
    const inputs = readCloneInputs({ core, readFile, isForkPullRequest: await lacksSecrets(runtime) });

    const stopwatch = startStopwatch(clock);
    stopwatch.begin('connect');
    try {
      await connected(
        { runtime, connection: inputs.connection, report, limits: { signal, patience: PATIENCE } },
        (session) => cloneInSession({ runtime, inputs, session, report, stopwatch, signal }),
      );
    } finally {
      core.setOutput('timings', JSON.stringify(stopwatch.read()));
    }
  });
}

async function cloneInSession(run: CloneRun): Promise<void> {
  const { runtime, inputs, session, report, stopwatch, signal } = run;
  const { core, context, clock, random } = runtime;
  const limits = { signal, patience: PATIENCE };

  stopwatch.begin('resolve');
  const name = inputs.name ?? generateVmName({ context: await context(), random });
  const prepared = await prepareClone({ session, inputs, name, report, limits });
  const { plan, spec, existing } = prepared;
  core.setOutput('clone-spec', JSON.stringify(spec));
  report.group(`CloneSpec of '${name}'`, JSON.stringify(spec, undefined, 2).split('\n'));

  const isSource = existing?.vm === plan.source;
  if (existing !== undefined && (inputs.ifExists === 'fail' || isSource)) {
    throw new NameTaken({ vmName: name, vm: existing.vm, isSource });
  }
  if (inputs.validateOnly) {
    const validation = await validateClone({ session, inputs, spec, limits });
    await reportValidation({ report, inputs, spec, existing, validation });
    return;
  }
  // Not before it is known that the name is not another's: a teardown may go by it.
  core.setOutput('vm-name', name);
  if (existing !== undefined && inputs.ifExists === 'reuse') {
    report.info(`'${name}' (${existing.vm}) exists and is handed out as it is.`);
    await handOut(run, { prepared, vm: existing, created: false });
    return;
  }
  if (existing !== undefined) {
    report.info(`'${name}' (${existing.vm}) exists and is replaced.`);
    await removeVm({ session, vm: existing, clock, report, limits });
  }

  const vm = await cloneOrSettle(run, prepared);
  const powerState = inputs.powerOn ? 'POWERED_ON' : 'POWERED_OFF';
  await handOut(run, { prepared, vm: { vm, name, powerState }, created: true });
}

/** From the request to the end of its task. Whatever goes wrong on the way, nothing goes on behind the run's back. */
async function cloneOrSettle(run: CloneRun, { plan, spec }: PreparedClone): Promise<string> {
  const { runtime, inputs, session, report, stopwatch, signal } = run;
  const { core, clock, random } = runtime;
  const reached: { state: CloneState; progress: number | undefined } = {
    state: { phase: 'planned', plan },
    progress: undefined,
  };
  const enter = (next: CloneState) => {
    reached.state = next;
    saveCloneState(core, next);
  };
  enter(reached.state);

  stopwatch.begin('request');
  try {
    return await withDeadline(
      { clock, what: 'The clone', limit: inputs.timeout, signal },
      async (deadline) => {
        let sentAt = '';
        const started = await requestClone({
          ...{ session, plan, spec, clock, random, report, signal: deadline },
          onSend: (date) => {
            sentAt = date.toISOString();
            enter({ phase: 'requested', plan, sentAt });
          },
          onNothing: () => enter({ phase: 'planned', plan }),
        });
        stopwatch.begin('clone');
        if (started.kind === 'task') {
          enter({ phase: 'started', plan, sentAt, task: started.task });
          core.setOutput('task-id', started.task);
          report.info(`vCenter clones ${spec.source} to '${plan.name}': task ${started.task}.`);
        }
        const vm = await waitForClone({
          ...{ session, plan, started, clock, random, report, signal: deadline },
          powerOn: inputs.powerOn,
          pollInterval: inputs.pollInterval,
          onLook: ({ progress }) => {
            reached.progress = progress;
          },
        });
        enter({ phase: 'created', plan, vm });
        return vm;
      },
    );
  } catch (cause) {
    const { state, progress } = reached;
    if (isNameTaken(cause)) {
      core.setOutput('vm-name', '');
    }
    const onOwn = (vm: string) => enter({ phase: 'created', plan, vm });
    const aftermath = await settle(run, { state, cause, onOwn });
    if ('settlement' in aftermath && aftermath.settlement.left === undefined) {
      enter({ phase: 'settled' });
    }
    throw new CloneFailure({
      plan,
      taskId: 'task' in state ? state.task : undefined,
      progress,
      aftermath,
      cause,
    });
  }
}

function isNameTaken(cause: unknown): boolean {
  return (
    isRefusal(cause, 'ALREADY_EXISTS') ||
    (cause instanceof TaskFailed && cause.task.failure?.errorType === 'ALREADY_EXISTS')
  );
}

/** Brings a failed clone to rest, as far as the time allows; the post step does the rest. */
async function settle(
  { runtime, session, report, signal }: CloneRun,
  {
    state,
    cause,
    onOwn,
  }: {
    readonly state: CloneState;
    readonly cause: unknown;
    readonly onOwn: (vm: string) => void;
  },
): Promise<Aftermath> {
  const { clock, random } = runtime;
  try {
    if (cause instanceof Interrupted) {
      if (state.phase === 'started') {
        await withDeadline({ clock, what: 'the cancel', limit: HURRIED_CANCEL }, (shortly) =>
          requestCancel({ session, report, signal: shortly }, state.task),
        );
      }
      return { leftToPost: true, trouble: undefined };
    }
    const settlement = await withDeadline(
      { clock, what: 'cleaning up', limit: SETTLING, signal },
      (deadline) => {
        const options = { session, state, clock, random, report, signal: deadline, onOwn };
        return cause instanceof TaskFailed && state.phase === 'started'
          ? settleEndedTask(options, { plan: state.plan, task: cause.task, watchedToEnd: cause.watchedToEnd })
          : settleClone(options);
      },
    );
    return { settlement };
  } catch (trouble) {
    return { leftToPost: true, trouble: trouble instanceof Error ? trouble : undefined };
  }
}

/** Hands the VM to the steps that follow, with its address where one is waited for. */
async function handOut(
  run: CloneRun,
  {
    prepared,
    vm,
    created,
  }: { readonly prepared: PreparedClone; readonly vm: VmSummary; readonly created: boolean },
): Promise<void> {
  const { runtime, inputs, session, report, stopwatch, signal } = run;
  const { core, clock, random } = runtime;
  const { plan, spec } = prepared;
  core.setOutput('vm-id', vm.vm);
  core.setOutput('created', String(created));
  core.setOutput('power-state', vm.powerState);

  let addresses: readonly string[] = [];
  if (inputs.waitForIp) {
    stopwatch.begin('ip');
    report.info(
      `Waiting up to ${formatDuration(inputs.ipTimeout)} for an address of '${vm.name}' (${vm.vm}).`,
    );
    const found = await withDeadline(
      { clock, what: 'The wait for an address', limit: inputs.ipTimeout, signal },
      (deadline) =>
        waitForIp({
          ...{ session, clock, random, vm: vm.vm, signal: deadline, report: report.info },
          family: inputs.ipFamily,
          cidr: inputs.ipCidr,
        }),
    );
    addresses = found.addresses;
    core.setOutput('ip-address', found.address);
    core.setOutput('ip-addresses', JSON.stringify(found.addresses));
  }
  if (created) {
    saveCloneState(core, { phase: 'finished', plan, vm: vm.vm });
  }
  await reportClone({ report, inputs, spec, vm, created, addresses, timings: stopwatch.read() });
}
