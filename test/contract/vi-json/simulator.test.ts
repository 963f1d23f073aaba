import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Exchange, InProcessVcenter } from '../../simulator/vcenter.ts';
import { viOperations } from '../../simulator/vi-json/operations.ts';
import { enumerations, type Fields, subtypes, types } from '../../simulator/vi-json/types.ts';
import { openVirtualStage } from '../../support/stage.ts';
import {
  cloneParameters,
  idOf,
  inPool,
  propertiesOf,
  propertiesVia,
  ref,
  startViVcenter,
  typed,
} from '../../support/vi-client.ts';
import { checkExchange, loadViJsonSpec, type ViJsonSpec, viJsonBase } from './description.ts';
import { serverRules } from './server-rules.ts';

const file = process.env['VSPHERE_VI_JSON_SPEC'];
if (!file) {
  console.log(
    "VSPHERE_VI_JSON_SPEC is not set: exchanges of VI/JSON are not checked against VMware's description.",
  );
}

const keyOf = (operation: string) => operation.replace(viJsonBase, '');

/** Sends each operation once so that it succeeds. */
async function sendEverything() {
  const { post, get, retrieve, taskEnd, sleep, vcenter, token, useToken } = await startViVcenter({
    behaviour: { viPageSize: 2 },
  });
  const { username: userName, password } = vcenter;
  await get('ServiceInstance/ServiceInstance/content');
  const restToken = token();
  const login = await post('SessionManager/SessionManager/Login', { userName, password });
  useToken(login.header('vmware-api-session-id') ?? '');
  await get('SessionManager/SessionManager/currentSession');
  await post('SessionManager/SessionManager/Logout');
  useToken(restToken);

  await post('SearchIndex/SearchIndex/FindByInventoryPath', { inventoryPath: 'DC1/vm' });
  await post('SearchIndex/SearchIndex/FindChild', {
    entity: ref('Folder', 'group-v22'),
    name: 'golden-template',
  });
  const inRoot = { container: ref('Folder', 'group-d1'), type: ['VirtualMachine'], recursive: true };
  const view = idOf(await post('ViewManager/ViewManager/CreateContainerView', inRoot));
  const viewPath = `ContainerView/${encodeURIComponent(view)}`;
  await get(`${viewPath}/view`);
  const wanted = { type: 'VirtualMachine', pathSet: ['name', 'config', 'runtime', 'snapshot', 'network'] };
  const query = propertiesVia({ type: 'ContainerView', id: view, path: 'view' }, wanted);
  const collector = 'PropertyCollector/propertyCollector';
  const tokenOf = ({ body }: { readonly body: unknown }) => (body as { readonly token?: string }).token;
  await post(`${collector}/ContinueRetrievePropertiesEx`, { token: tokenOf(await retrieve(query)) });
  await post(`${collector}/CancelRetrievePropertiesEx`, { token: tokenOf(await retrieve(query)) });
  await post(`${viewPath}/DestroyView`);
  await post('CustomizationSpecManager/CustomizationSpecManager/GetCustomizationSpec', {
    name: 'windows-domain',
  });

  await get('Datacenter/datacenter-2/vmFolder');
  for (const name of ['childEntity', 'name', 'parent']) await get(`Folder/group-v22/${name}`);
  await get('VirtualMachineSnapshot/snapshot-71/vm');
  const ofVm = [
    'config',
    'datastore',
    'name',
    'network',
    'parent',
    'recentTask',
    'resourcePool',
    'runtime',
    'snapshot',
  ];
  for (const name of ofVm) await get(`VirtualMachine/vm-42/${name}`);

  const started = await post('VirtualMachine/vm-44/CloneVM_Task', cloneParameters({ location: inPool }));
  await sleep(1000);
  await get(`Task/${idOf(started)}/info`);
  await retrieve(propertiesOf('Task', idOf(started), 'info', 'info.state', 'info.progress', 'info.entity'));
  await post(`Task/${idOf(started)}/CancelTask`);
  const location = typed('VirtualMachineRelocateSpec', { folder: ref('Folder', 'group-v23') });
  const spec = typed('VirtualMachineInstantCloneSpec', { name: 'fork', location });
  await taskEnd(await post('VirtualMachine/vm-45/InstantClone_Task', { spec }));
  const vm = (method: string, body?: object) => post(`VirtualMachine/vm-42/${method}`, body);
  await taskEnd(
    await vm('ReconfigVM_Task', { spec: typed('VirtualMachineConfigSpec', { annotation: 'a' }) }),
  );
  await taskEnd(await vm('PowerOnVM_Task', {}));
  await taskEnd(await vm('PowerOffVM_Task'));
  await vm('MarkAsTemplate');
  await vm('MarkAsVirtualMachine', { pool: ref('ResourcePool', 'resgroup-8') });
  await taskEnd(await vm('Destroy_Task'));
  return vcenter.exchanges;
}

describe.runIf(file)("the simulator's VI/JSON against VMware's description", () => {
  let spec: ViJsonSpec;
  beforeAll(() => {
    spec = loadViJsonSpec(String(file));
  });

  it('has no operation that is not described, and each of them was seen to succeed', async () => {
    const exchanges = await sendEverything();
    const succeeded = exchanges.filter(({ status = 0 }) => status >= 200 && status < 300);
    const seen = new Set<string>(succeeded.map(({ operation }) => operation));
    for (const operation of Object.keys(viOperations)) {
      expect(spec.operations).toContain(keyOf(operation));
      expect(seen).toContain(operation);
    }
    expect(exchanges.flatMap(checkExchange)).toEqual([]);
  });

  const { schemas } = file
    ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly components: { readonly schemas: Schemas } })
        .components
    : { schemas: {} };

  it.each(Object.entries(types))('the type %s is as described', (name, fields) => {
    const { properties = {}, required = [] } = schemas[name] ?? {};
    const described = Object.entries(fields).map(([field, declared]) => [
      field,
      declaredType(properties[field], required.includes(field)),
      declared,
    ]);
    for (const [field, actual, declared] of described) expect([field, declared]).toEqual([field, actual]);
    const demanded = required.filter((field) => field !== '_typeName');
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(demanded));
  });

  it('so are its parameters, enumerations and subtypes', () => {
    for (const [operation, definition] of Object.entries(viOperations)) {
      if (!('parameters' in definition) || definition.parameters === undefined) continue;
      const [name = ''] = operation.split('/').slice(-1);
      const type = `${name.replace(/_Task$/, '')}RequestType`;
      const { properties = {}, required = [] } = schemas[type] ?? {};
      const described = Object.fromEntries(
        Object.entries(properties).map(([field, schema]) => [
          field,
          declaredType(schema, required.includes(field)),
        ]),
      );
      expect([type, definition.parameters as Fields]).toEqual([type, described]);
    }
    for (const [name, values] of Object.entries(enumerations)) {
      expect(schemas[`${name}_enum`]?.enum).toEqual(expect.arrayContaining([...values]));
    }
    for (const [name, below] of Object.entries(subtypes)) {
      for (const type of below) {
        expect([type, ...(schemas[type]?.['x-extends'] ?? [])]).toContain(name);
      }
    }
  });

  it('the check fails where an exchange departs from the description', async () => {
    const { post, get, vcenter } = await startViVcenter();
    await post('VirtualMachine/vm-44/CloneVM_Task', cloneParameters({ location: inPool }));
    await get('Folder/group-d1/parent');
    await get('VirtualMachine/vm-999/name');
    const [, clone, parent, missing] = vcenter.exchanges;
    if (!clone || !parent || !missing) throw new Error('The simulator saw less than was sent.');
    const bare = { type: 'Task', value: 'task-1' };
    const swapped = { ...bare, _typeName: 'ManagedObjectReference' };
    const withSpec = (spec: Readonly<Record<string, unknown>>) => ({
      requestBody: cloneParameters({ spec }),
    });
    const withLocation = (location: object) => withSpec({ location });
    const unboxed = typed('VirtualMachineConfigSpec', {
      extraConfig: [typed('OptionValue', { key: 'guestinfo.a', value: 'b' })],
    });
    const cases: readonly (readonly [Exchange, Partial<Exchange>, string])[] = [
      [clone, { path: clone.path.replace('8.0.1.0', '9.1.0.0') }, 'request: not of the release'],
      [clone, { path: `${clone.path}s` }, 'request: no such operation'],
      [clone, { method: 'GET' }, 'request: no such operation'],
      [clone, { rawBody: '' }, 'request: no body'],
      [clone, { headers: { ...clone.headers, 'content-type': 'text/plain' } }, 'content-type is text/plain'],
      [clone, { headers: { 'content-type': 'application/json' } }, 'no vmware-api-session-id'],
      [clone, { query: { a: ['b'] } }, 'query parameter a is not described'],
      [clone, { requestBody: {} }, "required property 'folder'"],
      [clone, withLocation(typed('VirtualMachineRelocateSpec', { tagSpecs: [] })), '(tagSpecs)'],
      [
        clone,
        withLocation({ pool: inPool.pool, _typeName: 'VirtualMachineRelocateSpec' }),
        'does not begin with',
      ],
      [clone, withLocation({}), "spec/location must have required property '_typeName'"],
      [clone, withSpec({ config: null }), 'spec/config must be object'],
      [clone, withSpec({ config: unboxed }), 'spec/config/extraConfig/0/value'],
      [clone, { answerBody: bare }, "must have required property '_typeName'"],
      [clone, { answerBody: swapped }, 'answer: 200 body does not begin with _typeName'],
      [clone, { answerBody: null }, 'answer: 200 body must be object'],
      [clone, { status: 202 }, 'answer: status 202 is not described'],
      [parent, { rawBody: '{}' }, 'request: a body where none is described'],
      [parent, { answerBody: 'group-v3' }, 'answer: 200 body'],
      [missing, { answerBody: typed('NotThere') }, 'answer: 500 body'],
      [missing, { answerBody: typed('InvalidArgument', { text: 'a' }) }, '(text)'],
    ];
    for (const [exchange, change, violation] of cases) {
      expect(spec.check(exchange)).toEqual([]);
      expect(spec.check({ ...exchange, ...change }).join('\n')).toContain(violation);
    }
  });
});

describe.runIf(file)('a scenario', () => {
  it('fails where it sent what is not described', async () => {
    const stage = openVirtualStage();
    const ask = (path: string) =>
      (stage.vcenter as InProcessVcenter).connection().send({
        ...{ method: 'GET', url: `https://${stage.vcenter.server}${path}`, headers: {} },
        signal: new AbortController().signal,
      });
    await ask('/sdk/vim25/8.0.1.0/VirtualMachine/vm-42/size');
    await expect(stage.close()).rejects.toThrow(/VirtualMachine\/vm-42\/size/);
  });
});

interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly 'x-extends'?: readonly string[];
  readonly 'x-since'?: string;
}

type Schemas = Readonly<Record<string, Schema>>;

/** A described type in the words of the simulator's own table. */
function declaredType(schema: Schema | undefined, isRequired: boolean): string {
  const plain = (each: Schema | undefined): string => {
    if (each?.type === 'array') return `${plain(each.items)}[]`;
    if (each?.type === 'integer') return 'int';
    const name = each?.$ref?.replace(/^.*\//, '').replace(/_(or_subtype|enum)$/, '');
    if (name === 'ManagedObjectReference') return 'ref';
    return name === 'Any' ? 'any' : (name ?? each?.type ?? 'not described');
  };
  return `${isRequired ? '*' : ''}${plain(schema)}`;
}

describe.runIf(!file)("without VMware's description of VI/JSON", () => {
  it('nothing is checked', async () => {
    const { get, vcenter } = await startViVcenter();
    await get('Nothing/nothing/nothing');
    expect(vcenter.exchanges.flatMap(checkExchange)).toEqual([]);
  });
});

const folder = resolve(import.meta.dirname, '../../unit/simulator');
const files = readdirSync(folder).filter((name) => /^vi-json-.*\.test\.ts$/.test(name));

/** The rules that a file's titles name: `V8: with null is refused`. */
function rulesNamedIn(name: string): ReadonlySet<number> {
  const text = readFileSync(join(folder, name), 'utf8');
  return new Set([...text.matchAll(/\bV(\d+)(?=[:,])/g)].map(([, number]) => Number(number)));
}

describe('the rules of VI/JSON that concern a server', () => {
  it.each(serverRules)('V$number is tested where the list says: $rule', ({ number, tests }) => {
    expect(files.filter((name) => rulesNamedIn(name).has(number))).toEqual([...tests].sort());
  });

  it('no title names another one', () => {
    const known = new Set(serverRules.map(({ number }) => number));
    expect(files.flatMap((name) => [...rulesNamedIn(name)]).filter((number) => !known.has(number))).toEqual(
      [],
    );
  });
});
