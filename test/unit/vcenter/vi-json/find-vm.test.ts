import { describe, expect, it } from 'vitest';
import { findVmByPath, findVmInFolder, findVmsOfName } from '../../../../src/vcenter/vi-json/find-vm.ts';
import { inTurn } from '../../../support/scripted-session.ts';
import { rejection } from '../../../support/vcenter-answers.ts';
import { createViSession, fails, limits, ref, retrieved } from '../../../support/vi-json.ts';

const BY_PATH = 'POST SearchIndex/FindByInventoryPath';
const CHILD = 'POST SearchIndex/FindChild';
const VIEW = 'POST ViewManager/CreateContainerView';
const RETRIEVE = 'POST PropertyCollector/RetrievePropertiesEx';
const CONTINUE = 'POST PropertyCollector/ContinueRetrievePropertiesEx';
const DESTROY = 'POST ContainerView/DestroyView';

describe('findVmByPath', () => {
  it('V18: asks the search index for the path from the root', async () => {
    const { session, sent } = createViSession({ [BY_PATH]: () => ref('VirtualMachine', 'vm-44') });
    expect(await findVmByPath(session, ['DC1', 'vm', 'templates', 'ubuntu'], limits)).toBe('vm-44');
    expect(sent()).toEqual([
      ['SearchIndex/index-1/FindByInventoryPath', { inventoryPath: 'DC1/vm/templates/ubuntu' }],
    ]);
  });

  it('V15: escapes slashes, backslashes and percent signs of names, and nothing that is escaped already', async () => {
    const { session, sent } = createViSession({ [BY_PATH]: () => ref('VirtualMachine', 'vm-44') });
    await findVmByPath(session, ['DC1', 'vm', 'a/b\\c 50%', 'd%2fe'], limits);
    expect(sent()[0]?.[1]).toEqual({ inventoryPath: 'DC1/vm/a%2fb%5cc 50%25/d%2fe' });
  });

  it.each([
    ['null', null],
    ['an empty body', undefined],
    ['a folder', ref('Folder', 'group-v3')],
  ])('V18: finds no VM where the response is %s', async (_, found) => {
    const { session } = createViSession({ [BY_PATH]: () => found });
    expect(await findVmByPath(session, ['DC1', 'vm', 'x'], limits)).toBeUndefined();
  });

  it('V9: reads a reference without the names of types, and a boxed one', async () => {
    for (const found of [
      { type: 'VirtualMachine', value: 'vm-44' },
      { _typeName: 'ManagedObjectReference', _value: { type: 'VirtualMachine', value: 'vm-44' } },
    ]) {
      // Not as described, so not checked against the description.
      const { session } = createViSession({});
      const request: typeof session.request = (call, given) =>
        call.operation.includes('FindByInventoryPath')
          ? Promise.resolve({ status: 200, body: found })
          : session.request(call, given);
      expect(await findVmByPath({ ...session, request }, ['DC1', 'vm', 'x'], limits)).toBe('vm-44');
    }
  });
});

describe('findVmInFolder', () => {
  it('V18: asks for the one child of that name', async () => {
    const { session, sent } = createViSession({ [CHILD]: () => ref('VirtualMachine', 'vm-44') });
    expect(await findVmInFolder(session, { folder: 'group-v3', name: 'a/b' }, limits)).toBe('vm-44');
    expect(sent()).toEqual([
      ['SearchIndex/index-1/FindChild', { entity: ref('Folder', 'group-v3'), name: 'a%2fb' }],
    ]);
  });

  it('V18: finds nothing where the child is no VM', async () => {
    const { session } = createViSession({ [CHILD]: () => ref('Folder', 'group-v4') });
    expect(await findVmInFolder(session, { folder: 'group-v3', name: 'ci' }, limits)).toBeUndefined();
  });
});

const vmRow = (id: string, name: string) => ({ obj: ref('VirtualMachine', id), properties: { name } });

describe('findVmsOfName', () => {
  it('V19: looks through a view of all VMs, compares whole names, and V21: destroys the view', async () => {
    const { session, sent } = createViSession({
      [VIEW]: () => ref('ContainerView', 'session[1]view-1'),
      [RETRIEVE]: () => retrieved([vmRow('vm-1', 'ubuntu-2'), vmRow('vm-2', 'ubuntu')]),
      [DESTROY]: () => undefined,
    });
    expect(await findVmsOfName(session, { name: 'ubuntu' }, limits)).toEqual([
      { id: 'vm-2', name: 'ubuntu', path: undefined },
    ]);
    expect(sent()).toMatchObject([
      [
        'ViewManager/views-1/CreateContainerView',
        { container: ref('Folder', 'root-1'), type: ['VirtualMachine'], recursive: true },
      ],
      [
        'PropertyCollector/collector-1/RetrievePropertiesEx',
        {
          specSet: [
            {
              propSet: [{ type: 'VirtualMachine', pathSet: ['name'] }],
              objectSet: [
                {
                  obj: ref('ContainerView', 'session[1]view-1'),
                  skip: true,
                  selectSet: [{ type: 'ContainerView', path: 'view', skip: false }],
                },
              ],
            },
          ],
        },
      ],
      ['ContainerView/session[1]view-1/DestroyView', undefined],
    ]);
  });

  it('V19: stays within a datacenter', async () => {
    const { session, sent } = createViSession({
      [VIEW]: () => ref('ContainerView', 'view-1'),
      [RETRIEVE]: () => null,
      [DESTROY]: () => undefined,
    });
    expect(await findVmsOfName(session, { name: 'x', datacenter: 'datacenter-2' }, limits)).toEqual([]);
    expect(sent()[0]?.[1]).toMatchObject({ container: ref('Datacenter', 'datacenter-2') });
  });

  it('V22: follows the token until there is none, and sends the options that are required', async () => {
    const { session, sent } = createViSession({
      [VIEW]: () => ref('ContainerView', 'view-1'),
      [RETRIEVE]: () => retrieved([vmRow('vm-1', 'a')], '0'),
      [CONTINUE]: inTurn(
        () => retrieved([vmRow('vm-2', 'b')], '1'),
        () => retrieved([vmRow('vm-3', 'ubuntu')]),
      ),
      [DESTROY]: () => undefined,
    });
    expect(await findVmsOfName(session, { name: 'ubuntu' }, limits)).toMatchObject([{ id: 'vm-3' }]);
    expect(sent().slice(1, 4)).toMatchObject([
      ['PropertyCollector/collector-1/RetrievePropertiesEx', { options: { _typeName: 'RetrieveOptions' } }],
      ['PropertyCollector/collector-1/ContinueRetrievePropertiesEx', { token: '0' }],
      ['PropertyCollector/collector-1/ContinueRetrievePropertiesEx', { token: '1' }],
    ]);
  });

  it('V19: tells the paths of several, in readable form', async () => {
    const objects: Record<string, readonly [type: string, name: string, parent?: readonly [string, string]]> =
      {
        'vm-1': ['VirtualMachine', 'ubuntu', ['Folder', 'group-v1']],
        'vm-2': ['VirtualMachine', 'ubuntu', ['Folder', 'group-v2']],
        'group-v1': ['Folder', 'vm', ['Datacenter', 'datacenter-1']],
        'group-v2': ['Folder', 'a%2fb', ['Folder', 'group-v1']],
        'datacenter-1': ['Datacenter', 'DC1', ['Folder', 'root-1']],
        'root-1': ['Folder', 'Datacenters'],
      };
    const row = (id: string) => {
      const [type, name, parent] = objects[id] ?? ['Folder', id];
      const properties = { name, ...(parent === undefined ? {} : { parent: ref(...parent) }) };
      return { obj: ref(type, id), properties };
    };
    const { session, sent } = createViSession({
      [VIEW]: () => ref('ContainerView', 'view-1'),
      [RETRIEVE]: ({ body }) => {
        const { specSet } = body as {
          specSet: readonly { objectSet: readonly { obj: { value: string }; skip?: boolean }[] }[];
        };
        const asked = specSet[0]?.objectSet ?? [];
        return retrieved(
          asked[0]?.skip ? [row('vm-1'), row('vm-2')] : asked.map(({ obj }) => row(obj.value)),
        );
      },
      [DESTROY]: () => undefined,
    });
    expect(await findVmsOfName(session, { name: 'ubuntu' }, limits)).toEqual([
      { id: 'vm-1', name: 'ubuntu', path: '/DC1/vm/ubuntu' },
      { id: 'vm-2', name: 'ubuntu', path: '/DC1/vm/a/b/ubuntu' },
    ]);
    expect(sent().at(-1)?.[0]).toBe('ContainerView/view-1/DestroyView');
  });

  it('V21: destroys the view of a look-up that failed, and does not fail where that fails', async () => {
    const { session, sent } = createViSession({
      [VIEW]: () => ref('ContainerView', 'view-1'),
      [RETRIEVE]: () => fails({ _typeName: 'SystemError', reason: 'out of memory' }),
      [DESTROY]: () => fails({ _typeName: 'ManagedObjectNotFound', obj: ref('ContainerView', 'view-1') }),
    });
    expect(await rejection(findVmsOfName(session, { name: 'x' }, limits))).toMatchObject({
      fault: { name: 'SystemError' },
    });
    expect(sent().at(-1)?.[0]).toBe('ContainerView/view-1/DestroyView');
  });
});
