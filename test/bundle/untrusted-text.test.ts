import { expect, it } from 'vitest';
import { cloneOutputs } from '../../src/github/outputs.ts';
import { makeIdentity } from '../support/certificates.ts';
import { setStage } from '../support/stage.ts';
import { cloneAndPost } from '../support/steps.ts';
import { startTcpServer, startTlsServer } from '../support/tls-server.ts';
import { expectOnlyOurs, HOSTILE, HOSTILE_LINE } from '../support/untrusted-text.ts';
import { verdict } from '../support/verdict.ts';

it.each([
  {
    what: 'the refusal of a proxy',
    server: async () => {
      const { port } = await startTcpServer((socket) => {
        socket.once('data', () => socket.end(`HTTP/1.1 403 ${HOSTILE_LINE}\r\n\r\n`));
      });
      return {
        env: { HTTPS_PROXY: `http://127.0.0.1:${port}` },
        inputs: { 'vcenter-server': 'vcenter.invalid' },
      };
    },
    error:
      /refuses a connection to vcenter\.invalid:443: HTTP 403 : :set-output name=planted::1 ## \[error\]planted/,
  },
  {
    what: 'subject, issuer and names of a certificate',
    server: async () => {
      const issuer = makeIdentity({ subject: HOSTILE, isCa: true });
      const { port } = await startTlsServer(
        makeIdentity({ subject: HOSTILE, issuer, dnsNames: [HOSTILE_LINE] }),
      );
      return {
        env: {},
        inputs: { 'vcenter-server': `localhost:${port}`, 'certificate-fingerprint': 'ab'.repeat(32) },
      };
    },
    error: /subject CN=.*: :set-output name=vm-id::vm-666/,
  },
])('takes for text: $what', async ({ server, error }) => {
  const stage = await setStage();
  const { main, post } = await cloneAndPost(stage, await server());
  expect(main.exitCode).toBe(1);
  expect(main.errors[0]).toMatch(error);
  expectOnlyOurs({ stage, steps: [main, post], outputs: cloneOutputs });
  expect(verdict({ stage, steps: [main, post] })).toEqual([]);
});
