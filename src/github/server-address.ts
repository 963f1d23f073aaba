import { isIP, isIPv6 } from 'node:net';
import { ValueProblem } from '../text/invalid-value.ts';

/**
 * Reads `host`, `host:port` or `https://host[:port]`, where the host may be an IPv6 address with or without brackets.
 * Returns `host` or `host:port`, fit to stand behind `https://`: IPv6 in brackets, a port of 443 left out.
 *
 * @throws ValueProblem
 */
export function parseServerAddress(text: string): string {
  // What stands before an @ may be a password, whatever else is wrong.
  const problem = (message: string) => new ValueProblem(message, { hidesValue: text.includes('@') });

  if (/\s/.test(text)) {
    throw problem('holds whitespace; give one host name, such as vcenter.example.com');
  }
  const [, scheme, afterScheme] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme?.toLowerCase() === 'http') {
    throw problem('would send the password in the clear; use https:// or leave the scheme out');
  }
  if (scheme !== undefined && scheme.toLowerCase() !== 'https') {
    throw problem(`has the scheme ${scheme}://; use https:// or leave the scheme out`);
  }
  const address = (afterScheme ?? text).replace(/\/$/, '');
  if (address.includes('@')) {
    throw problem("holds an @; give host and port only, and the account in 'username' and 'password'");
  }
  if (/[?#]/.test(address)) {
    throw problem('has a query; give host and port only');
  }
  if (/[/\\]/.test(address)) {
    throw problem('has a path; give host and port only');
  }
  if (address.includes('%')) {
    throw problem('holds a %; an IPv6 address cannot have a zone here, nor a host name an escape');
  }

  const { host, port } = splitPort(address);
  const hostName = host === undefined ? undefined : canonicalHost(host);
  if (hostName === undefined) {
    throw problem(
      'is not a host name or an address; use vcenter.example.com, 192.0.2.10 or [2001:db8::10], with :port if need be',
    );
  }
  if (port === undefined) {
    return hostName;
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw problem('has a port that is not a number from 1 to 65535');
  }
  return Number(port) === 443 ? hostName : `${hostName}:${Number(port)}`;
}

function splitPort(address: string): { readonly host?: string; readonly port?: string } {
  if (isIPv6(address)) {
    return { host: address };
  }
  const [, bracketed, plain, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(address) ?? [];
  if (bracketed !== undefined && !isIPv6(bracketed)) {
    return {};
  }
  const host = bracketed ?? plain;
  return { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
}

/** The host as a URL has it (lower case, Punycode, IPv6 in brackets); undefined for what is no host. */
function canonicalHost(host: string): string | undefined {
  const address = isIP(host);
  if (address === 0 && !/^[\p{L}\p{N}\p{M}_.-]+$/u.test(host)) {
    return undefined;
  }
  const url = URL.parse(`https://${address === 6 ? `[${host}]` : host}`);
  // A URL takes `10` or `0x7f.1` for an IPv4 address, which is never what was meant.
  return url === null || (address === 0 && isIP(url.hostname) !== 0) ? undefined : url.hostname;
}
