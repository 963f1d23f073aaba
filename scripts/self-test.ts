/**
 * What the self-test in .github/workflows/ci.yml does besides using the actions: starts a simulated vCenter (`start`), looks
 * whether a step did what it should (`check NAME`, with the JSON of all steps in STEPS), and stops the simulator (`stop`).
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fetch from 'node-fetch';

interface Step {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outcome: string;
}

type Steps = Readonly<Record<string, Step>>;

interface Simulator {
  readonly server: string;
  readonly username: string;
  readonly password: string;
  readonly 'ca-file': string;
  readonly fingerprint: string;
  readonly pid: string;
  readonly log: string;
  /** The ids of the VMs that there are before anything is cloned. */
  readonly vms: string;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Each gets the steps that have run so far. */
const checks: Readonly<Record<string, (steps: Steps) => Promise<void>>> = {
  clone: async (steps) => {
    const { outcome, outputs } = stepOf(steps, 'clone');
    assert.equal(outcome, 'success');
    assert.match(outputs['vm-id'] ?? '', /^vm-\d+$/);
    assert.match(outputs['vm-name'] ?? '', /^[a-z0-9-]{1,80}$/);
    assert.match(outputs['task-id'] ?? '', /./);
    assert.equal(outputs['created'], 'true');
    assert.equal(outputs['power-state'], 'POWERED_ON');
    assert.notEqual(isIP(outputs['ip-address'] ?? ''), 0);
    assert.ok((parsed(outputs['ip-addresses']) as string[]).includes(outputs['ip-address'] ?? ''));
    assert.deepEqual(parsed(outputs['clone-spec']), {
      source: 'vm-42',
      name: outputs['vm-name'],
      placement: { folder: 'group-v23', resource_pool: 'resgroup-31', datastore: 'datastore-15' },
      disks_to_remove: ['2001'],
      power_on: false,
      guest_customization_spec: { name: 'linux-dhcp' },
    });
    const timings = parsed(outputs['timings']) as Record<string, number>;
    assert.deepEqual(Object.keys(timings).sort(), [
      ...['clone', 'configure', 'connect', 'customization', 'ip', 'power', 'request', 'resolve', 'total'],
    ]);
    assert.equal((await vmsOf(simulatorOf(steps))).get(outputs['vm-id'] ?? ''), outputs['vm-name']);
  },

  reuse: async (steps) => {
    const { outcome, outputs } = stepOf(steps, 'reuse');
    assert.equal(outcome, 'success');
    assert.equal(outputs['vm-id'], stepOf(steps, 'clone').outputs['vm-id']);
    assert.equal(outputs['created'], 'false');
  },

  teardown: async (steps) => {
    const { outcome, outputs } = stepOf(steps, 'teardown');
    assert.equal(outcome, 'success');
    assert.equal(outputs['deleted'], 'true');
    assert.equal(outputs['vm-id'], stepOf(steps, 'clone').outputs['vm-id']);
    assert.equal(outputs['vm-name'], stepOf(steps, 'clone').outputs['vm-name']);
    await assertNothingLeft(steps);
  },

  'teardown-again': async (steps) => {
    const { outcome, outputs } = stepOf(steps, 'teardown-again');
    assert.equal(outcome, 'success');
    assert.equal(outputs['deleted'], 'false');
  },

  'validate-only': async (steps) => {
    const { outcome, outputs } = stepOf(steps, 'validate-only');
    assert.equal(outcome, 'success');
    assert.equal(outputs['vm-id'] ?? '', '');
    const { name, ...spec } = parsed(outputs['clone-spec']) as Record<string, unknown>;
    assert.ok(typeof name === 'string' && name !== '');
    assert.deepEqual(spec, { source: 'vm-42', placement: { datastore: 'datastore-16' }, power_on: true });
    await assertNothingLeft(steps);
  },

  failures: async (steps) => {
    for (const id of ['bad-inputs', 'certificate-not-trusted', 'wrong-password', 'template', 'too-slow']) {
      const { outcome, outputs } = stepOf(steps, id);
      assert.equal(outcome, 'failure', `the step '${id}' should have failed`);
      assert.equal(outputs['vm-id'] ?? '', '', `the step '${id}' should have made no VM`);
    }
    assert.match(stepOf(steps, 'too-slow').outputs['task-id'] ?? '', /./);
    await assertNothingLeft(steps);
  },
};

async function start(): Promise<void> {
  const folder = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'simulator-'));
  const caFile = join(folder, 'ca.pem');
  const logFile = join(folder, 'simulator.log');
  const log = openSync(logFile, 'a');
  const times = ['--clone-seconds', '2', '--address-seconds', '1'];
  const child = spawn(process.execPath, ['test/simulator/main.ts', '--ca-file', caFile, ...times], {
    cwd: root,
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
  });
  closeSync(log);
  child.unref();
  try {
    await announce({ child: child.pid, caFile, logFile });
  } catch (error) {
    child.kill();
    throw error;
  }
}

/** Waits for the simulator and makes what it tells of itself the outputs of the step. */
async function announce({
  child,
  caFile,
  logFile,
}: {
  readonly child: number | undefined;
  readonly caFile: string;
  readonly logFile: string;
}): Promise<void> {
  const welcome = await untilWelcome(logFile);
  const field = (label: string) =>
    welcome
      .split('\n')
      .find((line) => line.trimStart().startsWith(label))
      ?.trimStart()
      .slice(label.length)
      .trim() ?? '';
  const simulator = {
    server: /https:\/\/(\S+)/.exec(welcome)?.[1] ?? '',
    username: field('user name'),
    password: field('password'),
    'ca-file': caFile,
    fingerprint: field('fingerprint'),
    pid: String(child),
    log: logFile,
  };
  const vms = JSON.stringify([...(await vmsOf(simulator)).keys()]);
  const outputs = Object.entries({ ...simulator, vms }).map(
    ([name, value]) => `${name}<<END\n${value}\nEND\n`,
  );
  appendFileSync(process.env['GITHUB_OUTPUT'] ?? '', outputs.join(''));
  console.log(`The simulator listens at https://${simulator.server} (process ${child}).`);
}

/** The simulator's first words, which end with an example of a step. */
async function untilWelcome(logFile: string): Promise<string> {
  for (let look = 0; look < 150; look += 1) {
    const text = readFileSync(logFile, 'utf8');
    if (text.includes('wait-for-ip: true')) {
      return text;
    }
    await sleep(100);
  }
  throw new Error(`The simulator did not start:\n${readFileSync(logFile, 'utf8')}`);
}

async function stop(steps: Steps): Promise<void> {
  const { pid, log } = simulatorOf(steps);
  process.kill(Number(pid), 'SIGINT');
  // Windows has no signals: the simulator just ends there, without a word about its sessions.
  if (process.platform !== 'win32') {
    for (let look = 0; look < 50 && !readFileSync(log, 'utf8').includes('Stopped.'); look += 1) {
      await sleep(100);
    }
  }
  const text = readFileSync(log, 'utf8');
  console.log(text);
  if (process.platform !== 'win32') {
    assert.match(text, /^Stopped\. 0 sessions were open/m);
  }
}

async function assertNothingLeft(steps: Steps): Promise<void> {
  const simulator = simulatorOf(steps);
  assert.deepEqual([...(await vmsOf(simulator)).keys()], JSON.parse(simulator.vms));
}

/** Names by id, as vCenter lists them. */
async function vmsOf(
  simulator: Pick<Simulator, 'server' | 'username' | 'password' | 'ca-file'>,
): Promise<Map<string, string>> {
  const agent = new Agent({ ca: readFileSync(simulator['ca-file'], 'utf8') });
  const url = `https://${simulator.server}/api`;
  const account = Buffer.from(`${simulator.username}:${simulator.password}`).toString('base64');
  const login = await fetch(`${url}/session`, {
    method: 'POST',
    agent,
    headers: { authorization: `Basic ${account}` },
  });
  assert.equal(login.status, 201);
  const headers = { 'vmware-api-session-id': (await login.json()) as string };
  try {
    const vms = (await (await fetch(`${url}/vcenter/vm`, { agent, headers })).json()) as {
      vm: string;
      name: string;
    }[];
    return new Map(vms.map(({ vm, name }) => [vm, name]));
  } finally {
    await fetch(`${url}/session`, { method: 'DELETE', agent, headers });
    agent.destroy();
  }
}

function stepOf(steps: Steps, id: string): Step {
  const step = steps[id];
  assert.ok(step, `there is no step '${id}'`);
  return step;
}

function simulatorOf(steps: Steps): Simulator {
  return stepOf(steps, 'simulator').outputs as unknown as Simulator;
}

function parsed(json: string | undefined): unknown {
  return JSON.parse(json ?? '');
}

if (import.meta.main) {
  const [command, name = ''] = process.argv.slice(2);
  const steps = JSON.parse(process.env['STEPS'] ?? '{}') as Steps;
  switch (command) {
    case 'start':
      await start();
      break;
    case 'check':
      assert.ok(checks[name], `there is no check '${name}'`);
      await checks[name](steps);
      console.log(`${name}: as it should be.`);
      break;
    case 'stop':
      await stop(steps);
      break;
    default:
      throw new Error('Usage: self-test.ts start | check NAME | stop');
  }
}
