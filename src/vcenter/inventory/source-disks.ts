import type { DiskReference, Reference } from '../../text/reference.ts';
import { isNotFound } from '../transport/error.ts';
import { asTyped, TEMPLATE } from './exactly-one.ts';
import type { Disk, InventoryLookup } from './lookup.ts';
import { nearest } from './near-match.ts';
import { ResolveError, type ResolveProblem } from './resolve-error.ts';

export interface DiskReferences {
  readonly source: Reference;
  /** What the source comes to; rejects where it cannot be resolved. */
  readonly sourceId: Promise<string>;
  readonly disksToRemove: readonly DiskReference[];
  readonly disksToUpdate: readonly { readonly disk: DiskReference }[];
  readonly inputNames: Readonly<Record<'disksToRemove' | 'disksToUpdate', string>>;
}

export interface ResolvedDisks {
  /** Each disk once. */
  readonly toRemove: readonly string[];
  /** In the order of `disksToUpdate`. */
  readonly toUpdate: readonly string[];
}

/**
 * Turns the labels of the source's disks into disk ids: GET /api/vcenter/vm/{vm}, only where there is a label. A disk that
 * is named twice, by id and by label, is found out here; vCenter refuses one that stands in both lists.
 *
 * @throws ResolveError, VcenterError
 */
export async function resolveDisks(
  lookup: InventoryLookup,
  references: DiskReferences,
): Promise<ResolvedDisks> {
  const { disksToRemove, disksToUpdate, inputNames } = references;
  const disksNamed = [
    ...disksToRemove.map((disk) => ({ input: inputNames.disksToRemove, disk })),
    ...disksToUpdate.map(({ disk }) => ({ input: inputNames.disksToUpdate, disk })),
  ];
  const disks = disksNamed.some(({ disk }) => disk.kind === 'label') ? await disksOf(lookup, references) : [];
  const problems: ResolveProblem[] = [];
  const treatment = new Map<string, string>();
  const ids = disksNamed.map(({ input, disk }) => {
    const id = disk.kind === 'id' ? disk.id : disks.find(({ name }) => name === disk.label)?.id;
    if (id === undefined) {
      problems.push(unknownLabel(input, asWritten(disk), disks));
      return '';
    }
    const before = treatment.get(id);
    treatment.set(id, input);
    if (before !== undefined && (input === inputNames.disksToUpdate || before !== input)) {
      problems.push(namedTwice({ input, disk, id, before, disks }));
    }
    return id;
  });
  if (problems.length > 0) {
    throw new ResolveError(problems);
  }
  return {
    toRemove: [...new Set(ids.slice(0, disksToRemove.length))],
    toUpdate: ids.slice(disksToRemove.length),
  };
}

async function disksOf(
  lookup: InventoryLookup,
  { source, sourceId }: DiskReferences,
): Promise<readonly Disk[]> {
  const vm = await sourceId.catch((error: unknown) => {
    // The source's name is reported by itself; what its disks are cannot be said without it.
    throw error instanceof ResolveError ? new ResolveError([]) : error;
  });
  try {
    return await lookup.disks(vm);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    throw new ResolveError([
      {
        input: 'source',
        type: 'VirtualMachine',
        asked: asTyped(source),
        reason: 'none',
        candidates: [],
        near: [],
        available: [],
        hint: TEMPLATE,
      },
    ]);
  }
}

function unknownLabel(input: string, asked: string, disks: readonly Disk[]): ResolveProblem {
  const near = nearest(asked, disks);
  return {
    input,
    type: 'VirtualDisk',
    asked,
    reason: 'none',
    scope: 'the source',
    candidates: [],
    near: [],
    available: [...near, ...disks.filter((disk) => !near.includes(disk))],
  };
}

function namedTwice({
  input,
  disk,
  id,
  before,
  disks,
}: {
  readonly input: string;
  readonly disk: DiskReference;
  readonly id: string;
  readonly before: string;
  readonly disks: readonly Disk[];
}): ResolveProblem {
  return {
    input,
    type: 'VirtualDisk',
    asked: asWritten(disk),
    reason: 'disk-twice',
    candidates: [{ id, name: disks.find((each) => each.id === id)?.name ?? id }],
    near: [],
    available: [],
    hint: `It stands in '${before}' already; name each disk once.`,
  };
}

function asWritten(disk: DiskReference): string {
  return disk.kind === 'id' ? disk.id : disk.label;
}
