import type { TaskRecord } from '../clone-tasks.ts';
import type { VmRecord } from '../inventory.ts';
import { VapiError } from '../vapi-error.ts';
import type { World } from '../world.ts';
import { type Fault, faultOf } from './fault.ts';

/** A task of VI/JSON that makes no VM. It cannot be cancelled. */
export interface VmTask {
  readonly id: string;
  /** `ReconfigVM_Task` */
  readonly operation: string;
  readonly descriptionId: string;
  readonly vm: string;
  readonly vmName: string;
  readonly user: string;
  readonly createdAt: number;
  endedAt: number | undefined;
  fault: Fault | undefined;
}

/** Does what the task is for, as long as it takes; a refusal on the way is the end of the task. */
export function startVmTask(
  world: World,
  options: {
    readonly vm: VmRecord;
    readonly operation: string;
    readonly descriptionId: string;
    readonly work: () => Promise<void>;
  },
): VmTask {
  const { vm, work, ...names } = options;
  const task: VmTask = {
    ...names,
    id: world.tasks.nextVimTask(),
    vm: vm.id,
    vmName: vm.name,
    user: world.behaviour.taskUser,
    createdAt: world.clock.now(),
    endedAt: undefined,
    fault: undefined,
  };
  world.viJson.vmTasks.push(task);
  const end = (fault: Fault | undefined) => {
    task.endedAt = world.clock.now();
    task.fault = fault;
  };
  work().then(
    () => end(undefined),
    (error: unknown) =>
      end(
        error instanceof VapiError
          ? faultOf(error, world.inventory)
          : { name: 'SystemError', fields: { reason: String(error) }, text: String(error) },
      ),
  );
  return task;
}

/** A task of VI/JSON of either sort, as long as it is told of. */
export function findTask(world: World, id: string): TaskRecord | VmTask | undefined {
  const now = world.clock.now();
  const clone = world.tasks.find(id, now, 'vim');
  if (clone) return clone;
  const task = world.viJson.vmTasks.find((each) => each.id === id);
  const isOld = task?.endedAt !== undefined && now > task.endedAt + world.behaviour.taskRetention;
  return isOld ? undefined : task;
}

/** VirtualMachine.recentTask: of all users, those that run and those that ended a while ago. */
export function recentTasks(world: World, vm: string): readonly string[] {
  const clones = world.tasks.all.filter(({ spec }) => spec.source === vm);
  const others = world.viJson.vmTasks.filter((task) => task.vm === vm);
  return [...clones, ...others].map(({ id }) => id).filter((id) => findTask(world, id));
}

/** The task that works on a VM: makes it, or changes it. */
export function taskHolding(world: World, vm: string): string | undefined {
  const clones = world.tasks.all.filter((task) => task.kind === 'vim' && task.vm === vm);
  const others = world.viJson.vmTasks.filter((task) => task.vm === vm);
  return [...clones, ...others].find(({ endedAt }) => endedAt === undefined)?.id;
}
