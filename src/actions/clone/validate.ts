import type { CloneInputs } from '../../github/inputs.ts';
import { findMissing, type ListedType } from '../../vcenter/inventory/existence.ts';
import type { Reference } from '../../vcenter/inventory/reference.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import type { CloneSpec } from '../../vcenter/vm.ts';

/** `validate-only` found something that the clone request would be refused for. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
}

export interface ValidateOptions {
  readonly session: Session;
  readonly inputs: CloneInputs;
  readonly spec: CloneSpec;
  readonly limits: Limits;
}

interface Check {
  readonly input: string;
  readonly type: ListedType;
  readonly ids: readonly string[];
}

/**
 * Checks what resolving has not looked at, since ids cost no look-up: that every object given by its id is there, and the
 * customization specification. All looks go out side by side.
 *
 * @throws ValidationError that names all that is missing; VcenterError.
 */
export async function validateClone({ session, inputs, spec, limits }: ValidateOptions): Promise<void> {
  const checks: Check[] = [
    { input: 'source', type: 'VirtualMachine', ids: givenIds(inputs.source) },
    { input: 'folder', type: 'Folder', ids: givenIds(inputs.folder) },
    { input: 'resource-pool', type: 'ResourcePool', ids: givenIds(inputs.resourcePool) },
    { input: 'cluster', type: 'ClusterComputeResource', ids: givenIds(inputs.cluster) },
    { input: 'host', type: 'HostSystem', ids: givenIds(inputs.host) },
    { input: 'datastore', type: 'Datastore', ids: givenIds(inputs.datastore) },
    {
      input: 'disks-to-update',
      type: 'Datastore',
      ids: [...new Set(inputs.disksToUpdate.flatMap(({ datastore }) => givenIds(datastore)))],
    },
    {
      input: 'guest-customization-spec',
      type: 'CustomizationSpec',
      ids: spec.guest_customization_spec === undefined ? [] : [spec.guest_customization_spec.name],
    },
  ];
  const problems = await Promise.all(
    checks
      .filter(({ ids }) => ids.length > 0)
      .map(async ({ input, type, ids }) => {
        const missing = await findMissing(session, { type, ids }, limits);
        return missing.map((id) => problemText({ input, type, id }));
      }),
  );
  if (problems.flat().length > 0) {
    throw new ValidationError(problems.flat().join('\n'));
  }
}

function problemText({
  input,
  type,
  id,
}: {
  readonly input: string;
  readonly type: ListedType;
  readonly id: string;
}): string {
  const hint = type === 'VirtualMachine' ? ', or it is a template, which this API does not show' : '';
  return `${input}: vCenter lists no ${type} '${id}', or the account may not see it${hint}.`;
}

function givenIds(reference: Reference | undefined): readonly string[] {
  return reference?.kind === 'id' ? [reference.id] : [];
}
