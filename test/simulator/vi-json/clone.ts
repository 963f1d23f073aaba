import type { CloneSpec } from '../clone-spec.ts';
import type { VmRecord } from '../inventory.ts';
import type { World } from '../world.ts';
import {
  type InstantCloneSpec,
  planClone,
  planInstantClone,
  type RelocateSpec,
  type ViCloneParameters,
} from './clone-plan.ts';
import { objectNotFound } from './fault.ts';
import { taskAnswer, type ViDefinition } from './operation.ts';

export const cloneVm: ViDefinition = {
  parameters: { folder: '*ref', name: '*string', spec: '*VirtualMachineCloneSpec' },
  handle: (world, { object, body }) =>
    taskAnswer(startClone(world, object.id, body as unknown as ViCloneParameters).id),
};

export const instantClone: ViDefinition = {
  parameters: { spec: '*VirtualMachineInstantCloneSpec' },
  handle: (world, { object, body }) => {
    const source = vmOf(world, object.id);
    const spec = body['spec'] as InstantCloneSpec;
    const task = world.tasks.start({
      spec: restSpec(source, { name: spec.name, location: spec.location, powerOn: true }),
      now: world.clock.now(),
      operation: 'InstantClone_Task',
      plan: () => planInstantClone(world, source, spec),
    });
    return taskAnswer(task.id);
  },
};

/** CloneVM_Task, by whoever; throws what is refused at once. */
export function startClone(
  world: World,
  sourceId: string,
  parameters: ViCloneParameters,
  by: { readonly user?: string; readonly foreign?: boolean; readonly duration?: number } = {},
) {
  const source = vmOf(world, sourceId);
  const { folder, name, spec } = parameters;
  return world.tasks.start({
    ...by,
    spec: restSpec(source, { name, location: { folder, ...spec.location }, powerOn: spec.powerOn }),
    now: world.clock.now(),
    operation: 'CloneVM_Task',
    plan: () => planClone(world, source, parameters),
  });
}

/** A clone that differs from its source by its name and its folder alone; of a template it is where that is registered. */
export function simpleClone(options: {
  readonly vm: VmRecord;
  readonly name: string;
  readonly folder: string | undefined;
}): ViCloneParameters {
  const { vm, name, folder = vm.folder } = options;
  const pool = { type: 'ResourcePool', value: vm.resourcePool };
  return {
    name,
    folder: { type: 'Folder', value: folder },
    spec: { location: { pool }, template: false, powerOn: false },
  };
}

function vmOf(world: World, id: string): VmRecord {
  const vm = world.inventory.vms.get(id);
  if (!vm) throw objectNotFound({ type: 'VirtualMachine', id });
  return vm;
}

/** What `failClone` and `cloneDuration` get to see. */
function restSpec(
  source: VmRecord,
  clone: { readonly name: string; readonly location: RelocateSpec; readonly powerOn: boolean },
): CloneSpec {
  const { folder, pool, host, datastore } = clone.location;
  return {
    source: source.id,
    name: clone.name,
    power_on: clone.powerOn,
    placement: {
      ...(folder && { folder: folder.value }),
      ...(pool && { resource_pool: pool.value }),
      ...(host && { host: host.value }),
      ...(datastore && { datastore: datastore.value }),
    },
  };
}
