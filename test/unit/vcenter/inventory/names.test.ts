import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeName, filterSpellings, unescapeName } from '../../../../src/vcenter/inventory/escaped-name.ts';
import { editDistance, nearest } from '../../../../src/vcenter/inventory/near-match.ts';

describe('the stored form of a name', () => {
  it.each([
    ['ci', 'ci'],
    ['a/b', 'a%2fb'],
    ['a\\b', 'a%5cb'],
    ['100%', '100%25'],
    ['a%2fb', 'a%2fb'],
    ['a%2Fb%5C', 'a%2fb%5c'],
    ['%20', '%2520'],
    ['a%2fb/c', 'a%2fb%2fc'],
  ])('%s is %s', (name, stored) => {
    expect(escapeName(name)).toBe(stored);
  });

  it('stays as it is when it is made again', () => {
    fc.assert(
      fc.property(awkwardName(), (name) => {
        expect(escapeName(escapeName(name))).toBe(escapeName(name));
      }),
    );
  });

  it('gives a name without an escape back', () => {
    fc.assert(
      fc.property(
        awkwardName().filter((name) => !/%(?:2f|5c|25)/i.test(name)),
        (name) => {
          expect(unescapeName(escapeName(name))).toBe(name);
        },
      ),
    );
  });

  it('is asked for in either case and in the readable form', () => {
    expect(filterSpellings('a/b')).toEqual(['a%2fb', 'a%2Fb', 'a/b']);
    expect(filterSpellings('ci')).toEqual(['ci']);
  });
});

describe('similar names', () => {
  const named = (...names: readonly string[]) => names.map((name) => ({ name }));

  it('are those that differ in case, in two edits, or by a part; best first', () => {
    const found = nearest(
      'pull-request',
      named('build', 'pull-requests-old', 'pul-requests', 'Pull-Request', 'my-pull-request'),
    );
    expect(found.map(({ name }) => name)).toEqual([
      'Pull-Request',
      'pul-requests',
      'pull-requests-old',
      'my-pull-request',
    ]);
  });

  it('are not everything that is short', () => {
    expect(nearest('ci', named('db', 'qa', 'x'))).toEqual([]);
    expect(nearest('ci', named('c1', 'ci2'))).toEqual(named('c1', 'ci2'));
  });

  it('are at most five', () => {
    expect(nearest('vm', named('vm1', 'vm2', 'vm3', 'vm4', 'vm5', 'vm6'))).toHaveLength(5);
  });

  it('are counted in edits, a swap being one', () => {
    expect(editDistance('fast', 'fsat')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
  });
});

function awkwardName(): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom('a', 'F', '2', '5', 'c', '%', '/', '\\', 'ü'), maxLength: 12 });
}
