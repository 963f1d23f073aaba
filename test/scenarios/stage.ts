import { onTestFinished } from 'vitest';
import { checkExchanges } from '../contract/vsphere-spec.ts';
import { startVcenter, type Vcenter, type VcenterOptions } from '../simulator/vcenter.ts';

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
}

/** Starts a vCenter. Its exchanges are checked against VMware's description when the scenario is over. */
export async function openStage(options: VcenterOptions = {}): Promise<Stage & { close(): Promise<void> }> {
  const vcenter = await startVcenter(options);
  return {
    vcenter,
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
