import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bareId,
  type InventoryType,
  parseDeviceReference,
  parseId,
  parseReference,
} from '../../../../src/text/reference.ts';
import { problemOf, valueOrRefused } from '../../../support/fake-core.ts';

const types: readonly InventoryType[] = [
  'VirtualMachine',
  'Folder',
  'ResourcePool',
  'ClusterComputeResource',
  'HostSystem',
  'Datastore',
  'Datacenter',
];

describe('parseReference', () => {
  it.each<[InventoryType, string]>([
    ['VirtualMachine', 'vm-12'],
    ['Folder', 'group-v3'],
    ['ResourcePool', 'resgroup-8'],
    ['ClusterComputeResource', 'domain-c7'],
    ['HostSystem', 'host-9'],
    ['Datastore', 'datastore-4'],
    ['Datacenter', 'datacenter-2'],
  ])('takes the id form of a %s for an id, and that of no other type', (type, id) => {
    expect(parseReference({ type, text: id })).toEqual({ kind: 'id', id });
    for (const other of types.filter((each) => each !== type)) {
      expect(parseReference({ type: other, text: id })).toEqual({ kind: 'name', name: id });
    }
  });

  it.each(['vm-12a', 'VM-12', 'vm-', 'vm-1.2', 'my vm-12', 'group-d1'])('takes %s for a name', (text) => {
    expect(parseReference({ type: 'VirtualMachine', text })).toEqual({ kind: 'name', name: text });
  });

  it.each(['group-d1', 'group-h4', 'group-12'])('takes %s for no id of a VM folder', (text) => {
    expect(parseReference({ type: 'Folder', text })).toEqual({ kind: 'name', name: text });
  });

  it('reads paths, and leaves escapes in them as they are typed', () => {
    const folder = (text: string) => parseReference({ type: 'Folder', text });
    expect(folder('/DC1/vm/ci/base')).toEqual({
      kind: 'path',
      absolute: true,
      segments: ['DC1', 'vm', 'ci', 'base'],
    });
    expect(folder('ci/a%2fb')).toEqual({ kind: 'path', absolute: false, segments: ['ci', 'a%2fb'] });
    expect(folder('/DC1')).toEqual({ kind: 'path', absolute: true, segments: ['DC1'] });
    expect(folder('group-v3/base')).toEqual({
      kind: 'path',
      absolute: false,
      segments: ['group-v3', 'base'],
    });
  });

  it('is told by a prefix how to read the rest', () => {
    const vm = (text: string) => parseReference({ type: 'VirtualMachine', text });
    expect(vm('name:vm-12')).toEqual({ kind: 'name', name: 'vm-12' });
    expect(vm('name: a/b ')).toEqual({ kind: 'name', name: 'a/b' });
    expect(vm('name:id:x')).toEqual({ kind: 'name', name: 'id:x' });
    expect(vm('id:odd/42')).toEqual({ kind: 'id', id: 'odd/42' });
    expect(vm('id: vm-12')).toEqual({ kind: 'id', id: 'vm-12' });
    expect(vm('Name:x')).toEqual({ kind: 'name', name: 'Name:x' });
  });

  it.each([
    ['name:', 'has nothing after "name:"'],
    ['id:  ', 'has nothing after "id:"'],
    ['', 'holds nothing but whitespace'],
    ['id:my vm', 'is not an id, since it holds whitespace'],
    ['a\nb', 'holds a line break or another control character'],
    ['name:a\u001bb', 'holds a line break or another control character'],
  ])('refuses %j', (text, problem) => {
    expect(problemOf(() => parseReference({ type: 'Folder', text }))).toBe(problem);
  });

  it.each(['/', '//', 'ci//base', 'ci/', '//ci', 'ci/ /base'])(
    'refuses %s, since a part of it is empty',
    (text) => {
      expect(problemOf(() => parseReference({ type: 'Folder', text }))).toContain(
        'is a path with an empty part',
      );
    },
  );

  it('reads any text of one line as what it says, or gives a problem', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^(id:|name:)?[a-z0-9/ -]{0,12}$/),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), text, (type, any) => {
        const reference = valueOrRefused(() => parseReference({ type, text: any }));
        if (reference?.kind === 'path') {
          const path = `${reference.absolute ? '/' : ''}${reference.segments.join('/')}`;
          expect(path).toBe(any.trim());
          expect(parseReference({ type, text: path })).toEqual(reference);
        } else if (reference !== undefined) {
          const word = reference.kind === 'id' ? reference.id : reference.name;
          expect(word).not.toBe('');
          expect(parseReference({ type, text: `${reference.kind}:${word}` })).toEqual(reference);
        }
      }),
    );
  });
});

describe('parseId', () => {
  it('takes what a server may hand out', () => {
    const id = '525e8d3c-41c3-4f8d-a2a5-1f8dfa3f4d0e:com.vmware.vcenter.VM';
    expect(parseId(id)).toBe(id);
  });

  it('refuses what cannot be one', () => {
    expect(problemOf(() => parseId('vm 12'))).toContain('whitespace');
    expect(problemOf(() => parseId('vm-1\u0007'))).toContain('control character');
    expect(problemOf(() => parseId('..'))).toBe('is not an id');
    expect(problemOf(() => parseId('x'.repeat(201)))).toContain('201 characters');
  });
});

describe('bareId', () => {
  it.each([
    ['vm-12:b3abe66d-0000-0000-0000-000000000000', 'vm-12'],
    ['group-v3:b3abe66d-0000-0000-0000-000000000000', 'group-v3'],
    ['vm-12', 'vm-12'],
    ['525e8d3c-41c3-4f8d-a2a5-1f8dfa3f4d0e:com.vmware.vcenter.VM', undefined],
    ['odd:id', undefined],
  ])('of %s is %s', (id, bare) => {
    expect(bareId(id)).toBe(bare ?? id);
  });
});

describe('parseDeviceReference', () => {
  it.each([
    ['2001', { kind: 'id', id: '2001' }],
    ['Hard disk 2', { kind: 'label', label: 'Hard disk 2' }],
    ['2001a', { kind: 'label', label: '2001a' }],
    ['name:2001', { kind: 'label', label: '2001' }],
    ['id:x-1', { kind: 'id', id: 'x-1' }],
  ])('reads %s', (text, expected) => {
    expect(parseDeviceReference(text)).toEqual(expected);
  });

  it('throws nothing but its own problem', () => {
    expect(problemOf(() => parseDeviceReference('id:Hard disk 2'))).toContain('is not an id');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        valueOrRefused(() => parseDeviceReference(text));
      }),
    );
  });
});
