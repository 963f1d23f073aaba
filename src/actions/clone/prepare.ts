import { type CloneInputs, placementInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import type { TrustAnchor } from '../../https/trust-anchor.ts';
import { sideBySide } from '../../time/side-by-side.ts';
import {
  type CloneMethod,
  type ClonePlacementSpec,
  type CloneSpec,
  restClone,
} from '../../vcenter/clone-method.ts';
import { type ResolvedPlacement, resolvePlacement } from '../../vcenter/inventory/placement.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import { findVmsByName, type VmSummary } from '../../vcenter/vm.ts';
import type { ClonePlan } from '../recovery/journal.ts';

export interface PrepareOptions {
  readonly session: Session;
  readonly inputs: CloneInputs;
  /** The new VM's name, given or generated. */
  readonly name: string;
  /** What made the server trusted. */
  readonly trust: TrustAnchor | undefined;
  readonly report: Report;
  readonly limits: Limits;
}

export interface PreparedClone {
  readonly plan: ClonePlan;
  /** The way in which it is cloned. */
  readonly method: CloneMethod;
  readonly spec: CloneSpec;
  /** The VM that has the name already, in the folder that was named. */
  readonly existing: VmSummary | undefined;
}

/**
 * Turns inputs into a CloneSpec: all look-ups and, where the name was given, the look-up whether it is free, side by side.
 *
 * @throws ResolveError for all names that cannot be resolved; VcenterError; the signal's reason.
 */
export async function prepareClone({
  session,
  inputs,
  name,
  trust,
  report,
  limits,
}: PrepareOptions): Promise<PreparedClone> {
  const isNameGenerated = inputs.name === undefined;
  // A generated name needs no look-up: no other step has it.
  const isLookedFor = !isNameGenerated || inputs.ifExists !== 'fail' || inputs.validateOnly;
  const [placement, vmsBefore] = await sideBySide({
    signal: limits.signal,
    start: (signal) => [
      resolvePlacement(session, { ...inputs, inputNames: placementInputs }, { ...limits, signal }),
      isLookedFor ? findVmsByName(session, { name }, { ...limits, signal }) : Promise.resolve([]),
    ],
  });

  const { folder } = placement;
  let existing: VmSummary | undefined;
  if (vmsBefore.length > 0 && folder !== undefined) {
    [existing] = await findVmsByName(session, { name, folder }, limits);
  } else if (vmsBefore.length > 0) {
    const ids = vmsBefore.map(({ vm }) => vm).join(', ');
    report.info(
      `'${name}' exists elsewhere (${ids}); vCenter decides whether it is free in the source's folder.`,
    );
  }
  return {
    method: restClone,
    spec: toCloneSpec({ inputs, placement, name }),
    plan: {
      server: inputs.connection.server,
      name,
      isNameGenerated,
      source: placement.source,
      ...trustOf(trust),
      ...(folder === undefined ? {} : { folder }),
      vmsBefore: vmsBefore.map(({ vm }) => vm),
    },
    existing,
  };
}

function trustOf(
  trust: TrustAnchor | undefined,
): Pick<ClonePlan, 'caCertificate' | 'certificateFingerprint'> {
  if (trust === undefined) {
    return {};
  }
  return 'caCertificate' in trust
    ? { caCertificate: trust.caCertificate }
    : { certificateFingerprint: trust.fingerprint };
}

/** The request's body: what is not set is left out, since vCenter takes "" for an id and 7.0 refuses null. */
function toCloneSpec({
  inputs,
  placement,
  name,
}: {
  readonly inputs: CloneInputs;
  readonly placement: ResolvedPlacement;
  readonly name: string;
}): CloneSpec {
  const { folder, resourcePool, host, cluster, datastore, disksToRemove, disksToUpdate } = placement;
  const target: ClonePlacementSpec = {
    ...(folder === undefined ? {} : { folder }),
    ...(resourcePool === undefined ? {} : { resource_pool: resourcePool }),
    ...(host === undefined ? {} : { host }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(datastore === undefined ? {} : { datastore }),
  };
  return {
    source: placement.source,
    name,
    ...(Object.keys(target).length === 0 ? {} : { placement: target }),
    ...(disksToRemove.length === 0 ? {} : { disks_to_remove: disksToRemove }),
    ...(disksToUpdate.length === 0
      ? {}
      : {
          disks_to_update: Object.fromEntries(
            disksToUpdate.map(({ disk, datastore: target }) => [disk, { datastore: target }]),
          ),
        }),
    power_on: inputs.powerOn,
    ...(inputs.guestCustomizationSpec === undefined
      ? {}
      : { guest_customization_spec: { name: inputs.guestCustomizationSpec } }),
  };
}
