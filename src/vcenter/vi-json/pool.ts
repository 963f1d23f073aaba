import type { Limits, Session } from '../session.ts';
import type { ManagedObject } from '../transport/fault.ts';
import { readReference } from './data.ts';
import { retrieveProperties, these } from './properties.ts';

/**
 * The root resource pool of a cluster, or of the cluster or standalone host that a host is: what the clone of a template, which
 * is in no pool, must name. Undefined where vCenter does not tell one.
 *
 * @throws VcenterError: ManagedObjectNotFound for an unknown id.
 */
export async function findRootPool(
  session: Session,
  owner: { readonly cluster: string } | { readonly host: string },
  limits: Limits,
): Promise<string | undefined> {
  const read = async (object: ManagedObject, path: string): Promise<ManagedObject | undefined> => {
    const query = { paths: [{ type: object.type, paths: [path] }], objects: these(object) };
    const [found] = await retrieveProperties(session, query, limits);
    return readReference(found?.values.get(path));
  };
  const compute =
    'cluster' in owner
      ? { type: 'ClusterComputeResource', id: owner.cluster }
      : await read({ type: 'HostSystem', id: owner.host }, 'parent');
  return compute === undefined ? undefined : (await read(compute, 'resourcePool'))?.id;
}
