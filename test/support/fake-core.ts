import type { Core } from '../../src/github/core.ts';

export interface FakeCore extends Pick<Core, 'getInput' | 'setSecret'> {
  /** The names of the inputs that were read, in order. */
  readonly read: string[];
  readonly secrets: string[];
}

/** Inputs as the runner hands them over: what is not given is an empty text. */
export function fakeCore(inputs: Readonly<Record<string, string>>): FakeCore {
  const read: string[] = [];
  const secrets: string[] = [];
  return {
    read,
    secrets,
    getInput: (name, options) => {
      read.push(name);
      const text = inputs[name] ?? '';
      return options?.trimWhitespace === false ? text : text.trim();
    },
    setSecret: (secret) => {
      secrets.push(secret);
    },
  };
}

/** What `parse` throws, by its message; fails the test where it throws anything but a ValueProblem, or nothing. */
export function problemOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof Error && error.name === 'ValueProblem') {
      return error.message;
    }
    throw error;
  }
  throw new Error('nothing was wrong');
}

/** Passes what `parse` returns, or undefined where the text is refused; every other error goes through. */
export function valueOrRefused<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Error && error.name === 'ValueProblem') {
      return undefined;
    }
    throw error;
  }
}
