import { idOf, isRecord, textOf } from '../text/json.ts';
import { filterSpellings, toStoredName } from './inventory/escaped-name.ts';
import type { Limits, Session } from './session.ts';
import { unreadable } from './transport/unreadable.ts';

/** The body of the clone request, in the API's own spelling; a field that is not set is left out, never null or "". */
export interface CloneSpec {
  readonly source: string;
  readonly name: string;
  readonly placement?: ClonePlacementSpec;
  readonly disks_to_remove?: readonly string[];
  readonly disks_to_update?: Readonly<Record<string, { readonly datastore: string }>>;
  readonly power_on?: boolean;
  readonly guest_customization_spec?: { readonly name: string };
}

export interface ClonePlacementSpec {
  readonly folder?: string;
  readonly resource_pool?: string;
  readonly host?: string;
  readonly cluster?: string;
  readonly datastore?: string;
}

/** POWERED_ON, POWERED_OFF or SUSPENDED; another value is passed on as it came. */
export type PowerState = string;

/** One row of GET /api/vcenter/vm. */
export interface VmSummary {
  readonly vm: string;
  readonly name: string;
  readonly powerState: PowerState;
}

/** How long vCenter may take for a call that blocks until the work is done. In milliseconds. */
const BLOCKING_CALL = 90_000;

/** How long vCenter may take to accept a clone; the copying itself is the task's. In milliseconds. */
const CLONE_REQUEST = 60_000;

/** Without the task's id nothing can be cancelled, so the answer gets this much longer than the run. In milliseconds. */
const CLONE_ANSWER_GRACE = 3_000;

/**
 * Starts a clone and returns its task's id: POST /api/vcenter/vm?action=clone&vmw-task=true, answered with 202. The body of
 * the answer is the task, never the VM. The request is repeated only where vCenter certainly has not seen it.
 *
 * @throws VcenterError; where its `sent` is true and it is no 4xx, a clone may be running all the same.
 */
export async function startClone(session: Session, spec: CloneSpec, limits: Limits): Promise<string> {
  const operation = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
  const { body } = await session.request(
    {
      ...{ operation, body: spec, answer: 'json', repeat: 'unless-sent' },
      ...{ timeout: CLONE_REQUEST, grace: CLONE_ANSWER_GRACE },
    },
    limits,
  );
  const task = idOf(body);
  if (task === undefined) {
    throw unreadable(session, operation, "a task's id");
  }
  return task;
}

export interface VmByName {
  readonly name: string;
  /** The folder that directly holds it; any where it is not given. */
  readonly folder?: string | undefined;
  readonly datacenter?: string | undefined;
}

/**
 * The VMs of a name: GET /api/vcenter/vm. Templates are never among them. What comes back is compared with what was asked,
 * whole, so that a server that ignores a filter cannot hand out strangers.
 *
 * @throws VcenterError
 */
export async function findVmsByName(
  session: Session,
  { name, folder, datacenter }: VmByName,
  limits: Limits,
): Promise<readonly VmSummary[]> {
  const operation = 'GET /api/vcenter/vm';
  const query = {
    names: filterSpellings(name),
    folders: folder,
    datacenters: datacenter,
  };
  const { body } = await session.request({ operation, query, answer: 'json', repeat: 'always' }, limits);
  const rows = Array.isArray(body) ? body.map(readSummary) : [undefined];
  if (rows.includes(undefined)) {
    throw unreadable(session, operation, 'a list of VMs');
  }
  const stored = toStoredName(name);
  return rows.filter((row) => row !== undefined).filter((row) => toStoredName(row.name) === stored);
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

/** DELETE /api/vcenter/vm/{vm}: the VM and its files. Blocks until done. @throws VcenterError */
export async function deleteVm(session: Session, vm: string, limits: Limits): Promise<void> {
  await session.request(
    {
      operation: 'DELETE /api/vcenter/vm/{vm}',
      path: { vm },
      answer: 'nothing',
      repeat: 'always', // by id, and ids are not used again: a second try finds the VM or a 404
      timeout: BLOCKING_CALL,
    },
    limits,
  );
}

/**
 * GET /api/vcenter/vm/{vm}: name and power state in one call.
 *
 * @throws VcenterError: NOT_FOUND where it is gone (or a template).
 */
export async function getVm(session: Session, vm: string, limits: Limits): Promise<VmSummary> {
  const operation = 'GET /api/vcenter/vm/{vm}';
  const { body } = await session.request(
    { operation, path: { vm }, answer: 'json', repeat: 'always' },
    limits,
  );
  const summary = isRecord(body) ? readSummary({ ...body, vm }) : undefined;
  if (summary === undefined) {
    throw unreadable(session, operation, 'a VM');
  }
  return summary;
}

/** GET /api/vcenter/vm/{vm}/power. @throws VcenterError */
export async function getPowerState(session: Session, vm: string, limits: Limits): Promise<PowerState> {
  const operation = 'GET /api/vcenter/vm/{vm}/power';
  const { body } = await session.request(
    { operation, path: { vm }, answer: 'json', repeat: 'always' },
    limits,
  );
  const state = isRecord(body) ? textOf(body['state']) : undefined;
  if (state === undefined) {
    throw unreadable(session, operation, "a VM's power state");
  }
  return state;
}

/** POST /api/vcenter/vm/{vm}/power?action=stop: at once, as by pulling the plug; also for a suspended VM. */
export async function stopVm(session: Session, vm: string, limits: Limits): Promise<void> {
  await session.request(
    {
      operation: 'POST /api/vcenter/vm/{vm}/power?action=stop',
      path: { vm },
      answer: 'nothing',
      repeat: 'always',
      timeout: BLOCKING_CALL,
    },
    limits,
  );
}

/**
 * POST /api/vcenter/vm/{vm}/guest/power?action=shutdown: asks the guest and returns at once.
 *
 * @throws VcenterError: 503 SERVICE_UNAVAILABLE where VMware Tools do not run, UNSUPPORTED where the guest cannot.
 */
export async function shutDownGuest(session: Session, vm: string, limits: Limits): Promise<void> {
  await session.request(
    {
      operation: 'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown',
      path: { vm },
      answer: 'nothing',
      repeat: 'unless-sent', // a 503 here means that Tools do not run, and a lost answer is told by the power state
    },
    limits,
  );
}
