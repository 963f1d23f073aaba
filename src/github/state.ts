import { isRecord } from '../text/json.ts';
import type { Core } from './core.ts';

/** What a clone run sets out to do, as far as the post step must know it. Never a secret. */
export interface ClonePlan {
  /** `host` or `host:port`. */
  readonly server: string;
  /** PEM text, where a CA was given: the file that it was read from may be gone when the post step runs. */
  readonly caCertificate?: string;
  readonly name: string;
  /**
   * True for a generated name: its hash is this step's own, so whatever bears it was made by this step. A name that was
   * given may be used by others as well.
   */
  readonly nameIsOwn: boolean;
  readonly source: string;
  /** Absent where the source's folder is taken, which the API does not tell. */
  readonly folder?: string;
  /** VMs that bore the name before the request: never this run's. */
  readonly vmsBefore: readonly string[];
}

/**
 * How far a clone run has got. It is written ahead of what it tells, so each phase can be the last one that the post step
 * ever sees.
 */
export type CloneState =
  /** Nothing has been asked of vCenter that changes anything. */
  | { readonly phase: 'planned'; readonly plan: ClonePlan }
  /** The clone request goes out; whether it arrives is open. */
  | { readonly phase: 'requested'; readonly plan: ClonePlan; readonly sentAt: string }
  /** vCenter has accepted the clone. */
  | { readonly phase: 'started'; readonly plan: ClonePlan; readonly sentAt: string; readonly task: string }
  /** The VM is there, and the step still works on it: it has not been handed over. */
  | { readonly phase: 'created'; readonly plan: ClonePlan; readonly vm: string }
  /** The step has succeeded; the VM is the job's, and `teardown` says what becomes of it. */
  | { readonly phase: 'finished'; readonly plan: ClonePlan; readonly vm: string }
  /** Nothing is left to do: the step has cleaned up by itself, or has made nothing. */
  | { readonly phase: 'settled' };

const KEY = 'clone';
const VERSION = 1;

/** Writes the state for the post step, replacing what was written before. The runner reads it even after a kill. */
export function saveCloneState(core: Pick<Core, 'saveState'>, state: CloneState): void {
  core.saveState(KEY, JSON.stringify({ version: VERSION, ...state }));
}

export class StateError extends Error {
  override readonly name = 'StateError';
}

/**
 * Reads what the main step wrote; undefined where it wrote nothing.
 *
 * @throws StateError where the state is of another version, or is not what this action writes.
 */
export function loadCloneState(core: Pick<Core, 'getState'>): CloneState | undefined {
  const text = core.getState(KEY);
  if (text === '') {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StateError('The state that the main step left behind cannot be read.');
  }
  if (!isCloneState(value)) {
    throw new StateError('The state that the main step left behind is not of this version of the action.');
  }
  return value;
}

function isCloneState(value: unknown): value is CloneState {
  if (!isRecord(value) || value['version'] !== VERSION) {
    return false;
  }
  switch (value['phase']) {
    case 'settled':
      return true;
    case 'planned':
      return isPlan(value['plan']);
    case 'requested':
      return isPlan(value['plan']) && isDate(value['sentAt']);
    case 'started':
      return isPlan(value['plan']) && isDate(value['sentAt']) && isText(value['task']);
    case 'created':
    case 'finished':
      return isPlan(value['plan']) && isText(value['vm']);
    default:
      return false;
  }
}

function isPlan(value: unknown): boolean {
  return (
    isRecord(value) &&
    [value['server'], value['name'], value['source']].every(isText) &&
    typeof value['nameIsOwn'] === 'boolean' &&
    [value['folder'], value['caCertificate']].every((each) => each === undefined || isText(each)) &&
    Array.isArray(value['vmsBefore']) &&
    value['vmsBefore'].every(isText)
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
