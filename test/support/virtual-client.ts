import { expect, onTestFinished } from 'vitest';
import { checkExchange } from '../contract/vi-json/description.ts';
import { checkExchanges } from '../contract/vsphere-spec.ts';
import { createVcenter, type InProcessOptions } from '../simulator/vcenter.ts';
import { basic } from './client.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface VirtualReply {
  readonly status: number;
  readonly date: string | undefined;
  readonly body: unknown;
}

/**
 * A vCenter without sockets, in virtual time, with a client that is logged in, and a clone that ends after a minute. What was
 * sent and answered is checked against VMware's description when the test is over.
 */
export async function startVirtualVcenter(behaviour: InProcessOptions['behaviour'] = {}) {
  const clock = createVirtualClock();
  const vcenter = createVcenter({ clock, behaviour: { cloneDuration: 60_000, ...behaviour } });
  onTestFinished(async () => {
    await vcenter.close();
    expect(checkExchanges(vcenter.exchanges)).toEqual([]);
    expect(vcenter.exchanges.flatMap(checkExchange)).toEqual([]);
  });
  const connection = vcenter.connection();
  const headers: Record<string, string> = { authorization: basic(vcenter.username, vcenter.password) };
  const call = async (method: string, path: string, body?: unknown): Promise<VirtualReply> => {
    const response = await connection.send({
      method,
      url: `https://${vcenter.server}${path}`,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: new AbortController().signal,
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, date: response.header('date'), body: parsed };
  };
  headers['vmware-api-session-id'] = String((await call('POST', '/api/session')).body);
  const clone = async (spec: object = {}) =>
    String(
      (
        await call('POST', '/api/vcenter/vm?action=clone&vmw-task=true', {
          source: 'vm-42',
          name: 'new',
          ...spec,
        })
      ).body,
    );
  const task = (id: string) => call('GET', `/api/cis/tasks/${encodeURIComponent(id)}`);
  return { clock, vcenter, call, clone, task };
}
