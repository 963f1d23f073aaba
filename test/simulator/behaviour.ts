import type { CloneSpec } from './clone-spec.ts';
import { type CustomizationStep, defaultCustomization } from './customization.ts';
import { type AddressStep, defaultAddresses } from './guest.ts';
import type { VmRecord } from './inventory.ts';
import { type ErrorBody, message } from './vapi-error.ts';
import { defaultViJsonBehaviour, type ViJsonBehaviour } from './vi-json/behaviour.ts';
import type { Fault } from './vi-json/fault.ts';

/** How a clone goes wrong after it was accepted. */
export interface CloneFailure {
  /** Part of the copy (0 to 1) after which it fails. */
  readonly at: number;
  readonly error: ErrorBody;
  /** What a task of VI/JSON says instead; default: what the error is there. */
  readonly fault?: Fault;
  /** Whether the copy stays in the inventory, as after a failed customization; `powered-on`: and runs. */
  readonly leavesVm: boolean | 'powered-on';
  /** Where the task tells the reason; `error-text` is the string that the 7.0.3 description shows. */
  readonly reasonIn: 'error' | 'error-text' | 'result';
}

/** `refused`: it answers that nobody listens; `silent`: nothing comes back. */
export type PortState = 'open' | 'refused' | 'silent';

export interface PortProbe {
  readonly vm: VmRecord;
  readonly address: string;
  readonly port: number;
  /** Milliseconds since power-on. */
  readonly uptime: number;
  /** Whether VMware Tools run in the guest. */
  readonly toolsRunning: boolean;
}

/** A privilege that the service account lacks on an object and all it contains; without `object`: everywhere. */
export interface Denial {
  readonly privilege: string;
  readonly object?: string;
}

/** Everything about the simulated vCenter that a test may bend, at any time. All times are in milliseconds. */
export interface Behaviour extends ViJsonBehaviour {
  /**
   * `6.7` knows neither `vmw-task` nor customizations of a VM; `7.0.2` no data for cloud-init; `9.1` takes null for an
   * optional field, the others refuse it.
   */
  serverVersion: '6.7' | '7.0.2' | '7.0.3' | '9.1';
  /** Added to every answer. */
  latency: number;
  /** What the server's clock shows more than this machine's: in task times, session times, the Date header. */
  serverClockOffset: number;
  /** False: answers have no Date header. */
  sendsDate: boolean;

  sessionLimit: number;
  sessionIdleTimeout: number;
  deny: readonly Denial[];

  /** Copying time, without `pendingFor`. Read when the clone is accepted. */
  cloneDuration: number | ((spec: CloneSpec) => number);
  pendingFor: number;
  /** What the task reports at a given part (0 to 1) of the copy. */
  progress: (fraction: number) => { readonly completed: number; readonly total: number } | undefined;
  /** Overrides the status of a task that has not ended, for example by BLOCKED or a state nobody knows. */
  status: (at: { readonly fraction: number; readonly elapsed: number }) => string | undefined;
  taskTarget: 'none' | 'source' | 'new';
  result: 'string' | 'vm-object' | 'id-object' | 'value-object' | 'none';
  /** A `result` that is there before the end and means nothing. */
  earlyResult: unknown;
  /** False: target, progress, parent, times and user are left out. */
  optionalTaskFields: boolean;
  /** True: fields that real servers add and the description does not know. */
  extraTaskFields: boolean;
  /** Who the tasks of the service account say they belong to. */
  taskUser: string;
  taskRetention: number;
  taskListSupported: boolean | 'not-found';
  cloneAnswers: 200 | 202;
  /** Where a spec that names impossible things is refused: at the request or by a task that fails. */
  postChecks: 'request' | 'task';
  /** Whether the new VM is in the inventory while it is copied, or only from the end. */
  nameTakenAt: 'start' | 'end';
  failClone: CloneFailure | ((spec: CloneSpec) => CloneFailure | undefined) | undefined;
  cancelable: boolean;
  cancelTakes: number;
  /** True: cancel answers 204 and the clone succeeds all the same. */
  cancelTooLate: boolean;
  /** What the task of a clone that was cancelled fails with. */
  canceledError: ErrorBody;
  /** From the end of a clone's task to the power-on that was asked for with it; Infinity: never. */
  powerOnAfter: number;
  /** From the end of a clone's task until the API shows the new VM; with 0 it is there as `nameTakenAt` says. */
  listedAfter: number;

  powerOnTakes: number;
  powerOffTakes: number;
  deleteTakes: number;
  /** How long a VM refuses stop and delete with RESOURCE_BUSY after it was switched on. */
  busyAfterPowerOn: number;
  /** Called when DELETE arrives, before the VM's state is looked at. */
  beforeDelete: ((vm: VmRecord) => void) | undefined;

  /** From power-on to running VMware Tools; Infinity: never. */
  toolsAfter: number;
  /** What the guest reports, from power-on; the last step whose time has come counts. */
  addresses: readonly AddressStep[] | ((vm: VmRecord) => readonly AddressStep[]);
  /** What is told of the guest's customization, from power-on; `[]`: IDLE, as by a server that does not tell. */
  customization: readonly CustomizationStep[] | ((vm: VmRecord) => readonly CustomizationStep[]);
  /** What the guest does with a TCP connection to an address that it has. */
  ports: (at: PortProbe) => PortState;
  /** How long the guest takes to shut down; `ignored`: it stays up. */
  shutdownTakes: number | 'ignored';
  guestCannotShutdown: boolean;
}

export function defaultBehaviour(): Behaviour {
  return {
    ...defaultViJsonBehaviour(),
    serverVersion: '7.0.3',
    latency: 0,
    serverClockOffset: 0,
    sendsDate: true,
    sessionLimit: 550,
    sessionIdleTimeout: 30 * 60_000,
    deny: [],
    cloneDuration: 150,
    pendingFor: 0,
    progress: (fraction) => ({ completed: Math.floor(fraction * 100), total: 100 }),
    status: () => undefined,
    taskTarget: 'source',
    result: 'string',
    earlyResult: undefined,
    optionalTaskFields: true,
    extraTaskFields: false,
    taskUser: 'VSPHERE.LOCAL\\svc-ci',
    taskRetention: 10 * 60_000,
    taskListSupported: true,
    cloneAnswers: 202,
    postChecks: 'request',
    nameTakenAt: 'start',
    failClone: undefined,
    cancelable: true,
    cancelTakes: 20,
    cancelTooLate: false,
    canceledError: {
      error_type: 'CANCELED',
      messages: [message('vmsg.RequestCanceled.summary', 'The task was canceled by a user.')],
    },
    powerOnAfter: 0,
    listedAfter: 0,
    powerOnTakes: 0,
    powerOffTakes: 0,
    deleteTakes: 0,
    busyAfterPowerOn: 0,
    beforeDelete: undefined,
    toolsAfter: 80,
    addresses: defaultAddresses,
    customization: defaultCustomization,
    ports: ({ port, toolsRunning }) => (port === 22 && toolsRunning ? 'open' : 'refused'),
    shutdownTakes: 50,
    guestCannotShutdown: false,
  };
}
