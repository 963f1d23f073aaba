import { ValueProblem } from './invalid-value.ts';
import { printable } from './printable.ts';

/** The kinds of inventory objects that an input can name, in vSphere's words. */
export type InventoryType =
  | 'VirtualMachine'
  | 'Folder'
  | 'ResourcePool'
  | 'ClusterComputeResource'
  | 'HostSystem'
  | 'Datastore'
  | 'Network'
  | 'Datacenter';

/** How an input names an inventory object. */
export type Reference =
  /** By its managed object id, `vm-42`: costs no look-up. */
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'name'; readonly name: string }
  /** By an inventory path: from the root (`/DC1/vm/ci/base`), or below the datacenter's folder (`ci/base`). */
  | { readonly kind: 'path'; readonly absolute: boolean; readonly segments: readonly string[] };

/** How an input names a virtual device of the source: by its key (`2001`) or its label (`Hard disk 2`). */
export type DeviceReference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'label'; readonly label: string };

/** What an id of each type looks like (`type` and number, as vCenter gives them). */
const ID_FORMS: Readonly<Record<InventoryType, RegExp>> = {
  VirtualMachine: /^vm-\d+$/,
  Folder: /^group-v\d+$/,
  ResourcePool: /^resgroup-\d+$/,
  ClusterComputeResource: /^domain-c\d+$/,
  HostSystem: /^host-\d+$/,
  Datastore: /^datastore-\d+$/,
  Network: /^(?:network-o?|dvportgroup-)\d+$/,
  Datacenter: /^datacenter-\d+$/,
};

/**
 * Reads the text that names an object of a type: its id form is an id, a slash makes a path, anything else is a name;
 * `id:` and `name:` in front force one reading. A `%2f` stays as it is typed, since vCenter stores a slash of a name so.
 *
 * @throws ValueProblem
 */
export function parseReference({
  type,
  text,
}: {
  readonly type: InventoryType;
  readonly text: string;
}): Reference {
  const { prefix, rest } = splitPrefix(printable(text));
  if (prefix === 'name') {
    return { kind: 'name', name: rest };
  }
  if (prefix === 'id') {
    return { kind: 'id', id: parseId(rest) };
  }
  if (ID_FORMS[type].test(rest)) {
    return { kind: 'id', id: parseId(rest) };
  }
  return rest.includes('/') ? parsePath(rest) : { kind: 'name', name: rest };
}

/**
 * Reads the text that names a virtual device: a number is its id, anything else its label; `id:` and `name:` in front force
 * one reading.
 *
 * @throws ValueProblem
 */
export function parseDeviceReference(text: string): DeviceReference {
  const { prefix, rest } = splitPrefix(printable(text));
  if (prefix === 'id') {
    return { kind: 'id', id: parseId(rest) };
  }
  return prefix === undefined && /^\d+$/.test(rest)
    ? { kind: 'id', id: parseId(rest) }
    : { kind: 'label', label: rest };
}

/** Ids travel in the state, whose size is bounded by the runner. */
const LONGEST_ID = 200;

/** Reads an id of any form: task ids, for one, have none that is documented. @throws ValueProblem */
export function parseId(text: string): string {
  if (/\s/.test(printable(text))) {
    throw new ValueProblem('is not an id, since it holds whitespace');
  }
  if (/^\.{1,2}$/.test(text)) {
    throw new ValueProblem('is not an id'); // within a URL it would lead elsewhere
  }
  if (text.length > LONGEST_ID) {
    throw new ValueProblem(
      `is not an id, since it has ${text.length} characters; at most ${LONGEST_ID} are taken`,
    );
  }
  return text;
}

/** Whether a text has the form of a VM's id: `vm-12`, or `vm-12:GUID` as some responses of vCenter have it. */
export function isVmId(text: string): boolean {
  return ID_FORMS.VirtualMachine.test(bareId(text));
}

/** `vm-12` for `vm-12:GUID`: the same object, without the id of the vCenter that it is in. Any other id as it is. */
export function bareId(id: string): string {
  const [, bare] = /^([a-z]+-[a-z]?\d+):[\da-zA-Z-]+$/.exec(id) ?? [];
  return bare ?? id;
}

function splitPrefix(text: string): { readonly prefix: 'id' | 'name' | undefined; readonly rest: string } {
  const prefix = text.startsWith('id:') ? 'id' : text.startsWith('name:') ? 'name' : undefined;
  const rest = (prefix === undefined ? text : text.slice(prefix.length + 1)).trim();
  if (rest === '') {
    throw new ValueProblem(
      prefix === undefined ? 'holds nothing but whitespace' : `has nothing after "${prefix}:"`,
    );
  }
  return { prefix, rest };
}

function parsePath(text: string): Reference {
  const absolute = text.startsWith('/');
  const segments = (absolute ? text.slice(1) : text).split('/');
  if (segments.some((segment) => segment.trim() === '')) {
    throw new ValueProblem(
      'is a path with an empty part; leave out slashes at the end and doubled ones, or write "name:" in front of a name with a slash',
    );
  }
  return { kind: 'path', absolute, segments };
}
