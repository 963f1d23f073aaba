import type { GitHubContext } from '../github/context.ts';
import type { DeferredCore } from '../github/core.ts';
import type { Connection } from '../https/connection.ts';
import type { AgentOptions } from '../https/tls.ts';
import type { Clock } from '../time/clock.ts';

/** Everything outside the program that an action touches. The entries hand in the real things, tests their own. */
export interface Runtime {
  readonly core: DeferredCore;
  /** Read when it is first asked for. */
  readonly context: () => Promise<GitHubContext>;
  readonly env: NodeJS.ProcessEnv;
  /** The network. */
  readonly openConnection: (options: AgentOptions) => Connection;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly readFile: (path: string) => string;
  /**
   * Tells the listener when the process is to end, with {@link Interrupted} or with an error that nobody has caught; returns
   * what takes the listener away again.
   */
  readonly onInterrupt: (listener: (reason: Error) => void) => () => void;
}
