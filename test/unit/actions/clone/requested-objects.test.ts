import { describe, expect, it } from 'vitest';
import { objectText, requestedObjects } from '../../../../src/actions/clone/requested-objects.ts';
import { readCloneInputs } from '../../../../src/github/inputs.ts';
import { fakeCore } from '../../../support/fake-core.ts';

const requested = (given: Readonly<Record<string, string>>, placement: Readonly<Record<string, string>>) => {
  const account = { 'vcenter-server': 'vcenter', username: 'u', password: 'p' };
  const inputs = readCloneInputs({
    core: fakeCore({ ...account, ...given }),
    readFile: () => '',
    isForkPullRequest: false,
    isWindows: false,
  });
  const name = inputs.guestCustomizationSpec;
  const custom = name === undefined ? {} : { guest_customization_spec: { name } };
  return requestedObjects({ inputs, spec: { source: 'vm-42', name: 'pr-12', placement, ...custom } });
};

describe('requestedObjects', () => {
  it('A14: has what the user wrote beside the id, where that was not the id', () => {
    const objects = requested(
      {
        source: '/DC1/vm/ci/base/ubuntu-24.04',
        ...{ folder: 'ci/a%2fb', 'resource-pool': 'resgroup-31', cluster: 'id:odd', host: 'name:host-9' },
        datastore: 'fast',
      },
      {
        ...{ folder: 'group-v21', resource_pool: 'resgroup-31', cluster: 'odd', host: 'host-12' },
        datastore: 'datastore-15',
      },
    );
    expect(objects).toEqual([
      { input: 'source', id: 'vm-42', asked: '/DC1/vm/ci/base/ubuntu-24.04' },
      { input: 'folder', id: 'group-v21', asked: 'ci/a%2fb' },
      { input: 'resource-pool', id: 'resgroup-31' },
      { input: 'cluster', id: 'odd' },
      { input: 'host', id: 'host-12', asked: 'host-9' },
      { input: 'datastore', id: 'datastore-15', asked: 'fast' },
    ]);
    expect(objects.slice(1, 3).map(objectText)).toEqual(["'ci/a%2fb' (group-v21)", 'resgroup-31']);
  });

  it('A11: has the disks and datastores that were given by id, and the specification', () => {
    const given = {
      source: 'vm-42',
      'disks-to-remove': '2001, Hard disk 3',
      'disks-to-update': '2002: datastore-9\nHard disk 4: fast',
      'guest-customization-spec': 'linux',
    };
    expect(requested(given, {})).toEqual([
      { input: 'source', id: 'vm-42' },
      { input: 'disks-to-remove', id: '2001' },
      { input: 'disks-to-update', id: '2002' },
      { input: 'disks-to-update', id: 'datastore-9' },
      { input: 'guest-customization-spec', id: 'linux' },
    ]);
  });
});
