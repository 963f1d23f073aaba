import { ValueProblem } from '../text/invalid-value.ts';
import { printable } from '../text/printable.ts';
import { type GitHubContext, pullRequestNumber } from './context.ts';
import { InputsError } from './inputs-error.ts';

/** vCenter's own limit, in characters; the state, which holds the name, relies on it too. */
const LONGEST = 80;

/** @throws ValueProblem for a name that no VM can have. */
export function parseVmName(text: string): string {
  const length = [...printable(text)].length;
  if (length > LONGEST) {
    throw new ValueProblem(`has ${length} characters; vCenter takes at most ${LONGEST}`);
  }
  return text;
}

const TOKEN_CHARACTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const TOKEN_LENGTH = 6;

/**
 * Makes the name of a step's VM: `REPO-pr12-JOB-RUNID-ATTEMPT-TOKEN` on a pull request, with the ref in place of the number
 * otherwise. The token is random, so that no two steps share a name, whatever the runner tells them of themselves. Only
 * lower-case letters, digits and single hyphens, at most 80 of them.
 *
 * @throws InputsError outside a workflow run, where no name could tell which run made the VM.
 */
export function generateVmName({
  context,
  random,
}: {
  readonly context: GitHubContext;
  /** 0 to 1. */
  readonly random: () => number;
}): string {
  const { repo, ref, job, runId, runAttempt } = context;
  if (!isCount(runId) || !isCount(runAttempt)) {
    const problem =
      'is required: GITHUB_RUN_ID or GITHUB_RUN_ATTEMPT is not set, so none can be made of them';
    throw new InputsError([{ input: 'name', got: undefined, problem }]);
  }
  const number = pullRequestNumber(context);
  const tail = `${runId}-${runAttempt}-${drawToken(random)}`;
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

/** The run that a generated name tells. */
export interface GeneratedName {
  readonly runId: number;
  readonly runAttempt: number;
}

/** Reads a generated name from the right; undefined for a name of any other form. */
export function readGeneratedName(name: string): GeneratedName | undefined {
  if (name.length > LONGEST || !/^[a-z0-9]+(?:-[a-z0-9]+){3,}$/.test(name)) {
    return undefined;
  }
  const [runId = '', runAttempt = '', token = ''] = name.split('-').slice(-3);
  const isRun = [runId, runAttempt].every((text) => /^[1-9]\d*$/.test(text) && isCount(Number(text)));
  return isRun && token.length === TOKEN_LENGTH
    ? { runId: Number(runId), runAttempt: Number(runAttempt) }
    : undefined;
}

/** A host name has one label of at most 63 characters (RFC 1123). */
const LONGEST_HOST_NAME = 63;

/** A host name for a VM's guest: its name in lower case, cut from the front; undefined where nothing of it is left. */
export function hostNameOf(vmName: string): string | undefined {
  const hostName = slug(vmName).slice(-LONGEST_HOST_NAME).replace(/^-/, '');
  return hostName === '' ? undefined : hostName;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function drawToken(random: () => number): string {
  const draw = () => TOKEN_CHARACTERS.charAt(Math.floor(random() * TOKEN_CHARACTERS.length));
  return Array.from({ length: TOKEN_LENGTH }, draw).join('');
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
