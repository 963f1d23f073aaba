import { onTestFinished } from 'vitest';
import type { Connection } from '../../src/https/connection.ts';
import type { Clock } from '../../src/time/clock.ts';
import { checkExchange } from '../contract/vi-json/description.ts';
import { checkExchanges } from '../contract/vsphere-spec.ts';
import { createInProcessRunner } from '../runner/in-process.ts';
import { processRunner, type Runner } from '../runner/step.ts';
import {
  createVcenter,
  type InProcessOptions,
  type InProcessVcenter,
  startVcenter,
  type Vcenter,
  type VcenterOptions,
} from '../simulator/vcenter.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Operations of the API, as the simulator's log spells them. */
export const LOGIN = 'POST /api/session';
export const LOGOUT = 'DELETE /api/session';
export const LIST_VMS = 'GET /api/vcenter/vm';
export const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
export const GET_TASK = 'GET /api/cis/tasks/{task}';
export const CANCEL = 'POST /api/cis/tasks/{task}?action=cancel';
export const LIST_TASKS = 'POST /api/cis/tasks?action=list';
export const GET_VM = 'GET /api/vcenter/vm/{vm}';
export const GET_POWER = 'GET /api/vcenter/vm/{vm}/power';
export const START = 'POST /api/vcenter/vm/{vm}/power?action=start';
export const STOP = 'POST /api/vcenter/vm/{vm}/power?action=stop';
export const SHUTDOWN = 'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown';
export const DELETE = 'DELETE /api/vcenter/vm/{vm}';
export const PATCH_CPU = 'PATCH /api/vcenter/vm/{vm}/hardware/cpu';
export const PATCH_MEMORY = 'PATCH /api/vcenter/vm/{vm}/hardware/memory';
export const PATCH_NIC = 'PATCH /api/vcenter/vm/{vm}/hardware/ethernet/{nic}';
export const LIST_NICS = 'GET /api/vcenter/vm/{vm}/hardware/ethernet';
export const PUT_CUSTOMIZATION = 'PUT /api/vcenter/vm/{vm}/guest/customization';
export const GET_CUSTOMIZATION = 'GET /api/vcenter/vm/{vm}/guest/customization';
export const ATTACH_TAGS = 'POST /api/cis/tagging/tag-association?action=attach-multiple-tags-to-object';
export const VI_CONTENT = 'GET /sdk/vim25/8.0.1.0/ServiceInstance/{moId}/content';
export const VI_READ = 'POST /sdk/vim25/8.0.1.0/PropertyCollector/{moId}/RetrievePropertiesEx';
export const VI_CLONE = 'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/CloneVM_Task';
export const VI_INSTANT_CLONE = 'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/InstantClone_Task';
export const VI_RECONFIGURE = 'POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/ReconfigVM_Task';
export const VI_TASK = 'GET /sdk/vim25/8.0.1.0/Task/{moId}/info';
export const VI_CANCEL = 'POST /sdk/vim25/8.0.1.0/Task/{moId}/CancelTask';
export const INTERFACES = 'GET /api/vcenter/vm/{vm}/guest/networking/interfaces';

/** A VM of the simulator's inventory that every scenario can clone, and where to. */
export const SOURCE = 'vm-42';
export const FOLDER = 'group-v23';

/** Every setting that a clone can have before its first power-on, and what waits for it to be ready. */
export const EVERY_SETTING = {
  'cpu-count': '4',
  memory: '8GiB',
  networks: 'PR Network',
  'user-data': '#cloud-config\npackages: [nginx]\n',
  tags: 'environment/ci',
} as const;

/** A vCenter and the way to it, for one scenario. */
export interface Stage {
  readonly vcenter: Vcenter;
  /** The connection inputs of both actions. */
  readonly connection: Readonly<Record<string, string>>;
  /** Names and ids of the VMs that were there before. */
  readonly before: ReadonlySet<string>;
  /** Runs steps where they can reach the vCenter. */
  readonly runner: Runner;
}

/** Without sockets and processes, in virtual time. */
export interface VirtualStage extends Stage {
  /** The one time of vCenter and the steps. It passes only where somebody sleeps. */
  readonly clock: Clock;
}

interface Closing {
  close(): Promise<void>;
}

/** Starts a vCenter. Its exchanges are checked against VMware's description when the scenario is over. */
export async function openStage(options: VcenterOptions = {}): Promise<Stage & Closing> {
  return stageWith(await startVcenter(options), processRunner);
}

/** The same with a vCenter and steps in this process, and a clock that makes every wait take no time. */
export function openVirtualStage(
  options: Omit<InProcessOptions, 'clock'> = {},
  /** The network of the steps, where there is more in it than vCenter. */
  networkWith: (vcenter: InProcessVcenter, clock: Clock) => () => Connection = ({ connection }) => connection,
): VirtualStage & Closing {
  const clock = createVirtualClock();
  const vcenter = createVcenter({ ...options, clock });
  const runner = createInProcessRunner({
    clock,
    openConnection: networkWith(vcenter, clock),
    probePort: async ({ signal, ...target }) => {
      const state = vcenter.probePort(target);
      return state === 'silent' ? untilAborted(signal) : state;
    },
    files: { [vcenter.caFile]: vcenter.caPem },
  });
  return { ...stageWith(vcenter, runner), clock };
}

/** Nothing comes back, for as long as somebody waits for it. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function stageWith(vcenter: Vcenter, runner: Runner): Stage & Closing {
  return {
    vcenter,
    runner,
    connection: {
      'vcenter-server': vcenter.server,
      username: vcenter.username,
      password: vcenter.password,
      'ca-certificate': vcenter.caFile,
    },
    before: new Set(vcenter.vms().map(({ id }) => id)),
    async close() {
      await vcenter.close();
      const violations = [...checkExchanges(vcenter.exchanges), ...vcenter.exchanges.flatMap(checkExchange)];
      if (violations.length > 0) {
        throw new Error(`Against VMware's description of the API:\n${violations.join('\n')}`);
      }
    },
  };
}

/** A stage that closes with the test. */
export async function setStage(options: VcenterOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

/** A virtual stage that closes with the test. */
export function setVirtualStage(options: Omit<InProcessOptions, 'clock'> = {}): VirtualStage {
  const stage = openVirtualStage(options);
  onTestFinished(() => stage.close());
  return stage;
}
