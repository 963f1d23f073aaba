import type { Figure } from './figure.ts';
import type { Rows } from './table.ts';

/** What one measurement has found. */
export interface Section {
  readonly title: string;
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
