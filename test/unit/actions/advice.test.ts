import { describe, expect, it } from 'vitest';
import { adviceFor, cloneAdvice } from '../../../src/actions/advice.ts';
import { CertificateMismatch, untrusted } from '../../../src/https/certificate-error.ts';
import { VcenterError } from '../../../src/vcenter/transport/error.ts';
import { brokenOff, refused, SERVER } from '../../support/vcenter-answers.ts';

const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
const GET = 'GET /api/vcenter/vm/{vm}';
const LOGIN = 'POST /api/session';

describe('adviceFor', () => {
  it('tells a wrong password from a session that does not hold', () => {
    const unauthenticated = { status: 401, errorType: 'UNAUTHENTICATED' };
    expect(adviceFor(refused({ operation: LOGIN, ...unauthenticated }))).toMatch(
      /'username' with 'password'.*lock the account/,
    );
    expect(adviceFor(refused({ operation: GET, ...unauthenticated }))).toMatch(/refused a session/);
  });

  it('names too many sessions', () => {
    const error = refused({
      operation: LOGIN,
      status: 503,
      errorType: 'SERVICE_UNAVAILABLE',
      messageIds: ['com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached'],
    });
    expect(adviceFor(error)).toMatch(/too many sessions/);
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
    expect(adviceFor(error)).toMatch(/7\.0 Update 2/);
  });

  it('does not call a server old for any other unexpected field', () => {
    const error = refused({
      operation: CLONE,
      status: 400,
      errorType: 'UNEXPECTED_INPUT',
      messages: ['Found unexpected fields [folders]'],
    });
    expect(adviceFor(error)).toBeUndefined();
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
    expect(adviceFor(refused({ operation, status: 403, errorType: 'UNAUTHORIZED' }))).toMatch(expected);
  });

  it('knows a missing privilege by its type alone, too', () => {
    expect(adviceFor(refused({ operation: GET, status: 400, errorType: 'UNAUTHORIZED' }))).toMatch(
      /privilege/,
    );
  });

  it.each([
    ['NOT_FOUND', /^One of the objects that the request names is not there\. Objects that the account/],
    ['ALREADY_EXISTS', /'if-exists'/],
    ['INVALID_ARGUMENT', /one datacenter.*'disks-to-remove' and 'disks-to-update'/],
    ['UNABLE_TO_ALLOCATE_RESOURCE', /no room/],
    ['RESOURCE_INACCESSIBLE', /cannot reach.*Choose another/],
  ])('explains a clone that is refused with %s', (errorType, expected) => {
    expect(adviceFor(refused({ operation: CLONE, status: 400, errorType }))).toMatch(expected);
    expect(cloneAdvice(errorType)).toMatch(expected);
  });

  describe('A11: of a clone that is refused since something is not found', () => {
    const objects = [
      { input: 'source', id: 'vm-42' },
      { input: 'folder', id: 'group-v21', asked: 'ci' },
      { input: 'guest-customization-spec', id: 'linux' },
    ];
    const hint = (message: string, named = objects) =>
      adviceFor(refused({ operation: CLONE, status: 404, errorType: 'NOT_FOUND', messages: [message] }), {
        objects: named,
      });

    it('goes by the object that vCenter names', () => {
      expect(hint("Customization spec 'linux' does not exist.")).toMatch(
        /^vCenter has no customization specification 'linux'/,
      );
      expect(hint("Customization spec 'linux' does not exist.")).not.toMatch(/source|template/);
      const source = hint("Virtual machine with identifier 'vm-42:b3abe66d-0000' does not exist.");
      expect(source).toMatch(/^'source' \(vm-42\) is not found\. A template as source needs vCenter 8\.0 U1/);
      expect(source).not.toMatch(/customization/);
      expect(hint('Folder group-v21 is gone.')).toMatch(/^'folder' \(group-v21\) is not found\./);
    });

    it('does not take an id for a longer one', () => {
      expect(hint("Virtual machine 'vm-421' or 'avm-42' is not there, on linux-2.")).toMatch(/^One of the/);
    });

    it('names what was not looked up before, where vCenter does not tell', () => {
      expect(hint('Not found.')).toBe(
        "One of the objects that the request names is not there: 'source' (vm-42), 'guest-customization-spec' (linux). Objects that the account may not see count as not found, too.",
      );
    });

    it('knows it where everything else has been looked up', () => {
      const known = { input: 'source', id: 'vm-42', asked: 'ubuntu' };
      expect(hint('Not found.', [known, { input: 'guest-customization-spec', id: 'linux' }])).toMatch(
        /^vCenter has no customization specification 'linux'/,
      );
      expect(hint('Not found.', [known])).toContain("is not there: 'source' (vm-42)");
    });

    it('takes no time over a long message', () => {
      expect(hint('vm-4'.repeat(100_000))).toMatch(/^One of the/);
    });
  });

  describe('A24: of a name that is taken', () => {
    it.each([
      ['if-exists reuses what is there', { ifExists: 'reuse', isVisible: true }],
      ['if-exists replaces what is there', { ifExists: 'replace', isVisible: true }],
      ['if-exists replaces, and nobody has asked', { ifExists: 'replace', isVisible: undefined }],
      ['no VM of the name is to be seen', { ifExists: 'fail', isVisible: false }],
      ['no VM is to be seen, with replace', { ifExists: 'replace', isVisible: false }],
    ] as const)('does not advise if-exists where %s', (_, facts) => {
      const hint = cloneAdvice('ALREADY_EXISTS', facts);
      expect(hint).not.toContain('if-exists');
      expect(hint).toContain("Choose another 'name'");
    });

    it('says that it may be a template or a running clone', () => {
      expect(cloneAdvice('ALREADY_EXISTS', { isVisible: false })).toMatch(/template.*clone that still runs/);
    });

    it('advises it for a VM, and with a condition where that is not known', () => {
      expect(cloneAdvice('ALREADY_EXISTS', { ifExists: 'fail', isVisible: true })).toMatch(
        /^A VM in that folder.*'if-exists'/,
      );
      expect(cloneAdvice('ALREADY_EXISTS')).toMatch(/If it is a VM, 'if-exists'/);
    });
  });

  it('says nothing where vCenter says it all', () => {
    expect(cloneAdvice('ERROR')).toBeUndefined();
    expect(cloneAdvice(undefined)).toBeUndefined();
    expect(adviceFor(refused({ operation: GET, status: 404, errorType: 'NOT_FOUND' }))).toBeUndefined();
    expect(adviceFor(brokenOff({ operation: GET, code: 'ECONNRESET' }))).toBeUndefined();
  });

  it.each([
    ['ENOTFOUND', /cannot resolve/],
    ['EAI_AGAIN', /cannot resolve/],
    ['ECONNREFUSED', /cannot reach.*self-hosted/],
    ['EHOSTUNREACH', /cannot reach/],
    ['ENETUNREACH', /cannot reach/],
    ['ETIMEDOUT', /cannot reach/],
  ])('explains %s, whichever call it befell', (code, expected) => {
    expect(adviceFor(brokenOff({ operation: LOGIN, code }))).toMatch(expected);
    expect(adviceFor(brokenOff({ operation: CLONE, code }))).toMatch(expected);
  });

  it.each([LOGIN, CLONE])('explains that %s was not answered', (operation) => {
    const error = new VcenterError({
      operation,
      server: SERVER,
      failure: 'timeout',
      messages: [],
      sent: true,
    });
    expect(adviceFor(error)).toMatch(/^vcenter\.example did not respond in time/);
  });
});

describe('a certificate that is not accepted', () => {
  const failed = (cause: Error) =>
    new VcenterError({
      operation: LOGIN,
      server: 'vcenter.example',
      failure: 'certificate',
      messages: [cause.message],
      sent: false,
      cause,
    });

  it.each([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_REVOKED',
  ])('%s: both inputs that may help are named', (code) => {
    const certificate = undefined;
    const advice = adviceFor(
      failed(untrusted({ server: 'vc:443', host: 'vc', certificate, code, hasOwnCa: false })),
    );
    expect(advice).toContain("'ca-certificate'");
    expect(advice).toContain("'certificate-fingerprint'");
  });

  it('another one than was pinned: says that nothing was sent', () => {
    const mismatch = new CertificateMismatch({ server: 'vc:443', certificate: undefined, expected: 'AA' });
    expect(adviceFor(failed(mismatch))).toMatch(/^Nothing was sent to it\..*'certificate-fingerprint'/);
  });
});
