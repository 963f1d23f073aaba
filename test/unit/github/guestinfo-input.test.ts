import { describe, expect, it } from 'vitest';
import { createInlineCheck } from '../../../src/github/cloud-init-inputs.ts';
import { parseGuestinfo } from '../../../src/github/guestinfo-input.ts';
import { ValueProblem } from '../../../src/text/invalid-value.ts';

const parse = (text: string) =>
  parseGuestinfo({ text, checkInline: createInlineCheck({ isWindows: false }) });

/** What is wrong with a value; none of it may show the value. */
function problemOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ValueProblem);
    expect(error).toMatchObject({ hidesValue: true });
    return (error as ValueProblem).message;
  }
  throw new Error('It is taken.');
}

describe('guestinfo', () => {
  it.each<[what: string, text: string, pairs: string[]]>([
    ['one a line', 'role: web\nguestinfo.token:  a: b \n\n', ['role=web', 'token=a: b']],
    ['a JSON object, whose values may have lines', '{"key": "one\\ntwo\\n"}', ['key=one\ntwo\n']],
    ['nothing', '', []],
    ['an empty object', '{}', []],
    ['keys that objects have', '__proto__: x\nconstructor: y', ['__proto__=x', 'constructor=y']],
  ])('takes %s', (_, text, pairs) => {
    const values = Object.entries(parse(text)).map(([key, value]) => `${key}=${value}`);
    expect(values).toEqual(pairs.map((pair) => `guestinfo.${pair}`));
  });

  it.each([
    ['a line without a key', 'hunter2', 'has a line that is not KEY: VALUE'],
    ['a line that begins with its colon', ': hunter2', 'has a line that is not KEY: VALUE'],
    ['a key with a space', 'my role: hunter2', 'has the key "my role"; a key has letters, digits'],
    ['the prefix alone', 'guestinfo.: hunter2', 'has the key "guestinfo."; a key has letters'],
    [
      'a key twice, once with its prefix',
      'a: hunter2\nguestinfo.a: hunter3',
      'has the key "guestinfo.a" twice',
    ],
    ['a key twice in JSON', '{"a": "hunter2", "a": "hunter3"}', 'has the key "a" twice in one JSON object'],
    ['a key of the action', 'vcenter-clone-vm.run: hunter2', "are the action's own"],
    ['no value', 'a:', 'has no value for "a"; vCenter would take the key out of the VM'],
    ['a blank value in JSON', '{"a": " \\n"}', 'has no value for "a"'],
    ['a number in JSON', '{"a": 2}', 'has no text for "a"; write {"a": "VALUE"}'],
    ['an object in JSON', '{"a": {"hunter2": "b"}}', 'has no text for "a"'],
    ['what is not JSON', '{"a": hunter2}', 'begins with { but is not valid JSON'],
    [
      'more than a guest can read',
      `a: ${'x'.repeat(65_526)}`,
      'has 65537 bytes; a guest can read at most 65536',
    ],
  ])('refuses %s, and shows no value', (_, text, problem) => {
    const told = problemOf(text);
    expect(told).toContain(problem);
    expect(told).not.toMatch(/hunter|xxx/);
  });

  it('takes as much as a guest can read, counted in bytes', () => {
    expect(parse(`a: ${'x'.repeat(65_525)}`)['guestinfo.a']).toHaveLength(65_525);
    expect(problemOf(`a: ${'ü'.repeat(32_763)}`)).toContain('has 65537 bytes');
  });
});
