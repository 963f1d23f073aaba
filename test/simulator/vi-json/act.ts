import type { Exchange } from '../http-log.ts';
import type { Answer } from '../operation.ts';
import type { Incoming } from '../request-handler.ts';
import { VapiError } from '../vapi-error.ts';
import type { World } from '../world.ts';
import type { ManagedObject } from './data.ts';
import { faultBody, faultOf, invalidRequest, notAuthenticated, objectNotFound } from './fault.ts';
import { findObject } from './objects.ts';
import { checkParameters } from './request-body.ts';
import type { RoutedViRequest } from './routing.ts';

interface ActOptions {
  readonly incoming: Incoming;
  readonly routed: RoutedViRequest | undefined;
  readonly body: Pick<Exchange, 'rawBody' | 'requestBody'>;
}

/** Carries out a request of VI/JSON: address, session, object, form, operation. A refusal is an answer, too. */
export async function actViJson(world: World, options: ActOptions): Promise<Answer> {
  const { routed } = options;
  if (world.behaviour.viJson === 'none' || !routed) return absent(world);
  try {
    return await carryOut(world, { ...options, routed });
  } catch (error) {
    if (!(error instanceof VapiError)) throw error;
    const { behaviour, inventory } = world;
    const isBare = behaviour.viBareFaultReferences;
    return {
      status: 500,
      body: faultBody(faultOf(error, inventory), behaviour),
      ...(isBare && { quirk: 'references without their type' }),
    };
  }
}

async function carryOut(
  world: World,
  { incoming, routed, body }: ActOptions & { readonly routed: RoutedViRequest },
): Promise<Answer> {
  const { definition, object: wanted, path } = routed;
  const now = world.settle();
  const session = definition.withoutSession ? undefined : sessionOf(world, { incoming, wanted, now });
  const object = findObject(world, wanted, session?.number);
  if (!object) throw objectNotFound(wanted);
  if (incoming.query.size > 0) throw invalidRequest('There are no query parameters.');
  return definition.handle(world, {
    object,
    path,
    session,
    token: incoming.token,
    body: parametersOf({ incoming, routed, body }),
  });
}

function sessionOf(
  world: World,
  options: { readonly incoming: Incoming; readonly wanted: ManagedObject; readonly now: number },
) {
  const { incoming, wanted, now } = options;
  try {
    return world.sessions.use({ token: incoming.token, now, api: 'vi-json' });
  } catch (error) {
    if (error instanceof VapiError) throw notAuthenticated(wanted);
    throw error;
  }
}

function parametersOf({
  incoming,
  routed,
  body,
}: ActOptions & { readonly routed: RoutedViRequest }): Readonly<Record<string, unknown>> {
  const { parameters } = routed.definition;
  if (!parameters) {
    if (body.rawBody !== '') throw invalidRequest('There are no parameters.');
    return {};
  }
  if (body.rawBody === '') throw invalidRequest('The request has no body.');
  if (!/^application\/json\s*(;|$)/i.test(incoming.contentType ?? '')) {
    throw invalidRequest(`The content type is ${incoming.contentType ?? 'not given'}.`);
  }
  return checkParameters(body.requestBody, parameters);
}

/** A vCenter without VI/JSON, a release that it does not have, or a method that nobody has. */
function absent({ behaviour }: World): Answer {
  const quirk = 'there is no such thing';
  if (behaviour.viAbsence === '404') return { status: 404, quirk };
  return {
    status: 500,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    text: `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault>
<faultcode>ServerFaultCode</faultcode><faultstring>Unexpected request.</faultstring></soapenv:Fault></soapenv:Body>
</soapenv:Envelope>`,
    quirk,
  };
}
