import { DescribedError, joinLines } from '../../text/described-error.ts';
import { describeVm } from '../delete-vm.ts';
import { describeFailure } from '../failure.ts';
import type { Entry } from './pass.ts';

export interface CleanupIncompleteFields {
  /** What kept the pass from going on: errors of GitHub or vCenter, a deadline, a signal. The last one ended it. */
  readonly interruptions: readonly Error[];
  /** VMs that could not be deleted, or are not known to be. */
  readonly failed: readonly Pick<Entry, 'candidate' | 'error'>[];
  /** How many VMs were to be deleted and were not reached. */
  readonly left: number;
}

/** A pass has not done all that it was to do. */
export class CleanupIncomplete extends DescribedError {
  override readonly name = 'CleanupIncomplete';
  readonly title: string;
  readonly text: string;

  constructor({ interruptions, failed, left }: CleanupIncompleteFields) {
    super('the cleanup is not complete', { cause: interruptions.at(-1) ?? failed[0]?.error });
    const described = interruptions.map((error) => describeFailure(error));
    this.title = described.at(-1)?.title ?? 'VMs not deleted';
    this.text = joinLines(
      ...described.map(({ text }) => text),
      failed.length === 0 ? undefined : `Not deleted, or not known to be (${failed.length}):`,
      ...failed.map(({ candidate, error }) => `- ${describeVm(candidate.vm)}: ${onOneLine(error)}`),
      left === 0
        ? undefined
        : `VMs that were to be deleted and were not reached: ${left}. The next pass takes them.`,
    );
  }
}

function onOneLine(error: unknown): string {
  return describeFailure(error).text.replaceAll('\n', ' ');
}
