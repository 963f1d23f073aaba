import { describe, expect, it } from 'vitest';
import { parseCpuCount, parseMemory, parsePorts, parseTags } from '../../../src/github/setting-inputs.ts';
import { problemOf } from '../../support/fake-core.ts';

describe('cpu-count', () => {
  it.each([
    ['1', 1],
    ['4', 4],
    ['768', 768],
  ])('%j is %d', (text, count) => {
    expect(parseCpuCount(text)).toBe(count);
  });

  it.each(['0', '-1', '04', '4.0', '4x', '1e2', ' 4', '769', '1000', 'four'])('%j is none', (text) => {
    expect(problemOf(() => parseCpuCount(text))).toBe('is not a number of CPUs, 1 to 768');
  });
});

describe('memory', () => {
  it.each([
    ['8GiB', 8192],
    ['8GB', 8192],
    ['8 gib', 8192],
    ['8192MiB', 8192],
    ['8192 mb', 8192],
    ['8192', 8192],
    ['4', 4],
    ['24576GiB', 24 * 1024 * 1024],
  ])('%j is %d MiB', (text, size) => {
    expect(parseMemory(text)).toBe(size);
  });

  it.each(['', '8.5GiB', '8  GiB', '8G', '8 TiB', '-8GiB', '8GiBs', 'GiB', '8e3', '123456789'])(
    '%j is no size',
    (text) => {
      expect(problemOf(() => parseMemory(text))).toBe(
        'is no size of memory; use 8GiB, 8192MiB or a number of MiB, without a fraction',
      );
    },
  );

  it('comes in multiples of 4 MiB, and is not without an end', () => {
    expect(problemOf(() => parseMemory('4097'))).toBe('is 4097 MiB; memory comes in multiples of 4 MiB');
    expect(problemOf(() => parseMemory('0'))).toBe('is 0 MiB; memory comes in multiples of 4 MiB');
    expect(problemOf(() => parseMemory('24577GiB'))).toBe('is more than a VM can have, which is 24576GiB');
  });
});

describe('tags', () => {
  const urn = 'urn:vmomi:InventoryServiceTag:9f2c0000-0000-4000-8000-000000000001:GLOBAL';

  it('are split at the first slash, and counted once', () => {
    expect(parseTags(`environment/ci, owner / team-a/b\n${urn}\nenvironment/ci`)).toEqual([
      { kind: 'name', category: 'environment', tag: 'ci' },
      { kind: 'name', category: 'owner', tag: 'team-a/b' },
      { kind: 'id', id: urn },
    ]);
    expect(parseTags('')).toEqual([]);
  });

  it.each(['ci', '/ci', 'environment/', '/'])('%j names no tag', (text) => {
    expect(problemOf(() => parseTags(text))).toBe(
      `has ${JSON.stringify(text)}, which is neither CATEGORY/TAG nor the URN of a tag`,
    );
  });

  it('says that the URN of a category is none of a tag', () => {
    expect(problemOf(() => parseTags('urn:vmomi:InventoryServiceCategory:9f2c:GLOBAL'))).toContain(
      'which is no URN of a tag; that begins with urn:vmomi:InventoryServiceTag:',
    );
  });
});

describe('wait-for-port', () => {
  it('takes ports one a line or separated by commas, each once', () => {
    expect(parsePorts('22, 8080\n22')).toEqual([22, 8080]);
    expect(parsePorts('65535')).toEqual([65_535]);
    expect(parsePorts('')).toEqual([]);
  });

  it.each(['0', '65536', '22x', 'ssh', '-22', '2 2', '1e3', '022'])('%j is no port', (text) => {
    expect(problemOf(() => parsePorts(`80, ${text}`))).toBe(
      `has ${JSON.stringify(text)}, which is not a TCP port, 1 to 65535`,
    );
  });

  it('takes so many and no more', () => {
    const ports = Array.from({ length: 17 }, (_, index) => index + 1).join(', ');
    expect(problemOf(() => parsePorts(ports))).toBe('names 17 ports; at most 16 are waited for');
  });
});
