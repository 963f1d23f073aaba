import type { ManagedObject } from './data.ts';
import type { ViDefinition } from './operation.ts';
import { type ViOperation, viOperations } from './operations.ts';

const prefix = '/sdk/vim25/8.0.1.0';

export interface RoutedViRequest {
  readonly operation: ViOperation;
  readonly definition: ViDefinition;
  /** As the path names it. */
  readonly object: ManagedObject;
  /** The method or the property. */
  readonly path: string;
}

export function isViJson(operationOrPath: string): boolean {
  return /^(\S+ )?\/sdk\//.test(operationOrPath);
}

/** Undefined for another release, and for what no type has. */
export function routeViJson(request: {
  readonly method: string;
  readonly pathname: string;
}): RoutedViRequest | undefined {
  const { method, pathname } = request;
  if (!pathname.startsWith(`${prefix}/`)) return undefined;
  const [type = '', moId = '', path = '', ...rest] = pathname.slice(prefix.length + 1).split('/');
  const operation = `${method} ${prefix}/${type}/{moId}/${path}`;
  if (rest.length > 0 || !Object.hasOwn(viOperations, operation)) return undefined;
  const key = operation as ViOperation;
  try {
    const object = { type, id: decodeURIComponent(moId) };
    return { operation: key, definition: viOperations[key], object, path };
  } catch {
    return undefined;
  }
}
