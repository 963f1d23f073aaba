import { describe, expect, it } from 'vitest';
import { type RemoveOptions, removeVm } from '../../../src/actions/delete-vm.ts';
import { Interrupted } from '../../../src/time/deadline.ts';
import { createRecordedReport } from '../recorded-report.ts';
import { createScriptedSession, type Handler, inTurn, throws } from '../scripted-session.ts';
import { brokenOff, busy, notFound, refused, rejection, unavailable } from '../vcenter-answers.ts';
import { createVirtualClock } from '../virtual-clock.ts';

const DELETE = 'DELETE /api/vcenter/vm/{vm}';
const STOP = 'POST /api/vcenter/vm/{vm}/power?action=stop';
const POWER = 'GET /api/vcenter/vm/{vm}/power';
const SHUTDOWN = 'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown';

const nothing = () => undefined;
const on = () => ({ state: 'POWERED_ON' });
const off = () => ({ state: 'POWERED_OFF' });
const notAllowed = (operation: string) =>
  refused({ operation, status: 400, errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' });

function setUp(handlers: Readonly<Record<string, Handler>>, given: Partial<RemoveOptions> = {}) {
  const clock = createVirtualClock();
  const session = createScriptedSession({
    clock,
    handlers: { [DELETE]: nothing, [STOP]: nothing, ...handlers },
  });
  const report = createRecordedReport();
  const options: RemoveOptions = {
    ...{ session, clock, report, vm: { vm: 'vm-7', name: 'pr-12', powerState: 'POWERED_OFF' } },
    limits: { signal: new AbortController().signal, retryTimeout: 60_000 },
    ...given,
  };
  return { session, report, options, clock };
}

const vm = (powerState: string) => ({ vm: { vm: 'vm-7', name: 'pr-12', powerState } });

describe('removeVm', () => {
  it('deletes what is off, by its id', async () => {
    const { session, report, options } = setUp({});
    await removeVm(options);
    expect(session.calls.map(({ call }) => [call.operation, call.path])).toEqual([[DELETE, { vm: 'vm-7' }]]);
    expect(report.lines).toEqual(["Deleted 'pr-12' (vm-7)."]);
  });

  it.each(['POWERED_ON', 'SUSPENDED', '', 'SOMETHING_NEW'])(
    'powers off what is %j first',
    async (powerState) => {
      const { session, options } = setUp({}, vm(powerState));
      await removeVm(options);
      expect(session.operations()).toEqual([STOP, DELETE]);
    },
  );

  it('does not mind that somebody else was quicker to power it off', async () => {
    const already = refused({ operation: STOP, status: 400, errorType: 'ALREADY_IN_DESIRED_STATE' });
    const { session, options } = setUp({ [STOP]: throws(already) }, vm('POWERED_ON'));
    await removeVm(options);
    expect(session.operations()).toEqual([STOP, DELETE]);
  });

  it.each([
    ['to stop', { [STOP]: throws(notFound(STOP)) }, [STOP]],
    ['to delete', { [DELETE]: throws(notFound(DELETE)) }, [STOP, DELETE]],
  ])('is content where there is nothing %s any more', async (_, handlers, operations) => {
    const { session, report, options } = setUp(handlers, vm('POWERED_ON'));
    await removeVm(options);
    expect(session.operations()).toEqual(operations);
    expect(report.lines).toEqual(["'pr-12' (vm-7) is gone."]);
  });

  it('does not take a URL that the server does not know for a VM that is gone', async () => {
    const unknown = refused({
      operation: DELETE,
      status: 404,
      errorType: 'NOT_FOUND',
      messageIds: ['com.vmware.vapi.rest.httpNotFound'],
    });
    expect(await rejection(removeVm(setUp({ [DELETE]: throws(unknown) }).options))).toBe(unknown);
  });

  it('finds out by a second try what became of a lost answer', async () => {
    const { session, options } = setUp({
      [DELETE]: inTurn(throws(brokenOff({ operation: DELETE })), throws(notFound(DELETE))),
    });
    await removeVm(options);
    expect(session.operations()).toEqual([DELETE, DELETE]);
  });

  it('waits for a VM that is busy', async () => {
    const { session, options } = setUp({
      [DELETE]: inTurn(throws(busy(DELETE)), throws(busy(DELETE)), nothing),
    });
    await removeVm(options);
    expect(session.operations()).toEqual([DELETE, DELETE, DELETE]);
  });

  it('powers off again what was switched on meanwhile', async () => {
    const { session, options, report } = setUp({
      [DELETE]: inTurn(throws(notAllowed(DELETE)), nothing),
      [POWER]: on,
    });
    await removeVm(options);
    expect(session.operations()).toEqual([DELETE, POWER, STOP, DELETE]);
    expect(report.lines[0]).toMatch(/cannot be deleted in its state/);
  });

  it('is content where the VM goes between the refusal and the look', async () => {
    const { session, options } = setUp({
      [DELETE]: throws(notAllowed(DELETE)),
      [POWER]: throws(notFound(POWER)),
      [STOP]: throws(notFound(STOP)),
    });
    await removeVm(options);
    expect(session.operations()).toEqual([DELETE, POWER, STOP]);
  });

  it('does not play that game for ever', async () => {
    const { session, options } = setUp({ [DELETE]: throws(notAllowed(DELETE)), [POWER]: on });
    expect(await rejection(removeVm(options))).toMatchObject({ errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' });
    expect(session.operations().filter((operation) => operation === DELETE)).toHaveLength(5);
  });

  it.each([
    ['stopping', { [STOP]: throws(refused({ operation: STOP, status: 403, errorType: 'UNAUTHORIZED' })) }],
    [
      'deleting',
      { [DELETE]: throws(refused({ operation: DELETE, status: 403, errorType: 'UNAUTHORIZED' })) },
    ],
    [
      'looking at the power',
      {
        [DELETE]: throws(notAllowed(DELETE)),
        [POWER]: throws(refused({ operation: POWER, status: 403, errorType: 'UNAUTHORIZED' })),
      },
    ],
  ])('fails where %s is refused', async (_, handlers) => {
    expect(await rejection(removeVm(setUp(handlers, vm('POWERED_ON')).options))).toMatchObject({
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
      await removeVm(options);
      expect(session.operations()).toEqual([SHUTDOWN, POWER, POWER, POWER, DELETE]);
      expect(report.lines).toEqual(['The guest has shut down after 6 s.', "Deleted 'pr-12' (vm-7)."]);
    });

    it('pulls the plug when the time is over', async () => {
      const { session, report, options, clock } = setUp({ [SHUTDOWN]: nothing, [POWER]: on }, graceful);
      await removeVm(options);
      expect(session.operations().slice(-2)).toEqual([STOP, DELETE]);
      expect(clock.now()).toBe(10_000);
      expect(report.lines[0]).toBe('The guest has not shut down within 10 s; the power goes off.');
    });

    it.each([
      ['whose Tools do not run', unavailable(SHUTDOWN)],
      ['that cannot', refused({ operation: SHUTDOWN, status: 400, errorType: 'UNSUPPORTED' })],
      ['of whom no answer comes', brokenOff({ operation: SHUTDOWN })],
    ])('pulls the plug of a guest %s, without asking twice', async (_, error) => {
      const { session, report, options } = setUp({ [SHUTDOWN]: throws(error) }, graceful);
      await removeVm(options);
      expect(session.operations()).toEqual([SHUTDOWN, STOP, DELETE]);
      expect(report.lines[0]).toMatch(/cannot be shut down; the power goes off\. vCenter: ./);
    });

    it('finds that the VM has gone', async () => {
      const { session, options } = setUp(
        { [SHUTDOWN]: nothing, [POWER]: throws(notFound(POWER)), [STOP]: throws(notFound(STOP)) },
        graceful,
      );
      await removeVm(options);
      expect(session.operations()).toEqual([SHUTDOWN, POWER, STOP]);
    });

    it.each(['POWERED_OFF', 'SUSPENDED'])('does not ask a guest that is %s', async (powerState) => {
      const { session, options } = setUp({}, { ...vm(powerState), shutdownTimeout: 10_000 });
      await removeVm(options);
      expect(session.operations()).not.toContain(SHUTDOWN);
    });

    it('ends with the reason of the signal', async () => {
      const controller = new AbortController();
      const reason = new Interrupted('SIGTERM');
      const limits = { signal: controller.signal, retryTimeout: 0 };
      const { options } = setUp({ [SHUTDOWN]: () => controller.abort(reason) }, { ...graceful, limits });
      expect(await rejection(removeVm(options))).toBe(reason);
    });
  });
});
