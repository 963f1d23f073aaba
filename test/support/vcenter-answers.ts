import { VcenterError, type VcenterErrorFields } from '../../src/vcenter/transport/error.ts';

export const SERVER = 'vcenter.example';

type Given = Partial<VcenterErrorFields> & { readonly operation: string };

/** vCenter's refusal, in its own form. */
export function refused(
  fields: Given & { readonly status: number; readonly errorType: string },
): VcenterError {
  return new VcenterError({
    server: SERVER,
    failure: 'response',
    messages: [`vCenter says ${fields.errorType}.`],
    messageIds: [`com.vmware.test.${fields.errorType.toLowerCase()}`],
    isVapiError: true,
    sent: true,
    ...fields,
  });
}

/** No answer: the connection broke after the request was sent, unless `sent` says otherwise. */
export function brokenOff(fields: Given): VcenterError {
  return new VcenterError({
    server: SERVER,
    failure: 'network',
    code: 'ECONNRESET',
    messages: ['socket hang up'],
    sent: true,
    ...fields,
  });
}

export const notFound = (operation: string) => refused({ operation, status: 404, errorType: 'NOT_FOUND' });
export const busy = (operation: string) => refused({ operation, status: 500, errorType: 'RESOURCE_BUSY' });
export const unavailable = (operation: string) =>
  refused({ operation, status: 503, errorType: 'SERVICE_UNAVAILABLE' });

/** What a promise is rejected with; fails the test where it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (reason: unknown) => ({ reason }),
  );
  if ('reason' in outcome) {
    return outcome.reason;
  }
  throw new Error(`nothing was thrown, but ${JSON.stringify(outcome.value)} returned`);
}
