import { describe, expect, it } from 'vitest';
import {
  type ClonePlan,
  type CloneState,
  createJournal,
  readState,
  StateTooLarge,
  UnreadableState,
} from '../../../../src/actions/recovery/journal.ts';
import { RunnerFileError } from '../../../../src/github/runner-file-error.ts';
import { parseServerAddress } from '../../../../src/github/server-address.ts';
import { parseVmName } from '../../../../src/github/vm-name.ts';
import { type InventoryType, parseReference } from '../../../../src/text/reference.ts';
import { problemOf } from '../../../support/fake-core.ts';

const plan: ClonePlan = {
  server: 'vcenter.example',
  name: 'shop-pr12-e2e-9912345678-1-4f09ac',
  isNameGenerated: true,
  source: 'vm-42',
  folder: 'group-v23',
  vmsBefore: [],
};

const sentAt = '2025-05-04T10:00:00.000Z';

const PHASES: readonly CloneState[] = [
  { phase: 'planned', plan },
  { phase: 'requested', plan, kind: 'cis', sentAt },
  { phase: 'started', plan, task: { kind: 'cis', id: 'task-1:com.vmware.vcenter.VM' } },
  { phase: 'created', plan, vm: 'vm-1067' },
  { phase: 'returned', plan, vm: 'vm-1067' },
  { phase: 'closed' },
];

/** The runner's side of the state: keeps what was saved last, unless its file cannot be written. */
function createStateFile() {
  const file = { saved: '', isBroken: false };
  return {
    file,
    core: {
      saveState: (_: string, value: string) => {
        if (file.isBroken) {
          throw new RunnerFileError({
            file: 'GITHUB_STATE',
            path: '/runner/state',
            cause: new Error('ENOSPC'),
          });
        }
        file.saved = value;
      },
      getState: () => file.saved,
    },
  };
}

const read = (value: unknown) =>
  readState({ getState: () => (typeof value === 'string' ? value : JSON.stringify(value)) });

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('createJournal', () => {
  it('writes nothing before the first phase is entered', () => {
    const { file, core } = createStateFile();
    const initial: CloneState = { phase: 'planned', plan };
    expect(createJournal(core, initial).state).toEqual(initial);
    expect(file.saved).toBe('');
    expect(readState(core)).toBeUndefined();
  });

  it.each(PHASES)('has written $phase when it has been entered', (state) => {
    for (const how of ['enter', 'tryEnter'] as const) {
      const { core } = createStateFile();
      const journal = createJournal(core, { phase: 'planned', plan });
      journal[how](state);
      expect(journal.state).toEqual(state);
      expect(readState(core)).toMatchObject({ state, isOlder: false });
    }
  });
});

describe('B3, B13: a state that cannot be written', () => {
  it.each(PHASES.filter(({ phase }) => phase !== 'requested'))(
    'is the error of the runner, and $phase has happened all the same',
    (state) => {
      const { file, core } = createStateFile();
      const journal = createJournal(core, { phase: 'requested', plan, kind: 'cis', sentAt });
      file.isBroken = true;
      expect(thrown(() => journal.enter(state))).toBeInstanceOf(RunnerFileError);
      expect(journal.state).toEqual(state);
    },
  );

  it('keeps the request from being made', () => {
    const { file, core } = createStateFile();
    const journal = createJournal(core, { phase: 'planned', plan });
    file.isBroken = true;
    expect(thrown(() => journal.enter({ phase: 'requested', plan, kind: 'cis', sentAt }))).toBeInstanceOf(
      RunnerFileError,
    );
    expect(journal.state.phase).toBe('planned');
  });

  it('keeps nothing from being cleaned up', () => {
    const { file, core } = createStateFile();
    const journal = createJournal(core, { phase: 'started', plan, task: { kind: 'cis', id: 'task-1' } });
    file.isBroken = true;
    journal.tryEnter({ phase: 'created', plan, vm: 'vm-7' });
    expect(journal.state).toMatchObject({ phase: 'created', vm: 'vm-7' });
  });
});

describe('A1: the size of the state', () => {
  const LIMIT = 16 * 1024;
  /** 252 characters; DNS knows no name of more than 253, so no step gets further with one. */
  const longestHost = `${`${'a'.repeat(61)}.`.repeat(4)}test:65535`;
  /** Three bytes each in UTF-8. */
  const longestId = (prefix = '') => prefix + '€'.repeat(200);
  const idOf = (type: InventoryType) => {
    const reference = parseReference({ type, text: longestId('id:') });
    return reference.kind === 'id' ? reference.id : '';
  };

  const longest: ClonePlan = {
    server: parseServerAddress(longestHost),
    // As long as the one CA that is kept may be: longer ones make it a fingerprint.
    caCertificate: `${`${'A'.repeat(64)}\n`.repeat(126)}`.slice(0, 8 * 1024),
    name: parseVmName('😀'.repeat(80)),
    isNameGenerated: false,
    source: idOf('VirtualMachine'),
    folder: idOf('Folder'),
    vmsBefore: Array.from({ length: 20 }, (_, index) => `vm-${index}:${'0'.repeat(36)}`),
  };

  it('takes nothing that is longer', () => {
    expect(problemOf(() => parseVmName('😀'.repeat(81)))).toContain('at most 80');
    expect(problemOf(() => parseReference({ type: 'Folder', text: `${longestId('id:')}x` }))).toContain(
      '200',
    );
  });

  it.each<[string, CloneState]>([
    ['requested', { phase: 'requested', plan: longest, kind: 'cis', sentAt }],
    [
      'started',
      {
        phase: 'started',
        plan: longest,
        task: { kind: 'cis', id: `${'0'.repeat(36)}:com.vmware.vcenter.VM` },
      },
    ],
    ['returned', { phase: 'returned', plan: longest, vm: `vm-1067:${'0'.repeat(36)}` }],
  ])('is small with every input at its longest: %s', (_, state) => {
    const { file, core } = createStateFile();
    createJournal(core, state).enter(state);
    expect(Buffer.byteLength(file.saved)).toBeLessThanOrEqual(LIMIT);
    expect(readState(core)?.state).toMatchObject(state);
  });

  it('stops before the clone for more than 20 VMs of the name, and says what to do', () => {
    const { file, core } = createStateFile();
    const many = { ...plan, vmsBefore: Array.from({ length: 21 }, (_, index) => `vm-${index}`) };
    const journal = createJournal(core, { phase: 'planned', plan: many });
    const error = thrown(() => journal.enter({ phase: 'planned', plan: many }));
    expect(error).toBeInstanceOf(StateTooLarge);
    expect(error).toMatchObject({
      title: 'State too large',
      text: expect.stringMatching(/^21 VMs have this name already\. Choose another 'name'/),
    });
    expect(file.saved).toBe('');
  });

  it('stops before the clone where an id out of vCenter is too long', () => {
    const { file, core } = createStateFile();
    const long = { ...plan, vmsBefore: [`vm-${'1'.repeat(LIMIT)}`] };
    const journal = createJournal(core, { phase: 'planned', plan: long });
    const error = thrown(() => journal.enter({ phase: 'planned', plan: long }));
    expect(error).toBeInstanceOf(StateTooLarge);
    expect(error).toMatchObject({ text: expect.stringContaining('at most 16384 fit') });
    expect(file.saved).toBe('');
  });
});

describe('readState', () => {
  it('has nothing where nothing was written', () => {
    expect(read('')).toBeUndefined();
  });

  const planOf1 = {
    server: 'vcenter.example',
    caCertificate: '-----BEGIN CERTIFICATE-----\n',
    name: 'shop-pr12-4f09ac',
    nameIsOwn: true,
    source: 'vm-42',
    vmsBefore: ['vm-9'],
  };

  it.each([
    [
      { phase: 'requested', sentAt },
      { phase: 'requested', sentAt },
    ],
    [
      { phase: 'started', sentAt, task: 'task-1' },
      { phase: 'started', task: { kind: 'cis', id: 'task-1' } },
    ],
    [
      { phase: 'created', vm: 'vm-7' },
      { phase: 'created', vm: 'vm-7' },
    ],
    [
      { phase: 'finished', vm: 'vm-7' },
      { phase: 'returned', vm: 'vm-7' },
    ],
  ])('reads version 1, whose names are no proof: %j', (written, state) => {
    const { nameIsOwn: _, ...rest } = planOf1;
    expect(read({ version: 1, plan: planOf1, ...written })).toMatchObject({
      isOlder: true,
      state: { ...state, plan: { ...rest, isNameGenerated: false } },
    });
  });

  it('reads the end of version 1', () => {
    expect(read({ version: 1, phase: 'settled' })).toMatchObject({
      isOlder: true,
      state: { phase: 'closed' },
    });
  });

  it('says that a state is of a later version, and names the VM', () => {
    const error = thrown(() => read({ version: 3, phase: 'configured', plan: { name: 'shop-pr12' } }));
    expect(error).toBeInstanceOf(UnreadableState);
    expect(error).toMatchObject({
      title: 'State not readable',
      text: "The state that the main step left behind is not of this version of the action. Look for 'shop-pr12' in vCenter.",
    });
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no version', { phase: 'closed' }],
    ['an unknown phase', { version: 2, phase: 'configured', plan }],
    ['no plan', { version: 2, phase: 'planned' }],
    ['a plan without a source', { version: 2, phase: 'planned', plan: { ...plan, source: '' } }],
    [
      'a plan that does not say how the name was made',
      { version: 2, phase: 'planned', plan: { ...plan, isNameGenerated: 'true' } },
    ],
    ['a folder that is none', { version: 2, phase: 'planned', plan: { ...plan, folder: {} } }],
    ['VMs that are none', { version: 2, phase: 'planned', plan: { ...plan, vmsBefore: [7] } }],
    ['no time of the request', { version: 2, phase: 'requested', plan, kind: 'cis', sentAt: 'yesterday' }],
    ['no task', { version: 2, phase: 'started', plan }],
    ['no VM', { version: 2, phase: 'created', plan, vm: '' }],
  ])('refuses %s', (_, value) => {
    expect(thrown(() => read(value))).toBeInstanceOf(UnreadableState);
  });
});
