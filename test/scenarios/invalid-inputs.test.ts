import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inParallel } from '../support/in-parallel.ts';
import { behaviour, cases, expectNothingLeft, runCase, SEED } from '../support/invalid-inputs.ts';
import { SOURCE, setVirtualStage } from '../support/stage.ts';
import { verdict } from '../support/verdict.ts';

const IN_PROCESS = 500;

it(`ends every one of ${IN_PROCESS} runs with invalid inputs in one error, or well`, {
  timeout: 120_000,
}, async () => {
  const stage = setVirtualStage({ behaviour });
  const items = fc.sample(cases, { seed: SEED, numRuns: IN_PROCESS });
  const wrong: string[] = [];
  let refused = 0;
  await inParallel({ items, atOnce: 12 }, async (item) => {
    const run = await runCase(item, stage);
    refused += run.main.exitCode === 1 ? 1 : 0;
    wrong.push(...run.wrong);
  });
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(refused).toBeGreaterThan(IN_PROCESS / 2);
  expectNothingLeft(stage);
});

it('tells a pull request from a fork why there is no password, and nothing else is asked', async () => {
  const stage = setVirtualStage();
  const step = await stage.runner.runStep({
    action: 'clone',
    inputs: { ...stage.connection, password: '', source: SOURCE },
    context: { event: { name: 'pull_request', number: 12, headRef: 'x', fork: 'mallory/shop' } },
  });
  expect(step.errors).toMatchInlineSnapshot(`
    [
      "Invalid inputs: password is empty: this pull request comes from a fork, and forks get no secrets.",
    ]
  `);
  expect(stage.vcenter.exchanges).toEqual([]);
  expect(verdict({ stage, steps: [step] })).toEqual([]);
});

it('tells everything that is wrong with the inputs in one error, and asks vCenter nothing', async () => {
  const stage = setVirtualStage();
  const step = await stage.runner.runStep({
    action: 'clone',
    inputs: {
      'vcenter-server': 'https://vcenter.example.com/sdk',
      username: '',
      password: '',
      'ca-certificate': 'nowhere.pem',
      'certificate-fingerprint': 'ab'.repeat(20),
      insecure: 'yes',
      source: '',
      name: 'x'.repeat(81),
      folder: '/',
      'disks-to-remove': '2000',
      'disks-to-update': '2000: fast',
      'power-on': 'on',
      'cpu-count': '4 CPUs',
      memory: '8.5GiB',
      networks: '4000:',
      'guest-customization-spec': 'linux-dhcp',
      'user-data': 'password=hunter2',
      'meta-data': '- hunter2\n- b\n',
      tags: 'ci',
      'if-exists': 'overwrite',
      timeout: '10abc',
      'poll-interval': '0',
      'wait-for-customization': 'maybe',
      'customization-timeout': '10 minutes',
      'ip-family': 'ipv4',
      'ip-cidr': '2001:db8::/32',
      'wait-for-port': 'ssh',
      'port-timeout': '0',
      teardown: 'sometimes',
    },
  });
  const withoutFolders = step.errors.map((error) => error.replace(/(?<=open ')[^']*(?=nowhere\.pem')/, ''));
  expect(withoutFolders).toMatchInlineSnapshot(`
    [
      "Invalid inputs: These inputs need another value:
    vcenter-server: "https://vcenter.example.com/sdk" has a path; give host and port only.
    username is required: the user to log in as, such as svc-ci@vsphere.local.
    ca-certificate: "nowhere.pem" is neither PEM text nor the path of a file that can be read (ENOENT: no such file or directory, open 'nowhere.pem').
    certificate-fingerprint: "abababababababababababababababababababab" has 40 hex digits, as a SHA-1 fingerprint has; give the SHA-256 fingerprint, which has 64.
    insecure: "yes" is neither true nor false.
    password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own).
    source is required: the VM or template to clone, as name, id or path.
    name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" has 81 characters; vCenter takes at most 80.
    folder: "/" is a path with an empty part; leave out slashes at the end and doubled ones, or write "name:" in front of a name with a slash.
    power-on: "on" is neither true nor false.
    cpu-count: "4 CPUs" is not a number of CPUs, 1 to 768.
    memory: "8.5GiB" is no size of memory; use 8GiB, 8192MiB or a number of MiB, without a fraction.
    networks: "4000:" has the line "4000:", which is not ADAPTER: NETWORK; a network alone can only be the one line.
    user-data is a single line, so it is the path of a file, and that cannot be read (ENOENT).
    meta-data is neither a JSON object nor YAML with lines such as "instance-id: NAME".
    tags: "ci" has "ci", which is neither CATEGORY/TAG nor the URN of a tag.
    if-exists: "overwrite" is not one of fail, reuse, replace.
    timeout: "10abc" is not a duration; use 90s, 20m, 1h30m or a number of seconds.
    poll-interval: "0" is no time at all; the shortest is 1s.
    wait-for-customization: "maybe" is neither true nor false.
    customization-timeout: "10 minutes" is not a duration; use 90s, 20m, 1h30m or a number of seconds.
    wait-for-port: "ssh" has "ssh", which is not a TCP port, 1 to 65535.
    port-timeout: "0" is no time at all; the shortest is 1s.
    teardown: "sometimes" is not one of never, on-failure, always.
    disks-to-update names the disk "2000", which 'disks-to-remove' names as well; it can only stand in one.
    user-data cannot stand together with 'guest-customization-spec': a VM is customized either by cloud-init or by a stored specification.
    meta-data cannot stand together with 'guest-customization-spec': a VM is customized either by cloud-init or by a stored specification.
    ip-cidr: "2001:db8::/32" has no ipv4 network, but 'ip-family' is ipv4; no address could fit both.",
    ]
  `);
  expect([step.unmaskedLog, ...Object.values(step.files)].join('\n')).not.toContain('hunter2');
  expect(step.outputs).toEqual({});
  expect(stage.vcenter.exchanges).toEqual([]);
  expect(verdict({ stage, steps: [step] })).toEqual([]);
});
