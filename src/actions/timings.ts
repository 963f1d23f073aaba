import type { Clock } from '../time/clock.ts';

/** The phases of a clone run, in their order. */
export type Phase =
  | 'connect'
  | 'resolve'
  | 'replace'
  | 'request'
  | 'clone'
  | 'configure'
  | 'power'
  | 'customization'
  | 'ip'
  | 'port';

/** Milliseconds by phase; a phase that did not occur is missing. */
export type Timings = Partial<Record<Phase | 'total', number>>;

export interface Stopwatch {
  /** Ends the phase that runs, and begins this one; a phase that is begun again goes on counting. */
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
      const times = new Map<Phase, number>();
      for (const [index, { phase, at }] of begun.entries()) {
        times.set(phase, (times.get(phase) ?? 0) + (begun[index + 1]?.at ?? now) - at);
      }
      const rounded = [...times].map(([phase, time]) => [phase, Math.round(time)]);
      return { ...Object.fromEntries(rounded), total: Math.round(now - startedAt) };
    },
  };
}
