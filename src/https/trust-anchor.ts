import { X509Certificate } from 'node:crypto';

/**
 * What made a server's certificate trusted, small enough to be kept: one CA as PEM, or the SHA-256 fingerprint of the
 * server's own certificate (upper-case hex with colons).
 */
export type TrustAnchor = { readonly caCertificate: string } | { readonly fingerprint: string };

/** Bytes of PEM; with a key of 16,384 bits a CA's certificate has about 6,000. */
const LONGEST_PEM = 8 * 1024;

/**
 * The one certificate out of `given` that a chain from the server's certificate has led to. Where there is none to be named,
 * or it is longer than 8 KiB, the fingerprint of the server's certificate.
 *
 * @param options.given PEM, any number of certificates.
 * @param options.certificate The server's, with those that it sent along as its issuers.
 */
export function findTrustAnchor({
  given,
  certificate,
}: {
  readonly given: string;
  readonly certificate: X509Certificate;
}): TrustAnchor {
  const now = new Date();
  // A CA that was renewed with its old key has two certificates that both match; the expired one would be refused alone.
  const candidates = certificatesOf(given).filter(
    (each) => each.validFromDate <= now && now <= each.validToDate,
  );
  for (const link of chainOf(certificate)) {
    const anchor =
      candidates.find((each) => each.raw.equals(link.raw)) ??
      candidates.find((each) => link.checkIssued(each) && link.verify(each.publicKey));
    if (anchor !== undefined) {
      const caCertificate = anchor.toString();
      if (caCertificate.length <= LONGEST_PEM) {
        return { caCertificate };
      }
      break;
    }
  }
  return { fingerprint: certificate.fingerprint256 };
}

function certificatesOf(pem: string): readonly X509Certificate[] {
  return pem
    .split(/(?=-----BEGIN )/)
    .filter((block) => block.startsWith('-----BEGIN '))
    .map((block) => new X509Certificate(block));
}

/** From the server's certificate upwards, as it was sent. */
function chainOf(certificate: X509Certificate): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let link: X509Certificate | undefined = certificate;
  while (link !== undefined && !chain.some(({ raw }) => link?.raw.equals(raw))) {
    chain.push(link);
    link = link.issuerCertificate;
  }
  return chain;
}
