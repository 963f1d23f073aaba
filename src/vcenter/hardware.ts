import { isRecord } from '../text/json.ts';
import type { Limits, Session } from './session.ts';
import { unreadable } from './transport/unreadable.ts';
import { changeVm } from './vm.ts';

/**
 * PATCH /api/vcenter/vm/{vm}/hardware/cpu with the number of all virtual CPUs, while the VM is off. The cores per socket stay as
 * they are: hosts that cannot hold another number would refuse the VM. Safe to send again.
 *
 * @throws VcenterError: INVALID_ARGUMENT for a number that does not fit the cores per socket.
 */
export async function setCpuCount(
  session: Session,
  { vm, count }: { readonly vm: string; readonly count: number },
  limits: Limits,
): Promise<void> {
  const operation = 'PATCH /api/vcenter/vm/{vm}/hardware/cpu';
  await changeVm(session, { operation, path: { vm }, body: { count } }, limits);
}

/**
 * PATCH /api/vcenter/vm/{vm}/hardware/memory, in MiB, while the VM is off. Safe to send again.
 *
 * @throws VcenterError: INVALID_ARGUMENT for a size that the guest or the host does not take.
 */
export async function setMemory(
  session: Session,
  { vm, size }: { readonly vm: string; readonly size: number },
  limits: Limits,
): Promise<void> {
  const operation = 'PATCH /api/vcenter/vm/{vm}/hardware/memory';
  // `size_MiB` as in the description of 7.0.3; the lower case of later ones is a mistake of their generator.
  await changeVm(session, { operation, path: { vm }, body: { size_MiB: size } }, limits);
}

export interface NetworkBacking {
  /** The id of a network. */
  readonly network: string;
  /** STANDARD_PORTGROUP, DISTRIBUTED_PORTGROUP or OPAQUE_NETWORK, as the list of networks says of it. */
  readonly type: string;
}

/**
 * PATCH /api/vcenter/vm/{vm}/hardware/ethernet/{nic}, for the next power-on. Nothing but the backing: a customization that is
 * pending connects the adapter itself, and the MAC address is the clone's own. Safe to send again.
 *
 * @throws VcenterError: NOT_FOUND for an adapter or a network that is not there.
 */
export async function setNetwork(
  session: Session,
  { vm, nic, network, type }: NetworkBacking & { readonly vm: string; readonly nic: string },
  limits: Limits,
): Promise<void> {
  const operation = 'PATCH /api/vcenter/vm/{vm}/hardware/ethernet/{nic}';
  await changeVm(session, { operation, path: { vm, nic }, body: { backing: { type, network } } }, limits);
}

/** How many network adapters a VM has: GET /api/vcenter/vm/{vm}/hardware/ethernet. @throws VcenterError */
export async function countAdapters(session: Session, vm: string, limits: Limits): Promise<number> {
  const operation = 'GET /api/vcenter/vm/{vm}/hardware/ethernet';
  const { body } = await session.request(
    { operation, path: { vm }, expects: 'json', retry: 'always' },
    limits,
  );
  if (!Array.isArray(body)) {
    throw unreadable(session, operation, "a list of a VM's network adapters");
  }
  return body.length;
}

/**
 * GET /api/vcenter/vm/{vm}/hardware/cpu. Undefined where vCenter tells none, or 0, which stands for "assigned at power-on".
 *
 * @throws VcenterError
 */
export async function getCoresPerSocket(
  session: Session,
  vm: string,
  limits: Limits,
): Promise<number | undefined> {
  const operation = 'GET /api/vcenter/vm/{vm}/hardware/cpu';
  const { body } = await session.request(
    { operation, path: { vm }, expects: 'json', retry: 'always' },
    limits,
  );
  const cores = isRecord(body) ? body['cores_per_socket'] : undefined;
  return typeof cores === 'number' && cores > 0 ? cores : undefined;
}
