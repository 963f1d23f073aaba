import { describe, expect, it } from 'vitest';
import { findMissing, type ListedType } from '../../../../src/vcenter/inventory/existence.ts';
import { createScriptedSession } from '../../../support/scripted-session.ts';
import { rejection } from '../../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const limits = { signal: new AbortController().signal, retryTimeout: 0 };

const session = (operation: string, body: unknown) =>
  createScriptedSession({ clock: createVirtualClock(), handlers: { [operation]: () => body } });

describe('findMissing', () => {
  it.each<[ListedType, string, string, string]>([
    ['VirtualMachine', 'GET /api/vcenter/vm', 'vms', 'vm'],
    ['Folder', 'GET /api/vcenter/folder', 'folders', 'folder'],
    ['ResourcePool', 'GET /api/vcenter/resource-pool', 'resource_pools', 'resource_pool'],
    ['ClusterComputeResource', 'GET /api/vcenter/cluster', 'clusters', 'cluster'],
    ['HostSystem', 'GET /api/vcenter/host', 'hosts', 'host'],
    ['Datastore', 'GET /api/vcenter/datastore', 'datastores', 'datastore'],
    ['Datacenter', 'GET /api/vcenter/datacenter', 'datacenters', 'datacenter'],
    ['CustomizationSpec', 'GET /api/vcenter/guest/customization-specs', 'names', 'name'],
  ])('looks for each %s in its own list, with one call', async (type, operation, filter, key) => {
    const scripted = session(operation, [{ [key]: 'b' }, null, { [key]: 5 }, { other: 'a' }]);
    expect(await findMissing(scripted, { type, ids: ['a', 'b', 'c'] }, limits)).toEqual(['a', 'c']);
    expect(scripted.calls.map(({ call }) => call.query)).toEqual([{ [filter]: ['a', 'b', 'c'] }]);
  });

  it('finds an id with the GUID of its vCenter by the bare one', async () => {
    const scripted = session('GET /api/vcenter/vm', [{ vm: 'vm-12' }]);
    const ids = ['vm-12:b3abe66d-0000-0000-0000-000000000000'];
    expect(await findMissing(scripted, { type: 'VirtualMachine', ids }, limits)).toEqual([]);
  });

  it('does not take for missing what it cannot read', async () => {
    const scripted = session('GET /api/vcenter/vm', { value: [] });
    expect(
      await rejection(findMissing(scripted, { type: 'VirtualMachine', ids: ['a'] }, limits)),
    ).toMatchObject({
      failure: 'unreadable',
      operation: 'GET /api/vcenter/vm',
    });
  });
});
