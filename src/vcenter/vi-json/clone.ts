import { isRecord } from '../../text/json.ts';
import type { CloneMethod } from '../clone-method.ts';
import { escapeName } from '../inventory/escaped-name.ts';
import type { Limits, Session } from '../session.ts';
import { configSpec, extraConfig, type Guestinfo, type VmSettings } from './config-spec.ts';
import { type DataObject, dataObject, type Fields, reference, withoutUnset } from './data.ts';
import { invokeTask, viOperation } from './invoke.ts';
import { vimTasks } from './tasks.ts';
import type { SourceDisk } from './vm.ts';

interface ViClone extends VmSettings {
  /** The VM or template, by its id; so are all other objects. */
  readonly source: string;
  /** In readable form. */
  readonly name: string;
  readonly folder: string;
  /** The source's where it is not given; a template has none. */
  readonly resourcePool?: string;
  readonly host?: string;
  /** The source's where it is not given. */
  readonly datastore?: string;
  readonly disksToRemove?: readonly SourceDisk[];
  readonly powerOn: boolean;
}

export interface ViFullClone extends ViClone {
  /** Disks that go to a datastore of their own, by device key. */
  readonly disksToUpdate?: readonly { readonly key: number; readonly datastore: string }[];
}

/** Its disks go where the source's are, apart from what it writes itself. */
export interface ViLinkedClone extends ViClone {
  /** The snapshot whose disks it shares; one of the source's. */
  readonly snapshot: string;
}

/** A fork of a running VM, on its host, with its CPUs and its memory: it cannot be given any other. */
export interface ViInstantClone {
  readonly source: string;
  readonly name: string;
  readonly folder: string;
  readonly resourcePool?: string;
  readonly datastore?: string;
  readonly guestinfo?: Guestinfo;
}

/** The operations, as an error has them. */
export const CLONE_VM = viOperation('POST', 'VirtualMachine', 'CloneVM_Task');
export const INSTANT_CLONE = viOperation('POST', 'VirtualMachine', 'InstantClone_Task');

/** How long vCenter may take to accept a clone: a response that is cut off leaves the outcome open. In milliseconds. */
const CLONE_REQUEST = 180_000;

/** Without the task's id nothing can be cancelled, so the response gets this much longer than the run. In milliseconds. */
const CLONE_RESPONSE_GRACE = 3_000;

/** A full clone of a template, or of a VM: VirtualMachine.CloneVM_Task. */
export const viFullClone: CloneMethod<ViFullClone> = viCloneMethod(CLONE_VM, (spec) =>
  cloneParameters(spec, {
    disk: spec.disksToUpdate?.map(({ key, datastore }) =>
      dataObject('VirtualMachineRelocateSpecDiskLocator', {
        diskId: key,
        datastore: reference({ type: 'Datastore', id: datastore }),
      }),
    ),
  }),
);

/** A linked clone of a snapshot: VirtualMachine.CloneVM_Task. */
export const viLinkedClone: CloneMethod<ViLinkedClone> = viCloneMethod(CLONE_VM, (spec) =>
  cloneParameters(
    spec,
    // No locator of a single disk: one without this type would be copied in full (CAPV #1611).
    { diskMoveType: 'createNewChildDiskBacking' },
    { snapshot: reference({ type: 'VirtualMachineSnapshot', id: spec.snapshot }) },
  ),
);

/** An instant clone: VirtualMachine.InstantClone_Task. It has no folder but that of its location. */
export const viInstantClone: CloneMethod<ViInstantClone> = viCloneMethod(INSTANT_CLONE, (spec) => ({
  spec: dataObject('VirtualMachineInstantCloneSpec', {
    name: escapeName(spec.name),
    location: dataObject('VirtualMachineRelocateSpec', {
      ...placement(spec),
      folder: reference({ type: 'Folder', id: spec.folder }),
    }),
    config: extraConfig(spec.guestinfo),
  }),
}));

function cloneParameters(spec: ViClone, location: Fields, rest: Fields = {}): Fields {
  return {
    // Not in the location as well: there it would win over this one.
    folder: reference({ type: 'Folder', id: spec.folder }),
    name: escapeName(spec.name),
    spec: dataObject('VirtualMachineCloneSpec', {
      location: dataObject('VirtualMachineRelocateSpec', { ...placement(spec), ...location }),
      template: false,
      powerOn: spec.powerOn,
      config: configSpec(spec, spec.disksToRemove),
      ...rest,
    }),
  };
}

function placement({
  resourcePool,
  host,
  datastore,
}: Pick<ViClone, 'resourcePool' | 'host' | 'datastore'>): Fields {
  const optional = (type: string, id: string | undefined) =>
    id === undefined ? undefined : reference({ type, id });
  return {
    datastore: optional('Datastore', datastore),
    pool: optional('ResourcePool', resourcePool),
    host: optional('HostSystem', host),
  };
}

function viCloneMethod<Spec extends { readonly source: string }>(
  operation: string,
  parametersOf: (spec: Spec) => Fields,
): CloneMethod<Spec> {
  return {
    operation,
    tasks: vimTasks,
    start: (session: Session, spec: Spec, limits: Limits) =>
      invokeTask(
        session,
        {
          ...{ operation, moId: spec.source, parameters: parametersOf(spec), retry: 'unless-sent' },
          ...{ timeout: CLONE_REQUEST, grace: CLONE_RESPONSE_GRACE },
        },
        limits,
      ),
    describe: (spec) => withoutValues(withoutUnset(parametersOf(spec))),
  };
}

/** Leaves the values of OptionValues out, which are the guest's secrets. */
function withoutValues(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutValues);
  }
  if (!isRecord(value)) {
    return value;
  }
  const { _typeName } = value as Partial<DataObject>;
  const fields = Object.entries(value).filter(([name]) => !(_typeName === 'OptionValue' && name === 'value'));
  return Object.fromEntries(fields.map(([name, each]) => [name, withoutValues(each)]));
}
