import { ValueProblem } from '../text/invalid-value.ts';
import type { Core } from './core.ts';
import type { InputProblem } from './inputs-error.ts';

interface Field<T> {
  readonly input: string;
  readonly parse: (text: string) => T;
  /** Whitespace at both ends is part of the value. */
  readonly isVerbatim?: boolean;
}

/** An input whose text always becomes a value. */
interface NeededField<T> extends Field<T> {
  /** What an empty text is: a problem, in words that follow "is required", or a text to be parsed like any other. */
  readonly whenEmpty: { readonly required: string } | 'parsed';
}

/** An input that may be left out. */
interface OptionalField<T> extends Field<T> {
  readonly whenEmpty: 'absent';
}

/** For every property of `T`, the input that it is read from; one that may be absent, where the property may. */
export type Fields<T> = {
  readonly [P in keyof T]-?: Partial<Pick<T, P>> extends Pick<T, P>
    ? OptionalField<Exclude<T[P], undefined>>
    : NeededField<T[P]>;
};

/** @param what What it is and how to give it, to follow "is required". */
export function required<T>(input: string, what: string, parse: (text: string) => T): NeededField<T> {
  return { input, parse, whenEmpty: { required: what } };
}

export function optional<T>(input: string, parse: (text: string) => T): OptionalField<T> {
  return { input, parse, whenEmpty: 'absent' };
}

/** An input that may be left out, whose text is taken as it is, whitespace at both ends included. */
export function verbatim<T>(input: string, parse: (text: string) => T): OptionalField<T> {
  return { input, parse, whenEmpty: 'absent', isVerbatim: true };
}

/** An input with a default, or one of whose type the empty text is a value, as an empty list is. */
export function always<T>(input: string, parse: (text: string) => T): NeededField<T> {
  return { input, parse, whenEmpty: 'parsed' };
}

export interface ReadFieldsOptions<T> {
  readonly core: Pick<Core, 'getInput'>;
  readonly fields: Fields<T>;
  /** What an empty input counts as. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** The values of the inputs that could be read, and what is wrong with the others: all of `T` where that is nothing. */
export interface ReadFields<T> {
  readonly values: Partial<T>;
  readonly problems: readonly InputProblem[];
}

/** Reads the inputs of all fields. */
export function readFields<T>({ core, fields, defaults }: ReadFieldsOptions<T>): ReadFields<T> {
  const values: Partial<T> = {};
  const problems: InputProblem[] = [];
  for (const property in fields) {
    const {
      input,
      parse,
      whenEmpty,
      isVerbatim,
    }: NeededField<T[typeof property]> | OptionalField<T[typeof property]> = fields[property];
    const given = core.getInput(input);
    const text =
      given === ''
        ? (defaults[input] ?? '')
        : isVerbatim
          ? core.getInput(input, { trimWhitespace: false })
          : given;
    if (text !== '' || whenEmpty === 'parsed') {
      try {
        values[property] = parse(text);
      } catch (error) {
        if (!(error instanceof ValueProblem)) {
          throw error;
        }
        problems.push({ input, got: error.hidesValue ? undefined : text, problem: error.message });
      }
    } else if (whenEmpty !== 'absent') {
      problems.push({ input, got: undefined, problem: `is required: ${whenEmpty.required}` });
    }
  }
  return { values, problems };
}
