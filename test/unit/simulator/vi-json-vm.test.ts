import { describe, expect, it } from 'vitest';
import { idOf, option, ref, startViVcenter, typed } from '../../support/vi-client.ts';

const reconfigure = 'VirtualMachine/vm-42/ReconfigVM_Task';
const specOf = (fields: object) => ({ spec: typed('VirtualMachineConfigSpec', { ...fields }) });

describe('a reconfiguration', () => {
  it('V55: changes what is given, and leaves the rest', async () => {
    const { post, taskEnd, vcenter, rest } = await startViVcenter();
    const spec = specOf({ numCPUs: 4, memoryMB: 8192, annotation: 'notes' });
    const info = await taskEnd(await post(reconfigure, spec));
    expect(info).toMatchObject({ name: 'ReconfigVM_Task', state: 'success', cancelable: false });
    expect(info).not.toHaveProperty('result');
    expect((await rest('GET', '/api/vcenter/vm/vm-42')).body).toMatchObject({
      ...{ cpu: { count: 4 }, memory: { size_MiB: 8192 } },
    });
    await taskEnd(await post(reconfigure, specOf({ numCPUs: 2 })));
    expect(vcenter.vm('vm-42')).toMatchObject({ cpuCount: 2, annotation: 'notes' });
    await taskEnd(await post(reconfigure, specOf({ annotation: '' })));
    expect(vcenter.vm('vm-42')?.annotation).toBe('');
  });

  it('V32: sets and removes guestinfo; keys that clash with known settings are ignored', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    const set = (...extraConfig: readonly object[]) => post(reconfigure, specOf({ extraConfig }));
    await taskEnd(await set(option('guestinfo.a', '1'), option('guestinfo.b', '2'), option('numvcpus', '8')));
    await taskEnd(await set(option('guestinfo.a', ''), option('guestinfo.c', '3')));
    expect(Object.fromEntries(vcenter.vm('vm-42')?.extraConfig ?? [])).toEqual({
      'guestinfo.b': '2',
      'guestinfo.c': '3',
    });
    vcenter.behaviour.ignoresExtraConfig = () => true;
    await taskEnd(await set(option('guestinfo.d', '4')));
    expect(vcenter.vm('vm-42')?.extraConfig.has('guestinfo.d')).toBe(false);
  });

  it('a clone through REST has the notes and the settings of its source', async () => {
    const { rest, sleep, vcenter } = await startViVcenter();
    const { id } = vcenter.addVm({
      ...{ name: 'noted', folder: 'group-v22', annotation: 'mine' },
      extraConfig: { 'guestinfo.a': '1' },
    });
    await rest('POST', '/api/vcenter/vm?action=clone&vmw-task=true', { source: id, name: 'copy' });
    await sleep(60_000);
    expect(vcenter.vm('copy')).toMatchObject({
      annotation: 'mine',
      extraConfig: new Map([['guestinfo.a', '1']]),
    });
  });

  it('takes its time, and nothing else happens to the VM meanwhile', async () => {
    const { post, sleep, taskInfo, rest } = await startViVcenter({ behaviour: { reconfigureTakes: 1000 } });
    const id = idOf(await post(reconfigure, specOf({ annotation: 'a' })));
    expect(await taskInfo(id)).toMatchObject({ state: 'running' });
    const inProgress = { status: 500, body: { _typeName: 'TaskInProgress', task: ref('Task', id) } };
    expect(await post(reconfigure, specOf({ annotation: 'b' }))).toMatchObject(inProgress);
    expect(await post('VirtualMachine/vm-42/PowerOnVM_Task', {})).toMatchObject(inProgress);
    expect(await rest('POST', '/api/vcenter/vm/vm-42/power?action=start')).toMatchObject({ status: 500 });
    expect(await post(`Task/${id}/CancelTask`)).toMatchObject({ body: { _typeName: 'NotSupported' } });
    await sleep(1000);
    expect(await taskInfo(id)).toMatchObject({ state: 'success' });
    expect(await post(`Task/${id}/CancelTask`)).toMatchObject({ body: { _typeName: 'InvalidState' } });
  });

  it.each([
    [
      'CPUs of a VM that runs',
      'vm-45',
      { numCPUs: 4 },
      { _typeName: 'InvalidPowerState', existingState: 'poweredOn' },
    ],
    ['a template', 'vm-44', { annotation: 'a' }, { _typeName: 'NotSupported' }],
    [
      'odd memory',
      'vm-42',
      { memoryMB: 3 },
      { _typeName: 'InvalidArgument', invalidProperty: 'configSpec.memoryMB' },
    ],
    ['what was changed meanwhile', 'vm-42', { changeVersion: '0' }, { _typeName: 'ConcurrentAccess' }],
  ])('of %s fails in its task', async (_, vm, change, error) => {
    const { post, taskEnd } = await startViVcenter();
    expect(await taskEnd(await post(`VirtualMachine/${vm}/ReconfigVM_Task`, specOf(change)))).toMatchObject({
      state: 'error',
      error,
    });
  });

  it('of notes works while the VM runs, for those who may', async () => {
    const { post, taskEnd, vcenter } = await startViVcenter();
    const path = 'VirtualMachine/vm-45/ReconfigVM_Task';
    expect(await taskEnd(await post(path, specOf({ annotation: 'a' })))).toMatchObject({ state: 'success' });
    vcenter.behaviour.deny = [{ privilege: 'VirtualMachine.Config.Annotation' }];
    expect(await post(path, specOf({ annotation: 'b' }))).toMatchObject({
      body: { _typeName: 'NoPermission' },
    });
    expect(vcenter.vm('vm-45')?.annotation).toBe('a');
  });
});

describe('power and deletion', () => {
  it('are those of the REST API', async () => {
    const { post, taskEnd, rest, vcenter } = await startViVcenter();
    const vm = (method: string, body?: object) => post(`VirtualMachine/vm-42/${method}`, body);
    expect(await taskEnd(await vm('PowerOnVM_Task', {}))).toMatchObject({ state: 'success' });
    expect((await rest('GET', '/api/vcenter/vm/vm-42/power')).body).toMatchObject({ state: 'POWERED_ON' });
    const wrongState = {
      state: 'error',
      error: { _typeName: 'InvalidPowerState', existingState: 'poweredOn' },
    };
    expect(await taskEnd(await vm('PowerOnVM_Task', {}))).toMatchObject(wrongState);
    expect(await taskEnd(await vm('Destroy_Task'))).toMatchObject(wrongState);
    expect(await taskEnd(await vm('PowerOffVM_Task'))).toMatchObject({ state: 'success' });
    expect(await taskEnd(await vm('Destroy_Task'))).toMatchObject({
      state: 'success',
      entityName: 'ubuntu-24.04',
    });
    expect(vcenter.vm('vm-42')).toBeUndefined();
  });

  it('a template is never switched on', async () => {
    const { post } = await startViVcenter();
    expect(await post('VirtualMachine/vm-44/PowerOnVM_Task', {})).toMatchObject({
      status: 500,
      body: { _typeName: 'NotSupported' },
    });
  });

  it('a VM becomes a template, which REST does not show, and a VM again', async () => {
    const { post, rest, vcenter } = await startViVcenter();
    const shown = async () => (await rest('GET', '/api/vcenter/vm/vm-42')).status;
    expect(await post('VirtualMachine/vm-45/MarkAsTemplate')).toMatchObject({
      body: { _typeName: 'InvalidPowerState' },
    });
    expect(await post('VirtualMachine/vm-42/MarkAsTemplate')).toMatchObject({ status: 204 });
    expect(await shown()).toBe(404);
    const pool = ref('ResourcePool', 'resgroup-31');
    expect(await post('VirtualMachine/vm-42/MarkAsVirtualMachine', { pool })).toMatchObject({ status: 204 });
    expect(await shown()).toBe(200);
    expect(vcenter.vm('vm-42')?.resourcePool).toBe('resgroup-31');
    vcenter.markAsTemplate('vm-42');
    expect(await shown()).toBe(404);
  });
});
