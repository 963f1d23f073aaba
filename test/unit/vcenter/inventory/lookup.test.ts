import { describe, expect, it } from 'vitest';
import { VcenterError } from '../../../../src/vcenter/transport/error.ts';
import { useResolver } from '../../../support/inventory-fixture.ts';

const start = useResolver();

describe('ids', () => {
  it('cost no call and are not checked', async () => {
    const { resolve, asked } = await start();
    const placement = await resolve({
      source: 'vm-9999',
      datacenter: 'datacenter-2',
      folder: 'group-v21',
      'resource-pool': 'resgroup-31',
      cluster: 'domain-c7',
      host: 'id:anything',
      datastore: 'datastore-15',
      'disks-to-remove': ['2001'],
      'disks-to-update': { '2000': 'datastore-16' },
    });
    expect(placement).toEqual({
      source: 'vm-9999',
      datacenter: 'datacenter-2',
      folder: 'group-v21',
      resourcePool: 'resgroup-31',
      cluster: 'domain-c7',
      host: 'anything',
      datastore: 'datastore-15',
      disksToRemove: ['2001'],
      disksToUpdate: [{ disk: '2000', datastore: 'datastore-16' }],
      networks: [],
      tags: [],
    });
    expect(asked()).toEqual([]);
  });
});

describe('names', () => {
  it('are looked up side by side, one call each', async () => {
    const { vcenter, resolve, lookUps } = await start();
    vcenter.behaviour.latency = 400;
    const placement = await resolve({
      source: 'ubuntu-24.04',
      folder: 'pull-requests',
      'resource-pool': 'ci-pool',
      host: 'esxi-01.example.test',
      datastore: 'fast',
    });
    expect(placement).toEqual({
      source: 'vm-42',
      folder: 'group-v23',
      resourcePool: 'resgroup-31',
      host: 'host-9',
      datastore: 'datastore-15',
      disksToRemove: [],
      disksToUpdate: [],
      networks: [],
      tags: [],
    });
    expect(lookUps().map(({ inFlightAtArrival }) => inFlightAtArrival)).toEqual([0, 1, 2, 3, 4]);
  });

  it('wait for the id of a datacenter that is a name, and are narrowed by it', async () => {
    const { vcenter, resolve, asked, lookUps } = await start({ seed: 'two-datacenters' });
    vcenter.behaviour.latency = 400;
    const placement = await resolve({
      source: 'ubuntu-24.04',
      datacenter: 'DC2',
      folder: 'ci',
      datastore: 'fast',
    });
    expect(placement).toMatchObject({
      source: 'vm-142',
      datacenter: 'datacenter-102',
      folder: 'group-v121',
      datastore: 'datastore-115',
    });
    expect(asked()[0]).toBe('datacenter names=DC2');
    expect(new Set(asked().slice(1))).toEqual(
      new Set([
        'vm names=ubuntu-24.04 datacenters=datacenter-102',
        'folder names=ci type=VIRTUAL_MACHINE datacenters=datacenter-102',
        'datastore names=fast datacenters=datacenter-102',
      ]),
    );
    expect(lookUps().map(({ inFlightAtArrival }) => inFlightAtArrival)).toEqual([0, 0, 1, 2]);
  });

  it('are narrowed by the id of a datacenter without a step more', async () => {
    const { resolve, asked } = await start({ seed: 'two-datacenters' });
    await expect(resolve({ source: 'ubuntu-24.04', datacenter: 'datacenter-2' })).resolves.toMatchObject({
      source: 'vm-42',
    });
    expect(asked()).toEqual(['vm names=ubuntu-24.04 datacenters=datacenter-2']);
  });

  it('are asked for once where two inputs share one', async () => {
    const { resolve, asked } = await start();
    const placement = await resolve({
      datastore: 'fast',
      'disks-to-update': { '2000': 'fast', '2001': 'bulk' },
    });
    expect(placement).toMatchObject({
      datastore: 'datastore-15',
      disksToUpdate: [
        { disk: '2000', datastore: 'datastore-15' },
        { disk: '2001', datastore: 'datastore-16' },
      ],
    });
    expect([...asked()].sort()).toEqual(['datastore names=bulk', 'datastore names=fast']);
  });

  it('with a slash are looked for in the form that vCenter stores', async () => {
    const { vcenter, resolve, lookUps } = await start();
    vcenter.addFolder({ name: 'a/b', parent: 'group-v3', id: 'group-v90' });
    vcenter.addFolder({ name: '100%', parent: 'group-v3', id: 'group-v91' });
    await expect(resolve({ folder: 'name:a/b' })).resolves.toMatchObject({ folder: 'group-v90' });
    await expect(resolve({ folder: 'a%2fb' })).resolves.toMatchObject({ folder: 'group-v90' });
    await expect(resolve({ folder: 'a%2Fb' })).resolves.toMatchObject({ folder: 'group-v90' });
    await expect(resolve({ folder: '100%' })).resolves.toMatchObject({ folder: 'group-v91' });
    expect(lookUps()[0]?.query['names']).toContain('a%2fb');
  });

  it('are compared with what comes back', async () => {
    const { vcenter, problems } = await start();
    vcenter.fault({
      operation: 'GET /api/vcenter/folder',
      kind: 'custom',
      times: Number.POSITIVE_INFINITY,
      answer: { status: 200, body: [{ folder: 'group-v99', name: 'elsewhere', type: 'VIRTUAL_MACHINE' }] },
    });
    expect(await problems({ folder: 'ci' })).toMatchObject([{ input: 'folder', reason: 'none' }]);
  });

  it('are case-sensitive', async () => {
    const { problems } = await start();
    expect(await problems({ folder: 'CI' })).toMatchObject([
      { reason: 'none', near: [{ id: 'group-v21', name: 'ci' }] },
    ]);
  });
});

describe('resource pools', () => {
  it('called Resources come from the cluster', async () => {
    const { resolve, asked } = await start();
    await expect(resolve({ 'resource-pool': 'Resources', cluster: 'domain-c12' })).resolves.toMatchObject({
      resourcePool: 'resgroup-14',
    });
    expect(asked()).toEqual(['cluster/domain-c12']);
  });

  it('called Resources wait for a cluster that is a name, since the name alone does not do', async () => {
    const { resolve, asked } = await start();
    await expect(resolve({ 'resource-pool': 'Resources', cluster: 'cluster-b' })).resolves.toMatchObject({
      cluster: 'domain-c12',
      resourcePool: 'resgroup-14',
    });
    expect(asked()).toHaveLength(3);
    expect(asked()[2]).toBe('cluster/domain-c12');
  });

  it('do not wait for the cluster where the name alone does', async () => {
    const { resolve, asked } = await start();
    await expect(resolve({ 'resource-pool': 'ci-pool', cluster: 'cluster-a' })).resolves.toMatchObject({
      cluster: 'domain-c7',
      resourcePool: 'resgroup-31',
    });
    expect(asked()).toHaveLength(2);
  });

  it('are narrowed by the id of a cluster', async () => {
    const { resolve, asked } = await start({ seed: 'two-datacenters' });
    await expect(resolve({ 'resource-pool': 'ci-pool', cluster: 'domain-c107' })).resolves.toMatchObject({
      resourcePool: 'resgroup-131',
    });
    expect(asked()).toEqual(['resource-pool names=ci-pool clusters=domain-c107']);
  });

  it('of a standalone host are found by the host, given by id or by name', async () => {
    const { resolve } = await start({ seed: 'two-datacenters' });
    for (const host of ['host-112', 'esxi-12.example.test']) {
      await expect(resolve({ 'resource-pool': 'Resources', host })).resolves.toMatchObject({
        host: 'host-112',
        resourcePool: 'resgroup-113',
      });
    }
  });

  it('are looked for without the host where the pools of its cluster do not count as its own', async () => {
    const { vcenter, resolve, asked } = await start();
    vcenter.fault({
      operation: 'GET /api/vcenter/resource-pool',
      kind: 'custom',
      when: ({ query }) => query['hosts'] !== undefined,
      answer: { status: 200, body: [] },
    });
    await expect(resolve({ 'resource-pool': 'ci-pool', host: 'host-9' })).resolves.toMatchObject({
      resourcePool: 'resgroup-31',
    });
    expect(asked()).toEqual(['resource-pool names=ci-pool hosts=host-9', 'resource-pool names=ci-pool']);
  });
});

describe('disks', () => {
  it('are found by their labels in one call, beside the other look-ups', async () => {
    const { vcenter, resolve, lookUps } = await start();
    vcenter.behaviour.latency = 400;
    const placement = await resolve({
      folder: 'ci',
      'disks-to-remove': ['Hard disk 2', '2001'],
      'disks-to-update': { 'Hard disk 1': 'fast' },
    });
    expect(placement).toMatchObject({
      disksToRemove: ['2001'],
      disksToUpdate: [{ disk: '2000', datastore: 'datastore-15' }],
    });
    expect(lookUps().map(({ inFlightAtArrival }) => inFlightAtArrival)).toEqual([0, 1, 2]);
  });

  it('wait for a source that is a name', async () => {
    const { resolve, asked } = await start();
    await expect(
      resolve({ source: 'ubuntu-24.04', 'disks-to-remove': ['Hard disk 2'] }),
    ).resolves.toMatchObject({
      source: 'vm-42',
      disksToRemove: ['2001'],
    });
    expect(asked()).toEqual(['vm names=ubuntu-24.04', 'vm/vm-42']);
  });
});

describe('a location', () => {
  it('is a datacenter and a folder', async () => {
    const { locate, asked } = await start({ seed: 'two-datacenters' });
    await expect(locate({ datacenter: 'DC2', folder: 'ci' })).resolves.toEqual({
      datacenter: 'datacenter-102',
      folder: 'group-v121',
    });
    expect(asked()).toHaveLength(2);
  });

  it('may be empty, and costs nothing then', async () => {
    const { locate, asked } = await start();
    await expect(locate({})).resolves.toEqual({});
    expect(asked()).toEqual([]);
  });
});

describe('other failures', () => {
  it('pass through, and end what is still under way', async () => {
    const { vcenter, resolve, lookUps } = await start();
    vcenter.fault({ operation: 'GET /api/vcenter/datastore', kind: 'late' });
    vcenter.fault({
      operation: 'GET /api/vcenter/folder',
      kind: 'custom',
      answer: { status: 403, body: { error_type: 'UNAUTHORIZED', messages: [] } },
    });
    const failure = await resolve({ folder: 'ci', datastore: 'fast' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(VcenterError);
    expect(failure).toMatchObject({ operation: 'GET /api/vcenter/folder', status: 403 });
    expect(
      lookUps().find(({ operation }) => operation === 'GET /api/vcenter/datastore')?.status,
    ).toBeUndefined();
  });

  it('of a datacenter that nothing waits for is thrown once and not left unobserved', async () => {
    const { vcenter, resolve } = await start();
    vcenter.fault({
      operation: 'GET /api/vcenter/datacenter',
      kind: 'custom',
      answer: { status: 403, body: { error_type: 'UNAUTHORIZED', messages: [] } },
    });
    await expect(resolve({ datacenter: 'DC1' })).rejects.toMatchObject({ status: 403 });
  });

  it('that pass by themselves are repeated', async () => {
    const { vcenter, resolve } = await start();
    vcenter.fault({ operation: 'GET /api/vcenter/folder', kind: '503-text' });
    await expect(resolve({ folder: 'ci' })).resolves.toMatchObject({ folder: 'group-v21' });
  });

  it('of an answer that is no list are not taken for an empty one', async () => {
    const { vcenter, resolve } = await start();
    vcenter.fault({
      operation: 'GET /api/vcenter/folder',
      kind: 'custom',
      answer: { status: 200, body: { value: [] } },
    });
    await expect(resolve({ folder: 'ci' })).rejects.toMatchObject({ failure: 'unreadable' });
  });

  it('are the reason of the signal where that ends the run', async () => {
    const { vcenter, resolve, abort } = await start();
    vcenter.fault({ operation: 'GET /api/vcenter/folder', kind: 'late' });
    const arrived = vcenter.on({ operation: 'GET /api/vcenter/folder', when: 'received' });
    const resolved = resolve({ folder: 'ci', datastore: 'fast' });
    const reason = new Error('told to end');
    await Promise.all([arrived.then(() => abort(reason)), expect(resolved).rejects.toBe(reason)]);
  });
});
