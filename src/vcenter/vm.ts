import { idOf, isRecord, textOf } from '../text/json.ts';
import { escapeName, filterSpellings } from './inventory/escaped-name.ts';
import type { Limits, Session, SessionRequest } from './session.ts';
import { isNotFound, VcenterError } from './transport/error.ts';
import { unreadable } from './transport/unreadable.ts';

/** POWERED_ON, POWERED_OFF or SUSPENDED; another value is passed on as it came. */
export type PowerState = string;

/** One row of GET /api/vcenter/vm. */
export interface VmSummary {
  readonly vm: string;
  readonly name: string;
  readonly powerState: PowerState;
}

/** How long vCenter may take for a request that blocks until the work is done. In milliseconds. */
const BLOCKING_REQUEST = 90_000;

/** How long the list of one VM may take before it counts as failed. In milliseconds. */
const SHORT_LIST = 10_000;

export interface VmByName {
  readonly name: string;
  /** The folder that directly holds it; any where it is not given. */
  readonly folder?: string | undefined;
  readonly datacenter?: string | undefined;
}

/**
 * The VMs of a name: GET /api/vcenter/vm. Templates are never among them. What comes back is compared with what was asked,
 * whole, so that a server that ignores a filter cannot return strangers.
 *
 * @throws VcenterError
 */
export async function findVmsByName(
  session: Session,
  { name, folder, datacenter }: VmByName,
  limits: Limits,
): Promise<readonly VmSummary[]> {
  const query = { names: filterSpellings(name), folders: folder, datacenters: datacenter };
  const rows = await listVms(session, query, limits);
  const stored = escapeName(name);
  return rows.filter((row) => escapeName(row.name) === stored);
}

async function listVms(
  session: Session,
  query: NonNullable<SessionRequest['query']>,
  limits: Limits,
): Promise<readonly VmSummary[]> {
  const operation = 'GET /api/vcenter/vm';
  const { body } = await session.request({ operation, query, expects: 'json', retry: 'always' }, limits);
  const rows = Array.isArray(body) ? body.map(readSummary) : [undefined];
  if (rows.includes(undefined)) {
    throw unreadable(session, operation, 'a list of VMs');
  }
  return rows.filter((row) => row !== undefined);
}

function readSummary(row: unknown): VmSummary | undefined {
  if (!isRecord(row)) {
    return undefined;
  }
  const vm = idOf(row['vm']);
  const name = textOf(row['name']);
  return vm === undefined || name === undefined
    ? undefined
    : { vm, name, powerState: idOf(row['power_state']) ?? '' };
}

/**
 * Name and power state of a VM by its id: GET /api/vcenter/vm?vms=ID; undefined where vCenter lists no such VM (any more). That
 * list has even a VM whose configuration cannot be read; GET /api/vcenter/vm/{vm} is asked where the list fails.
 *
 * @throws VcenterError where neither responds.
 */
export async function findVm(session: Session, vm: string, limits: Limits): Promise<VmSummary | undefined> {
  const operation = 'GET /api/vcenter/vm';
  try {
    const { body } = await session.request(
      { operation, query: { vms: vm }, expects: 'json', retry: 'always', timeout: SHORT_LIST },
      limits,
    );
    if (!Array.isArray(body)) {
      throw unreadable(session, operation, 'a list of VMs');
    }
    return body.map(readSummary).find((row) => row?.vm === vm);
  } catch (error) {
    if (!(error instanceof VcenterError)) {
      throw error;
    }
    return getVm(session, vm, limits).catch((cause: unknown) => {
      if (isNotFound(cause)) {
        return undefined;
      }
      throw cause instanceof VcenterError ? error : cause;
    });
  }
}

async function getVm(session: Session, vm: string, limits: Limits): Promise<VmSummary> {
  const operation = 'GET /api/vcenter/vm/{vm}';
  const { body } = await session.request(
    { operation, path: { vm }, expects: 'json', retry: 'always' },
    { ...limits, retryTimeout: 0 },
  );
  const summary = isRecord(body) ? readSummary({ ...body, vm }) : undefined;
  if (summary === undefined) {
    throw unreadable(session, operation, 'a VM');
  }
  return summary;
}

/**
 * The VMs that are directly in a folder: GET /api/vcenter/vm?folders=ID. Templates are not among them.
 *
 * @throws VcenterError: UNABLE_TO_ALLOCATE_RESOURCE where there are more than vCenter lists (4,000).
 */
export async function listVmsInFolder(
  session: Session,
  folder: string,
  limits: Limits,
): Promise<readonly VmSummary[]> {
  return listVms(session, { folders: folder }, limits);
}

/**
 * A VM by its id, where it is directly in the folder: GET /api/vcenter/vm?vms=ID&folders=ID.
 *
 * @throws VcenterError
 */
export async function findVmInFolder(
  session: Session,
  { vm, folder }: { readonly vm: string; readonly folder: string },
  limits: Limits,
): Promise<VmSummary | undefined> {
  const rows = await listVms(session, { vms: vm, folders: folder }, limits);
  return rows.find((row) => row.vm === vm);
}

/** DELETE /api/vcenter/vm/{vm}: the VM and its files. Blocks until done. @throws VcenterError */
export async function deleteVm(session: Session, vm: string, limits: Limits): Promise<void> {
  // By id, and ids are not used again: another try finds the VM or a 404.
  await changeVm(session, { operation: 'DELETE /api/vcenter/vm/{vm}', path: { vm } }, limits);
}

/** POST /api/vcenter/vm/{vm}/power?action=stop: at once, as by pulling the plug; also for a suspended VM. @throws VcenterError */
export async function stopVm(session: Session, vm: string, limits: Limits): Promise<void> {
  await changeVm(session, { operation: 'POST /api/vcenter/vm/{vm}/power?action=stop', path: { vm } }, limits);
}

/**
 * POST /api/vcenter/vm/{vm}/power?action=start. Blocks until done.
 *
 * @throws VcenterError: ALREADY_IN_DESIRED_STATE where it is on.
 */
export async function startVm(session: Session, vm: string, limits: Limits): Promise<void> {
  await changeVm(
    session,
    { operation: 'POST /api/vcenter/vm/{vm}/power?action=start', path: { vm } },
    limits,
  );
}

/** Sends a request that changes a VM, is safe to send again, and blocks until done. @throws VcenterError */
export async function changeVm(
  session: Session,
  request: Pick<SessionRequest, 'operation' | 'path' | 'body'>,
  limits: Limits,
): Promise<void> {
  await session.request(
    { ...request, expects: 'nothing', retry: 'always', timeout: BLOCKING_REQUEST },
    limits,
  );
}

/** GET /api/vcenter/vm/{vm}/power. @throws VcenterError */
export async function getPowerState(session: Session, vm: string, limits: Limits): Promise<PowerState> {
  const operation = 'GET /api/vcenter/vm/{vm}/power';
  const { body } = await session.request(
    { operation, path: { vm }, expects: 'json', retry: 'always' },
    limits,
  );
  const state = isRecord(body) ? textOf(body['state']) : undefined;
  if (state === undefined) {
    throw unreadable(session, operation, "a VM's power state");
  }
  return state;
}

/**
 * POST /api/vcenter/vm/{vm}/guest/power?action=shutdown: asks the guest and returns at once. Asking twice does no harm.
 *
 * @throws VcenterError: `...tools_not_running` (503) where VMware Tools do not run, UNSUPPORTED where the guest cannot.
 */
export async function shutDownGuest(session: Session, vm: string, limits: Limits): Promise<void> {
  await session.request(
    {
      operation: 'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown',
      path: { vm },
      expects: 'nothing',
      retry: 'always',
      isExpected: saysToolsNotRunning,
    },
    limits,
  );
}

function saysToolsNotRunning({ messageIds }: VcenterError): boolean {
  return messageIds.some((id) => id.endsWith('.tools_not_running'));
}
