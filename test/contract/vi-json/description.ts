import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Exchange } from '../../simulator/vcenter.ts';
import { isViJson } from '../../simulator/vi-json/routing.ts';

/** What of an exchange is judged. */
export type JudgedExchange = Pick<
  Exchange,
  | 'method'
  | 'path'
  | 'query'
  | 'headers'
  | 'rawBody'
  | 'requestBody'
  | 'status'
  | 'answerBody'
  | 'fault'
  | 'quirk'
>;

/** VMware's OpenAPI description of VI/JSON, as a judge of exchanges. */
export interface ViJsonSpec {
  /** The keys of all operations, such as `POST /Task/{moId}/CancelTask`. */
  readonly operations: readonly string[];
  /** Everything in which an exchange departs from the description; each begins with `request:` or `answer:`. */
  check(exchange: JudgedExchange): string[];
}

type Schema = Readonly<Record<string, unknown>>;

interface Body {
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
          {
            readonly requestBody?: Body & { readonly required?: boolean };
            readonly responses: Readonly<Record<string, Body>>;
            readonly security?: readonly object[];
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface DescribedOperation {
  readonly request: ValidateFunction | undefined;
  readonly isBodyRequired: boolean;
  readonly isAnonymous: boolean;
  /** By status; undefined where the answer has no body. */
  readonly answers: ReadonlyMap<number, ValidateFunction | undefined>;
}

const release = '8.0.1.0';
/** Where the release is, the operations begin. */
export const viJsonBase = `/sdk/vim25/${release}`;

/** Reads the description; throws where the file is not one. */
export function loadViJsonSpec(file: string): ViJsonSpec {
  const spec = JSON.parse(readFileSync(file, 'utf8')) as SpecFile;
  if (spec.info.version !== release)
    throw new Error(`${file} describes ${spec.info.version}, not ${release}`);
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const definitions = Object.fromEntries(
    Object.entries(spec.components.schemas).map(([name, schema]) => [name, closed(schema)]),
  );
  ajv.addSchema({ $id: 'vi-json', definitions });
  const described = new Map<string, () => DescribedOperation>(
    Object.entries(spec.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, describer(ajv, operation)] as const,
      ),
    ),
  );
  return {
    operations: [...described.keys()],
    check: (exchange) => {
      if (!exchange.path.startsWith(`${viJsonBase}/`)) return [`request: not of the release ${release}`];
      const [type = '', , name = '', ...rest] = exchange.path.slice(viJsonBase.length + 1).split('/');
      const key = `${exchange.method} /${type}/{moId}/${name}`;
      const operation = rest.length === 0 ? described.get(key)?.() : undefined;
      if (!operation) return [`request: no such operation: ${exchange.method} ${exchange.path}`];
      return [...checkRequest(operation, exchange), ...checkAnswer(operation, exchange)];
    },
  };
}

let loaded: { readonly file: string; readonly spec: ViJsonSpec } | undefined;

/** Checks an exchange of VI/JSON against the file that VSPHERE_VI_JSON_SPEC names; without it there is nothing to check. */
export function checkExchange(exchange: JudgedExchange & { readonly index?: number }): string[] {
  const file = process.env['VSPHERE_VI_JSON_SPEC'];
  if (!file || !isViJson(exchange.path)) return [];
  if (loaded?.file !== file) loaded = { file, spec: loadViJsonSpec(file) };
  return loaded.spec
    .check(exchange)
    .map((violation) => `#${exchange.index ?? ''} ${exchange.method} ${exchange.path}: ${violation}`);
}

/** A field that is not described is a violation, and so is one that came after the release. */
function closed(schema: Schema): Schema {
  const copy = JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components/schemas/', '"vi-json#/definitions/'),
  ) as { properties?: Readonly<Record<string, { readonly 'x-since'?: string }>> };
  if (!copy.properties) return copy;
  const properties = Object.entries(copy.properties).filter(
    ([, property]) => property['x-since'] === undefined,
  );
  return { ...copy, properties: Object.fromEntries(properties), additionalProperties: false };
}

/** Compiling all of them takes seconds, and a test needs a few. */
function describer(ajv: Ajv, operation: SpecFile['paths'][string][string]): () => DescribedOperation {
  let compiled: DescribedOperation | undefined;
  const compile = (body: Body | undefined) => {
    const schema = body?.content?.['application/json'].schema;
    return schema && ajv.compile(closed(schema));
  };
  return () => {
    compiled ??= {
      request: compile(operation.requestBody),
      isBodyRequired: operation.requestBody?.required ?? false,
      isAnonymous: operation.security?.some((each) => Object.keys(each).length === 0) ?? false,
      answers: new Map(
        Object.entries(operation.responses).map(([status, body]) => [Number(status), compile(body)]),
      ),
    };
    return compiled;
  };
}

function checkRequest(operation: DescribedOperation, exchange: JudgedExchange): string[] {
  const { request, isBodyRequired, isAnonymous } = operation;
  const { rawBody, requestBody, query, headers } = exchange;
  if (exchange.fault === 'refused') return []; // nobody has read its body
  const problems = [
    ...(!isAnonymous && headers['vmware-api-session-id'] === undefined
      ? ['request: no vmware-api-session-id']
      : []),
    ...Object.keys(query).map((name) => `request: query parameter ${name} is not described`),
  ];
  if (rawBody === '') return [...problems, ...(isBodyRequired ? ['request: no body'] : [])];
  if (!request) return [...problems, 'request: a body where none is described'];
  const contentType = headers['content-type'] ?? '';
  return [
    ...problems,
    ...(contentType.startsWith('application/json') ? [] : [`request: content-type is ${contentType}`]),
    ...violations(request, requestBody, 'request: body'),
    ...typesNotFirst(requestBody, { at: 'request: body', isOutermost: true }),
  ];
}

function checkAnswer({ answers }: DescribedOperation, exchange: JudgedExchange): string[] {
  const { status, fault, quirk, answerBody } = exchange;
  // What a fault or a quirk made of the answer is not the description's business.
  if (status === undefined || fault !== undefined || quirk !== undefined) return [];
  if (!answers.has(status)) return [`answer: status ${status} is not described`];
  const schema = answers.get(status);
  if (!schema) return answerBody === undefined ? [] : [`answer: ${status} has a body`];
  return [
    // An empty body must be taken for null.
    ...violations(schema, answerBody ?? null, `answer: ${status} body`),
    ...typesNotFirst(answerBody, { at: `answer: ${status} body`, isOutermost: false }),
  ];
}

function violations(schema: ValidateFunction, value: unknown, what: string): string[] {
  if (schema(value)) return [];
  return (schema.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : '';
    return `${what}${instancePath} ${message}${extra}`;
  });
}

/** What a schema cannot say: an object begins with the name of its type. The parameters as a whole have none. */
function typesNotFirst(
  value: unknown,
  { at, isOutermost }: { readonly at: string; readonly isOutermost: boolean },
): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isBare = !Array.isArray(value) && !isOutermost && Object.keys(value)[0] !== '_typeName';
  return [
    ...(isBare ? [`${at} does not begin with _typeName`] : []),
    ...Object.entries(value).flatMap(([name, each]) =>
      typesNotFirst(each, { at: `${at}/${name}`, isOutermost: false }),
    ),
  ];
}
