import { DescribedError, joinLines } from '../text/described-error.ts';
import { VcenterError } from '../vcenter/transport/error.ts';
import { adviceFor, type CloneFacts } from './advice.ts';

export interface FailureText {
  /** A few words. */
  readonly title: string;
  /** What failed, with which object, in vCenter's own words, and what to do; one sentence or list item a line. */
  readonly text: string;
}

/** The text for people, from whatever ended a run; with what the inputs have to do with it, where that is known. */
export function describeFailure(error: unknown, facts?: CloneFacts): FailureText {
  if (error instanceof DescribedError) {
    const advice = error instanceof VcenterError ? adviceFor(error, facts) : undefined;
    return { title: error.title, text: joinLines(error.text, advice) };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    title: 'Unexpected failure',
    text: `${text}\nThis is a bug of the action: please report it in the action's repository, with the log of this step.`,
  };
}
