import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StepOptions, StepResult } from '../runner/step.ts';
import { CLONE, DELETE, FOLDER, GET_TASK, type Stage, setStage } from '../support/stage.ts';
import { cloneStep, teardownStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runner-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const setQuickStage = () => setStage({ behaviour: { cloneDuration: 20, toolsAfter: 0 } });

/** What may be in the place of one of the runner's files: the step's options, and the words for it. */
interface Trouble {
  readonly what: string;
  readonly options: (file: 'GITHUB_STATE' | 'GITHUB_OUTPUT') => Partial<StepOptions>;
  readonly words: RegExp;
}

const fullDisk: Trouble = {
  what: 'is on a full disk',
  options: (file) => ({ replaceFiles: { [file]: '/dev/full' } }),
  words: /ENOSPC/,
};

const troubles: readonly Trouble[] = [
  ...(existsSync('/dev/full') ? [fullDisk] : []),
  {
    what: 'is missing',
    options: (file) => ({ replaceFiles: { [file]: join(makeFolder(), 'missing') } }),
    words: /Missing file at path/,
  },
  {
    what: 'is a folder',
    options: (file) => ({ replaceFiles: { [file]: makeFolder() } }),
    words: /EISDIR|EPERM/,
  },
  {
    what: 'is not named by its variable',
    options: (file) => ({ omitFiles: [file] }),
    words: /the variable is not set/,
  },
];

/** The one error: which file, why, and what to look at. */
function expectFileError(
  step: StepResult,
  { file, words }: { readonly file: string; readonly words: RegExp },
) {
  const errors = step.annotations.filter(({ level }) => level === 'error');
  expect(errors).toEqual([
    {
      level: 'error',
      title: 'Runner file not writable',
      message: expect.stringContaining(
        `${file}, a file that the runner gives each step, cannot be written: `,
      ),
    },
  ]);
  expect(errors[0]?.message).toMatch(words);
  expect(errors[0]?.message).toContain('Look at the runner: is its disk full,');
  expect(errors[0]?.message).not.toContain('bug of the action');
}

/** Nothing is left, and post has nothing to say. */
async function expectNothingLeft(stage: Stage, main: StepResult): Promise<void> {
  const post = await stage.runner.runPost(main, { jobStatus: 'failure', omitFiles: [], timeScale: 20 });
  expect(post.warnings).toEqual([]);
  expect(verdict({ stage, steps: [main, post] })).toEqual([]);
}

describe.each(troubles)('B13: a file $what', ({ options, words }) => {
  it('the state: nothing is cloned', async () => {
    const stage = await setQuickStage();
    const main = await stage.runner.runStep({ ...cloneStep(stage), ...options('GITHUB_STATE') });
    expect(main.exitCode).toBe(1);
    expectFileError(main, { file: 'GITHUB_STATE', words });
    expect(stage.vcenter.calls()).not.toContain(CLONE);
    await expectNothingLeft(stage, main);
  });

  it('the outputs: nothing is left', async () => {
    const stage = await setQuickStage();
    const main = await stage.runner.runStep({ ...cloneStep(stage), ...options('GITHUB_OUTPUT') });
    expect(main.exitCode).toBe(1);
    expectFileError(main, { file: 'GITHUB_OUTPUT', words });
    await expectNothingLeft(stage, main);
  });
});

it.each(troubles.slice(0, 2))(
  'B13: the outputs of teardown, whose file $what: the VM is deleted all the same',
  async ({ options, words }) => {
    const stage = await setQuickStage();
    stage.vcenter.addVm({ id: 'vm-77', name: 'copy', folder: FOLDER });
    const step = await stage.runner.runStep({
      ...teardownStep(stage, { 'vm-id': 'vm-77' }),
      ...options('GITHUB_OUTPUT'),
    });
    expect(step.exitCode).toBe(1);
    expectFileError(step, { file: 'GITHUB_OUTPUT', words });
    expect(stage.vcenter.vm('vm-77')).toBeUndefined();
    expect(verdict({ stage, steps: [step] })).toEqual([]);
  },
);

describe('B13: a summary that cannot be written', () => {
  it.each([
    ...(existsSync('/dev/full') ? [{ what: 'a full disk', path: () => '/dev/full' }] : []),
    { what: 'a missing file', path: () => join(makeFolder(), 'missing') },
    { what: 'a folder', path: makeFolder },
  ])('is only a warning: $what', async ({ path }) => {
    const stage = await setQuickStage();
    const replaceFiles = { GITHUB_STEP_SUMMARY: path() };
    const main = await stage.runner.runStep({ ...cloneStep(stage), replaceFiles });
    expect([main.exitCode, main.errors]).toEqual([0, []]);
    expect(main.warnings).toEqual([expect.stringMatching(/^Summary not written: /)]);
    const post = await stage.runner.runPost(main, { inputs: { teardown: 'always' }, replaceFiles });
    expect(post.warnings).toEqual([expect.stringMatching(/^Summary not written: /)]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('is only a warning where its variable is not set', async () => {
    const stage = await setQuickStage();
    const main = await stage.runner.runStep({ ...cloneStep(stage), omitFiles: ['GITHUB_STEP_SUMMARY'] });
    expect([main.exitCode, main.errors]).toEqual([0, []]);
    expect(main.warnings).toEqual([expect.stringMatching(/^Summary not written: /)]);
  });
});

describe("B13: an event that cannot be read: the name is made of what the run's variables tell", () => {
  const written = (text: string) => () => {
    const path = join(makeFolder(), 'event.json');
    writeFileSync(path, text);
    return { replaceFiles: { GITHUB_EVENT_PATH: path } };
  };
  const events: readonly { readonly what: string; readonly options: () => Partial<StepOptions> }[] = [
    {
      what: 'missing',
      options: () => ({ replaceFiles: { GITHUB_EVENT_PATH: join(makeFolder(), 'missing') } }),
    },
    { what: 'a folder', options: () => ({ replaceFiles: { GITHUB_EVENT_PATH: makeFolder() } }) },
    { what: 'not named', options: () => ({ omitFiles: ['GITHUB_EVENT_PATH'] }) },
    { what: 'not JSON', options: written('{"number": 12') },
    { what: 'null', options: written('null') },
    { what: 'of another shape', options: written('{"pull_request": "twelve"}') },
  ];

  it.each(events)('$what', async ({ options }) => {
    const stage = await setQuickStage();
    const main = await stage.runner.runStep({ ...cloneStep(stage), ...options() });
    expect([main.exitCode, main.errors]).toEqual([0, []]);
    expect(main.outputs['vm-name']).toMatch(/^shop-pr12-e2e-9912345678-1-[0-9a-z]{6}$/);
  });
});

describe('B3: the files vanish while the clone runs', () => {
  it('the clone ends well: main deletes the VM, and its one error names the file', async () => {
    const stage = await setStage({ behaviour: { cloneDuration: 1_500 } });
    const { vcenter, runner } = stage;
    const running = vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await runner.startStep({ ...cloneStep(stage), timeScale: 1 });
    await running;
    step.removeCommandFiles();
    const main = await step.done;
    expect(main.exitCode).toBe(1);
    expect(main.state).toEqual({});
    expect(main.errors).toEqual([
      expect.stringMatching(
        /^Runner file not writable: GITHUB_STATE, a file that the runner gives each step, cannot be written: Missing file at path: .*\n.*\n'shop-pr12-e2e-9912345678-1-\w{6}' \(vm-1001\) is deleted, since the step did not succeed\.$/,
      ),
    ]);
    expect(vcenter.calls()).toContain(DELETE);
    await expectNothingLeft(stage, main);
  });

  it('the clone fails, too: the error is the clone’s', async () => {
    const stage = await setStage({
      behaviour: {
        cloneDuration: 1_500,
        failClone: {
          at: 1,
          error: {
            error_type: 'ERROR',
            messages: [{ id: 'x', default_message: 'The disk is broken.', args: [] }],
          },
          leavesVm: true,
          reasonIn: 'error',
        },
      },
    });
    const { vcenter, runner } = stage;
    const running = vcenter.on({ operation: GET_TASK, when: 'answered' });
    const step = await runner.startStep({ ...cloneStep(stage), timeScale: 1 });
    await running;
    step.removeCommandFiles();
    const main = await step.done;
    expect(main.errors).toEqual([expect.stringMatching(/^The clone failed: .*The disk is broken\./)]);
    expect(main.errors[0]).toMatch(/'shop-pr12-.*' \(vm-1001\) is deleted/);
    await expectNothingLeft(stage, main);
  });
});
