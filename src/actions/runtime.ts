import type { GitHubContext } from '../github/context.ts';
import type { DeferredCore } from '../github/core.ts';
import type { Connection } from '../https/connection.ts';
import type { AgentOptions } from '../https/tls.ts';
import type { Clock } from '../time/clock.ts';

/** `silent`: nothing came back; `unreachable`: this machine has no way there. */
export type PortState = 'open' | 'refused' | 'silent' | 'unreachable';

export interface PortTarget {
  /** IPv4 or IPv6. */
  readonly address: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

/** Everything outside the program that an action touches. The entries hand in the real things, tests their own. */
export interface Runtime {
  readonly core: DeferredCore;
  /** Read when it is first asked for. */
  readonly context: () => Promise<GitHubContext>;
  readonly env: NodeJS.ProcessEnv;
  /** The network of vCenter. */
  readonly openConnection: (options: AgentOptions) => Connection;
  /** The network of the VMs: what a TCP connection meets. Rejects with the signal's reason; nothing else ends it but the network. */
  readonly probePort: (target: PortTarget) => Promise<PortState>;
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
