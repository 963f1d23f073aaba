import type { X509Certificate } from 'node:crypto';
import { Agent, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { CertificateError, CertificateMismatch, shownCertificate, untrusted } from './certificate-error.ts';
import { ConnectError, failureReason } from './connect-error.ts';
import { type ForwardProxy, findProxy, openTunnel, type Target } from './proxy.ts';
import { findTrustAnchor, type TrustAnchor } from './trust-anchor.ts';

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

/** The connections to one server. */
export interface CheckingAgent extends Agent {
  /**
   * What made the certificate of the last connection trusted, out of the `ca` option. Undefined before there was a
   * connection, and where something else than that option made it trusted.
   */
  trustAnchor(): TrustAnchor | undefined;
}

/**
 * The connections to one server: kept alive between requests, directly or through the environment's proxy. A connection is
 * given to a request only after its certificate was accepted, so a refused server sees nothing but the handshake. Whatever
 * fails before that moment is a {@link ConnectError}.
 *
 * Idle connections do not keep the process alive; `destroy()` closes all, also those that are still being made.
 */
export function createAgent(options: AgentOptions): CheckingAgent {
  return new TlsAgent(options);
}

/** Look-ups go out side by side, and those of tags can be hundreds: no more connections than a browser would open, about. */
const MOST_CONNECTIONS = 16;

class TlsAgent extends Agent implements CheckingAgent {
  readonly #trust: AgentOptions;
  /** In the order in which they are tried. */
  #stores: readonly TrustStore[];
  readonly #destroyed = new AbortController();
  #accepted: { readonly certificate: X509Certificate; readonly store: TrustStore } | undefined;

  constructor(trust: AgentOptions) {
    super({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
    this.#trust = trust;
    this.#stores = trustStores(trust);
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

  trustAnchor(): TrustAnchor | undefined {
    return this.#accepted?.store.given === undefined
      ? undefined
      : findTrustAnchor({ given: this.#accepted.store.given, certificate: this.#accepted.certificate });
  }

  async #connect(options: RequestOptions): Promise<tls.TLSSocket> {
    const refusals: CertificateError[] = [];
    for (const store of this.#stores) {
      try {
        const socket = await this.#connectOnce(options, store);
        // The next connection shall not be refused first.
        this.#stores = [store, ...this.#stores.filter((each) => each !== store)];
        return socket;
      } catch (error) {
        if (!(error instanceof CertificateError)) {
          throw error;
        }
        refusals.push(error);
      }
    }
    // That one store does not know the CA says nothing where the other knows it and has another reason.
    throw refusals.find((refused) => !refused.isUnknownIssuer) ?? refusals.at(-1);
  }

  async #connectOnce(options: RequestOptions, store: TrustStore): Promise<tls.TLSSocket> {
    const target = { host: options.host ?? 'localhost', port: Number(options.port) };
    const { signal } = this.#destroyed;
    const proxy = findProxy(this.#trust.env, target);
    try {
      const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, { target, signal });
      signal.throwIfAborted();
      const socket = await this.#handshake(options, { target, tunnel, store });
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
    {
      target,
      tunnel,
      store,
    }: { readonly target: Target; readonly tunnel: Duplex | undefined; readonly store: TrustStore },
  ): Promise<tls.TLSSocket> {
    return new Promise((resolve, reject) => {
      // Every connection makes its own full handshake: Node does not look at the host name when a session is resumed.
      const socket = tls.connect({
        ...(options as tls.ConnectionOptions),
        ...(tunnel === undefined ? {} : { socket: tunnel }),
        ...(options.servername === undefined ? {} : { servername: tlsName(options.servername) }),
        secureContext: store.context(),
        // Node would refuse without keeping the certificate for the error; `refusal` decides, from Node's own check.
        rejectUnauthorized: false,
      });
      const { signal } = this.#destroyed;
      const abort = () => socket.destroy(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      socket.once('close', () => signal.removeEventListener('abort', abort));
      socket.on('error', reject); // stays: until a request takes the socket over, nobody else listens
      socket.once('secureConnect', () => {
        const certificate = socket.getPeerX509Certificate();
        const refused = refusal(socket, { target, certificate, trust: this.#trust });
        if (refused === undefined) {
          this.#accepted = certificate === undefined ? undefined : { certificate, store };
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

interface TrustStore {
  /** PEM of the CAs that were given, where they are the store. */
  readonly given?: string;
  context(): tls.SecureContext;
}

/**
 * A CA of one's own is added to those that Node trusts. Two stores, of which either may accept, since Node has no way to add
 * to its own: `ca` replaces it, and no list of it is complete (`--use-openssl-ca`, SSL_CERT_FILE, SSL_CERT_DIR). The own CA
 * goes first: to read Node's takes longer than everything else before the login, and is seldom needed then.
 */
function trustStores({ ca, fingerprint, insecure }: AgentOptions): readonly TrustStore[] {
  if (fingerprint !== undefined || insecure) {
    return [trustStore({ ca: [] })]; // CAs have no say
  }
  if (ca === undefined) {
    return [trustStore({})];
  }
  // vCenter's CA (VMCA) may be subordinate to a company's: its certificate is enough, without the root above it.
  return [
    { given: ca, ...trustStore({ ca, allowPartialTrustChain: true }) },
    trustStore({ allowPartialTrustChain: true }),
  ];
}

function trustStore(options: tls.SecureContextOptions): TrustStore {
  let context: tls.SecureContext | undefined;
  return {
    context() {
      context ??= tls.createSecureContext({ minVersion: MIN_VERSION, ...options });
      return context;
    },
  };
}

/** A host's name as TLS has it. A dot at its end keeps DNS from trying other domains, and is no part of the name (RFC 6066, 3). */
function tlsName(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function refusal(
  socket: tls.TLSSocket,
  {
    target,
    certificate: peer,
    trust,
  }: {
    readonly target: Target;
    readonly certificate: X509Certificate | undefined;
    readonly trust: AgentOptions;
  },
): CertificateError | undefined {
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
    host: tlsName(target.host),
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
      message: `${server} does not speak TLS${way}: the port seems to be wrong.`,
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
