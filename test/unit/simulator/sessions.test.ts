import { describe, expect, it } from 'vitest';
import { basic } from '../../support/client.ts';
import { refusal, useVcenter } from '../../support/vcenter-fixture.ts';

const start = useVcenter();

describe('sessions', () => {
  it('opens with 201 and a JSON string, shows itself, and closes with 204 and no body', async () => {
    const { vcenter, client } = await start();
    const opened = vcenter.exchanges[0];
    expect(opened).toMatchObject({ operation: 'POST /api/session', status: 201, session: 1 });
    expect(await client.call('GET', '/api/session')).toMatchObject({
      status: 200,
      body: { user: 'svc-ci@VSPHERE.LOCAL' },
    });
    const closed = await client.call('DELETE', '/api/session');
    expect(closed).toMatchObject({ status: 204, text: '' });
    expect(closed.headers['content-type']).toBeUndefined();
    expect(vcenter.sessions()).toEqual({ open: 0, opened: 1, closed: 1, expired: 0, unknown: 0 });
  });

  it.each([
    ['a wrong password', { authorization: basic('svc-ci@vsphere.local', 'wrong') }],
    ['no credentials', {}],
  ])('refuses a login with %s by 401 and a challenge', async (_, headers) => {
    const { client } = await start();
    const reply = await client.call('POST', '/api/session', { headers });
    expect(reply.status).toBe(401);
    expect(reply.body).toMatchObject({ error_type: 'UNAUTHENTICATED', challenge: expect.any(String) });
  });

  it('refuses a call without a session, with a closed one and with an expired one by 401', async () => {
    const { vcenter, client } = await start();
    vcenter.expireSessions();
    const expired = await client.call('GET', '/api/vcenter/vm');
    await client.login();
    await client.call('DELETE', '/api/session');
    const closed = await client.call('GET', '/api/vcenter/vm');
    const unknown = await client.call('GET', '/api/vcenter/vm', {
      headers: { 'vmware-api-session-id': 'x' },
    });
    expect([expired.status, closed.status, unknown.status]).toEqual([401, 401, 401]);
    expect(vcenter.sessions()).toMatchObject({ opened: 2, closed: 1, expired: 1, open: 0 });
  });

  it('ends a session that is idle for too long, and keeps one that is used', async () => {
    const { vcenter, client } = await start({ behaviour: { sessionIdleTimeout: 250 } });
    for (let count = 0; count < 6; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await client.call('GET', '/api/session')).status).toBe(200);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await client.call('GET', '/api/session')).status).toBe(401);
    expect(vcenter.sessions()).toMatchObject({ open: 0, expired: 1 });
  });

  it('refuses a session over the limit by 503, with the message that names it', async () => {
    const { client } = await start({ behaviour: { sessionLimit: 1 } });
    const reply = await client.call('POST', '/api/session', {
      headers: { authorization: basic('svc-ci@vsphere.local', `p@ss: wörd"'%&$+#\\/=`) },
    });
    expect(reply.status).toBe(503);
    expect(refusal(reply.body).id).toBe('com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached');
  });

  it('hides secrets in its log, but knows them all', async () => {
    const { vcenter, client } = await start();
    const token = await client.login();
    await client.call('GET', '/api/session');
    const seen = JSON.stringify(vcenter.exchanges.map(({ headers }) => headers));
    expect(vcenter.secrets()).toEqual(
      expect.arrayContaining([vcenter.password, token, basic(vcenter.username, vcenter.password)]),
    );
    for (const secret of vcenter.secrets()) expect(seen).not.toContain(secret);
    expect(vcenter.exchanges.at(-1)).toMatchObject({ session: 2, connection: 1 });
  });

  it('shows the time of the server in its answers', async () => {
    const hour = 60 * 60 * 1000;
    const { client } = await start({ behaviour: { serverClockOffset: hour } });
    const reply = await client.call('GET', '/api/session');
    const { created_time } = reply.body as { created_time: string };
    expect(Date.parse(created_time) - Date.now()).toBeGreaterThan(hour / 2);
    expect(Date.parse(String(reply.headers.date)) - Date.now()).toBeGreaterThan(hour / 2);
  });
});
