import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from '../../src/https/connection.ts';
import type { Clock } from '../../src/time/clock.ts';
import type { Behaviour, PortState } from './behaviour.ts';
import { createClock, type SimulatorClock } from './clock.ts';
import type { TaskRecord } from './clone-tasks.ts';
import { type FaultHandle, type FaultSpec, Faults } from './faults.ts';
import { type Exchange, HttpLog, type Moment } from './http-log.ts';
import { startHttpsServer } from './https-server.ts';
import { createInProcessServer } from './in-process-connection.ts';
import { type Inventory, type PowerState, storedName, type VmRecord } from './inventory.ts';
import type { Operation } from './operations.ts';
import { probePort } from './ports.ts';
import { setPowerState } from './power.ts';
import { createRequestHandler, type RequestHandler } from './request-handler.ts';
import type { Seed } from './seed.ts';
import type { SessionCounts } from './sessions.ts';
import { certificateAuthority, createServerCertificate, type ServerCertificate } from './tls.ts';
import { simpleClone, startClone } from './vi-json/clone.ts';
import { createWorld } from './world.ts';

export type { Behaviour, CloneFailure, Denial, PortProbe, PortState } from './behaviour.ts';
export type { Customization, CustomizationStep } from './customization.ts';
export type { AddressStep, GuestInterface } from './guest.ts';
export type { SnapshotRecord } from './inventory.ts';
export type { Fault } from './vi-json/fault.ts';
export type { Exchange, FaultHandle, FaultSpec, Operation, SessionCounts, TaskRecord, VmRecord };

interface CommonOptions {
  readonly username?: string;
  readonly password?: string;
  readonly seed?: Seed;
  readonly behaviour?: Partial<Behaviour>;
}

export interface VcenterOptions extends CommonOptions {
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
  /** `expired` and `other-host` fail a client's check; default: good for localhost, 127.0.0.1 and ::1. */
  readonly certificate?: 'valid' | 'expired' | 'other-host';
  /** Where the CA's certificate is written; default: a folder of its own, removed on close. */
  readonly caFile?: string;
}

export interface InProcessOptions extends CommonOptions {
  /** The simulator's time; default: this machine's. */
  readonly clock?: Clock;
}

/** A vCenter, seen from the side of a test. */
export interface Vcenter {
  /** `localhost:PORT`: what goes into the input `vcenter-server`. */
  readonly server: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly caFile: string;
  readonly caPem: string;
  /** SHA-256 of the server's certificate, upper-case hex with colons. */
  readonly fingerprint: string;
  /** May be changed at any time. */
  readonly behaviour: Behaviour;
  /** The objects themselves. */
  readonly inventory: Inventory;

  /** Every request, in order of arrival. */
  readonly exchanges: readonly Exchange[];
  /** The operations called, in order of arrival. */
  calls(): Operation[];
  sessions(): SessionCounts;
  /** The password, and every Authorization value and session id that was ever used. */
  secrets(): string[];
  /** All VMs, with templates and half copies. */
  vms(): VmRecord[];
  /** By id, or by the name if only one VM has it. */
  vm(idOrName: string): VmRecord | undefined;
  tasks(): TaskRecord[];
  runningTasks(): TaskRecord[];

  readonly addDatacenter: Inventory['addDatacenter'];
  readonly addFolder: Inventory['addFolder'];
  readonly addCluster: Inventory['addCluster'];
  readonly addHost: Inventory['addHost'];
  readonly addResourcePool: Inventory['addResourcePool'];
  readonly addDatastore: Inventory['addDatastore'];
  readonly addNetwork: Inventory['addNetwork'];
  readonly addCustomizationSpec: Inventory['addCustomizationSpec'];
  readonly addTagCategory: Inventory['tagging']['addCategory'];
  readonly addTag: Inventory['tagging']['addTag'];
  readonly addVm: Inventory['addVm'];
  /** Of a VM's or a template's present state; it becomes the current one unless told otherwise. */
  readonly addSnapshot: Inventory['addSnapshot'];

  /** These change a VM at once, as somebody else would. Each takes a record, an id or a name that is unique. */
  powerOn(vm: VmRecord | string): void;
  powerOff(vm: VmRecord | string): void;
  suspend(vm: VmRecord | string): void;
  rename(vm: VmRecord | string, name: string): void;
  move(vm: VmRecord | string, folder: string): void;
  remove(vm: VmRecord | string): void;
  /** Makes a template of a VM, or a VM of a template. */
  markAsTemplate(vm: VmRecord | string, isTemplate?: boolean): void;
  /** Another client's clone. `user` is the same service account by default; `duration` in milliseconds. */
  startForeignClone(options: {
    readonly source: string;
    readonly name: string;
    readonly folder?: string;
    readonly user?: string;
    readonly duration?: number;
    /** Default: through the REST API; a template can be cloned by `vim` alone. */
    readonly kind?: TaskRecord['kind'];
  }): TaskRecord;
  /** What a TCP connection to the address meets, as `behaviour.ports` says; `silent` where no running guest has it. */
  probePort(options: { readonly address: string; readonly port: number }): PortState;
  /** The task's record vanishes; the clone goes on. */
  forgetTask(id: string): void;
  /** Ends every open session. */
  expireSessions(): void;

  fault(spec: FaultSpec): FaultHandle;
  /** Closes the listening port and resets every connection: connections are refused until the next call. */
  refuseConnections(): Promise<void>;
  acceptConnections(): Promise<void>;
  /** Resolves with the `nth` exchange (default the next), counted from now, of which the moment comes. */
  on(moment: {
    readonly operation: Operation | '*';
    readonly when: Moment;
    readonly nth?: number;
  }): Promise<Exchange>;
  /** Called at every moment of every exchange. */
  watch(listener: (exchange: Exchange, moment: Moment) => void): void;
  close(): Promise<void>;
}

/** A vCenter without a socket: it is at `server`, for those who come through a {@link connection}. */
export interface InProcessVcenter extends Vcenter {
  connection(): Connection;
}

/** A password with everything in it that a client may handle wrongly. */
const awkwardPassword = `p@ss: wörd"'%&$+#\\/=`;

const connectionHosts = ['localhost', '127.0.0.1', '::1'];

/** Starts a simulated vCenter; it holds no timer and no socket any more once `close` has resolved. */
export async function startVcenter(options: VcenterOptions = {}): Promise<Vcenter> {
  const simulator = createSimulator({ ...options, clock: createClock() });
  const authority = certificateAuthority();
  const certificate = createServerCertificate({
    authority,
    hosts: options.certificate === 'other-host' ? ['vcenter.invalid'] : connectionHosts,
    expired: options.certificate === 'expired',
  });
  const { port, refuseConnections, acceptConnections } = await startHttpsServer({
    handler: simulator.handler,
    clock: simulator.clock,
    certificate,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
  });
  const temporary = options.caFile === undefined && (await mkdtemp(join(tmpdir(), 'vcenter-simulator-')));
  const caFile = options.caFile ?? join(temporary || tmpdir(), 'ca.pem');
  await writeFile(caFile, authority.pem);
  return {
    ...simulator.control,
    server: `localhost:${port}`,
    port,
    caFile,
    caPem: authority.pem,
    fingerprint: certificate.fingerprint,
    refuseConnections,
    acceptConnections,
    close: async () => {
      await refuseConnections();
      simulator.close();
      if (temporary) await rm(temporary, { recursive: true, force: true });
    },
  };
}

/** One for all vCenters without a socket: nobody gets to see it. */
let unseenCertificate: ServerCertificate | undefined;

/** A simulated vCenter for clients in this process. Its `caFile` is a name without a file. */
export function createVcenter(options: InProcessOptions = {}): InProcessVcenter {
  const simulator = createSimulator({ ...options, clock: createClock(options.clock) });
  const port = 8443;
  const server = `localhost:${port}`;
  const { handler, clock } = simulator;
  const { connect, refuseConnections, acceptConnections } = createInProcessServer({ handler, clock, server });
  const authority = certificateAuthority();
  unseenCertificate ??= createServerCertificate({ authority, hosts: connectionHosts });
  const { fingerprint } = unseenCertificate;
  return {
    ...simulator.control,
    server,
    port,
    caFile: 'vcenter-simulator/ca.pem',
    caPem: authority.pem,
    fingerprint,
    connection: connect,
    refuseConnections: async () => refuseConnections(),
    acceptConnections: async () => acceptConnections(),
    close: async () => {
      refuseConnections();
      simulator.close();
    },
  };
}

/** What a test holds in its hands however the simulator is reached. */
type Control = Omit<
  Vcenter,
  'server' | 'port' | 'caFile' | 'caPem' | 'fingerprint' | 'refuseConnections' | 'acceptConnections' | 'close'
>;

interface Simulator {
  readonly handler: RequestHandler;
  readonly clock: SimulatorClock;
  readonly control: Control;
  readonly close: () => void;
}

function createSimulator(options: CommonOptions & { readonly clock: SimulatorClock }): Simulator {
  const { username = 'svc-ci@vsphere.local', password = awkwardPassword, clock } = options;
  const world = createWorld({
    username,
    password,
    seed: options.seed ?? 'default',
    behaviour: options.behaviour ?? {},
    clock,
  });
  const log = new HttpLog();
  const faults = new Faults();
  const secrets = new Set([password]);

  const { inventory } = world;
  const vmNamed = (idOrName: string): VmRecord | undefined => {
    world.settle();
    const named = [...inventory.vms.values()].filter((vm) => vm.name === storedName(idOrName));
    return inventory.vms.get(idOrName) ?? (named.length === 1 ? named[0] : undefined);
  };
  const existing = (wanted: VmRecord | string): VmRecord => {
    const vm = vmNamed(typeof wanted === 'string' ? wanted : wanted.id);
    if (!vm) throw new Error(`There is not exactly one VM ${JSON.stringify(wanted)} on the simulator.`);
    return vm;
  };
  const power = (vm: VmRecord | string, state: PowerState) =>
    setPowerState(existing(vm), { state, now: world.clock.now() });
  const allTasks = () => {
    world.settle();
    return [...world.tasks.all];
  };
  const control: Control = {
    username,
    password,
    behaviour: world.behaviour,
    inventory,
    exchanges: log.exchanges,
    calls: () => log.exchanges.map((exchange) => exchange.operation),
    sessions: () => world.sessions.counts(world.clock.now()),
    secrets: () => [...secrets],
    vms: () => {
      world.settle();
      return [...inventory.vms.values()];
    },
    vm: vmNamed,
    tasks: allTasks,
    runningTasks: () => allTasks().filter((task) => task.endedAt === undefined),
    addDatacenter: (datacenter) => inventory.addDatacenter(datacenter),
    addFolder: (folder) => inventory.addFolder(folder),
    addCluster: (cluster) => inventory.addCluster(cluster),
    addHost: (newHost) => inventory.addHost(newHost),
    addResourcePool: (pool) => inventory.addResourcePool(pool),
    addDatastore: (datastore) => inventory.addDatastore(datastore),
    addNetwork: (network) => inventory.addNetwork(network),
    addCustomizationSpec: (spec) => inventory.addCustomizationSpec(spec),
    addTagCategory: (category) => inventory.tagging.addCategory(category),
    addTag: (tag) => inventory.tagging.addTag(tag),
    addVm: (vm) => inventory.addVm(vm),
    addSnapshot: (snapshot) => inventory.addSnapshot(snapshot),
    powerOn: (vm) => power(vm, 'POWERED_ON'),
    powerOff: (vm) => power(vm, 'POWERED_OFF'),
    suspend: (vm) => power(vm, 'SUSPENDED'),
    rename: (vm, name) => {
      existing(vm).name = storedName(name);
    },
    move: (vm, folder) => {
      existing(vm).folder = inventory.get('folder', inventory.folders, folder).id;
    },
    markAsTemplate: (vm, isTemplate = true) => {
      existing(vm).template = isTemplate;
    },
    remove: (vm) => {
      inventory.vms.delete(existing(vm).id);
    },
    startForeignClone: ({ source, name, folder, user, duration, kind }) => {
      const by = {
        foreign: true,
        ...(user !== undefined && { user }),
        ...(duration !== undefined && { duration }),
      };
      const now = world.settle();
      const vm = kind === 'vim' ? existing(source) : undefined;
      return vm
        ? startClone(world, vm.id, simpleClone({ vm, name, folder }), by)
        : world.tasks.start({
            spec: { source, name, ...(folder !== undefined && { placement: { folder } }) },
            now,
            ...by,
          });
    },
    probePort: (options) => probePort(world, options),
    forgetTask: (id) => {
      const task = world.tasks.all.find((each) => each.id === id);
      if (!task) throw new Error(`There is no task ${id} on the simulator.`);
      task.forgotten = true;
    },
    expireSessions: () => world.sessions.expireAll(),
    fault: (spec) => faults.add(spec),
    on: (moment) => log.on(moment),
    watch: (listener) => {
      log.listeners.push(listener);
    },
  };
  return {
    handler: createRequestHandler({ world, log, faults, secrets }),
    clock,
    control,
    close: () => {
      clock.close();
      log.close();
    },
  };
}
