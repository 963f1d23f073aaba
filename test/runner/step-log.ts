import type { SecretMasker } from './secret-masker.ts';
import { parseWorkflowCommand, type WorkflowCommand } from './workflow-commands.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string | undefined;
  readonly message: string;
}

/** One entry of the log as a user sees it, secrets masked. */
export interface LogLine {
  readonly kind: 'text' | 'debug' | 'group' | 'endgroup' | Annotation['level'];
  /** May have several lines where an annotation has. */
  readonly text: string;
  /** Of an annotation. */
  readonly title?: string;
}

/** Commands that an action of today never sends: they are disabled, or replaced by files, or switch others off. */
const illegalCommands: readonly string[] = [
  'add-path',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
];

const prefixes: Readonly<Record<LogLine['kind'], string>> = {
  text: '',
  debug: '##[debug]',
  group: '▼ ',
  endgroup: '',
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
};

interface Waiter {
  readonly pattern: RegExp;
  readonly found: (line: string) => void;
  readonly ended: () => void;
}

/** What the runner makes of a step's output, line by line as it comes. */
export class StepLog {
  readonly annotations: Annotation[] = [];
  readonly groups: string[] = [];
  /** Debug messages, whether they are shown or not. */
  readonly debug: string[] = [];
  /** Lines with commands that must not occur. */
  readonly illegal: string[] = [];
  /** As a user sees it. */
  readonly lines: string[] = [];
  /** The same before masking and with all debug lines, but without the `add-mask` commands: for the search for leaks. */
  readonly unmasked: string[] = [];
  readonly #masker: SecretMasker;
  readonly #showDebug: boolean;
  readonly #onLine: (line: LogLine) => void;
  readonly #waiters = new Set<Waiter>();
  #stopToken: string | undefined;
  #ended = false;

  constructor(options: {
    readonly masker: SecretMasker;
    readonly showDebug: boolean;
    readonly onLine: (line: LogLine) => void;
  }) {
    this.#masker = options.masker;
    this.#showDebug = options.showDebug;
    this.#onLine = options.onLine;
  }

  /** A line of the step's standard output or standard error: the runner treats both alike. */
  read(line: string): void {
    const command = parseWorkflowCommand(line, this.#stopToken === undefined ? [] : [this.#stopToken]);
    if (command === undefined) {
      this.#show({ kind: 'text', text: line });
      return;
    }
    if (this.#stopToken !== undefined) {
      if (command.name === this.#stopToken) {
        this.#stopToken = undefined;
      }
      this.#show({ kind: 'text', text: line });
      return;
    }
    // The toolkit writes colons only: brackets come from text that should have been made harmless.
    if (command.form === 'brackets' || illegalCommands.includes(command.name)) {
      this.illegal.push(line);
    }
    this.#obey(command, line);
  }

  /** An annotation that the runner itself adds to the step. */
  annotate({ level, title, message }: Annotation): void {
    const masked = {
      level,
      title: title === undefined ? undefined : this.#masker.mask(title),
      message: this.#masker.mask(message),
    };
    this.annotations.push(masked);
    this.#show({ kind: level, text: message, ...(title !== undefined && { title }) });
  }

  /**
   * Waits for a line, seen or still to come; debug lines count, and secrets are readable.
   *
   * @throws Error where the log ends without such a line.
   */
  waitFor(pattern: RegExp): Promise<string> {
    const waiting = new Promise<string>((found, reject) => {
      const missing = `The step ended without a line like ${pattern} in its log:`;
      const waiter = { pattern, found, ended: () => reject(new Error([missing, ...this.lines].join('\n'))) };
      const seen = this.unmasked.find((line) => line.search(pattern) >= 0);
      if (seen !== undefined) {
        found(seen);
      } else if (this.#ended) {
        waiter.ended();
      } else {
        this.#waiters.add(waiter);
      }
    });
    // A test that ends before it awaits the line must not end in an unhandled rejection.
    waiting.catch(() => undefined);
    return waiting;
  }

  /** No line comes any more. */
  end(): void {
    this.#ended = true;
    for (const waiter of this.#waiters) waiter.ended();
    this.#waiters.clear();
  }

  #obey({ name, properties, message }: WorkflowCommand, line: string): void {
    switch (name) {
      case 'add-mask':
        this.#masker.add(message);
        break;
      case 'error':
      case 'warning':
      case 'notice':
        this.annotate({ level: name, title: properties['title'], message });
        break;
      case 'debug':
        this.debug.push(message);
        this.#show({ kind: 'debug', text: message });
        break;
      case 'group':
        this.groups.push(message);
        this.#show({ kind: 'group', text: message });
        break;
      case 'endgroup':
        this.#show({ kind: 'endgroup', text: '' });
        break;
      case 'stop-commands':
        this.#stopToken = message.toLowerCase();
        this.#show({ kind: 'text', text: line });
        break;
      default:
        // echo, matchers, and the illegal ones: nothing of them is seen.
        this.#keep(line);
    }
  }

  #keep(line: string): void {
    this.unmasked.push(line);
    for (const waiter of this.#waiters) {
      if (line.search(waiter.pattern) >= 0) {
        this.#waiters.delete(waiter);
        waiter.found(line);
      }
    }
  }

  #show(line: LogLine): void {
    const text = prefixes[line.kind] + line.text;
    if (line.kind !== 'endgroup') {
      this.#keep(line.title === undefined ? text : `${text} (${line.title})`);
    }
    if (line.kind === 'debug' && !this.#showDebug) {
      return;
    }
    if (line.kind !== 'endgroup') {
      this.lines.push(this.#masker.mask(text));
    }
    const { title } = line;
    this.#onLine({
      kind: line.kind,
      text: this.#masker.mask(line.text),
      ...(title !== undefined && { title: this.#masker.mask(title) }),
    });
  }
}
