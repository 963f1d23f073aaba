import type { PowerState, VmRecord } from './inventory.ts';
import { message, resourceBusy, serverGuid, type VapiError, vapiError } from './vapi-error.ts';
import type { World } from './world.ts';

export type PowerAction = 'start' | 'stop' | 'reset' | 'suspend';

const stateAfter: Readonly<Record<PowerAction, PowerState>> = {
  start: 'POWERED_ON',
  stop: 'POWERED_OFF',
  reset: 'POWERED_ON',
  suspend: 'SUSPENDED',
};

const stateNames: Readonly<Record<PowerState, string>> = {
  POWERED_OFF: 'powered off',
  POWERED_ON: 'powered on',
  SUSPENDED: 'suspended',
};

/** Puts the VM into a power state at once, whatever it was doing. */
export function setPowerState(
  vm: VmRecord,
  options: { readonly state: PowerState; readonly now: number },
): void {
  if (vm.powerState === 'POWERED_OFF' && options.state === 'POWERED_ON') beginPowerOn(vm, options.now);
  vm.powerState = options.state;
  vm.cleanPowerOff = false;
  vm.guestDownAt = undefined;
  vm.powersOnAt = undefined;
  vm.poweredOnAt = options.state === 'POWERED_ON' ? options.now : undefined;
}

/** What was set for the next power-on. */
function beginPowerOn(vm: VmRecord, now: number): void {
  vm.forkOf = undefined;
  for (const nic of vm.nics) {
    nic.network = nic.nextNetwork ?? nic.network;
    nic.nextNetwork = undefined;
  }
  if (vm.customization) vm.customization.startedAt ??= now;
}

/** `POST /vcenter/vm/{vm}/power`: returns when it is done. Throws the VapiError of a refusal. */
export async function changePower(
  world: World,
  options: { readonly vm: VmRecord; readonly action: PowerAction },
) {
  const { vm, action } = options;
  const { behaviour, clock } = world;
  const refusal = refusalOf(vm, action);
  refuseBusy(vm, world.settle());
  if (refusal) throw refusal;
  vm.busyUntil = Number.POSITIVE_INFINITY;
  const takes = action === 'start' ? behaviour.powerOnTakes : behaviour.powerOffTakes;
  if (takes > 0) await clock.sleep(takes);
  const now = clock.now();
  setPowerState(vm, { state: stateAfter[action], now });
  vm.busyUntil = action === 'start' ? now + behaviour.busyAfterPowerOn : 0;
}

/** `DELETE /vcenter/vm/{vm}`: returns when the files are gone. Throws the VapiError of a refusal. */
export async function deleteVm(world: World, vm: VmRecord): Promise<void> {
  world.behaviour.beforeDelete?.(vm);
  refuseBusy(vm, world.settle());
  if (vm.powerState !== 'POWERED_OFF') {
    throw vapiError(
      'NOT_ALLOWED_IN_CURRENT_STATE',
      message(
        'com.vmware.api.vcenter.vm.delete.not_powered_off',
        `Virtual machine with identifier '{0}' is ${stateNames[vm.powerState]}.`,
        [`${vm.id}:${serverGuid}`],
      ),
      invalidPowerState(vm.powerState),
    );
  }
  vm.busyUntil = Number.POSITIVE_INFINITY;
  if (world.behaviour.deleteTakes > 0) await world.clock.sleep(world.behaviour.deleteTakes);
  world.inventory.vms.delete(vm.id);
}

/** Throws RESOURCE_BUSY while the VM is copied or another operation holds it. */
export function refuseBusy(vm: VmRecord, now: number): void {
  if (vm.copying || now < vm.busyUntil) throw resourceBusy(vm.id);
}

export function invalidPowerState(state: PowerState) {
  return message(
    'vmsg.InvalidPowerState.summary',
    'The attempted operation cannot be performed in the current state ({0}).',
    [stateNames[state].replace(/^p/, 'P').replace(/^s/, 'S')],
  );
}

function refusalOf(vm: VmRecord, action: PowerAction): VapiError | undefined {
  const state = vm.powerState;
  if (action !== 'reset' && state === stateAfter[action]) {
    return vapiError(
      'ALREADY_IN_DESIRED_STATE',
      message(
        `com.vmware.api.vcenter.vm.power.already_${state.toLowerCase()}`,
        `Virtual machine is already ${stateNames[state]}.`,
      ),
      invalidPowerState(state),
    );
  }
  const needsRunning = action === 'reset' || action === 'suspend';
  if (needsRunning && state !== 'POWERED_ON') {
    return vapiError(
      'NOT_ALLOWED_IN_CURRENT_STATE',
      message('com.vmware.api.vcenter.vm.power.not_allowed', `Virtual machine is ${stateNames[state]}.`),
      invalidPowerState(state),
    );
  }
  return undefined;
}
