/** One row of an inventory list. */
export interface InventoryObject {
  readonly id: string;
  /** As vCenter sent it: in the escaped form. */
  readonly name: string;
  /** As the list tells it; of a network the kind of backing that leads to it, such as DISTRIBUTED_PORTGROUP. */
  readonly type?: string;
  /** Its inventory path, where that is known. */
  readonly path?: string;
}

/** A virtual device of a VM. */
export interface Device {
  /** Its key: `2001`. */
  readonly id: string;
  /** Its label: `Hard disk 2`, `Network adapter 1`. */
  readonly name: string;
}

export interface Devices {
  readonly disks: readonly Device[];
  readonly nics: readonly Device[];
}
