import { isRecord, textOf } from '../text/json.ts';
import { sanitize } from '../text/sanitize.ts';
import type { Limits, Session } from './session.ts';
import { isUnserved } from './transport/error.ts';
import { unreadable } from './transport/unreadable.ts';
import { changeVm } from './vm.ts';

const STATUSES = ['IDLE', 'PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;

/** How the customization of a guest stands. IDLE: vCenter knows of none. */
export interface Customization {
  readonly status: (typeof STATUSES)[number];
  /** vCenter's words on one line. A guest that has failed may be RUNNING with an error until vCenter takes it for FAILED. */
  readonly error?: string;
}

/**
 * GET /api/vcenter/vm/{vm}/guest/customization. IDLE also stands for a status that nobody knows, or none (vm-operator of
 * vmware-tanzu takes that for the end, too), and for a server without this operation.
 *
 * @throws VcenterError: NOT_FOUND where the VM is gone; the signal's reason.
 */
export async function getCustomization(session: Session, vm: string, limits: Limits): Promise<Customization> {
  const operation = 'GET /api/vcenter/vm/{vm}/guest/customization';
  try {
    const { body } = await session.request(
      { operation, path: { vm }, expects: 'json', retry: 'always' },
      limits,
    );
    if (!isRecord(body)) {
      throw unreadable(session, operation, 'the state of a customization');
    }
    const status = STATUSES.find((known) => known === body['status']) ?? 'IDLE';
    const error = textOf(body['error']);
    return { status, ...(error === undefined ? {} : { error: sanitize(error) }) };
  } catch (error) {
    if (isUnserved(error)) {
      return { status: 'IDLE' };
    }
    throw error;
  }
}

export interface CloudInitData {
  /** JSON or YAML; at most 524,288 bytes. */
  readonly metadata: string;
  /** At most 524,288 bytes. */
  readonly userdata?: string | undefined;
  /** How many network adapters the VM has. */
  readonly adapters: number;
}

/**
 * PUT /api/vcenter/vm/{vm}/guest/customization with data for cloud-init, while the VM is off: the guest reads them at its next
 * power-on. Safe to send again, since it takes the place of what was stored before. vCenter 7.0 U3 or later.
 *
 * @throws VcenterError: UNEXPECTED_INPUT, or a 404 for the URL, by a server that is older.
 */
export async function putCloudInit(
  session: Session,
  { vm, metadata, userdata, adapters }: CloudInitData & { readonly vm: string },
  limits: Limits,
): Promise<void> {
  const cloudinit = { metadata, ...(userdata === undefined ? {} : { userdata }) };
  const spec = {
    configuration_spec: { cloud_config: { type: 'CLOUDINIT', cloudinit } },
    global_DNS_settings: {}, // required, even where it says nothing
    interfaces: Array.from({ length: adapters }, () => ({ adapter: {} })), // their addresses come from the metadata
  };
  const operation = 'PUT /api/vcenter/vm/{vm}/guest/customization';
  await changeVm(session, { operation, path: { vm }, body: { spec } }, limits);
}
