import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseDocument } from 'yaml';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly steps?: readonly Step[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: unknown;
  readonly 'runs-on'?: unknown;
}

interface Workflow {
  readonly name?: unknown;
  readonly on?: unknown;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

interface Metadata {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const actions: Readonly<Record<string, Metadata>> = Object.fromEntries(
  [
    { names: ['./', 'OWNER/vcenter-clone-vm@v1'], file: 'action.yml' },
    { names: ['./teardown', 'OWNER/vcenter-clone-vm/teardown@v1'], file: 'teardown/action.yml' },
    { names: ['./cleanup', 'OWNER/vcenter-clone-vm/cleanup@v1'], file: 'cleanup/action.yml' },
  ].flatMap(({ names, file }) => {
    const metadata = parse(readFileSync(join(root, file), 'utf8')) as Metadata;
    return names.map((name) => [name, metadata] as const);
  }),
);

/** Steps that use one of the actions, with what they give it. */
export function ownSteps(text: string): readonly {
  readonly action: 'clone' | 'teardown' | 'cleanup';
  readonly with: NonNullable<Step['with']>;
}[] {
  return stepsOf(parse(text) as Workflow)
    .filter(({ uses }) => uses !== undefined && actions[uses] !== undefined)
    .map((step) => ({
      action: (['teardown', 'cleanup'] as const).find((each) => step.uses?.includes(`/${each}`)) ?? 'clone',
      with: step.with ?? {},
    }));
}

/** Everything that is wrong with a workflow, a sentence each. */
export function problemsOf(text: string): readonly string[] {
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) {
    return [`It is not valid YAML: ${error.message}`];
  }
  const workflow = document.toJS() as Workflow;
  return [
    ...topProblems(workflow),
    ...pinProblems(text),
    ...Object.entries(workflow.jobs ?? {}).flatMap(([name, job]) =>
      jobProblems(job, workflow).map((problem) => `${name}: ${problem}`),
    ),
  ];
}

function topProblems({ name, on, permissions, concurrency, jobs }: Workflow): readonly string[] {
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on ?? {});
  const values =
    typeof permissions === 'object' && permissions !== null ? Object.values(permissions) : ['all'];
  return [
    ...(name === undefined ? ['It has no name.'] : []),
    ...(events.length === 0 ? ['Nothing starts it.'] : []),
    ...(events.includes('pull_request_target')
      ? ["'pull_request_target' runs with secrets on foreign code."]
      : []),
    ...(values.some((value) => value !== 'read')
      ? ['Its top-level permissions are missing, or more than reading.']
      : []),
    ...(jobs === undefined || Object.keys(jobs).length === 0 ? ['It has no jobs.'] : []),
    ...(events.includes('pull_request') &&
    JSON.stringify(jobs).includes('secrets.') &&
    concurrency === undefined
      ? ['A new push does not end the run before it.']
      : []),
  ];
}

/** Actions of others are named by a full commit, with the version for people. */
function pinProblems(text: string): readonly string[] {
  return [...text.matchAll(/^[\s-]*uses: (.*)$/gm)]
    .map(([, uses = '']) => uses)
    .filter((uses) => !uses.startsWith('./') && actions[uses] === undefined)
    .filter((uses) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
    .map((uses) => `'${uses}' is not pinned to a full commit with its version in a comment.`);
}

/** `uses: NAME@COMMIT # VERSION` of a text. */
export function pinsOf(
  text: string,
): readonly { readonly action: string; readonly commit: string; readonly version: string }[] {
  return [...text.matchAll(/uses: ([\w.-]+\/[\w.-]+)[\w./-]*@([0-9a-f]{40}) # (v\S+)/g)].map(
    ([, action = '', commit = '', version = '']) => ({ action, commit, version }),
  );
}

function jobProblems(job: Job, { jobs = {} }: Workflow): readonly string[] {
  const needs = typeof job.needs === 'string' ? [job.needs] : (job.needs ?? []);
  const timeout = job['timeout-minutes'];
  return [
    // GitHub takes no time limit and no runner for a job that is a whole workflow.
    ...(job.uses === undefined && (typeof timeout !== 'number' || timeout > 360)
      ? ['It has no time limit.']
      : []),
    ...(job.uses === undefined && job['runs-on'] === undefined ? ['It runs on no runner.'] : []),
    ...needs.filter((name) => jobs[name] === undefined).map((name) => `It needs '${name}', which is no job.`),
    ...(job.steps ?? []).flatMap(stepProblems),
    ...referenceProblems(job, { needs, jobs }),
  ];
}

function stepProblems({ uses, run, with: given = {} }: Step): readonly string[] {
  const metadata = uses === undefined ? undefined : actions[uses];
  const inputs = metadata?.inputs ?? {};
  const required = Object.keys(inputs).filter((name) => inputs[name]?.required === true);
  return [
    ...((uses === undefined) === (run === undefined) ? ["A step has either 'uses' or 'run'."] : []),
    ...(run?.includes('${{') === true ? [`An expression stands inside a script: ${run.trim()}`] : []),
    ...(metadata === undefined
      ? []
      : [
          ...Object.keys(given)
            .filter((name) => inputs[name] === undefined)
            .map((name) => `${uses} has no input '${name}'.`),
          ...required.filter((name) => given[name] === undefined).map((name) => `${uses} needs '${name}'.`),
        ]),
  ];
}

const contexts = [
  'github',
  'vars',
  'secrets',
  'steps',
  'needs',
  'matrix',
  'strategy',
  'job',
  'runner',
  'env',
  'inputs',
];

/** What `${{ }}` and `if` name must be there. */
function referenceProblems(
  job: Job,
  { needs, jobs }: { readonly needs: readonly string[]; readonly jobs: NonNullable<Workflow['jobs']> },
): readonly string[] {
  const text = JSON.stringify(job);
  const expressions = [...text.matchAll(/\$\{\{(.*?)\}\}|"if":"(.*?)(?<!\\)"/g)].map(
    ([, one, other]) => one ?? other ?? '',
  );
  const names = expressions.flatMap((expression) => [
    ...expression.replaceAll(/'[^']*'/g, '').matchAll(/(?<![\w.-])([a-z]\w*)(\.[\w-]+)+/g),
  ]);
  return names.flatMap(([reference = '', context = '']) => {
    const [, first = '', second = '', third = ''] = reference.split('.');
    if (!contexts.includes(context)) {
      return [`'${reference}' belongs to no context.`];
    }
    if (context === 'steps') {
      const step = job.steps?.find(({ id }) => id === first);
      const metadata = step?.uses === undefined ? undefined : actions[step.uses];
      return step === undefined ||
        (second === 'outputs' && metadata !== undefined && !(third in metadata.outputs))
        ? [`'${reference}' is not there.`]
        : [];
    }
    if (context === 'needs') {
      const outputs = jobs[first]?.outputs ?? {};
      return !needs.includes(first) || (second === 'outputs' && !(third in outputs))
        ? [`'${reference}' is not there.`]
        : [];
    }
    return [];
  });
}

/** Jobs that get secrets on a pull request without a look at where it comes from. */
export function unguardedJobs(text: string): readonly string[] {
  const { on, jobs = {} } = parse(text) as Workflow;
  if (!JSON.stringify(on ?? '').includes('pull_request')) {
    return [];
  }
  const isGuarded = (job: Job | undefined): boolean =>
    job?.if?.includes('github.event.pull_request.head.repo.full_name == github.repository') === true ||
    [job?.needs ?? []].flat().some((name) => isGuarded(jobs[name]));
  return Object.entries(jobs)
    .filter(([, job]) => JSON.stringify(job).includes('secrets.') && !isGuarded(job))
    .map(([name]) => name);
}

function stepsOf({ jobs = {} }: Workflow): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps ?? []);
}
