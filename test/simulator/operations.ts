import type { CloneSpec } from './clone-spec.ts';
import { cloneSpecShape } from './clone-spec.ts';
import { cloneService, type TaskRecord } from './clone-tasks.ts';
import {
  type GuestView,
  guestIdentity,
  guestInterfaces,
  guestPower,
  shutdownGuest,
  toolsInfo,
} from './guest.ts';
import { unauthorized } from './permissions.ts';
import { changePower, deleteVm, type PowerAction } from './power.ts';
import type { SessionRecord } from './sessions.ts';
import { asRecord, type Query, type Shape, unexpectedFields } from './shape.ts';
import { reportedStatus, taskInfo } from './task-info.ts';
import { internalError, message, notFound, statusOf, tooMany, VapiError, vapiError } from './vapi-error.ts';
import { diskInfo, nicInfo, vmInfo, vmSummary } from './virtual-machine.ts';
import type { World } from './world.ts';

/** A request that has passed the checks of its form. */
export interface Call {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: unknown;
  readonly authorization: string | undefined;
  /** Undefined only where the operation needs none. */
  readonly session: SessionRecord | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** Named where the behaviour makes the answer leave VMware's description on purpose. */
  readonly quirk?: string;
  /** The session that a login opened. */
  readonly opened?: SessionRecord;
}

export interface OperationDefinition {
  readonly query?: Readonly<Record<string, Shape>>;
  readonly body?: Shape;
  /** The body may be left out. */
  readonly bodyOptional?: boolean;
  readonly withoutSession?: boolean;
  readonly handle: (world: World, call: Call) => Answer | Promise<Answer>;
}

const boolean: Shape = { kind: 'boolean' };
const strings: Shape = { kind: 'list', of: { kind: 'string' } };
const enums = (...values: readonly string[]): Shape => ({ kind: 'list', of: { kind: 'enum', values } });
const ok = (body: unknown): Answer => ({ status: 200, body });
const done: Answer = { status: 204 };

// ---- lists -------------------------------------------------------------------------------------------------------

/** How one list operation finds, filters, shows and limits its objects. */
interface ListDefinition<Item extends object> {
  readonly query: Readonly<Record<string, Shape>>;
  readonly limit: number;
  readonly items: (world: World) => Iterable<Item>;
  /** The values of an object that a filter is compared with; several for an object with several owners. */
  readonly filters: Readonly<
    Record<string, (item: Item, world: World) => string | readonly string[] | undefined>
  >;
  readonly show: (item: Item) => unknown;
}

/** Different filters must all match, one of the values of each; what the user may not see is not there. */
function list<Item extends object>(definition: ListDefinition<Item>): OperationDefinition {
  return {
    query: definition.query,
    handle: (world, { query }) => {
      const matches = [...definition.items(world)].filter((item) => {
        const id = 'id' in item ? String(item.id) : undefined;
        if (id !== undefined && !world.permissions.allows('System.View', id)) return false;
        return [...query].every(([name, wanted]) => {
          const actual = definition.filters[name]?.(item, world) ?? [];
          return [actual].flat().some((value) => wanted.includes(value));
        });
      });
      if (matches.length > definition.limit) throw tooMany(definition.limit);
      return ok(matches.map(definition.show));
    },
  };
}

const datacenterList = list({
  query: { datacenters: strings, names: strings, folders: strings },
  limit: 1000,
  items: (world) => world.inventory.datacenters.values(),
  filters: { datacenters: (item) => item.id, names: (item) => item.name, folders: (item) => item.folder },
  show: (item) => ({ datacenter: item.id, name: item.name }),
});

const folderList = list({
  query: {
    folders: strings,
    names: strings,
    type: { kind: 'enum', values: ['DATACENTER', 'DATASTORE', 'HOST', 'NETWORK', 'VIRTUAL_MACHINE'] },
    parent_folders: strings,
    datacenters: strings,
  },
  limit: 1000,
  items: (world) => world.inventory.folders.values(),
  filters: {
    folders: (item) => item.id,
    names: (item) => item.name,
    type: (item) => item.type,
    parent_folders: (item) => item.parent,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({ folder: item.id, name: item.name, type: item.type }),
});

const clusterList = list({
  query: { clusters: strings, names: strings, folders: strings, datacenters: strings },
  limit: 1000,
  items: (world) => world.inventory.clusters.values(),
  filters: {
    clusters: (item) => item.id,
    names: (item) => item.name,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({
    cluster: item.id,
    name: item.name,
    ha_enabled: item.haEnabled,
    drs_enabled: item.drsEnabled,
  }),
});

const hostList = list({
  query: {
    hosts: strings,
    names: strings,
    folders: strings,
    datacenters: strings,
    standalone: boolean,
    clusters: strings,
    connection_states: enums('CONNECTED', 'DISCONNECTED', 'NOT_RESPONDING'),
  },
  limit: 2500,
  items: (world) => world.inventory.hosts.values(),
  filters: {
    hosts: (item) => item.id,
    names: (item) => item.name,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
    standalone: (item) => String(item.cluster === undefined),
    clusters: (item) => item.cluster,
    connection_states: (item) => item.connectionState,
  },
  show: (item) => ({
    host: item.id,
    name: item.name,
    connection_state: item.connectionState,
    ...(item.connectionState === 'CONNECTED' && { power_state: 'POWERED_ON' }),
  }),
});

const resourcePoolList = list({
  query: {
    resource_pools: strings,
    names: strings,
    parent_resource_pools: strings,
    datacenters: strings,
    hosts: strings,
    clusters: strings,
  },
  limit: 1000,
  items: (world) => world.inventory.resourcePools.values(),
  filters: {
    resource_pools: (item) => item.id,
    names: (item) => item.name,
    parent_resource_pools: (item) => item.parent,
    datacenters: (item) => item.datacenter,
    hosts: (item, { inventory }) =>
      [...inventory.hosts.values()]
        .filter((host) => (host.cluster ?? host.id) === item.owner)
        .map((host) => host.id),
    clusters: (item) => item.owner,
  },
  show: (item) => ({ resource_pool: item.id, name: item.name }),
});

const datastoreList = list({
  query: {
    datastores: strings,
    names: strings,
    types: enums('VMFS', 'NFS', 'NFS41', 'CIFS', 'VSAN', 'VFFS', 'VVOL'),
    folders: strings,
    datacenters: strings,
  },
  limit: 2500,
  items: (world) => world.inventory.datastores.values(),
  filters: {
    datastores: (item) => item.id,
    names: (item) => item.name,
    types: (item) => item.type,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({
    datastore: item.id,
    name: item.name,
    type: item.type,
    free_space: item.freeSpace,
    capacity: item.capacity,
  }),
});

const networkList = list({
  query: {
    networks: strings,
    names: strings,
    types: enums('STANDARD_PORTGROUP', 'DISTRIBUTED_PORTGROUP', 'OPAQUE_NETWORK'),
    folders: strings,
    datacenters: strings,
  },
  limit: 1000,
  items: (world) => world.inventory.networks.values(),
  filters: {
    networks: (item) => item.id,
    names: (item) => item.name,
    types: (item) => item.type,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
  },
  show: (item) => ({ network: item.id, name: item.name, type: item.type }),
});

const customizationSpecList = list({
  query: { names: strings, OS_type: { kind: 'enum', values: ['WINDOWS', 'LINUX'] } },
  limit: 1000,
  items: (world) => world.inventory.customizationSpecs.values(),
  filters: { names: (item) => item.name, OS_type: (item) => item.osType },
  show: (item) => ({
    name: item.name,
    description: item.description,
    OS_type: item.osType,
    last_modified: '2025-01-02T03:04:05.000Z',
  }),
});

/** `folders` is compared with the direct parent: the description promises no recursion. */
const vmList = list({
  query: {
    vms: strings,
    names: strings,
    folders: strings,
    datacenters: strings,
    hosts: strings,
    clusters: strings,
    resource_pools: strings,
    power_states: enums('POWERED_OFF', 'POWERED_ON', 'SUSPENDED'),
  },
  limit: 4000,
  items: (world) => [...world.inventory.vms.values()].filter((vm) => !vm.template),
  filters: {
    vms: (item) => item.id,
    names: (item) => item.name,
    folders: (item) => item.folder,
    datacenters: (item) => item.datacenter,
    hosts: (item) => item.host,
    clusters: (item, { inventory }) => inventory.clusterOf(item.host)?.id,
    resource_pools: (item) => item.resourcePool,
    power_states: (item) => item.powerState,
  },
  show: vmSummary,
});

// ---- one VM --------------------------------------------------------------------------------------------------------

function vmOf(world: World, call: Call) {
  return world.inventory.visibleVm(call.path['vm'] ?? '');
}

function readableVm(world: World, call: Call) {
  const vm = vmOf(world, call);
  world.permissions.demand('System.Read', vm.id);
  return vm;
}

function guestOf(world: World, call: Call): GuestView {
  return { vm: vmOf(world, call), behaviour: world.behaviour, now: world.clock.now() };
}

function power(action: PowerAction, privilege: string): OperationDefinition {
  return {
    handle: async (world, call) => {
      const vm = vmOf(world, call);
      world.permissions.demand(privilege, vm.id);
      await changePower(world, { vm, action });
      return done;
    },
  };
}

// ---- clone and tasks -------------------------------------------------------------------------------------------------

const task: OperationDefinition['handle'] = (world, call) => {
  const found = taskOf(world, call);
  return taskAnswer(world, { task: found, excludeResult: call.query.get('exclude_result')?.[0] === 'true' });
};

function taskOf(world: World, call: Call): TaskRecord {
  const id = call.path['task'] ?? '';
  const found = world.tasks.find(id, world.clock.now());
  if (!found) {
    throw vapiError(
      'NOT_FOUND',
      message('com.vmware.api.cis.tasks.not_found', "Task with identifier '{0}' does not exist.", [id]),
    );
  }
  return found;
}

function taskAnswer(
  world: World,
  options: { readonly task: TaskRecord; readonly excludeResult: boolean },
): Answer {
  const { behaviour, serverTime } = world;
  const status = reportedStatus({ task: options.task, behaviour, now: world.clock.now() });
  const known = ['PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'].includes(status);
  return {
    status: 200,
    body: taskInfo({ ...options, behaviour, now: world.clock.now(), serverTime }),
    ...(!known && { quirk: 'a task status that is not in the description' }),
    ...(behaviour.extraTaskFields && { quirk: 'fields that are not in the description' }),
  };
}

const dynamicId: Shape = {
  kind: 'structure',
  name: 'com.vmware.vapi.std.dynamic_ID',
  required: ['type', 'id'],
  fields: { type: { kind: 'string' }, id: { kind: 'string' } },
};

const taskListShape: Shape = {
  kind: 'structure',
  name: 'com.vmware.cis.tasks.list',
  fields: {
    filter_spec: {
      kind: 'structure',
      name: 'com.vmware.cis.tasks.filter_spec',
      fields: {
        tasks: strings,
        services: strings,
        operations: strings,
        status: enums('PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED'),
        targets: { kind: 'list', of: dynamicId },
        users: strings,
      },
    },
    result_spec: {
      kind: 'structure',
      name: 'com.vmware.cis.tasks.get_spec',
      fields: { return_all: boolean, exclude_result: boolean },
    },
  },
};

const maxListedTasks = 1000;

function listTasks(world: World, call: Call): Answer {
  const { behaviour, clock } = world;
  if (behaviour.taskListSupported === 'not-found') {
    return {
      status: 404,
      body: vapiError('NOT_FOUND', cannotFindProvider(cloneService)).body,
      quirk: 'a status that is not in the description',
    };
  }
  if (!behaviour.taskListSupported) throw vapiError('ERROR', cannotFindProvider(cloneService));
  const body = asRecord(call.body) ?? {};
  const filter = (asRecord(body['filter_spec']) ?? {}) as Readonly<Record<string, readonly string[]>>;
  if (!filter['tasks']?.length && !filter['services']?.length) {
    throw vapiError(
      'INVALID_ARGUMENT',
      message('com.vmware.api.cis.tasks.filter', 'The filter must name tasks or services.'),
    );
  }
  const unknown = filter['services']?.find((service) => service !== cloneService);
  if (unknown !== undefined) throw vapiError('ERROR', cannotFindProvider(unknown));

  const now = clock.now();
  const targets = (filter['targets'] ?? []).map((target) => asRecord(target)?.['id']);
  const matches = world.tasks.all.filter((item) => {
    if (!world.tasks.find(item.id, now)) return false;
    const status = reportedStatus({ task: item, behaviour, now });
    const passes = (name: string, value: string) => !filter[name]?.length || filter[name].includes(value);
    return (
      passes('tasks', item.id) &&
      passes('operations', 'clone$task') &&
      passes('status', status) &&
      passes('users', item.user) &&
      (targets.length === 0 || targets.includes(item.spec.source) || targets.includes(item.vm))
    );
  });
  if (matches.length > maxListedTasks) {
    throw vapiError(
      'RESOURCE_INACCESSIBLE',
      message('com.vmware.api.cis.tasks.too_many', 'More than {0} tasks match.', [String(maxListedTasks)]),
    );
  }
  const excludeResult = asRecord(body['result_spec'])?.['exclude_result'] === true;
  const answers = matches.map((item) => [item.id, taskAnswer(world, { task: item, excludeResult })] as const);
  const quirk = answers.map(([, answer]) => answer.quirk).find((name) => name !== undefined);
  return {
    status: 200,
    body: Object.fromEntries(answers.map(([id, answer]) => [id, answer.body])),
    ...(quirk !== undefined && { quirk }),
  };
}

function cannotFindProvider(service: string) {
  return message('com.vmware.api.cis.tasks.no_provider', "Cannot find provider for service '{0}'.", [
    service,
  ]);
}

function cancelTask(world: World, call: Call): Answer {
  const found = taskOf(world, call);
  if (found.user !== world.behaviour.taskUser) throw unauthorized('Global.CancelTask', found.id);
  world.tasks.cancel(found, world.clock.now());
  return done;
}

function cloneWithTask(world: World, call: Call): Answer {
  if (world.behaviour.serverVersion === '6.7') throw unexpectedFields(['vmw-task'], 'operation-input');
  const started = world.tasks.start({ spec: call.body as CloneSpec, now: world.clock.now() });
  const { cloneAnswers } = world.behaviour;
  return {
    status: cloneAnswers,
    body: started.id,
    ...(cloneAnswers !== 202 && { quirk: 'a status that is not in the description' }),
  };
}

/** The clone without a task answers when the copy is done; it goes on when the client is gone. */
async function cloneAndWait(world: World, call: Call): Promise<Answer> {
  const started = world.tasks.start({
    spec: call.body as CloneSpec,
    now: world.clock.now(),
    listed: false,
  });
  while (started.endedAt === undefined) {
    await world.clock.sleep(Math.max(1, started.endsAt - world.clock.now()));
    world.settle();
  }
  if (started.status === 'SUCCEEDED') return ok(started.vm);
  if (!started.error) throw internalError();
  throw new VapiError({ status: statusOf(started.error.error_type), body: started.error });
}

// ---- the table -------------------------------------------------------------------------------------------------------

/** Every operation that the simulator knows, by the key it has in VMware's description. */
export const operations = {
  'POST /api/session': {
    withoutSession: true,
    handle: (world, call) => {
      const opened = world.sessions.open({ authorization: call.authorization, now: world.clock.now() });
      return { status: 201, body: opened.token, opened };
    },
  },
  'GET /api/session': {
    handle: (world, { session }) =>
      ok({
        user: world.username.replace(/@.*/, (domain) => domain.toUpperCase()),
        created_time: world.serverTime(session?.createdAt ?? 0),
        last_accessed_time: world.serverTime(session?.lastAccessedAt ?? 0),
      }),
  },
  'DELETE /api/session': {
    handle: (_world, { session }) => {
      if (session) session.ended = 'closed';
      return done;
    },
  },

  'GET /api/cis/tasks/{task}': { query: { return_all: boolean, exclude_result: boolean }, handle: task },
  'POST /api/cis/tasks/{task}?action=cancel': { handle: cancelTask },
  'POST /api/cis/tasks?action=list': { body: taskListShape, bodyOptional: true, handle: listTasks },

  'GET /api/vcenter/vm': vmList,
  'POST /api/vcenter/vm?action=clone': { body: cloneSpecShape, handle: cloneAndWait },
  'POST /api/vcenter/vm?action=clone&vmw-task=true': { body: cloneSpecShape, handle: cloneWithTask },
  'GET /api/vcenter/vm/{vm}': {
    handle: (world, call) => ok(vmInfo(readableVm(world, call), world.inventory)),
  },
  'DELETE /api/vcenter/vm/{vm}': {
    handle: async (world, call) => {
      const vm = vmOf(world, call);
      world.permissions.demand('VirtualMachine.Inventory.Delete', vm.id);
      await deleteVm(world, vm);
      return done;
    },
  },
  'GET /api/vcenter/vm/{vm}/power': {
    handle: (world, call) => {
      const vm = readableVm(world, call);
      return ok({
        state: vm.powerState,
        ...(vm.powerState === 'POWERED_OFF' && { clean_power_off: vm.cleanPowerOff }),
      });
    },
  },
  'POST /api/vcenter/vm/{vm}/power?action=start': power('start', 'VirtualMachine.Interact.PowerOn'),
  'POST /api/vcenter/vm/{vm}/power?action=stop': power('stop', 'VirtualMachine.Interact.PowerOff'),
  'POST /api/vcenter/vm/{vm}/power?action=reset': power('reset', 'VirtualMachine.Interact.Reset'),
  'POST /api/vcenter/vm/{vm}/power?action=suspend': power('suspend', 'VirtualMachine.Interact.Suspend'),

  'GET /api/vcenter/vm/{vm}/guest/power': { handle: (world, call) => ok(guestPower(guestOf(world, call))) },
  'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown': {
    handle: (world, call) => {
      shutdownGuest(guestOf(world, call));
      return done;
    },
  },
  'GET /api/vcenter/vm/{vm}/guest/identity': {
    handle: (world, call) => ok(guestIdentity(guestOf(world, call))),
  },
  'GET /api/vcenter/vm/{vm}/guest/networking/interfaces': {
    handle: (world, call) => ok(guestInterfaces(guestOf(world, call))),
  },
  'GET /api/vcenter/vm/{vm}/tools': { handle: (world, call) => ok(toolsInfo(guestOf(world, call))) },

  'GET /api/vcenter/vm/{vm}/hardware/disk': {
    handle: (world, call) => ok(readableVm(world, call).disks.map((disk) => ({ disk: disk.id }))),
  },
  'GET /api/vcenter/vm/{vm}/hardware/disk/{disk}': {
    handle: (world, call) => {
      const vm = readableVm(world, call);
      const disk = vm.disks.find((item) => item.id === call.path['disk']);
      if (!disk) throw notFound('disk', call.path['disk'] ?? '');
      return ok(diskInfo({ disk, vm, inventory: world.inventory }));
    },
  },
  'GET /api/vcenter/vm/{vm}/hardware/ethernet': {
    handle: (world, call) => ok(readableVm(world, call).nics.map((nic) => ({ nic: nic.id }))),
  },
  'GET /api/vcenter/vm/{vm}/hardware/ethernet/{nic}': {
    handle: (world, call) => {
      const vm = readableVm(world, call);
      const nic = vm.nics.find((item) => item.id === call.path['nic']);
      if (!nic) throw notFound('nic', call.path['nic'] ?? '');
      return ok(nicInfo({ nic, vm, inventory: world.inventory }));
    },
  },

  'GET /api/vcenter/datacenter': datacenterList,
  'GET /api/vcenter/datacenter/{datacenter}': {
    handle: ({ inventory }, call) => {
      const item = inventory.get('datacenter', inventory.datacenters, call.path['datacenter'] ?? '');
      return ok({
        name: item.name,
        vm_folder: item.vmFolder,
        host_folder: item.hostFolder,
        datastore_folder: item.datastoreFolder,
        network_folder: item.networkFolder,
      });
    },
  },
  'GET /api/vcenter/folder': folderList,
  'GET /api/vcenter/cluster': clusterList,
  'GET /api/vcenter/cluster/{cluster}': {
    handle: ({ inventory }, call) => {
      const item = inventory.get('cluster', inventory.clusters, call.path['cluster'] ?? '');
      return ok({ name: item.name, resource_pool: item.resourcePool });
    },
  },
  'GET /api/vcenter/host': hostList,
  'GET /api/vcenter/resource-pool': resourcePoolList,
  'GET /api/vcenter/resource-pool/{resource_pool}': {
    handle: ({ inventory }, call) => {
      const id = call.path['resource_pool'] ?? '';
      const item = inventory.get('resource_pool', inventory.resourcePools, id);
      const children = [...inventory.resourcePools.values()].filter((pool) => pool.parent === id);
      return ok({ name: item.name, resource_pools: children.map((pool) => pool.id) });
    },
  },
  'GET /api/vcenter/datastore': datastoreList,
  'GET /api/vcenter/network': networkList,
  'GET /api/vcenter/guest/customization-specs': customizationSpecList,
} as const satisfies Readonly<Record<string, OperationDefinition>>;

/** `unknown`: a request that fits none of the others. */
export type Operation = keyof typeof operations | 'unknown';
