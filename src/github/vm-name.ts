import { createHash } from 'node:crypto';
import { ValueProblem } from '../text/invalid-value.ts';
import { printable } from '../text/printable.ts';
import { type GitHubContext, pullRequestNumber } from './context.ts';
import { InputsError } from './inputs-error.ts';

/** vCenter's own limit, in characters. */
const LONGEST = 80;

/** @throws ValueProblem for a name that no VM can have. */
export function parseVmName(text: string): string {
  const length = [...printable(text)].length;
  if (length > LONGEST) {
    throw new ValueProblem(`has ${length} characters; vCenter takes at most ${LONGEST}`);
  }
  return text;
}

/** Characters of 36 kinds, which make 31 bits. */
const HASH_LENGTH = 6;

/**
 * Makes the name of a step's VM: `REPO-pr12-JOB-RUNID-ATTEMPT-HASH` on a pull request, with the ref in place of the number
 * otherwise. The hash keeps steps, jobs and the legs of a matrix apart; the same step of the same attempt always gets the
 * same name. Only lower-case letters, digits and single hyphens, at most 80 of them.
 *
 * @throws InputsError outside a workflow run, where no name could be told to be this run's own.
 */
export function generateVmName(context: GitHubContext, jobIndex: number | undefined): string {
  const { repo, ref, job, runId, runAttempt, action } = context;
  if (!isCount(runId) || !isCount(runAttempt)) {
    const problem =
      'is required: GITHUB_RUN_ID or GITHUB_RUN_ATTEMPT is not set, so none can be made of them';
    throw new InputsError([{ input: 'name', got: undefined, problem }]);
  }
  const identity = [
    `${repo.owner}/${repo.repo}`,
    runId,
    runAttempt,
    job ?? '',
    jobIndex ?? null,
    action ?? '',
  ];
  const number = pullRequestNumber(context);
  const tail = `${runId}-${runAttempt}-${hash(JSON.stringify(identity))}`;
  const parts = [
    { text: slug(repo.repo), isCut: true },
    number === undefined
      ? { text: slug((ref ?? '').replace(/^refs\/(?:heads|tags)\//, '')), isCut: true }
      : { text: `pr${number}`, isCut: false }, // half a number would be another pull request's
    { text: slug(job ?? ''), isCut: true },
  ];
  while (join(parts, tail).length > LONGEST) {
    const longest = parts
      .filter(({ isCut }) => isCut)
      .reduce((one, other) => (other.text.length > one.text.length ? other : one));
    longest.text = longest.text.slice(0, -1).replace(/-$/, '');
  }
  return join(parts, tail);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** Lower-case letters and digits without their accents; whatever else there is becomes a single hyphen. */
function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function join(parts: readonly { readonly text: string }[], tail: string): string {
  return [...parts.map(({ text }) => text).filter((text) => text !== ''), tail].join('-');
}

function hash(text: string): string {
  const bits = createHash('sha256').update(text).digest().readBigUInt64BE();
  return (bits % 36n ** BigInt(HASH_LENGTH)).toString(36).padStart(HASH_LENGTH, '0');
}
