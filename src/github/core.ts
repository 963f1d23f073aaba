import { EOL } from 'node:os';
import { RunnerFileError } from './runner-file-error.ts';

type ActionsCore = typeof import('@actions/core');

/** What a step uses of `@actions/core`. */
export type Core = Pick<
  ActionsCore,
  | 'getInput'
  | 'setSecret'
  | 'setOutput'
  | 'saveState'
  | 'getState'
  | 'info'
  | 'debug'
  | 'notice'
  | 'warning'
  | 'error'
  | 'startGroup'
  | 'endGroup'
  | 'summary'
>;

/** A core that may still have to be loaded: until then, what it is told to print waits. */
export interface DeferredCore extends Omit<Core, 'summary'> {
  /**
   * Resolves when everything works and what has waited is printed.
   *
   * @throws Error, once, where one of those could not be done, such as an output without the runner's file for it.
   */
  load(): Promise<Core>;
}

export interface DeferOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  readonly load: () => Promise<Core>;
}

/**
 * Puts off loading `@actions/core` until the login is on its way: it brings an HTTP client of its own along, for OpenID
 * Connect, and takes longer to load than all the rest together. What is needed before that is here: inputs, state, and the
 * masks, which the runner must get before anything that they hide. They speak the runner's protocol as the real one does.
 */
export function deferCore({ env, write, load }: DeferOptions): DeferredCore {
  let core: Core | undefined;
  let loading: Promise<Core> | undefined;
  const waiting: ((core: Core) => void)[] = [];
  const flush = (loaded: Core) => {
    const errors: unknown[] = [];
    for (const action of waiting.splice(0)) {
      try {
        action(loaded);
      } catch (error) {
        errors.push(error); // an output that cannot be written must not take the error annotation along
      }
    }
    if (errors.length > 0) {
      throw errors[0];
    }
  };
  const later = (action: (core: Core) => void) => {
    if (core === undefined) {
      waiting.push(action);
    } else {
      action(core);
    }
  };
  const toFile = (file: string, action: (core: Core) => void) =>
    later((loaded) => {
      try {
        // Without the file, the real core falls back on commands that the runner has disabled.
        if (!env[file]) {
          throw new Error('not set');
        }
        action(loaded);
      } catch (cause) {
        throw new RunnerFileError({ file, path: env[file], cause });
      }
    });
  return {
    load: async () => {
      loading ??= load();
      core = await loading;
      flush(core);
      return core;
    },
    getInput: (name, options) => {
      const text = env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '';
      return options?.trimWhitespace === false ? text : text.trim();
    },
    getState: (name) => env[`STATE_${name}`] ?? '',
    setSecret: (secret) => {
      write(`::add-mask::${escapeData(secret)}${EOL}`);
    },
    setOutput: (name, value) => toFile('GITHUB_OUTPUT', (loaded) => loaded.setOutput(name, value)),
    saveState: (name, value) => toFile('GITHUB_STATE', (loaded) => loaded.saveState(name, value)),
    info: (message) => later((loaded) => loaded.info(message)),
    debug: (message) => later((loaded) => loaded.debug(message)),
    notice: (message, properties) => later((loaded) => loaded.notice(message, properties)),
    warning: (message, properties) => later((loaded) => loaded.warning(message, properties)),
    error: (message, properties) => later((loaded) => loaded.error(message, properties)),
    startGroup: (name) => later((loaded) => loaded.startGroup(name)),
    endGroup: () => later((loaded) => loaded.endGroup()),
  };
}

/** A workflow command ends with its line, so line breaks in its data are encoded. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
