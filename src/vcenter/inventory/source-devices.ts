import type { DeviceReference, Reference } from '../../text/reference.ts';
import { isNotFound } from '../transport/error.ts';
import { asTyped } from './exactly-one.ts';
import type { Device, Devices, InventoryLookup } from './lookup.ts';
import { nearest } from './near-match.ts';
import { ResolveError, type ResolveProblem } from './resolve-error.ts';

/** The VM whose devices are named. */
export interface SourceOfDevices {
  readonly source: Reference;
  /** What the source comes to; rejects where it cannot be resolved. */
  readonly sourceId: Promise<string>;
}

export interface DiskReferences extends SourceOfDevices {
  readonly disksToRemove: readonly DeviceReference[];
  readonly disksToUpdate: readonly { readonly disk: DeviceReference }[];
  readonly inputNames: Readonly<Record<'disksToRemove' | 'disksToUpdate', string>>;
}

export interface ResolvedDisks {
  /** Each disk once. */
  readonly toRemove: readonly string[];
  /** In the order of `disksToUpdate`. */
  readonly toUpdate: readonly string[];
}

/**
 * Turns the labels of the source's disks into disk ids: GET /api/vcenter/vm/{vm}, only where there is a label. A disk that
 * is named twice, by id and by label, is found out here; vCenter refuses one that stands in both lists.
 *
 * @throws ResolveError, VcenterError
 */
export async function resolveDisks(
  lookup: InventoryLookup,
  references: DiskReferences,
): Promise<ResolvedDisks> {
  const { disksToRemove, disksToUpdate, inputNames } = references;
  const disksNamed = [
    ...disksToRemove.map((disk) => ({ input: inputNames.disksToRemove, disk })),
    ...disksToUpdate.map(({ disk }) => ({ input: inputNames.disksToUpdate, disk })),
  ];
  const disks = disksNamed.some(({ disk }) => disk.kind === 'label')
    ? (await devicesOf(lookup, references)).disks
    : [];
  const problems: ResolveProblem[] = [];
  const treatment = new Map<string, string>();
  const ids = disksNamed.map(({ input, disk }) => {
    const id = disk.kind === 'id' ? disk.id : findDevice(disks, disk)?.id;
    if (id === undefined) {
      problems.push(unknownDevice({ input, type: 'VirtualDisk', device: disk, devices: disks }));
      return '';
    }
    const before = treatment.get(id);
    treatment.set(id, input);
    if (before !== undefined && (input === inputNames.disksToUpdate || before !== input)) {
      const name = disks.find((each) => each.id === id)?.name ?? id;
      problems.push(namedTwice({ input, type: 'VirtualDisk', device: disk, found: { id, name }, before }));
    }
    return id;
  });
  if (problems.length > 0) {
    throw new ResolveError(problems);
  }
  return {
    toRemove: [...new Set(ids.slice(0, disksToRemove.length))],
    toUpdate: ids.slice(disksToRemove.length),
  };
}

/**
 * The source's disks and network adapters: GET /api/vcenter/vm/{vm}.
 *
 * @throws ResolveError where the source is not there, without a problem where its name is reported by itself; VcenterError
 */
export async function devicesOf(
  lookup: InventoryLookup,
  { source, sourceId }: SourceOfDevices,
): Promise<Devices> {
  const vm = await sourceId.catch((error: unknown) => {
    // The source's name is reported by itself; what its devices are cannot be said without it.
    throw error instanceof ResolveError ? new ResolveError([]) : error;
  });
  try {
    return await lookup.devices(vm);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    throw new ResolveError([
      {
        input: 'source',
        type: 'VirtualMachine',
        asked: asTyped(source),
        reason: 'none',
        candidates: [],
        near: [],
        available: [],
        hint: 'No VM and no template of this id is there, or the account may not see it.',
      },
    ]);
  }
}

export function findDevice(devices: readonly Device[], device: DeviceReference): Device | undefined {
  return devices.find(({ id, name }) => (device.kind === 'id' ? id === device.id : name === device.label));
}

interface NamedDevice {
  readonly input: string;
  readonly type: 'VirtualDisk' | 'VirtualEthernetCard';
  readonly device: DeviceReference;
}

/** The problem of a device that the source does not have. */
export function unknownDevice({
  input,
  type,
  device,
  devices,
}: NamedDevice & { readonly devices: readonly Device[] }): ResolveProblem {
  const asked = asWritten(device);
  const near = nearest(asked, devices);
  return {
    input,
    type,
    asked,
    reason: 'none',
    scope: 'the source',
    candidates: [],
    near: [],
    available: [...near, ...devices.filter((each) => !near.includes(each))],
    ...(devices.length === 0 ? { hint: 'It has none at all.' } : {}),
  };
}

/** The problem of a device that `before`, an input, names as well. */
export function namedTwice({
  input,
  type,
  device,
  found,
  before,
}: NamedDevice & { readonly found: Device; readonly before: string }): ResolveProblem {
  return {
    input,
    type,
    asked: asWritten(device),
    reason: 'device-twice',
    candidates: [found],
    near: [],
    available: [],
    hint: `It stands in '${before}' already; name each ${type === 'VirtualDisk' ? 'disk' : 'adapter'} once.`,
  };
}

function asWritten(device: DeviceReference): string {
  return device.kind === 'id' ? device.id : device.label;
}
