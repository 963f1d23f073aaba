import type { InventoryType, Reference } from '../../text/reference.ts';
import type { NamedInput } from './exactly-one.ts';

/** What lies in a datacenter. */
export type PlacedType = Exclude<InventoryType, 'Datacenter'>;

/** An input that names an object by a path. */
export interface PathInput extends NamedInput {
  readonly type: PlacedType;
  readonly reference: Extract<Reference, { readonly kind: 'path' }>;
}

/** How far a walk along a path has come. */
export interface Position {
  readonly id: string;
  /** What is still to be walked. */
  readonly ahead: readonly string[];
  /** The way walked, as an error shows it. */
  readonly walked: string;
}

/** What a path to each type looks like from the root. */
export const EXAMPLES: Readonly<Record<PlacedType, string>> = {
  VirtualMachine: '/DATACENTER/vm/FOLDER/VM',
  Folder: '/DATACENTER/vm/FOLDER',
  ResourcePool: '/DATACENTER/host/CLUSTER/Resources/POOL',
  ClusterComputeResource: '/DATACENTER/host/CLUSTER',
  HostSystem: '/DATACENTER/host/CLUSTER/HOST',
  Datastore: '/DATACENTER/datastore/DATASTORE',
  Network: '/DATACENTER/network/NETWORK',
};

export function forward(here: Position, id: string): Position {
  const [name = '', ...ahead] = here.ahead;
  return { id, ahead, walked: here.walked === '' ? name : `${here.walked}/${name}` };
}

export function scopeAt({ walked }: Position): { readonly scope: string } {
  return { scope: walked === '' ? 'the top folder of the datacenter' : `'${walked}'` };
}
