import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** One request of VI/JSON with its response. */
export interface ViExchange {
  /** Method and path, with an id or `{moId}` in it: `POST /sdk/vim25/8.0.1.0/Task/{moId}/CancelTask`. */
  readonly operation: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly responseBody?: unknown;
}

/** VMware's OpenAPI description of VI/JSON, as a judge of exchanges. */
export interface ViJsonSpec {
  /** `POST /Task/{moId}/CancelTask` */
  readonly operations: readonly string[];
  /** Everything in which an exchange departs from the description; each begins with `request:` or `response:`. */
  check(exchange: ViExchange): readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

interface Content {
  readonly content?: { readonly 'application/json': { readonly schema: Schema } };
}

interface SpecFile {
  readonly info: { readonly version: string };
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly requestBody?: Content; readonly responses: Readonly<Record<string, Content>> }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface DescribedOperation {
  readonly request: ValidateFunction | undefined;
  /** By status; undefined where the response has no body. */
  readonly responses: ReadonlyMap<string, ValidateFunction | undefined>;
}

const RELEASE = '8.0.1.0';
const PREFIX = `/sdk/vim25/${RELEASE}`;

/** Reads the description; throws where the file is not one. */
export function loadViJsonSpec(file: string): ViJsonSpec {
  const spec = JSON.parse(readFileSync(file, 'utf8')) as SpecFile;
  if (spec.info.version !== RELEASE)
    throw new Error(`${file} describes ${spec.info.version}, not ${RELEASE}`);
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const { schemas } = spec.components;
  ajv.addSchema({ $id: 'request', definitions: mapValues(schemas, (schema) => closed(schema, true)) });
  ajv.addSchema({ $id: 'response', definitions: mapValues(schemas, (schema) => closed(schema, false)) });
  const compile = (side: 'request' | 'response', body: Content | undefined) => {
    const schema = body?.content?.['application/json'].schema;
    if (!schema) return undefined;
    return ajv.compile(
      JSON.parse(
        JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${side}#/definitions/`),
      ) as Schema,
    );
  };
  const described = new Map<string, () => DescribedOperation>();
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(methods)) {
      let compiled: DescribedOperation | undefined;
      // Compiling all of them takes seconds, and a test needs a few.
      described.set(`${method.toUpperCase()} ${path}`, () => {
        compiled ??= {
          request: compile('request', requestBody),
          responses: new Map(
            Object.entries(responses).map(([status, body]) => [status, compile('response', body)]),
          ),
        };
        return compiled;
      });
    }
  }
  return {
    operations: [...described.keys()],
    check: ({ operation, requestBody, status, responseBody }) => {
      const [method = '', path = ''] = operation.split(' ');
      if (!path.startsWith(`${PREFIX}/`)) return [`request: the path does not begin with ${PREFIX}`];
      const [, type = '', , name = ''] = path.slice(PREFIX.length).split('/');
      const found = described.get(`${method} /${type}/{moId}/${name}`)?.();
      if (!found) return [`request: no such operation: ${operation}`];
      return [
        ...checkRequest(found.request, asSent(requestBody)),
        ...checkResponse(found.responses, { status, body: asSent(responseBody) }),
      ];
    },
  };
}

let loaded: { readonly file: string; readonly spec: ViJsonSpec } | undefined;

/** Checks exchanges against the file that VSPHERE_VI_JSON_SPEC names; without that variable there is nothing to check. */
export function checkViExchanges(exchanges: readonly ViExchange[]): readonly string[] {
  const file = process.env['VSPHERE_VI_JSON_SPEC'];
  if (!file) return [];
  if (loaded?.file !== file) loaded = { file, spec: loadViJsonSpec(file) };
  const { spec } = loaded;
  return exchanges.flatMap((exchange) =>
    spec.check(exchange).map((violation) => `${exchange.operation}: ${violation}`),
  );
}

/** A field that is not described is a violation; in a request also one that came after the release of the path. */
function closed(schema: Schema, isRequest: boolean): Schema {
  const text = JSON.stringify(schema).replaceAll(
    '"#/components/schemas/',
    `"${isRequest ? 'request' : 'response'}#/definitions/`,
  );
  const copy = JSON.parse(text) as { properties?: Record<string, { readonly 'x-since'?: string }> };
  if (!copy.properties) return copy;
  const properties = Object.fromEntries(
    Object.entries(copy.properties).filter(
      ([, property]) => !isRequest || !isAfterRelease(property['x-since'] ?? '0'),
    ),
  );
  return { ...copy, properties, additionalProperties: false };
}

function isAfterRelease(since: string): boolean {
  return since.localeCompare(RELEASE, 'en', { numeric: true }) > 0;
}

function checkRequest(schema: ValidateFunction | undefined, body: unknown): readonly string[] {
  if (!schema) return body === undefined ? [] : ['request: has a body'];
  if (body === undefined) return ['request: no body'];
  return [...violations(schema, body, 'request: body'), ...typesNotFirst(body, 'request: body', true)];
}

function checkResponse(
  responses: DescribedOperation['responses'],
  { status, body }: { readonly status: number; readonly body: unknown },
): readonly string[] {
  if (!responses.has(String(status))) return [`response: status ${status} is not described`];
  const schema = responses.get(String(status));
  if (!schema) return body === undefined ? [] : [`response: ${status} has a body`];
  // An empty body stands for null.
  return violations(schema, body ?? null, `response: ${status} body`);
}

function violations(schema: ValidateFunction, value: unknown, what: string): readonly string[] {
  if (schema(value)) return [];
  return (schema.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : '';
    return `${what}${instancePath} ${message}${extra}`;
  });
}

/** The description cannot say it: the name of the type comes first, in every object but the outermost one. */
function typesNotFirst(value: unknown, at: string, isOutermost = false): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isBare = !Array.isArray(value) && !isOutermost && Object.keys(value)[0] !== '_typeName';
  return [
    ...(isBare ? [`${at} does not begin with _typeName`] : []),
    ...Object.entries(value).flatMap(([name, each]) => typesNotFirst(each, `${at}/${name}`)),
  ];
}

function asSent(body: unknown): unknown {
  return body === undefined ? undefined : JSON.parse(JSON.stringify(body));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
