import { randomUUID } from 'node:crypto';
import type { Behaviour, CloneFailure } from './behaviour.ts';
import { type ClonePlan, checkNameFree, planClone } from './clone-plan.ts';
import type { CloneSpec } from './clone-spec.ts';
import { type Inventory, macAddress, type VmRecord } from './inventory.ts';
import type { Permissions } from './permissions.ts';
import { setPowerState } from './power.ts';
import { type ErrorBody, message, notFound, VapiError, vapiError } from './vapi-error.ts';
import { type Fault, faultOf, faultOfBody } from './vi-json/fault.ts';

export const cloneService = 'com.vmware.vcenter.VM';

/** The operation that started a clone: of the REST API, whose tasks are of the kind `cis`, or of VI/JSON. */
export type CloneOperation = 'clone$task' | 'CloneVM_Task' | 'InstantClone_Task';

export interface TaskRecord {
  readonly id: string;
  /** Neither API knows the tasks of the other. */
  readonly kind: 'cis' | 'vim';
  readonly operation: CloneOperation;
  /** For a task of VI/JSON: the same in the words of the REST API. */
  readonly spec: CloneSpec;
  /** Undefined for a task that fails because its spec names something impossible. */
  readonly plan: ClonePlan | undefined;
  readonly user: string;
  /** Started by somebody else, with {@link CloneTasks.start} `user` given. */
  readonly foreign: boolean;
  /** False for the synchronous clone, which shows no task. */
  readonly listed: boolean;
  /** All times by the simulator's clock, which is `performance.now()` where it is not virtual. */
  readonly createdAt: number;
  readonly startsAt: number;
  /** When it would end without being cancelled. */
  readonly endsAt: number;
  readonly failure: CloneFailure | undefined;
  /** PENDING and RUNNING follow the time; `behaviour.status` changes only what clients are told. */
  status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';
  endedAt: number | undefined;
  cancelRequestedAt: number | undefined;
  cancelTakesEffectAt: number | undefined;
  /** The VM that it makes, as soon as that is in the inventory. */
  vm: string | undefined;
  error: ErrorBody | undefined;
  /** The error in the words of VI/JSON, of a task of that kind. */
  fault: Fault | undefined;
  /** Nobody is told of it any more, whether it has ended or not. */
  forgotten: boolean;
}

/**
 * Clones in progress. Nothing here runs on a timer: {@link settle} brings tasks and inventory to a given time, and
 * the simulator calls it whenever somebody looks, so that a task ends exactly when it should.
 */
export class CloneTasks {
  readonly #tasks = new Map<string, TaskRecord>();
  readonly #behaviour: Behaviour;
  readonly #inventory: Inventory;
  readonly #permissions: Permissions;
  #vimTasks = 500;

  constructor(options: {
    readonly behaviour: Behaviour;
    readonly inventory: Inventory;
    readonly permissions: Permissions;
  }) {
    this.#behaviour = options.behaviour;
    this.#inventory = options.inventory;
    this.#permissions = options.permissions;
  }

  get all(): readonly TaskRecord[] {
    return [...this.#tasks.values()];
  }

  /** Starts a clone; throws the VapiError of a spec that is refused at once. */
  start(options: {
    readonly spec: CloneSpec;
    readonly now: number;
    readonly user?: string;
    readonly foreign?: boolean;
    readonly listed?: boolean;
    readonly duration?: number;
    readonly operation?: CloneOperation;
    /** Default: as the REST API reads the spec. Throws the refusal. */
    readonly plan?: () => ClonePlan;
  }): TaskRecord {
    const { spec, now, operation = 'clone$task' } = options;
    const kind = operation === 'clone$task' ? 'cis' : 'vim';
    const planned = this.#plan(spec, options.plan);
    const failure = planned.failure ?? this.#scriptedFailure(spec);
    const duration = options.duration ?? this.#duration(spec, operation);
    const startsAt = now + this.#behaviour.pendingFor;
    const task: TaskRecord = {
      id: kind === 'cis' ? `${randomUUID()}:${cloneService}` : this.nextVimTask(),
      kind,
      operation,
      spec,
      plan: planned.plan,
      user: options.user ?? this.#behaviour.taskUser,
      foreign: options.foreign ?? false,
      listed: options.listed ?? true,
      createdAt: now,
      startsAt,
      endsAt: startsAt + duration * (failure?.at ?? 1),
      failure,
      status: 'PENDING',
      endedAt: undefined,
      cancelRequestedAt: undefined,
      cancelTakesEffectAt: undefined,
      vm: undefined,
      error: undefined,
      fault: undefined,
      forgotten: false,
    };
    this.#tasks.set(task.id, task);
    if (task.plan && this.#behaviour.nameTakenAt === 'start') {
      task.vm = this.#createVm(task.plan, true).id;
    }
    this.settle(now);
    return task;
  }

  /** An id for a task of VI/JSON, of whatever it is. */
  nextVimTask(): string {
    return `task-${++this.#vimTasks}`;
  }

  #plan(
    spec: CloneSpec,
    makePlan = () => planClone({ spec, inventory: this.#inventory, permissions: this.#permissions }),
  ): { plan?: ClonePlan; failure?: CloneFailure } {
    try {
      const plan = makePlan();
      checkNameFree({ inventory: this.#inventory, folder: plan.folder, name: plan.name });
      return { plan };
    } catch (error) {
      if (!(error instanceof VapiError) || this.#behaviour.postChecks === 'request') throw error;
      const fault = faultOf(error, this.#inventory);
      return { failure: { at: 0.1, error: error.body, fault, leavesVm: false, reasonIn: 'error' } };
    }
  }

  #scriptedFailure(spec: CloneSpec): CloneFailure | undefined {
    const { failClone } = this.#behaviour;
    return typeof failClone === 'function' ? failClone(spec) : failClone;
  }

  #duration(spec: CloneSpec, operation: CloneOperation): number {
    const { cloneDuration, instantCloneDuration } = this.#behaviour;
    if (operation === 'InstantClone_Task') return instantCloneDuration;
    return typeof cloneDuration === 'function' ? cloneDuration(spec) : cloneDuration;
  }

  /** The task as clients may ask for it; undefined when there is none or its record is gone. */
  find(id: string, now: number, kind: TaskRecord['kind'] = 'cis'): TaskRecord | undefined {
    const task = this.#tasks.get(id);
    if (!task?.listed || task.forgotten || task.kind !== kind) return undefined;
    const isOld = task.endedAt !== undefined && now > task.endedAt + this.#behaviour.taskRetention;
    return isOld ? undefined : task;
  }

  /** Throws UNSUPPORTED or NOT_ALLOWED_IN_CURRENT_STATE. The task goes on until `cancelTakes` have passed. */
  cancel(task: TaskRecord, now: number): void {
    if (task.endedAt !== undefined || task.cancelRequestedAt !== undefined) {
      throw vapiError(
        'NOT_ALLOWED_IN_CURRENT_STATE',
        message('com.vmware.api.cis.tasks.not_allowed', "Task '{0}' is complete or cancelled already.", [
          task.id,
        ]),
      );
    }
    if (!this.#behaviour.cancelable) {
      throw vapiError(
        'UNSUPPORTED',
        message('com.vmware.api.cis.tasks.not_cancelable', "Task '{0}' cannot be cancelled.", [task.id]),
      );
    }
    task.cancelRequestedAt = now;
    if (!this.#behaviour.cancelTooLate) task.cancelTakesEffectAt = now + this.#behaviour.cancelTakes;
  }

  /** Brings all tasks to the time `now`, in the order in which they end. */
  settle(now: number): void {
    const running = this.all.filter((task) => task.endedAt === undefined);
    for (const task of running) {
      if (now >= task.startsAt) task.status = 'RUNNING';
    }
    const due = running
      .map((task) => ({ task, end: Math.min(task.endsAt, task.cancelTakesEffectAt ?? task.endsAt) }))
      .filter(({ end }) => end <= now)
      .sort((a, b) => a.end - b.end);
    for (const { task, end } of due) this.#finish(task, end);
    for (const vm of this.#inventory.vms.values()) {
      if (vm.powersOnAt !== undefined && vm.powersOnAt <= now) this.#powerOn(vm, vm.powersOnAt);
    }
  }

  #powerOn(vm: VmRecord, now: number): void {
    setPowerState(vm, { state: 'POWERED_ON', now });
    vm.busyUntil = now + this.#behaviour.busyAfterPowerOn;
  }

  #finish(task: TaskRecord, end: number): void {
    task.endedAt = end;
    const canceled = task.cancelTakesEffectAt !== undefined && task.cancelTakesEffectAt < task.endsAt;
    if (canceled) {
      this.#fail(task, this.#behaviour.canceledError);
      this.#removeCopy(task);
    } else if (task.failure) {
      this.#fail(task, task.failure.error, task.failure.fault);
      if (task.failure.leavesVm === false || !task.plan) this.#removeCopy(task);
      else this.#leaveCopy(task, { end, powerOn: task.failure.leavesVm === 'powered-on' });
    } else if (task.plan) {
      const obstacle = this.#obstacle(task, task.plan);
      if (obstacle) {
        this.#fail(task, obstacle.body);
      } else {
        task.status = 'SUCCEEDED';
        this.#leaveCopy(task, { end, powerOn: task.plan.powerOn });
      }
    }
  }

  #fail(task: TaskRecord, error: ErrorBody, fault?: Fault): void {
    task.status = 'FAILED';
    task.error = error;
    if (task.kind === 'vim') task.fault = fault ?? faultOfBody(error, this.#inventory);
  }

  /** What stands in the way of a copy that is done: its VM was removed, or another one took the name. */
  #obstacle(task: TaskRecord, plan: ClonePlan): VapiError | undefined {
    if (task.vm !== undefined) {
      return this.#inventory.vms.has(task.vm) ? undefined : notFound('vm', task.vm);
    }
    try {
      checkNameFree({ inventory: this.#inventory, folder: plan.folder, name: plan.name });
      return undefined;
    } catch (error) {
      if (error instanceof VapiError) return error;
      throw error;
    }
  }

  #removeCopy(task: TaskRecord): void {
    if (task.vm !== undefined) this.#inventory.vms.delete(task.vm);
    task.vm = undefined;
  }

  #leaveCopy(task: TaskRecord, options: { readonly end: number; readonly powerOn: boolean }): void {
    if (!task.plan) return;
    const vm = this.#inventory.vms.get(task.vm ?? '') ?? this.#createVm(task.plan, false);
    task.vm = vm.id;
    vm.copying = false;
    vm.customization = task.plan.customization;
    vm.listedAt = options.end + this.#behaviour.listedAfter;
    const { changes } = task.plan;
    vm.template = changes?.asTemplate ?? false;
    if (changes?.isFork) {
      this.#powerOn(vm, options.end);
      vm.forkOf = task.plan.source.id;
    } else if (options.powerOn) {
      vm.powersOnAt = options.end + this.#behaviour.powerOnAfter;
    }
  }

  #createVm(plan: ClonePlan, copying: boolean): VmRecord {
    const vm = this.#inventory.addVm({
      name: plan.name,
      folder: plan.folder,
      host: plan.host,
      resourcePool: plan.resourcePool,
      datastore: plan.datastore,
      disks: plan.disks,
      guestOs: plan.source.guestOs,
      cpuCount: plan.source.cpuCount,
      coresPerSocket: plan.source.coresPerSocket,
      cpuHotAdd: plan.source.cpuHotAdd,
      cpuHotRemove: plan.source.cpuHotRemove,
      memoryMiB: plan.source.memoryMiB,
      memoryHotAdd: plan.source.memoryHotAdd,
      nics: [],
      annotation: plan.source.annotation,
      extraConfig: Object.fromEntries(plan.changes?.extraConfig ?? plan.source.extraConfig),
    });
    Object.assign(vm, plan.changes?.vm);
    vm.linkedTo = plan.changes?.linkedTo;
    vm.copying = copying;
    if (this.#behaviour.listedAfter > 0) vm.listedAt = Number.POSITIVE_INFINITY;
    // A clone never shares a MAC address with its source.
    const number = Number(vm.id.replace(/\D/g, ''));
    vm.nics = (plan.changes?.nics ?? plan.source.nics).map(({ nextNetwork, ...nic }, index) => ({
      ...nic,
      network: nextNetwork ?? nic.network,
      macAddress: macAddress(number, index),
    }));
    return vm;
  }
}
