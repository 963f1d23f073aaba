import { onTestFinished } from 'vitest';
import type { Connection } from '../../src/https/connection.ts';
import type { Clock } from '../../src/time/clock.ts';
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
export const INTERFACES = 'GET /api/vcenter/vm/{vm}/guest/networking/interfaces';

/** A VM of the simulator's inventory that every scenario can clone, and where to. */
export const SOURCE = 'vm-42';
export const FOLDER = 'group-v23';

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
    files: { [vcenter.caFile]: vcenter.caPem },
  });
  return { ...stageWith(vcenter, runner), clock };
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
      const violations = checkExchanges(vcenter.exchanges);
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
