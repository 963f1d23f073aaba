import { DescribedError } from '../../text/described-error.ts';
import type { InventoryType } from '../../text/reference.ts';
import { unescapeName } from './escaped-name.ts';

/** An object that an error names so that a person can choose it. */
export interface Candidate {
  readonly id: string;
  /** In readable form. */
  readonly name: string;
  /** Where it lies, as far as that is known: `cluster 'cluster-a', datacenter 'DC1'`. */
  readonly where?: string;
}

export type ResolveReason =
  /** Nothing of that name, as far as the account may see. */
  | 'none'
  /** More than one; `candidates` has them. */
  | 'several'
  /** A relative path, and more than one datacenter that it could begin in; `candidates` has the datacenters. */
  | 'datacenter-needed'
  /** An absolute path that leads into another datacenter than the one given. */
  | 'outside-datacenter'
  /** A path that cannot lead to an object of the type. */
  | 'not-a-path'
  /** A datacenter's own folder, in which all others are, where that would be too much. */
  | 'root-folder'
  /** No datacenter can be seen, so that nobody can tell whether a folder is a datacenter's own. */
  | 'no-datacenter'
  /** One device of the source that is to be treated in two ways; `candidates` has it. */
  | 'device-twice'
  /** A tag whose category is not for VMs. */
  | 'not-for-vms'
  /** Two tags of a category that allows an object only one; `candidates` has them. */
  | 'one-per-category';

/** One name that could not be turned into an id. */
export interface ResolveProblem {
  /** The input at fault, in GitHub's spelling: `resource-pool`. */
  readonly input: string;
  readonly type: InventoryType | 'VirtualDisk' | 'VirtualEthernetCard' | 'Category' | 'Tag';
  /** What the input named, in readable form. */
  readonly asked: string;
  readonly reason: ResolveReason;
  /** The one element of a path that is not there, or there more than once. */
  readonly element?: string;
  /** Where it was looked for: `datacenter 'DC1'`, `'/DC1/vm/ci'`. Absent where it was the whole inventory. */
  readonly scope?: string;
  readonly candidates: readonly Candidate[];
  /** Objects in the scope with a similar name, best first. */
  readonly near: readonly Candidate[];
  /** Everything in the scope, where nothing is similar and it is not much. */
  readonly available: readonly Candidate[];
  /** What to do about it. */
  readonly hint?: string;
}

/** Names in the inputs that do not lead to exactly one object each: all that a run has, at once, one a line of the message. */
export class ResolveError extends DescribedError {
  override readonly name = 'ResolveError';
  readonly title = 'Names not resolved';
  readonly text: string;
  /** Empty for a name that cannot be looked up since another one, which it depends on, is at fault. */
  readonly problems: readonly ResolveProblem[];

  constructor(problems: readonly ResolveProblem[]) {
    const lines = problems.map(describeResolveProblem);
    super(
      (lines.length > 1 ? ['These inputs do not name exactly one object each:', ...lines] : lines).join('\n'),
    );
    this.text = this.message;
    this.problems = problems;
  }
}

const NOUNS: Readonly<Record<ResolveProblem['type'], readonly [singular: string, plural: string]>> = {
  VirtualMachine: ['VM', 'VMs'],
  Folder: ['VM folder', 'VM folders'],
  ResourcePool: ['resource pool', 'resource pools'],
  ClusterComputeResource: ['cluster', 'clusters'],
  HostSystem: ['host', 'hosts'],
  Datastore: ['datastore', 'datastores'],
  Network: ['network', 'networks'],
  Datacenter: ['datacenter', 'datacenters'],
  VirtualDisk: ['disk', 'disks'],
  VirtualEthernetCard: ['network adapter', 'network adapters'],
  Category: ['tag category', 'tag categories'],
  Tag: ['tag', 'tags'],
};

const MOST_SHOWN = 10;

/** One problem as a line for people. */
export function describeResolveProblem(problem: ResolveProblem): string {
  const sentences = [statement(problem), suggestion(problem), problem.hint];
  return `${problem.input}: ${sentences.filter((sentence) => sentence !== undefined).join(' ')}`;
}

function statement({ type, asked, reason, element, scope, candidates }: ResolveProblem): string {
  const [noun, nouns] = NOUNS[type];
  const inScope = scope === undefined ? '' : ` in ${scope}`;
  switch (reason) {
    case 'none':
      return element === undefined
        ? `there is no ${noun} '${asked}'${inScope}.`
        : `'${asked}' leads nowhere: there is no '${element}'${inScope}.`;
    case 'several':
      return element === undefined
        ? `${candidates.length} ${nouns} are called '${asked}'${inScope}: ${enumerate(candidates, idAndPlace)}.`
        : `'${asked}' is not clear: there are ${candidates.length} '${element}'${inScope}: ${enumerate(candidates, idAndPlace)}.`;
    case 'datacenter-needed':
      return `'${asked}' is a path below a datacenter, and there are several: ${enumerate(candidates, nameAndId)}.`;
    case 'outside-datacenter':
      return `'${asked}' does not lie in ${scope ?? 'the datacenter'}, which 'datacenter' names.`;
    case 'not-a-path':
      return `'${asked}' is not a path to a ${noun}.`;
    case 'root-folder':
      return `'${asked}' is a datacenter's own VM folder, in which all others are.`;
    case 'no-datacenter':
      return `'${asked}' may be a datacenter's own VM folder: no datacenter can be seen.`;
    case 'not-for-vms':
      return `'${asked}' is a tag of ${scope ?? 'a category'}, which is not for VMs.`;
    case 'one-per-category':
      return `${enumerate(candidates, nameAndId)} are tags of ${scope ?? 'one category'}, of which a VM takes only one.`;
    case 'device-twice':
      return `'${asked}' is ${enumerate(candidates, nameAndId)}, and that ${noun} is named before.`;
  }
}

function suggestion({ near, available }: ResolveProblem): string | undefined {
  if (near.length > 0) {
    return `Did you mean ${enumerate(near, nameAndId, ' or ')}?`;
  }
  return available.length > 0 ? `There are: ${enumerate(available, nameAndId)}.` : undefined;
}

function enumerate(candidates: readonly Candidate[], show: (each: Candidate) => string, last = ', '): string {
  const shown = candidates.slice(0, MOST_SHOWN).map(show);
  if (candidates.length > MOST_SHOWN) {
    return `${shown.join(', ')} and ${candidates.length - MOST_SHOWN} more`;
  }
  return [...(shown.length > 1 ? [shown.slice(0, -1).join(', ')] : []), ...shown.slice(-1)].join(last);
}

function nameAndId({ name, id }: Candidate): string {
  return `'${name}' (${id})`;
}

function idAndPlace({ id, where }: Candidate): string {
  return where === undefined ? id : `${id} (${where})`;
}

/** A row of vCenter's as an error shows it. */
export function toCandidate({
  id,
  name,
  path,
}: {
  readonly id: string;
  readonly name: string;
  readonly path?: string;
}): Candidate {
  return { id, name: unescapeName(name), ...(path === undefined ? {} : { where: path }) };
}
