import { describe, expect, it } from 'vitest';
import { runPost, type StepResult, startStep } from '../runner/step.ts';
import type { Behaviour } from '../simulator/vcenter.ts';
import { inParallel } from './in-parallel.ts';
import {
  CANCEL,
  CLONE,
  FOLDER,
  GET_TASK,
  INTERFACES,
  LIST_VMS,
  LOGIN,
  openStage,
  SOURCE,
  type Stage,
} from './stage.ts';
import { verdict } from './verdict.ts';

/** On Windows every signal that a process gets from another is a kill: the first two would test nothing of their own. */
const SIGNALS: readonly ('SIGINT' | 'SIGTERM' | 'SIGKILL')[] =
  process.platform === 'win32' ? ['SIGKILL'] : ['SIGINT', 'SIGTERM', 'SIGKILL'];

/** Milliseconds that a cancelled step has until the runner sends SIGTERM, and a little less. */
const LONGEST_EXIT = 7_000;
/** Milliseconds within which the cancel goes out. */
const LONGEST_CANCEL = 1_000;
/** Time in post runs this many times faster. */
const POST_SCALE = 20;

interface Phase {
  readonly name: string;
  readonly behaviour?: Partial<Behaviour>;
  /** Resolves in the moment at which the signal is sent. */
  readonly moment: (stage: Stage) => Promise<unknown>;
  /** Whether the step knows its task by then, so that it must cancel it. */
  readonly cancels?: boolean;
}

const LONG = { cloneDuration: 1_500 };

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
    behaviour: LONG,
    moment: ({ vcenter }) => {
      vcenter.fault({ operation: CLONE, kind: 'late-act', delay: 400 });
      return vcenter.on({ operation: CLONE, when: 'received' });
    },
  },
  {
    name: 'with the request begun, its answer a moment away',
    behaviour: LONG,
    moment: ({ vcenter }) => {
      vcenter.fault({ operation: CLONE, kind: 'late', delay: 400 });
      return vcenter.on({ operation: CLONE, when: 'acted' });
    },
  },
  {
    name: 'with the request begun, its answer never to come',
    behaviour: LONG,
    moment: ({ vcenter }) => {
      vcenter.fault({ operation: CLONE, kind: 'late' });
      return vcenter.on({ operation: CLONE, when: 'acted' });
    },
  },
  {
    name: 'with the task pending',
    behaviour: { pendingFor: 2_000 },
    moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered' }),
    cancels: true,
  },
  {
    name: 'with the task running',
    behaviour: LONG,
    moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered', nth: 2 }),
    cancels: true,
  },
  {
    name: 'with a task that cannot be cancelled',
    behaviour: { ...LONG, cancelable: false },
    moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered' }),
    cancels: true,
  },
  {
    name: 'with the task just finished',
    behaviour: { cloneDuration: 100 },
    moment: ({ vcenter }) => vcenter.on({ operation: GET_TASK, when: 'answered' }),
  },
  {
    name: 'while waiting for an address',
    behaviour: { cloneDuration: 100, toolsAfter: Number.POSITIVE_INFINITY },
    moment: ({ vcenter }) => vcenter.on({ operation: INTERFACES, when: 'answered' }),
  },
];

const NAMES = ['generated', 'given'] as const;
const NAME_TAKEN_AT = ['start', 'end'] as const;

interface Cell {
  readonly phase: Phase;
  readonly signal: (typeof SIGNALS)[number];
  readonly naming: (typeof NAMES)[number];
  readonly nameTakenAt: (typeof NAME_TAKEN_AT)[number];
}

/** A generated name is looked for only where the run has to know whether it is taken. */
const inputsOf = ({ naming }: Cell): Record<string, string> =>
  naming === 'given' ? { name: 'matrix' } : { 'if-exists': 'replace' };

const exits: number[] = [];
const cancels: number[] = [];

async function run(cell: Cell): Promise<string[]> {
  const { phase, signal, nameTakenAt } = cell;
  const stage = await openStage({ behaviour: { ...phase.behaviour, nameTakenAt } });
  try {
    const moment = phase.moment(stage);
    const step = await startStep({
      action: 'clone',
      inputs: {
        ...stage.connection,
        source: SOURCE,
        folder: FOLDER,
        'wait-for-ip': 'true',
        ...inputsOf(cell),
      },
    });
    await moment;
    const sentAt = performance.now();
    const main = await step.kill(signal);
    const wrong = signal === 'SIGKILL' ? [] : judgeExit({ stage, cell, main, sentAt });
    const post = await runPost(main, { jobStatus: 'cancelled', timeScale: POST_SCALE });
    return [
      ...wrong,
      ...verdict({ stage, steps: [main, post], openSessions: signal === 'SIGKILL' ? 1 : 0 }),
      ...post.warnings.map((warning) => `post warns: ${warning}`),
    ];
  } finally {
    await stage.close();
  }
}

interface ExitOptions {
  readonly stage: Stage;
  readonly cell: Cell;
  readonly main: StepResult;
  readonly sentAt: number;
}

function judgeExit({ stage, cell, main, sentAt }: ExitOptions): string[] {
  const wrong: string[] = [];
  const [{ untilExit } = { untilExit: Number.NaN }] = main.signals;
  exits.push(untilExit);
  if (!(untilExit < LONGEST_EXIT)) {
    wrong.push(`gone only ${Math.round(untilExit)} ms after the signal`);
  }
  if (main.exitCode !== 1) {
    wrong.push(`ended with ${main.exitCode ?? main.signal}`);
  }
  const cancel = stage.vcenter.exchanges.find(({ operation }) => operation === CANCEL);
  if (cell.phase.cancels) {
    const after = cancel === undefined ? Number.NaN : cancel.receivedAt - sentAt;
    cancels.push(after);
    if (!(after < LONGEST_CANCEL)) {
      wrong.push(`the cancel went out after ${Math.round(after)} ms`);
    }
  }
  return wrong;
}

describe('the signal matrix', () => {
  const cells = PHASES.flatMap((phase) =>
    SIGNALS.flatMap((signal) =>
      NAMES.flatMap((naming) => NAME_TAKEN_AT.map((nameTakenAt) => ({ phase, signal, naming, nameTakenAt }))),
    ),
  );

  it(`leaves nothing behind in ${cells.length} cells`, { timeout: 300_000 }, async () => {
    const startedAt = performance.now();
    const failures: string[] = [];
    await inParallel({ items: cells, atOnce: 8 }, async (cell) => {
      const wrong = await run(cell).catch((error: unknown) => [String(error)]);
      if (wrong.length > 0) {
        const { phase, signal, naming, nameTakenAt } = cell;
        failures.push(
          `${signal} ${phase.name}, ${naming} name, taken at ${nameTakenAt}: ${wrong.join('; ')}`,
        );
      }
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(
      `signal matrix: ${cells.length - failures.length} of ${cells.length} cells hold, in ${seconds} s; ` +
        `longest from signal to exit ${Math.round(Math.max(...exits))} ms, to cancel ${Math.round(Math.max(...cancels))} ms`,
    );
    expect(failures.sort()).toEqual([]);
  });
});
