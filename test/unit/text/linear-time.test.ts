import { describe, expect, it } from 'vitest';
import { parseFingerprint, readCaCertificate } from '../../../src/github/certificate-inputs.ts';
import { createInlineCheck, readMetaData, readUserData } from '../../../src/github/cloud-init-inputs.ts';
import { parseDisks, parseDiskUpdates, parseNetworkUpdates } from '../../../src/github/device-inputs.ts';
import { parseServerAddress } from '../../../src/github/server-address.ts';
import { parseCpuCount, parseMemory, parsePorts, parseTags } from '../../../src/github/setting-inputs.ts';
import { code, codeBlock, prose } from '../../../src/text/markdown.ts';
import { printable } from '../../../src/text/printable.ts';
import { redact } from '../../../src/text/redact.ts';
import { sanitize, withoutInvisible } from '../../../src/text/sanitize.ts';
import { describeUnknownError, onOneLine, readErrorBody } from '../../../src/vcenter/transport/error-body.ts';
import { readFault } from '../../../src/vcenter/transport/fault.ts';
import { valueOrRefused } from '../../support/fake-core.ts';

const LENGTH = 300_000;
const noFile = (path: string): string => {
  throw new Error(path);
};

const checkInline = createInlineCheck({ isWindows: false });

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  sanitize,
  withoutInvisible,
  printable,
  prose,
  code,
  codeBlock: (text) => codeBlock(text, 'json'),
  redact: (text) => redact(text, ['5f2c/9e+d=-A~b!c', '%25%25%25%25', '\\\\\\\\\\\\\\\\', '////////']),
  onOneLine,
  describeUnknownError,
  readErrorBody: (text) => readErrorBody({ status: 502, text }),
  readFault: (text) =>
    readFault({ _typeName: text, faultstring: text, reason: text, faultCause: { _typeName: text } }),
  parseFingerprint,
  parseServerAddress,
  'readCaCertificate of a text': (text) => readCaCertificate({ text, readFile: noFile }),
  'readCaCertificate of a file': (text) => readCaCertificate({ text: 'ca.pem', readFile: () => text }),
  parseCpuCount,
  parseMemory,
  parseTags,
  parsePorts,
  parseDisks,
  parseDiskUpdates,
  'parseDiskUpdates of JSON': (text) => parseDiskUpdates(`{"2000": ${JSON.stringify(text)}}`),
  parseNetworkUpdates,
  'readUserData of a text': (text) => readUserData({ text, readFile: noFile, checkInline }),
  'readMetaData of a file': (text) => readMetaData({ text: 'meta-data', readFile: () => text, checkInline }),
};

const PIECES = [
  ...[' ', '\n', ' \n', '\r\n\t', '\u00a0', '\u0085', '\u200b', '\0', '\ud800', '😀'],
  ...['<', '<!--', '<script>', '<style>x</script>', '&#x0', '%25', '%', '\\', '\\u', '/', '5f2c/9e+d=-A~b!'],
  ...[
    ':',
    '::',
    ' ::a',
    '::a::',
    ':a',
    '##[',
    '#a',
    '@',
    '@a',
    'www',
    'www.',
    '`',
    '` ',
    '|',
    '\\|',
    '*',
    '(',
  ],
  ...[
    'a',
    '7',
    'AA:',
    '.',
    'a.',
    '[',
    '::ffff:',
    '-----BEGIN ',
    '-----BEGIN CERTIFICATE-----',
    '-----END',
    'MII',
  ],
  ...[
    '-----BEGIN CERTIFICATE-----MII-----END CERTIFICATE-----',
    'sha256 fingerprint',
    'std.errors.a',
    '{"a":',
    '"',
    ',',
    'id:',
    'name:',
    'a: b\n',
    'a:a',
    "''",
    '"" ',
    '--- ',
    'a/',
    '4 ',
  ],
];

/** Milliseconds of this thread's own work: other tests run beside this one. */
function timeOf(read: () => unknown): number {
  const before = process.threadCpuUsage();
  valueOrRefused(read);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

describe('C4: a text of 300 kB', () => {
  it.each(Object.entries(READERS))('does not block the process: %s', (_, reader) => {
    for (const piece of PIECES) {
      for (const end of ['', '!']) {
        const text = piece.repeat(LENGTH / piece.length) + end;
        let time = Number.POSITIVE_INFINITY;
        // The best of some, since the first compiles the code.
        for (let attempt = 0; attempt < 4 && time >= 50; attempt += 1) {
          time = Math.min(
            time,
            timeOf(() => reader(text)),
          );
        }
        expect(time < 50 ? 'fast' : `${Math.round(time)} ms for ${JSON.stringify(piece)}`).toBe('fast');
      }
    }
  });
});
