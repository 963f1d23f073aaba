import { describe, expect, it } from 'vitest';
import { createInlineCheck, readMetaData, readUserData } from '../../../src/github/cloud-init-inputs.ts';
import { problemOf } from '../../support/fake-core.ts';

const KiB = 1024;
const files: Readonly<Record<string, string>> = {
  'ci/user-data.yaml': '#cloud-config\npackages: [nginx]\n',
  'my data': 'instance-id: a\n',
  empty: ' \n',
  // As reading gives them: gzip, and what PowerShell's > writes.
  'data.gz': Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff]).toString(),
  'utf-16': Buffer.from('\ufeff#cloud-config\r\n', 'utf16le').toString(),
  large: 'x'.repeat(512 * KiB + 1),
};
const readFile = (path: string) => {
  const text = files[path];
  if (text === undefined) {
    throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT' });
  }
  return text;
};
const options = (text: string, isWindows = false) => ({
  text,
  readFile,
  checkInline: createInlineCheck({ isWindows }),
});

describe('user-data', () => {
  it.each([
    '#cloud-config\npackages: [nginx]\n',
    '#!/bin/sh\necho',
    '#include',
    '{"packages": []}',
    'Content-Type: multipart/mixed; boundary="x"\nMIME-Version: 1.0\n',
    'MIME-Version: 1.0',
    'hostname: pr-12',
    'two\nlines',
  ])('%j is the data themselves, as they are', (text) => {
    expect(readUserData(options(text))).toBe(text);
  });

  it('is read from the file that a single line is the path of', () => {
    expect(readUserData(options(' ci/user-data.yaml\n'))).toBe(files['ci/user-data.yaml']);
    expect(readUserData(options('my data'))).toBe('instance-id: a\n');
  });

  it('shows nothing of a text that may be a secret', () => {
    const problem = problemOf(() => readUserData(options('password=hunter2')));
    expect(problem).toBe('is a single line, so it is the path of a file, and that cannot be read (ENOENT)');
    expect(problemOf(() => readUserData(options('empty')))).toBe('is the path of a file that is empty');
  });

  it.each(['data.gz', 'utf-16'])('is text in UTF-8, and %s is not', (path) => {
    expect(problemOf(() => readUserData(options(path)))).toBe(
      'is the path of a file that is not text in UTF-8',
    );
  });

  it('has at most 64 KiB in the workflow, and 512 KiB in a file', () => {
    const text = (bytes: number) => `#${'x'.repeat(bytes - 1)}`;
    expect(readUserData(options(text(64 * KiB)))).toHaveLength(64 * KiB);
    expect(problemOf(() => readUserData(options(text(64 * KiB + 1))))).toBe(
      'has 65537 bytes, and at most 64 KiB can be given in the workflow; write a file and give its path',
    );
    expect(problemOf(() => readUserData(options('large')))).toBe(
      'has 524289 bytes; vCenter takes at most 524288',
    );
    expect(problemOf(() => readUserData(options(`#${'ä'.repeat(32 * KiB)}`)))).toContain('has 65537 bytes');
  });

  it('has on Windows 8 KiB together with what else is given in the workflow', () => {
    const checkInline = createInlineCheck({ isWindows: true });
    const text = `#${'x'.repeat(5 * KiB)}`;
    readUserData({ text, readFile, checkInline });
    expect(problemOf(() => readUserData({ text, readFile, checkInline }))).toContain(
      'at most 8 KiB of all inputs together, on Windows, can be given in the workflow',
    );
    expect(readUserData({ text: 'ci/user-data.yaml', readFile, checkInline })).toContain('nginx');
  });
});

describe('meta-data', () => {
  it.each([
    'instance-id: pr-12',
    '---\n# comment\ninstance-id: pr-12\nnetwork:\n  version: 2\n',
    '"instance-id": pr-12\n\n',
    '{"instance-id": "pr-12"}',
    '--- # of this pull request\r\ninstance-id: pr-12\r\n...\r\n',
    "'instance-id' : pr-12\nurl:of:it: x\nnetwork:\n",
    'instance-id: pr-12\npublic-keys:\n- ssh-ed25519 AAAA\nlocal-hostname: pr-12\n',
    'instance-id: pr-12\nnetwork: {\n  "version": 2\n}\n',
  ])('%j is taken', (text) => {
    expect(readMetaData(options(text))).toBe(text);
  });

  it.each([
    '- a\n- b\n',
    '{"instance-id": ',
    '#cloud-config\n',
    '#cloud-config\n  instance-id: a\n',
    '- instance-id: a\n',
    '["instance-id: a"]\n',
    '--- text\ninstance-id: a\n',
    '? instance-id: a\n',
    '@instance-id: a\n',
    'instance-id:a\nlocal-hostname:a\n',
    'instance-id\nlocal-hostname\n',
    'a: b\nnonsense\n',
  ])('%j is none: the guest would report success all the same', (text) => {
    expect(problemOf(() => readMetaData(options(text)))).toBe(
      'is neither a JSON object nor YAML with lines such as "instance-id: NAME"',
    );
  });
});
