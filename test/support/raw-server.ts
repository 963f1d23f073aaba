import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { openConnection } from '../../src/https/connection.ts';
import { systemClock } from '../../src/time/clock.ts';
import type { Endpoint } from '../../src/vcenter/transport/http.ts';
import { certificateAuthority, createServerCertificate } from '../simulator/tls.ts';

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface RawServer {
  readonly endpoint: Endpoint;
  readonly requests: readonly RawRequest[];
  /** The lines that the endpoint was given to trace. */
  readonly traced: readonly string[];
}

/** An HTTPS server of which the test writes each answer itself, with an endpoint that trusts it. Ends with the test. */
export async function startRawServer(
  answer: (response: ServerResponse, request: RawRequest) => void,
  { requestTimeout = 5_000 }: { readonly requestTimeout?: number } = {},
): Promise<RawServer> {
  const authority = certificateAuthority();
  const { certificatePem, keyPem } = createServerCertificate({ authority, hosts: ['localhost'] });
  const requests: RawRequest[] = [];
  const traced: string[] = [];
  const server = createServer({ cert: certificatePem, key: keyPem }, async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
    }
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
    requests.push(request);
    answer(response, request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const connection = openConnection({ ca: authority.pem, insecure: false, env: {} });
  onTestFinished(async () => {
    connection.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    requests,
    traced,
    endpoint: {
      server: `localhost:${(server.address() as AddressInfo).port}`,
      connection,
      clock: systemClock,
      requestTimeout,
      trace: (line) => traced.push(line),
    },
  };
}

/** Answers with a status and a text. */
export function sends(
  status: number,
  text = '',
  headers: Readonly<Record<string, string>> = {},
): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, headers).end(text);
  };
}
