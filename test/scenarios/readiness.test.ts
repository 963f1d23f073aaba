import { describe, expect, it } from 'vitest';
import { defaultCustomization } from '../simulator/customization.ts';
import { defaultAddresses } from '../simulator/guest.ts';
import type { Behaviour, CustomizationStep, GuestInterface } from '../simulator/vcenter.ts';
import {
  FOLDER,
  GET_CUSTOMIZATION,
  INTERFACES,
  setVirtualStage,
  type VirtualStage,
} from '../support/stage.ts';
import { cloned, cloneStep, failed } from '../support/steps.ts';
import { errorOf } from '../support/what-happened.ts';

const STORED = { name: 'copy', 'guest-customization-spec': 'linux-dhcp' };
const CLOUD_INIT = { name: 'copy', 'user-data': '#cloud-config\nhostname: copy\n' };

/** The NIC of the source with these addresses. */
const eth0 = (...addresses: readonly string[]): GuestInterface => ({
  nic: '4000',
  ip: {
    ip_addresses: addresses.map((ip_address) => ({ ip_address, prefix_length: 24, state: 'PREFERRED' })),
  },
});

const guestAt = (...addresses: readonly string[]): Partial<Behaviour> => ({
  toolsAfter: 0,
  addresses: [{ after: 0, interfaces: [eth0(...addresses)] }],
});

const stageWith = (behaviour: Partial<Behaviour> = {}) => setVirtualStage({ behaviour });

const stuckAt = (status: CustomizationStep['status'], error?: string): Partial<Behaviour> => ({
  customization: [{ after: 0, status, ...(error !== undefined && { error }) }],
});

const requests = ({ vcenter }: VirtualStage, operation: string) =>
  vcenter.calls().filter((each) => each === operation).length;

const timingsOf = ({ outputs }: { readonly outputs: Readonly<Record<string, string>> }) =>
  JSON.parse(outputs['timings'] ?? '{}') as Readonly<Record<string, number>>;

describe('the customization', () => {
  it.each([
    ['a stored specification, which restarts the guest', STORED],
    ['data for cloud-init', CLOUD_INIT],
  ])('is waited for before any address counts: %s', async (_, inputs) => {
    for (const addressAfter of [150, 5_000, 20_000]) {
      const stage = stageWith({ toolsAfter: 0 });
      stage.vcenter.behaviour.addresses = (vm) => defaultAddresses(vm, addressAfter);
      stage.vcenter.behaviour.customization = (vm) => defaultCustomization(vm, addressAfter);
      const { main } = await cloned(stage, { ...inputs, 'wait-for-ip': 'true' });
      expect(main.outputs['ip-address']).toMatch(/^10\.20\./);
      expect(main.log).toMatch(/The guest is customized, after /);
      expect(Object.keys(timingsOf(main)).slice(-3)).toEqual(['customization', 'ip', 'total']);
    }
  });

  it('is waited for without an address, too', async () => {
    const stage = stageWith();
    const { main } = await cloned(stage, CLOUD_INIT);
    expect(main.log).toMatch(/The guest is customized, after /);
    expect([requests(stage, INTERFACES), main.outputs['ip-address'], main.warnings]).toEqual([
      0,
      undefined,
      [],
    ]);
  });

  it.each([
    ['there is none', { name: 'copy' }],
    ["'wait-for-customization' is false", { ...STORED, 'wait-for-customization': 'false' }],
    ["'power-on' is false", { ...CLOUD_INIT, 'power-on': 'false' }],
  ])('is not asked for where %s', async (_, inputs) => {
    const stage = stageWith();
    await cloned(stage, inputs);
    expect(requests(stage, GET_CUSTOMIZATION)).toBe(0);
  });

  it("fails the step in vCenter's words, and the VM goes", async () => {
    const stage = stageWith(stuckAt('FAILED', 'The guest could not be customized.'));
    const { main } = await failed(stage, { ...STORED, 'wait-for-ip': 'true' });
    expect(errorOf(main, stage)).toMatchInlineSnapshot(`
      "[The customization failed] The customization failed: The customization of vm-1001 failed. vCenter: The guest could not be customized.
      The guest has its log: /var/log/vmware-imc/toolsDeployPkg.log, or C:\\Windows\\Temp\\vmware-imc\\guestcust.log.
      To examine such a VM, set 'wait-for-customization' and 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
    expect(requests(stage, INTERFACES)).toBe(0);
  });

  it('fails the step where it does not end', async () => {
    const stage = stageWith(stuckAt('PENDING'));
    const { main } = await failed(stage, { ...CLOUD_INIT, 'customization-timeout': '2m' });
    expect(errorOf(main, stage)).toMatchInlineSnapshot(`
      "[The customization took too long] The customization took too long: The customization of vm-1001 did not end within 2 min ('customization-timeout'); it is PENDING: the guest has not begun it.
      The source needs VMware Tools (open-vm-tools), cloud-init 21.1 or later with 'VMware' in its datasource_list, and 'disable_vmware_customization: false' in /etc/cloud/cloud.cfg itself.
      A source that has guestinfo.metadata, guestinfo.userdata or guestinfo.vendordata of its own passes them on to its clones, and cloud-init takes them instead: remove them.
      To examine such a VM, set 'wait-for-customization' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
    expect(timingsOf(main)['customization']).toBe(120_000);
  });

  it('is a warning where vCenter tells of none, and no address shows that the guest works', async () => {
    const stage = stageWith({ customization: [] });
    const { main } = await cloned(stage, CLOUD_INIT);
    expect(main.warnings).toEqual([
      expect.stringMatching(
        /^Customization unknown: vCenter tells of no customization of 'copy' \(vm-\d+\): /,
      ),
    ]);
  });

  it.each([
    ['10 s', CLOUD_INIT, 10_000],
    ['40 s', STORED, 40_000],
    ['40 s', { ...CLOUD_INIT, 'wait-for-customization': 'false' }, 40_000],
  ])('of which vCenter tells nothing has an address hold for %s', async (_, inputs, atLeast) => {
    const stage = stageWith({ customization: [], ...guestAt('10.1.2.3') });
    const { main } = await cloned(stage, { ...inputs, 'wait-for-ip': 'true' });
    expect(main.outputs['ip-address']).toBe('10.1.2.3');
    expect(main.warnings).toEqual([]);
    expect(timingsOf(main)['ip']).toBeGreaterThanOrEqual(atLeast);
    expect(timingsOf(main)['ip']).toBeLessThan(atLeast + 2_000);
  });
});

describe('the ports', () => {
  it('are waited for with an address, which need not be asked for', async () => {
    const stage = stageWith({
      ...guestAt('10.1.2.3', '10.1.2.4'),
      ports: ({ address, uptime }) => (address === '10.1.2.4' && uptime > 60_000 ? 'open' : 'refused'),
    });
    const { main } = await cloned(stage, { name: 'copy', 'wait-for-port': '22, 8080' });
    expect(main.outputs).toMatchObject({
      'ip-address': '10.1.2.4',
      'ip-addresses': '["10.1.2.4","10.1.2.3"]',
    });
    expect(timingsOf(main)['port']).toBeGreaterThan(50_000);
    expect(main.log).toMatch(/Waiting up to 5 min for ports 22 and 8080 of 'copy' \(vm-\d+\)\./);
    expect(main.log).toContain('10.1.2.4 accepts connections on ports 22 and 8080, after ');
    expect(main.log).toContain(
      'Not all ports accept connections yet: 10.1.2.3 (refused: 22, 8080), 10.1.2.4 (refused: 22, 8080).',
    );
    expect(main.log).toMatch(/^Ready: 'copy' \(vm-\d+\) at 10\.1\.2\.4, POWERED_ON, after /m);
  });

  it('count on the addresses that the guest has after its customization', async () => {
    const tried: string[] = [];
    const stage = stageWith({
      toolsAfter: 0,
      ports: ({ address }) => {
        tried.push(address);
        return 'open';
      },
    });
    const { main } = await cloned(stage, { ...STORED, 'wait-for-port': '22' });
    expect(main.outputs['ip-address']).toMatch(/^10\.20\./);
    expect(tried).toEqual([main.outputs['ip-address']]);
  });

  it('are waited for with a VM that is reused; its customization is not', async () => {
    const stage = stageWith({ ...guestAt('10.1.2.3'), ports: () => 'open' });
    const { id } = stage.vcenter.addVm({ name: 'copy', folder: FOLDER, powerState: 'POWERED_ON' });
    const before = new Set(stage.vcenter.vms().map((vm) => vm.id));
    const inputs = { ...STORED, 'if-exists': 'reuse', 'wait-for-port': '22' };
    const { main } = await cloned({ ...stage, before }, inputs);
    expect(main.outputs).toMatchObject({ 'vm-id': id, created: 'false', 'ip-address': '10.1.2.3' });
    expect(requests(stage, GET_CUSTOMIZATION)).toBe(0);
  });

  it('that do not open fail the step, and the VM goes', async () => {
    const stage = stageWith({
      ...guestAt('10.1.2.3', '2001:db8::3'),
      ports: ({ address, port }) => {
        if (port === 22) {
          return 'open';
        }
        return address === '10.1.2.3' ? 'refused' : 'silent';
      },
    });
    const { main } = await failed(stage, { name: 'copy', 'wait-for-port': '22, 8080', 'port-timeout': '1m' });
    expect(errorOf(main, stage)).toMatchInlineSnapshot(`
      "[No open port] No open port: No address of vm-1001 accepts connections on all of the ports 22 and 8080 after 1 min ('port-timeout').
      Found: 10.1.2.3 (open: 22; refused: 8080), 2001:db8::3 (open: 22; silent: 8080).
      Refused: nothing listens on that port of that address yet, or a firewall rejects connections.
      Silent: a firewall drops what comes from this runner, or there is no way between their networks.
      To examine such a VM, leave 'wait-for-port' out, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1001) is deleted, since the step did not succeed."
    `);
    expect(main.outputs).not.toHaveProperty('ip-address');
    expect(timingsOf(main)['port']).toBe(60_000);
  });

  it('are not waited for any more where the VM is switched off', async () => {
    const stage = stageWith({ ...guestAt('10.1.2.3'), ports: () => 'silent' });
    stage.vcenter
      .on({ operation: INTERFACES, when: 'answered', nth: 4 })
      .then(() => stage.vcenter.powerOff('copy'));
    const { main } = await failed(stage, { name: 'copy', 'wait-for-port': '22', 'port-timeout': '24h' });
    expect(errorOf(main, stage)).toMatch(
      /^\[No open port\] No open port: vm-\d+ is POWERED_OFF, so no port of its guest/,
    );
  });

  it('are given up when the step is cancelled, and no connection is left', async () => {
    const stage = stageWith({ ...guestAt('10.1.2.3'), ports: () => 'silent' });
    const probed = stage.vcenter.on({ operation: INTERFACES, when: 'answered', nth: 6 });
    const step = await stage.runner.startStep(cloneStep(stage, { inputs: { 'wait-for-port': '22' } }));
    await probed;
    const main = await step.kill('SIGINT');
    expect(errorOf(main, stage)).toMatch(
      /^\[Cancelled\] Cancelled: The step was cancelled \(SIGINT\) when '/,
    );
    expect(main.duration).toBeLessThan(60_000);
  });
});

describe('no address', () => {
  it('says which of the settings may have to do with it', async () => {
    const stage = stageWith({ ...guestAt() });
    const { vcenter } = stage;
    const source = vcenter.addVm({
      name: 'two-nics',
      folder: 'group-v22',
      nics: [
        { id: '4000', label: 'Network adapter 1', macAddress: '00:50:56:80:00:01', network: 'network-17' },
        { id: '4001', label: 'Network adapter 2', macAddress: '00:50:56:80:00:02', network: 'network-17' },
      ],
    });
    const { id } = vcenter.addNetwork({ name: 'Test Net', datacenter: 'datacenter-2' });
    const before = new Set(vcenter.vms().map((vm) => vm.id));
    const { main } = await failed(
      { ...stage, before },
      { ...CLOUD_INIT, source: source.id, networks: id, 'wait-for-port': '22', 'ip-timeout': '1m' },
    );
    expect(errorOf(main, stage)).toMatchInlineSnapshot(`
      "[No address] No address: vm-1003 has reported no usable address within 1 min ('ip-timeout').
      VMware Tools run, but the guest has no address: is its NIC connected, to the right network, and does DHCP respond there?
      'Test Net' (network-1002) is a standard port group, which each host has for itself: does the VM's host have it, on the right VLAN?
      The VM has 2 network adapters, and without a 'network' in 'meta-data' cloud-init sets up one of them, by DHCP.
      To examine such a VM, leave 'wait-for-port' out, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.
      'copy' (vm-1003) is deleted, since the step did not succeed."
    `);
  });
});
