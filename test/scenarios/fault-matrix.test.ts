import { describe, expect, it } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { Behaviour, FaultSpec, Operation } from '../simulator/vcenter.ts';
import {
  ATTACH_TAGS,
  CLONE,
  DELETE,
  EVERY_SETTING,
  FOLDER,
  GET_CUSTOMIZATION,
  GET_POWER,
  GET_TASK,
  GET_VM,
  INTERFACES,
  LIST_NICS,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  PATCH_CPU,
  PATCH_MEMORY,
  PATCH_NIC,
  PUT_CUSTOMIZATION,
  SOURCE,
  START,
  STOP,
  type Stage,
  setVirtualStage,
} from '../support/stage.ts';
import { verdict } from '../support/verdict.ts';

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

/** Faults after which the operation has been carried out, and whoever asked for it does not know. */
const ACTS: readonly string[] = ['reset-after', 'late', 'cut', 'not-json'];

interface Cell {
  readonly operation: Operation;
  readonly fault: (typeof FAULTS)[number];
  readonly times: 'once' | 'always';
}

interface CloneCell extends Cell {
  readonly naming: 'generated' | 'given';
}

function cellsOf(operations: readonly Operation[]): Cell[] {
  return operations.flatMap((operation) =>
    FAULTS.flatMap((fault) => (['once', 'always'] as const).map((times) => ({ operation, fault, times }))),
  );
}

/** Whether a run must succeed in spite of the fault. A login that is refused is final, since more tries lock accounts. */
function mustSucceed(cell: Cell | CloneCell): boolean {
  const { operation, fault, times } = cell;
  if ('naming' in cell && isInDoubt(cell)) {
    return false;
  }
  return (times === 'once' && !(operation === LOGIN && fault === '401')) || operation === LOGOUT;
}

/** A logout that never gets through leaves its session to vCenter's own idle limit. */
function mayLeaveSession({ operation, times }: Cell): boolean {
  return operation === LOGOUT && times === 'always';
}

function inject({ vcenter }: Stage, { operation, fault, times }: Cell): void {
  vcenter.fault({ operation, kind: fault, times: times === 'once' ? 1 : Number.POSITIVE_INFINITY });
}

/**
 * A clone of a given name was started, and the response that would prove it was lost: another job may have asked for the same
 * name, so the VM is left with a warning.
 */
function isInDoubt({ operation, fault, naming }: CloneCell): boolean {
  return operation === CLONE && naming === 'given' && ACTS.includes(fault);
}

async function cloneOn(
  behaviour: Partial<Behaviour>,
  prepare: (stage: Stage) => void,
  inputs: Readonly<Record<string, string>> = {},
) {
  const stage = setVirtualStage({
    behaviour: { cloneDuration: 2000, toolsAfter: 0, addresses: ADDRESSES, ...behaviour },
  });
  prepare(stage);
  const main = await stage.runner.runStep({
    action: 'clone',
    inputs: {
      ...stage.connection,
      source: SOURCE,
      folder: FOLDER,
      timeout: '3m',
      'wait-for-ip': 'true',
      'ip-timeout': '1m',
      ...inputs,
    },
  });
  const post = await stage.runner.runPost(main, { jobStatus: main.conclusion });
  return { stage, main, post };
}

async function cloneCell(cell: CloneCell): Promise<string[]> {
  const { stage, main, post } = await cloneOn(
    {},
    (each) => inject(each, cell),
    cell.naming === 'given' ? { name: 'matrix' } : {},
  );
  if (isInDoubt(cell)) {
    const told = [...main.errors, ...post.warnings].filter((text) => text.includes("'matrix' (vm-"));
    // A clone that may be another's is not cancelled, either.
    const wrong = judge(stage, cell, [main, post], ['matrix']);
    return [
      ...wrong.filter((what) => !what.startsWith('still running: ')),
      ...(main.errors[0]?.startsWith('Outcome unknown') ? [] : [`says ${main.errors.join(' | ')}`]),
      ...(told.length < 2 ? ['what is left is not named in main and post'] : []),
    ];
  }
  return judge(stage, cell, [main, post], main.exitCode === 0 ? [main.outputs['vm-name'] ?? ''] : []);
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
  it.each(
    cellsOf([LOGIN, LIST_VMS, CLONE, GET_TASK, GET_POWER, INTERFACES, LOGOUT]).flatMap((cell) =>
      (['generated', 'given'] as const).map((naming) => ({ ...cell, naming })),
    ),
  )('clone, $operation: $fault, $times, $naming name', async (cell) => {
    expect(await cloneCell(cell)).toEqual([]);
  });
  it.each(
    cellsOf([
      PATCH_CPU,
      PATCH_MEMORY,
      PATCH_NIC,
      LIST_NICS,
      PUT_CUSTOMIZATION,
      ATTACH_TAGS,
      START,
      GET_CUSTOMIZATION,
    ]),
  )('clone with every setting, $operation: $fault, $times', async (cell) => {
    const { stage, main, post } = await cloneOn({}, (each) => inject(each, cell), EVERY_SETTING);
    expect(
      judge(stage, cell, [main, post], main.exitCode === 0 ? [main.outputs['vm-name'] ?? ''] : []),
    ).toEqual([]);
  });
  it.each(cellsOf([LOGIN, GET_VM, STOP, DELETE, LOGOUT]))(
    'teardown, $operation: $fault, $times',
    async (cell) => {
      expect(await teardownCell(cell)).toEqual([]);
    },
  );

  it.each([
    ['UNABLE_TO_ALLOCATE_RESOURCE', 'Insufficient disk space on datastore.'],
    ['RESOURCE_INACCESSIBLE', 'The host does not respond.'],
    ['INTERNAL_SERVER_ERROR', 'Something went wrong.'],
    ['ERROR', 'A general error occurred.'],
  ])('clone, refused by vCenter with 500 %s: final at once, in its own words', async (errorType, text) => {
    const { stage, main, post } = await cloneOn({}, ({ vcenter }) => {
      vcenter.fault({
        operation: CLONE,
        kind: 'vapi-error',
        errorType,
        text,
        times: Number.POSITIVE_INFINITY,
      });
    });
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    expect(main.errors[0]).toContain(text);
    expect(stage.vcenter.calls().filter((each) => each === CLONE)).toHaveLength(1);
    expect(main.duration).toBeLessThan(2_000);
  });

  it.each([2_000, 14_000, Number.POSITIVE_INFINITY])(
    'clone, power-on %d ms after the end of the task: the VM is on',
    async (powerOnAfter) => {
      const { stage, main, post } = await cloneOn({ powerOnAfter }, () => undefined);
      expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
      expect(main.outputs).toMatchObject({ 'power-state': 'POWERED_ON', 'ip-address': '10.0.0.7' });
    },
  );

  it.each([GET_VM, LIST_VMS] as const)(
    'clone, %s always answers 500: the VM is returned',
    async (operation) => {
      const { stage, main, post } = await cloneOn({}, ({ vcenter }) => {
        vcenter.fault({ operation, kind: '500-error', times: Number.POSITIVE_INFINITY });
      });
      expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
      expect(main.errors).toEqual([]);
    },
  );

  it.each([GET_VM, LIST_VMS] as const)(
    'clone with teardown: always, %s always answers 500 in post: the VM is deleted',
    async (operation) => {
      const stage = setVirtualStage();
      const main = await stage.runner.runStep({
        action: 'clone',
        inputs: { ...stage.connection, source: SOURCE, teardown: 'always' },
      });
      stage.vcenter.fault({ operation, kind: '500-error', times: Number.POSITIVE_INFINITY });
      const post = await stage.runner.runPost(main, { jobStatus: 'success' });
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
      expect(post.warnings).toEqual([]);
    },
  );

  it.each([STOP, DELETE] as const)(
    'clone with teardown: always, %s answers one 500 in post',
    async (operation) => {
      const stage = setVirtualStage();
      const main = await stage.runner.runStep({
        action: 'clone',
        inputs: { ...stage.connection, source: SOURCE, teardown: 'always' },
      });
      stage.vcenter.fault({ operation, kind: '500-error' });
      const post = await stage.runner.runPost(main, { jobStatus: 'success' });
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
      expect(post.warnings).toEqual([]);
    },
  );

  it.each([
    ['once', DELETE, 1],
    ['once', STOP, 1],
    ['always', GET_VM, Number.POSITIVE_INFINITY],
    ['always', LIST_VMS, Number.POSITIVE_INFINITY],
  ] as const)('teardown, 500 %s on %s: the VM is deleted', async (_, operation, times) => {
    const stage = setVirtualStage();
    const { id } = stage.vcenter.addVm({ name: 'matrix', folder: FOLDER, powerState: 'POWERED_ON' });
    stage.vcenter.fault({ operation, kind: '500-error', times });
    const step = await stage.runner.runStep({
      action: 'teardown',
      inputs: { ...stage.connection, 'vm-id': id },
    });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(step.outputs).toMatchObject({ deleted: 'true', 'vm-id': id });
  });

  it.each([
    ['answered', LOGIN],
    ['acted', CLONE],
    ['answered', GET_TASK],
    ['answered', INTERFACES],
  ] as const)('clone, runner files that vanish when vCenter has %s %s', async (when, operation) => {
    const stage = setVirtualStage({
      behaviour: { cloneDuration: 2000, toolsAfter: 0, addresses: ADDRESSES },
    });
    const moment = stage.vcenter.on({ operation, when });
    const step = await stage.runner.startStep({
      action: 'clone',
      inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, 'wait-for-ip': 'true' },
    });
    await moment;
    step.removeCommandFiles();
    const main = await step.done;
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    expect(main.errors[0]).toMatch(/^Runner file not writable: /);
  });
});
