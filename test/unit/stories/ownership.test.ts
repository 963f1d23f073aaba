import { describe, expect, it } from 'vitest';
import {
  type Evidence,
  isSameUser,
  judgeOwnership,
  type LostRequest,
  madeBy,
  mayBeOurs,
} from '../../../src/actions/recovery/ownership.ts';
import { EPOCH } from '../virtual-clock.ts';
import { USERNAME } from '../virtual-vcenter.ts';
import { FOLDER, GIVEN_NAME, OWN_NAME, SOURCE, task } from './clone-plan.ts';

const VM = 'vm-1001';

describe('judgeOwnership', () => {
  const judge = (fields: Partial<Evidence>) =>
    judgeOwnership({
      plan: GIVEN_NAME,
      vm: VM,
      ownTask: undefined,
      watchedToEnd: false,
      tasks: [],
      ...fields,
    });

  const running = task({ id: 'own' });
  const failed = (errorType?: string) =>
    task({ id: 'own', status: 'FAILED', failure: { errorType, messages: ['It failed.'] } });
  const succeeded = task({ id: 'own', status: 'SUCCEEDED' });
  const made = task({ id: 'own', status: 'SUCCEEDED', resultVm: VM });
  const taken = failed('ALREADY_EXISTS');
  const foreign = task({ id: 'foreign', status: 'SUCCEEDED', resultVm: VM });
  const foreignRunning = task({ id: 'foreign', user: 'VSPHERE.LOCAL\\bob' });
  const anywhere = (({ folder: _, ...plan }) => plan)(GIVEN_NAME);

  it.each<[string, Partial<Evidence>, boolean]>([
    // Never, whatever else speaks for it:
    [
      'the source',
      { plan: OWN_NAME, vm: SOURCE, ownTask: task({ resultVm: SOURCE }), watchedToEnd: true },
      false,
    ],
    [
      'a VM that was there before',
      { plan: { ...OWN_NAME, vmsBefore: [VM] }, ownTask: made, watchedToEnd: true },
      false,
    ],
    [
      'another VM by a name of its own, of which this clone was told that it is taken',
      { plan: OWN_NAME, ownTask: taken },
      false,
    ],
    // A name of one's own:
    ['a VM of our own name', { plan: OWN_NAME }, true],
    ['a VM of our own name, of which nobody lists the tasks', { plan: OWN_NAME, tasks: undefined }, true],
    ['a VM of our own name, after our clone failed', { plan: OWN_NAME, ownTask: failed('ERROR') }, true],
    // A name that others may use as well:
    ['a VM of a given name', {}, false],
    ['a VM of a given name, of which nobody lists the tasks', { tasks: undefined }, false],
    ['a VM of a given name while our clone runs', { ownTask: running }, false],
    ['what our clone says that it made', { ownTask: made }, true],
    ['what our clone says that it made, found among all tasks', { ownTask: made, tasks: [made] }, true],
    ['what our clone says that it works on', { ownTask: task({ targetVm: VM }) }, true],
    [
      'the only VM of the name in the folder after our clone succeeded',
      { ownTask: succeeded, watchedToEnd: true, tasks: [succeeded] },
      true,
    ],
    [
      'the same where nobody lists the tasks',
      { ownTask: succeeded, watchedToEnd: true, tasks: undefined },
      true,
    ],
    ['the same where the end came long after the last look', { ownTask: succeeded }, false],
    [
      'what the failed clone left behind in the folder',
      { ownTask: failed('ERROR'), watchedToEnd: true, tasks: [failed('ERROR')] },
      true,
    ],
    ['a VM whose name kept our clone from being made', { ownTask: taken, watchedToEnd: true }, false],
    [
      'what another task made',
      { ownTask: succeeded, watchedToEnd: true, tasks: [succeeded, foreign] },
      false,
    ],
    ['what another task made while ours runs', { ownTask: running, tasks: [running, foreign] }, false],
    // Without a folder the name can be taken in any other one, by anybody, at any time:
    [
      'a VM of the name in whichever folder, after our clone failed',
      { plan: anywhere, ownTask: failed('ERROR'), watchedToEnd: true },
      false,
    ],
    [
      'a VM of the name that somebody still makes',
      {
        plan: anywhere,
        ownTask: failed('CANCELED'),
        watchedToEnd: true,
        tasks: [failed('CANCELED'), foreignRunning],
      },
      false,
    ],
    // A cancelled clone takes its copy away, and sets the name free:
    [
      'a VM of the name after our clone was cancelled',
      { ownTask: failed('CANCELED'), watchedToEnd: true },
      false,
    ],
    // Nobody has seen its end:
    [
      'a VM of the name after vCenter has forgotten our task',
      { ownTask: undefined, watchedToEnd: true },
      false,
    ],
  ])('%s', (_, evidence, ours) => {
    const verdict = judge(evidence);
    expect(verdict.ours).toBe(ours);
    if (!verdict.ours) {
      expect(verdict.why).not.toBe('');
    }
  });

  it('tells why', () => {
    const why = (fields: Partial<Evidence>) => {
      const verdict = judge(fields);
      return verdict.ours ? undefined : verdict.why;
    };
    expect(why({ vm: SOURCE })).toBe('it is the source');
    expect(why({ plan: { ...GIVEN_NAME, vmsBefore: [VM] } })).toBe('it was there before');
    expect(why({ ownTask: taken })).toBe('this clone was refused because the name was taken');
    expect(why({ tasks: [foreign] })).toBe('another task made it (foreign)');
    expect(why({})).toBe("others may use the name 'test-vm' too, and nothing shows that this run made it");
  });
});

describe('madeBy', () => {
  it.each([
    [undefined, false],
    [task(), false],
    [task({ resultVm: VM }), true],
    [task({ targetVm: VM }), true],
    [task({ resultVm: 'vm-1', targetVm: 'vm-2' }), false],
  ])('case %#', (given, expected) => {
    expect(madeBy(given, VM)).toBe(expected);
  });
});

describe('mayBeOurs', () => {
  const request: LostRequest = {
    plan: { ...GIVEN_NAME, vmsBefore: ['vm-900'], folder: FOLDER },
    username: USERNAME,
    sentAt: EPOCH,
    window: 10_000,
  };
  const startedAfter = (ms: number) => task({ startTime: new Date(EPOCH + ms).toISOString() });

  it.each([
    ['it started with the request', startedAfter(0), true],
    ['it started a little before, by a clock that is not the same', startedAfter(-4_900), true],
    ['it started well before', startedAfter(-5_100), false],
    ['it started when the answer was lost', startedAfter(14_900), true],
    ['it started well after', startedAfter(15_100), false],
    ['it has not started', task({ status: 'PENDING', startTime: undefined }), true],
    ['nobody tells when it started, and it runs', task({ startTime: 'soon' }), true],
    ['nobody tells when it started, and it is over', task({ status: 'FAILED', startTime: undefined }), false],
    ['it made what was there before', task({ status: 'SUCCEEDED', resultVm: 'vm-900' }), false],
    ['nobody tells whose it is', task({ user: undefined }), true],
    ['it is somebody else\u2019s', task({ user: 'VSPHERE.LOCAL\\bob' }), false],
  ])('%s', (_, given, expected) => {
    expect(mayBeOurs(given, request)).toBe(expected);
  });

  // A login without a domain means vCenter's default one; an Active Directory domain has a long and a short name.
  it.each([
    ['svc-ci', 'VSPHERE.LOCAL\\svc-ci'],
    ['svc-ci@corp.example.com', 'CORP\\svc-ci'],
    ['CORP\\svc-ci', 'svc-ci@CORP.EXAMPLE.COM'],
  ])(
    'does not take the task of %s for a stranger\u2019s where vCenter calls the user %s',
    (username, user) => {
      expect(mayBeOurs(task({ user }), { ...request, username })).toBe(true);
    },
  );
});

describe('isSameUser', () => {
  it.each([
    ['svc-ci@vsphere.local', 'VSPHERE.LOCAL\\svc-ci', true],
    ['svc-ci@vsphere.local', 'svc-ci@VSPHERE.LOCAL', true],
    ['VSPHERE.LOCAL\\SVC-CI', 'vsphere.local\\svc-ci', true],
    ['svc-ci@vsphere.local', 'VSPHERE.LOCAL\\svc', false],
    ['svc-ci@vsphere.local', 'svc-cd@vsphere.local', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(isSameUser(one, other)).toBe(expected);
    expect(isSameUser(other, one)).toBe(expected);
  });
});
