import type { CloneInputs } from '../../github/inputs.ts';
import { parseAddress } from '../../text/network.ts';
import { bareId } from '../../text/reference.ts';
import { listGuestInterfaces } from '../../vcenter/guest.ts';
import { isPoolOfCluster } from '../../vcenter/inventory/existence.ts';
import type { ResolvedPlacement } from '../../vcenter/inventory/placement.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { viFullClone, viInstantClone, viLinkedClone } from '../../vcenter/vi-json/clone.ts';
import type { Guestinfo } from '../../vcenter/vi-json/config-spec.ts';
import { findRootPool } from '../../vcenter/vi-json/pool.ts';
import { chooseSnapshot, type Snapshot } from '../../vcenter/vi-json/snapshots.ts';
import { diskKey, readSourceVm, type SourceVm } from '../../vcenter/vi-json/vm.ts';
import { type CloneRequest, toRequest } from './clone-request.ts';
import { ValidationError } from './validate.ts';

export interface ViRequestOptions {
  readonly session: Session;
  readonly inputs: Pick<CloneInputs, 'cloneType' | 'snapshot' | 'notes' | 'waitForIp' | 'waitForPort'>;
  readonly placement: ResolvedPlacement;
  readonly name: string;
  readonly guestinfo: Guestinfo | undefined;
  readonly limits: Limits;
}

export interface ViRequest {
  readonly request: CloneRequest;
  /** The folder of the new VM, which these requests always name. */
  readonly folder: string;
  /** What the guest of an instant clone begins with: the addresses of its source; undefined where nobody can tell them. */
  readonly sourceAddresses: readonly string[] | undefined;
}

/**
 * The clone request of a template, of a linked or of an instant clone, which go out through VI/JSON: its source is read first
 * (PropertyCollector.RetrievePropertiesEx), and, for a template without `resource-pool`, the pool of `cluster` or `host`.
 *
 * @throws ValidationError for what vCenter would refuse; VcenterError; the signal's reason.
 */
export async function prepareViRequest(options: ViRequestOptions): Promise<ViRequest> {
  const { session, inputs, placement, name, guestinfo, limits } = options;
  const { cloneType } = inputs;
  if ((await session.viJson(limits)) === undefined) {
    throw new ValidationError(
      cloneType === 'full'
        ? `source: the template ${placement.source} can be cloned with vCenter 8.0 U1 or later; this server has no VI/JSON.`
        : `clone-type: '${cloneType}' needs vCenter 8.0 U1 or later; this server has no VI/JSON.`,
    );
  }
  const withDevices = placement.disksToRemove.length > 0;
  const source = await readSourceVm(session, { id: bareId(placement.source), withDevices }, limits);
  if (source === undefined) {
    throw new ValidationError(
      `source: there is neither a VM nor a template '${placement.source}', or the account may not see it.`,
    );
  }
  checkSource(source, cloneType);
  const folder = placement.folder ?? source.folder;
  if (folder === undefined) {
    throw new ValidationError("folder: the source is in none (it is part of a vApp), so 'folder' is needed.");
  }
  const { datastore } = placement;
  if (cloneType === 'instant') {
    const pool = placement.resourcePool;
    const spec = {
      source: source.id,
      name,
      folder,
      ...optional({ resourcePool: pool, datastore, guestinfo }),
    };
    const how = 'instant, from where its source is';
    const sourceAddresses = await addressesOf(options, source);
    return {
      folder,
      sourceAddresses,
      request: toRequest({ method: viInstantClone, spec, powersOn: true, how }),
    };
  }
  const common = {
    ...{ source: source.id, name, folder, powerOn: false },
    ...{ disksToRemove: disksOf(source, placement.disksToRemove) },
    ...optional({
      ...{ resourcePool: await poolOf(options, source), host: placement.host, datastore },
      ...{ notes: inputs.notes, guestinfo },
    }),
  };
  if (cloneType === 'linked') {
    const snapshot = snapshotOf(source, inputs.snapshot);
    const spec = { ...common, snapshot: snapshot.id };
    const how = `linked, from the snapshot '${snapshot.name}'`;
    return {
      folder,
      sourceAddresses: [],
      request: toRequest({ method: viLinkedClone, spec, powersOn: false, how }),
    };
  }
  const disksToUpdate = placement.disksToUpdate.map(({ disk, datastore: target }) => {
    const key = diskKey(disk);
    if (key === undefined) {
      throw new ValidationError(
        `disks-to-update: the source has no disk '${disk}': a disk's id is a number.`,
      );
    }
    return { key, datastore: target };
  });
  const spec = { ...common, ...(disksToUpdate.length === 0 ? {} : { disksToUpdate }) };
  const how = source.isTemplate === true ? 'full, from a template' : 'full';
  return {
    folder,
    sourceAddresses: [],
    request: toRequest({ method: viFullClone, spec, powersOn: false, how }),
  };
}

/** All addresses that the source's guest reports, where an address of the clone is waited for; undefined: it stands still. */
async function addressesOf(
  { session, inputs, limits }: ViRequestOptions,
  { id, name, isFrozen }: SourceVm,
): Promise<readonly string[] | undefined> {
  if (!inputs.waitForIp && inputs.waitForPort.length === 0) {
    return [];
  }
  const interfaces = await listGuestInterfaces(session, id, limits);
  if (interfaces === 'tools-not-running' && isFrozen) {
    return undefined;
  }
  if (interfaces === 'tools-not-running') {
    throw new ValidationError(
      `source: VMware Tools do not run in '${name}' (${id}), so it cannot be told which addresses are the clone's and which its own: try again when they run.`,
    );
  }
  const listed = interfaces.flatMap(({ addresses }) => addresses);
  return listed.flatMap(({ address }) => parseAddress(address)?.text ?? []);
}

/** Leaves out what is not set. */
function optional<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function checkSource(
  { id, name, isTemplate, powerState, missing }: SourceVm,
  cloneType: CloneInputs['cloneType'],
): void {
  const source = `'${name}' (${id})`;
  if (isTemplate === undefined && missing.size === 0) {
    throw new ValidationError(
      `source: vCenter cannot read the configuration of ${source}: it is inaccessible. Its events in vCenter say why.`,
    );
  }
  if (cloneType === 'instant' && isTemplate === true) {
    throw new ValidationError(
      "source: an instant clone needs a VM that runs, and this is a template: leave 'clone-type' out.",
    );
  }
  if (cloneType === 'instant' && powerState !== undefined && powerState !== 'poweredOn') {
    throw new ValidationError(
      `source: an instant clone needs a VM that runs, and ${source} is ${powerState === 'suspended' ? 'suspended' : 'powered off'}: power it on.`,
    );
  }
}

/** A template is in no pool, so one has to be named; a VM hands its own on. */
async function poolOf(
  { session, placement, limits }: ViRequestOptions,
  { isTemplate }: SourceVm,
): Promise<string | undefined> {
  const { resourcePool, cluster, host } = placement;
  if (resourcePool !== undefined) {
    // The request names the pool alone, so vCenter would not see that they disagree.
    if (cluster !== undefined && !(await isPoolOfCluster(session, { resourcePool, cluster }, limits))) {
      throw new ValidationError(
        `resource-pool: vCenter lists no ResourcePool '${resourcePool}' in ${cluster}, which 'cluster' names.`,
      );
    }
    return resourcePool;
  }
  if (cluster === undefined && host === undefined) {
    if (isTemplate === true) {
      throw new ValidationError(
        "source: it is a template, which is in no resource pool: set 'resource-pool', 'cluster' or 'host'.",
      );
    }
    return undefined;
  }
  const owner = cluster === undefined ? { host: host ?? '' } : { cluster };
  const pool = await findRootPool(session, owner, limits);
  if (pool === undefined) {
    const input = cluster === undefined ? 'host' : 'cluster';
    throw new ValidationError(
      `${input}: vCenter shows no resource pool of ${cluster ?? host}: it is not there, or the account may not see it. 'resource-pool' can be given instead.`,
    );
  }
  return pool;
}

function snapshotOf(source: SourceVm, name: string | undefined): Snapshot {
  const choice = chooseSnapshot(source, name);
  const listed = (snapshots: readonly Snapshot[]) =>
    snapshots.map((each) => `'${each.name}' (${each.id}, ${each.createTime ?? 'time unknown'})`).join(', ');
  switch (choice.outcome) {
    case 'found':
      return choice.snapshot;
    case 'several':
      throw new ValidationError(
        `snapshot: several snapshots of the source are called '${name}': ${listed(choice.candidates)}. Rename one.`,
      );
    case 'unreadable':
      throw new ValidationError(
        `snapshot: the account may not read the snapshots of ${source.id}. It needs System.Read on it.`,
      );
    case 'none': {
      const there =
        choice.candidates.length === 0
          ? `The source has no snapshot at all. ${howToSnapshot(source)}`
          : `There are: ${listed(choice.candidates)}.`;
      throw new ValidationError(
        name === undefined
          ? `clone-type: a linked clone needs a snapshot, and the source has no current one. ${there}`
          : `snapshot: the source has no snapshot '${name}'. ${there}`,
      );
    }
  }
}

/** The action makes none: that would change the source. */
function howToSnapshot({ isTemplate }: SourceVm): string {
  return isTemplate === true
    ? 'Convert the template to a VM, take a snapshot, and mark it as a template again.'
    : 'Take one while it is off, once the image is as it should be: it has to live as long as its clones.';
}

function disksOf({ disks }: SourceVm, ids: readonly string[]): SourceVm['disks'] {
  return ids.map((id) => {
    const disk = disks.find(({ key }) => key === diskKey(id));
    if (disk === undefined) {
      const there = disks.map(({ key, label }) => `'${label}' (${key})`).join(', ');
      throw new ValidationError(`disks-to-remove: the source has no disk '${id}'. There are: ${there}.`);
    }
    return disk;
  });
}
