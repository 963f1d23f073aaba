import { describe, expect, it } from 'vitest';
import type { VmRecord } from '../simulator/vcenter.ts';
import { FOLDER, setVirtualStage, VI_CLONE, VI_INSTANT_CLONE, VI_RECONFIGURE } from '../support/stage.ts';
import { cloned, cloneOn } from '../support/steps.ts';
import { asItIs, errorOf, vmOf } from '../support/what-happened.ts';

type Inputs = Readonly<Record<string, string>>;

const KINDS = {
  template: { source: 'vm-44', cluster: 'domain-c7' },
  linked: { 'clone-type': 'linked' },
  instant: { source: 'vm-45', 'clone-type': 'instant' },
} as const satisfies Readonly<Record<string, Inputs>>;

type Kind = keyof typeof KINDS;

interface Row {
  readonly given: Inputs;
  /** What the new VM is like then. */
  readonly makes?: Partial<Record<keyof VmRecord, unknown>>;
  /** The kinds of clone that cannot have it: refused before anything is changed. */
  readonly not?: readonly Kind[];
}

/** Every input that says where the new VM goes and what it is like. */
const ROWS: Readonly<Record<string, Row>> = {
  name: { given: { name: 'pr-12' }, makes: { name: 'pr-12' } },
  folder: { given: { folder: 'group-v21' }, makes: { folder: 'group-v21' } },
  'resource-pool': {
    given: { 'resource-pool': 'resgroup-31', cluster: '' },
    makes: { resourcePool: 'resgroup-31' },
  },
  cluster: { given: { cluster: 'domain-c7' }, makes: { resourcePool: 'resgroup-8' }, not: ['instant'] },
  host: { given: { host: 'host-10', cluster: '' }, makes: { host: 'host-10' }, not: ['instant'] },
  datastore: { given: { datastore: 'datastore-16' }, makes: { datastore: 'datastore-16' } },
  'disks-to-remove': {
    given: { 'disks-to-remove': '2000' },
    makes: { disks: expect.not.arrayContaining([expect.objectContaining({ id: '2000' })]) },
    not: ['instant'],
  },
  'disks-to-update': {
    given: { 'disks-to-update': '2000: bulk' },
    makes: { disks: [expect.objectContaining({ id: '2000', datastore: 'datastore-16' })] },
    not: ['linked', 'instant'],
  },
  'power-on': { given: { 'power-on': 'false' }, makes: { powerState: 'POWERED_OFF' }, not: ['instant'] },
  'cpu-count': { given: { 'cpu-count': '4' }, makes: { cpuCount: 4 }, not: ['instant'] },
  memory: { given: { memory: '8GiB' }, makes: { memoryMiB: 8192 }, not: ['instant'] },
  networks: {
    given: { networks: 'PR Network' },
    makes: { nics: [expect.objectContaining({ network: 'dvportgroup-19' })] },
    not: ['instant'],
  },
  'guest-customization-spec': {
    given: { 'guest-customization-spec': 'linux-dhcp' },
    makes: { customization: expect.objectContaining({ kind: 'stored', name: 'linux-dhcp' }) },
    not: ['instant'],
  },
  'user-data': {
    given: { 'user-data': '#cloud-config\n{}' },
    makes: { customization: expect.objectContaining({ kind: 'cloud-init' }) },
    not: ['instant'],
  },
  'meta-data': {
    given: { 'meta-data': 'instance-id: a\n' },
    makes: { customization: expect.objectContaining({ kind: 'cloud-init' }) },
    not: ['instant'],
  },
  notes: { given: { notes: 'pull request 12' }, makes: { annotation: 'pull request 12' } },
  guestinfo: {
    given: { guestinfo: 'role: web' },
    makes: {
      extraConfig: new Map([
        ['guestinfo.vcenter-clone-vm.run', expect.stringMatching(/^[0-9a-z]{16}$/)],
        ['guestinfo.role', 'web'],
      ]),
    },
  },
  tags: {
    given: { tags: 'environment/ci' },
    makes: { tags: new Set([expect.stringContaining('urn:vmomi:InventoryServiceTag:')]) },
  },
  'wait-for-ip': { given: { 'wait-for-ip': 'true' } },
  'wait-for-port': { given: { 'wait-for-port': '22' } },
};

describe.each(Object.entries(KINDS))('%s', (kind, inputs) => {
  it.each(Object.entries(ROWS))('%s', async (input, { given, makes = {}, not = [] }) => {
    const stage = setVirtualStage({ behaviour: { ports: () => 'open' } });
    if (not.includes(kind as Kind)) {
      const { main, exchanges } = await cloneOn(stage, { ...inputs, ...given });
      expect(errorOf(main, stage)).toMatch(
        new RegExp(`^\\[Invalid inputs\\].*\\b${input}\\b.*'clone-type: ${kind}'`, 's'),
      );
      expect(exchanges).toEqual([]);
      return;
    }
    const { main, exchanges } = await cloned(stage, { ...inputs, ...given });
    const vm = vmOf(stage, main.outputs['vm-id']);
    expect(vm).toMatchObject(makes);
    const clones = exchanges.filter(({ operation }) => [VI_CLONE, VI_INSTANT_CLONE].includes(operation));
    expect(clones).toHaveLength(1);
    const reconfigurations = exchanges.filter(({ operation }) => operation === VI_RECONFIGURE);
    expect(reconfigurations).toHaveLength(kind === 'instant' && input === 'notes' ? 1 : 0);
  });

  it('validate-only', async () => {
    const stage = setVirtualStage();
    const { main, exchanges } = await cloned(stage, { ...inputs, 'validate-only': 'true' });
    expect(main.log).toContain('Checked: ');
    expect(exchanges.filter(({ operation }) => [VI_CLONE, VI_INSTANT_CLONE].includes(operation))).toEqual([]);
  });

  it('if-exists: replace', async () => {
    const stage = setVirtualStage();
    const old = stage.vcenter.addVm({ name: 'pr-12', folder: FOLDER });
    const { main } = await cloned(stage, { ...inputs, name: 'pr-12', 'if-exists': 'replace' });
    expect(main.outputs).toMatchObject({ created: 'true', 'vm-name': 'pr-12' });
    expect(main.outputs['vm-id']).not.toBe(old.id);
    expect(stage.vcenter.vm(old.id)).toBeUndefined();
  });

  it('if-exists: reuse', async () => {
    const stage = setVirtualStage();
    const there = stage.vcenter.addVm({ name: 'pr-12', folder: FOLDER });
    const { main, exchanges } = await cloned(
      { ...stage, ...asItIs(stage) },
      { ...inputs, name: 'pr-12', 'if-exists': 'reuse' },
    );
    expect(main.outputs).toMatchObject({ created: 'false', 'vm-id': there.id });
    expect(exchanges.filter(({ operation }) => [VI_CLONE, VI_INSTANT_CLONE].includes(operation))).toEqual([]);
  });
});
