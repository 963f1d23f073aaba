import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../../src/time/clock.ts';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../../src/time/deadline.ts';
import { type Limits, openSession, type Session, type SessionOptions } from '../../../src/vcenter/session.ts';
import { createVcenter, type InProcessVcenter, type Operation } from '../../simulator/vcenter.ts';
import { rejection } from '../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const LOGIN = 'POST /api/session';
const LOGOUT = 'DELETE /api/session';
const LIST = 'GET /api/vcenter/vm';
const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';

const RETRY_TIMEOUT = 20_000;
const limits: Limits = { signal: new AbortController().signal, retryTimeout: RETRY_TIMEOUT };

const LIST_CALL = {
  operation: LIST,
  expects: 'json',
  retry: 'always',
  query: { names: 'build-agent' },
} as const;

interface Client {
  readonly vcenter: InProcessVcenter;
  readonly clock: Clock;
  readonly options: SessionOptions;
  readonly masked: readonly string[];
  readonly traced: readonly string[];
  /** What people are told, with the time in milliseconds. */
  readonly told: readonly (readonly [number, string])[];
  /** When the requests of an operation arrived, in milliseconds since the first of all. */
  arrivals(operation: Operation): readonly number[];
}

function setUp({
  requestTimeout = 5_000,
  random = () => 0.5,
  behaviour = {},
}: {
  readonly requestTimeout?: number;
  readonly random?: () => number;
  readonly behaviour?: Partial<InProcessVcenter['behaviour']>;
} = {}): Client {
  const clock = createVirtualClock();
  const vcenter = createVcenter({ clock, behaviour });
  const connection = vcenter.connection();
  onTestFinished(async () => {
    connection.close();
    await vcenter.close();
  });
  const masked: string[] = [];
  const traced: string[] = [];
  const told: (readonly [number, string])[] = [];
  return {
    ...{ vcenter, clock, masked, traced, told },
    arrivals: (operation) => {
      const [first] = vcenter.exchanges;
      return vcenter.exchanges
        .filter((exchange) => exchange.operation === operation)
        .map(({ receivedAt }) => receivedAt - (first?.receivedAt ?? 0));
    },
    options: {
      endpoint: {
        ...{ server: vcenter.server, connection, clock, requestTimeout },
        trace: (line) => traced.push(line),
      },
      username: vcenter.username,
      password: vcenter.password,
      mask: (secret) => masked.push(secret),
      random,
      tell: (line) => told.push([clock.now(), line]),
    },
  };
}

async function logIn(
  given: Parameters<typeof setUp>[0] = {},
): Promise<Client & { readonly session: Session }> {
  const client = setUp(given);
  return { ...client, session: await openSession(client.options, limits) };
}

/** A 401 for a session that has not ended. */
const REFUSED_WHILE_GOOD = {
  operation: LIST,
  kind: 'custom',
  answer: { status: 401, body: { error_type: 'UNAUTHENTICATED', messages: [] } },
} as const;

const FOR_EVER = Number.POSITIVE_INFINITY;

describe('openSession', () => {
  it('logs in with a password of awkward characters, and masks all secrets before they are used', async () => {
    const { vcenter, options } = setUp();
    const masked: string[] = [];
    const missing: string[] = [];
    vcenter.watch((_, moment) => {
      if (moment === 'received') {
        missing.push(
          ...vcenter.secrets().filter((secret) => !masked.includes(secret.replace(/^Basic /, ''))),
        );
      }
    });
    const session = await openSession({ ...options, mask: (secret) => masked.push(secret) }, limits);
    await session.request(LIST_CALL, limits);
    expect(missing).toEqual([]);
    expect(masked).toContain(vcenter.password);
    expect(masked).toHaveLength(3);
    expect(vcenter.calls()).toEqual([LOGIN, LIST]);
    expect(session.server).toBe(vcenter.server);
  });

  it('is refused once and for all by a 401: more tries lock accounts', async () => {
    const { vcenter, options } = setUp();
    vcenter.fault({ operation: LOGIN, kind: '401', times: 1 });
    expect(await rejection(openSession(options, limits))).toMatchObject({ operation: LOGIN, status: 401 });
    expect(vcenter.calls()).toEqual([LOGIN]);
  });

  it('is not retried where the account has too many sessions', async () => {
    const { vcenter, options } = setUp({ behaviour: { sessionLimit: 0 } });
    expect(await rejection(openSession(options, limits))).toMatchObject({ status: 503 });
    expect(vcenter.calls()).toEqual([LOGIN]);
  });

  it('is not retried where a page answers in place of vCenter', async () => {
    const { vcenter, options } = setUp();
    const answer = { status: 404, body: '<h1>Not Found</h1>' };
    vcenter.fault({ operation: LOGIN, kind: 'custom', answer, times: FOR_EVER });
    expect(await rejection(openSession(options, limits))).toMatchObject({ status: 404 });
    expect(vcenter.calls()).toEqual([LOGIN]);
  });

  it.each(['reset-before', 'refused', '503-text', '502-html', '429', 'cut', 'not-json'] as const)(
    'gets over %s',
    async (kind) => {
      const { vcenter, options } = setUp();
      vcenter.fault({ operation: LOGIN, kind, times: 2 });
      await openSession(options, limits);
      expect(vcenter.calls()).toEqual([LOGIN, LOGIN, LOGIN]);
    },
  );

  it.each(['cut', 'not-json', 'reset-after', 'reset-before', 'late'] as const)(
    'B10: is tried three times at most where each try may leave a session: %s',
    async (kind) => {
      const { vcenter, options } = setUp({ requestTimeout: 1_000 });
      vcenter.fault({ operation: LOGIN, kind, times: FOR_EVER });
      const error = await rejection(openSession(options, limits));
      expect(error).toMatchObject({ name: 'VcenterError', operation: LOGIN });
      expect(vcenter.calls()).toEqual([LOGIN, LOGIN, LOGIN]);
    },
  );

  it('B10: does not count the tries that open no session', async () => {
    const { vcenter, options } = setUp();
    vcenter.fault({ operation: LOGIN, kind: 'cut', times: 1 });
    vcenter.fault({ operation: LOGIN, kind: '503-text', times: 3 });
    vcenter.fault({ operation: LOGIN, kind: 'cut', times: 1 });
    await openSession(options, limits);
    expect(vcenter.calls()).toHaveLength(6);
  });

  it.each(['503-text', '503-unavailable', '429', '500-error'] as const)(
    'is retried until the retry timeout after %s, which opens no session',
    async (kind) => {
      const { vcenter, options, arrivals } = setUp({ random: () => 1 });
      vcenter.fault({ operation: LOGIN, kind, times: FOR_EVER });
      expect(await rejection(openSession(options, limits))).toMatchObject({ operation: LOGIN });
      expect(arrivals(LOGIN).map((at) => Math.round(at))).toEqual([
        0, 500, 1_500, 3_500, 7_500, 12_500, 17_500,
      ]);
    },
  );

  it('is retried until the retry timeout where the connection is refused', async () => {
    const { vcenter, clock, options } = setUp();
    await vcenter.refuseConnections();
    expect(await rejection(openSession(options, limits))).toMatchObject({
      ...{ failure: 'network', code: 'ECONNREFUSED', sent: false },
    });
    expect(clock.now()).toBeGreaterThan(RETRY_TIMEOUT - 5_000);
    await vcenter.acceptConnections();
  });

  it.each([[''], [{ value: 'abc' }], [null], ['a\r\nb: c'], ['sëssion'], ['two words'], ['\u200b']])(
    'C4: does not take %j, which no header can hold, for the id of a session',
    async (body) => {
      const { vcenter, options, clock } = setUp();
      vcenter.fault({
        operation: LOGIN,
        kind: 'custom',
        answer: { status: 201, body: JSON.stringify(body) },
        times: FOR_EVER,
      });
      expect(await rejection(openSession(options, limits))).toMatchObject({
        failure: 'unreadable',
        status: 201,
        messages: ['The response to the login is no session id.'],
      });
      expect(vcenter.calls()).toEqual([LOGIN, LOGIN, LOGIN]);
      expect(clock.now()).toBeLessThan(2_000);
    },
  );

  it('does not ask again for a name that no server knows', async () => {
    const { options, traced } = setUp();
    const endpoint = { ...options.endpoint, server: 'vcenter.invalid' };
    const error = await rejection(openSession({ ...options, endpoint }, limits));
    expect(error).toMatchObject({ failure: 'network', sent: false, operation: LOGIN });
    expect(traced.filter((line) => line.startsWith(LOGIN))).toHaveLength(1);
  });

  it('closes what it has opened where the run is aborted before the response arrives', async () => {
    const { vcenter, clock, options } = setUp();
    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    vcenter.fault({ operation: LOGIN, kind: 'late', delay: 300 });
    void vcenter.on({ operation: LOGIN, when: 'acted' }).then(() => controller.abort(reason));
    const error = await rejection(openSession(options, { ...limits, signal: controller.signal }));
    expect(error).toBe(reason);
    await clock.sleep(500);
    expect(vcenter.sessions()).toMatchObject({ opened: 1, open: 0, unknown: 0 });
  });

  it('A12: tells after 5 s that there is no response yet', async () => {
    const { vcenter, options, told } = setUp({ requestTimeout: 30_000 });
    vcenter.fault({ operation: LOGIN, kind: 'late', delay: 20_000 });
    await openSession(options, limits);
    expect(told).toEqual([[5_000, `No response from ${vcenter.server} to ${LOGIN} yet; waiting for it.`]]);
  });

  it('A12: tells after 5 s that it is retried, and why', async () => {
    const { vcenter, options, told } = setUp();
    vcenter.fault({ operation: LOGIN, kind: '503-text', times: FOR_EVER });
    await rejection(openSession(options, limits));
    expect(told).toEqual([
      [
        expect.closeTo(5_000),
        expect.stringMatching(
          /^POST \/api\/session has not succeeded yet and is being retried\. Last error: .*no healthy upstream/,
        ),
      ],
    ]);
  });
});

describe('request', () => {
  it.each([
    'refused',
    'reset-before',
    'reset-after',
    '503-text',
    '503-unavailable',
    '502-html',
    '429',
    'busy',
    '500-error',
    'cut',
    'not-json',
    'redirect',
  ] as const)('is retried after %s', async (kind) => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind, times: 2 });
    expect(await session.request(LIST_CALL, limits)).toMatchObject({
      status: 200,
      body: [expect.objectContaining({ name: 'build-agent' })],
    });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LIST, LIST]);
  });

  it.each([403, 404])("C4: is retried after a proxy's page of %d", async (status) => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: 'custom', answer: { status, body: '<h1>No</h1>' }, times: 2 });
    await session.request(LIST_CALL, limits);
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LIST, LIST]);
  });

  it('is retried where no response comes in time', async () => {
    const { vcenter, session } = await logIn({ requestTimeout: 300 });
    vcenter.fault({ operation: LIST, kind: 'late' });
    expect(await session.request(LIST_CALL, limits)).toMatchObject({ status: 200 });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LIST]);
  });

  it('fails once the retry timeout is over', async () => {
    const { vcenter, session, arrivals } = await logIn({ random: () => 1 });
    vcenter.fault({ operation: LIST, kind: '503-text', times: FOR_EVER });
    const error = await rejection(session.request(LIST_CALL, { ...limits, retryTimeout: 4_000 }));
    expect(error).toMatchObject({ status: 503, operation: LIST });
    expect(arrivals(LIST).map((at) => Math.round(at))).toEqual([0, 500, 1_500, 3_500]);
  });

  it('A21: goes on without an end where only the signal ends it, and takes the last error along', async () => {
    const { vcenter, clock, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: '503-text', times: FOR_EVER });
    const error = await rejection(
      withDeadline({ clock, what: 'the clone', limit: 600_000 }, (signal) =>
        session.request(LIST_CALL, { signal, retryTimeout: FOR_EVER }),
      ),
    );
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({ what: 'the clone', lastError: { status: 503 } });
    expect(clock.now()).toBe(600_000);
  });

  it('is not retried where vCenter has refused it', async () => {
    const { vcenter, session } = await logIn();
    const call = { ...LIST_CALL, operation: 'GET /api/vcenter/vm/{vm}', path: { vm: 'vm-999' }, query: {} };
    expect(await rejection(session.request(call, limits))).toMatchObject({ errorType: 'NOT_FOUND' });
    expect(vcenter.calls()).toHaveLength(2);
  });

  it('is not retried where the failure is the answer', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: '503-unavailable', times: 2 });
    const isExpected = ({ errorType }: { errorType: string | undefined }) =>
      errorType === 'SERVICE_UNAVAILABLE';
    expect(await rejection(session.request({ ...LIST_CALL, isExpected }, limits))).toMatchObject({
      status: 503,
    });
    expect(vcenter.calls()).toEqual([LOGIN, LIST]);
  });

  it('A12: tells of a request without a response after 5 s, unless it is one that blocks', async () => {
    const { vcenter, session, told } = await logIn({ requestTimeout: 30_000 });
    vcenter.fault({ operation: LIST, kind: 'late', delay: 20_000, times: 2 });
    await session.request({ ...LIST_CALL, timeout: 90_000 }, limits);
    expect(told).toEqual([]);
    await session.request(LIST_CALL, limits);
    expect(told).toEqual([
      [expect.any(Number), `No response from ${vcenter.server} to ${LIST} yet; waiting for it.`],
    ]);
  });
});

describe('a request that must not be sent twice', () => {
  const cloneCall = (name = 'pr-12') =>
    ({ operation: CLONE, expects: 'json', retry: 'unless-sent', body: { source: 'vm-42', name } }) as const;

  it.each([
    'reset-before',
    'reset-after',
    '503-text',
    '502-html-after',
    '429',
    'busy',
    '500-error',
    'cut',
    'redirect',
  ] as const)('is sent once for %s', async (kind) => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: CLONE, kind });
    await rejection(session.request(cloneCall(), limits));
    expect(vcenter.calls()).toEqual([LOGIN, CLONE]);
  });

  it('C2b: is sent once for a 401, which may come from something behind which vCenter has begun', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    expect(await rejection(session.request(cloneCall(), limits))).toMatchObject({ status: 401 });
    expect(vcenter.calls()).toEqual([LOGIN, CLONE]);
  });

  it('is sent again where the server cannot have seen it', async () => {
    const { vcenter, clock, session } = await logIn();
    await vcenter.refuseConnections();
    const answer = session.request(cloneCall(), limits);
    await clock.sleep(2_000);
    await vcenter.acceptConnections();
    expect(await answer).toMatchObject({ status: 202 });
    expect(vcenter.calls()).toEqual([LOGIN, CLONE]);
  });

  it('may be answered a little after the end of the run', async () => {
    const { vcenter, session } = await logIn();
    const controller = new AbortController();
    vcenter.fault({ operation: CLONE, kind: 'late', delay: 150 });
    void vcenter.on({ operation: CLONE, when: 'acted' }).then(() => controller.abort());
    const answer = await session.request(
      { ...cloneCall(), grace: 3_000 },
      { ...limits, signal: controller.signal },
    );
    expect(answer.body).toBe(vcenter.tasks()[0]?.id);
  });
});

describe('a session that has ended', () => {
  it('is renewed, and the new id masked', async () => {
    const { vcenter, session, masked, traced } = await logIn();
    vcenter.expireSessions();
    expect(await session.request(LIST_CALL, limits)).toMatchObject({ status: 200 });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LOGIN, LIST]);
    expect(traced).toContain('The session has ended; logging in again.');
    for (const secret of vcenter.secrets()) {
      expect(masked).toContain(secret.replace(/^Basic /, ''));
    }
  });

  it('is renewed once for all requests that find it so', async () => {
    const { vcenter, session } = await logIn({ behaviour: { latency: 30 } });
    vcenter.expireSessions();
    await Promise.all([1, 2, 3].map(() => session.request(LIST_CALL, limits)));
    expect(vcenter.calls().filter((operation) => operation === LOGIN)).toHaveLength(2);
    expect(vcenter.sessions()).toMatchObject({ opened: 2, unknown: 0 });
  });

  it('is not renewed for a request whose 401 comes after the new login', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({
      operation: LIST,
      kind: 'late-act',
      delay: 150,
      when: ({ query }) => query['names']?.[0] === 'slow',
    });
    const slow = session.request({ ...LIST_CALL, query: { names: 'slow' } }, limits);
    await vcenter.on({ operation: LIST, when: 'received' });
    vcenter.expireSessions();
    await session.request(LIST_CALL, limits);
    await slow;
    expect(vcenter.calls().filter((operation) => operation === LOGIN)).toHaveLength(2);
  });

  it('is renewed again the next time', async () => {
    const { vcenter, session } = await logIn();
    for (let expiry = 0; expiry < 3; expiry += 1) {
      vcenter.expireSessions();
      await session.request(LIST_CALL, limits);
    }
    expect(vcenter.sessions()).toMatchObject({ opened: 4 });
  });

  it('is renewed again, too, where it ends twice while one request is retried', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: '401' });
    vcenter.fault({ operation: LIST, kind: '503-text' });
    vcenter.fault({ operation: LIST, kind: '401' });
    expect(await session.request(LIST_CALL, limits)).toMatchObject({ status: 200 });
    const requests = vcenter.exchanges.filter(({ operation }) => operation === LIST);
    expect(requests.map(({ status }) => status)).toEqual([401, 503, 401, 200]);
  });

  it('is renewed for the others where the request that began with it is aborted', async () => {
    const { vcenter, clock, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: 'late', delay: 200 });
    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    const first = rejection(session.request(LIST_CALL, { ...limits, signal: controller.signal }));
    await vcenter.on({ operation: LOGIN, when: 'received' });
    const second = session.request(LIST_CALL, limits);
    await vcenter.on({ operation: LIST, when: 'answered' });
    await clock.sleep(30); // the second waits for the login of the first
    controller.abort(reason);
    expect(await first).toBe(reason);
    expect(await second).toMatchObject({ status: 200 });
  });

  it('A22: is renewed after growing pauses where fresh sessions are refused, too', async () => {
    const { vcenter, session, arrivals } = await logIn();
    vcenter.fault({ operation: LIST, kind: '401', times: 7 });
    const untilAborted = { ...limits, retryTimeout: FOR_EVER };
    expect(await session.request(LIST_CALL, untilAborted)).toMatchObject({ status: 200 });
    const logins = arrivals(LOGIN);
    const pauses = logins.slice(1).map((at, index) => at - (logins[index] ?? 0));
    expect(pauses).toHaveLength(4);
    for (const [index, least] of [0, 1_000, 2_000, 4_000].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(least);
      expect(pauses[index]).toBeLessThan(least + 5_000);
    }
    // A session that was accepted begins the pauses anew.
    vcenter.expireSessions();
    const before = arrivals(LIST).at(-1) ?? 0;
    await session.request(LIST_CALL, untilAborted);
    expect((arrivals(LOGIN).at(-1) ?? 0) - before).toBeLessThan(1_000);
  });

  it('A22: fails in the end, after few logins, where every session is refused', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ ...REFUSED_WHILE_GOOD, times: FOR_EVER });
    expect(await rejection(session.request(LIST_CALL, limits))).toMatchObject({
      status: 401,
      operation: LIST,
    });
    const { opened } = vcenter.sessions();
    expect(opened).toBeGreaterThan(3);
    expect(opened).toBeLessThan(8);
    await session.close({ limit: 1_000 });
    expect(vcenter.sessions()).toMatchObject({ open: 0, closed: opened });
  });

  it('A19: is not renewed where the run is aborted while the body of a 401 is read', async () => {
    const { options } = setUp();
    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    const sent: string[] = [];
    const endpoint: SessionOptions['endpoint'] = {
      ...options.endpoint,
      connection: {
        ...options.endpoint.connection,
        send: async ({ method, url }) => {
          sent.push(`${method} ${new URL(url).pathname}`);
          return {
            status: method === 'POST' ? 201 : 401,
            header: () => undefined,
            text: async () => {
              if (method === 'POST') {
                return '"session-1"';
              }
              controller.abort(reason);
              throw new Error('aborted');
            },
          };
        },
      },
    };
    const session = await openSession({ ...options, endpoint }, limits);
    const request = session.request(LIST_CALL, { ...limits, signal: controller.signal });
    expect(await rejection(request)).toBe(reason);
    expect(sent).toEqual([LOGIN, LIST]);
  });

  it('A19: leaves no rejection unhandled where its renewal fails after the end of the request', async () => {
    const { vcenter, clock, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: 'late-act', delay: 200 });
    vcenter.fault({ operation: LOGIN, kind: '401', times: FOR_EVER });
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', onUnhandled);
    onTestFinished(() => {
      process.off('unhandledRejection', onUnhandled);
    });
    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    const request = rejection(session.request(LIST_CALL, { ...limits, signal: controller.signal }));
    await vcenter.on({ operation: LOGIN, when: 'received' });
    controller.abort(reason);
    expect(await request).toBe(reason);
    await clock.sleep(1_000);
    expect(unhandled).toEqual([]);
  });
});

describe('C3a: a new login that is refused', () => {
  const whileCloning = { ...limits, retryTimeout: FOR_EVER, isCloneRunning: true };

  it('ends all logins of the run, and every request', async () => {
    const { vcenter, session } = await logIn({ behaviour: { latency: 30 } });
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: '401', times: FOR_EVER });
    const refused = { status: 401, operation: LOGIN };
    const requests = [1, 2, 3, 4, 5, 6].map(() => rejection(session.request(LIST_CALL, limits)));
    for (const error of await Promise.all(requests)) {
      expect(error).toMatchObject(refused);
    }
    expect(await rejection(session.request(LIST_CALL, whileCloning))).toMatchObject(refused);
    expect(vcenter.calls().filter((operation) => operation === LOGIN)).toEqual([LOGIN, LOGIN]);
  });

  it('is tried once more, a minute later, while a clone runs', async () => {
    const { vcenter, session, arrivals, told } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: '401', times: 1 });
    expect(await session.request(LIST_CALL, whileCloning)).toMatchObject({ status: 200 });
    const [, second = 0, third = 0] = arrivals(LOGIN);
    expect(third - second).toBeGreaterThanOrEqual(60_000);
    expect(third - second).toBeLessThan(61_000);
    expect(told.map(([, line]) => line)).toContain(
      'vCenter refuses a new login while the clone runs; it is tried once more in a minute.',
    );
  });

  it('ends all logins, too, where that one is refused as well', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: '401', times: FOR_EVER });
    for (let request = 0; request < 3; request += 1) {
      expect(await rejection(session.request(LIST_CALL, whileCloning))).toMatchObject({
        ...{ status: 401, operation: LOGIN },
      });
    }
    expect(countOf(vcenter, LOGIN)).toBe(3);
  });

  it('B10: or whose response cannot be read three times, ends all logins', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: 'cut', times: FOR_EVER });
    for (let request = 0; request < 3; request += 1) {
      expect(await rejection(session.request(LIST_CALL, whileCloning))).toMatchObject({
        ...{ failure: 'unreadable', operation: LOGIN },
      });
    }
    expect(countOf(vcenter, LOGIN)).toBe(4);
  });

  it('only waits where vCenter cannot be reached', async () => {
    const { vcenter, clock, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: '503-unavailable', times: 20 });
    expect(await session.request(LIST_CALL, whileCloning)).toMatchObject({ status: 200 });
    expect(clock.now()).toBeGreaterThan(RETRY_TIMEOUT);
  });
});

describe('close', () => {
  it('logs out', async () => {
    const { vcenter, session } = await logIn();
    await session.close({ limit: 1_000 });
    expect(vcenter.calls()).toEqual([LOGIN, LOGOUT]);
    expect(vcenter.sessions()).toMatchObject({ opened: 1, open: 0 });
  });

  it('logs out once, and no request follows', async () => {
    const { vcenter, session } = await logIn();
    await session.close({ limit: 1_000 });
    await session.close({ limit: 1_000 });
    expect(await rejection(session.request(LIST_CALL, limits))).toMatchObject({
      message: 'the session is closed',
    });
    expect(vcenter.calls()).toEqual([LOGIN, LOGOUT]);
  });

  it('C2d: closes every session that was ever opened, also one that was given up while it was good', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault(REFUSED_WHILE_GOOD);
    await session.request(LIST_CALL, limits);
    expect(vcenter.sessions()).toMatchObject({ opened: 2, open: 2 });
    await session.close({ limit: 1_000 });
    expect(vcenter.sessions()).toMatchObject({ opened: 2, open: 0, closed: 2 });
  });

  it.each(['reset-before', '503-text', 'cut', '500-error'] as const)(
    'C2c: is retried after %s',
    async (kind) => {
      const { vcenter, session } = await logIn();
      vcenter.fault({ operation: LOGOUT, kind });
      await session.close({ limit: 2_000 });
      expect(vcenter.sessions()).toMatchObject({ open: 0 });
    },
  );

  it.each(['401', '500-error'] as const)('never throws, and only says so after %s', async (kind) => {
    const { vcenter, session, traced } = await logIn();
    vcenter.fault({ operation: LOGOUT, kind, times: FOR_EVER });
    await session.close({ limit: 500 });
    expect(traced.at(-1)).toMatch(/^A session was not closed: /);
  });

  it('ends within its limit where nothing answers', async () => {
    const { vcenter, clock, session, traced } = await logIn();
    vcenter.fault({ operation: LOGOUT, kind: 'late' });
    const before = clock.now();
    await session.close({ limit: 200 });
    expect(clock.now() - before).toBe(200);
    expect(traced.at(-1)).toMatch(/^A session was not closed: the logout took longer than 200 ms/);
  });

  it('C2d: closes the new session, too, where a renewal was still under way, and sends nothing more', async () => {
    const { vcenter, clock, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: 'late', delay: 200 });
    const request = rejection(session.request(LIST_CALL, limits));
    await vcenter.on({ operation: LOGIN, when: 'acted' });
    await session.close({ limit: 2_000 });
    await request;
    await clock.sleep(10_000);
    expect(vcenter.sessions()).toMatchObject({ opened: 2, open: 0, unknown: 0 });
    expect(vcenter.calls().slice(0, 3)).toEqual([LOGIN, LIST, LOGIN]);
    expect(new Set(vcenter.calls().slice(3))).toEqual(new Set([LOGOUT]));
  });
});

function countOf(vcenter: InProcessVcenter, wanted: Operation): number {
  return vcenter.calls().filter((operation) => operation === wanted).length;
}
