/**
 * `npm run demo`: the job of a pull request, from the clone of its test VM to the teardown. The actions' own bundles run as
 * GitHub's runner would run them, against a simulated vCenter. Ends with exit code 1 if anything is not as it should be.
 */
import { styleText } from 'node:util';
import { type LogLine, runPost, runStep, type StepOptions, type StepResult } from '../test/runner/step.ts';
import { defaultAddresses } from '../test/simulator/guest.ts';
import { type Exchange, startVcenter, type Vcenter } from '../test/simulator/vcenter.ts';
import { columns, markdownText } from './markdown-text.ts';

/** Milliseconds. */
const cloneDuration = 4000;
const toolsAfter = 1200;
const addressAfter = 2000;

const source = 'vm-42';
const placement = { folder: 'group-v23', 'resource-pool': 'resgroup-31', datastore: 'datastore-15' };

const valueWidth = 84;

/** What must hold at the end, and what is said about it. */
interface Check {
  readonly holds: boolean;
  readonly text: string;
}

interface JobStep {
  readonly title: string;
  readonly result: StepResult;
  /** Of the simulator: the first request that came after the step's begin. */
  readonly firstExchange: number;
}

async function demonstrate(): Promise<number> {
  const startedAt = performance.now();
  const vcenter = await startVcenter({
    behaviour: {
      cloneDuration,
      powerOnTakes: 300,
      powerOffTakes: 200,
      deleteTakes: 200,
      toolsAfter,
      addresses: (vm) => defaultAddresses(vm).map((step) => ({ ...step, after: addressAfter })),
    },
  });
  try {
    const vmsBefore = vmList(vcenter);
    introduce(vcenter);
    const connection = {
      'vcenter-server': vcenter.server,
      username: vcenter.username,
      password: vcenter.password,
      'ca-certificate': vcenter.caFile,
    };

    const clone = await runJobStep(vcenter, {
      title: 'Clone a VM for the pull request',
      uses: 'octo/vcenter-clone-vm@v1',
      options: {
        action: 'clone',
        entry: 'dist',
        inputs: { ...connection, source, ...placement, 'wait-for-ip': 'true' },
      },
    });
    const { 'vm-id': id = '', 'ip-address': address = '' } = clone.result.outputs;
    showOutputs(clone.result);
    showSummary(clone.result);

    const powerState = vcenter.vm(id)?.powerState ?? 'not found';
    headline('Run the tests of the pull request');
    gutter(0, styleText('dim', `This is where they would run, against ${address || 'the VM'}.`));

    const teardown = await runJobStep(vcenter, {
      title: 'Tear the VM down',
      uses: 'octo/vcenter-clone-vm/teardown@v1',
      options: { action: 'teardown', entry: 'dist', inputs: { ...connection, 'vm-id': id } },
    });
    showOutputs(teardown.result);
    showSummary(teardown.result);

    const firstExchange = vcenter.exchanges.length;
    headline('Post: clone a VM for the pull request');
    const post = await runPost(clone.result, { onLog: logTo(performance.now()) });
    showEnd(post);
    const steps = [clone, teardown, { title: 'Post', result: post, firstExchange }];

    showExchanges(vcenter.exchanges, steps);
    const { opened, closed, open, unknown } = vcenter.sessions();
    const checks: readonly Check[] = [
      {
        holds: powerState === 'POWERED_ON' && address !== '',
        text: `the VM was there for the tests: ${id || 'no id'}, ${powerState}, ${address || 'no address'}`,
      },
      {
        holds: steps.every(
          ({ result }) => result.conclusion === 'success' && result.annotations.length === 0,
        ),
        text: 'every step succeeded, without an error or a warning',
      },
      {
        holds: [clone, teardown].every(({ result }) => result.summary !== ''),
        text: 'both actions wrote a job summary',
      },
      {
        holds: teardown.result.outputs['deleted'] === 'true' && vcenter.vm(id) === undefined,
        text: 'the VM was torn down',
      },
      {
        holds: vmList(vcenter) === vmsBefore,
        text: `the VMs are those from before: ${vmList(vcenter)}`,
      },
      { holds: vcenter.runningTasks().length === 0, text: 'no task is running' },
      {
        holds: opened > 0 && open === 0 && unknown === 0,
        text: `no session is open: ${opened} opened, ${closed} closed`,
      },
      {
        holds: steps.every(({ result }) => isClean(result, vcenter.secrets())),
        text: 'no secret is in a log, an output, a summary or the saved state',
      },
    ];
    return conclude(checks, performance.now() - startedAt);
  } finally {
    await vcenter.close();
  }
}

function vmList(vcenter: Vcenter): string {
  return vcenter
    .vms()
    .map((vm) => vm.id)
    .join(', ');
}

function introduce(vcenter: Vcenter): void {
  print(
    '',
    styleText('bold', 'A test VM for a pull request, on a vCenter that is simulated on this machine'),
    '',
  );
  const facts = [
    ['vCenter', `https://${vcenter.server}, as ${vcenter.username}`],
    ['certificate', 'signed by an authority of its own, which the action is given as a PEM file'],
    ['job', 'e2e of octo/shop, run 9912345678, attempt 1, for pull request 12'],
    ['action', 'the bundles in dist/, on Node.js 24, as on a runner of GitHub'],
  ];
  print(...columns(facts.map(([name = '', value = '']) => [`  ${styleText('dim', name)}`, value])));
}

async function runJobStep(
  vcenter: Vcenter,
  step: { readonly title: string; readonly uses: string; readonly options: StepOptions },
): Promise<JobStep> {
  const firstExchange = vcenter.exchanges.length;
  headline(step.title);
  const inputs = { ...step.options.inputs, password: '***' };
  const given = Object.entries(inputs).map(([name, value]) => [`${name}:`, value]);
  gutter(0, styleText('dim', `uses: ${step.uses}`));
  for (const line of columns(given)) {
    gutter(0, styleText('dim', `  ${line}`));
  }
  const result = await runStep({ ...step.options, onLog: logTo(performance.now()) });
  showEnd(result);
  return { title: step.title, result, firstExchange };
}

/** Prints each line when it comes, with the seconds since the step's start in front. */
function logTo(startedAt: number): (line: LogLine) => void {
  return ({ kind, text, title }) => {
    const lines = title === undefined ? text : `${title}: ${text}`;
    for (const line of lines.split('\n')) {
      if (kind !== 'debug' && kind !== 'endgroup') {
        gutter(performance.now() - startedAt, styleText(logStyles[kind], line));
      }
    }
  };
}

const logStyles = {
  text: 'reset',
  group: 'bold',
  error: 'red',
  warning: 'yellow',
  notice: 'blue',
} as const;

function showEnd(result: StepResult): void {
  const good = result.conclusion === 'success';
  const end = good ? 'succeeded' : `${result.conclusion}, ${result.signal ?? `exit code ${result.exitCode}`}`;
  gutter(result.duration, styleText(good ? 'green' : 'red', `${mark(good)} ${end}`));
}

function showOutputs(result: StepResult): void {
  print('', `  ${styleText('bold', 'Outputs')}`);
  const rows = Object.entries(result.outputs).flatMap(([name, value]) =>
    wrapped(value).map((part, index) => [`    ${index === 0 ? styleText('cyan', name) : ''}`, part]),
  );
  print(...columns(rows));
}

/** Cuts a long value, which is JSON, behind commas. */
function wrapped(value: string): readonly string[] {
  const parts = value.split(/(?<=,)/);
  const lines = [''];
  for (const part of parts) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + part.length > valueWidth) {
      lines.push(part);
    } else {
      lines[lines.length - 1] = last + part;
    }
  }
  return lines;
}

function showSummary(result: StepResult): void {
  print('', `  ${styleText('bold', 'Job summary')}`);
  const lines = result.summary === '' ? [styleText('red', 'none')] : markdownText(result.summary);
  print(...lines.map((line) => `    ${line}`.trimEnd()));
}

/** The requests in their order, repeated looks in one line. */
function showExchanges(exchanges: readonly Exchange[], steps: readonly JobStep[]): void {
  print('', styleText('bold', 'What vCenter saw'));
  const rows = [['  at', 'took', 'status', 'request']];
  const begin = exchanges[0]?.receivedAt ?? 0;
  for (const [index, { title, firstExchange }] of steps.entries()) {
    const own = exchanges.slice(firstExchange, steps[index + 1]?.firstExchange);
    rows.push([`  ${styleText('dim', own.length === 0 ? `${title}: nothing` : title)}`]);
    for (const group of repeated(own)) {
      const [first] = group;
      if (first === undefined) continue;
      const took = Math.max(
        ...group.map(({ receivedAt, answeredAt }) => (answeredAt ?? receivedAt) - receivedAt),
      );
      rows.push([
        seconds(first.receivedAt - begin).padStart(8),
        `${Math.round(took)} ms`.padStart(7),
        String(first.status),
        `${first.operation}${group.length > 1 ? styleText('yellow', `  ${group.length} times`) : ''}`,
      ]);
    }
  }
  const titles = new Set(rows.filter((row) => row.length === 1));
  const table = columns(rows.filter((row) => !titles.has(row)));
  let line = 0;
  for (const row of rows) {
    if (titles.has(row)) {
      print(row[0] ?? '');
    } else {
      print(line === 0 ? styleText('dim', table[line] ?? '') : (table[line] ?? ''));
      line += 1;
    }
  }
}

function repeated(exchanges: readonly Exchange[]): readonly (readonly Exchange[])[] {
  const groups: Exchange[][] = [];
  for (const exchange of exchanges) {
    const last = groups.at(-1);
    const isSame = last?.[0]?.operation === exchange.operation && last[0].status === exchange.status;
    if (last !== undefined && isSame) {
      last.push(exchange);
    } else {
      groups.push([exchange]);
    }
  }
  return groups;
}

function isClean(result: StepResult, secrets: readonly string[]): boolean {
  const texts = [result.unmaskedLog, ...Object.values(result.files)];
  return (
    result.illegal.length === 0 && !texts.some((text) => secrets.some((secret) => text.includes(secret)))
  );
}

/** @returns the exit code. */
function conclude(checks: readonly Check[], elapsed: number): number {
  print('', styleText('bold', 'What is left'));
  for (const { holds, text } of checks) {
    print(`  ${styleText(holds ? 'green' : 'red', mark(holds))} ${text}`);
  }
  const good = checks.every(({ holds }) => holds);
  const verdict = good ? 'Everything is as it should be.' : 'Not everything is as it should be.';
  print(
    '',
    `${styleText(['bold', good ? 'green' : 'red'], verdict)} ${styleText('dim', seconds(elapsed))}`,
    '',
  );
  return good ? 0 : 1;
}

function headline(title: string): void {
  print('', styleText('bold', `● ${title}`));
}

function gutter(elapsed: number, line: string): void {
  print(`${styleText('dim', `${(elapsed > 0 ? seconds(elapsed) : '').padStart(8)} │`)} ${line}`);
}

function mark(good: boolean): string {
  return good ? '✓' : '✗';
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function print(...lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

if (import.meta.main) {
  process.exitCode = await demonstrate();
}
