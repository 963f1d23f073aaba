import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBusy,
  isNotFound,
  isOwnRefusal,
  isRefusal,
  isSessionEnded,
  isTransient,
  VcenterError,
} from '../../../../src/vcenter/transport/error.ts';
import { readErrorBody } from '../../../../src/vcenter/transport/error-body.ts';
import { readFault, readFaultBody } from '../../../../src/vcenter/transport/fault.ts';
import { faultError, ref } from '../../../support/vi-json.ts';

const OPERATION = 'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/CloneVM_Task';
const vm = ref('VirtualMachine', 'vm-42');

/** Recorded of an 8.0.3 (evoila/meho #3566): its reference has no type's name. */
const NOT_AUTHENTICATED =
  '{"_typeName":"NotAuthenticated","object":{"type":"PropertyCollector","value":"propertyCollector"},"privilegeId":"","faultstring":"The session is not authenticated."}';

describe('readFaultBody', () => {
  it('V9: reads the one that was recorded', () => {
    expect(readFaultBody(NOT_AUTHENTICATED)).toEqual({
      errorType: 'UNAUTHENTICATED',
      messages: ['The session is not authenticated. (object: propertyCollector)'],
      messageIds: ['NotAuthenticated'],
      isTransient: false,
      isVapiError: true,
      fault: {
        name: 'NotAuthenticated',
        object: { type: 'PropertyCollector', id: 'propertyCollector' },
        property: undefined,
        privileges: [],
      },
    });
  });

  it.each([
    ['XML', '<?xml version="1.0"?><soapenv:Envelope><soapenv:Fault><faultcode>x</faultcode></soapenv:Fault>'],
    ['HTML', '<html><body>Internal Server Error</body></html>'],
    ['nothing', ''],
    ['a REST error', '{"error_type":"NOT_FOUND","messages":[]}'],
    ['cut JSON', '{"_typeName":"DuplicateName"'],
    ['an array', '[{"_typeName":"DuplicateName"}]'],
  ])('V13: takes %s for no fault', (_, text) => {
    expect(readFaultBody(text)).toBeUndefined();
  });

  it('V13: of a SOAP fault or a page a line without markup is shown, never the whole', () => {
    const page = `<html><head><script>${'x'.repeat(900)}</script></head><body>${'word '.repeat(900)}</body></html>`;
    const { messages, isVapiError } = readErrorBody({ status: 500, text: page });
    expect(isVapiError).toBe(false);
    expect(messages.join('').length).toBeLessThan(400);
    expect(messages.join('')).not.toMatch(/<|xxx/);
  });
});

describe('readFault', () => {
  it.each([
    ['faultstring', { faultstring: 'A', localizedMessage: 'B' }, 'A'],
    ['localizedMessage', { localizedMessage: 'B' }, 'B'],
    [
      'faultMessage',
      {
        faultMessage: [
          { key: 'k1', message: 'C' },
          { key: 'k2', message: 'D' },
        ],
      },
      'C D',
    ],
    ['its name', {}, 'SystemError'],
  ])('V47: has the words of %s', (_, fields, words) => {
    const { messages } = readFault({ _typeName: 'SystemError', ...fields }) ?? {};
    expect(messages).toEqual([words]);
  });

  it('V12: tells the name, the fields, and the keys of the messages', () => {
    expect(
      readFault({
        _typeName: 'InvalidArgument',
        invalidProperty: 'spec.snapshot',
        faultMessage: [{ _typeName: 'LocalizableMessage', key: 'com.vmware.x', message: 'Not correct.' }],
      }),
    ).toMatchObject({
      errorType: 'INVALID_ARGUMENT',
      messages: ['Not correct. (invalidProperty: spec.snapshot)'],
      messageIds: ['InvalidArgument', 'com.vmware.x'],
      fault: { property: 'spec.snapshot' },
    });
  });

  it('V24: tells which privileges are missing on what, from the old and from the new form', () => {
    const folder = ref('Folder', 'group-v3');
    const missingPrivileges = [
      { entity: vm, privilegeIds: ['A.B', 'C.D'] },
      { entity: folder, privilegeIds: ['E.F'] },
    ];
    expect(readFault({ _typeName: 'NoPermission', object: vm, privilegeId: 'A.B' })?.messages).toEqual([
      'NoPermission (object: vm-42, missing: A.B on vm-42)',
    ]);
    const { messages, fault } =
      readFault({ _typeName: 'NoPermission', object: vm, privilegeId: 'A.B', missingPrivileges }) ?? {};
    expect(messages).toEqual([
      'NoPermission (object: vm-42, missing: A.B on vm-42, missing: C.D on vm-42, missing: E.F on group-v3)',
    ]);
    expect(fault?.privileges).toHaveLength(3);
    expect(readFault({ _typeName: 'NoPermission' })?.messages).toEqual(['NoPermission']);
  });

  it('tells what failed, then its causes', () => {
    const cause = { _typeName: 'NoDiskSpace', file: 'a.vmdk', datastore: 'fast', faultstring: 'Full.' };
    expect(
      readFault({ _typeName: 'SystemError', faultstring: 'Failed.', faultCause: cause })?.messages,
    ).toEqual(['Failed.', 'Full. (file: a.vmdk, datastore: fast)']);
  });

  it('V14: takes a name that nobody knows for a plain failure with its text', () => {
    const error = faultError(OPERATION, { _typeName: 'QuantumFault', faultstring: 'Both.' });
    expect(error.errorType).toBeUndefined();
    expect(error.text).toBe(`${OPERATION} on vcenter.example failed (HTTP 500 QuantumFault). vCenter: Both.`);
    expect([isTransient(error), isBusy(error), isNotFound(error), isOwnRefusal(error)]).toEqual([
      ...[false, false, false, true],
    ]);
  });

  it('V12: keeps the fault that an older release has no name for', () => {
    const inner = { _typeName: 'NewFault' };
    const fault = { _typeName: 'UnexpectedFault', faultName: 'vim.fault.NewFault', fault: inner };
    expect(readFault(fault)).toMatchObject({ fault: { name: 'UnexpectedFault' } });
    expect(readFault(fault)?.messages[0]).toContain('faultName: vim.fault.NewFault');
  });

  it('is on one line, and no workflow command', () => {
    const { messages } =
      readFault({ _typeName: 'SystemError', reason: 'a\n::error::b', faultstring: 'c\r\nd' }) ?? {};
    expect(messages?.join('')).not.toMatch(/[\r\n]/);
    expect(messages?.join('')).not.toContain('::error::');
  });
});

describe('readFault of whatever a server may send', () => {
  const deep = (levels: number): unknown =>
    levels === 0 ? 'x' : { _typeName: 'SystemError', fault: deep(levels - 1), faultCause: deep(levels - 1) };

  it('never throws, and has words on single lines of a bearable length', () => {
    const keys = fc.constantFrom(
      ...['_typeName', 'fault', 'faultCause', 'faultMessage', 'faultstring', 'localizedMessage', 'message'],
      ...[
        'object',
        'obj',
        'type',
        'value',
        'missingPrivileges',
        'privilegeIds',
        'entity',
        'privilegeId',
        'key',
      ],
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.constant(null),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(value, (fault) => {
        const read = readFault(fault);
        for (const message of read?.messages ?? []) {
          expect(message).not.toMatch(/[\r\n\u2028\u2029]/);
          expect(message.length).toBeLessThan(5_000);
        }
        expect(read === undefined || read.messages.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(readFault(deep(14))?.messages).toHaveLength(4);
  });
});

interface Verdict {
  readonly transient: boolean;
  readonly busy: boolean;
  readonly own: boolean;
  readonly type: string | undefined;
}

const final = (type: string | undefined): Verdict => ({ transient: false, busy: false, own: true, type });

describe('what a fault means', () => {
  const cases: readonly (readonly [string, Verdict])[] = [
    ['DuplicateName', final('ALREADY_EXISTS')],
    ['ManagedObjectNotFound', final('NOT_FOUND')],
    ['NoPermission', final('UNAUTHORIZED')],
    ['InvalidArgument', final('INVALID_ARGUMENT')],
    ['InvalidPowerState', final('NOT_ALLOWED_IN_CURRENT_STATE')],
    ['NotSupported', final('UNSUPPORTED')],
    ['NoDiskSpace', final('UNABLE_TO_ALLOCATE_RESOURCE')],
    ['InsufficientMemoryResourcesFault', final('UNABLE_TO_ALLOCATE_RESOURCE')],
    ['CustomizationFault', final(undefined)],
    ['SystemError', final(undefined)],
    ['FileAlreadyExists', final(undefined)],
    ['TaskInProgress', { transient: true, busy: true, own: true, type: 'RESOURCE_BUSY' }],
    ['ConcurrentAccess', { transient: true, busy: true, own: true, type: 'RESOURCE_BUSY' }],
    ['HostCommunication', { transient: true, busy: false, own: true, type: 'RESOURCE_INACCESSIBLE' }],
    ['HostNotReachable', { transient: true, busy: false, own: true, type: 'RESOURCE_INACCESSIBLE' }],
    ['Timedout', { transient: true, busy: false, own: false, type: 'TIMED_OUT' }],
    ['NotAuthenticated', { transient: true, busy: false, own: false, type: 'UNAUTHENTICATED' }],
  ];

  it.each(cases)('V12: %s', (name, { transient, busy, own, type }) => {
    const error = faultError(OPERATION, { _typeName: name });
    expect({
      transient: isTransient(error),
      busy: isBusy(error),
      own: isOwnRefusal(error),
      type: error.errorType,
    }).toEqual({ transient, busy, own, type });
    expect(isNotFound(error)).toBe(name === 'ManagedObjectNotFound');
    expect(isRefusal(error, name)).toBe(true);
    expect(type === undefined || isRefusal(error, type)).toBe(true);
    expect(isRefusal(error, 'SOMETHING_ELSE')).toBe(false);
  });

  it('V6: a NotAuthenticated that a host has sent is no end of the session, and final', () => {
    const ofHost = { _typeName: 'NotAuthenticated', object: ref('HostSystem', 'host-9') };
    const error = faultError(OPERATION, ofHost);
    expect([isSessionEnded(error), isTransient(error)]).toEqual([false, false]);
    const own = new VcenterError({
      ...{ operation: OPERATION, server: 's', failure: 'response', status: 500, sent: true },
      ...(readFaultBody(NOT_AUTHENTICATED) ?? { messages: [] }),
    });
    expect([isSessionEnded(own), isTransient(own)]).toEqual([true, true]);
  });

  it('V13: a 500 that is no fault may be a proxy, and is retried as before', () => {
    const error = new VcenterError({
      ...{ operation: OPERATION, server: 's', failure: 'response', status: 500, sent: true },
      ...readErrorBody({ status: 500, text: '<html>Bad</html>' }),
    });
    expect([isTransient(error), isOwnRefusal(error)]).toEqual([true, false]);
  });
});
