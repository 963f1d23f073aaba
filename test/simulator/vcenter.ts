import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Behaviour } from './behaviour.ts';
import type { TaskRecord } from './clone-tasks.ts';
import { type FaultHandle, type FaultSpec, Faults } from './faults.ts';
import { type Exchange, HttpLog, type Moment } from './http-log.ts';
import { type Inventory, type PowerState, storedName, type VmRecord } from './inventory.ts';
import type { Operation } from './operations.ts';
import { setPowerState } from './power.ts';
import { type ConnectionControl, createRequestHandler } from './request-handler.ts';
import type { Seed } from './seed.ts';
import type { SessionCounts } from './sessions.ts';
import { certificateAuthority, createServerCertificate } from './tls.ts';
import { createWorld } from './world.ts';

export type { Behaviour, CloneFailure, Denial } from './behaviour.ts';
export type { AddressStep, GuestInterface } from './guest.ts';
export type { Exchange, FaultHandle, FaultSpec, Operation, SessionCounts, TaskRecord, VmRecord };

export interface VcenterOptions {
  readonly username?: string;
  readonly password?: string;
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
  readonly seed?: Seed;
  readonly behaviour?: Partial<Behaviour>;
  /** `expired` and `other-host` fail a client's check; default: good for localhost, 127.0.0.1 and ::1. */
  readonly certificate?: 'valid' | 'expired' | 'other-host';
  /** Where the CA's certificate is written; default: a folder of its own, removed on close. */
  readonly caFile?: string;
}

/** A vCenter that listens on loopback, seen from the side of a test. */
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
  readonly addVm: Inventory['addVm'];

  /** These change a VM at once, as somebody else would. Each takes a record, an id or a name that is unique. */
  powerOn(vm: VmRecord | string): void;
  powerOff(vm: VmRecord | string): void;
  suspend(vm: VmRecord | string): void;
  rename(vm: VmRecord | string, name: string): void;
  move(vm: VmRecord | string, folder: string): void;
  remove(vm: VmRecord | string): void;
  /** Another client's clone. `user` is the same service account by default; `duration` in milliseconds. */
  startForeignClone(options: {
    readonly source: string;
    readonly name: string;
    readonly folder?: string;
    readonly user?: string;
    readonly duration?: number;
  }): TaskRecord;
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

/** A password with everything in it that a client may handle wrongly. */
const awkwardPassword = `p@ss: wörd"'%&$+#\\/=`;

const connectionHosts = ['localhost', '127.0.0.1', '::1'];

/** Starts a simulated vCenter; it holds no timer and no socket any more once `close` has resolved. */
export async function startVcenter(options: VcenterOptions = {}): Promise<Vcenter> {
  const { username = 'svc-ci@vsphere.local', password = awkwardPassword, host = '127.0.0.1' } = options;
  const world = createWorld({
    username,
    password,
    seed: options.seed ?? 'default',
    behaviour: options.behaviour ?? {},
  });
  const log = new HttpLog();
  const faults = new Faults();
  const secrets = new Set([password]);

  const authority = certificateAuthority();
  const certificate = createServerCertificate({
    authority,
    hosts: options.certificate === 'other-host' ? ['vcenter.invalid'] : connectionHosts,
    expired: options.certificate === 'expired',
  });
  const server = createServer({ cert: certificate.certificatePem, key: certificate.keyPem });
  // Longer than any pause of a client, so that no request ever meets a connection that is just being closed.
  server.keepAliveTimeout = 120_000;
  const connections = trackConnections(server);
  server.on('request', createRequestHandler({ world, log, faults, secrets, connectionOf: connections.of }));
  await listen(server, { port: options.port ?? 0, host });
  const { port } = server.address() as AddressInfo;
  const temporary = options.caFile === undefined && (await mkdtemp(join(tmpdir(), 'vcenter-simulator-')));
  const caFile = options.caFile ?? join(temporary || tmpdir(), 'ca.pem');
  await writeFile(caFile, authority.pem);

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
  const stopListening = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    connections.resetAll();
    await closed;
  };

  return {
    server: `localhost:${port}`,
    port,
    username,
    password,
    caFile,
    caPem: authority.pem,
    fingerprint: certificate.fingerprint,
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
    addVm: (vm) => inventory.addVm(vm),
    powerOn: (vm) => power(vm, 'POWERED_ON'),
    powerOff: (vm) => power(vm, 'POWERED_OFF'),
    suspend: (vm) => power(vm, 'SUSPENDED'),
    rename: (vm, name) => {
      existing(vm).name = storedName(name);
    },
    move: (vm, folder) => {
      existing(vm).folder = inventory.get('folder', inventory.folders, folder).id;
    },
    remove: (vm) => {
      inventory.vms.delete(existing(vm).id);
    },
    startForeignClone: ({ source, name, folder, user, duration }) =>
      world.tasks.start({
        spec: { source, name, ...(folder !== undefined && { placement: { folder } }) },
        now: world.settle(),
        foreign: true,
        ...(user !== undefined && { user }),
        ...(duration !== undefined && { duration }),
      }),
    expireSessions: () => world.sessions.expireAll(),
    fault: (spec) => faults.add(spec),
    refuseConnections: async () => {
      if (server.listening) await stopListening();
    },
    acceptConnections: async () => {
      if (!server.listening) await listen(server, { port, host });
    },
    on: (moment) => log.on(moment),
    watch: (listener) => {
      log.listeners.push(listener);
    },
    close: async () => {
      if (server.listening) await stopListening();
      world.clock.close();
      log.close();
      if (temporary) await rm(temporary, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, options: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface Connections {
  readonly of: (request: IncomingMessage) => ConnectionControl;
  readonly resetAll: () => void;
}

/**
 * Knows the TCP socket below each TLS socket: only that one can send an RST. The two are matched by the client's
 * port, which is unique among the connections that are open.
 */
function trackConnections(server: Server): Connections {
  const open = new Map<number, { readonly number: number; readonly socket: Socket }>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    count += 1;
    open.set(remotePort, { number: count, socket });
    socket.once('close', () => open.delete(remotePort));
    // What becomes of a connection after it was reset is of no interest to the simulator.
    socket.on('error', () => undefined);
  });
  // A client that does not like the certificate ends the handshake; that is its own affair.
  server.on('tlsClientError', () => undefined);
  return {
    of: ({ socket }) => {
      const connection = open.get(socket.remotePort ?? 0);
      return {
        number: connection?.number ?? 0,
        reset: () => {
          connection?.socket.resetAndDestroy();
          socket.destroy();
        },
      };
    },
    resetAll: () => {
      for (const { socket } of open.values()) socket.resetAndDestroy();
    },
  };
}
