import {
  type CustomizationSetSpec,
  configurationSpecName,
  customizationShape,
} from './customization-spec.ts';
import { changeableVm, notOff } from './hardware.ts';
import type { Inventory, VmRecord } from './inventory.ts';
import { done, type OperationDefinition, ok, vmOf } from './operation.ts';
import { unexpectedFields } from './shape.ts';
import { httpNotFound, invalidArgument, message, vapiError } from './vapi-error.ts';
import type { World } from './world.ts';

/** What is done in a guest at its next power-on, or was at an earlier one. */
export interface Customization {
  /** A specification that is stored in vCenter, one that came with the request, or data for cloud-init. */
  readonly kind: 'stored' | 'spec' | 'cloud-init';
  readonly osType: 'WINDOWS' | 'LINUX';
  /** Of a stored specification. */
  readonly name?: string | undefined;
  /** For cloud-init. */
  readonly metadata?: string | undefined;
  readonly userdata?: string | undefined;
  /** The power-on with which it began, by the simulator's clock; undefined while it is pending. */
  startedAt: number | undefined;
}

/** How the customization stands from `after` milliseconds after power-on; before the first step it is PENDING. */
export interface CustomizationStep {
  readonly after: number;
  readonly status: 'IDLE' | 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  readonly error?: string;
}

const maxDataBytes = 524_288;

/** The customization by a stored specification; throws NOT_FOUND. */
export function storedCustomization(inventory: Inventory, name: string): Customization {
  const spec = inventory.customizationSpecs.get(name);
  if (!spec) {
    throw vapiError(
      'NOT_FOUND',
      message(
        'com.vmware.api.vcenter.guest.customization_spec.not_found',
        "Customization specification '{0}' does not exist.",
        [name],
      ),
    );
  }
  return { kind: 'stored', osType: spec.osType, name, startedAt: undefined };
}

/** When what happens in a guest that is customized, in milliseconds from power-on. */
export interface CustomizationTimes {
  readonly running: number;
  readonly succeeded: number;
  /** VMware Tools go away, and are back. */
  readonly restart: { readonly from: number; readonly to: number } | undefined;
  /** The guest gets the address that it keeps. */
  readonly address: number;
}

const restartTakes = 1500;

/**
 * The classic customization of Linux restarts the guest after it has reported success (open-vm-tools,
 * libDeployPkg/linuxDeployment.c), that of Windows before; with cloud-init there is no restart, and success is reported
 * when the data are read, before the network is configured.
 */
export function customizationTimes(
  { kind, osType }: Customization,
  addressAfter: number,
): CustomizationTimes {
  const busy = Math.max(1500, 2 * addressAfter);
  const restart = { from: busy, to: busy + restartTakes };
  const running = busy / 3;
  if (kind === 'cloud-init') {
    const succeeded = (busy * 2) / 3;
    return { running, succeeded, restart: undefined, address: succeeded + addressAfter };
  }
  const address = restart.to + addressAfter;
  const succeeded = osType === 'WINDOWS' ? address : (busy * 2) / 3;
  return { running, succeeded, restart, address };
}

/** PENDING, RUNNING and SUCCEEDED, as {@link customizationTimes} says; without a customization: IDLE. */
export function defaultCustomization(vm: VmRecord, addressAfter = 150): readonly CustomizationStep[] {
  if (!vm.customization) return [];
  const { running, succeeded } = customizationTimes(vm.customization, addressAfter);
  return [
    { after: running, status: 'RUNNING' },
    { after: succeeded, status: 'SUCCEEDED' },
  ];
}

/** `Guest.Customization.Info`: what happens in the guest after a clone, when its task has long ended. */
function customizationInfo(world: World, vm: VmRecord): unknown {
  const { customization } = world.behaviour;
  const steps = typeof customization === 'function' ? customization(vm) : customization;
  if (steps.length === 0) return { status: 'IDLE' };
  const startedAt = startOf(vm);
  const past = steps.filter((step) => startedAt + step.after <= world.clock.now());
  const current = past.at(-1);
  if (!current || current.status === 'PENDING') return { status: 'PENDING' };
  if (current.status === 'IDLE') return { status: 'IDLE' };
  const start = past.find(({ status }) => status === 'RUNNING') ?? current;
  const hasEnded = current.status === 'SUCCEEDED' || current.status === 'FAILED';
  return {
    status: current.status,
    ...(current.error !== undefined && { error: current.error }),
    start_time: world.serverTime(startedAt + start.after),
    ...(hasEnded && { end_time: world.serverTime(startedAt + current.after) }),
  };
}

/** A test may script the steps of a VM of which no customization was asked for: they count from power-on. */
function startOf(vm: VmRecord): number {
  const startedAt = vm.customization ? vm.customization.startedAt : vm.poweredOnAt;
  return startedAt ?? Number.POSITIVE_INFINITY;
}

export const getCustomization: OperationDefinition = {
  handle: (world, call) => {
    if (world.behaviour.serverVersion === '6.7') throw httpNotFound();
    const vm = vmOf(world, call);
    world.permissions.demand('System.View', vm.id);
    return ok(customizationInfo(world, vm));
  },
};

/** It only stores what is to be done at the next power-on, in place of what was stored before. */
export const setCustomization: OperationDefinition = {
  body: customizationShape,
  handle: (world, call) => {
    const { serverVersion } = world.behaviour;
    const body = call.body as CustomizationSetSpec;
    if (serverVersion === '6.7') throw httpNotFound();
    // `cloud_config` came with 7.0 U3.
    if (serverVersion === '7.0.2' && body.spec?.configuration_spec.cloud_config) {
      throw unexpectedFields(['cloud_config'], configurationSpecName);
    }
    const vm = changeableVm(world, { call, privilege: 'VirtualMachine.Provisioning.Customize' });
    const customization = customizationOf({ body, vm, inventory: world.inventory });
    if (vm.powerState !== 'POWERED_OFF') throw notOff(vm);
    vm.customization = customization;
    return done;
  },
};

function customizationOf(options: {
  readonly body: CustomizationSetSpec;
  readonly vm: VmRecord;
  readonly inventory: Inventory;
}): Customization | undefined {
  const { vm, inventory } = options;
  const { name, spec } = options.body;
  if (name !== undefined && spec) {
    throw invalidArgument('spec', 'Either a name or a specification can be given, not both.');
  }
  if (name !== undefined) return storedCustomization(inventory, name);
  if (!spec) return undefined;

  const { cloud_config: cloud, ...others } = spec.configuration_spec;
  const given = Object.keys(spec.configuration_spec);
  if (given.length !== 1) {
    throw invalidArgument('spec.configuration_spec', 'Exactly one configuration must be given, not {0}.', [
      String(given.length),
    ]);
  }
  if (spec.interfaces.length !== vm.nics.length) {
    throw invalidArgument(
      'spec.interfaces',
      'The number of interfaces ({0}) is not the number of network adapters of the virtual machine ({1}).',
      [String(spec.interfaces.length), String(vm.nics.length)],
    );
  }
  if (!cloud) {
    return { kind: 'spec', osType: others.windows_config ? 'WINDOWS' : 'LINUX', startedAt: undefined };
  }
  if (!cloud.cloudinit) {
    throw invalidArgument('spec.configuration_spec.cloud_config.cloudinit', 'The type CLOUDINIT needs it.');
  }
  const { metadata, userdata } = cloud.cloudinit;
  checkSize('metadata', metadata);
  checkSize('userdata', userdata ?? '');
  return { kind: 'cloud-init', osType: 'LINUX', metadata, userdata, startedAt: undefined };
}

function checkSize(field: string, text: string): void {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes <= maxDataBytes) return;
  throw invalidArgument(
    `spec.configuration_spec.cloud_config.cloudinit.${field}`,
    'The size is {0} bytes; at most {1} are allowed.',
    [String(bytes), String(maxDataBytes)],
  );
}
