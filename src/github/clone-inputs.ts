import type { Network } from '../text/network.ts';
import type { DeviceReference, Reference } from '../text/reference.ts';
import type { ConnectionInputs } from './connection-inputs.ts';
import type { DiskUpdate, NetworkUpdate } from './device-inputs.ts';
import type { TagReference } from './setting-inputs.ts';

/** The inputs of action.yml. Times are milliseconds. */
export interface CloneInputs {
  readonly connection: ConnectionInputs;
  readonly source: Reference;
  /** Absent for a name that is to be generated. */
  readonly name?: string;
  readonly datacenter?: Reference;
  readonly folder?: Reference;
  readonly resourcePool?: Reference;
  readonly cluster?: Reference;
  readonly host?: Reference;
  readonly datastore?: Reference;
  readonly disksToRemove: readonly DeviceReference[];
  readonly disksToUpdate: readonly DiskUpdate[];
  readonly powerOn: boolean;
  /** All virtual CPUs, not sockets. */
  readonly cpuCount?: number;
  /** MiB. */
  readonly memory?: number;
  readonly networks: readonly NetworkUpdate[];
  readonly guestCustomizationSpec?: string;
  /** cloud-init user data; a secret. */
  readonly userData?: string;
  /** cloud-init metadata; a secret. */
  readonly metaData?: string;
  readonly tags: readonly TagReference[];
  readonly ifExists: 'fail' | 'reuse' | 'replace';
  readonly timeout: number;
  readonly pollInterval?: number;
  readonly waitForCustomization: boolean;
  readonly customizationTimeout: number;
  readonly waitForIp: boolean;
  readonly ipTimeout: number;
  readonly ipFamily: 'ipv4' | 'ipv6' | 'any';
  readonly ipCidr: readonly Network[];
  /** TCP ports, each once; empty where none is waited for. */
  readonly waitForPort: readonly number[];
  readonly portTimeout: number;
  readonly teardown: 'never' | 'on-failure' | 'always';
  readonly validateOnly: boolean;
  /** `success`, `failure` or `cancelled`; empty where it is not known. */
  readonly jobStatus: string;
}

/** The inputs of a clone's placement whose names are not vSphere's own words. */
export const placementInputs = {
  resourcePool: 'resource-pool',
  disksToRemove: 'disks-to-remove',
  disksToUpdate: 'disks-to-update',
} as const;
