import { isRecord, textOf } from '../../text/json.ts';
import { unescapeName } from '../inventory/escaped-name.ts';
import type { Limits, Session } from '../session.ts';
import { isNotFound } from '../transport/error.ts';
import type { Fault, ManagedObject } from '../transport/fault.ts';
import { readReference } from './data.ts';
import { retrieveProperties, these } from './properties.ts';
import { readSnapshots, type Snapshots } from './snapshots.ts';

/** A VM or a template, as far as a clone of it needs to know it. */
export interface SourceVm {
  readonly id: string;
  /** In readable form. */
  readonly name: string;
  /** Undefined where vCenter cannot read its configuration: it is inaccessible, unless `missing` says that it may not be read. */
  readonly isTemplate: boolean | undefined;
  /** `poweredOn`, `poweredOff`, `suspended` */
  readonly powerState: string | undefined;
  /** Its guest has frozen itself (`instantclone.freeze`): it stands still, and is on no network. */
  readonly isFrozen: boolean;
  /** The folder that holds it; a VM of a vApp is in none. */
  readonly folder: string | undefined;
  /** A template is in none. */
  readonly resourcePool: string | undefined;
  readonly snapshots: Snapshots;
  /** Only where devices were asked for. */
  readonly disks: readonly SourceDisk[];
  readonly nics: readonly SourceDevice[];
  /** By the property's path: what may not be read, and why. */
  readonly missing: ReadonlyMap<string, Fault>;
}

export interface SourceDevice {
  /** The device key, which is the REST API's id as a number. */
  readonly key: number;
  /** `Hard disk 2`, `Network adapter 1` */
  readonly label: string;
}

export interface SourceDisk extends SourceDevice {
  readonly capacityInKB: number;
}

const FROZEN = 'runtime.instantCloneFrozen';
const PATHS = ['name', 'parent', 'resourcePool', 'config.template', 'runtime.powerState', FROZEN, 'snapshot'];
const DEVICES = 'config.hardware.device';

/**
 * Reads a VM or a template by its id, in one request; undefined where there is none, or the account may not see it. A VM of the
 * REST API has the same id here.
 *
 * @throws VcenterError
 */
export async function readSourceVm(
  session: Session,
  { id, withDevices = false }: { readonly id: string; readonly withDevices?: boolean },
  limits: Limits,
): Promise<SourceVm | undefined> {
  const vm: ManagedObject = { type: 'VirtualMachine', id };
  const paths = [...PATHS, ...(withDevices ? [DEVICES] : [])];
  const query = { paths: [{ type: vm.type, paths }], objects: these(vm) };
  const found = await retrieveProperties(session, query, limits).catch((error: unknown) => {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  });
  const read = found.find(({ object }) => object.id === id);
  if (read === undefined) {
    return undefined;
  }
  const { values, missing } = read;
  const isTemplate = values.get('config.template');
  return {
    id,
    name: unescapeName(textOf(values.get('name')) ?? id),
    isTemplate: typeof isTemplate === 'boolean' ? isTemplate : undefined,
    powerState: textOf(values.get('runtime.powerState')),
    isFrozen: values.get(FROZEN) === true,
    folder: idOfType(values.get('parent'), 'Folder'),
    resourcePool: readReference(values.get('resourcePool'))?.id,
    snapshots: readSnapshots(values.get('snapshot')),
    ...readDevices(values.get(DEVICES)),
    missing,
  };
}

function idOfType(value: unknown, type: string): string | undefined {
  const object = readReference(value);
  return object?.type === type ? object.id : undefined;
}

/** Of all devices only disks have a capacity, and only network adapters an address of their own. */
function readDevices(devices: unknown): Pick<SourceVm, 'disks' | 'nics'> {
  const disks: SourceDisk[] = [];
  const nics: SourceDevice[] = [];
  for (const device of (Array.isArray(devices) ? devices : []).filter(isRecord)) {
    const { key, capacityInKB, macAddress, deviceInfo } = device;
    if (typeof key === 'number') {
      const label = (isRecord(deviceInfo) ? textOf(deviceInfo['label']) : undefined) ?? String(key);
      if (typeof capacityInKB === 'number') {
        disks.push({ key, label, capacityInKB });
      } else if (macAddress !== undefined) {
        nics.push({ key, label });
      }
    }
  }
  return { disks, nics };
}

/** The device key for a disk id of the REST API, where it is a text; undefined for what is none. */
export function diskKey(diskId: string): number | undefined {
  return /^\d{1,9}$/.test(diskId) ? Number(diskId) : undefined;
}
