import type { WireAnswer } from './faults.ts';

/** One request as it came in, and the way back to its client: over a socket, or within this process. */
export interface Channel {
  /** Number of the connection that it came on. */
  readonly connection: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly readBody: () => Promise<string>;

  /** Whether nothing reaches the client any more. */
  readonly isClosed: () => boolean;
  /** Called once, with the end of the answer or of the connection. */
  readonly onClose: (listener: () => void) => void;
  /** Ends the connection so that the client sees ECONNRESET. */
  readonly reset: () => void;

  /** Resolves with whether the whole answer left. */
  readonly send: (answer: WireAnswer) => Promise<boolean>;
  /** Ends the connection in the middle of the answer: of its body, or of its header where it has none. */
  readonly sendCut: (answer: WireAnswer) => Promise<void>;
  /** A body that trickles for as long as the client reads. */
  readonly sendSlowly: (answer: WireAnswer) => Promise<void>;
  /** The answer of a simulator that has failed, where one can still be sent. */
  readonly breakDown: (answer: WireAnswer) => void;
}
