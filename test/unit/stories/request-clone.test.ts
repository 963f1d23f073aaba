import { describe, expect, it } from 'vitest';
import { UnknownOutcome } from '../../../src/actions/clone/failure.ts';
import { requestClone } from '../../../src/actions/clone/request.ts';
import type { ClonePlan } from '../../../src/github/state.ts';
import { Interrupted } from '../../../src/time/deadline.ts';
import { VcenterError } from '../../../src/vcenter/transport/error.ts';
import { createRecordedReport } from '../recorded-report.ts';
import { brokenOff, refused, rejection, SERVER } from '../vcenter-answers.ts';
import { EPOCH } from '../virtual-clock.ts';
import { createVirtualVcenter, type VirtualVcenter } from '../virtual-vcenter.ts';
import { FOLDER, GIVEN_NAME, OWN_NAME } from './clone-plan.ts';

const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
const VMS = 'GET /api/vcenter/vm';
const TASKS = 'POST /api/cis/tasks?action=list';

const unsent = brokenOff({ operation: CLONE, code: 'ECONNREFUSED', sent: false });
const alreadyExists = refused({ operation: CLONE, status: 400, errorType: 'ALREADY_EXISTS' });
const answered = (status: number) =>
  new VcenterError({
    operation: CLONE,
    server: SERVER,
    failure: 'answer',
    status,
    messages: ['?'],
    sent: true,
  });
const withoutAnswer = (failure: 'unreadable' | 'timeout') =>
  new VcenterError({ operation: CLONE, server: SERVER, failure, messages: ['?'], sent: true });

function request(vcenter: VirtualVcenter, plan: ClonePlan = OWN_NAME, signal = new AbortController().signal) {
  const { session, clock } = vcenter;
  /** What the state would be told, in order. */
  const told: string[] = [];
  const report = createRecordedReport();
  const started = requestClone({
    ...{ session, clock, plan, report, signal, random: () => 0.5 },
    spec: { source: plan.source, name: plan.name, placement: { folder: FOLDER } },
    onSend: (sentAt) => told.push(`sends at ${(sentAt.getTime() - EPOCH) / 1_000} s`),
    onNothing: () => told.push('nothing'),
  });
  return { started, told, report };
}

const requests = ({ session }: VirtualVcenter) =>
  session.operations().filter((operation) => operation === CLONE);

describe('requestClone', () => {
  it('sends one request, told ahead, and returns its task', async () => {
    const vcenter = createVirtualVcenter();
    const { started, told } = request(vcenter);
    expect(told).toEqual(['sends at 0 s']);
    expect(await started).toEqual({ kind: 'task', task: vcenter.tasks()[0]?.id });
    expect(vcenter.session.operations()).toEqual([CLONE]);
  });

  it.each([400, 403, 404])('takes a refusal (%d) for the last word: nothing was started', async (status) => {
    const vcenter = createVirtualVcenter();
    const failure = refused({ operation: CLONE, status, errorType: 'ANY' });
    vcenter.befalls(CLONE, failure);
    const { started, told } = request(vcenter);
    expect(await rejection(started)).toBe(failure);
    expect(told).toEqual(['sends at 0 s', 'nothing']);
    expect(vcenter.session.operations()).toEqual([CLONE]);
  });

  it('repeats what vCenter cannot have seen, for 20 s', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, unsent, unsent, unsent);
    expect(await request(vcenter).started).toMatchObject({ kind: 'task' });
    expect(vcenter.session.operations()).toEqual([CLONE, CLONE, CLONE, CLONE]);
    expect(vcenter.tasks()).toHaveLength(1);

    const dead = createVirtualVcenter();
    dead.befalls(CLONE, ...Array<VcenterError>(50).fill(unsent));
    const { started, told } = request(dead);
    expect(await rejection(started)).toBe(unsent);
    expect(told.at(-1)).toBe('nothing');
    expect(dead.clock.now()).toBeLessThanOrEqual(20_000);
    expect(new Set(dead.session.operations())).toEqual(new Set([CLONE]));
  });

  it.each([
    ['the connection breaks', 'lost-after'],
    ['the answer cannot be read', withoutAnswer('unreadable')],
    ['no answer comes', withoutAnswer('timeout')],
    ['a proxy gives up', answered(502)],
    ['vCenter fails', answered(500)],
    ['a proxy times out', answered(408)],
    ['a proxy has enough', answered(429)],
  ] as const)('finds out what came of it where %s', async (_, mishap) => {
    const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end', cloneDuration: 10_000 } });
    vcenter.befalls(CLONE, mishap);
    const { started, told, report } = request(vcenter);
    const outcome = await started;
    expect(vcenter.session.operations().slice(0, 3)).toEqual([CLONE, VMS, TASKS]);
    expect(vcenter.tasks()).toHaveLength(1);
    expect(outcome).toEqual({ kind: 'task', task: vcenter.tasks()[0]?.id });
    expect(requests(vcenter)).toHaveLength(mishap === 'lost-after' ? 1 : 2);
    expect(told).toHaveLength(mishap === 'lost-after' ? 1 : 3);
    expect(report.lines[0]).toMatch(/^The answer to the clone request is lost/);
  });

  it('may come to the VM itself, where it is not told which task makes it', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, 'lost-after');
    const task = await request(vcenter).started;
    const [made] = vcenter.tasks();
    expect(task).toMatchObject({ kind: 'vm', vm: { vm: made?.vm }, suspects: [{ id: made?.id }] });
    expect(requests(vcenter)).toHaveLength(1);
  });

  it('is sent again once it is certain that nothing was started', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, 'lost-before');
    const { started, told } = request(vcenter);
    expect(await started).toMatchObject({ kind: 'task' });
    expect(told).toEqual(['sends at 0 s', 'nothing', expect.stringMatching(/^sends at [67]/)]);
    expect(vcenter.tasks()).toHaveLength(1);
  });

  it('is given up after four requests, of which none has arrived', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, 'lost-before', 'lost-before', 'lost-before', 'lost-before', 'lost-before');
    const { started, told } = request(vcenter);
    expect(await rejection(started)).toMatchObject({ failure: 'network' });
    expect(requests(vcenter)).toHaveLength(4);
    expect(told.at(-1)).toBe('nothing');
  });

  it('is not sent again while it is not certain', async () => {
    const vcenter = createVirtualVcenter({ behaviour: { taskListSupported: false } });
    vcenter.befalls(CLONE, 'lost-before');
    const { started, told } = request(vcenter);
    const error = await rejection(started);
    expect(error).toBeInstanceOf(UnknownOutcome);
    expect(error).toMatchObject({
      why: expect.stringMatching(/does not list/),
      cause: { failure: 'network' },
    });
    expect(requests(vcenter)).toHaveLength(1);
    expect(told).toEqual(['sends at 0 s']);
  });

  it('leaves alone a VM of a given name that nothing shows to be its own', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, 'lost-before');
    vcenter.addVm({ name: GIVEN_NAME.name, folder: FOLDER });
    const { started } = request(vcenter, GIVEN_NAME);
    expect(await rejection(started)).toBeInstanceOf(UnknownOutcome);
    expect(requests(vcenter)).toHaveLength(1);
  });

  it('finds out anew what came of the second request', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, 'lost-before', 'lost-after');
    expect(await request(vcenter).started).toMatchObject({ kind: 'vm' });
    expect(requests(vcenter)).toHaveLength(2);
  });

  it('finds the clone of a first request that came late, where the second is told that the name is taken', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, 'lost-before', alreadyExists);
    let late = '';
    void vcenter.clock.sleep(9_000).then(() => {
      late = vcenter.addVm({ name: OWN_NAME.name, folder: FOLDER }).id;
    });
    expect(await request(vcenter).started).toMatchObject({ kind: 'vm', vm: { vm: late } });
    expect(late).not.toBe('');
    expect(requests(vcenter)).toHaveLength(2);
  });

  it('believes the refusal of a second request where nothing shows its own clone', async () => {
    const vcenter = createVirtualVcenter();
    vcenter.befalls(CLONE, 'lost-before', alreadyExists);
    const { started, told } = request(vcenter);
    expect(await rejection(started)).toBe(alreadyExists);
    expect(requests(vcenter)).toHaveLength(2);
    expect(told.at(-1)).toBe('nothing');
  });

  describe('when the run is told to end', () => {
    /** Aborts at this time. */
    const abortAt = (vcenter: VirtualVcenter, ms: number) => {
      const controller = new AbortController();
      const reason = new Interrupted('SIGINT');
      void vcenter.clock.sleep(ms).then(() => controller.abort(reason));
      return { signal: controller.signal, reason };
    };

    it('waits a little for the answer: without its task nothing can be cancelled', async () => {
      const vcenter = createVirtualVcenter();
      vcenter.answersAfter(CLONE, 3_500);
      const { signal } = abortAt(vcenter, 1_000);
      expect(await request(vcenter, OWN_NAME, signal).started).toEqual({
        kind: 'task',
        task: vcenter.tasks()[0]?.id,
      });
    });

    it('does not wait longer than 3 s', async () => {
      const vcenter = createVirtualVcenter();
      vcenter.answersAfter(CLONE, 60_000);
      const { signal, reason } = abortAt(vcenter, 1_000);
      expect(await rejection(request(vcenter, OWN_NAME, signal).started)).toBe(reason);
      expect(vcenter.clock.now()).toBe(4_000);
    });

    it('does not send for the first time what has not got through before', async () => {
      const vcenter = createVirtualVcenter();
      vcenter.befalls(CLONE, unsent, unsent);
      const { signal, reason } = abortAt(vcenter, 100);
      expect(await rejection(request(vcenter, OWN_NAME, signal).started)).toBe(reason);
      expect(vcenter.tasks()).toEqual([]);
    });

    it('ends the looking for what came of a lost request', async () => {
      const vcenter = createVirtualVcenter({ behaviour: { nameTakenAt: 'end' } });
      vcenter.befalls(CLONE, 'lost-after');
      const { signal, reason } = abortAt(vcenter, 5_000);
      expect(await rejection(request(vcenter, OWN_NAME, signal).started)).toBe(reason);
      expect(vcenter.clock.now()).toBe(5_000);
    });
  });
});
