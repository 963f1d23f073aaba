import { describe, expect, it } from 'vitest';
import { type FaultSpec, startVcenter } from '../../simulator/vcenter.ts';
import {
  basic,
  type CallOptions,
  clonePath,
  createPlainClient,
  type PlainClient,
} from '../../support/client.ts';
import { useVcenter } from '../../support/vcenter-fixture.ts';

const start = useVcenter();
const clone = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
const spec = { source: 'vm-42', name: 'new' };

/** The status and the start of the body, or the code of the error. */
async function outcome(client: PlainClient, options: CallOptions = {}): Promise<string> {
  try {
    const reply = await client.call('POST', clonePath, { body: spec, giveUpAfter: 5000, ...options });
    return `${reply.status} ${reply.headers['content-type']} ${reply.text.slice(0, 30)}`;
  } catch (error) {
    return String((error as { code?: string }).code);
  }
}

const kinds: readonly (readonly [Omit<FaultSpec, 'operation'>, RegExp, acted: boolean])[] = [
  [{ kind: 'refused' }, /^ECONNRESET$/, false],
  [{ kind: 'reset-before' }, /^ECONNRESET$/, false],
  [{ kind: 'reset-after' }, /^ECONNRESET$/, true],
  [{ kind: 'late' }, /^ABORT_ERR$/, true],
  [{ kind: 'late', delay: 30 }, /^202 application\/json "/, true],
  [{ kind: 'late-act', delay: 30 }, /^202 application\/json "/, true],
  [{ kind: 'late-act' }, /^ABORT_ERR$/, false],
  [{ kind: '401' }, /^401 application\/json .*UNAUTHENTICATED/, false],
  [{ kind: '429' }, /^429 text\/plain Too Many/, false],
  [{ kind: '429', text: '' }, /^429 text\/plain $/, false],
  [{ kind: 'busy' }, /^500 application\/json .*RESOURCE_BUSY/, false],
  [{ kind: '502-html' }, /^502 text\/html <html>/, false],
  [{ kind: '502-html-after' }, /^502 text\/html <html>/, true],
  [{ kind: '503-text' }, /^503 text\/plain no healthy upstream$/, false],
  [{ kind: '503-unavailable' }, /^503 application\/json .*SERVICE_UN/, false],
  [{ kind: '503-unavailable-after' }, /^503 application\/json .*SERVICE_UN/, true],
  [{ kind: '500-error' }, /^500 application\/json .*"ERROR"/, false],
  [{ kind: 'cut' }, /^ECONNRESET$/, true],
  [{ kind: 'not-json' }, /^202 text\/html <html>/, true],
  [{ kind: 'redirect' }, /^302 undefined $/, false],
  [{ kind: 'slow-body' }, /^ABORT_ERR$/, true],
  [{ kind: 'custom', answer: { status: 418, body: { a: 1 } } }, /^418 application\/json {"a":1}$/, false],
  [{ kind: 'custom', answer: { status: 504, body: 'gone', act: true } }, /^504 undefined gone$/, true],
];

describe('a fault', () => {
  it.each(kinds)('%o', async (fault, seen, acted) => {
    const { vcenter, client } = await start();
    const handle = vcenter.fault({ operation: clone, ...fault });
    // Only a fault that never answers has to be given up on.
    const giveUpAfter = seen.source.includes('ABORT_ERR') ? 100 : 5000;
    expect(await outcome(client, { giveUpAfter })).toMatch(seen);
    expect(vcenter.tasks()).toHaveLength(acted ? 1 : 0);
    expect(handle.exchanges).toHaveLength(1);
    expect(vcenter.exchanges.at(-1)).toMatchObject({ operation: clone, fault: fault.kind });

    if (fault.kind === '401') await client.login();
    const after = await client.call('GET', '/api/vcenter/vm');
    expect(after.status).toBe(200);
    expect(vcenter.exchanges.at(-1)?.fault).toBeUndefined();
  });

  it('befalls the calls that are meant, and no others', async () => {
    const { vcenter, client } = await start();
    const handle = vcenter.fault({
      operation: ['GET /api/vcenter/vm', 'GET /api/vcenter/folder'],
      kind: '503-text',
      nth: 2,
      times: 2,
      when: ({ query }) => query['names']?.[0] !== 'spared',
      headers: { 'retry-after': '1' },
      name: 'overload',
    });
    const statuses: number[] = [];
    for (const path of ['vm', 'vm?names=spared', 'vm', 'network', 'folder', 'vm']) {
      statuses.push((await client.call('GET', `/api/vcenter/${path}`)).status);
    }
    expect(statuses).toEqual([200, 200, 503, 200, 503, 200]);
    expect(handle.exchanges.map(({ fault }) => fault)).toEqual(['overload', 'overload']);
  });

  it('may last until it is removed', async () => {
    const { vcenter, client } = await start();
    const fault = vcenter.fault({ operation: '*', kind: 'busy', times: Number.POSITIVE_INFINITY });
    for (let count = 0; count < 3; count += 1)
      expect((await client.call('GET', '/api/session')).status).toBe(500);
    fault.remove();
    expect((await client.call('GET', '/api/session')).status).toBe(200);
  });

  it('must name an operation that exists', async () => {
    const { vcenter } = await start();
    const operation = 'GET /api/vcenter/vms' as 'GET /api/vcenter/vm';
    expect(() => vcenter.fault({ operation, kind: 'busy' })).toThrow(
      'No such operation: GET /api/vcenter/vms',
    );
  });

  it.each(['reset-after', 'cut', 'not-json', 'late', 'slow-body', '502-html-after'] as const)(
    '%s at login leaves a session that no client knows',
    async (kind) => {
      const { vcenter, client } = await start();
      vcenter.fault({ operation: 'POST /api/session', kind });
      const authorization = basic(vcenter.username, vcenter.password);
      await client
        .call('POST', '/api/session', { headers: { authorization }, giveUpAfter: 100 })
        .catch(() => undefined);
      expect(vcenter.sessions()).toMatchObject({ opened: 2, open: 1, unknown: 1 });
    },
  );

  it('401 ends the session, except at login', async () => {
    const { vcenter, client } = await start();
    vcenter.fault({ operation: 'POST /api/session', kind: '401' });
    const authorization = basic(vcenter.username, vcenter.password);
    expect((await client.call('POST', '/api/session', { headers: { authorization } })).status).toBe(401);
    expect(vcenter.sessions()).toMatchObject({ open: 1 });
    vcenter.fault({ operation: 'GET /api/session', kind: '401' });
    await client.call('GET', '/api/session');
    expect((await client.call('GET', '/api/session')).status).toBe(401);
    expect(vcenter.sessions()).toMatchObject({ open: 0, expired: 1 });
  });
});

describe('the connection', () => {
  it('is refused while nobody listens', async () => {
    const { vcenter } = await start();
    await vcenter.refuseConnections();
    // A client without open connections: one of those would see a reset first.
    const newcomer = createPlainClient(vcenter);
    expect(await outcome(newcomer)).toBe('ECONNREFUSED');
    await vcenter.acceptConnections();
    expect(await outcome(newcomer)).toMatch(/^401/);
    newcomer.close();
  });

  it.each(['expired', 'other-host'] as const)(
    'with a certificate that is %s fails the check',
    async (certificate) => {
      const vcenter = await startVcenter({ certificate });
      const client = createPlainClient(vcenter);
      await expect(client.login()).rejects.toMatchObject({
        code: { expired: 'CERT_HAS_EXPIRED', 'other-host': 'ERR_TLS_CERT_ALTNAME_INVALID' }[certificate],
      });
      expect(vcenter.exchanges).toEqual([]);
      await vcenter.close();
    },
  );

  it('shows how many requests are under way', async () => {
    const { vcenter, client } = await start({ behaviour: { latency: 150 } });
    const before = performance.now();
    await Promise.all([client.call('GET', '/api/vcenter/vm'), client.call('GET', '/api/vcenter/host')]);
    expect(performance.now() - before).toBeGreaterThanOrEqual(149);
    expect(vcenter.exchanges.slice(1).map(({ inFlightAtArrival }) => inFlightAtArrival)).toEqual([0, 1]);
  });

  it('tells tests the moments of an exchange, in order', async () => {
    const { vcenter, client } = await start({ behaviour: { latency: 10 } });
    const moments: string[] = [];
    const wait = (when: 'received' | 'acted' | 'answered', nth: number) =>
      vcenter.on({ operation: 'GET /api/vcenter/vm', when, nth }).then((exchange) => {
        moments.push(`${when} ${exchange.query['names']?.[0]}`);
      });
    const all = [wait('answered', 2), wait('acted', 2), wait('received', 2), wait('received', 1)];
    await client.call('GET', '/api/vcenter/vm?names=a');
    await client.call('GET', '/api/vcenter/vm?names=b');
    await Promise.all(all);
    expect(moments).toEqual(['received a', 'received b', 'acted b', 'answered b']);
  });

  it('rejects what can no longer happen when the simulator closes', async () => {
    const { vcenter } = await start();
    const never = vcenter.on({ operation: '*', when: 'received' });
    await vcenter.close();
    await expect(never).rejects.toThrow('closed before');
  });
});
