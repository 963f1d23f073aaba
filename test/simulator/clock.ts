/** Time as the simulator sees it. Every sleep ends at once when the simulator closes. */
export interface SimulatorClock {
  /** `performance.now()`: milliseconds that never jump. */
  readonly now: () => number;
  /** Rejects when the simulator closes. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly close: () => void;
}

export function createClock(): SimulatorClock {
  const timers = new Map<NodeJS.Timeout, (reason: Error) => void>();
  return {
    now: () => performance.now(),
    sleep: (ms) =>
      new Promise((resolve, reject) => {
        if (ms === Number.POSITIVE_INFINITY) return;
        const timer = setTimeout(() => {
          timers.delete(timer);
          resolve();
        }, ms);
        timers.set(timer, reject);
      }),
    close: () => {
      for (const [timer, reject] of timers) {
        clearTimeout(timer);
        reject(new Error('The simulator was closed.'));
      }
      timers.clear();
    },
  };
}
