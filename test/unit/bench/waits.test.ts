import { describe, expect, it } from 'vitest';
import { busiestSecond } from '../../../scripts/bench/crowd.ts';
import { PEER_WAITS, type PeerWait, peerNotice } from '../../../scripts/bench/peers.ts';
import { noticeBound } from '../../../scripts/bench/waits.ts';

describe('noticeBound', () => {
  it.each([
    [3_000, 250],
    [9_999, 250],
    [10_000, 200],
    [60_000, 1_200],
    [125_000, 2_500],
    [1_800_000, 2_500],
  ])('for a clone of %d ms is %d ms', (duration, bound) => {
    expect(noticeBound(duration)).toBe(bound);
  });

  it.each([
    [9_999, 250],
    [60_000, 600],
    [600_000, 2_500],
  ])('for one of %d ms with steady progress is %d ms', (duration, bound) => {
    expect(noticeBound(duration, { isSteady: true })).toBe(bound);
  });
});

describe('peerNotice', () => {
  const peer = (part: string): PeerWait => {
    const found = PEER_WAITS.find(({ name }) => name.includes(part));
    if (found === undefined) {
      throw new Error(`There is no ${part}.`);
    }
    return found;
  };

  it.each([
    ['govmomi', 3_000, 7_000],
    ['govmomi', 10_000, 0],
    ['govmomi', 61_000, 9_000],
    // Polls after 1, 3, 7, 15, 31, 63, 127, 191 ... seconds.
    ['Ansible', 3_000, 0],
    ['Ansible', 8_000, 7_000],
    ['Ansible', 128_000, 63_000],
  ])('of %s for a clone of %d ms is %d ms', (name, duration, notice) => {
    expect(peerNotice(peer(name), { duration, random: () => 0 })).toBe(notice);
  });
});

describe('busiestSecond', () => {
  it.each([
    [[], 0],
    [[5], 1],
    [[0, 999], 2],
    [[0, 1_000], 1],
    [[0, 500, 900, 1_400, 3_000, 3_001, 3_002, 3_003], 4],
  ])('of %o has %d', (times, most) => {
    expect(busiestSecond(times)).toBe(most);
  });
});
