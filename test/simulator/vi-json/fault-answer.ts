import type { FaultSpec, WireAnswer } from '../faults.ts';
import { data, type ManagedObject } from './data.ts';
import { notAuthenticated } from './fault.ts';
import { viOperations } from './operations.ts';

/** How VI/JSON says what a scripted fault means: each of its refusals is a 500 with a fault. Undefined where it has none. */
export function viFaultAnswer(spec: FaultSpec, operation: string): WireAnswer | undefined {
  switch (spec.kind) {
    case '401': {
      if (operation.endsWith('/Login')) return wire(spec, { name: 'InvalidLogin' });
      return wire(spec, notAuthenticated(objectOf(operation)).fault);
    }
    case 'busy':
      return wire(spec, { name: 'ConcurrentAccess', text: 'The object is busy with another operation.' });
    case '500-error':
      return wire(spec, {
        name: 'SystemError',
        text: 'A general system error occurred.',
        fields: { reason: '' },
      });
    case 'vi-fault':
      return wire(spec, spec.viFault ?? { name: 'MethodFault' });
    case '503-unavailable':
    case '503-unavailable-after':
      // The proxy's: what is behind it is not there.
      return {
        status: 503,
        headers: { 'content-type': 'text/plain', ...spec.headers },
        text: 'no healthy upstream',
      };
    default:
      return undefined;
  }
}

function objectOf(operation: string): ManagedObject {
  const known = Object.hasOwn(viOperations, operation) ? operation : '';
  const type = known.split('/')[4] ?? 'ServiceInstance';
  return { type, id: type };
}

function wire(spec: FaultSpec, fault: NonNullable<FaultSpec['viFault']>): WireAnswer {
  const { name, text = name, fields } = fault;
  return {
    status: 500,
    headers: { 'content-type': 'application/json', ...spec.headers },
    text: JSON.stringify(data(name, { ...fields, faultstring: text })),
  };
}
