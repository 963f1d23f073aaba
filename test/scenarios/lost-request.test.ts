import { describe, expect, it } from 'vitest';
import { runPost, startStep } from '../runner/step.ts';
import type { Behaviour, FaultSpec } from '../simulator/vcenter.ts';
import { changes, cloneAndPost, cloneStep, told } from './aftermath.ts';
import { inParallel } from './in-parallel.ts';
import { CANCEL, CLONE, DELETE, FOLDER, openStage, SOURCE } from './stage.ts';
import { verdict } from './verdict.ts';

/** A clone request whose answer is lost, before and after vCenter has acted on it. */
const LOSSES = [
  'reset-before',
  'reset-after',
  'late',
  'cut',
  '502-html-after',
] as const satisfies readonly FaultSpec['kind'][];

interface Cell {
  readonly loss: (typeof LOSSES)[number];
  readonly naming: 'generated' | 'given';
  readonly nameTakenAt: Behaviour['nameTakenAt'];
  readonly taskListSupported: Behaviour['taskListSupported'];
}

/** Without the list of tasks nobody can tell who made the VM of a name that others may use as well. */
const isUnclear = ({ loss, naming, taskListSupported }: Cell) =>
  taskListSupported !== true && (naming === 'given' || loss === 'reset-before');

/**
 * Clones, while other jobs with the same account clone the same source: one that began before, one that begins with ours, one
 * that begins after. Whatever becomes of our request, theirs are let run, and their VMs stay.
 */
async function play(cell: Cell): Promise<string[]> {
  const { loss, naming, nameTakenAt, taskListSupported } = cell;
  const stage = await openStage({
    behaviour: { cloneDuration: 150, nameTakenAt, taskListSupported, taskTarget: 'source' },
  });
  const { vcenter } = stage;
  try {
    const foreign = (name: string, duration: number) =>
      vcenter.startForeignClone({ source: SOURCE, name, folder: FOLDER, duration });
    foreign('sibling-1', 300);
    vcenter.watch(({ operation }, moment) => {
      if (
        operation === CLONE &&
        moment === 'received' &&
        vcenter.vms().every(({ name }) => name !== 'sibling-2')
      ) {
        foreign('sibling-2', 250);
        foreign('sibling-3', 1);
      }
    });
    vcenter.fault({ operation: CLONE, kind: loss });
    const { main, post } = await cloneAndPost(stage, {
      // A look at the name, right before the request, tells vCenter's time, which does not run as fast as the step's.
      inputs: naming === 'given' ? { name: 'e2e' } : { 'if-exists': 'replace' },
      timeScale: 25,
    });
    await expect.poll(() => vcenter.runningTasks(), { timeout: 5_000 }).toEqual([]);
    const wrong: string[] = [];
    const touched = changes(stage).filter((each) => !each.startsWith('clone '));
    if (touched.length > 0) {
      wrong.push(`touched: ${touched.join(', ')}`);
    }
    const [own] = vcenter.tasks().filter(({ foreign }) => !foreign);
    if (isUnclear(cell)) {
      if (main.exitCode !== 1 || post.warnings.length !== 1) {
        wrong.push(`exit ${main.exitCode}, post warns: ${post.warnings.join(' | ')}`);
      }
    } else if (main.exitCode !== 0 || main.outputs['vm-id'] !== own?.vm || post.warnings.length > 0) {
      wrong.push(
        `exit ${main.exitCode}, ${main.outputs['vm-id']}: ${[...main.errors, ...post.warnings].join(' | ')}`,
      );
    }
    const kept = ['sibling-1', 'sibling-2', 'sibling-3', ...(own === undefined ? [] : [own.spec.name])];
    return [...wrong, ...verdict({ stage, steps: [main, post], kept })];
  } finally {
    await stage.close();
  }
}

describe('a clone request whose answer is lost', () => {
  it('leads to one VM or to a warning, and to no clone of anybody else', { timeout: 120_000 }, async () => {
    const namings = ['generated', 'given'] as const;
    const cells: Cell[] = LOSSES.flatMap((loss, at) =>
      namings.flatMap((naming, offset) =>
        [true, (at + offset) % 2 === 0 ? false : ('not-found' as const)].map((taskListSupported, list) => ({
          loss,
          naming,
          nameTakenAt: (at + list) % 2 === 0 ? ('start' as const) : ('end' as const),
          taskListSupported,
        })),
      ),
    );
    const failures: string[] = [];
    await inParallel({ items: cells, atOnce: 4 }, async (cell) => {
      const wrong = await play(cell).catch((error: unknown) => [String(error)]);
      if (wrong.length > 0) {
        failures.push(`${Object.values(cell).join(', ')}: ${wrong.join('; ')}`);
      }
    });
    expect(failures.sort()).toEqual([]);
  });
});

/** Killed with the request in flight: vCenter has begun, the step has never heard of it, and post comes. */
interface Kill {
  readonly behaviour?: Partial<Behaviour>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Lengths of the clones of others that begin with ours; they go by the names sibling-1, ... */
  readonly siblings?: readonly number[];
  readonly atSiblings?: string;
}

async function killInFlight({ behaviour, inputs = {}, siblings = [], atSiblings = SOURCE }: Kill) {
  const stage = await openStage({ behaviour: { cloneDuration: 20_000, ...behaviour } });
  const { vcenter } = stage;
  vcenter.fault({ operation: CLONE, kind: 'late' });
  const begun = vcenter.on({ operation: CLONE, when: 'acted' });
  // In real time: when the request goes out is told by vCenter's clock.
  const step = await startStep({ ...cloneStep(stage, { inputs }), timeScale: 1 });
  await begun;
  const foreign = siblings.map((duration, index) =>
    vcenter.startForeignClone({ source: atSiblings, name: `sibling-${index + 1}`, folder: FOLDER, duration }),
  );
  const main = await step.kill('SIGKILL');
  const post = await runPost(main, { jobStatus: 'cancelled', timeScale: 20 });
  const [own] = vcenter.tasks().filter((task) => !task.foreign);
  return { stage, vcenter, main, post, own, foreign };
}

describe.concurrent('a step killed while its clone request is in flight, name generated', () => {
  it('the VM is there and busy, and one clone runs: it is ours and is cancelled', async ({ expect }) => {
    const { stage, main, post, own } = await killInFlight({});
    const name = own?.spec.name ?? '';
    expect(changes(stage).filter((each) => each.startsWith('c'))).toEqual([
      `clone ${name}`,
      `cancel ${name}`,
    ]);
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
    await stage.close();
  });

  it("next to another's clone of another source: ours alone is cancelled", async ({ expect }) => {
    const { stage, main, post, own, vcenter } = await killInFlight({
      siblings: [4_000],
      atSiblings: 'vm-43',
    });
    const name = own?.spec.name ?? '';
    expect(changes(stage).filter((each) => each.startsWith('c'))).toEqual([
      `clone ${name}`,
      `cancel ${name}`,
    ]);
    expect(post.warnings).toEqual([]);
    await expect.poll(() => vcenter.runningTasks(), { timeout: 10_000 }).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['sibling-1'], openSessions: 1 })).toEqual([]);
    await stage.close();
  });

  it("next to another's clone of the same source: neither is cancelled, and ours is deleted at its end", async ({
    expect,
  }) => {
    const { stage, main, post, own, vcenter } = await killInFlight({
      behaviour: { cloneDuration: 4_000 },
      siblings: [5_000],
    });
    const name = own?.spec.name ?? '';
    expect(changes(stage).filter((each) => /cancel|sibling/.test(each))).toEqual([]);
    expect(changes(stage).at(-1)).toBe(`delete ${own?.vm}`);
    expect(name).not.toBe('');
    expect(post.warnings).toEqual([]);
    await expect.poll(() => vcenter.runningTasks(), { timeout: 10_000 }).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['sibling-1'], openSessions: 1 })).toEqual([]);
    await stage.close();
  });

  it("whose VM is made and busy being switched on: the only clone that runs is another's, and is let run", async ({
    expect,
  }) => {
    const { stage, main, post, vcenter } = await killInFlight({
      behaviour: { cloneDuration: 30, result: 'none', taskTarget: 'source', busyAfterPowerOn: 3_000 },
      siblings: [4_500],
    });
    expect(vcenter.exchanges.filter(({ operation }) => operation === CANCEL)).toEqual([]);
    expect(post.warnings).toEqual([]);
    await expect.poll(() => vcenter.runningTasks(), { timeout: 10_000 }).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['sibling-1'], openSessions: 1 })).toEqual([]);
    await stage.close();
  });

  it('the same where tasks tell neither user nor time', async ({ expect }) => {
    const { stage, main, post, vcenter } = await killInFlight({
      behaviour: { cloneDuration: 30, optionalTaskFields: false, busyAfterPowerOn: 3_000 },
      siblings: [4_500],
    });
    expect(vcenter.exchanges.filter(({ operation }) => operation === CANCEL)).toEqual([]);
    expect(post.warnings).toEqual([]);
    await expect.poll(() => vcenter.runningTasks(), { timeout: 10_000 }).toEqual([]);
    expect(verdict({ stage, steps: [main, post], kept: ['sibling-1'], openSessions: 1 })).toEqual([]);
    await stage.close();
  });
});

describe.concurrent('a step killed while its clone request is in flight, name given', () => {
  it('is linked to its VM by the task, while it runs: cancelled', async ({ expect }) => {
    const { stage, main, post } = await killInFlight({
      inputs: { name: 'e2e' },
      behaviour: { taskTarget: 'new' },
    });
    expect(changes(stage)).toEqual(['clone e2e', 'cancel e2e']);
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
    await stage.close();
  });

  it('is watched to its end and deleted where only its result is the link', async ({ expect }) => {
    const { stage, main, post, own } = await killInFlight({
      inputs: { name: 'e2e' },
      behaviour: { cloneDuration: 2_000 },
    });
    expect(changes(stage).filter((each) => each.startsWith('delete'))).toEqual([`delete ${own?.vm}`]);
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post], openSessions: 1 })).toEqual([]);
    await stage.close();
  });

  it('never arrived, and somebody makes a VM of the name by hand: it is named and stays', async ({
    expect,
  }) => {
    const stage = await openStage();
    const { vcenter } = stage;
    vcenter.fault({ operation: CLONE, kind: 'late-act' });
    const asked = vcenter.on({ operation: CLONE, when: 'received' });
    const step = await startStep(cloneStep(stage, { inputs: { name: 'e2e', teardown: 'always' } }));
    await asked;
    const main = await step.kill('SIGKILL');
    vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
    const post = await runPost(main, { jobStatus: 'cancelled' });
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] It is not clear whether a clone was started: 'e2e' (vm-1001) is there, but others may use the name 'e2e' too, and nothing shows that this run made it."`,
    );
    expect(vcenter.calls()).not.toContain(DELETE);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'], openSessions: 1 })).toEqual([]);
    await stage.close();
  });
});
