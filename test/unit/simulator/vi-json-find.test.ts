import { describe, expect, it } from 'vitest';
import {
  idOf,
  propertiesOf,
  propertiesVia,
  readResult,
  ref,
  startViVcenter,
  typed,
} from '../../support/vi-client.ts';

const findByPath = 'SearchIndex/SearchIndex/FindByInventoryPath';
const findChild = 'SearchIndex/SearchIndex/FindChild';
const continuing = 'PropertyCollector/propertyCollector/ContinueRetrievePropertiesEx';
const vmPaths = ['name', 'parent', 'resourcePool', 'config.template', 'runtime.powerState', 'snapshot'];

describe('looking up by path', () => {
  it.each([
    ['DC1/vm/ci/base/golden-template', 'VirtualMachine', 'vm-44'],
    ['/DC1/vm/ci/base/ubuntu-24.04/', 'VirtualMachine', 'vm-42'],
    ['DC1', 'Datacenter', 'datacenter-2'],
    ['DC1/vm', 'Folder', 'group-v3'],
    ['DC1/host/cluster-a', 'ClusterComputeResource', 'domain-c7'],
    ['DC1/host/cluster-a/Resources/ci-pool', 'ResourcePool', 'resgroup-31'],
    ['DC1/datastore/fast', 'Datastore', 'datastore-15'],
    ['DC1/network/ci-net', 'DistributedVirtualPortgroup', 'dvportgroup-18'],
    ['DC2/host/esxi-12.example.test', 'ComputeResource', 'domain-s112'],
  ])('V18: %s is the %s %s', async (inventoryPath, type, value) => {
    const { post } = await startViVcenter({ seed: 'two-datacenters' });
    expect((await post(findByPath, { inventoryPath })).body).toEqual(ref(type, value));
  });

  it('V18: what is not there, or may not be seen, is null', async () => {
    const { post, vcenter } = await startViVcenter();
    const inventoryPath = 'DC1/vm/ci/base/golden-template';
    expect((await post(findByPath, { inventoryPath: `${inventoryPath}2` })).body).toBeNull();
    vcenter.behaviour.deny = [{ privilege: 'System.View', object: 'vm-44' }];
    expect((await post(findByPath, { inventoryPath })).body).toBeNull();
  });

  it('V15: names are in their stored form', async () => {
    const { post, get, vcenter } = await startViVcenter();
    const vm = vcenter.addVm({ name: '50%/a', folder: 'group-v22', template: true });
    const found = await post(findByPath, { inventoryPath: 'DC1/vm/ci/base/50%25%2fa' });
    expect(found.body).toEqual(ref('VirtualMachine', vm.id));
    expect((await get(`VirtualMachine/${vm.id}/name`)).body).toBe('50%25%2fa');
  });

  it('V18: a child of a folder', async () => {
    const { post } = await startViVcenter();
    const child = (name: string, entity = ref('Folder', 'group-v22')) => post(findChild, { entity, name });
    expect((await child('golden-template')).body).toEqual(ref('VirtualMachine', 'vm-44'));
    expect((await child('nothing')).body).toBeNull();
    expect((await child('vm', ref('Datacenter', 'datacenter-2'))).body).toEqual(ref('Folder', 'group-v3'));
    expect((await child('a', ref('Folder', 'group-v99'))).body).toMatchObject({
      _typeName: 'ManagedObjectNotFound',
    });
  });
});

describe('looking up by name', () => {
  const inRoot = { container: ref('Folder', 'group-d1'), type: ['VirtualMachine'], recursive: true };

  it('V19: a view shows all VMs, templates among them', async () => {
    const { post, retrieve, vcenter } = await startViVcenter({ seed: 'two-datacenters' });
    const view = idOf(await post('ViewManager/ViewManager/CreateContainerView', inRoot));
    const wanted = { type: 'VirtualMachine', pathSet: ['name', 'config.template'] };
    const found = readResult(
      await retrieve(propertiesVia({ type: 'ContainerView', id: view, path: 'view' }, wanted)),
    );
    expect(Object.keys(found)).toEqual(vcenter.vms().map(({ id }) => id));
    expect(found['vm-44']).toEqual({ name: 'golden-template', 'config.template': true });
  });

  it('V19: a view of a datacenter, or of one folder, shows what is there', async () => {
    const { post, get } = await startViVcenter({ seed: 'two-datacenters' });
    const show = async (parameters: object) => {
      const view = idOf(await post('ViewManager/ViewManager/CreateContainerView', parameters));
      const { body } = await get(`ContainerView/${encodeURIComponent(view)}/view`);
      return (body as readonly { readonly value: string }[]).map(({ value }) => value);
    };
    const inDatacenter = { ...inRoot, container: ref('Datacenter', 'datacenter-102') };
    expect(await show(inDatacenter)).toEqual(['vm-142', 'vm-144']);
    const inFolder = { container: ref('Folder', 'group-v21'), recursive: false };
    expect(await show(inFolder)).toEqual(['group-v22', 'group-v23', 'vm-45']);
  });

  it('V21: a view ends when it is destroyed, and with its session', async () => {
    const client = await startViVcenter();
    const { post, get, vcenter } = client;
    const create = async () => idOf(await post('ViewManager/ViewManager/CreateContainerView', inRoot));
    const first = encodeURIComponent(await create());
    const second = encodeURIComponent(await create());
    expect(await post(`ContainerView/${first}/DestroyView`)).toMatchObject({ status: 204 });
    const gone = { status: 500, body: { _typeName: 'ManagedObjectNotFound' } };
    expect(await get(`ContainerView/${first}/view`)).toMatchObject(gone);
    expect(await get(`ContainerView/${second}/view`)).toMatchObject({ status: 200 });
    const { username: userName, password } = vcenter;
    const login = await post('SessionManager/SessionManager/Login', { userName, password });
    client.useToken(login.header('vmware-api-session-id') ?? '');
    expect(await get(`ContainerView/${second}/view`)).toMatchObject(gone);
  });

  it('V22: a result comes in parts, until there is no token any more', async () => {
    const { post, retrieve, vcenter } = await startViVcenter({ behaviour: { viPageSize: 3 } });
    for (let count = 0; count < 4; count += 1) vcenter.addVm({ name: `vm ${count}`, folder: 'group-v24' });
    const view = idOf(await post('ViewManager/ViewManager/CreateContainerView', inRoot));
    const wanted = { type: 'VirtualMachine', pathSet: ['name'] };
    const query = (options?: object) =>
      propertiesVia({ type: 'ContainerView', id: view, path: 'view' }, wanted, { ...options });
    const sizes: number[] = [];
    let reply = await retrieve(query());
    const tokens: string[] = [];
    for (;;) {
      sizes.push(Object.keys(readResult(reply)).length);
      const { token } = reply.body as { readonly token?: string };
      if (token === undefined) break;
      tokens.push(token);
      reply = await post(continuing, { token });
    }
    expect(sizes).toEqual([3, 3, 2]);
    expect(Object.keys(readResult(await retrieve(query({ maxObjects: 2 }))))).toHaveLength(2);
    expect(await post(continuing, { token: tokens[0] })).toMatchObject({
      body: { _typeName: 'InvalidArgument', invalidProperty: 'token' },
    });
  });
});

describe('the properties of a VM', () => {
  it('V20: a template says that it is one, and has no pool', async () => {
    const { retrieve, rest } = await startViVcenter();
    const reply = await retrieve(propertiesOf('VirtualMachine', 'vm-44', ...vmPaths, 'config.annotation'));
    expect(readResult(reply)['vm-44']).toEqual({
      name: 'golden-template',
      parent: ref('Folder', 'group-v22'),
      'config.template': true,
      'config.annotation': 'Ubuntu 24.04 with Tools and cloud-init.',
      'runtime.powerState': 'poweredOff',
      snapshot: expect.objectContaining({
        currentSnapshot: ref('VirtualMachineSnapshot', 'snapshot-73'),
      }) as unknown,
    });
    expect(await rest('GET', '/api/vcenter/vm/vm-44')).toMatchObject({ status: 404 });
    expect(JSON.stringify((await rest('GET', '/api/vcenter/vm')).body)).not.toContain('vm-44');
  });

  it('V20: a VM whose configuration vCenter cannot read has none', async () => {
    const { retrieve, get, vcenter } = await startViVcenter();
    const vm = vcenter.vm('vm-43');
    if (vm) vm.inaccessible = true;
    const paths = ['config.template', 'config', 'runtime.connectionState'];
    expect(readResult(await retrieve(propertiesOf('VirtualMachine', 'vm-43', ...paths)))).toEqual({
      'vm-43': { 'runtime.connectionState': 'inaccessible' },
    });
    expect((await get('VirtualMachine/vm-43/config')).body).toBeNull();
  });

  it('V16: disks and network cards have numbers for keys', async () => {
    const { retrieve } = await startViVcenter();
    const path = 'config.hardware.device';
    const found = readResult(await retrieve(propertiesOf('VirtualMachine', 'vm-42', path)));
    expect(found['vm-42']?.[path]).toMatchObject([
      { _typeName: 'ParaVirtualSCSIController', key: 1000 },
      { _typeName: 'VirtualDisk', key: 2000, deviceInfo: { label: 'Hard disk 1' }, capacityInKB: 41943040 },
      { _typeName: 'VirtualDisk', key: 2001 },
      { _typeName: 'VirtualVmxnet3', key: 4000, backing: { deviceName: 'VM Network' } },
    ]);
  });

  it('V9: where any type may stand, primitives, enumerations and lists are boxed', async () => {
    const { retrieve } = await startViVcenter();
    const paths = ['name', 'config.template', 'runtime.powerState', 'config.extraConfig', 'runtime.host'];
    const { body } = await retrieve(propertiesOf('VirtualMachine', 'vm-45', ...paths));
    const [content] = (body as { readonly objects: readonly { readonly propSet: unknown }[] }).objects;
    expect(content?.propSet).toMatchObject([
      { val: { _typeName: 'string', _value: 'build-agent' } },
      { val: { _typeName: 'boolean', _value: false } },
      { val: { _typeName: 'VirtualMachinePowerState', _value: 'poweredOn' } },
      { val: { _typeName: 'ArrayOfOptionValue', _value: [] } },
      { val: ref('HostSystem', 'host-9') },
    ]);
  });

  it('all of them, each by itself too', async () => {
    const { get, retrieve } = await startViVcenter();
    const propSet = [typed('PropertySpec', { type: 'ManagedEntity', all: true })];
    const objectSet = [typed('ObjectSpec', { obj: ref('VirtualMachine', 'vm-42') })];
    const specSet = [typed('PropertyFilterSpec', { propSet, objectSet })];
    const found = readResult(await retrieve({ specSet, options: typed('RetrieveOptions') }))['vm-42'] ?? {};
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining(['name', 'config', 'runtime', 'datastore', 'network', 'recentTask', 'snapshot']),
    );
    for (const [name, value] of Object.entries(found)) {
      expect((await get(`VirtualMachine/vm-42/${name}`)).body).toEqual(value);
    }
  });

  it('V35, V36: snapshots are a tree with times, and names may be there twice', async () => {
    const { get, vcenter } = await startViVcenter();
    vcenter.addSnapshot({
      ...{ vm: 'vm-42', name: 'configured', parent: 'snapshot-71', current: false },
      createTime: '2025-01-02T03:04:05Z',
    });
    expect((await get('VirtualMachine/vm-42/snapshot')).body).toMatchObject({
      currentSnapshot: { value: 'snapshot-72' },
      rootSnapshotList: [
        {
          ...{ name: 'installed', id: 1, state: 'poweredOff', snapshot: { value: 'snapshot-71' } },
          childSnapshotList: [
            { name: 'configured', snapshot: { value: 'snapshot-72' } },
            { name: 'configured', createTime: '2025-01-02T03:04:05Z' },
          ],
        },
      ],
    });
    expect((await get('VirtualMachineSnapshot/snapshot-71/vm')).body).toEqual(ref('VirtualMachine', 'vm-42'));
    expect((await get('VirtualMachine/vm-43/snapshot')).body).toBeNull();
  });

  it('V6: what may not be read is in missingSet, or the fault of a GET; also what only a host refuses', async () => {
    const { retrieve, get, vcenter } = await startViVcenter();
    vcenter.behaviour.deny = [{ privilege: 'System.Read', object: 'vm-42' }];
    vcenter.behaviour.viUnreadable = ({ path }) =>
      path === 'parent'
        ? { name: 'NotAuthenticated', fields: { object: ref('HostSystem', 'host-9') } }
        : undefined;
    const { status, body } = await retrieve(
      propertiesOf('VirtualMachine', 'vm-42', 'name', 'parent', 'snapshot'),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      objects: [
        {
          propSet: [{ name: 'name' }],
          missingSet: [
            { path: 'parent', fault: { _typeName: 'NotAuthenticated', object: { value: 'host-9' } } },
            { path: 'snapshot', fault: { _typeName: 'NoPermission', privilegeId: 'System.Read' } },
          ],
        },
      ],
    });
    expect(await get('VirtualMachine/vm-42/snapshot')).toMatchObject({
      status: 500,
      body: { _typeName: 'NoPermission' },
    });
  });

  it('a path that there is not is InvalidProperty; an object that there is not ends it all, unless told otherwise', async () => {
    const { retrieve } = await startViVcenter();
    for (const path of ['nothing', 'config.nothing', 'name.first']) {
      expect(await retrieve(propertiesOf('VirtualMachine', 'vm-42', path))).toMatchObject({
        status: 500,
        body: { _typeName: 'InvalidProperty', name: path },
      });
    }
    const query = propertiesOf('VirtualMachine', 'vm-999', 'name');
    expect(await retrieve(query)).toMatchObject({
      status: 500,
      body: { _typeName: 'ManagedObjectNotFound' },
    });
    const [filter] = query['specSet'] as readonly object[];
    const lenient = { ...query, specSet: [{ ...filter, reportMissingObjectsInResults: true }] };
    expect((await retrieve(lenient)).body).toBeNull();
  });

  it.each([
    ['null', 200, 'null'],
    ['empty', 200, ''],
    ['204', 204, ''],
  ] as const)('V11: what is not set is told by %s', async (viUnset, status, text) => {
    const { get, post } = await startViVcenter({ behaviour: { viUnset } });
    const unset = { status, text };
    expect(await get('Folder/group-d1/parent')).toMatchObject(unset);
    expect(await get('VirtualMachine/vm-44/resourcePool')).toMatchObject(unset);
    expect(await post(findByPath, { inventoryPath: 'nothing' })).toMatchObject(unset);
  });
});

describe('the way to a pool', () => {
  it('V23: from a cluster, from a host in one, and from a standalone host', async () => {
    const { retrieve } = await startViVcenter({ seed: 'two-datacenters' });
    const read = async (type: string, id: string, path: string) =>
      readResult(await retrieve(propertiesOf(type, id, path)))[id]?.[path];
    expect(await read('ClusterComputeResource', 'domain-c7', 'resourcePool')).toEqual(
      ref('ResourcePool', 'resgroup-8'),
    );
    expect(await read('HostSystem', 'host-9', 'parent')).toEqual(ref('ClusterComputeResource', 'domain-c7'));
    expect(await read('HostSystem', 'host-112', 'parent')).toEqual(ref('ComputeResource', 'domain-s112'));
    expect(await read('ComputeResource', 'domain-s112', 'resourcePool')).toEqual(
      ref('ResourcePool', 'resgroup-113'),
    );
    expect(await read('ResourcePool', 'resgroup-31', 'owner')).toEqual(
      ref('ClusterComputeResource', 'domain-c7'),
    );
  });

  it('folders, from the root to a VM and back', async () => {
    const { get } = await startViVcenter();
    expect((await get('Folder/group-d1/childEntity')).body).toEqual([ref('Datacenter', 'datacenter-2')]);
    expect((await get('Datacenter/datacenter-2/vmFolder')).body).toEqual(ref('Folder', 'group-v3'));
    expect((await get('Folder/group-v22/childEntity')).body).toContainEqual(ref('VirtualMachine', 'vm-44'));
    expect((await get('VirtualMachine/vm-44/parent')).body).toEqual(ref('Folder', 'group-v22'));
    expect((await get('Folder/group-v3/parent')).body).toEqual(ref('Datacenter', 'datacenter-2'));
    expect((await get('Folder/group-v22/name')).body).toBe('base');
  });
});
