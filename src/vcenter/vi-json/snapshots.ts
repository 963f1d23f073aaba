import { isRecord, textOf } from '../../text/json.ts';
import { escapeName, unescapeName } from '../inventory/escaped-name.ts';
import type { Fault } from '../transport/fault.ts';
import { readReference } from './data.ts';

export interface Snapshot {
  readonly id: string;
  /** In readable form; not unique. */
  readonly name: string;
  /** ISO 8601, by vCenter's clock. */
  readonly createTime: string | undefined;
}

export interface Snapshots {
  /** All of the tree, older before younger along each branch. */
  readonly all: readonly Snapshot[];
  /** The one that the VM runs on from. */
  readonly current: Snapshot | undefined;
}

/** Reads VirtualMachine.snapshot, which is not set where there is none. */
export function readSnapshots(value: unknown): Snapshots {
  const info = isRecord(value) ? value : {};
  const all = readTrees(info['rootSnapshotList']);
  const current = readReference(info['currentSnapshot'])?.id;
  return { all, current: all.find(({ id }) => id === current) };
}

function readTrees(trees: unknown): readonly Snapshot[] {
  const found: Snapshot[] = [];
  // A chain may have hundreds: no recursion.
  const ahead: unknown[] = Array.isArray(trees) ? [...trees] : [];
  while (ahead.length > 0) {
    const tree = ahead.shift();
    if (!isRecord(tree)) {
      continue;
    }
    const id = readReference(tree['snapshot'])?.id;
    if (id !== undefined) {
      const name = unescapeName(textOf(tree['name']) ?? '');
      found.push({ id, name, createTime: textOf(tree['createTime']) });
    }
    ahead.unshift(...(Array.isArray(tree['childSnapshotList']) ? tree['childSnapshotList'] : []));
  }
  return found;
}

/** The snapshot that a linked clone begins with, or why there is none. */
export type SnapshotChoice =
  | { readonly outcome: 'found'; readonly snapshot: Snapshot }
  /** No snapshot of the name, or no current one; `candidates` are all that there are. */
  | { readonly outcome: 'none'; readonly candidates: readonly Snapshot[] }
  /** The name fits several, which `createTime` tells apart. */
  | { readonly outcome: 'several'; readonly candidates: readonly Snapshot[] }
  /** The account may not read them. */
  | { readonly outcome: 'unreadable'; readonly fault: Fault };

/** Chooses the snapshot of the name, or the current one. */
export function chooseSnapshot(
  { snapshots, missing }: { readonly snapshots: Snapshots; readonly missing: ReadonlyMap<string, Fault> },
  name: string | undefined,
): SnapshotChoice {
  const fault = missing.get('snapshot');
  if (fault !== undefined) {
    return { outcome: 'unreadable', fault };
  }
  const { all, current } = snapshots;
  const matches =
    name === undefined
      ? [current].filter((each) => each !== undefined)
      : all.filter((each) => escapeName(each.name) === escapeName(name));
  const [snapshot] = matches;
  if (snapshot === undefined) {
    return { outcome: 'none', candidates: all };
  }
  return matches.length > 1 ? { outcome: 'several', candidates: matches } : { outcome: 'found', snapshot };
}
