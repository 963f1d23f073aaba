import { Agent, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { CertificateError, CertificateMismatch, shownCertificate, untrusted } from './certificate-error.ts';
import { ConnectError, failureReason } from './connect-error.ts';
import { type ForwardProxy, findProxy, openTunnel, type Target } from './proxy.ts';

export interface AgentOptions {
  /** PEM; added to the CAs that Node knows, NODE_EXTRA_CA_CERTS included. */
  readonly ca?: string;
  /** SHA-256 of the server's own certificate, hex: checked instead of its chain and names. Wins over the others. */
  readonly fingerprint?: string;
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** Where HTTPS_PROXY and NO_PROXY are. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The connections to one vCenter: kept alive between requests, directly or through the environment's proxy. A connection is
 * given to a request only after its certificate was accepted, so a refused server sees nothing but the handshake. Whatever
 * fails before that moment is a {@link ConnectError}.
 *
 * Idle connections do not keep the process alive; `destroy()` closes all, also those that are still being made.
 */
export function createAgent(options: AgentOptions): Agent {
  return new CheckingAgent(options);
}

class CheckingAgent extends Agent {
  readonly #trust: AgentOptions;
  #secureContext: tls.SecureContext;
  /** Whether every CA that counts is in the context. */
  #isWide: boolean;
  readonly #destroyed = new AbortController();

  constructor(trust: AgentOptions) {
    super({ keepAlive: true });
    this.#trust = trust;
    this.#secureContext = narrowContext(trust);
    this.#isWide = trust.ca === undefined || trust.fingerprint !== undefined || trust.insecure;
  }

  override createConnection(
    options: RequestOptions,
    callback: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const fail = callback as (error: Error) => void; // with an error there is no stream
    this.#connect(options).then((socket) => callback(null, socket), fail);
  }

  override destroy(): void {
    this.#destroyed.abort(new Error('the connections were closed'));
    super.destroy();
  }

  async #connect(options: RequestOptions): Promise<tls.TLSSocket> {
    const tried = this.#secureContext;
    try {
      return await this.#connectOnce(options);
    } catch (error) {
      if (error instanceof CertificateError && this.#widen() !== tried) {
        return this.#connectOnce(options);
      }
      throw error;
    }
  }

  /**
   * A CA of one's own is added to the public ones, and to read those takes longer than everything else before the login. A
   * server that shows a certificate of the own CA needs none of them, so they are read when one shows another.
   */
  #widen(): tls.SecureContext {
    if (!this.#isWide) {
      this.#isWide = true;
      this.#secureContext = wideContext(this.#trust);
    }
    return this.#secureContext;
  }

  async #connectOnce(options: RequestOptions): Promise<tls.TLSSocket> {
    const target = { host: options.host ?? 'localhost', port: Number(options.port) };
    const { signal } = this.#destroyed;
    const proxy = findProxy(this.#trust.env, target);
    try {
      const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, { target, signal });
      signal.throwIfAborted();
      const socket = await this.#handshake(options, { target, tunnel });
      if (socket.destroyed) {
        throw new Error('it was closed as soon as it stood'); // a request that got it now would never hear of that
      }
      return socket;
    } catch (error) {
      throw error instanceof ConnectError ? error : connectError(error, { target, proxy });
    }
  }

  #handshake(
    options: RequestOptions,
    { target, tunnel }: { readonly target: Target; readonly tunnel: Duplex | undefined },
  ): Promise<tls.TLSSocket> {
    return new Promise((resolve, reject) => {
      // Every connection makes its own full handshake: Node does not look at the host name when a session is resumed.
      const socket = tls.connect({
        ...(options as tls.ConnectionOptions),
        ...(tunnel === undefined ? {} : { socket: tunnel }),
        secureContext: this.#secureContext,
        // Node would refuse without keeping the certificate for the error; `refusal` decides, from Node's own verdict.
        rejectUnauthorized: false,
      });
      const { signal } = this.#destroyed;
      const abort = () => socket.destroy(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      socket.once('close', () => signal.removeEventListener('abort', abort));
      socket.on('error', reject); // stays: until a request takes the socket over, nobody else listens
      socket.once('secureConnect', () => {
        const refused = refusal(socket, { target, trust: this.#trust });
        if (refused === undefined) {
          resolve(socket);
        } else {
          reject(refused);
          socket.destroy();
        }
      });
    });
  }
}

const MIN_VERSION = 'TLSv1.2';

/** Made once for all connections. */
function narrowContext({ ca, fingerprint, insecure }: AgentOptions): tls.SecureContext {
  if (fingerprint !== undefined || insecure) {
    return tls.createSecureContext({ minVersion: MIN_VERSION, ca: [] }); // CAs have no say
  }
  return ca === undefined ? tls.createSecureContext({ minVersion: MIN_VERSION }) : contextOf([ca]);
}

function wideContext({ ca = '' }: AgentOptions): tls.SecureContext {
  return contextOf([...tls.getCACertificates('default'), ca]); // `ca` replaces Node's own list
}

function contextOf(ca: string[]): tls.SecureContext {
  // vCenter's CA (VMCA) may be subordinate to a company's: its certificate is enough, without the root above it.
  return tls.createSecureContext({ minVersion: MIN_VERSION, ca, allowPartialTrustChain: true });
}

function refusal(
  socket: tls.TLSSocket,
  { target, trust }: { readonly target: Target; readonly trust: AgentOptions },
): CertificateError | undefined {
  const peer = socket.getPeerX509Certificate();
  const certificate = peer === undefined ? undefined : shownCertificate(peer);
  const server = authority(target);
  if (trust.fingerprint !== undefined) {
    const expected = trust.fingerprint;
    return certificate !== undefined && hexDigits(certificate.fingerprint) === hexDigits(expected)
      ? undefined
      : new CertificateMismatch({ server, certificate, expected });
  }
  if (trust.insecure || socket.authorized) {
    return undefined;
  }
  return untrusted({
    server,
    host: target.host,
    certificate,
    code: String(socket.authorizationError), // the types say Error; Node puts the code there
    hasOwnCa: trust.ca !== undefined,
  });
}

function hexDigits(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toUpperCase();
}

/** OpenSSL's ways of saying that what came back is no TLS at all. */
const NOT_TLS = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);
const TOO_OLD = new Set(['ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION']);

function connectError(
  error: unknown,
  { target, proxy }: { readonly target: Target; readonly proxy: ForwardProxy | undefined },
): ConnectError {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const way = proxy === undefined ? '' : ` (through the proxy ${proxy.url})`;
  const server = authority(target);
  if (code !== undefined && NOT_TLS.has(code)) {
    return new ConnectError({
      message: `${server} does not speak TLS${way}: the port in 'vcenter-server' seems to be wrong.`,
      code,
      isPermanent: true,
      cause: error,
    });
  }
  if (code !== undefined && TOO_OLD.has(code)) {
    return new ConnectError({
      message: `${server} offers no TLS 1.2 or later${way}.`,
      code,
      isPermanent: true,
      cause: error,
    });
  }
  return new ConnectError({
    message: `No connection to ${server}${way}: ${failureReason(error)}`,
    code,
    isPermanent: false,
    cause: error,
  });
}

function authority({ host, port }: Target): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
