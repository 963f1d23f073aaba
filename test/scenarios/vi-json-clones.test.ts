import { describe, expect, it } from 'vitest';
import type { Exchange, Vcenter } from '../simulator/vcenter.ts';
import {
  ATTACH_TAGS,
  DELETE,
  FOLDER,
  GET_CUSTOMIZATION,
  GET_POWER,
  LOGIN,
  LOGOUT,
  PATCH_NIC,
  PUT_CUSTOMIZATION,
  setVirtualStage,
  VI_CLONE,
  VI_CONTENT,
  VI_INSTANT_CLONE,
  VI_TASK,
} from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { asItIs, vmOf } from '../support/what-happened.ts';

const TEMPLATE = '/DC1/vm/ci/base/golden-template';

/** `POST VirtualMachine/vm-44/CloneVM_Task`, in order; without polls of tasks and of the guest. */
function requestsOf(exchanges: readonly Exchange[]): readonly string[] {
  return exchanges
    .filter(({ operation }) => ![GET_POWER, GET_CUSTOMIZATION].includes(operation))
    .filter(({ path }) => !/\/guest\/|\/cis\/tasks\/|\/Task\//.test(path))
    .map(({ method, path, query }) => {
      const action = query['action']?.[0];
      const short = path.replace(/^\/sdk\/vim25\/8\.0\.1\.0\//, '').replace(/^\/api\/(?:vcenter\/)?/, '');
      return `${method} ${short}${action === undefined ? '' : `?action=${action}`}`;
    });
}

function openStage(
  viJson: 'unified' | 'separate' | 'none' = 'unified',
  { prepare }: { readonly prepare?: (vcenter: Vcenter) => void } = {},
) {
  const stage = setVirtualStage({ behaviour: { viJson } });
  stage.vcenter.addSnapshot({ vm: 'vm-45', name: 'running' });
  prepare?.(stage.vcenter);
  return { stage: { ...stage, ...asItIs(stage) }, vcenter: stage.vcenter };
}

describe('a template', () => {
  it('V17: is looked for after REST has said that there is no such VM, and cloned with five requests more', async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, {
      ...{ source: TEMPLATE, name: 'pr-12', cluster: 'domain-c7' },
    });
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET datacenter",
        "GET vm",
        "GET datacenter/datacenter-2",
        "GET folder",
        "GET folder",
        "GET vm",
        "GET ServiceInstance/ServiceInstance/content",
        "POST SearchIndex/SearchIndex/FindChild",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST VirtualMachine/vm-44/CloneVM_Task",
        "GET vm",
        "POST vm/vm-1002/power?action=start",
        "DELETE session",
      ]
    `);
    expect(vmOf(stage, main.outputs['vm-id'])).toMatchObject({
      ...{ name: 'pr-12', folder: FOLDER, template: false, powerState: 'POWERED_ON' },
    });
    expect(main.outputs).toMatchObject({ created: 'true', 'power-state': 'POWERED_ON' });
    expect(main.outputs['task-id']).toMatch(/^task-\d+$/);
    expect(JSON.parse(main.outputs['clone-spec'] ?? '')).toMatchInlineSnapshot(`
      {
        "folder": {
          "_typeName": "ManagedObjectReference",
          "type": "Folder",
          "value": "group-v23",
        },
        "name": "pr-12",
        "spec": {
          "_typeName": "VirtualMachineCloneSpec",
          "location": {
            "_typeName": "VirtualMachineRelocateSpec",
            "pool": {
              "_typeName": "ManagedObjectReference",
              "type": "ResourcePool",
              "value": "resgroup-8",
            },
          },
          "powerOn": false,
          "template": false,
        },
      }
    `);
  });

  it.each([
    ['its name', 'golden-template'],
    ['its path', TEMPLATE],
    ['a path below the datacenter', 'ci/base/golden-template'],
    ['its id', 'vm-44'],
  ])('is found by %s', async (_, source) => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { source, 'resource-pool': 'resgroup-31' });
    expect(vmOf(stage, main.outputs['vm-id']).resourcePool).toBe('resgroup-31');
  });

  it('V17: is not looked for after another refusal than that there is no such VM', async () => {
    const { stage, vcenter } = openStage();
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Provisioning.Clone' }];
    const { error, exchanges } = await failed(stage, { source: 'vm-42' });
    expect(error).toContain('VirtualMachine.Provisioning.Clone');
    expect(exchanges.filter(({ path }) => path.startsWith('/sdk'))).toEqual([]);
  });

  it.each([
    ['an id', 'vm-99', "'source' (vm-99) is not found."],
    ['a name', 'goldn', 'If it is a template: templates could not be looked for.'],
  ])('V17: where it cannot be looked for, the refusal of %s stays the error', async (_, source, text) => {
    const { stage, vcenter } = openStage();
    const times = Number.POSITIVE_INFINITY;
    vcenter.fault({ operation: VI_CONTENT, kind: '502-html', times });
    const { error, main, exchanges } = await failed(stage, { source });
    expect(error).toContain(text);
    if (source === 'vm-99') {
      expect(main.log).toContain('Whether vm-99 is a template cannot be told.');
    }
    expect(exchanges.filter(({ operation }) => operation === VI_CLONE)).toEqual([]);
  });

  it('V5: is cloned with a session of its own where vCenter wants one, and both are closed', async () => {
    const { stage, vcenter } = openStage('separate');
    const { exchanges } = await cloned(stage, { source: 'vm-44', host: 'host-9' });
    expect(requestsOf(exchanges).filter((each) => /session|Login|Logout/.test(each))).toMatchInlineSnapshot(`
      [
        "POST session",
        "POST SessionManager/SessionManager/Login",
        "DELETE session",
        "POST SessionManager/SessionManager/Logout",
      ]
    `);
    expect(vcenter.sessions()).toMatchObject({ open: 0 });
  });

  it('V23: needs a pool, a cluster or a host, and says so before anything is cloned', async () => {
    const { stage } = openStage();
    const { error, exchanges } = await failed(stage, { source: TEMPLATE });
    expect(error).toMatchInlineSnapshot(
      `"[The clone would fail] The clone would fail: source: it is a template, which is in no resource pool: set 'resource-pool', 'cluster' or 'host'."`,
    );
    expect(exchanges.map(({ path }) => path).join()).not.toContain('CloneVM_Task');
  });

  it.each([TEMPLATE, 'vm-44', 'golden-template'])(
    'V2: %s says what it needs on an older server',
    async (source) => {
      const { stage } = openStage('none');
      const { error } = await failed(stage, { source, name: 'pr-12', cluster: 'domain-c7' });
      expect(error).toContain('8.0 U1 or later');
    },
  );

  it('V56, V57: takes every setting; networks and tags go by the REST API', async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, {
      ...{ source: 'vm-44', cluster: 'domain-c7', 'cpu-count': '4', memory: '8GiB', networks: 'PR Network' },
      ...{ 'guest-customization-spec': 'linux-dhcp', notes: 'pull request 12', guestinfo: 'role: web' },
      ...{ tags: 'environment/ci', 'wait-for-ip': 'true' },
    });
    const vm = vmOf(stage, main.outputs['vm-id']);
    expect(vm).toMatchObject({ cpuCount: 4, memoryMiB: 8192, annotation: 'pull request 12' });
    expect(vm.customization).toMatchObject({ kind: 'stored', name: 'linux-dhcp' });
    expect(main.outputs['ip-address']).toMatch(/^10\.20\./);
    const operations = exchanges.map(({ operation }) => operation);
    expect(operations).toEqual(expect.arrayContaining([PATCH_NIC, ATTACH_TAGS]));
    expect(operations.filter((each) => each === VI_CLONE)).toHaveLength(1);
  });

  it('V54: takes user data, which goes by the REST API too, and so with no encoding of its own', async () => {
    const { stage } = openStage();
    const userData = '#cloud-config\npackages: [nginx]\n';
    const { main, exchanges } = await cloned(stage, {
      ...{ source: 'vm-44', cluster: 'domain-c7', 'user-data': userData },
    });
    const put = exchanges.find(({ operation }) => operation === PUT_CUSTOMIZATION);
    expect(put?.requestBody).toMatchObject({
      spec: { configuration_spec: { cloud_config: { cloudinit: { userdata: userData } } } },
    });
    expect(vmOf(stage, main.outputs['vm-id']).customization).toMatchObject({ kind: 'cloud-init' });
  });

  it('V26: is cloned powered off, so a cluster without DRS gets it, or the hint asks for a host', async () => {
    const { stage } = openStage();
    const { exchanges } = await cloned(stage, { source: 'vm-44', cluster: 'domain-c12' });
    const request = exchanges.find(({ operation }) => operation === VI_CLONE);
    expect(request?.requestBody).toMatchObject({ spec: { powerOn: false } });

    const empty = openStage('unified', {
      prepare: ({ addCluster }) =>
        addCluster({ name: 'empty', datacenter: 'datacenter-2', id: 'domain-c90', drsEnabled: false }),
    });
    const { error } = await failed(empty.stage, { source: 'vm-44', cluster: 'domain-c90' });
    expect(error).toContain("that a cluster without DRS gets a 'host'");
  });

  it('V24: the hint names the privilege that a template takes', async () => {
    const { stage, vcenter } = openStage();
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Provisioning.DeployTemplate' }];
    const { error } = await failed(stage, { source: 'vm-44', cluster: 'domain-c7' });
    expect(error).toMatch(/The account needs .*VirtualMachine\.Provisioning\.DeployTemplate/);
  });

  it('V29: a name that is taken is not ours: nothing is deleted, and no second request is sent', async () => {
    const { stage, vcenter } = openStage('unified', {
      prepare: ({ addVm }) => addVm({ name: 'pr-12', folder: FOLDER, template: true }),
    });
    const { error, exchanges } = await failed(stage, {
      ...{ source: 'vm-44', cluster: 'domain-c7', name: 'pr-12' },
    });
    expect(error).toContain("Choose another 'name'");
    expect(exchanges.filter(({ operation }) => operation === VI_CLONE)).toHaveLength(1);
    expect(vcenter.exchanges.filter(({ operation }) => operation === DELETE)).toEqual([]);
  });

  it('V27: a clone request whose response is lost is not sent again: its VM is found', async () => {
    const { stage, vcenter } = openStage();
    vcenter.fault({ operation: VI_CLONE, kind: 'reset-after' });
    const { main, exchanges } = await cloned(stage, { source: 'vm-44', cluster: 'domain-c7' });
    expect(main.outputs['created']).toBe('true');
    expect(exchanges.filter(({ operation }) => operation === VI_CLONE)).toHaveLength(1);
  });

  it.each([
    ['cluster', 'domain-c99'],
    ['host', 'host-99'],
  ])('names the %s that is not there', async (input, id) => {
    for (const source of ['vm-44', TEMPLATE]) {
      const { stage } = openStage();
      const { error } = await failed(stage, { source, [input]: id });
      expect(error).toContain(`${input}: vCenter shows no resource pool of ${id}: it is not there`);
    }
  });

  it('is told what it lacks beside all else that is wrong, with validate-only', async () => {
    const { stage } = openStage();
    const { error } = await failed(stage, { source: 'vm-44', folder: 'group-v99', 'validate-only': 'true' });
    expect(error).toContain(
      'These inputs keep the clone from working:\nsource: it is a template, which is in no',
    );
    expect(error).toContain("folder: vCenter lists no Folder 'group-v99'");
  });

  it('is not put into a pool that lies in another cluster than the one that is named', async () => {
    const { stage } = openStage();
    const inputs = { source: 'vm-44', cluster: 'domain-c7' };
    const { error } = await failed(stage, { ...inputs, 'resource-pool': 'resgroup-14' });
    expect(error).toContain(
      "resource-pool: vCenter lists no ResourcePool 'resgroup-14' in domain-c7, which 'cluster' names.",
    );
    await cloned(openStage().stage, { ...inputs, 'resource-pool': 'resgroup-31' });
  });

  it('is not made where a disk to update has an id that no disk can have', async () => {
    const { stage } = openStage();
    const { error } = await failed(stage, {
      ...{ source: TEMPLATE, cluster: 'domain-c7', 'disks-to-update': 'id:odd: fast' },
    });
    expect(error).toContain("disks-to-update: the source has no disk 'odd'");
  });

  it.each<Readonly<Record<string, string>>>([
    { cluster: 'domain-c7' },
    { cluster: 'domain-c7', networks: 'PR Network' },
    { cluster: 'domain-c7', 'clone-type': 'linked' },
  ])('is checked by validate-only: %j', async (inputs) => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { source: 'vm-44', ...inputs, 'validate-only': 'true' });
    expect(main.outputs['task-id']).toBeUndefined();
  });
});

describe('a linked clone', () => {
  it('shares the current snapshot of the source', async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, { 'clone-type': 'linked', name: 'pr-12' });
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET vm",
        "GET ServiceInstance/ServiceInstance/content",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST VirtualMachine/vm-42/CloneVM_Task",
        "GET vm",
        "POST vm/vm-1002/power?action=start",
        "DELETE session",
      ]
    `);
    expect(main.summary).toContain("linked, from the snapshot 'configured'");
  });

  it('is shown by validate-only as it would be asked for', async () => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { 'clone-type': 'linked', 'validate-only': 'true' });
    expect(main.log).toMatch(/^Checked: .*, the snapshot, /m);
    expect(main.summary).toContain(
      JSON.stringify(JSON.parse(main.outputs['clone-spec'] ?? ''), undefined, 2),
    );
  });

  it('V33: takes the snapshot of a name', async () => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { 'clone-type': 'linked', snapshot: 'installed' });
    expect(main.outputs['clone-spec']).toContain('"value":"snapshot-71"');
  });

  it.each([
    ['no snapshot of the name', { snapshot: 'instaled' }, "There are: 'installed' (snapshot-71, "],
    [
      'no snapshot at all',
      { source: 'vm-43' },
      'The source has no snapshot at all. Take one while it is off',
    ],
    [
      'no snapshot of a template',
      { source: 'vm-50', cluster: 'domain-c7' },
      'Convert the template to a VM, take a snapshot, and mark it as a template again.',
    ],
  ])('V35: says how to get one where there is %s, and makes none', async (_, inputs, text) => {
    const { stage } = openStage('unified', {
      prepare: ({ addVm }) => addVm({ id: 'vm-50', name: 'bare', folder: FOLDER, template: true }),
    });
    const { error, exchanges } = await failed(stage, { 'clone-type': 'linked', ...inputs });
    expect(error).toContain(text);
    expect(exchanges.filter(({ path }) => /Snapshot|CloneVM_Task/.test(path))).toEqual([]);
  });

  it('V36: tells several snapshots of one name apart by their times', async () => {
    const { stage, vcenter } = openStage();
    for (const [id, createTime] of Object.entries({
      81: '2026-01-01T00:00:00Z',
      82: '2026-02-01T00:00:00Z',
    })) {
      vcenter.addSnapshot({ vm: 'vm-43', name: 'ready', id: `snapshot-${id}`, createTime });
    }
    const { error } = await failed(stage, { source: 'vm-43', 'clone-type': 'linked', snapshot: 'ready' });
    expect(error).toContain(
      "several snapshots of the source are called 'ready': 'ready' (snapshot-81, 2026-01-01T00:00:00Z), 'ready' (snapshot-82, 2026-02-01T00:00:00Z). Rename one.",
    );
  });

  it('V37: has its disks where the snapshot has them', async () => {
    const { stage } = openStage();
    const { error, exchanges } = await failed(stage, {
      ...{ 'clone-type': 'linked', 'disks-to-update': '2000: bulk' },
    });
    expect(error).toContain("disks-to-update cannot be set with 'clone-type: linked'");
    expect(exchanges).toEqual([]);
  });

  it('V38: is deleted alone: source and snapshot stay', async () => {
    const { stage, vcenter } = openStage();
    const before = structuredClone(vcenter.vm('vm-42')?.snapshots.map(({ id }) => id));
    const { main, post } = await cloned(stage, { 'clone-type': 'linked', teardown: 'always' });
    expect(post.conclusion).toBe('success');
    const deleted = vcenter.exchanges.filter(({ operation }) => operation === DELETE);
    expect(deleted.map(({ path }) => path)).toEqual([`/api/vcenter/vm/${main.outputs['vm-id']}`]);
    expect(vcenter.vm('vm-42')?.snapshots.map(({ id }) => id)).toEqual(before);
  });
});

describe('an instant clone', () => {
  it("runs at once, with guestinfo, and none of the source's addresses counts", async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, {
      ...{ source: 'vm-45', 'clone-type': 'instant', name: 'pr-12', guestinfo: 'role: web' },
      ...{ notes: 'pull request 12', 'wait-for-ip': 'true' },
    });
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET vm",
        "GET ServiceInstance/ServiceInstance/content",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST VirtualMachine/vm-45/InstantClone_Task",
        "GET vm",
        "POST VirtualMachine/vm-1002/ReconfigVM_Task",
        "DELETE session",
      ]
    `);
    const vm = vmOf(stage, main.outputs['vm-id']);
    expect(vm.powerState).toBe('POWERED_ON');
    expect(main.outputs['ip-address']).not.toBe('');
  });

  it('needs no DRS, since it runs on the host of its source', async () => {
    const { stage } = openStage();
    const { main } = await cloned(stage, {
      ...{ source: 'vm-45', 'clone-type': 'instant', 'resource-pool': 'resgroup-14' },
      'validate-only': 'true',
    });
    expect(main.log).not.toContain('DRS');
    expect(main.log).toMatch(/^Checked: .*, whether the source runs, /m);
  });

  it('V42: an address of the source is never taken for its own', async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, {
      ...{ source: 'vm-45', 'clone-type': 'instant', 'wait-for-ip': 'true' },
    });
    expect(main.log).toMatch(/The guest reports no usable address yet, only 10\.20\.0\.45 \(.*source/);
    expect(main.outputs['ip-address']).toMatch(/^10\.20\.3\./);
    expect(exchanges.filter(({ path }) => path.includes('vm-45/guest'))).toHaveLength(1);
  });

  it('whose guest keeps the addresses of its source is told what it lacks, and not to let them in', async () => {
    const { stage, vcenter } = openStage();
    const interfaces = [
      {
        nic: '4000',
        ip: { ip_addresses: [{ ip_address: '10.20.0.45', prefix_length: 24, state: 'PREFERRED' as const }] },
      },
    ];
    vcenter.behaviour.addresses = [{ after: 0, interfaces }];
    const { error } = await failed(stage, {
      ...{ source: 'vm-45', 'clone-type': 'instant', 'wait-for-ip': 'true', 'ip-timeout': '20s' },
    });
    expect(error).toContain("What it reported is not usable: 10.20.0.45 (the source's).");
    expect(error).toContain('something in its guest has to give it others.');
    expect(error).not.toContain('let it in');
  });

  it.each([
    ['takes another meanwhile', '10.20.3.50'],
    ['keeps it', '10.20.0.50'],
  ])(
    'V42: of a frozen source, whose Tools stand still, has an address that holds: its guest %s',
    async (_, own) => {
      const { stage, vcenter } = openStage('unified', {
        prepare: ({ addVm }) =>
          addVm({ id: 'vm-50', name: 'frozen', folder: FOLDER, powerState: 'POWERED_ON', frozen: true }),
      });
      const shows = (ip_address: string) => [
        {
          nic: '4000',
          ip: { ip_addresses: [{ ip_address, prefix_length: 24, state: 'PREFERRED' as const }] },
        },
      ];
      vcenter.behaviour.addresses = [
        { after: 0, interfaces: shows('10.20.0.50') },
        { after: 40_000, interfaces: shows(own) },
      ];
      const { main } = await cloned(stage, {
        ...{ source: 'vm-50', 'clone-type': 'instant', 'wait-for-ip': 'true' },
      });
      expect(main.log).toContain(
        "The guest reports 10.20.0.50; it may be the source's, and counts only once it has held for 1 min.",
      );
      expect(main.outputs['ip-address']).toBe(own);
    },
  );

  it('V42: is not made where the addresses of the source cannot be read', async () => {
    const { stage } = openStage();
    stage.vcenter.behaviour.toolsAfter = 7_200_000;
    const { error } = await failed(stage, {
      ...{ source: 'vm-45', 'clone-type': 'instant', 'wait-for-port': '22' },
    });
    expect(error).toContain("source: VMware Tools do not run in 'build-agent' (vm-45)");
  });

  it.each([
    [
      'V40: needs a source that runs',
      'vm-42',
      "needs a VM that runs, and 'ubuntu-24.04' (vm-42) is powered off: power it on.",
    ],
    ['V40: needs one that is not suspended', 'vm-51', "'asleep' (vm-51) is suspended: power it on."],
    ['V40: is not made of a template', 'vm-44', "and this is a template: leave 'clone-type' out."],
  ])('%s', async (_, source, text) => {
    const { stage } = openStage('unified', {
      prepare: ({ addVm }) => addVm({ id: 'vm-51', name: 'asleep', folder: FOLDER, powerState: 'SUSPENDED' }),
    });
    const { error, exchanges } = await failed(stage, { source, 'clone-type': 'instant' });
    expect(error).toContain(text);
    expect(exchanges.filter(({ operation }) => operation === VI_INSTANT_CLONE)).toEqual([]);
  });

  it.each([
    ['cpu-count', '4'],
    ['memory', '8GiB'],
    ['networks', 'PR Network'],
    ['guest-customization-spec', 'linux-dhcp'],
    ['user-data', '#cloud-config\n{}'],
    ['host', 'host-9'],
    ['cluster', 'domain-c7'],
    ['disks-to-remove', '2000'],
    ['disks-to-update', '2000: bulk'],
    ['power-on', 'false'],
  ])('V41: goes on from where its source is: %s is refused before any request', async (input, value) => {
    const { stage } = openStage();
    const { error, exchanges } = await failed(stage, {
      ...{ source: 'vm-45', 'clone-type': 'instant', [input]: value },
    });
    expect(error).toMatch(new RegExp(`${input}.* cannot be (set|false) with 'clone-type: instant'`));
    expect(exchanges).toEqual([]);
  });
});

describe('notes and guestinfo of a full clone', () => {
  it('are not waited for without end', async () => {
    const { stage, vcenter } = openStage();
    vcenter.behaviour.reconfigureTakes = 360_000;
    const { error } = await failed(stage, { name: 'pr-12', notes: 'a', guestinfo: 'role: web' });
    expect(error.replaceAll(/vm-\d+/g, 'VM')).toMatchInlineSnapshot(`
      "[Timed out] Timed out: The task that sets 'notes' and 'guestinfo' of 'pr-12' (VM) did not end within 5 min.
      'pr-12' (VM) is deleted, since the step did not succeed."
    `);
  });

  it('V30, V53: are set while it is off, and their values are seen nowhere', async () => {
    const { stage } = openStage();
    const secret = 'hunter2-in-guestinfo';
    const { main, exchanges, post } = await cloned(
      stage,
      { notes: 'for pull request 12', guestinfo: `token: ${secret}`, teardown: 'always' },
      { debug: true },
    );
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET ServiceInstance/ServiceInstance/content",
        "POST vm?action=clone",
        "GET vm",
        "POST VirtualMachine/vm-1002/ReconfigVM_Task",
        "POST vm/vm-1002/power?action=start",
        "DELETE session",
      ]
    `);
    const seen = [main, post].map(({ log, summary, outputs, state }) =>
      JSON.stringify([log, summary, outputs, state]),
    );
    expect(seen.join()).not.toContain(secret);
    expect(main.summary).toContain('| guestinfo | `guestinfo.token` |');
  });

  it('need a vCenter that has VI/JSON', async () => {
    const { stage } = openStage('none');
    const { error, exchanges } = await failed(stage, { notes: 'a', guestinfo: 'role: web' });
    expect(error).toContain('notes: needs vCenter 8.0 U1 or later');
    expect(error).toContain('guestinfo: needs vCenter 8.0 U1 or later');
    expect(exchanges.map(({ operation }) => operation)).toEqual([LOGIN, expect.any(String), LOGOUT]);
  });
});

it('V20: a source whose configuration vCenter cannot read is told from one that may not be read', async () => {
  const inaccessible = openStage();
  Object.assign(inaccessible.vcenter.vm('vm-42') ?? {}, { inaccessible: true });
  const { error } = await failed(inaccessible.stage, { 'clone-type': 'linked' });
  expect(error).toContain(
    "vCenter cannot read the configuration of 'ubuntu-24.04' (vm-42): it is inaccessible",
  );
});

it('a reconfiguration whose end vCenter has forgotten is no success', async () => {
  const { stage, vcenter } = openStage();
  const viFault = {
    name: 'ManagedObjectNotFound',
    fields: { obj: { type: 'Task', value: 'task-1' } },
    text: 'The object has already been deleted.',
  };
  vcenter.fault({ operation: VI_TASK, kind: 'vi-fault', viFault, times: Number.POSITIVE_INFINITY });
  const { error } = await failed(stage, { notes: 'a', name: 'pr-12' });
  expect(error).toMatch(/How the task task-\d+ ended is not known: vCenter has forgotten it\./);
});

it('V3: a plain full clone sends nothing to /sdk', async () => {
  const { stage } = openStage();
  const { exchanges } = await cloned(stage, {});
  expect(exchanges.filter(({ path }) => path.startsWith('/sdk'))).toEqual([]);
});

it('V31: a clone whose configuration fails is deleted, and the source is not', async () => {
  const { stage, vcenter } = openStage();
  vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Config.AdvancedConfig' }];
  const { error } = await failed(stage, { guestinfo: 'a: b', name: 'pr-12' });
  expect(error.replaceAll(/vm-\d+/g, 'VM')).toMatchInlineSnapshot(`
    "[Setting refused] Setting refused: 'guestinfo' was refused for 'pr-12' (VM). POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/ReconfigVM_Task on localhost:PORT failed (HTTP 500 NoPermission). vCenter: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Config.AdvancedConfig' on 'VM'. (object: VM, missing: VirtualMachine.Config.AdvancedConfig on VM)
    The account needs VirtualMachine.Config.Annotation for notes, and VirtualMachine.Config.AdvancedConfig for guestinfo, on the VM.
    'pr-12' (VM) is deleted, since the step did not succeed."
  `);
  expect(vcenter.exchanges.filter(({ operation }) => operation === DELETE)).toHaveLength(1);
});

it.for(['request', 'task'] as const)(
  'is told by the %s: the privileges of a template, not of a VM',
  async (when) => {
    const { stage, vcenter } = openStage();
    Object.assign(vcenter.behaviour, { postChecks: when, deny: [{ privilege: 'Datastore.AllocateSpace' }] });
    const { error } = await failed(stage, {
      source: TEMPLATE,
      cluster: 'domain-c7',
      datastore: 'datastore-16',
    });
    expect(error).toContain(
      'The account needs VirtualMachine.Provisioning.DeployTemplate on a template, or VirtualMachine.Provisioning.Clone on a VM, ',
    );
  },
);
