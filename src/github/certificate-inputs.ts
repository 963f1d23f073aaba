import { X509Certificate } from 'node:crypto';
import { ValueProblem } from '../text/invalid-value.ts';
import { printable } from '../text/printable.ts';
import { withoutInvisible } from '../text/sanitize.ts';

/**
 * Reads a SHA-256 fingerprint: 64 hex digits, with or without colons, also behind the words that `openssl x509 -fingerprint`
 * and our own messages put before it. Returns it in upper case with colons.
 *
 * @throws ValueProblem
 */
export function parseFingerprint(text: string): string {
  const shown = withoutInvisible(text)
    .trim()
    .replace(/^sha-?\d{1,3} fingerprint\s?[=:]?\s?/i, '');
  const digits = /^[0-9a-f]{2}(?::[0-9a-f]{2})+$/i.test(shown) ? shown.replaceAll(':', '') : shown;
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
  const plain = withPlainSpaces(text);
  if (plain.includes('-----BEGIN')) {
    return parseCertificates(text, { hidesValue: true });
  }
  if (isPemBody(plain)) {
    throw new ValueProblem(NO_BEGIN, { hidesValue: true });
  }
  if (/[\r\n]/.test(text)) {
    throw new ValueProblem(
      'is no PEM text without a line -----BEGIN CERTIFICATE-----, and no path with a line break',
      {
        hidesValue: true,
      },
    );
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

const NO_BEGIN = 'is base64 without its first line, -----BEGIN CERTIFICATE-----';

/** Labels that OpenSSL takes for a certificate. */
const CERTIFICATE_LABELS: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

function parseCertificates(text: string, { hidesValue }: { readonly hidesValue: boolean }): string {
  const plain = withPlainSpaces(text);
  const blocks = plain.split('-----BEGIN ').slice(1);
  if (blocks.length === 0) {
    throw new ValueProblem(
      isPemBody(plain)
        ? NO_BEGIN
        : 'holds no certificate; the PEM form begins with -----BEGIN CERTIFICATE----- (openssl x509 -inform der makes it of the binary form)',
      { hidesValue },
    );
  }
  const certificates = blocks.map((block, index) => {
    const reason = (words: string) =>
      new ValueProblem(`${words} (block ${index + 1} of ${blocks.length})`, { hidesValue });
    const label = /^[A-Z0-9 ]+(?=-----)/.exec(block)?.[0] ?? '';
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
    const base64 = block.slice(label.length + '-----'.length, end).replaceAll(' ', '');
    try {
      return new X509Certificate(toPem(base64, label)).toString();
    } catch {
      throw reason(
        /[\r\n]/.test(text.trim())
          ? 'holds a certificate that cannot be decoded'
          : 'holds a certificate that has lost its line breaks',
      );
    }
  });
  return certificates.map((certificate) => `${certificate.trimEnd()}\n`).join('');
}

/**
 * A text with one space where whitespace was, or what forms, shells and workflow commands write in its place: YAML indents
 * lines or folds them into one, a form sends `\n` as two characters. Parsers of PEM should not care (RFC 7468, 2). What has
 * no shape of its own goes: byte order marks, and the zero bytes of a UTF-16 file.
 */
function withPlainSpaces(text: string): string {
  return withoutInvisible(text.replace(/(?<!\\)\\+[nrt]|%0[ad]|\s+/gi, ' '));
}

/** Whether a text is what stands between the first and the last line of PEM, with or without that last one. */
function isPemBody(plain: string): boolean {
  const [base64 = '', afterwards] = plain.replaceAll(' ', '').split('-----END');
  return /^[a-z0-9+/=]+$/i.test(base64) && (afterwards !== undefined || /^MI[a-z0-9+/]{100}/i.test(base64));
}

/** OpenSSL reads no lines that are longer than 254 characters. */
function toPem(base64: string, label: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
