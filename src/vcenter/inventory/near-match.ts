const MOST_SHOWN = 5;
const MOST_EDITS = 2;

/** The objects whose names are most like the one that was asked for, best first: for the error that says it is not there. */
export function nearest<T extends { readonly name: string }>(
  asked: string,
  objects: readonly T[],
): readonly T[] {
  const wanted = comparable(asked);
  return objects
    .map((object) => ({ object, unlikeness: unlikeness(wanted, comparable(object.name)) }))
    .filter(({ unlikeness }) => Number.isFinite(unlikeness))
    .sort((a, b) => a.unlikeness - b.unlikeness)
    .slice(0, MOST_SHOWN)
    .map(({ object }) => object);
}

function comparable(name: string): string {
  return name.normalize('NFC').toLowerCase().trim();
}

/** 0 for the same but for case; the edits between them; then prefixes and substrings; Infinity for no likeness. */
function unlikeness(wanted: string, name: string): number {
  // In a name of two letters everything is two edits away from everything.
  const allowed = Math.min(MOST_EDITS, Math.floor(wanted.length / 2));
  const edits =
    Math.abs(wanted.length - name.length) > allowed ? Number.POSITIVE_INFINITY : editDistance(wanted, name);
  if (edits <= allowed) {
    return edits;
  }
  const [short, long] = wanted.length < name.length ? [wanted, name] : [name, wanted];
  if (short.length < 2 || !long.includes(short)) {
    return Number.POSITIVE_INFINITY;
  }
  return long.startsWith(short) ? MOST_EDITS + 1 : MOST_EDITS + 2;
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one into the other. */
export function editDistance(one: string, other: string): number {
  const a = [...one];
  const b = [...other];
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = [0, ...b.map((_, index) => index + 1)];
  for (const [i, character] of a.entries()) {
    const row = [i + 1];
    for (const [j, against] of b.entries()) {
      const replaced = (last[j] ?? 0) + (character === against ? 0 : 1);
      const removed = (last[j + 1] ?? 0) + 1;
      const added = (row[j] ?? 0) + 1;
      const isSwap = i > 0 && j > 0 && character === b[j - 1] && against === a[i - 1];
      const swapped = isSwap ? (beforeLast[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, removed, added, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
