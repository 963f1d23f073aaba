import { textOf } from '../../text/json.ts';
import { escapeName, unescapeName } from '../inventory/escaped-name.ts';
import type { Limits, Session } from '../session.ts';
import { VcenterError } from '../transport/error.ts';
import type { ManagedObject } from '../transport/fault.ts';
import { unreadable } from '../transport/unreadable.ts';
import { readReference, reference } from './data.ts';
import { invoke, managerId, viOperation } from './invoke.ts';
import { reachedFrom, retrieveProperties, these } from './properties.ts';

const FIND_BY_PATH = viOperation('POST', 'SearchIndex', 'FindByInventoryPath');
const FIND_CHILD = viOperation('POST', 'SearchIndex', 'FindChild');
const CREATE_VIEW = viOperation('POST', 'ViewManager', 'CreateContainerView');
const DESTROY_VIEW = viOperation('POST', 'ContainerView', 'DestroyView');

/**
 * The VM or template at an inventory path, `DC1/vm/templates/ubuntu` in its parts: SearchIndex.FindByInventoryPath. Undefined
 * where there is none, where something else is there, and where the account may not see it.
 *
 * @throws VcenterError
 */
export async function findVmByPath(
  session: Session,
  segments: readonly string[],
  limits: Limits,
): Promise<string | undefined> {
  const moId = await managerId(session, 'searchIndex', limits);
  const parameters = { inventoryPath: segments.map(escapeName).join('/') };
  const found = await invoke(
    session,
    { operation: FIND_BY_PATH, moId, parameters, expects: 'optional' },
    limits,
  );
  return vmIdOf(found);
}

/** The same for a VM or template that a folder directly holds: SearchIndex.FindChild. @throws VcenterError */
export async function findVmInFolder(
  session: Session,
  { folder, name }: { readonly folder: string; readonly name: string },
  limits: Limits,
): Promise<string | undefined> {
  const moId = await managerId(session, 'searchIndex', limits);
  const parameters = { entity: reference({ type: 'Folder', id: folder }), name: escapeName(name) };
  const found = await invoke(
    session,
    { operation: FIND_CHILD, moId, parameters, expects: 'optional' },
    limits,
  );
  return vmIdOf(found);
}

function vmIdOf(found: unknown): string | undefined {
  const object = readReference(found);
  return object?.type === 'VirtualMachine' ? object.id : undefined;
}

export interface NamedVm {
  readonly id: string;
  /** In readable form. */
  readonly name: string;
  /** `/DC1/vm/ci/ubuntu`; only where there are several, and as far as it can be read. */
  readonly path: string | undefined;
}

/**
 * All VMs and templates of a name in a datacenter, or anywhere: no filter of vCenter's does that, so the names of all of them
 * come through a view, which is destroyed afterwards.
 *
 * @throws VcenterError
 */
export async function findVmsOfName(
  session: Session,
  { name, datacenter }: { readonly name: string; readonly datacenter?: string | undefined },
  limits: Limits,
): Promise<readonly NamedVm[]> {
  const moId = await managerId(session, 'viewManager', limits);
  const container: ManagedObject =
    datacenter === undefined
      ? { type: 'Folder', id: await managerId(session, 'rootFolder', limits) }
      : { type: 'Datacenter', id: datacenter };
  const parameters = { container: reference(container), type: ['VirtualMachine'], recursive: true };
  const created = await invoke(
    session,
    { operation: CREATE_VIEW, moId, parameters, expects: 'json' },
    limits,
  );
  const view = readReference(created);
  if (view === undefined) {
    throw unreadable(session, CREATE_VIEW, 'a view');
  }
  try {
    const query = {
      paths: [{ type: 'VirtualMachine', paths: ['name'] }],
      objects: reachedFrom({ type: 'ContainerView', id: view.id }, 'view'),
    };
    const all = await retrieveProperties(session, query, limits);
    const found = all.filter(
      ({ values }) => escapeName(textOf(values.get('name')) ?? '') === escapeName(name),
    );
    const paths = found.length > 1 ? await pathsOf(session, found, limits) : new Map<string, string>();
    return found.map(({ object: { id }, values }) => ({
      id,
      name: unescapeName(String(values.get('name'))),
      path: paths.get(id),
    }));
  } finally {
    // It would die with the session; a failure here says nothing about what was found.
    await invoke(
      session,
      { operation: DESTROY_VIEW, moId: view.id, expects: 'nothing' },
      { ...limits, retryTimeout: 0 },
    ).catch(() => undefined);
  }
}

/** Folders within folders. */
const DEEPEST = 20;

/** The inventory paths of some VMs, by id, read level by level; what cannot be read is left out of them. */
async function pathsOf(
  session: Session,
  vms: readonly { readonly object: ManagedObject }[],
  limits: Limits,
): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, { readonly name: string; readonly parent: ManagedObject | undefined }>();
  let level = vms.map(({ object }) => object);
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const types = [...new Set(level.map(({ type }) => type))];
    const query = {
      paths: types.map((type) => ({ type, paths: ['name', 'parent'] })),
      objects: these(...level),
    };
    const read = await retrieveProperties(session, query, limits).catch((error: unknown) => {
      if (error instanceof VcenterError) {
        return [];
      }
      throw error;
    });
    const parents = new Map<string, ManagedObject>();
    for (const { object, values } of read) {
      const parent = readReference(values.get('parent'));
      known.set(object.id, { name: unescapeName(textOf(values.get('name')) ?? object.id), parent });
      if (parent !== undefined) {
        parents.set(parent.id, parent);
      }
    }
    level = [...parents.values()].filter(({ id }) => !known.has(id));
  }
  return new Map(vms.map(({ object }) => [object.id, pathOf(object, known)]));
}

function pathOf(
  vm: ManagedObject,
  known: ReadonlyMap<string, { readonly name: string; readonly parent: ManagedObject | undefined }>,
): string {
  const names: string[] = [];
  let here = known.get(vm.id);
  // The root folder, which has no parent, is no part of a path.
  while (here?.parent !== undefined && names.length < DEEPEST) {
    names.unshift(here.name);
    here = known.get(here.parent.id);
  }
  return here === undefined ? names.join('/') : `/${names.join('/')}`;
}
