import { describe, expect, it, onTestFinished } from 'vitest';
import { startVcenter } from '../../simulator/vcenter.ts';
import { createPlainClient } from '../../support/client.ts';
import { startViVcenter } from '../../support/vi-client.ts';

const content = '/sdk/vim25/8.0.1.0/ServiceInstance/ServiceInstance/content';
const name = 'VirtualMachine/vm-42/name';
const notAuthenticated = { status: 500, body: { _typeName: 'NotAuthenticated' } };

function credentials({ username, password }: { readonly username: string; readonly password: string }) {
  return { userName: username, password };
}

describe('the probe', () => {
  it('V2: content needs no session, and names the managers', async () => {
    const { send } = await startViVcenter();
    expect(await send('GET', content)).toMatchObject({
      status: 200,
      body: {
        _typeName: 'ServiceContent',
        rootFolder: { type: 'Folder', value: 'group-d1' },
        propertyCollector: { value: 'propertyCollector' },
        sessionManager: { type: 'SessionManager', value: 'SessionManager' },
        about: { version: '8.0.3', apiType: 'VirtualCenter' },
      },
    });
  });

  it('V2: a vCenter before 8.0 U1 has neither the probe nor anything else', async () => {
    const { send, post, get } = await startViVcenter({ behaviour: { viJson: 'none' }, sendsNonsense: true });
    expect(await send('GET', content)).toMatchObject({ status: 404, text: '' });
    expect(await get(name)).toMatchObject({ status: 404 });
    expect(await post('SessionManager/SessionManager/Login', {})).toMatchObject({ status: 404 });
  });

  it('V13: the 500 of an old server is no fault but XML', async () => {
    const { send } = await startViVcenter({ behaviour: { viJson: 'none', viAbsence: '500-xml' } });
    const reply = await send('GET', content);
    expect(reply.status).toBe(500);
    expect(reply.header('content-type')).toContain('text/xml');
    expect(reply.text).toMatch(/^<\?xml .*<soapenv:Fault>/s);
  });

  it('V1: a release that the server does not have is answered like an old server', async () => {
    const { send, vcenter } = await startViVcenter({ sendsNonsense: true });
    const later = content.replace('8.0.1.0', '9.1.0.0');
    expect(await send('GET', later)).toMatchObject({ status: 404 });
    vcenter.behaviour.viAbsence = '500-xml';
    expect(await send('GET', later)).toMatchObject({ status: 500, body: undefined });
    expect(vcenter.calls().at(-1)).toBe('unknown');
  });
});

describe('sessions', () => {
  it('V4: since 8.0 U3 the token of the REST API is taken, and the session is one', async () => {
    const { get, post, rest, vcenter } = await startViVcenter();
    expect(await get(name)).toMatchObject({ status: 200, body: 'ubuntu-24.04' });
    expect(await post('SessionManager/SessionManager/Logout')).toMatchObject({ status: 204, text: '' });
    expect(await get(name)).toMatchObject(notAuthenticated);
    expect(await rest('GET', '/api/vcenter/vm')).toMatchObject({ status: 401 });
    expect(vcenter.sessions()).toMatchObject({ opened: 1, closed: 1, open: 0 });
  });

  it('V4: before that each API has sessions of its own; the token is in the header of the response', async () => {
    const client = await startViVcenter({ behaviour: { viJson: 'separate' } });
    const { get, post, rest, vcenter } = client;
    const restToken = client.token();
    expect(await get(name)).toMatchObject(notAuthenticated);
    const login = await post('SessionManager/SessionManager/Login', credentials(vcenter));
    const token = login.header('vmware-api-session-id') ?? '';
    expect(login).toMatchObject({ status: 200, body: { _typeName: 'UserSession' } });
    expect(login.text).not.toContain(token);
    client.useToken(token);
    expect(await get(name)).toMatchObject({ status: 200 });
    expect(await rest('GET', '/api/vcenter/vm')).toMatchObject({ status: 401 });
    expect(vcenter.sessions()).toMatchObject({ opened: 2, open: 2 });
    client.useToken(restToken);
    expect(await rest('GET', '/api/vcenter/vm')).toMatchObject({ status: 200 });
  });

  it('V5: two sessions are ended one by one, and both tokens are secrets', async () => {
    const client = await startViVcenter({ behaviour: { viJson: 'separate' } });
    const { post, rest, vcenter } = client;
    const tokens = [client.token()];
    const login = await post('SessionManager/SessionManager/Login', credentials(vcenter));
    tokens.push(login.header('vmware-api-session-id') ?? '');
    await rest('DELETE', '/api/session');
    expect(vcenter.sessions()).toMatchObject({ open: 1, closed: 1 });
    client.useToken(tokens[1] ?? '');
    await post('SessionManager/SessionManager/Logout');
    expect(vcenter.sessions()).toMatchObject({ open: 0, closed: 2 });
    expect(vcenter.secrets()).toEqual(expect.arrayContaining([...tokens, vcenter.password]));
  });

  it('V6: an expired or unknown token is NotAuthenticated, with the object that was asked', async () => {
    const client = await startViVcenter();
    client.vcenter.expireSessions();
    expect(await client.get(name)).toMatchObject({
      status: 500,
      body: {
        _typeName: 'NotAuthenticated',
        object: { type: 'VirtualMachine', value: 'vm-42' },
        privilegeId: '',
        faultstring: 'The session is not authenticated.',
      },
    });
    client.useToken('unknown');
    expect(await client.post('Task/task-1/CancelTask')).toMatchObject(notAuthenticated);
    expect(client.vcenter.sessions()).toMatchObject({ expired: 1 });
  });

  it('refuses a wrong password, and hides every password in its log', async () => {
    const { post, vcenter } = await startViVcenter();
    expect(
      await post('SessionManager/SessionManager/Login', { userName: vcenter.username, password: 'guessed' }),
    ).toMatchObject({ status: 500, body: { _typeName: 'InvalidLogin' } });
    await post('SessionManager/SessionManager/Login', credentials(vcenter));
    const logged = JSON.stringify(vcenter.exchanges);
    expect(vcenter.secrets()).toContain('guessed');
    for (const secret of ['guessed', JSON.stringify(vcenter.password).slice(1, -1)]) {
      expect(logged).not.toContain(secret);
    }
    expect(vcenter.sessions()).toMatchObject({ opened: 2 });
  });

  it('currentSession is not set for whoever is not logged in', async () => {
    const client = await startViVcenter();
    const path = 'SessionManager/SessionManager/currentSession';
    expect(await client.get(path)).toMatchObject({
      status: 200,
      body: { _typeName: 'UserSession', userName: 'svc-ci@VSPHERE.LOCAL' },
    });
    client.useToken('unknown');
    expect(await client.get(path)).toMatchObject({ status: 200, body: null });
  });

  it('counts both kinds against the limit where they are one', async () => {
    const { post, vcenter } = await startViVcenter({ behaviour: { sessionLimit: 1 } });
    const login = () => post('SessionManager/SessionManager/Login', credentials(vcenter));
    expect(await login()).toMatchObject({ status: 500, body: { _typeName: 'SystemError' } });
    vcenter.behaviour.viJson = 'separate';
    expect(await login()).toMatchObject({ status: 200 });
  });
});

describe('over a socket', () => {
  it('a login has its token in the header, and an empty result no body', async () => {
    const vcenter = await startVcenter({ behaviour: { viJson: 'separate', viUnset: 'empty' } });
    const client = createPlainClient(vcenter);
    onTestFinished(async () => {
      client.close();
      await vcenter.close();
    });
    const base = '/sdk/vim25/8.0.1.0';
    const login = await client.call('POST', `${base}/SessionManager/SessionManager/Login`, {
      body: credentials(vcenter),
    });
    const token = String(login.headers['vmware-api-session-id']);
    const headers = { 'vmware-api-session-id': token };
    const parent = await client.call('GET', `${base}/Folder/group-d1/parent`, { headers });
    expect(parent).toMatchObject({ status: 200, text: '' });
    const logout = await client.call('POST', `${base}/SessionManager/SessionManager/Logout`, { headers });
    expect(logout).toMatchObject({ status: 204, text: '' });
    expect(vcenter.sessions()).toMatchObject({ opened: 1, open: 0, closed: 1 });
  });
});
