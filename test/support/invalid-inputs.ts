import fc from 'fast-check';
import { expect } from 'vitest';
import { cleanupOutputs, cloneOutputs, teardownOutputs } from '../../src/github/outputs.ts';
import { loadAction } from '../runner/action-metadata.ts';
import type { StepOptions, StepResult } from '../runner/step.ts';
import { parseWorkflowCommand } from '../runner/workflow-commands.ts';
import { hostileText } from './hostile-text.ts';
import { SOURCE, type Stage } from './stage.ts';

export const SEED = 20_260_101;
type Action = 'clone' | 'teardown' | 'cleanup';
type Inputs = Readonly<Record<string, string>>;

const OUTPUTS = { clone: cloneOutputs, teardown: teardownOutputs, cleanup: cleanupOutputs } as const;

interface Case {
  readonly action: Action;
  /** What is given besides, or in place of, inputs that are good. */
  readonly bad: Inputs;
}

/** Values that are nearly good, for whichever input they end up in. */
const NEARLY_GOOD: readonly string[] = [
  ...['', ' ', '\n', '\t', '0', '-1', '+1', '1e9', 'NaN', 'Infinity', '0x10', '10abc'],
  ...['99999999999999999999', 'true', 'TRUE', 'yes', 'on', 'null', 'undefined', '[]', '{}'],
  ...['[object Object]', '__proto__', 'constructor', '1s', '90s', '1h30m', '25h', '1.5h', '1m 30s'],
  ...['s', 'm5', 'vm-42', 'vm-', 'id:.', 'id:..', '..', 'vm-42 ', 'VM-42', 'vm-9999999999999999'],
  ...['group-v23', 'group-v3', 'resgroup-8', 'host-9', 'domain-c7', 'datastore-15', 'datacenter-2'],
  ...['id:', 'name:', 'id:vm-42', 'name:vm-42', 'id:a b', 'id:/', '/', '//', '/DC1', '/DC1/'],
  ...['/DC1/vm', '/DC1/vm/', '/DC1/vm/ci/base/ubuntu-24.04', 'ci/base', '../..', './.'],
  ...['/DC1/host/cluster-a', '/DC1/datastore/fast', '/DC1/network/x', '/Datacenters/DC1/vm/ci'],
  ...['ubuntu-24.04', '%', '%2f', '%zz', '%00', 'a%2fb', '\\', 'c:\\x', '*', '?', '&names=x', '#x'],
  ...['a;b', "'", '"', '2000', '2000,2000', 'Hard disk 1', 'Hard disk 9', '2000: fast', '2000:'],
  ...[': fast', '{"2000":"fast"}', '{"2000":{"datastore":"fast"}}', '{"2000":null}'],
  ...['{"2000":{"datastore":7}}', '{"2000":"a","2000":"b"}', '{"__proto__":"fast"}'],
  ...['{"a":{"__proto__":{}}}', '{', '[{"2000":"fast"}]', '{"2000": "fast"', '"fast"', '10.0.0.0/8'],
  ...['10.0.0.0/33', '10.0.0.0/', '/8', '::/0', '::1', '0.0.0.0/0', 'fe80::1%eth0/64', '256.1.1.1'],
  ...['fail', 'reuse', 'replace', 'FAIL', 'never', 'always', 'on-failure', 'ipv4', 'ipv6', 'any'],
  ...['ipv5', 'linux-dhcp', 'success', 'failure', '🖥️'.repeat(90), 'x'.repeat(81), 'x'.repeat(100_000)],
  ...['é'.repeat(80), '-----BEGIN CERTIFICATE-----'],
  ...['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ...['-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----', '/etc/hostname', '/dev/null'],
  ...['.', '~', 'ab'.repeat(32), 'AB:'.repeat(31), 'gg'.repeat(32), 'ab'.repeat(20)],
  ...['4', '04', '769', '4.0', '8GiB', '8 gib', '8192', '4097', '8.5GiB', '8 TiB', '24577GiB'],
  ...['VM Network', 'name:VM Network', 'Network adapter 1: VM Network', 'id:4000: network-16', '4000:'],
  ...['4000: a\n4000: b', '4000: a\nVM Network', '{"4000":{"network":"network-16"}}', '{"4000":{}}'],
  ...['#cloud-config\nhostname: x\n', 'MIME-Version: 1.0', 'instance-id: x', '- instance-id: x', 'a: b\nc'],
  ...['environment/ci', 'environment/', '/ci', 'environment / ci, environment/ci', 'urn:'],
  ...['urn:vmomi:InventoryServiceTag:', 'urn:vmomi:InventoryServiceCategory:9f2c:GLOBAL'],
  ...['22', '22, 8080', '022', '65536', 'ssh', Array.from({ length: 17 }, (_, port) => port + 1).join()],
];

const SERVERS: readonly string[] = [
  ...['https://', 'http://localhost', 'ftp://x', '//x', 'localhost:0', 'localhost:65536'],
  ...['localhost:x', ':443', '[::1', '::1]', '[::1]:', '[localhost]', 'user:pass@localhost'],
  ...['localhost/sdk', 'localhost?x', 'a b', '-', '.', '10', '0x7f.1', '1.2.3', '999.1.1.1', 'xn--a'],
  ...['a..b', 'ä.invalid', 'a_b.invalid', 'x'.repeat(300), '%6c', '☃'],
];

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NEARLY_GOOD) },
  { weight: 3, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...NEARLY_GOOD, ...SERVERS), { minLength: 2, maxLength: 4 })
      .chain((parts) => fc.constantFrom(',', '\n', ': ', '/', ' ').map((glue) => parts.join(glue))),
  },
);

/** One to five bad inputs of an action, all of them at times. */
function casesOf(action: Action): fc.Arbitrary<Case> {
  const names = Object.keys(loadAction(action).defaults);
  const valueFor = (name: string) =>
    name === 'vcenter-server' ? fc.oneof(fc.constantFrom(...SERVERS), value) : value;
  const some = fc
    .subarray(names, { minLength: 2, maxLength: 5 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, valueFor(name)]))));
  const all = fc.record(Object.fromEntries(names.map((name) => [name, valueFor(name)])));
  const one = fc.constantFrom(...names).chain((name) => fc.record({ [name]: valueFor(name) }));
  return fc
    .oneof({ weight: 5, arbitrary: one }, { weight: 4, arbitrary: some }, { weight: 1, arbitrary: all })
    .map((bad) => ({ action, bad: bad as Inputs }));
}

export const cases = fc.oneof(
  { weight: 3, arbitrary: casesOf('clone') },
  { weight: 1, arbitrary: casesOf('teardown') },
  { weight: 1, arbitrary: casesOf('cleanup') },
);

/** Inputs with which the action would do what it is for, as quickly as it can. */
function goodInputs({ connection }: Stage, action: Action): Inputs {
  switch (action) {
    case 'clone':
      return {
        ...connection,
        source: SOURCE,
        folder: 'group-v23',
        'ip-timeout': '5s',
        'port-timeout': '5s',
        'customization-timeout': '5s',
        timeout: '30s',
        teardown: 'always',
      };
    case 'teardown':
      return { ...connection, 'vm-name': 'nobody', timeout: '30s' };
    case 'cleanup': // there is no GitHub on this stage, so that it ends there at the latest
      return { ...connection, folder: 'group-v23', timeout: '30s' };
  }
}

export const behaviour = { cloneDuration: 0, toolsAfter: 0 };

/** What is wrong with how a step has ended. */
function judge(
  step: StepResult,
  { action, stage }: { readonly action: Action; readonly stage: Stage },
): string[] {
  const { exitCode, errors, unmaskedLog, files } = step;
  const known: readonly string[] = OUTPUTS[action];
  const written = [unmaskedLog, ...Object.values(files)].join('\n');
  return [
    ...(exitCode === 0 || exitCode === 1 ? [] : [`ended with ${exitCode}`]),
    ...(errors.length === (exitCode === 0 ? 0 : 1) ? [] : [`${errors.length} errors`]),
    ...(errors.some((error) => /This is a bug of the action/.test(error))
      ? [`crashed: ${errors.join(' | ')}`]
      : []),
    ...(errors.some((error) => /\n\s+at |\.ts:\d+:\d+|node:internal/.test(error)) ? ['shows a stack'] : []),
    ...(errors.some((error) => error.length > 60_000) ? ['more than the runner takes'] : []),
    ...Object.keys(step.outputs)
      .filter((name) => !known.includes(name))
      .map((name) => `the output ${name}`),
    ...(stage.vcenter.secrets().some((secret) => written.includes(secret)) ? ['wrote a secret'] : []),
    ...step.illegal.map((line) => `the command ${line}`),
    // Commands that came with an input's text; the action's own are no text of the log.
    ...unmaskedLog
      .replaceAll('##[debug]', '')
      .split(/\r\n|\r|\n/)
      .flatMap((line) => parseWorkflowCommand(line)?.name ?? [])
      .map((name) => `the command ${name}`),
  ];
}

/** Runs an action with these inputs, and post where it has one. */
export async function runCase({ action, bad }: Case, stage: Stage, options: Partial<StepOptions> = {}) {
  const { runner } = stage;
  const main = await runner.runStep({
    ...options,
    action,
    inputs: { ...goodInputs(stage, action), ...bad },
  });
  const hasPost = action === 'clone' && Object.keys(main.state).length > 0;
  const steps = [main, ...(hasPost ? [await runner.runPost(main, { jobStatus: main.conclusion })] : [])];
  const problems = steps.flatMap((step) => judge(step, { action, stage }));
  return {
    main,
    wrong: problems.length === 0 ? [] : [`${action} ${JSON.stringify(bad)}: ${problems.join('; ')}`],
  };
}

export function expectNothingLeft({ vcenter, before }: Stage): void {
  expect(vcenter.sessions()).toMatchObject({ open: 0 });
  expect(vcenter.runningTasks()).toEqual([]);
  expect([...before].filter((id) => vcenter.vm(id) === undefined)).toEqual([]);
}
