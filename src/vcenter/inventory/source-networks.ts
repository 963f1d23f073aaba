import type { DeviceReference, Reference } from '../../text/reference.ts';
import { escapeName } from './escaped-name.ts';
import { asTyped, exactlyOne } from './exactly-one.ts';
import type { Device, InventoryLookup, InventoryObject } from './lookup.ts';
import { walkPath } from './path.ts';
import { ResolveError, type ResolveProblem } from './resolve-error.ts';
import { devicesOf, findDevice, namedTwice, type SourceOfDevices, unknownDevice } from './source-devices.ts';

/** A network for an adapter of the source. Which of two readings holds, only the source's adapters tell. */
export interface NetworkUpdate {
  /** As `ADAPTER: NETWORK`; undefined where it cannot be read so. */
  readonly pair?: { readonly adapter: DeviceReference; readonly network: Reference };
  /** The whole of it as a network, for the first adapter. */
  readonly whole?: Reference;
}

export interface NetworkReferences extends SourceOfDevices {
  readonly networks: readonly NetworkUpdate[];
  /** The user's name of them, for errors. */
  readonly input: string;
  /** The id of the datacenter that narrows names; undefined for all. */
  readonly datacenter: Promise<string | undefined>;
}

/** A network for an adapter, as `VM.Hardware.Ethernet.UpdateSpec` needs it. */
export interface ResolvedNetwork {
  readonly nic: Device;
  readonly network: { readonly id: string; readonly name: string };
  /** STANDARD_PORTGROUP, DISTRIBUTED_PORTGROUP or OPAQUE_NETWORK, as the network's row says. */
  readonly type: string;
}

/**
 * Turns adapters and networks into ids: GET /api/vcenter/vm/{vm} for the source's adapters, GET /api/vcenter/network for all
 * names at once and for all ids at once, since only that list tells a network's type. A path costs steps of its own.
 *
 * @throws ResolveError with every adapter and network at fault; VcenterError
 */
export async function resolveNetworks(
  lookup: InventoryLookup,
  references: NetworkReferences,
): Promise<readonly ResolvedNetwork[]> {
  const { networks, input } = references;
  if (networks.length === 0) {
    return [];
  }
  const { nics } = await devicesOf(lookup, references);
  const unknownNic = (device: DeviceReference) =>
    unknownDevice({ input, type: 'VirtualEthernetCard', device, devices: nics });
  const problems: ResolveProblem[] = [];
  const wanted: Reading[] = [];
  for (const update of networks) {
    const reading = readUpdate(update, { nics, isOnly: networks.length === 1 });
    if (reading === undefined) {
      problems.push(unknownNic(adapterOf(update)));
      continue;
    }
    const { nic: found } = reading;
    if (wanted.some(({ nic }) => nic === found)) {
      const device = adapterOf(update);
      problems.push(namedTwice({ input, type: 'VirtualEthernetCard', device, found, before: input }));
    }
    wanted.push(reading);
  }
  const found = await Promise.all(
    wanted.map(({ reference }) => problemsOr(findNetwork(lookup, references, { reference, wanted }))),
  );
  const resolved = wanted.flatMap(({ nic, unreadAs }, index) => {
    const network = found[index];
    if (network instanceof ResolveError) {
      problems.push(...network.problems, ...(unreadAs === undefined ? [] : [unknownNic(unreadAs)]));
      return [];
    }
    return network === undefined ? [] : [{ nic, network, type: network.type ?? '' }];
  });
  if (problems.length > 0) {
    throw new ResolveError(problems);
  }
  return resolved;
}

interface Reading {
  readonly nic: Device;
  readonly reference: Reference;
  /** What would have been the adapter in the other reading, which no adapter of the source has fitted. */
  readonly unreadAs?: DeviceReference;
}

/** A single one without an adapter is for the first, that of the lowest id. */
function readUpdate(
  { pair, whole }: NetworkUpdate,
  { nics, isOnly }: { readonly nics: readonly Device[]; readonly isOnly: boolean },
): Reading | undefined {
  const nic = pair === undefined ? undefined : findDevice(nics, pair.adapter);
  if (pair !== undefined && nic !== undefined) {
    return { nic, reference: pair.network };
  }
  const [first] = nics.toSorted((one, other) => Number(one.id) - Number(other.id));
  if (whole === undefined || first === undefined || !isOnly) {
    return undefined;
  }
  return { nic: first, reference: whole, ...(pair === undefined ? {} : { unreadAs: pair.adapter }) };
}

function adapterOf({ pair, whole }: NetworkUpdate): DeviceReference {
  return pair?.adapter ?? { kind: 'label', label: whole === undefined ? '' : asTyped(whole) };
}

async function findNetwork(
  lookup: InventoryLookup,
  { input, datacenter }: NetworkReferences,
  { reference, wanted }: { readonly reference: Reference; readonly wanted: readonly Reading[] },
): Promise<InventoryObject> {
  const named = { input, type: 'Network' as const, reference };
  const all = wanted.map((each) => each.reference);
  if (reference.kind === 'name') {
    const { name } = reference;
    const id = await datacenter;
    const filter = id === undefined ? {} : { datacenters: [id] };
    const names = all.flatMap((each) => (each.kind === 'name' ? [each.name] : []));
    const rows = await lookup.list('Network', { name: names, ...filter });
    const fitting = rows.filter((row) => escapeName(row.name) === escapeName(name));
    return exactlyOne(lookup, { named, type: 'Network', name, filter }, fitting);
  }
  const ids =
    reference.kind === 'id'
      ? all.flatMap((each) => (each.kind === 'id' ? [each.id] : []))
      : [await walkPath(lookup, { ...named, reference }, datacenter)];
  const rows = await lookup.list('Network', { networks: ids });
  const id = reference.kind === 'id' ? reference.id : ids[0];
  const fitting = rows.filter((row) => row.id === id);
  return exactlyOne(lookup, { named, type: 'Network', name: id ?? '', filter: {} }, fitting);
}

async function problemsOr<T>(result: Promise<T>): Promise<T | ResolveError> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof ResolveError) {
      return error;
    }
    throw error;
  }
}
