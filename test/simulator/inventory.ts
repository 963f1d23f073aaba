import type { Customization } from './customization.ts';
import { TagCatalog } from './tag-catalog.ts';
import { notFound, type ResourceKind } from './vapi-error.ts';

export type FolderType = 'DATACENTER' | 'DATASTORE' | 'HOST' | 'NETWORK' | 'VIRTUAL_MACHINE';
export type PowerState = 'POWERED_OFF' | 'POWERED_ON' | 'SUSPENDED';
export type DatastoreType = 'VMFS' | 'NFS' | 'NFS41' | 'CIFS' | 'VSAN' | 'VFFS' | 'VVOL';
export type NetworkType = 'STANDARD_PORTGROUP' | 'DISTRIBUTED_PORTGROUP' | 'OPAQUE_NETWORK';

export interface DatacenterRecord {
  readonly id: string;
  name: string;
  readonly folder: string;
  readonly vmFolder: string;
  readonly hostFolder: string;
  readonly datastoreFolder: string;
  readonly networkFolder: string;
}

export interface FolderRecord {
  readonly id: string;
  name: string;
  readonly type: FolderType;
  readonly parent: string | undefined;
  /** Undefined for the folders above the datacenters. */
  readonly datacenter: string | undefined;
}

export interface ClusterRecord {
  readonly id: string;
  name: string;
  readonly folder: string;
  readonly datacenter: string;
  readonly resourcePool: string;
  drsEnabled: boolean;
  haEnabled: boolean;
}

export interface HostRecord {
  readonly id: string;
  name: string;
  readonly folder: string;
  readonly datacenter: string;
  /** Undefined for a standalone host. */
  readonly cluster: string | undefined;
  /** The root pool: the cluster's or the standalone host's own. */
  readonly resourcePool: string;
  connectionState: 'CONNECTED' | 'DISCONNECTED' | 'NOT_RESPONDING';
}

export interface ResourcePoolRecord {
  readonly id: string;
  name: string;
  readonly parent: string | undefined;
  /** The cluster or the standalone host that the pool divides up. */
  readonly owner: string;
  readonly datacenter: string;
}

export interface DatastoreRecord {
  readonly id: string;
  name: string;
  readonly type: DatastoreType;
  readonly folder: string;
  readonly datacenter: string;
  readonly capacity: number;
  freeSpace: number;
}

export interface NetworkRecord {
  readonly id: string;
  name: string;
  readonly type: NetworkType;
  readonly folder: string;
  readonly datacenter: string;
}

export interface CustomizationSpecRecord {
  readonly name: string;
  readonly description: string;
  readonly osType: 'WINDOWS' | 'LINUX';
}

export interface DiskRecord {
  readonly id: string;
  readonly label: string;
  readonly unit: number;
  readonly datastore: string;
  readonly capacity: number;
}

export interface NicRecord {
  readonly id: string;
  readonly label: string;
  readonly macAddress: string;
  /** What it is connected to; of a VM that is off: what it will be connected to. */
  network: string;
  /** What a VM that is not off has it connected to from its next power-on. */
  nextNetwork?: string | undefined;
  /** Default: true. */
  startConnected?: boolean;
}

export interface SnapshotRecord {
  readonly id: string;
  /** Counts on within its VM. */
  readonly number: number;
  /** In the stored form; several may have one name. */
  readonly name: string;
  readonly description: string;
  /** By the simulator's clock. */
  readonly createdAt: number;
  /** ISO 8601; wins over {@link createdAt}. */
  readonly createTime: string | undefined;
  readonly parent: string | undefined;
  /** How the VM was when it was made. */
  readonly vm: Pick<VmRecord, 'powerState' | 'cpuCount' | 'coresPerSocket' | 'memoryMiB' | 'annotation'> & {
    readonly extraConfig: ReadonlyMap<string, string>;
  };
}

export interface VmRecord {
  readonly id: string;
  /** In the stored form, see {@link storedName}. */
  name: string;
  folder: string;
  readonly datacenter: string;
  host: string;
  /** Nothing tells it of a template. */
  resourcePool: string;
  readonly datastore: string;
  /** Templates are invisible to the whole REST API. */
  template: boolean;
  powerState: PowerState;
  cleanPowerOff: boolean;
  readonly guestOs: string;
  cpuCount: number;
  /** 0 where vCenter chooses at power-on, as it may from hardware version 20 on. */
  coresPerSocket: number;
  cpuHotAdd: boolean;
  cpuHotRemove: boolean;
  memoryMiB: number;
  memoryHotAdd: boolean;
  disks: readonly DiskRecord[];
  nics: readonly NicRecord[];
  readonly biosUuid: string;
  readonly instanceUuid: string;
  /** The last one that was asked for: still to come, or of a power-on in the past. */
  customization: Customization | undefined;
  /** Ids of the tags that are attached to it. */
  readonly tags: Set<string>;
  /** Its notes. */
  annotation: string;
  /** Settings such as `guestinfo.metadata`. */
  readonly extraConfig: Map<string, string>;
  /** Older before younger. */
  readonly snapshots: SnapshotRecord[];
  currentSnapshot: string | undefined;
  /** The snapshot whose disks it shares, of a linked clone. */
  linkedTo: string | undefined;
  /** The VM that an instant clone is a fork of, until its next power-on. */
  forkOf: string | undefined;
  /** Its guest stands still, to be the source of instant clones. */
  frozen: boolean;
  /** vCenter cannot read its configuration. */
  inaccessible: boolean;
  /** Grows with each reconfiguration. */
  changeVersion: number;
  readonly createdAt: number;
  /** True while a clone task still copies into it. */
  copying: boolean;
  /** From when on the API shows it; Infinity while that is open. */
  listedAt: number;
  /** When vCenter switches it on after its clone. */
  powersOnAt: number | undefined;
  /** When it was last switched on, by the simulator's clock; guest times count from here. */
  poweredOnAt: number | undefined;
  /** Until when it refuses other operations with RESOURCE_BUSY; Infinity while one runs. */
  busyUntil: number;
  /** When the guest will have shut itself down. */
  guestDownAt: number | undefined;
}

export interface NewVm {
  readonly id?: string;
  readonly name: string;
  readonly folder: string;
  readonly resourcePool?: string;
  readonly host?: string;
  readonly datastore?: string;
  readonly template?: boolean;
  readonly powerState?: PowerState;
  readonly frozen?: boolean;
  readonly guestOs?: string;
  readonly cpuCount?: number;
  readonly coresPerSocket?: number;
  readonly cpuHotAdd?: boolean;
  readonly cpuHotRemove?: boolean;
  readonly memoryMiB?: number;
  readonly memoryHotAdd?: boolean;
  readonly disks?: readonly DiskRecord[];
  readonly nics?: readonly NicRecord[];
  readonly annotation?: string;
  readonly extraConfig?: Readonly<Record<string, string>>;
  /** In place of `nics`: one adapter for each network. Default: one, on the datacenter's first network. */
  readonly networks?: readonly string[];
  /** Ids. */
  readonly tags?: Iterable<string>;
}

const GiB = 1024 ** 3;

/**
 * The form in which vCenter keeps a name and in which lists and filters carry it: `/`, `\` and `%` are escaped,
 * except a `%` that already begins such an escape (vSphere Web Services API, ManagedEntity.name).
 */
export function storedName(name: string): string {
  return name
    .replace(/%(?!2f|5c|25)/gi, '%25')
    .replaceAll('/', '%2f')
    .replaceAll('\\', '%5c');
}

/** All managed objects, in the order in which they were made. Ids are never used twice. */
export class Inventory {
  readonly rootFolder = 'group-d1';
  readonly datacenters = new Map<string, DatacenterRecord>();
  readonly folders = new Map<string, FolderRecord>();
  readonly clusters = new Map<string, ClusterRecord>();
  readonly hosts = new Map<string, HostRecord>();
  readonly resourcePools = new Map<string, ResourcePoolRecord>();
  readonly datastores = new Map<string, DatastoreRecord>();
  readonly networks = new Map<string, NetworkRecord>();
  readonly customizationSpecs = new Map<string, CustomizationSpecRecord>();
  readonly vms = new Map<string, VmRecord>();
  readonly tagging = new TagCatalog();
  readonly #usedIds = new Set<string>();
  readonly #now: () => number;
  #lastNumber = 1000;

  constructor({ now }: { readonly now: () => number }) {
    this.#now = now;
    this.folders.set(this.rootFolder, {
      id: this.#id('group-d', this.rootFolder),
      name: 'Datacenters',
      type: 'DATACENTER',
      parent: undefined,
      datacenter: undefined,
    });
  }

  #id(prefix: string, wanted?: string): string {
    const id = wanted ?? `${prefix}${++this.#lastNumber}`;
    if (this.#usedIds.has(id)) throw new Error(`The id ${id} was used before.`);
    this.#usedIds.add(id);
    return id;
  }

  addDatacenter(options: {
    readonly name: string;
    readonly id?: string;
    readonly folder?: string;
    readonly folderIds?: readonly [vm: string, host: string, datastore: string, network: string];
  }): DatacenterRecord {
    const id = this.#id('datacenter-', options.id);
    const [vmFolder, hostFolder, datastoreFolder, networkFolder] = options.folderIds ?? [];
    const add = (name: string, type: FolderType, prefix: string, wanted?: string) => {
      const folder = this.#id(prefix, wanted);
      this.folders.set(folder, { id: folder, name, type, parent: undefined, datacenter: id });
      return folder;
    };
    const record: DatacenterRecord = {
      id,
      name: storedName(options.name),
      folder: options.folder ?? this.rootFolder,
      vmFolder: add('vm', 'VIRTUAL_MACHINE', 'group-v', vmFolder),
      hostFolder: add('host', 'HOST', 'group-h', hostFolder),
      datastoreFolder: add('datastore', 'DATASTORE', 'group-s', datastoreFolder),
      networkFolder: add('network', 'NETWORK', 'group-n', networkFolder),
    };
    this.datacenters.set(id, record);
    return record;
  }

  /** The new folder has its parent's type. */
  addFolder(options: { readonly name: string; readonly parent: string; readonly id?: string }): FolderRecord {
    const parent = this.get('folder', this.folders, options.parent);
    const prefix = { DATACENTER: 'd', DATASTORE: 's', HOST: 'h', NETWORK: 'n', VIRTUAL_MACHINE: 'v' };
    const record: FolderRecord = {
      id: this.#id(`group-${prefix[parent.type]}`, options.id),
      name: storedName(options.name),
      type: parent.type,
      parent: parent.id,
      datacenter: parent.datacenter,
    };
    this.folders.set(record.id, record);
    return record;
  }

  addCluster(options: {
    readonly name: string;
    readonly datacenter: string;
    readonly id?: string;
    readonly resourcePoolId?: string;
    readonly drsEnabled?: boolean;
  }): ClusterRecord {
    const datacenter = this.get('datacenter', this.datacenters, options.datacenter);
    const id = this.#id('domain-c', options.id);
    const record: ClusterRecord = {
      id,
      name: storedName(options.name),
      folder: datacenter.hostFolder,
      datacenter: datacenter.id,
      resourcePool: this.#addRootPool(id, datacenter.id, options.resourcePoolId),
      drsEnabled: options.drsEnabled ?? true,
      haEnabled: false,
    };
    this.clusters.set(id, record);
    return record;
  }

  /** Every cluster and every standalone host has a root pool of this one name. */
  #addRootPool(owner: string, datacenter: string, wanted?: string): string {
    const id = this.#id('resgroup-', wanted);
    this.resourcePools.set(id, { id, name: 'Resources', parent: undefined, owner, datacenter });
    return id;
  }

  /** A host of a cluster, or a standalone host of a datacenter. */
  addHost(options: {
    readonly name: string;
    readonly cluster?: string;
    readonly datacenter?: string;
    readonly id?: string;
    readonly resourcePoolId?: string;
  }): HostRecord {
    const id = this.#id('host-', options.id);
    const cluster = options.cluster && this.get('cluster', this.clusters, options.cluster);
    const datacenter = this.get(
      'datacenter',
      this.datacenters,
      cluster ? cluster.datacenter : (options.datacenter ?? ''),
    );
    const record: HostRecord = {
      id,
      name: storedName(options.name),
      folder: datacenter.hostFolder,
      datacenter: datacenter.id,
      cluster: cluster ? cluster.id : undefined,
      resourcePool: cluster
        ? cluster.resourcePool
        : this.#addRootPool(id, datacenter.id, options.resourcePoolId),
      connectionState: 'CONNECTED',
    };
    this.hosts.set(id, record);
    return record;
  }

  addResourcePool(options: {
    readonly name: string;
    readonly parent: string;
    readonly id?: string;
  }): ResourcePoolRecord {
    const parent = this.get('resource_pool', this.resourcePools, options.parent);
    const record: ResourcePoolRecord = {
      id: this.#id('resgroup-', options.id),
      name: storedName(options.name),
      parent: parent.id,
      owner: parent.owner,
      datacenter: parent.datacenter,
    };
    this.resourcePools.set(record.id, record);
    return record;
  }

  addDatastore(options: {
    readonly name: string;
    readonly datacenter: string;
    readonly id?: string;
    readonly type?: DatastoreType;
    readonly capacity?: number;
    readonly freeSpace?: number;
  }): DatastoreRecord {
    const datacenter = this.get('datacenter', this.datacenters, options.datacenter);
    const record: DatastoreRecord = {
      id: this.#id('datastore-', options.id),
      name: storedName(options.name),
      type: options.type ?? 'VMFS',
      folder: datacenter.datastoreFolder,
      datacenter: datacenter.id,
      capacity: options.capacity ?? 4096 * GiB,
      freeSpace: options.freeSpace ?? 2048 * GiB,
    };
    this.datastores.set(record.id, record);
    return record;
  }

  addNetwork(options: {
    readonly name: string;
    readonly datacenter: string;
    readonly id?: string;
    readonly type?: NetworkType;
  }): NetworkRecord {
    const datacenter = this.get('datacenter', this.datacenters, options.datacenter);
    const type = options.type ?? 'STANDARD_PORTGROUP';
    const prefixes = { DISTRIBUTED_PORTGROUP: 'dvportgroup-', OPAQUE_NETWORK: 'network-o' };
    const record: NetworkRecord = {
      id: this.#id(type === 'STANDARD_PORTGROUP' ? 'network-' : prefixes[type], options.id),
      name: storedName(options.name),
      type,
      folder: datacenter.networkFolder,
      datacenter: datacenter.id,
    };
    this.networks.set(record.id, record);
    return record;
  }

  addCustomizationSpec(options: {
    readonly name: string;
    readonly osType: 'WINDOWS' | 'LINUX';
    readonly description?: string;
  }): CustomizationSpecRecord {
    const record = { description: '', ...options };
    this.customizationSpecs.set(record.name, record);
    return record;
  }

  /** Without placement: the first host, its root pool and the first datastore of the folder's datacenter. */
  addVm(options: NewVm): VmRecord {
    const datacenter = this.get('folder', this.folders, options.folder).datacenter;
    const here = (object: { readonly datacenter: string }) => object.datacenter === datacenter;
    const host = this.get('host', this.hosts, options.host ?? [...this.hosts.values()].find(here)?.id ?? '');
    const datastore = options.datastore ?? [...this.datastores.values()].find(here)?.id ?? '';
    const networks = options.networks ?? [[...this.networks.values()].find(here)?.id ?? ''];
    const id = this.#id('vm-', options.id);
    const number = Number(id.replace(/\D/g, ''));
    const record: VmRecord = {
      id,
      name: storedName(options.name),
      folder: options.folder,
      datacenter: host.datacenter,
      host: host.id,
      resourcePool: options.resourcePool ?? host.resourcePool,
      datastore,
      template: options.template ?? false,
      powerState: options.powerState ?? 'POWERED_OFF',
      cleanPowerOff: true,
      guestOs: options.guestOs ?? 'UBUNTU_64',
      cpuCount: options.cpuCount ?? 2,
      coresPerSocket: options.coresPerSocket ?? 1,
      cpuHotAdd: options.cpuHotAdd ?? false,
      cpuHotRemove: options.cpuHotRemove ?? false,
      memoryMiB: options.memoryMiB ?? 4096,
      memoryHotAdd: options.memoryHotAdd ?? false,
      disks: options.disks ?? [{ id: '2000', label: 'Hard disk 1', unit: 0, datastore, capacity: 40 * GiB }],
      nics:
        options.nics ??
        networks.map((network, index) => ({
          id: String(4000 + index),
          label: `Network adapter ${index + 1}`,
          macAddress: macAddress(number, index),
          network,
        })),
      biosUuid: `4231943a-a1b5-9d24-1e05-${number.toString(16).padStart(12, '0')}`,
      instanceUuid: `5031e081-01a7-d61a-31f8-${number.toString(16).padStart(12, '0')}`,
      customization: undefined,
      tags: new Set(options.tags),
      annotation: options.annotation ?? '',
      extraConfig: new Map(Object.entries(options.extraConfig ?? {})),
      snapshots: [],
      currentSnapshot: undefined,
      linkedTo: undefined,
      forkOf: undefined,
      frozen: options.frozen ?? false,
      inaccessible: false,
      changeVersion: 1,
      createdAt: this.#now(),
      copying: false,
      listedAt: 0,
      powersOnAt: undefined,
      // What is on when it comes here has been on for long: its guest is up.
      poweredOnAt: options.powerState === 'POWERED_ON' ? this.#now() - 3_600_000 : undefined,
      busyUntil: 0,
      guestDownAt: undefined,
    };
    this.vms.set(id, record);
    return record;
  }

  /** Of a VM's or a template's present state. It becomes the current one, below the one that was current before. */
  addSnapshot(options: {
    readonly vm: string;
    readonly name: string;
    readonly id?: string;
    readonly description?: string;
    /** ISO 8601; default: now. */
    readonly createTime?: string;
    /** null: none. */
    readonly parent?: string | null;
    /** False: the current one stays. */
    readonly current?: boolean;
  }): SnapshotRecord {
    const vm = this.get('vm', this.vms, options.vm);
    const { powerState, cpuCount, coresPerSocket, memoryMiB, annotation } = vm;
    const { parent = vm.currentSnapshot, current = true } = options;
    const record: SnapshotRecord = {
      id: this.#id('snapshot-', options.id),
      number: vm.snapshots.length + 1,
      name: storedName(options.name),
      description: options.description ?? '',
      createdAt: this.#now(),
      createTime: options.createTime,
      parent: parent ?? undefined,
      vm: {
        ...{ powerState, cpuCount, coresPerSocket, memoryMiB, annotation },
        extraConfig: new Map(vm.extraConfig),
      },
    };
    vm.snapshots.push(record);
    if (current) vm.currentSnapshot = record.id;
    return record;
  }

  /** The object of that id; throws NOT_FOUND as vCenter does, also for an empty id. */
  get<Item>(kind: ResourceKind, objects: ReadonlyMap<string, Item>, id: string): Item {
    const item = objects.get(id);
    if (!item) throw notFound(kind, id);
    return item;
  }

  /** The VMs that the API shows: no templates, and new ones only when they are listed. */
  visibleVms(): readonly VmRecord[] {
    return [...this.vms.values()].filter((vm) => !vm.template && vm.listedAt <= this.#now());
  }

  /** The VM of that id as the API sees it. Throws NOT_FOUND. */
  visibleVm(id: string): VmRecord {
    const vm = this.visibleVms().find((visible) => visible.id === id);
    if (!vm) throw notFound('vm', id);
    return vm;
  }

  /** The VM that bears the name in the folder, templates included: names are unique among all of them. */
  vmInFolder(options: { readonly folder: string; readonly name: string }): VmRecord | undefined {
    const name = storedName(options.name);
    return [...this.vms.values()].find((vm) => vm.folder === options.folder && vm.name === name);
  }

  /** The cluster that a pool or a host belongs to. */
  clusterOf(owner: string): ClusterRecord | undefined {
    return this.clusters.get(owner) ?? this.clusters.get(this.hosts.get(owner)?.cluster ?? '');
  }

  /** The object's id and those of everything that contains it, for permissions that are inherited. */
  lineage(id: string): readonly string[] {
    const object =
      this.vms.get(id) ??
      this.datastores.get(id) ??
      this.networks.get(id) ??
      this.hosts.get(id) ??
      this.clusters.get(id);
    const folder = this.folders.get(id);
    const pool = this.resourcePools.get(id);
    const tag = this.tagging.tags.get(id);
    const above = object
      ? [object.folder, object.datacenter]
      : folder
        ? [folder.parent, folder.datacenter]
        : pool
          ? [pool.parent, pool.owner, pool.datacenter]
          : [tag?.category];
    return [...new Set([id, ...above.flatMap((next) => (next === undefined ? [] : this.lineage(next)))])];
  }
}

/** An address out of the range that vCenter assigns from (00:50:56:80-bf), one for each VM and adapter. */
export function macAddress(vmNumber: number, index: number): string {
  const bytes = [0x80 + (index % 0x40), (vmNumber >> 8) & 0xff, vmNumber & 0xff];
  return ['00', '50', '56', ...bytes.map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}
