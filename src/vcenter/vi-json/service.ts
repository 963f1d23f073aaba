import { isRecord, textOf } from '../../text/json.ts';
import { SDK, VcenterError } from '../transport/error.ts';
import { readManagedObject } from '../transport/fault.ts';
import type { OperationRequest, OperationResponse } from '../transport/http.ts';

/** What a vCenter with VI/JSON tells of itself: the ids of its managers, which are read and not taken for granted. */
export interface ServiceContent {
  readonly sessionManager: string;
  readonly propertyCollector: string | undefined;
  readonly rootFolder: string | undefined;
  readonly searchIndex: string | undefined;
  readonly viewManager: string | undefined;
  /** `8.0.3` */
  readonly version: string | undefined;
}

/** Needs no session. */
export const SERVICE_CONTENT: OperationRequest = {
  operation: `GET ${SDK}/ServiceInstance/ServiceInstance/content`,
  expects: 'json',
};

/** Of a proxy, or of a vCenter that is just starting. */
const TRANSIENT_STATUSES: readonly number[] = [429, 502, 503, 504];

/**
 * Reads the service content; undefined where the server has no VI/JSON (vCenter before 8.0 U1): what older ones respond with is
 * documented nowhere, so it is anything but a 200 that names a session manager.
 *
 * @throws VcenterError where a later request may get another response; the signal's reason.
 */
export async function readServiceContent(
  send: (request: OperationRequest) => Promise<OperationResponse>,
): Promise<ServiceContent | undefined> {
  try {
    const { body } = await send(SERVICE_CONTENT);
    const content = isRecord(body) ? body : {};
    const managerId = (name: string) => readManagedObject(content[name])?.id;
    const sessionManager = managerId('sessionManager');
    return sessionManager === undefined
      ? undefined
      : {
          sessionManager,
          propertyCollector: managerId('propertyCollector'),
          rootFolder: managerId('rootFolder'),
          searchIndex: managerId('searchIndex'),
          viewManager: managerId('viewManager'),
          version: isRecord(content['about']) ? textOf(content['about']['version']) : undefined,
        };
  } catch (error) {
    if (error instanceof VcenterError && !isTransientForService(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Whether a failure says nothing about what the server has. */
export function isTransientForService({ failure, status = 0, cause }: VcenterError): boolean {
  switch (failure) {
    case 'response':
      return TRANSIENT_STATUSES.includes(status);
    case 'unreadable':
      return cause !== undefined; // cut off; a page that is not JSON is a response like any other
    default:
      return true;
  }
}
