import type { Figure } from './figure.ts';
import type { Rows } from './table.ts';

/**
 * How the values of a section come about: `counted` in the simulator's log, the same on every machine; `computed` by the action's
 * own code on an injected clock, the same on every machine, too; `measured` on the real clock, and so of this machine.
 */
export type Known = 'counted' | 'computed' | 'measured';

/** What one measurement has found. */
export interface Section {
  readonly title: string;
  readonly known: Known;
  readonly figures: readonly Figure[];
  /** What lies behind the figures, for those who want to know. */
  readonly tables: readonly NamedTable[];
}

export interface NamedTable {
  readonly title: string;
  readonly rows: Rows;
  /** How it was measured, where the title does not say enough. */
  readonly notes?: readonly string[];
}
