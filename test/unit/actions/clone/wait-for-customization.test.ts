import { describe, expect, it } from 'vitest';
import type { CustomizationKind } from '../../../../src/actions/clone/address-rule.ts';
import {
  CustomizationFailed,
  CustomizationTimedOut,
} from '../../../../src/actions/clone/customization-failure.ts';
import { VmPoweredOffError } from '../../../../src/actions/clone/vm-powered-off.ts';
import { waitForCustomization } from '../../../../src/actions/clone/wait-for-customization.ts';
import { DescribedError } from '../../../../src/text/described-error.ts';
import { Interrupted } from '../../../../src/time/deadline.ts';
import {
  type At,
  CUSTOMIZATION,
  type Guest,
  NEVER,
  type Outcome,
  operations,
  POWER,
  pageOfProxy,
  refusal,
  type WaitSettings,
  waitFor,
} from '../../../support/scripted-guest.ts';

const MINUTE = 60_000;

function wait(
  guest: Guest,
  { kind = 'stored', ...settings }: WaitSettings & { readonly kind?: CustomizationKind } = {},
): Promise<Outcome> {
  return waitFor(guest, { limit: 10 * MINUTE, isMeantToBeOn: true, ...settings }, (options) =>
    waitForCustomization({ ...options, kind }),
  );
}

/** The last of these whose time has come. */
const inTime =
  (...steps: readonly (readonly [after: number, status: unknown, error?: string])[]): At =>
  (elapsed) => {
    const [, status, error] = steps.findLast(([after]) => elapsed >= after) ?? [];
    return status instanceof Error ? status : { status, ...(error === undefined ? {} : { error }) };
  };

function textOf(error: unknown): string {
  expect(error).toBeInstanceOf(DescribedError);
  return error instanceof DescribedError ? error.text : '';
}

const withoutTimes = (lines: readonly string[]) => lines.map((line) => line.replace(/ \(\d[^()]*\)$/, ''));

describe('waitForCustomization', () => {
  it('ends when the guest has been customized', async () => {
    const outcome = await wait({
      customization: inTime([0, 'PENDING'], [20_000, 'RUNNING'], [60_000, 'SUCCEEDED']),
    });
    expect(outcome.result).toBe('ended');
    expect(outcome.at).toBeGreaterThanOrEqual(60_000);
    expect(outcome.at).toBeLessThan(65_500);
    expect([...new Set(withoutTimes(outcome.lines))]).toEqual([
      'The guest has not begun its customization yet.',
      'The guest is being customized.',
      expect.stringMatching(/^The guest is customized, after 1 min 0\d s\.$/),
    ]);
    expect(outcome.lines.length).toBeLessThanOrEqual(5);
  });

  it('costs one request and one for the power, where it has ended', async () => {
    const outcome = await wait({ customization: inTime([0, 'SUCCEEDED']) });
    expect(operations(outcome)).toEqual([POWER, CUSTOMIZATION]);
  });

  it("fails in vCenter's words as soon as it has failed, whatever comes after", async () => {
    const outcome = await wait({
      customization: inTime([0, 'RUNNING'], [5_000, 'FAILED', 'No DNS.\n::error::x'], [9_000, 'SUCCEEDED']),
    });
    expect(outcome.result).toBeInstanceOf(CustomizationFailed);
    expect(outcome.result).toMatchObject({ title: 'The customization failed' });
    expect(textOf(outcome.result)).toMatchInlineSnapshot(`
      "The customization of vm-1067 failed. vCenter: No DNS. ⏎ : :error::x
      The guest has its log: /var/log/vmware-imc/toolsDeployPkg.log, or C:\\Windows\\Temp\\vmware-imc\\guestcust.log.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down."
    `);
    expect(outcome.at).toBeLessThan(10_000);
  });

  it('says that no reason was given', async () => {
    const { result } = await wait({ customization: inTime([0, 'FAILED']) }, { kind: 'cloud-init' });
    expect(textOf(result)).toMatchInlineSnapshot(`
      "The customization of vm-1067 failed. vCenter: No reason was given.
      The guest has its logs: /var/log/cloud-init.log and /var/log/vmware-imc/toolsDeployPkg.log.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down."
    `);
  });
});

describe('waitForCustomization where vCenter tells of none', () => {
  const unknown = /^vCenter tells of no customization of this VM/;

  it.each([
    ['IDLE', { status: 'IDLE' }],
    ['an empty status', { status: '' }],
    ['a status that nobody knows', { status: 'PAUSED' }],
    ['no status', {}],
    [
      'that it does not know the URL',
      refusal(CUSTOMIZATION, {
        status: 404,
        errorType: 'NOT_FOUND',
        messageIds: ['com.vmware.vapi.rest.httpNotFound'],
      }),
    ],
    [
      'that it does not know the operation',
      refusal(CUSTOMIZATION, { status: 404, errorType: 'OPERATION_NOT_FOUND' }),
    ],
  ])('gives up after 20 s: %s', async (_, answer) => {
    const outcome = await wait({ customization: () => answer });
    expect(outcome.result).toBe('unknown');
    expect(outcome.at).toBeGreaterThanOrEqual(20_000);
    expect(outcome.at).toBeLessThan(26_000);
    expect(outcome.lines.at(-1)).toMatch(unknown);
  });

  it('gives up when the time is over before', async () => {
    const outcome = await wait({ customization: inTime([0, 'IDLE']) }, { limit: 5_000 });
    expect(outcome.result).toBe('unknown');
    expect(outcome.at).toBe(5_000);
  });

  it('goes on where it tells of one within 20 s', async () => {
    const outcome = await wait({
      customization: inTime([0, 'IDLE'], [15_000, 'PENDING'], [40_000, 'RUNNING'], [50_000, 'SUCCEEDED']),
    });
    expect(outcome.result).toBe('ended');
  });

  it('counts 20 s without a break, and from the power-on', async () => {
    const outcome = await wait({
      customization: inTime([0, 'IDLE'], [15_000, 'RUNNING'], [25_000, 'IDLE'], [40_000, 'SUCCEEDED']),
    });
    expect(outcome.result).toBe('ended');
    const late = await wait({
      power: (elapsed) => (elapsed < 18_000 ? 'POWERED_OFF' : 'POWERED_ON'),
      customization: inTime([0, 'IDLE'], [30_000, 'RUNNING'], [40_000, 'SUCCEEDED']),
    });
    expect(late.result).toBe('ended');
    const again = await wait({
      power: (elapsed) => (elapsed > 5_000 && elapsed < 22_000 ? 'POWERED_OFF' : 'POWERED_ON'),
      customization: inTime([0, 'IDLE'], [36_000, 'RUNNING'], [40_000, 'SUCCEEDED']),
    });
    expect(again.result).toBe('ended');
  });

  it('takes nothing for unknown of a VM that is off', async () => {
    const { result } = await wait(
      {
        power: (elapsed) => (elapsed > 2_000 ? 'POWERED_OFF' : 'POWERED_ON'),
        customization: inTime([0, 'IDLE']),
      },
      { limit: 15_000 },
    );
    expect(result).toBeInstanceOf(CustomizationTimedOut);
  });
});

describe('waitForCustomization at the end of its time', () => {
  it.each(['PENDING', 'RUNNING'])('fails where it is %s', async (status) => {
    const { result, at } = await wait({ customization: inTime([0, status]) });
    expect(at).toBe(10 * MINUTE);
    expect(result).toBeInstanceOf(CustomizationTimedOut);
    expect(result).toMatchObject({ title: 'The customization took too long' });
    expect(textOf(result)).toContain(
      `The customization of vm-1067 did not end within 10 min ('customization-timeout'); it is ${status}`,
    );
  });

  it('says what a stored specification needs', async () => {
    const { result } = await wait({ customization: inTime([0, 'RUNNING']) });
    expect(textOf(result)).toMatchInlineSnapshot(`
      "The customization of vm-1067 did not end within 10 min ('customization-timeout'); it is RUNNING.
      The source needs VMware Tools (open-vm-tools), and perl where it runs Linux.
      Windows takes 20 to 30 minutes: set 'customization-timeout' for it.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down."
    `);
  });

  it('says what cloud-init needs', async () => {
    const { result } = await wait({ customization: inTime([0, 'PENDING']) }, { kind: 'cloud-init' });
    expect(textOf(result)).toMatchInlineSnapshot(`
      "The customization of vm-1067 did not end within 10 min ('customization-timeout'); it is PENDING: the guest has not begun it.
      The source needs VMware Tools (open-vm-tools), cloud-init 21.1 or later with 'VMware' in its datasource_list, and 'disable_vmware_customization: false' in /etc/cloud/cloud.cfg itself.
      A source that has guestinfo.metadata, guestinfo.userdata or guestinfo.vendordata of its own passes them on to its clones, and cloud-init takes them instead: remove them.
      To examine such a VM, set 'wait-for-ip' to false, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down."
    `);
  });

  it('tells the error that the guest has reported while it was RUNNING', async () => {
    const outcome = await wait({ customization: inTime([0, 'RUNNING'], [30_000, 'RUNNING', 'Code 127.']) });
    expect(textOf(outcome.result)).toContain('The guest has reported an error meanwhile: Code 127.');
    expect(withoutTimes(outcome.lines)).toContain(
      'The guest is being customized. It reports an error: Code 127.',
    );
  });

  it('retries failed polls until then, and tells the last failure', async () => {
    const outcome = await wait({
      customization: inTime([0, pageOfProxy(502, CUSTOMIZATION)]),
    });
    expect(textOf(outcome.result)).toMatch(
      /^The customization of vm-1067 did not end within 10 min \('customization-timeout'\); vCenter responded to no request about it\.\nThe last request that failed, after 9 min \d+ s: GET .*: HTTP 502, a page\n/,
    );
    expect(outcome.lines[0]).toBe(`The guest could not be polled: ${CUSTOMIZATION}: HTTP 502, a page`);
  });

  it('takes an end that comes after failures', async () => {
    const outcome = await wait({
      power: (elapsed) => (elapsed < 20_000 ? pageOfProxy(502, POWER) : 'POWERED_ON'),
      customization: inTime(
        [0, 'RUNNING'],
        [10_000, refusal(CUSTOMIZATION, { status: 503, errorType: 'SERVICE_UNAVAILABLE' })],
        [60_000, 'SUCCEEDED'],
      ),
    });
    expect(outcome.result).toBe('ended');
  });

  it('ends a request that hangs', async () => {
    const { result, at } = await wait({ customization: () => NEVER }, { limit: MINUTE });
    expect(result).toBeInstanceOf(CustomizationTimedOut);
    expect(at).toBe(MINUTE);
  });
});

describe('waitForCustomization and the VM', () => {
  it('fails where the VM is off for half a minute', async () => {
    const { result, at } = await wait({
      power: (elapsed) => (elapsed < 30_000 ? 'POWERED_ON' : 'POWERED_OFF'),
      customization: inTime([0, 'PENDING']),
    });
    expect(result).toBeInstanceOf(VmPoweredOffError);
    expect(result).toMatchObject({ title: 'The customization failed' });
    expect(textOf(result)).toMatch(
      /^vm-1067 is POWERED_OFF, so its guest is never customized\.\nIt was to be on/,
    );
    expect(at).toBeLessThan(90_000);
  });

  it('passes on that the VM is gone, that the account may not ask, and an interrupt', async () => {
    for (const [status, errorType] of [
      [404, 'NOT_FOUND'],
      [403, 'UNAUTHORIZED'],
    ] as const) {
      const refused = refusal(CUSTOMIZATION, { status, errorType });
      expect((await wait({ customization: () => refused })).result).toBe(refused);
    }
    const interrupt = new Interrupted('SIGTERM');
    const controller = new AbortController();
    const customization: At = (elapsed) => {
      if (elapsed >= 10_000) {
        controller.abort(interrupt);
      }
      return { status: 'RUNNING' };
    };
    expect((await wait({ customization }, { signal: controller.signal })).result).toBe(interrupt);
  });
});
