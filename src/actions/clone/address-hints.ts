import { countAdapters } from '../../vcenter/hardware.ts';
import type { VmSummary } from '../../vcenter/vm.ts';
import type { CloneRun } from './clone-run.ts';
import type { Settings } from './configure.ts';

/**
 * What the settings of a VM may have to do with it that its guest has no address, one sentence each. The number of its network
 * adapters is asked only where it matters: GET /api/vcenter/vm/{vm}/hardware/ethernet.
 *
 * @throws the signal's reason.
 */
export async function addressHints(
  { inputs, session, signal }: CloneRun,
  {
    vm,
    settings,
    created,
  }: { readonly vm: VmSummary; readonly settings: Settings; readonly created: boolean },
): Promise<readonly string[]> {
  if (!created) {
    return [];
  }
  const { userData, metaData } = inputs;
  const hasCloudInit = userData !== undefined || metaData !== undefined;
  let adapters = 0;
  if (hasCloudInit && !metaData?.includes('network')) {
    adapters = await countAdapters(session, vm.vm, { signal, retryTimeout: 0 }).catch(() => 0);
    signal.throwIfAborted();
  }
  return [
    ...settings.networks
      .filter(({ type }) => type === 'STANDARD_PORTGROUP')
      .map(({ network }) => standardPortGroupHint(network)),
    ...(adapters > 1 ? [severalAdaptersHint(adapters)] : []),
  ];
}

export function standardPortGroupHint({ id, name }: { readonly id: string; readonly name: string }): string {
  return `'${name}' (${id}) is a standard port group, which each host has for itself: does the VM's host have it, on the right VLAN?`;
}

/** Without a network in the metadata cloud-init falls back to DHCP on one adapter (its DataSourceVMware). */
export function severalAdaptersHint(adapters: number): string {
  return `The VM has ${adapters} network adapters, and without a 'network' in 'meta-data' cloud-init sets up one of them, by DHCP.`;
}
