import fetch from 'node-fetch';
import { connectErrorOf } from './connect-error.ts';
import { type AgentOptions, createAgent } from './tls.ts';
import type { TrustAnchor } from './trust-anchor.ts';

/** One HTTP request, ready to go out. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** A header's value, by its name in lower case. */
  header(name: string): string | undefined;
  /** The body to its end. @throws where the connection breaks before. */
  text(): Promise<string>;
}

/** The network, handed in: the real one, or a simulator in the same process. */
export interface Connection {
  /**
   * Sends one request, once.
   *
   * @throws ConnectError where the server has certainly not seen the request; any other error where that is open.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /**
   * What made the server's certificate trusted, out of the CAs that were given: enough for another process to trust it.
   * Undefined before a connection stood, and where no CA was given or none of them was needed.
   */
  trustAnchor(): TrustAnchor | undefined;
  /** Closes all connections, also those that are still being made. */
  close(): void;
}

const MAX_RESPONSE_BYTES = 32 * 1024 * 1024; // the longest list that vCenter sends (4,000 VMs) is about 1 MB

/** The way to one server over TLS, directly or through the environment's proxy. */
export function openConnection(options: AgentOptions): Connection {
  const agent = createAgent(options);
  return {
    async send({ url, ...request }) {
      try {
        const response = await fetch(url, {
          ...request,
          agent,
          redirect: 'manual', // credentials go to the server that was named and to no other
          size: MAX_RESPONSE_BYTES,
          // node-fetch takes a compressed response for one that was cut off where its last packet comes in two parts.
          compress: false,
        });
        return {
          status: response.status,
          header: (name) => response.headers.get(name) ?? undefined,
          text: () => response.text(),
        };
      } catch (error) {
        // node-fetch flattens what went wrong into an error of its own.
        throw connectErrorOf(error) ?? error;
      }
    },
    trustAnchor: () => agent.trustAnchor(),
    close: () => agent.destroy(),
  };
}
