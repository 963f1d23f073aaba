import { DescribedError } from '../text/described-error.ts';

/** One of the files that the runner gives a step cannot be written: the runner's fault, and not vCenter's or the action's. */
export class RunnerFileError extends DescribedError {
  override readonly name = 'RunnerFileError';
  readonly title = 'Runner file not writable';
  readonly text: string;

  constructor({
    file,
    path,
    cause,
  }: {
    /** The variable that names it: `GITHUB_OUTPUT`. */
    readonly file: string;
    readonly path: string | undefined;
    readonly cause?: unknown;
  }) {
    const reason =
      path === undefined || path === ''
        ? 'the variable is not set'
        : cause instanceof Error
          ? cause.message
          : String(cause);
    super(`${file}: ${reason}`, { cause });
    this.text = [
      `${file}, a file that the runner gives each step, cannot be written: ${reason}`,
      "Look at the runner: is its disk full, was its work folder cleaned while the job ran, may a container's user write there?",
    ].join('\n');
  }
}
