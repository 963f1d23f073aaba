import { ValueProblem } from '../text/invalid-value.ts';
import { isRecord } from '../text/json.ts';
import type { InlineCheck } from './cloud-init-inputs.ts';
import { findDoubledKey, linesOf } from './device-inputs.ts';

const PREFIX = 'guestinfo.';

/** Keys, with `guestinfo.` in front, from which cloud-init takes its data before it looks for a customization. */
export const CLOUD_INIT_KEYS: readonly string[] = ['metadata', 'userdata', 'vendordata'].map(
  (key) => `${PREFIX}${key}`,
);

/** Where the action itself writes whose a VM is. */
const RESERVED = `${PREFIX}vcenter-clone-vm.`;

/** What the guest can read of one key, in bytes; all of them together are held to the same. */
const LARGEST = 64 * 1024;

/**
 * Reads `KEY: VALUE`, one a line, or a JSON object. Returns the values by key, with `guestinfo.` in front. Values are secrets, so
 * no error shows one.
 *
 * @throws ValueProblem
 */
export function parseGuestinfo({
  text,
  checkInline,
}: {
  readonly text: string;
  readonly checkInline: InlineCheck;
}): Readonly<Record<string, string>> {
  if (text === '') {
    return {};
  }
  checkInline(text);
  const values: Record<string, string> = {};
  for (const [given, value] of text.startsWith('{') ? jsonPairs(text) : linesOf(text).map(splitLine)) {
    const key = given.startsWith(PREFIX) ? given : `${PREFIX}${given}`;
    if (!/^[A-Za-z0-9._-]+$/.test(key) || key === PREFIX) {
      throw problem(
        `has the key ${JSON.stringify(given)}; a key has letters, digits, ".", "_" and "-" and nothing else`,
      );
    }
    if (key.startsWith(RESERVED)) {
      throw problem(`has the key ${JSON.stringify(given)}; those of vcenter-clone-vm are the action's own`);
    }
    if (Object.hasOwn(values, key)) {
      throw problem(`has the key ${JSON.stringify(given)} twice`);
    }
    if (value.trim() === '') {
      throw problem(`has no value for ${JSON.stringify(given)}; vCenter would take the key out of the VM`);
    }
    values[key] = value;
  }
  const bytes = Object.entries(values).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (bytes > LARGEST) {
    throw problem(`has ${bytes} bytes; a guest can read at most ${LARGEST}`);
  }
  return values;
}

function problem(message: string): ValueProblem {
  return new ValueProblem(message, { hidesValue: true });
}

type Pair = readonly [key: string, value: string];

function splitLine(line: string): Pair {
  const colon = line.indexOf(':');
  if (colon < 1) {
    throw problem('has a line that is not KEY: VALUE');
  }
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

function jsonPairs(text: string): readonly Pair[] {
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    throw problem('begins with { but is not valid JSON'); // the reason would show some of it
  }
  const twice = findDoubledKey(text);
  if (twice !== undefined) {
    throw problem(`has the key ${twice} twice in one JSON object`);
  }
  return Object.entries(isRecord(object) ? object : {}).map(([key, value]) => {
    if (typeof value !== 'string') {
      throw problem(`has no text for ${JSON.stringify(key)}; write {${JSON.stringify(key)}: "VALUE"}`);
    }
    return [key, value];
  });
}
