import { expect, onTestFinished } from 'vitest';
import { checkExchange } from '../contract/vi-json/description.ts';
import { checkExchanges } from '../contract/vsphere-spec.ts';
import { createVcenter, type Exchange, type InProcessOptions } from '../simulator/vcenter.ts';
import { basic } from './client.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface ViReply {
  readonly status: number;
  readonly text: string;
  /** Undefined where the text is not JSON. */
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** A data object: its type comes first. */
export function typed(typeName: string, fields: Fields = {}): Fields {
  return { _typeName: typeName, ...fields };
}

export function ref(type: string, value: string): Fields {
  return typed('ManagedObjectReference', { type, value });
}

export function option(key: string, value: string): Fields {
  return typed('OptionValue', { key, value: typed('string', { _value: value }) });
}

/** The parameters of a CloneVM_Task into a folder of the seed; of a template with a pool. */
export function cloneParameters(
  change: { readonly name?: string; readonly location?: Fields; readonly spec?: Fields } = {},
): Fields {
  const location = typed('VirtualMachineRelocateSpec', change.location);
  return {
    folder: ref('Folder', 'group-v23'),
    name: change.name ?? 'new',
    spec: typed('VirtualMachineCloneSpec', { location, template: false, powerOn: false, ...change.spec }),
  };
}

/** In which pool the clone of a template goes. */
export const inPool = { pool: ref('ResourcePool', 'resgroup-31') };

/** The request for one object's properties, by their paths. */
export function propertiesOf(type: string, id: string, ...pathSet: readonly string[]): Fields {
  return {
    specSet: [
      typed('PropertyFilterSpec', {
        propSet: [typed('PropertySpec', { type, pathSet })],
        objectSet: [typed('ObjectSpec', { obj: ref(type, id) })],
      }),
    ],
    options: typed('RetrieveOptions'),
  };
}

/** The same for what a property of the object refers to. */
export function propertiesVia(
  object: { readonly type: string; readonly id: string; readonly path: string },
  wanted: { readonly type: string; readonly pathSet: readonly string[] },
  options: Fields = {},
): Fields {
  const { type, id, path } = object;
  const selectSet = [typed('TraversalSpec', { type, path, skip: false })];
  return {
    specSet: [
      typed('PropertyFilterSpec', {
        propSet: [typed('PropertySpec', wanted)],
        objectSet: [typed('ObjectSpec', { obj: ref(type, id), skip: true, selectSet })],
      }),
    ],
    options: typed('RetrieveOptions', options),
  };
}

/**
 * A vCenter without sockets, in virtual time, with a client of VI/JSON that has the session of a REST login. What was sent
 * and answered is checked against VMware's descriptions when the test is over, but for the form of requests in tests that
 * send what nobody may.
 */
export async function startViVcenter(options: InProcessOptions & { readonly sendsNonsense?: boolean } = {}) {
  const clock = createVirtualClock();
  const { sendsNonsense = false, behaviour, ...others } = options;
  const vcenter = createVcenter({ clock, ...others, behaviour: { cloneDuration: 60_000, ...behaviour } });
  const judged = (exchange: Exchange) =>
    checkExchange(exchange).filter((problem) => !sendsNonsense || !problem.includes(': request: '));
  onTestFinished(async () => {
    await vcenter.close();
    expect(vcenter.exchanges.flatMap(judged)).toEqual([]);
    expect(checkExchanges(vcenter.exchanges)).toEqual([]);
  });
  const connection = vcenter.connection();
  const send = async (
    method: string,
    path: string,
    sent: { readonly body?: unknown; readonly text?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<ViReply> => {
    const body = sent.text ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const response = await connection.send({
      method,
      url: `https://${vcenter.server}${path}`,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...sent.headers },
      ...(body !== undefined && { body }),
      signal: new AbortController().signal,
    });
    const text = await response.text();
    return { status: response.status, text, body: parsed(text), header: response.header };
  };
  const login = await send('POST', '/api/session', {
    headers: { authorization: basic(vcenter.username, vcenter.password) },
  });
  let token = String(login.body);
  const session = () => ({ 'vmware-api-session-id': token });

  /** `VirtualMachine/vm-42/CloneVM_Task` with parameters, or without any. */
  const post = (path: string, body?: unknown) =>
    send('POST', `/sdk/vim25/8.0.1.0/${path}`, { body, headers: session() });
  const get = (path: string) => send('GET', `/sdk/vim25/8.0.1.0/${path}`, { headers: session() });
  const rest = (method: string, path: string, body?: unknown) =>
    send(method, path, { body, headers: session() });
  const taskInfo = async (id: string) => (await get(`Task/${id}/info`)).body as Fields;
  const retrieve = (body: unknown) => post('PropertyCollector/propertyCollector/RetrievePropertiesEx', body);
  /** Waits for the end of a task that a reply names. */
  const taskEnd = async (started: ViReply) => {
    const id = idOf(started);
    await clock.sleep(120_000, new AbortController().signal);
    return taskInfo(id);
  };
  return {
    ...{ clock, vcenter, send, post, get, rest, taskInfo, taskEnd, retrieve },
    token: () => token,
    useToken: (other: string) => {
      token = other;
    },
    sleep: (ms: number) => clock.sleep(ms, new AbortController().signal),
  };
}

/** The id of the task, or of whatever else a reply refers to. */
export function idOf({ status, body }: ViReply): string {
  const { value } = (body ?? {}) as { readonly value?: unknown };
  if (status !== 200 || typeof value !== 'string') throw new Error(`${status} ${JSON.stringify(body)}`);
  return value;
}

/** Objects of a RetrieveResult: the values by their paths, unboxed, each under its object's id. */
export function readResult({ body }: ViReply): Readonly<Record<string, Fields>> {
  const { objects = [] } = (body ?? {}) as { readonly objects?: readonly RetrievedObject[] };
  return Object.fromEntries(
    objects.map(({ obj, propSet = [] }) => [
      obj.value,
      Object.fromEntries(propSet.map(({ name, val }) => [name, '_value' in val ? val['_value'] : val])),
    ]),
  );
}

interface RetrievedObject {
  readonly obj: { readonly value: string };
  readonly propSet?: readonly { readonly name: string; readonly val: Fields }[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
