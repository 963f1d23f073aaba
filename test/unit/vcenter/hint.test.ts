import { describe, expect, it } from 'vitest';
import { cloneHint, hintFor } from '../../../src/vcenter/hint.ts';
import { VcenterError } from '../../../src/vcenter/transport/error.ts';
import { brokenOff, refused, SERVER } from '../vcenter-answers.ts';

const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
const GET = 'GET /api/vcenter/vm/{vm}';
const LOGIN = 'POST /api/session';

describe('hintFor', () => {
  it('tells a wrong password from a session that does not hold', () => {
    const unauthenticated = { status: 401, errorType: 'UNAUTHENTICATED' };
    expect(hintFor(refused({ operation: LOGIN, ...unauthenticated }))).toMatch(
      /'username' with 'password'.*lock accounts/,
    );
    expect(hintFor(refused({ operation: GET, ...unauthenticated }))).toMatch(/refused a session/);
  });

  it('names too many sessions', () => {
    const error = refused({
      operation: LOGIN,
      status: 503,
      errorType: 'SERVICE_UNAVAILABLE',
      messageIds: ['com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached'],
    });
    expect(hintFor(error)).toMatch(/too many sessions/);
  });

  it.each([
    [
      'the URL is not known',
      refused({
        operation: LOGIN,
        status: 404,
        errorType: 'NOT_FOUND',
        messageIds: ['com.vmware.vapi.rest.httpNotFound'],
      }),
    ],
    [
      'the operation is not known',
      refused({ operation: CLONE, status: 404, errorType: 'OPERATION_NOT_FOUND' }),
    ],
    [
      'vmw-task is not known',
      refused({
        operation: CLONE,
        status: 400,
        errorType: 'UNEXPECTED_INPUT',
        messages: ["Found unexpected fields [vmw-task] in structure 'operation-input'"],
      }),
    ],
  ])('tells that the server is too old where %s', (_, error) => {
    expect(hintFor(error)).toMatch(/7\.0 Update 2/);
  });

  it('does not call a server old for any other unexpected field', () => {
    const error = refused({
      operation: CLONE,
      status: 400,
      errorType: 'UNEXPECTED_INPUT',
      messages: ['Found unexpected fields [folders]'],
    });
    expect(hintFor(error)).toBeUndefined();
  });

  it.each([
    [
      CLONE,
      /VirtualMachine\.Provisioning\.Clone.*CreateFromExisting.*AssignVMToPool.*Datastore\.AllocateSpace/,
    ],
    ['DELETE /api/vcenter/vm/{vm}', /VirtualMachine\.Inventory\.Delete/],
    ['POST /api/vcenter/vm/{vm}/power?action=stop', /VirtualMachine\.Interact\.PowerOff/],
    ['POST /api/vcenter/vm/{vm}/guest/power?action=shutdown', /VirtualMachine\.Interact\.PowerOff/],
    ['GET /api/vcenter/folder', /message tells which one/],
  ])('names the privileges that %s needs', (operation, expected) => {
    expect(hintFor(refused({ operation, status: 403, errorType: 'UNAUTHORIZED' }))).toMatch(expected);
  });

  it('knows a missing privilege by its type alone, too', () => {
    expect(hintFor(refused({ operation: GET, status: 400, errorType: 'UNAUTHORIZED' }))).toMatch(/privilege/);
  });

  it.each([
    ['NOT_FOUND', /template/],
    ['ALREADY_EXISTS', /'if-exists'/],
    ['INVALID_ARGUMENT', /one datacenter.*'disks-to-remove' and 'disks-to-update'/],
    ['UNABLE_TO_ALLOCATE_RESOURCE', /no room/],
    ['RESOURCE_INACCESSIBLE', /cannot be reached/],
  ])('explains a clone that is refused with %s', (errorType, expected) => {
    expect(hintFor(refused({ operation: CLONE, status: 400, errorType }))).toMatch(expected);
    expect(cloneHint(errorType)).toMatch(expected);
  });

  it('says nothing where vCenter says it all', () => {
    expect(cloneHint('ERROR')).toBeUndefined();
    expect(cloneHint(undefined)).toBeUndefined();
    expect(hintFor(refused({ operation: GET, status: 404, errorType: 'NOT_FOUND' }))).toBeUndefined();
    expect(hintFor(brokenOff({ operation: GET, code: 'ECONNRESET' }))).toBeUndefined();
  });

  it.each([
    ['ENOTFOUND', /cannot resolve/],
    ['EAI_AGAIN', /cannot resolve/],
    ['ECONNREFUSED', /cannot reach.*self-hosted/],
    ['EHOSTUNREACH', /cannot reach/],
    ['ENETUNREACH', /cannot reach/],
    ['ETIMEDOUT', /cannot reach/],
  ])('explains %s, whichever call it befell', (code, expected) => {
    expect(hintFor(brokenOff({ operation: LOGIN, code }))).toMatch(expected);
    expect(hintFor(brokenOff({ operation: CLONE, code }))).toMatch(expected);
  });

  it.each([LOGIN, CLONE])('explains that %s was not answered', (operation) => {
    const error = new VcenterError({
      operation,
      server: SERVER,
      failure: 'timeout',
      messages: [],
      sent: true,
    });
    expect(hintFor(error)).toMatch(/^vcenter\.example did not answer in time/);
  });
});
