import type { Core } from '../../github/core.ts';
import { DescribedError } from '../../text/described-error.ts';
import { isRecord } from '../../text/json.ts';
import type { TaskReference } from '../../vcenter/task.ts';

/** What a clone run sets out to do, as far as the post step must know it. Never a secret, and small whatever the inputs are. */
export interface ClonePlan {
  /** `host` or `host:port`. */
  readonly server: string;
  /** The one certificate (PEM) out of `ca-certificate` that certified the server: a file may be gone when the post step runs. */
  readonly caCertificate?: string;
  /** In its place the fingerprint of the certificate that was accepted, where that one is too long. */
  readonly certificateFingerprint?: string;
  readonly name: string;
  /** True for a generated name, whose random token no other step has. A given name may be used by others, too. */
  readonly isNameGenerated: boolean;
  readonly source: string;
  /** Absent where the source's folder is taken, which the API does not tell. */
  readonly folder?: string;
  /** VMs that had the name before the request: never this run's. */
  readonly vmsBefore: readonly string[];
  /** What is written into the VM beside `guestinfo`, so that it can be told whose it is; absent where nothing is. */
  readonly mark?: string;
}

/** How far a clone run has got. It is written ahead, so each phase can be the last one that the post step ever sees. */
export type CloneState =
  /** Nothing has been asked of vCenter that changes anything. */
  | { readonly phase: 'planned'; readonly plan: ClonePlan }
  /**
   * The clone request goes out; whether it arrives is open. `kind` is that of its task; `sentAt` is
   * ISO 8601, by the runner's clock.
   */
  | { readonly phase: 'requested'; readonly plan: ClonePlan; readonly kind: string; readonly sentAt: string }
  /** vCenter has accepted the clone. */
  | { readonly phase: 'started'; readonly plan: ClonePlan; readonly task: TaskReference }
  /** The VM is there, and the step still works on it: no successful step has returned it. */
  | { readonly phase: 'created'; readonly plan: ClonePlan; readonly vm: string }
  /** The step has succeeded; the VM is the job's, and `teardown` says what becomes of it. */
  | { readonly phase: 'returned'; readonly plan: ClonePlan; readonly vm: string }
  /** Nothing is left to do: the step has cleaned up by itself, or no clone was started. */
  | { readonly phase: 'closed' };

const KEY = 'clone';
const VERSION = 2;

/** The runner hands state over as environment variables: 128 KiB each on Linux, 32 KiB in all on Windows. */
const LARGEST_STATE = 16 * 1024;
/** As many VMs of one name are a mistake somewhere, and each costs room in the state. */
const MOST_VMS_BEFORE = 20;

/** The one record of how far a clone has got, in this process and for the post step. */
export interface Journal {
  readonly state: CloneState;
  /**
   * Writes the next phase, before what it tells is done.
   *
   * @throws RunnerFileError, StateTooLarge.
   */
  enter(state: CloneState): void;
  /** The same while cleaning up, which no file of the runner's may keep from being done. */
  tryEnter(state: CloneState): void;
}

export function createJournal(core: Pick<Core, 'saveState'>, initial: CloneState): Journal {
  let state = initial;
  const journal: Journal = {
    get state() {
      return state;
    },
    enter: (next) => {
      // What cannot be written ahead is not done; what has happened has happened.
      if (next.phase !== 'requested') {
        state = next;
      }
      core.saveState(KEY, serialize(next));
      state = next;
    },
    tryEnter: (next) => {
      try {
        journal.enter(next);
      } catch {
        // The error that ends the step, or the runner's next file, tells of it.
      }
    },
  };
  return journal;
}

function serialize(state: CloneState): string {
  const text = JSON.stringify({ version: VERSION, ...state });
  const vms = 'plan' in state ? state.plan.vmsBefore.length : 0;
  if (vms > MOST_VMS_BEFORE || Buffer.byteLength(text) > LARGEST_STATE) {
    throw new StateTooLarge({ bytes: Buffer.byteLength(text), vms });
  }
  return text;
}

/** What the post step must know would not fit; nothing was cloned. */
export class StateTooLarge extends DescribedError {
  override readonly name = 'StateTooLarge';
  readonly title = 'State too large';
  readonly text: string;

  constructor({ bytes, vms }: { readonly bytes: number; readonly vms: number }) {
    super(`the state has ${bytes} bytes, for ${vms} VMs`);
    this.text =
      vms > MOST_VMS_BEFORE
        ? `${vms} VMs have this name already. Choose another 'name', or leave it out to get a generated one.\nThe post step has to know each of them, so no clone was started.`
        : `What the post step has to know takes ${bytes} bytes, and at most ${LARGEST_STATE} fit: use shorter names and ids.\nNo clone was started.`;
  }
}

/** The state that the main step left behind is not what this action writes. */
export class UnreadableState extends DescribedError {
  override readonly name = 'UnreadableState';
  readonly title = 'State not readable';
  readonly text: string;

  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

export interface SavedState {
  readonly state: CloneState;
  /** Written by an earlier version of the action, which the job began with. */
  readonly isOlder: boolean;
}

/**
 * Reads what the main step wrote; undefined where it wrote nothing.
 *
 * @throws UnreadableState where it is of a later version, or is not what this action writes.
 */
export function readState(core: Pick<Core, 'getState'>): SavedState | undefined {
  const text = core.getState(KEY);
  if (text === '') {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableState('The state that the main step left behind cannot be read.');
  }
  const isOlder = isRecord(value) && value['version'] === 1;
  const current = isRecord(value) && isOlder ? fromVersion1(value) : value;
  if (isRecord(current) && current['version'] === VERSION && isCloneState(current)) {
    return { state: current, isOlder };
  }
  const plan = isRecord(value) && isRecord(value['plan']) ? value['plan'] : {};
  const name = isText(plan['name']) ? ` Look for '${plan['name']}' in vCenter.` : '';
  throw new UnreadableState(
    `The state that the main step left behind is not of this version of the action.${name}`,
  );
}

type Fields = Readonly<Record<string, unknown>>;

const PHASES_OF_1: Fields = { finished: 'returned', settled: 'closed' };

const KIND_OF_1 = 'cis';

/** Version 1 took names for its own that two steps could share: to this version they prove nothing. */
function fromVersion1(value: Fields): Fields {
  const { plan, phase, task, ...rest } = value;
  return {
    ...rest,
    kind: KIND_OF_1,
    ...(task === undefined ? {} : { task: { kind: KIND_OF_1, id: task } }),
    phase: PHASES_OF_1[String(phase)] ?? phase,
    ...(isRecord(plan) ? { plan: { ...plan, isNameGenerated: false } } : {}),
    version: VERSION,
  };
}

function isCloneState(value: Fields): value is Fields & CloneState {
  switch (value['phase']) {
    case 'closed':
      return true;
    case 'planned':
      return isPlan(value['plan']);
    case 'requested':
      return isPlan(value['plan']) && isText(value['kind']) && isDate(value['sentAt']);
    case 'started':
      return isPlan(value['plan']) && isReference(value['task']);
    case 'created':
    case 'returned':
      return isPlan(value['plan']) && isText(value['vm']);
    default:
      return false;
  }
}

function isReference(value: unknown): boolean {
  return isRecord(value) && isText(value['kind']) && isText(value['id']);
}

function isPlan(value: unknown): boolean {
  return (
    isRecord(value) &&
    [value['server'], value['name'], value['source']].every(isText) &&
    typeof value['isNameGenerated'] === 'boolean' &&
    [value['folder'], value['caCertificate'], value['certificateFingerprint'], value['mark']].every(
      (each) => each === undefined || isText(each),
    ) &&
    Array.isArray(value['vmsBefore']) &&
    value['vmsBefore'].every(isText)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
