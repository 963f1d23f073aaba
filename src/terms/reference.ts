/** The kinds of inventory objects that an input can name, in vSphere's words. */
export type InventoryType =
  | 'VirtualMachine'
  | 'Folder'
  | 'ResourcePool'
  | 'ClusterComputeResource'
  | 'HostSystem'
  | 'Datastore'
  | 'Datacenter';

/** How an input names an inventory object. */
export type Reference =
  /** By its managed object id, `vm-42`: costs no look-up. */
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'name'; readonly name: string }
  /** By an inventory path: from the root (`/DC1/vm/ci/base`), or below the datacenter's folder (`ci/base`). */
  | { readonly kind: 'path'; readonly absolute: boolean; readonly segments: readonly string[] };

/** How an input names a virtual disk of the source: by its key (`2001`) or its label (`Hard disk 2`). */
export type DiskReference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'label'; readonly label: string };
