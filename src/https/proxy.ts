import http from 'node:http';
import https from 'node:https';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { networkMatcher, parseAddress, parseNetwork } from '../text/network.ts';
import { redact } from '../text/redact.ts';
import { ConnectError, failureReason } from './connect-error.ts';

/** Where a connection leads in the end. */
export interface Target {
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface ForwardProxy {
  readonly protocol: 'http:' | 'https:';
  readonly host: string;
  readonly port: number;
  /** For people: without user and password. */
  readonly url: string;
  /** The value of `Proxy-Authorization`, where the proxy's URL names a user. */
  readonly authorization: string | undefined;
}

/**
 * The proxy that the environment prescribes for an `https:` target: `HTTPS_PROXY`, unless `NO_PROXY` covers the target. The
 * lower-case names win, as they do for curl and for GitHub's own toolkit.
 *
 * Node's agents can do this themselves (`proxyEnv`). But they ignore a proxy without a scheme and connect directly; they
 * take `corp.example` in NO_PROXY for that one host, where curl and the toolkit include all that is below it; and they give
 * a connection out before its certificate can be compared with a fingerprint.
 *
 * @throws ConnectError where HTTPS_PROXY is no URL of a proxy.
 */
export function findProxy(env: NodeJS.ProcessEnv, target: Target): ForwardProxy | undefined {
  const value = (env['https_proxy'] || env['HTTPS_PROXY'] || '').trim();
  const exceptions = env['no_proxy'] || env['NO_PROXY'] || '';
  if (value === '' || isException(exceptions, target)) {
    return undefined;
  }
  // `proxy:3128` parses as a URL whose scheme is `proxy:`.
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new ConnectError({
      // The value is not shown: it may hold a password.
      message: 'HTTPS_PROXY of the environment is not the URL of an http:// or https:// proxy.',
      code: 'ERR_PROXY_INVALID_CONFIG',
      isPermanent: true,
    });
  }
  return {
    protocol: url.protocol,
    host: withoutBrackets(url.hostname),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    url: `${url.protocol}//${url.host}`,
    authorization:
      url.username === '' && url.password === ''
        ? undefined
        : `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64')}`,
  };
}

/**
 * Makes the proxy connect to the target: CONNECT. The caller speaks TLS through what this returns.
 *
 * @throws ConnectError, which names the proxy.
 */
export async function openTunnel(
  proxy: ForwardProxy,
  { target, signal }: { readonly target: Target; readonly signal: AbortSignal },
): Promise<Duplex> {
  const authority = `${isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const { response, socket, head } = await new Promise<Tunnel>((resolve, reject) => {
    (proxy.protocol === 'https:' ? https : http)
      .request({
        method: 'CONNECT',
        host: proxy.host,
        port: proxy.port,
        path: authority,
        headers: {
          host: authority,
          connection: 'keep-alive',
          ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
        },
        agent: false,
        signal,
      })
      .once('connect', (response, socket, head) => resolve({ response, socket, head }))
      .once('error', (error) => reject(unreachable(proxy, error)))
      .end();
  });
  const { statusCode: status = 0 } = response;
  if (status < 200 || status > 299) {
    socket.destroy();
    // What a proxy does not allow stays forbidden, and more tries with a wrong password lock accounts.
    const words = redact(response.statusMessage ?? '', [proxy.authorization?.replace('Basic ', '') ?? '']);
    const isPermanent = status >= 400 && status < 500 && status !== 408 && status !== 429;
    throw new ConnectError({
      message:
        `The proxy ${proxy.url} refuses a connection to ${authority}: HTTP ${status} ${words}`.trimEnd(),
      code: isPermanent ? 'ERR_PROXY_REFUSED' : 'ERR_PROXY_TUNNEL',
      isPermanent,
      isProxy: true,
    });
  }
  if (head.length > 0) {
    socket.unshift(head);
  }
  return socket;
}

function unreachable(proxy: ForwardProxy, error: NodeJS.ErrnoException): ConnectError {
  return new ConnectError({
    message: `The proxy ${proxy.url} cannot be reached: ${failureReason(error)}`,
    code: error.code,
    isPermanent: false,
    isProxy: true,
    cause: error,
  });
}

interface Tunnel {
  readonly response: http.IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** NO_PROXY: `*`, or names, addresses and networks (`10.0.0.0/8`), each with `:port` or without. */
function isException(exceptions: string, { host, port }: Target): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') {
        return true;
      }
      const [, place = '', itsPort] = isIPv6(entry)
        ? [entry, entry]
        : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
      if (itsPort !== undefined && Number(itsPort) !== port) {
        return false;
      }
      const address = parseAddress(name);
      if (address !== undefined) {
        const network = parseNetwork(withoutBrackets(place));
        return network !== undefined && networkMatcher([network])(address);
      }
      const suffix = place.replace(/^\*?\./, '');
      return suffix !== '' && (name === suffix || name.endsWith(`.${suffix}`));
    });
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a bare `%` stands for itself
  }
}
