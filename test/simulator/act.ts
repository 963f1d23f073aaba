import type { Exchange } from './http-log.ts';
import type { Answer, OperationDefinition } from './operation.ts';
import type { Incoming } from './request-handler.ts';
import { validateBody, validateQuery } from './shape.ts';
import { httpNotFound, message, VapiError, vapiError } from './vapi-error.ts';
import type { World } from './world.ts';

interface ActOptions {
  readonly incoming: Incoming;
  readonly body: Pick<Exchange, 'rawBody' | 'requestBody'>;
}

/** Carries out a request, in vCenter's order: address, session, form, operation. A refusal is an answer, too. */
export async function act(world: World, options: ActOptions): Promise<Answer> {
  try {
    return await carryOut(world, options);
  } catch (error) {
    if (error instanceof VapiError) return { status: error.status, body: error.body };
    throw error;
  }
}

async function carryOut(world: World, { incoming, body }: ActOptions): Promise<Answer> {
  const { routed } = incoming;
  const now = world.settle();
  if (!('operation' in routed)) {
    if (!routed.urlKnown) throw httpNotFound();
    throw vapiError('NOT_FOUND', message('com.vmware.vapi.rest.operationsForUrlNotFound', 'Not found.'));
  }
  const session = routed.definition.withoutSession
    ? undefined
    : world.sessions.use({ token: incoming.token, now });
  return routed.definition.handle(world, {
    path: routed.path,
    query: validateQuery(routed.query, routed.definition.query ?? {}),
    body: checkBody(world, { definition: routed.definition, contentType: incoming.contentType, body }),
    authorization: incoming.authorization,
    session,
  });
}

function checkBody(
  world: World,
  options: {
    readonly definition: OperationDefinition;
    readonly contentType: string | undefined;
    readonly body: ActOptions['body'];
  },
): unknown {
  const { definition, contentType, body } = options;
  if (body.rawBody === '') {
    if (!definition.body || definition.bodyOptional) return undefined;
    throw vapiError('INVALID_ARGUMENT', message('vapi.data.body.missing', 'The request has no body.'));
  }
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    throw vapiError(
      'INVALID_REQUEST',
      message('com.vmware.vapi.rest.unsupportedMediaType', "Unsupported content type '{0}'.", [
        contentType ?? '',
      ]),
    );
  }
  if (body.requestBody === undefined) {
    throw vapiError('INVALID_REQUEST', message('com.vmware.vapi.rest.badJson', 'The body is not JSON.'));
  }
  const shape = definition.body ?? { kind: 'structure', name: 'operation-input', fields: {} };
  return validateBody(body.requestBody, shape, { acceptNull: world.behaviour.serverVersion === '9.1' });
}
