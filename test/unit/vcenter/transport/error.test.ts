import { describe, expect, it } from 'vitest';
import {
  isNotFound,
  isOwnRefusal,
  isRefusal,
  isSessionLimit,
  isTransient,
  isUnknownUrl,
  LOGIN,
  VcenterError,
} from '../../../../src/vcenter/transport/error.ts';
import { brokenOff, notFound, refused, SERVER } from '../../../support/vcenter-answers.ts';

const GET = 'GET /api/vcenter/vm/{vm}';
const POST = 'POST /api/vcenter/vm?action=clone&vmw-task=true';

/** An answer that is not in vCenter's own form. */
const foreign = (status: number, operation = GET) =>
  new VcenterError({
    operation,
    server: SERVER,
    failure: 'response',
    status,
    messages: [`HTTP ${status} from somebody`],
    sent: true,
  });

describe('VcenterError', () => {
  it('keeps its fields, and names operation and messages for a stack', () => {
    const cause = new Error('below');
    const error = new VcenterError({
      operation: GET,
      server: SERVER,
      failure: 'response',
      status: 404,
      errorType: 'NOT_FOUND',
      messages: ['It is gone.', 'Nobody knows why.'],
      messageIds: ['com.vmware.api.vcenter.vm.not_found'],
      code: 'ECODE',
      isTransient: true,
      sent: true,
      cause,
    });
    expect(error.message).toBe(`${GET}: It is gone. Nobody knows why.`);
    expect(error).toMatchObject({
      name: 'VcenterError',
      operation: GET,
      failure: 'response',
      server: SERVER,
      status: 404,
      errorType: 'NOT_FOUND',
      messages: ['It is gone.', 'Nobody knows why.'],
      messageIds: ['com.vmware.api.vcenter.vm.not_found'],
      code: 'ECODE',
      isTransient: true,
      sent: true,
      cause,
    });
  });

  it('has no ids and is not called transient where nothing says so', () => {
    expect(brokenOff({ operation: GET })).toMatchObject({ messageIds: [], isTransient: false });
  });
});

describe('isRefusal', () => {
  const error = refused({ operation: POST, status: 400, errorType: 'ALREADY_EXISTS' });

  it.each([
    [error, ['ALREADY_EXISTS'], true],
    [error, ['NOT_FOUND', 'ALREADY_EXISTS'], true],
    [error, ['NOT_FOUND'], false],
    [error, [], false],
    [foreign(400), ['ALREADY_EXISTS'], false],
    [new Error('ALREADY_EXISTS'), ['ALREADY_EXISTS'], false],
    [undefined, ['ALREADY_EXISTS'], false],
  ])('case %#', (given, types, expected) => {
    expect(isRefusal(given, ...types)).toBe(expected);
  });
});

describe('isNotFound', () => {
  const unknownUrl = (id: string) =>
    refused({ operation: GET, status: 404, errorType: 'NOT_FOUND', messageIds: [id] });

  it('takes vCenter at its word', () => {
    expect(isNotFound(notFound(GET))).toBe(true);
  });

  it('accepts an older body without error_type', () => {
    const error = new VcenterError({
      operation: GET,
      server: SERVER,
      failure: 'response',
      status: 404,
      messages: ['It is gone.'],
      messageIds: ['com.vmware.api.vcenter.vm.not_found'],
      sent: true,
    });
    expect(isNotFound(error)).toBe(true);
  });

  it.each(['com.vmware.vapi.rest.httpNotFound', 'com.vmware.vapi.rest.operationsForUrlNotFound'])(
    'does not take an unknown URL (%s) for a missing object',
    (id) => {
      expect(isNotFound(unknownUrl(id))).toBe(false);
      expect(isUnknownUrl(unknownUrl(id))).toBe(true);
    },
  );

  // While vCenter's endpoint starts, the proxy in front of it answers so for everything: a VM that counts as gone for that
  // is left behind.
  it("does not take a proxy's own 404 for a missing object", () => {
    expect(isNotFound(foreign(404))).toBe(false);
  });

  it.each([
    ['another type', refused({ operation: GET, status: 404, errorType: 'UNSUPPORTED' })],
    ['another status without a type', foreign(410)],
    ['a broken connection', brokenOff({ operation: GET })],
    [
      'an unreadable success',
      new VcenterError({ ...foreign(404), operation: GET, failure: 'unreadable', messages: [] }),
    ],
    ['any other error', new Error('NOT_FOUND')],
  ])('is false for %s', (_, error) => {
    expect(isNotFound(error)).toBe(false);
  });
});

describe('isUnknownUrl', () => {
  it('needs the status as well', () => {
    const error = refused({
      operation: GET,
      status: 400,
      errorType: 'INVALID_ARGUMENT',
      messageIds: ['com.vmware.vapi.rest.httpNotFound'],
    });
    expect(isUnknownUrl(error)).toBe(false);
    expect(isUnknownUrl(notFound(GET))).toBe(false);
  });
});

describe('isTransient', () => {
  const sessionLimit = {
    operation: 'POST /api/session',
    status: 503,
    errorType: 'SERVICE_UNAVAILABLE',
    messageIds: ['com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached'],
  };
  const wire = (failure: 'network' | 'timeout' | 'unreadable' | 'certificate') =>
    new VcenterError({ operation: POST, server: SERVER, failure, messages: [], sent: true });

  it.each([
    ['a broken connection', wire('network'), true],
    ['no response', wire('timeout'), true],
    ['an unreadable answer', wire('unreadable'), true],
    ['a refused certificate', wire('certificate'), false],
    ['429', foreign(429, POST), true],
    ['502', foreign(502, POST), true],
    ['503', foreign(503, POST), true],
    ['504', foreign(504, POST), true],
    ['501', foreign(501, GET), true],
    ['a GET that fails with 500', foreign(500, GET), true],
    ['B4: a POST that fails with 500', foreign(500, POST), true],
    ["B4: vCenter's own 500", refused({ operation: POST, status: 500, errorType: 'ERROR' }), true],
    ["C4: a proxy's page of 404", foreign(404, GET), true],
    ["C4: a proxy's page of 403", foreign(403, POST), true],
    ['C4: a redirect', foreign(302, GET), true],
    ['an ended session', refused({ operation: GET, status: 401, errorType: 'UNAUTHENTICATED' }), true],
    ['a page at the login, which most likely is no vCenter', foreign(404, LOGIN), false],
    ['a redirect at the login', foreign(302, LOGIN), false],
    ['a 502 at the login', foreign(502, LOGIN), true],
    [
      'a way to the server that is wrong in itself',
      new VcenterError({
        ...{ operation: GET, server: SERVER, messages: [], sent: false },
        failure: 'network',
        isPermanent: true,
      }),
      false,
    ],
    [
      'a list over its limit',
      refused({ operation: 'GET /api/vcenter/vm', status: 500, errorType: 'UNABLE_TO_ALLOCATE_RESOURCE' }),
      false,
    ],
    ['RESOURCE_BUSY', refused({ operation: POST, status: 500, errorType: 'RESOURCE_BUSY' }), true],
    ['a bad request', refused({ operation: GET, status: 400, errorType: 'INVALID_ARGUMENT' }), false],
    ['a refused login', foreign(401, LOGIN), false],
    [
      'a refusal that vCenter calls transient',
      refused({ operation: POST, status: 400, errorType: 'ERROR', isTransient: true }),
      true,
    ],
    ['too many sessions', refused(sessionLimit), false],
    [
      'too many sessions, told in the text only',
      refused({ ...sessionLimit, messageIds: [], messages: ['x.failedToLoginMaxUserSessionCountReached y'] }),
      false,
    ],
  ])('%s', (_, error, expected) => {
    expect(isTransient(error)).toBe(expected);
  });

  it('knows too many sessions by id or text', () => {
    expect(isSessionLimit(refused(sessionLimit))).toBe(true);
    expect(isSessionLimit(refused({ ...sessionLimit, messageIds: [] }))).toBe(false);
  });
});

describe('A20: isOwnRefusal', () => {
  it.each([
    ['no room', refused({ operation: POST, status: 500, errorType: 'UNABLE_TO_ALLOCATE_RESOURCE' }), true],
    [
      'something out of reach',
      refused({ operation: POST, status: 500, errorType: 'RESOURCE_INACCESSIBLE' }),
      true,
    ],
    ['an invalid argument', refused({ operation: POST, status: 400, errorType: 'INVALID_ARGUMENT' }), true],
    ['a VM that is busy', refused({ operation: POST, status: 500, errorType: 'RESOURCE_BUSY' }), true],
    [
      'a type of a later vCenter',
      refused({ operation: POST, status: 500, errorType: 'SOMETHING_NEW' }),
      true,
    ],
    // These may come of what stands between, after vCenter has begun.
    ['an ended session', refused({ operation: POST, status: 401, errorType: 'UNAUTHENTICATED' }), false],
    [
      'an unavailable service',
      refused({ operation: POST, status: 503, errorType: 'SERVICE_UNAVAILABLE' }),
      false,
    ],
    ['a timeout of a service', refused({ operation: POST, status: 504, errorType: 'TIMED_OUT' }), false],
    ["a proxy's page of 400", foreign(400, POST), false],
    ["a proxy's page of 502", foreign(502, POST), false],
    ['a redirect', foreign(307, POST), false],
    ['a broken connection', brokenOff({ operation: POST }), false],
    [
      'a success that cannot be read',
      new VcenterError({
        ...{ operation: POST, server: SERVER, messages: [], sent: true },
        failure: 'unreadable',
      }),
      false,
    ],
  ])('%s', (_, error, expected) => {
    expect(isOwnRefusal(error)).toBe(expected);
  });
});
