import { DescribedError } from '../../text/described-error.ts';

/** What was asked for and what was found are not the same VM, or it is not one VM, or nothing proves whose it is. */
export class NothingDeleted extends DescribedError {
  override readonly name = 'NothingDeleted';
  readonly title = 'Nothing deleted';
  readonly text: string;

  constructor(text: string) {
    super(text);
    this.text = text;
  }
}
