export interface FileCommandPairs {
  /** The last value of a name wins. */
  readonly pairs: Readonly<Record<string, string>>;
  /** In the runner's words; what stands before the broken place is in `pairs` all the same. */
  readonly error: string | undefined;
}

/** Reads what a step wrote to GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV: `name=value` and `name<<delimiter` blocks. */
export function parseFileCommands(text: string): FileCommandPairs {
  const pairs: Record<string, string> = {};
  const lines = text.split('\n');
  // What follows the last line feed is a line only if it is not empty.
  if (lines.at(-1) === '') {
    lines.pop();
  }
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') {
      continue;
    }
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      if (name === '' || delimiter === '') {
        return {
          pairs,
          error: `Invalid format '${line}'. Name must not be empty and delimiter must not be empty`,
        };
      }
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) {
        return { pairs, error: `Invalid value. Matching delimiter not found '${delimiter}'` };
      }
      pairs[name] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else {
      return { pairs, error: `Invalid format '${line}'` };
    }
  }
  return { pairs, error: undefined };
}
