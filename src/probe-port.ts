import { connect } from 'node:net';
import type { PortState, PortTarget } from './actions/runtime.ts';

/**
 * Opens a TCP connection, directly and never through a proxy, and closes it at once. The connection is closed when the promise
 * is settled.
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
      socket.destroy();
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      state = stateOf(code);
    });
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) {
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
