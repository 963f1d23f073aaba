import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Exchange } from '../simulator/vcenter.ts';
import { isViJson } from '../simulator/vi-json/routing.ts';

/** VMware's Swagger 2 description of the vSphere Automation API, as a judge of exchanges. */
export interface VsphereSpec {
  /** The keys of all operations, such as `GET /api/vcenter/vm`. */
  readonly operations: readonly string[];
  /** Everything in which an exchange departs from the description; each begins with `request:` or `answer:`. */
  check(exchange: Exchange): string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'body';
  readonly required?: boolean;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly type?: string; readonly enum?: readonly string[] };
  readonly schema?: object;
}

interface OperationObject {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: object }>>;
}

interface SwaggerFile {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly definitions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface DescribedOperation {
  readonly key: string;
  readonly method: string;
  readonly path: RegExp;
  readonly selectors: ReadonlyMap<string, string>;
  readonly query: readonly Parameter[];
  readonly body: ValidateFunction | undefined;
  /** By status; undefined where the answer has no body. */
  readonly answers: ReadonlyMap<number, ValidateFunction | undefined>;
}

/** Where the 7.0.3 file is known to be wrong or silent, what is right instead, and how that is known. */
export const allowances = {
  /** The schema says `object`; a task's result is whatever the operation yields, such as a VM's id (a string). */
  taskResult: {},
  /** The file says `string`; later descriptions say: an error body like any other. Both are taken. */
  taskError: { anyOf: [{ type: 'string' }, { $ref: '#/definitions/VapiStdErrorsError' }] },
  /**
   * Statuses that the file does not list for some operations although every operation has them: a session may end
   * at any time (guest shutdown lacks the 401), and privileges are checked for the guest operations, too.
   */
  statuses: [401, 403],
  /**
   * A VM that another operation holds refuses whatever would change it, with this error, also where the file has no 500 for
   * the operation (as for its customization).
   */
  busy: { status: 500, errorType: 'RESOURCE_BUSY' },
  /** What does not fit an operation is refused with this status before it is begun, whether it is listed or not. */
  statusOfBadRequest: 400,
} as const;

/** Reads the description; throws where the file is not one. */
export function loadVsphereSpec(file: string): VsphereSpec {
  const swagger = JSON.parse(readFileSync(file, 'utf8')) as SwaggerFile;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'vsphere', definitions: closedDefinitions(swagger) });
  const described = describeOperations(swagger, ajv);
  return {
    operations: described.map(({ key }) => key),
    check: (exchange) => {
      const operation = findOperation(described, exchange);
      if (!operation) return [`request: no such operation: ${exchange.method} ${exchange.path}`];
      const request = checkRequest(operation, exchange);
      return [...request, ...checkAnswer(operation, exchange, request.length > 0)];
    },
  };
}

let loaded: { readonly file: string; readonly spec: VsphereSpec } | undefined;

/** Checks exchanges of the REST API against the file that VSPHERE_API_SPEC names; without that variable there is nothing to check. */
export function checkExchanges(exchanges: readonly Exchange[]): string[] {
  const file = process.env['VSPHERE_API_SPEC'];
  if (!file) return [];
  if (loaded?.file !== file) loaded = { file, spec: loadVsphereSpec(file) };
  const { spec } = loaded;
  const ofRest = exchanges.filter(({ path }) => !isViJson(path));
  return ofRest.flatMap((exchange) =>
    spec.check(exchange).map((violation) => `#${exchange.index} ${exchange.operation}: ${violation}`),
  );
}

/** Swagger leaves objects open; here a field that is not described is a violation. */
function closedDefinitions(swagger: SwaggerFile): Record<string, object> {
  const definitions: Record<string, object> = {};
  for (const [name, definition] of Object.entries(swagger.definitions)) {
    const properties = definition['properties'];
    definitions[name] = properties ? { ...definition, additionalProperties: false } : definition;
  }
  const task = definitions['CisTaskInfo'] as { properties: object; [key: string]: unknown };
  const { taskResult, taskError } = allowances;
  definitions['CisTaskInfo'] = {
    ...task,
    properties: { ...task.properties, result: taskResult, error: taskError },
  };
  return definitions;
}

function describeOperations(swagger: SwaggerFile, ajv: Ajv): DescribedOperation[] {
  const compile = (schema: object | undefined) => {
    if (!schema) return undefined;
    return ajv.compile(
      JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"vsphere#/definitions/')) as object,
    );
  };
  return Object.entries(swagger.paths).flatMap(([target, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [path = '', search = ''] = target.split('?');
      const parameters = operation.parameters ?? [];
      const answers = Object.entries(operation.responses).map(
        ([status, answer]) => [Number(status), compile(answer.schema)] as const,
      );
      return {
        key: `${method.toUpperCase()} ${target}`,
        method: method.toUpperCase(),
        path: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
        selectors: new Map(new URLSearchParams(search)),
        query: parameters.filter((parameter) => parameter.in === 'query'),
        body: compile(parameters.find((parameter) => parameter.in === 'body')?.schema),
        answers: new Map(answers),
      };
    }),
  );
}

function findOperation(
  operations: readonly DescribedOperation[],
  exchange: Exchange,
): DescribedOperation | undefined {
  return operations
    .filter(({ method, path }) => method === exchange.method && path.test(exchange.path))
    .filter(({ selectors }) =>
      [...selectors].every(([name, value]) => exchange.query[name]?.join() === value),
    )
    .sort((a, b) => b.selectors.size - a.selectors.size)[0];
}

function checkRequest(operation: DescribedOperation, exchange: Exchange): string[] {
  const needsSession = operation.key !== 'POST /api/session';
  const noSession = needsSession && exchange.headers['vmware-api-session-id'] === undefined;
  return [
    ...(noSession ? ['request: no vmware-api-session-id'] : []),
    ...Object.entries(exchange.query)
      .filter(([name]) => !operation.selectors.has(name))
      .flatMap(([name, values]) => checkParameter(operation, name, values)),
    ...checkRequestBody(operation, exchange),
  ];
}

function checkParameter(operation: DescribedOperation, name: string, values: readonly string[]): string[] {
  const parameter = operation.query.find((item) => item.name === name);
  if (!parameter) return [`request: query parameter ${name} is not described`];
  const many = parameter.type === 'array';
  const type = many ? parameter.items?.type : parameter.type;
  const allowed = many ? parameter.items?.enum : parameter.enum;
  const wrong = (value: string) =>
    (type === 'boolean' && value !== 'true' && value !== 'false') ||
    (type === 'integer' && !/^-?\d+$/.test(value)) ||
    (allowed && !allowed.includes(value));
  return [
    ...(many || values.length === 1 ? [] : [`request: query parameter ${name} is given more than once`]),
    ...values.filter(wrong).map((value) => `request: query parameter ${name} cannot be ${value}`),
    // An empty filter is no filter: the list would hold everything.
    ...(values.includes('') ? [`request: query parameter ${name} is empty`] : []),
  ];
}

function checkRequestBody({ body }: DescribedOperation, exchange: Exchange): string[] {
  if (exchange.rawBody === '') return [];
  if (!body) return ['request: a body where none is described'];
  const contentType = exchange.headers['content-type'] ?? '';
  return [
    ...(contentType.startsWith('application/json') ? [] : [`request: content-type is ${contentType}`]),
    ...violations(body, exchange.requestBody, 'request: body'),
  ];
}

function checkAnswer(operation: DescribedOperation, exchange: Exchange, badRequest: boolean): string[] {
  const { status, fault, quirk } = exchange;
  // What a fault or a quirk made of the answer is not the description's business.
  if (status === undefined || fault !== undefined || quirk !== undefined) return [];
  if (operation.answers.has(status)) {
    const schema = operation.answers.get(status);
    if (schema) return violations(schema, exchange.answerBody, `answer: ${status} body`);
    return exchange.answerBody === undefined ? [] : [`answer: ${status} has a body`];
  }
  const refused = badRequest && status === allowances.statusOfBadRequest;
  const { busy } = allowances;
  const isBusy =
    status === busy.status &&
    (exchange.answerBody as { readonly error_type?: unknown } | undefined)?.error_type === busy.errorType;
  const allowed = refused || isBusy || allowances.statuses.some((other) => other === status);
  return allowed ? [] : [`answer: status ${status} is not described`];
}

function violations(schema: ValidateFunction, value: unknown, what: string): string[] {
  if (schema(value)) return [];
  return (schema.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = 'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : '';
    return `${what}${instancePath} ${message}${extra}`;
  });
}
