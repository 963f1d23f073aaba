import { describe, expect, it } from 'vitest';
import { useResolver } from '../../../support/inventory-fixture.ts';

const start = useResolver();

describe('a path to a VM or a VM folder', () => {
  it('leads from the root through the datacenter', async () => {
    const { resolve } = await start({ seed: 'two-datacenters' });
    await expect(
      resolve({ source: '/DC2/vm/ci/base/ubuntu-24.04', folder: '/DC2/vm/ci/pull-requests' }),
    ).resolves.toMatchObject({ source: 'vm-142', folder: 'group-v123' });
  });

  it('is walked one folder at a time, each step asked once', async () => {
    const { resolve, asked } = await start();
    await resolve({ source: '/DC1/vm/ci/base/ubuntu-24.04', folder: '/DC1/vm/ci/base' });
    expect([...asked()].sort()).toEqual([
      'datacenter names=DC1',
      'datacenter/datacenter-2',
      'folder names=base type=VIRTUAL_MACHINE parent_folders=group-v21',
      'folder names=ci type=VIRTUAL_MACHINE parent_folders=group-v3',
      'vm names=ubuntu-24.04 folders=group-v22',
    ]);
  });

  it('that is relative begins in the VM folder of the datacenter', async () => {
    const { resolve } = await start({ seed: 'two-datacenters' });
    for (const datacenter of ['DC2', 'datacenter-102', '/DC2']) {
      await expect(
        resolve({ datacenter, source: 'ci/base/ubuntu-24.04', folder: 'ci/base' }),
      ).resolves.toMatchObject({ source: 'vm-142', folder: 'group-v122' });
    }
  });

  it('that is relative needs no datacenter where there is only one', async () => {
    const { resolve } = await start();
    await expect(resolve({ folder: 'ci/base' })).resolves.toMatchObject({ folder: 'group-v22' });
  });

  it('that is relative needs a datacenter where there are several, and the error names them', async () => {
    const { problems, texts } = await start({ seed: 'two-datacenters' });
    expect(await problems({ folder: 'ci/base' })).toMatchObject([
      {
        input: 'folder',
        reason: 'datacenter-needed',
        candidates: [
          { id: 'datacenter-2', name: 'DC1' },
          { id: 'datacenter-102', name: 'DC2' },
        ],
      },
    ]);
    expect(await texts({ folder: 'ci/base' })).toEqual([
      "folder: 'ci/base' is a path below a datacenter, and there are several: 'DC1' (datacenter-2), 'DC2' (datacenter-102). Set 'datacenter', or begin the path with '/' and the datacenter.",
    ]);
  });

  it('may end at the VM folder of the datacenter', async () => {
    const { resolve } = await start();
    await expect(resolve({ folder: '/DC1/vm' })).resolves.toMatchObject({ folder: 'group-v3' });
  });

  it('may hold a slash of a name in its stored form', async () => {
    const { vcenter, resolve } = await start();
    vcenter.addFolder({ name: 'a/b', parent: 'group-v21', id: 'group-v90' });
    await expect(resolve({ folder: '/DC1/vm/ci/a%2Fb' })).resolves.toMatchObject({ folder: 'group-v90' });
  });

  it('does not leave the datacenter that is given', async () => {
    const { texts } = await start({ seed: 'two-datacenters' });
    expect(await texts({ datacenter: 'DC1', folder: '/DC2/vm/ci' })).toEqual([
      "folder: '/DC2/vm/ci' does not lie in datacenter 'DC1', which 'datacenter' names.",
    ]);
  });
});

describe('a datacenter', () => {
  it('may lie in folders', async () => {
    const { vcenter, resolve } = await start();
    const europe = vcenter.addFolder({ name: 'europe', parent: vcenter.inventory.rootFolder });
    const west = vcenter.addFolder({ name: 'west', parent: europe.id });
    const dc = vcenter.addDatacenter({ name: 'DC3', folder: west.id });
    const folder = vcenter.addFolder({ name: 'ci', parent: dc.vmFolder });
    await expect(resolve({ folder: '/europe/west/DC3/vm/ci' })).resolves.toMatchObject({ folder: folder.id });
    await expect(resolve({ datacenter: '/europe/west/DC3', folder: 'ci' })).resolves.toMatchObject({
      datacenter: dc.id,
      folder: folder.id,
    });
    await expect(resolve({ datacenter: 'europe/west/DC3' })).resolves.toMatchObject({ datacenter: dc.id });
  });

  it('at the root is meant by a path, where one in a folder bears the same name', async () => {
    const { vcenter, resolve, problems } = await start();
    const europe = vcenter.addFolder({ name: 'europe', parent: vcenter.inventory.rootFolder });
    const inner = vcenter.addDatacenter({ name: 'DC1', folder: europe.id });
    await expect(resolve({ folder: '/DC1/vm/ci' })).resolves.toMatchObject({ folder: 'group-v21' });
    await expect(resolve({ datacenter: '/europe/DC1' })).resolves.toMatchObject({ datacenter: inner.id });
    expect(await problems({ datacenter: 'DC1' })).toMatchObject([
      { input: 'datacenter', reason: 'several', candidates: [{ id: 'datacenter-2' }, { id: inner.id }] },
    ]);
  });

  it('may be called vm', async () => {
    const { vcenter, resolve } = await start();
    const dc = vcenter.addDatacenter({ name: 'vm' });
    const folder = vcenter.addFolder({ name: 'ci', parent: dc.vmFolder });
    await expect(resolve({ folder: '/vm/vm/ci' })).resolves.toMatchObject({ folder: folder.id });
  });
});

describe('a path to a datastore, a cluster or a host', () => {
  it.each([
    ['datastore', '/DC1/datastore/fast', 'datastore-15'],
    ['datastore', '/DC2/datastore/fast', 'datastore-115'],
    ['cluster', '/DC2/host/cluster-a', 'domain-c107'],
    ['host', '/DC1/host/cluster-a/esxi-02.example.test', 'host-10'],
    ['host', '/DC2/host/esxi-12.example.test', 'host-112'],
    ['host', '/DC2/host/esxi-12.example.test/esxi-12.example.test', 'host-112'],
  ] as const)('%s: %s', async (input, path, id) => {
    const { resolve } = await start({ seed: 'two-datacenters' });
    expect(Object.entries(await resolve({ [input]: path }))).toContainEqual([input, id]);
  });

  it('that is relative begins in the folder for such objects', async () => {
    const { resolve } = await start({ seed: 'two-datacenters' });
    await expect(
      resolve({ datacenter: 'DC2', host: 'cluster-a/esxi-11.example.test' }),
    ).resolves.toMatchObject({
      host: 'host-109',
    });
  });
});

describe('a path to a resource pool', () => {
  it.each([
    ['/DC2/host/cluster-a/Resources/ci-pool', 'resgroup-131'],
    ['/DC2/host/cluster-a/ci-pool', 'resgroup-131'],
    ['/DC1/host/cluster-b/Resources', 'resgroup-14'],
    ['/DC1/host/cluster-b', 'resgroup-14'],
    ['/DC2/host/esxi-12.example.test/Resources', 'resgroup-113'],
    ['/DC1/host/cluster-a/ci-pool/nightly', 'resgroup-32'],
  ])('%s', async (path, id) => {
    const { vcenter, resolve } = await start({ seed: 'two-datacenters' });
    vcenter.addResourcePool({ name: 'nightly', parent: 'resgroup-31', id: 'resgroup-32' });
    await expect(resolve({ 'resource-pool': path })).resolves.toMatchObject({ resourcePool: id });
  });

  it('that is relative begins with the cluster', async () => {
    const { resolve } = await start();
    for (const path of ['cluster-a/Resources/ci-pool', 'cluster-a/ci-pool']) {
      await expect(resolve({ 'resource-pool': path })).resolves.toMatchObject({
        resourcePool: 'resgroup-31',
      });
    }
  });
});

describe('a path that leads nowhere', () => {
  it.each([
    [
      'folder',
      '/DC1/vm/ci/bsae',
      "folder: '/DC1/vm/ci/bsae' leads nowhere: there is no 'bsae' in '/DC1/vm/ci'. Did you mean 'base' (group-v22)? vCenter lists only what the account may see.",
    ],
    [
      'folder',
      '/DC9/vm/ci',
      "folder: '/DC9/vm/ci' leads nowhere: there is no 'DC9'. Did you mean 'DC1' (datacenter-2)? vCenter lists only what the account may see.",
    ],
    [
      'folder',
      'DC1/vm/ci',
      "folder: 'DC1/vm/ci' leads nowhere: there is no 'DC1' in the top folder of the datacenter. There are: 'ci' (group-v21), 'legacy' (group-v24). vCenter lists only what the account may see. A path that starts with the datacenter begins with '/'.",
    ],
    [
      'resource-pool',
      'cluster-c/ci-pool',
      "resource-pool: 'cluster-c/ci-pool' leads nowhere: there is no 'cluster-c' in the top folder of the datacenter. Did you mean 'cluster-a' (domain-c7) or 'cluster-b' (domain-c12)? vCenter lists only what the account may see.",
    ],
    [
      'host',
      '/DC1/host/cluster-a/esxi-03.example.test',
      "host: '/DC1/host/cluster-a/esxi-03.example.test' leads nowhere: there is no 'esxi-03.example.test' in '/DC1/host/cluster-a'. Did you mean 'esxi-01.example.test' (host-9) or 'esxi-02.example.test' (host-10)? vCenter lists only what the account may see.",
    ],
    [
      'folder',
      '/DC1/host/ci',
      "folder: '/DC1/host/ci' is not a path to a VM folder. From the root it is /DATACENTER/vm/FOLDER.",
    ],
    [
      'datastore',
      '/DC1/datastore',
      "datastore: '/DC1/datastore' is not a path to a datastore. From the root it is /DATACENTER/datastore/DATASTORE.",
    ],
    [
      'host',
      '/DC1/host/cluster-a',
      "host: '/DC1/host/cluster-a' is not a path to a host. From the root it is /DATACENTER/host/CLUSTER/HOST.",
    ],
  ] as const)('%s: %s', async (input, path, text) => {
    const { texts } = await start();
    expect(await texts({ [input]: path })).toEqual([text]);
  });

  it('since the datacenter given by its id does not exist', async () => {
    const { texts } = await start();
    expect(
      await texts({ datacenter: 'datacenter-9', folder: 'ci/base', source: 'ci/base/ubuntu-24.04' }),
    ).toEqual([
      "datacenter: there is no datacenter 'datacenter-9'. There are: 'DC1' (datacenter-2). vCenter lists only what the account may see.",
    ]);
  });
});
