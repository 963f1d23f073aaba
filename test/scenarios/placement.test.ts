import { describe, expect, it } from 'vitest';
import type { VmRecord } from '../simulator/vcenter.ts';
import {
  CLONE,
  GET_CUSTOMIZATION,
  GET_POWER,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  setVirtualStage,
} from '../support/stage.ts';
import { cloned } from '../support/steps.ts';
import { callsOf, vmOf } from '../support/what-happened.ts';

interface Case {
  readonly what: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What the request says besides source and name; nothing else may stand there. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** What the new VM is then like. */
  readonly vm: Partial<VmRecord>;
}

const ON = { power_on: true };
const SOURCES = {
  folder: 'group-v22',
  host: 'host-9',
  resourcePool: 'resgroup-8',
  datastore: 'datastore-15',
};
const disks = (...list: readonly (readonly [id: string, datastore: string])[]) => ({
  disks: list.map(([id, datastore]) => expect.objectContaining({ id, datastore })),
});

const CASES: readonly Case[] = [
  { what: 'nothing: all of it is the source’s', inputs: {}, spec: ON, vm: SOURCES },
  {
    what: 'inputs that are there and empty',
    inputs: {
      ...{ datacenter: '', 'resource-pool': '', cluster: '', host: '', datastore: '' },
      ...{ 'disks-to-remove': '', 'disks-to-update': '', 'guest-customization-spec': '', 'job-status': '' },
      ...{ 'power-on': '', 'if-exists': '', timeout: '', 'poll-interval': '', 'wait-for-ip': '' },
      ...{
        'ip-timeout': '',
        'ip-family': '',
        'ip-cidr': '',
        teardown: '',
        'validate-only': '',
        insecure: '',
      },
    },
    spec: ON,
    vm: SOURCES,
  },
  {
    what: 'folder',
    inputs: { folder: 'group-v24' },
    spec: { placement: { folder: 'group-v24' }, ...ON },
    vm: { ...SOURCES, folder: 'group-v24' },
  },
  {
    what: 'resource-pool',
    inputs: { 'resource-pool': 'resgroup-31' },
    spec: { placement: { resource_pool: 'resgroup-31' }, ...ON },
    vm: { ...SOURCES, resourcePool: 'resgroup-31' },
  },
  {
    what: 'host',
    inputs: { host: 'host-10' },
    spec: { placement: { host: 'host-10' }, ...ON },
    vm: { ...SOURCES, host: 'host-10' },
  },
  {
    what: 'cluster',
    inputs: { cluster: 'domain-c7' },
    spec: { placement: { cluster: 'domain-c7' }, ...ON },
    vm: SOURCES,
  },
  {
    what: 'datastore',
    inputs: { datastore: 'datastore-16' },
    spec: { placement: { datastore: 'datastore-16' }, ...ON },
    vm: {
      ...SOURCES,
      datastore: 'datastore-16',
      ...disks(['2000', 'datastore-16'], ['2001', 'datastore-16']),
    },
  },
  {
    what: 'all of the placement, to a cluster without DRS',
    inputs: {
      folder: 'group-v23',
      'resource-pool': 'resgroup-14',
      host: 'host-13',
      cluster: 'domain-c12',
      datastore: 'datastore-16',
    },
    spec: {
      placement: {
        folder: 'group-v23',
        resource_pool: 'resgroup-14',
        host: 'host-13',
        cluster: 'domain-c12',
        datastore: 'datastore-16',
      },
      ...ON,
    },
    vm: { folder: 'group-v23', resourcePool: 'resgroup-14', host: 'host-13', datastore: 'datastore-16' },
  },
  {
    what: 'disks-to-remove',
    inputs: { 'disks-to-remove': '2001' },
    spec: { disks_to_remove: ['2001'], ...ON },
    vm: disks(['2000', 'datastore-15']),
  },
  {
    what: 'disks-to-remove, on several lines and one of them twice',
    inputs: { 'disks-to-remove': '2001,\n2000\n\n2001' },
    spec: { disks_to_remove: ['2001', '2000'], ...ON },
    vm: { disks: [] },
  },
  ...[
    ['lines', '2000: datastore-16\n  2001 : datastore-15\n'],
    ['JSON', '{"2000": "datastore-16", "2001": "datastore-15"}'],
    [
      'JSON as the API has it',
      '{"2000": {"datastore": "datastore-16"}, "2001": {"datastore": "datastore-15"}}',
    ],
  ].map(([form = '', text = '']) => ({
    what: `disks-to-update, as ${form}`,
    inputs: { 'disks-to-update': text },
    spec: {
      disks_to_update: { 2000: { datastore: 'datastore-16' }, 2001: { datastore: 'datastore-15' } },
      ...ON,
    },
    vm: disks(['2000', 'datastore-16'], ['2001', 'datastore-15']),
  })),
  {
    what: 'one disk removed and one moved',
    inputs: { 'disks-to-remove': '2000', 'disks-to-update': '2001: datastore-15' },
    spec: { disks_to_remove: ['2000'], disks_to_update: { 2001: { datastore: 'datastore-15' } }, ...ON },
    vm: disks(['2001', 'datastore-15']),
  },
  {
    what: 'power-on: false',
    inputs: { 'power-on': 'false' },
    spec: { power_on: false },
    vm: { powerState: 'POWERED_OFF' },
  },
  {
    what: 'power-on: TRUE',
    inputs: { 'power-on': 'TRUE' },
    spec: ON,
    vm: { powerState: 'POWERED_ON' },
  },
  {
    what: 'guest-customization-spec',
    inputs: { 'guest-customization-spec': 'linux-dhcp' },
    spec: { ...ON, guest_customization_spec: { name: 'linux-dhcp' } },
    vm: {},
  },
];

describe('the CloneSpec says, by ids', () => {
  it.for(CASES)('$what', async ({ inputs, spec, vm }) => {
    const stage = setVirtualStage();
    const { main, cloneSpec, exchanges } = await cloned(stage, { name: 'copy', folder: '', ...inputs });
    expect(cloneSpec).toEqual({ source: 'vm-42', name: 'copy', ...spec });
    expect(JSON.parse(main.outputs['clone-spec'] ?? '')).toEqual(cloneSpec);
    const polls: readonly string[] = [GET_POWER, GET_CUSTOMIZATION];
    const asked = callsOf(exchanges).filter((operation) => !polls.includes(operation));
    expect(asked).toEqual([LOGIN, LIST_VMS, CLONE, LIST_VMS, LOGOUT]);
    expect(vmOf(stage, main.outputs['vm-id'])).toMatchObject(vm);
  });
});
