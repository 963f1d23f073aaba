import { formatDuration } from '../text/duration.ts';
import type { CloneInputs } from './clone-inputs.ts';
import { isSameDevice, wordOf } from './device-inputs.ts';
import { CLOUD_INIT_KEYS } from './guestinfo-input.ts';
import type { InputProblem } from './inputs-error.ts';

/** The names of the inputs that could not be read. */
export type WrongInputs = ReadonlySet<string>;

/** Finds what is wrong with several inputs together, among those that could be read. */
export function checkTogether(inputs: Partial<CloneInputs>, wrong: WrongInputs): readonly InputProblem[] {
  return [
    ...checkFolder(inputs, wrong),
    ...checkDisks(inputs),
    ...checkTimes(inputs),
    ...checkPower(inputs),
    ...checkCustomization(inputs, wrong),
    ...checkCloneType(inputs, wrong),
    ...checkGuestinfo(inputs, wrong),
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
    .filter((disk) => disksToRemove?.some((removed) => isSameDevice(removed, disk)));
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

/** Finds waits for a VM that will be off. */
export function checkPower(inputs: Partial<CloneInputs>): readonly InputProblem[] {
  const { powerOn, waitForIp, waitForPort = [], ifExists } = inputs;
  // A VM that is reused may be on all the same.
  if (powerOn !== false || ifExists === 'reuse') {
    return [];
  }
  const problem = "needs 'power-on', since a VM that is off never reports an address";
  return [
    ...(waitForIp === true ? [{ input: 'wait-for-ip', got: 'true', problem }] : []),
    ...(waitForPort.length > 0 ? [{ input: 'wait-for-port', got: waitForPort.join(', '), problem }] : []),
  ];
}

function checkCustomization(inputs: Partial<CloneInputs>, wrong: WrongInputs): readonly InputProblem[] {
  const cloudInit = { 'user-data': inputs.userData, 'meta-data': inputs.metaData };
  const problem =
    "cannot stand together with 'guest-customization-spec': a VM is customized either by cloud-init or by a stored specification";
  return inputs.guestCustomizationSpec === undefined
    ? []
    : Object.entries(cloudInit)
        .filter(([input, value]) => value !== undefined || wrong.has(input))
        .map(([input]) => ({ input, got: undefined, problem }));
}

/** What a kind of clone cannot have, by the inputs' names. */
const IMPOSSIBLE: Readonly<Record<CloneInputs['cloneType'], readonly string[]>> = {
  full: [],
  linked: ['disks-to-update'],
  instant: [
    ...['cpu-count', 'memory', 'guest-customization-spec', 'user-data', 'meta-data', 'networks'],
    ...['host', 'cluster', 'disks-to-remove', 'disks-to-update'],
  ],
};

function checkCloneType(inputs: Partial<CloneInputs>, wrong: WrongInputs): readonly InputProblem[] {
  const { cloneType, powerOn, snapshot } = inputs;
  if (cloneType === undefined) {
    return [];
  }
  const given: Readonly<Record<string, unknown>> = {
    'cpu-count': inputs.cpuCount,
    memory: inputs.memory,
    'guest-customization-spec': inputs.guestCustomizationSpec,
    'user-data': inputs.userData,
    'meta-data': inputs.metaData,
    networks: inputs.networks?.[0],
    host: inputs.host,
    cluster: inputs.cluster,
    'disks-to-remove': inputs.disksToRemove?.[0],
    'disks-to-update': inputs.disksToUpdate?.[0],
  };
  const problem =
    cloneType === 'instant'
      ? "cannot be set with 'clone-type: instant': the clone goes on from where its source is, on the same host"
      : "cannot be set with 'clone-type: linked': the clone's disks are where those of the snapshot are";
  return [
    ...IMPOSSIBLE[cloneType]
      .filter((input) => given[input] !== undefined || wrong.has(input))
      .map((input) => ({ input, got: undefined, problem })),
    ...(cloneType === 'instant' && powerOn === false
      ? [{ input: 'power-on', got: 'false', problem: "cannot be false with 'clone-type: instant'" }]
      : []),
    ...(cloneType !== 'linked' && snapshot !== undefined
      ? [{ input: 'snapshot', got: snapshot, problem: "is for 'clone-type: linked' alone" }]
      : []),
  ];
}

function checkGuestinfo(inputs: Partial<CloneInputs>, wrong: WrongInputs): readonly InputProblem[] {
  const hasCloudInit = ['user-data', 'meta-data'].some(
    (input) => wrong.has(input) || inputs[input === 'user-data' ? 'userData' : 'metaData'] !== undefined,
  );
  const clashing = CLOUD_INIT_KEYS.filter((key) => Object.hasOwn(inputs.guestinfo ?? {}, key));
  return hasCloudInit && clashing.length > 0
    ? [
        {
          input: 'guestinfo',
          got: undefined,
          problem: `has ${clashing.join(', ')} beside 'user-data' or 'meta-data', and cloud-init would take these alone`,
        },
      ]
    : [];
}

function checkNetworks({ ipFamily, ipCidr = [] }: Partial<CloneInputs>): readonly InputProblem[] {
  const families = new Set(ipCidr.map(({ version }) => version));
  if (ipFamily === undefined || ipFamily === 'any' || families.size === 0 || families.has(ipFamily)) {
    return [];
  }
  const problem = `has no ${ipFamily} network, but 'ip-family' is ${ipFamily}; no address could fit both`;
  return [{ input: 'ip-cidr', got: ipCidr.map(({ cidr }) => cidr).join(', '), problem }];
}
