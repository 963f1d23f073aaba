import { describe, it } from 'vitest';
import { loadAction } from '../runner/action-metadata.ts';
import type { StepResult } from '../runner/step.ts';
import { DELETE, FOLDER, LIST_VMS, LOGIN, LOGOUT, SOURCE, setVirtualStage } from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { callsOf, errorOf, settled, stateOf } from '../support/what-happened.ts';

/** The inputs of a bundle as a runner would give them that knows no defaults: all of them empty. */
const noInputs = (action: 'clone' | 'teardown') =>
  Object.fromEntries(Object.keys(loadAction(action).defaults).map((name) => [name, '']));

describe('a bundle without any input', () => {
  it('clone: fails with one readable error', async ({ expect }) => {
    const stage = setVirtualStage();
    const main = await stage.runner.runStep({ action: 'clone', inputs: noInputs('clone') });
    const post = await stage.runner.runPost(main, { jobStatus: 'failure' });
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
    expect(main.exitCode).toBe(1);
    expect(main.outputs).toEqual({});
    expect(main.state).toEqual({});
    expect(errorOf(main, stage)).toMatchInlineSnapshot(`
      "[Invalid inputs] Invalid inputs: These inputs need another value:
      vcenter-server is required: the host name of vCenter.
      username is required: the user to log in as, such as svc-ci@vsphere.local.
      password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own).
      source is required: the VM or template to clone, as name, id or path."
    `);
    expect(main.summary).toMatchInlineSnapshot(`
      "### Failed: Invalid inputs

      These inputs need another value:

      - vcenter-server is required: the host name of vCenter.
      - username is required: the user to log in as, such as \`svc-ci@vsphere.local\`.
      - password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own).
      - source is required: the VM or template to clone, as name, id or path.

      [What to do](https://github.com/octo/vcenter-clone-vm/blob/v1/TROUBLESHOOTING.md#invalid-inputs)

      "
    `);
    // The lines of the annotation, and no other.
    expect(main.log.split('\n')).toHaveLength(5);
  });

  it('clean-up: has nothing to do, and says no more than that', async ({ expect }) => {
    const stage = setVirtualStage();
    const main = await stage.runner.runStep({ action: 'clone' });
    const post = await stage.runner.runPost({ ...main, state: {} }, { inputs: noInputs('clone') });
    expect(verdict({ stage, steps: [post] })).toEqual([]);
    expect(post.exitCode).toBe(0);
    expect(post.log).toBe('Nothing to clean up: no clone was started.');
    expect(post.annotations).toEqual([]);
    expect(post.summary).toBe('');
  });

  it('teardown: fails with one readable error', async ({ expect }) => {
    const stage = setVirtualStage();
    const step = await stage.runner.runStep({ action: 'teardown', inputs: noInputs('teardown') });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toEqual({});
    expect(errorOf(step, stage)).toMatchInlineSnapshot(`
      "[Invalid inputs] Invalid inputs: These inputs need another value:
      vcenter-server is required: the host name of vCenter.
      username is required: the user to log in as, such as svc-ci@vsphere.local.
      password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own)."
    `);
  });
});

describe('inputs that are gone or changed when the post step runs', () => {
  it('are a warning with the VM that is left', async ({ expect }) => {
    const stage = setVirtualStage();
    const { main } = await cloned(stage, { name: 'copy', teardown: 'always' });
    stage.vcenter.addVm({ name: 'copy', folder: FOLDER });
    const post = await stage.runner.runPost(main, { inputs: { ...noInputs('clone'), teardown: 'always' } });
    expect(verdict({ stage, steps: [main, post], kept: ['copy'] })).toEqual([]);
    expect(post.exitCode).toBe(0);
    expect(post.warnings).toHaveLength(1);
    expect(settled(post.warnings[0] ?? '', stage)).toMatchInlineSnapshot(`
      "Clean-up: Invalid inputs: These inputs need another value:
      vcenter-server is required: the host name of vCenter.
      username is required: the user to log in as, such as svc-ci@vsphere.local.
      password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own).
      'copy' (vm-1001) on localhost:PORT may be left: please look for it."
    `);
  });

  it('do not lead to another server than the one with the clone', async ({ expect }) => {
    const stage = setVirtualStage();
    const main = await stage.runner.runStep({
      action: 'clone',
      inputs: { ...stage.connection, source: SOURCE, folder: FOLDER, teardown: 'always' },
    });
    const post = await stage.runner.runPost(main, { inputs: { 'vcenter-server': 'elsewhere.invalid' } });
    expect(post.warnings).toEqual([]);
    expect(verdict({ stage, steps: [main, post] })).toEqual([]);
  });
});

describe('invalid inputs', () => {
  it('are all told in one error, before anything is asked of vCenter', async ({ expect }) => {
    const stage = setVirtualStage();
    const { error, main } = await failed(stage, {
      'vcenter-server': 'vcenter.example.com/ui',
      username: 'svc:ci',
      password: '',
      'ca-certificate': 'ca/none.pem',
      'certificate-fingerprint': 'AB:CD',
      insecure: 'yes',
      source: '',
      name: 'x'.repeat(81),
      folder: 'id:',
      'resource-pool': 'a\tb',
      'disks-to-remove': '2000, ',
      'disks-to-update': '2000: fast, 2001 fast\nHard disk 2',
      'power-on': '1',
      'if-exists': 'overwrite',
      timeout: '10abc',
      'poll-interval': '0',
      'wait-for-ip': 'on',
      'ip-timeout': '-5',
      'ip-family': 'IPv4',
      'ip-cidr': '10.0.0.0/33, 2001:db8::/32',
      teardown: 'sometimes',
      'validate-only': 'no',
    });
    // Where the runner's work folder is differs from run to run.
    expect(error.replace(/open '[^']*\/(?=ca\/)/, "open '")).toMatchInlineSnapshot(`
      "[Invalid inputs] Invalid inputs: These inputs need another value:
      vcenter-server: "vcenter.example.com/ui" has a path; give host and port only.
      username: "svc:ci" holds a colon, which would end the user name where it is sent together with the password.
      ca-certificate: "ca/none.pem" is neither PEM text nor the path of a file that can be read (ENOENT: no such file or directory, open 'ca/none.pem').
      certificate-fingerprint: "AB:CD" is not a SHA-256 fingerprint: 64 hex digits, with or without a colon after every two.
      insecure: "yes" is neither true nor false.
      password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own).
      source is required: the VM or template to clone, as name, id or path.
      name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" has 81 characters; vCenter takes at most 80.
      folder: "id:" has nothing after "id:".
      resource-pool: "a\\tb" holds a line break or another control character.
      disks-to-update: "2000: fast, 2001 fast\\nHard disk 2" has the line "Hard disk 2", which is not DISK: DATASTORE.
      power-on: "1" is neither true nor false.
      if-exists: "overwrite" is not one of fail, reuse, replace.
      timeout: "10abc" is not a duration; use 90s, 20m, 1h30m or a number of seconds.
      poll-interval: "0" is no time at all; the shortest is 1s.
      wait-for-ip: "on" is neither true nor false.
      ip-timeout: "-5" is not a duration; use 90s, 20m, 1h30m or a number of seconds.
      ip-family: "IPv4" is not one of ipv4, ipv6, any.
      ip-cidr: "10.0.0.0/33, 2001:db8::/32" has "10.0.0.0/33", whose prefix is not a number from 0 to 32.
      teardown: "sometimes" is not one of never, on-failure, always.
      validate-only: "no" is neither true nor false."
    `);
    expect(main.summary.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(
      error.split('\n').length - 1,
    );
    expect(stage.vcenter.exchanges).toEqual([]);
    expect(main.outputs).toEqual({});
  });

  it('are all told in one error by teardown as well', async ({ expect }) => {
    const stage = setVirtualStage();
    const step = await stage.runner.runStep({
      action: 'teardown',
      inputs: {
        ...stage.connection,
        'vcenter-server': `http://${stage.vcenter.server}`,
        'vm-id': 'vm 12',
        'vm-name': 'x'.repeat(81),
        'shutdown-timeout': '1d',
        timeout: '25h',
      },
    });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(errorOf(step, stage)).toMatchInlineSnapshot(`
      "[Invalid inputs] Invalid inputs: These inputs need another value:
      vcenter-server: "http://localhost:PORT" would send the password in the clear; use https:// or leave the scheme out.
      vm-id: "vm 12" is not the id of a VM, which looks like vm-12; give a name as 'vm-name', or write "id:" in front of an id of another form.
      vm-name: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" has 81 characters; vCenter takes at most 80.
      shutdown-timeout: "1d" is not a duration; use 90s, 20m, 1h30m or a number of seconds.
      timeout: "25h" is too long; 24h is the longest."
    `);
    expect(stage.vcenter.exchanges).toEqual([]);
  });

  it.for([
    ['in lines', '\n'],
    ['on one line', ''],
  ] as const)('A11: name the BEGIN line that a CA in base64 lacks (%s)', async ([, between], { expect }) => {
    const stage = setVirtualStage();
    const lines = stage.vcenter.caPem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    const { error } = await failed(stage, { 'ca-certificate': lines.join(between) });
    expect(error).toBe(
      '[Invalid inputs] Invalid inputs: ca-certificate is base64 without its first line, -----BEGIN CERTIFICATE-----.',
    );
  });

  it('are not told by a value that is secret', async ({ expect }) => {
    const stage = setVirtualStage();
    const { error, main } = await failed(stage, {
      'vcenter-server': 'https://svc:hunter2@vcenter.example.com',
      'ca-certificate': '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----',
    });
    expect(error).toMatchInlineSnapshot(`
      "[Invalid inputs] Invalid inputs: These inputs need another value:
      vcenter-server holds an @; give host and port only, and the account in 'username' and 'password'.
      ca-certificate holds a PRIVATE KEY; only certificates belong here (block 1 of 1)."
    `);
    expect(main.unmaskedLog).not.toContain('hunter2');
  });
});

describe('a pull request from a fork', () => {
  const fork = { number: 12, headRef: 'feature', fork: 'mallory/shop' } as const;

  it('has no password, and is told why', async ({ expect }) => {
    const stage = setVirtualStage();
    const { error } = await failed(
      stage,
      { password: '' },
      { context: { event: { name: 'pull_request', ...fork } } },
    );
    expect(error).toMatchInlineSnapshot(
      `"[Invalid inputs] Invalid inputs: password is empty: this pull request comes from a fork, and forks get no secrets."`,
    );
    expect(stage.vcenter.exchanges).toEqual([]);
  });

  it('has one where the workflow runs for the base: then the secret is what is missing', async ({
    expect,
  }) => {
    const stage = setVirtualStage();
    const { error } = await failed(
      stage,
      { password: '' },
      { context: { event: { name: 'pull_request_target', ...fork } } },
    );
    expect(error).toMatchInlineSnapshot(
      `"[Invalid inputs] Invalid inputs: password is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own)."`,
    );
  });

  it('is told so by teardown as well', async ({ expect }) => {
    const stage = setVirtualStage();
    const step = await stage.runner.runStep({
      action: 'teardown',
      inputs: { ...stage.connection, password: '', 'vm-id': 'vm-1001' },
      context: { event: { name: 'pull_request', ...fork } },
    });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(errorOf(step, stage)).toBe(
      '[Invalid inputs] Invalid inputs: password is empty: this pull request comes from a fork, and forks get no secrets.',
    );
  });
});

describe('the address of vCenter', () => {
  it.for(['https://localhost:PORT', 'HTTPS://LocalHost:PORT/', 'LOCALHOST:PORT'])(
    'may be written as %s',
    async (written, { expect }) => {
      const stage = setVirtualStage();
      const server = written.replace('PORT', String(stage.vcenter.port));
      const { main } = await cloned(stage, { 'vcenter-server': server });
      expect(stateOf(main)).toMatchObject({ plan: { server: stage.vcenter.server } });
    },
  );
});

describe('a password', () => {
  it('loses the line break that echo puts behind a secret, and no other blank', async ({ expect }) => {
    const stage = setVirtualStage({ password: ' with blanks ' });
    const { exchanges } = await cloned(stage, { password: ' with blanks \n' });
    expect(exchanges[0]).toMatchObject({ operation: LOGIN, status: 201 });
  });

  it('may be what a user name or an id is not: no output gets lost', async ({ expect }) => {
    const stage = setVirtualStage({ password: 'correct horse battery staple' });
    const { main } = await cloned(stage, {}, { secrets: ['correct horse battery staple'] });
    expect(main.droppedOutputs).toEqual([]);
    expect(main.jobOutputs).toEqual(main.outputs);
  });
});

describe('a runner without the file for outputs', () => {
  const env = { GITHUB_OUTPUT: '/nowhere/output' };

  const oneError = (step: StepResult) =>
    step.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);

  it('fails the step, which leaves nothing behind', async ({ expect }) => {
    const stage = setVirtualStage();
    const { error, exchanges } = await failed(stage, {}, { env });
    expect(error).toMatchInlineSnapshot(`
      "[Runner file not writable] Runner file not writable: GITHUB_OUTPUT, a file that the runner gives each step, cannot be written: Missing file at path: /nowhere/output
      Look at the runner: is its disk full, was its work folder cleaned while the job ran, may a container's user write there?"
    `);
    expect(callsOf(exchanges)).toEqual([LOGIN, LOGOUT]);
  });

  it('does not hide why the step failed', async ({ expect }) => {
    const stage = setVirtualStage();
    const { main } = await failed(stage, { password: 'wrong' }, { env });
    expect(oneError(main)).toHaveLength(1);
    expect(oneError(main)[0]).toContain("vCenter does not accept 'username' with 'password'.");
  });

  it('fails a teardown that has nothing to do in one error, too', async ({ expect }) => {
    const stage = setVirtualStage();
    const step = await stage.runner.runStep({ action: 'teardown', inputs: stage.connection, env });
    expect(step.exitCode).toBe(1);
    expect(oneError(step)).toHaveLength(1);
    expect(oneError(step)[0]).toContain('Runner file not writable: GITHUB_OUTPUT');
    expect(step.log).not.toMatch(/\n\s+at /);
  });

  it('does not keep invalid inputs from being told', async ({ expect }) => {
    const stage = setVirtualStage();
    const { error } = await failed(stage, { timeout: 'soon' }, { env });
    expect(error).toContain('timeout: "soon" is not a duration');
  });

  it('keeps no VM from being deleted, and then fails teardown', async ({ expect }) => {
    const stage = setVirtualStage();
    const { id } = stage.vcenter.addVm({ name: 'copy', folder: FOLDER });
    const step = await stage.runner.runStep({
      action: 'teardown',
      inputs: { ...stage.connection, 'vm-id': id },
      env,
    });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(step.exitCode).toBe(1);
    expect(errorOf(step, stage)).toContain('Runner file not writable: GITHUB_OUTPUT');
    expect(step.log).toContain("Deleted 'copy' (vm-1001).");
    expect(callsOf(stage.vcenter.exchanges)).toEqual([LOGIN, LIST_VMS, DELETE, LOGOUT]);
  });
});
