import { describe, it } from 'vitest';
import type { StepResult } from '../runner/step.ts';
import type { Behaviour, CloneFailure, FaultSpec } from '../simulator/vcenter.ts';
import {
  CANCEL,
  DELETE,
  FOLDER,
  GET_TASK,
  SOURCE,
  setVirtualStage,
  type VirtualStage,
} from '../support/stage.ts';
import { teardownStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, neutral, told } from '../support/what-happened.ts';

type Inputs = Readonly<Record<string, string>>;

const LONG = 60_000;

/** As the clone action draws one in the run of the tests' context. */
const GENERATED = 'shop-pr12-e2e-9912345678-1-4f09ac';

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

/** Another folder than the clone's. */
const ELSEWHERE = 'group-v24';

const page = (status: number) => ({ status, headers: { 'content-type': 'text/html' }, body: '<h1>No</h1>' });

const FAILED_POLLS: readonly (readonly [string, Pick<FaultSpec, 'kind' | 'answer' | 'location'>])[] = [
  ["a proxy's 404", { kind: 'custom', answer: page(404) }],
  ["a proxy's 403", { kind: 'custom', answer: page(403) }],
  ['a redirect', { kind: 'redirect' }],
];

interface Scene {
  /** The name of the clone. */
  readonly name?: string;
  readonly behaviour?: Partial<Behaviour>;
  readonly duration?: number;
  /** Whether the clone has ended before the teardown begins. */
  readonly hasEnded?: boolean;
}

/** A vCenter with a clone of the account: vm-1001, called e2e where nothing else is said. */
async function scene(
  { name = 'e2e', behaviour, duration = 1, hasEnded = false }: Scene,
  play: (scene: {
    readonly stage: VirtualStage;
    readonly task: string;
    readonly tearDown: (inputs: Inputs) => Promise<StepResult>;
  }) => Promise<void>,
) {
  const stage = setVirtualStage({ ...(behaviour && { behaviour }) });
  const { id: task } = stage.vcenter.startForeignClone({
    source: SOURCE,
    name,
    folder: FOLDER,
    duration,
  });
  if (hasEnded) {
    await stage.clock.sleep(duration);
  }
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
    scene({ hasEnded: true }, async ({ stage, tearDown }) => {
      const first = await tearDown({});
      const second = await tearDown({});
      expect(changes(stage)).toEqual(['delete vm-1001']);
      expect([first, second].map(({ outputs }) => outputs['deleted'])).toEqual(['true', 'false']);
      expect(verdict({ stage, steps: [first, second] })).toEqual([]);
    }));

  it('of a clone that made another VM than vm-id says: nothing is deleted', ({ expect }) =>
    scene({ hasEnded: true }, async ({ stage, tearDown }) => {
      const step = await tearDown({ 'vm-id': 'vm-45' });
      expect(told(step, 'error')).toMatchInlineSnapshot(
        `"[Nothing deleted] Nothing deleted: 'vm-id' is vm-45, but the task TASK made vm-1001."`,
      );
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('of a clone that made a VM of another name than vm-name: nothing is deleted', ({ expect }) =>
    scene({ hasEnded: true }, async ({ stage, tearDown }) => {
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
      { behaviour: { result: 'none', taskTarget: 'source' }, hasEnded: true },
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
    'of a clone that failed and left its VM (%s), whose name was generated in this run: it is deleted',
    ([, leavesVm, expected], { expect }) =>
      scene(
        { name: GENERATED, behaviour: { failClone: failure('ERROR', { leavesVm }) }, hasEnded: true },
        async ({ stage, tearDown }) => {
          const step = await tearDown({ 'vm-name': GENERATED });
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
          hasEnded: true,
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
    scene({ hasEnded: true }, async ({ stage, tearDown }) => {
      const step = await tearDown({
        'task-id': '00000000-0000-4000-8000-000000000000:com.vmware.vcenter.VM',
      });
      expect(step.exitCode).toBe(0);
      expect(neutral(step.log)).toContain('vCenter does not know the task TASK (any more).');
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('that vCenter does not know, with a name that was generated in this run: its VM is deleted', ({
    expect,
  }) =>
    scene({ name: GENERATED, hasEnded: true }, async ({ stage, tearDown }) => {
      const step = await tearDown({ 'task-id': 'gone:com.vmware.vcenter.VM', 'vm-name': GENERATED });
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

describe('C1a: teardown by task-id and vm-name, of a clone with a given name', () => {
  const byName = { 'vm-id': '', 'vm-name': 'e2e' };
  const inFolder = { ...byName, folder: FOLDER };

  it('deletes no VM of that name in another folder, where the clone failed', ({ expect }) =>
    scene({ behaviour: { failClone: failure('ERROR') }, hasEnded: true }, async ({ stage, tearDown }) => {
      stage.vcenter.addVm({ name: 'e2e', folder: ELSEWHERE, powerState: 'POWERED_ON' });
      const step = await tearDown(byName);
      expect(step.exitCode).toBe(1);
      expect(told(step, 'error')).toContain(
        "'e2e' (vm-1002) is there, but nothing proves that the task TASK made it: the clone has failed.",
      );
      expect(step.outputs).toEqual({ deleted: 'false' });
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it.for<[string, Scene, Inputs, string]>([
    [
      'failed and left a VM',
      { behaviour: { failClone: failure('ERROR', { leavesVm: true }) } },
      inFolder,
      'the clone has failed',
    ],
    [
      'failed in another language',
      { behaviour: { failClone: failure('ERROR', { leavesVm: true, reasonIn: 'error-text' }) } },
      inFolder,
      'the clone has failed',
    ],
    [
      'succeeded, with no result and no folder',
      { behaviour: { result: 'none' } },
      byName,
      "another VM may have this name in another folder, and 'folder' is not given",
    ],
  ])('deletes nothing where it %s', ([, given, inputs, reason], { expect }) =>
    scene({ ...given, hasEnded: true }, async ({ stage, tearDown }) => {
      const step = await tearDown(inputs);
      expect(told(step, 'error')).toContain(
        `[Nothing deleted] Nothing deleted: 'e2e' (vm-1001) is there, but nothing proves that the task TASK made it: ${reason}. If it is to go, give its id in 'vm-id', or 'vm-name' without 'task-id'.`,
      );
      expect(step.outputs).toEqual({ deleted: 'false' });
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }),
  );

  it.for<[string, Inputs]>([
    ['with the folder', inFolder],
    ['without the folder', byName],
  ])('deletes nothing where the record of the task is gone, %s', ([, inputs], { expect }) =>
    scene({ hasEnded: true }, async ({ stage, task, tearDown }) => {
      stage.vcenter.forgetTask(task);
      const step = await tearDown(inputs);
      expect(told(step, 'error')).toContain(
        'nothing proves that the task TASK made it: vCenter does not know the task any more.',
      );
      expect(changes(stage)).toEqual([]);
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }),
  );

  it('deletes what the result of the task names, wherever else that name is', ({ expect }) =>
    scene({ hasEnded: true }, async ({ stage, tearDown }) => {
      stage.vcenter.addVm({ name: 'e2e', folder: ELSEWHERE });
      const step = await tearDown(byName);
      expect(changes(stage)).toEqual(['delete vm-1001']);
      expect(step.outputs).toEqual({ deleted: 'true', 'vm-id': 'vm-1001', 'vm-name': 'e2e' });
      expect(verdict({ stage, steps: [step], kept: ['e2e'] })).toEqual([]);
    }));

  it('deletes the VM of the id and name given, whatever became of the task', ({ expect }) =>
    scene(
      { behaviour: { failClone: failure('ERROR', { leavesVm: true }) }, hasEnded: true },
      async ({ stage, tearDown }) => {
        const step = await tearDown({ ...inFolder, 'vm-id': 'vm-1001' });
        expect(changes(stage)).toEqual(['delete vm-1001']);
        expect(verdict({ stage, steps: [step] })).toEqual([]);
      },
    ));

  it('deletes the VM of the name alone: that is the word of the user', ({ expect }) =>
    scene(
      { behaviour: { failClone: failure('ERROR', { leavesVm: true }) }, hasEnded: true },
      async ({ stage, tearDown }) => {
        const step = await tearDown({ ...inFolder, 'task-id': '' });
        expect(changes(stage)).toEqual(['delete vm-1001']);
        expect(verdict({ stage, steps: [step] })).toEqual([]);
      },
    ));

  it('takes a name of the form of a generated one for proof only in its own run', ({ expect }) => {
    const name = GENERATED.replace('9912345678', '9912345677');
    return scene(
      { name, behaviour: { failClone: failure('ERROR', { leavesVm: true }) }, hasEnded: true },
      async ({ stage, tearDown }) => {
        const step = await tearDown({ 'vm-name': name });
        expect(told(step, 'error')).toContain('the clone has failed');
        expect(changes(stage)).toEqual([]);
        expect(verdict({ stage, steps: [step], kept: [name] })).toEqual([]);
      },
    );
  });
});

describe('teardown by task-id while requests fail', () => {
  it('C2c: a cancel that gets one 500 is sent again', ({ expect }) =>
    scene({ duration: LONG }, async ({ stage, tearDown }) => {
      stage.vcenter.fault({ operation: CANCEL, kind: '500-error' });
      const step = await tearDown({});
      expect(changes(stage)).toEqual(['cancel e2e!', 'cancel e2e!']);
      expect(step.log).toContain('There is nothing to delete. No VM has come of the task');
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }));

  it.for(FAILED_POLLS)('C4: polls that get %s are made again', ([, fault], { expect }) =>
    scene({ behaviour: { cancelable: false }, duration: LONG }, async ({ stage, tearDown }) => {
      stage.vcenter.fault({ operation: GET_TASK, nth: 3, times: 2, ...fault });
      const step = await tearDown({});
      expect(step.outputs).toMatchObject({ deleted: 'true', 'vm-id': 'vm-1001' });
      expect(verdict({ stage, steps: [step] })).toEqual([]);
    }),
  );

  it.for(['..', '.'])("C4: a task-id '%s' is refused before anything is asked", (id, { expect }) =>
    scene({ duration: LONG }, async ({ stage, task, tearDown }) => {
      const step = await tearDown({ 'task-id': id });
      expect(told(step, 'error')).toContain('[Invalid inputs] Invalid inputs: task-id: ');
      expect(stage.vcenter.exchanges).toEqual([]);
      expect(stage.vcenter.runningTasks().map((each) => each.id)).toEqual([task]);
    }),
  );
});
