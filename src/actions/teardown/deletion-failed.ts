import { DescribedError, joinLines } from '../../text/described-error.ts';
import { type DoomedVm, describeVm } from '../delete-vm.ts';
import { describeFailure } from '../failure.ts';

/** A VM that was to be deleted is not known to be gone; `cause` is what came between. */
export class DeletionFailed extends DescribedError {
  override readonly name = 'DeletionFailed';
  readonly title: string;
  readonly text: string;

  constructor({ vm, cause }: { readonly vm: DoomedVm; readonly cause: unknown }) {
    super(`${vm.vm} was not deleted`, { cause });
    const { title, text } = describeFailure(cause);
    this.title = title;
    this.text = joinLines(text, `${describeVm(vm)} may still be there.`);
  }
}
