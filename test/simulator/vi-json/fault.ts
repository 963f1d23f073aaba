import type { Behaviour } from '../behaviour.ts';
import type { Inventory } from '../inventory.ts';
import { type ErrorBody, message, VapiError } from '../vapi-error.ts';
import { type DataObject, data, type ManagedObject, reference, referenceTo } from './data.ts';

/** Why VI/JSON refuses a request, or a task failed. */
export interface Fault {
  /** Its type: `DuplicateName`. */
  readonly name: string;
  readonly text?: string;
  /** The fields of that type, in their wire form. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A refusal by VI/JSON. What it has in common with one of the REST API: it stops whatever is under way. */
export class ViFault extends VapiError {
  readonly fault: Fault;

  constructor(fault: Fault) {
    const text = message(`vmsg.${fault.name}.summary`, fault.text ?? fault.name);
    super({ status: 500, body: { error_type: 'ERROR', messages: [text] } });
    this.name = 'ViFault';
    this.fault = fault;
  }
}

export function invalidArgument(invalidProperty: string, text: string): ViFault {
  return new ViFault({
    name: 'InvalidArgument',
    text: `A specified parameter was not correct: ${invalidProperty}. ${text}`,
    fields: { invalidProperty },
  });
}

/** A body that is no request at all. */
export function invalidRequest(text: string): ViFault {
  return new ViFault({ name: 'InvalidRequest', text });
}

export function objectNotFound(object: ManagedObject): ViFault {
  return new ViFault({
    name: 'ManagedObjectNotFound',
    text: `The object '${object.type}:${object.id}' has already been deleted or has not been completely created`,
    fields: { obj: reference(object) },
  });
}

/** As recorded from 8.0.3 (evoila/meho #3566). */
export function notAuthenticated(object: ManagedObject): ViFault {
  return new ViFault({
    name: 'NotAuthenticated',
    text: 'The session is not authenticated.',
    fields: { object: reference(object), privilegeId: '' },
  });
}

export function invalidPowerState(requested: string | undefined, existing: string): ViFault {
  return new ViFault({
    name: 'InvalidPowerState',
    text: `The attempted operation cannot be performed in the current state (${existing}).`,
    fields: { requestedState: requested, existingState: existing },
  });
}

/** VI/JSON's word for a refusal of the parts that both APIs share. */
export function faultOf(error: VapiError, inventory: Inventory): Fault {
  return error instanceof ViFault ? error.fault : faultOfBody(error.body, inventory);
}

export function faultOfBody(body: ErrorBody, inventory: Inventory): Fault {
  const text = body.messages.map((item) => item.default_message).join(' ');
  const argsOf = (part: string) => body.messages.find(({ id }) => id.includes(part))?.args ?? [];
  switch (body.error_type) {
    case 'ALREADY_EXISTS': {
      const [name = '', folder = ''] = argsOf('already_exists');
      const owner = inventory.vmInFolder({ folder, name });
      const object = owner ? referenceTo('VirtualMachine', owner.id) : referenceTo('Folder', folder);
      return { name: 'DuplicateName', text, fields: { name, object } };
    }
    case 'CANCELED':
      return { name: 'RequestCanceled', text };
    case 'INVALID_ARGUMENT':
      return { name: 'InvalidArgument', text, fields: { invalidProperty: argsOf('invalid_argument')[0] } };
    case 'NOT_ALLOWED_IN_CURRENT_STATE':
      return { name: 'InvalidState', text };
    case 'NOT_FOUND': {
      const id = argsOf('not_found')[0]?.split(':')[0] ?? '';
      const obj = reference({ type: typeOfId(id), id });
      return { name: 'ManagedObjectNotFound', text, fields: { obj } };
    }
    case 'RESOURCE_BUSY':
      return { name: 'ConcurrentAccess', text };
    case 'UNABLE_TO_ALLOCATE_RESOURCE':
      return { name: 'InsufficientResourcesFault', text };
    case 'UNAUTHORIZED': {
      const [privilegeId = '', id = ''] = argsOf('NoPermission');
      return { name: 'NoPermission', text, fields: { object: referenceTo(typeOfId(id), id), privilegeId } };
    }
    case 'UNSUPPORTED':
      return { name: 'NotSupported', text };
    default:
      return { name: 'SystemError', text, fields: { reason: text } };
  }
}

const typesOfIds: readonly (readonly [prefix: string, type: string])[] = [
  ['vm-', 'VirtualMachine'],
  ['group-', 'Folder'],
  ['resgroup-', 'ResourcePool'],
  ['domain-c', 'ClusterComputeResource'],
  ['domain-s', 'ComputeResource'],
  ['host-', 'HostSystem'],
  ['datastore-', 'Datastore'],
  ['dvportgroup-', 'DistributedVirtualPortgroup'],
  ['network-o', 'OpaqueNetwork'],
  ['network-', 'Network'],
  ['datacenter-', 'Datacenter'],
  ['snapshot-', 'VirtualMachineSnapshot'],
];

/** The type that an id of the REST API has here. */
export function typeOfId(id: string): string {
  return typesOfIds.find(([prefix]) => id.startsWith(prefix))?.[1] ?? 'Task';
}

/** The fault as a client gets it, in one of the forms in which servers were seen to send it. */
export function faultBody(fault: Fault, behaviour: Behaviour): DataObject {
  const text = fault.text ?? fault.name;
  const fields = fault.name === 'NoPermission' ? permissionFields(fault, behaviour) : fault.fields;
  const body = data(fault.name, {
    ...fields,
    ...(behaviour.viFaultText === 'faultstring' && { faultstring: text }),
    ...(behaviour.viFaultText === 'faultMessage' && {
      faultMessage: [data('LocalizableMessage', { key: `vmsg.${fault.name}.summary`, message: text })],
    }),
  });
  return behaviour.viBareFaultReferences ? (withBareReferences(body) as DataObject) : body;
}

function permissionFields({ fields = {} }: Fault, behaviour: Behaviour): Readonly<Record<string, unknown>> {
  const { object, privilegeId } = fields;
  const missingPrivileges = [
    data('NoPermissionEntityPrivileges', { entity: object, privilegeIds: [privilegeId] }),
  ];
  switch (behaviour.viPermissionForm) {
    case 'both':
      return { object, privilegeId, missingPrivileges };
    case 'missingPrivileges':
      return { missingPrivileges };
    case 'privilegeId':
      return { object, privilegeId };
    case 'none':
      return {};
  }
}

function withBareReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBareReferences);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(
    ([name, item]) => !(name === '_typeName' && item === 'ManagedObjectReference'),
  );
  return Object.fromEntries(fields.map(([name, item]) => [name, withBareReferences(item)]));
}
