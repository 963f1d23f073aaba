import { describe, expect, it } from 'vitest';
import { storedName } from '../../simulator/inventory.ts';
import { refusal, useVcenter } from '../../support/vcenter-fixture.ts';

const start = useVcenter();

const lists: readonly (readonly [string, readonly string[]])[] = [
  ['/api/vcenter/vm', ['vm-42', 'vm-43', 'vm-45', 'vm-142']],
  ['/api/vcenter/vm?names=ubuntu-24.04', ['vm-42', 'vm-142']],
  ['/api/vcenter/vm?names=ubuntu-24.04&datacenters=datacenter-2', ['vm-42']],
  ['/api/vcenter/vm?names=windows-2025&names=build-agent', ['vm-43', 'vm-45']],
  ['/api/vcenter/vm?names=Ubuntu-24.04', []],
  ['/api/vcenter/vm?names=golden-template', []],
  ['/api/vcenter/vm?names=', ['vm-42', 'vm-43', 'vm-45', 'vm-142']],
  ['/api/vcenter/vm?folders=group-v21', ['vm-45']],
  ['/api/vcenter/vm?power_states=POWERED_ON', ['vm-45']],
  ['/api/vcenter/vm?clusters=domain-c107', ['vm-142']],
  ['/api/vcenter/datacenter?names=DC2', ['datacenter-102']],
  ['/api/vcenter/folder?names=ci', ['group-v21', 'group-v121']],
  ['/api/vcenter/folder?names=base&parent_folders=group-v21', ['group-v22']],
  ['/api/vcenter/folder?type=NETWORK&datacenters=datacenter-2', ['group-n6']],
  ['/api/vcenter/cluster?names=cluster-a', ['domain-c7', 'domain-c107']],
  ['/api/vcenter/host?standalone=true', ['host-112']],
  ['/api/vcenter/host?clusters=domain-c7', ['host-9', 'host-10']],
  ['/api/vcenter/resource-pool?names=Resources&datacenters=datacenter-2', ['resgroup-8', 'resgroup-14']],
  ['/api/vcenter/resource-pool?names=Resources&hosts=host-112', ['resgroup-113']],
  ['/api/vcenter/resource-pool?parent_resource_pools=resgroup-8', ['resgroup-31']],
  ['/api/vcenter/datastore?types=NFS', ['datastore-16']],
  [
    '/api/vcenter/network?types=DISTRIBUTED_PORTGROUP',
    ['dvportgroup-18', 'dvportgroup-19', 'dvportgroup-119'],
  ],
  ['/api/vcenter/guest/customization-specs?OS_type=LINUX', ['linux-dhcp']],
];

describe('lists', () => {
  it.each(lists)('GET %s', async (path, ids) => {
    const { client } = await start({ seed: 'two-datacenters' });
    const reply = await client.call('GET', path);
    const key = /vcenter\/(?:guest\/)?([a-z-]+)/.exec(path)?.[1]?.replace('-', '_') ?? '';
    const found = (reply.body as Record<string, string>[]).map((item) => item[key] ?? item['name']);
    expect(found).toEqual(ids);
  });

  it('refuse to be longer than their limit, and allow it exactly', async () => {
    const { vcenter, client } = await start();
    const folder = vcenter.addFolder({ name: 'many', parent: 'group-v3' }).id;
    for (let count = 0; count < 4000; count += 1) vcenter.addVm({ name: `vm ${count}`, folder });
    expect((await client.call('GET', `/api/vcenter/vm?folders=${folder}`)).body).toHaveLength(4000);
    const reply = await client.call('GET', '/api/vcenter/vm');
    expect(reply.status).toBe(500);
    expect(refusal(reply.body).errorType).toBe('UNABLE_TO_ALLOCATE_RESOURCE');
  });

  it('do not hold what the user may not see', async () => {
    const { client } = await start({
      behaviour: { deny: [{ privilege: 'System.View', object: 'group-v22' }] },
    });
    expect((await client.call('GET', '/api/vcenter/vm')).body).toMatchObject([{ vm: 'vm-45' }]);
  });
});

describe('names', () => {
  it.each([
    ['a/b', 'a%2fb'],
    ['a\\b', 'a%5cb'],
    ['100%', '100%25'],
    ['a%2fb', 'a%2fb'],
    ['plain', 'plain'],
  ])('%s is kept as %s', async (name, stored) => {
    expect(storedName(name)).toBe(stored);
    const { vcenter, client } = await start();
    vcenter.addVm({ name, folder: 'group-v24' });
    const found = await client.call('GET', `/api/vcenter/vm?names=${encodeURIComponent(stored)}`);
    expect(found.body).toMatchObject([{ name: stored }]);
    if (name !== stored) {
      expect((await client.call('GET', `/api/vcenter/vm?names=${encodeURIComponent(name)}`)).body).toEqual(
        [],
      );
    }
  });

  it('of a VM are unique in a folder only, and ids are never used twice', async () => {
    const { vcenter, client } = await start({ behaviour: { cloneDuration: 0 } });
    for (const folder of ['group-v23', 'group-v24']) {
      expect((await client.clone({ source: 'vm-42', name: 'twin', placement: { folder } })).status).toBe(202);
    }
    const ids = vcenter
      .vms()
      .filter((vm) => vm.name === 'twin')
      .map((vm) => vm.id);
    expect(ids).toEqual(['vm-1001', 'vm-1002']);
    vcenter.remove('vm-1002');
    expect(vcenter.addVm({ name: 'next', folder: 'group-v24' }).id).toBe('vm-1003');
  });
});

describe('one object', () => {
  it.each([
    '/api/vcenter/vm/vm-44',
    '/api/vcenter/vm/vm-44/power',
    '/api/vcenter/vm/vm-9999',
    '/api/vcenter/cluster/domain-c9',
    '/api/vcenter/datacenter/datacenter-9',
    '/api/vcenter/resource-pool/resgroup-9',
  ])('GET %s answers 404 NOT_FOUND: a template is not there either', async (path) => {
    const { client } = await start();
    const reply = await client.call('GET', path);
    expect(reply.status).toBe(404);
    expect(refusal(reply.body)).toEqual({
      errorType: 'NOT_FOUND',
      id: expect.stringMatching(/\.not_found$/),
    });
  });

  it('a VM tells its disks and adapters, but not where it is', async () => {
    const { client } = await start();
    const { body } = await client.call('GET', '/api/vcenter/vm/vm-42');
    expect(body).toMatchObject({
      name: 'ubuntu-24.04',
      disks: { 2000: { label: 'Hard disk 1' }, 2001: { label: 'Hard disk 2' } },
      nics: { 4000: { mac_address: expect.stringMatching(/^00:50:56:/) } },
    });
    expect(body).not.toHaveProperty('folder');
  });

  it('a datacenter and a cluster tell their roots', async () => {
    const { client } = await start();
    expect((await client.call('GET', '/api/vcenter/datacenter/datacenter-2')).body).toMatchObject({
      vm_folder: 'group-v3',
    });
    expect((await client.call('GET', '/api/vcenter/cluster/domain-c7')).body).toEqual({
      name: 'cluster-a',
      resource_pool: 'resgroup-8',
    });
  });
});
