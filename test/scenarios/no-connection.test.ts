import { describe, expect, it } from 'vitest';
import { LOGIN, setVirtualStage } from '../support/stage.ts';
import { cloneStep, failed } from '../support/steps.ts';
import { errorOf } from '../support/what-happened.ts';

describe('a server', () => {
  it("is named with 'http://'", async () => {
    const stage = setVirtualStage();
    const { error } = await failed(stage, { 'vcenter-server': `http://${stage.vcenter.server}` });
    expect(error).toMatchInlineSnapshot(
      `"[Invalid inputs] Invalid inputs: vcenter-server: "http://localhost:PORT" would send the password in the clear; use https:// or leave the scheme out."`,
    );
    expect(stage.vcenter.exchanges).toEqual([]);
  });
});

describe('a server that is slow', () => {
  it('A12: is told of after 5 s, and with the right figures when it stays silent', async () => {
    const stage = setVirtualStage();
    stage.vcenter.fault({ operation: LOGIN, kind: 'late', times: Number.POSITIVE_INFINITY });
    const told: number[] = [];
    const main = await stage.runner.runStep({
      ...cloneStep(stage),
      onLog: ({ text }) => {
        if (/^No response from \S+ to POST \/api\/session yet; waiting for it\.$/.test(text)) {
          told.push(stage.clock.now());
        }
      },
    });
    expect(told[0]).toBe(5_000);
    expect(errorOf(main, stage)).toContain('No response within 30 s.');
  });

  it('A12: that refuses connections is told of with the error', async () => {
    const stage = setVirtualStage();
    await stage.vcenter.refuseConnections();
    const main = await stage.runner.runStep(cloneStep(stage));
    expect(main.log).toMatch(
      /POST \/api\/session has not succeeded yet and is being retried\. Last error: .*ECONNREFUSED/,
    );
    expect(errorOf(main, stage)).toContain('[No connection to vCenter] No connection to vCenter: ');
    expect(main.duration).toBeLessThanOrEqual(21_000);
  });
});
