import { describe, expect, it } from 'vitest';
import { runPost, runStep, type StepResult } from '../runner/step.ts';
import type { FaultSpec, Operation } from '../simulator/vcenter.ts';
import { inParallel } from './in-parallel.ts';
import {
  CLONE,
  DELETE,
  FOLDER,
  GET_POWER,
  GET_TASK,
  GET_VM,
  INTERFACES,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  openStage,
  SOURCE,
  STOP,
  type Stage,
} from './stage.ts';
import { verdict } from './verdict.ts';

/** Time in the steps runs this many times faster, so that minutes of patience cost seconds. */
const SCALE = 30;

const FAULTS = [
  'refused',
  'reset-before',
  'reset-after',
  'late',
  '401',
  '429',
  'busy',
  '502-html',
  '503-text',
  '503-unavailable',
  'cut',
  'not-json',
] as const satisfies readonly FaultSpec['kind'][];

/** Faults after which a session exists whose id has never reached anybody, so that nobody can close it. */
const LOSES_SESSION_ID: readonly string[] = ['reset-after', 'late', 'cut', 'not-json'];

interface Cell {
  readonly operation: Operation;
  readonly fault: (typeof FAULTS)[number];
  readonly times: 'once' | 'always';
}

function cellsOf(operations: readonly Operation[]): Cell[] {
  return operations.flatMap((operation) =>
    FAULTS.flatMap((fault) => (['once', 'always'] as const).map((times) => ({ operation, fault, times }))),
  );
}

const nameOf = ({ operation, fault, times }: Cell) => `${operation}: ${fault}, ${times}`;

/** Whether a run must succeed in spite of the fault. A login that is refused is final, since repeated tries lock accounts. */
function mustSucceed({ operation, fault, times }: Cell): boolean {
  return (times === 'once' && !(operation === LOGIN && fault === '401')) || operation === LOGOUT;
}

/** A logout that never gets through leaves its session to vCenter's own idle limit. */
function mayLeaveSession({ operation, times }: Cell): boolean {
  return operation === LOGOUT && times === 'always';
}

function inject({ vcenter }: Stage, { operation, fault, times }: Cell): void {
  vcenter.fault({ operation, kind: fault, times: times === 'once' ? 1 : Number.POSITIVE_INFINITY });
}

async function cloneCell(cell: Cell): Promise<string[]> {
  const stage = await openStage({ behaviour: { cloneDuration: 60, toolsAfter: 0, addresses: ADDRESSES } });
  try {
    inject(stage, cell);
    const main = await runStep({
      action: 'clone',
      inputs: {
        ...stage.connection,
        source: SOURCE,
        folder: FOLDER,
        name: 'matrix',
        timeout: '2m',
        'wait-for-ip': 'true',
        'ip-timeout': '1m',
      },
      timeScale: SCALE,
    });
    const post = await runPost(main, { jobStatus: main.conclusion });
    return judge(stage, cell, [main, post], main.exitCode === 0 ? ['matrix'] : []);
  } finally {
    await stage.close();
  }
}

async function teardownCell(cell: Cell): Promise<string[]> {
  const stage = await openStage();
  const { vcenter } = stage;
  try {
    vcenter.addVm({ name: 'matrix', folder: FOLDER, powerState: 'POWERED_ON' });
    inject(stage, cell);
    const step = await runStep({
      action: 'teardown',
      inputs: { ...stage.connection, 'vm-id': vcenter.vm('matrix')?.id ?? '', timeout: '2m' },
      timeScale: SCALE,
    });
    // What keeps vCenter from deleting keeps the VM: the error has to name it.
    const isLeft = vcenter.vm('matrix') !== undefined;
    const wrong = judge(stage, cell, [step], isLeft && step.exitCode === 1 ? ['matrix'] : []);
    return isLeft && step.exitCode === 0 ? [...wrong, 'success, and the VM is there'] : wrong;
  } finally {
    await stage.close();
  }
}

function judge(stage: Stage, cell: Cell, steps: readonly StepResult[], kept: readonly string[]): string[] {
  const wrong = verdict({ stage, steps, kept, openSessions: mayLeaveSession(cell) ? 2 : 0 });
  const [main] = steps;
  if (mustSucceed(cell) && main?.exitCode !== 0) {
    wrong.push(`failed: ${main?.errors.join(' | ')}`);
  }
  const { unknown } = stage.vcenter.sessions();
  if (unknown > 0 && !(cell.operation === LOGIN && LOSES_SESSION_ID.includes(cell.fault))) {
    wrong.push(`${unknown} sessions got lost`);
  }
  return wrong;
}

const ADDRESSES = [
  {
    after: 0,
    interfaces: [
      {
        nic: '4000',
        mac_address: '00:50:56:b1:33:76',
        ip: { ip_addresses: [{ ip_address: '10.0.0.7', prefix_length: 24, state: 'PREFERRED' }] },
      },
    ],
  },
];

describe('the fault matrix', () => {
  const cells = [
    ...cellsOf([LOGIN, LIST_VMS, CLONE, GET_TASK, GET_POWER, INTERFACES, LOGOUT]).map((cell) => ({
      name: `clone, ${nameOf(cell)}`,
      run: () => cloneCell(cell),
    })),
    ...cellsOf([LOGIN, GET_VM, STOP, DELETE, LOGOUT]).map((cell) => ({
      name: `teardown, ${nameOf(cell)}`,
      run: () => teardownCell(cell),
    })),
  ];

  it(`leaves nothing behind in ${cells.length} cells`, { timeout: 300_000 }, async () => {
    const startedAt = performance.now();
    const failures: string[] = [];
    let survived = 0;
    await inParallel({ items: cells, atOnce: 6 }, async ({ name, run }) => {
      const wrong = await run().catch((error: unknown) => [String(error)]);
      if (wrong.length === 0) {
        survived += 1;
      } else {
        failures.push(`${name}: ${wrong.join('; ')}`);
      }
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    console.log(`fault matrix: ${survived} of ${cells.length} cells hold, in ${seconds} s`);
    expect(failures.sort()).toEqual([]);
    expect(cells.length).toBeGreaterThanOrEqual(150);
  });
});
