import type { CloneInputs } from '../../github/inputs.ts';
import type { Report } from '../../github/report.ts';
import type { Session } from '../../vcenter/session.ts';
import type { Runtime } from '../runtime.ts';
import type { Stopwatch } from '../timings.ts';

/** What every part of a clone step works with. */
export interface CloneRun {
  readonly runtime: Runtime;
  readonly inputs: CloneInputs;
  readonly session: Session;
  readonly report: Report;
  readonly stopwatch: Stopwatch;
  /** Aborted when the runner cancels the step. */
  readonly signal: AbortSignal;
}

/** What an error tells of a clone that did not come to its end. */
export interface Progress {
  /** The operation that asked for the clone, as an error has it. */
  operation: string | undefined;
  task: string | undefined;
  /** 0 to 1. */
  last: number | undefined;
}
