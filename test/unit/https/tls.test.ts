import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { CertificateError, CertificateMismatch } from '../../../src/https/certificate-error.ts';
import { connectErrorOf } from '../../../src/https/connect-error.ts';
import { type AgentOptions, createAgent } from '../../../src/https/tls.ts';
import { certificateProblem } from '../../support/certificate-problem.ts';
import { makeIdentity } from '../../support/certificates.ts';
import { closedPort, get, startTcpServer, startTlsServer } from '../../support/tls-server.ts';

const LOOPBACK = [127, 0, 0, 1];
const LOOPBACK_6 = [...Array<number>(15).fill(0), 1];

const ca = makeIdentity({ subject: 'Test CA', isCa: true });
const otherCa = makeIdentity({ subject: 'Other CA', isCa: true });
const intermediate = makeIdentity({ subject: 'Intermediate CA', issuer: ca, isCa: true });
const good = makeIdentity({
  subject: 'vcenter',
  issuer: ca,
  dnsNames: ['localhost'],
  addresses: [LOOPBACK, LOOPBACK_6],
});
const selfSigned = makeIdentity({ subject: 'self-made', dnsNames: ['localhost'] });

function agentFor(options: Partial<AgentOptions> = {}) {
  const agent = createAgent({ insecure: false, env: {}, ...options });
  onTestFinished(() => agent.destroy());
  return agent;
}

describe('a chain that is checked', () => {
  it('ends at the CA that was given', async () => {
    const server = await startTlsServer(good);
    expect(await get(agentFor({ ca: ca.cert }), `localhost:${server.port}`)).toBe(200);
  });

  it('may end at any of several CAs in one PEM', async () => {
    const server = await startTlsServer(good);
    expect(await get(agentFor({ ca: otherCa.cert + ca.cert }), `localhost:${server.port}`)).toBe(200);
  });

  it('may end at an intermediate CA, without the root above it', async () => {
    const server = await startTlsServer(
      makeIdentity({ subject: 'vcenter', issuer: intermediate, dnsNames: ['localhost'] }),
    );
    expect(await get(agentFor({ ca: intermediate.cert }), `localhost:${server.port}`)).toBe(200);
  });

  it('may end at the certificate itself, where it is self-signed', async () => {
    const server = await startTlsServer(selfSigned);
    expect(await get(agentFor({ ca: selfSigned.cert }), `localhost:${server.port}`)).toBe(200);
  });

  it('is checked against an IPv4 and an IPv6 address', async () => {
    const four = await startTlsServer(good);
    const six = await startTlsServer({ ...good, address: '::1' });
    const agent = agentFor({ ca: ca.cert });
    expect(await get(agent, `127.0.0.1:${four.port}`)).toBe(200);
    expect(await get(agent, `[::1]:${six.port}`)).toBe(200);
  });

  it('keeps the connection for the next request', async () => {
    const server = await startTlsServer(good);
    const agent = agentFor({ ca: ca.cert });
    await get(agent, `localhost:${server.port}`);
    await get(agent, `localhost:${server.port}`);
    expect(server.connections).toBe(1);
  });

  it.each([
    [
      'a self-signed certificate',
      selfSigned,
      {},
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'it is signed by itself and not among the public CAs',
    ],
    [
      'an unknown issuer',
      good,
      {},
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'no chain leads from it to the public CAs.',
    ],
    [
      'an unknown issuer that came along',
      { ...good, cert: good.cert + ca.cert },
      {},
      'SELF_SIGNED_CERT_IN_CHAIN',
      'no chain leads from it to the public CAs.',
    ],
    [
      'the wrong CA',
      good,
      { ca: otherCa.cert },
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'no chain leads from it to the public CAs and the one given',
    ],
    [
      'an expired certificate',
      makeIdentity({ subject: 'old', issuer: ca, dnsNames: ['localhost'], validTo: -1 }),
      { ca: ca.cert },
      'CERT_HAS_EXPIRED',
      'has expired',
    ],
    [
      'a certificate of the future',
      makeIdentity({ subject: 'young', issuer: ca, dnsNames: ['localhost'], validFrom: 1 }),
      { ca: ca.cert },
      'CERT_NOT_YET_VALID',
      'is not valid yet',
    ],
    [
      'another host',
      makeIdentity({
        subject: 'vc',
        issuer: ca,
        dnsNames: ['vc.example', 'vc'],
        addresses: [[192, 0, 2, 1]],
      }),
      { ca: ca.cert },
      'ERR_TLS_CERT_ALTNAME_INVALID',
      "it is not made out for 'localhost' but for vc.example, vc, 192.0.2.1",
    ],
    [
      'a certificate without names',
      makeIdentity({ subject: 'nameless', issuer: ca }),
      { ca: ca.cert },
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'but for no host at all',
    ],
  ])('refuses %s before anything is sent', async (_, identity, trust, code, why) => {
    const server = await startTlsServer(identity);
    const error = await get(agentFor(trust), `localhost:${server.port}`);
    expect(error).toMatchObject({ name: 'FetchError', code });
    const text = certificateProblem(error) ?? '';
    expect(text).toContain(`The certificate of localhost:${server.port} is not accepted: `);
    expect(text).toContain(why);
    expect(text).toContain('issued by CN=');
    expect(text).toMatch(/until \w{3} .{15,17} GMT/);
    expect(text).toContain(identity.fingerprint);
    expect(text).not.toMatch(/[\r\n]/);
    await expect.poll(() => server.open).toBe(0);
    expect(server.applicationBytes).toBe(0);
    expect(connectErrorOf(error)).toBeInstanceOf(CertificateError);
    expect(connectErrorOf(error)?.isPermanent).toBe(true);
  });

  it('is checked anew on every connection, also after one was accepted', async () => {
    const identity = makeIdentity({ subject: 'vc', issuer: ca, dnsNames: ['localhost'] });
    const server = await startTlsServer({ ...identity, maxVersion: 'TLSv1.2' });
    const agent = agentFor({ ca: ca.cert });
    expect(await get(agent, `localhost:${server.port}`)).toBe(200);
    const bytes = server.applicationBytes;
    server.show(makeIdentity({ subject: 'vc', issuer: ca, dnsNames: ['elsewhere.example'] }));
    for (const socket of Object.values(agent.freeSockets).flat()) {
      socket?.destroy();
    }
    expect(certificateProblem(await get(agent, `localhost:${server.port}`))).toContain('elsewhere.example');
    await expect.poll(() => server.open).toBe(0);
    expect(server.resumed).toBe(0);
    expect(server.applicationBytes).toBe(bytes);
  });

  it('keeps the text of a certificate short and on one line', async () => {
    const nasty = makeIdentity({
      subject: `evil\n::error::gotcha${'x'.repeat(5000)}`,
      issuer: ca,
      dnsNames: Array.from({ length: 40 }, (_, index) => `host-${index}.example`),
    });
    const server = await startTlsServer(nasty);
    const text = certificateProblem(await get(agentFor({ ca: ca.cert }), `localhost:${server.port}`)) ?? '';
    expect(text).toContain('host-9.example and 30 more');
    expect(text.split('\n')).toHaveLength(1);
    expect(text.length).toBeLessThan(1500);
  });
});

describe('A1: what made a certificate trusted', () => {
  const leaf = makeIdentity({ subject: 'vcenter', issuer: intermediate, dnsNames: ['localhost'] });
  const withIntermediate = { ...leaf, cert: leaf.cert + intermediate.cert };
  const others = Array.from({ length: 120 }, (_, index) =>
    makeIdentity({ subject: `CA ${index}`, isCa: true }),
  ).map(({ cert }) => cert);
  const oldCa = makeIdentity({ subject: 'Test CA', isCa: true, keyOf: ca, validTo: -1 });
  const hugeCa = makeIdentity({ subject: 'x'.repeat(7_000), isCa: true });

  it.each([
    ['its CA among 121', good, [...others.slice(60), ca.cert, ...others.slice(0, 60)].join(''), ca.cert],
    ['the root above an intermediate', withIntermediate, others.join('') + ca.cert, ca.cert],
    ['an intermediate alone', leaf, intermediate.cert + others.join(''), intermediate.cert],
    ['the one that is nearer', withIntermediate, ca.cert + intermediate.cert, intermediate.cert],
    ['the certificate itself', selfSigned, others.join('') + selfSigned.cert, selfSigned.cert],
    ['the renewed of two with one key', good, oldCa.cert + ca.cert, ca.cert],
  ])('is %s, and enough for the next process', async (_, shown, given, expected) => {
    const server = await startTlsServer(shown);
    const agent = agentFor({ ca: given });
    expect(agent.trustAnchor()).toBeUndefined();
    expect(await get(agent, `localhost:${server.port}`)).toBe(200);
    expect(agent.trustAnchor()).toEqual({ caCertificate: expected });
    expect(await get(agentFor({ ca: expected }), `localhost:${server.port}`)).toBe(200);
  });

  it("is the server's fingerprint where the CA's certificate is too long to be kept", async () => {
    const identity = makeIdentity({ subject: 'vcenter', issuer: hugeCa, dnsNames: ['localhost'] });
    const server = await startTlsServer(identity);
    const agent = agentFor({ ca: hugeCa.cert });
    expect(await get(agent, `localhost:${server.port}`)).toBe(200);
    expect(agent.trustAnchor()).toEqual({ fingerprint: identity.fingerprint });
  });

  it.each([
    ['a fingerprint', { fingerprint: good.fingerprint, ca: ca.cert }],
    ['insecure', { insecure: true, ca: ca.cert }],
  ])('is nothing that was given in `ca`, with %s', async (_, trust) => {
    const server = await startTlsServer(good);
    const agent = agentFor(trust);
    expect(await get(agent, `localhost:${server.port}`)).toBe(200);
    expect(agent.trustAnchor()).toBeUndefined();
  });

  it('is nothing where the certificate was refused', async () => {
    const server = await startTlsServer(good);
    const agent = agentFor({ ca: otherCa.cert });
    expect(await get(agent, `localhost:${server.port}`)).toBeInstanceOf(Error);
    expect(agent.trustAnchor()).toBeUndefined();
  });
});

describe('a fingerprint', () => {
  it('is checked instead of chain and name', async () => {
    const server = await startTlsServer(
      makeIdentity({ subject: 'old', dnsNames: ['elsewhere.example'], validTo: -1 }),
    );
    const other = await startTlsServer(selfSigned);
    const agent = agentFor({ fingerprint: selfSigned.fingerprint });
    expect(await get(agent, `127.0.0.1:${other.port}`)).toBe(200);
    expect(await get(agent, `127.0.0.1:${server.port}`)).toBeInstanceOf(Error);
  });

  it('may be written without colons and in lower case', async () => {
    const server = await startTlsServer(selfSigned);
    const fingerprint = selfSigned.fingerprint.replaceAll(':', '').toLowerCase();
    expect(await get(agentFor({ fingerprint }), `localhost:${server.port}`)).toBe(200);
  });

  it.each([
    ['alone', {}],
    ['with the CA that signed the certificate', { ca: ca.cert }],
    ['with insecure', { insecure: true }],
  ])('that differs ends the connection before a byte is sent: %s', async (_, trust) => {
    const server = await startTlsServer(good);
    const error = await get(
      agentFor({ fingerprint: otherCa.fingerprint, ...trust }),
      `localhost:${server.port}`,
    );
    expect(error).toMatchObject({ code: 'ERR_CERTIFICATE_FINGERPRINT' });
    const mismatch = connectErrorOf(error);
    expect(mismatch).toBeInstanceOf(CertificateMismatch);
    expect(mismatch).toMatchObject({
      expected: otherCa.fingerprint,
      certificate: { fingerprint: good.fingerprint },
    });
    expect(certificateProblem(error)).toContain(good.fingerprint);
    await expect.poll(() => server.open).toBe(0);
    expect(server.connections).toBe(1);
    expect(server.applicationBytes).toBe(0);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is looked at on every connection: %s', async (version) => {
    const server = await startTlsServer({ ...good, minVersion: version, maxVersion: version });
    const agent = agentFor({ fingerprint: good.fingerprint });
    expect(await get(agent, `localhost:${server.port}`)).toBe(200);
    const bytes = server.applicationBytes;
    expect(bytes).toBeGreaterThan(0);
    server.show(selfSigned);
    for (const socket of Object.values(agent.freeSockets).flat()) {
      socket?.destroy();
    }
    expect(connectErrorOf(await get(agent, `localhost:${server.port}`))).toBeInstanceOf(CertificateMismatch);
    await expect.poll(() => server.open).toBe(0);
    expect(server.connections).toBe(2);
    expect(server.resumed).toBe(0);
    expect(server.applicationBytes).toBe(bytes);
  });
});

describe('insecure', () => {
  it('accepts everything', async () => {
    const server = await startTlsServer(
      makeIdentity({ subject: 'old', dnsNames: ['elsewhere.example'], validTo: -1 }),
    );
    expect(await get(agentFor({ insecure: true }), `localhost:${server.port}`)).toBe(200);
  });
});

describe('a connection that cannot be made', () => {
  it('is told from one that broke: refused', async () => {
    const port = await closedPort();
    const error = await get(agentFor(), `127.0.0.1:${port}`);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(connectErrorOf(error)).toMatchObject({
      isPermanent: false,
      message: `No connection to 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
    expect(certificateProblem(error)).toBeUndefined();
  });

  it('has a message also where every address of a name failed', async () => {
    const port = await closedPort();
    const error = await get(agentFor(), `localhost:${port}`);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(connectErrorOf(error)?.message).toContain(`connect ECONNREFUSED 127.0.0.1:${port}`);
  });

  it('is told from one that broke: unknown name', async () => {
    const error = await get(agentFor(), 'vcenter.invalid:443');
    expect(error).toMatchObject({ code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
    expect(connectErrorOf(error)?.message).toContain('vcenter.invalid');
  });

  it('is told from one that broke: closed during the handshake', async () => {
    const { port } = await startTcpServer((socket) => socket.once('data', () => socket.end()));
    const error = await get(agentFor(), `127.0.0.1:${port}`);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(connectErrorOf(error)).toMatchObject({ isPermanent: false });
  });

  it('is told from one that broke: reset after the request', async () => {
    const server = await startTlsServer({ ...good, resets: true });
    const error = await get(agentFor({ ca: ca.cert }), `localhost:${server.port}`);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(server.applicationBytes).toBeGreaterThan(0);
    expect(connectErrorOf(error)).toBeUndefined();
  });

  it('says that the port speaks plain HTTP', async () => {
    const { port } = await startTcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(connectErrorOf(await get(agentFor(), `127.0.0.1:${port}`))).toMatchObject({
      isPermanent: true,
      message: `127.0.0.1:${port} does not speak TLS: the port seems to be wrong.`,
    });
  });

  it('says that the server knows old TLS only', async () => {
    const server = await startTlsServer({
      ...good,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    expect(connectErrorOf(await get(agentFor({ insecure: true }), `127.0.0.1:${server.port}`))).toMatchObject(
      {
        isPermanent: true,
        message: `127.0.0.1:${server.port} offers no TLS 1.2 or later.`,
      },
    );
  });
});

describe('destroy', () => {
  it('closes idle connections', async () => {
    const server = await startTlsServer(good);
    const agent = agentFor({ ca: ca.cert });
    await get(agent, `localhost:${server.port}`);
    expect(server.open).toBe(1);
    agent.destroy();
    await expect.poll(() => server.open).toBe(0);
  });

  it('ends a handshake that hangs', async () => {
    const server = await startTcpServer((socket) => socket.resume());
    const agent = agentFor();
    const answer = get(agent, `127.0.0.1:${server.port}`);
    await expect.poll(() => server.open).toBe(1);
    agent.destroy();
    expect(connectErrorOf(await answer)?.message).toContain('the connections were closed');
    await expect.poll(() => server.open).toBe(0);
  });

  it('makes no connection afterwards', async () => {
    const server = await startTlsServer(good);
    const agent = agentFor({ ca: ca.cert });
    agent.destroy();
    const error = await get(agent, `localhost:${server.port}`);
    expect(connectErrorOf(error)?.message).toContain('the connections were closed');
    expect(server.connections).toBe(0);
  });
});

describe('in a process of its own', () => {
  const run = promisify(execFile);
  const root = resolve(import.meta.dirname, '../../..');
  const script = `
    import fetch from 'node-fetch';
    import { createAgent } from './src/https/tls.ts';
    const agent = createAgent({ insecure: false, env: {}, ...JSON.parse(process.argv[2]) });
    const answer = await fetch(process.argv[1], { agent }).catch((error) => error);
    await answer.text?.();
    console.log(answer.status ?? answer.code, ...Object.keys(agent.trustAnchor() ?? {}));
  `;
  const node = async (url: string, trust: object, env: NodeJS.ProcessEnv = {}) => {
    const { stdout } = await run(
      process.execPath,
      ['--input-type=module-typescript', '-e', script, url, JSON.stringify(trust)],
      { cwd: root, env: { ...process.env, ...env }, timeout: 5000 },
    );
    return stdout.trim();
  };

  it('an idle connection does not keep the process alive', async () => {
    const server = await startTlsServer(good);
    expect(await node(`https://localhost:${server.port}/`, { ca: ca.cert })).toBe('200 caCertificate');
  });

  it("Node's own environment variable does not switch the checks off", async () => {
    const server = await startTlsServer(selfSigned);
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    expect(await node(`https://localhost:${server.port}/`, {}, env)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(server.applicationBytes).toBe(0);
  });

  it.each([
    ['without a CA of its own', {}],
    ['next to a CA of its own', { ca: otherCa.cert }],
  ])('NODE_EXTRA_CA_CERTS goes on working: %s', async (_, trust) => {
    const folder = mkdtempSync(join(tmpdir(), 'extra-ca-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    writeFileSync(file, ca.cert);
    const server = await startTlsServer(good);
    expect(await node(`https://localhost:${server.port}/`, trust, { NODE_EXTRA_CA_CERTS: file })).toBe('200');
  });

  describe("B14: the CAs that Node trusts count beside the one of one's own", () => {
    const stores = mkdtempSync(join(tmpdir(), 'trusted-'));
    const file = join(stores, 'ca.pem');
    writeFileSync(file, ca.cert);
    afterAll(() => rmSync(stores, { recursive: true }));

    it.each([
      ['SSL_CERT_FILE', { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: file }],
      ['NODE_EXTRA_CA_CERTS', { NODE_EXTRA_CA_CERTS: file }],
      ['--use-system-ca', { NODE_OPTIONS: '--use-system-ca', SSL_CERT_FILE: file }],
    ])('%s', async (_, env) => {
      const server = await startTlsServer(good);
      const own = await startTlsServer(
        makeIdentity({ subject: 'own', issuer: otherCa, dnsNames: ['localhost'] }),
      );
      const trust = { ca: otherCa.cert };
      expect(await node(`https://localhost:${server.port}/`, trust, env)).toBe('200');
      expect(await node(`https://localhost:${own.port}/`, trust, env)).toBe('200 caCertificate');
    });

    it('and neither hides why the other refuses', async () => {
      const env = { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: file };
      const old = makeIdentity({ subject: 'old', issuer: ca, dnsNames: ['localhost'], validTo: -1 });
      const server = await startTlsServer(old);
      const answer = await node(`https://localhost:${server.port}/`, { ca: otherCa.cert }, env);
      expect(answer).toBe('CERT_HAS_EXPIRED');
    });
  });
});
