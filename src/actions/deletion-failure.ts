import type { VmSummary } from '../vcenter/vm.ts';

/** A VM that was to be deleted is not known to be gone; `cause` is what came between. */
export class RemovalFailure extends Error {
  override readonly name = 'RemovalFailure';
  readonly vm: VmSummary;

  constructor({ vm, cause }: { readonly vm: VmSummary; readonly cause: unknown }) {
    super(`${vm.vm} was not removed`, { cause });
    this.vm = vm;
  }
}
