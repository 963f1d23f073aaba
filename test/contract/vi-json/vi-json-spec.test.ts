import { beforeAll, describe, expect, it } from 'vitest';
import { ref } from '../../support/vi-json.ts';
import { checkViExchanges, loadViJsonSpec, type ViExchange, type ViJsonSpec } from './vi-json-spec.ts';

const file = process.env['VSPHERE_VI_JSON_SPEC'];
if (!file) {
  console.log(
    "VSPHERE_VI_JSON_SPEC is not set: requests of VI/JSON are not checked against VMware's description.",
  );
}

const location = { _typeName: 'VirtualMachineRelocateSpec' };
const spec = { _typeName: 'VirtualMachineCloneSpec', location, template: false, powerOn: true };

const clone: ViExchange = {
  operation: 'POST /sdk/vim25/8.0.1.0/VirtualMachine/vm-42/CloneVM_Task',
  requestBody: { folder: ref('Folder', 'group-v3'), name: 'a', spec },
  status: 200,
  responseBody: ref('Task', 'task-1'),
};
const parent: ViExchange = {
  operation: 'GET /sdk/vim25/8.0.1.0/Folder/{moId}/parent',
  status: 200,
  responseBody: null,
};

const withSpec = (change: object) => ({
  requestBody: { folder: ref('Folder', 'group-v3'), name: 'a', spec: { ...spec, ...change } },
});

describe.runIf(file)("VMware's description of VI/JSON", () => {
  let described: ViJsonSpec;
  beforeAll(() => {
    described = loadViJsonSpec(String(file));
  });

  it('has nothing against what fits it', () => {
    const fault = { _typeName: 'DuplicateName', name: 'a', object: ref('VirtualMachine', 'vm-7') };
    expect(described.operations).toContain('POST /VirtualMachine/{moId}/CloneVM_Task');
    for (const exchange of [
      clone,
      parent,
      { ...parent, responseBody: undefined },
      { ...clone, status: 500, responseBody: { ...fault, faultstring: 'Taken.' } },
    ]) {
      expect(described.check(exchange)).toEqual([]);
    }
  });

  const cases: readonly (readonly [what: string, exchange: ViExchange, violation: string])[] = [
    [
      'another release',
      { ...clone, operation: clone.operation.replace('8.0.1.0', '9.1.0.0') },
      'request: the path does not begin with',
    ],
    ['an unknown method', { ...clone, operation: `${clone.operation}s` }, 'request: no such operation'],
    [
      'a property by POST',
      { ...parent, operation: parent.operation.replace('GET', 'POST') },
      'no such operation',
    ],
    ['no body', { ...clone, requestBody: undefined }, 'request: no body'],
    ['a body for a property', { ...parent, requestBody: {} }, 'request: has a body'],
    ['a field that is not described', { ...clone, ...withSpec({ cluster: 'domain-c7' }) }, '(cluster)'],
    [
      'a field of a later release',
      { ...clone, ...withSpec({ location: { ...location, tagSpecs: [] } }) },
      '(tagSpecs)',
    ],
    ['a missing field', { ...clone, ...withSpec({ location: undefined }) }, "required property 'location'"],
    [
      'a type that is not the first',
      { ...clone, ...withSpec({ location: { folder: ref('Folder', 'group-v3'), ...location } }) },
      'request: body/spec/location does not begin with _typeName',
    ],
    [
      'no type at all',
      { ...clone, ...withSpec({ location: {} }) },
      "body/spec/location must have required property '_typeName'",
    ],
    [
      'a text that is not boxed',
      {
        ...clone,
        ...withSpec({
          config: {
            _typeName: 'VirtualMachineConfigSpec',
            extraConfig: [{ _typeName: 'OptionValue', key: 'guestinfo.a', value: 'b' }],
          },
        }),
      },
      'request: body/spec/config/extraConfig/0/value',
    ],
    ['null', { ...clone, ...withSpec({ config: null }) }, 'request: body/spec/config must be object'],
    ['no task', { ...clone, responseBody: 'task-1' }, 'response: 200 body'],
    ['a 404', { ...clone, status: 404 }, 'response: status 404 is not described'],
  ];

  it.each(cases)('finds %s', (_, exchange, violation) => {
    expect(described.check(exchange).join('\n')).toContain(violation);
  });
});

describe.runIf(!file)("without VMware's description of VI/JSON", () => {
  it('nothing is checked', () => {
    expect(checkViExchanges([{ ...clone, operation: 'GET /nothing' }])).toEqual([]);
  });
});
