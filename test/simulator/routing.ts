import type { OperationDefinition } from './operation.ts';
import { type Operation, operations } from './operations.ts';
import type { Query } from './shape.ts';

interface Route {
  readonly operation: Operation;
  readonly definition: OperationDefinition;
  readonly method: string;
  readonly segments: readonly string[];
  /** `action` and `vmw-task`: they choose the operation and are not among its parameters. */
  readonly selectors: ReadonlyMap<string, string>;
}

export interface RoutedRequest {
  readonly operation: Operation;
  readonly definition: OperationDefinition;
  readonly path: Readonly<Record<string, string>>;
  /** Without the parameters that chose the operation. */
  readonly query: Query;
}

const routes: readonly Route[] = Object.entries<OperationDefinition>(operations).map(([key, definition]) => {
  const [method = '', target = ''] = key.split(' ');
  const url = new URL(target, 'https://vcenter');
  return {
    operation: key as Operation,
    definition,
    method,
    segments: decodeURIComponent(url.pathname).split('/'),
    selectors: new Map(url.searchParams),
  };
});

const routesByLength = Map.groupBy(routes, ({ segments }) => segments.length);

/** `urlKnown`: the path exists, but not with this method and these selectors. */
export type RouteResult = RoutedRequest | { readonly urlKnown: boolean };

/** The operation that a request means. */
export function route(request: {
  readonly method: string;
  readonly pathname: string;
  readonly query: Query;
}): RouteResult {
  const actual = request.pathname.split('/').map(decodeSegment);
  const onPath = (routesByLength.get(actual.length) ?? []).flatMap((candidate) => {
    const path = matchPath(candidate.segments, actual);
    return path ? [{ ...candidate, path }] : [];
  });
  const best = onPath
    .filter((candidate) => candidate.method === request.method)
    .filter((candidate) =>
      [...candidate.selectors].every(([name, value]) => request.query.get(name)?.join() === value),
    )
    .sort((a, b) => b.selectors.size - a.selectors.size)[0];
  if (!best) return { urlKnown: onPath.length > 0 };
  const query = new Map([...request.query].filter(([name]) => !best.selectors.has(name)));
  return { operation: best.operation, definition: best.definition, path: best.path, query };
}

function matchPath(
  segments: readonly string[],
  actual: readonly (string | undefined)[],
): Record<string, string> | undefined {
  const path: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = actual[index];
    if (value === undefined) return undefined;
    if (segment.startsWith('{')) {
      if (value === '') return undefined;
      path[segment.slice(1, -1)] = value;
    } else if (value !== segment) {
      return undefined;
    }
  }
  return path;
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
