import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inputTypes, outputTypes, type ValueType, type ValueTypes } from '../../scripts/input-types.ts';
import { readCleanupInputs } from '../../src/github/cleanup-inputs.ts';
import { readCloneInputs, readTeardownInputs } from '../../src/github/inputs.ts';
import { InputsError } from '../../src/github/inputs-error.ts';
import { fakeCore } from '../support/fake-core.ts';

const docs = readFileSync(new URL('../../docs/inputs.md', import.meta.url), 'utf8');
const metadata = (file: string) =>
  parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')) as Record<
    'inputs' | 'outputs',
    object
  >;

type Inputs = Readonly<Record<string, string>>;
const readFile = () => {
  throw new Error('There is no such file.');
};
const actions = [
  {
    name: 'clone',
    file: 'action.yml',
    read: (given: Inputs) =>
      readCloneInputs({ core: fakeCore(given), readFile, isForkPullRequest: false, isWindows: false }),
  },
  {
    name: 'teardown',
    file: 'teardown/action.yml',
    read: (given: Inputs) =>
      readTeardownInputs({ core: fakeCore(given), readFile, isForkPullRequest: false }),
  },
  {
    name: 'cleanup',
    file: 'cleanup/action.yml',
    read: (given: Inputs) => readCleanupInputs({ core: fakeCore(given), readFile, isForkPullRequest: false }),
  },
] as const;

const required = {
  'vcenter-server': 'vcenter',
  username: 'svc',
  password: 'hunter2',
  source: 'ubuntu',
  folder: 'ci',
  'github-token': 'token',
};

/** What is not of the type, and what is; types that take every text are missing. */
const samples: Readonly<Partial<Record<ValueType, { readonly bad: string; readonly good: string }>>> = {
  age: { bad: '10abc', good: '7d' },
  boolean: { bad: 'perhaps', good: 'false' },
  choice: { bad: 'perhaps', good: '' },
  duration: { bad: '10abc', good: '90s' },
  fingerprint: { bad: 'AB:CD', good: 'ab'.repeat(32) },
  host: { bad: 'http://vcenter', good: 'https://vcenter:8443' },
  number: { bad: '4x', good: '4' },
  size: { bad: '4 apples', good: '8GiB' },
};

describe.each(actions)('the types of the $name action', ({ name, file, read }) => {
  const types: ValueTypes = inputTypes[name];

  it('are there for each input and output, and for no other', () => {
    const { inputs, outputs } = metadata(file);
    expect(Object.keys(types).sort()).toEqual(Object.keys(inputs).sort());
    expect(Object.keys(outputTypes[name]).sort()).toEqual(Object.keys(outputs).sort());
  });

  it.each(Object.entries(types).flatMap(([input, type]) => (samples[type] ? [{ input, type }] : [])))(
    '$input is a $type',
    ({ input, type }) => {
      const { bad = '', good = '' } = samples[type] ?? {};
      const problems = (text: string): readonly string[] => {
        try {
          read({ ...required, [input]: text });
        } catch (error) {
          return error instanceof InputsError ? error.problems.map((problem) => problem.input) : [`${error}`];
        }
        return [];
      };
      expect(problems(bad)).toEqual([input]);
      expect(problems(good)).toEqual([]);
    },
  );
});

it('docs/inputs.md says of each type what it is, and of no other', () => {
  const [, table = ''] = /^\| type \| is \|\n\|[-|]+\n((?:\|.*\n)+)/m.exec(docs) ?? [];
  const explained = [...table.matchAll(/^\| ([\w ]+) \| /gm)].map(([, type]) => type);
  const used = [inputTypes, outputTypes].flatMap((all) =>
    Object.values<ValueTypes>(all).flatMap((types) => Object.values(types)),
  );
  expect(explained).toEqual([...new Set(used)].sort((one, other) => one.localeCompare(other)));
});
