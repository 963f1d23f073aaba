import { ValueProblem } from '../text/invalid-value.ts';
import { isRecord } from '../text/json.ts';
import {
  type DeviceReference,
  type InventoryType,
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

/** A network for an adapter of the source. Which of two readings holds, only the source's adapters tell. */
export interface NetworkUpdate {
  /** As `ADAPTER: NETWORK`; undefined where it cannot be read so. */
  readonly pair?: { readonly adapter: DeviceReference; readonly network: Reference };
  /** The whole of a line as a network, for the first adapter; undefined in JSON, and where there are more lines. */
  readonly whole?: Reference;
}

/** Whether two references are the same words for a device; the id and the label of one device are not. */
export function isSameDevice(one: DeviceReference, other: DeviceReference): boolean {
  return wordOf(one) === wordOf(other) && one.kind === other.kind;
}

/** The device as a person would name it. */
export function wordOf(device: DeviceReference): string {
  return device.kind === 'id' ? device.id : device.label;
}

/** Reads disks, one a line or separated by commas. A disk that is named twice counts once. @throws ValueProblem */
export function parseDisks(text: string): readonly DeviceReference[] {
  const disks: DeviceReference[] = [];
  for (const disk of splitList(text).map(parseDeviceReference)) {
    if (!disks.some((each) => isSameDevice(each, disk))) {
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
  const pairs = isJson(text) ? parseJsonPairs(text, DISKS) : linesOf(text).map((line) => pairOf(line, DISKS));
  return readPairs(pairs, DISKS).map(({ device, target }) => ({ disk: device, datastore: target }));
}

/**
 * Reads `ADAPTER: NETWORK`, one a line, or a single line with a network alone, which is for the first adapter, or a JSON object
 * with the adapters as keys and, as values, a network or an object `{"network": ...}`. A network's name may hold a colon, so a
 * line keeps both readings: which one holds, the source's adapters tell.
 *
 * @throws ValueProblem
 */
export function parseNetworkUpdates(text: string): readonly NetworkUpdate[] {
  if (isJson(text)) {
    return readPairs(parseJsonPairs(text, NETWORKS), NETWORKS).map(toNetworkUpdate);
  }
  const lines = linesOf(text);
  const [line] = lines;
  if (line === undefined || lines.length > 1) {
    return readPairs(
      lines.map((each) => pairOf(each, NETWORKS)),
      NETWORKS,
    ).map(toNetworkUpdate);
  }
  const pair = splitLine(line, NETWORKS);
  return pair === undefined
    ? [{ whole: parseReference({ type: 'Network', text: line }) }]
    : readPairs([pair], NETWORKS).map((read) => ({ ...toNetworkUpdate(read), ...wholeBeside(line) }));
}

function toNetworkUpdate({ device, target }: DeviceTarget): NetworkUpdate {
  return { pair: { adapter: device, network: target } };
}

/** The other reading of a line that is a good pair, where there is one: `id:4000: VM Network` is no network as a whole. */
function wholeBeside(line: string): Pick<NetworkUpdate, 'whole'> {
  try {
    return { whole: parseReference({ type: 'Network', text: line }) };
  } catch (error) {
    if (error instanceof ValueProblem) {
      return {};
    }
    throw error;
  }
}

/** What a map of devices maps, and to what. */
interface MapWords {
  readonly device: string;
  readonly target: string;
  readonly type: InventoryType;
  /** A target, for the error. */
  readonly example: string;
  /** What a line has to be, to follow "which is not". */
  readonly form: string;
}

const DISKS: MapWords = {
  device: 'disk',
  target: 'datastore',
  type: 'Datastore',
  example: 'fast',
  form: 'DISK: DATASTORE',
};

const NETWORKS: MapWords = {
  device: 'network adapter',
  target: 'network',
  type: 'Network',
  example: 'VM Network',
  form: 'ADAPTER: NETWORK; a network alone can only be the one line',
};

interface DeviceTarget {
  readonly device: DeviceReference;
  readonly target: Reference;
}

function readPairs(pairs: readonly Pair[], words: MapWords): readonly DeviceTarget[] {
  const read: DeviceTarget[] = [];
  for (const [deviceText, targetText] of pairs) {
    const device = parseDeviceReference(deviceText);
    if (read.some((each) => isSameDevice(each.device, device))) {
      throw new ValueProblem(`names the ${words.device} ${JSON.stringify(wordOf(device))} twice`);
    }
    read.push({ device, target: parseReference({ type: words.type, text: targetText }) });
  }
  return read;
}

type Pair = readonly [device: string, target: string];

function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** The lines that are not empty, without whitespace at their ends. */
export function linesOf(text: string): readonly string[] {
  return (text.match(/[^\r\n]+/g) ?? []).map((line) => line.trim()).filter((line) => line !== '');
}

function pairOf(line: string, words: MapWords): Pair {
  const pair = splitLine(line, words);
  if (pair === undefined) {
    throw notOfForm(line, words);
  }
  return pair;
}

/**
 * The first colon ends the device, unless it belongs to a forced reading; what follows may have colons of its own. Undefined for
 * a line without such a colon.
 */
function splitLine(line: string, words: MapWords): Pair | undefined {
  const [, device, target] = /^((?:id:|name:|(?!id:|name:))[^:]*):(.*)$/s.exec(line) ?? [];
  if (device === undefined || target === undefined) {
    return undefined;
  }
  if (device.trim() === '' || target.trim() === '') {
    throw notOfForm(line, words);
  }
  return [device.trim(), target.trim()];
}

function notOfForm(line: string, { form }: MapWords): ValueProblem {
  return new ValueProblem(`has the line ${JSON.stringify(line)}, which is not ${form}`);
}

function parseJsonPairs(text: string, words: MapWords): readonly Pair[] {
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
  return Object.entries(value as object).map(([device, target]) => [
    device,
    targetOf(target, { ...words, key: device }),
  ]);
}

function targetOf(
  value: unknown,
  { device, target, example, key }: MapWords & { readonly key: string },
): string {
  const where = JSON.stringify(key);
  const text = isRecord(value) ? value[target] : value;
  if (typeof text !== 'string' || text.trim() === '') {
    throw new ValueProblem(
      `has no ${target} for ${where}; write {${where}: "${example}"} or {${where}: {"${target}": "${example}"}}`,
    );
  }
  if (isRecord(value)) {
    const unknownKey = Object.keys(value).find((each) => each !== target);
    if (unknownKey !== undefined) {
      throw new ValueProblem(
        `has ${JSON.stringify(unknownKey)} for ${where}, but a ${device} has "${target}" and nothing else`,
      );
    }
  }
  return text.trim();
}

/** A key that stands twice in one object of a valid JSON text; JSON.parse would silently take the last. */
export function findDoubledKey(json: string): string | undefined {
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
