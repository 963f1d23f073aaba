import { describe, expect, it } from 'vitest';
import { CLONE, DELETE, GET_VM, LIST_VMS, LOGIN, type Stage, setVirtualStage } from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { verdict } from '../support/verdict.ts';
import { errorOf, stepsOf } from '../support/what-happened.ts';

/** Milliseconds that every response takes, so that what is requested side by side is seen to be. */
const LATENCY = 250;

const FOLDERS = 'GET /api/vcenter/folder';
const DATASTORES = 'GET /api/vcenter/datastore';

/** What a clone by these names is sent as. */
async function specFor(inputs: Readonly<Record<string, string>>, stage?: Stage): Promise<unknown> {
  const { cloneSpec } = await cloned(stage ?? setVirtualStage(), { name: 'copy', ...inputs });
  return cloneSpec;
}

describe('the requests of a run', () => {
  it('with ids and a generated name: login, clone, task, logout, and nothing else', async () => {
    const stage = setVirtualStage();
    const { exchanges, main } = await cloned(stage, { datacenter: 'datacenter-2' });
    expect(stepsOf(exchanges)).toEqual([['POST session'], ['POST vm action=clone vmw-task=true']]);
    expect(main.outputs['vm-name']).toMatch(/^shop-pr12-e2e-9912345678-1-[0-9a-z]{6}$/);
  });

  it('with five names and a name for the VM: all look-ups side by side, the clone third', async () => {
    const stage = setVirtualStage({ behaviour: { latency: LATENCY } });
    const { exchanges, cloneSpec } = await cloned(stage, {
      name: 'shop-pr12',
      source: 'ubuntu-24.04',
      folder: 'pull-requests',
      'resource-pool': 'ci-pool',
      host: 'esxi-01.example.test',
      datastore: 'fast',
    });
    const steps = stepsOf(exchanges);
    console.log(`five names and a name for the VM:\n${steps.map((step) => step.join(', ')).join('\n')}`);
    expect(steps).toEqual([
      ['POST session'],
      [
        'GET datastore names=fast',
        'GET folder names=pull-requests type=VIRTUAL_MACHINE',
        'GET host names=esxi-01.example.test',
        'GET resource-pool names=ci-pool',
        'GET vm names=shop-pr12',
        'GET vm names=ubuntu-24.04',
      ],
      ['POST vm action=clone vmw-task=true'],
    ]);
    expect(exchanges.slice(1, 7).map(({ inFlightAtArrival }) => inFlightAtArrival)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
    expect(cloneSpec).toEqual({
      source: 'vm-42',
      name: 'shop-pr12',
      placement: {
        folder: 'group-v23',
        resource_pool: 'resgroup-31',
        host: 'host-9',
        datastore: 'datastore-15',
      },
      power_on: true,
    });
  });

  it('with a datacenter by its name: one step more', async () => {
    const stage = setVirtualStage({ behaviour: { latency: LATENCY } });
    const { exchanges } = await cloned(stage, {
      name: 'shop-pr12',
      datacenter: 'DC1',
      source: 'ubuntu-24.04',
      folder: 'pull-requests',
    });
    expect(stepsOf(exchanges)).toEqual([
      ['POST session'],
      ['GET datacenter names=DC1', 'GET vm names=shop-pr12'],
      [
        'GET folder names=pull-requests type=VIRTUAL_MACHINE datacenters=datacenter-2',
        'GET vm names=ubuntu-24.04 datacenters=datacenter-2',
      ],
      ['POST vm action=clone vmw-task=true'],
    ]);
  });

  it('with a datacenter by its id: no step more', async () => {
    const stage = setVirtualStage({ behaviour: { latency: LATENCY } });
    const { exchanges } = await cloned(stage, {
      name: 'shop-pr12',
      datacenter: 'datacenter-2',
      source: 'ubuntu-24.04',
      folder: 'pull-requests',
    });
    expect(stepsOf(exchanges)).toEqual([
      ['POST session'],
      [
        'GET folder names=pull-requests type=VIRTUAL_MACHINE datacenters=datacenter-2',
        'GET vm names=shop-pr12',
        'GET vm names=ubuntu-24.04 datacenters=datacenter-2',
      ],
      ['POST vm action=clone vmw-task=true'],
    ]);
  });

  it('with one datastore for everything: asked for once', async () => {
    const stage = setVirtualStage();
    const { exchanges, cloneSpec } = await cloned(stage, {
      name: 'copy',
      datastore: 'bulk',
      'disks-to-update': '2000: bulk\n2001: bulk',
    });
    expect(exchanges.filter(({ operation }) => operation === DATASTORES)).toHaveLength(1);
    expect(cloneSpec).toMatchObject({
      placement: { datastore: 'datastore-16' },
      disks_to_update: { '2000': { datastore: 'datastore-16' }, '2001': { datastore: 'datastore-16' } },
    });
  });

  it('retries a look-up that fails, and sends the others once', async () => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: FOLDERS, kind: '503-unavailable' });
    const { exchanges } = await cloned(stage, { name: 'copy', folder: 'pull-requests', datastore: 'fast' });
    expect(exchanges.filter(({ operation }) => operation === FOLDERS)).toHaveLength(2);
    expect(exchanges.filter(({ operation }) => operation === DATASTORES)).toHaveLength(1);
  });
});

describe('names that are found', () => {
  it('walks absolute paths', async () => {
    const spec = await specFor({
      source: '/DC1/vm/ci/base/ubuntu-24.04',
      folder: '/DC1/vm/ci/pull-requests',
      'resource-pool': '/DC1/host/cluster-a/Resources/ci-pool',
      host: '/DC1/host/cluster-a/esxi-02.example.test',
      datastore: '/DC1/datastore/bulk',
    });
    expect(spec).toEqual({
      source: 'vm-42',
      name: 'copy',
      placement: {
        folder: 'group-v23',
        resource_pool: 'resgroup-31',
        host: 'host-10',
        datastore: 'datastore-16',
      },
      power_on: true,
    });
  });

  it('walks paths below the datacenter, where there is one', async () => {
    const spec = await specFor({ source: 'ci/base/windows-2025', folder: 'ci/pull-requests' });
    expect(spec).toEqual({
      source: 'vm-43',
      name: 'copy',
      placement: { folder: 'group-v23' },
      power_on: true,
    });
  });

  it('walks paths below the datacenter that is named', async () => {
    const stage = setVirtualStage({ seed: 'two-datacenters' });
    const spec = await specFor(
      { datacenter: 'DC2', source: 'ci/base/ubuntu-24.04', folder: 'ci/pull-requests' },
      stage,
    );
    expect(spec).toMatchObject({ source: 'vm-142', placement: { folder: 'group-v123' } });
  });

  it.each([
    ['domain-c7', 'resgroup-8'],
    ['cluster-a', 'resgroup-8'],
  ])("finds 'Resources' of the cluster '%s'", async (cluster, pool) => {
    const spec = await specFor({ cluster, 'resource-pool': 'Resources' });
    expect(spec).toMatchObject({ placement: { cluster: 'domain-c7', resource_pool: pool } });
  });

  it('narrows every name by the datacenter, where all of them clash', async () => {
    const stage = setVirtualStage({ seed: 'two-datacenters' });
    const spec = await specFor(
      {
        datacenter: 'DC2',
        source: 'ubuntu-24.04',
        folder: 'pull-requests',
        'resource-pool': 'ci-pool',
        datastore: 'fast',
      },
      stage,
    );
    expect(spec).toEqual({
      source: 'vm-142',
      name: 'copy',
      placement: { folder: 'group-v123', resource_pool: 'resgroup-131', datastore: 'datastore-115' },
      power_on: true,
    });
  });

  it('finds disks by their labels and their datastores by name, in either notation', async () => {
    const byLines = { 'disks-to-remove': 'Hard disk 2', 'disks-to-update': 'Hard disk 1: bulk' };
    const byJson = { 'disks-to-remove': '2001', 'disks-to-update': '{"2000": {"datastore": "bulk"}}' };
    for (const inputs of [byLines, byJson]) {
      const spec = await specFor(inputs);
      expect(spec).toMatchObject({
        disks_to_remove: ['2001'],
        disks_to_update: { '2000': { datastore: 'datastore-16' } },
      });
    }
  });

  it.each([
    { given: 'name:a/b', stored: 'a%2fb' },
    { given: 'a%2fb', stored: 'a%2fb' },
    { given: 'a%2Fb', stored: 'a%2fb' },
    { given: 'c:\\d', stored: 'c:%5cd' },
    { given: '100%', stored: '100%25' },
    { given: 'name:id:7', stored: 'id:7' },
    { given: 'name:group-v99', stored: 'group-v99' },
    { given: 'a + b & c=d ü', stored: 'a + b & c=d ü' },
  ])("finds the folder '$stored' by '$given'", async ({ given, stored }) => {
    const stage = setVirtualStage();
    const folder = stage.vcenter.addFolder({ name: stored, parent: 'group-v3' });
    expect(folder.name).toBe(stored);
    stage.vcenter.addFolder({ name: 'a', parent: 'group-v3' });
    expect(await specFor({ folder: given }, stage)).toMatchObject({ placement: { folder: folder.id } });
  });

  it('finds a folder whose name has a slash along a path', async () => {
    const stage = setVirtualStage();
    const above = stage.vcenter.addFolder({ name: 'a/b', parent: 'group-v3' });
    const folder = stage.vcenter.addFolder({ name: '100%', parent: above.id });
    expect(await specFor({ folder: '/DC1/vm/a%2fb/100%' }, stage)).toMatchObject({
      placement: { folder: folder.id },
    });
  });

  it('takes what stands behind id: for an id, and looks nothing up', async () => {
    const stage = setVirtualStage();
    const { exchanges } = await cloned(stage, { source: 'id:vm-42', folder: 'id:group-v23' });
    expect(stepsOf(exchanges)).toHaveLength(2);
  });

  it('clones to a name with / and %, tells it as it was given, and tears it down by it', async () => {
    const stage = setVirtualStage();
    const name = 'shop/pr 12 100%';
    const { main, cloneSpec } = await cloned(stage, { name });
    expect(cloneSpec).toMatchObject({ name });
    expect(main.outputs['vm-name']).toBe(name);
    expect(stage.vcenter.vms().at(-1)?.name).toBe('shop%2fpr 12 100%25');

    const teardown = await stage.runner.runStep({
      action: 'teardown',
      inputs: { ...stage.connection, 'vm-name': name, folder: 'pull-requests' },
    });
    expect(verdict({ stage, steps: [teardown] })).toEqual([]);
    expect(teardown.outputs).toEqual({ deleted: 'true', 'vm-id': main.outputs['vm-id'], 'vm-name': name });
  });
});

describe('names that are not clear', () => {
  it('lists all candidates of all names in one error', async () => {
    const stage = setVirtualStage({ seed: 'two-datacenters' });
    const { error, main } = await failed(stage, {
      source: 'ubuntu-24.04',
      folder: 'ci/base',
      'resource-pool': 'ci-pool',
      cluster: 'cluster-a',
      datastore: 'fast',
    });
    expect(error).toMatchInlineSnapshot(`
      "[Names not resolved] Names not resolved: These inputs do not name exactly one object each:
      source: 2 VMs are called 'ubuntu-24.04': vm-42 (datacenter 'DC1'), vm-142 (datacenter 'DC2'). To choose one, give its id or its inventory path here, or 'datacenter'.
      folder: 'ci/base' is a path below a datacenter, and there are several: 'DC1' (datacenter-2), 'DC2' (datacenter-102). Set 'datacenter', or begin the path with '/' and the datacenter.
      cluster: 2 clusters are called 'cluster-a': domain-c7 (datacenter 'DC1'), domain-c107 (datacenter 'DC2'). To choose one, give its id or its inventory path here, or 'datacenter'.
      datastore: 2 datastores are called 'fast': datastore-15 (datacenter 'DC1'), datastore-115 (datacenter 'DC2'). To choose one, give its id or its inventory path here, or 'datacenter'."
    `);
    expect(main.outputs).not.toHaveProperty('vm-name');
    expect(stage.vcenter.calls()).not.toContain(CLONE);
  });

  it("tells the root pools of clusters and standalone hosts apart: all are called 'Resources'", async ({
    expect,
  }) => {
    const stage = setVirtualStage({ seed: 'two-datacenters' });
    const { error } = await failed(stage, { 'resource-pool': 'Resources' });
    expect(error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: resource-pool: 4 resource pools are called 'Resources': resgroup-8 (cluster 'cluster-a', datacenter 'DC1'), resgroup-14 (cluster 'cluster-b', datacenter 'DC1'), resgroup-108 (cluster 'cluster-a', datacenter 'DC2'), resgroup-113 (host 'esxi-12.example.test', datacenter 'DC2'). To choose one, give its id or its inventory path here, or 'datacenter', or 'cluster'."`,
    );
  });

  it('tears nothing down by a name that several VMs bear', async () => {
    const stage = setVirtualStage({ seed: 'two-datacenters' });
    const step = await stage.runner.runStep({
      action: 'teardown',
      inputs: { ...stage.connection, 'vm-name': 'ubuntu-24.04' },
    });
    expect(verdict({ stage, steps: [step] })).toEqual([]);
    expect(errorOf(step, stage)).toMatchInlineSnapshot(
      `"[Nothing deleted] Nothing deleted: 'ubuntu-24.04' fits several VMs: vm-42, vm-142. Give 'vm-id', or narrow it with 'folder'."`,
    );
    expect(step.outputs).toEqual({ deleted: 'false' });
    expect(stage.vcenter.calls()).not.toContain(DELETE);
  });
});

describe('names that are not there', () => {
  it('tells of all of them in one error, with what is nearest', async () => {
    const stage = setVirtualStage();
    const { error, exchanges } = await failed(stage, {
      name: 'copy',
      source: 'ubuntu-24.4',
      folder: 'ci/pull-request',
      'resource-pool': 'CI-Pool',
      cluster: 'clutser-a',
      host: 'esxi-1.example.test',
      datastore: 'fsat',
      'disks-to-update': '2000: blk',
    });
    expect(error).toMatchInlineSnapshot(`
      "[Names not resolved] Names not resolved: These inputs do not name exactly one object each:
      source: there is no VM 'ubuntu-24.4'. Did you mean 'ubuntu-24.04' (vm-42)? vCenter lists only what the account may see. Templates were looked for as well.
      folder: 'ci/pull-request' leads nowhere: there is no 'pull-request' in 'ci'. Did you mean 'pull-requests' (group-v23)? vCenter lists only what the account may see.
      resource-pool: there is no resource pool 'CI-Pool'. Did you mean 'ci-pool' (resgroup-31)? vCenter lists only what the account may see.
      cluster: there is no cluster 'clutser-a'. Did you mean 'cluster-a' (domain-c7) or 'cluster-b' (domain-c12)? vCenter lists only what the account may see.
      host: there is no host 'esxi-1.example.test'. Did you mean 'esxi-01.example.test' (host-9), 'esxi-02.example.test' (host-10) or 'esxi-03.example.test' (host-13)? vCenter lists only what the account may see.
      datastore: there is no datastore 'fsat'. Did you mean 'fast' (datastore-15)? vCenter lists only what the account may see.
      disks-to-update: there is no datastore 'blk'. Did you mean 'bulk' (datastore-16)? vCenter lists only what the account may see."
    `);
    expect(exchanges.map(({ operation }) => operation)).not.toContain(CLONE);
  });

  it('tells of a disk that the source does not have, and of one that is named twice', async () => {
    const stage = setVirtualStage();
    const unknown = await failed(stage, { 'disks-to-remove': 'Hard disk 3' });
    expect(unknown.error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: disks-to-remove: there is no disk 'Hard disk 3' in the source. There are: 'Hard disk 1' (2000), 'Hard disk 2' (2001)."`,
    );
    const twice = await failed(stage, { 'disks-to-remove': '2000', 'disks-to-update': 'Hard disk 1: bulk' });
    expect(twice.error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: disks-to-update: 'Hard disk 1' is 'Hard disk 1' (2000), and that disk is named before. It stands in 'disks-to-remove' already; name each disk once."`,
    );
  });

  it('says that templates are not shown', async () => {
    const { error } = await failed(setVirtualStage(), { source: 'golden-template' });
    expect(error).toMatchInlineSnapshot(
      `"[The clone would fail] The clone would fail: source: it is a template, which is in no resource pool: set 'resource-pool', 'cluster' or 'host'."`,
    );
  });

  it('says that templates are not shown where one is given by its id', async () => {
    const { error } = await failed(setVirtualStage(), { name: 'copy', source: 'vm-44' });
    expect(error).toMatchInlineSnapshot(`
      "[The clone would fail] The clone would fail: Cloning 'copy' failed.
      source: it is a template, which is in no resource pool: set 'resource-pool', 'cluster' or 'host'."
    `);
  });

  it('says that what the account may not see is not shown', async () => {
    const stage = setVirtualStage({
      behaviour: { deny: [{ privilege: 'System.View', object: 'group-v23' }] },
    });
    const { error } = await failed(stage, { folder: 'pull-requests' });
    expect(error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: folder: there is no VM folder 'pull-requests'. There are: 'vm' (group-v3), 'ci' (group-v21), 'base' (group-v22), 'legacy' (group-v24). vCenter lists only what the account may see."`,
    );
  });

  it('blames the datacenter alone, where that is what is wrong', async () => {
    const stage = setVirtualStage({ seed: 'two-datacenters' });
    const { error } = await failed(stage, { datacenter: 'DC3', source: 'ubuntu-24.04', folder: 'ci' });
    expect(error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: datacenter: there is no datacenter 'DC3'. Did you mean 'DC1' (datacenter-2) or 'DC2' (datacenter-102)? vCenter lists only what the account may see."`,
    );
  });

  it('never takes what a server sends that does not look at the filter', async () => {
    const stage = setVirtualStage();
    stage.vcenter.fault({
      operation: FOLDERS,
      kind: 'custom',
      times: Number.POSITIVE_INFINITY,
      answer: {
        status: 200,
        body: [{ folder: 'group-v24', name: 'legacy', type: 'VIRTUAL_MACHINE' }],
        act: false,
      },
    });
    const { error } = await failed(stage, { folder: 'pull-requests' });
    expect(error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: folder: there is no VM folder 'pull-requests'. There are: 'legacy' (group-v24). vCenter lists only what the account may see."`,
    );
  });

  it('does not ask again for a list that is too long', async () => {
    const stage = setVirtualStage();
    for (let number = 0; number <= 4000; number += 1) {
      stage.vcenter.addVm({ name: `vm ${number}`, folder: 'group-v24' });
    }
    const { error, exchanges } = await failed(
      { ...stage, before: new Set(stage.vcenter.vms().map(({ id }) => id)) },
      { source: 'ubuntu' },
    );
    expect(error).toMatchInlineSnapshot(
      `"[Names not resolved] Names not resolved: source: there is no VM 'ubuntu'. vCenter lists only what the account may see. Templates were looked for as well."`,
    );
    expect(exchanges.filter(({ operation }) => operation === LIST_VMS)).toHaveLength(2);
  });
});

describe('more VMs than vCenter lists', () => {
  it.each(['ubuntu-24.04', 'ci/base/ubuntu-24.04'])('keep no source from being found: %s', async (source) => {
    const stage = setVirtualStage();
    for (let number = 0; number <= 4000; number += 1) {
      stage.vcenter.addVm({ name: `vm ${number}`, folder: 'group-v22' });
    }
    const before = new Set(stage.vcenter.vms().map(({ id }) => id));
    const { cloneSpec } = await cloned({ ...stage, before }, { name: 'copy', source });
    expect(cloneSpec).toMatchObject({ source: 'vm-42', name: 'copy' });
  });
});

describe('validate-only', () => {
  it('prints the CloneSpec, tells that the ids are there, and clones nothing', async () => {
    const stage = setVirtualStage();
    const { main, cloneSpec, exchanges } = await cloned(stage, {
      name: 'copy',
      'validate-only': 'true',
      'resource-pool': 'ci-pool',
      'guest-customization-spec': 'linux-dhcp',
    });
    expect(cloneSpec).toBeUndefined();
    expect(exchanges.map(({ operation }) => operation)).not.toContain(CLONE);
    expect(JSON.parse(main.outputs['clone-spec'] ?? '')).toEqual({
      source: 'vm-42',
      name: 'copy',
      placement: { folder: 'group-v23', resource_pool: 'resgroup-31' },
      power_on: true,
      guest_customization_spec: { name: 'linux-dhcp' },
    });
    expect(Object.keys(main.outputs)).toEqual(['clone-spec', 'timings']);
    expect(main.summary).toMatchInlineSnapshot(`
      "### Checked \`copy\`, cloned nothing

      This is what would be sent without \`validate-only: true\`:

      \`\`\`json
      {
        "source": "vm-42",
        "name": "copy",
        "placement": {
          "folder": "group-v23",
          "resource_pool": "resgroup-31"
        },
        "power_on": true,
        "guest_customization_spec": {
          "name": "linux-dhcp"
        }
      }
      \`\`\`

      Checked: the login, 'source', 'folder', 'resource-pool', 'guest-customization-spec', whether the name is free in the folder, templates apart, DRS of the cluster.

      Not checked: the privileges of the account, free space and other resources, whether folder, pool, host and datastore belong together, whether the customization fits the guest and its adapters.

      "
    `);
  });

  it('tells of all ids and specifications that are not there in one error', async () => {
    const stage = setVirtualStage();
    const { error } = await failed(stage, {
      name: 'copy',
      source: 'vm-44',
      folder: 'group-v4711',
      'resource-pool': 'resgroup-4711',
      cluster: 'domain-c4711',
      host: 'host-4711',
      datastore: 'datastore-4711',
      'disks-to-update': '2000: datastore-4712',
      'guest-customization-spec': 'linux-dhpc',
      'validate-only': 'true',
    });
    expect(error).toMatchInlineSnapshot(`
      "[The clone would fail] The clone would fail: These inputs keep the clone from working:
      resource-pool: vCenter lists no ResourcePool 'resgroup-4711' in domain-c4711, which 'cluster' names.
      folder: vCenter lists no Folder 'group-v4711', or the account may not see it.
      resource-pool: vCenter lists no ResourcePool 'resgroup-4711', or the account may not see it.
      cluster: vCenter lists no ClusterComputeResource 'domain-c4711', or the account may not see it.
      host: vCenter lists no HostSystem 'host-4711', or the account may not see it.
      datastore: vCenter lists no Datastore 'datastore-4711', or the account may not see it.
      disks-to-update: vCenter lists no Datastore 'datastore-4712', or the account may not see it.
      guest-customization-spec: vCenter lists no CustomizationSpec 'linux-dhpc', or the account may not see it."
    `);
  });

  it('tells that the name is taken', async () => {
    const stage = setVirtualStage();
    stage.vcenter.addVm({ name: 'copy', folder: 'group-v23' });
    const { error } = await failed(
      { ...stage, before: new Set(stage.vcenter.vms().map(({ id }) => id)) },
      { name: 'copy', 'validate-only': 'true' },
    );
    expect(error).toMatchInlineSnapshot(
      `"[Name taken] Name taken: A VM named 'copy' (vm-1001) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'."`,
    );
    expect(stage.vcenter.calls()).not.toContain(GET_VM);
  });

  it.for<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'disks by ids that the source does not have',
      { 'disks-to-remove': '2009', 'disks-to-update': '2010: datastore-16' },
      [
        "disks-to-remove: the source has no disk '2009'. There are: 'Hard disk 1' (2000), 'Hard disk 2' (2001).",
        "disks-to-update: the source has no disk '2010'. There are: 'Hard disk 1' (2000), 'Hard disk 2' (2001).",
      ],
    ],
    [
      'a datacenter that is not there',
      { datacenter: 'datacenter-999' },
      ["datacenter: vCenter lists no Datacenter 'datacenter-999', or the account may not see it."],
    ],
    [
      'a cluster without DRS, and no host',
      { cluster: 'domain-c12' },
      [
        "cluster: 'cluster-b' (domain-c12), where the clone would go, has no DRS to choose a host: set 'host'.",
      ],
    ],
    [
      'a pool of a cluster without DRS, and no host',
      { 'resource-pool': 'resgroup-14' },
      [
        "cluster: 'cluster-b' (domain-c12), where the clone would go, has no DRS to choose a host: set 'host'.",
      ],
    ],
  ])('A6: does not call in order %s', async ([, inputs, problems], { expect }) => {
    const stage = setVirtualStage();
    const { error } = await failed(stage, { ...inputs, 'validate-only': 'true' });
    expect(error).toContain('[The clone would fail] The clone would fail: ');
    for (const problem of problems) {
      expect(error).toContain(problem);
    }
    expect(stage.vcenter.calls()).not.toContain(CLONE);
  });

  it('A6: says what was not checked', async ({ expect }) => {
    const { main } = await cloned(setVirtualStage(), { 'validate-only': 'true' });
    expect(main.summary).toContain('Not checked: the privileges of the account, free space');
    expect(main.log).toContain('Not checked: the privileges of the account, free space');
  });
});

describe('what people read about names', () => {
  it('A14: log and summary show what was written, together with the id', async ({ expect }) => {
    const { main } = await cloned(setVirtualStage(), {
      name: 'copy',
      source: 'ci/base/ubuntu-24.04',
      folder: 'pull-requests',
      'resource-pool': 'ci-pool',
    });
    expect(main.log).toContain("vCenter clones 'ci/base/ubuntu-24.04' (vm-42) to 'copy'");
    expect(main.summary).toContain('| Source | `ci/base/ubuntu-24.04` (`vm-42`) |');
    expect(main.summary).toContain('`pull-requests` (`group-v23`)');
    expect(main.summary).toContain('`ci-pool` (`resgroup-31`)');
  });

  it.for([
    ['folder', 'folder-3', 'folder-3'],
    ['resource-pool', 'resgroup-v61', 'resgroup-v61'],
  ] as const)(
    "A25: an id of an unknown form in '%s' that a candidate has gets the hint 'id:%s'",
    async ([input, written, id], { expect }) => {
      const stage = setVirtualStage();
      if (input === 'folder') {
        stage.vcenter.addFolder({ name: 'later', parent: 'group-v3', id });
      } else {
        stage.vcenter.addResourcePool({ name: 'vapp', parent: 'resgroup-8', id });
      }
      const { error } = await failed(stage, { [input]: written });
      expect(error).toContain(`To give an id of this form, write 'id:${id}'.`);

      const { cloneSpec } = await cloned(stage, { name: 'copy', [input]: `id:${id}` });
      expect(JSON.stringify(cloneSpec)).toContain(`"${id}"`);
    },
  );

  it('A11: a customization specification that is not there is blamed, not the source', async ({ expect }) => {
    const { error } = await failed(setVirtualStage(), {
      name: 'copy',
      'guest-customization-spec': 'linux-dhpc',
    });
    expect(error).toContain("vCenter has no customization specification 'linux-dhpc'");
    expect(error).not.toMatch(/template|'source'/);
  });

  it("A11: two pools called 'Resources' get advice that can help", async ({ expect }) => {
    const { error } = await failed(setVirtualStage(), { 'resource-pool': 'Resources' });
    expect(error).toContain('resgroup-8 (cluster');
    expect(error).toContain("'cluster'");
    expect(error).not.toContain("or 'datacenter'");
  });
});

describe('the session ends while names are looked up', () => {
  const names = {
    name: 'shop-pr12',
    source: 'ubuntu-24.04',
    folder: 'pull-requests',
    'resource-pool': 'ci-pool',
    host: 'esxi-01.example.test',
    datastore: 'fast',
  };

  it.for([0, 5, LATENCY])(
    'C3b: six names and a refused new login are one titled error, with %s ms of latency',
    async (latency, { expect }) => {
      const stage = setVirtualStage({ behaviour: { latency } });
      stage.vcenter.watch(({ operation }, moment) => {
        if (operation === LOGIN && moment === 'answered') {
          stage.vcenter.expireSessions();
        }
      });
      stage.vcenter.fault({ operation: LOGIN, kind: '401', nth: 2, times: Number.POSITIVE_INFINITY });
      const { error, main, exchanges } = await failed(stage, names);
      expect(error).toContain(
        '[Login refused] Login refused: POST /api/session on localhost:PORT failed (HTTP 401',
      );
      expect(main.log).not.toMatch(/^\s+at /m);
      expect(main.summary).toContain('### Failed: Login refused');
      expect(exchanges.filter(({ operation }) => operation === LOGIN)).toHaveLength(2);
      expect(exchanges.map(({ operation }) => operation)).not.toContain(CLONE);
    },
  );

  it('logs in again once for all of them, and goes on', async ({ expect }) => {
    const stage = setVirtualStage({ behaviour: { latency: LATENCY } });
    let isFirst = true;
    stage.vcenter.watch(({ operation }, moment) => {
      if (operation === LOGIN && moment === 'answered' && isFirst) {
        isFirst = false;
        stage.vcenter.expireSessions();
      }
    });
    const { exchanges } = await cloned(stage, names);
    expect(exchanges.filter(({ operation }) => operation === LOGIN)).toHaveLength(2);
  });
});
