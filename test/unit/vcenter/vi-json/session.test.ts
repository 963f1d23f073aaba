import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../../src/time/deadline.ts';
import { type Limits, openSession, type Session } from '../../../../src/vcenter/session.ts';
import { isLoginRefused, VcenterError } from '../../../../src/vcenter/transport/error.ts';
import { invoke, viOperation } from '../../../../src/vcenter/vi-json/invoke.ts';
import { rejection } from '../../../support/vcenter-answers.ts';
import { createViServer, credentials, notAuthenticated, type ViServer } from '../../../support/vi-server.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const limits: Limits = { signal: new AbortController().signal, retryTimeout: 20_000 };

const REST_LOGIN = 'POST /api/session';
const REST_LOGOUT = 'DELETE /api/session';
const LIST = 'GET /api/vcenter/vm';
const PROBE = 'GET /sdk/ServiceInstance/ServiceInstance/content';
const LOGIN = 'POST /sdk/SessionManager/sessions-1/Login';
const LOGOUT = 'POST /sdk/SessionManager/sessions-1/Logout';
const TASK = 'GET /sdk/Task/task-1/info';

interface Client {
  readonly server: ViServer;
  readonly session: Session;
  readonly masked: readonly string[];
  readonly traced: readonly string[];
  /** Something of VI/JSON. */
  task(given?: Limits): Promise<unknown>;
  list(): Promise<unknown>;
}

async function logIn(isUnified: boolean): Promise<Client> {
  const server = createViServer({ isUnified });
  const clock = createVirtualClock();
  const masked: string[] = [];
  const traced: string[] = [];
  const endpoint = {
    ...{ server: 'vcenter.example', connection: server.connection, clock, requestTimeout: 30_000 },
    trace: (line: string) => traced.push(line),
  };
  const session = await openSession(
    {
      ...{ endpoint, ...credentials, random: () => 0.5, tell: () => undefined },
      mask: (secret) => masked.push(secret),
    },
    limits,
  );
  const operation = viOperation('GET', 'Task', 'info');
  return {
    ...{ server, session, masked, traced },
    task: (given = limits) => invoke(session, { operation, moId: 'task-1', expects: 'json' }, given),
    list: async () =>
      (await session.request({ operation: LIST, expects: 'json', retry: 'always' }, limits)).body,
  };
}

const close = (session: Session) => session.close({ limit: 10_000 });

describe('a session that does not need VI/JSON', () => {
  it('V3: sends not one request more', async () => {
    const { server, session, list } = await logIn(false);
    await list();
    await close(session);
    expect(server.requests).toEqual([REST_LOGIN, LIST, REST_LOGOUT]);
  });
});

describe('the probe', () => {
  it('V2: reads the ids of the managers without a session, once', async () => {
    const { server, session } = await logIn(true);
    const [first, second] = await Promise.all([session.viJson(limits), session.viJson(limits)]);
    expect(first).toEqual({
      ...{ sessionManager: 'sessions-1', propertyCollector: 'collector-1', rootFolder: 'root-1' },
      ...{ searchIndex: 'index-1', viewManager: 'views-1', version: '8.0.3' },
    });
    expect(second).toBe(first);
    expect(await session.viJson(limits)).toBe(first);
    expect(server.requests).toEqual([REST_LOGIN, PROBE]);
    expect(server.received[1]?.headers).not.toHaveProperty('vmware-api-session-id');
  });

  it('V1: and all that follows has the release 8.0.1.0 in its path, and V7: goes to the same server', async () => {
    const { server, session, task } = await logIn(false);
    await session.viJson(limits);
    await task();
    await close(session);
    const urls = server.received.map(({ url }) => url).filter((url) => url.includes('/sdk'));
    expect(urls).toHaveLength(5);
    for (const url of urls) {
      expect(url).toMatch(/^https:\/\/vcenter\.example\/sdk\/vim25\/8\.0\.1\.0\/\w+\/[\w-]+\/\w+$/);
    }
  });

  it.each([
    ['a 404 of an older server', { status: 404, text: 'Not Found' }],
    ['a 400', { status: 400, body: { error_type: 'INVALID_ARGUMENT' } }],
    ['a 500 with a SOAP fault (ESXi)', { status: 500, text: '<?xml version="1.0"?><soapenv:Envelope/>' }],
    ['a 500 with a page', { status: 500, text: '<html>Error</html>' }],
    ['a 200 with a page', { status: 200, text: '<html>Welcome</html>' }],
    ['a 200 without a session manager', { status: 200, body: { about: {} } }],
    ['a 200 without a body', { status: 200 }],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }],
  ])('V2: takes %s for no VI/JSON, for good', async (_, answer) => {
    const { server, session } = await logIn(true);
    server.next(PROBE, answer);
    expect(await session.viJson(limits)).toBeUndefined();
    expect(await session.viJson(limits)).toBeUndefined();
    expect(server.requests).toEqual([REST_LOGIN, PROBE]);
  });

  it.each([
    ['502', { status: 502, text: '<html>Bad Gateway</html>' }],
    ['503', { status: 503, text: 'no healthy upstream' }],
    ['429', { status: 429 }],
    ['a response that is cut off', { status: 200, isCut: true }],
    ['a broken connection', new Error('socket hang up')],
  ])('V2: is retried after %s', async (_, failure) => {
    const { server, session } = await logIn(true);
    server.next(PROBE, failure, failure);
    expect(await session.viJson(limits)).toMatchObject({ sessionManager: 'sessions-1' });
    expect(server.requests).toEqual([REST_LOGIN, PROBE, PROBE, PROBE]);
  });

  it('V2: fails after the retry timeout, and may succeed when it is asked again', async () => {
    const { server, session } = await logIn(true);
    server.next(PROBE, { status: 503 });
    const now = { ...limits, retryTimeout: 0 };
    expect(await rejection(session.viJson(now))).toMatchObject({ status: 503 });
    expect(await session.viJson(now)).toMatchObject({ sessionManager: 'sessions-1' });
  });

  it('V2: does not outlive the patience of whoever asks', async () => {
    const { server, session } = await logIn(true);
    server.next(PROBE, { status: 503 }, { status: 503 });
    const controller = new AbortController();
    const asked = session.viJson({ signal: controller.signal, retryTimeout: 20_000 });
    controller.abort(new Interrupted('SIGINT'));
    expect(await rejection(asked)).toBeInstanceOf(Interrupted);
  });
});

describe('the session of VI/JSON', () => {
  it('V4: is that of the REST API where vCenter takes it (8.0 U3)', async () => {
    const { server, session, task } = await logIn(true);
    await task();
    await task();
    await close(session);
    expect(server.requests).toEqual([REST_LOGIN, TASK, TASK, REST_LOGOUT]);
    expect(server.open).toEqual(new Set());
  });

  it('V4: is one of its own where vCenter does not (8.0 U1, U2), and V5: both are closed', async () => {
    const { server, session, masked, task, list } = await logIn(false);
    await Promise.all([task(), task(), list()]);
    await task();
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(1);
    expect(server.open.size).toBe(2);
    expect(server.received.at(-1)?.headers['vmware-api-session-id']).toMatch(/^vi-session-/);
    expect(masked).toEqual(expect.arrayContaining([...server.open]));
    await close(session);
    expect(server.requests.slice(-2).sort()).toEqual([REST_LOGOUT, LOGOUT]);
    expect(server.open).toEqual(new Set());
  });

  it('V5: its token is masked before it is used, and neither it nor the password is in the trace', async () => {
    const { server, masked, traced, task } = await logIn(false);
    server.next(TASK, notAuthenticated(), notAuthenticated());
    await task();
    expect(masked).toContain(credentials.password);
    for (const secret of [...server.open, credentials.password]) {
      expect(masked).toContain(secret);
      expect(traced.join('\n')).not.toContain(secret);
    }
  });

  it('V6: is renewed once for all requests that find it ended', async () => {
    const { server, session, task } = await logIn(false);
    await task();
    server.expire();
    await Promise.all([task(), task(), task()]);
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(2);
    expect(server.requests.filter((each) => each === REST_LOGIN)).toHaveLength(1);
    await close(session);
  });

  it("V6: that is the REST API's is renewed there, for both", async () => {
    const { server, session, task, list } = await logIn(true);
    await task();
    server.expire();
    await task();
    await list();
    await close(session);
    expect(server.requests).toEqual([
      ...[REST_LOGIN, TASK, TASK, REST_LOGIN, TASK, LIST],
      ...[REST_LOGOUT, REST_LOGOUT],
    ]);
    expect(server.open).toEqual(new Set());
  });

  it('V6: gets one of its own where a fresh one of the REST API is refused after all', async () => {
    const { server, task } = await logIn(true);
    await task();
    server.next(TASK, notAuthenticated(), notAuthenticated(), notAuthenticated());
    await task();
    expect(server.requests.filter((each) => each === REST_LOGIN)).toHaveLength(2);
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(1);
  });

  it('V6: is not renewed for what a host has refused', async () => {
    const { server, task } = await logIn(true);
    server.next(TASK, notAuthenticated('HostSystem', 'host-9'));
    expect(await rejection(task())).toMatchObject({
      fault: { name: 'NotAuthenticated', object: { type: 'HostSystem', id: 'host-9' } },
    });
    expect(server.requests).toEqual([REST_LOGIN, TASK]);
  });

  it('V6: is not renewed for a request that must not be sent twice', async () => {
    const { server, session } = await logIn(false);
    const request = {
      operation: viOperation('POST', 'VirtualMachine', 'CloneVM_Task'),
      moId: 'vm-42',
      expects: 'json',
      retry: 'unless-sent',
    } as const;
    expect(await rejection(invoke(session, request, limits))).toMatchObject({
      fault: { name: 'NotAuthenticated' },
    });
    expect(server.requests).toEqual([REST_LOGIN, 'POST /sdk/VirtualMachine/vm-42/CloneVM_Task']);
  });

  it('V4: is opened with user and password, and its token read from the header, whatever the body', async () => {
    const { server, session, task } = await logIn(false);
    const headers = { 'vmware-api-session-id': 'vi-session-9' };
    server.next(LOGIN, { status: 200, headers, isCut: true });
    server.next(TASK, notAuthenticated(), { status: 200, body: {} });
    await task();
    const login = server.received[server.requests.indexOf(LOGIN)];
    expect(JSON.parse(login?.body ?? '')).toEqual({
      ...{ userName: credentials.username, password: credentials.password },
    });
    expect(login?.headers).not.toHaveProperty('vmware-api-session-id');
    await close(session);
    expect(server.received.at(-1)?.headers).toMatchObject(headers);
  });
});

describe('a login of VI/JSON that fails', () => {
  const invalidLogin = {
    status: 500,
    body: { _typeName: 'InvalidLogin', faultstring: 'Cannot complete login.' },
  };

  it('V6: is never retried where user and password are refused, not even while a clone runs', async () => {
    const { server, task } = await logIn(false);
    server.next(LOGIN, invalidLogin, invalidLogin);
    const error = await rejection(task({ ...limits, isCloneRunning: true }));
    expect(isLoginRefused(error)).toBe(true);
    expect(error).toMatchObject({ title: 'Login refused', errorType: 'UNAUTHENTICATED' });
    expect(await rejection(task())).toBe(error);
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(1);
  });

  it('V6: is tried once more, a minute later, where a session was there before and a clone runs', async () => {
    const { server, task } = await logIn(false);
    await task();
    server.expire();
    server.next(LOGIN, invalidLogin);
    expect(await task({ ...limits, isCloneRunning: true })).toMatchObject({ type: 'Task' });
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(3);
  });

  it('V6: does not end the requests of the REST API', async () => {
    const { server, task, list } = await logIn(false);
    server.next(LOGIN, invalidLogin);
    await rejection(task());
    expect(await list()).toEqual([]);
  });

  it('V6: is refused for want of a privilege, once, in words that say so', async () => {
    const { server, task } = await logIn(false);
    server.next(LOGIN, { status: 500, body: { _typeName: 'NoPermission', privilegeId: 'System.View' } });
    const error = await rejection(task());
    expect(isLoginRefused(error)).toBe(false);
    expect(String((error as VcenterError).text)).toContain('missing: System.View');
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(1);
  });

  it.each([
    ['a broken connection', new Error('socket hang up')],
    ['a response without a token', { status: 200, body: {} }],
    ['a token that no header can hold', { status: 200, headers: { 'vmware-api-session-id': 'two words' } }],
    ['a 500 that is no fault', { status: 500, text: '<html>Error</html>' }],
  ])('V5: is tried three times at most after %s, since each may leave a session', async (_, failure) => {
    const { server, task } = await logIn(false);
    server.next(LOGIN, failure, failure, failure, failure);
    const error = await rejection(task({ ...limits, retryTimeout: Number.POSITIVE_INFINITY }));
    expect(error).toBeInstanceOf(VcenterError);
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(3);
    expect(await rejection(task())).toBe(error);
  });

  it('V5: gets over what opens no session', async () => {
    const { server, task } = await logIn(false);
    const unavailable = { status: 503, text: 'no healthy upstream' };
    server.next(LOGIN, unavailable, unavailable, unavailable, unavailable);
    expect(await task()).toMatchObject({ type: 'Task' });
    expect(server.requests.filter((each) => each === LOGIN)).toHaveLength(5);
  });

  it('V5: does not take a lost probe on the way to it for a lost login', async () => {
    const { server, task } = await logIn(false);
    const lost = new Error('socket hang up');
    server.next(PROBE, lost, lost, lost, lost);
    expect(await task()).toMatchObject({ type: 'Task' });
    server.expire();
    expect(await task()).toMatchObject({ type: 'Task' });
    expect(server.requests.filter((each) => each === PROBE)).toHaveLength(5);
  });

  it('V5: is not given up for good where the probe on the way to it is lost', async () => {
    const { server, task } = await logIn(false);
    server.next(PROBE, new Error('socket hang up'));
    const now = { ...limits, retryTimeout: 0 };
    expect(await rejection(task(now))).toMatchObject({ failure: 'network' });
    expect(await task(now)).toMatchObject({ type: 'Task' });
  });

  it('V5: shows no password that comes back in the refusal', async () => {
    const { server, task } = await logIn(false);
    const faultstring = `Wrong: ${credentials.password}`;
    server.next(LOGIN, { status: 500, body: { _typeName: 'InvalidLogin', faultstring } });
    expect((await rejection(task())) as VcenterError).toMatchObject({ messages: ['Wrong: ***'] });
  });
});

describe('a result that is not set', () => {
  const parent = async (
    answer: { readonly status: number; readonly text?: string },
    expects: 'json' | 'optional',
  ) => {
    const { server, session } = await logIn(true);
    server.next('GET /sdk/Folder/group-d1/parent', answer);
    const operation = viOperation('GET', 'Folder', 'parent');
    return invoke(session, { operation, moId: 'group-d1', expects }, { ...limits, retryTimeout: 0 });
  };

  it.each([
    ['null', { status: 200, text: 'null' }],
    ['an empty body', { status: 200, text: '' }],
    ['a 204', { status: 204 }],
  ])('V11: may come as %s, which is an error where a result is needed', async (_, answer) => {
    expect(await parent(answer, 'optional')).toBeUndefined();
    expect(await rejection(parent(answer, 'json'))).toMatchObject({ failure: 'unreadable' });
  });
});
