import { expect, it } from 'vitest';
import { cleanUp, countsOf, leave, setCleanupStage, touched, transcript } from '../support/cleanup-stage.ts';
import { FOLDER } from '../support/stage.ts';

const CANDIDATES = 300;
const PULL_REQUESTS = 30;
const LIMIT = 10;
const FIRST_RUN = 9_900_000_000;
/** The most that vCenter lists at once. */
const LONGEST_LIST = 4_000;

it('300 candidates in a folder of 4,000 VMs take as many requests as they must, four at once at GitHub', async () => {
  const stage = setCleanupStage();
  stage.github.behaviour.latency = 50;
  for (let number = 0; number < CANDIDATES; number += 1) {
    leave(stage, { run: FIRST_RUN + number, pullRequest: 1 + (number % PULL_REQUESTS) });
  }
  for (let number = CANDIDATES; number < LONGEST_LIST; number += 1) {
    stage.vcenter.addVm({ name: `somebody-${number}`, folder: FOLDER });
  }
  const step = await cleanUp(stage, { limit: String(LIMIT) });
  expect(step.errors).toEqual([]);
  expect(countsOf(step)).toEqual({ found: '300', deleted: '10', kept: '0', failed: '0' });
  expect(touched(stage)).toHaveLength(2 * LIMIT);

  const { exchanges } = stage.github;
  expect(exchanges.length).toBeLessThanOrEqual(1 + CANDIDATES + PULL_REQUESTS + 2 * LIMIT);
  expect(Math.max(...exchanges.map(({ inFlightAtArrival }) => inFlightAtArrival))).toBeLessThan(4);

  const requests = transcript(stage);
  // Session, logout, what a folder given by its id takes to be told from a datacenter's own, and one list.
  expect(requests.slice(0, -1 - 3 * LIMIT)).toMatchInlineSnapshot(`
    [
      "POST session",
      "GET datacenter",
      "GET folder?type=VIRTUAL_MACHINE&folders=group-v23",
      "GET datacenter/datacenter-2",
      "GET vm?folders=group-v23",
    ]
  `);
  expect(requests).toHaveLength(6 + 3 * LIMIT);
});

it('a folder of more VMs than vCenter lists is an error, and nothing is deleted', async () => {
  const stage = setCleanupStage();
  leave(stage, { run: FIRST_RUN });
  for (let number = 0; number < LONGEST_LIST; number += 1) {
    stage.vcenter.addVm({ name: `somebody-${number}`, folder: FOLDER });
  }
  const step = await cleanUp(stage);
  expect(step.errors).toHaveLength(1);
  expect(step.errors[0]).toContain('UNABLE_TO_ALLOCATE_RESOURCE');
  expect(touched(stage)).toEqual([]);
});
