import { describe, expect, it } from 'vitest';
import type { Exchange, VmRecord } from '../simulator/vcenter.ts';
import {
  ATTACH_TAGS,
  CLONE,
  DELETE,
  GET_POWER,
  GET_TASK,
  LIST_NICS,
  LIST_VMS,
  LOGIN,
  LOGOUT,
  PATCH_CPU,
  PATCH_MEMORY,
  PATCH_NIC,
  PUT_CUSTOMIZATION,
  START,
  setVirtualStage,
  type VirtualStage,
} from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { asItIs, vmOf } from '../support/what-happened.ts';

/** Method and path of each request and its body, in order; without the polls of the task and of the guest. */
function requestsOf(exchanges: readonly Exchange[]): readonly (readonly [string, unknown])[] {
  return exchanges
    .filter(({ operation }) => ![GET_TASK, GET_POWER].includes(operation))
    .filter(({ operation }) => !operation.startsWith('GET /api/vcenter/vm/{vm}/guest/'))
    .map(({ operation, requestBody }) => [operation, requestBody]);
}

const USER_DATA =
  '#cloud-config\npackages: [nginx]\nssh_authorized_keys:\n  - ssh-ed25519 AAAAsecretkey pr@ci\n';

/** A stage whose source has two adapters, and a distributed port group besides the standard one. */
function openStage() {
  const stage = setVirtualStage();
  const { vcenter } = stage;
  const standard = vcenter.addNetwork({ name: 'Test: Net', datacenter: 'datacenter-2' });
  const distributed = vcenter.addNetwork({
    name: 'Review',
    datacenter: 'datacenter-2',
    type: 'DISTRIBUTED_PORTGROUP',
  });
  const source = vcenter.addVm({
    name: 'two-nics',
    folder: 'group-v22',
    cpuCount: 2,
    nics: [
      { id: '4001', label: 'Network adapter 2', macAddress: '00:50:56:80:00:02', network: 'network-17' },
      { id: '4000', label: 'Network adapter 1', macAddress: '00:50:56:80:00:01', network: 'network-17' },
    ],
  });
  vcenter.addVm({ id: 'vm-500', name: 'pr-500', folder: 'group-v23', powerState: 'POWERED_ON' });
  const cores = vcenter.addVm({ name: 'four-cores', folder: 'group-v22', cpuCount: 8, coresPerSocket: 4 });
  return { stage: { ...stage, ...asItIs(stage) }, vcenter, standard, distributed, source, cores };
}

const clonedVm = (stage: VirtualStage, id: string | undefined): VmRecord => vmOf(stage, id);

describe('settings before the first power-on', () => {
  it('sends what was asked for while the VM is off, one after the other, and then starts it', async () => {
    const { stage, source, distributed, standard } = openStage();
    const run = await cloned(stage, {
      source: source.id,
      name: 'pr-12',
      'cpu-count': '4',
      memory: '8GiB',
      networks: `Network adapter 1: Review\n4001: ${standard.id}`,
      'user-data': USER_DATA,
      tags: 'environment/ci, owner/team-a/b',
    });
    const { 'vm-id': id = '' } = run.main.outputs;
    const { tagging } = stage.vcenter.inventory;
    const [ci, owner] = [...tagging.tags.values()].filter(({ name }) => ['ci', 'team-a/b'].includes(name));
    const requests = requestsOf(run.exchanges);
    const from = requests.findIndex(([operation]) => operation === CLONE);
    expect(requests.slice(from)).toEqual([
      [CLONE, { source: source.id, name: 'pr-12', placement: { folder: 'group-v23' }, power_on: false }],
      [LIST_VMS, undefined],
      [PATCH_CPU, { count: 4 }],
      [PATCH_MEMORY, { size_MiB: 8192 }],
      [PATCH_NIC, { backing: { type: 'DISTRIBUTED_PORTGROUP', network: distributed.id } }],
      [PATCH_NIC, { backing: { type: 'STANDARD_PORTGROUP', network: standard.id } }],
      [LIST_NICS, undefined],
      [
        PUT_CUSTOMIZATION,
        {
          spec: {
            configuration_spec: {
              cloud_config: {
                type: 'CLOUDINIT',
                cloudinit: {
                  metadata: 'instance-id: "pr-12"\nlocal-hostname: "pr-12"\n',
                  userdata: USER_DATA,
                },
              },
            },
            global_DNS_settings: {},
            interfaces: [{ adapter: {} }, { adapter: {} }],
          },
        },
      ],
      [ATTACH_TAGS, { object_id: { type: 'VirtualMachine', id }, tag_ids: [ci?.id, owner?.id] }],
      [START, undefined],
      [LOGOUT, undefined],
    ]);
    const vm = clonedVm(stage, id);
    expect(vm).toMatchObject({ cpuCount: 4, memoryMiB: 8192, powerState: 'POWERED_ON' });
    expect(run.main.outputs['power-state']).toBe('POWERED_ON');
    const everything = [
      run.main.log,
      JSON.stringify(run.main.outputs),
      JSON.stringify(run.main.state),
      run.main.summary,
    ];
    expect(everything.join('\n')).not.toContain('secretkey');
    expect(
      run.main.summary.split('\n').filter((row) => /^\| (CPUs|Memory|Net|Tags|Customization)/.test(row)),
    ).toEqual([
      '| CPUs | 4 |',
      '| Memory | 8192 MiB |',
      `| Network | \`Network adapter 1\`: \`Review\` (\`${distributed.id}\`) |`,
      `| Network | \`Network adapter 2\`: \`Test: Net\` (\`${standard.id}\`) |`,
      '| Tags | `ci`, `team-a/b` |',
      '| Customization | `cloud-init` |',
    ]);
  });

  it('needs not one request more without a setting', async () => {
    const { stage } = openStage();
    const { exchanges } = await cloned(stage, {});
    expect(requestsOf(exchanges).map(([operation]) => operation)).toEqual([LOGIN, CLONE, LIST_VMS, LOGOUT]);
  });

  it.each([
    ['cpu-count', { 'cpu-count': '4' }, 2],
    ['memory', { memory: '4096' }, 2],
    ['networks', { networks: 'network-17' }, 4],
    ['networks by name', { networks: 'Network adapter 1: Review' }, 4],
    ['user-data', { 'user-data': USER_DATA }, 3],
  ])('%s costs what it must, the start included', async (_, inputs, more) => {
    const { stage } = openStage();
    const { exchanges } = await cloned(stage, { ...inputs, 'wait-for-customization': 'false' });
    expect(requestsOf(exchanges)).toHaveLength(4 + more);
  });

  it('reads a line that holds a colon as a network where nothing before it is an adapter', async () => {
    const { stage, standard, source } = openStage();
    const { main } = await cloned(stage, { source: source.id, networks: 'Test: Net' });
    const vm = clonedVm(stage, main.outputs['vm-id']);
    expect(vm.nics.find(({ id }) => id === '4000')?.network).toBe(standard.id);
    expect(vm.nics.find(({ id }) => id === '4001')?.network).toBe('network-17');
  });

  it('tells which adapters and networks there are, before anything is cloned', async () => {
    const { stage, source } = openStage();
    const { error, exchanges } = await failed(stage, {
      source: source.id,
      networks: 'Network adapter 3: Review\nNetwork adapter 1: Revue',
      tags: 'environment/cj, environment/ci, environment/prod, host-only/rack-1, planet/earth',
    });
    expect(exchanges.map(({ operation }) => operation)).not.toContain(CLONE);
    expect(
      error.replaceAll(/urn:[^)]*/g, 'URN').replaceAll(/dvportgroup-\d+/g, 'DVPG'),
    ).toMatchInlineSnapshot(`
      "[Names not resolved] Names not resolved: These inputs do not name exactly one object each:
      networks: there is no network adapter 'Network adapter 3' in the source. There are: 'Network adapter 1' (4000), 'Network adapter 2' (4001).
      networks: there is no network 'Revue'. Did you mean 'Review' (DVPG)? vCenter lists only what the account may see.
      tags: there is no tag 'cj' in category 'environment'. Did you mean 'ci' (URN)?
      tags: 'host-only/rack-1' is a tag of category 'host-only', which is not for VMs.
      tags: there is no tag category 'planet'. There are: 'environment' (URN), 'owner' (URN), 'host-only' (URN).
      tags: 'ci' (URN), 'prod' (URN) are tags of category 'environment', of which a VM takes only one."
    `);
  });

  it('says of a source without an adapter that it has none', async () => {
    const base = setVirtualStage();
    const { id } = base.vcenter.addVm({ name: 'no-nics', folder: 'group-v22', nics: [] });
    const { error } = await failed({ ...base, ...asItIs(base) }, { source: id, networks: 'Review' });
    expect(error).toMatch(
      /networks: there is no network adapter 'Review' in the source\. It has none at all\.$/,
    );
  });

  it('says of a single line that fits nothing what it could have meant', async () => {
    const { stage, source } = openStage();
    const { error } = await failed(stage, { source: source.id, networks: 'Network adapter 3: Review' });
    expect(error).toMatchInlineSnapshot(`
      "[Names not resolved] Names not resolved: These inputs do not name exactly one object each:
      networks: there is no network 'Network adapter 3: Review'. Did you mean 'Review' (dvportgroup-1002)? vCenter lists only what the account may see.
      networks: there is no network adapter 'Network adapter 3' in the source. There are: 'Network adapter 1' (4000), 'Network adapter 2' (4001)."
    `);
  });

  it('deletes a VM whose setting is refused, and names input and reason', async () => {
    const { stage, source } = openStage();
    stage.vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Config.Memory' }];
    const { error } = await failed(stage, { source: source.id, name: 'pr-12', memory: '8GiB' });
    expect(error.replaceAll(/vm-\d+/g, 'VM')).toMatchInlineSnapshot(`
      "[Setting refused] Setting refused: 'memory' was refused for 'pr-12' (VM). PATCH /api/vcenter/vm/{vm}/hardware/memory on localhost:PORT failed (HTTP 403 UNAUTHORIZED). vCenter: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Config.Memory' on 'VM'.
      The account needs VirtualMachine.Config.Memory on the VM.
      'pr-12' (VM) is deleted, since the step did not succeed."
    `);
    expect(stage.vcenter.calls()).toContain(DELETE);
  });

  it('says what a source lacks that cannot be customized, which vCenter finds out only when it clones', async () => {
    const { stage } = openStage();
    const text =
      "Customization of the guest operating system 'other3xLinux64Guest' is not supported in this configuration.";
    stage.vcenter.behaviour.failClone = {
      ...{ at: 0.9, leavesVm: true, reasonIn: 'error' },
      error: {
        error_type: 'ERROR',
        messages: [{ id: 'vmsg.UncustomizableGuest.summary', default_message: text, args: [] }],
      },
    };
    const { error } = await failed(stage, { 'guest-customization-spec': 'linux-dhcp' });
    expect(error).toContain(text);
    expect(error).toMatch(
      /^'guest-customization-spec' \(linux-dhcp\) cannot be applied .* start the source once /m,
    );
  });

  it('speaks of one CPU as of one', async () => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { 'cpu-count': '1' });
    expect(main.log).toMatch(/^Configuring .*: 1 CPU\.$/m);
  });

  it('names the cores per socket that a number of CPUs does not fit', async () => {
    const { stage, cores } = openStage();
    const { error } = await failed(stage, { source: cores.id, name: 'pr-12', 'cpu-count': '6' });
    expect(error.replaceAll(/vm-\d+/g, 'VM')).toMatchInlineSnapshot(`
      "[Setting refused] Setting refused: 'cpu-count' was refused for 'pr-12' (VM). PATCH /api/vcenter/vm/{vm}/hardware/cpu on localhost:PORT failed (HTTP 400 INVALID_ARGUMENT). vCenter: The argument 'count' is not valid. The number of CPUs (6) is not a multiple of the number of cores per socket (4).
      'cpu-count' (6) is the number of all CPUs, and a multiple of the cores per socket; this VM has 4.
      'pr-12' (VM) is deleted, since the step did not succeed."
    `);
  });

  it.each([
    ['does not know their URL', 'NOT_FOUND', 'com.vmware.vapi.rest.httpNotFound'],
    ['does not know their field', 'UNEXPECTED_INPUT', 'vapi.data.structure.field.unexpected'],
  ])('names the version that cloud-init data need where the server %s', async (_, errorType, messageId) => {
    const { stage } = openStage();
    stage.vcenter.fault({ operation: PUT_CUSTOMIZATION, kind: 'vapi-error', errorType, messageId });
    const { error } = await failed(stage, { 'user-data': USER_DATA });
    expect(error.split('\n')[1]).toBe("'user-data' and 'meta-data' need vCenter 7.0 Update 3 or later.");
  });

  it('takes a batch of tags that vCenter attaches only in part for a failure', async () => {
    const { stage, vcenter } = openStage();
    const { tagging } = vcenter.inventory;
    // The tag is deleted between its look-up and the end of the clone.
    vcenter.watch(({ operation }, moment) => {
      if (operation === PATCH_CPU && moment === 'answered') {
        tagging.tags.delete(tagging.tag('environment', 'ci').id);
      }
    });
    const { error } = await failed(stage, {
      ...{ name: 'pr-12', 'cpu-count': '4', tags: 'environment/ci, owner/prod' },
    });
    expect(error.replaceAll(/vm-\d+/g, 'VM').replaceAll(/urn:\S*/g, 'URN')).toMatchInlineSnapshot(`
      "[Setting refused] Setting refused: 'tags' was refused for 'pr-12' (VM). Not all tags could be attached to VM. vCenter: Tagging object URN not found.
      'pr-12' (VM) is deleted, since the step did not succeed."
    `);
  });

  it('says that the VM is gone where somebody has deleted it meanwhile', async () => {
    const { stage, vcenter } = openStage();
    vcenter.watch(({ operation }, moment) => {
      if (operation === PATCH_CPU && moment === 'answered') {
        vcenter.remove('pr-12');
      }
    });
    const { error } = await failed(stage, { name: 'pr-12', 'cpu-count': '4', memory: '8GiB' });
    expect(error).toContain("'memory' was refused");
    expect(error).toContain('The VM is gone: somebody has deleted it.');
  });

  it('names the privileges that a tag takes', async () => {
    const { stage } = openStage();
    const tag = [...stage.vcenter.inventory.tagging.tags.values()].find(({ name }) => name === 'ci');
    stage.vcenter.behaviour.deny = [{ privilege: 'InventoryService.Tagging.AttachTag' }];
    const { error } = await failed(stage, { name: 'pr-12', tags: tag?.id ?? '' });
    expect(error.replaceAll(/vm-\d+/g, 'VM').replaceAll(/urn:\S*/g, 'URN')).toMatchInlineSnapshot(`
      "[Setting refused] Setting refused: 'tags' was refused for 'pr-12' (VM). POST /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object on localhost:PORT failed (HTTP 403 UNAUTHORIZED). vCenter: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'InventoryService.Tagging.AttachTag' on 'URN
      The account needs InventoryService.Tagging.AttachTag on each tag and InventoryService.Tagging.ObjectAttachable on the VM or its folder.
      'pr-12' (VM) is deleted, since the step did not succeed."
    `);
  });

  it('retries while the VM is busy, and repeats what was lost', async () => {
    const { stage } = openStage();
    for (const operation of [
      PATCH_CPU,
      PATCH_MEMORY,
      PATCH_NIC,
      PUT_CUSTOMIZATION,
      ATTACH_TAGS,
      START,
    ] as const) {
      stage.vcenter.fault({ operation, kind: 'busy', times: 3 });
      stage.vcenter.fault({ operation, kind: 'reset-after' });
    }
    const { main } = await cloned(stage, {
      ...{
        'cpu-count': '4',
        memory: '8GiB',
        networks: 'Review',
        'user-data': USER_DATA,
        tags: 'owner/team-a',
      },
    });
    const vm = clonedVm(stage, main.outputs['vm-id']);
    expect(vm).toMatchObject({ cpuCount: 4, memoryMiB: 8192, powerState: 'POWERED_ON' });
    expect(vm.tags.size).toBe(1);
  });

  it('gives up after a minute of being busy, and leaves nothing', async () => {
    const { stage } = openStage();
    stage.vcenter.fault({ operation: PATCH_CPU, kind: 'busy', times: Number.POSITIVE_INFINITY });
    const startedAt = stage.clock.now();
    await failed(stage, { 'cpu-count': '4' });
    expect(stage.clock.now() - startedAt).toBeLessThan(75_000);
  });

  it('takes a VM that is reused as it is, with a warning that names what has no effect', async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, {
      ...{ name: 'pr-500', 'if-exists': 'reuse', 'cpu-count': '4', 'user-data': USER_DATA },
    });
    expect(main.annotations.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "Settings not applied: 'pr-500' (vm-500) is reused as it is, so these inputs have no effect: 'cpu-count', 'user-data'.",
      ]
    `);
    expect(exchanges.map(({ operation }) => operation)).not.toContain(PATCH_CPU);
  });
});
