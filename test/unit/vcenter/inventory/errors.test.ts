import { describe, expect, it } from 'vitest';
import { useResolver } from '../../../support/inventory-fixture.ts';

const start = useResolver();

const SEEN = 'vCenter lists only what the account may see.';
const TEMPLATE =
  'If it is a template: this API does not show templates; convert it to a VM, or clone it to one.';

describe('a name that is nowhere', () => {
  it('is reported with what is similar in the same datacenter', async () => {
    const { texts } = await start({ seed: 'two-datacenters' });
    expect(await texts({ datacenter: 'DC2', folder: 'pull-request' })).toEqual([
      `folder: there is no VM folder 'pull-request' in datacenter 'DC2'. Did you mean 'pull-requests' (group-v123)? ${SEEN}`,
    ]);
  });

  it('is reported with everything there is, where that is little and nothing is similar', async () => {
    const { texts } = await start();
    expect(await texts({ datastore: 'xyzzy' })).toEqual([
      `datastore: there is no datastore 'xyzzy'. There are: 'fast' (datastore-15), 'bulk' (datastore-16). ${SEEN}`,
    ]);
  });

  it('A25: is told how to give an id of a form that is not known', async () => {
    const { vcenter, texts } = await start();
    vcenter.addFolder({ name: 'odd', parent: 'group-v3', id: 'folder-3' });
    expect(await texts({ folder: 'folder-3' })).toEqual([
      "folder: there is no VM folder 'folder-3'. Did you mean 'odd' (folder-3)? To give an id of this form, write 'id:folder-3'.",
    ]);
    const guid = 'vm-42:b3abe66d-0000-0000-0000-000000000000';
    expect(await texts({ source: guid })).toEqual([
      `source: there is no VM '${guid}'. Did you mean 'ubuntu-24.04' (vm-42)? To give an id of this form, write 'id:${guid}'.`,
    ]);
  });

  it('may be a template, if it is the source', async () => {
    const { texts } = await start();
    const [text] = await texts({ source: 'golden-template' });
    expect(text).toMatch(/^source: there is no VM 'golden-template'\./);
    expect(text).toContain(TEMPLATE);
  });

  it('is reported without suggestions where vCenter does not send the list', async () => {
    const { vcenter, texts } = await start();
    vcenter.fault({
      operation: 'GET /api/vcenter/vm',
      nth: 2,
      kind: 'custom',
      answer: { status: 500, body: { error_type: 'UNABLE_TO_ALLOCATE_RESOURCE', messages: [] } },
    });
    expect(await texts({ source: 'ubuntu' })).toEqual([
      `source: there is no VM 'ubuntu'. ${SEEN} ${TEMPLATE}`,
    ]);
  });

  it('costs no more than one list more', async () => {
    const { problems, asked } = await start();
    await problems({ datastore: 'fsat' });
    expect(asked()).toEqual(['datastore names=fsat', 'datastore']);
  });

  it('is written the way people write it', async () => {
    const { vcenter, texts } = await start();
    vcenter.addFolder({ name: 'a/b', parent: 'group-v3', id: 'group-v90' });
    const [text] = await texts({ folder: 'a%2fB' });
    expect(text).toContain("there is no VM folder 'a/B'. Did you mean 'a/b' (group-v90)");
  });
});

describe('a name that fits several objects', () => {
  it('is reported with their ids and datacenters', async () => {
    const { texts } = await start({ seed: 'two-datacenters' });
    expect(await texts({ folder: 'ci' })).toEqual([
      "folder: 2 VM folders are called 'ci': group-v21 (datacenter 'DC1'), group-v121 (datacenter 'DC2'). To choose one, give its id or its inventory path here, or 'datacenter'.",
    ]);
  });

  it('is reported with clusters and standalone hosts, if it is a resource pool', async () => {
    const { texts } = await start({ seed: 'two-datacenters' });
    expect(await texts({ 'resource-pool': 'Resources' })).toEqual([
      "resource-pool: 4 resource pools are called 'Resources': resgroup-8 (cluster 'cluster-a', datacenter 'DC1'), resgroup-14 (cluster 'cluster-b', datacenter 'DC1'), resgroup-108 (cluster 'cluster-a', datacenter 'DC2'), resgroup-113 (host 'esxi-12.example.test', datacenter 'DC2'). To choose one, give its id or its inventory path here, or 'datacenter', or 'cluster'.",
    ]);
  });

  it('A11: is not told to give a datacenter or a cluster that all of them lie in', async () => {
    const { vcenter, texts } = await start();
    expect(await texts({ 'resource-pool': 'Resources' })).toEqual([
      "resource-pool: 2 resource pools are called 'Resources': resgroup-8 (cluster 'cluster-a', datacenter 'DC1'), resgroup-14 (cluster 'cluster-b', datacenter 'DC1'). To choose one, give its id or its inventory path here, or 'cluster'.",
    ]);
    vcenter.addVm({ id: 'vm-90', name: 'ubuntu-24.04', folder: 'group-v24' });
    expect(await texts({ source: 'ubuntu-24.04' })).toEqual([
      "source: 2 VMs are called 'ubuntu-24.04': vm-42 (datacenter 'DC1'), vm-90 (datacenter 'DC1'). To choose one, give its id or its inventory path here.",
    ]);
  });

  it('is reported by id alone where vCenter does not tell more', async () => {
    const { vcenter, texts } = await start();
    vcenter.addVm({ id: 'vm-90', name: 'ubuntu-24.04', folder: 'group-v24' });
    vcenter.fault({
      operation: 'GET /api/vcenter/datacenter',
      kind: 'custom',
      answer: { status: 403, body: { error_type: 'UNAUTHORIZED', messages: [] } },
    });
    expect(await texts({ source: 'ubuntu-24.04' })).toEqual([
      "source: 2 VMs are called 'ubuntu-24.04': vm-42, vm-90. To choose one, give its id or its inventory path here, or 'datacenter'.",
    ]);
  });
});

describe('all names at once', () => {
  it('have one problem each, in the order of the inputs', async () => {
    const { problems } = await start({ seed: 'two-datacenters' });
    const found = await problems({
      source: 'nope',
      folder: 'ci',
      'resource-pool': 'Resources',
      cluster: 'cluster-z',
      host: 'nohost',
      datastore: 'slow',
      'disks-to-remove': ['Hard disk 9'],
      'disks-to-update': { '2000': 'slow', '2001': 'slow' },
    });
    expect(found.map(({ input, reason }) => `${input}: ${reason}`)).toEqual([
      'source: none',
      'folder: several',
      'cluster: none',
      'host: none',
      'datastore: none',
      'disks-to-update: none',
    ]);
  });

  it('are still looked for where the datacenter is not found, but only those that are nowhere are reported', async () => {
    const { problems } = await start({ seed: 'two-datacenters' });
    expect(
      await problems({ datacenter: 'DC3', source: 'nope', folder: 'ci', datastore: 'fast' }),
    ).toMatchObject([
      {
        input: 'datacenter',
        reason: 'none',
        near: [
          { id: 'datacenter-2', name: 'DC1' },
          { id: 'datacenter-102', name: 'DC2' },
        ],
      },
      { input: 'source', reason: 'none' },
    ]);
  });

  it('are not blamed for an id of a datacenter that does not exist', async () => {
    const { problems } = await start();
    expect(await problems({ datacenter: 'datacenter-9', folder: 'ci', datastore: 'fast' })).toMatchObject([
      { input: 'datacenter', reason: 'none', asked: 'datacenter-9', available: [{ id: 'datacenter-2' }] },
    ]);
  });
});

describe('the message of several', () => {
  it('A18: is a sentence, and a line for each', async () => {
    const { resolve } = await start();
    const error = await resolve({ folder: 'x', datastore: 'xyzzy' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^These inputs do not name exactly one object each:\nfolder: .*\ndatastore: .*$/,
      ),
    });
  });
});

describe('disks', () => {
  it('that have no such label are reported with the labels there are', async () => {
    const { texts } = await start();
    expect(await texts({ 'disks-to-remove': ['hard disk 2'] })).toEqual([
      "disks-to-remove: there is no disk 'hard disk 2' in the source. There are: 'Hard disk 2' (2001), 'Hard disk 1' (2000).",
    ]);
  });

  it('must not be in both lists, by id and by label', async () => {
    const { texts } = await start();
    expect(
      await texts({ 'disks-to-remove': ['2001'], 'disks-to-update': { 'Hard disk 2': 'fast' } }),
    ).toEqual([
      "disks-to-update: 'Hard disk 2' is 'Hard disk 2' (2001), and that disk is named before. It stands in 'disks-to-remove' already; name each disk once.",
    ]);
  });

  it('must not be updated twice', async () => {
    const { problems } = await start();
    expect(await problems({ 'disks-to-update': { '2001': 'fast', 'Hard disk 2': 'bulk' } })).toMatchObject([
      { input: 'disks-to-update', reason: 'device-twice', candidates: [{ id: '2001' }] },
    ]);
  });

  it('of a source that is not there or a template say so', async () => {
    const { texts } = await start();
    expect(await texts({ source: 'vm-44', 'disks-to-remove': ['Hard disk 2'] })).toEqual([
      `source: there is no VM 'vm-44'. ${TEMPLATE}`,
    ]);
  });
});
