import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../../src/time/clock.ts';
import { DeadlineExceeded, Interrupted, withDeadline } from '../../../src/time/deadline.ts';
import { type Limits, openSession, type Session, type SessionOptions } from '../../../src/vcenter/session.ts';
import { openConnection } from '../../../src/vcenter/transport/connection.ts';
import { startVcenter, type Vcenter, type VcenterOptions } from '../../simulator/vcenter.ts';
import { rejection } from '../vcenter-answers.ts';
import { sends, startRawServer } from './raw-server.ts';

const LOGIN = 'POST /api/session';
const LOGOUT = 'DELETE /api/session';
const LIST = 'GET /api/vcenter/vm';
const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';

/** Pauses of no length, so that no test waits. */
const unhurried = { random: () => 0 };

const limits: Limits = { signal: new AbortController().signal, retryTimeout: 20_000 };

const LIST_CALL = {
  operation: LIST,
  answer: 'json',
  retry: 'always',
  query: { names: 'build-agent' },
} as const;

interface Client {
  readonly vcenter: Vcenter;
  readonly options: SessionOptions;
  readonly masked: readonly string[];
  readonly traced: readonly string[];
}

async function setUp(
  given: Partial<SessionOptions> & VcenterOptions & { requestTimeout?: number } = {},
): Promise<Client> {
  const vcenter = await startVcenter(given);
  const connection = openConnection({ ca: vcenter.caPem, insecure: false, env: {} });
  onTestFinished(async () => {
    connection.close();
    await vcenter.close();
  });
  const masked: string[] = [];
  const traced: string[] = [];
  return {
    vcenter,
    masked,
    traced,
    options: {
      endpoint: {
        server: vcenter.server,
        connection,
        clock: systemClock,
        requestTimeout: given.requestTimeout ?? 5_000,
        trace: (line) => traced.push(line),
      },
      username: given.username ?? vcenter.username,
      password: given.password ?? vcenter.password,
      mask: (secret) => masked.push(secret),
      ...unhurried,
    },
  };
}

async function logIn(
  given: Parameters<typeof setUp>[0] = {},
): Promise<Client & { readonly session: Session }> {
  const client = await setUp(given);
  return { ...client, session: await openSession(client.options, limits) };
}

describe('openSession', () => {
  it('logs in with a password of awkward characters, and masks all secrets before they are used', async () => {
    const { vcenter, options } = await setUp();
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
  });

  it('tells who it is, and where', async () => {
    const { vcenter, session } = await logIn();
    expect(session).toMatchObject({ username: vcenter.username, server: vcenter.server });
  });

  it('is refused once and for all by a 401: repeated tries lock accounts', async () => {
    const { vcenter, options } = await setUp();
    vcenter.fault({ operation: LOGIN, kind: '401', times: 1 });
    expect(await rejection(openSession(options, limits))).toMatchObject({ operation: LOGIN, status: 401 });
    expect(vcenter.calls()).toEqual([LOGIN]);
  });

  it('does not knock at a door that has too many sessions', async () => {
    const { vcenter, options } = await setUp({ behaviour: { sessionLimit: 0 } });
    expect(await rejection(openSession(options, limits))).toMatchObject({ status: 503 });
    expect(vcenter.calls()).toEqual([LOGIN]);
  });

  it.each(['reset-before', 'refused', '503-text', '502-html', '429', 'cut', 'not-json'] as const)(
    'gets over %s',
    async (kind) => {
      const { vcenter, options } = await setUp();
      vcenter.fault({ operation: LOGIN, kind, times: 2 });
      await openSession(options, limits);
      expect(vcenter.calls()).toEqual([LOGIN, LOGIN, LOGIN]);
    },
  );

  it.each([[''], [{ value: 'abc' }], [null]])('does not take %j for the id of a session', async (body) => {
    const { endpoint } = await startRawServer(sends(201, JSON.stringify(body)));
    const error = await rejection(
      openSession(
        { endpoint, username: 'u', password: 'p', mask: () => undefined, random: () => 1 },
        { ...limits, retryTimeout: 0 },
      ),
    );
    expect(error).toMatchObject({
      failure: 'unreadable',
      status: 201,
      messages: ['The answer to the login is no session id.'],
    });
  });

  it('does not ask again for a name that no server knows', async () => {
    const { options, traced } = await setUp();
    const endpoint = { ...options.endpoint, server: 'vcenter.invalid' };
    const error = await rejection(openSession({ ...options, endpoint }, { ...limits, retryTimeout: 0 }));
    expect(error).toMatchObject({ failure: 'network', sent: false, operation: LOGIN });
    expect(traced.filter((line) => line.startsWith(LOGIN))).toHaveLength(1);
  });

  it('closes what it has opened where the run is told to end while the answer is under way', async () => {
    const { vcenter, options } = await setUp();
    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    vcenter.fault({ operation: LOGIN, kind: 'late', delay: 300 });
    void vcenter.on({ operation: LOGIN, when: 'acted' }).then(() => controller.abort(reason));
    const error = await rejection(openSession(options, { ...limits, signal: controller.signal }));
    expect(error).toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(vcenter.sessions()).toMatchObject({ opened: 1, open: 0, unknown: 0 });
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
  ] as const)('is repeated after %s', async (kind) => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind, times: 2 });
    expect(await session.request(LIST_CALL, limits)).toMatchObject({
      status: 200,
      body: [expect.objectContaining({ name: 'build-agent' })],
    });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LIST, LIST]);
  });

  it('is repeated where it is not answered in time', async () => {
    const { vcenter, session } = await logIn({ requestTimeout: 300 });
    vcenter.fault({ operation: LIST, kind: 'late' });
    expect(await session.request(LIST_CALL, limits)).toMatchObject({ status: 200 });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LIST]);
  });

  it('is given up once the patience is over', async () => {
    const { vcenter, options } = await setUp();
    let now = 0;
    const clock: Clock = {
      now: () => now,
      date: () => new Date(),
      sleep: async (ms, signal) => {
        if (ms === options.endpoint.requestTimeout) {
          return new Promise(() => undefined); // the limit of a request, which does not run out here
        }
        signal?.throwIfAborted();
        now += ms;
      },
    };
    const endpoint = { ...options.endpoint, clock };
    const session = await openSession({ ...options, endpoint, random: () => 1 }, limits);
    vcenter.fault({ operation: LIST, kind: '503-text', times: Number.POSITIVE_INFINITY });
    const error = await rejection(session.request(LIST_CALL, { ...limits, retryTimeout: 4_000 }));
    expect(error).toMatchObject({ status: 503, operation: LIST });
    expect(vcenter.calls().slice(1)).toEqual([LIST, LIST, LIST, LIST]); // after 0, 0.5, 1.5 and 3.5 s
  });

  it('goes on without an end where only the signal ends it, and takes the trouble along', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: '503-text', times: Number.POSITIVE_INFINITY });
    const error = await rejection(
      withDeadline({ clock: systemClock, what: 'the clone', limit: 300 }, (signal) =>
        session.request(LIST_CALL, { signal, retryTimeout: Number.POSITIVE_INFINITY }),
      ),
    );
    expect(error).toBeInstanceOf(DeadlineExceeded);
    expect(error).toMatchObject({ what: 'the clone', trouble: { status: 503 } });
    expect(vcenter.calls().length).toBeGreaterThan(3);
  });

  it('is not repeated where vCenter has refused it', async () => {
    const { vcenter, session } = await logIn();
    const call = { ...LIST_CALL, operation: 'GET /api/vcenter/vm/{vm}', path: { vm: 'vm-999' }, query: {} };
    expect(await rejection(session.request(call, limits))).toMatchObject({ errorType: 'NOT_FOUND' });
    expect(vcenter.calls()).toHaveLength(2);
  });

  it('is not repeated where the failure is the answer', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: '503-unavailable', times: 2 });
    const isAnswer = ({ errorType }: { errorType: string | undefined }) =>
      errorType === 'SERVICE_UNAVAILABLE';
    expect(await rejection(session.request({ ...LIST_CALL, isAnswer }, limits))).toMatchObject({
      status: 503,
    });
    expect(vcenter.calls()).toEqual([LOGIN, LIST]);
  });
});

describe('a request that must not be sent twice', () => {
  const cloneCall = (name = 'pr-12') =>
    ({ operation: CLONE, answer: 'json', retry: 'unless-sent', body: { source: 'vm-42', name } }) as const;

  it.each([
    'reset-before',
    'reset-after',
    '503-text',
    '502-html-after',
    '429',
    'busy',
    '500-error',
    'cut',
  ] as const)('is left alone after %s', async (kind) => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: CLONE, kind });
    await rejection(session.request(cloneCall(), limits));
    expect(vcenter.calls()).toEqual([LOGIN, CLONE]);
  });

  it('is sent again where the server cannot have seen it', async () => {
    const { vcenter, session } = await logIn();
    await vcenter.refuseConnections();
    await systemClock.sleep(30); // the connection that was kept is known to be closed
    const answer = session.request(cloneCall(), limits);
    await systemClock.sleep(30);
    await vcenter.acceptConnections();
    expect(await answer).toMatchObject({ status: 202 });
    expect(vcenter.calls().filter((operation) => operation === CLONE)).toHaveLength(1);
  });

  it('is sent again after a 401, which comes before anything is done', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    expect(await session.request(cloneCall(), limits)).toMatchObject({ status: 202 });
    expect(vcenter.calls()).toEqual([LOGIN, CLONE, LOGIN, CLONE]);
    expect(vcenter.tasks()).toHaveLength(1);
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

  it('counts as not sent where vCenter refused it for its session, and the new login fails', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: 'reset-before', times: Number.POSITIVE_INFINITY });
    const error = await rejection(session.request(cloneCall(), { ...limits, retryTimeout: -1 }));
    expect(error).toMatchObject({ name: 'VcenterError', sent: false });
    expect(vcenter.tasks()).toEqual([]);
  });
});

describe('an expired session', () => {
  it('is renewed, and the new id masked', async () => {
    const { vcenter, session, masked, traced } = await logIn();
    vcenter.expireSessions();
    expect(await session.request(LIST_CALL, limits)).toMatchObject({ status: 200 });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LOGIN, LIST]);
    expect(traced).toContain('The session has expired; logging in again.');
    for (const secret of vcenter.secrets()) {
      expect(masked).toContain(secret.replace(/^Basic /, ''));
    }
  });

  it('is renewed once for all calls that find it so', async () => {
    const { vcenter, session } = await logIn({ behaviour: { latency: 30 } });
    vcenter.expireSessions();
    await Promise.all([1, 2, 3].map(() => session.request(LIST_CALL, limits)));
    expect(vcenter.calls().filter((operation) => operation === LOGIN)).toHaveLength(2);
    expect(vcenter.sessions()).toMatchObject({ opened: 2, unknown: 0 });
  });

  it('is not renewed for a call whose 401 comes after the new login', async () => {
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

  it('is renewed again, too, where it expires twice while one request is repeated', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: '401' });
    vcenter.fault({ operation: LIST, kind: '503-text' });
    vcenter.fault({ operation: LIST, kind: '401' });
    expect(await session.request(LIST_CALL, limits)).toMatchObject({ status: 200 });
    const looks = vcenter.exchanges.filter(({ operation }) => operation === LIST);
    expect(looks.map(({ status }) => status)).toEqual([401, 503, 401, 200]);
  });

  it('is not renewed without end: a new one that is refused at once is an error', async () => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LIST, kind: '401', times: Number.POSITIVE_INFINITY });
    expect(await rejection(session.request(LIST_CALL, limits))).toMatchObject({
      status: 401,
      operation: LIST,
    });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LOGIN, LIST]);
  });

  it('cannot be renewed where the password is no longer good', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: '401' });
    expect(await rejection(session.request(LIST_CALL, limits))).toMatchObject({
      status: 401,
      operation: LOGIN,
    });
    expect(vcenter.calls()).toEqual([LOGIN, LIST, LOGIN]);
  });

  it('is renewed for the others where the call that began with it is told to end', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: 'late', delay: 200 });
    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    const first = rejection(session.request(LIST_CALL, { ...limits, signal: controller.signal }));
    await vcenter.on({ operation: LOGIN, when: 'received' });
    const second = session.request(LIST_CALL, limits);
    await vcenter.on({ operation: LIST, when: 'answered' });
    await systemClock.sleep(30); // the second waits for the login of the first
    controller.abort(reason);
    expect(await first).toBe(reason);
    expect(await second).toMatchObject({ status: 200 });
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

  it.each(['reset-before', '503-text', 'cut'] as const)('is repeated after %s', async (kind) => {
    const { vcenter, session } = await logIn();
    vcenter.fault({ operation: LOGOUT, kind });
    await session.close({ limit: 2_000 });
    expect(vcenter.sessions()).toMatchObject({ open: 0 });
  });

  it.each(['401', '500-error'] as const)('never throws, and only says so after %s', async (kind) => {
    const { vcenter, session, traced } = await logIn();
    vcenter.fault({ operation: LOGOUT, kind, times: Number.POSITIVE_INFINITY });
    await session.close({ limit: 500 });
    expect(traced.at(-1)).toMatch(/^The session was not closed: DELETE \/api\/session: /);
  });

  it('ends within its limit where nothing answers', async () => {
    const { vcenter, session, traced } = await logIn();
    vcenter.fault({ operation: LOGOUT, kind: 'late' });
    const before = systemClock.now();
    await session.close({ limit: 200 });
    expect(systemClock.now() - before).toBeLessThan(2_000);
    expect(traced.at(-1)).toMatch(/^The session was not closed: the logout took longer than 200 ms/);
  });

  it('closes the new session, too, where a renewal was still under way', async () => {
    const { vcenter, session } = await logIn();
    vcenter.expireSessions();
    vcenter.fault({ operation: LOGIN, kind: 'late', delay: 200 });
    const request = rejection(session.request(LIST_CALL, limits));
    await vcenter.on({ operation: LOGIN, when: 'acted' });
    await session.close({ limit: 2_000 });
    await request;
    expect(vcenter.sessions()).toMatchObject({ opened: 2, open: 0, unknown: 0 });
  });
});

describe('serverTime', () => {
  it("goes by the server's clock", async () => {
    const hour = 3_600_000;
    const { session } = await logIn({ behaviour: { serverClockOffset: hour } });
    const ahead = session.serverTime().getTime() - Date.now();
    expect(Math.abs(ahead - hour)).toBeLessThan(2_500); // the header tells whole seconds
    await systemClock.sleep(60);
    expect(session.serverTime().getTime() - Date.now()).toBeGreaterThan(ahead - 30);
  });

  it.each([
    ['sends no date', {}],
    ['sends a date that is none', { date: 'yesterday' }],
  ])("goes by this machine's clock where the server %s", async (_, headers) => {
    const { endpoint } = await startRawServer((response) => {
      response.sendDate = false;
      sends(201, '"abc"', headers)(response);
    });
    const session = await openSession(
      { endpoint, username: 'u', password: 'p', mask: () => undefined, random: () => 0 },
      limits,
    );
    expect(Math.abs(session.serverTime().getTime() - Date.now())).toBeLessThan(1_000);
  });
});
