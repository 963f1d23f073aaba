import type { Behaviour } from './behaviour.ts';
import { customizationTimes } from './customization.ts';
import type { VmRecord } from './inventory.ts';
import { message, resourceBusy, serverGuid, vapiError } from './vapi-error.ts';

/** One address as `Guest.Networking.Interfaces` reports it. */
export interface GuestAddress {
  readonly ip_address: string;
  readonly prefix_length: number;
  readonly state: string;
  readonly origin?: string;
}

/** `nic` is missing for interfaces that no virtual NIC backs, such as docker's bridges. */
export interface GuestInterface {
  readonly nic?: string;
  readonly mac_address?: string;
  readonly ip?: {
    readonly ip_addresses: readonly GuestAddress[];
    readonly dhcp?: { readonly ipv4_enabled: boolean; readonly ipv6_enabled: boolean };
  };
}

/** What the guest reports from `after` milliseconds after power-on. */
export interface AddressStep {
  readonly after: number;
  /** Default: the NICs, without addresses. */
  readonly interfaces?: readonly GuestInterface[];
  /** VMware Tools do not run meanwhile, as in a guest that restarts to be customized. */
  readonly toolsDown?: boolean;
}

/**
 * One NIC: an IPv4 address by DHCP and a link-local IPv6 address, a while after power-on. Where a customization runs: after
 * the restart that it comes with, and the address from before it meanwhile, for a moment after it has said SUCCEEDED.
 * An instant clone has its source's address until then.
 */
export function defaultAddresses(vm: VmRecord, addressAfter = 150): readonly AddressStep[] {
  const interfaces = interfacesWith(vm, '10.20');
  if (vm.forkOf !== undefined) {
    return [
      { after: 0, interfaces: interfacesWith(vm, '10.20', vm.forkOf) },
      { after: addressAfter, interfaces },
    ];
  }
  const { customization } = vm;
  if (!customization || customization.startedAt !== vm.poweredOnAt)
    return [{ after: addressAfter, interfaces }];
  const { succeeded, restart, address } = customizationTimes(customization, addressAfter);
  if (!restart) return [{ after: address, interfaces }];
  return [
    ...(succeeded < restart.from ? [{ after: succeeded, interfaces: interfacesWith(vm, '10.21') }] : []),
    { after: restart.from, toolsDown: true },
    { after: restart.to },
    { after: address, interfaces },
  ];
}

function interfacesWith(
  vm: VmRecord,
  network: '10.20' | '10.21',
  addressOf = vm.id,
): readonly GuestInterface[] {
  const number = Number(addressOf.replace(/\D/g, ''));
  return vm.nics.slice(0, 1).map((nic) => ({
    nic: nic.id,
    mac_address: nic.macAddress,
    ip: {
      ip_addresses: [
        {
          ip_address: `${network}.${(number >> 8) & 0xff}.${number & 0xff}`,
          prefix_length: 16,
          origin: 'DHCP',
          state: 'PREFERRED',
        },
        {
          ip_address: `fe80::250:56ff:fe80:${number.toString(16)}`,
          prefix_length: 64,
          origin: 'LINKLAYER',
          state: 'PREFERRED',
        },
      ],
    },
  }));
}

/** A VM seen at one moment, with the behaviour that its guest follows. */
export interface GuestView {
  readonly vm: VmRecord;
  readonly behaviour: Behaviour;
  /** By the simulator's clock. */
  readonly now: number;
}

export function toolsRunning({ vm, behaviour, now }: GuestView): boolean {
  return (
    vm.powerState === 'POWERED_ON' &&
    !vm.frozen &&
    vm.poweredOnAt !== undefined &&
    // An instant clone goes on where its source was.
    (vm.forkOf !== undefined || now >= vm.poweredOnAt + behaviour.toolsAfter) &&
    currentStep({ vm, behaviour, now })?.toolsDown !== true
  );
}

function currentStep({ vm, behaviour, now }: GuestView): AddressStep | undefined {
  const steps = typeof behaviour.addresses === 'function' ? behaviour.addresses(vm) : behaviour.addresses;
  const uptime = now - (vm.poweredOnAt ?? now);
  return steps.findLast((step) => step.after <= uptime);
}

/** Before the first step the guest reports its NICs with no address, which is how a real one starts. */
export function interfacesOf(view: GuestView): readonly GuestInterface[] {
  return (
    currentStep(view)?.interfaces ??
    view.vm.nics.map((nic) => ({ nic: nic.id, mac_address: nic.macAddress, ip: { ip_addresses: [] } }))
  );
}

function toolsNotRunning(vm: VmRecord) {
  return vapiError(
    'SERVICE_UNAVAILABLE',
    message(
      'com.vmware.api.vcenter.vm.guest.tools_not_running',
      "VMware Tools are not running in Virtual machine with identifier '{0}'",
      [`${vm.id}:${serverGuid}`],
    ),
  );
}

export function guestInterfaces(view: GuestView): readonly GuestInterface[] {
  if (!toolsRunning(view)) throw toolsNotRunning(view.vm);
  return interfacesOf(view);
}

export function guestIdentity(view: GuestView): unknown {
  if (!toolsRunning(view)) throw toolsNotRunning(view.vm);
  const addresses = interfacesOf(view).flatMap((item) => item.ip?.ip_addresses ?? []);
  const address = addresses.find((item) => item.ip_address.includes('.')) ?? addresses[0];
  const windows = view.vm.guestOs.startsWith('WINDOWS');
  return {
    name: view.vm.guestOs,
    family: windows ? 'WINDOWS' : 'LINUX',
    full_name: message(
      windows ? 'vmsg.guestos.windows2019srvNext_64Guest.label' : 'vmsg.guestos.ubuntu64Guest.label',
      windows ? 'Microsoft Windows Server 2022 (64-bit)' : 'Ubuntu Linux (64-bit)',
    ),
    host_name: 'localhost.localdomain',
    ...(address && { ip_address: address.ip_address }),
  };
}

export function guestPower(view: GuestView): unknown {
  const { vm } = view;
  if (vm.powerState === 'SUSPENDED') return { state: 'UNAVAILABLE', operations_ready: false };
  if (!toolsRunning(view)) return { state: 'NOT_RUNNING', operations_ready: false };
  if (vm.guestDownAt !== undefined) return { state: 'SHUTTING_DOWN', operations_ready: false };
  return { state: 'RUNNING', operations_ready: true };
}

/** Asks the guest to shut down; the VM is off when `guestDownAt` has come. */
export function shutdownGuest(view: GuestView): void {
  const { vm, behaviour, now } = view;
  if (vm.powerState === 'POWERED_OFF') {
    throw vapiError(
      'ALREADY_IN_DESIRED_STATE',
      message(
        'com.vmware.api.vcenter.vm.power.already_powered_off',
        'Virtual machine is already powered off.',
      ),
    );
  }
  if (vm.powerState === 'SUSPENDED') {
    throw vapiError(
      'NOT_ALLOWED_IN_CURRENT_STATE',
      message(
        'vmsg.InvalidPowerState.summary',
        'The attempted operation cannot be performed in the current state ({0}).',
        ['Suspended'],
      ),
    );
  }
  if (behaviour.guestCannotShutdown) {
    throw vapiError(
      'UNSUPPORTED',
      message('vmsg.NotSupported.summary', 'The operation is not supported on the object.'),
    );
  }
  if (now < vm.busyUntil) throw resourceBusy(vm.id);
  if (!toolsRunning(view)) throw toolsNotRunning(vm);
  if (behaviour.shutdownTakes !== 'ignored') vm.guestDownAt = now + behaviour.shutdownTakes;
}

export function toolsInfo(view: GuestView): unknown {
  return {
    auto_update_supported: true,
    install_attempt_count: 0,
    version_number: 12389,
    version: '12389',
    upgrade_policy: 'MANUAL',
    version_status: 'UNMANAGED',
    install_type: 'OPEN_VM_TOOLS',
    run_state: toolsRunning(view) ? 'RUNNING' : 'NOT_RUNNING',
  };
}
