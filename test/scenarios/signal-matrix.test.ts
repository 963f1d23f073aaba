import { describe, expect, it, onTestFinished } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { Behaviour } from '../simulator/vcenter.ts';
import {
  CANCEL,
  CLONE,
  DELETE,
  FOLDER,
  GET_POWER,
  GET_TASK,
  INTERFACES,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  openStage,
  SOURCE,
  STOP,
  type Stage,
  setVirtualStage,
} from './stage.ts';
import { verdict } from './verdict.ts';

/** Milliseconds that a cancelled step has until the runner sends SIGTERM, and a little less. */
const LONGEST_EXIT = 7_000;
/** Milliseconds within which the cancel goes out. */
const LONGEST_CANCEL = 1_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
/** A log that nobody reads any more ends a step as a signal does, once the step has something to say. */
const ENDS = [...SIGNALS, 'closed pipes'] as const;
const NAMES = ['generated', 'given'] as const;
const NAME_TAKEN_AT = ['start', 'end'] as const;

interface Phase {
  readonly name: string;
  readonly behaviour?: Partial<Behaviour>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Resolves in the moment at which the signal is sent. */
  readonly moment: (stage: Stage) => Promise<unknown>;
  /** Whether the step knows its task by then, so that it must cancel it. */
  readonly cancels?: boolean;
  /**
   * Where the response to the clone request does not come: whether main is still there to get it. A given name alone proves
   * nothing, so that VM is left, with a warning that names it.
   */
  readonly responseIsLost?: 'always' | 'to a killed step';
}

interface Cell {
  readonly phase: Phase;
  readonly signal: (typeof ENDS)[number];
  readonly naming: (typeof NAMES)[number];
  readonly nameTakenAt: (typeof NAME_TAKEN_AT)[number];
}

const CLONE_DURATION = 60_000;
const SHORT = { cloneDuration: 5_000 };
const NEVER = Number.POSITIVE_INFINITY;

const atRequest: Phase = {
  name: 'with the request begun, its response a moment away',
  moment: ({ vcenter }) => {
    vcenter.fault({ operation: CLONE, kind: 'late', delay: 400 });
    return vcenter.on({ operation: CLONE, when: 'acted' });
  },
  responseIsLost: 'to a killed step',
};
const whileRunning: Phase = {
  name: 'with the task running',
  moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered', nth: 2 }),
  cancels: true,
};
const whenReady: Phase = {
  name: 'while waiting for an address',
  behaviour: { ...SHORT, toolsAfter: NEVER },
  moment: ({ vcenter }) => vcenter.on({ operation: INTERFACES, when: 'answered' }),
};

const PHASES: readonly Phase[] = [
  {
    name: 'before the login is answered',
    behaviour: { latency: 300 },
    moment: ({ vcenter }) => vcenter.on({ operation: LOGIN, when: 'received' }),
  },
  {
    name: 'between look-up and request',
    moment: ({ vcenter }) => vcenter.on({ operation: LIST_VMS, when: 'answered' }),
  },
  {
    name: 'with the request on its way, not begun',
    moment: ({ vcenter }) => {
      vcenter.fault({ operation: CLONE, kind: 'late-act', delay: 400 });
      return vcenter.on({ operation: CLONE, when: 'received' });
    },
    responseIsLost: 'to a killed step',
  },
  atRequest,
  {
    name: 'with the request begun, its response never to come',
    moment: ({ vcenter }) => {
      vcenter.fault({ operation: CLONE, kind: 'late' });
      return vcenter.on({ operation: CLONE, when: 'acted' });
    },
    responseIsLost: 'always',
  },
  {
    name: 'while the clone of a lost request is looked for',
    moment: ({ vcenter }) => {
      vcenter.fault({ operation: CLONE, kind: 'reset-after' });
      return vcenter
        .on({ operation: CLONE, when: 'acted' })
        .then(() => vcenter.on({ operation: LIST_VMS, when: 'received' }));
    },
    responseIsLost: 'always',
  },
  {
    name: 'with the task pending',
    behaviour: { pendingFor: 20_000 },
    moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered' }),
    cancels: true,
  },
  whileRunning,
  {
    name: 'with a task that cannot be cancelled',
    behaviour: { cancelable: false },
    moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered' }),
    cancels: true,
  },
  {
    name: 'with the task just finished',
    behaviour: { cloneDuration: 100 },
    moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered' }),
  },
  {
    name: 'while waiting for a late power-on',
    behaviour: { ...SHORT, powerOnAfter: 10_000 },
    moment: ({ vcenter }) => vcenter.on({ operation: GET_POWER, when: 'answered' }),
  },
  whenReady,
  {
    name: 'while main deletes after a failure',
    behaviour: { ...SHORT, toolsAfter: NEVER, deleteTakes: 3_000 },
    inputs: { 'ip-timeout': '10s' },
    moment: ({ vcenter }) => vcenter.on({ operation: DELETE, when: 'received' }),
  },
];

/** A generated name is looked for only where the run has to know whether it is taken. */
const inputsOf = ({ phase, naming }: Cell, { connection }: Stage): Readonly<Record<string, string>> => ({
  ...connection,
  source: SOURCE,
  folder: FOLDER,
  'wait-for-ip': 'true',
  ...phase.inputs,
  ...(naming === 'given' ? { name: 'matrix' } : { 'if-exists': 'replace' }),
});

const behaviourOf = ({ phase, nameTakenAt }: Cell): Partial<Behaviour> => ({
  cloneDuration: CLONE_DURATION,
  ...phase.behaviour,
  nameTakenAt,
});

function isInDoubt({ phase, naming, signal }: Cell): boolean {
  const { responseIsLost } = phase;
  return (
    naming === 'given' &&
    (responseIsLost === 'always' || (responseIsLost === 'to a killed step' && signal === 'SIGKILL'))
  );
}

/** How main ended: in time, and with the cancel sent. A killed step is held to nothing. */
function expectExit(
  { signal, phase }: Cell,
  { stage, main, sentAt }: { readonly stage: Stage; readonly main: StepResult; readonly sentAt: number },
): void {
  if (signal === 'SIGKILL') {
    return;
  }
  expect(main.exitCode).toBe(1);
  if (signal !== 'closed pipes') {
    expect(main.signals[0]?.untilExit).toBeLessThan(LONGEST_EXIT);
  }
  if (phase.cancels) {
    const cancel = stage.vcenter.exchanges.find(({ operation }) => operation === CANCEL);
    expect((cancel?.receivedAt ?? Number.NaN) - sentAt).toBeLessThan(LONGEST_CANCEL);
  }
}

/** How vCenter stands after post, when every clone has ended. */
function expectClean(cell: Cell, stage: Stage, steps: readonly [main: StepResult, post: StepResult]): void {
  const { signal } = cell;
  const [, post] = steps;
  const left = isInDoubt(cell) ? ['matrix'] : [];
  const wrong = verdict({ stage, steps, kept: left, openSessions: signal === 'SIGKILL' ? 1 : 0 });
  const unseen = 'main (exit 1) shows 0 errors: ';
  expect(wrong.filter((each) => signal !== 'closed pipes' || each !== unseen)).toEqual([]);
  expect(post.warnings).toEqual(
    left.map((name) =>
      expect.stringMatching(new RegExp(`^Left behind in vCenter: .*'${name}' \\(vm-\\d+\\)`)),
    ),
  );
}

describe.each(ENDS)('%s', (signal) => {
  const cells = PHASES.flatMap((phase) =>
    NAMES.flatMap((naming) => NAME_TAKEN_AT.map((nameTakenAt) => ({ phase, naming, nameTakenAt }))),
  );

  it.each(cells)('$phase.name, $naming name, taken at the $nameTakenAt', async (rest) => {
    const cell: Cell = { ...rest, signal };
    const stage = setVirtualStage({ behaviour: behaviourOf(cell) });
    const moment = cell.phase.moment(stage);
    const step = await stage.runner.startStep({ action: 'clone', inputs: inputsOf(cell, stage) });
    await moment;
    const sentAt = stage.clock.now();
    if (signal === 'closed pipes') {
      step.closePipes();
    }
    const main = await (signal === 'closed pipes' ? step.done : step.kill(signal));
    expectExit(cell, { stage, main, sentAt });
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled' });
    await stage.clock.sleep(CLONE_DURATION);
    expectClean(cell, stage, [main, post]);
  });
});

describe('a step that is cancelled at a vCenter whose responses do not come any more', () => {
  it.each([CANCEL, LOGOUT] as const)('waits for that to %s as long as there is time', async (operation) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: CLONE_DURATION } });
    const { vcenter, runner, connection } = stage;
    vcenter.fault({ operation, kind: 'late', times: NEVER });
    const moment = vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await runner.startStep({
      action: 'clone',
      inputs: { ...connection, source: SOURCE, folder: FOLDER },
    });
    await moment;
    const main = await step.kill('SIGINT');
    expect(main.signals[0]?.untilExit).toBeLessThan(LONGEST_EXIT);
  });
});

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('B8: %s', (signal) => {
  const setBusyStage = () =>
    setVirtualStage({ behaviour: { ...SHORT, powerOffTakes: 20_000, deleteTakes: 20_000 } });

  it.each([STOP, DELETE] as const)(
    'to teardown at %s: the session is closed, and the error names the VM',
    async (operation) => {
      const stage = setBusyStage();
      const { vcenter, runner, connection } = stage;
      vcenter.addVm({ id: 'vm-77', name: 'copy', folder: FOLDER, powerState: 'POWERED_ON' });
      const moment = vcenter.on({ operation, when: 'received' });
      const step = await runner.startStep({
        action: 'teardown',
        inputs: { ...connection, 'vm-id': 'vm-77' },
      });
      await moment;
      const end = await step.kill(signal);
      expect(end.exitCode).toBe(1);
      expect(end.signals[0]?.untilExit).toBeLessThan(LONGEST_EXIT);
      expect(end.errors).toEqual([
        `Cancelled: The step was cancelled (${signal}).\n'copy' (vm-77) may still be there.`,
      ]);
      expect(vcenter.sessions()).toMatchObject({ open: 0 });
    },
  );

  it.each([STOP, DELETE] as const)(
    'to post at %s: the session is closed, and a warning names the VM',
    async (operation) => {
      const stage = setBusyStage();
      const { vcenter, runner } = stage;
      const main = await runner.runStep({
        action: 'clone',
        inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, name: 'copy', teardown: 'always' },
      });
      const moment = vcenter.on({ operation, when: 'received' });
      const step = await runner.startPost(main);
      await moment;
      const post = await step.kill(signal);
      expect([post.exitCode, post.errors]).toEqual([0, []]);
      expect(post.signals[0]?.untilExit).toBeLessThan(LONGEST_EXIT);
      expect(post.warnings).toEqual([
        `Clean-up: Cancelled: The step was cancelled (${signal}).\n'copy' (vm-1001) on ${vcenter.server} may be left: please look for it.`,
      ]);
      expect(vcenter.sessions()).toMatchObject({ open: 0 });
    },
  );
});

// On Windows every signal that a process gets from another is a kill: the others would test nothing of their own.
describe.each(process.platform === 'win32' ? ['SIGKILL' as const] : SIGNALS)('%s to a process', (signal) => {
  it.each([atRequest, whileRunning, whenReady])('$name', async (phase) => {
    const cell: Cell = { phase, signal, naming: 'generated', nameTakenAt: 'start' };
    const isShort = phase.behaviour?.cloneDuration !== undefined;
    const stage = await openStage({
      behaviour: { ...behaviourOf(cell), cloneDuration: isShort ? 100 : 3_000 },
    });
    onTestFinished(() => stage.close());
    const moment = phase.moment(stage);
    const step = await stage.runner.startStep({ action: 'clone', inputs: inputsOf(cell, stage) });
    await moment;
    const sentAt = performance.now();
    const main = await step.kill(signal);
    expectExit(cell, { stage, main, sentAt });
    const post = await stage.runner.runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
    expectClean(cell, stage, [main, post]);
  });
});
