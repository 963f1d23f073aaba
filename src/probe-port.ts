import { connect } from 'node:net';
import type { PortState, PortTarget } from './actions/runtime.ts';

/** How long the other side may take to close what was opened, in milliseconds. */
const LONGEST_CLOSE = 250;

/**
 * Opens a TCP connection, directly and never through a proxy, and closes it at once: no socket outlives the promise.
 *
 * @throws the signal's reason.
 */
export function probePort({ address, port, signal }: PortTarget): Promise<PortState> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let state: PortState = 'silent';
    const socket = connect({ host: address, port });
    const onAbort = () => socket.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => {
      state = 'open';
      // With a FIN, and without what the other side says unread: else it would see a reset, and log it.
      socket.end();
      socket.resume();
      socket.setTimeout(LONGEST_CLOSE, () => socket.destroy());
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      state = stateOf(code);
    });
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted && state !== 'open') {
        reject(signal.reason);
      } else {
        resolve(state);
      }
    });
  });
}

function stateOf(code: string | undefined): PortState {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
      return 'refused';
    case 'ETIMEDOUT':
      return 'silent';
    // EHOSTUNREACH, ENETUNREACH; EADDRNOTAVAIL where the runner has no IPv6; EACCES, EPERM where its firewall forbids it.
    default:
      return 'unreachable';
  }
}
