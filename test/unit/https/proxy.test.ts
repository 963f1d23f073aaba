import { describe, expect, it, onTestFinished } from 'vitest';
import { connectErrorOf } from '../../../src/https/connect-error.ts';
import { findProxy } from '../../../src/https/proxy.ts';
import { type AgentOptions, createAgent } from '../../../src/https/tls.ts';
import { certificateProblem } from '../../support/certificate-problem.ts';
import { makeIdentity } from '../../support/certificates.ts';
import { type ProxyOptions, startProxy } from '../../support/proxy.ts';
import { closedPort, get, startTcpServer, startTlsServer } from '../../support/tls-server.ts';

const ca = makeIdentity({ subject: 'Test CA', isCa: true });
const good = makeIdentity({
  subject: 'vcenter',
  issuer: ca,
  dnsNames: ['localhost', 'vcenter.example'],
  addresses: [
    [127, 0, 0, 1],
    [...Array<number>(15).fill(0), 1],
  ],
});

function agentFor(env: NodeJS.ProcessEnv, options: Partial<AgentOptions> = {}) {
  const agent = createAgent({ insecure: false, env, ca: ca.cert, ...options });
  onTestFinished(() => agent.destroy());
  return agent;
}

async function proxyFor(options: ProxyOptions = {}) {
  const proxy = await startProxy(options);
  onTestFinished(() => proxy.close());
  return proxy;
}

describe('a connection through a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])('is made for %s, and checked against the own CA', async (name) => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor();
    expect(await get(agentFor({ [name]: proxy.url }), `localhost:${server.port}`)).toBe(200);
    expect(proxy.connects).toEqual([
      {
        target: `localhost:${server.port}`,
        host: `localhost:${server.port}`,
        authorization: undefined,
        status: 200,
      },
    ]);
  });

  it('is kept for the next request', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor();
    const agent = agentFor({ HTTPS_PROXY: proxy.url });
    await get(agent, `localhost:${server.port}`);
    await get(agent, `localhost:${server.port}`);
    expect(proxy.connects).toHaveLength(1);
  });

  it('leaves the look-up of the name to the proxy', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor({ route: () => `127.0.0.1:${server.port}` });
    expect(await get(agentFor({ HTTPS_PROXY: proxy.url }), 'vcenter.example')).toBe(200);
    expect(proxy.connects[0]?.target).toBe('vcenter.example:443');
  });

  it("B17: keeps the dot at the end of a server's name for the look-up, and out of the handshake", async () => {
    const names: string[] = [];
    const SNICallback = (name: string, done: (error: null) => void) => {
      names.push(name);
      done(null);
    };
    const server = await startTlsServer({ ...good, SNICallback });
    const other = await startTlsServer({
      ...makeIdentity({ subject: 'vc', issuer: ca, dnsNames: ['other'] }),
      SNICallback,
    });
    const proxy = await proxyFor({
      route: (target) => `127.0.0.1:${target.endsWith(':443') ? server.port : other.port}`,
    });
    const agent = agentFor({ HTTPS_PROXY: proxy.url });
    expect(await get(agent, 'vcenter.example.')).toBe(200);
    expect(proxy.connects[0]?.target).toBe('vcenter.example.:443');
    expect(certificateProblem(await get(agent, 'vcenter.example.:8443'))).toContain(
      "not made out for 'vcenter.example' but",
    );
    expect(new Set(names)).toEqual(new Set(['vcenter.example']));
  });

  it('A1: tells what made the certificate trusted', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor();
    const agent = agentFor({ HTTPS_PROXY: proxy.url });
    expect(await get(agent, `localhost:${server.port}`)).toBe(200);
    expect(agent.trustAnchor()).toEqual({ caCertificate: ca.cert });
  });

  it('writes an IPv6 address in brackets', async () => {
    const server = await startTlsServer({ ...good, address: '::1' });
    const proxy = await proxyFor();
    expect(await get(agentFor({ HTTPS_PROXY: proxy.url }), `[::1]:${server.port}`)).toBe(200);
    expect(proxy.connects[0]?.target).toBe(`[::1]:${server.port}`);
  });

  it('carries nothing readable', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor();
    await get(agentFor({ HTTPS_PROXY: proxy.url }), `localhost:${server.port}`);
    expect(server.applicationBytes).toBeGreaterThan(0);
    expect(proxy.bytesToServers().toString('latin1')).not.toContain('GET /api');
  });

  it('gives the user and password of its URL to the proxy', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor({ credentials: { username: 'ci', password: 'p@ss: wörd/%' } });
    expect(await get(agentFor({ HTTPS_PROXY: proxy.url }), `localhost:${server.port}`)).toBe(200);
  });

  it('is checked as any other: wrong host', async () => {
    const server = await startTlsServer(
      makeIdentity({ subject: 'vc', issuer: ca, dnsNames: ['elsewhere.example'] }),
    );
    const proxy = await proxyFor();
    const error = await get(agentFor({ HTTPS_PROXY: proxy.url }), `localhost:${server.port}`);
    expect(certificateProblem(error)).toContain("not made out for 'localhost' but for elsewhere.example");
    await expect.poll(() => server.open).toBe(0);
    expect(server.applicationBytes).toBe(0);
  });

  it('is checked as any other: fingerprint', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor();
    const env = { HTTPS_PROXY: proxy.url };
    const error = await get(agentFor(env, { fingerprint: ca.fingerprint }), `localhost:${server.port}`);
    expect(certificateProblem(error)).toContain(good.fingerprint);
    await expect.poll(() => server.open).toBe(0);
    expect(server.applicationBytes).toBe(0);
    expect(await get(agentFor(env, { fingerprint: good.fingerprint }), `localhost:${server.port}`)).toBe(200);
  });

  it('ends with the agent', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor();
    const agent = agentFor({ HTTPS_PROXY: proxy.url });
    await get(agent, `localhost:${server.port}`);
    expect(proxy.openTunnels()).toBe(1);
    agent.destroy();
    await expect.poll(() => proxy.openTunnels()).toBe(0);
  });

  it('goes past the proxy for what NO_PROXY names', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor();
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: 'other.example, localhost' };
    expect(await get(agentFor(env), `localhost:${server.port}`)).toBe(200);
    expect(await get(agentFor(env), `127.0.0.1:${server.port}`)).toBe(200);
    expect(proxy.connects.map(({ target }) => target)).toEqual([`127.0.0.1:${server.port}`]);
  });

  it('does not trust an https:// proxy because vCenter is not checked', async () => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor({ tls: good, credentials: { username: 'ci', password: 'secret' } });
    const error = await get(
      agentFor({ HTTPS_PROXY: proxy.url }, { insecure: true }),
      `localhost:${server.port}`,
    );
    expect(connectErrorOf(error)?.message).toContain(`The proxy https://${proxy.address} cannot be reached`);
    expect(proxy.connects).toHaveLength(0);
  });
});

describe('a proxy that fails', () => {
  it.each([
    [407, true, 'ERR_PROXY_REFUSED', 'Proxy Authentication Required'],
    [403, true, 'ERR_PROXY_REFUSED', 'Forbidden'],
    [502, false, 'ERR_PROXY_TUNNEL', 'Bad Gateway'],
    [429, false, 'ERR_PROXY_TUNNEL', 'Too Many Requests'],
  ])('is named with what it says, never with its password: %i', async (status, isPermanent, code, words) => {
    const server = await startTlsServer(good);
    const proxy = await proxyFor({ refuse: status, credentials: { username: 'ci', password: 'sesame' } });
    const error = await get(agentFor({ HTTPS_PROXY: proxy.url }), `localhost:${server.port}`);
    expect(error).toMatchObject({ code });
    expect(connectErrorOf(error)).toMatchObject({
      isPermanent,
      message: `The proxy http://${proxy.address} refuses a connection to localhost:${server.port}: HTTP ${status} ${words}`,
    });
    expect(String(error)).not.toContain('sesame');
    expect(server.connections).toBe(0);
  });

  it('wants a password that its URL does not have', async () => {
    const proxy = await proxyFor({ credentials: { username: 'ci', password: 'sesame' } });
    const error = await get(agentFor({ HTTPS_PROXY: `http://${proxy.address}` }), 'vcenter.example');
    expect(connectErrorOf(error)?.message).toContain('HTTP 407');
  });

  it('does not listen', async () => {
    const port = await closedPort();
    const error = await get(
      agentFor({ HTTPS_PROXY: `http://ci:sesame@127.0.0.1:${port}` }),
      'vcenter.example',
    );
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(connectErrorOf(error)).toMatchObject({
      isPermanent: false,
      message: `The proxy http://127.0.0.1:${port} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  it('hangs up', async () => {
    const { port } = await startTcpServer((socket) => socket.once('data', () => socket.destroy()));
    const error = await get(agentFor({ HTTPS_PROXY: `http://127.0.0.1:${port}` }), 'vcenter.example');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(connectErrorOf(error)?.message).toContain(`The proxy http://127.0.0.1:${port} cannot be reached`);
  });

  it('hangs up after the tunnel stood', async () => {
    const { port } = await startTcpServer((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.once('data', () => socket.end());
      }),
    );
    const error = await get(agentFor({ HTTPS_PROXY: `http://127.0.0.1:${port}` }), 'vcenter.example');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(connectErrorOf(error)?.message).toContain(
      `No connection to vcenter.example:443 (through the proxy http://127.0.0.1:${port}): `,
    );
  });

  it('never answers, and is left when the agent ends', async () => {
    const proxy = await proxyFor({ silent: true });
    const agent = agentFor({ HTTPS_PROXY: proxy.url });
    const answer = get(agent, 'vcenter.example');
    await expect.poll(() => proxy.connects).toHaveLength(1);
    agent.destroy();
    expect(connectErrorOf(await answer)).toBeDefined();
  });

  it.each(['socks5://user:sesame@proxy:1080', 'http://', 'http://user:sesame@pro xy', '::'])(
    'is none: %s',
    async (value) => {
      const error = await get(agentFor({ HTTPS_PROXY: value }), 'vcenter.example');
      expect(error).toMatchObject({ code: 'ERR_PROXY_INVALID_CONFIG' });
      expect(connectErrorOf(error)).toMatchObject({ isPermanent: true });
      expect(String(error)).toContain('HTTPS_PROXY');
      expect(String(error)).not.toContain('sesame');
    },
  );
});

describe('findProxy', () => {
  const target = { host: 'vcenter.corp.example', port: 443 };
  const proxy = 'http://proxy.example:3128';

  it.each([
    ['http://proxy.example:3128', { protocol: 'http:', host: 'proxy.example', port: 3128 }],
    ['proxy.example:3128', { protocol: 'http:', host: 'proxy.example', port: 3128 }],
    ['proxy.example', { protocol: 'http:', host: 'proxy.example', port: 80 }],
    ['HTTP://Proxy.Example', { protocol: 'http:', host: 'proxy.example', port: 80 }],
    ['https://proxy.example/', { protocol: 'https:', host: 'proxy.example', port: 443 }],
    ['http://[2001:db8::1]:8080', { protocol: 'http:', host: '2001:db8::1', port: 8080 }],
  ])('reads %s', (value, expected) => {
    expect(findProxy({ HTTPS_PROXY: value }, target)).toMatchObject(expected);
  });

  it('keeps user and password out of the URL for people', () => {
    expect(findProxy({ HTTPS_PROXY: 'http://u%40x:100%@proxy.example:3128' }, target)).toMatchObject({
      url: 'http://proxy.example:3128',
      authorization: `Basic ${btoa('u@x:100%')}`,
    });
  });

  it('prefers the lower-case names and takes an empty value for none', () => {
    expect(findProxy({ HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower' }, target)?.host).toBe(
      'lower',
    );
    expect(findProxy({ HTTPS_PROXY: proxy, NO_PROXY: '*', no_proxy: 'x.example' }, target)).toBeDefined();
    expect(findProxy({ HTTPS_PROXY: ' ' }, target)).toBeUndefined();
    expect(findProxy({ HTTP_PROXY: proxy }, target)).toBeUndefined();
  });

  it.each([
    ['*', 'vcenter.corp.example', true],
    ['vcenter.corp.example', 'vcenter.corp.example', true],
    ['VCENTER.Corp.example', 'vcenter.corp.example.', true],
    ['corp.example', 'vcenter.corp.example', true],
    ['.corp.example', 'vcenter.corp.example', true],
    ['*.corp.example', 'vcenter.corp.example', true],
    ['a.example b.example,corp.example', 'vcenter.corp.example', true],
    ['orp.example', 'vcenter.corp.example', false],
    ['vcenter', 'vcenter.corp.example', false],
    [',, .,', 'vcenter.corp.example', false],
    ['corp.example:443', 'vcenter.corp.example', true],
    ['corp.example:8443', 'vcenter.corp.example', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3:443', '10.1.2.3', true],
    ['10.1.2.3:444', '10.1.2.3', false],
    ['10.0.0.0/8', '10.1.2.3', true],
    ['10.0.0.0/8', '11.1.2.3', false],
    ['10.0.0.0/33,10.0.0.0/x,/8,fd00::/8', '10.1.2.3', false],
    ['2.3', '10.1.2.3', false],
    ['2001:DB8:0::1', '2001:db8::1', true],
    ['[2001:db8::1]', '2001:db8::1', true],
    ['[2001:db8::1]:443', '2001:db8::1', true],
    ['[2001:db8::1]:8443', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8::1', true],
    ['2001:db9::/32', '2001:db8::1', false],
  ])('NO_PROXY=%s and %s', (exceptions, host, isException) => {
    const found = findProxy({ HTTPS_PROXY: proxy, NO_PROXY: exceptions }, { host, port: 443 });
    expect(found === undefined).toBe(isException);
  });
});
