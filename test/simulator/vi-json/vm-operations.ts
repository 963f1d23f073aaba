import type { VmRecord } from '../inventory.ts';
import { done } from '../operation.ts';
import { changePower, deleteVm, type PowerAction } from '../power.ts';
import type { World } from '../world.ts';
import { applyConfig, type ConfigSpec, demandForConfig } from './config-spec.ts';
import type { Reference } from './data.ts';
import { invalidPowerState, objectNotFound, ViFault } from './fault.ts';
import { taskAnswer, taskReference, type ViCall, type ViDefinition } from './operation.ts';
import { powerStates } from './virtual-machine.ts';
import { startVmTask, taskHolding } from './vm-tasks.ts';

function vmOf(world: World, { object }: ViCall): VmRecord {
  const vm = world.inventory.vms.get(object.id);
  if (!vm) throw objectNotFound(object);
  return vm;
}

/** Throws TaskInProgress while a task of VI/JSON holds the VM, and ConcurrentAccess while anything else does. */
function refuseBusy(world: World, vm: VmRecord): void {
  const now = world.settle();
  if (!vm.copying && now >= vm.busyUntil) return;
  const task = taskHolding(world, vm.id);
  const text = 'The operation is not allowed while another one is in progress.';
  throw new ViFault(
    task === undefined
      ? { name: 'ConcurrentAccess', text }
      : { name: 'TaskInProgress', text, fields: { task: taskReference(task) } },
  );
}

export const reconfigureVm: ViDefinition = {
  parameters: { spec: '*VirtualMachineConfigSpec' },
  handle: (world, call) => {
    const vm = vmOf(world, call);
    const spec = call.body['spec'] as ConfigSpec;
    demandForConfig(world, vm.id, spec);
    refuseBusy(world, vm);
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
      refuseBusy(world, vm);
      const task = startVmTask(world, {
        ...{ vm, operation, descriptionId },
        work: async () => {
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
    refuseBusy(world, vm);
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
    refuseBusy(world, vm);
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
