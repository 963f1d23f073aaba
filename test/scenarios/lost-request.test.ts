import { describe, expect, it } from 'vitest';
import type { Behaviour, FaultSpec } from '../simulator/vcenter.ts';
import {
  CANCEL,
  CLONE,
  DELETE,
  FOLDER,
  GET_TASK,
  LIST_TASKS,
  openVirtualStage,
  SOURCE,
  setVirtualStage,
  VI_CANCEL,
  VI_CLONE,
  VI_READ,
  type VirtualStage,
} from '../support/stage.ts';
import { cloneAndPost, cloneStep } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { changes, told } from '../support/what-happened.ts';

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const FOREVER = Number.POSITIVE_INFINITY;

/** A clone request whose response is lost, before and after vCenter has acted on it. */
const LOSSES = [
  'reset-before',
  'reset-after',
  'late',
  'cut',
  '502-html-after',
] as const satisfies readonly FaultSpec['kind'][];

/** The two ways of a clone request. Of a template there is but one, and its tasks are of another kind. */
const KINDS = {
  rest: { operation: CLONE, source: SOURCE, inputs: {}, task: 'cis' },
  template: {
    operation: VI_CLONE,
    source: 'vm-44',
    inputs: { source: 'vm-44', cluster: 'domain-c7' },
    task: 'vim',
  },
} as const;

interface Cell {
  readonly request: keyof typeof KINDS;
  readonly loss: (typeof LOSSES)[number];
  readonly naming: 'generated' | 'given';
  readonly nameTakenAt: Behaviour['nameTakenAt'];
  readonly taskListSupported: Behaviour['taskListSupported'];
}

/**
 * A given name proves nothing, and that nothing was started is certain only where tasks can be listed; then the request is
 * sent again, and its task is the proof.
 */
const isUnclear = ({ loss, naming, taskListSupported }: Cell) =>
  loss === 'reset-before' ? taskListSupported !== true : naming === 'given';

/** A copy that is off says nothing of its end: where its task cannot be seen, either, the step fails, and the VM goes. */
const isIncomplete = ({ request, loss, naming, taskListSupported }: Cell) =>
  request === 'template' && loss !== 'reset-before' && naming === 'generated' && taskListSupported !== true;

/**
 * Clones, while other jobs with the same account clone the same source: one that began before, one that begins with ours, one
 * that begins after. Whatever becomes of our request, theirs are let run, and their VMs stay.
 */
async function play(cell: Cell): Promise<string[]> {
  const { loss, naming, nameTakenAt, taskListSupported } = cell;
  const { operation: clone, source, inputs, task: kind } = KINDS[cell.request];
  const stage = openVirtualStage({
    behaviour: { cloneDuration: 2 * MINUTES, nameTakenAt, taskListSupported, taskTarget: 'source' },
  });
  const { vcenter } = stage;
  try {
    const foreign = (name: string, duration: number) =>
      vcenter.startForeignClone({ source, name, folder: FOLDER, duration, kind });
    foreign('sibling-1', 4 * MINUTES);
    let isFirst = true;
    vcenter.watch(({ operation }, moment) => {
      if (operation === clone && moment === 'received' && isFirst) {
        isFirst = false;
        foreign('sibling-2', 3 * MINUTES);
        foreign('sibling-3', SECONDS);
        if (taskListSupported !== true) {
          vcenter.fault({ operation: VI_READ, kind: '502-html', times: FOREVER });
        }
      }
    });
    vcenter.fault({ operation: clone, kind: loss });
    const { main, post } = await cloneAndPost(stage, {
      inputs: { ...inputs, ...(naming === 'given' ? { name: 'e2e' } : {}) },
    });
    await stage.clock.sleep(5 * MINUTES);
    const wrong: string[] = [];
    const cancels = vcenter.calls().filter((call) => call === VI_CANCEL);
    const [own] = vcenter.tasks().filter(({ foreign }) => !foreign);
    const touched = [...changes(stage).filter((each) => !each.startsWith('clone ')), ...cancels].filter(
      (each) => !isIncomplete(cell) || each !== `delete ${own?.vm}`,
    );
    if (touched.length > 0) {
      wrong.push(`touched: ${touched.join(', ')}`);
    }
    if (isIncomplete(cell)) {
      if (!told(main, 'error').includes('whether the copy is complete') || post.warnings.length > 0) {
        wrong.push(`exit ${main.exitCode}, post warns: ${post.warnings.join(' | ')}`);
      }
    } else if (isUnclear(cell)) {
      if (main.exitCode !== 1 || post.warnings.length !== 1) {
        wrong.push(`exit ${main.exitCode}, post warns: ${post.warnings.join(' | ')}`);
      }
    } else if (main.exitCode !== 0 || main.outputs['vm-id'] !== own?.vm || post.warnings.length > 0) {
      wrong.push(
        `exit ${main.exitCode}, ${main.outputs['vm-id']}: ${[...main.errors, ...post.warnings].join(' | ')}`,
      );
    }
    const ours = own === undefined || isIncomplete(cell) ? [] : [own.spec.name];
    const kept = ['sibling-1', 'sibling-2', 'sibling-3', ...ours];
    return [...wrong, ...verdict({ stage, steps: [main, post], kept })];
  } finally {
    await stage.close();
  }
}

describe('a clone request whose response is lost', () => {
  const namings = ['generated', 'given'] as const;
  const cells: readonly Cell[] = (['rest', 'template'] as const).flatMap((request) =>
    LOSSES.flatMap((loss, at) =>
      namings.flatMap((naming, offset) =>
        [true, (at + offset) % 2 === 0 ? false : ('not-found' as const)].map((taskListSupported, list) => ({
          ...{ request, loss, naming, taskListSupported },
          nameTakenAt: (at + list) % 2 === 0 ? ('start' as const) : ('end' as const),
        })),
      ),
    ),
  );

  it.for(cells)(
    'leads to one VM or to a warning, and to no clone of anybody else: $request, $loss, name $naming and taken at the $nameTakenAt, list of tasks $taskListSupported',
    async (cell) => {
      expect(await play(cell)).toEqual([]);
    },
  );

  it('is not lost where vCenter takes nearly a minute to accept the clone', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: MINUTES } });
    stage.vcenter.fault({ operation: CLONE, kind: 'late', delay: 55 * SECONDS });
    const main = await stage.runner.runStep(cloneStep(stage));
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'task-id': stage.vcenter.tasks()[0]?.id });
  });

  it('is given up after four requests of which none has arrived, and leaves nothing to post', async () => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-before', times: FOREVER });
    const { main, post } = await cloneAndPost(stage, { inputs: { timeout: '1h' } });
    expect(told(main, 'error')).toMatch(/^\[No connection to vCenter\] /);
    expect(stage.vcenter.calls().filter((call) => call === CLONE)).toHaveLength(4);
    expect(post.log).toContain('Nothing to clean up');
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

/** vCenter, or what is before it, begins with a request only after a while, whatever has become of its response. */
function beginLate(
  { vcenter, clock }: VirtualStage,
  { after, response }: { readonly after: number; readonly response: Pick<FaultSpec, 'kind' | 'answer'> },
): void {
  let isBegun = false;
  vcenter.watch(({ operation, requestBody }, moment) => {
    if (operation === CLONE && moment === 'received' && !isBegun) {
      isBegun = true;
      const { name } = requestBody as { name: string };
      void clock.sleep(after).then(() => vcenter.startForeignClone({ source: SOURCE, name, folder: FOLDER }));
    }
  });
  vcenter.fault({ operation: CLONE, ...response });
}

const PROXY_400 = {
  kind: 'custom',
  answer: { status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>400 Bad Request</h1>' },
} as const;
const PROXY_307 = {
  kind: 'custom',
  answer: { status: 307, headers: { location: 'https://elsewhere.invalid/' }, body: '' },
} as const;
const GATEWAY_504 = {
  kind: 'custom',
  answer: { status: 504, headers: { 'content-type': 'text/html' }, body: '<h1>504 Gateway Time-out</h1>' },
} as const;

describe('a clone that vCenter begins after its response was lost', () => {
  it.for([
    { what: 'a 504 page, and it begins at 20 s', response: GATEWAY_504, after: 20 * SECONDS },
    { what: 'a 504 page, and it begins at 72 s', response: GATEWAY_504, after: 72 * SECONDS },
    { what: 'a 400 page of a proxy (C2a)', response: PROXY_400, after: 2 * SECONDS },
    { what: 'a redirect (C2a)', response: PROXY_307, after: 2 * SECONDS },
    { what: 'a 401', response: { kind: '401' }, after: SECONDS },
    { what: 'a reset', response: { kind: 'reset-before' }, after: 85 * SECONDS },
    { what: 'SERVICE_UNAVAILABLE', response: { kind: '503-unavailable' }, after: 10 * SECONDS },
  ] as const)('C2b: $what: one request, and its VM is found', async ({ response, after }) => {
    for (const nameTakenAt of ['start', 'end'] as const) {
      const stage = setVirtualStage({ behaviour: { cloneDuration: 2 * MINUTES, nameTakenAt } });
      beginLate(stage, { after, response });
      const { main, post } = await cloneAndPost(stage);
      expect(main.errors).toEqual([]);
      expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', created: 'true' });
      expect(stage.vcenter.calls().filter((call) => call === CLONE)).toHaveLength(1);
      expect(stage.vcenter.tasks()).toHaveLength(1);
      expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
    }
  });

  it.for([
    { naming: 'generated', inputs: {} },
    { naming: 'given', inputs: { name: 'e2e' } },
  ])(
    'C2b: the $naming name is taken at the second request: the first one has worked after all',
    async ({ naming, inputs }) => {
      const stage = setVirtualStage({ behaviour: { cloneDuration: MINUTES } });
      const { vcenter } = stage;
      vcenter.fault({ operation: CLONE, kind: 'reset-before' });
      let requests = 0;
      vcenter.watch(({ operation, requestBody }, moment) => {
        if (operation === CLONE && moment === 'received') {
          requests += 1;
          if (requests === 2) {
            const { name } = requestBody as { name: string };
            vcenter.startForeignClone({ source: SOURCE, name, folder: FOLDER });
          }
        }
      });
      const { main, post } = await cloneAndPost(stage, { inputs });
      expect(requests).toBe(2);
      if (naming === 'generated') {
        expect(main.errors).toEqual([]);
        expect(main.outputs).toMatchObject({ created: 'true', 'vm-id': 'vm-1001' });
        expect(post.warnings).toEqual([]);
      } else {
        const found = "'e2e' (vm-1001) is there, but others may use this name, too";
        expect(told(main, 'error')).toContain(found);
        expect(told(post, 'warning')).toContain(found);
      }
      await stage.clock.sleep(2 * MINUTES);
      const kept = vcenter.vm('vm-1001')?.name ?? '';
      expect(verdict({ stage, steps: [main, post], kept: [kept] })).toEqual([]);
    },
  );

  it.for([
    { loss: 'reset-before', list: true },
    { loss: '502-html', list: true },
    { loss: 'reset-before', list: false },
    { loss: '502-html', list: 'not-found' },
  ] as const)(
    'C2b: never began ($loss, list of tasks: $list): sent again only where that is certain, and not within 90 s',
    async ({ loss, list }) => {
      const stage = setVirtualStage({ behaviour: { cloneDuration: MINUTES, taskListSupported: list } });
      const { vcenter } = stage;
      vcenter.fault({ operation: CLONE, kind: loss });
      const { main, post } = await cloneAndPost(stage, { inputs: { timeout: '10m' } });
      const requests = vcenter.exchanges.filter(({ operation }) => operation === CLONE);
      if (list === true) {
        expect(main.errors).toEqual([]);
        expect(requests).toHaveLength(2);
        expect((requests[1]?.receivedAt ?? 0) - (requests[0]?.receivedAt ?? 0)).toBeGreaterThanOrEqual(
          90_000,
        );
        expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
        return;
      }
      expect(requests).toHaveLength(1);
      expect(told(main, 'error')).toMatch(/^\[Outcome unknown\] /);
      expect(told(post, 'warning')).toContain(
        `A clone named '${main.outputs['vm-name']}' may have been started`,
      );
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    },
  );
});

describe('a run that ends before vCenter begins with its clone', () => {
  it.for([
    { signal: 'SIGINT', after: 15 * SECONDS },
    { signal: 'SIGKILL', after: 25 * SECONDS },
    { signal: 'SIGKILL', after: 80 * SECONDS },
  ] as const)(
    'C2a: $signal, and it begins $after ms later: post deletes the VM',
    async ({ signal, after }) => {
      const stage = setVirtualStage({ behaviour: { cloneDuration: 40 * SECONDS, nameTakenAt: 'end' } });
      const { vcenter, runner } = stage;
      beginLate(stage, { after, response: { kind: 'late-act' } });
      const asked = vcenter.on({ operation: CLONE, when: 'received' });
      const step = await runner.startStep(cloneStep(stage));
      await asked;
      const main = await step.kill(signal);
      const post = await runner.runPost(main, { jobStatus: 'cancelled' });
      expect(post.warnings).toEqual([]);
      expect(changes(stage).at(-1)).toBe('delete vm-1001');
      const openSessions = signal === 'SIGKILL' ? 1 : 0;
      expect(verdict({ stage, steps: [main, post], openSessions })).toEqual([]);
    },
  );

  it.for([15, 25])(
    "C2a: 'timeout: 5s', and it begins after %i s: main or post deletes the VM",
    async (after) => {
      const stage = setVirtualStage({ behaviour: { cloneDuration: 40 * SECONDS } });
      beginLate(stage, { after: after * SECONDS, response: { kind: 'late-act' } });
      const { main, post } = await cloneAndPost(stage, { inputs: { timeout: '5s' } });
      expect(told(main, 'error')).toMatch(/^\[Outcome unknown\] /);
      expect(main.duration).toBeLessThan(5 * SECONDS + 30 * SECONDS + 10 * SECONDS);
      expect(post.warnings).toEqual([]);
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    },
  );

  it.for([3, 4, 5])('C2a: the VM is listed %i s after its task has ended: it is found', async (lag) => {
    for (const inputs of [{}, { name: 'e2e' }]) {
      const stage = setVirtualStage({
        behaviour: { cloneDuration: 2 * MINUTES, nameTakenAt: 'end', listedAfter: lag * SECONDS },
      });
      const { main, post } = await cloneAndPost(stage, { inputs: { ...inputs, teardown: 'always' } });
      expect(main.errors).toEqual([]);
      expect(post.warnings).toEqual([]);
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    }
  });

  it.for([3, 4])(
    'C2a: cancelled too late, and listed %i s after its end: deleted all the same',
    async (lag) => {
      const stage = setVirtualStage({
        behaviour: {
          cloneDuration: 2 * MINUTES,
          nameTakenAt: 'end',
          listedAfter: lag * SECONDS,
          cancelTooLate: true,
        },
      });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '1m' } });
      expect(main.exitCode).toBe(1);
      expect(changes(stage).at(-1)).toBe('delete vm-1001');
      expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    },
  );
});

describe('a copy whose end no task tells', () => {
  const forget = ({ vcenter }: VirtualStage) =>
    void vcenter
      .on({ operation: GET_TASK, when: 'received', nth: 4 })
      .then(() => vcenter.forgetTask(vcenter.tasks()[0]?.id ?? ''));

  it.for([
    { what: 'the response is lost, and tasks cannot be listed', loss: true },
    { what: 'its record is dropped while it runs', loss: false },
  ])('C2a: $what: published when it is on', async ({ loss }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 3 * MINUTES, taskListSupported: !loss } });
    if (loss) {
      stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    } else {
      forget(stage);
    }
    const main = await stage.runner.runStep(cloneStep(stage));
    expect(stage.vcenter.vm('vm-1001')?.copying).toBe(false);
    expect(main.errors).toEqual([]);
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'power-state': 'POWERED_ON' });
  });

  it.for([
    { what: 'the response is lost, and tasks cannot be listed', loss: true },
    { what: 'its record is dropped while it runs', loss: false },
  ])('C2a: $what, and it stays off: a half copy is not published, and is deleted', async ({ loss }) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 3 * MINUTES, taskListSupported: !loss } });
    if (loss) {
      stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    } else {
      forget(stage);
    }
    const { main, post } = await cloneAndPost(stage, { inputs: { 'power-on': 'false' } });
    expect(told(main, 'error')).toContain('vCenter does not tell whether the copy is complete');
    expect(main.outputs).not.toHaveProperty('vm-id');
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('C2a: the response is lost, and the list of tasks fails for a moment: waited for, also where it stays off', async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: 3 * MINUTES } });
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    stage.vcenter.fault({ operation: LIST_TASKS, kind: '500-error', nth: 2, times: 3 });
    const main = await stage.runner.runStep(cloneStep(stage, { inputs: { 'power-on': 'false' } }));
    expect(stage.vcenter.vm('vm-1001')?.copying).toBe(false);
    expect(main.errors).toEqual([]);
    expect(main.outputs).toMatchObject({ 'vm-id': 'vm-1001', 'power-state': 'POWERED_OFF' });
  });
});

describe("a refusal in vCenter's own words", () => {
  const REFUSALS = [
    {
      id: 'A20',
      errorType: 'UNABLE_TO_ALLOCATE_RESOURCE',
      text: 'Insufficient disk space on datastore fast.',
    },
    { id: 'C4', errorType: 'RESOURCE_INACCESSIBLE', text: "Host 'host-9' is not accessible." },
    { id: 'C4', errorType: 'ERROR', text: 'A general system error occurred.' },
    { id: 'C4', errorType: 'INTERNAL_SERVER_ERROR', text: 'Something went wrong inside.' },
    { id: 'C4', errorType: 'NOT_ALLOWED_IN_CURRENT_STATE', text: 'The source is being migrated.' },
  ];

  it.for(REFUSALS.flatMap((each) => ['5s', '30m'].map((timeout) => ({ ...each, timeout }))))(
    '$id: $errorType is final at once, while another clone of the account runs (timeout $timeout)',
    async ({ errorType, text, timeout }) => {
      const stage = setVirtualStage();
      const { vcenter } = stage;
      vcenter.startForeignClone({ source: SOURCE, name: 'sibling', folder: FOLDER, duration: 10 * MINUTES });
      vcenter.fault({ operation: CLONE, kind: 'vapi-error', errorType, text, times: FOREVER });
      const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout } });
      expect(told(main, 'error')).toMatch(/^\[Refused by vCenter\] /);
      expect(told(main, 'error')).toContain(`${errorType}). vCenter: ${text}`);
      expect(vcenter.calls().filter((call) => [CLONE, LIST_TASKS].includes(call))).toEqual([CLONE]);
      expect(main.duration).toBeLessThan(SECONDS);
      expect(post.log).toContain('Nothing to clean up');
      await stage.clock.sleep(10 * MINUTES);
      expect(verdict({ stage, steps: [main, post], kept: ['sibling'] })).toEqual([]);
    },
  );

  it.for([1, 3])('C4: RESOURCE_BUSY, %i times: asked again', async (times) => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: MINUTES } });
    stage.vcenter.fault({ operation: CLONE, kind: 'busy', times });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(main.errors).toEqual([]);
    expect(stage.vcenter.calls().filter((call) => call === CLONE)).toHaveLength(times + 1);
    expect(stage.vcenter.calls()).not.toContain(LIST_TASKS);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'] })).toEqual([]);
  });

  it('C4: RESOURCE_BUSY for ever: given up after 20 s, in its words', async () => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: CLONE, kind: 'busy', times: FOREVER });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(told(main, 'error')).toContain('RESOURCE_BUSY). vCenter: The resource is busy');
    expect(main.duration).toBeLessThan(30 * SECONDS);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('A21: RESOURCE_BUSY until a short timeout is over: the error names it', async () => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: CLONE, kind: 'busy', times: FOREVER });
    const { main, post } = await cloneAndPost(stage, { inputs: { name: 'e2e', timeout: '5s' } });
    expect(told(main, 'error')).toMatch(/^\[The clone took too long\] /);
    expect(told(main, 'error')).toContain('RESOURCE_BUSY). vCenter: The resource is busy');
    expect(post.log).toContain('Nothing to clean up');
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it.for([
    { naming: 'generated', list: true },
    { naming: 'given', list: false },
  ] as const)(
    'C4: a 502 while another clone of the account runs for long (name $naming, list of tasks: $list): the words are not lost',
    async ({ naming, list }) => {
      const stage = setVirtualStage({ behaviour: { taskListSupported: list } });
      const { vcenter } = stage;
      vcenter.startForeignClone({ source: SOURCE, name: 'sibling', folder: FOLDER, duration: 60 * MINUTES });
      vcenter.fault({ operation: CLONE, kind: '502-html', times: FOREVER });
      const inputs = naming === 'given' ? { name: 'e2e' } : {};
      const { main, post } = await cloneAndPost(stage, { inputs: { ...inputs, timeout: '5m' } });
      expect(told(main, 'error')).toMatch(/^\[Outcome unknown\] /);
      expect(told(main, 'error')).toContain('502 Bad Gateway');
      expect(main.duration).toBeLessThan(5 * MINUTES + 30 * SECONDS);
      expect(told(post, 'warning')).toContain('please look for it');
      expect(vcenter.calls()).not.toContain(CANCEL);
    },
  );

  it("C4: a 502 beside another's clone of another VM, which its target tells: not waited for", async () => {
    const stage = setVirtualStage({ behaviour: { cloneDuration: MINUTES, taskTarget: 'new' } });
    const { vcenter } = stage;
    vcenter.startForeignClone({ source: 'vm-43', name: 'sibling', folder: FOLDER, duration: 60 * MINUTES });
    vcenter.fault({ operation: CLONE, kind: '502-html' });
    const { main } = await cloneAndPost(stage, { inputs: { name: 'e2e' } });
    expect(main.errors).toEqual([]);
    expect(vcenter.calls().filter((call) => call === CLONE)).toHaveLength(2);
    expect(main.duration).toBeLessThan(4 * MINUTES);
  });
});

/** Killed with the request in flight: vCenter has begun, the step has never heard of it, and post comes. */
interface Kill {
  readonly request?: keyof typeof KINDS;
  readonly behaviour?: Partial<Behaviour>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Lengths of the clones of others that begin with ours; they go by the names sibling-1, ... */
  readonly siblings?: readonly number[];
  readonly atSiblings?: string;
}

async function killInFlight({
  request = 'rest',
  behaviour,
  inputs = {},
  siblings = [],
  atSiblings = KINDS[request].source,
}: Kill) {
  const { operation, task: kind } = KINDS[request];
  const stage = setVirtualStage({ behaviour: { cloneDuration: 30 * MINUTES, ...behaviour } });
  const { vcenter, runner } = stage;
  vcenter.fault({ operation, kind: 'late' });
  const begun = vcenter.on({ operation, when: 'acted' });
  const step = await runner.startStep(cloneStep(stage, { inputs: { ...KINDS[request].inputs, ...inputs } }));
  await begun;
  const foreign = siblings.map((duration, index) =>
    vcenter.startForeignClone({
      ...{ source: atSiblings, name: `sibling-${index + 1}`, folder: FOLDER, duration, kind },
    }),
  );
  const main = await step.kill('SIGKILL');
  const post = await runner.runPost(main, { jobStatus: 'cancelled' });
  const [own] = vcenter.tasks().filter((task) => !task.foreign);
  const verdictLater = async (kept: readonly string[] = []) => {
    await stage.clock.sleep(60 * MINUTES);
    return verdict({ stage, steps: [main, post], kept, openSessions: 1 });
  };
  return { stage, vcenter, main, post, own, foreign, verdictLater };
}

describe('a step killed while its clone request is in flight, name generated', () => {
  it('and its task names the VM: it is cancelled', async () => {
    const { stage, post, own, verdictLater } = await killInFlight({ behaviour: { taskTarget: 'new' } });
    const name = own?.spec.name ?? '';
    // Its copy is gone with the cancel; asking for that once more does no harm.
    expect(changes(stage)).toEqual([`clone ${name}`, `cancel ${name}`, 'delete vm-1001']);
    expect(post.warnings).toEqual([]);
    expect(await verdictLater()).toEqual([]);
  });

  it("and its task names the VM, next to another's clone of another source: ours alone is cancelled", async () => {
    const { stage, post, own, verdictLater } = await killInFlight({
      behaviour: { taskTarget: 'new' },
      siblings: [4 * MINUTES],
      atSiblings: 'vm-43',
    });
    const name = own?.spec.name ?? '';
    // Its copy is gone with the cancel; asking for that once more does no harm.
    expect(changes(stage)).toEqual([`clone ${name}`, `cancel ${name}`, 'delete vm-1001']);
    expect(post.warnings).toEqual([]);
    expect(await verdictLater(['sibling-1'])).toEqual([]);
  });

  it("and its task names the source only, next to another's clone of it: neither is cancelled, ours is deleted at its end", async () => {
    const { stage, post, own, verdictLater } = await killInFlight({
      behaviour: { cloneDuration: 2 * MINUTES },
      siblings: [5 * MINUTES],
    });
    expect(changes(stage).filter((each) => /cancel|sibling/.test(each))).toEqual([]);
    expect(changes(stage).at(-1)).toBe(`delete ${own?.vm ?? 'vm-1001'}`);
    expect(post.warnings).toEqual([]);
    expect(await verdictLater(['sibling-1'])).toEqual([]);
  });

  it("of a template, next to another's clone of it: neither is cancelled, ours is deleted at its end", async () => {
    const { stage, vcenter, post, own, verdictLater } = await killInFlight({
      request: 'template',
      behaviour: { cloneDuration: 2 * MINUTES, nameTakenAt: 'end' },
      siblings: [2.5 * MINUTES],
    });
    expect(vcenter.calls()).not.toContain(VI_CANCEL);
    // The first request went to the REST API, which sees no template.
    expect(changes(stage)).toEqual([`clone ${own?.spec.name}`, `delete ${own?.vm ?? 'vm-1001'}`]);
    expect(post.warnings).toEqual([]);
    expect(await verdictLater(['sibling-1'])).toEqual([]);
  });

  it.for([
    { what: 'with no result', behaviour: { result: 'none' } },
    { what: 'where tasks tell neither user nor time', behaviour: { optionalTaskFields: false } },
  ] as const)(
    "whose VM is made and busy being switched on, $what: the only clone that runs is another's, and is let run",
    async ({ behaviour }) => {
      const { vcenter, post, verdictLater } = await killInFlight({
        behaviour: { cloneDuration: 30, taskTarget: 'source', busyAfterPowerOn: 30 * SECONDS, ...behaviour },
        siblings: [5 * MINUTES],
      });
      expect(vcenter.calls()).not.toContain(CANCEL);
      expect(post.warnings).toEqual([]);
      expect(await verdictLater(['sibling-1'])).toEqual([]);
    },
  );
});

describe('a step killed while its clone request is in flight, name given', () => {
  it.for([
    { what: 'its task names the VM', behaviour: { taskTarget: 'new' } },
    { what: 'only the result names it', behaviour: { cloneDuration: 2 * MINUTES } },
    { what: 'nothing names it', behaviour: { cloneDuration: 2 * MINUTES, optionalTaskFields: false } },
  ] as const)('C1d: $what: no task is known to be ours, so it is left and named', async ({ behaviour }) => {
    const { stage, post, verdictLater } = await killInFlight({ inputs: { name: 'e2e' }, behaviour });
    expect(changes(stage)).toEqual(['clone e2e']);
    expect(told(post, 'warning')).toContain("'e2e' (vm-1001) is there, but others may use this name, too");
    expect(await verdictLater(['e2e'])).toEqual([]);
  });

  it('never arrived, and somebody makes a VM of the name by hand: it is named and stays', async () => {
    const stage = setVirtualStage();
    const { vcenter, runner } = stage;
    vcenter.fault({ operation: CLONE, kind: 'late-act' });
    const asked = vcenter.on({ operation: CLONE, when: 'received' });
    const step = await runner.startStep(cloneStep(stage, { inputs: { name: 'e2e', teardown: 'always' } }));
    await asked;
    const main = await step.kill('SIGKILL');
    vcenter.addVm({ name: 'e2e', folder: FOLDER, powerState: 'POWERED_ON' });
    const post = await runner.runPost(main, { jobStatus: 'cancelled' });
    expect(told(post, 'warning')).toMatchInlineSnapshot(
      `"[Left behind in vCenter] Left behind in vCenter: Not deleted: 'e2e' (vm-1001) is there, but others may use this name, too, and the response that would prove whose it is was lost."`,
    );
    expect(vcenter.calls()).not.toContain(DELETE);
    expect(verdict({ stage, steps: [main, post], kept: ['e2e'], openSessions: 1 })).toEqual([]);
  });
});
