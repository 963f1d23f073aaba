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
  const pairs = isJson(text)
    ? parseJsonPairs(text, { device: 'disk', target: 'datastore', example: 'fast' })
    : linesOf(text).map((line) => {
        const pair = splitLine(line);
        if (pair === undefined) {
          throw new ValueProblem(`has the line ${JSON.stringify(line)}, which is not DISK: DATASTORE`);
        }
        return pair;
      });
  const updates: DiskUpdate[] = [];
  for (const [diskText, datastoreText] of pairs) {
    const disk = parseDeviceReference(diskText);
    expectNew(
      updates.map((update) => update.disk),
      { device: disk, noun: 'disk' },
    );
    updates.push({ disk, datastore: parseReference({ type: 'Datastore', text: datastoreText }) });
  }
  return updates;
}

/**
 * Reads `ADAPTER: NETWORK`, one a line, or a single line with a network alone, which is for the first adapter, or a JSON object
 * with the adapters as keys and, as values, a network or an object `{"network": ...}`. A network's name may hold a colon, so a
 * line keeps both readings: which one holds, the source's adapters tell.
 *
 * @throws ValueProblem
 */
export function parseNetworkUpdates(text: string): readonly NetworkUpdate[] {
  const lines = linesOf(text);
  const readings = isJson(text)
    ? parseJsonPairs(text, { device: 'network adapter', target: 'network', example: 'VM Network' }).map(
        (pair) => ({ pair }),
      )
    : lines.map((line) => ({ line, pair: splitLine(line) }));
  const updates: NetworkUpdate[] = [];
  for (const reading of readings) {
    const whole = 'line' in reading && lines.length === 1 ? { whole: toNetwork(reading.line) } : {};
    if (reading.pair === undefined) {
      if (!('whole' in whole)) {
        const line = 'line' in reading ? JSON.stringify(reading.line) : '';
        throw new ValueProblem(
          `has the line ${line}, which is not ADAPTER: NETWORK; a network alone can only be the one line`,
        );
      }
      updates.push(whole);
      continue;
    }
    const [adapterText, networkText] = reading.pair;
    const adapter = parseDeviceReference(adapterText);
    const named = updates.flatMap(({ pair }) => (pair === undefined ? [] : [pair.adapter]));
    expectNew(named, { device: adapter, noun: 'network adapter' });
    updates.push({ pair: { adapter, network: toNetwork(networkText) }, ...whole });
  }
  return updates;
}

function toNetwork(text: string): Reference {
  return parseReference({ type: 'Network', text });
}

function expectNew(
  named: readonly DeviceReference[],
  { device, noun }: { readonly device: DeviceReference; readonly noun: string },
): void {
  if (named.some((each) => isSameDevice(each, device))) {
    throw new ValueProblem(`names the ${noun} ${JSON.stringify(wordOf(device))} twice`);
  }
}

type Pair = readonly [device: string, target: string];

function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The first colon ends the device, unless it belongs to a forced reading; what follows may have colons of its own. */
function splitLine(line: string): Pair | undefined {
  const [, device = '', target = ''] = /^((?:id:|name:)?[^:]*):(.*)$/.exec(line) ?? [];
  return device.trim() === '' || target.trim() === '' ? undefined : [device.trim(), target.trim()];
}

/** What the keys and the values of a JSON object are. */
interface PairWords {
  readonly device: string;
  readonly target: string;
  /** A target, for the error. */
  readonly example: string;
}

function parseJsonPairs(text: string, words: PairWords): readonly Pair[] {
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
  { device, target, example, key }: PairWords & { readonly key: string },
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
