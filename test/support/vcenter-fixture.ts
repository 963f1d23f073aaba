import { afterEach } from 'vitest';
import { startVcenter, type Vcenter, type VcenterOptions } from '../simulator/vcenter.ts';
import { createPlainClient, type PlainClient } from './client.ts';

export interface Fixture {
  readonly vcenter: Vcenter;
  readonly client: PlainClient;
}

/** Returns a function that starts a simulator with a client that is logged in; both end with the test. */
export function useVcenter(): (options?: VcenterOptions) => Promise<Fixture> {
  const started: Fixture[] = [];
  afterEach(async () => {
    for (const { vcenter, client } of started.splice(0)) {
      client.close();
      await vcenter.close();
    }
  });
  return async (options) => {
    const vcenter = await startVcenter(options);
    const fixture = { vcenter, client: createPlainClient(vcenter) };
    started.push(fixture);
    await fixture.client.login();
    return fixture;
  };
}

/** The error type and the first message id of a refusal. */
export function refusal(body: unknown): { readonly errorType: unknown; readonly id: unknown } {
  const { error_type, messages } = body as { error_type?: string; messages?: { id: string }[] };
  return { errorType: error_type, id: messages?.[0]?.id };
}
