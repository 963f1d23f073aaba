import type { CloneInputs } from '../../github/inputs.ts';
import { hostNameOf } from '../../github/vm-name.ts';
import { putCloudInit, putStoredCustomization } from '../../vcenter/customization.ts';
import { countAdapters, setCpuCount, setMemory, setNetwork } from '../../vcenter/hardware.ts';
import type { ResolvedNetwork } from '../../vcenter/inventory/source-networks.ts';
import type { Tag } from '../../vcenter/inventory/tags.ts';
import type { Limits } from '../../vcenter/session.ts';
import { attachTags, TagsNotAttached } from '../../vcenter/tags.ts';
import { VcenterError } from '../../vcenter/transport/error.ts';
import type { Guestinfo } from '../../vcenter/vi-json/config-spec.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import { describeVm } from '../delete-vm.ts';
import type { CloneRun } from './clone-run.ts';
import { ReconfigurationFailed, reconfigureVm } from './reconfigure.ts';
import { hintFor, SettingFailed } from './setting-failed.ts';

/** What is changed of a VM between its clone and its first power-on. */
export interface Settings {
  readonly cpuCount: number | undefined;
  /** MiB. */
  readonly memory: number | undefined;
  /** cloud-init data: secrets. */
  readonly userData: string | undefined;
  readonly metaData: string | undefined;
  /** A stored customization specification that the clone request has not asked for. */
  readonly customizationSpec: string | undefined;
  readonly notes: string | undefined;
  readonly guestinfo: Guestinfo | undefined;
  readonly networks: readonly ResolvedNetwork[];
  readonly tags: readonly Tag[];
}

/** How long a request is retried while vCenter is busy with the VM, in milliseconds. */
const RETRY_TIMEOUT = 60_000;

/** The inputs, among those that say what the VM is like, that have been given. */
export function settingsGiven(inputs: CloneInputs): readonly string[] {
  const { cpuCount, memory, networks, guestCustomizationSpec, userData, metaData, tags } = inputs;
  const given = {
    'cpu-count': cpuCount,
    memory,
    networks: networks[0],
    'guest-customization-spec': guestCustomizationSpec,
    'user-data': userData,
    'meta-data': metaData,
    notes: inputs.notes,
    guestinfo: Object.keys(inputs.guestinfo)[0],
    tags: tags[0],
  };
  return Object.entries(given).flatMap(([input, value]) => (value === undefined ? [] : [input]));
}

/** Whether the VM has to be off when it is changed. Tags are no part of the VM itself. */
export function needPowerOff({ tags, networks, ...settings }: Settings): boolean {
  return Object.values(settings).some((each) => each !== undefined) || networks.length > 0;
}

/**
 * Changes a new VM as the inputs say, one setting after the other: PATCH /api/vcenter/vm/{vm}/hardware/cpu, memory and
 * ethernet/{nic}, PUT guest/customization, and the tags. No setting, no request.
 *
 * @throws SettingFailed where one is refused or cannot be made; the signal's reason.
 */
export async function configure(
  run: CloneRun,
  { vm, settings }: { readonly vm: VmSummary; readonly settings: Settings },
): Promise<void> {
  const { session, report, stopwatch, signal } = run;
  const list = settingsOf(run, { vm, settings });
  if (list.length > 0) {
    stopwatch.begin('configure');
    report.info(`Configuring ${describeVm(vm)}: ${list.map(({ what }) => what).join(', ')}.`);
  }
  for (const { input, apply } of list) {
    try {
      await apply();
    } catch (error) {
      if (
        error instanceof VcenterError ||
        error instanceof TagsNotAttached ||
        error instanceof ReconfigurationFailed
      ) {
        const hint = await hintFor(error, { session, vm, settings, signal });
        throw new SettingFailed({ input, vm, hint, cause: error });
      }
      throw error;
    }
  }
}

interface Setting {
  readonly input: string;
  /** What is set, for the log. */
  readonly what: string;
  readonly apply: () => Promise<void>;
}

function settingsOf(
  run: CloneRun,
  { vm: { vm, name }, settings }: { readonly vm: VmSummary; readonly settings: Settings },
): readonly Setting[] {
  const { session, signal } = run;
  const limits: Limits = { signal, retryTimeout: RETRY_TIMEOUT };
  const { cpuCount: count, memory: size, networks, tags, userData: userdata, metaData } = settings;
  const list: Setting[] = [];
  if (count !== undefined) {
    const apply = () => setCpuCount(session, { vm, count }, limits);
    list.push({ input: 'cpu-count', what: count === 1 ? '1 CPU' : `${count} CPUs`, apply });
  }
  if (size !== undefined) {
    const apply = () => setMemory(session, { vm, size }, limits);
    list.push({ input: 'memory', what: `${size} MiB of memory`, apply });
  }
  for (const { nic, network, type } of networks) {
    const apply = () => setNetwork(session, { vm, nic: nic.id, network: network.id, type }, limits);
    list.push({ input: 'networks', what: `${nic.name} on '${network.name}' (${network.id})`, apply });
  }
  if (userdata !== undefined || metaData !== undefined) {
    const metadata = metaData ?? defaultMetadata(hostNameOf(name) ?? vm);
    const apply = async () => {
      const adapters = await countAdapters(session, vm, limits);
      await putCloudInit(session, { vm, metadata, userdata, adapters }, limits);
    };
    const input = userdata === undefined ? 'meta-data' : 'user-data';
    list.push({ input, what: 'cloud-init data', apply });
  }
  const { customizationSpec, notes, guestinfo } = settings;
  if (customizationSpec !== undefined) {
    const apply = () => putStoredCustomization(session, { vm, name: customizationSpec }, limits);
    const what = `customization specification '${customizationSpec}'`;
    list.push({ input: 'guest-customization-spec', what, apply });
  }
  if (notes !== undefined || guestinfo !== undefined) {
    const apply = () => reconfigureVm(run, { vm: { vm, name }, notes, guestinfo });
    const what = [
      ...(notes === undefined ? [] : ['notes']),
      ...(guestinfo === undefined ? [] : ['guestinfo']),
    ];
    list.push({ input: guestinfo === undefined ? 'notes' : 'guestinfo', what: what.join(' and '), apply });
  }
  if (tags.length > 0) {
    const apply = () => attachTags(session, { vm, tags: tags.map(({ id }) => id) }, limits);
    list.push({ input: 'tags', what: `tags ${tags.map((tag) => `'${tag.name}'`).join(', ')}`, apply });
  }
  return list;
}

/** In quotes, since YAML would read a name such as `123` or `on` as something else. */
function defaultMetadata(hostName: string): string {
  return `instance-id: "${hostName}"\nlocal-hostname: "${hostName}"\n`;
}
