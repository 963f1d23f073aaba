import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import * as der from '../simulator/der.ts';

/** A certificate with its key, as a server shows it or as a CA that signs others. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
  readonly name: Buffer;
  readonly privateKey: KeyObject;
}

export interface IdentityOptions {
  /** The common name; may hold anything. */
  readonly subject: string;
  /** Who signs it; without one it signs itself. */
  readonly issuer?: Identity;
  /** Whose key it has; default: one of its own. */
  readonly keyOf?: Identity;
  readonly isCa?: boolean;
  readonly dnsNames?: readonly string[];
  /** IPv4 and IPv6 addresses as bytes. */
  readonly addresses?: readonly (readonly number[])[];
  /** Days from now; negative ones are past. */
  readonly validFrom?: number;
  readonly validTo?: number;
}

const DAY = 24 * 60 * 60 * 1000;
const ECDSA_WITH_SHA256 = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));
const COMMON_NAME = der.objectIdentifier('2.5.4.3');
const BASIC_CONSTRAINTS = der.objectIdentifier('2.5.29.19');
const SUBJECT_ALT_NAME = der.objectIdentifier('2.5.29.17');

export function makeIdentity({
  subject,
  issuer,
  keyOf,
  isCa = false,
  dnsNames = [],
  addresses = [],
  validFrom = -2,
  validTo = 7,
}: IdentityOptions): Identity {
  const privateKey = keyOf?.privateKey ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const publicKey = createPublicKey(privateKey);
  const name = der.sequence(der.setOf(der.sequence(COMMON_NAME, der.utf8String(subject))));
  const alternatives = [
    ...dnsNames.map((each) => der.implicit(2, Buffer.from(each, 'ascii'))),
    ...addresses.map((each) => der.implicit(7, Buffer.from(each))),
  ];
  const extensions = [
    ...(isCa
      ? [der.sequence(BASIC_CONSTRAINTS, der.boolean(true), der.octetString(der.sequence(der.boolean(true))))]
      : []),
    ...(alternatives.length > 0
      ? [der.sequence(SUBJECT_ALT_NAME, der.octetString(der.sequence(...alternatives)))]
      : []),
  ];
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.from([1, ...randomBytes(8)])),
    ECDSA_WITH_SHA256,
    issuer?.name ?? name,
    der.sequence(
      der.utcTime(new Date(Date.now() + validFrom * DAY)),
      der.utcTime(new Date(Date.now() + validTo * DAY)),
    ),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [der.explicit(3, der.sequence(...extensions))] : []),
  );
  const signature = sign('sha256', toBeSigned, issuer?.privateKey ?? privateKey);
  const raw = der.sequence(toBeSigned, ECDSA_WITH_SHA256, der.bitString(signature));
  const certificate = new X509Certificate(raw);
  return {
    cert: certificate.toString(),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: certificate.fingerprint256,
    name,
    privateKey,
  };
}
