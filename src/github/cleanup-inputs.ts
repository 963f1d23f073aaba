import { ValueProblem } from '../text/invalid-value.ts';
import { printable } from '../text/printable.ts';
import { bareId, isVmId, type Reference } from '../text/reference.ts';
import type { ConnectionInputs, ReadMainInputsOptions } from './connection-inputs.ts';
import { cleanupDefaults } from './defaults.ts';
import { always, optional, required } from './input-fields.ts';
import {
  parseAge,
  parseBoolean,
  parseDuration,
  parseWholeNumber,
  splitLines,
  splitList,
} from './input-values.ts';
import { readInputs, reference, someTime } from './inputs.ts';

/** The inputs of cleanup/action.yml. Times are milliseconds. */
export interface CleanupInputs {
  readonly connection: ConnectionInputs;
  /** At least one. */
  readonly folder: readonly Reference[];
  readonly datacenter?: Reference;
  readonly githubToken: string;
  readonly pullRequest?: number;
  readonly keepWhileOpen: boolean;
  /** 0: a run that has just ended will do. */
  readonly grace: number;
  readonly maxAge?: number;
  readonly keep: readonly KeepPattern[];
  readonly limit: number;
  readonly dryRun: boolean;
  readonly timeout: number;
}

/** VMs that stay, whatever else is known of them. */
export type KeepPattern =
  | { readonly kind: 'id'; readonly id: string }
  /** In lower case. `isPrefix`: and every name that begins so. */
  | { readonly kind: 'name'; readonly name: string; readonly isPrefix: boolean };

/**
 * Reads the inputs of the cleanup action. Password and token are masked first.
 *
 * @throws InputsError with everything that is wrong.
 */
export function readCleanupInputs({
  core,
  readFile,
  isForkPullRequest,
}: ReadMainInputsOptions): CleanupInputs {
  return readInputs<CleanupInputs>({
    core,
    readFile,
    isForkPullRequest,
    defaults: cleanupDefaults,
    fields: {
      folder: required('folder', 'the VM folders to clean up, one a line', parseFolders),
      datacenter: optional('datacenter', reference('Datacenter')),
      githubToken: required('github-token', "leave it out to have the job's own", (text) => {
        core.setSecret(text);
        return parseToken(text);
      }),
      pullRequest: optional('pull-request', (text) => parseWholeNumber({ text, min: 1 })),
      keepWhileOpen: always('keep-while-open', parseBoolean),
      grace: always('grace', (text) => parseDuration({ text, zero: 'allowed' })),
      maxAge: optional('max-age', parseAge),
      keep: always('keep', parseKeep),
      limit: always('limit', (text) => parseWholeNumber({ text, min: 0 })),
      dryRun: always('dry-run', parseBoolean),
      timeout: always('timeout', someTime),
    },
  });
}

function parseFolders(text: string): readonly Reference[] {
  return splitLines(text).map(reference('Folder'));
}

function parseToken(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new ValueProblem('is not a token: it holds characters that no header can have', {
      hidesValue: true,
    });
  }
  return text;
}

/** Generated names hold no comma, so that one between two of them can only mean two. */
function parseKeep(text: string): readonly KeepPattern[] {
  return splitList(text).map((item) => {
    const [, forced, rest = ''] = /^(id:|name:)?(.*)$/s.exec(printable(item)) ?? [];
    const value = rest.trim();
    if (value === '') {
      throw new ValueProblem(`has nothing after ${JSON.stringify(forced)}`);
    }
    if (forced === 'id:' || (forced === undefined && isVmId(value))) {
      return { kind: 'id', id: bareId(value) };
    }
    if (value.slice(0, -1).includes('*')) {
      throw new ValueProblem(`has ${JSON.stringify(value)}, but a * can only stand at the end`);
    }
    const isPrefix = value.endsWith('*');
    return { kind: 'name', name: (isPrefix ? value.slice(0, -1) : value).toLowerCase(), isPrefix };
  });
}

/** Whether one of the patterns is for this VM. */
export function isListed(
  patterns: readonly KeepPattern[],
  vm: { readonly id: string; readonly name: string },
): boolean {
  const name = vm.name.toLowerCase();
  return patterns.some((pattern) =>
    pattern.kind === 'id'
      ? pattern.id === bareId(vm.id)
      : pattern.isPrefix
        ? name.startsWith(pattern.name)
        : name === pattern.name,
  );
}
