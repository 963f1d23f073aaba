import type { VmRecord } from '../inventory.ts';
import { asRecord } from '../shape.ts';
import type { World } from '../world.ts';
import { box, type DataObject, type ManagedObject, reference, referenceTo } from './data.ts';
import { type Fault, ViFault } from './fault.ts';
import {
  childrenOf,
  computeResourceOf,
  isOfType,
  nameOf,
  networkObject,
  ownerOfPool,
  parentOf,
  standaloneHost,
} from './objects.ts';
import { serviceContent } from './service.ts';
import { taskInfo } from './task-info.ts';
import { vmConfig, vmRuntime, vmSnapshots } from './virtual-machine.ts';
import { recentTasks } from './vm-tasks.ts';

/** What a property is read for. */
interface Reading {
  readonly world: World;
  readonly object: ManagedObject;
  readonly session: number | undefined;
}

interface Property {
  /** Undefined where it is not set. */
  readonly read: (reading: Reading) => unknown;
  /** What may be asked for below it, and as what it is told where any type may stand; '' is the property itself. */
  readonly types: Readonly<Record<string, string>>;
  readonly privilege: 'System.View' | 'System.Read';
}

const property = (
  type: string,
  read: Property['read'],
  below: Readonly<Record<string, string>> = {},
): Property => ({ read, types: { '': type, ...below }, privilege: 'System.View' });

/** One of a VM's, that only those may read who may read the VM. */
const ofVm = (
  type: string,
  read: (world: World, vm: VmRecord) => unknown,
  below?: Readonly<Record<string, string>>,
): Property => ({
  ...property(
    type,
    ({ world, object }) => {
      const vm = world.inventory.vms.get(object.id);
      return vm && read(world, vm);
    },
    below,
  ),
  privilege: 'System.Read',
});

const references = (objects: Iterable<ManagedObject>) => [...objects].map(reference);
const referencesTo = (type: string, ids: Iterable<string>) =>
  references([...new Set(ids)].map((id) => ({ type, id })));

const named = {
  name: property('string', ({ world, object }) => nameOf(world.inventory, object)),
  parent: property('data', ({ world, object }) => {
    const parent = parentOf(world.inventory, object);
    return parent && reference(parent);
  }),
};

const compute = {
  ...named,
  resourcePool: property('data', ({ world: { inventory }, object }) => {
    const owner = inventory.clusters.get(object.id) ?? standaloneHost(inventory, object.id);
    return referenceTo('ResourcePool', owner?.resourcePool);
  }),
  host: property('ManagedObjectReference[]', ({ world: { inventory }, object }) => {
    const hosts = [...inventory.hosts.values()].filter((host) => computeResourceOf(host).id === object.id);
    return referencesTo(
      'HostSystem',
      hosts.map(({ id }) => id),
    );
  }),
};

const folderOfDatacenter = (
  kind: 'vmFolder' | 'hostFolder' | 'datastoreFolder' | 'networkFolder',
): Property =>
  property('data', ({ world, object }) =>
    referenceTo('Folder', world.inventory.datacenters.get(object.id)?.[kind]),
  );

const properties: Readonly<Record<string, Readonly<Record<string, Property>>>> = {
  ServiceInstance: { content: property('data', ({ world }) => serviceContent(world)) },
  ContainerView: {
    view: property('ManagedObjectReference[]', ({ world, object }) => references(viewed(world, object.id))),
  },
  Task: {
    info: property('data', ({ world, object }) => taskInfo(world, object.id), {
      state: 'TaskInfoState',
      progress: 'int',
      result: 'data',
      error: 'data',
      entity: 'data',
      key: 'string',
      name: 'string',
      descriptionId: 'string',
      cancelled: 'boolean',
      cancelable: 'boolean',
      queueTime: 'dateTime',
      startTime: 'dateTime',
      completeTime: 'dateTime',
    }),
  },
  Folder: {
    ...named,
    childEntity: property('ManagedObjectReference[]', ({ world, object }) =>
      references(childrenOf(world, object)),
    ),
  },
  Datacenter: {
    ...named,
    vmFolder: folderOfDatacenter('vmFolder'),
    hostFolder: folderOfDatacenter('hostFolder'),
    datastoreFolder: folderOfDatacenter('datastoreFolder'),
    networkFolder: folderOfDatacenter('networkFolder'),
  },
  ComputeResource: compute,
  ClusterComputeResource: compute,
  HostSystem: named,
  ResourcePool: {
    ...named,
    owner: property('data', ({ world: { inventory }, object }) => {
      const owner = ownerOfPool(inventory, inventory.resourcePools.get(object.id)?.owner ?? '');
      return owner && reference(owner);
    }),
    resourcePool: property('ManagedObjectReference[]', ({ world, object }) =>
      references(childrenOf(world, object)),
    ),
  },
  Datastore: named,
  Network: named,
  OpaqueNetwork: named,
  DistributedVirtualPortgroup: { ...named, key: property('string', ({ object }) => object.id) },
  VirtualMachineSnapshot: {
    vm: property('data', ({ world: { inventory }, object }) => {
      const owner = [...inventory.vms.values()].find(({ snapshots }) =>
        snapshots.some(({ id }) => id === object.id),
      );
      return referenceTo('VirtualMachine', owner?.id);
    }),
  },
  VirtualMachine: {
    ...named,
    resourcePool: ofVm('data', (_world, vm) =>
      vm.template ? undefined : referenceTo('ResourcePool', vm.resourcePool),
    ),
    config: ofVm('data', vmConfig, {
      annotation: 'string',
      changeVersion: 'string',
      createDate: 'dateTime',
      extraConfig: 'OptionValue[]',
      guestId: 'string',
      hardware: 'data',
      'hardware.device': 'VirtualDevice[]',
      'hardware.memoryMB': 'int',
      'hardware.numCPU': 'int',
      'hardware.numCoresPerSocket': 'int',
      instanceUuid: 'string',
      name: 'string',
      template: 'boolean',
      uuid: 'string',
    }),
    runtime: ofVm('data', vmRuntime, {
      connectionState: 'VirtualMachineConnectionState',
      host: 'data',
      instantCloneFrozen: 'boolean',
      powerState: 'VirtualMachinePowerState',
    }),
    snapshot: ofVm('data', vmSnapshots, {
      currentSnapshot: 'data',
      rootSnapshotList: 'VirtualMachineSnapshotTree[]',
    }),
    recentTask: property('ManagedObjectReference[]', ({ world, object }) =>
      referencesTo('Task', recentTasks(world, object.id)),
    ),
    datastore: ofVm('ManagedObjectReference[]', (_world, vm) =>
      referencesTo(
        'Datastore',
        vm.disks.map(({ datastore }) => datastore),
      ),
    ),
    network: ofVm('ManagedObjectReference[]', ({ inventory }, vm) =>
      references(
        vm.nics
          .map((nic) => inventory.networks.get(nic.network))
          .filter((network) => network !== undefined)
          .map(networkObject),
      ),
    ),
  },
};

/** What a container view shows: with the subfolders, or only what the container itself holds. */
function viewed(world: World, id: string): readonly ManagedObject[] {
  const view = world.viJson.views.get(id);
  if (!view) return [];
  const below = (object: ManagedObject): readonly ManagedObject[] =>
    childrenOf(world, object).flatMap((child) => [child, ...(view.recursive ? below(child) : [])]);
  const { types } = view;
  return below(view.container).filter(
    (object) => types.length === 0 || types.some((type) => isOfType(object, type)),
  );
}

/** The paths of a type's properties, without those below them. */
export function propertyNames(type: string): readonly string[] {
  return Object.keys(properties[type] ?? {});
}

export type PropertyValue = { readonly value: unknown } | { readonly fault: Fault } | undefined;

/**
 * The value of a property by its path, undefined where it is not set. `boxed` is for where any type may stand. Throws
 * InvalidProperty for a path that the type does not have.
 */
export function readProperty(
  reading: Reading & { readonly path: string; readonly boxed: boolean },
): PropertyValue {
  const { world, object, path, boxed } = reading;
  const { type, id } = object;
  const [name = '', ...rest] = path.split('.');
  const known = properties[type]?.[name];
  const valueType = known?.types[rest.join('.')];
  if (!known || valueType === undefined) {
    throw new ViFault({
      name: 'InvalidProperty',
      text: `The property '${path}' does not exist in ${type}.`,
      fields: { name: path },
    });
  }
  if (!world.permissions.allows(known.privilege, id)) {
    return { fault: noPermission(known.privilege, object) };
  }
  const scripted = world.behaviour.viUnreadable({ type, id, path });
  if (scripted) return { fault: scripted };
  const value = rest.reduce<unknown>((whole, part) => asRecord(whole)?.[part], known.read(reading));
  if (value === undefined) return undefined;
  return { value: boxed ? boxedAs(valueType, value) : value };
}

function noPermission(privilege: string, object: ManagedObject): Fault {
  return {
    name: 'NoPermission',
    text: 'Permission to perform this operation was denied.',
    fields: { object: reference(object), privilegeId: privilege },
  };
}

function boxedAs(type: string, value: unknown): DataObject {
  if (type === 'data') return value as DataObject;
  return type.endsWith('[]') ? box(`ArrayOf${type.slice(0, -2)}`, value) : box(type, value);
}
