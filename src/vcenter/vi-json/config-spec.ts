import { isRecord, textOf } from '../../text/json.ts';
import type { Limits, Session } from '../session.ts';
import { boxedString, type DataObject, dataObject, unbox } from './data.ts';
import { invokeTask, viOperation } from './invoke.ts';
import { retrieveProperties, these } from './properties.ts';
import type { SourceDisk } from './vm.ts';

/** What the guest reads with `rpctool "info-get guestinfo.KEY"`. */
export interface Guestinfo {
  /** Values by key, with or without `guestinfo.` in front. Secrets, as far as anybody knows. */
  readonly values: Readonly<Record<string, string>>;
  /** Whose the VM is: a mark that is written beside them, where the configuration is changed anyway. */
  readonly mark: string;
}

/** What of a VM's configuration a clone, or a reconfiguration, changes; the rest stays as it is. */
export interface VmSettings {
  /** All virtual CPUs, not sockets. */
  readonly cpuCount?: number;
  /** A multiple of 4. */
  readonly memoryMiB?: number;
  /** In place of the notes that it has. */
  readonly notes?: string;
  readonly guestinfo?: Guestinfo;
}

const PREFIX = 'guestinfo.';
const MARK = 'guestinfo.vcenter-clone-vm.run';
const EXTRA_CONFIG = 'config.extraConfig';
/** The operation, as an error has it. */
export const RECONFIGURE = viOperation('POST', 'VirtualMachine', 'ReconfigVM_Task');

/** OptionValues for guestinfo; the mark comes first. Keys that clash with known settings are ignored by vCenter. */
export function extraConfig(guestinfo: Guestinfo | undefined): readonly DataObject[] | undefined {
  if (guestinfo === undefined || Object.keys(guestinfo.values).length === 0) {
    return undefined; // writing a mark alone would ask for a privilege that the clone does not need
  }
  return [[MARK, guestinfo.mark] as const, ...Object.entries(guestinfo.values)].map(([key, value]) =>
    dataObject('OptionValue', { key: guestinfoKey(key), value: boxedString(value) }),
  );
}

export function guestinfoKey(key: string): string {
  return key.startsWith(PREFIX) ? key : `${PREFIX}${key}`;
}

/** Undefined where nothing is to be changed, so that no privilege is asked for. */
export function configSpec(
  { cpuCount, memoryMiB, notes, guestinfo }: VmSettings,
  disksToRemove: readonly SourceDisk[] = [],
): DataObject | undefined {
  const fields = {
    numCPUs: cpuCount,
    memoryMB: memoryMiB,
    annotation: notes,
    extraConfig: extraConfig(guestinfo),
    deviceChange: disksToRemove.length === 0 ? undefined : disksToRemove.map(removal),
  };
  return Object.values(fields).every((field) => field === undefined)
    ? undefined
    : dataObject('VirtualMachineConfigSpec', fields);
}

/** Without a `fileOperation`: whatever is removed, no file of the source is. */
function removal({ key, capacityInKB }: SourceDisk): DataObject {
  const device = dataObject('VirtualDisk', { key, capacityInKB });
  return dataObject('VirtualDeviceConfigSpec', { operation: 'remove', device });
}

/**
 * VirtualMachine.ReconfigVM_Task: starts the task, of the kind `vim`, and returns its id. It may be sent again after a response
 * that was lost, since it sets and does not add.
 *
 * @throws VcenterError
 */
export async function reconfigure(
  session: Session,
  { vm, ...settings }: VmSettings & { readonly vm: string },
  limits: Limits,
): Promise<string> {
  const spec = configSpec(settings) ?? dataObject('VirtualMachineConfigSpec');
  return invokeTask(session, { operation: RECONFIGURE, moId: vm, parameters: { spec } }, limits);
}

/** What a VM's settings show of guestinfo; never the values. */
export interface WrittenGuestinfo {
  readonly mark: string | undefined;
  /** With `guestinfo.` in front. */
  readonly keys: ReadonlySet<string>;
}

/**
 * Reads `config.extraConfig`; undefined where the VM is not there, or it may not be read.
 *
 * @throws VcenterError
 */
export async function readGuestinfo(
  session: Session,
  vm: string,
  limits: Limits,
): Promise<WrittenGuestinfo | undefined> {
  const object = { type: 'VirtualMachine', id: vm };
  const query = { paths: [{ type: object.type, paths: [EXTRA_CONFIG] }], objects: these(object) };
  const [found] = await retrieveProperties(session, query, limits);
  const options = found?.values.get(EXTRA_CONFIG);
  if (!Array.isArray(options)) {
    return undefined;
  }
  const written = new Map(
    options
      .filter(isRecord)
      .map(({ key, value }) => [textOf(key) ?? '', textOf(unbox(value))] as const)
      .filter(([key]) => key.startsWith(PREFIX)),
  );
  return { mark: written.get(MARK), keys: new Set(written.keys()) };
}
