import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCleanupInputs } from '../../src/github/cleanup-inputs.ts';
import { cleanupDefaults, cloneDefaults, teardownDefaults } from '../../src/github/defaults.ts';
import { readCloneInputs, readPostInputs, readTeardownInputs } from '../../src/github/inputs.ts';
import { cleanupOutputs, cloneOutputs, teardownOutputs } from '../../src/github/outputs.ts';
import { fakeCore } from '../support/fake-core.ts';

interface Described {
  readonly description: string;
}

interface Metadata extends Described {
  readonly name: string;
  readonly branding?: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<
    Record<string, Described & { readonly required?: boolean; readonly default?: string }>
  >;
  readonly outputs: Readonly<Record<string, Described>>;
  readonly runs: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function load(file: string): Metadata {
  return parse(readFileSync(join(root, file), 'utf8')) as Metadata;
}

const metadata = {
  clone: load('action.yml'),
  teardown: load('teardown/action.yml'),
  cleanup: load('cleanup/action.yml'),
};
const noFile = () => '';
const account = { 'vcenter-server': 'vcenter', username: 'svc', password: 'hunter2' };

/** The defaults that the runner itself fills in, without those that are expressions. */
function plainDefaults({ inputs }: Metadata): Readonly<Record<string, string>> {
  const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default]);
  return Object.fromEntries(defaults.filter(([, text]) => text !== undefined && !text.startsWith('${{')));
}

describe.each(Object.entries(metadata))('the metadata of %s', (_, { description }) => {
  it('A16: has a description that the marketplace takes', () => {
    expect(description.length).toBeLessThan(125);
  });
});

describe('what the marketplace asks for', () => {
  it('is one metadata file at the root', () => {
    expect(readdirSync(root).filter((name) => /^action\.ya?ml$|^dockerfile$/i.test(name))).toEqual([
      'action.yml',
    ]);
  });

  it("is a name that is not also another action's here", () => {
    const names = Object.values(metadata).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(metadata.clone.name).toBe('Clone a VM in vCenter');
  });

  it("is branding: an icon and a colour of GitHub's lists", () => {
    expect(metadata.clone.branding).toEqual({ icon: 'copy', color: 'green' });
  });

  it('is a README and a licence', () => {
    expect(readdirSync(root)).toEqual(expect.arrayContaining(['README.md', 'LICENSE']));
  });
});

describe('action.yml', () => {
  const { inputs, outputs, runs } = metadata.clone;

  it('lists the inputs that are read, no more and no fewer', () => {
    const core = fakeCore({ ...account, source: 'ubuntu' });
    readCloneInputs({ core, readFile: noFile, isForkPullRequest: false, isWindows: false });
    expect([...core.read].sort()).toEqual(Object.keys(inputs).sort());
  });

  it('lists what the post step reads', () => {
    const core = fakeCore(account);
    readPostInputs({ core, readFile: noFile });
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(core.read));
  });

  it('lists the outputs', () => {
    expect(Object.keys(outputs)).toEqual([...cloneOutputs]);
  });

  it('has the defaults that an empty input counts as, and these are good', () => {
    expect(plainDefaults(metadata.clone)).toEqual(cloneDefaults);
    const given = { ...account, source: 'ubuntu' };
    const read = (more: Readonly<Record<string, string>>) =>
      readCloneInputs({
        core: fakeCore({ ...given, ...more }),
        readFile: noFile,
        isForkPullRequest: false,
        isWindows: false,
      });
    expect(read(plainDefaults(metadata.clone))).toEqual(read({}));
  });

  it('asks for what has no default and is needed', () => {
    expect(Object.keys(inputs).filter((name) => inputs[name]?.required)).toEqual([
      'vcenter-server',
      'username',
      'password',
      'source',
    ]);
  });

  it('takes the job status from the job', () => {
    const expressions = Object.entries(inputs).map(([name, input]) => [
      name,
      /^\$\{\{ (.+) \}\}$/.exec(input.default ?? '')?.[1],
    ]);
    expect(expressions.filter(([, expression]) => expression !== undefined)).toEqual([
      ['job-status', 'job.status'],
    ]);
  });

  it('always runs the post step', () => {
    expect(runs).toEqual({
      using: 'node24',
      main: 'dist/clone/index.js',
      post: 'dist/post/index.js',
      'post-if': 'always()',
    });
  });
});

describe('teardown/action.yml', () => {
  const { inputs, outputs } = metadata.teardown;

  it('lists the inputs that are read, no more and no fewer', () => {
    const core = fakeCore(account);
    readTeardownInputs({ core, readFile: noFile, isForkPullRequest: false });
    expect([...core.read].sort()).toEqual(Object.keys(inputs).sort());
  });

  it('lists the outputs', () => {
    expect(Object.keys(outputs)).toEqual([...teardownOutputs]);
  });

  it('has the defaults that an empty input counts as, and these are good', () => {
    expect(plainDefaults(metadata.teardown)).toEqual(teardownDefaults);
    const read = (more: Readonly<Record<string, string>>) =>
      readTeardownInputs({
        core: fakeCore({ ...account, ...more }),
        readFile: noFile,
        isForkPullRequest: false,
      });
    expect(read(plainDefaults(metadata.teardown))).toEqual(read({}));
  });
});

describe.each(['teardown', 'cleanup'] as const)('%s/action.yml', (action) => {
  const { inputs, runs } = metadata[action];

  it('describes the connection in the words of action.yml', () => {
    const connection = [
      'vcenter-server',
      'username',
      'password',
      'ca-certificate',
      'certificate-fingerprint',
      'insecure',
    ];
    expect(Object.keys(inputs).slice(0, connection.length)).toEqual(connection);
    for (const name of connection) {
      expect(inputs[name]).toEqual(metadata.clone.inputs[name]);
    }
  });

  it('runs a bundle beside those of the clone action', () => {
    expect(runs).toEqual({ using: 'node24', main: `../dist/${action}/index.js` });
    expect(existsSync(join(root, action, `../src/${action}.ts`))).toBe(true);
  });
});

describe('cleanup/action.yml', () => {
  const { inputs, outputs } = metadata.cleanup;
  const given = { ...account, folder: 'ci', 'github-token': 'ghs_token' };
  const read = (more: Readonly<Record<string, string>>) => {
    const core = fakeCore({ ...given, ...more });
    return { core, read: readCleanupInputs({ core, readFile: noFile, isForkPullRequest: false }) };
  };

  it('lists the inputs that are read, no more and no fewer', () => {
    expect([...read({}).core.read].sort()).toEqual(Object.keys(inputs).sort());
  });

  it('lists the outputs', () => {
    expect(Object.keys(outputs)).toEqual([...cleanupOutputs]);
  });

  it('has the defaults that an empty input counts as, and these are good', () => {
    expect(plainDefaults(metadata.cleanup)).toEqual(cleanupDefaults);
    expect(read(plainDefaults(metadata.cleanup)).read).toEqual(read({}).read);
  });

  it("takes the job's own token, and deletes nothing unless it is told to", () => {
    expect(inputs['github-token']?.default).toMatch(/^\$\{\{ github\.token \}\}$/);
    expect(inputs['dry-run']?.default).toBe('true');
  });
});

describe.each(Object.entries(metadata))('the metadata of %s', (_action, { description, inputs, outputs }) => {
  it('says of everything what it is, in sentences of one line', () => {
    const described = [{ description }, ...Object.values(inputs), ...Object.values(outputs)];
    for (const each of described) {
      expect(each.description).toMatch(/^[^\n]+\.$/);
    }
  });

  it('has texts for defaults, as the runner makes texts of them', () => {
    for (const input of Object.values(inputs)) {
      expect(['string', 'undefined']).toContain(typeof input.default);
    }
  });
});
