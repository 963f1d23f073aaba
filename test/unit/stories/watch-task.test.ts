import { describe, expect, it } from 'vitest';
import { type WatchOptions, watchTask } from '../../../src/actions/poll-task.ts';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../../src/time/deadline.ts';
import { createRecordedReport } from '../recorded-report.ts';
import { createScriptedSession, type Handler, inTurn, throws } from '../scripted-session.ts';
import { notFound, refused, rejection, unavailable } from '../vcenter-answers.ts';
import { createVirtualClock } from '../virtual-clock.ts';

const GET = 'GET /api/cis/tasks/{task}';

const info = (status: string, percent?: number, doing?: string) => ({
  status,
  ...(percent === undefined
    ? {}
    : {
        progress: {
          total: 100,
          completed: percent,
          ...(doing === undefined ? {} : { message: { default_message: doing } }),
        },
      }),
});
const running = (percent?: number, doing?: string) => () => info('RUNNING', percent, doing);
const succeeded = () => ({ status: 'SUCCEEDED', result: 'vm-1001' });

function setUp(handler: Handler, given: Partial<WatchOptions> = {}) {
  const clock = createVirtualClock();
  const session = createScriptedSession({ clock, handlers: { [GET]: handler } });
  const report = createRecordedReport();
  const options: WatchOptions = {
    ...{ session, clock, report, task: 'task-1', random: () => 0 },
    ...{ signal: new AbortController().signal, retryTimeout: 20_000 },
    ...given,
  };
  return { clock, session, report, options };
}

describe('watchTask', () => {
  it.each(['PENDING', 'RUNNING', 'BLOCKED', 'CANCELING'])(
    'goes on looking while the task is %s',
    async (status) => {
      const { options, session } = setUp(
        inTurn(
          () => info(status),
          () => info(status),
          succeeded,
        ),
      );
      expect(await watchTask(options)).toMatchObject({ end: { status: 'SUCCEEDED', resultVm: 'vm-1001' } });
      expect(session.operations()).toEqual([GET, GET, GET]);
    },
  );

  it('ends with the failure of the task', async () => {
    const { options } = setUp(inTurn(running(), () => ({ status: 'FAILED', error: 'The disk is full.' })));
    expect(await watchTask(options)).toMatchObject({
      end: { status: 'FAILED', failure: { messages: ['The disk is full.'] } },
    });
  });

  it('looks as often as the user said', async () => {
    const { options, session } = setUp(inTurn(running(10), running(99), succeeded), { pollInterval: 7_000 });
    await watchTask(options);
    expect(session.calls.map(({ at }) => at)).toEqual([7_000, 14_000, 21_000]);
  });

  it('hands out each look, the last one included', async () => {
    const looks: string[] = [];
    const { options } = setUp(inTurn(running(), succeeded), { onLook: ({ status }) => looks.push(status) });
    await watchTask(options);
    expect(looks).toEqual(['RUNNING', 'SUCCEEDED']);
  });

  it('says how far it is, when that has moved by a tenth', async () => {
    const percents = [5, 9, 10, 19, 20.5, 60];
    const { options, report } = setUp(
      inTurn(...percents.map((percent) => running(percent, 'Copying Virtual Machine files')), succeeded),
      { pollInterval: 1_000 },
    );
    await watchTask(options);
    expect(report.lines).toEqual([
      '10 % · 3 s · vCenter: Copying Virtual Machine files',
      '20 % · 5 s · vCenter: Copying Virtual Machine files',
      '60 % · 6 s · vCenter: Copying Virtual Machine files',
    ]);
  });

  it('says that it goes on every 30 s, with the status where there is no progress', async () => {
    const { options, clock, report } = setUp(() => (clock.now() < 95_000 ? info('BLOCKED') : succeeded()), {
      pollInterval: 5_000,
    });
    await watchTask(options);
    expect(report.lines).toEqual(['BLOCKED · 30 s', 'BLOCKED · 1 min', 'BLOCKED · 1 min 30 s']);
  });

  it('is not kept from looking by failures in between', async () => {
    const { options, session } = setUp(
      inTurn(running(), throws(unavailable(GET)), throws(unavailable(GET)), succeeded),
    );
    expect(await watchTask(options)).toMatchObject({ end: { status: 'SUCCEEDED' } });
    expect(session.calls).toHaveLength(4);
  });

  it('is given up where looking fails for longer than the patience', async () => {
    const { options } = setUp(inTurn(running(), throws(unavailable(GET))));
    expect(await rejection(watchTask(options))).toMatchObject({ status: 503 });
  });

  it('is given up where vCenter does not let it look', async () => {
    const { options, session } = setUp(
      throws(refused({ operation: GET, status: 403, errorType: 'UNAUTHORIZED' })),
    );
    expect(await rejection(watchTask(options))).toMatchObject({ status: 403 });
    expect(session.calls).toHaveLength(1);
  });

  describe('a task that vCenter does not know', () => {
    it('may only be late: it is looked for four times, a second apart', async () => {
      const { options, session } = setUp(throws(notFound(GET)));
      expect(await watchTask(options)).toMatchObject({ end: undefined });
      expect(session.calls.map(({ at }) => at)).toEqual([200, 1_200, 2_200, 3_200]);
    });

    it('is watched once it is there', async () => {
      const late = throws(notFound(GET));
      const { options, session } = setUp(inTurn(late, late, late, running(), succeeded));
      expect(await watchTask(options)).toMatchObject({ end: { status: 'SUCCEEDED' } });
      expect(session.calls).toHaveLength(5);
    });

    it('is forgotten where it was there before', async () => {
      const { options, session, report } = setUp(inTurn(running(), throws(notFound(GET))));
      expect(await watchTask(options)).toMatchObject({ end: undefined });
      expect(session.calls).toHaveLength(2);
      expect(report.lines).toEqual(['vCenter does not know the task any more.']);
    });
  });

  describe('watched to its end', () => {
    const watchedToEnd = async (handler: Handler, given: Partial<WatchOptions> = {}) =>
      (await watchTask(setUp(handler, given).options)).watchedToEnd;

    it('is what was seen running shortly before', async () => {
      expect(await watchedToEnd(inTurn(running(), succeeded))).toBe(true);
    });

    it('is what was started just now', async () => {
      expect(await watchedToEnd(succeeded, { isFresh: true })).toBe(true);
    });

    it('is not what was over at the first look', async () => {
      expect(await watchedToEnd(succeeded)).toBe(false);
    });

    it('is not what nobody saw for a while', async () => {
      expect(await watchedToEnd(inTurn(running(), succeeded), { pollInterval: 16_000 })).toBe(false);
      expect(await watchedToEnd(succeeded, { isFresh: true, pollInterval: 16_000 })).toBe(false);
    });

    it('is not what vCenter has forgotten, since nobody has seen its end', async () => {
      expect(await watchedToEnd(inTurn(running(), throws(notFound(GET))))).toBe(false);
    });
  });

  it('ends with the reason of the signal, in a pause or in a look', async () => {
    const { options, clock } = setUp(running());
    const deadline = await rejection(
      withDeadline({ clock, what: 'the clone', limit: 60_000 }, (signal) =>
        watchTask({ ...options, signal }),
      ),
    );
    expect(deadline).toBeInstanceOf(DeadlineExceeded);

    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    const interrupted = setUp(() => controller.abort(reason), { signal: controller.signal });
    expect(await rejection(watchTask(interrupted.options))).toBe(reason);
  });
});
