import { randomBytes } from 'node:crypto';
import type { Agent } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import tls from 'node:tls';
import fetch from 'node-fetch';
import { onTestFinished } from 'vitest';

export interface TlsServer {
  readonly port: number;
  /** TCP connections that were ever made. */
  readonly connections: number;
  /** Handshakes that took up an earlier session. */
  readonly resumed: number;
  /** Bytes of HTTP that arrived, decrypted. */
  readonly applicationBytes: number;
  /** Connections that are open. */
  readonly open: number;
  /** The next handshakes show this certificate. */
  show(identity: { readonly cert: string; readonly key: string }): void;
}

/** An HTTPS server that answers every request with `{}` and counts what reaches it. Ends with the test. */
export async function startTlsServer(
  options: tls.TlsOptions & {
    readonly address?: string;
    /** Resets the connection instead of answering. */
    readonly resets?: boolean;
  },
): Promise<TlsServer> {
  const counts = { connections: 0, resumed: 0, applicationBytes: 0 };
  const sockets = new Set<Socket>();
  // The same keys for every certificate: a session made under one could be taken up under the next.
  const tlsOptions = { ticketKeys: randomBytes(48), sessionIdContext: 'test', ...options };
  const server = tls.createServer(tlsOptions, (socket) => {
    counts.resumed += socket.isSessionReused() ? 1 : 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      counts.applicationBytes += chunk.length;
      if (options.resets) {
        socket.destroy();
      } else if (chunk.toString('latin1').endsWith('\r\n\r\n')) {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
      }
    });
  });
  server.on('connection', (socket: Socket) => {
    counts.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listening(server, options.address);
  onTestFinished(() => closing(server, sockets));
  return {
    port,
    get connections() {
      return counts.connections;
    },
    get resumed() {
      return counts.resumed;
    },
    get applicationBytes() {
      return counts.applicationBytes;
    },
    get open() {
      return sockets.size;
    },
    show: (identity) => server.setSecureContext({ ...tlsOptions, ...identity }),
  };
}

/** A TCP server for whatever is no TLS. Ends with the test. */
export async function startTcpServer(
  onConnection: (socket: Socket) => void,
): Promise<{ readonly port: number; readonly open: number }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  const port = await listening(server, '127.0.0.1');
  onTestFinished(() => closing(server, sockets));
  return {
    port,
    get open() {
      return sockets.size;
    },
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listening(server, '127.0.0.1');
  await closing(server, new Set());
  return port;
}

/** A GET as the client makes it; gives the status, or what it failed with. */
export async function get(agent: Agent, authority: string): Promise<number | Error> {
  try {
    const response = await fetch(`https://${authority}/api/session`, { agent });
    await response.text();
    return response.status;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function listening(
  server: tls.Server | ReturnType<typeof createTcpServer>,
  address = '127.0.0.1',
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, address, () => resolve((server.address() as AddressInfo).port));
  });
}

function closing(
  server: tls.Server | ReturnType<typeof createTcpServer>,
  sockets: ReadonlySet<Socket>,
): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) {
      socket.destroy();
    }
  });
}
