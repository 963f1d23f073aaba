import { DescribedError } from '../text/described-error.ts';

/** What is wrong with one input. */
export interface InputProblem {
  readonly input: string;
  /** The text that was given; undefined where there was none, or where it must not be shown. */
  readonly got: string | undefined;
  /** A clause whose subject is the text, without a full stop. */
  readonly problem: string;
}

/** Everything that is wrong with the inputs of a run. The message has a line for each, below a sentence where there are several. */
export class InputsError extends DescribedError {
  override readonly name = 'InputsError';
  readonly title = 'Invalid inputs';
  readonly text: string;
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    const lines = problems.map(describe);
    super((lines.length > 1 ? ['These inputs need another value:', ...lines] : lines).join('\n'));
    this.text = this.message;
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
