import { ValueProblem } from '../text/invalid-value.ts';
import { printable } from '../text/printable.ts';
import { parseId } from '../text/reference.ts';
import { splitList } from './input-values.ts';

/** The most that vSphere 8.0 gives a VM; what a host can give is vCenter's to say. */
const MOST_CPUS = 768;

/** Reads a number of virtual CPUs. @throws ValueProblem */
export function parseCpuCount(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > MOST_CPUS) {
    throw new ValueProblem(`is not a number of CPUs, 1 to ${MOST_CPUS}`);
  }
  return Number(text);
}

/** In MiB: 24 TiB, the most that vSphere 8.0 gives a VM. */
const MOST_MEMORY = 24 * 1024 * 1024;
/** vSphere's own step of a VM's memory, in MiB. */
const MEMORY_STEP = 4;

/** Reads `8GiB`, `8192MiB` or a bare number of MiB; `GB` and `MB` mean the same, as in vSphere. Returns MiB. @throws ValueProblem */
export function parseMemory(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,8}) ?(gib|gb|mib|mb)?$/i.exec(text) ?? [];
  if (digits === undefined) {
    throw new ValueProblem('is no size of memory; use 8GiB, 8192MiB or a number of MiB, without a fraction');
  }
  const size = Number(digits) * (/^g/i.test(unit) ? 1024 : 1);
  if (size === 0 || size % MEMORY_STEP !== 0) {
    throw new ValueProblem(`is ${size} MiB; memory comes in multiples of ${MEMORY_STEP} MiB`);
  }
  if (size > MOST_MEMORY) {
    throw new ValueProblem('is more than a VM can have, which is 24576GiB');
  }
  return size;
}

/** How an input names a tag: by its URN, or by the names of its category and of the tag. */
export type TagReference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'name'; readonly category: string; readonly tag: string };

const TAG_URN = 'urn:vmomi:InventoryServiceTag:';

/** Reads tags, one a line or separated by commas. A tag that is named twice counts once. @throws ValueProblem */
export function parseTags(text: string): readonly TagReference[] {
  const items = [...new Set(splitList(text))];
  return items.map((item) => {
    if (item.startsWith(TAG_URN)) {
      return { kind: 'id', id: parseId(item) };
    }
    if (item.startsWith('urn:')) {
      throw new ValueProblem(
        `has ${JSON.stringify(item)}, which is no URN of a tag; that begins with ${TAG_URN}`,
      );
    }
    const slash = printable(item).indexOf('/');
    const [category, tag] = [item.slice(0, Math.max(0, slash)).trim(), item.slice(slash + 1).trim()];
    if (category === '' || tag === '') {
      throw new ValueProblem(
        `has ${JSON.stringify(item)}, which is neither CATEGORY/TAG nor the URN of a tag`,
      );
    }
    return { kind: 'name', category, tag };
  });
}

const MOST_PORTS = 16;

/** Reads TCP ports, one a line or separated by commas. A port that is named twice counts once. @throws ValueProblem */
export function parsePorts(text: string): readonly number[] {
  const items = splitList(text);
  const wrong = items.find((item) => !/^[1-9]\d{0,4}$/.test(item) || Number(item) > 65_535);
  if (wrong !== undefined) {
    throw new ValueProblem(`has ${JSON.stringify(wrong)}, which is not a TCP port, 1 to 65535`);
  }
  const ports = [...new Set(items.map(Number))];
  if (ports.length > MOST_PORTS) {
    throw new ValueProblem(`names ${ports.length} ports; at most ${MOST_PORTS} are waited for`);
  }
  return ports;
}
