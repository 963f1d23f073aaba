import type { Clock } from '../time/clock.ts';

/** The phases of a clone run, in their order. */
export type Phase = 'connect' | 'resolve' | 'request' | 'clone' | 'ip';

/** Milliseconds by phase; a phase that was not reached is missing. */
export type Timings = Partial<Record<Phase | 'total', number>>;

export interface Stopwatch {
  /** Ends the phase that runs, and begins this one. */
  begin(phase: Phase): void;
  /** The times so far; the phase that runs counts up to now. */
  read(): Timings;
}

export function startStopwatch(clock: Clock): Stopwatch {
  const startedAt = clock.now();
  const begun: { readonly phase: Phase; readonly at: number }[] = [];
  return {
    begin: (phase) => {
      begun.push({ phase, at: clock.now() });
    },
    read: () => {
      const now = clock.now();
      const timings: Timings = {};
      for (const [index, { phase, at }] of begun.entries()) {
        timings[phase] = Math.round((begun[index + 1]?.at ?? now) - at);
      }
      return { ...timings, total: Math.round(now - startedAt) };
    },
  };
}
