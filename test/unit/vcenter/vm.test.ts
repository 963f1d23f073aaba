import { describe, expect, it } from 'vitest';
import { restClone } from '../../../src/vcenter/clone-method.ts';
import type { Limits, Session } from '../../../src/vcenter/session.ts';
import {
  deleteVm,
  findVm,
  findVmsByName,
  getPowerState,
  shutDownGuest,
  startVm,
  stopVm,
} from '../../../src/vcenter/vm.ts';
import { createScriptedSession, type Handler, inTurn, throws } from '../../support/scripted-session.ts';
import { brokenOff, notFound, refused, rejection } from '../../support/vcenter-answers.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const LIST = 'GET /api/vcenter/vm';
const CLONE = 'POST /api/vcenter/vm?action=clone&vmw-task=true';

const limits: Limits = { signal: new AbortController().signal, retryTimeout: 5_000 };

const session = (operation: string, body: unknown) =>
  createScriptedSession({
    clock: createVirtualClock(),
    handlers: { [operation]: typeof body === 'function' ? () => body() : () => body },
  });

describe('restClone', () => {
  const spec = { source: 'vm-42', name: 'pr-12', power_on: true };

  it('sends the spec itself and returns the id of the task', async () => {
    const scripted = session(CLONE, 'uuid:com.vmware.vcenter.VM');
    expect(await restClone.start(scripted, spec, limits)).toBe('uuid:com.vmware.vcenter.VM');
    expect(scripted.calls[0]?.call).toMatchObject({ body: spec, retry: 'unless-sent', expects: 'json' });
  });

  it.each([[''], [null], [{ value: 'task-1' }], [5]])('does not take %j for a task', async (body) => {
    expect(await rejection(restClone.start(session(CLONE, body), spec, limits))).toMatchObject({
      failure: 'unreadable',
      messages: ["The response is not a task's id."],
      sent: true,
    });
  });

  it('is not repeated once it may have arrived', async () => {
    const failure = brokenOff({ operation: CLONE });
    const scripted = session(CLONE, throws(failure));
    expect(await rejection(restClone.start(scripted, spec, limits))).toBe(failure);
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

describe('findVm', () => {
  const GET = 'GET /api/vcenter/vm/{vm}';
  const row = { vm: 'vm-7', name: 'pr-12', power_state: 'SUSPENDED' };
  const found = { vm: 'vm-7', name: 'pr-12', powerState: 'SUSPENDED' };
  const failsWith = (errorType: string, operation: string) =>
    throws(refused({ operation, status: 500, errorType }));

  const find = async (handlers: Readonly<Record<string, Handler>>) => {
    const scripted = createScriptedSession({ clock: createVirtualClock(), handlers });
    const result = await findVm(scripted, 'vm-7', limits).catch((error: unknown) => ({ error }));
    return { result, scripted };
  };

  it('reads name and power state in one request', async () => {
    const { result, scripted } = await find({ [LIST]: () => [row] });
    expect(result).toEqual(found);
    expect(scripted.calls.map(({ call }) => [call.operation, call.query])).toEqual([[LIST, { vms: 'vm-7' }]]);
  });

  it.each([
    ['nothing', []],
    ['another VM, as a server that ignores the filter', [{ ...row, vm: 'vm-8' }]],
  ])('finds none where the list has %s', async (_, rows) => {
    expect((await find({ [LIST]: () => rows })).result).toBeUndefined();
  });

  it.each([
    ['fails', failsWith('INTERNAL_SERVER_ERROR', LIST)],
    ['is refused', throws(refused({ operation: LIST, status: 403, errorType: 'UNAUTHORIZED' }))],
    ['is none', () => null],
  ])('B2: asks for the VM itself where the list %s', async (_, list) => {
    const { result, scripted } = await find({
      [LIST]: list,
      [GET]: () => ({ name: 'pr-12', power_state: 'SUSPENDED' }),
    });
    expect(result).toEqual(found);
    expect(scripted.calls.at(-1)?.call).toMatchObject({ operation: GET, path: { vm: 'vm-7' } });
  });

  it('B2: finds none where the list fails and the VM itself is not found', async () => {
    const { result } = await find({ [LIST]: failsWith('ERROR', LIST), [GET]: throws(notFound(GET)) });
    expect(result).toBeUndefined();
  });

  it.each([
    ['fails', failsWith('INTERNAL_SERVER_ERROR', GET)],
    ['is no VM', () => ({})],
  ])('B2: throws the error of the list where the VM itself %s, too', async (_, vm) => {
    const { result, scripted } = await find({ [LIST]: failsWith('ERROR', LIST), [GET]: vm });
    expect(result).toMatchObject({ error: { operation: LIST, errorType: 'ERROR' } });
    expect(scripted.operations().filter((operation) => operation === GET)).toHaveLength(1);
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
  const LASTING = [
    ['DELETE /api/vcenter/vm/{vm}', deleteVm],
    ['POST /api/vcenter/vm/{vm}/power?action=stop', stopVm],
    ['POST /api/vcenter/vm/{vm}/power?action=start', startVm],
  ] as const;

  it.each<readonly [string, (session: Session, vm: string, limits: Limits) => Promise<void>]>([
    ...LASTING,
    ['POST /api/vcenter/vm/{vm}/guest/power?action=shutdown', shutDownGuest],
  ])('B4: %s is safe to repeat, and is repeated after one 500', async (operation, call) => {
    const failure = refused({ operation, status: 500, errorType: 'ERROR' });
    const scripted = session(
      operation,
      inTurn(throws(failure), () => undefined),
    );
    await call(scripted, 'vm-7', limits);
    const [first, second] = scripted.calls;
    expect(first?.call).toMatchObject({ operation, path: { vm: 'vm-7' }, expects: 'nothing' });
    expect(second?.call).toEqual(first?.call);
    expect(scripted.calls).toHaveLength(2);
  });

  it.each(LASTING)('A3: %s blocks until done, and is given the time for it', async (operation, call) => {
    const scripted = session(operation, undefined);
    await call(scripted, 'vm-7', limits);
    expect(scripted.calls[0]?.call.timeout).toBeGreaterThanOrEqual(60_000);
  });

  it('B12: a guest whose Tools do not run is not asked again', async () => {
    const operation = 'POST /api/vcenter/vm/{vm}/guest/power?action=shutdown';
    const failure = refused({
      ...{ operation, status: 503, errorType: 'SERVICE_UNAVAILABLE' },
      messageIds: ['com.vmware.api.vcenter.vm.guest.tools_not_running'],
    });
    const scripted = session(operation, throws(failure));
    expect(await rejection(shutDownGuest(scripted, 'vm-7', limits))).toBe(failure);
    expect(scripted.calls).toHaveLength(1);
  });
});
