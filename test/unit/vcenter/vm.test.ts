import { describe, expect, it } from 'vitest';
import type { Limits, Session } from '../../../src/vcenter/session.ts';
import {
  deleteVm,
  findVmsByName,
  getPowerState,
  getVm,
  shutDownGuest,
  startClone,
  stopVm,
} from '../../../src/vcenter/vm.ts';
import { createScriptedSession, throws } from '../scripted-session.ts';
import { brokenOff, rejection } from '../vcenter-answers.ts';
import { createVirtualClock } from '../virtual-clock.ts';

const LIST = 'GET /api/vcenter/vm';
const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';

const limits: Limits = { signal: new AbortController().signal, retryTimeout: 5_000 };

const session = (operation: string, body: unknown) =>
  createScriptedSession({
    clock: createVirtualClock(),
    handlers: { [operation]: typeof body === 'function' ? () => body() : () => body },
  });

describe('startClone', () => {
  const spec = { source: 'vm-42', name: 'pr-12', power_on: true };

  it('sends the spec itself and returns the id of the task', async () => {
    const scripted = session(CLONE, 'uuid:com.vmware.vcenter.VM');
    expect(await startClone(scripted, spec, limits)).toBe('uuid:com.vmware.vcenter.VM');
    expect(scripted.calls[0]?.call).toMatchObject({ body: spec, retry: 'unless-sent', answer: 'json' });
  });

  it.each([[''], [null], [{ value: 'task-1' }], [5]])('does not take %j for a task', async (body) => {
    expect(await rejection(startClone(session(CLONE, body), spec, limits))).toMatchObject({
      failure: 'unreadable',
      messages: ["The answer is not a task's id."],
      sent: true,
    });
  });

  it('is not repeated once it may have arrived', async () => {
    const failure = brokenOff({ operation: CLONE });
    const scripted = session(CLONE, throws(failure));
    expect(await rejection(startClone(scripted, spec, limits))).toBe(failure);
    expect(scripted.calls).toHaveLength(1);
  });
});

describe('findVmsByName', () => {
  const row = (vm: string, name: string, power_state = 'POWERED_OFF') => ({ vm, name, power_state });

  it('asks for the name, in folder and datacenter where they are given', async () => {
    const scripted = session(LIST, []);
    await findVmsByName(scripted, { name: 'pr-12', folder: 'group-v23', datacenter: 'datacenter-2' }, limits);
    await findVmsByName(scripted, { name: 'pr-12' }, limits);
    expect(scripted.calls.map(({ call }) => call.query)).toEqual([
      { names: ['pr-12'], folders: 'group-v23', datacenters: 'datacenter-2' },
      { names: ['pr-12'], folders: undefined, datacenters: undefined },
    ]);
  });

  it('drops what does not bear the name, so that an ignored filter hands out no stranger', async () => {
    const scripted = session(LIST, [
      row('vm-1', 'pr-12', 'POWERED_ON'),
      row('vm-2', 'pr-123'),
      row('vm-3', 'PR-12'),
    ]);
    expect(await findVmsByName(scripted, { name: 'pr-12' }, limits)).toEqual([
      { vm: 'vm-1', name: 'pr-12', powerState: 'POWERED_ON' },
    ]);
  });

  it('finds a name with a slash in the form in which vCenter stores it, in either case', async () => {
    const rows = [row('vm-1', 'a%2fb'), row('vm-2', 'a%2Fb'), row('vm-3', 'a/b'), row('vm-4', 'a%25b')];
    const scripted = session(LIST, rows);
    const found = await findVmsByName(scripted, { name: 'a/b' }, limits);
    expect(found.map(({ vm }) => vm)).toEqual(['vm-1', 'vm-2', 'vm-3']);
    expect(scripted.calls[0]?.call.query?.['names']).toEqual(['a%2fb', 'a%2Fb', 'a/b']);
  });

  it('does without a power state', async () => {
    const scripted = session(LIST, [{ vm: 'vm-1', name: 'pr-12' }]);
    expect(await findVmsByName(scripted, { name: 'pr-12' }, limits)).toEqual([
      { vm: 'vm-1', name: 'pr-12', powerState: '' },
    ]);
  });

  it.each([[null], [{}], [{ value: [] }], ['vm-1'], [[null]], [[{ vm: 'vm-1' }]], [[{ name: 'pr-12' }]]])(
    'does not take %j for a list: an empty one would say that the name is free',
    async (body) => {
      expect(await rejection(findVmsByName(session(LIST, body), { name: 'pr-12' }, limits))).toMatchObject({
        failure: 'unreadable',
        operation: LIST,
      });
    },
  );
});

describe('getVm', () => {
  const GET = 'GET /api/vcenter/vm/{vm}';

  it('reads name and power state', async () => {
    const scripted = session(GET, { name: 'pr-12', power_state: 'SUSPENDED', identity: {} });
    expect(await getVm(scripted, 'vm-7', limits)).toEqual({
      vm: 'vm-7',
      name: 'pr-12',
      powerState: 'SUSPENDED',
    });
    expect(scripted.calls[0]?.call.path).toEqual({ vm: 'vm-7' });
  });

  it.each([[null], [[]], [{}], ['pr-12']])('refuses %j', async (body) => {
    expect(await rejection(getVm(session(GET, body), 'vm-7', limits))).toMatchObject({
      failure: 'unreadable',
    });
  });
});

describe('getPowerState', () => {
  const GET = 'GET /api/vcenter/vm/{vm}/power';

  it('passes on what vCenter says', async () => {
    expect(await getPowerState(session(GET, { state: 'POWERED_ON' }), 'vm-7', limits)).toBe('POWERED_ON');
    expect(await getPowerState(session(GET, { state: 'HIBERNATED' }), 'vm-7', limits)).toBe('HIBERNATED');
  });

  it.each([[null], [{}], [{ state: '' }], ['POWERED_ON']])('refuses %j', async (body) => {
    expect(await rejection(getPowerState(session(GET, body), 'vm-7', limits))).toMatchObject({
      failure: 'unreadable',
    });
  });
});

describe('calls that answer with nothing', () => {
  it.each<[string, (session: Session, vm: string, limits: Limits) => Promise<void>, string]>([
    ['DELETE /api/vcenter/vm/{vm}', deleteVm, 'always'],
    ['POST /api/vcenter/vm/{vm}/power?action=stop', stopVm, 'always'],
    ['POST /api/vcenter/vm/{vm}/guest/power?action=shutdown', shutDownGuest, 'unless-sent'],
  ])('%s', async (operation, call, repetition) => {
    const scripted = session(operation, undefined);
    await call(scripted, 'vm-7', limits);
    expect(scripted.calls[0]?.call).toMatchObject({
      operation,
      path: { vm: 'vm-7' },
      answer: 'nothing',
      repeat: repetition,
    });
    expect(scripted.calls).toHaveLength(1);
  });

  it('may take longer than other calls where vCenter answers only when the work is done', async () => {
    for (const [operation, call] of [
      ['DELETE /api/vcenter/vm/{vm}', deleteVm],
      ['POST /api/vcenter/vm/{vm}/power?action=stop', stopVm],
    ] as const) {
      const scripted = session(operation, undefined);
      await call(scripted, 'vm-7', limits);
      expect(scripted.calls[0]?.call.timeout).toBeGreaterThanOrEqual(60_000);
    }
  });
});
