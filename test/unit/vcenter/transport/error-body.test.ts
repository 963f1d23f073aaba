import { describe, expect, it } from 'vitest';
import {
  describeUnknownError,
  localizableText,
  readErrorBody,
  readErrorFields,
} from '../../../../src/vcenter/transport/error-body.ts';

const read = (body: unknown, status = 400) =>
  readErrorBody({ status, text: typeof body === 'string' ? body : JSON.stringify(body) });

describe('readErrorBody', () => {
  it('reads an error of /api: all messages, in order', () => {
    const body = {
      error_type: 'ALREADY_IN_DESIRED_STATE',
      messages: [
        {
          args: [],
          default_message: 'Virtual machine is already powered off.',
          id: 'com.vmware.api.vcenter.vm.power.already_powered_off',
        },
        {
          args: [],
          default_message: 'The attempted operation cannot be performed in the current state (Powered off).',
          id: 'vmsg.InvalidPowerState.summary',
        },
      ],
    };
    expect(read(body)).toEqual({
      errorType: 'ALREADY_IN_DESIRED_STATE',
      messages: [
        'Virtual machine is already powered off.',
        'The attempted operation cannot be performed in the current state (Powered off).',
      ],
      messageIds: ['com.vmware.api.vcenter.vm.power.already_powered_off', 'vmsg.InvalidPowerState.summary'],
      isTransient: false,
      isVapiError: true,
    });
  });

  it('reads the older form of /rest', () => {
    const body = {
      type: 'com.vmware.vapi.std.errors.not_found',
      value: { messages: [{ id: 'an.id', default_message: 'It is gone.', args: [] }] },
    };
    expect(read(body, 404)).toMatchObject({
      errorType: 'NOT_FOUND',
      messages: ['It is gone.'],
      messageIds: ['an.id'],
    });
  });

  it('prefers error_type to the type of /rest', () => {
    const body = {
      type: 'com.vmware.vapi.std.errors.error',
      value: { error_type: 'RESOURCE_BUSY', messages: [] },
    };
    expect(read(body, 500).errorType).toBe('RESOURCE_BUSY');
  });

  it('reads the form of 6.0', () => {
    const body = {
      name: 'com.vmware.vapi.rest.httpNotFound',
      localizableMessages: [{ id: 'm', defaultMessage: 'Not found.', default_message: 'Not found.' }],
      majorErrorCode: 404,
    };
    expect(read(body, 404)).toMatchObject({
      messages: ['Not found.'],
      messageIds: ['m', 'com.vmware.vapi.rest.httpNotFound'],
    });
  });

  it('believes a server that calls its failure transient, and only a clear yes', () => {
    expect(read({ error_type: 'ERROR', messages: [], data: { is_transient: true } }).isTransient).toBe(true);
    expect(read({ error_type: 'ERROR', messages: [], data: { is_transient: 'true' } }).isTransient).toBe(
      false,
    );
    expect(read({ error_type: 'ERROR', messages: [], data: null }).isTransient).toBe(false);
  });

  it('accepts a type that is not known yet, and messages of odd shapes', () => {
    const body = {
      error_type: 'SOMETHING_NEW',
      messages: [
        null,
        'text',
        7,
        { id: 5 },
        { default_message: '   ' },
        { id: 'x', default_message: ' Yes. ' },
      ],
    };
    expect(read(body)).toEqual({
      errorType: 'SOMETHING_NEW',
      messages: ['Yes.'],
      messageIds: ['x'],
      isTransient: false,
      isVapiError: true,
    });
  });

  it('always has a message', () => {
    expect(read({ error_type: 'ERROR' }, 500)).toEqual({
      errorType: 'ERROR',
      messages: ['HTTP 500 without a message.'],
      messageIds: [],
      isTransient: false,
      isVapiError: true,
    });
    expect(read({ messages: [] }, 500).messages).toEqual(['HTTP 500 without a message.']);
    expect(read('', 502).messages).toEqual([
      'HTTP 502 without a message; it may come from a proxy in front of vCenter.',
    ]);
  });

  it('makes one line of a page that a proxy sends, without markup, scripts and styles', () => {
    const page = `<html><head><style>h1 { color: red }</style><script>alert('x')</script></head>
      <body><h1>502   Bad
      Gateway</h1></body></html>`;
    const { messages, errorType } = read(page, 502);
    expect(errorType).toBeUndefined();
    expect(messages).toEqual([
      "HTTP 502, not in vCenter's own form; it may come from a proxy in front of it: 502 Bad Gateway",
    ]);
  });

  it('cuts a long page short', () => {
    const [message = ''] = read('x'.repeat(1_000), 503).messages;
    expect(message.endsWith(`: ${'x'.repeat(299)}…`)).toBe(true);
    expect(read('y'.repeat(300), 503).messages[0]?.endsWith(`: ${'y'.repeat(300)}`)).toBe(true);
  });

  it.each([['no healthy upstream'], ['{"error":"quota"}'], ['[]'], ['null'], ['"text"'], ['{"messages":5}']])(
    'shows %s as it came, since it is not an error of vCenter',
    (text) => {
      const body = read(text, 503);
      expect(body).toMatchObject({
        errorType: undefined,
        messageIds: [],
        isTransient: false,
        isVapiError: false,
      });
      expect(body.messages[0]).toContain(text);
    },
  );
});

describe('isVapiError', () => {
  it.each([
    [{ error_type: 'ERROR' }, true],
    [{ type: 'com.vmware.vapi.std.errors.error', value: { messages: [] } }, true],
    [{ name: 'x', localizableMessages: [{ id: 'm', default_message: 'No.' }] }, true],
    [{ messages: [{ id: 'm', default_message: 'No.' }] }, true],
    [{ messages: [{ default_message: 'No.' }] }, false],
    [{ messages: ['No.'] }, false],
    [{ error_type: '' }, false],
    [{ error: 'quota' }, false],
    ['<h1>Bad Gateway</h1>', false],
    ['', false],
  ])('of %j is %s', (body, expected) => {
    expect(read(body, 500).isVapiError).toBe(expected);
  });
});

describe('B16: an error of a form that nobody has described', () => {
  const fault = {
    _typeName: 'InvalidArgument',
    faultstring: 'One parameter was wrong: location.pool',
    invalidProperty: 'location.pool',
  };

  it('is shown as it came, its words first', () => {
    const shown =
      'One parameter was wrong: location.pool {"_typeName":"InvalidArgument","invalidProperty":"location.pool"}';
    expect(describeUnknownError(fault)).toBe(shown);
    expect(read(fault, 500).messages).toEqual([
      `HTTP 500, not in vCenter's own form; it may come from a proxy in front of it: ${shown}`,
    ]);
  });

  it('is shown beside a type that is known', () => {
    expect(
      read({ error_type: 'ERROR', messages: [], data: null, reason: { disk: 2000 } }, 500),
    ).toMatchObject({
      errorType: 'ERROR',
      messages: ['HTTP 500 without a message: {"reason":{"disk":2000}}'],
    });
  });

  it.each([
    ['No pool.\n', 'No pool.'],
    [['a', 1], '["a",1]'],
    [{ fault: { a: 1 }, localizedMessage: 'Nein.' }, 'Nein. {"fault":{"a":1}}'],
    [{ message: 'No.\n::error::x', cause: null, list: [] }, 'No. : :error::x'],
    [{ message: '::error::x' }, ': :error::x'],
    [7, '7'],
    [{}, undefined],
    [{ a: null }, undefined],
    [[], undefined],
    ['', undefined],
    [' \n', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('is one harmless line: %j', (value, expected) => {
    expect(describeUnknownError(value)).toBe(expected);
  });

  it('is cut short', () => {
    const text = describeUnknownError({ faultstring: 'No.', x: 'y'.repeat(5_000) }) ?? '';
    expect(text).toHaveLength(300);
    expect(text).toMatch(/^No\. \{"x":"y+…$/);
  });
});

describe('C4: a body at its worst', () => {
  const BLANKS = ' '.repeat(300_000);
  it.each([
    ['blanks in a message', { error_type: 'ERROR', messages: [{ default_message: `a${BLANKS}b` }] }],
    [
      'blanks and lines in a message',
      { error_type: 'ERROR', messages: [{ default_message: ' \n'.repeat(150_000) }] },
    ],
    ['half a type', { type: 'std.errors.a'.repeat(25_000) }],
    ['<script', '<script'.repeat(43_000)],
  ])('is read at once: %s', (_, body) => {
    const before = process.threadCpuUsage();
    read(body, 502);
    expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(50);
  });

  it('may be nested deeper than it can be written', () => {
    const deep = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`;
    expect(read(deep, 500).messages[0]).toContain('{"a":{"a":');
  });
});

describe('readErrorFields', () => {
  it.each([
    [undefined],
    [null],
    ['text'],
    [[]],
    [{}],
    [{ value: { vm: 'vm-1' } }],
    [{ type: 'VirtualMachine' }],
  ])('knows that %j is no error', (value) => {
    expect(readErrorFields(value)).toBeUndefined();
  });
});

describe('localizableText', () => {
  it('prefers the translated text', () => {
    expect(localizableText({ localized: 'Fort. ', default_message: 'Gone.' })).toBe('Fort.');
    expect(localizableText({ localized: '', default_message: 'Gone.' })).toBe('Gone.');
    expect(localizableText({ localized: 5 })).toBe('');
  });
});
