import { isListed, type KeepPattern } from '../../github/cleanup-inputs.ts';
import { type RepositoryName, readRepositoryName } from '../../github/vm-name.ts';
import { bareId } from '../../text/reference.ts';
import type { VmSummary } from '../../vcenter/vm.ts';

/** A VM that bears a generated name of this repository. */
export interface Candidate {
  readonly vm: VmSummary;
  /** The folder that it was listed in, by its id. */
  readonly folder: string;
  readonly name: RepositoryName;
  /** Whether the input `keep` is for it. */
  readonly isListed: boolean;
}

export interface Candidates {
  /** Oldest run first. */
  readonly candidates: readonly Candidate[];
  /** How many VMs bear no generated name of this repository. */
  readonly others: number;
}

/** Tells the VMs that are ours by their names from those of others, which are nothing but a number. */
export function findCandidates({
  folders,
  repo,
  keep,
}: {
  readonly folders: readonly { readonly folder: string; readonly vms: readonly VmSummary[] }[];
  /** The repository without its owner. */
  readonly repo: string;
  readonly keep: readonly KeepPattern[];
}): Candidates {
  const all = folders.flatMap(({ folder, vms }) => vms.map((vm) => ({ folder, vm })));
  const distinct = [...new Map(all.map((each) => [bareId(each.vm.vm), each])).values()];
  const candidates = distinct.flatMap(({ folder, vm }) => {
    const name = readRepositoryName({ name: vm.name, repo });
    return name === undefined
      ? []
      : [{ folder, vm, name, isListed: isListed(keep, { id: vm.vm, name: vm.name }) }];
  });
  return {
    candidates: candidates.sort(
      (one, other) =>
        one.name.runId - other.name.runId ||
        one.name.runAttempt - other.name.runAttempt ||
        (one.vm.name < other.vm.name ? -1 : 1),
    ),
    others: distinct.length - candidates.length,
  };
}
