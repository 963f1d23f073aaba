/** What is wrong with one input. */
export interface InputProblem {
  readonly input: string;
  /** The text that was given; undefined where there was none, or where it must not be shown. */
  readonly got: string | undefined;
  /** A clause whose subject is the text, without a full stop. */
  readonly problem: string;
}

/** Everything that is wrong with the inputs of a run. The message has a line for each. */
export class InputsError extends Error {
  override readonly name = 'InputsError';
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super(problems.map(describe).join('\n'));
    this.problems = problems;
  }
}

/** How much of a text is shown, in characters. */
const SHOWN = 100;

function describe({ input, got, problem }: InputProblem): string {
  if (got === undefined) {
    return `${input} ${problem}.`;
  }
  const characters = [...got];
  const shown = characters.length > SHOWN ? `${characters.slice(0, SHOWN).join('')}…` : got;
  return `${input}: ${JSON.stringify(shown)} ${problem}.`;
}
