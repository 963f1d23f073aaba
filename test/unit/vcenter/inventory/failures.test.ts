import { describe, expect, it } from 'vitest';
import { prepareClone } from '../../../../src/actions/clone/prepare.ts';
import { validateClone } from '../../../../src/actions/clone/validate.ts';
import { type CloneInputs, readCloneInputs } from '../../../../src/github/inputs.ts';
import type { Limits, Session } from '../../../../src/vcenter/session.ts';
import { fakeCore } from '../../../support/fake-core.ts';
import { noSettings } from '../../../support/no-settings.ts';
import { createRecordedReport } from '../../../support/recorded-report.ts';
import { notFound, refused } from '../../../support/vcenter-answers.ts';
import { createVirtualVcenter } from '../../../support/virtual-vcenter.ts';

const NAMES = {
  source: '/DC1/vm/ci/base/ubuntu-24.04',
  datacenter: 'DC1',
  folder: 'ci',
  'resource-pool': 'Resources',
  cluster: 'cluster-b',
  host: 'esxi-03.example.test',
  datastore: 'fast',
  'disks-to-remove': 'Hard disk 2',
  'disks-to-update': 'Hard disk 1: bulk',
};
const IDS = {
  source: 'vm-42',
  datacenter: 'datacenter-2',
  folder: 'group-v21',
  'resource-pool': 'resgroup-31',
  datastore: 'datastore-15',
  'disks-to-remove': '2001',
  'guest-customization-spec': 'linux-dhcp',
};
/** Names that lead nowhere, so that the error has to look for similar ones. */
const WRONG = { ...NAMES, source: '/DC1/vm/ci/ubuntu', folder: 'c', cluster: 'x', datastore: 'f' };

const inputsOf = (given: Readonly<Record<string, string>>): CloneInputs =>
  readCloneInputs({
    core: fakeCore({ 'vcenter-server': 'vcenter', username: 'u', password: 'p', name: 'pr-12', ...given }),
    readFile: () => '',
    isForkPullRequest: false,
    isWindows: false,
  });

/** What `work` asks for, where the request of the number given fails and all others take a while, also to be aborted. */
async function askedBy(
  work: (session: Session, limits: Limits) => Promise<unknown>,
  failing: number,
  failure: (operation: string) => Error,
) {
  const { session, clock } = createVirtualVcenter();
  let sent = 0;
  let inFlight = 0;
  const slow: Session = {
    ...session,
    async request(call, limits) {
      sent += 1;
      const number = sent;
      inFlight += 1;
      try {
        if (number === failing) {
          await clock.sleep(9 + number); // while the request before it is answered
          throw failure(call.operation);
        }
        await clock.sleep(10 + number, limits.signal).catch(async (reason: unknown) => {
          await clock.sleep(50);
          throw reason;
        });
        return await session.request(call, limits);
      } finally {
        inFlight -= 1;
      }
    },
  };
  const limits = { signal: new AbortController().signal, retryTimeout: 0 };
  const outcome = await work(slow, limits).then(
    () => undefined,
    (error: unknown) => error,
  );
  const atEnd = { sent, inFlight };
  await clock.sleep(1_000);
  return { outcome, atEnd, later: { sent, inFlight } };
}

const report = createRecordedReport();

describe.each([
  [
    'the look-ups of names',
    (session: Session, limits: Limits) =>
      prepareClone({ session, inputs: inputsOf(NAMES), name: 'pr-12', trust: undefined, report, limits }),
  ],
  [
    'the look-ups of names that lead nowhere',
    (session: Session, limits: Limits) =>
      prepareClone({ session, inputs: inputsOf(WRONG), name: 'pr-12', trust: undefined, report, limits }),
  ],
  [
    'the checks of validate-only',
    (session: Session, limits: Limits) =>
      validateClone({
        settings: noSettings,
        ...{ session, inputs: inputsOf(IDS), limits },
        spec: {
          ...{ source: 'vm-42', name: 'pr-12', disks_to_remove: ['2001'] },
          placement: { folder: 'group-v21', resource_pool: 'resgroup-31', datastore: 'datastore-15' },
          guest_customization_spec: { name: 'linux-dhcp' },
        },
      }),
  ],
])('C3b: %s', (_, work) => {
  it.each([
    [
      'vCenter refuses',
      (operation: string) => refused({ operation, status: 403, errorType: 'UNAUTHORIZED' }),
    ],
    ['vCenter answers with NOT_FOUND', notFound],
    ['ends for any other reason', () => new Error('the session is closed')],
  ])(
    'leave nothing in flight, and send nothing more, once a request that %s has failed them',
    async (_, failure) => {
      const whole = await askedBy(work, Number.POSITIVE_INFINITY, failure);
      expect(whole.atEnd.sent).toBeGreaterThan(5);
      for (let failing = 1; failing <= whole.atEnd.sent; failing += 1) {
        const { atEnd, later } = await askedBy(work, failing, failure);
        expect(atEnd.inFlight).toBe(0);
        expect(later).toEqual(atEnd);
      }
    },
  );

  it('fail with what failed first', async () => {
    const failure = new Error('the session is closed');
    const { outcome } = await askedBy(work, 1, () => failure);
    expect(outcome).toBe(failure);
  });
});
