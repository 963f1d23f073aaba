import { type CloneInputs, placementInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import type { TrustAnchor } from '../../https/trust-anchor.ts';
import { bareId } from '../../text/reference.ts';
import { sideBySide } from '../../time/side-by-side.ts';
import { type ClonePlacementSpec, type CloneSpec, restClone } from '../../vcenter/clone-method.ts';
import { type ResolvedPlacement, resolvePlacement } from '../../vcenter/inventory/placement.ts';
import type { Limits, Session } from '../../vcenter/session.ts';
import type { Guestinfo } from '../../vcenter/vi-json/config-spec.ts';
import { readSourceVm } from '../../vcenter/vi-json/vm.ts';
import { findVmsByName, type VmSummary } from '../../vcenter/vm.ts';
import type { ClonePlan } from '../recovery/journal.ts';
import { type CloneRequest, toRequest } from './clone-request.ts';
import { needPowerOff, type Settings } from './configure.ts';
import { ValidationError } from './validate.ts';
import { prepareViRequest, type ViRequest } from './vi-request.ts';

export interface PrepareOptions {
  readonly session: Session;
  readonly inputs: CloneInputs;
  /** The new VM's name, given or generated. */
  readonly name: string;
  /** What made the server trusted. */
  readonly trust: TrustAnchor | undefined;
  /** 0 to 1. */
  readonly random: () => number;
  readonly report: Report;
  readonly limits: Limits;
}

export interface PreparedClone {
  readonly plan: ClonePlan;
  readonly request: CloneRequest;
  /** Whether the source has been read, as it is for every request through VI/JSON; the REST API knows no template. */
  readonly isSourceRead: boolean;
  /**
   * For a source given by its id, which has not been looked up: what takes the place of this where vCenter does not find such a
   * VM, since it is a template; undefined where it is none.
   */
  readonly forTemplate: (limits: Limits) => Promise<PreparedClone | undefined>;
  /** What is asked for, in the REST API's form, whichever way the request goes. */
  readonly spec: CloneSpec;
  readonly settings: Settings;
  /** Addresses that the guest may show and that are its source's; undefined where nobody can tell them. */
  readonly sourceAddresses: readonly string[] | undefined;
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
  random,
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
  const mark = Object.keys(inputs.guestinfo).length === 0 ? undefined : drawMark(random);
  const guestinfo = mark === undefined ? undefined : { values: inputs.guestinfo, mark };
  const viaViJson = (within: Limits): Promise<ViRequest> =>
    prepareViRequest({ session, inputs, placement, name, guestinfo, limits: within });
  const needsViJson = placement.isTemplate || inputs.cloneType !== 'full';
  const viRequest = needsViJson ? await viaViJson(limits) : undefined;
  if (viRequest === undefined && (guestinfo !== undefined || inputs.notes !== undefined)) {
    await expectViJson({ session, inputs, limits });
  }
  const plan = (vi: ViRequest | undefined): ClonePlan => {
    const planned = folder ?? vi?.folder;
    return {
      server: inputs.connection.server,
      name,
      isNameGenerated,
      source: placement.source,
      ...trustOf(trust),
      ...(planned === undefined ? {} : { folder: planned }),
      ...(mark === undefined ? {} : { mark }),
      vmsBefore: vmsBefore.map(({ vm }) => vm),
    };
  };
  const prepared = (vi: ViRequest | undefined): PreparedClone => {
    const settings = settingsFor({ inputs, placement, guestinfo, isViRequest: vi !== undefined });
    const powersOn = vi?.request.powersOn ?? (inputs.powerOn && !needPowerOff(settings));
    const spec = toCloneSpec({ inputs, placement, name, powerOn: powersOn });
    const request = vi?.request ?? toRequest({ method: restClone, spec, powersOn, how: 'full' });
    const forTemplate = async (within: Limits) => {
      const isId = vi === undefined && inputs.source.kind === 'id';
      if (!isId || (await session.viJson(within)) === undefined) {
        return undefined;
      }
      const source = await readSourceVm(session, { id: bareId(placement.source) }, within);
      return source?.isTemplate === true ? prepared(await viaViJson(within)) : undefined;
    };
    const sourceAddresses = vi === undefined ? [] : vi.sourceAddresses;
    const isSourceRead = vi !== undefined;
    return { plan: plan(vi), request, isSourceRead, forTemplate, spec, settings, sourceAddresses, existing };
  };
  return prepared(viRequest);
}

const MARK_LENGTH = 16;

function drawMark(random: () => number): string {
  const draw = () => Math.floor(random() * 36).toString(36);
  return Array.from({ length: MARK_LENGTH }, draw).join('');
}

/** @throws ValidationError for what a server without VI/JSON cannot set. */
async function expectViJson({
  session,
  inputs,
  limits,
}: Pick<PrepareOptions, 'session' | 'inputs' | 'limits'>): Promise<void> {
  if ((await session.viJson(limits)) === undefined) {
    const { notes, guestinfo } = inputs;
    const given = [
      ...(notes === undefined ? [] : ['notes']),
      ...(Object.keys(guestinfo).length === 0 ? [] : ['guestinfo']),
    ];
    const lines = given.map(
      (input) => `${input}: needs vCenter 8.0 U1 or later; this server has no VI/JSON.`,
    );
    throw new ValidationError(lines.join('\n'));
  }
}

/** What is to be changed of the new VM. A request of VI/JSON sets notes and guestinfo itself, but for an instant clone's notes. */
function settingsFor({
  inputs,
  placement,
  guestinfo,
  isViRequest,
}: {
  readonly inputs: CloneInputs;
  readonly placement: ResolvedPlacement;
  readonly guestinfo: Guestinfo | undefined;
  readonly isViRequest: boolean;
}): Settings {
  const { cpuCount, memory, userData, metaData, guestCustomizationSpec, cloneType } = inputs;
  const { networks, tags } = placement;
  return {
    ...{ cpuCount, memory, userData, metaData, networks, tags },
    customizationSpec: isViRequest ? guestCustomizationSpec : undefined,
    notes: isViRequest && cloneType !== 'instant' ? undefined : inputs.notes,
    guestinfo: isViRequest ? undefined : guestinfo,
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
  powerOn,
}: {
  readonly inputs: CloneInputs;
  readonly placement: ResolvedPlacement;
  readonly name: string;
  /** Whether vCenter is to power the VM on as soon as it is cloned. */
  readonly powerOn: boolean;
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
    power_on: powerOn,
    ...(inputs.guestCustomizationSpec === undefined
      ? {}
      : { guest_customization_spec: { name: inputs.guestCustomizationSpec } }),
  };
}
