import { describe, expect, it } from 'vitest';
import { always, readFields } from '../../../src/github/input-fields.ts';
import {
  InputsError,
  readCloneInputs,
  readPostInputs,
  readTeardownInputs,
} from '../../../src/github/inputs.ts';
import { certificateAuthority } from '../../simulator/tls.ts';
import { fakeCore } from '../../support/fake-core.ts';

type Inputs = Readonly<Record<string, string>>;

const account: Inputs = {
  'vcenter-server': 'vcenter',
  username: 'svc-ci@vsphere.local',
  password: 'hunter2 ',
};
const needed: Inputs = { ...account, source: 'ubuntu-24.04' };

function readFile(path: string): string {
  if (path === 'ca.pem') {
    return certificateAuthority().pem;
  }
  throw new Error('ENOENT');
}

const readClone = (inputs: Inputs, { isForkPullRequest = false, isWindows = false } = {}) =>
  readCloneInputs({ core: fakeCore(inputs), readFile, isForkPullRequest, isWindows });
const readTeardown = (inputs: Inputs) =>
  readTeardownInputs({ core: fakeCore(inputs), readFile, isForkPullRequest: false });

/** The lines of the InputsError that `read` throws. */
function linesOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InputsError) {
      return error.message.split('\n');
    }
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('readCloneInputs', () => {
  it('leaves out what is not given, and takes an empty text for not given', () => {
    const values = {
      connection: {
        server: 'vcenter',
        username: 'svc-ci@vsphere.local',
        password: 'hunter2 ',
        insecure: false,
      },
      source: { kind: 'name', name: 'ubuntu-24.04' },
      cloneType: 'full',
      guestinfo: {},
      disksToRemove: [],
      disksToUpdate: [],
      powerOn: true,
      networks: [],
      tags: [],
      ifExists: 'fail',
      timeout: 1_800_000,
      waitForCustomization: true,
      customizationTimeout: 600_000,
      waitForIp: false,
      ipTimeout: 300_000,
      ipFamily: 'any',
      ipCidr: [],
      waitForPort: [],
      portTimeout: 300_000,
      teardown: 'never',
      validateOnly: false,
      jobStatus: '',
    };
    expect(readClone(needed)).toStrictEqual(values);
    expect(readClone({ ...needed, timeout: '', name: ' ', folder: '\n' })).toStrictEqual(values);
  });

  it('reads everything that there is', () => {
    expect(
      readClone({
        ...needed,
        'vcenter-server': 'https://vcenter.example.com/',
        'ca-certificate': 'ca.pem',
        'certificate-fingerprint': 'ab'.repeat(32),
        'clone-type': 'linked',
        snapshot: 'base',
        notes: ' for pull request 12\n',
        guestinfo: 'role: web',
        name: 'pr-12',
        datacenter: 'DC1',
        folder: '/DC1/vm/ci',
        'resource-pool': 'resgroup-31',
        cluster: 'cluster-a',
        host: 'host-9',
        datastore: 'fast',
        'disks-to-remove': 'Hard disk 3',
        'power-on': 'FALSE',
        'cpu-count': '4',
        memory: '8 GiB',
        networks: 'Network adapter 1: PR Network',
        'user-data': '#cloud-config\nhostname: pr-12\n',
        'meta-data': 'instance-id: pr-12',
        tags: 'environment/ci',
        'if-exists': 'reuse',
        timeout: '1h30m',
        'poll-interval': '2',
        'wait-for-customization': 'false',
        'customization-timeout': '30m',
        'wait-for-ip': 'true',
        'ip-timeout': '90s',
        'ip-family': 'ipv4',
        'ip-cidr': '10.20.0.0/16',
        'wait-for-port': '22, 8080',
        'port-timeout': '1m',
        teardown: 'on-failure',
        'validate-only': 'true',
        'job-status': 'success',
      }),
    ).toStrictEqual({
      connection: {
        server: 'vcenter.example.com',
        username: 'svc-ci@vsphere.local',
        password: 'hunter2 ',
        caCertificate: `${certificateAuthority().pem.trimEnd()}\n`,
        certificateFingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
        insecure: false,
      },
      source: { kind: 'name', name: 'ubuntu-24.04' },
      cloneType: 'linked',
      snapshot: 'base',
      notes: 'for pull request 12',
      guestinfo: { 'guestinfo.role': 'web' },
      name: 'pr-12',
      datacenter: { kind: 'name', name: 'DC1' },
      folder: { kind: 'path', absolute: true, segments: ['DC1', 'vm', 'ci'] },
      resourcePool: { kind: 'id', id: 'resgroup-31' },
      cluster: { kind: 'name', name: 'cluster-a' },
      host: { kind: 'id', id: 'host-9' },
      datastore: { kind: 'name', name: 'fast' },
      disksToRemove: [{ kind: 'label', label: 'Hard disk 3' }],
      disksToUpdate: [],
      powerOn: false,
      cpuCount: 4,
      memory: 8192,
      networks: [
        {
          pair: {
            adapter: { kind: 'label', label: 'Network adapter 1' },
            network: { kind: 'name', name: 'PR Network' },
          },
          whole: { kind: 'name', name: 'Network adapter 1: PR Network' },
        },
      ],
      userData: '#cloud-config\nhostname: pr-12\n',
      metaData: 'instance-id: pr-12',
      tags: [{ kind: 'name', category: 'environment', tag: 'ci' }],
      ifExists: 'reuse',
      timeout: 5_400_000,
      pollInterval: 2_000,
      waitForCustomization: false,
      customizationTimeout: 1_800_000,
      waitForIp: true,
      ipTimeout: 90_000,
      ipFamily: 'ipv4',
      ipCidr: [{ text: '10.20.0.0', version: 'ipv4', prefix: 16, cidr: '10.20.0.0/16' }],
      waitForPort: [22, 8080],
      portTimeout: 60_000,
      teardown: 'on-failure',
      validateOnly: true,
      jobStatus: 'success',
    });
  });

  it('reports everything that is wrong at once, each with what was given and what is accepted', () => {
    const wrong = {
      'vcenter-server': 'http://vcenter',
      password: 'hunter2',
      insecure: 'yes',
      'disks-to-remove': '2001',
      'disks-to-update': '2001 fast',
      'if-exists': 'keep',
      timeout: '10abc',
      'poll-interval': '0',
      'ip-cidr': '10.0.0.0/99',
      name: 'x'.repeat(200),
      'cpu-count': '0',
      memory: '4097',
      networks: '4000: a\nVM Network',
      'user-data': 'password=hunter2',
      'meta-data': '- hunter2\n- b',
      tags: 'ci',
      'wait-for-customization': 'maybe',
      'customization-timeout': '0',
      'wait-for-port': 'ssh',
      'port-timeout': '25h',
    };
    expect(linesOf(() => readClone(wrong))).toEqual([
      'These inputs need another value:',
      'vcenter-server: "http://vcenter" would send the password in the clear; use https:// or leave the scheme out.',
      'username is required: the user to log in as, such as svc-ci@vsphere.local.',
      'insecure: "yes" is neither true nor false.',
      'source is required: the VM or template to clone, as name, id or path.',
      `name: "${'x'.repeat(100)}…" has 200 characters; vCenter takes at most 80.`,
      'disks-to-update: "2001 fast" has the line "2001 fast", which is not DISK: DATASTORE.',
      'cpu-count: "0" is not a number of CPUs, 1 to 768.',
      'memory: "4097" is 4097 MiB; memory comes in multiples of 4 MiB.',
      'networks: "4000: a\\nVM Network" has the line "VM Network", which is not ADAPTER: NETWORK; a network alone can only be the one line.',
      'user-data is a single line, so it is the path of a file, and that cannot be read (unknown reason).',
      'meta-data is neither a JSON object nor YAML with lines such as "instance-id: NAME".',
      'tags: "ci" has "ci", which is neither CATEGORY/TAG nor the URN of a tag.',
      'if-exists: "keep" is not one of fail, reuse, replace.',
      'timeout: "10abc" is not a duration; use 90s, 20m, 1h30m or a number of seconds.',
      'poll-interval: "0" is no time at all; the shortest is 1s.',
      'wait-for-customization: "maybe" is neither true nor false.',
      'customization-timeout: "0" is no time at all; the shortest is 1s.',
      'ip-cidr: "10.0.0.0/99" has "10.0.0.0/99", whose prefix is not a number from 0 to 32.',
      'wait-for-port: "ssh" has "ssh", which is not a TCP port, 1 to 65535.',
      'port-timeout: "25h" is too long; 24h is the longest.',
    ]);
  });

  it('A18: tells one invalid input in one line, and several below a sentence', () => {
    expect(linesOf(() => readClone({ ...needed, timeout: '10abc' }))).toHaveLength(1);
    expect(linesOf(() => readClone({ ...needed, timeout: '10abc', insecure: 'yes' }))[0]).toBe(
      'These inputs need another value:',
    );
  });

  it('A1: bounds the ids that travel in the state', () => {
    const id = `id:${'x'.repeat(200)}`;
    expect(readClone({ ...needed, source: id, folder: id }).folder).toEqual({ kind: 'id', id: id.slice(3) });
    for (const input of ['source', 'folder', 'datacenter', 'resource-pool', 'cluster', 'host', 'datastore']) {
      expect(linesOf(() => readClone({ ...needed, [input]: `${id}x` }))).toEqual([
        expect.stringContaining('has 201 characters; at most 200 are taken'),
      ]);
    }
    expect(linesOf(() => readClone({ ...needed, folder: `group-v${'1'.repeat(200)}` }))).toHaveLength(1);
    expect(linesOf(() => readClone({ ...needed, 'disks-to-remove': '1'.repeat(201) }))).toHaveLength(1);
  });

  it('keeps the parts of an error for whoever wants them', () => {
    expect(() => readClone({ ...needed, timeout: '10abc' })).toThrow(
      expect.objectContaining({
        problems: [
          {
            input: 'timeout',
            got: '10abc',
            problem: 'is not a duration; use 90s, 20m, 1h30m or a number of seconds',
          },
        ],
      }),
    );
  });

  it('shows no text that may hold a secret', () => {
    const [line] = linesOf(() => readClone({ ...needed, 'vcenter-server': 'https://svc:hunter2@vcenter' }));
    expect(line).toBe(
      "vcenter-server holds an @; give host and port only, and the account in 'username' and 'password'.",
    );
  });

  it('masks the password before it looks at anything else, and only a password that there is', () => {
    const core = fakeCore({ ...needed, password: 'hunter2' });
    readCloneInputs({ core, readFile, isForkPullRequest: false, isWindows: false });
    expect(core.secrets).toEqual(['hunter2']);
    expect(core.read[0]).toBe('password');

    const withData = fakeCore({ ...needed, password: 'hunter2', 'user-data': '#!/bin/sh\ntrue\n' });
    readCloneInputs({ core: withData, readFile, isForkPullRequest: false, isWindows: false });
    expect(withData.secrets).toEqual(['hunter2']);

    const empty = fakeCore({ ...needed, password: ' \n' });
    expect(
      linesOf(() => readCloneInputs({ core: empty, readFile, isForkPullRequest: false, isWindows: false })),
    ).toHaveLength(1);
    expect(empty.secrets).toEqual([]);
  });

  it.each([
    ['hunter2\n', 'hunter2'],
    ['hunter2\r\n', 'hunter2'],
    [' hunter2 ', ' hunter2 '],
    ['hunter2\n\n', 'hunter2\n'],
  ])('reads the password %j as %j', (given, expected) => {
    const core = fakeCore({ ...needed, password: given });
    expect(
      readCloneInputs({ core, readFile, isForkPullRequest: false, isWindows: false }).connection.password,
    ).toBe(expected);
    expect(core.secrets).toEqual([expected]);
  });

  it('says why a pull request from a fork has no password', () => {
    expect(linesOf(() => readClone({ ...needed, password: '' }, { isForkPullRequest: true }))).toEqual([
      'password is empty: this pull request comes from a fork, and forks get no secrets.',
    ]);
    expect(linesOf(() => readClone({ ...needed, password: '' }))[0]).toMatch(
      /^password is required: is there a secret/,
    );
  });

  describe('finds inputs that contradict each other', () => {
    it.each(['reuse', 'replace'])('if-exists: %s without a folder', (word) => {
      expect(linesOf(() => readClone({ ...needed, 'if-exists': word }))).toEqual([
        `if-exists: "${word}" needs 'folder', since a name tells VMs apart only within a folder.`,
      ]);
      expect(readClone({ ...needed, 'if-exists': word, folder: 'ci' }).ifExists).toBe(word);
      expect(linesOf(() => readClone({ ...needed, 'if-exists': word, folder: 'ci/' }))).toHaveLength(1);
    });

    it('a disk that is both removed and updated', () => {
      const disks = {
        'disks-to-remove': 'Hard disk 2, 2002',
        'disks-to-update': 'Hard disk 2: fast\n2003: fast',
      };
      expect(linesOf(() => readClone({ ...needed, ...disks }))).toEqual([
        `disks-to-update names the disk "Hard disk 2", which 'disks-to-remove' names as well; it can only stand in one.`,
      ]);
      expect(
        linesOf(() => readClone({ ...needed, 'disks-to-remove': '2001', 'disks-to-update': '2001: x' })),
      ).toHaveLength(1);
      expect(
        readClone({ ...needed, 'disks-to-remove': 'name:2001', 'disks-to-update': '2001: x' }).disksToRemove,
      ).toEqual([{ kind: 'label', label: '2001' }]);
    });

    it('A5: polls that are as far apart as the clone may take, or further', () => {
      const times = (timeout: string, pollInterval: string) => ({
        ...needed,
        ...{ timeout, 'poll-interval': pollInterval },
      });
      expect(linesOf(() => readClone(times('30s', '40s')))).toEqual([
        "poll-interval must be shorter than 'timeout': it is 40 s, and 'timeout' is 30 s.",
      ]);
      expect(linesOf(() => readClone(times('30s', '30s')))).toHaveLength(1);
      expect(linesOf(() => readClone(times('', '1h')))).toEqual([
        "poll-interval must be shorter than 'timeout': it is 1 h, and 'timeout' is 30 min.",
      ]);
      expect(linesOf(() => readClone(times('soon', '1h')))).toHaveLength(1);
      expect(readClone(times('30s', '29s')).pollInterval).toBe(29_000);
    });

    it('a fingerprint and no check at all', () => {
      const inputs = { ...needed, 'certificate-fingerprint': 'ab'.repeat(32), insecure: 'true' };
      expect(linesOf(() => readClone(inputs))).toEqual([
        "certificate-fingerprint contradicts 'insecure', which checks no certificate at all; leave one of the two out.",
      ]);
      expect(linesOf(() => readTeardown(inputs))).toHaveLength(1);
    });

    it('waits for no address of a VM that stays off, unless it may be one that was there before', () => {
      const off = { ...needed, 'power-on': 'false', 'wait-for-ip': 'true' };
      expect(linesOf(() => readClone(off))).toEqual([
        `wait-for-ip: "true" needs 'power-on', since a VM that is off never reports an address.`,
      ]);
      expect(readClone({ ...off, 'power-on': 'true' }).waitForIp).toBe(true);
      expect(readClone({ ...off, 'wait-for-ip': 'false' }).powerOn).toBe(false);
      expect(readClone({ ...off, 'if-exists': 'reuse', folder: 'ci' }).waitForIp).toBe(true);
    });

    it('waits for no port of such a VM either, but lets the times of waits stand alone', () => {
      const off = { ...needed, 'power-on': 'false', 'wait-for-port': '22, 8080' };
      expect(linesOf(() => readClone(off))).toEqual([
        `wait-for-port: "22, 8080" needs 'power-on', since a VM that is off never reports an address.`,
      ]);
      expect(readClone({ ...off, 'if-exists': 'reuse', folder: 'ci' }).waitForPort).toEqual([22, 8080]);
      const times = { 'power-on': 'false', 'ip-timeout': '1m', 'port-timeout': '1m' };
      expect(readClone({ ...needed, ...times })).toMatchObject({ ipTimeout: 60_000, portTimeout: 60_000 });
    });

    it('a stored specification and data for cloud-init, whose text it does not show', () => {
      const both = "cannot stand together with 'guest-customization-spec'";
      const data = { 'user-data': '#hunter2', 'meta-data': 'instance-id: hunter2' };
      const lines = linesOf(() => readClone({ ...needed, 'guest-customization-spec': 'linux', ...data }));
      expect(lines.slice(1)).toEqual([
        expect.stringContaining(`user-data ${both}`),
        expect.stringContaining(`meta-data ${both}`),
      ]);
      expect(lines.join()).not.toContain('hunter2');
      expect(readClone({ ...needed, ...data })).toMatchObject({ userData: '#hunter2' });
    });

    it('more data for cloud-init than the environment of Windows has room for', () => {
      const data = {
        'user-data': `#${'x'.repeat(5_000)}`,
        'meta-data': `instance-id: ${'x'.repeat(5_000)}`,
      };
      expect(linesOf(() => readClone({ ...needed, ...data }, { isWindows: true }))).toEqual([
        'meta-data has 5013 bytes, and at most 8 KiB of all inputs together, on Windows, can be given in the workflow; write a file and give its path.',
      ]);
      expect(readClone({ ...needed, ...data })).toMatchObject({ metaData: data['meta-data'] });
    });

    it('a snapshot without a linked clone', () => {
      for (const kind of ['full', 'instant']) {
        expect(linesOf(() => readClone({ ...needed, 'clone-type': kind, snapshot: 'base' }))).toEqual([
          `snapshot: "base" is for 'clone-type: linked' alone.`,
        ]);
      }
    });

    it("cloud-init's own keys of guestinfo beside its data", () => {
      const guestinfo = 'userdata: hunter2\nrole: web';
      expect(linesOf(() => readClone({ ...needed, guestinfo, 'user-data': '#cloud-config' }))).toEqual([
        "guestinfo has guestinfo.userdata beside 'user-data' or 'meta-data', and cloud-init would take these alone.",
      ]);
      expect(readClone({ ...needed, guestinfo }).guestinfo).toMatchObject({
        'guestinfo.userdata': 'hunter2',
      });
    });

    it('an address family and networks of the other', () => {
      const networks = { ...needed, 'ip-family': 'ipv4', 'ip-cidr': 'fd00::/8' };
      expect(linesOf(() => readClone(networks))).toEqual([
        `ip-cidr: "fd00::/8" has no ipv4 network, but 'ip-family' is ipv4; no address could fit both.`,
      ]);
      expect(readClone({ ...networks, 'ip-cidr': 'fd00::/8, 10.0.0.0/8' }).ipFamily).toBe('ipv4');
      expect(
        linesOf(() => readClone({ ...needed, 'ip-family': 'ipv6', 'ip-cidr': '10.0.0.0/8' })),
      ).toHaveLength(1);
      expect(readClone({ ...needed, 'ip-cidr': 'fd00::/8' }).ipFamily).toBe('any');
    });
  });
});

describe('readPostInputs', () => {
  it('reads what the post step needs, whatever the other inputs are', () => {
    const core = fakeCore({ ...account, timeout: '10abc', teardown: 'on-failure', 'job-status': 'failure' });
    expect(readPostInputs({ core, readFile })).toStrictEqual({
      connection: {
        server: 'vcenter',
        username: 'svc-ci@vsphere.local',
        password: 'hunter2 ',
        insecure: false,
      },
      teardown: 'on-failure',
      jobStatus: 'failure',
    });
    expect(core.secrets).toEqual(['hunter2 ']);
  });
});

describe('readTeardownInputs', () => {
  it('reads what is given', () => {
    expect(readTeardown(account)).toStrictEqual({
      connection: {
        server: 'vcenter',
        username: 'svc-ci@vsphere.local',
        password: 'hunter2 ',
        insecure: false,
      },
      shutdownTimeout: 0,
      timeout: 600_000,
    });
    const task = '525e8d3c-41c3-4f8d-a2a5-1f8dfa3f4d0e:com.vmware.vcenter.VM';
    expect(
      readTeardown({
        ...account,
        'vm-id': 'vm-1067',
        'vm-name': 'pr-12',
        'task-id': task,
        folder: 'group-v23',
        datacenter: 'DC1',
        'shutdown-timeout': '30s',
        timeout: '5m',
      }),
    ).toMatchObject({
      vmId: 'vm-1067',
      vmName: 'pr-12',
      taskId: task,
      folder: { kind: 'id', id: 'group-v23' },
      datacenter: { kind: 'name', name: 'DC1' },
      shutdownTimeout: 30_000,
      timeout: 300_000,
    });
  });

  it.each(['shop-pr12-e2e-9912345678-1-4f09ac', '10.20.3.4', 'vm-12a', 'VM-12', 'group-v3', 'name:vm-12'])(
    'A7: points to vm-name where vm-id is %s',
    (text) => {
      const [line, ...more] = linesOf(() => readTeardown({ ...account, 'vm-id': text }));
      expect(line).toContain(`vm-id: "${text}" is not the id of a VM`);
      expect(line).toContain("'vm-name'");
      expect(more).toEqual([]);
    },
  );

  it.each([
    ['vm-12', 'vm-12'],
    ['vm-12:b3abe66d-0000-0000-0000-000000000000', 'vm-12:b3abe66d-0000-0000-0000-000000000000'],
    ['id:odd/42', 'odd/42'],
    ['id: vm-12', 'vm-12'],
  ])('A7: takes %s for the id of a VM', (text, vmId) => {
    expect(readTeardown({ ...account, 'vm-id': text }).vmId).toBe(vmId);
  });

  it('A7: points to vm-id where task-id is that of a VM', () => {
    expect(linesOf(() => readTeardown({ ...account, 'task-id': 'vm-12' }))).toEqual([
      'task-id: "vm-12" is the id of a VM and not of a task; give it as \'vm-id\'.',
    ]);
  });

  it.each(['id:..', 'id:a b', 'id:', `id:${'x'.repeat(201)}`, `vm-${'1'.repeat(200)}`])(
    'A7: takes %s for no id at all',
    (text) => {
      expect(linesOf(() => readTeardown({ ...account, 'vm-id': text }))).toHaveLength(1);
    },
  );

  it('reports everything that is wrong at once', () => {
    expect(
      linesOf(() => readTeardown({ ...account, 'vm-id': 'vm 1', timeout: '0', 'shutdown-timeout': '1x' })),
    ).toEqual([
      'These inputs need another value:',
      'vm-id: "vm 1" is not the id of a VM, which looks like vm-12; give a name as \'vm-name\', or write "id:" in front of an id of another form.',
      'shutdown-timeout: "1x" is not a duration; use 90s, 20m, 1h30m or a number of seconds.',
      'timeout: "0" is no time at all; the shortest is 1s.',
    ]);
  });
});

describe('readFields', () => {
  it('does not take a bug of a parser for an invalid input', () => {
    const parse = (): number => {
      throw new TypeError('a bug');
    };
    const fields = { timeout: always('timeout', parse) };
    expect(() => readFields<{ timeout: number }>({ core: fakeCore({}), fields, defaults: {} })).toThrow(
      TypeError,
    );
  });
});
