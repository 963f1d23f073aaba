import type { Exchange, Operation } from '../../test/simulator/vcenter.ts';

export const LOGIN: Operation = 'POST /api/session';
export const CLONE: Operation = 'POST /api/vcenter/vm?action=clone&vmw-task=true';
export const GET_TASK: Operation = 'GET /api/cis/tasks/{task}';
const POLLS: readonly Operation[] = [GET_TASK, 'GET /sdk/vim25/8.0.1.0/Task/{moId}/info'];

type Timed = Pick<Exchange, 'operation' | 'receivedAt' | 'answeredAt'>;

/** All requests but the polls of tasks: those that cost the same however long the clone takes. */
export function withoutPolls<T extends Pick<Exchange, 'operation'>>(exchanges: readonly T[]): readonly T[] {
  return exchanges.filter(({ operation }) => !POLLS.includes(operation));
}

/**
 * The exchanges in groups that went out side by side: one that arrives before the first of a group is answered belongs to
 * that group. Means something only where responses take time.
 */
export function inRounds<T extends Timed>(exchanges: readonly T[]): readonly (readonly T[])[] {
  const rounds: T[][] = [];
  let roundEndsAt = Number.NEGATIVE_INFINITY;
  for (const exchange of exchanges) {
    if (exchange.receivedAt < roundEndsAt) {
      rounds.at(-1)?.push(exchange);
    } else {
      rounds.push([exchange]);
      roundEndsAt = answerOf(exchange);
    }
  }
  return rounds;
}

/** Milliseconds in which at least one of the exchanges waited for its response. */
export function timeWaiting(exchanges: readonly Timed[]): number {
  let total = 0;
  let coveredTo = Number.NEGATIVE_INFINITY;
  for (const exchange of [...exchanges].sort((one, other) => one.receivedAt - other.receivedAt)) {
    const end = answerOf(exchange);
    total += Math.max(0, end - Math.max(exchange.receivedAt, coveredTo));
    coveredTo = Math.max(coveredTo, end);
  }
  return total;
}

function answerOf({ answeredAt }: Timed): number {
  return answeredAt ?? Number.POSITIVE_INFINITY;
}
