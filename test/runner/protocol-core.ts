import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { EOL } from 'node:os';
import type { Core } from '../../src/github/core.ts';

/**
 * `@actions/core` for a step without a process of its own: it says the same in the same bytes, with the environment and the
 * output that it is given. The original knows only those of the process. Nothing here waits for a disk, so that a virtual
 * clock can go with it.
 */
export function createProtocolCore({
  env,
  write,
  isOver,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
  /** Whether the step was killed: then nothing is written any more. */
  readonly isOver: () => boolean;
}): Core {
  const append = (path: string, text: string) => {
    if (!isOver()) {
      appendFileSync(path, text);
    }
  };
  const command = (name: string, message: string, properties: Readonly<Record<string, unknown>> = {}) => {
    const pairs = Object.entries(properties)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
      .join(',');
    write(`::${name}${pairs === '' ? '' : ` ${pairs}`}::${escapeData(message)}${EOL}`);
  };
  const annotate =
    (level: 'error' | 'warning' | 'notice') =>
    (message: string | Error, { title, file }: { readonly title?: string; readonly file?: string } = {}) =>
      command(level, String(message), { title, file });
  const pair = ({ file, legacy, name, value }: Pair) => {
    const path = env[file] ?? '';
    if (path === '') {
      command(legacy, value, { name });
      return;
    }
    if (!existsSync(path)) {
      throw new Error(`Missing file at path: ${path}`);
    }
    const delimiter = `ghadelimiter_${randomUUID()}`;
    append(path, `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`);
  };

  let buffer = '';
  const summary = {
    addRaw: (text: string, addEOL = false) => {
      buffer += addEOL ? `${text}${EOL}` : text;
      return summary;
    },
    write: async () => {
      const path = env['GITHUB_STEP_SUMMARY'] ?? '';
      if (path === '') {
        throw new Error('Unable to find environment variable for $GITHUB_STEP_SUMMARY.');
      }
      if (!existsSync(path)) {
        throw new Error(`Unable to access summary file: '${path}'.`);
      }
      append(path, buffer);
      buffer = '';
      return summary;
    },
  };

  return {
    getInput: (name, options) => {
      const text = env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '';
      return options?.trimWhitespace === false ? text : text.trim();
    },
    getState: (name) => env[`STATE_${name}`] ?? '',
    setSecret: (secret) => command('add-mask', secret),
    setOutput: (name, value) =>
      pair({ file: 'GITHUB_OUTPUT', legacy: 'set-output', name, value: asText(value) }),
    saveState: (name, value) =>
      pair({ file: 'GITHUB_STATE', legacy: 'save-state', name, value: asText(value) }),
    info: (message) => write(`${message}${EOL}`),
    debug: (message) => command('debug', message),
    notice: annotate('notice'),
    warning: annotate('warning'),
    error: annotate('error'),
    startGroup: (name) => command('group', name),
    endGroup: () => command('endgroup', ''),
    summary: summary as unknown as Core['summary'], // of its many methods steps use these two
  };
}

interface Pair {
  readonly file: 'GITHUB_OUTPUT' | 'GITHUB_STATE';
  /** The command that stands in where the runner offers no file. */
  readonly legacy: string;
  readonly name: string;
  readonly value: string;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
