const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * A time span for people, from milliseconds: `850 ms`, `4.2 s`, `1 min 05 s`, `1 h 02 min`, and from two days on
 * `2 d 03 h`. A part that is zero is left out at the end: `30 s`, `5 min`, `1 h`.
 */
export function formatDuration(ms: number): string {
  // Each unit is chosen after rounding, so that 59,960 ms is not told as "60 s".
  const milliseconds = Math.max(0, Math.round(ms));
  if (milliseconds < SECOND) {
    return `${milliseconds} ms`;
  }
  const tenths = Math.round(ms / 100);
  if (tenths * 100 < MINUTE) {
    return `${tenths / 10} s`;
  }
  const seconds = Math.round(ms / SECOND);
  if (seconds * SECOND < HOUR) {
    return compose({ whole: Math.floor(seconds / 60), unit: 'min', part: seconds % 60, partUnit: 's' });
  }
  const minutes = Math.round(ms / MINUTE);
  if (minutes * MINUTE >= 2 * DAY) {
    const hours = Math.round(ms / HOUR);
    return compose({ whole: Math.floor(hours / 24), unit: 'd', part: hours % 24, partUnit: 'h' });
  }
  return compose({ whole: Math.floor(minutes / 60), unit: 'h', part: minutes % 60, partUnit: 'min' });
}

function compose({
  whole,
  unit,
  part,
  partUnit,
}: {
  readonly whole: number;
  readonly unit: string;
  readonly part: number;
  readonly partUnit: string;
}): string {
  return part === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${String(part).padStart(2, '0')} ${partUnit}`;
}
