import { checkPower, InputsError } from '../../github/inputs.ts';
import { setOutputs, tryOutput } from '../../github/outputs.ts';
import { generateVmName } from '../../github/vm-name.ts';
import type { Limits } from '../../vcenter/session.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import type { Connected } from '../connect.ts';
import { describeVm } from '../delete-vm.ts';
import { createJournal } from '../recovery/journal.ts';
import { isSource } from '../recovery/ownership.ts';
import { cleanUp, isNameTakenBy, isNameVisible } from './clean-up.ts';
import type { CloneRun, Progress } from './clone-run.ts';
import { configure, settingsGiven } from './configure.ts';
import { CloneFailed } from './failure.ts';
import { makeVm } from './make.ts';
import { NameTaken } from './name-taken.ts';
import { waitForPower } from './power.ts';
import { type PreparedClone, prepareClone } from './prepare.ts';
import { waitUntilReady } from './ready.ts';
import { replace } from './replace.ts';
import { announceClone, type CloneReportOptions, reportValidation, summarizeClone } from './report.ts';
import { requestedObjects } from './requested-objects.ts';
import { validateClone } from './validate.ts';

/** All that a clone step does with its session, from the look-ups to the outputs. */
export async function cloneInSession(
  run: CloneRun,
  { trust, limits }: Pick<Connected, 'trust'> & { readonly limits: Limits },
): Promise<void> {
  const { runtime, inputs, session, report, stopwatch } = run;
  const { core, context, random } = runtime;

  stopwatch.begin('resolve');
  const name = inputs.name ?? generateVmName({ context: await context(), random });
  const prepared = await prepareClone({ session, inputs, name, trust, random, report, limits });
  const { plan, spec, settings, existing } = prepared;
  showRequest(run, prepared);

  const isTheSource = existing !== undefined && isSource(plan, existing.vm);
  if (existing !== undefined && (inputs.ifExists === 'fail' || isTheSource)) {
    throw new NameTaken({ vmName: name, vm: existing.vm, isSource: isTheSource });
  }
  // With 'if-exists: reuse' it was not known before whether there is a VM, which may be on.
  const powerProblems = existing === undefined ? checkPower({ ...inputs, ifExists: 'fail' }) : [];
  if (powerProblems.length > 0) {
    throw new InputsError(powerProblems);
  }
  if (inputs.validateOnly) {
    const validation = await validateClone({ ...prepared, session, inputs, limits });
    setOutputs(core, { timings: JSON.stringify(stopwatch.read()) });
    await reportValidation({ ...prepared, report, inputs, name, validation });
    return;
  }
  // Not before it is known that the name is not another's: a teardown may go by it.
  setOutputs(core, { 'vm-name': name });
  if (existing !== undefined && inputs.ifExists === 'reuse') {
    report.info(`'${name}' (${existing.vm}) exists and is reused as it is.`);
    warnOfSettings(run, existing);
    const addresses = await waitUntilReady(run, {
      vm: existing,
      settings,
      sourceAddresses: [],
      created: false,
    });
    await publish(run, { spec, how: '', settings, vm: existing, created: false, addresses });
    return;
  }
  if (existing !== undefined) {
    await replace(run, { existing, folder: plan.folder });
  }

  const journal = createJournal(core, { phase: 'planned', plan });
  const progress: Progress = { operation: undefined, task: undefined, last: undefined };
  try {
    journal.enter({ phase: 'planned', plan });
    const made = await makeVm(run, { prepared, journal, progress });
    const { vm } = made;
    const { request, settings, sourceAddresses } = made.prepared;
    if (request !== prepared.request) {
      showRequest(run, made.prepared);
    }
    await configure(run, { vm, settings });
    const on = inputs.powerOn ? await powerOn(run, { vm, isRequested: request.powersOn }) : vm;
    const addresses = await waitUntilReady(run, { vm: on, settings, sourceAddresses, created: true });
    const replaced = existing && { id: existing.vm, name: existing.name };
    const { how } = request;
    await publish(run, { spec, how, settings, vm: on, created: true, replaced, addresses }, () => {
      journal.enter({ phase: 'returned', plan: made.prepared.plan, vm: vm.vm });
    });
  } catch (cause) {
    if (!plan.isNameGenerated && isNameTakenBy(cause)) {
      tryOutput(core, 'vm-name', '');
    }
    const { state } = journal;
    const isVisible = await isNameVisible(run, { plan, cause });
    const cleanup = await cleanUp(run, { journal, cause });
    const { operation, task, last } = progress;
    throw new CloneFailed({
      vmName: plan.name,
      state,
      taskId: task,
      progress: last,
      cleanup,
      facts: { operation, objects: requestedObjects({ inputs, spec }), ifExists: inputs.ifExists, isVisible },
      cause,
    });
  }
}

function showRequest({ runtime, report }: CloneRun, { plan, request }: PreparedClone): void {
  const shown = request.describe();
  setOutputs(runtime.core, { 'clone-spec': JSON.stringify(shown) });
  report.group(`CloneSpec of '${plan.name}'`, JSON.stringify(shown, undefined, 2).split('\n'));
}

async function powerOn(
  { runtime, session, report, stopwatch, signal }: CloneRun,
  { vm, isRequested }: { readonly vm: VmSummary; readonly isRequested: boolean },
) {
  if (vm.powerState !== 'POWERED_ON') {
    stopwatch.begin('power');
  }
  return waitForPower({ session, clock: runtime.clock, report, signal, isRequested }, vm);
}

/** A VM that is reused is taken as it is, whatever it was to be like. */
function warnOfSettings({ inputs, report }: CloneRun, vm: VmSummary): void {
  const given = settingsGiven(inputs).map((input) => `'${input}'`);
  if (given.length > 0) {
    const text = `${describeVm(vm)} is reused as it is, so these inputs have no effect: ${given.join(', ')}.`;
    report.warning({ title: 'Settings not applied', text });
  }
}

/** Publishes what is left of the outputs, and tells of the VM. `onReturned` writes down that the VM is the job's from now on. */
async function publish(
  { runtime, inputs, report, stopwatch, signal }: CloneRun,
  result: Pick<CloneReportOptions, 'spec' | 'how' | 'settings' | 'vm' | 'created' | 'replaced' | 'addresses'>,
  onReturned: () => void = () => undefined,
): Promise<void> {
  const { core, clock } = runtime;
  const timings = stopwatch.read();
  setOutputs(core, { timings: JSON.stringify(timings) });
  announceClone({ ...result, report, timings });
  // A log that nobody reads any more shows only now: nobody would use the VM.
  await clock.sleep(0);
  signal.throwIfAborted();
  onReturned();
  await summarizeClone({ ...result, report, inputs, timings });
}
