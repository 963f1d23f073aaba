import type { Session } from '../session.ts';
import { VcenterError } from './error.ts';

/** A success whose body is not of the documented shape: as little to be relied on as one that was cut off. */
export function unreadable(session: Session, operation: string, what: string): VcenterError {
  return new VcenterError({
    operation,
    server: session.server,
    failure: 'unreadable',
    messages: [`The response is not ${what}.`],
    sent: true,
  });
}
