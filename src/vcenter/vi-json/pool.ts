import type { Limits, Session } from '../session.ts';
import { isNotFound } from '../transport/error.ts';
import { readReference } from './data.ts';
import { reachedFrom, retrieveProperties, these } from './properties.ts';

const COMPUTE: readonly string[] = ['ComputeResource', 'ClusterComputeResource'];

/**
 * The root resource pool of a cluster, or of the cluster or standalone host that a host is: what the clone of a template, which
 * is in no pool, must name. One request; undefined where vCenter does not tell one, or the owner is not there.
 *
 * @throws VcenterError
 */
export async function findRootPool(
  session: Session,
  owner: { readonly cluster: string } | { readonly host: string },
  limits: Limits,
): Promise<string | undefined> {
  const objects =
    'cluster' in owner
      ? these({ type: 'ClusterComputeResource', id: owner.cluster })
      : reachedFrom({ type: 'HostSystem', id: owner.host }, 'parent');
  const paths = COMPUTE.map((type) => ({ type, paths: ['resourcePool'] }));
  const [found] = await retrieveProperties(session, { paths, objects }, limits).catch((error: unknown) => {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  });
  return readReference(found?.values.get('resourcePool'))?.id;
}
