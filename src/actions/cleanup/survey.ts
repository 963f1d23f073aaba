import { sideBySide } from '../../time/side-by-side.ts';
import { decide, type Facts, type Finding, isPullRequestEvent, type Rules } from './decide.ts';
import type { Inquiry } from './inquiry.ts';
import type { Entry } from './pass.ts';

/** Requests to GitHub at once. */
const MOST_AT_ONCE = 4;

export interface SurveyOptions {
  readonly entries: readonly Entry[];
  readonly inquiry: Inquiry;
  readonly rules: Rules;
  /** The one pull request whose VMs are asked for; undefined: all. */
  readonly pullRequest: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Decides about every entry: GitHub is asked once for each run, the oldest first, and once for each pull request that a
 * decision depends on.
 *
 * @throws the signal's reason; what was decided until then stays so.
 */
export async function survey({ entries, inquiry, rules, pullRequest, signal }: SurveyOptions): Promise<void> {
  const open = entries.filter(({ candidate }) => !candidate.isListed);
  const byRun = Map.groupBy(open, ({ candidate }) => candidate.name.runId);
  const waiting = [...byRun];
  const pullRequests = new Map<number, Promise<Finding<string>>>();
  const findPullRequest = (number: number, workSignal: AbortSignal) => {
    const finding = pullRequests.get(number) ?? inquiry.pullRequest(number, workSignal);
    pullRequests.set(number, finding);
    return finding;
  };

  const work = async (workSignal: AbortSignal): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [runId, ofRun] = next;
      const run = await inquiry.run(runId, workSignal);
      for (const entry of ofRun) {
        entry.run = run.kind === 'found' ? run.value : undefined;
        // A branch may be called `pr12`, too.
        entry.isAside =
          pullRequest !== undefined && run.kind === 'found' && !isPullRequestEvent(run.value.event);
        const facts = { name: entry.candidate.name, run };
        const decision = await decideWith(facts, rules, (number) => findPullRequest(number, workSignal));
        entry.decision = decision;
      }
    }
  };
  await sideBySide({
    signal,
    start: (workSignal) => Array.from({ length: MOST_AT_ONCE }, () => work(workSignal)),
  });
}

/** Decides, and finds out about the pull request only where that matters. */
export async function decideWith(
  facts: Facts,
  rules: Rules,
  findPullRequest: (number: number) => Promise<Finding<string>>,
) {
  const decision = decide(facts, rules);
  if (decision !== 'ask pull request') {
    return decision;
  }
  const { pullRequest: number } = facts.name;
  const pullRequest: Finding<string> =
    number === undefined ? { kind: 'unknown' } : await findPullRequest(number);
  const second = decide({ ...facts, pullRequest }, rules);
  if (second === 'ask pull request') {
    throw new Error('the pull request was asked for already');
  }
  return second;
}
