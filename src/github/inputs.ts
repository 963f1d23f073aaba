import { formatDuration } from '../text/duration.ts';
import type { Network } from '../text/network.ts';
import { printable } from '../text/printable.ts';
import { type DiskReference, type InventoryType, parseReference, type Reference } from '../text/reference.ts';
import {
  type ConnectionInputs,
  type ReadInputsOptions,
  type ReadMainInputsOptions,
  readConnection,
} from './connection-inputs.ts';
import { cloneDefaults, teardownDefaults } from './defaults.ts';
import { type DiskUpdate, isSameDisk, parseDisks, parseDiskUpdates, wordOf } from './disk-inputs.ts';
import { always, type Fields, optional, readFields, required } from './input-fields.ts';
import { parseBoolean, parseChoice, parseDuration, parseTaskId, parseVmId } from './input-values.ts';
import { type InputProblem, InputsError } from './inputs-error.ts';
import { parseNetworks } from './network-input.ts';
import { parseVmName } from './vm-name.ts';

export type { ConnectionInputs } from './connection-inputs.ts';
export { type InputProblem, InputsError } from './inputs-error.ts';

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
  readonly disksToRemove: readonly DiskReference[];
  readonly disksToUpdate: readonly DiskUpdate[];
  readonly powerOn: boolean;
  readonly guestCustomizationSpec?: string;
  readonly ifExists: 'fail' | 'reuse' | 'replace';
  readonly timeout: number;
  readonly pollInterval?: number;
  readonly waitForIp: boolean;
  readonly ipTimeout: number;
  readonly ipFamily: 'ipv4' | 'ipv6' | 'any';
  readonly ipCidr: readonly Network[];
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

/** What the post step of the clone action reads. */
export type PostInputs = Pick<CloneInputs, 'connection' | 'teardown' | 'jobStatus'>;

/** The inputs of teardown/action.yml. Times are milliseconds. */
export interface TeardownInputs {
  readonly connection: ConnectionInputs;
  readonly vmId?: string;
  readonly vmName?: string;
  readonly taskId?: string;
  readonly folder?: Reference;
  readonly datacenter?: Reference;
  /** 0 turns the power off at once. */
  readonly shutdownTimeout: number;
  readonly timeout: number;
}

/**
 * Reads the inputs of the clone action. The password is masked first.
 *
 * @throws InputsError with everything that is wrong.
 */
export function readCloneInputs({ core, readFile, isForkPullRequest }: ReadMainInputsOptions): CloneInputs {
  return readInputs<CloneInputs>({
    core,
    readFile,
    isForkPullRequest,
    defaults: cloneDefaults,
    fields: {
      source: required('source', 'the VM to clone, as name, id or path', reference('VirtualMachine')),
      name: optional('name', parseVmName),
      datacenter: optional('datacenter', reference('Datacenter')),
      folder: optional('folder', reference('Folder')),
      resourcePool: optional('resource-pool', reference('ResourcePool')),
      cluster: optional('cluster', reference('ClusterComputeResource')),
      host: optional('host', reference('HostSystem')),
      datastore: optional('datastore', reference('Datastore')),
      disksToRemove: always('disks-to-remove', parseDisks),
      disksToUpdate: always('disks-to-update', parseDiskUpdates),
      powerOn: always('power-on', parseBoolean),
      guestCustomizationSpec: optional('guest-customization-spec', printable),
      ifExists: always('if-exists', (text) => parseChoice(text, ['fail', 'reuse', 'replace'])),
      timeout: always('timeout', someTime),
      pollInterval: optional('poll-interval', someTime),
      waitForIp: always('wait-for-ip', parseBoolean),
      ipTimeout: always('ip-timeout', someTime),
      ipFamily: always('ip-family', (text) => parseChoice(text, ['ipv4', 'ipv6', 'any'])),
      ipCidr: always('ip-cidr', parseNetworks),
      ...postFields,
      validateOnly: always('validate-only', parseBoolean),
    },
    check: checkTogether,
  });
}

/**
 * Reads what the post step of the clone action needs of that action's inputs. The password is masked first.
 *
 * @throws InputsError with everything that is wrong.
 */
export function readPostInputs({ core, readFile }: ReadInputsOptions): PostInputs {
  return readInputs<PostInputs>({
    core,
    readFile,
    isForkPullRequest: false,
    defaults: cloneDefaults,
    fields: postFields,
  });
}

/**
 * Reads the inputs of the teardown action. The password is masked first.
 *
 * @throws InputsError with everything that is wrong.
 */
export function readTeardownInputs({
  core,
  readFile,
  isForkPullRequest,
}: ReadMainInputsOptions): TeardownInputs {
  return readInputs<TeardownInputs>({
    core,
    readFile,
    isForkPullRequest,
    defaults: teardownDefaults,
    fields: {
      vmId: optional('vm-id', parseVmId),
      vmName: optional('vm-name', parseVmName),
      taskId: optional('task-id', parseTaskId),
      folder: optional('folder', reference('Folder')),
      datacenter: optional('datacenter', reference('Datacenter')),
      shutdownTimeout: always('shutdown-timeout', (text) => parseDuration({ text, zero: 'allowed' })),
      timeout: always('timeout', someTime),
    },
  });
}

const postFields: Fields<Omit<PostInputs, 'connection'>> = {
  teardown: always('teardown', (text) => parseChoice(text, ['never', 'on-failure', 'always'])),
  jobStatus: always('job-status', printable),
};

/** The names of the inputs that could not be read. */
type WrongInputs = ReadonlySet<string>;

interface ReadOptions<T> extends ReadMainInputsOptions {
  readonly fields: Fields<Omit<T, 'connection'>>;
  readonly defaults: Readonly<Record<string, string>>;
  /** Finds what is wrong with several inputs together, among those that could be read. */
  readonly check?: (inputs: Partial<T>, wrong: WrongInputs) => readonly InputProblem[];
}

/**
 * Reads the connection's inputs and those of all fields.
 *
 * @throws InputsError with everything that is wrong.
 */
export function readInputs<T extends { readonly connection: ConnectionInputs }>(options: ReadOptions<T>): T {
  const { core, readFile, isForkPullRequest, fields, defaults, check } = options;
  const connection = readConnection({ core, readFile, isForkPullRequest, defaults });
  const rest = readFields<Omit<T, 'connection'>>({ core, defaults, fields });
  const problems = [
    ...connection.problems,
    ...rest.problems,
    ...(check?.(rest.values as Partial<T>, new Set(rest.problems.map(({ input }) => input))) ?? []),
  ];
  if (problems.length > 0) {
    throw new InputsError(problems);
  }
  // Nothing is wrong, so every field that is needed is there.
  return { ...rest.values, connection: connection.values } as T;
}

function checkTogether(inputs: Partial<CloneInputs>, wrong: WrongInputs): readonly InputProblem[] {
  return [
    ...checkFolder(inputs, wrong),
    ...checkDisks(inputs),
    ...checkTimes(inputs),
    ...checkPower(inputs),
    ...checkNetworks(inputs),
  ];
}

function checkFolder(
  { ifExists, folder }: Partial<CloneInputs>,
  wrong: WrongInputs,
): readonly InputProblem[] {
  if (ifExists === undefined || ifExists === 'fail' || folder !== undefined || wrong.has('folder')) {
    return [];
  }
  const problem = "needs 'folder', since a name tells VMs apart only within a folder";
  return [{ input: 'if-exists', got: ifExists, problem }];
}

function checkDisks({ disksToRemove, disksToUpdate }: Partial<CloneInputs>): readonly InputProblem[] {
  const doubled = (disksToUpdate ?? [])
    .map(({ disk }) => disk)
    .filter((disk) => disksToRemove?.some((removed) => isSameDisk(removed, disk)));
  return doubled.map((disk) => ({
    input: 'disks-to-update',
    got: undefined,
    problem: `names the disk ${JSON.stringify(wordOf(disk))}, which 'disks-to-remove' names as well; it can only stand in one`,
  }));
}

function checkTimes({ timeout, pollInterval }: Partial<CloneInputs>): readonly InputProblem[] {
  if (timeout === undefined || pollInterval === undefined || pollInterval < timeout) {
    return [];
  }
  const problem = `must be shorter than 'timeout': it is ${formatDuration(pollInterval)}, and 'timeout' is ${formatDuration(timeout)}`;
  return [{ input: 'poll-interval', got: undefined, problem }];
}

function checkPower({ powerOn, waitForIp, ifExists }: Partial<CloneInputs>): readonly InputProblem[] {
  // A VM that is reused may be on all the same.
  if (powerOn !== false || waitForIp !== true || ifExists === 'reuse') {
    return [];
  }
  const problem = "needs 'power-on', since a VM that is off never reports an address";
  return [{ input: 'wait-for-ip', got: 'true', problem }];
}

function checkNetworks({ ipFamily, ipCidr = [] }: Partial<CloneInputs>): readonly InputProblem[] {
  const families = new Set(ipCidr.map(({ version }) => version));
  if (ipFamily === undefined || ipFamily === 'any' || families.size === 0 || families.has(ipFamily)) {
    return [];
  }
  const problem = `has no ${ipFamily} network, but 'ip-family' is ${ipFamily}; no address could fit both`;
  return [{ input: 'ip-cidr', got: ipCidr.map(({ cidr }) => cidr).join(', '), problem }];
}

/** Reads the text that names an object of a type. */
export function reference(type: InventoryType): (text: string) => Reference {
  return (text) => parseReference({ type, text });
}

/** A duration that is not zero. */
export function someTime(text: string): number {
  return parseDuration({ text, zero: 'refused' });
}
