import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../simulator/operations.ts';
import { type Exchange, startVcenter, type Vcenter } from '../simulator/vcenter.ts';
import { type CallOptions, clonePath, createPlainClient, type PlainClient } from '../support/client.ts';
import { checkExchanges, loadVsphereSpec, type VsphereSpec } from './vsphere-spec.ts';

const file = process.env['VSPHERE_API_SPEC'];
if (!file) {
  console.log("VSPHERE_API_SPEC is not set: exchanges are not checked against VMware's description.");
}

const offVm = 'vm-42';
const onVm = 'vm-45';
const cpu = `/api/vcenter/vm/${offVm}/hardware/cpu`;
const memory = `/api/vcenter/vm/${offVm}/hardware/memory`;
const nic = `/api/vcenter/vm/${offVm}/hardware/ethernet/4000`;
const customization = `/api/vcenter/vm/${offVm}/guest/customization`;
const tagging = '/api/cis/tagging';

/** Every list with each of its filters, and every read, as [path, status]. */
const reads: readonly (readonly [path: string, status: number])[] = [
  ['/api/session', 200],
  ['/api/vcenter/vm', 200],
  [
    `/api/vcenter/vm?vms=${offVm}&vms=${onVm}&names=ubuntu-24.04&folders=group-v22&datacenters=datacenter-2`,
    200,
  ],
  ['/api/vcenter/vm?hosts=host-9&clusters=domain-c7&resource_pools=resgroup-8&power_states=POWERED_ON', 200],
  ['/api/vcenter/vm?names=nobody', 200],
  [`/api/vcenter/vm/${offVm}`, 200],
  [`/api/vcenter/vm/${onVm}`, 200],
  ['/api/vcenter/vm/vm-44', 404],
  [`/api/vcenter/vm/${offVm}/power`, 200],
  [`/api/vcenter/vm/${onVm}/power`, 200],
  ['/api/vcenter/vm/vm-999/power', 404],
  [`/api/vcenter/vm/${offVm}/guest/power`, 200],
  [`/api/vcenter/vm/${onVm}/guest/power`, 200],
  [`/api/vcenter/vm/${onVm}/guest/identity`, 200],
  [`/api/vcenter/vm/${offVm}/guest/identity`, 503],
  ['/api/vcenter/vm/vm-999/guest/identity', 404],
  [`/api/vcenter/vm/${onVm}/guest/customization`, 200],
  ['/api/vcenter/vm/vm-999/guest/customization', 404],
  [`/api/vcenter/vm/${onVm}/guest/networking/interfaces`, 200],
  [`/api/vcenter/vm/${offVm}/guest/networking/interfaces`, 503],
  [`/api/vcenter/vm/${offVm}/tools`, 200],
  [`/api/vcenter/vm/${onVm}/tools`, 200],
  [cpu, 200],
  [memory, 200],
  ['/api/vcenter/vm/vm-999/hardware/cpu', 404],
  ['/api/vcenter/vm/vm-999/hardware/memory', 404],
  [`/api/vcenter/vm/${offVm}/hardware/disk`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/disk/2001`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/disk/2009`, 404],
  [`/api/vcenter/vm/${offVm}/hardware/ethernet`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/ethernet/4000`, 200],
  [`/api/vcenter/vm/${offVm}/hardware/ethernet/4009`, 404],
  ['/api/vcenter/datacenter?names=DC1&datacenters=datacenter-2&folders=group-d1', 200],
  ['/api/vcenter/datacenter/datacenter-2', 200],
  ['/api/vcenter/datacenter/datacenter-9', 404],
  ['/api/vcenter/folder?type=VIRTUAL_MACHINE&names=ci&parent_folders=group-v3&datacenters=datacenter-2', 200],
  ['/api/vcenter/folder?folders=group-v21', 200],
  ['/api/vcenter/cluster?names=cluster-a&clusters=domain-c7&folders=group-h4&datacenters=datacenter-2', 200],
  ['/api/vcenter/cluster/domain-c7', 200],
  ['/api/vcenter/cluster/domain-c9', 404],
  ['/api/vcenter/host?standalone=false&clusters=domain-c7&connection_states=CONNECTED', 200],
  [
    '/api/vcenter/host?hosts=host-9&names=esxi-01.example.test&folders=group-h4&datacenters=datacenter-2',
    200,
  ],
  ['/api/vcenter/resource-pool?names=ci-pool&parent_resource_pools=resgroup-8&datacenters=datacenter-2', 200],
  ['/api/vcenter/resource-pool?resource_pools=resgroup-31&hosts=host-9&clusters=domain-c7', 200],
  ['/api/vcenter/resource-pool/resgroup-8', 200],
  ['/api/vcenter/resource-pool/resgroup-9', 404],
  ['/api/vcenter/datastore?types=VMFS&names=fast&datastores=datastore-15', 200],
  ['/api/vcenter/datastore?folders=group-s5&datacenters=datacenter-2', 200],
  ['/api/vcenter/network?types=STANDARD_PORTGROUP&names=VM%20Network&networks=network-17', 200],
  ['/api/vcenter/network?folders=group-n6&datacenters=datacenter-2', 200],
  ['/api/vcenter/guest/customization-specs?names=linux-dhcp&OS_type=LINUX', 200],
  ['/api/cis/tasks/nothing', 404],
  [`${tagging}/category`, 200],
  [`${tagging}/category/nothing`, 404],
  [`${tagging}/tag`, 200],
  [`${tagging}/tag/nothing`, 404],
];

/** Clone specs that are refused, as [what, fields that are not as in the good one, status]. */
const refusedClones: readonly (readonly [what: string, change: object, status: number])[] = [
  ['a template', { source: 'vm-44' }, 404],
  ['an empty id', { source: '' }, 404],
  ['a taken name', { name: 'ubuntu-24.04', placement: { folder: 'group-v22' } }, 400],
  ['a long name', { name: 'x'.repeat(81) }, 400],
  ['a cluster without DRS', { placement: { cluster: 'domain-c12' } }, 400],
  ['a pool without DRS', { placement: { resource_pool: 'resgroup-14' } }, 400],
  ['a host of another cluster', { placement: { cluster: 'domain-c7', host: 'host-13' } }, 400],
  ['a folder for hosts', { placement: { folder: 'group-h4' } }, 400],
  ['two datacenters', { placement: { folder: 'group-v123' } }, 400],
  [
    'a disk in both lists',
    { disks_to_remove: ['2001'], disks_to_update: { 2001: { datastore: 'datastore-15' } } },
    400,
  ],
  ['an unknown disk', { disks_to_remove: ['2009'] }, 404],
  ['an unknown datastore', { placement: { datastore: 'datastore-9' } }, 404],
  ['an unknown customization', { guest_customization_spec: { name: 'nothing' } }, 404],
];

const cloudInit = (cloudinit: object, rest: object = {}) => ({
  spec: {
    configuration_spec: { cloud_config: { type: 'CLOUDINIT', cloudinit } },
    global_DNS_settings: {},
    interfaces: [{ adapter: {} }],
    ...rest,
  },
});
const metadata = 'instance-id: a\nlocal-hostname: a\n';
const linuxConfig = { hostname: { type: 'FIXED', fixed_name: 'a' }, domain: 'example.test' };
const windowsConfig = {
  reboot: 'REBOOT',
  sysprep: {
    user_data: {
      computer_name: { type: 'PREFIX', prefix: 'ci' },
      full_name: 'a',
      organization: 'b',
      product_key: '',
    },
    domain: { type: 'WORKGROUP', workgroup: 'W' },
    gui_unattended: { auto_logon: false, auto_logon_count: 0, time_zone: 85 },
  },
};
const ipSettings = {
  ipv4: { type: 'STATIC', ip_address: '10.0.0.2', prefix: 24, gateways: ['10.0.0.1'] },
  ipv6: { type: 'STATIC', ipv6: [{ ip_address: 'fd00::2', prefix: 64 }], gateways: [] },
  windows: { dns_servers: ['10.0.0.1'], net_BIOS_mode: 'ENABLE' },
};

/** Changes of the settings of a VM that is off, as [what, path, body, status]. */
const settings: readonly (readonly [what: string, path: string, body: object, status: number])[] = [
  ['CPUs', cpu, { count: 4 }, 204],
  [
    'everything about the CPUs',
    cpu,
    { count: 6, cores_per_socket: 3, hot_add_enabled: true, hot_remove_enabled: false },
    204,
  ],
  ['no change of the CPUs', cpu, {}, 204],
  ['CPUs that do not fill their sockets', cpu, { count: 7 }, 400],
  ['too many CPUs', cpu, { count: 769 }, 400],
  ['the CPUs of no VM', cpu.replace(offVm, 'vm-999'), { count: 2 }, 404],
  ['more CPUs of a VM that runs', cpu.replace(offVm, onVm), { count: 4 }, 400],
  ['memory', memory, { size_MiB: 8192 }, 204],
  ['hot add of memory', memory, { hot_add_enabled: true }, 204],
  ['memory that is not a multiple of 4 MiB', memory, { size_MiB: 4097 }, 400],
  ['the memory of no VM', memory.replace(offVm, 'vm-999'), { size_MiB: 4096 }, 404],
  ['the memory of a VM that runs', memory.replace(offVm, onVm), { size_MiB: 8192 }, 400],
  [
    'a distributed network',
    nic,
    { backing: { type: 'DISTRIBUTED_PORTGROUP', network: 'dvportgroup-19' } },
    204,
  ],
  ['an opaque network', nic, { backing: { type: 'OPAQUE_NETWORK', network: 'network-o21' } }, 204],
  [
    'a standard network',
    nic,
    { backing: { type: 'STANDARD_PORTGROUP', network: 'network-20' }, start_connected: true },
    204,
  ],
  ['a network of another type', nic, { backing: { type: 'OPAQUE_NETWORK', network: 'network-20' } }, 400],
  ['a device of the host', nic, { backing: { type: 'HOST_DEVICE' } }, 400],
  ['no network', nic, { backing: { type: 'STANDARD_PORTGROUP', network: 'network-9' } }, 404],
  ['no adapter', nic.replace('4000', '4009'), { start_connected: true }, 404],
  ['a stored customization', customization, { name: 'linux-dhcp' }, 204],
  ['data for cloud-init', customization, cloudInit({ metadata, userdata: '#cloud-config\n' }), 204],
  [
    'a customization of Linux',
    customization,
    cloudInit(
      {},
      {
        configuration_spec: { linux_config: linuxConfig },
        global_DNS_settings: { dns_servers: ['10.0.0.1'], dns_suffix_list: ['example.test'] },
        interfaces: [{ mac_address: '00:50:56:80:00:2a', adapter: ipSettings }],
      },
    ),
    204,
  ],
  [
    'a customization of Windows',
    customization,
    cloudInit({}, { configuration_spec: { windows_config: windowsConfig } }),
    204,
  ],
  ['no customization', customization, {}, 204],
  ['an unknown customization', customization, { name: 'nothing' }, 404],
  ['a customization of no VM', customization.replace(offVm, 'vm-999'), {}, 404],
  ['a customization of a VM that runs', customization.replace(offVm, onVm), cloudInit({ metadata }), 400],
  ['too many adapters', customization, cloudInit({ metadata }, { interfaces: [] }), 400],
  ['no configuration', customization, cloudInit({}, { configuration_spec: {} }), 400],
  ['too much user data', customization, cloudInit({ metadata, userdata: 'x'.repeat(524_289) }), 400],
];

/** Requests that no client may send, as [what, method, path, options, status]. */
const badRequests: readonly (readonly [string, string, string, CallOptions, number])[] = [
  ['an unknown filter', 'GET', '/api/vcenter/cluster?filter.names=a', {}, 400],
  ['an unknown enumeration value', 'GET', '/api/vcenter/vm?power_states=ON', {}, 400],
  ['a word for a boolean', 'GET', '/api/vcenter/host?standalone=yes', {}, 400],
  ['two values for one', 'GET', '/api/vcenter/folder?type=HOST&type=NETWORK', {}, 400],
  ['an empty filter', 'GET', '/api/vcenter/vm?names=', {}, 200],
  ['a wrapped spec', 'POST', clonePath, { body: { spec: { source: offVm, name: 'a' } } }, 400],
  ['a missing name', 'POST', clonePath, { body: { source: offVm } }, 400],
  ['a text for a boolean', 'POST', clonePath, { body: { source: offVm, name: 'a', power_on: 'true' } }, 400],
  ['null', 'POST', clonePath, { body: { source: offVm, name: 'a', placement: null } }, 400],
  ['a fraction of a CPU', 'PATCH', cpu, { body: { count: 1.5 } }, 400],
  ['a text for a number', 'PATCH', memory, { body: { size_MiB: '4096' } }, 400],
  ['a spelling of a later description', 'PATCH', memory, { body: { size_mib: 4096 } }, 400],
  ['a backing without a type', 'PATCH', nic, { body: { backing: { network: 'network-20' } } }, 400],
  [
    'a customization without DNS settings',
    'PUT',
    customization,
    { body: cloudInit({ metadata }, { global_DNS_settings: undefined }) },
    400,
  ],
  ['user data without metadata', 'PUT', customization, { body: cloudInit({ userdata: 'a' }) }, 400],
  [
    'an object without a type',
    'POST',
    `${tagging}/tag-association?action=list-attached-tags`,
    { body: { object_id: { id: offVm } } },
    400,
  ],
  ['broken JSON', 'POST', clonePath, { rawBody: '{"source":' }, 400],
  ['a form', 'POST', clonePath, { rawBody: 'a=b', headers: { 'content-type': 'text/plain' } }, 400],
  [
    'a body for an action',
    'POST',
    `/api/vcenter/vm/${onVm}/power?action=reset`,
    { body: { force: true } },
    400,
  ],
];

describe.runIf(file)("the simulator against VMware's description", () => {
  let vcenter: Vcenter;
  let client: PlainClient;
  let spec: VsphereSpec;

  beforeAll(async () => {
    spec = loadVsphereSpec(String(file));
    vcenter = await startVcenter({
      seed: 'two-datacenters',
      behaviour: { cloneDuration: 20, toolsAfter: 0 },
    });
    client = createPlainClient(vcenter);
    await client.login();
  });

  afterAll(async () => {
    client.close();
    await vcenter.close();
  });

  /** Sends a request and returns its exchange. */
  async function exchanged(method: string, path: string, options?: CallOptions): Promise<Exchange> {
    const count = vcenter.exchanges.length;
    await client.call(method, path, options);
    const exchange = vcenter.exchanges[count];
    if (!exchange) throw new Error('The simulator saw nothing.');
    return exchange;
  }

  const judged = (exchange: Exchange) => ({ status: exchange.status, violations: spec.check(exchange) });

  it.each(reads)('GET %s answers %i as described', async (path, status) => {
    expect(judged(await exchanged('GET', path))).toEqual({ status, violations: [] });
  });

  it.each(refusedClones)('a clone with %s is refused as described', async (_, change, status) => {
    const body = { source: offVm, name: 'refused', ...change };
    expect(judged(await exchanged('POST', clonePath, { body }))).toEqual({ status, violations: [] });
  });

  it.each(badRequests)(
    '%s is a violation of the request, not of the answer',
    async (...[, method, path, options, status]) => {
      const { status: actual, violations } = judged(await exchanged(method, path, options));
      expect(actual).toBe(status);
      expect(violations).not.toEqual([]);
      expect(violations.filter((violation) => !violation.startsWith('request:'))).toEqual([]);
    },
  );

  it.each(settings)('%s: answered as described', async (_, path, body, status) => {
    const method = path.endsWith('/customization') ? 'PUT' : 'PATCH';
    expect(judged(await exchanged(method, path, { body }))).toEqual({ status, violations: [] });
  });

  it('a VM that is busy refuses every setting', async () => {
    const first = vcenter.exchanges.length;
    const vm = vcenter.vm(offVm);
    if (!vm) throw new Error('There is no such VM.');
    vm.busyUntil = Number.POSITIVE_INFINITY;
    await client.call('PATCH', cpu, { body: { count: 3 } });
    await client.call('PATCH', memory, { body: { size_MiB: 4096 } });
    await client.call('PATCH', nic, { body: { start_connected: true } });
    await client.call('PUT', customization, { body: {} });
    vm.busyUntil = 0;

    const seen = vcenter.exchanges.slice(first);
    expect(seen.map(({ status, answerBody }) => [status, answerBody])).toEqual(
      seen.map(() => [500, expect.objectContaining({ error_type: 'RESOURCE_BUSY' })]),
    );
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('a customization is as described from its request to its end', async () => {
    const first = vcenter.exchanges.length;
    const { id } = vcenter.addVm({ name: 'customized', folder: 'group-v23' });
    const of = `/api/vcenter/vm/${id}/guest/customization`;
    const states: unknown[] = [];
    const look = async () => states.push(((await client.call('GET', of)).body as { status: string }).status);
    await look();
    await client.call('PUT', of, { body: cloudInit({ metadata }) });
    await look();
    vcenter.powerOn(id);
    const steps = vcenter.behaviour.customization;
    for (const status of ['RUNNING', 'SUCCEEDED', 'FAILED'] as const) {
      vcenter.behaviour.customization = [{ after: 0, status, ...(status === 'FAILED' && { error: 'No.' }) }];
      await look();
    }
    vcenter.behaviour.customization = steps;

    expect(states).toEqual(['IDLE', 'PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED']);
    expect(checkExchanges(vcenter.exchanges.slice(first))).toEqual([]);
  });

  it('tags are read and attached as described', async () => {
    const first = vcenter.exchanges.length;
    const catalog = vcenter.inventory.tagging;
    const ci = catalog.tag('environment', 'ci');
    const prod = catalog.tag('environment', 'prod').id;
    const object_id = { type: 'VirtualMachine', id: offVm };
    const association = `${tagging}/tag-association`;
    const attach = (tag: string, vm = object_id) =>
      client.call('POST', `${association}/${encodeURIComponent(tag)}?action=attach`, {
        body: { object_id: vm },
      });
    const batch = (...tag_ids: readonly string[]) =>
      client.call('POST', `${association}?action=attach-multiple-tags-to-object`, {
        body: { object_id, tag_ids },
      });
    await client.call('GET', `${tagging}/category/${encodeURIComponent(ci.category)}`);
    await client.call('GET', `${tagging}/tag/${encodeURIComponent(ci.id)}`);
    const list = `${tagging}/tag?action=list-tags-for-category`;
    await client.call('POST', list, { body: { category_id: ci.category } });
    await client.call('POST', list, { body: { category_id: 'nothing' } });
    await attach(ci.id);
    await attach(ci.id);
    await attach(prod);
    await attach('nothing');
    await attach(ci.id, { type: 'VirtualMachine', id: 'vm-999' });
    await batch(ci.id, catalog.tag('owner', 'team-a/b').id);
    await batch(prod, 'nothing', catalog.tag('host-only', 'rack-1').id);
    await client.call('POST', `${association}?action=list-attached-tags`, { body: { object_id } });
    await client.call('POST', `${association}?action=list-attached-tags`, {
      body: { object_id: { type: 'VirtualMachine', id: 'vm-999' } },
    });

    const seen = vcenter.exchanges.slice(first);
    expect(seen.map(({ status }) => status)).toEqual([
      200, 200, 200, 404, 204, 204, 400, 404, 403, 200, 200, 200, 403,
    ]);
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('a clone, its task, its list and its cancel are as described', async () => {
    const body = {
      source: offVm,
      name: 'described',
      placement: { folder: 'group-v23', resource_pool: 'resgroup-31', datastore: 'datastore-15' },
      disks_to_remove: ['2001'],
      disks_to_update: { 2000: { datastore: 'datastore-16' } },
      power_on: true,
      guest_customization_spec: { name: 'linux-dhcp' },
    };
    const first = vcenter.exchanges.length;
    const { body: task } = await client.clone(body);
    const info = await client.taskEnd(task);
    await client.call('POST', '/api/cis/tasks?action=list', {
      body: {
        filter_spec: {
          services: ['com.vmware.vcenter.VM'],
          status: ['SUCCEEDED'],
          operations: ['clone$task'],
        },
        result_spec: { exclude_result: true },
      },
    });
    await client.call('POST', '/api/cis/tasks?action=list', { body: { filter_spec: {} } });
    await client.call('POST', '/api/cis/tasks?action=list', {
      body: { filter_spec: { services: ['other'] } },
    });
    await client.call('POST', `/api/cis/tasks/${encodeURIComponent(String(task))}?action=cancel`);
    vcenter.behaviour.cancelTakes = 0;
    const { body: second } = await client.clone({ ...body, name: 'cancelled' });
    await client.call('POST', `/api/cis/tasks/${encodeURIComponent(String(second))}?action=cancel`);
    expect(await client.taskEnd(second)).toMatchObject({
      status: 'FAILED',
      error: { error_type: 'CANCELED' },
    });
    await client.call('POST', '/api/vcenter/vm?action=clone', {
      body: { source: offVm, name: 'synchronous' },
    });

    const seen = vcenter.exchanges.slice(first);
    expect(info).toMatchObject({ status: 'SUCCEEDED' });
    expect(seen.map(({ status }) => status)).toContain(204);
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('power, shutdown and delete are as described', async () => {
    const first = vcenter.exchanges.length;
    const power = `/api/vcenter/vm/${onVm}/power`;
    for (const action of [
      'start',
      'suspend',
      'suspend',
      'reset',
      'start',
      'reset',
      'stop',
      'stop',
      'start',
    ]) {
      await client.call('POST', `${power}?action=${action}`);
    }
    await client.call('DELETE', `/api/vcenter/vm/${onVm}`);
    vcenter.behaviour.shutdownTakes = 0;
    const shutdown = `/api/vcenter/vm/${onVm}/guest/power?action=shutdown`;
    vcenter.behaviour.toolsAfter = 10_000;
    await client.call('POST', shutdown);
    vcenter.behaviour.toolsAfter = 0;
    await client.call('POST', shutdown);
    await client.call('GET', power);
    await client.call('POST', shutdown);
    await client.call('DELETE', `/api/vcenter/vm/${onVm}`);
    await client.call('DELETE', `/api/vcenter/vm/${onVm}`);

    const seen = vcenter.exchanges.slice(first);
    const statuses = seen.map(({ status }) => status);
    expect(statuses).toEqual([
      400, 204, 400, 400, 204, 204, 204, 400, 204, 400, 503, 204, 200, 400, 204, 404,
    ]);
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('too long lists, missing privileges and missing sessions are as described', async () => {
    const first = vcenter.exchanges.length;
    const many = vcenter.addFolder({ name: 'many', parent: 'group-v103' });
    for (let count = 0; count <= 4000; count += 1) vcenter.addVm({ name: `many-${count}`, folder: many.id });
    await client.call('GET', `/api/vcenter/vm?folders=${many.id}`);
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Provisioning.Clone', object: offVm }];
    await client.clone({ source: offVm, name: 'denied' });
    vcenter.behaviour.sessionLimit = 1;
    await client.login();
    vcenter.behaviour.sessionLimit = 550;
    await client.login();
    await client.call('DELETE', '/api/session');
    for (const operation of ['GET /api/vcenter/vm', 'DELETE /api/session']) {
      const [method = '', path = ''] = operation.split(' ');
      await client.call(method, path);
    }
    await client.call('POST', `/api/vcenter/vm/${offVm}/guest/power?action=shutdown`);
    await client.call('POST', '/api/session', { headers: { authorization: 'Basic bm9ib2R5OngK' } });

    const seen = vcenter.exchanges.slice(first);
    expect(seen.map(({ status }) => status)).toEqual([500, 403, 503, 201, 204, 401, 401, 401, 401]);
    expect(checkExchanges(seen)).toEqual([]);
  });

  it('every operation of the simulator is described, and was seen to succeed', () => {
    const succeeded = vcenter.exchanges.filter(({ status = 0 }) => status >= 200 && status < 300);
    const seen = new Set<string>(succeeded.map(({ operation }) => operation));
    for (const operation of Object.keys(operations)) {
      expect(spec.operations).toContain(operation);
      expect(seen).toContain(operation);
    }
  });

  it('the check fails where an exchange departs from the description', async () => {
    await client.login();
    const list = await exchanged('GET', '/api/vcenter/folder');
    const clone = await exchanged('POST', clonePath, { body: { source: 'vm-43', name: 'checked' } });
    const noSession = { ...list, headers: {} };
    const cases: readonly (readonly [Partial<Exchange>, Exchange, string])[] = [
      [{ status: 202 }, list, 'answer: status 202 is not described'],
      [
        { answerBody: [{ folder: 'a', name: 'b' }] },
        list,
        "answer: 200 body/0 must have required property 'type'",
      ],
      [
        { answerBody: [{ folder: 'a', name: 'b', type: 'VM' }] },
        list,
        'must be equal to one of the allowed values',
      ],
      [{ answerBody: [{ folder: 'a', name: 'b', type: 'HOST', parent: 'c' }] }, list, '(parent)'],
      [{ query: { name: ['a'] } }, list, 'request: query parameter name is not described'],
      [{ query: { type: ['VM'] } }, list, 'request: query parameter type cannot be VM'],
      [{ query: { type: ['HOST', 'HOST'] } }, list, 'is given more than once'],
      [{ query: { names: [''] } }, list, 'request: query parameter names is empty'],
      [{ path: '/api/vcenter/folders' }, list, 'request: no such operation'],
      [{}, noSession, 'request: no vmware-api-session-id'],
      [{ answerBody: { id: 'vm-1' } }, clone, 'answer: 202 body must be string'],
      [{ status: 200 }, clone, 'answer: status 200 is not described'],
      [{ requestBody: { source: 'vm-1', name: 'a', cpu: 4 } }, clone, '(cpu)'],
      [{ requestBody: { source: 'vm-1' } }, clone, "request: body must have required property 'name'"],
      [
        { headers: { ...clone.headers, 'content-type': 'text/plain' } },
        clone,
        'request: content-type is text/plain',
      ],
    ];
    for (const [change, exchange, violation] of cases) {
      expect(spec.check({ ...exchange, ...change }).join('\n')).toContain(violation);
    }
    expect(spec.check(list)).toEqual([]);
    expect(spec.check(clone)).toEqual([]);
  });
});

describe.runIf(!file)("without VMware's description", () => {
  it('nothing is checked', async () => {
    const vcenter = await startVcenter();
    const client = createPlainClient(vcenter);
    await client.call('GET', '/api/nothing');
    expect(vcenter.exchanges).toHaveLength(1);
    expect(checkExchanges(vcenter.exchanges)).toEqual([]);
    client.close();
    await vcenter.close();
  });
});
