import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFingerprint, readCaCertificate } from '../../../src/github/certificate-inputs.ts';
import { ValueProblem } from '../../../src/text/invalid-value.ts';
import { certificateAuthority, createServerCertificate } from '../../simulator/tls.ts';
import { problemOf, valueOrRefused } from '../../support/fake-core.ts';

const authority = certificateAuthority();
const ca = authority.pem;
const server = createServerCertificate({ authority, hosts: ['vcenter.example.com'] });

function noFile(path: string): string {
  throw new Error(`ENOENT: no such file or directory, open '${path}'`);
}

describe('parseFingerprint', () => {
  const plain = new X509Certificate(server.certificatePem).fingerprint256;

  it.each([
    ['with colons', plain],
    ['without', plain.replaceAll(':', '')],
    ['in lower case', plain.toLowerCase()],
    ['in lower case without colons', plain.toLowerCase().replaceAll(':', '')],
    ['A8: as openssl 3 prints it', `sha256 Fingerprint=${plain}`],
    ['A8: as openssl 1.1 prints it', `SHA256 Fingerprint=${plain}`],
    ['A8: as openssl prints it, in lower case', `sha256 fingerprint=${plain.toLowerCase()}\n`],
    ['A8: as our own errors have it', `SHA-256 fingerprint ${plain}`],
    ['A8: with blanks around', ` \t${plain}\r\n`],
    ['A8: with what cannot be seen', `\ufeff${plain.replaceAll(':', ':\u200b')}\u2060`],
  ])('reads hex digits %s', (_how, text) => {
    expect(parseFingerprint(text)).toBe(plain);
  });

  it.each([
    '',
    'abc',
    plain.slice(1),
    `${plain}:00`,
    plain.replace(':', ''),
    plain.replaceAll(':', '-'),
    `md5 Fingerprint=${plain}`,
    `${plain} ${plain}`,
  ])('refuses %j', (text) => {
    expect(problemOf(() => parseFingerprint(text))).toContain('is not a SHA-256 fingerprint');
  });

  it('tells a SHA-1 fingerprint when it sees one', () => {
    const sha1 = new X509Certificate(server.certificatePem).fingerprint;
    expect(problemOf(() => parseFingerprint(sha1))).toContain('SHA-1');
    expect(problemOf(() => parseFingerprint(sha1.replaceAll(':', '')))).toContain('SHA-1');
    expect(problemOf(() => parseFingerprint(`SHA1 Fingerprint=${sha1}`))).toContain('SHA-1');
  });

  it('throws nothing but its own problem', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-fA-F:]{60,100}$/)),
        (text) => {
          valueOrRefused(() => parseFingerprint(text));
        },
      ),
    );
  });
});

describe('readCaCertificate', () => {
  const problem = (text: string) => problemOf(() => readCaCertificate({ text, readFile: noFile }));

  it('takes PEM text, and leaves out what stands around the certificates', () => {
    const text = `# our root\n${ca}\nserver:\r\n${server.certificatePem.replaceAll('\n', '\r\n')}`;
    const certificates = readCaCertificate({ text, readFile: noFile });
    expect(certificates).toBe(`${ca.trimEnd()}\n${server.certificatePem.trimEnd()}\n`);
  });

  const both = `${ca}${server.certificatePem}`;
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').toString('utf8');

  it.each([
    ['four blanks before every line', both.replace(/^(?=.)/gm, '    ')],
    [
      'tabs before every line, and an empty one after',
      both.replace(/^(?=.)/gm, '\t').replaceAll('\n', '\n\n'),
    ],
    ['line ends of Windows', both.replaceAll('\n', '\r\n')],
    ['line ends of old Macs', both.replaceAll('\n', '\r')],
    ['blanks at the ends of lines', both.replaceAll('\n', '  \u00a0\n')],
    ['blanks instead of line breaks', both.replaceAll('\n', ' ')],
    ['no line breaks at all', both.replaceAll('\n', '')],
    ['a byte order mark before each', both.replaceAll('-----BEGIN', '\ufeff-----BEGIN')],
    ['\\n for each line break', both.replaceAll('\n', '\\n')],
    ['\\r\\n for each line break, in quotes', JSON.stringify(both.replaceAll('\n', '\r\n'))],
    ['\\\\n for each line break', JSON.stringify(JSON.stringify(both))],
    ['%0A for each line break', both.replaceAll('\n', '%0A')],
    ['zero-width characters', both.replaceAll('\n', '\u200b\n')],
    ['long lines', both.replace(/([^-])\n([^-])/g, '$1$2')],
    ['a zero byte beside each', utf16(both)],
  ])('B15: takes PEM text with %s', (_how, text) => {
    expect(readCaCertificate({ text, readFile: noFile })).toBe(both);
    expect(readCaCertificate({ text: 'ca.pem', readFile: () => text })).toBe(both);
  });

  it('A11: says that base64 has lost its first line', () => {
    const base64 = ca.replace(/-----BEGIN.*\n/, '');
    for (const text of [base64, base64.replaceAll('\n', '\r\n    '), base64.replaceAll('\n', '')]) {
      for (const each of [text, text.replace(/-----END.*/s, '')]) {
        const missing = 'is base64 without its first line, -----BEGIN CERTIFICATE-----';
        expect(problem(each)).toBe(missing);
        expect(problemOf(() => readCaCertificate({ text: 'ca.pem', readFile: () => each }))).toBe(missing);
      }
    }
    expect(problem('MIRROR/certs/ca')).toContain('is neither PEM text nor the path of a file');
    expect(problem('one\ntwo')).toBe(
      'is no PEM text without a line -----BEGIN CERTIFICATE-----, and no path with a line break',
    );
  });

  it('reads the file that a path names', () => {
    const readFile = (path: string) => (path === 'certs/ca.pem' ? ca : noFile(path));
    expect(readCaCertificate({ text: 'certs/ca.pem', readFile })).toBe(`${ca.trimEnd()}\n`);
    expect(problemOf(() => readCaCertificate({ text: 'certs/other.pem', readFile }))).toBe(
      "is neither PEM text nor the path of a file that can be read (ENOENT: no such file or directory, open 'certs/other.pem')",
    );
  });

  it('refuses a file without a certificate, such as a binary one', () => {
    const text = 'ca.der';
    expect(problemOf(() => readCaCertificate({ text, readFile: () => '0\u0082\u0003' }))).toContain(
      'holds no certificate',
    );
    expect(problemOf(() => readCaCertificate({ text, readFile: () => '' }))).toContain(
      'holds no certificate',
    );
  });

  it('says which block is wrong, and how', () => {
    const garbled = ca.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
    expect(problem(`${ca}${garbled}`)).toBe('holds a certificate that cannot be decoded (block 2 of 2)');
    expect(problem(garbled.replaceAll('\n', ' '))).toBe(
      'holds a certificate that has lost its line breaks (block 1 of 1)',
    );
    expect(problem(`${ca.slice(0, -40)}\n${ca}`)).toBe(
      'holds a certificate that is cut off: -----END CERTIFICATE----- is missing (block 1 of 2)',
    );
    expect(problem(`${ca}${server.keyPem}`)).toBe(
      'holds a PRIVATE KEY; only certificates belong here (block 2 of 2)',
    );
    expect(problem('-----BEGIN')).toContain('holds no certificate');
    expect(problem('-----BEGIN -----')).toBe('holds a PEM block without a label (block 1 of 1)');
  });

  it('keeps pasted text out of the error, since it may be a key', () => {
    let thrown: unknown;
    try {
      readCaCertificate({ text: server.keyPem, readFile: noFile });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ValueProblem);
    expect(thrown).toHaveProperty('hidesValue', true);
  });

  it('throws nothing but its own problem', () => {
    const piece = fc.constantFrom(
      ca,
      ca.slice(30),
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '\n',
      'x',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary' }))), (pieces) => {
        const text = pieces.join('');
        valueOrRefused(() => readCaCertificate({ text, readFile: noFile }));
        valueOrRefused(() => readCaCertificate({ text: 'ca.pem', readFile: () => text }));
      }),
    );
  });
});
