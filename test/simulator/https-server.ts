import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Channel } from './channel.ts';
import type { SimulatorClock } from './clock.ts';
import type { RequestHandler } from './request-handler.ts';
import type { ServerCertificate } from './tls.ts';

export interface HttpsServer {
  readonly port: number;
  /** Closes the listening port and resets every connection. */
  readonly refuseConnections: () => Promise<void>;
  readonly acceptConnections: () => Promise<void>;
}

const slowBodyInterval = 25;

/** Serves over HTTPS on a port of this machine. */
export async function startHttpsServer(options: {
  readonly handler: RequestHandler;
  readonly clock: SimulatorClock;
  readonly certificate: ServerCertificate;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}): Promise<HttpsServer> {
  const { handler, clock, certificate, host } = options;
  const server = createServer({ cert: certificate.certificatePem, key: certificate.keyPem });
  // Longer than any pause of a client, so that no request ever meets a connection that is just being closed.
  server.keepAliveTimeout = 120_000;
  const connections = trackConnections(server);
  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    handler(httpsChannel({ request, response, clock, connection: connections.of(request) })),
  );
  await listen(server, { port: options.port, host });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    refuseConnections: async () => {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      connections.resetAll();
      await closed;
    },
    acceptConnections: async () => {
      if (!server.listening) await listen(server, { port, host });
    },
  };
}

function listen(server: Server, options: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What a request has to do with its TCP connection. */
interface ConnectionControl {
  readonly number: number;
  /** Ends the connection with RST: the client sees ECONNRESET. */
  readonly reset: () => void;
}

interface Connections {
  readonly of: (request: IncomingMessage) => ConnectionControl;
  readonly resetAll: () => void;
}

/**
 * Knows the TCP socket below each TLS socket: only that one can send an RST. The two are matched by the client's
 * port, which is unique among the connections that are open.
 */
function trackConnections(server: Server): Connections {
  const open = new Map<number, { readonly number: number; readonly socket: Socket }>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    count += 1;
    open.set(remotePort, { number: count, socket });
    socket.once('close', () => open.delete(remotePort));
    // What becomes of a connection after it was reset is of no interest to the simulator.
    socket.on('error', () => undefined);
  });
  // A client that does not like the certificate ends the handshake; that is its own affair.
  server.on('tlsClientError', () => undefined);
  return {
    of: ({ socket }) => {
      const connection = open.get(socket.remotePort ?? 0);
      return {
        number: connection?.number ?? 0,
        reset: () => {
          connection?.socket.resetAndDestroy();
          socket.destroy();
        },
      };
    },
    resetAll: () => {
      for (const { socket } of open.values()) socket.resetAndDestroy();
    },
  };
}

function httpsChannel({
  request,
  response,
  clock,
  connection,
}: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: SimulatorClock;
  readonly connection: ConnectionControl;
}): Channel {
  response.sendDate = false; // the simulator's own clock tells it
  return {
    connection: connection.number,
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    readBody: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    isClosed: () => response.destroyed,
    onClose: (listener) => response.once('close', listener),
    reset: connection.reset,
    send: ({ status, headers, text }) => {
      const length = status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) };
      response.writeHead(status, { ...headers, ...length });
      return new Promise((resolve) => {
        response.once('finish', () => resolve(true));
        response.once('close', () => resolve(response.writableFinished));
        response.end(text);
      });
    },
    sendCut: async ({ status, headers, text }) => {
      const bytes = Buffer.from(text);
      const { socket } = response;
      if (bytes.length === 0) {
        await new Promise((resolve) => socket?.write(`HTTP/1.1 ${status} No`, resolve));
      } else {
        response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
        await new Promise((resolve) =>
          response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), resolve),
        );
      }
      if (socket) socket.end();
      else connection.reset();
    },
    // Blanks before JSON mean nothing, so the body stays valid for as long as it lasts.
    sendSlowly: async ({ status, headers }) => {
      response.writeHead(status, headers);
      while (!response.destroyed) {
        response.write(' ');
        await clock.sleep(slowBodyInterval);
      }
    },
    breakDown: ({ status, headers, text }) => {
      if (response.destroyed || response.writableEnded || response.headersSent) return;
      response.writeHead(status, headers).end(text);
    },
  };
}
