import type { CloneInputs } from '../../github/inputs.ts';
import type { DeviceReference, Reference } from '../../text/reference.ts';
import type { CloneSpec } from '../../vcenter/clone-method.ts';
import { asTyped } from '../../vcenter/inventory/exactly-one.ts';
import type { RequestedObject } from '../advice.ts';

/**
 * The objects that a clone request names, each with the input that it comes from. Disks and their datastores are among them
 * only where they were given by id: those were not looked up.
 */
export function requestedObjects({
  inputs,
  spec,
}: {
  readonly inputs: CloneInputs;
  readonly spec: CloneSpec;
}): readonly RequestedObject[] {
  const { placement = {} } = spec;
  const object = (input: string, id: string | undefined, reference?: Reference): RequestedObject[] =>
    id === undefined ? [] : [{ input, id, ...(reference === undefined ? {} : asked(reference)) }];
  return [
    ...object('source', spec.source, inputs.source),
    ...object('folder', placement.folder, inputs.folder),
    ...object('resource-pool', placement.resource_pool, inputs.resourcePool),
    ...object('cluster', placement.cluster, inputs.cluster),
    ...object('host', placement.host, inputs.host),
    ...object('datastore', placement.datastore, inputs.datastore),
    ...inputs.disksToRemove.flatMap((disk) => object('disks-to-remove', givenId(disk))),
    ...inputs.disksToUpdate.flatMap(({ disk, datastore }) => [
      ...object('disks-to-update', givenId(disk)),
      ...object('disks-to-update', givenId(datastore)),
    ]),
    ...object('guest-customization-spec', spec.guest_customization_spec?.name),
  ];
}

function asked(reference: Reference): { readonly asked?: string } {
  return reference.kind === 'id' ? {} : { asked: asTyped(reference) };
}

function givenId(reference: Reference | DeviceReference): string | undefined {
  return reference.kind === 'id' ? reference.id : undefined;
}

/** For the log: `'ci/base/ubuntu-24.04' (vm-42)`, or the id alone where that is what the user wrote. */
export function objectText({ id, asked }: Pick<RequestedObject, 'id' | 'asked'>): string {
  return asked === undefined ? id : `'${asked}' (${id})`;
}
