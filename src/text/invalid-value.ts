/** A text is not of the form that is asked for. The message says so, to be read after the text itself. */
export class ValueProblem extends Error {
  override readonly name = 'ValueProblem';
  /** Whether the text must be kept out of the error, since it may hold a secret. */
  readonly hidesValue: boolean;

  /** @param message A clause whose subject is the text, without a full stop: `is not a number`. */
  constructor(message: string, { hidesValue = false }: { readonly hidesValue?: boolean } = {}) {
    super(message);
    this.hidesValue = hidesValue;
  }
}
