import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificateAuthority, createServerCertificate } from '../simulator/tls.ts';
import type { VcenterOptions } from '../simulator/vcenter.ts';
import { makeIdentity } from '../support/certificates.ts';
import { type ForwardProxy, type ProxyOptions, startProxy } from '../support/proxy.ts';
import { CLONE, FOLDER, LOGIN, SOURCE, type Stage, setStage } from '../support/stage.ts';
import { cloneAndPost, cloned, failed } from '../support/steps.ts';
import { closedPort, startTlsServer } from '../support/tls-server.ts';
import { verdict } from '../support/verdict.ts';
import { errorOf, stepsOf } from '../support/what-happened.ts';

/** A stage whose vCenter is reached with these inputs for its certificate, and with no other. */
async function stageTrusting(
  inputs: (stage: Stage) => Readonly<Record<string, string>>,
  options: VcenterOptions = {},
): Promise<Stage> {
  const stage = await setStage(options);
  const { 'ca-certificate': _, ...connection } = stage.connection;
  return { ...stage, connection: { ...connection, ...inputs(stage) } };
}

async function proxy(options: ProxyOptions = {}): Promise<ForwardProxy> {
  const started = await startProxy(options);
  onTestFinished(() => started.close());
  return started;
}

/** A certificate of another CA than the one that signed vCenter's. */
const otherCa = makeIdentity({ subject: 'Another CA', isCa: true }).cert;

const withoutDates = (error: string) => error.replace(/valid from .*? until .*?;/, 'valid from A until B;');

/** What a refused server must have seen of the run: the handshake. */
function expectNoRequest({ vcenter }: Stage): void {
  expect(vcenter.exchanges).toEqual([]);
  expect(vcenter.sessions()).toMatchObject({ open: 0 });
}

describe('a certificate that is accepted', () => {
  it("is of the CA in 'ca-certificate', given by its path", async () => {
    const stage = await setStage();
    expect(stage.connection['ca-certificate']).toBe(stage.vcenter.caFile);
    const { exchanges, main } = await cloned(stage, {});
    expect(stepsOf(exchanges)).toHaveLength(2);
    expect(main.annotations).toEqual([]);
  });

  it("is of the CA in 'ca-certificate', given as PEM text with others", async () => {
    const stage = await stageTrusting(({ vcenter }) => ({
      'ca-certificate': `# ours\n${otherCa}\n# theirs\n${vcenter.caPem}`,
    }));
    const { main } = await cloned(stage, {});
    expect(main.annotations).toEqual([]);
  });

  it('A1: is of one of 121 CAs in a file that is gone when the post step runs', async () => {
    const stage = await setStage();
    const others = Array.from({ length: 120 }, (_, number) => {
      const { cert } = makeIdentity({
        subject: `CA ${number} ${'of a distribution '.repeat(40)}`,
        isCa: true,
      });
      return cert;
    });
    const bundle = [...others.slice(0, 60), stage.vcenter.caPem, ...others.slice(60)].join('\n');
    expect(bundle.length).toBeGreaterThan(200_000);
    const file = join(stage.vcenter.caFile, '..', 'soon-gone.pem');
    await writeFile(file, bundle);
    const inputs = { ...stage.connection, 'ca-certificate': file };
    const main = await stage.runner.runStep({
      action: 'clone',
      inputs: { ...inputs, source: SOURCE, folder: FOLDER, teardown: 'always' },
    });
    expect(main.exitCode).toBe(0);
    // The runner hands it over as one environment variable.
    expect(JSON.stringify(main.state).length).toBeLessThan(16 * 1024);
    await rm(file);
    const post = await stage.runner.runPost(main, { jobStatus: 'success' });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });

  it('A1: is of one of 121 CAs given as text: the state stays small', async () => {
    const { cert } = makeIdentity({ subject: 'Another CA', isCa: true });
    const stage = await stageTrusting(({ vcenter }) => ({
      'ca-certificate': [...Array.from({ length: 120 }, () => cert), vcenter.caPem].join('\n'),
    }));
    const { main } = await cloned(stage, { teardown: 'always' });
    expect(JSON.stringify(main.state).length).toBeLessThan(16 * 1024);
  });

  it("B14: is of a CA that the runner trusts, whatever 'ca-certificate' adds to it", async () => {
    const stage = await stageTrusting(() => ({ 'ca-certificate': otherCa }));
    const env = { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: stage.vcenter.caFile };
    const { main } = await cloned(stage, { teardown: 'always' }, { env });
    expect(main.annotations).toEqual([]);
  });

  it("B14: is of the CA in 'ca-certificate', whatever the runner trusts", async () => {
    const stage = await setStage();
    const env = { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: '/nowhere/ca.pem' };
    await cloned(stage, {}, { env });
  });

  it("has the fingerprint in 'certificate-fingerprint', in lower case without colons", async () => {
    const stage = await stageTrusting(({ vcenter }) => ({
      'certificate-fingerprint': vcenter.fingerprint.replaceAll(':', '').toLowerCase(),
    }));
    const { main } = await cloned(stage, {});
    expect(main.annotations).toEqual([]);
  });

  it.each(['expired', 'other-host'] as const)(
    'has the fingerprint that is asked for, although it is %s',
    async (certificate) => {
      const stage = await stageTrusting(
        ({ vcenter }) => ({ 'certificate-fingerprint': vcenter.fingerprint }),
        { certificate },
      );
      await cloned(stage, {});
    },
  );

  it("is any with 'insecure', with a warning on every run", async () => {
    const stage = await stageTrusting(() => ({ insecure: 'true' }), { certificate: 'expired' });
    const { main, post } = await cloned(stage, { teardown: 'always' });
    const warning = main.warnings[0]?.replaceAll(`:${stage.vcenter.port}`, ':PORT');
    expect(warning).toMatchInlineSnapshot(
      `"Certificate not checked: 'insecure' is on: whoever sits between the runner and localhost:PORT can read the password. Use 'ca-certificate' or 'certificate-fingerprint'."`,
    );
    expect(main.warnings).toHaveLength(1);
    expect(post.warnings).toEqual(main.warnings);
  });

  it('is of a server at an IPv6 address', async () => {
    const stage = await setStage({ host: '::1' });
    const server = `https://[0:0:0:0:0:0:0:1]:${stage.vcenter.port}`;
    const { main } = await cloned(stage, { 'vcenter-server': server });
    expect(main.annotations).toEqual([]);
  });
});

describe('a certificate that is not accepted', () => {
  it("is of no public CA, where there is no 'ca-certificate'", async () => {
    const stage = await stageTrusting(() => ({}));
    const { error } = await failed(stage, {});
    expect(withoutDates(error)).toMatchInlineSnapshot(
      `
      "[Certificate not trusted] Certificate not trusted: POST /api/session on localhost:PORT failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE). The certificate of localhost:PORT is not accepted: no chain leads from it to the public CAs. It says: subject CN=localhost; issued by CN=vCenter simulator CA; valid from A until B; SHA-256 fingerprint FINGERPRINT.
      Give the certificate of its CA in 'ca-certificate', or, once you have compared it with the server's own, this fingerprint in 'certificate-fingerprint'."
    `,
    );
    expectNoRequest(stage);
  });

  it("is of another CA than the one in 'ca-certificate'", async () => {
    const stage = await stageTrusting(() => ({ 'ca-certificate': otherCa }));
    const { error } = await failed(stage, {});
    expect(withoutDates(error)).toMatchInlineSnapshot(
      `
      "[Certificate not trusted] Certificate not trusted: POST /api/session on localhost:PORT failed (UNABLE_TO_GET_ISSUER_CERT_LOCALLY). The certificate of localhost:PORT is not accepted: no chain leads from it to the public CAs and the one given. It says: subject CN=localhost; issued by CN=vCenter simulator CA; valid from A until B; SHA-256 fingerprint FINGERPRINT.
      Give the certificate of its CA in 'ca-certificate', or, once you have compared it with the server's own, this fingerprint in 'certificate-fingerprint'."
    `,
    );
    expectNoRequest(stage);
  });

  it('has expired', async () => {
    const stage = await setStage({ certificate: 'expired' });
    const { error } = await failed(stage, {});
    expect(withoutDates(error)).toMatchInlineSnapshot(
      `
      "[Certificate not trusted] Certificate not trusted: POST /api/session on localhost:PORT failed (CERT_HAS_EXPIRED). The certificate of localhost:PORT is not accepted: it, or a certificate that signed it, has expired. It says: subject CN=localhost; issued by CN=vCenter simulator CA; valid from A until B; SHA-256 fingerprint FINGERPRINT.
      Renew it. Until then 'certificate-fingerprint' accepts it as it is; if only the CA's has expired, give the new one in 'ca-certificate'."
    `,
    );
    expectNoRequest(stage);
  });

  it('is made out for another host', async () => {
    const stage = await setStage({ certificate: 'other-host' });
    const { error } = await failed(stage, {});
    expect(withoutDates(error)).toMatchInlineSnapshot(
      `
      "[Certificate not trusted] Certificate not trusted: POST /api/session on localhost:PORT failed (ERR_TLS_CERT_ALTNAME_INVALID). The certificate of localhost:PORT is not accepted: it is not made out for 'localhost' but for vcenter.invalid. It says: subject CN=vcenter.invalid; issued by CN=vCenter simulator CA; valid from A until B; SHA-256 fingerprint FINGERPRINT.
      Use one of these names in 'vcenter-server', or pin this very certificate with 'certificate-fingerprint'; 'ca-certificate' alone does not help here."
    `,
    );
    expectNoRequest(stage);
  });

  it("has another fingerprint than the one in 'certificate-fingerprint', whatever else speaks for it", async () => {
    const wrong = 'AB:'.repeat(32).slice(0, -1);
    const stage = await stageTrusting(({ vcenter }) => ({
      'certificate-fingerprint': wrong,
      'ca-certificate': vcenter.caFile,
    }));
    const { error } = await failed(stage, {});
    expect(withoutDates(error)).toMatchInlineSnapshot(
      `
      "[Certificate not trusted] Certificate not trusted: POST /api/session on localhost:PORT failed (ERR_CERTIFICATE_FINGERPRINT). The certificate of localhost:PORT is not accepted: its SHA-256 fingerprint is not AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB, which was asked for. It says: subject CN=localhost; issued by CN=vCenter simulator CA; valid from A until B; SHA-256 fingerprint FINGERPRINT.
      Nothing was sent to it. If vCenter has a new certificate, compare the fingerprint with the server's own and correct 'certificate-fingerprint', or use 'ca-certificate', which outlives a renewal."
    `,
    );
    expect(error).toContain('SHA-256 fingerprint FINGERPRINT.');
    expectNoRequest(stage);
  });

  it('is not sent the credentials in teardown either', async () => {
    const stage = await stageTrusting(() => ({ 'certificate-fingerprint': 'ab'.repeat(32) }));
    const step = await stage.runner.runStep({
      action: 'teardown',
      inputs: { ...stage.connection, 'vm-id': SOURCE },
    });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(errorOf(step, stage)).toMatch(
      /^\[Certificate not trusted\] Certificate not trusted: POST \/api\/session on localhost:PORT /,
    );
    expectNoRequest(stage);
  });

  it('is checked in the post step as well: a server that has taken the place of vCenter by then sees nothing', async () => {
    const stage = await setStage();
    const stranger = await startTlsServer(makeIdentity({ subject: 'localhost', dnsNames: ['localhost'] }));
    const main = await stage.runner.runStep({
      action: 'clone',
      inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, teardown: 'always' },
    });
    const state = JSON.parse(main.state['clone'] ?? '');
    expect(state.plan.server).toBe(stage.vcenter.server);
    const elsewhere = { ...state, plan: { ...state.plan, server: `localhost:${stranger.port}` } };
    const post = await stage.runner.runPost(
      { ...main, state: { clone: JSON.stringify(elsewhere) } },
      { jobStatus: 'success', timeScale: 60 },
    );
    expect(post.exitCode).toBe(0);
    expect(post.warnings).toHaveLength(1);
    expect(post.warnings[0]).toContain(`on localhost:${stranger.port} may be left: please look for it.`);
    expect(stranger.applicationBytes).toBe(0);
    expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
  });
});

describe('a proxy', () => {
  it('carries everything, with a CA of its own at the other end', async () => {
    const stage = await setStage();
    const between = await proxy({ credentials: { username: 'ci', password: 'pröxy-p@ss' } });
    const { main, post } = await cloned(stage, { teardown: 'always' }, { env: { HTTPS_PROXY: between.url } });
    expect(new Set(between.connects.map(({ target, status }) => `${target} ${status}`))).toEqual(
      new Set([`${stage.vcenter.server} 200`]),
    );
    for (const written of [main, post].flatMap(({ raw, files }) => [raw, ...Object.values(files)])) {
      expect(written).not.toContain('pröxy-p@ss');
      expect(written).not.toContain(encodeURIComponent('pröxy-p@ss'));
      expect(written).not.toContain(between.connects[0]?.authorization?.replace('Basic ', ''));
    }
    // What the proxy sees of the way to vCenter is TLS.
    const seen = between.bytesToServers();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.includes('/api/session')).toBe(false);
    expect(seen.includes('Basic ')).toBe(false);
  });

  it('carries everything, with a fingerprint', async () => {
    const stage = await stageTrusting(({ vcenter }) => ({ 'certificate-fingerprint': vcenter.fingerprint }));
    const between = await proxy();
    await cloned(stage, {}, { env: { https_proxy: between.address } });
    expect(between.connects.length).toBeGreaterThan(0);
  });

  it('carries everything to an IPv6 address', async () => {
    const stage = await setStage({ host: '::1' });
    const between = await proxy();
    const server = `[::1]:${stage.vcenter.port}`;
    await cloned(stage, { 'vcenter-server': server }, { env: { HTTPS_PROXY: between.url } });
    expect(between.connects[0]?.target).toBe(server);
  });

  it('that speaks TLS is trusted by the public CAs alone, and gets nothing where it is not', async () => {
    const stage = await setStage();
    const { certificatePem, keyPem } = createServerCertificate({
      authority: certificateAuthority(),
      hosts: ['localhost'],
    });
    const between = await proxy({
      tls: { cert: certificatePem, key: keyPem },
      credentials: { username: 'ci', password: 'pröxy-p@ss' },
    });
    const trusted = { HTTPS_PROXY: between.url, NODE_EXTRA_CA_CERTS: stage.vcenter.caFile };
    await cloned(stage, {}, { env: trusted });
    expect(between.connects.length).toBeGreaterThan(0);
    const before = between.connects.length;

    const { error } = await failed(
      { ...stage, before: new Set(stage.vcenter.vms().map(({ id }) => id)) },
      { name: 'copy' },
      { env: { HTTPS_PROXY: between.url }, timeScale: 200 },
    );
    expect(error.replace(between.address, 'PROXY')).toMatchInlineSnapshot(`
      "[No connection to vCenter] No connection to vCenter: POST /api/session on localhost:PORT failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE). The proxy https://PROXY cannot be reached: unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca
      Check HTTPS_PROXY of the runner's environment; a proxy that asks for an account takes http://USER:PASSWORD@HOST:PORT there. Servers that NO_PROXY names are reached without it."
    `);
    expect(between.connects).toHaveLength(before);
  });

  it('is not asked for a server that NO_PROXY names', async () => {
    const stage = await setStage();
    const between = await proxy({ refuse: 403 });
    const env = { HTTPS_PROXY: between.url, NO_PROXY: `other, LOCALHOST:${stage.vcenter.port}` };
    await cloned(stage, {}, { env });
    expect(between.connects).toEqual([]);
  });

  it('is not asked for an address in a network of NO_PROXY', async () => {
    const stage = await setStage();
    const between = await proxy({ refuse: 403 });
    const env = { HTTPS_PROXY: between.url, NO_PROXY: '127.0.0.0/8' };
    await cloned(stage, { 'vcenter-server': `127.0.0.1:${stage.vcenter.port}` }, { env });
    expect(between.connects).toEqual([]);
  });

  it('that wants credentials and gets none is told as such, without a second try', async () => {
    const stage = await setStage();
    const between = await proxy({ credentials: { username: 'ci', password: 'pröxy-p@ss' } });
    const { error } = await failed(stage, {}, { env: { HTTPS_PROXY: `http://${between.address}` } });
    expect(error.replaceAll(between.address, 'PROXY')).toMatchInlineSnapshot(`
      "[No connection to vCenter] No connection to vCenter: POST /api/session on localhost:PORT failed (ERR_PROXY_REFUSED). The proxy http://PROXY refuses a connection to localhost:PORT: HTTP 407 Proxy Authentication Required
      Check HTTPS_PROXY of the runner's environment; a proxy that asks for an account takes http://USER:PASSWORD@HOST:PORT there. Servers that NO_PROXY names are reached without it."
    `);
    expect(between.connects).toHaveLength(1);
    expectNoRequest(stage);
  });

  it('that gets the wrong credentials does not have them shown', async () => {
    const stage = await setStage();
    const between = await proxy({ credentials: { username: 'ci', password: 'pröxy-p@ss' } });
    const url = `http://ci:wr0ng-p%40ss@${between.address}`;
    const { error, main } = await failed(stage, {}, { env: { HTTPS_PROXY: url }, debug: true });
    expect(error).toContain('HTTP 407');
    const written = [main.unmaskedLog, ...Object.values(main.files)].join('\n');
    for (const secret of ['wr0ng', Buffer.from('ci:wr0ng-p@ss').toString('base64')]) {
      expect(written).not.toContain(secret);
    }
    expect(between.connects).toHaveLength(1);
  });

  it('that does not allow the target is told as such', async () => {
    const stage = await setStage();
    const between = await proxy({ refuse: 403 });
    const { error } = await failed(stage, {}, { env: { HTTPS_PROXY: between.url } });
    expect(error.replaceAll(between.address, 'PROXY')).toMatchInlineSnapshot(`
      "[No connection to vCenter] No connection to vCenter: POST /api/session on localhost:PORT failed (ERR_PROXY_REFUSED). The proxy http://PROXY refuses a connection to localhost:PORT: HTTP 403 Forbidden
      Check HTTPS_PROXY of the runner's environment; a proxy that asks for an account takes http://USER:PASSWORD@HOST:PORT there. Servers that NO_PROXY names are reached without it."
    `);
    expect(between.connects).toHaveLength(1);
    expectNoRequest(stage);
  });

  it('that nobody can reach is told as such', async () => {
    const stage = await setStage();
    const port = await closedPort();
    const env = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const { error } = await failed(stage, {}, { env, timeScale: 60 });
    expect(error.replaceAll(String(port), 'PROXY')).toMatchInlineSnapshot(`
      "[No connection to vCenter] No connection to vCenter: POST /api/session on localhost:PORT failed (ECONNREFUSED). The proxy http://127.0.0.1:PROXY cannot be reached: connect ECONNREFUSED 127.0.0.1:PROXY
      Check HTTPS_PROXY of the runner's environment; a proxy that asks for an account takes http://USER:PASSWORD@HOST:PORT there. Servers that NO_PROXY names are reached without it."
    `);
    expectNoRequest(stage);
  });

  it('whose URL is none is told as such, without the URL', async () => {
    const stage = await setStage();
    const { error, main } = await failed(stage, {}, { env: { HTTPS_PROXY: 'socks5://ci:hunter2@proxy' } });
    expect(error).toMatchInlineSnapshot(
      `"[No connection to vCenter] No connection to vCenter: POST /api/session on localhost:PORT failed (ERR_PROXY_INVALID_CONFIG). HTTPS_PROXY of the environment is not the URL of an http:// or https:// proxy."`,
    );
    expect(main.raw).not.toContain('hunter2');
  });
});

describe('a server that is none', () => {
  it('speaks plain HTTP on that port, and sees no password', async () => {
    const requests: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      requests.push(request);
      response.end('{}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const stage = await setStage();
    const { error } = await failed(stage, { 'vcenter-server': `localhost:${port}` });
    expect(error.replaceAll(String(port), 'OTHER')).toMatchInlineSnapshot(
      `
      "[No connection to vCenter] No connection to vCenter: POST /api/session on localhost:OTHER failed (ERR_SSL_WRONG_VERSION_NUMBER). localhost:OTHER does not speak TLS: the port seems to be wrong.
      Check the port in 'vcenter-server'."
    `,
    );
    expect(requests).toEqual([]);
  });

  it('listens nowhere', async () => {
    const port = await closedPort();
    const stage = await setStage();
    const { error } = await failed(stage, { 'vcenter-server': `127.0.0.1:${port}` }, { timeScale: 60 });
    expect(error.replaceAll(String(port), 'OTHER')).toMatchInlineSnapshot(`
      "[No connection to vCenter] No connection to vCenter: POST /api/session on 127.0.0.1:OTHER failed (ECONNREFUSED). No connection to 127.0.0.1:OTHER: connect ECONNREFUSED 127.0.0.1:OTHER
      The runner cannot reach the server. Check 'vcenter-server' and its port; GitHub's own runners do not see private networks, so a private vCenter needs a self-hosted runner, or a proxy in HTTPS_PROXY."
    `);
  });

  it('redirects, and is not followed: the other server sees nothing', async () => {
    const stage = await setStage();
    const other = await setStage();
    stage.vcenter.fault({
      operation: LOGIN,
      kind: 'redirect',
      times: Number.POSITIVE_INFINITY,
      location: `https://${other.vcenter.server}/api/session`,
    });
    const { error } = await failed(stage, {});
    expect(error.replaceAll(String(other.vcenter.port), 'OTHER')).toMatchInlineSnapshot(
      `"[Login refused] Login refused: POST /api/session on localhost:PORT failed (HTTP 302). The server redirects (HTTP 302) to https://localhost:OTHER."`,
    );
    expectNoRequest(other);
  });
});

describe('a connection that breaks after the clone request', () => {
  it('loses no clone: it is found, and returned', async () => {
    const stage = await setStage({ behaviour: { cloneDuration: 500 } });
    stage.vcenter.fault({ operation: CLONE, kind: 'reset-after' });
    const { main, post } = await cloneAndPost(stage, { timeScale: 5 });
    expect(main.errors).toEqual([]);
    expect(stage.vcenter.tasks()).toHaveLength(1);
    expect(verdict({ stage, steps: [main, post], kept: [main.outputs['vm-name'] ?? ''] })).toEqual([]);
  });
});
