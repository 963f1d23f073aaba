import { describe, expect, it } from 'vitest';
import {
  CLONE,
  GET_TASK,
  inRounds,
  LOGIN,
  timeWaiting,
  withoutPolls,
} from '../../../scripts/bench/exchanges.ts';
import type { Operation } from '../../simulator/vcenter.ts';

const exchange = (operation: Operation, receivedAt: number, answeredAt?: number) => ({
  operation,
  receivedAt,
  answeredAt,
});

const LIST: Operation = 'GET /api/vcenter/vm';
const run = [
  exchange(LOGIN, 0, 10),
  exchange(LIST, 12, 22),
  exchange(LIST, 13, 30),
  exchange(LIST, 21, 31),
  exchange(CLONE, 40, 50),
];

describe('inRounds', () => {
  it('puts together what arrives before the first of a group is answered', () => {
    expect(inRounds(run).map((round) => round.map(({ receivedAt }) => receivedAt))).toEqual([
      [0],
      [12, 13, 21],
      [40],
    ]);
  });

  it('knows no end of what was never answered', () => {
    expect(inRounds([exchange(LOGIN, 0), exchange(CLONE, 99, 100)])).toHaveLength(1);
  });
});

describe('timeWaiting', () => {
  it('counts what went out side by side once', () => {
    expect(timeWaiting(run)).toBe(10 + 19 + 10);
  });

  it('counts a short one inside of a long one not at all, in whatever order they come', () => {
    expect(timeWaiting([exchange(LIST, 5, 6), exchange(LIST, 0, 10)])).toBe(10);
  });

  it('is nothing for nothing', () => {
    expect(timeWaiting([])).toBe(0);
  });
});

describe('withoutPolls', () => {
  it('leaves out the polls at the task only', () => {
    const polls = [exchange(GET_TASK, 60, 61), exchange(GET_TASK, 70, 71)];
    expect(withoutPolls([...run, ...polls])).toEqual(run);
  });
});
