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

/** Characters of the repository that stay in every name: whoever reads it tells by them whose VM it is. */
const SHORTEST_REPOSITORY = 17;

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
    { text: slug(repo.repo), shortest: SHORTEST_REPOSITORY },
    number === undefined
      ? { text: slug((ref ?? '').replace(/^refs\/(?:heads|tags)\//, '')), shortest: 0 }
      : { text: `pr${number}`, shortest: LONGEST }, // half a number would be another pull request's
    { text: slug(job ?? ''), shortest: 0 },
  ];
  while (join(parts, tail).length > LONGEST) {
    const longest = parts
      .filter(({ text, shortest }) => text.length > shortest + 1) // a hyphen may go with the last character
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

/** What a name tells that was generated in a run of one repository. */
export interface RepositoryName extends GeneratedName {
  /**
   * The number that stands as `pr12` right behind the repository. A branch may be called so, too: whether it is a pull
   * request's, only the run's event tells.
   */
  readonly pullRequest: number | undefined;
}

/**
 * Reads a name that was generated in a run of a repository of this name, whoever owns it; undefined for any other. Nothing is
 * trimmed or folded: a name that only nearly fits is somebody else's.
 *
 * @param options.repo The repository without its owner.
 */
export function readRepositoryName({
  name,
  repo,
}: {
  readonly name: string;
  readonly repo: string;
}): RepositoryName | undefined {
  const generated = readGeneratedName(name);
  const front = slug(repo);
  if (generated === undefined || front === '') {
    return undefined;
  }
  const head = name.split('-').slice(0, -3).join('-');
  const isMaybeCut = name.length >= LONGEST - 1; // as long as it may be, or one less where a hyphen went along
  const lengths = isMaybeCut ? range(SHORTEST_REPOSITORY, front.length - 1) : [];
  const rests = [...lengths.map((length) => front.slice(0, length)), front]
    .filter((each) => head === each || head.startsWith(`${each}-`))
    .map((each) => head.slice(each.length + 1));
  if (rests.length === 0) {
    return undefined;
  }
  const numbers = new Set(rests.flatMap((rest) => pullRequestAt(rest) ?? []));
  const [number] = numbers;
  // Where a repository that was cut can be read in two ways, neither number is certain.
  return { ...generated, pullRequest: numbers.size === 1 ? number : undefined };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

function pullRequestAt(rest: string): number | undefined {
  const [, digits] = /^pr([1-9]\d*)(?:-|$)/.exec(rest) ?? [];
  return digits !== undefined && isCount(Number(digits)) ? Number(digits) : undefined;
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
