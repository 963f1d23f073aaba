import { describe, expect, it } from 'vitest';
import type { Exchange } from '../simulator/vcenter.ts';
import {
  DELETE,
  FOLDER,
  GET_CUSTOMIZATION,
  GET_POWER,
  LOGIN,
  LOGOUT,
  setVirtualStage,
} from '../support/stage.ts';
import { cloned, failed } from '../support/steps.ts';
import { asItIs, vmOf } from '../support/what-happened.ts';

const TEMPLATE = '/DC1/vm/ci/base/golden-template';

/** `POST VirtualMachine/vm-44/CloneVM_Task`, in order; without polls of tasks and of the guest. */
function requestsOf(exchanges: readonly Exchange[]): readonly string[] {
  return exchanges
    .filter(({ operation }) => ![GET_POWER, GET_CUSTOMIZATION].includes(operation))
    .filter(({ path }) => !/\/guest\/|\/cis\/tasks\/|\/Task\//.test(path))
    .map(({ method, path, query }) => {
      const action = query['action']?.[0];
      const short = path.replace(/^\/sdk\/vim25\/8\.0\.1\.0\//, '').replace(/^\/api\/(?:vcenter\/)?/, '');
      return `${method} ${short}${action === undefined ? '' : `?action=${action}`}`;
    });
}

function openStage(viJson: 'unified' | 'separate' | 'none' = 'unified') {
  const stage = setVirtualStage({ behaviour: { viJson } });
  stage.vcenter.addSnapshot({ vm: 'vm-45', name: 'running' });
  return { stage: { ...stage, ...asItIs(stage) }, vcenter: stage.vcenter };
}

describe('a template', () => {
  it('is found by its path and cloned through VI/JSON, with five requests more', async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, {
      ...{ source: TEMPLATE, name: 'pr-12', cluster: 'domain-c7' },
    });
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET datacenter",
        "GET vm",
        "GET datacenter/datacenter-2",
        "GET folder",
        "GET folder",
        "GET vm",
        "GET ServiceInstance/ServiceInstance/content",
        "POST SearchIndex/SearchIndex/FindChild",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST VirtualMachine/vm-44/CloneVM_Task",
        "GET vm",
        "POST vm/vm-1002/power?action=start",
        "DELETE session",
      ]
    `);
    expect(vmOf(stage, main.outputs['vm-id'])).toMatchObject({
      ...{ name: 'pr-12', folder: FOLDER, template: false, powerState: 'POWERED_ON' },
    });
    expect(main.outputs).toMatchObject({ created: 'true', 'power-state': 'POWERED_ON' });
    expect(main.outputs['task-id']).toMatch(/^task-\d+$/);
    expect(JSON.parse(main.outputs['clone-spec'] ?? '')).toMatchInlineSnapshot(`
      {
        "folder": {
          "_typeName": "ManagedObjectReference",
          "type": "Folder",
          "value": "group-v23",
        },
        "name": "pr-12",
        "spec": {
          "_typeName": "VirtualMachineCloneSpec",
          "location": {
            "_typeName": "VirtualMachineRelocateSpec",
            "pool": {
              "_typeName": "ManagedObjectReference",
              "type": "ResourcePool",
              "value": "resgroup-8",
            },
          },
          "powerOn": false,
          "template": false,
        },
      }
    `);
  });

  it.each([
    ['its name', 'golden-template'],
    ['its path', TEMPLATE],
    ['a path below the datacenter', 'ci/base/golden-template'],
    ['its id', 'vm-44'],
  ])('is found by %s', async (_, source) => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { source, 'resource-pool': 'resgroup-31' });
    expect(vmOf(stage, main.outputs['vm-id']).resourcePool).toBe('resgroup-31');
  });

  it('is cloned with a session of its own where vCenter wants one, and both are closed', async () => {
    const { stage, vcenter } = openStage('separate');
    const { exchanges } = await cloned(stage, { source: 'vm-44', host: 'host-9' });
    expect(requestsOf(exchanges).filter((each) => /session|Login|Logout/.test(each))).toMatchInlineSnapshot(`
      [
        "POST session",
        "POST SessionManager/SessionManager/Login",
        "DELETE session",
        "POST SessionManager/SessionManager/Logout",
      ]
    `);
    expect(vcenter.sessions()).toMatchObject({ open: 0 });
  });

  it('needs a pool, a cluster or a host, and says so before anything is cloned', async () => {
    const { stage } = openStage();
    const { error, exchanges } = await failed(stage, { source: TEMPLATE });
    expect(error).toMatchInlineSnapshot(
      `"[The clone would fail] The clone would fail: source: it is a template, which is in no resource pool: set 'resource-pool', 'cluster' or 'host'."`,
    );
    expect(exchanges.map(({ path }) => path).join()).not.toContain('CloneVM_Task');
  });

  it.each([TEMPLATE, 'vm-44', 'golden-template'])(
    '%s says what it needs on an older server',
    async (source) => {
      const { stage } = openStage('none');
      const { error } = await failed(stage, { source, name: 'pr-12', cluster: 'domain-c7' });
      expect(error).toContain('8.0 U1 or later');
    },
  );

  it('takes every setting, and a stored customization specification', async () => {
    const { stage } = openStage();
    const { main } = await cloned(stage, {
      ...{ source: 'vm-44', cluster: 'domain-c7', 'cpu-count': '4', memory: '8GiB', networks: 'PR Network' },
      ...{ 'guest-customization-spec': 'linux-dhcp', notes: 'pull request 12', guestinfo: 'role: web' },
      ...{ tags: 'environment/ci', 'wait-for-ip': 'true' },
    });
    const vm = vmOf(stage, main.outputs['vm-id']);
    expect(vm).toMatchObject({ cpuCount: 4, memoryMiB: 8192, annotation: 'pull request 12' });
    expect(vm.customization).toMatchObject({ kind: 'stored', name: 'linux-dhcp' });
    expect(main.outputs['ip-address']).toMatch(/^10\.20\./);
  });

  it('is checked by validate-only', async () => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { source: 'vm-44', cluster: 'domain-c7', 'validate-only': 'true' });
    expect(main.outputs['task-id']).toBeUndefined();
  });
});

describe('a linked clone', () => {
  it('shares the current snapshot of the source', async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, { 'clone-type': 'linked', name: 'pr-12' });
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET vm",
        "GET ServiceInstance/ServiceInstance/content",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST VirtualMachine/vm-42/CloneVM_Task",
        "GET vm",
        "POST vm/vm-1002/power?action=start",
        "DELETE session",
      ]
    `);
    expect(main.summary).toContain("linked, from the snapshot 'configured'");
  });

  it('takes the snapshot of a name', async () => {
    const { stage } = openStage();
    const { main } = await cloned(stage, { 'clone-type': 'linked', snapshot: 'installed' });
    expect(main.outputs['clone-spec']).toContain('"value":"snapshot-71"');
  });

  it.each([
    ['no snapshot of the name', { snapshot: 'instaled' }, 'There are: '],
    ['no snapshot at all', { source: 'vm-43' }, 'The source has no snapshot at all.'],
  ])('says what there is where there is %s', async (_, inputs, text) => {
    const { stage } = openStage();
    const { error } = await failed(stage, { 'clone-type': 'linked', ...inputs });
    expect(error).toContain(text);
  });
});

describe('an instant clone', () => {
  it("runs at once, with guestinfo, and none of the source's addresses counts", async () => {
    const { stage } = openStage();
    const { main, exchanges } = await cloned(stage, {
      ...{ source: 'vm-45', 'clone-type': 'instant', name: 'pr-12', guestinfo: 'role: web' },
      ...{ notes: 'pull request 12', 'wait-for-ip': 'true' },
    });
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET vm",
        "GET ServiceInstance/ServiceInstance/content",
        "POST PropertyCollector/propertyCollector/RetrievePropertiesEx",
        "POST VirtualMachine/vm-45/InstantClone_Task",
        "GET vm",
        "POST VirtualMachine/vm-1002/ReconfigVM_Task",
        "DELETE session",
      ]
    `);
    const vm = vmOf(stage, main.outputs['vm-id']);
    expect(vm.powerState).toBe('POWERED_ON');
    expect(main.outputs['ip-address']).not.toBe('');
  });

  it('needs a source that runs', async () => {
    const { stage } = openStage();
    const { error } = await failed(stage, { source: 'vm-42', 'clone-type': 'instant' });
    expect(error).toContain('an instant clone needs a VM that runs, and vm-42 is poweredOff: power it on.');
  });
});

describe('notes and guestinfo of a full clone', () => {
  it('are set while it is off, and their values are seen nowhere', async () => {
    const { stage } = openStage();
    const secret = 'hunter2-in-guestinfo';
    const { main, exchanges, post } = await cloned(
      stage,
      { notes: 'for pull request 12', guestinfo: `token: ${secret}`, teardown: 'always' },
      { debug: true },
    );
    expect(requestsOf(exchanges)).toMatchInlineSnapshot(`
      [
        "POST session",
        "GET ServiceInstance/ServiceInstance/content",
        "POST vm?action=clone",
        "GET vm",
        "POST VirtualMachine/vm-1002/ReconfigVM_Task",
        "POST vm/vm-1002/power?action=start",
        "DELETE session",
      ]
    `);
    const seen = [main, post].map(({ log, summary, outputs, state }) =>
      JSON.stringify([log, summary, outputs, state]),
    );
    expect(seen.join()).not.toContain(secret);
  });

  it('need a vCenter that has VI/JSON', async () => {
    const { stage } = openStage('none');
    const { error, exchanges } = await failed(stage, { notes: 'a' });
    expect(error).toContain('notes: needs vCenter 8.0 U1 or later');
    expect(exchanges.map(({ operation }) => operation)).toEqual([LOGIN, expect.any(String), LOGOUT]);
  });
});

it('a plain full clone sends nothing to /sdk', async () => {
  const { stage } = openStage();
  const { exchanges } = await cloned(stage, {});
  expect(exchanges.filter(({ path }) => path.startsWith('/sdk'))).toEqual([]);
});

it('a clone whose configuration fails is deleted, and the source is not', async () => {
  const { stage, vcenter } = openStage();
  vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Config.AdvancedConfig' }];
  const { error } = await failed(stage, { guestinfo: 'a: b', name: 'pr-12' });
  expect(error.replaceAll(/vm-\d+/g, 'VM')).toMatchInlineSnapshot(`
    "[Setting refused] Setting refused: 'guestinfo' was refused for 'pr-12' (VM). POST /sdk/vim25/8.0.1.0/VirtualMachine/{moId}/ReconfigVM_Task on localhost:PORT failed (HTTP 500 NoPermission). vCenter: Unable to authorize user. Permission to perform this operation was denied. You do not hold privilege 'VirtualMachine.Config.AdvancedConfig' on 'VM'. (object: VM, missing: VirtualMachine.Config.AdvancedConfig on VM)
    The account needs VirtualMachine.Config.Annotation for notes, and VirtualMachine.Config.AdvancedConfig for guestinfo, on the VM.
    'pr-12' (VM) is deleted, since the step did not succeed."
  `);
  expect(vcenter.exchanges.filter(({ operation }) => operation === DELETE)).toHaveLength(1);
});
