import { cloneSpecShape } from './clone-spec.ts';
import { getCustomization, setCustomization } from './customization.ts';
import {
  type GuestView,
  guestIdentity,
  guestInterfaces,
  guestPower,
  shutdownGuest,
  toolsInfo,
} from './guest.ts';
import { getCpu, getMemory, getNic, updateCpu, updateMemory, updateNic } from './hardware.ts';
import {
  clusterList,
  customizationSpecList,
  datacenterList,
  datastoreList,
  folderList,
  hostList,
  networkList,
  resourcePoolList,
  vmList,
} from './lists.ts';
import { boolean, type Call, done, type OperationDefinition, ok, readableVm, vmOf } from './operation.ts';
import { changePower, deleteVm, type PowerAction } from './power.ts';
import {
  attachTag,
  attachTags,
  categoryList,
  getCategory,
  getTag,
  listAttachedTags,
  listTagsForCategory,
  tagList,
} from './tagging.ts';
import {
  cancelTask,
  cloneAndWait,
  cloneWithTask,
  getTask,
  listTasks,
  taskListShape,
} from './task-operations.ts';
import { notFound } from './vapi-error.ts';
import type { ViOperation } from './vi-json/operations.ts';
import { diskInfo, vmInfo } from './virtual-machine.ts';
import type { World } from './world.ts';

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

/** Every operation of the REST API that the simulator knows, by the key it has in VMware's description. */
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

  'GET /api/cis/tasks/{task}': { query: { return_all: boolean, exclude_result: boolean }, handle: getTask },
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
  'GET /api/vcenter/vm/{vm}/guest/customization': getCustomization,
  'PUT /api/vcenter/vm/{vm}/guest/customization': setCustomization,
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
  'GET /api/vcenter/vm/{vm}/hardware/ethernet/{nic}': getNic,
  'PATCH /api/vcenter/vm/{vm}/hardware/ethernet/{nic}': updateNic,
  'GET /api/vcenter/vm/{vm}/hardware/cpu': getCpu,
  'PATCH /api/vcenter/vm/{vm}/hardware/cpu': updateCpu,
  'GET /api/vcenter/vm/{vm}/hardware/memory': getMemory,
  'PATCH /api/vcenter/vm/{vm}/hardware/memory': updateMemory,

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

  'GET /api/cis/tagging/category': categoryList,
  'GET /api/cis/tagging/category/{category_id}': getCategory,
  'GET /api/cis/tagging/tag': tagList,
  'GET /api/cis/tagging/tag/{tag_id}': getTag,
  'POST /api/cis/tagging/tag?action=list-tags-for-category': listTagsForCategory,
  'POST /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object': attachTags,
  'POST /api/cis/tagging/tag-association?action=list-attached-tags': listAttachedTags,
  'POST /api/cis/tagging/tag-association/{tag_id}?action=attach': attachTag,
} as const satisfies Readonly<Record<string, OperationDefinition>>;

/** `unknown`: a request that fits none of the others. */
export type Operation = keyof typeof operations | ViOperation | 'unknown';
