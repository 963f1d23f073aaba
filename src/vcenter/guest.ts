import { isRecord, textOf } from '../text/json.ts';
import type { Limits, Session } from './session.ts';
import { VcenterError } from './transport/error.ts';
import { unreadable } from './transport/unreadable.ts';

/** One address as the guest reports it. */
export interface GuestAddress {
  /** As it came: it may be malformed, or carry a zone (`fe80::1%eth0`). */
  readonly address: string;
  /** PREFERRED, TENTATIVE, ... (RFC 4293); undefined where the guest tells none. */
  readonly state: string | undefined;
}

/** One network interface of the guest. */
export interface GuestInterface {
  /** The key of the virtual NIC behind it (`4000`); undefined for interfaces that no device backs, such as docker's bridges. */
  readonly nic: string | undefined;
  readonly addresses: readonly GuestAddress[];
}

export interface GuestIdentity {
  /** The one address that VMware Tools chose; undefined as long as there is none. It may be a docker bridge's. */
  readonly ipAddress: string | undefined;
}

/** The guest has nothing to say yet: VMware Tools do not run, or have not reported. Normal while it boots. */
export type ToolsNotRunning = 'tools-not-running';

const IDENTITY = 'GET /api/vcenter/vm/{vm}/guest/identity';
const INTERFACES = 'GET /api/vcenter/vm/{vm}/guest/networking/interfaces';

/**
 * GET /api/vcenter/vm/{vm}/guest/networking/interfaces, in the guest's own order. Right after boot the response has
 * interfaces that have no address.
 *
 * @throws VcenterError: NOT_FOUND where the VM is gone; the signal's reason.
 */
export async function listGuestInterfaces(
  session: Session,
  vm: string,
  limits: Limits,
): Promise<readonly GuestInterface[] | ToolsNotRunning> {
  const body = await ask(session, { operation: INTERFACES, vm }, limits);
  if (body === 'tools-not-running') {
    return body;
  }
  if (!Array.isArray(body)) {
    throw unreadable(session, INTERFACES, "a list of the guest's interfaces");
  }
  return body
    .filter(isRecord)
    .map((row) => ({ nic: textOf(row['nic']), addresses: readAddresses(row['ip']) }));
}

/**
 * GET /api/vcenter/vm/{vm}/guest/identity.
 *
 * @throws VcenterError: NOT_FOUND where the VM is gone; the signal's reason.
 */
export async function getGuestIdentity(
  session: Session,
  vm: string,
  limits: Limits,
): Promise<GuestIdentity | ToolsNotRunning> {
  const body = await ask(session, { operation: IDENTITY, vm }, limits);
  if (body === 'tools-not-running') {
    return body;
  }
  if (!isRecord(body)) {
    throw unreadable(session, IDENTITY, "the guest's identity");
  }
  return { ipAddress: textOf(body['ip_address']) };
}

async function ask(
  session: Session,
  { operation, vm }: { readonly operation: string; readonly vm: string },
  limits: Limits,
): Promise<unknown> {
  const isExpected = (error: unknown) => isToolsNotRunning(error, operation);
  try {
    const { body } = await session.request(
      { operation, path: { vm }, expects: 'json', retry: 'always', isExpected },
      limits,
    );
    return body;
  } catch (error) {
    if (isExpected(error)) {
      return 'tools-not-running' satisfies ToolsNotRunning;
    }
    throw error;
  }
}

/**
 * 503 with `com.vmware.api.vcenter.vm.guest.tools_not_running` (recorded in vmware.vmware_rest #179). SERVICE_UNAVAILABLE in
 * vCenter's own form counts, too: the description gives it no other meaning here. The 503 of a proxy has neither. A login
 * that is renewed on the way fails with its own operation, and speaks of the server, not of the guest.
 */
function isToolsNotRunning(error: unknown, operation: string): boolean {
  return (
    error instanceof VcenterError &&
    error.operation === operation &&
    (error.errorType === 'SERVICE_UNAVAILABLE' ||
      error.messageIds.some((id) => id.endsWith('.tools_not_running')))
  );
}

/** What has no address at all is left out; whether an address is one is for {@link checkAddresses} to say. */
function readAddresses(ip: unknown): readonly GuestAddress[] {
  const listed = isRecord(ip) ? ip['ip_addresses'] : undefined;
  if (!Array.isArray(listed)) {
    return [];
  }
  return listed.filter(isRecord).flatMap((row) => {
    const address = textOf(row['ip_address']);
    return address === undefined ? [] : [{ address, state: textOf(row['state']) }];
  });
}
