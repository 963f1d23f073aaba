import { afterEach, expect } from 'vitest';
import { openConnection } from '../../src/https/connection.ts';
import type { DeviceReference, InventoryType, Reference } from '../../src/text/reference.ts';
import { parseDeviceReference, parseReference } from '../../src/text/reference.ts';
import { systemClock } from '../../src/time/clock.ts';
import {
  type PlacementReferences,
  type ResolvedPlacement,
  resolveLocation,
  resolvePlacement,
} from '../../src/vcenter/inventory/placement.ts';
import {
  describeResolveProblem,
  ResolveError,
  type ResolveProblem,
} from '../../src/vcenter/inventory/resolve-error.ts';
import { type Limits, openSession } from '../../src/vcenter/session.ts';
import { checkExchanges } from '../contract/vsphere-spec.ts';
import { type Exchange, startVcenter, type Vcenter, type VcenterOptions } from '../simulator/vcenter.ts';

/** Inputs of the action as a user writes them. */
export interface Inputs {
  readonly source?: string;
  readonly datacenter?: string;
  readonly folder?: string;
  readonly 'resource-pool'?: string;
  readonly cluster?: string;
  readonly host?: string;
  readonly datastore?: string;
  readonly 'disks-to-remove'?: readonly string[];
  readonly 'disks-to-update'?: Readonly<Record<string, string>>;
}

export interface Resolver {
  readonly vcenter: Vcenter;
  /** Aborts the signal of all look-ups. */
  abort(reason: Error): void;
  resolve(inputs: Inputs): Promise<ResolvedPlacement>;
  /** The problems that make `resolve` fail. */
  problems(inputs: Inputs): Promise<readonly ResolveProblem[]>;
  /** The same as texts. */
  texts(inputs: Inputs): Promise<readonly string[]>;
  locate(inputs: Pick<Inputs, 'datacenter' | 'folder'>): ReturnType<typeof resolveLocation>;
  /** Every request since the login. */
  lookUps(): readonly Exchange[];
  /** The same, one line for each: `folder names=ci datacenters=datacenter-2`. */
  asked(): readonly string[];
}

/** Returns a function that starts a simulator and logs in; both end with the test. */
export function useResolver(): (options?: VcenterOptions) => Promise<Resolver> {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) {
      await close();
    }
  });
  return async (options) => {
    const vcenter = await startVcenter(options);
    const connection = openConnection({ ca: vcenter.caPem, insecure: false, env: {} });
    closers.push(async () => {
      connection.close();
      await vcenter.close();
      expect(checkExchanges(vcenter.exchanges)).toEqual([]);
    });
    const run = new AbortController();
    const limits: Limits = { signal: run.signal, retryTimeout: 2_000 };
    const { server, username, password } = vcenter;
    const session = await openSession(
      {
        endpoint: { server, connection, clock: systemClock, requestTimeout: 5_000, trace: () => undefined },
        username,
        password,
        mask: () => undefined,
        tell: () => undefined,
        random: () => 0,
      },
      limits,
    );
    const lookUps = () => vcenter.exchanges.filter(({ operation }) => !operation.endsWith('/api/session'));
    const resolve = (inputs: Inputs) => resolvePlacement(session, toReferences(inputs), limits);
    const problems = (inputs: Inputs) => resolve(inputs).then(expectFailure, problemsOf);
    return {
      vcenter,
      abort: (reason) => run.abort(reason),
      resolve,
      problems,
      texts: async (inputs) => (await problems(inputs)).map(describeResolveProblem),
      locate: (inputs) => resolveLocation(session, toReferences(inputs), limits),
      lookUps,
      asked: () => lookUps().map(asLine),
    };
  };
}

function toReferences(inputs: Inputs): PlacementReferences {
  const given = (key: string, type: InventoryType, text: string | undefined) =>
    text === undefined ? {} : { [key]: parseReference({ type, text }) };
  return {
    source: parseReference({ type: 'VirtualMachine', text: inputs.source ?? 'vm-42' }),
    ...given('datacenter', 'Datacenter', inputs.datacenter),
    ...given('folder', 'Folder', inputs.folder),
    ...given('resourcePool', 'ResourcePool', inputs['resource-pool']),
    ...given('cluster', 'ClusterComputeResource', inputs.cluster),
    ...given('host', 'HostSystem', inputs.host),
    ...given('datastore', 'Datastore', inputs.datastore),
    inputNames: {
      resourcePool: 'resource-pool',
      disksToRemove: 'disks-to-remove',
      disksToUpdate: 'disks-to-update',
    },
    disksToRemove: (inputs['disks-to-remove'] ?? []).map(parseDeviceReference),
    disksToUpdate: Object.entries(inputs['disks-to-update'] ?? {}).map(
      ([disk, datastore]): { disk: DeviceReference; datastore: Reference } => ({
        disk: parseDeviceReference(disk),
        datastore: parseReference({ type: 'Datastore', text: datastore }),
      }),
    ),
    networks: [],
    tags: [],
  };
}

function expectFailure(): never {
  throw new Error('All names were resolved.');
}

function problemsOf(error: unknown): readonly ResolveProblem[] {
  if (error instanceof ResolveError) {
    return error.problems;
  }
  throw error;
}

function asLine({ path, query }: Exchange): string {
  const filters = Object.entries(query).map(([name, values]) => `${name}=${values.join('|')}`);
  return [path.replace('/api/vcenter/', ''), ...filters].join(' ');
}
