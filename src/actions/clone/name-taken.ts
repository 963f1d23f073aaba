import { DescribedError } from '../../text/described-error.ts';

/** A VM of that name is there, and `if-exists` is `fail`, or the VM is the source, which is never reused or replaced. */
export class NameTaken extends DescribedError {
  override readonly name = 'NameTaken';
  readonly title = 'Name taken';
  readonly text: string;

  constructor({
    vmName,
    vm,
    isSource,
  }: {
    readonly vmName: string;
    readonly vm: string;
    readonly isSource: boolean;
  }) {
    super(`the name '${vmName}' is taken by ${vm}`);
    this.text = isSource
      ? `'${vmName}' (${vm}) is the source itself, which is never reused or replaced. Choose another 'name'.`
      : `A VM named '${vmName}' (${vm}) is in the folder already. Choose another 'name', or set 'if-exists' to 'reuse' or 'replace'.`;
  }
}
