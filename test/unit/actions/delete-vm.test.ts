import { describe, expect, it } from 'vitest';
import { type DeleteOptions, powerOffAndDelete } from '../../../src/actions/delete-vm.ts';
import { Interrupted } from '../../../src/time/deadline.ts';
import { createRecordedReport } from '../../support/recorded-report.ts';
import { createScriptedSession, type Handler, inTurn, throws } from '../../support/scripted-session.ts';
import { brokenOff, busy, notFound, refused, rejection, unavailable } from '../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const DELETE = 'DELETE /api/vcenter/vm/{vm}';
const STOP = 'POST /api/vcenter/vm/{vm}/power?action=stop';
const POWER = 'GET /api/vcenter/vm/{vm}/power';
const SHUTDOWN = 'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown';

const nothing = () => undefined;
const on = () => ({ state: 'POWERED_ON' });
const off = () => ({ state: 'POWERED_OFF' });
const notAllowed = (operation: string) =>
  refused({ operation, status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' });

function setUp(handlers: Readonly<Record<string, Handler>>, given: Partial<DeleteOptions> = {}) {
  const clock = createVirtualClock();
  const session = createScriptedSession({
    clock,
    handlers: { [DELETE]: nothing, [STOP]: nothing, ...handlers },
  });
  const report = createRecordedReport();
  const options: DeleteOptions = {
    ...{ session, clock, report, vm: { vm: 'vm-7', name: 'pr-12', powerState: 'POWERED_OFF' } },
    limits: { signal: new AbortController().signal, retryTimeout: 60_000 },
    ...given,
  };
  return { session, report, options, clock };
}

const vm = (powerState: string) => ({ vm: { vm: 'vm-7', name: 'pr-12', powerState } });

const DELETING = "Deleting 'pr-12' (vm-7).";

describe('powerOffAndDelete', () => {
  it('deletes what is off, by its id', async () => {
    const { session, report, options } = setUp({});
    await powerOffAndDelete(options);
    expect(session.calls.map(({ call }) => [call.operation, call.path])).toEqual([[DELETE, { vm: 'vm-7' }]]);
    expect(report.lines).toEqual([DELETING, "Deleted 'pr-12' (vm-7)."]);
  });

  it.each(['POWERED_ON', 'SUSPENDED', '', 'SOMETHING_NEW'])(
    'powers off what is %j first',
    async (powerState) => {
      const { session, options } = setUp({}, vm(powerState));
      await powerOffAndDelete(options);
      expect(session.operations()).toEqual([STOP, DELETE]);
    },
  );

  it('does not mind that somebody else was quicker to power it off', async () => {
    const already = refused({ operation: STOP, status: 400, errorType: 'ALREADY_IN_DESIRED_STATE' });
    const { session, options } = setUp({ [STOP]: throws(already) }, vm('POWERED_ON'));
    await powerOffAndDelete(options);
    expect(session.operations()).toEqual([STOP, DELETE]);
  });

  it.each([
    ['to stop', { [STOP]: throws(notFound(STOP)) }, [STOP]],
    ['to delete', { [DELETE]: throws(notFound(DELETE)) }, [STOP, DELETE]],
  ])('is content where there is nothing %s any more', async (_, handlers, operations) => {
    const { session, report, options } = setUp(handlers, vm('POWERED_ON'));
    await powerOffAndDelete(options);
    expect(session.operations()).toEqual(operations);
    expect(report.lines).toEqual([DELETING, "'pr-12' (vm-7) is gone."]);
  });

  it('does not take a URL that the server does not know for a VM that is gone', async () => {
    const unknown = refused({
      operation: DELETE,
      status: 404,
      errorType: 'NOT_FOUND',
      messageIds: ['com.vmware.vapi.rest.httpNotFound'],
    });
    expect(await rejection(powerOffAndDelete(setUp({ [DELETE]: throws(unknown) }).options))).toBe(unknown);
  });

  it('finds out by a second try what became of a lost answer', async () => {
    const { session, options } = setUp({
      [DELETE]: inTurn(throws(brokenOff({ operation: DELETE })), throws(notFound(DELETE))),
    });
    await powerOffAndDelete(options);
    expect(session.operations()).toEqual([DELETE, DELETE]);
  });

  it.each([
    ['stop', STOP],
    ['delete', DELETE],
  ])('B4: tries again after one 500 to %s', async (_, operation) => {
    const error = refused({ operation, status: 500, errorType: 'ERROR' });
    const { session, options } = setUp({ [operation]: inTurn(throws(error), nothing) }, vm('POWERED_ON'));
    await powerOffAndDelete(options);
    expect(session.operations().filter((each) => each === operation)).toHaveLength(2);
    expect(session.operations().at(-1)).toBe(DELETE);
  });

  it("B4: fails with vCenter's words, and tells nothing as deleted, where that is all it ever answers", async () => {
    const error = refused({ operation: DELETE, status: 500, errorType: 'ERROR' });
    const { report, options, clock } = setUp({ [DELETE]: throws(error) });
    expect(await rejection(powerOffAndDelete(options))).toBe(error);
    expect(clock.now()).toBeGreaterThan(50_000);
    expect(report.lines).toEqual([DELETING]);
  });

  it('waits for a VM that is busy', async () => {
    const { session, options } = setUp({
      [DELETE]: inTurn(throws(busy(DELETE)), throws(busy(DELETE)), nothing),
    });
    await powerOffAndDelete(options);
    expect(session.operations()).toEqual([DELETE, DELETE, DELETE]);
  });

  it('B2: deletes what is known by its id alone', async () => {
    const { session, report, options } = setUp({}, { vm: { vm: 'vm-7' } });
    await powerOffAndDelete(options);
    expect(session.operations()).toEqual([STOP, DELETE]);
    expect(report.lines).toEqual(['Deleting vm-7.', 'Deleted vm-7.']);
  });

  it('B2: powers off what was switched on meanwhile, without asking for its power', async () => {
    const { session, options, report } = setUp({
      [DELETE]: inTurn(throws(notAllowed(DELETE)), nothing),
    });
    await powerOffAndDelete(options);
    expect(session.operations()).toEqual([DELETE, STOP, DELETE]);
    expect(report.lines[1]).toMatch(/cannot be deleted in its state/);
  });

  it('is content where the VM goes between the refusal and the power-off', async () => {
    const { session, options } = setUp({
      [DELETE]: throws(notAllowed(DELETE)),
      [STOP]: throws(notFound(STOP)),
    });
    await powerOffAndDelete(options);
    expect(session.operations()).toEqual([DELETE, STOP]);
  });

  it('does not play that game for ever', async () => {
    const { session, options } = setUp({ [DELETE]: throws(notAllowed(DELETE)) });
    expect(await rejection(powerOffAndDelete(options))).toMatchObject({
      errorType: 'NOT_ALLOWED_IN_CURRENT_STATE',
    });
    expect(session.operations().filter((operation) => operation === DELETE)).toHaveLength(5);
  });

  it.each([
    ['stopping', { [STOP]: throws(refused({ operation: STOP, status: 403, errorType: 'UNAUTHORIZED' })) }],
    [
      'deleting',
      { [DELETE]: throws(refused({ operation: DELETE, status: 403, errorType: 'UNAUTHORIZED' })) },
    ],
  ])('fails where %s is refused', async (_, handlers) => {
    expect(await rejection(powerOffAndDelete(setUp(handlers, vm('POWERED_ON')).options))).toMatchObject({
      status: 403,
    });
  });

  describe('with time for the guest', () => {
    const graceful = { ...vm('POWERED_ON'), shutdownTimeout: 10_000 };

    it('lets it shut down', async () => {
      const { session, report, options } = setUp(
        { [SHUTDOWN]: nothing, [POWER]: inTurn(on, on, off) },
        graceful,
      );
      await powerOffAndDelete(options);
      expect(session.operations()).toEqual([SHUTDOWN, POWER, POWER, POWER, DELETE]);
      expect(report.lines).toEqual([
        DELETING,
        'Waiting up to 10 s for its guest to shut down.',
        'The guest has shut down after 4 s.',
        "Deleted 'pr-12' (vm-7).",
      ]);
    });

    it('pulls the plug when the time is over', async () => {
      const { session, report, options, clock } = setUp({ [SHUTDOWN]: nothing, [POWER]: on }, graceful);
      await powerOffAndDelete(options);
      expect(session.operations().slice(-2)).toEqual([STOP, DELETE]);
      expect(clock.now()).toBe(10_000);
      expect(report.lines[2]).toBe('The guest has not shut down within 10 s; the power goes off.');
    });

    const toolsNotRunning = refused({
      ...{ operation: SHUTDOWN, status: 503, errorType: 'SERVICE_UNAVAILABLE' },
      messageIds: ['com.vmware.api.vcenter.vm.guest.tools_not_running'],
    });

    it.each([
      ['whose Tools do not run', toolsNotRunning],
      ['that cannot', refused({ operation: SHUTDOWN, status: 400, errorType: 'UNSUPPORTED' })],
    ])('B12: pulls the plug of a guest %s at once', async (_, error) => {
      const { session, report, options, clock } = setUp({ [SHUTDOWN]: throws(error) }, graceful);
      await powerOffAndDelete(options);
      expect(session.operations()).toEqual([SHUTDOWN, STOP, DELETE]);
      expect(clock.now()).toBe(0);
      expect(report.lines[2]).toMatch(/cannot be shut down; the power goes off\. vCenter: ./);
    });

    it.each([
      ['is busy', busy(SHUTDOWN)],
      ['is not available', unavailable(SHUTDOWN)],
      ['fails', refused({ operation: SHUTDOWN, status: 500, errorType: 'ERROR' })],
      ['gives no answer', brokenOff({ operation: SHUTDOWN })],
    ])('B12: asks again where vCenter %s', async (_, error) => {
      const { session, report, options } = setUp(
        { [SHUTDOWN]: inTurn(throws(error), throws(error), nothing), [POWER]: off },
        graceful,
      );
      await powerOffAndDelete(options);
      expect(session.operations()).toEqual([SHUTDOWN, SHUTDOWN, SHUTDOWN, POWER, DELETE]);
      expect(report.lines[2]).toMatch(/^The guest has shut down after /);
    });

    it('B12: pulls the plug where vCenter stays busy for all of that time', async () => {
      const { session, options, clock } = setUp({ [SHUTDOWN]: throws(busy(SHUTDOWN)) }, graceful);
      await powerOffAndDelete(options);
      expect(session.operations().slice(-2)).toEqual([STOP, DELETE]);
      expect(clock.now()).toBe(10_000);
    });

    it('goes on where the guest is off already when it is asked', async () => {
      const already = refused({ operation: SHUTDOWN, status: 400, errorType: 'ALREADY_IN_DESIRED_STATE' });
      const { session, options } = setUp({ [SHUTDOWN]: throws(already), [POWER]: off }, graceful);
      await powerOffAndDelete(options);
      expect(session.operations()).toEqual([SHUTDOWN, POWER, DELETE]);
    });

    it('B2: lets a guest shut down of which only the id is known', async () => {
      const { session, options } = setUp(
        { [SHUTDOWN]: nothing, [POWER]: off },
        { vm: { vm: 'vm-7' }, shutdownTimeout: 10_000 },
      );
      await powerOffAndDelete(options);
      expect(session.operations()).toEqual([SHUTDOWN, POWER, DELETE]);
    });

    it('finds that the VM has gone', async () => {
      const { session, options } = setUp(
        { [SHUTDOWN]: nothing, [POWER]: throws(notFound(POWER)), [STOP]: throws(notFound(STOP)) },
        graceful,
      );
      await powerOffAndDelete(options);
      expect(session.operations()).toEqual([SHUTDOWN, POWER, STOP]);
    });

    it.each(['POWERED_OFF', 'SUSPENDED'])('does not ask a guest that is %s', async (powerState) => {
      const { session, options } = setUp({}, { ...vm(powerState), shutdownTimeout: 10_000 });
      await powerOffAndDelete(options);
      expect(session.operations()).not.toContain(SHUTDOWN);
    });

    it('ends with the reason of the signal', async () => {
      const controller = new AbortController();
      const reason = new Interrupted('SIGTERM');
      const limits = { signal: controller.signal, retryTimeout: 0 };
      const { options } = setUp({ [SHUTDOWN]: () => controller.abort(reason) }, { ...graceful, limits });
      expect(await rejection(powerOffAndDelete(options))).toBe(reason);
    });
  });
});
