import { describe, it } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { Behaviour, CloneFailure } from '../simulator/vcenter.ts';
import { changes, neutral, teardownStep, told } from './aftermath.ts';
import { DELETE, FOLDER, SOURCE, setVirtualStage, type VirtualStage } from './stage.ts';
import { verdict } from './verdict.ts';

type Inputs = Readonly<Record<string, string>>;

const LONG = 60_000;

function failure(errorType: string, fields: Partial<CloneFailure> = {}): CloneFailure {
  const messages = [{ id: 'vmsg.summary', default_message: `${errorType} it was.`, args: [] }];
  return {
    at: 0.5,
    error: { error_type: errorType, messages },
    leavesVm: false,
    reasonIn: 'error',
    ...fields,
  };
}

/** A vCenter with a clone of the account: vm-1001, called e2e. */
async function scene(
  { behaviour, duration }: { readonly behaviour?: Partial<Behaviour>; readonly duration: number },
  play: (scene: {
    readonly stage: VirtualStage;
    readonly task: string;
    readonly tearDown: (inputs: Inputs) => Promise<StepResult>;
  }) => Promise<void>,
) {
  const stage = setVirtualStage({ ...(behaviour && { behaviour }) });
  const { id: task } = stage.vcenter.startForeignClone({
    source: SOURCE,
    name: 'e2e',
    folder: FOLDER,
    duration,
  });
  await play({
    stage,
    task,
    tearDown: (inputs) => stage.runner.runStep(teardownStep(stage, { 'task-id': task, ...inputs })),
  });
}

describe('teardown by task-id', () => {
  it('of a clone that runs: cancelled and watched to its end, and nothing is left to delete', ({ expect }) =>
    scene({ duration: LONG }, async ({ stage, tearDown }) => {
      const step = await tearDown({ 'vm-name': 'e2e' });
      expect(changes(stage)).toEqual(['cancel e2e!']);
      expect(step.outputs).toEqual({ deleted: 'false' });
      expect(step.errors).toEqual([]);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it.for<[string, Partial<Behaviour>]>([
    ['cannot be cancelled', { cancelable: false }],
    ['is cancelled too late', { cancelTooLate: true }],
  ])('of a clone that %s: what it makes is deleted', ([, behaviour], { expect }) =>
    scene({ behaviour, duration: 4_000 }, async ({ stage, tearDown }) => {
      const step = await tearDown({});
      expect(changes(stage)).toEqual(['cancel e2e!', 'delete vm-1001']);
      expect(step.outputs).toEqual({ deleted: 'true', 'vm-id': 'vm-1001', 'vm-name': 'e2e' });
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it('of a clone that has succeeded: its VM is deleted, and a second time there is none', ({ expect }) =>
    scene({ duration: 1 }, async ({ stage, tearDown }) => {
      const first = await tearDown({});
      const second = await tearDown({});
      expect(changes(stage)).toEqual(['delete vm-1001']);
      expect([first, second].map(({ outputs }) => outputs['deleted'])).toEqual(['true', 'false']);
      expect(verdict({ stage, steps: [first, second] })).toEqual([]);
    }));

  it('of a clone that made another VM than vm-id says: nothing is deleted', ({ expect }) =>
    scene({ duration: 1 }, async ({ stage, tearDown }) => {
      const step = await tearDown({ 'vm-id': 'vm-45' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Nothing deleted] Nothing deleted: 'vm-id' is vm-45, but the task TASK made vm-1001."`,
      );
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('of a clone that made a VM of another name than vm-name: nothing is deleted', ({ expect }) =>
    scene({ duration: 1 }, async ({ stage, tearDown }) => {
      const step = await tearDown({ 'vm-name': 'build-agent' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Nothing deleted] Nothing deleted: vm-1001 is called 'e2e', but 'vm-name' is 'build-agent'."`,
      );
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('of a clone whose task names its source and no result: the source stays, and the step says that a VM is left', ({
    expect,
  }) =>
    scene(
      { behaviour: { result: 'none', taskTarget: 'source' }, duration: 1 },
      async ({ stage, tearDown }) => {
        const without = await tearDown({});
        expect(told(without, 'error')).toMatchInlineSnapshot(
          `"[Nothing deleted] Nothing deleted: The task TASK has made a VM and does not tell which. Give 'vm-id' or 'vm-name'."`,
        );
        expect(changes(stage)).toEqual([]);
        const withName = await tearDown({ 'vm-name': 'e2e', folder: FOLDER });
        expect(changes(stage)).toEqual(['delete vm-1001']);
        expect(verdict({ stage, steps: [without, withName] })).toEqual([]);
      },
    ));

  it.for<[string, CloneFailure['leavesVm'], string[]]>([
    ['off', true, ['delete vm-1001']],
    ['on', 'powered-on', ['stop vm-1001', 'delete vm-1001']],
  ])(
    'of a clone that failed and left its VM (%s), with vm-name: it is deleted',
    ([, leavesVm, expected], { expect }) =>
      scene(
        { behaviour: { failClone: failure('ERROR', { leavesVm }) }, duration: 1 },
        async ({ stage, tearDown }) => {
          const step = await tearDown({ 'vm-name': 'e2e', folder: FOLDER });
          expect(changes(stage)).toEqual(expected);
          expect(verdict({ stage, steps: [step] })).toEqual([]);
        },
      ),
  );

  it.for(['error', 'error-text', 'result'] as const)(
    'of a clone whose name was taken (told in %s), with vm-name: the VM of the name is another and stays',
    (reasonIn, { expect }) =>
      scene(
        {
          behaviour: {
            nameTakenAt: 'end',
            failClone: {
              ...failure('ALREADY_EXISTS', { reasonIn }),
              error: {
                error_type: 'ALREADY_EXISTS',
                messages: [
                  {
                    id: 'vmsg.DuplicateName.summary',
                    default_message: "The name 'e2e' already exists.",
                    args: [],
                  },
                ],
              },
            },
          },
          duration: 1,
        },
        async ({ stage, tearDown }) => {
          stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
          const step = await tearDown({ 'vm-name': 'e2e', folder: FOLDER });
          expect(step.errors).toEqual([]);
          expect(step.outputs).toEqual({ deleted: 'false' });
          expect(changes(stage)).toEqual([]);
          expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
        },
      ),
  );

  it('of a clone that runs, while somebody else takes the name: it is cancelled, theirs stays', ({
    expect,
  }) =>
    scene({ behaviour: { nameTakenAt: 'end' }, duration: LONG }, async ({ stage, tearDown }) => {
      stage.vcenter.addVm({ name: 'e2e', folder: FOLDER });
      const step = await tearDown({ 'vm-name': 'e2e', folder: FOLDER });
      expect(changes(stage)).toEqual(['cancel e2e!']);
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Nothing deleted] Nothing deleted: 'e2e' (vm-1001) is there, but nothing proves that the task TASK made it: the clone was cancelled, which takes its copy away. If it is to go, give its id in 'vm-id', or 'vm-name' without 'task-id'."`,
      );
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('that vCenter does not know, alone: nothing is deleted, success', ({ expect }) =>
    scene({ duration: 1 }, async ({ stage, tearDown }) => {
      const step = await tearDown({
        'task-id': '00000000-0000-4000-8000-000000000000:com.vmware.vcenter.VM',
      });
      expect(step.exitCode).toBe(0);
      expect(neutral(step.log)).toContain('vCenter does not know the task TASK (any more).');
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('that vCenter does not know, with vm-name: the VM of the name is deleted', ({ expect }) =>
    scene({ duration: 1 }, async ({ stage, tearDown }) => {
      const step = await tearDown({
        'task-id': 'gone:com.vmware.vcenter.VM',
        'vm-name': 'e2e',
        folder: FOLDER,
      });
      expect(changes(stage)).toEqual(['delete vm-1001']);
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it('of something that is no clone: not cancelled, nothing deleted', ({ expect }) =>
    scene({ duration: LONG }, async ({ stage, tearDown, task }) => {
      const { vcenter } = stage;
      vcenter.fault({
        operation: 'GET /api/cis/tasks/{task}',
        kind: 'custom',
        answer: {
          status: 200,
          body: {
            description: { id: 'x', default_message: 'Apply', args: [] },
            service: 'com.vmware.esx.settings.clusters.software',
            operation: 'apply$task',
            status: 'RUNNING',
            cancelable: true,
          },
        },
      });
      const step = await tearDown({ 'vm-name': 'build-agent' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Nothing deleted] Nothing deleted: 'task-id' is no clone but 'apply$task'."`,
      );
      expect(changes(stage)).toEqual([]);
      expect(vcenter.calls()).not.toContain(DELETE);
      expect(vcenter.runningTasks().map(({ id }) => id)).toEqual([task]);
    }));

  it('of a clone that outlives the timeout: one error, and no VM is touched', ({ expect }) =>
    scene({ behaviour: { cancelable: false }, duration: LONG }, async ({ stage, tearDown }) => {
      const step = await tearDown({ timeout: '20s', 'vm-name': 'e2e' });
      expect(step.exitCode).toBe(1);
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Timed out] Timed out: The teardown of e2e, TASK did not end within 20 s."`,
      );
      expect(changes(stage)).toEqual(['cancel e2e!']);
    }));
});
