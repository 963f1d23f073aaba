import type { StepResult } from '../runner/step.ts';
import type { Stage } from './stage.ts';

/** What must hold after every run, whatever went wrong in it. Each line of the answer is something that does not. */
export interface VerdictOptions {
  readonly stage: Stage;
  /** Main and post, in their order. */
  readonly steps: readonly StepResult[];
  /** VMs that somebody asked to keep, by name. */
  readonly kept?: readonly string[];
  /** Sessions that may be open: a killed process cannot log out. */
  readonly openSessions?: number;
}

export function verdict({ stage, steps, kept = [], openSessions = 0 }: VerdictOptions): string[] {
  const { vcenter, before } = stage;
  const wrong: string[] = [];
  const say = (isWrong: boolean, what: string) => {
    if (isWrong) {
      wrong.push(what);
    }
  };

  const now = vcenter.vms();
  const left = now.filter(({ id, name }) => !before.has(id) && !kept.includes(name)).map(({ name }) => name);
  say(left.length > 0, `left behind: ${left.join(', ')}`);
  const gone = [...before].filter((id) => !now.some((vm) => vm.id === id));
  say(gone.length > 0, `deleted, and not ours: ${gone.join(', ')}`);
  for (const name of kept) {
    const copies = now.filter((vm) => vm.name === name).length;
    say(copies !== 1, `${copies} VMs are called ${name}, not 1`);
  }
  const running = vcenter.runningTasks().map(({ id }) => id);
  say(running.length > 0, `still running: ${running.join(', ')}`);
  const { open } = vcenter.sessions();
  say(open > openSessions, `${open} sessions are open, not ${openSessions}`);
  const clones = vcenter.tasks().filter(({ foreign }) => !foreign).length;
  say(clones > 1, `${clones} clones were started`);

  for (const step of steps) {
    const ended = step.signal === null ? step.exitCode : step.signal;
    say(
      step.signal === null && step.exitCode !== 0 && step.exitCode !== 1,
      `${step.stage} ended with ${ended}`,
    );
    const errors = step.errors.length;
    const mayFail = step.stage === 'main' && step.exitCode !== 0 && step.signal === null;
    say(
      errors !== (mayFail ? 1 : 0),
      `${step.stage} (exit ${ended}) shows ${errors} errors: ${step.errors.join(' | ')}`,
    );
    say(step.illegal.length > 0, `${step.stage} wrote commands: ${step.illegal.join(' | ')}`);
    say(/\n\s+at .+:\d+:\d+/.test(step.log), `${step.stage} shows a stack`);
    const written = [step.unmaskedLog, ...Object.values(step.files)].join('\n');
    for (const secret of vcenter.secrets()) {
      say(written.includes(secret), `${step.stage} wrote a secret`);
    }
  }
  return wrong;
}
