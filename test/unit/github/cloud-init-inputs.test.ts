import { describe, expect, it } from 'vitest';
import { createInlineCheck, readMetaData, readUserData } from '../../../src/github/cloud-init-inputs.ts';
import { problemOf } from '../../support/fake-core.ts';

const KiB = 1024;
const files: Readonly<Record<string, string>> = {
  'ci/user-data.yaml': '#cloud-config\npackages: [nginx]\n',
  'my data': 'instance-id: a\n',
  empty: ' \n',
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
  ])('%j is taken', (text) => {
    expect(readMetaData(options(text))).toBe(text);
  });

  it.each([
    '- a\n- b\n',
    '{"instance-id": ',
    '#cloud-config\n',
    'instance-id\nlocal-hostname\n',
    'a: b\nnonsense\n',
  ])('%j is none: the guest would report success all the same', (text) => {
    expect(problemOf(() => readMetaData(options(text)))).toBe(
      'is neither a JSON object nor YAML with lines such as "instance-id: NAME"',
    );
  });
});
