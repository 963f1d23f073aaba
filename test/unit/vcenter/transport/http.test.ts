import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openConnection } from '../../../../src/https/connection.ts';
import { systemClock } from '../../../../src/time/clock.ts';
import { Interrupted } from '../../../../src/time/deadline.ts';
import { isTransient, VcenterError } from '../../../../src/vcenter/transport/error.ts';
import { type Endpoint, type OperationRequest, sendOnce } from '../../../../src/vcenter/transport/http.ts';
import { certificateAuthority, createServerCertificate } from '../../../simulator/tls.ts';
import { sends, startRawServer } from '../../../support/raw-server.ts';
import { rejection } from '../../../support/vcenter-answers.ts';

const LIST = 'GET /api/vcenter/vm';
const LIST_CALL: OperationRequest = { operation: LIST, expects: 'json' };
const CLONE: OperationRequest = {
  operation: 'POST /api/vcenter/vm?action=clone&vmw-task=true',
  body: { source: 'vm-42', name: 'grün' },
  expects: 'json',
};

const send = (
  endpoint: Endpoint,
  call: OperationRequest,
  {
    headers = {},
    signal = new AbortController().signal,
  }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
) => sendOnce(endpoint, call, { headers, signal });

describe('the request', () => {
  it('is made from the operation', async () => {
    const { endpoint, requests } = await startRawServer(sends(202, '"task-1"'));
    await send(endpoint, CLONE, { headers: { 'vmware-api-session-id': 'abc' } });
    expect(requests).toEqual([
      {
        method: 'POST',
        url: '/api/vcenter/vm?action=clone&vmw-task=true',
        headers: expect.objectContaining({
          accept: 'application/json',
          'content-type': 'application/json',
          'vmware-api-session-id': 'abc',
        }),
        body: '{"source":"vm-42","name":"grün"}',
      },
    ]);
  });

  it('has no content type without a body', async () => {
    const { endpoint, requests } = await startRawServer(sends(200, '[]'));
    await send(endpoint, LIST_CALL);
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/api/vcenter/vm', body: '' });
    expect(requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it.each([
    ['52f9f1b0-160a:com.vmware.vcenter.VM', '52f9f1b0-160a%3Acom.vmware.vcenter.VM'],
    ['a/b?c#d e+f%2f', 'a%2Fb%3Fc%23d%20e%2Bf%252f'],
    ['ü', '%C3%BC'],
  ])('percent-encodes %s in the path', async (task, encoded) => {
    const { endpoint, requests } = await startRawServer(sends(204));
    const operation = 'POST /api/cis/tasks/{task}?action=cancel';
    await send(endpoint, { operation, path: { task }, expects: 'nothing' });
    expect(requests[0]?.url).toBe(`/api/cis/tasks/${encoded}?action=cancel`);
  });

  it.each([[undefined], [{}]])('is not sent where a parameter of its path is %j', async (path) => {
    const { endpoint, requests } = await startRawServer(sends(204));
    const call: OperationRequest = {
      operation: 'DELETE /api/vcenter/vm/{vm}',
      expects: 'nothing',
      ...(path === undefined ? {} : { path }),
    };
    expect(await rejection(send(endpoint, call))).toBeInstanceOf(TypeError);
    expect(requests).toEqual([]);
  });

  it.each(['', '.', '..'])(
    'C4: is not sent where %j in its path would make another URL of it, nor tried again',
    async (vm) => {
      const { endpoint, requests } = await startRawServer(sends(204));
      const call: OperationRequest = {
        operation: 'DELETE /api/vcenter/vm/{vm}',
        path: { vm },
        expects: 'nothing',
      };
      const error = await rejection(send(endpoint, call));
      expect(error).toMatchObject({
        name: 'VcenterError',
        sent: false,
        isPermanent: true,
        messages: [`'${vm}' is no id that a request can name as {vm}.`],
      });
      expect(error instanceof VcenterError && isTransient(error)).toBe(false);
      expect(requests).toEqual([]);
    },
  );

  it.each(['a\nb: c', 'ü', 'a\u0000'])(
    'C4: is not sent with a session id that cannot be a header, nor tried again: %j',
    async (id) => {
      const { endpoint, requests } = await startRawServer(sends(204));
      const error = await rejection(send(endpoint, LIST_CALL, { headers: { 'vmware-api-session-id': id } }));
      expect(error).toMatchObject({ name: 'VcenterError', sent: false, isPermanent: true });
      expect(String(error)).not.toContain(id);
      expect(requests).toEqual([]);
    },
  );

  it('repeats the key for each value of a filter, and writes + and blank so that nobody mistakes them', async () => {
    const { endpoint, requests } = await startRawServer(sends(200, '[]'));
    await send(endpoint, {
      ...LIST_CALL,
      query: { names: ['c++ build', 'a%2fb', 'x&y=z'], folders: 'group-v23', datacenters: undefined },
    });
    expect(requests[0]?.url).toBe(
      '/api/vcenter/vm?names=c%2B%2B%20build&names=a%252fb&names=x%26y%3Dz&folders=group-v23',
    );
  });

  it('keeps the fixed query in front of a filter', async () => {
    const { endpoint, requests } = await startRawServer(sends(200, '[]'));
    await send(endpoint, { operation: 'GET /api/x?action=find', query: { names: 'a' }, expects: 'json' });
    expect(requests[0]?.url).toBe('/api/x?action=find&names=a');
  });

  it.each([[[]], [''], [['a', '']]])(
    'is not sent where a filter is %j: vCenter would answer with everything',
    async (names) => {
      const { endpoint, requests } = await startRawServer(sends(200, '[]'));
      const error = await rejection(send(endpoint, { ...LIST_CALL, query: { names } }));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: `${LIST}: the filter 'names' is empty` });
      expect(requests).toEqual([]);
    },
  );

  it('goes over one connection again and again', async () => {
    const ports = new Set<number | undefined>();
    const { endpoint } = await startRawServer((response) => {
      ports.add(response.socket?.remotePort);
      sends(200, '[]')(response);
    });
    await send(endpoint, LIST_CALL);
    await send(endpoint, LIST_CALL);
    expect(ports.size).toBe(1);
  });
});

describe('the answer', () => {
  it('is the parsed JSON with its status', async () => {
    const date = 'Sun, 04 May 2025 10:11:12 GMT';
    const { endpoint, traced } = await startRawServer(sends(202, '"task-1"', { date }));
    expect(await send(endpoint, CLONE)).toMatchObject({ status: 202, body: 'task-1' });
    expect(traced).toEqual([
      expect.stringMatching(/^POST \/api\/vcenter\/vm\?action=clone&vmw-task=true: 202, \d+ ms$/),
    ]);
  });

  it('may do without a date', async () => {
    const { endpoint } = await startRawServer((response) => {
      response.sendDate = false;
      sends(200, '[]')(response);
    });
    expect(await send(endpoint, LIST_CALL)).toMatchObject({ status: 200, body: [] });
  });

  it('is nothing for an operation that answers with nothing', async () => {
    const { endpoint } = await startRawServer(sends(204));
    expect(await send(endpoint, { operation: 'DELETE /api/session', expects: 'nothing' })).toMatchObject({
      status: 204,
      body: undefined,
    });
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['is empty', sends(200), 'The response (HTTP 200) is empty.'],
    ['has no body by its status', sends(204), 'The response (HTTP 204) is empty.'],
    ['is a page', sends(202, '<html>Please log in</html>'), 'The response (HTTP 202) is not JSON.'],
    ['stops within the JSON', sends(200, '{"a":'), 'The response (HTTP 200) is not JSON.'],
    [
      'is cut off',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"a":');
        setTimeout(() => response.destroy(), 20);
      },
      'The response (HTTP 200) was cut off.',
    ],
    [
      'is cut off between two chunks',
      (response) => {
        response.writeHead(200).write('"task-1"');
        setTimeout(() => response.destroy(), 20);
      },
      'The response (HTTP 200) was cut off.',
    ],
    [
      'is longer than anything that vCenter sends',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`"${'x'.repeat(33 * 1024 * 1024)}"`);
      },
      'The response (HTTP 200) was cut off.',
    ],
  ])('cannot be read where it %s', async (_, answer, message) => {
    const { endpoint } = await startRawServer(answer);
    const error = await rejection(send(endpoint, LIST_CALL));
    expect(error).toBeInstanceOf(VcenterError);
    expect(error).toMatchObject({ failure: 'unreadable', messages: [message], sent: true, operation: LIST });
  });

  it('cannot be read where nothing was to come, and a page came', async () => {
    const { endpoint } = await startRawServer(sends(200, '<html>Please log in</html>'));
    const call: OperationRequest = {
      operation: 'DELETE /api/vcenter/vm/{vm}',
      path: { vm: 'vm-7' },
      expects: 'nothing',
    };
    expect(await rejection(send(endpoint, call))).toMatchObject({ failure: 'unreadable' });
  });

  it.each([1, 2, 3, 4])(
    'B11: is complete however its end is cut into packets: after byte %i',
    async (cut) => {
      const authority = certificateAuthority();
      const { certificatePem, keyPem } = createServerCertificate({ authority, hosts: ['localhost'] });
      const server = createTlsServer({ cert: certificatePem, key: keyPem }, (socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (request: Buffer) => {
          const zips = /^accept-encoding:.*gzip/im.test(request.toString('latin1'));
          const body = zips ? gzipSync('"session-1"') : Buffer.from('"session-1"');
          const head = `HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n${zips ? 'Content-Encoding: gzip\r\n' : ''}Connection: close\r\n\r\n`;
          socket.write(Buffer.concat([Buffer.from(`${head}${body.length.toString(16)}\r\n`), body]));
          const end = '0\r\n\r\n';
          setTimeout(() => socket.write(`\r\n${end.slice(0, cut)}`), 20);
          setTimeout(() => socket.end(end.slice(cut)), 40);
        });
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const connection = openConnection({ ca: authority.pem, insecure: false, env: {} });
      onTestFinished(() => {
        connection.close();
        server.close();
      });
      const endpoint: Endpoint = {
        server: `localhost:${(server.address() as AddressInfo).port}`,
        connection,
        clock: systemClock,
        requestTimeout: 5_000,
        trace: () => undefined,
      };
      const login: OperationRequest = { operation: 'POST /api/session', expects: 'json' };
      expect(await send(endpoint, login)).toMatchObject({ status: 201, body: 'session-1' });
    },
  );

  it("is vCenter's refusal, word for word", async () => {
    const body = {
      error_type: 'NOT_FOUND',
      messages: [{ id: 'com.vmware.api.vcenter.vm.not_found', default_message: 'It is gone.', args: [] }],
    };
    const { endpoint, traced } = await startRawServer(sends(404, JSON.stringify(body)));
    expect(await rejection(send(endpoint, LIST_CALL))).toMatchObject({
      failure: 'response',
      status: 404,
      errorType: 'NOT_FOUND',
      messages: ['It is gone.'],
      messageIds: ['com.vmware.api.vcenter.vm.not_found'],
      server: endpoint.server,
      sent: true,
    });
    expect(traced[0]).toMatch(/: 404, \d+ ms$/);
  });

  it('keeps the status of a refusal whose body is cut off', async () => {
    const { endpoint } = await startRawServer((response) => {
      response.writeHead(503, { 'content-length': '1000' }).write('no heal');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await rejection(send(endpoint, LIST_CALL))).toMatchObject({ failure: 'response', status: 503 });
  });

  it('is never fetched from where a redirect points', async () => {
    const elsewhere = await startRawServer(sends(200, '[]'));
    const location = `https://${elsewhere.endpoint.server}/api/vcenter/vm`;
    const { endpoint } = await startRawServer(sends(302, '', { location }));
    const error = await rejection(send(endpoint, LIST_CALL, { headers: { authorization: 'Basic secret' } }));
    expect(error).toMatchObject({
      failure: 'response',
      status: 302,
      messages: [`The server redirects (HTTP 302) to https://${elsewhere.endpoint.server}.`],
    });
    expect(elsewhere.requests).toEqual([]);
  });

  it.each([
    ['/login?from=%2Fapi', 'another path'],
    ['javascript:alert(1)', 'another path'],
    ['https://user:secret@sso.example:8443/x?y#z', 'https://sso.example:8443'],
    ['https://[', 'another path'],
  ])('C4: shows of a redirect to %s no more than the origin', async (location, shown) => {
    const { endpoint } = await startRawServer(sends(302, '', { location }));
    expect(await rejection(send(endpoint, LIST_CALL))).toMatchObject({
      messages: [`The server redirects (HTTP 302) to ${shown}.`],
    });
  });

  it('C4: never repeats a session id that a redirect has in its host', async () => {
    const { endpoint } = await startRawServer(sends(302, '', { location: 'https://5f2c9e0d1a2b.example/' }));
    const headers = { 'vmware-api-session-id': '5f2c9e0d1a2b' };
    expect(await rejection(send(endpoint, LIST_CALL, { headers }))).toMatchObject({
      messages: ['The server redirects (HTTP 302) to https://***.example.'],
    });
  });

  const id = '5f2c/9e+d=-A~b!c';
  const password = 'hun/ter+2?>=';
  const basic = Buffer.from(`svc:${password}`).toString('base64');
  it.each([
    ['a page', (text: string) => sends(502, `<html><h1>${text}</h1></html>`)],
    ['a page that is cut short', (text: string) => sends(502, `${'x'.repeat(290)} ${text}`)],
    [
      "vCenter's form",
      (text: string) =>
        sends(400, JSON.stringify({ error_type: text, messages: [{ id: text, default_message: text }] })),
    ],
    ['another form', (text: string) => sends(400, JSON.stringify({ faultstring: 'No.', headers: { text } }))],
    [
      'a redirect',
      (text: string) => sends(302, '', { location: `https://${encodeURIComponent(text)}.example/${text}` }),
    ],
  ])('C4: never repeats a secret that the server sends back: %s', async (_, answer) => {
    const hex = [...id].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('');
    const html = basic.replaceAll('=', '&#61;').replaceAll('/', '&#x2F;');
    for (const text of [
      ...[id, encodeURIComponent(id), encodeURIComponent(encodeURIComponent(id)), hex, id.toUpperCase()],
      ...[`Basic ${basic}`, encodeURIComponent(`Basic ${basic}`), html, JSON.stringify(`${basic}\u0000`)],
    ]) {
      const { endpoint } = await startRawServer(answer(text));
      const headers = { 'vmware-api-session-id': id, authorization: `Basic ${basic}` };
      const error = await rejection(send(endpoint, LIST_CALL, { headers }));
      const { messages, messageIds, errorType } = error as VcenterError;
      const shown = JSON.stringify([messages, messageIds, errorType, String(error)]).toLowerCase();
      for (const part of [id, basic].flatMap((each) => [
        each.slice(0, 8),
        encodeURIComponent(each).slice(0, 8),
      ])) {
        expect(shown).not.toContain(part.toLowerCase());
      }
      expect(shown).not.toContain(hex.slice(0, 12));
    }
  });

  it('may be a redirect to nowhere', async () => {
    const { endpoint } = await startRawServer(sends(307));
    expect(await rejection(send(endpoint, LIST_CALL))).toMatchObject({
      status: 307,
      messages: ['The server redirects (HTTP 307) to nowhere.'],
    });
  });
});

describe('no response', () => {
  const never = () => undefined;

  it('in the time of the endpoint is a timeout', async () => {
    const { endpoint, traced } = await startRawServer(never, { requestTimeout: 250 });
    const error = await rejection(send(endpoint, LIST_CALL));
    expect(error).toMatchObject({
      name: 'VcenterError',
      failure: 'timeout',
      messages: ['No response within 0.3 s.'],
      sent: true,
      status: undefined,
    });
    expect(traced[0]).toMatch(/: timeout, \d+ ms$/);
  });

  it('in the time of the call is one, too', async () => {
    const { endpoint } = await startRawServer(never, { requestTimeout: 60_000 });
    expect(await rejection(send(endpoint, { ...LIST_CALL, timeout: 100 }))).toMatchObject({
      failure: 'timeout',
      messages: ['No response within 0.1 s.'],
    });
  });

  it('is what a body that trickles and never ends comes to', async () => {
    const { endpoint } = await startRawServer(
      (response) => {
        response.writeHead(202).write('"ta');
        const timer = setInterval(() => response.write('s'), 20);
        response.once('close', () => clearInterval(timer));
      },
      { requestTimeout: 200 },
    );
    expect(await rejection(send(endpoint, CLONE))).toMatchObject({ failure: 'timeout', sent: true });
  });

  it.each([
    ['before the answer', never],
    [
      'within the body',
      (response: ServerResponse) => {
        response.writeHead(200).write('[');
      },
    ],
  ])('is the reason of the signal where that ends the waiting %s', async (_, answer) => {
    const controller = new AbortController();
    const reason = new Interrupted('SIGINT');
    const { endpoint } = await startRawServer((response) => {
      answer(response);
      setTimeout(() => controller.abort(reason), 50);
    });
    expect(await rejection(send(endpoint, LIST_CALL, { signal: controller.signal }))).toBe(reason);
  });

  it('comes of a signal that is aborted already, and nothing is sent', async () => {
    const { endpoint, requests } = await startRawServer(sends(200, '[]'));
    const reason = new Interrupted('SIGINT');
    expect(await rejection(send(endpoint, LIST_CALL, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(requests).toEqual([]);
  });

  it('may be a connection that breaks once the request is out', async () => {
    const { endpoint, traced } = await startRawServer((response) => {
      response.destroy();
    });
    expect(await rejection(send(endpoint, CLONE))).toMatchObject({
      failure: 'network',
      code: 'ECONNRESET',
      sent: true,
      operation: CLONE.operation,
      messages: [expect.stringContaining('socket hang up')],
    });
    expect(traced[0]).toMatch(/: ECONNRESET, \d+ ms$/);
  });
});

describe('no connection', () => {
  const endpointFor = (port: number, ca?: string): Endpoint => {
    const connection = openConnection({ insecure: false, env: {}, ...(ca === undefined ? {} : { ca }) });
    onTestFinished(() => connection.close());
    return {
      server: `localhost:${port}`,
      connection,
      clock: { now: () => 0, date: () => new Date(), sleep: () => new Promise(() => undefined) },
      requestTimeout: 5_000,
      trace: () => undefined,
    };
  };
  const listen = async (onConnection: (socket: Socket) => void): Promise<number> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      onConnection(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      server.close();
    });
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };

  it('is certain where the port is closed', async () => {
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
      });
    });
    expect(await rejection(send(endpointFor(port), CLONE))).toMatchObject({
      failure: 'network',
      code: 'ECONNREFUSED',
      sent: false,
    });
  });

  it('is certain where the name is not known', async () => {
    const endpoint = { ...endpointFor(443), server: 'vcenter.invalid' };
    const error = await rejection(send(endpoint, CLONE));
    expect(error).toMatchObject({ failure: 'network', sent: false });
    expect(error).toMatchObject({ code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
  });

  it('is certain where the certificate is not trusted, and says so', async () => {
    const { endpoint, requests } = await startRawServer(sends(200, '[]'));
    const port = Number(endpoint.server.split(':')[1]);
    const error = await rejection(
      send(endpointFor(port), CLONE, { headers: { authorization: 'Basic secret' } }),
    );
    expect(error).toMatchObject({
      failure: 'certificate',
      sent: false,
      messages: [expect.stringMatching(/certificate/)],
    });
    expect(requests).toEqual([]);
  });

  it('is certain where the connection breaks within the handshake', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.destroy()));
    expect(await rejection(send(endpointFor(port), CLONE))).toMatchObject({
      failure: 'network',
      sent: false,
    });
  });

  it('is not worth another try where the port does not speak TLS', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')));
    const error = await rejection(
      send(endpointFor(port), { operation: 'POST /api/session', expects: 'json' }),
    );
    expect(error).toMatchObject({ sent: false, messages: [expect.stringMatching(/does not speak TLS/)] });
    expect(error instanceof VcenterError && isTransient(error)).toBe(false);
  });
});
