import { describe, expect, it } from 'vitest';
import {
  cloneParameters,
  inPool,
  option,
  propertiesOf,
  ref,
  startViVcenter,
  typed,
} from '../../support/vi-client.ts';

const clone = 'VirtualMachine/vm-44/CloneVM_Task';
const retrieve = 'PropertyCollector/propertyCollector/RetrievePropertiesEx';
const withSpec = (spec: object) => cloneParameters({ location: inPool, spec: { ...spec } });
const config = (fields: object) => ({ config: { _typeName: 'VirtualMachineConfigSpec', ...fields } });

/** Bodies that are refused, with the property that InvalidArgument names. */
const refused: readonly (readonly [what: string, path: string, body: unknown, property: string])[] = [
  ['a parameter that is not there', clone, { ...cloneParameters(), cluster: 'domain-c7' }, 'cluster'],
  ['a missing parameter', clone, { folder: ref('Folder', 'group-v23'), name: 'a' }, 'spec'],
  ['a property that is not there', clone, withSpec({ cluster: 'domain-c7' }), 'spec.cluster'],
  [
    'one of a later release',
    clone,
    cloneParameters({ location: { tagSpecs: [] } }),
    'spec.location.tagSpecs',
  ],
  ['a missing property', clone, withSpec({ powerOn: undefined }), 'spec.powerOn'],
  ['a text for a boolean', clone, withSpec({ powerOn: 'true' }), 'spec.powerOn'],
  ['null', clone, withSpec({ snapshot: null }), 'spec.snapshot'],
  ['a text for a number', clone, withSpec(config({ numCPUs: '4' })), 'spec.config.numCPUs'],
  ['a fraction', clone, withSpec(config({ numCPUs: 1.5 })), 'spec.config.numCPUs'],
  [
    'one object for a list',
    clone,
    withSpec(config({ extraConfig: option('a', 'b') })),
    'spec.config.extraConfig',
  ],
  ['an object without a type', clone, withSpec({ location: {} }), 'spec.location'],
  ['an object of another type', clone, withSpec({ location: typed('OptionValue') }), 'spec.location'],
  [
    'a type that does not come first',
    clone,
    withSpec({
      location: { pool: ref('ResourcePool', 'resgroup-31'), _typeName: 'VirtualMachineRelocateSpec' },
    }),
    'spec.location',
  ],
  [
    'a reference without a type',
    clone,
    { ...cloneParameters(), folder: { type: 'Folder', value: 'group-v23' } },
    'folder',
  ],
  ['an id for a reference', clone, { ...cloneParameters(), folder: 'group-v23' }, 'folder'],
  ['a type of the parameters as a whole', clone, { _typeName: 'CloneVM', ...cloneParameters() }, '_typeName'],
  [
    'a filter without types',
    retrieve,
    { specSet: [{ propSet: [], objectSet: [] }], options: typed('RetrieveOptions') },
    'specSet[0]',
  ],
  [
    'no options',
    retrieve,
    { ...propertiesOf('VirtualMachine', 'vm-42', 'name'), options: undefined },
    'options',
  ],
];

describe('a request of VI/JSON', () => {
  it.each(refused)('V8: with %s is refused', async (_, path, body, invalidProperty) => {
    const { post } = await startViVcenter({ sendsNonsense: true });
    expect(await post(path, body)).toMatchObject({
      status: 500,
      body: { _typeName: 'InvalidArgument', invalidProperty },
    });
  });

  it('V8: what begins with type is taken for a reference, as by 8.0.3', async () => {
    const { post } = await startViVcenter({ sendsNonsense: true });
    const propSet = [{ type: 'VirtualMachine', pathSet: ['name'] }];
    const objectSet = [typed('ObjectSpec', { obj: ref('VirtualMachine', 'vm-42') })];
    const specSet = [typed('PropertyFilterSpec', { propSet, objectSet })];
    const reply = await post(retrieve, { specSet, options: typed('RetrieveOptions') });
    expect(reply.body).toMatchObject({
      faultstring: expect.stringContaining('Invalid MoRef field: pathSet') as unknown,
    });
  });

  it('V10: a bare text where any type may stand is refused, and so is a box with something else in it', async () => {
    const { post } = await startViVcenter({ sendsNonsense: true });
    const bare = typed('OptionValue', { key: 'guestinfo.a', value: 'b' });
    const wrong = typed('OptionValue', { key: 'guestinfo.a', value: typed('string', { _value: 1 }) });
    for (const item of [bare, wrong]) {
      const spec = typed('VirtualMachineConfigSpec', { extraConfig: [item] });
      expect(await post('VirtualMachine/vm-42/ReconfigVM_Task', { spec })).toMatchObject({
        status: 500,
        body: { _typeName: 'InvalidArgument' },
      });
    }
  });

  const nonsense: readonly (readonly [what: string, sent: object])[] = [
    ['broken JSON', { text: '{"inventoryPath":' }],
    ['a list', { text: '[]' }],
    ['no body', {}],
    ['a form', { text: '{"inventoryPath":""}', headers: { 'content-type': 'text/plain' } }],
  ];

  it.each(nonsense)('%s is no request', async (_, { headers, ...sent }: { headers?: object }) => {
    const { send, token } = await startViVcenter({ sendsNonsense: true });
    const reply = await send('POST', '/sdk/vim25/8.0.1.0/SearchIndex/SearchIndex/FindByInventoryPath', {
      ...sent,
      headers: { 'vmware-api-session-id': token(), ...headers },
    });
    expect(reply).toMatchObject({ status: 500, body: { _typeName: 'InvalidRequest' } });
  });

  it('a property takes neither a body nor a query', async () => {
    const { get, send, token } = await startViVcenter({ sendsNonsense: true });
    const path = '/sdk/vim25/8.0.1.0/VirtualMachine/vm-42/name';
    const headers = { 'vmware-api-session-id': token() };
    const invalid = { status: 500, body: { _typeName: 'InvalidRequest' } };
    expect(await send('GET', path, { headers, text: '{}' })).toMatchObject(invalid);
    expect(await get('VirtualMachine/vm-42/name?all=true')).toMatchObject(invalid);
  });

  it('for an object that is not there, or of another type, is ManagedObjectNotFound', async () => {
    const { get, post } = await startViVcenter();
    expect(await get('VirtualMachine/vm-999/name')).toMatchObject({
      status: 500,
      body: { _typeName: 'ManagedObjectNotFound', obj: { type: 'VirtualMachine', value: 'vm-999' } },
    });
    expect(await get('Folder/vm-42/name')).toMatchObject({
      body: { obj: { type: 'Folder', value: 'vm-42' } },
    });
    expect(await post('VirtualMachine/group-v3/PowerOffVM_Task')).toMatchObject({
      body: { _typeName: 'ManagedObjectNotFound' },
    });
  });

  it.each(['VirtualMachine/vm-42/CloneVM', 'VirtualMachine/vm-42', 'Nothing/vm-42/name', 'x/y/z/a'])(
    'for a path that nobody has, %s, is a 404',
    async (path) => {
      const { get, post } = await startViVcenter({ sendsNonsense: true });
      expect(await get(path)).toMatchObject({ status: 404 });
      expect(await post(path, {})).toMatchObject({ status: 404 });
    },
  );
});
