import { describe, expect, it } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { FaultSpec, Operation } from '../simulator/vcenter.ts';
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
  SOURCE,
  STOP,
  type Stage,
  setVirtualStage,
} from './stage.ts';
import { verdict } from './verdict.ts';

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
  const stage = setVirtualStage({
    behaviour: { cloneDuration: 2000, toolsAfter: 0, addresses: ADDRESSES },
  });
  inject(stage, cell);
  const main = await stage.runner.runStep({
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
  });
  const post = await stage.runner.runPost(main, { jobStatus: main.conclusion });
  return judge(stage, cell, [main, post], main.exitCode === 0 ? ['matrix'] : []);
}

async function teardownCell(cell: Cell): Promise<string[]> {
  const stage = setVirtualStage();
  const { vcenter } = stage;
  const { id } = vcenter.addVm({ name: 'matrix', folder: FOLDER, powerState: 'POWERED_ON' });
  inject(stage, cell);
  const step = await stage.runner.runStep({
    action: 'teardown',
    inputs: { ...stage.connection, 'vm-id': id, timeout: '2m' },
  });
  // What keeps vCenter from deleting keeps the VM: the error has to name it.
  const isLeft = vcenter.vm(id) !== undefined;
  const wrong = judge(stage, cell, [step], isLeft && step.exitCode === 1 ? ['matrix'] : []);
  return isLeft && step.exitCode === 0 ? [...wrong, 'success, and the VM is there'] : wrong;
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

describe('the fault matrix leaves nothing behind', () => {
  it.each(cellsOf([LOGIN, LIST_VMS, CLONE, GET_TASK, GET_POWER, INTERFACES, LOGOUT]))(
    'clone, $operation: $fault, $times',
    async (cell) => {
      expect(await cloneCell(cell)).toEqual([]);
    },
  );
  it.each(cellsOf([LOGIN, GET_VM, STOP, DELETE, LOGOUT]))(
    'teardown, $operation: $fault, $times',
    async (cell) => {
      expect(await teardownCell(cell)).toEqual([]);
    },
  );
});
