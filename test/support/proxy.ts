import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ProxyOptions {
  /** Asks for these (Basic) and refuses everybody else with 407. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Refuses every tunnel with this status. */
  readonly refuse?: number;
  /** Never answers. */
  readonly silent?: boolean;
  /** Where the tunnels lead; default: where the client wants to go. */
  readonly route?: (target: string) => string;
  /** Speak TLS to the clients: an https:// proxy. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface ConnectRequest {
  /** `host:port` as the client wrote it. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
  readonly status: number | undefined;
}

export interface ForwardProxy {
  /** With the credentials that it asks for. */
  readonly url: string;
  /** `host:port`. */
  readonly address: string;
  /** Every CONNECT in order of arrival. */
  readonly connects: readonly ConnectRequest[];
  /** What went through the tunnels to the servers, as it was on the wire. */
  bytesToServers(): Buffer;
  openTunnels(): number;
  close(): Promise<void>;
}

/** A forward proxy on localhost that knows CONNECT and nothing else. */
export async function startProxy(options: ProxyOptions = {}): Promise<ForwardProxy> {
  const { credentials, refuse, silent, route, tls } = options;
  const connects: ConnectRequest[] = [];
  const passed: Buffer[] = [];
  const open = new Set<Duplex>();
  let tunnels = 0;
  const expected =
    credentials === undefined
      ? undefined
      : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;

  const server = tls === undefined ? http.createServer() : https.createServer(tls);
  server.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('connect', (request, client, head) => {
    const target = request.url ?? '';
    const authorization = request.headers['proxy-authorization'];
    const allowed = expected === undefined || authorization === expected;
    const status = silent ? undefined : (refuse ?? (allowed ? 200 : 407));
    connects.push({ target, authorization, host: request.headers.host, status });
    client.on('error', () => client.destroy());
    if (status === undefined) {
      return;
    }
    if (status !== 200) {
      const challenge = status === 407 ? 'proxy-authenticate: Basic realm="test"\r\n' : '';
      client.end(
        `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}\r\n${challenge}content-length: 6\r\n\r\nsorry\n`,
      );
      return;
    }
    const { hostname, port } = new URL(`tcp://${route?.(target) ?? target}`);
    const upstream = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) });
    upstream.on('connect', () => {
      tunnels += 1;
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client);
      client.on('data', (chunk: Buffer) => {
        passed.push(chunk);
        upstream.write(chunk);
      });
      client.on('end', () => upstream.end());
    });
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => {
      tunnels -= 1;
      client.destroy();
    });
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  const address = `localhost:${(server.address() as AddressInfo).port}`;
  const user =
    credentials === undefined
      ? ''
      : `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${user}${address}`,
    address,
    connects,
    bytesToServers: () => Buffer.concat(passed),
    openTunnels: () => tunnels,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) {
          socket.destroy();
        }
      }),
  };
}
