import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDisks, parseDiskUpdates, parseNetworkUpdates } from '../../../src/github/device-inputs.ts';
import { problemOf, valueOrRefused } from '../../support/fake-core.ts';

const id = (value: string) => ({ kind: 'id', id: value });
const label = (value: string) => ({ kind: 'label', label: value });
const named = (value: string) => ({ kind: 'name', name: value });

describe('parseDisks', () => {
  it('reads ids and labels, each once', () => {
    expect(parseDisks('2001, Hard disk 2\nname:2003\nid:2001')).toEqual([
      id('2001'),
      label('Hard disk 2'),
      label('2003'),
    ]);
    expect(parseDisks('')).toEqual([]);
  });
});

describe('parseDiskUpdates', () => {
  const expected = [
    { disk: id('2001'), datastore: named('fast') },
    { disk: label('Hard disk 2'), datastore: id('datastore-4') },
  ];

  it.each([
    ['lines', ' 2001: fast \r\n\n Hard disk 2 : datastore-4\n'],
    ['a JSON object of datastores', '{"2001": "fast", "Hard disk 2": "datastore-4"}'],
    [
      'a JSON object as in VM.CloneSpec',
      '\n{"2001": {"datastore": "fast"},\n "Hard disk 2": {"datastore": "datastore-4"}}',
    ],
  ])('reads %s', (_form, text) => {
    expect(parseDiskUpdates(text)).toEqual(expected);
  });

  it('reads an empty text as no disks', () => {
    expect(parseDiskUpdates('')).toEqual([]);
    expect(parseDiskUpdates('{}')).toEqual([]);
  });

  it('leaves colons to the datastore, and understands forced readings on both sides', () => {
    expect(
      parseDiskUpdates('2001: name:ssd:1\nid:2002: id:datastore-9\nname:2003: /DC1/datastore/fast'),
    ).toEqual([
      { disk: id('2001'), datastore: named('ssd:1') },
      { disk: id('2002'), datastore: id('datastore-9') },
      {
        disk: label('2003'),
        datastore: { kind: 'path', absolute: true, segments: ['DC1', 'datastore', 'fast'] },
      },
    ]);
  });

  it.each([
    ['2001 fast', 'has the line "2001 fast", which is not DISK: DATASTORE'],
    ['2001: fast\n2002:', 'has the line "2002:", which is not DISK: DATASTORE'],
    [': fast', 'has the line ": fast", which is not DISK: DATASTORE'],
    ['2001: fast\n2001: slow', 'names the disk "2001" twice'],
    ['2001: fast\nid:2001: slow', 'names the disk "2001" twice'],
    ['Hard disk 2: fast\nHard disk 2: fast', 'names the disk "Hard disk 2" twice'],
    ['{"2001": "a", "2001": "b"}', 'has the key "2001" twice in one JSON object'],
    ['{"2001": "a", "\\u0032001": "b"}', 'has the key "2001" twice in one JSON object'],
    ['{"2001": {"datastore": "a", "datastore": "b"}}', 'has the key "datastore" twice in one JSON object'],
    ['{"2001": "a", " 2001": "b"}', 'names the disk "2001" twice'],
    ['{"2001": 4}', 'has no datastore for "2001"; write {"2001": "fast"} or {"2001": {"datastore": "fast"}}'],
    [
      '{"2001": null}',
      'has no datastore for "2001"; write {"2001": "fast"} or {"2001": {"datastore": "fast"}}',
    ],
    [
      '{"2001": ["a"]}',
      'has no datastore for "2001"; write {"2001": "fast"} or {"2001": {"datastore": "fast"}}',
    ],
    [
      '{"2001": {}}',
      'has no datastore for "2001"; write {"2001": "fast"} or {"2001": {"datastore": "fast"}}',
    ],
    [
      '{"2001": {"datastore": ""}}',
      'has no datastore for "2001"; write {"2001": "fast"} or {"2001": {"datastore": "fast"}}',
    ],
    [
      '{"2001": {"datastore": "a", "size": 1}}',
      'has "size" for "2001", but a disk has "datastore" and nothing else',
    ],
  ])('refuses %j', (text, problem) => {
    expect(problemOf(() => parseDiskUpdates(text))).toBe(problem);
  });

  it('says what is wrong with JSON', () => {
    expect(problemOf(() => parseDiskUpdates('{"2001": fast}'))).toMatch(
      /^begins with \{ but is not valid JSON \(.+\)$/,
    );
    expect(problemOf(() => parseDiskUpdates('{"2001": "fast"'))).not.toContain('\n');
  });

  it('keeps keys that mean something to JavaScript', () => {
    expect(parseDiskUpdates('{"__proto__": "fast"}')).toEqual([
      { disk: label('__proto__'), datastore: named('fast') },
    ]);
  });

  it('does not take braces and colons in texts for structure', () => {
    expect(parseDiskUpdates('{"a{": "}", "b\\":": "{\\"a{\\":"}')).toEqual([
      { disk: label('a{'), datastore: named('}') },
      { disk: label('b":'), datastore: named('{"a{":') },
    ]);
  });

  it('names no disk twice and throws nothing but its own problem, for any text', () => {
    const word = fc.constantFrom(
      '2001',
      ' 2001',
      'id:2001',
      'Hard disk 2',
      'name:2001',
      '',
      'a/b',
      '{',
      '"',
      '__proto__',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => `{"2001": ${json}}`),
      fc
        .array(fc.tuple(word, word))
        .map((pairs) => pairs.map(([disk, store]) => `${disk}: ${store}`).join('\n')),
      fc
        .array(fc.tuple(word, word))
        .map(
          (pairs) => `{${pairs.map((pair) => pair.map((each) => JSON.stringify(each)).join(':')).join(',')}}`,
        ),
    );
    fc.assert(
      fc.property(text, (any) => {
        const disks = (valueOrRefused(() => parseDiskUpdates(any)) ?? []).map(({ disk }) =>
          JSON.stringify(disk),
        );
        expect(new Set(disks).size).toBe(disks.length);
        valueOrRefused(() => parseDisks(any));
      }),
    );
  });
});

describe('networks', () => {
  const adapter = (label: string) => ({ kind: 'label', label }) as const;
  const network = (name: string) => ({ kind: 'name', name }) as const;

  it('keep both readings of a single line', () => {
    expect(parseNetworkUpdates('VM Network')).toEqual([{ whole: network('VM Network') }]);
    expect(parseNetworkUpdates('Test: Net')).toEqual([
      { pair: { adapter: adapter('Test'), network: network('Net') }, whole: network('Test: Net') },
    ]);
    expect(parseNetworkUpdates('network-16')).toEqual([{ whole: { kind: 'id', id: 'network-16' } }]);
    expect(parseNetworkUpdates('')).toEqual([]);
  });

  it('have an adapter each where there are several', () => {
    expect(parseNetworkUpdates('Network adapter 1: dvportgroup-22\n\n 4001: /DC1/network/a: b\n')).toEqual([
      { pair: { adapter: adapter('Network adapter 1'), network: { kind: 'id', id: 'dvportgroup-22' } } },
      {
        pair: {
          adapter: { kind: 'id', id: '4001' },
          network: { kind: 'path', absolute: true, segments: ['DC1', 'network', 'a: b'] },
        },
      },
    ]);
    expect(problemOf(() => parseNetworkUpdates('4000: a\nVM Network'))).toBe(
      'has the line "VM Network", which is not ADAPTER: NETWORK; a network alone can only be the one line',
    );
    expect(problemOf(() => parseNetworkUpdates('4000: a\n4000: b'))).toBe(
      'names the network adapter "4000" twice',
    );
  });

  it('can be a JSON object', () => {
    expect(parseNetworkUpdates('{"4000": "a", "Network adapter 2": {"network": "network-o3"}}')).toEqual([
      { pair: { adapter: { kind: 'id', id: '4000' }, network: network('a') } },
      { pair: { adapter: adapter('Network adapter 2'), network: { kind: 'id', id: 'network-o3' } } },
    ]);
    expect(problemOf(() => parseNetworkUpdates('{"4000": {"datastore": "fast"}}'))).toBe(
      'has no network for "4000"; write {"4000": "VM Network"} or {"4000": {"network": "VM Network"}}',
    );
    expect(problemOf(() => parseNetworkUpdates('{"4000": "a", "4000": "b"}'))).toContain(
      'has the key "4000" twice',
    );
  });
});
