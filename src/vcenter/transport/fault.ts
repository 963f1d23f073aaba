import { isRecord, textOf } from '../../text/json.ts';
import { describeUnknownError, type ErrorBody, onOneLine } from './error-body.ts';

/** A managed object as VI/JSON refers to it. */
export interface ManagedObject {
  readonly type: string;
  readonly id: string;
}

/** How VI/JSON refuses a request, or tells why a task failed: a data object whose type says what is wrong. */
export interface Fault {
  /** `DuplicateName`; the list is open. */
  readonly name: string;
  /** What it is about: who has the name, what may not be touched, what is not there. */
  readonly object: ManagedObject | undefined;
  /** The parameter that an InvalidArgument is about: `spec.snapshot`. */
  readonly property: string | undefined;
  /** What a NoPermission misses, as far as vCenter tells. */
  readonly privileges: readonly MissingPrivilege[];
}

export interface MissingPrivilege {
  /** `VirtualMachine.Provisioning.DeployTemplate` */
  readonly privilege: string;
  readonly object: ManagedObject | undefined;
}

export interface FaultBody extends ErrorBody {
  readonly fault: Fault;
}

/** The error type of the REST API that says the same: whatever is decided by a type holds for both. */
const ERROR_TYPES: Readonly<Record<string, string>> = {
  ConcurrentAccess: 'RESOURCE_BUSY',
  DuplicateName: 'ALREADY_EXISTS',
  HostCommunication: 'RESOURCE_INACCESSIBLE',
  HostNotConnected: 'RESOURCE_INACCESSIBLE',
  HostNotReachable: 'RESOURCE_INACCESSIBLE',
  InaccessibleDatastore: 'RESOURCE_INACCESSIBLE',
  InvalidArgument: 'INVALID_ARGUMENT',
  InvalidClientCertificate: 'UNAUTHENTICATED',
  InvalidLogin: 'UNAUTHENTICATED',
  InvalidPowerState: 'NOT_ALLOWED_IN_CURRENT_STATE',
  InvalidState: 'NOT_ALLOWED_IN_CURRENT_STATE',
  InvalidVmState: 'NOT_ALLOWED_IN_CURRENT_STATE',
  ManagedObjectNotFound: 'NOT_FOUND',
  MethodNotFound: 'UNSUPPORTED',
  NoDiskSpace: 'UNABLE_TO_ALLOCATE_RESOURCE',
  NoPermission: 'UNAUTHORIZED',
  NotAuthenticated: 'UNAUTHENTICATED',
  NotFound: 'NOT_FOUND',
  NotSupported: 'UNSUPPORTED',
  PasswordExpired: 'UNAUTHENTICATED',
  RequestCanceled: 'CANCELED',
  RestrictedVersion: 'UNSUPPORTED',
  TaskInProgress: 'RESOURCE_BUSY',
  Timedout: 'TIMED_OUT',
  VAppTaskInProgress: 'RESOURCE_BUSY',
};

/** Faults of the way between vCenter and a host: a read may succeed a moment later. */
export const TRANSIENT_FAULTS: readonly string[] = [
  'HostCommunication',
  'HostNotConnected',
  'HostNotReachable',
  'Timedout',
];

/** Faults that are the cause of one another are followed no deeper. */
const MOST_CAUSES = 4;

/** Reads the body of a refusal by VI/JSON; undefined where the text is none. */
export function readFaultBody(text: string): FaultBody | undefined {
  try {
    return text.trimStart().startsWith('{') ? readFault(JSON.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a fault, bare or wrapped in a LocalizedMethodFault (the description has the one, clients of the SOAP API know the
 * other). Undefined for everything that has no name.
 */
export function readFault(value: unknown): FaultBody | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const bare = isRecord(value['fault']) && value['faultName'] === undefined ? value['fault'] : value;
  const name = textOf(bare['_typeName']);
  if (name === undefined) {
    return undefined;
  }
  const shortName = onOneLine(name);
  return {
    errorType:
      ERROR_TYPES[shortName] ??
      (shortName.startsWith('Insufficient') ? 'UNABLE_TO_ALLOCATE_RESOURCE' : undefined),
    messages: messagesOf(value),
    messageIds: [shortName, ...listOf(bare['faultMessage']).map(({ key }) => key)].filter(
      (id) => typeof id === 'string',
    ),
    isTransient: false,
    isVapiError: true,
    fault: {
      name: shortName,
      object: readManagedObject(bare['object']) ?? readManagedObject(bare['obj']),
      property: textOf(bare['invalidProperty']),
      privileges: privilegesOf(bare),
    },
  };
}

/** `{type, value}`, whatever else is or is not there. */
export function readManagedObject(value: unknown): ManagedObject | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  const type = textOf(value['type']);
  const id = textOf(value['value']);
  return type === undefined || id === undefined ? undefined : { type, id };
}

/** What failed, then its causes, each with its words and with the fields that say which object is meant. */
function messagesOf(value: Readonly<Record<string, unknown>>): readonly string[] {
  const messages: string[] = [];
  let next: unknown = value;
  while (isRecord(next) && messages.length < MOST_CAUSES) {
    const bare: Readonly<Record<string, unknown>> =
      isRecord(next['fault']) && next['faultName'] === undefined ? next['fault'] : next;
    const words = wordsOf(bare) ?? wordsOf(next);
    const details = detailsOf(bare);
    messages.push(
      [words ?? textOf(bare['_typeName']), details].filter((part) => part !== undefined).join(' '),
    );
    next = bare['faultCause'];
  }
  return messages.map(onOneLine);
}

function wordsOf(fault: Readonly<Record<string, unknown>>): string | undefined {
  const messages = listOf(fault['faultMessage']).map(({ message }) => textOf(message));
  const joined = textOf(messages.filter((message) => message !== undefined).join(' '));
  return textOf(fault['faultstring']) ?? textOf(fault['localizedMessage']) ?? joined;
}

const NO_DETAIL: readonly string[] = [
  ...['_typeName', 'faultCause', 'faultMessage', 'faultstring', 'localizedMessage'],
  ...['privilegeId', 'missingPrivileges'],
];

/** The fault's own fields: `(name: shop, object: vm-7)`. */
function detailsOf(fault: Readonly<Record<string, unknown>>): string | undefined {
  const fields = Object.entries(fault).flatMap(([name, value]) => {
    const shown = readManagedObject(value)?.id ?? shownValue(value);
    return NO_DETAIL.includes(name) || shown === undefined ? [] : [`${name}: ${shown}`];
  });
  const missing = privilegesOf(fault).map(
    ({ privilege, object }) => `missing: ${privilege}${object === undefined ? '' : ` on ${object.id}`}`,
  );
  const all = [...fields, ...missing];
  return all.length === 0 ? undefined : `(${all.join(', ')})`;
}

function shownValue(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : describeUnknownError(value);
}

/** `missingPrivileges` (since 7.0.3.2) says it in full; `privilegeId` names one, and may be empty. */
function privilegesOf(fault: Readonly<Record<string, unknown>>): readonly MissingPrivilege[] {
  const missing = listOf(fault['missingPrivileges']).flatMap(({ entity, privilegeIds }) =>
    (Array.isArray(privilegeIds) ? privilegeIds : []).map((privilege) => ({
      privilege: textOf(privilege),
      object: readManagedObject(entity),
    })),
  );
  const one = { privilege: textOf(fault['privilegeId']), object: readManagedObject(fault['object']) };
  return (missing.length > 0 ? missing : [one]).flatMap(({ privilege, object }) =>
    privilege === undefined ? [] : [{ privilege: onOneLine(privilege), object }],
  );
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
