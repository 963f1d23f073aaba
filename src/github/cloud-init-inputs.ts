import { ValueProblem } from '../text/invalid-value.ts';
import { isRecord } from '../text/json.ts';

/** What vCenter takes of user data and of metadata, in bytes of UTF-8. */
const LARGEST = 512 * 1024;

/** Inputs travel in the environment: 128 KiB each on Linux, 32 KiB of all together on Windows, this action's and others'. */
const LARGEST_INLINE = 64 * 1024;
const LARGEST_INLINE_ON_WINDOWS = 8 * 1024;

/** Says that a text that was given in the workflow itself is too long. @throws ValueProblem */
export type InlineCheck = (text: string) => void;

/** On Windows the limit is that of all texts that are checked together. */
export function createInlineCheck({ isWindows }: { readonly isWindows: boolean }): InlineCheck {
  let before = 0;
  return (text) => {
    const bytes = Buffer.byteLength(text);
    const all = isWindows ? before + bytes : bytes;
    before += bytes;
    const limit = isWindows ? LARGEST_INLINE_ON_WINDOWS : LARGEST_INLINE;
    if (all > limit) {
      const most = `${limit / 1024} KiB${isWindows ? ' of all inputs together, on Windows,' : ''}`;
      throw new ValueProblem(
        `has ${bytes} bytes, and at most ${most} can be given in the workflow; write a file and give its path`,
        { hidesValue: true },
      );
    }
  };
}

export interface CloudInitOptions {
  /** As it was given, whitespace at both ends included. */
  readonly text: string;
  /** Returns a file's text; throws where it cannot be read. */
  readonly readFile: (path: string) => string;
  readonly checkInline: InlineCheck;
}

/**
 * Reads cloud-init user data: the text itself, or the file that the text, a single line, is the path of. It may hold secrets, so
 * no error shows any of it.
 *
 * @throws ValueProblem
 */
export function readUserData({ text, readFile, checkInline }: CloudInitOptions): string {
  const path = text.trim();
  if (!isPath(path)) {
    checkInline(text);
    return expectSize(text);
  }
  let content: string;
  try {
    content = readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new ValueProblem(
      `is a single line, so it is the path of a file, and that cannot be read (${code})`,
      {
        hidesValue: true,
      },
    );
  }
  if (content.trim() === '') {
    throw new ValueProblem('is the path of a file that is empty', { hidesValue: true });
  }
  // What reading puts in place of other bytes: gzip, or the UTF-16 that PowerShell writes, would get to the guest as rubbish.
  if (content.includes('\uFFFD')) {
    throw new ValueProblem('is the path of a file that is not text in UTF-8', { hidesValue: true });
  }
  return expectSize(content);
}

/**
 * Reads cloud-init metadata in the same way. Metadata that is no YAML is reported by the guest as success, so what can be seen
 * of it is checked here: a JSON object, or lines at whose top stands `key: value`.
 *
 * @throws ValueProblem
 */
export function readMetaData(options: CloudInitOptions): string {
  const metadata = readUserData(options);
  if (!(metadata.trimStart().startsWith('{') ? isJsonObject(metadata) : isYamlMapping(metadata))) {
    throw new ValueProblem('is neither a JSON object nor YAML with lines such as "instance-id: NAME"', {
      hidesValue: true,
    });
  }
  return metadata;
}

/** One line that cannot be the data themselves. */
function isPath(line: string): boolean {
  return !/[\r\n]/.test(line) && !/^(?:[#{]|Content-Type:|MIME-Version:)/i.test(line) && !line.includes(': ');
}

function expectSize(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST) {
    throw new ValueProblem(`has ${bytes} bytes; vCenter takes at most ${LARGEST}`, { hidesValue: true });
  }
  return text;
}

function isJsonObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}

function isYamlMapping(text: string): boolean {
  const top = text
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '' && !/^[\s#]/.test(line) && !/^(?:---|\.\.\.)\s*(?:#.*)?$/.test(line));
  const [first = '', ...more] = top;
  // The items of a list, and the end of what began with a bracket, may stand at the top as well.
  return (
    YAML_ENTRY.test(first) && more.every((line) => YAML_ENTRY.test(line) || /^(?:-(?:\s|$)|[\]}])/.test(line))
  );
}

/** `key: value`. A plain key begins with none of YAML's indicators: `- key: value` is a list, `? key` a key of another form. */
const YAML_ENTRY = /^(?:"[^"]*"\s*|'[^']*'\s*|(?![-?]\s)[^\s:,[\]{}&*!|>'"%@`](?:[^:]|:(?=\S))*):(?:\s|$)/;
