import { type Clock, systemClock } from '../../src/time/clock.ts';

/** Time as the simulator sees it. Every sleep ends at once when the simulator closes. */
export interface SimulatorClock {
  /** Milliseconds that never jump. */
  readonly now: () => number;
  /** The wall clock, in milliseconds, at a moment of `now`. */
  readonly wallClock: (at: number) => number;
  /** Infinity: for ever. Rejects when the simulator closes. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly close: () => void;
}

/** By default the time of this machine. */
export function createClock(time: Clock = systemClock): SimulatorClock {
  const closed = new AbortController();
  const epoch = time.date().getTime() - time.now();
  return {
    now: time.now,
    wallClock: (at) => epoch + at,
    sleep: (ms) =>
      ms === Number.POSITIVE_INFINITY ? new Promise(() => undefined) : time.sleep(ms, closed.signal),
    close: () => closed.abort(new Error('The simulator was closed.')),
  };
}
