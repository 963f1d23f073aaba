import { printable } from '../text/printable.ts';
import { type InventoryType, parseReference, type Reference } from '../text/reference.ts';
import { checkTogether, type WrongInputs } from './clone-input-checks.ts';
import type { CloneInputs } from './clone-inputs.ts';
import { createInlineCheck, readMetaData, readUserData } from './cloud-init-inputs.ts';
import {
  type ConnectionInputs,
  type ReadInputsOptions,
  type ReadMainInputsOptions,
  readConnection,
} from './connection-inputs.ts';
import { cloneDefaults, teardownDefaults } from './defaults.ts';
import { parseDisks, parseDiskUpdates, parseNetworkUpdates } from './device-inputs.ts';
import { parseGuestinfo } from './guestinfo-input.ts';
import { always, type Fields, optional, readFields, required, verbatim } from './input-fields.ts';
import { parseBoolean, parseChoice, parseDuration, parseTaskId, parseVmId } from './input-values.ts';
import { type InputProblem, InputsError } from './inputs-error.ts';
import { parseNetworks } from './network-input.ts';
import { parseCpuCount, parseMemory, parseNotes, parsePorts, parseTags } from './setting-inputs.ts';
import { parseVmName } from './vm-name.ts';

export { checkPower } from './clone-input-checks.ts';
export { type CloneInputs, placementInputs } from './clone-inputs.ts';
export type { ConnectionInputs } from './connection-inputs.ts';
export { type InputProblem, InputsError } from './inputs-error.ts';

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
export function readCloneInputs({
  core,
  readFile,
  isForkPullRequest,
  isWindows,
}: ReadMainInputsOptions & {
  /** The runner's system, on which it depends how long a text the environment can carry. */
  readonly isWindows: boolean;
}): CloneInputs {
  const cloudInit = { readFile, checkInline: createInlineCheck({ isWindows }) };
  return readInputs<CloneInputs>({
    core,
    readFile,
    isForkPullRequest,
    defaults: cloneDefaults,
    fields: {
      source: required(
        'source',
        'the VM or template to clone, as name, id or path',
        reference('VirtualMachine'),
      ),
      cloneType: always('clone-type', (text) => parseChoice(text, ['full', 'linked', 'instant'])),
      snapshot: optional('snapshot', printable),
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
      cpuCount: optional('cpu-count', parseCpuCount),
      memory: optional('memory', parseMemory),
      networks: always('networks', parseNetworkUpdates),
      guestCustomizationSpec: optional('guest-customization-spec', printable),
      userData: verbatim('user-data', (text) => readUserData({ text, ...cloudInit })),
      metaData: verbatim('meta-data', (text) => readMetaData({ text, ...cloudInit })),
      notes: verbatim('notes', parseNotes),
      guestinfo: always('guestinfo', (text) => parseGuestinfo({ text, checkInline: cloudInit.checkInline })),
      tags: always('tags', parseTags),
      ifExists: always('if-exists', (text) => parseChoice(text, ['fail', 'reuse', 'replace'])),
      timeout: always('timeout', someTime),
      pollInterval: optional('poll-interval', someTime),
      waitForCustomization: always('wait-for-customization', parseBoolean),
      customizationTimeout: always('customization-timeout', someTime),
      waitForIp: always('wait-for-ip', parseBoolean),
      ipTimeout: always('ip-timeout', someTime),
      ipFamily: always('ip-family', (text) => parseChoice(text, ['ipv4', 'ipv6', 'any'])),
      ipCidr: always('ip-cidr', parseNetworks),
      waitForPort: always('wait-for-port', parsePorts),
      portTimeout: always('port-timeout', someTime),
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

/** Reads the text that names an object of a type. */
export function reference(type: InventoryType): (text: string) => Reference {
  return (text) => parseReference({ type, text });
}

/** A duration that is not zero. */
export function someTime(text: string): number {
  return parseDuration({ text, zero: 'refused' });
}
