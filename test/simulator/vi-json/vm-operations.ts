import type { VmRecord } from '../inventory.ts';
import { done } from '../operation.ts';
import { changePower, deleteVm, type PowerAction, refuseBusy } from '../power.ts';
import type { World } from '../world.ts';
import { applyConfig, type ConfigSpec, demandForConfig } from './config-spec.ts';
import type { Reference } from './data.ts';
import { invalidPowerState, objectNotFound, ViFault } from './fault.ts';
import { taskAnswer, type ViCall, type ViDefinition } from './operation.ts';
import { powerStates } from './virtual-machine.ts';
import { startVmTask } from './vm-tasks.ts';

function vmOf(world: World, { object }: ViCall): VmRecord {
  const vm = world.inventory.vms.get(object.id);
  if (!vm) throw objectNotFound(object);
  return vm;
}

export const reconfigureVm: ViDefinition = {
  parameters: { spec: '*VirtualMachineConfigSpec' },
  handle: (world, call) => {
    const vm = vmOf(world, call);
    const spec = call.body['spec'] as ConfigSpec;
    demandForConfig(world, vm.id, spec);
    refuseBusy(vm, world.settle());
    const task = startVmTask(world, {
      ...{ vm, operation: 'ReconfigVM_Task', descriptionId: 'VirtualMachine.reconfigure' },
      work: async () => {
        vm.busyUntil = Number.POSITIVE_INFINITY;
        try {
          if (world.behaviour.reconfigureTakes > 0) await world.clock.sleep(world.behaviour.reconfigureTakes);
          applyConfig(world, vm, spec);
        } finally {
          vm.busyUntil = 0;
        }
      },
    });
    return taskAnswer(task.id);
  },
};

function power(
  action: PowerAction & ('start' | 'stop'),
  names: readonly [operation: string, id: string, privilege: string],
) {
  const [operation, descriptionId, privilege] = names;
  const wanted = action === 'start' ? 'POWERED_ON' : 'POWERED_OFF';
  const definition: ViDefinition = {
    ...(action === 'start' && { parameters: { host: 'ref' } }),
    handle: (world, call) => {
      const vm = vmOf(world, call);
      world.permissions.demand(privilege, vm.id);
      if (vm.template) throw new ViFault({ name: 'NotSupported', text: 'A template cannot be powered on.' });
      const task = startVmTask(world, {
        ...{ vm, operation, descriptionId },
        work: async () => {
          refuseBusy(vm, world.settle());
          const state = vm.powerState;
          if (state === wanted) throw invalidPowerState(powerStates[wanted], powerStates[state]);
          await changePower(world, { vm, action });
        },
      });
      return taskAnswer(task.id);
    },
  };
  return definition;
}

export const powerOnVm = power('start', [
  'PowerOnVM_Task',
  'VirtualMachine.powerOn',
  'VirtualMachine.Interact.PowerOn',
]);

export const powerOffVm = power('stop', [
  'PowerOffVM_Task',
  'VirtualMachine.powerOff',
  'VirtualMachine.Interact.PowerOff',
]);

export const destroyVm: ViDefinition = {
  handle: (world, call) => {
    const vm = vmOf(world, call);
    world.permissions.demand('VirtualMachine.Inventory.Delete', vm.id);
    world.permissions.demand('VirtualMachine.Inventory.Delete', vm.folder);
    const task = startVmTask(world, {
      ...{ vm, operation: 'Destroy_Task', descriptionId: 'VirtualMachine.destroy' },
      work: async () => {
        if (vm.powerState !== 'POWERED_OFF')
          throw invalidPowerState('poweredOff', powerStates[vm.powerState]);
        await deleteVm(world, vm);
      },
    });
    return taskAnswer(task.id);
  },
};

export const markAsTemplate: ViDefinition = {
  handle: (world, call) => {
    const vm = vmOf(world, call);
    world.permissions.demand('VirtualMachine.Provisioning.MarkAsTemplate', vm.id);
    if (vm.template) throw new ViFault({ name: 'NotSupported', text: 'It is a template already.' });
    refuseBusy(vm, world.settle());
    if (vm.powerState !== 'POWERED_OFF') throw invalidPowerState('poweredOff', powerStates[vm.powerState]);
    vm.template = true;
    return done;
  },
};

export const markAsVm: ViDefinition = {
  parameters: { pool: '*ref', host: 'ref' },
  handle: (world, call) => {
    const vm = vmOf(world, call);
    const { pool, host } = call.body as { readonly pool: Reference; readonly host?: Reference };
    const { inventory } = world;
    world.permissions.demand('VirtualMachine.Provisioning.MarkAsVM', vm.id);
    if (!vm.template) throw new ViFault({ name: 'NotSupported', text: 'It is no template.' });
    if (!inventory.resourcePools.has(pool.value)) throw objectNotFound({ type: pool.type, id: pool.value });
    if (host && !inventory.hosts.has(host.value)) throw objectNotFound({ type: host.type, id: host.value });
    vm.template = false;
    vm.resourcePool = pool.value;
    vm.host = host?.value ?? vm.host;
    return done;
  },
};
