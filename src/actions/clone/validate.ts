import type { CloneInputs } from '../../github/inputs.ts';
import { DescribedError } from '../../text/described-error.ts';
import type { Reference } from '../../text/reference.ts';
import { sideBySide } from '../../time/side-by-side.ts';
import type { CloneSpec } from '../../vcenter/clone-method.ts';
import { findClusterWithoutDrs, findMissing, type ListedType } from '../../vcenter/inventory/existence.ts';
import { withInventoryLookup } from '../../vcenter/inventory/lookup.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { isNotFound } from '../../vcenter/transport/error.ts';
import type { Settings } from './configure.ts';
import { requestedObjects } from './requested-objects.ts';

/** `validate-only` found something that the clone request would be refused for. */
export class ValidationError extends DescribedError {
  override readonly name = 'ValidationError';
  readonly title = 'The clone would fail';
  readonly text: string;

  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

export interface ValidateOptions {
  readonly session: Session;
  readonly inputs: CloneInputs;
  readonly spec: CloneSpec;
  readonly settings: Settings;
  /** See {@link PreparedClone.isSourceRead}. */
  readonly isSourceRead?: boolean;
  /** Something for a source that is a template, undefined for any other; see {@link PreparedClone.forTemplate}. */
  readonly forTemplate: (limits: Limits) => Promise<unknown>;
  readonly limits: Limits;
}

/** What stands behind the word that nothing was found: noun phrases for people. */
export interface Validation {
  readonly checked: readonly string[];
  readonly unchecked: readonly string[];
}

interface Check {
  readonly input: string;
  readonly type: ListedType;
  readonly ids: readonly string[];
}

/**
 * Checks what resolving has not looked at, since ids cost no look-up: that every object and disk given by its id is there,
 * the customization specification, and that a clone without a host goes to a cluster with DRS. All requests go out side by
 * side.
 *
 * @throws ValidationError that names all that is wrong; VcenterError.
 */
export async function validateClone(options: ValidateOptions): Promise<Validation> {
  const { session, inputs, spec, isSourceRead = false, forTemplate, limits } = options;
  const { cluster, resource_pool: resourcePool } = spec.placement ?? {};
  const checks: Check[] = [
    { input: 'source', type: 'VirtualMachine', ids: isSourceRead ? [] : givenIds(inputs.source) },
    { input: 'datacenter', type: 'Datacenter', ids: givenIds(inputs.datacenter) },
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
  const [withoutDrs, disks, ...missing] = await sideBySide({
    signal: limits.signal,
    start: (signal) => [
      needsDrs(options)
        ? findClusterWithoutDrs(
            session,
            {
              ...(cluster === undefined ? {} : { cluster }),
              ...(resourcePool === undefined ? {} : { resourcePool }),
            },
            { ...limits, signal },
          )
        : Promise.resolve(undefined),
      findDiskProblems(options, signal),
      ...checks
        .filter(({ ids }) => ids.length > 0)
        .map(async ({ input, type, ids }) => {
          const absent = await findMissing(session, { type, ids }, { ...limits, signal });
          if (type === 'VirtualMachine' && absent.length > 0) {
            const problem = await templateProblem(forTemplate({ ...limits, signal }));
            if (problem !== 'no template') {
              return problem;
            }
          }
          return absent.map((id) => problemText({ input, type, id }));
        }),
    ],
  });
  const problems = [
    ...missing.flat(),
    ...disks,
    ...(withoutDrs === undefined || withoutDrs === 'unknown' ? [] : [withoutDrsText(withoutDrs)]),
  ];
  if (problems.length > 0) {
    const first = problems.length > 1 ? ['These inputs keep the clone from working:'] : [];
    throw new ValidationError([...first, ...problems].join('\n'));
  }
  return describeValidation({ ...options, isDrsKnown: withoutDrs === undefined });
}

/** What keeps a template from being cloned, where that is what the source is. */
async function templateProblem(found: Promise<unknown>): Promise<readonly string[] | 'no template'> {
  try {
    return (await found) === undefined ? 'no template' : [];
  } catch (error) {
    if (error instanceof ValidationError) {
      return [error.text];
    }
    throw error;
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
  return `${input}: vCenter lists no ${type} '${id}', or the account may not see it.`;
}

async function findDiskProblems(
  { session, inputs, spec, limits }: ValidateOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const given = [
    ...inputs.disksToRemove.map((disk) => ({ input: 'disks-to-remove', disk })),
    ...inputs.disksToUpdate.map(({ disk }) => ({ input: 'disks-to-update', disk })),
  ].flatMap(({ input, disk }) => (disk.kind === 'id' ? [{ input, id: disk.id }] : []));
  if (given.length === 0) {
    return [];
  }
  const devices = await withInventoryLookup(session, { ...limits, signal }, (lookup) =>
    lookup.devices(spec.source),
  ).catch((error: unknown) => {
    if (isNotFound(error)) {
      return undefined; // a source that is not there is reported as such
    }
    throw error;
  });
  const disks = devices?.disks;
  const there = disks?.map(({ id, name }) => `'${name}' (${id})`).join(', ');
  return given
    .filter(({ id }) => disks?.every((disk) => disk.id !== id))
    .map(({ input, id }) => `${input}: the source has no disk '${id}'. There are: ${there}.`);
}

function withoutDrsText({ id, name }: { readonly id: string; readonly name: string }): string {
  return `cluster: '${name}' (${id}), where the clone would go, has no DRS to choose a host: set 'host'.`;
}

/** An instant clone runs on the host of its source. */
function needsDrs({ inputs, spec }: Pick<ValidateOptions, 'inputs' | 'spec'>): boolean {
  return spec.placement?.host === undefined && inputs.cloneType !== 'instant';
}

function describeValidation({
  inputs,
  spec,
  settings,
  isDrsKnown,
}: ValidateOptions & { readonly isDrsKnown: boolean }): Validation {
  const { folder, cluster, resource_pool: pool } = spec.placement ?? {};
  const named = [
    ...requestedObjects({ inputs, spec }).map(({ input }) => input),
    ...(inputs.datacenter === undefined ? [] : ['datacenter']),
    ...(inputs.disksToRemove.length === 0 ? [] : ['disks-to-remove']),
    ...(inputs.disksToUpdate.length === 0 ? [] : ['disks-to-update']),
    ...(settings.networks.length === 0 ? [] : ['networks']),
    ...(settings.tags.length === 0 ? [] : ['tags']),
  ];
  const isCustomized = [spec.guest_customization_spec, settings.userData, settings.metaData].some(
    (each) => each !== undefined,
  );
  const isInFolder = folder !== undefined;
  const usesDrs = needsDrs({ inputs, spec }) && (cluster !== undefined || pool !== undefined);
  return {
    checked: [
      'the login',
      ...new Set(named.map((input) => `'${input}'`)),
      ...(inputs.cloneType === 'linked' ? ['the snapshot'] : []),
      ...(inputs.cloneType === 'instant' ? ['whether the source runs'] : []),
      ...(isInFolder ? ['whether the name is free in the folder, templates apart'] : []),
      ...(usesDrs && isDrsKnown ? ['DRS of the cluster'] : []),
    ],
    unchecked: [
      'the privileges of the account',
      'free space and other resources',
      'whether folder, pool, host and datastore belong together',
      ...(isInFolder ? [] : ["whether the name is free in the source's folder"]),
      ...(usesDrs && !isDrsKnown ? ['DRS of the cluster'] : []),
      ...(settings.cpuCount === undefined && settings.memory === undefined
        ? []
        : ['whether CPUs and memory fit the host and the cores per socket']),
      ...(isCustomized ? ['whether the customization fits the guest and its adapters'] : []),
    ],
  };
}

function givenIds(reference: Reference | undefined): readonly string[] {
  return reference?.kind === 'id' ? [reference.id] : [];
}
