import { ValueProblem } from '../text/invalid-value.ts';
import { isRecord } from '../text/json.ts';
import {
  type DeviceReference,
  parseDeviceReference,
  parseReference,
  type Reference,
} from '../text/reference.ts';
import { splitList } from './input-values.ts';

/** A disk of the source that goes to a datastore of its own. */
export interface DiskUpdate {
  readonly disk: DeviceReference;
  readonly datastore: Reference;
}

/** Whether two references are the same words for a disk; the id and the label of one disk are not. */
export function isSameDisk(one: DeviceReference, other: DeviceReference): boolean {
  return wordOf(one) === wordOf(other) && one.kind === other.kind;
}

/** The disk as a person would name it. */
export function wordOf(disk: DeviceReference): string {
  return disk.kind === 'id' ? disk.id : disk.label;
}

/** Reads disks, one a line or separated by commas. A disk that is named twice counts once. @throws ValueProblem */
export function parseDisks(text: string): readonly DeviceReference[] {
  const disks: DeviceReference[] = [];
  for (const disk of splitList(text).map(parseDeviceReference)) {
    if (!disks.some((each) => isSameDisk(each, disk))) {
      disks.push(disk);
    }
  }
  return disks;
}

/**
 * Reads `DISK: DATASTORE`, one a line, or a JSON object with the disks as keys and, as values, a datastore or an object
 * `{"datastore": ...}`, as in `VM.CloneSpec`.
 *
 * @throws ValueProblem
 */
export function parseDiskUpdates(text: string): readonly DiskUpdate[] {
  const pairs = text.trimStart().startsWith('{') ? parseJsonPairs(text) : parseLines(text);
  const updates: DiskUpdate[] = [];
  for (const [diskText, datastoreText] of pairs) {
    const disk = parseDeviceReference(diskText);
    if (updates.some((update) => isSameDisk(update.disk, disk))) {
      throw new ValueProblem(`names the disk ${JSON.stringify(wordOf(disk))} twice`);
    }
    updates.push({ disk, datastore: parseReference({ type: 'Datastore', text: datastoreText }) });
  }
  return updates;
}

type Pair = readonly [disk: string, datastore: string];

function parseLines(text: string): readonly Pair[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      // The first colon ends the disk, unless it belongs to a forced reading; datastores may have colons of their own.
      const [, disk = '', datastore = ''] = /^((?:id:|name:)?[^:]*):(.*)$/.exec(line) ?? [];
      if (disk.trim() === '' || datastore.trim() === '') {
        throw new ValueProblem(`has the line ${JSON.stringify(line)}, which is not DISK: DATASTORE`);
      }
      return [disk.trim(), datastore.trim()];
    });
}

function parseJsonPairs(text: string): readonly Pair[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    throw new ValueProblem(`begins with { but is not valid JSON (${reason})`);
  }
  const twice = findDoubledKey(text);
  if (twice !== undefined) {
    throw new ValueProblem(`has the key ${twice} twice in one JSON object`);
  }
  return Object.entries(value as object).map(([disk, target]) => [disk, datastoreOf(target, disk)]);
}

function datastoreOf(target: unknown, disk: string): string {
  const where = JSON.stringify(disk);
  const datastore = isRecord(target) ? target['datastore'] : target;
  if (typeof datastore !== 'string' || datastore.trim() === '') {
    throw new ValueProblem(
      `has no datastore for ${where}; write {${where}: "fast"} or {${where}: {"datastore": "fast"}}`,
    );
  }
  if (isRecord(target)) {
    const unknownKey = Object.keys(target).find((key) => key !== 'datastore');
    if (unknownKey !== undefined) {
      throw new ValueProblem(
        `has ${JSON.stringify(unknownKey)} for ${where}, but a disk has "datastore" and nothing else`,
      );
    }
  }
  return datastore.trim();
}

/** A key that stands twice in one object of a valid JSON text; JSON.parse would silently take the last. */
function findDoubledKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g)) {
    if (token === '{') {
      open.push(new Set());
    } else if (token === '}') {
      open.pop();
    } else if (text !== undefined && colon !== undefined) {
      const key = JSON.stringify(JSON.parse(text));
      if (open.at(-1)?.has(key)) {
        return key;
      }
      open.at(-1)?.add(key);
    }
  }
  return undefined;
}
