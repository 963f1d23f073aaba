import { bareId, type Reference } from '../../text/reference.ts';
import type { Limits, Session } from '../session.ts';
import { asTyped } from './exactly-one.ts';
import { type InventoryLookup, withInventoryLookup } from './lookup.ts';
import { allOrProblems, asScope, findDatacenter, findObject } from './placement.ts';
import { ResolveError, type ResolveProblem } from './resolve-error.ts';

export interface VmFolderReferences {
  /** At least one. */
  readonly folders: readonly Reference[];
  /** Narrows every look-up of a name. */
  readonly datacenter?: Reference | undefined;
}

/**
 * Turns VM folders into ids, each once, and sees that none is a datacenter's own: GET /api/vcenter/folder and datacenter, and GET
 * /api/vcenter/datacenter/{datacenter} of each datacenter. A folder that is given by its id is looked up as well.
 *
 * @throws ResolveError with every folder that is at fault; VcenterError; the signal's reason.
 */
export function resolveVmFolders(
  session: Session,
  { folders, datacenter: reference }: VmFolderReferences,
  limits: Limits,
): Promise<readonly string[]> {
  return withInventoryLookup(session, limits, async (lookup) => {
    const datacenter = findDatacenter(lookup, reference);
    const scope = asScope(datacenter);
    const found = allOrProblems(
      folders.map((folder) =>
        findObject(lookup, { input: 'folder', type: 'Folder', reference: folder }, scope),
      ),
    );
    const [roots, listed, [, ids]] = await Promise.all([
      findRoots(lookup),
      listById(lookup, folders),
      allOrProblems([datacenter, found]),
    ]);
    const problems = folders.flatMap((folder, index) => {
      const id = bareId(ids[index] ?? '');
      if (folder.kind === 'id' && !listed.has(id)) {
        return [problem(folder, 'none', 'vCenter lists only what the account may see.')];
      }
      if (roots.size === 0) {
        return [problem(folder, 'no-datacenter', 'Let the account see the datacenter, too.')];
      }
      return roots.has(id)
        ? [problem(folder, 'root-folder', 'Name the folders below it that hold the VMs.')]
        : [];
    });
    if (problems.length > 0) {
      throw new ResolveError(problems);
    }
    return [...new Set(ids)];
  });
}

/** The VM folders at the top of the datacenters that the account may see. */
async function findRoots(lookup: InventoryLookup): Promise<ReadonlySet<string>> {
  const datacenters = await lookup.list('Datacenter', {});
  const folders = await Promise.all(datacenters.map(({ id }) => lookup.datacenterFolders(id)));
  return new Set(folders.map(({ vm }) => bareId(vm)));
}

async function listById(
  lookup: InventoryLookup,
  references: readonly Reference[],
): Promise<ReadonlySet<string>> {
  const ids = references.flatMap((reference) => (reference.kind === 'id' ? [reference.id] : []));
  const rows =
    ids.length === 0
      ? [] // a filter without values would be none
      : await lookup.list('Folder', { type: 'VIRTUAL_MACHINE', folders: [...new Set(ids)] });
  return new Set(rows.map(({ id }) => bareId(id)));
}

function problem(
  folder: Reference,
  reason: 'none' | 'root-folder' | 'no-datacenter',
  hint: string,
): ResolveProblem {
  return {
    input: 'folder',
    type: 'Folder',
    asked: asTyped(folder),
    reason,
    candidates: [],
    near: [],
    available: [],
    hint,
  };
}
