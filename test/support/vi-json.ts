import { expect, onTestFinished } from 'vitest';
import type { Clock } from '../../src/time/clock.ts';
import { VcenterError } from '../../src/vcenter/transport/error.ts';
import { readFault } from '../../src/vcenter/transport/fault.ts';
import { checkExchange, type JudgedExchange } from '../contract/vi-json/description.ts';
import { createScriptedSession, type Handler, type ScriptedSession } from './scripted-session.ts';
import { SERVER } from './vcenter-answers.ts';
import { createVirtualClock } from './virtual-clock.ts';

const SDK = '/sdk/vim25/8.0.1.0';

export const PROBE = `GET ${SDK}/ServiceInstance/ServiceInstance/content`;

/** `POST Task/CancelTask` as a session has it. */
export function operationOf(short: string): string {
  const [method, path = ''] = short.split(' ');
  const [type, name] = path.split('/');
  return `${method} ${SDK}/${type}/{moId}/${name}`;
}

export function ref(type: string, value: string) {
  return { _typeName: 'ManagedObjectReference', type, value };
}

/** What a vCenter tells of itself, with ids that nobody would guess. */
export const serviceContent = {
  _typeName: 'ServiceContent',
  rootFolder: ref('Folder', 'root-1'),
  propertyCollector: ref('PropertyCollector', 'collector-1'),
  sessionManager: ref('SessionManager', 'sessions-1'),
  searchIndex: ref('SearchIndex', 'index-1'),
  viewManager: ref('ViewManager', 'views-1'),
  about: {
    _typeName: 'AboutInfo',
    name: 'VMware vCenter Server',
    fullName: 'VMware vCenter Server 8.0.3 build-1',
    vendor: 'VMware, Inc.',
    version: '8.0.3',
    build: '1',
    osType: 'linux-x64',
    productLineId: 'vpx',
    apiType: 'VirtualCenter',
    apiVersion: '8.0.3.0',
  },
};

const BOXES: Readonly<Record<string, string>> = { string: 'string', boolean: 'boolean', number: 'int' };

/** A value where any type may stand. */
export function any(value: unknown): unknown {
  return typeof value === 'object' ? value : { _typeName: BOXES[typeof value], _value: value };
}

export interface ObjectRow {
  readonly obj: ReturnType<typeof ref>;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly missing?: Readonly<Record<string, object>>;
}

/** A RetrieveResult. */
export function retrieved(rows: readonly ObjectRow[], token?: string): unknown {
  return {
    _typeName: 'RetrieveResult',
    ...(token === undefined ? {} : { token }),
    objects: rows.map(({ obj, properties = {}, missing = {} }) => ({
      _typeName: 'ObjectContent',
      obj,
      propSet: Object.entries(properties).map(([name, val]) => ({
        _typeName: 'DynamicProperty',
        name,
        val: any(val),
      })),
      missingSet: Object.entries(missing).map(([path, fault]) => ({
        _typeName: 'MissingProperty',
        path,
        fault,
      })),
    })),
  };
}

export class FaultAnswer {
  readonly fault: object;

  constructor(fault: object) {
    this.fault = fault;
  }
}

/** A handler's answer that is a fault: HTTP 500. */
export function fails(fault: { readonly _typeName: string; readonly [field: string]: unknown }): FaultAnswer {
  return new FaultAnswer(fault);
}

/** The error that a fault becomes. */
export function faultError(operation: string, fault: object): VcenterError {
  const fields = readFault(fault);
  if (fields === undefined) {
    throw new TypeError('no fault');
  }
  return new VcenterError({
    operation,
    server: SERVER,
    failure: 'response',
    status: 500,
    sent: true,
    ...fields,
  });
}

export interface ViSession {
  readonly clock: Clock;
  readonly session: ScriptedSession;
  /** What was sent, without the probe: `VirtualMachine/vm-42/CloneVM_Task` and the body. */
  sent(): readonly (readonly [target: string, body: unknown])[];
}

/**
 * A session whose vCenter is a table of VI/JSON's operations (`POST Task/CancelTask`). All requests and responses of the test are
 * checked against VMware's description, where that is at hand.
 */
export function createViSession(handlers: Readonly<Record<string, Handler>>): ViSession {
  const clock = createVirtualClock();
  const exchanges: JudgedExchange[] = [];
  onTestFinished(() => {
    expect(exchanges.flatMap(checkExchange)).toEqual([]);
  });
  const scripted: Record<string, Handler> = { [PROBE]: () => serviceContent };
  for (const [short, handler] of Object.entries(handlers)) {
    const operation = short === PROBE ? PROBE : operationOf(short);
    scripted[operation] = async (call, limits) => {
      const answer = await handler(call, limits);
      const isFault = answer instanceof FaultAnswer;
      const [method = '', path = ''] = operation.split(' ');
      const rawBody = call.body === undefined ? '' : JSON.stringify(call.body);
      exchanges.push({
        ...{ method, path, rawBody, query: {}, fault: undefined, quirk: undefined },
        headers: { 'content-type': 'application/json', 'vmware-api-session-id': '(hidden)' },
        requestBody: rawBody === '' ? undefined : JSON.parse(rawBody),
        status: isFault ? 500 : call.expects === 'nothing' ? 204 : 200,
        answerBody: isFault ? answer.fault : answer,
      });
      if (isFault) {
        throw faultError(operation, answer.fault);
      }
      return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
    };
  }
  const session = createScriptedSession({ clock, handlers: scripted });
  return {
    clock,
    session,
    sent: () =>
      session.calls
        .filter(({ call }) => call.operation !== PROBE)
        .map(({ call: { operation, path, body } }) => [
          operation.replace(/^\w+ \/sdk\/vim25\/8\.0\.1\.0\//, '').replace('{moId}', path?.['moId'] ?? ''),
          body,
        ]),
  };
}

export const limits = { signal: new AbortController().signal, retryTimeout: 20_000 };
