import { X509Certificate } from 'node:crypto';
import { ValueProblem } from '../text/invalid-value.ts';
import { printable } from '../text/printable.ts';

/**
 * Reads a SHA-256 fingerprint: 64 hex digits, with or without colons. Returns it in upper case with colons.
 *
 * @throws ValueProblem
 */
export function parseFingerprint(text: string): string {
  const digits = /^[0-9a-f]{2}(?::[0-9a-f]{2})+$/i.test(text) ? text.replaceAll(':', '') : text;
  if (/^[0-9a-f]{40}$/i.test(digits)) {
    throw new ValueProblem(
      'has 40 hex digits, as a SHA-1 fingerprint has; give the SHA-256 fingerprint, which has 64',
    );
  }
  if (!/^[0-9a-f]{64}$/i.test(digits)) {
    throw new ValueProblem(
      'is not a SHA-256 fingerprint: 64 hex digits, with or without a colon after every two',
    );
  }
  return (digits.toUpperCase().match(/../g) ?? []).join(':');
}

/**
 * Reads certificates from PEM text, or from the PEM file that the text is the path of. Returns the certificates alone, as
 * PEM, without whatever stood around them.
 *
 * @param options.readFile Returns a file's text; throws where it cannot be read.
 * @throws ValueProblem
 */
export function readCaCertificate({
  text,
  readFile,
}: {
  readonly text: string;
  readonly readFile: (path: string) => string;
}): string {
  if (text.includes('-----BEGIN')) {
    return parseCertificates(text, { hidesValue: true });
  }
  const path = printable(text);
  let content: string;
  try {
    content = readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ValueProblem(`is neither PEM text nor the path of a file that can be read (${reason})`);
  }
  return parseCertificates(content, { hidesValue: false });
}

/** Labels that OpenSSL takes for a certificate. */
const CERTIFICATE_LABELS: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

function parseCertificates(pem: string, { hidesValue }: { readonly hidesValue: boolean }): string {
  const blocks = pem.split(/(?=-----BEGIN )/).filter((part) => part.startsWith('-----BEGIN '));
  if (blocks.length === 0) {
    throw new ValueProblem(
      'holds no certificate; the PEM form begins with -----BEGIN CERTIFICATE----- (openssl x509 -inform der makes it of the binary form)',
      { hidesValue },
    );
  }
  const certificates = blocks.map((block, index) => {
    const reason = (text: string) =>
      new ValueProblem(`${text} (block ${index + 1} of ${blocks.length})`, { hidesValue });
    const label = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(block)?.[1] ?? '';
    if (!CERTIFICATE_LABELS.includes(label)) {
      throw reason(
        label === ''
          ? 'holds a PEM block without a label'
          : `holds a ${label}; only certificates belong here`,
      );
    }
    const footer = `-----END ${label}-----`;
    const end = block.indexOf(footer);
    if (end < 0) {
      throw reason(`holds a certificate that is cut off: ${footer} is missing`);
    }
    const certificate = block.slice(0, end + footer.length);
    try {
      return new X509Certificate(certificate).toString();
    } catch {
      throw reason(
        certificate.includes('\n')
          ? 'holds a certificate that cannot be decoded'
          : 'holds a certificate that has lost its line breaks',
      );
    }
  });
  return certificates.map((certificate) => `${certificate.trimEnd()}\n`).join('');
}
