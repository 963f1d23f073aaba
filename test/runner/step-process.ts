import { type ChildProcess, spawn } from 'node:child_process';
import { LineReader } from './line-reader.ts';

/** All times are real ones, or those of the virtual clock on which a step runs in this process. */
export interface SentSignal {
  readonly signal: NodeJS.Signals;
  /** Milliseconds from the start of the process. */
  readonly sentAt: number;
  /** Milliseconds from the signal to the exit of the process. */
  readonly untilExit: number;
}

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Every byte of standard output and standard error, in order of arrival. */
  readonly raw: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly signals: readonly SentSignal[];
  /** Whether the hard limit ended it. */
  readonly hung: boolean;
}

export interface StepProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  /** Nothing happens if the process has ended. */
  send(signal: NodeJS.Signals): void;
  /** Sends signals to a process that goes on running, each so many milliseconds after the one before it. */
  sendInTurn(
    signals: readonly { readonly signal: NodeJS.Signals; readonly after: number }[],
    options: { readonly timeScale: number },
  ): void;
  /** Closes the reading ends of standard output and standard error. */
  closePipes(): void;
}

const running = new Set<ChildProcess>();

/** Starts Node with these arguments, reads its output line by line, and kills it after `hardLimit` milliseconds. */
export function startStepProcess(options: {
  readonly nodeArguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly hardLimit: number;
  readonly onLine: (line: string) => void;
}): StepProcess {
  const startedAt = performance.now();
  const child = spawn(process.execPath, options.nodeArguments, {
    cwd: options.folder,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  endWithThisProcess(child);

  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    const lines = new LineReader(options.onLine);
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      lines.write(chunk);
    });
    stream.on('end', () => lines.end());
  }

  const sent: Omit<SentSignal, 'untilExit'>[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const send = (signal: NodeJS.Signals) => {
    if (child.kill(signal)) {
      sent.push({ signal, sentAt: performance.now() - startedAt });
    }
  };
  // Not all at once from the start: one that is sent late on a busy machine must not shorten the time until the next.
  const sendInTurn: StepProcess['sendInTurn'] = ([next, ...others], { timeScale }) => {
    if (next !== undefined && running.has(child)) {
      const sendNext = () => {
        send(next.signal);
        sendInTurn(others, { timeScale });
      };
      timers.add(setTimeout(sendNext, next.after / timeScale));
    }
  };
  let hung = false;
  timers.add(
    setTimeout(() => {
      hung = true;
      send('SIGKILL');
    }, options.hardLimit),
  );

  const ended = new Promise<ProcessEnd>((resolve, reject) => {
    let duration = 0;
    child.once('error', reject);
    child.once('exit', () => {
      duration = performance.now() - startedAt;
      running.delete(child);
      for (const timer of timers) clearTimeout(timer);
    });
    // Not before both streams have ended: the last lines often come after the exit.
    child.once('close', (exitCode, signal) => {
      const signals = sent.map((each) => ({ ...each, untilExit: duration - each.sentAt }));
      resolve({ exitCode, signal, raw: Buffer.concat(chunks).toString(), duration, signals, hung });
    });
  });

  return {
    pid: child.pid ?? 0,
    ended,
    send,
    sendInTurn,
    closePipes: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

/** A step must never outlive the process that watches it. */
function endWithThisProcess(child: ChildProcess): void {
  if (!process.listeners('exit').includes(killRunning)) {
    process.on('exit', killRunning);
  }
  running.add(child);
}

function killRunning(): void {
  for (const child of running) child.kill('SIGKILL');
}
