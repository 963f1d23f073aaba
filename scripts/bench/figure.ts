/** Something that was measured, and where the project has set itself a bound, what it must be. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** Where it is missing, the figure is shown and not judged. */
  readonly bound?: Bound;
  /** What a reader needs to understand the value: parts of it, how often it was measured. */
  readonly detail?: string;
}

export type Unit = 'count' | 'milliseconds' | 'times';

export interface Bound {
  readonly kind: 'exactly' | 'at most';
  readonly value: number;
}

export type Verdict = 'ok' | 'missed';

/** Undefined where nothing is asked of the figure. A value that is no number misses every bound. */
export function judge({ value, bound }: Figure): Verdict | undefined {
  if (bound === undefined) {
    return undefined;
  }
  const isMet = bound.kind === 'exactly' ? value === bound.value : value <= bound.value;
  return isMet ? 'ok' : 'missed';
}

export function valueText({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  switch (unit) {
    case 'count':
      return String(value);
    case 'times':
      return `${value.toFixed(2)} ×`;
    case 'milliseconds':
      return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(2)} s`;
  }
}

export function boundText({ bound, unit }: Pick<Figure, 'bound' | 'unit'>): string {
  if (bound === undefined) {
    return '';
  }
  const value = valueText({ value: bound.value, unit });
  return bound.kind === 'exactly' ? value : `≤ ${value}`;
}
