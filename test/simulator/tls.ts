import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import * as der from './der.ts';

export interface CertificateAuthority {
  readonly pem: string;
  readonly name: string;
  readonly key: KeyObject;
  readonly keyId: Buffer;
}

export interface ServerCertificate {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** SHA-256 of the certificate, upper-case hex with colons. */
  readonly fingerprint: string;
}

const dayMs = 24 * 60 * 60 * 1000;
const ecdsaWithSha256 = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'));

let authority: CertificateAuthority | undefined;

/** The CA of all simulators of this process: made once, so that many servers cost one root. */
export function certificateAuthority(): CertificateAuthority {
  authority ??= createAuthority('vCenter simulator CA');
  return authority;
}

function createAuthority(name: string): CertificateAuthority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyId = keyIdentifier(publicKey);
  const pem = createCertificate({
    subject: name,
    issuer: name,
    publicKey,
    signedWith: privateKey,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 30 * dayMs),
    extensions: [
      extension('2.5.29.19', der.sequence(der.boolean(true)), true),
      // keyCertSign and cRLSign
      extension('2.5.29.15', der.bitString(Buffer.from([0x06]), 1), true),
      extension('2.5.29.14', der.octetString(keyId)),
    ],
  });
  return { pem, name, key: privateKey, keyId };
}

/** A server certificate of the CA; `hosts` are DNS names and IP addresses that it is good for. */
export function createServerCertificate(options: {
  readonly authority: CertificateAuthority;
  readonly hosts: readonly string[];
  readonly expired?: boolean;
}): ServerCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificatePem = createCertificate({
    subject: options.hosts[0] ?? 'vcenter',
    issuer: options.authority.name,
    publicKey,
    signedWith: options.authority.key,
    notBefore: new Date(Date.now() - 3 * dayMs),
    notAfter: new Date(Date.now() + (options.expired ? -1 : 7) * dayMs),
    extensions: [
      // digitalSignature
      extension('2.5.29.15', der.bitString(Buffer.from([0x80]), 7), true),
      extension('2.5.29.37', der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', der.sequence(...options.hosts.map(generalName))),
      extension('2.5.29.35', der.sequence(der.implicit(0, options.authority.keyId))),
    ],
  });
  return {
    certificatePem,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: new X509Certificate(certificatePem).fingerprint256,
  };
}

function createCertificate(options: {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signedWith: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
}): string {
  const serial = randomBytes(16);
  // A first byte of 1 to 127 keeps the serial number positive and in its shortest form.
  serial[0] = ((serial[0] ?? 0) % 127) + 1;
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    ecdsaWithSha256,
    commonName(options.issuer),
    der.sequence(der.utcTime(options.notBefore), der.utcTime(options.notAfter)),
    commonName(options.subject),
    options.publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...options.extensions)),
  );
  const certificate = der.sequence(
    toBeSigned,
    ecdsaWithSha256,
    der.bitString(sign('sha256', toBeSigned, options.signedWith)),
  );
  const base64 = certificate.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`;
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  const id = der.objectIdentifier(oid);
  const content = der.octetString(value);
  return critical ? der.sequence(id, der.boolean(true), content) : der.sequence(id, content);
}

function commonName(value: string): Buffer {
  return der.sequence(der.setOf(der.sequence(der.objectIdentifier('2.5.4.3'), der.utf8String(value))));
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

function generalName(host: string): Buffer {
  if (isIPv4(host)) return der.implicit(7, Buffer.from(host.split('.').map(Number)));
  if (isIP(host) === 6) return der.implicit(7, ipv6Bytes(host));
  return der.implicit(2, Buffer.from(host, 'ascii'));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const words = (part: string) => part.split(':').filter((word) => word !== '');
  const zeros = Array<string>(8 - words(head).length - words(tail).length).fill('0');
  const all = address.includes('::') ? [...words(head), ...zeros, ...words(tail)] : words(address);
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex');
}
