import { EOL } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type Core, type DeferredCore, deferCore } from '../../../src/github/core.ts';
import { RunnerFileError } from '../../../src/github/runner-file-error.ts';
import { rejection } from '../../support/vcenter-answers.ts';

const FILES = { GITHUB_OUTPUT: '/runner/output', GITHUB_STATE: '/runner/state' };

/** A core on top of one that records; `failure` is what writing to the runner's files ends in. */
function setUp({
  env = FILES,
  failure,
}: {
  readonly env?: NodeJS.ProcessEnv;
  readonly failure?: Error;
} = {}) {
  const done: string[] = [];
  const written: string[] = [];
  const record =
    (what: string) =>
    (...given: readonly unknown[]) => {
      done.push([what, ...given.filter((each) => typeof each === 'string')].join(' '));
    };
  const toFile =
    (what: string) =>
    (...given: readonly unknown[]) => {
      if (failure !== undefined) {
        throw failure;
      }
      record(what)(...given);
    };
  const loaded = {
    ...{ setOutput: toFile('output'), saveState: toFile('state') },
    ...{ info: record('info'), debug: record('debug'), error: record('error') },
    ...{ notice: record('notice'), warning: record('warning') },
    ...{ startGroup: record('group'), endGroup: record('end') },
  } as unknown as Core;
  let loads = 0;
  const core = deferCore({
    env,
    write: (text) => written.push(text),
    load: async () => {
      loads += 1;
      return loaded;
    },
  });
  return { core, done, written, loads: () => loads };
}

const WRITES: readonly (readonly [string, (core: DeferredCore) => void])[] = [
  ['GITHUB_OUTPUT', (core) => core.setOutput('vm-id', 'vm-7')],
  ['GITHUB_STATE', (core) => core.saveState('clone', '{}')],
];

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('deferCore', () => {
  it('loads the real one once, and hands it what has waited, in order', async () => {
    const { core, done, loads } = setUp();
    core.info('first');
    core.setOutput('vm-id', 'vm-7');
    core.saveState('clone', '{}');
    expect(done).toEqual([]);
    expect(loads()).toBe(0);
    await Promise.all([core.load(), core.load()]);
    core.info('last');
    expect(done).toEqual(['info first', 'output vm-id vm-7', 'state clone {}', 'info last']);
    expect(loads()).toBe(1);
  });

  it('masks at once, with everything encoded that would end the line', () => {
    const { core, written } = setUp();
    core.setSecret('a%b\r\nc');
    expect(written).toEqual([`::add-mask::a%25b%0D%0Ac${EOL}`]);
  });

  it('reads inputs and state out of the environment', () => {
    const { core } = setUp({ env: { 'INPUT_VM-NAME': ' shop ', INPUT_A_B: 'x', STATE_clone: '{}' } });
    expect(core.getInput('vm-name')).toBe('shop');
    expect(core.getInput('vm-name', { trimWhitespace: false })).toBe(' shop ');
    expect(core.getInput('a b')).toBe('x');
    expect(core.getInput('folder')).toBe('');
    expect(core.getState('clone')).toBe('{}');
    expect(core.getState('other')).toBe('');
  });
});

describe.each(WRITES)('B13: %s', (file, write) => {
  const advice =
    "is its disk full, was its work folder cleaned while the job ran, may a container's user write there?";

  it.each([
    ['not set', {}],
    ['empty', { GITHUB_OUTPUT: '', GITHUB_STATE: '' }],
  ])(
    'that is %s is named, before the real core falls back on commands that the runner ignores',
    async (_, env) => {
      const { core, done } = setUp({ env });
      await core.load();
      const error = thrown(() => write(core));
      expect(error).toBeInstanceOf(RunnerFileError);
      expect(error).toMatchObject({
        title: 'Runner file not writable',
        text: `${file}, a file that the runner gives each step, cannot be written: the variable is not set\nLook at the runner: ${advice}`,
      });
      expect(done).toEqual([]);
    },
  );

  it.each([
    'ENOSPC: no space left on device, write',
    "EACCES: permission denied, open '/runner/x'",
    'Missing file at path: /runner/x',
  ])('that cannot be written is named, with the reason: %s', async (message) => {
    const { core } = setUp({ failure: new Error(message) });
    await core.load();
    const error = thrown(() => write(core));
    expect(error).toBeInstanceOf(RunnerFileError);
    expect(error).toMatchObject({ text: expect.stringContaining(`${file}, a file that`) });
    expect(error).toMatchObject({ text: expect.stringContaining(message), cause: { message } });
  });

  it('is told of where the real core is loaded, once, and takes nothing else along that has waited', async () => {
    const { core, done } = setUp({ failure: new Error('ENOSPC') });
    core.info('before');
    write(core);
    core.error('after', { title: 'x' });
    expect(await rejection(core.load())).toBeInstanceOf(RunnerFileError);
    expect(done).toEqual(['info before', 'error after']);
    await core.load();
    expect(done).toEqual(['info before', 'error after']);
  });
});
