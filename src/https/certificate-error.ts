import type { X509Certificate } from 'node:crypto';
import { shorten } from '../text/shorten.ts';
import { ConnectError } from './connect-error.ts';

/** What a server's certificate says of itself. All of it is untrusted text, on one line. */
export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
  /** The DNS names and addresses it is made out for. */
  readonly names: readonly string[];
}

export interface CertificateErrorFields {
  /** `host:port`. */
  readonly server: string;
  /** Undefined where the server showed none. */
  readonly certificate: ShownCertificate | undefined;
  /** Node's code: `DEPTH_ZERO_SELF_SIGNED_CERT`. */
  readonly code: string;
  /** A clause: "it has expired". */
  readonly why: string;
}

const UNKNOWN_ISSUER = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The server's certificate was not accepted. */
export class CertificateError extends ConnectError {
  override readonly name: string = 'CertificateError';
  readonly certificate: ShownCertificate | undefined;
  /** No chain leads from it to a CA that is trusted. */
  readonly isUnknownIssuer: boolean;

  constructor({ server, certificate, code, why }: CertificateErrorFields) {
    super({
      message: `The certificate of ${server} is not accepted: ${why}.${described(certificate)}`,
      code,
      isPermanent: true,
    });
    this.certificate = certificate;
    this.isUnknownIssuer = UNKNOWN_ISSUER.has(code);
  }
}

/** The server's certificate is not the one that was pinned. */
export class CertificateMismatch extends CertificateError {
  override readonly name = 'CertificateMismatch';
  /** The fingerprint that was asked for. */
  readonly expected: string;

  constructor({
    server,
    certificate,
    expected,
  }: {
    readonly server: string;
    readonly certificate: ShownCertificate | undefined;
    readonly expected: string;
  }) {
    super({
      server,
      certificate,
      code: 'ERR_CERTIFICATE_FINGERPRINT',
      why: `its SHA-256 fingerprint is not ${expected}, which was asked for`,
    });
    this.expected = expected;
  }
}

/** The error for a certificate that OpenSSL's check of the chain, or Node's of the host name, has refused with `code`. */
export function untrusted({
  server,
  host,
  certificate,
  code,
  hasOwnCa,
}: {
  /** `host:port`. */
  readonly server: string;
  readonly host: string;
  readonly certificate: ShownCertificate | undefined;
  readonly code: string;
  /** The run has a CA of its own besides the public ones. */
  readonly hasOwnCa: boolean;
}): CertificateError {
  const known = hasOwnCa ? 'the public CAs and the one given' : 'the public CAs';
  const fail = (why: string) => new CertificateError({ server, certificate, code, why });
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    return fail(`it is signed by itself and not among ${known}`);
  }
  if (UNKNOWN_ISSUER.has(code)) {
    return fail(`no chain leads from it to ${known}`);
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return fail('it, or a certificate that signed it, has expired');
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return fail("it, or a certificate that signed it, is not valid yet by this runner's clock");
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return fail(`it is not made out for '${host}' but for ${listed(certificate?.names ?? [])}`);
  }
  return fail(`the check says ${code}`);
}

export function shownCertificate(certificate: X509Certificate): ShownCertificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: certificate.validFrom,
    validTo: certificate.validTo,
    fingerprint: certificate.fingerprint256,
    names: (certificate.subjectAltName ?? '')
      .split(', ')
      .filter((name) => name !== '')
      .map((name) => oneLine(name.replace(/^(DNS|IP Address):/, ''))),
  };
}

function described(certificate: ShownCertificate | undefined): string {
  if (certificate === undefined) {
    return '';
  }
  const { subject, issuer, validFrom, validTo, fingerprint } = certificate;
  return ` It says: subject ${subject}; issued by ${issuer}; valid from ${validFrom} until ${validTo}; SHA-256 fingerprint ${fingerprint}.`;
}

/** Names are written one attribute a line (`CN=…\nO=…`), and nothing limits their length. */
function oneLine(text: string | undefined): string {
  const line = (text ?? '').replace(/[\r\n]+/g, ', ');
  return line === '' ? '(empty)' : shorten(line, 200);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) {
    return 'no host at all';
  }
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return `${names.slice(0, 10).join(', ')}${more}`;
}
