/** A workflow command as GitHub's runner reads it from a line of a step's output. */
export interface WorkflowCommand {
  /** Lower-case. */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
  /** `::name::message` at the start of a line, or the legacy `##[name]message` anywhere in it. */
  readonly form: 'colons' | 'brackets';
}

/** All that the runner registers; anything else in a command's place is ordinary text to it. */
const commandNames: readonly string[] = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
];

/** What white space is to .NET: JavaScript's, with NEL and without the byte order mark. */
const leadingWhiteSpace = /^(?:[^\S\uFEFF]|\u0085)+/;

interface Escape {
  readonly pattern: RegExp;
  readonly character: string;
}

const escapes = {
  '\r': { pattern: /%0D/g, character: '\r' },
  '\n': { pattern: /%0A/g, character: '\n' },
  ':': { pattern: /%3A/g, character: ':' },
  ',': { pattern: /%2C/g, character: ',' },
  ';': { pattern: /%3B/g, character: ';' },
  ']': { pattern: /%5D/g, character: ']' },
  // Always the last one to be decoded, so that `%250A` becomes the text `%0A`.
  '%': { pattern: /%25/g, character: '%' },
} satisfies Record<string, Escape>;

const dataEscapes = [escapes['\r'], escapes['\n'], escapes['%']];
const propertyEscapes = [escapes['\r'], escapes['\n'], escapes[':'], escapes[','], escapes['%']];
const bracketEscapes = [escapes[';'], escapes['\r'], escapes['\n'], escapes[']'], escapes['%']];

/**
 * Reads one line the way the runner does (Runner.Common/ActionCommand.cs): first the form with colons, then the legacy
 * form with brackets. `extraNames` are registered besides the runner's own: the token of `stop-commands`.
 */
export function parseWorkflowCommand(
  line: string,
  extraNames: readonly string[] = [],
): WorkflowCommand | undefined {
  const isName = (name: string) => commandNames.includes(name) || extraNames.includes(name);
  return parseColons(line, isName) ?? parseBrackets(line, isName);
}

function parseColons(line: string, isName: (name: string) => boolean): WorkflowCommand | undefined {
  const text = line.replace(leadingWhiteSpace, '');
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end < 0) {
    return undefined;
  }
  const { name, rest } = splitHead(text.slice(2, end));
  if (!isName(name)) {
    return undefined;
  }
  return {
    name,
    properties: parseProperties({ text: rest.trim(), separator: ',', escapes: propertyEscapes }),
    message: decode(text.slice(end + 2), dataEscapes),
    form: 'colons',
  };
}

function parseBrackets(line: string, isName: (name: string) => boolean): WorkflowCommand | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) {
    return undefined;
  }
  const { name, rest } = splitHead(line.slice(start + 3, end));
  if (!isName(name)) {
    return undefined;
  }
  return {
    name,
    properties: parseProperties({ text: rest, separator: ';', escapes: bracketEscapes }),
    message: decode(line.slice(end + 1), bracketEscapes),
    form: 'brackets',
  };
}

function splitHead(head: string): { readonly name: string; readonly rest: string } {
  const space = head.indexOf(' ');
  return space < 0
    ? { name: head.toLowerCase(), rest: '' }
    : { name: head.slice(0, space).toLowerCase(), rest: head.slice(space + 1) };
}

function parseProperties(options: {
  readonly text: string;
  readonly separator: string;
  readonly escapes: readonly Escape[];
}): Readonly<Record<string, string>> {
  const properties: Record<string, string> = {};
  for (const pair of options.text.split(options.separator)) {
    const equals = pair.indexOf('=');
    if (equals > 0 && equals < pair.length - 1) {
      properties[pair.slice(0, equals).toLowerCase()] = decode(pair.slice(equals + 1), options.escapes);
    }
  }
  return properties;
}

function decode(text: string, list: readonly Escape[]): string {
  return list.reduce((decoded, { pattern, character }) => decoded.replace(pattern, character), text);
}
