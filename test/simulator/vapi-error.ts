/** Text of vCenter as it travels in error bodies, task descriptions and progress: `Vapi.Std.LocalizableMessage`. */
export interface LocalizableMessage {
  readonly id: string;
  readonly default_message: string;
  readonly args: readonly string[];
}

/** Body of every answer that is not a success: `Vapi.Std.Errors.Error`. */
export interface ErrorBody {
  readonly error_type?: string;
  readonly messages: readonly LocalizableMessage[];
  readonly challenge?: string;
  readonly data?: unknown;
}

/** A refusal of the simulated vCenter: the status and the body that the client gets. */
export class VapiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(options: { readonly status: number; readonly body: ErrorBody }) {
    super(`${options.status} ${options.body.error_type}: ${options.body.messages[0]?.default_message}`);
    this.name = 'VapiError';
    this.status = options.status;
    this.body = options.body;
  }
}

/** The instance id that vCenter appends to object ids inside its messages (`vm-42:b3ab...`). */
export const serverGuid = 'b3abe66d-5a2c-4d7e-9f10-6c1d4f0e8a77';

const statusOfErrorType: Readonly<Record<string, number>> = {
  ALREADY_EXISTS: 400,
  ALREADY_IN_DESIRED_STATE: 400,
  INVALID_ARGUMENT: 400,
  INVALID_REQUEST: 400,
  NOT_ALLOWED_IN_CURRENT_STATE: 400,
  RESOURCE_IN_USE: 400,
  UNEXPECTED_INPUT: 400,
  UNSUPPORTED: 400,
  UNAUTHENTICATED: 401,
  UNAUTHORIZED: 403,
  NOT_FOUND: 404,
  SERVICE_UNAVAILABLE: 503,
};

/** The HTTP status that carries an error type; types without an entry of their own travel as 500. */
export function statusOf(errorType: string | undefined): number {
  return statusOfErrorType[errorType ?? 'ERROR'] ?? 500;
}

/** `{0}` in a template is replaced by the argument of that number, as vCenter's own message catalogue does. */
export function message(id: string, template: string, args: readonly string[] = []): LocalizableMessage {
  return { id, default_message: template.replace(/\{(\d)\}/g, (_, n) => args[Number(n)] ?? ''), args };
}

export function vapiError(errorType: string, ...messages: readonly LocalizableMessage[]): VapiError {
  return new VapiError({ status: statusOf(errorType), body: { error_type: errorType, messages } });
}

export function unauthenticated(): VapiError {
  return new VapiError({
    status: 401,
    body: {
      error_type: 'UNAUTHENTICATED',
      messages: [
        message('com.vmware.vapi.endpoint.method.authentication.required', 'Authentication required.'),
      ],
      challenge: 'Basic realm="VAPI endpoint"',
    },
  });
}

/** For a path that the server does not know. */
export function httpNotFound(): VapiError {
  return vapiError('NOT_FOUND', message('com.vmware.vapi.rest.httpNotFound', 'Not found.'));
}

const resourceNames = {
  cluster: 'Cluster',
  datacenter: 'Datacenter',
  datastore: 'Datastore',
  disk: 'Disk',
  folder: 'Folder',
  host: 'Host',
  network: 'Network',
  nic: 'Ethernet adapter',
  resource_pool: 'Resource pool',
  vm: 'Virtual machine',
} as const;

export type ResourceKind = keyof typeof resourceNames;

export function notFound(kind: ResourceKind, id: string): VapiError {
  return vapiError(
    'NOT_FOUND',
    message(
      `com.vmware.api.vcenter.${kind}.not_found`,
      `${resourceNames[kind]} with identifier '{0}' does not exist or has been deleted.`,
      [`${id}:${serverGuid}`],
    ),
  );
}

export function invalidArgument(field: string, text: string, args: readonly string[] = []): VapiError {
  return vapiError(
    'INVALID_ARGUMENT',
    message('com.vmware.api.vcenter.invalid_argument', `The argument '{0}' is not valid.`, [field]),
    message('vmsg.InvalidArgument.summary', text, args),
  );
}

export function resourceBusy(id: string): VapiError {
  return vapiError(
    'RESOURCE_BUSY',
    message(
      'com.vmware.api.vcenter.vm.resource_busy',
      `Virtual machine with identifier '{0}' is busy with another operation.`,
      [`${id}:${serverGuid}`],
    ),
  );
}

export function serviceUnavailable(): VapiError {
  return vapiError(
    'SERVICE_UNAVAILABLE',
    message('com.vmware.vapi.endpoint.serviceUnavailable', 'The service is temporarily unavailable.'),
  );
}

export function internalError(): VapiError {
  return vapiError('ERROR', message('com.vmware.vapi.internal.error', 'An internal error occurred.'));
}

/** A list that would be longer than its limit is refused as a whole; there is no paging. */
export function tooMany(limit: number): VapiError {
  return vapiError(
    'UNABLE_TO_ALLOCATE_RESOURCE',
    message(
      'com.vmware.api.vcenter.list.too_many_matches',
      'More than {0} objects match. Use a narrower filter.',
      [String(limit)],
    ),
  );
}
