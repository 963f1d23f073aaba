import { expect } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { Behaviour } from '../simulator/vcenter.ts';
import {
  ATTACH_TAGS,
  CANCEL,
  CLONE,
  DELETE,
  EVERY_SETTING,
  FOLDER,
  GET_CUSTOMIZATION,
  GET_POWER,
  GET_TASK,
  INTERFACES,
  LIST_NICS,
  LIST_VMS,
  LOGIN,
  PATCH_CPU,
  PATCH_MEMORY,
  PATCH_NIC,
  PUT_CUSTOMIZATION,
  SOURCE,
  START,
  type Stage,
} from './stage.ts';
import { verdict } from './verdict.ts';

/** Milliseconds that a cancelled step has until the runner sends SIGTERM, and a little less. */
export const LONGEST_EXIT = 7_000;
/** Milliseconds within which the cancel goes out. */
const LONGEST_CANCEL = 1_000;

export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
/** A log that nobody reads any more ends a step as a signal does, once the step has something to say. */
export const ENDS = [...SIGNALS, 'closed pipes'] as const;
export const NAMES = ['generated', 'given'] as const;
export const NAME_TAKEN_AT = ['start', 'end'] as const;

export interface Phase {
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

export interface Cell {
  readonly phase: Phase;
  readonly signal: (typeof ENDS)[number];
  readonly naming: (typeof NAMES)[number];
  readonly nameTakenAt: (typeof NAME_TAKEN_AT)[number];
}

export const CLONE_DURATION = 60_000;
export const SHORT = { cloneDuration: 5_000 };
const NEVER = Number.POSITIVE_INFINITY;

export const atRequest: Phase = {
  name: 'with the request begun, its response a moment away',
  moment: ({ vcenter }) => {
    vcenter.fault({ operation: CLONE, kind: 'late', delay: 400 });
    return vcenter.on({ operation: CLONE, when: 'acted' });
  },
  responseIsLost: 'to a killed step',
};
export const whileRunning: Phase = {
  name: 'with the task running',
  moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered', nth: 2 }),
  cancels: true,
};
export const whenReady: Phase = {
  name: 'while waiting for an address',
  behaviour: { ...SHORT, toolsAfter: NEVER },
  moment: ({ vcenter }) => vcenter.on({ operation: INTERFACES, when: 'answered' }),
};

/** A request of a setting, in the moment in which vCenter carries it out. */
const configuring: readonly Phase[] = (
  [PATCH_CPU, PATCH_MEMORY, PATCH_NIC, LIST_NICS, PUT_CUSTOMIZATION, ATTACH_TAGS, START] as const
).map((operation) => ({
  name: `while configuring: ${operation}`,
  behaviour: SHORT,
  inputs: EVERY_SETTING,
  moment: ({ vcenter }) => {
    vcenter.fault({ operation, kind: 'late', delay: 400 });
    return vcenter.on({ operation, when: 'acted' });
  },
}));

const waiting: readonly Phase[] = [
  {
    name: 'while waiting for the customization',
    behaviour: { ...SHORT, customization: [{ after: 0, status: 'RUNNING' }] },
    inputs: EVERY_SETTING,
    moment: ({ vcenter }) => vcenter.on({ operation: GET_CUSTOMIZATION, when: 'answered', nth: 2 }),
  },
  {
    name: 'while trying ports',
    behaviour: { ...SHORT, ports: () => 'silent' },
    inputs: { 'wait-for-port': '22' },
    moment: ({ vcenter }) => vcenter.on({ operation: INTERFACES, when: 'answered', nth: 4 }),
  },
];

export const PHASES: readonly Phase[] = [
  ...configuring,
  ...waiting,
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
  {
    name: 'while waiting for the customization',
    behaviour: { ...SHORT, customization: [{ after: 0, status: 'RUNNING' }] },
    inputs: EVERY_SETTING,
    moment: ({ vcenter }) => vcenter.on({ operation: GET_CUSTOMIZATION, when: 'answered' }),
  },
  whenReady,
  {
    name: 'while waiting for a port',
    behaviour: { ...SHORT, ports: () => 'silent' },
    inputs: { 'wait-for-port': '22' },
    moment: ({ vcenter }) => vcenter.on({ operation: INTERFACES, when: 'answered', nth: 6 }),
  },
  {
    name: 'while main deletes after a failure',
    behaviour: { ...SHORT, toolsAfter: NEVER, deleteTakes: 3_000 },
    inputs: { 'ip-timeout': '10s' },
    moment: ({ vcenter }) => vcenter.on({ operation: DELETE, when: 'received' }),
  },
];

/** A generated name is looked for only where the run has to know whether it is taken. */
export const inputsOf = (
  { phase, naming }: Cell,
  { connection }: Stage,
): Readonly<Record<string, string>> => ({
  ...connection,
  source: SOURCE,
  folder: FOLDER,
  'wait-for-ip': 'true',
  ...phase.inputs,
  ...(naming === 'given' ? { name: 'matrix' } : { 'if-exists': 'replace' }),
});

export const behaviourOf = ({ phase, nameTakenAt }: Cell): Partial<Behaviour> => ({
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
export function expectExit(
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
export function expectClean(
  cell: Cell,
  stage: Stage,
  steps: readonly [main: StepResult, post: StepResult],
): void {
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
